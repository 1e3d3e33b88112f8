package export

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"arbot/ar"
)

// layoutWriter writes a book in a layout. It may change the book to what the layout can
// say.
type layoutWriter struct {
	name  string
	adapt func(*book)
	write func(book, style) [][]string
	// ledgerOnly: it only has what is open by age.
	ledgerOnly bool
}

func title(name string, b book) [][]string {
	return [][]string{{name}, {"Harbor, Pine & Co"}, {"As of " + b.asOf.Long()}, {""}}
}

func (b book) sum(pick func(item) ar.Money, keep func(item) bool) ar.Money {
	sum := ar.NewMoney(0, b.currency)
	for _, it := range b.items {
		if keep(it) {
			sum = plus(sum, pick(it))
		}
	}
	return sum
}

func openOf(it item) ar.Money { return it.open }

func all(item) bool { return true }

// groups writes the items in groups, each with its total.
func (b book) groups(of func(item) string, order []string, row func(item) []string, label func(string) []string, total func(string, ar.Money) []string) (rows [][]string) {
	for _, g := range order {
		in := func(it item) bool { return of(it) == g }
		if !slices.ContainsFunc(b.items, in) {
			continue
		}
		rows = append(rows, label(g))
		for _, it := range b.items {
			if in(it) {
				rows = append(rows, row(it))
			}
		}
		rows = append(rows, total("Total for "+g, b.sum(openOf, in)))
	}
	return append(rows, total("TOTAL", b.sum(openOf, all)))
}

func (b book) customers() (list []string) {
	for _, it := range b.items {
		if !slices.Contains(list, it.customer) {
			list = append(list, it.customer)
		}
	}
	return list
}

var buckets = []string{"Current", "1 - 30", "31 - 60", "61 - 90", "91 and over"}

// bucket is the ledger's view: credits age by their own date.
func (b book) bucket(it item) string {
	from := it.due
	if it.open.Sign() < 0 {
		from = it.date
	}
	return buckets[ar.DefaultEdges(ar.ByDueDate).Bucket(b.asOf.Sub(from))]
}

func kindWord(it item) string {
	if it.kind == ar.CreditMemo {
		return "Credit Memo"
	}
	return "Invoice"
}

func noCredits(b *book) {
	b.items = slices.DeleteFunc(b.items, func(it item) bool { return it.kind == ar.CreditMemo })
}

// allOrNothing is for layouts that do not show what is paid in part.
func allOrNothing(b *book) {
	noCredits(b)
	for i, it := range b.items {
		if it.open != it.amount {
			b.items[i].open = ar.NewMoney(0, b.currency)
		}
	}
}

func onlyOpen(b *book) {
	b.items = slices.DeleteFunc(b.items, func(it item) bool { return it.open.IsZero() })
}

var writers = []layoutWriter{
	{name: "QuickBooks Online A/R Aging Detail", write: func(b book, s style) [][]string {
		rows := append(title("A/R Aging Detail", b), []string{"", "Date", "Transaction type", "Num", "Customer full name", "Due date", "Amount", "Open balance"})
		return append(rows, b.groups(b.bucket, buckets,
			func(it item) []string {
				return []string{"", s.date(it.date), kindWord(it), it.number, it.customer, s.date(it.due), s.amount(it.amount), s.amount(it.open)}
			},
			func(g string) []string { return []string{g} },
			func(g string, m ar.Money) []string { return []string{g, "", "", "", "", "", "", s.amount(m)} })...)
	}},
	{name: "QuickBooks Online Open Invoices", adapt: onlyOpen, write: func(b book, s style) [][]string {
		rows := append(title("Open Invoices", b), []string{"", "Date", "Transaction type", "Num", "Terms", "Due date", "Open balance"})
		return append(rows, b.groups(func(it item) string { return it.customer }, b.customers(),
			func(it item) []string {
				return []string{"", s.date(it.date), kindWord(it), it.number, "Net 30", s.date(it.due), s.amount(it.open)}
			},
			func(g string) []string { return []string{g} },
			func(g string, m ar.Money) []string { return []string{g, "", "", "", "", "", s.amount(m)} })...)
	}},
	{name: "QuickBooks Desktop A/R Aging Detail", write: func(b book, s style) [][]string {
		rows := [][]string{{"", "Type", "Date", "Num", "P. O. #", "Name", "Terms", "Due Date", "Aging", "Open Balance"}}
		return append(rows, b.groups(b.bucket, buckets,
			func(it item) []string {
				return []string{"", kindWord(it), s.date(it.date), it.number, "", it.customer, "", s.date(it.due), "", s.amount(it.open)}
			},
			func(g string) []string { return []string{g} },
			func(g string, m ar.Money) []string { return []string{g, "", "", "", "", "", "", "", "", s.amount(m)} })...)
	}},
	{name: "QuickBooks Online Invoice List", write: func(b book, s style) [][]string {
		rows := append(title("Invoice List", b), []string{"", "Date", "Transaction type", "Num", "Name", "Memo/Description", "Due date", "Amount", "Open balance"})
		for _, it := range b.items {
			rows = append(rows, []string{"", s.date(it.date), kindWord(it), it.number, it.customer, "", s.date(it.due), s.amount(it.amount), s.amount(it.open)})
		}
		return rows
	}},
	{name: "QuickBooks A/R Aging Summary", ledgerOnly: true, adapt: onlyOpen, write: func(b book, s style) [][]string {
		return append(append(title("A/R Aging Summary", b), append(append([]string{""}, buckets...), "Total")), b.summary(s, buckets)...)
	}},
	{name: "Xero Aged Receivables Summary", ledgerOnly: true, adapt: onlyOpen, write: func(b book, s style) [][]string {
		return append(append(title("Aged Receivables Summary", b), []string{"Contact", "Current", "< 1 Month", "1 Month", "2 Months", "Older", "Total"}), b.summary(s, buckets)...)
	}},
	{name: "Xero Aged Receivables Detail", adapt: onlyOpen, write: func(b book, s style) [][]string {
		rows := append(title("Aged Receivables Detail", b), []string{"Invoice Number", "Invoice Date", "Due Date", "Invoice Reference", "Current", "< 1 Month", "1 Month", "2 Months", "Older", "Total"})
		aged := func(head []string, keep func(item) bool) []string {
			for _, g := range buckets {
				head = append(head, s.amount(b.sum(openOf, func(it item) bool { return keep(it) && b.bucket(it) == g })))
			}
			return append(head, s.amount(b.sum(openOf, keep)))
		}
		for _, c := range b.customers() {
			rows = append(rows, []string{c})
			for _, it := range b.items {
				if it.customer == c {
					rows = append(rows, aged([]string{it.number, s.date(it.date), s.date(it.due), ""}, func(o item) bool { return o.number == it.number }))
				}
			}
			rows = append(rows, aged([]string{"Total " + c, "", "", ""}, func(it item) bool { return it.customer == c }))
		}
		return append(rows, aged([]string{"Total", "", "", ""}, all))
	}},
	{name: "Xero sales invoices", write: func(b book, s style) [][]string {
		rows := [][]string{{"*ContactName", "*InvoiceNumber", "*InvoiceDate", "*DueDate", "Total", "InvoiceAmountPaid", "InvoiceAmountDue", "Description", "LineAmount", "Currency", "Type", "Status"}}
		for _, it := range b.items {
			kind := "Sales invoice"
			if it.kind == ar.CreditMemo {
				kind = "Sales credit note"
			}
			row := []string{it.customer, it.number, s.date(it.date), s.date(it.due), s.amount(it.amount), "", s.amount(it.open), "x", s.amount(it.amount), string(b.currency), kind, "Awaiting Payment"}
			rows = append(rows, row, row)
		}
		return rows
	}},
	{name: "FreshBooks Invoice Details", adapt: allOrNothing, write: func(b book, s style) [][]string {
		rows := [][]string{{"Client Name", "Invoice #", "Date Issued", "Date Due", "Invoice Status", "Date Paid", "Item Name", "Line Total", "Currency"}}
		for _, it := range b.items {
			state := "overdue"
			if it.open.IsZero() {
				state = "paid"
			}
			for _, part := range halves(it.amount) {
				rows = append(rows, []string{it.customer, it.number, s.date(it.date), s.date(it.due), state, "", "x", s.amount(part), string(b.currency)})
			}
		}
		return rows
	}},
	{name: "Zoho Invoice or Zoho Books invoices", adapt: noCredits, write: func(b book, s style) [][]string {
		rows := [][]string{{"Invoice Date", "Invoice ID", "Invoice Number", "Invoice Status", "Customer Name", "Due Date", "Currency Code", "Item Total", "Total", "Balance"}}
		for i, it := range b.items {
			row := []string{s.date(it.date), strconv.Itoa(9000 + i), it.number, "Sent", it.customer, s.date(it.due), string(b.currency), s.amount(it.amount), s.amount(it.amount), s.amount(it.open)}
			rows = append(rows, row, row)
		}
		return rows
	}},
	{name: "Stripe invoices", adapt: noCredits, write: func(b book, s style) [][]string {
		rows := [][]string{{"id", "Number", "Customer", "Customer Name", "Currency", "Date (UTC)", "Due Date (UTC)", "Total", "Amount Remaining", "Status"}}
		for i, it := range b.items {
			rows = append(rows, []string{fmt.Sprintf("in_%d", i), it.number, "cus_" + it.customer, it.customer, strings.ToLower(string(b.currency)), s.date(it.date), s.date(it.due), s.amount(it.amount), s.amount(it.open), "open"})
		}
		return rows
	}},
	{name: "Invoice Ninja invoices", adapt: noCredits, write: func(b book, s style) [][]string {
		rows := [][]string{{"Client Name", "Client Currency", "Invoice Invoice Number", "Invoice Amount", "Invoice Balance", "Invoice Date", "Invoice Due Date", "Invoice Status"}}
		for _, it := range b.items {
			rows = append(rows, []string{it.customer, string(b.currency), it.number, s.amount(it.amount), s.amount(it.open), s.date(it.date), s.date(it.due), "Sent"})
		}
		return rows
	}},
	{name: "Odoo customer invoices", write: func(b book, s style) [][]string {
		rows := [][]string{{"Number", "Invoice Partner Display Name", "Invoice/Bill Date", "Due Date", "Total in Currency Signed", "Amount Due", "Payment Status", "Status", "Currency"}}
		for _, it := range b.items {
			rows = append(rows, []string{it.number, it.customer, s.date(it.date), s.date(it.due), s.amount(it.amount), s.amount(it.open), "Not Paid", "Posted", string(b.currency)})
		}
		return rows
	}},
	{name: "list of documents", write: func(b book, s style) [][]string {
		rows := [][]string{{"Rechnung", "Kunde", "Datum", "Fällig", "Betrag", "Offen"}}
		for _, it := range b.items {
			rows = append(rows, []string{it.number, it.customer, s.date(it.date), s.date(it.due), s.amount(it.amount), s.amount(it.open)})
		}
		return append(rows, []string{"Summe", "", "", "", "", s.amount(b.sum(openOf, all))})
	}},
}

// summary writes a row for each customer, and a total.
func (b book) summary(s style, ages []string) (rows [][]string) {
	row := func(label string, keep func(item) bool) []string {
		out := []string{label}
		for _, g := range ages {
			out = append(out, s.amount(b.sum(openOf, func(it item) bool { return keep(it) && b.bucket(it) == g })))
		}
		return append(out, s.amount(b.sum(openOf, keep)))
	}
	for _, c := range b.customers() {
		rows = append(rows, row(c, func(it item) bool { return it.customer == c }))
	}
	return append(rows, row("TOTAL", all))
}

// halves are the lines of an invoice.
func halves(m ar.Money) []ar.Money {
	half := m.Minor() / 2
	return []ar.Money{ar.NewMoney(half, m.Currency()), ar.NewMoney(m.Minor()-half, m.Currency())}
}
