package bot

import (
	"context"
	"fmt"
	"math/big"
	"strings"

	"arbot/ar"
	"arbot/ar/metric"
	"arbot/bot/card"
	"arbot/desk"
)

// weekly composes the digest for managers. It is about the whole company: a channel that
// people from outside read gets none of it.
func (d *Digests) weekly(ctx context.Context, p ar.Post) (Composed, error) {
	to, err := d.weeklyDestination(p)
	if err != nil {
		return Composed{}, err
	}
	w, figures, err := d.Desk.ComposeWeekly(ctx, p)
	if ar.KindOf(err) == ar.Unavailable {
		return Composed{}, &RetryLaterError{After: importWait, Err: err}
	}
	if err != nil {
		return Composed{}, err
	}
	head := old(d.weeklyHead(w), w.Fresh, d.Desk.Settings().Zone)
	return Composed{
		To: to, Figures: figures, Head: head, Thread: d.weeklyThread(w), Pictures: d.weeklyPictures(w), Empty: len(w.Currencies) == 0,
	}, nil
}

// weeklyDestination is the channel of the route, or the reader whose own it is.
func (d *Digests) weeklyDestination(p ar.Post) (Destination, error) {
	for _, r := range d.Routes {
		if !r.Has(p.PostKey) {
			continue
		}
		if _, email := desk.ReaderOf(p.PostKey); email != "" {
			return Destination{Email: email, Deputies: d.Desk.Deputies(email, p.Day)}, nil
		}
		return Destination{Channel: r.Channel}, nil
	}
	return Destination{}, &RefusedError{Say: fmt.Sprintf("The route %q is not in the config any more.", p.Route), Code: "no_route"}
}

// weeklyHead is what a manager reads on one screen of a phone: where the money stands, why
// it moved, what will come in and how sure that is, and what to decide.
func (d *Digests) weeklyHead(w desk.Weekly) card.Card {
	title := "Receivables, week to " + w.AsOf.Long()
	c := card.New(weeklySentence(w), card.Heading(title))
	if len(w.Currencies) == 0 {
		c.Add(card.Paragraph{card.T("There is nothing in the books yet.")})
	}
	if w.First {
		c.Add(card.Paragraph{card.I("This is a first look: how the week looks in the books today. From the next one on it starts from what this one says.")})
	}
	for n, one := range w.Currencies {
		if n > 0 {
			c.Add(otherLine(one))
			continue
		}
		c.Add(weeklyLines(w, one)...)
	}
	c.Add(promisedLine(w.Promises)...)
	c.Add(disputedLine(w.Disputes)...)
	c.Add(moversLine(w)...)
	c.Add(d.decideParts(w)...)
	c.Add(card.Note{card.T("At the end of " + w.AsOf.Short() + ". To the cent, with pictures and methods: in the thread.")})
	c.Add(footer(w.Fresh, d.Desk.Settings().Zone)...)
	return c
}

// weeklySentence stands alone: it is the notification.
func weeklySentence(w desk.Weekly) string {
	var says []string
	for _, c := range w.Currencies {
		says = append(says, fmt.Sprintf("%s A/R, DSO %s", whole(c.Net), daysOf(c.Report.Countback)))
	}
	if len(says) == 0 {
		return "Receivables, week to " + w.AsOf.Long() + ": there is nothing in the books yet."
	}
	return "Receivables, week to " + w.AsOf.Long() + ": " + strings.Join(says, "; ") + "."
}

// weeklyLines are the main currency: what stands, what moved, what is expected.
func weeklyLines(w desk.Weekly, c desk.WeeklyCurrency) []card.Part {
	parts := []card.Part{
		card.Paragraph{card.B("DSO " + daysOf(c.Report.Countback)), card.T(dsoTrend(c))},
		card.Paragraph{card.T("Simple " + c.Report.Simple.String() + ", best possible " + c.Report.BestPossible.String() + lateDays(c.Report))},
		card.Paragraph{card.B(whole(c.Net) + " A/R"), card.T(", " + overdueThen(c))},
		card.Paragraph{card.T(bridgeSentence(c.Bridge, w))},
	}
	return append(parts, expectedLine(c)...)
}

// otherLine is another currency in a line; its bridge is in the thread.
func otherLine(c desk.WeeklyCurrency) card.Paragraph {
	says := fmt.Sprintf(", %s, DSO %s", overdueNow(c.Now()), daysOf(c.Report.Countback))
	if c.Forecast != nil {
		says += fmt.Sprintf("; %s expected%s", whole(c.Forecast.Total.Amount), wholeRange(c.Forecast.Total))
	}
	return card.Paragraph{card.B(whole(c.Net) + " A/R"), card.T(says)}
}

// dsoTrend says how DSO moved, where it is known exactly.
func dsoTrend(c desk.WeeklyCurrency) string {
	var says strings.Builder
	says.WriteString(" by countback")
	for _, ago := range []struct {
		then metric.Figure
		when string
	}{{c.WeekAgo, "in a week"}, {c.FourWeeksAgo, "in four"}} {
		if moved, ok := movedDays(c.Report.Countback, ago.then); ok {
			fmt.Fprintf(&says, ", %s %s", signed(moved), ago.when)
		}
	}
	return says.String()
}

// movedDays is the difference of two figures as they are shown, so that whoever subtracts
// what the thread shows gets the same.
func movedDays(now, then metric.Figure) (*big.Rat, bool) {
	if _, ok := now.Minus(then).Value(); !ok {
		return nil, false
	}
	shown := func(f metric.Figure) *big.Rat {
		exact, _ := f.Value()
		r, _ := new(big.Rat).SetString(exact.FloatString(1))
		return r
	}
	return new(big.Rat).Sub(shown(now), shown(then)), true
}

// lateDays says what of the simple DSO comes from paying late.
func lateDays(r metric.Report) string {
	if _, ok := r.Delinquent.Value(); !ok {
		return ""
	}
	return fmt.Sprintf(", ADD %s (3 months to %s)", r.Delinquent, r.Quarter.Short())
}

// signed writes a difference with its sign: "+0.8", "-1.1", "±0.0".
func signed(r *big.Rat) string {
	text := r.FloatString(1)
	switch {
	case text == "0.0" || text == "-0.0":
		return "±0.0"
	case r.Sign() > 0:
		return "+" + text
	}
	return text
}

// overdueThen says what is overdue, and what was four weeks before.
func overdueThen(c desk.WeeklyCurrency) string {
	overdue, percent, _ := shareOverdue(c.FourWeeksBefore())
	if percent != "" {
		overdue += " (" + percent + ")"
	}
	return overdueNow(c.Now()) + "; four weeks ago " + overdue
}

// overdueNow says what is overdue, to stand beside the net A/R. It is a share of what is
// owed before unapplied credit (gross), which is named where it is another amount.
func overdueNow(a ar.Aging) string {
	overdue, percent, gross := shareOverdue(a)
	switch {
	case percent == "":
		return overdue + " overdue"
	case a.Unapplied.IsZero():
		return fmt.Sprintf("%s overdue (%s)", overdue, percent)
	}
	return fmt.Sprintf("%s overdue (%s of %s gross)", overdue, percent, gross)
}

// shareOverdue is an amount past due with its share of what is owed: no share where nothing
// is.
func shareOverdue(a ar.Aging) (amount, percent, gross string) {
	overdue, err := a.Overdue()
	if err != nil {
		return "n/a", "", ""
	}
	owed, err := a.Gross()
	if err != nil || owed.IsZero() {
		return whole(overdue), "", ""
	}
	share := new(big.Rat).Mul(big.NewRat(overdue.Minor(), owed.Minor()), big.NewRat(100, 1))
	return whole(overdue), share.FloatString(0) + " %", whole(owed)
}

// bridgeSentence leads from A/R then to A/R now; what is zero is left out.
func bridgeSentence(b metric.Bridge, w desk.Weekly) string {
	says := fmt.Sprintf("It was %s on %s", whole(b.Opening), w.Since.Short())
	var moved []string
	for _, l := range bridgeRows(b) {
		if !l.amount.IsZero() {
			moved = append(moved, plusMinus(l.amount)+" "+l.short)
		}
	}
	if len(moved) == 0 {
		return says + ", and nothing moved."
	}
	return says + "; since then " + strings.Join(moved, ", ") + "."
}

// bridgeRow is a line of a bridge; the amount has the sign with which it counts.
type bridgeRow struct {
	amount      ar.Money
	long, short string
}

func bridgeRows(b metric.Bridge) []bridgeRow {
	return []bridgeRow{
		{b.Earlier, "Changes dated earlier", "by changes dated earlier"},
		{b.Invoiced, "Invoiced", "invoiced"},
		{b.Collected.Neg(), "Collected", "collected"},
		{b.Credited.Neg(), "Credited", "credited"},
		{b.WrittenOff.Neg(), "Written off", "written off"},
		{b.Adjusted, "Journal entries", "by journal entries"},
		{b.FX, "Exchange rates", "by exchange rates"},
	}
}

func plusMinus(m ar.Money) string {
	if m.Sign() < 0 {
		return "-" + whole(m.Abs())
	}
	return "+" + whole(m)
}

// expectedLine says what will come in, how sure that is, and how right the ranges were.
func expectedLine(c desk.WeeklyCurrency) []card.Part {
	if c.Forecast == nil {
		return nil
	}
	total := c.Forecast.Total
	says := " expected in four weeks" + wholeRange(total)
	if len(c.Ranges) > 0 {
		says += "; last week " + rightness(c.Ranges[0])
	}
	if held, of := c.Held(); of > 1 {
		says += fmt.Sprintf(" (%d of the last %d held)", held, of)
	}
	return []card.Part{card.Paragraph{card.B(whole(total.Amount)), card.T(says)}}
}

// rightness says what came against the range that was given.
func rightness(r desk.RangeWeek) string {
	switch {
	case r.Came.Cmp(r.Low) < 0:
		return whole(r.Came) + " was collected, below its range"
	case r.Came.Cmp(r.High) > 0:
		return whole(r.Came) + " was collected, above its range"
	}
	return whole(r.Came) + " was collected, within its range"
}

// promisedLine says what came of what was promised for the week.
func promisedLine(p desk.WeeklyPromises) []card.Part {
	var says []string
	for _, a := range p.Amounts {
		says = append(says, fmt.Sprintf("%s of %s", whole(a.Paid), whole(a.Promised)))
	}
	line := card.Paragraph{card.B("Promised for the week: "), card.T("nothing")}
	if len(says) > 0 {
		line = card.Paragraph{card.B("Promised for the week: "), card.T(and(says) + " came in time, " + keptCount(p))}
	}
	if p.Rate.Judged > 0 {
		line = append(line, card.T("; kept in a year: "+keptWords(p.Rate)))
	}
	return []card.Part{line}
}

func keptCount(p desk.WeeklyPromises) string {
	says := fmt.Sprintf("%d of %s kept", p.Kept, count(p.Parts, "promise"))
	if p.Open > 0 {
		says += fmt.Sprintf(", %d not decided yet", p.Open)
	}
	return says
}

// disputedLine says what is disputed, by what weighs most.
func disputedLine(list []ar.DisputeBurden) []card.Part {
	if len(list) == 0 {
		return nil
	}
	var sums []ar.Money
	n := 0
	for _, b := range list {
		n += b.Count
		sums = addSum(sums, b.Amount)
	}
	first := list[0]
	return []card.Part{card.Paragraph{
		card.B("Disputed: "), card.T(fmt.Sprintf("%s in %s; %s weighs most, %s over %s", wholes(sums), count(n, "dispute"), first.Reason.Words(), whole(first.Amount), moneyDays(first.Days))),
	}}
}

// addSum adds to the amount of its currency. A sum too large to be added stands apart.
func addSum(sums []ar.Money, m ar.Money) []ar.Money {
	for n := range sums {
		if sums[n].Currency() == m.Currency() {
			if sum, err := sums[n].Add(m); err == nil {
				sums[n] = sum
				return sums
			}
		}
	}
	return append(sums, m)
}

// moneyDays writes amounts times days without cents: "412,300 USD-days".
func moneyDays(m ar.Money) string {
	whole := m.Minor()
	for range m.Currency().Exponent() {
		whole /= 10
	}
	return fmt.Sprintf("%s %s-days", grouped(int(whole)), m.Currency())
}

// whole writes an amount without its cents, rounded half away from zero. The head of the
// weekly digest has such amounts, to be read at a glance.
func whole(m ar.Money) string {
	unit := int64(1)
	for range m.Currency().Exponent() {
		unit *= 10
	}
	if unit == 1 {
		return m.String()
	}
	minor := m.Abs().Minor()
	minor = minor/unit*unit + minor%unit/((unit+1)/2)*unit
	if m.Sign() < 0 {
		minor = -minor
	}
	text := ar.NewMoney(minor, m.Currency()).String()
	return strings.Replace(text, "."+strings.Repeat("0", m.Currency().Exponent()), "", 1)
}

func wholes(list []ar.Money) string {
	texts := make([]string, len(list))
	for n, m := range list {
		texts[n] = whole(m)
	}
	return and(texts)
}

// wholeRange is rangeWords in whole amounts.
func wholeRange(r desk.ForecastRange) string {
	if !r.Calibrated {
		return rangeWords(r)
	}
	return fmt.Sprintf(", 80 %% range %s to %s", whole(r.Low), whole(r.High))
}

// headMovers is how many movers stand in the head; the thread has more.
const headMovers = 3

// moversLine names the accounts whose overdue moved most, and why.
func moversLine(w desk.Weekly) []card.Part {
	if len(w.Movers) == 0 {
		return nil
	}
	list := card.List{}
	for _, m := range w.Movers[:min(headMovers, len(w.Movers))] {
		list = append(list, []card.Span{card.B(m.Name), card.T(" " + movedBy(m) + ": " + withHeld(strings.Join(headReasons(m), ", "), w, m))})
	}
	return []card.Part{card.Paragraph{card.B("Overdue moved most")}, list}
}

func movedBy(m ar.OverdueChange) string {
	moved, err := m.Moved()
	if err != nil {
		return "n/a"
	}
	return plusMinus(moved)
}

// headReasons are the kinds of reason in a word or two each: the thread has the amounts.
func headReasons(m ar.OverdueChange) (words []string) {
	moved, err := m.Moved()
	for _, one := range []struct {
		amount ar.Money
		word   string
	}{{m.Newly, "newly overdue"}, {m.Paid, "paid"}, {m.Credited, "credited"}, {m.WrittenOff, "written off"}} {
		switch {
		case one.amount.Sign() <= 0:
		case err == nil && one.amount == moved.Abs():
			words = append(words, one.word)
		default:
			words = append(words, one.word+" "+whole(one.amount))
		}
	}
	return words
}

// moverReasons say why the overdue of an account moved, and what of it is not chased.
func moverReasons(w desk.Weekly, m ar.OverdueChange) string {
	words := moves(ar.Bridge{
		Newly: m.Newly, Paid: m.Paid, Credited: m.Credited, WrittenOff: m.WrittenOff, Earlier: ar.NewMoney(0, m.Currency),
	})
	return withHeld(and(words), w, m)
}

// withHeld adds what of an account's overdue is not chased. That moved nothing, so it
// stands apart from the reasons.
func withHeld(reasons string, w desk.Weekly, m ar.OverdueChange) string {
	held := heldWords(w.Held[m.Customer])
	switch {
	case len(held) == 0:
		return reasons
	case reasons == "":
		return and(held)
	}
	return reasons + "; " + and(held)
}

// decideParts are what waits for a decision, with the command that shows it.
func (d *Digests) decideParts(w desk.Weekly) []card.Part {
	if len(w.Decide) == 0 {
		return nil
	}
	list := card.List{}
	for _, one := range w.Decide {
		list = append(list, d.decideLine(one))
	}
	return []card.Part{card.Paragraph{card.B("To decide")}, list}
}

func (d *Digests) decideLine(one desk.Decision) []card.Span {
	in := ", " + count(one.Count, "account")
	if len(one.Names) == 1 {
		in = ", " + one.Names[0]
	}
	switch one.Kind {
	case desk.DecideDisputes:
		return []card.Span{card.T(count(one.Count, "dispute") + " not resolved in time: "), card.Code(d.Slash + " disputes late")}
	case desk.DecideOld:
		return []card.Span{card.T(fmt.Sprintf("%s over 90 days late, no promise or dispute%s: ", wholes(one.Amounts), in)), card.Code(d.Slash + " overdue 90+ days")}
	case desk.DecideUnowned:
		return []card.Span{card.T(fmt.Sprintf("%s overdue without a sales owner%s: ", wholes(one.Amounts), in)), card.Code(d.Slash + " overdue owner none")}
	case desk.DecideUnapplied:
	}
	return []card.Span{card.T(wholes(one.Amounts) + " of payments and credits to be applied")}
}
