package export

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"arbot/ar"
	"arbot/sync/file/cells"
)

// printed is an amount as the file shows it, for its totals.
type printed struct {
	place  int
	amount ar.Money
}

// entry is what one row says.
type entry struct {
	rows      []Row
	customers []ar.CustomerRecord
	line      ar.Money // the amount of one line, where a document has several
	printed   []printed
}

// entry reads a row. What is wrong with it is in r.line.
func (r *reader) entry(l *line) entry {
	if n := len(r.match.header); len(l.cells) > n && filledCells(l.cells[n:]) > 0 {
		r.wrong(l, -1, fmt.Sprintf("the row has %d cells, the header has %d", len(l.cells), n), "Put a cell that holds the delimiter into quotes")
		return entry{}
	}
	if short := !r.match.report && !r.format.Workbook && len(l.cells) < len(r.match.header); short {
		r.wrong(l, -1, fmt.Sprintf("the row has %d cells, the header has %d", len(l.cells), len(r.match.header)), "Write the delimiter as often as in the header")
		return entry{}
	}
	if r.match.shape == summary {
		return r.balances(l)
	}
	kind, ok := r.kind(l)
	if !ok {
		return entry{}
	}
	var e entry
	row := Row{At: l.row}
	d := &row.Document
	d.Kind = kind
	d.Customer, e.customers = r.customer(l)
	m := r.match
	d.Number, d.Terms, d.PO, d.Memo = l.cell(m.at[roleNumber]), l.cell(m.at[roleTerms]), l.cell(m.at[rolePO]), l.cell(m.at[roleMemo])
	d.Date, d.Due, row.Settled = r.date(l, roleDate), r.date(l, roleDue), r.date(l, rolePaid)
	r.dated(l, &row)
	state := r.state(l)
	d.Status = state.status
	if row.lost = state.lost; row.lost {
		row.Settled = r.date(l, roleLost)
	}
	r.signed(l, &row)
	e.amounts(r, l, &row, state)
	r.identify(l, &row)
	e.rows = []Row{row}
	return e
}

// kind reads what the document is; false for a transaction that A/R does not know.
func (r *reader) kind(l *line) (ar.DocumentKind, bool) {
	place := r.match.at[roleKind]
	word := l.cell(place)
	if r.match.transactions && strings.HasPrefix(plain(l.cell(r.match.at[rolePosting])), "n") {
		r.ignored["not posted"]++
		return "", false
	}
	if place < 0 || word == "" && !r.match.transactions {
		return "", true // by its sign
	}
	kind, ok := kindWords[plain(word)]
	if r.match.transactions && kind != ar.Invoice && kind != ar.CreditMemo && kind != ar.Payment {
		kind = ignored
	}
	switch {
	case kind == ignored:
		r.ignored[strings.Clone(word)]++
		return "", false
	case !ok:
		r.wrong(l, place, "it is no kind of document that is known", "Write invoice, credit memo, payment, refund or journal, or map the table with kinds: (docs/table.md)")
		return "", false
	}
	return kind, true
}

// refundNumber is how Odoo numbers credit notes: RINV/2026/00001.
var refundNumber = regexp.MustCompile(`^R[A-Z]{2,}[/0-9-]`)

// signed refuses a credit note whose amount looks like that of an invoice.
func (r *reader) signed(l *line, row *Row) {
	m := r.match
	place := m.at[roleAmount]
	if m.unsigned == "" || m.has(roleKind) || plain(m.header[place]) != m.unsigned || !refundNumber.MatchString(row.Document.Number) {
		return
	}
	r.wrong(l, place, row.Document.Number+" looks like a credit note, and this column has no minus for one", "Export the list with the column Total in Currency Signed, or with Type")
}

// dated sees to it that a document has a date: the one that it has, else since when it
// exists at the latest.
func (r *reader) dated(l *line, row *Row) {
	d := &row.Document
	row.DateKnown = r.match.has(roleDate)
	switch {
	case !d.Date.IsZero():
	case r.match.has(roleDate) && l.cell(r.match.at[roleDate]) == "":
		r.wrong(l, r.match.at[roleDate], "it is empty", "Every document needs its date")
	case r.match.has(roleDate): // it could not be read, which is said
	case !d.Due.IsZero() && d.Due.Before(r.asOf):
		d.Date = d.Due
	default:
		d.Date = r.asOf
	}
	if d.Due.IsZero() && r.match.aged && !r.match.has(roleDue) {
		d.Due = r.dueByAge(l)
	}
}

// dueByAge is the latest due date that fits the bucket that a row has its amount in.
func (r *reader) dueByAge(l *line) ar.Date {
	for _, a := range r.match.aging {
		if amount := l.cell(a.place); amount != "" && strings.Trim(amount, "0.,- ") != "" {
			return r.asOf.AddDays(-a.from)
		}
	}
	return ar.Date{}
}

func (r *reader) state(l *line) state {
	s := state{status: ar.Posted}
	if r.match.has(roleStatus) {
		s = stateOf(l.cell(r.match.at[roleStatus]))
	}
	if r.match.has(rolePayment) {
		payment := stateOf(l.cell(r.match.at[rolePayment]))
		s.paid, s.lost, s.part = payment.paid, payment.lost, payment.part
		if s.status == ar.Posted { // Odoo says there, too, that it is a draft
			s.status = payment.status
		}
	}
	return s
}

// amounts reads how much a document is and how much of it is open.
func (e *entry) amounts(r *reader, l *line, row *Row, s state) {
	m := r.match
	currency := r.currency(l)
	amount, hasAmount := r.money(l, m.at[roleAmount], currency)
	if hasAmount {
		currency = amount.Currency()
	}
	open, hasOpen := r.money(l, m.at[roleOpen], currency)
	if m.has(roleOpen) {
		e.printed = append(e.printed, printed{m.at[roleOpen], open})
		e.aged(r, l, currency)
	}
	if m.has(roleLine) {
		e.line, _ = r.money(l, m.at[roleLine], currency)
		amount, hasAmount = e.line, true
	}
	if len(r.line) > 0 {
		return
	}
	if !hasAmount && !hasOpen && m.report && m.has(roleOpen) {
		open, hasOpen = ar.NewMoney(0, cmp.Or(currency, r.settings.Currency)), true // reports leave nothing blank but nothing
	}
	if !hasOpen && m.has(roleSettled) && hasAmount {
		open, hasOpen = r.rest(l, amount)
	}
	row.AmountKnown, row.paid = hasAmount, s.paid
	row.open = !hasOpen
	switch {
	case s.paid && hasAmount:
		open, hasOpen = ar.NewMoney(0, amount.Currency()), true
	case !hasOpen && hasAmount && m.has(roleOpen) && m.report:
		open, hasOpen = ar.NewMoney(0, amount.Currency()), true
	case !hasOpen && hasAmount && s.status == ar.Posted && (m.has(roleStatus) || m.has(rolePayment)):
		row.part = s.part
		open, hasOpen = amount, true
	case !hasAmount:
		amount = open
	}
	if !hasAmount && !hasOpen {
		r.wrong(l, max(m.at[roleAmount], m.at[roleOpen]), "it is empty", "Every document needs an amount")
		return
	}
	row.put(amount, open, hasOpen)
}

// put gives the document its amounts. What has no kind is told by its sign.
func (row *Row) put(amount, open ar.Money, hasOpen bool) {
	d := &row.Document
	if d.Kind == "" {
		d.Kind = ar.Invoice
		if amount.Sign() < 0 || amount.IsZero() && open.Sign() < 0 {
			d.Kind = ar.CreditMemo
		}
	}
	d.Amount = amount
	if d.Kind == ar.CreditMemo || d.Kind == ar.Payment {
		d.Amount = amount.Abs()
	}
	d.AmountUnknown = hasOpen && !row.AmountKnown
	row.HasOpen = hasOpen
	if hasOpen {
		row.Open = ar.Effect(d.Kind, open)
	}
	if d.Status != ar.Posted && hasOpen {
		row.Open = ar.NewMoney(0, open.Currency())
	}
}

// aged reads the buckets of a row that has a column for each age.
func (e *entry) aged(r *reader, l *line, currency ar.Currency) {
	for _, a := range r.match.aging {
		if amount, ok := r.money(l, a.place, currency); ok {
			e.printed = append(e.printed, printed{a.place, amount})
		}
	}
}

// rest is what is left of an amount, or of that which was to be paid at first.
func (r *reader) rest(l *line, amount ar.Money) (ar.Money, bool) {
	if owed, ok := r.money(l, r.match.at[roleOwed], amount.Currency()); ok {
		amount = owed
	}
	paid, ok := r.money(l, r.match.at[roleSettled], amount.Currency())
	if !ok {
		return ar.Money{}, false
	}
	open, err := amount.Sub(paid)
	if err != nil {
		r.wrong(l, r.match.at[roleSettled], err.Error(), "Correct the cell")
		return ar.Money{}, false
	}
	return open, true
}

// balances reads a row of a summary: a document for each age.
func (r *reader) balances(l *line) entry {
	var e entry
	customer, chain := r.customer(l)
	e.customers = chain
	total, stated := r.money(l, r.match.at[roleOpen], l.currency)
	if stated {
		e.printed = append(e.printed, printed{r.match.at[roleOpen], total})
	}
	sum := ar.Money{}
	for _, a := range r.match.aging {
		open, ok := r.money(l, a.place, cmp.Or(total.Currency(), l.currency))
		if !ok || len(r.line) > 0 {
			continue
		}
		e.printed = append(e.printed, printed{a.place, open})
		sum = plus(sum, open)
		if !open.IsZero() {
			e.rows = append(e.rows, r.balance(l, customer, a, open))
		}
	}
	if stated && len(r.line) == 0 && sum.Minor() != total.Minor() && !r.match.partial() {
		r.wrong(l, r.match.at[roleOpen], fmt.Sprintf("the ages of the row add up to %s", ar.NewMoney(sum.Minor(), total.Currency())), "Export it anew; nothing was changed")
	}
	return e
}

// balance is what a customer owes of one age: a document that became due as late as the
// age allows.
func (r *reader) balance(l *line, customer string, a agingColumn, open ar.Money) Row {
	row := Row{At: l.row}
	due := r.asOf.AddDays(-a.from)
	row.Document = ar.DocumentRecord{
		Ref: ar.Ref{External: fmt.Sprintf("%s/aging/%d", customer, a.from)}, Customer: customer,
		Date: due, Due: due, Status: ar.Posted, Memo: "Balance " + strings.TrimSpace(r.match.header[a.place]),
	}
	row.put(open, open, true)
	return row
}

// plus adds amounts of one currency; the zero Money is nothing.
func plus(a, b ar.Money) ar.Money {
	if a.Currency() == "" {
		return b
	}
	sum, err := a.Add(b)
	if err != nil {
		return a
	}
	return sum
}

// currency reads the currency of a row from its column, else it is that of its block, ""
// where nothing says it.
func (r *reader) currency(l *line) ar.Currency {
	place := r.match.at[roleCurrency]
	word := l.cell(place)
	if word == "" {
		return l.currency
	}
	c, err := ar.ParseCurrency(strings.ToUpper(word))
	if err != nil {
		r.wrong(l, place, "it is not a currency", "Write the ISO 4217 code, such as USD or EUR")
		return ""
	}
	return c
}

// money reads an amount; ok is false for an empty cell and a faulty one. With a currency
// the cell must agree with it, without one the cell's own sign or the settings say it.
func (r *reader) money(l *line, place int, currency ar.Currency) (m ar.Money, ok bool) {
	cell := l.cell(place)
	if cell == "" || cell == "-" {
		return ar.Money{}, false
	}
	numbers := r.columns[place].numbers
	var err error
	switch {
	case currency != "":
		m, err = numbers.Parse(cell, currency)
	case r.settings.Currency == "" && !marked(cell):
		r.noMoney = l
		return ar.Money{}, false
	default:
		m, err = numbers.ParseMarked(cell, r.settings.Currency)
	}
	if err != nil {
		r.wrongCell(l, place, err)
		return ar.Money{}, false
	}
	return m, true
}

// marked reports whether an amount has a currency's sign or code.
func marked(cell string) bool {
	_, err := cells.Numbers{Decimal: '.'}.ParseMarked(cell, "")
	c, ok := errors.AsType[*cells.Error](err)
	return !ok || c.Wrong != "nothing says its currency"
}

// date reads the date of a row, no date where the cell is empty.
func (r *reader) date(l *line, role role) ar.Date {
	place := r.match.at[role]
	cell := l.cell(place)
	if cell == "" {
		return ar.Date{}
	}
	d, err := r.columns[place].date(cell)
	if err != nil {
		r.wrongCell(l, place, err)
	}
	return d
}

func (r *reader) wrongCell(l *line, place int, err error) {
	if cell, ok := errors.AsType[*cells.Error](err); ok {
		r.wrong(l, place, cell.Wrong, cell.Mend)
		return
	}
	r.wrong(l, place, err.Error(), "Correct the cell")
}

// identify gives the document the id by which it is known from file to file: the
// program's own where there is one, else its customer, number and date. The date is part
// of it since numbers repeat, and since a file that is split must give the same ids as
// the whole; a document without a number is known by its amount as well.
func (r *reader) identify(l *line, row *Row) {
	d := &row.Document
	if r.match.has(roleID) {
		d.External = l.cell(r.match.at[roleID])
		if d.External == "" {
			r.wrong(l, r.match.at[roleID], "it is empty", "Every row needs it")
		}
		return
	}
	switch {
	case r.match.lines && d.Number == "" && d.Kind != ar.Payment: // an overpayment has one line, and no number
		r.wrong(l, r.match.at[roleNumber], "it is empty", "Every line needs the number of its invoice")
	case d.Customer == "":
	case d.Number == "" && row.AmountKnown:
		d.External = fmt.Sprintf("%s//%s/%s", d.Customer, d.Date, d.Amount.Decimal())
	case d.Number == "":
		d.External = fmt.Sprintf("%s//%s/%s", d.Customer, d.Date, d.Due)
	case r.match.has(roleDate) && !r.match.lines:
		d.External = d.Customer + "/" + d.Number + "/" + d.Date.String()
	default:
		d.External = d.Customer + "/" + d.Number
	}
}
