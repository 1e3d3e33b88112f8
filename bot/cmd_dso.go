package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"arbot/ar"
	"arbot/ar/metric"
	"arbot/bot/card"
	"arbot/desk"
)

func dsoCommand() command {
	return command{
		name: "dso", aliases: []string{"metrics", "kpi"}, usage: "[owner <name> | segment <name>] [as of <date> | last month | last quarter]",
		summary:  "days sales outstanding and its relatives, each with its method, and the trend of six months",
		examples: []string{"dso", "dso as of 2026-09-30", "dso owner dana@example.com", "dso segment retail"},
		shares:   true,
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			in, err := r.metricsInput(ctx, args.words)
			if err != nil {
				return Answer{}, err
			}
			view, err := r.Desk.Metrics(ctx, actor, in)
			if err != nil {
				return Answer{}, err
			}
			return Answer{Card: r.dsoCard(view)}, nil
		},
	}
}

// metricsInput takes the date out of the words; what is left is an owner or a segment.
func (r *Router) metricsInput(ctx context.Context, words []string) (in desk.MetricsInput, err error) {
	if in.AsOf, words, err = r.cutPeriod(words); err != nil {
		return in, err
	}
	switch {
	case len(words) == 0:
		return in, nil
	case strings.EqualFold(words[0], "segment"):
		if in.Segment = unquote(strings.Join(words[1:], " ")); in.Segment == "" {
			return in, ar.Refuse("Which segment? Type it like %s dso segment retail.", r.Slash)
		}
		return in, nil
	case strings.EqualFold(words[0], "owner"), strings.EqualFold(words[0], "rep"):
		words = words[1:]
	}
	in.Owner, err = r.owner(ctx, words)
	return in, err
}

// cutPeriod takes "as of" with a date, or "last month", out of the words. A period is
// looked at from its end.
func (r *Router) cutPeriod(words []string) (ar.Date, []string, error) {
	if i := indexPhrase(words, "as", "of"); i >= 0 {
		return r.cutAsOf(words, i)
	}
	year, month, _ := r.Desk.Today().Civil()
	for unit, first := range map[string]time.Month{"month": month, "quarter": month - (month-1)%3, "year": time.January} {
		if i := indexPhrase(words, "last", unit); i >= 0 {
			return ar.NewDate(year, first, 1).AddDays(-1), slices.Concat(words[:i], words[i+2:]), nil
		}
	}
	return ar.Date{}, words, nil
}

func (r *Router) dsoCard(v desk.Metrics) card.Card {
	title := dsoTitle(v)
	c := card.New(dsoSentence(v, title), card.Heading(title))
	if len(v.Currencies) == 0 {
		c.Add(card.Paragraph{card.T("There is nothing in the books for this.")})
	}
	for _, m := range v.Currencies {
		c.Add(dsoLine(m), dsoTable(m), trendTable(m))
		c.Add(dsoNotes(m)...)
	}
	if len(v.Currencies) > 1 {
		c.Add(card.Note{card.T("Each currency is on its own: nothing is converted.")})
	}
	c.Add(partialNote(v.Partial)...)
	c.Add(footer(v.Fresh, r.Desk.Settings().Zone)...)
	return old(c, v.Fresh, r.Desk.Settings().Zone)
}

func dsoTitle(v desk.Metrics) string {
	title := "DSO"
	switch {
	case v.Segment != "":
		title += " of the segment " + v.Of
	case v.Of != "":
		title += " of " + v.Of
	case v.Partial:
		title = "Your DSO"
	}
	return title + ", " + v.AsOf.Long()
}

func dsoSentence(v desk.Metrics, title string) string {
	if len(v.Currencies) == 0 {
		return title + ": there is nothing in the books for this."
	}
	var says []string
	for _, m := range v.Currencies {
		says = append(says, fmt.Sprintf("%s in %s (simple %s, best possible %s), %s current",
			daysOf(m.Countback), m.Slice.Currency, m.Simple, m.BestPossible, percentOf(m.PercentCurrent)))
	}
	return title + ": " + and(says) + "."
}

func dsoLine(m desk.CurrencyMetrics) card.Paragraph {
	return card.Paragraph{card.B(daysOf(m.Countback)), card.T(fmt.Sprintf(" countback DSO · %s net A/R · %s current", m.Net, percentOf(m.PercentCurrent)))}
}

// daysOf writes a figure in days, percentOf one in percent; without a value they say why.
func daysOf(f metric.Figure) string { return withUnit(f, " days") }

func percentOf(f metric.Figure) string { return withUnit(f, " %") }

func withUnit(f metric.Figure, unit string) string {
	rest, floor := f.Floor()
	says := f.Fixed(1)
	if says == "n/a" {
		unit = ""
	}
	says += unit
	if floor {
		says = fmt.Sprintf("at least %s (%s is older)", says, rest)
	}
	if f.Reason() != "" {
		says += fmt.Sprintf(" (%s)", f.Reason())
	}
	return says
}

// dsoTable has a figure in each row, with how it's made.
func dsoTable(m desk.CurrencyMetrics) card.Table {
	quarter := "3 months to " + m.Quarter.String()
	if m.Quarter.IsZero() {
		quarter = "3 whole months"
	}
	t := card.Table{Columns: []card.Column{
		{Title: "Figure"}, {Title: string(m.Slice.Currency), Align: card.Right}, {Title: "Method"},
	}}
	for _, row := range []struct{ name, value, method string }{
		{"DSO", daysOf(m.Countback), "countback, calendar months"},
		{"DSO, simple", daysOf(m.Simple), "A/R / sales x days, " + quarter},
		{"Best possible DSO", daysOf(m.BestPossible), "current A/R / sales x days, " + quarter},
		{"Days delinquent (ADD)", daysOf(m.Delinquent), "simple less best possible"},
		{"CEI", percentOf(m.CEI), "period sales, " + quarter},
		{"Percent current", percentOf(m.PercentCurrent), "of gross A/R, on the day"},
		{"Days to pay", daysOf(m.DaysToPay), "by amount, paid in " + quarter},
		{"Terms of these", daysOf(m.WeightedTerms), "by amount, paid in " + quarter},
		{"Days beyond terms", daysOf(m.DaysBeyondTerms), "signed: early is below 0"},
		{"Average lateness", daysOf(m.AverageLateness), "early counts as 0"},
		{"Terms granted", daysOf(m.GrantedTerms), "by amount, invoiced in " + quarter},
		{"A/R turnover", timesOf(m.Turnover), "sales / mean A/R, 12 months"},
		{"Bad debt", percentOf(m.BadDebt), "written off, net / sales, 12 months"},
	} {
		t.Rows = append(t.Rows, []string{row.name, row.value, row.method})
	}
	return t
}

func timesOf(f metric.Figure) string { return withUnit(f, " x") }

// trendTable is DSO against best possible at the month ends.
func trendTable(m desk.CurrencyMetrics) card.Table {
	t := card.Table{Caption: "Trend, in days", Columns: []card.Column{
		{Title: "End of"},
		{Title: "DSO", Align: card.Right},
		{Title: "Simple", Align: card.Right},
		{Title: "Best", Align: card.Right},
		{Title: "ADD", Align: card.Right},
		{Title: "Current", Align: card.Right},
	}}
	for _, month := range m.Trend {
		t.Rows = append(t.Rows, []string{
			month.AsOf.String()[:len("2006-01")], short(month.Countback), short(month.Simple),
			short(month.BestPossible), short(month.Delinquent), percentShort(month.PercentCurrent),
		})
	}
	return t
}

// short writes a figure for a narrow column: a floor as "153.0+".
func short(f metric.Figure) string {
	if _, floor := f.Floor(); floor {
		return f.Fixed(1) + "+"
	}
	return f.Fixed(1)
}

func percentShort(f metric.Figure) string {
	if _, ok := f.Value(); !ok {
		return f.Fixed(0)
	}
	return f.Fixed(0) + " %"
}

// dsoNotes names what the figures have in common.
func dsoNotes(m desk.CurrencyMetrics) []card.Part {
	return []card.Part{card.Note{card.T(fmt.Sprintf(
		"In %s. Sales are invoices less credit memos, tax included. A/R is net of unapplied credit; due today is current. Best possible and ADD go with simple DSO. Earlier months are as the books know them today.",
		m.Slice.Currency))}}
}
