package bot

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"arbot/ar"
	"arbot/ar/metric"
	"arbot/bot/card"
	"arbot/desk"
)

func dsoCommand() command {
	return command{
		name: "dso", aliases: []string{"metrics", "kpi"},
		usage:    "[owner <name> | segment <name> | company <name> | terms <terms>] [by owner | segment | company | terms] [as of <date> | <period>] [home | home closing]",
		summary:  "days sales outstanding and its relatives, each with its method, and the trend of six months",
		examples: []string{"dso", "dso by owner", "dso segment retail last quarter", "dso owner dana@example.com 2026-Q3", "dso as of 2026-09-30"},
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

// dimensions are the words for what a book is sliced by.
var dimensions = map[string]ar.Dimension{
	"owner": ar.PerOwner, "owners": ar.PerOwner, "rep": ar.PerOwner, "reps": ar.PerOwner,
	"segment": ar.PerSegment, "segments": ar.PerSegment, "company": ar.PerCompany, "companies": ar.PerCompany,
	"terms": ar.PerTerms,
}

// metricsInput takes date, rates and "by" out of the words; what is left is an owner, or
// another part of the book.
func (r *Router) metricsInput(ctx context.Context, words []string) (in desk.MetricsInput, err error) {
	if in.AsOf, in.Months, words, err = r.cutPeriod(words); err != nil {
		return in, err
	}
	in.Rates, words = cutRates(words)
	if i := slices.IndexFunc(words, func(w string) bool { return strings.EqualFold(w, "by") }); i >= 0 && i+1 < len(words) {
		var known bool
		if in.By, known = dimensions[strings.ToLower(words[i+1])]; !known {
			return in, ar.Refuse("By what? Type it like %s dso by owner, or by segment, company, terms.", r.Slash)
		}
		words = cutPhrase(words, i, "")
	}
	if len(words) == 0 {
		return in, nil
	}
	of, rest := dimensions[strings.ToLower(words[0])], unquote(strings.Join(words[1:], " "))
	to := map[ar.Dimension]*string{ar.PerSegment: &in.Segment, ar.PerCompany: &in.Company, ar.PerTerms: &in.Terms}[of]
	if to == nil {
		if of == ar.PerOwner {
			words = words[1:]
		}
		in.Owner, err = r.owner(ctx, words)
		return in, err
	}
	if *to = rest; rest == "" {
		return in, ar.Refuse("Which %s? Type it like %s dso %s %s.", of, r.Slash, of, map[ar.Dimension]string{
			ar.PerSegment: "retail", ar.PerCompany: "east", ar.PerTerms: "net 30",
		}[of])
	}
	return in, nil
}

// longestPeriod is the most words that a period has: "last quarter", "sep 2026".
const longestPeriod = 2

// cutPeriod takes "as of" with a date, or a period, out of the words. A period is looked at
// from its end, or from today while it is under way. What stands behind a word like
// "segment" is a name and no period.
func (r *Router) cutPeriod(words []string) (asOf ar.Date, months int, rest []string, err error) {
	if i := indexPhrase(words, "as", "of"); i >= 0 {
		asOf, rest, err = r.cutAsOf(words, i)
		return asOf, 0, rest, err
	}
	today := r.Desk.Today()
	for i := range words {
		if i > 0 && dimensions[strings.ToLower(words[i-1])] != "" && (i < 2 || !strings.EqualFold(words[i-2], "by")) {
			continue
		}
		for n := min(longestPeriod, len(words)-i); n > 0; n-- {
			if p, ok := ar.ReadPeriod(strings.Join(words[i:i+n], " "), today); ok {
				return p.AsOf(today), p.Months, slices.Concat(words[:i], words[i+n:]), nil
			}
		}
	}
	return ar.Date{}, 0, words, nil
}

// cutRates takes "home" or "home closing" out of the words: in which currency the figures
// are to be, and at which rates.
func cutRates(words []string) (ar.RateMode, []string) {
	i := slices.IndexFunc(words, func(w string) bool { return strings.EqualFold(w, "home") })
	switch {
	case i < 0 || i > 0 && dimensions[strings.ToLower(words[i-1])] != "" && (i < 2 || !strings.EqualFold(words[i-2], "by")):
		return "", words
	case i+1 < len(words) && strings.EqualFold(words[i+1], "closing"):
		return ar.ClosingRates, slices.Concat(words[:i], words[i+2:])
	}
	return ar.DocumentRates, slices.Concat(words[:i], words[i+1:])
}

func (r *Router) dsoCard(v desk.Metrics) card.Card {
	title := dsoTitle(v)
	c := card.New(dsoSentence(v, title), card.Heading(title))
	if len(v.Currencies) == 0 {
		c.Add(card.Paragraph{card.T("There is nothing in the books for this.")})
	}
	for _, m := range v.Currencies {
		c.Add(dsoLine(m))
		if v.By != ar.PerBook {
			c.Add(r.partsTable(v, m.Slice.Currency))
			continue
		}
		c.Add(dsoTable(m), moreTable(m), trendTable(m))
	}
	c.Add(dsoNotes(v)...)
	c.Add(partialNote(v.Partial)...)
	return aged(c, v.Fresh, r.Desk.Settings().Zone)
}

func dsoTitle(v desk.Metrics) string {
	title := "DSO"
	switch {
	case v.Segment != "":
		title += " of the segment " + v.Of
	case v.Company != "":
		title += " of the company " + v.Of
	case v.Terms != "":
		title += " on terms " + v.Of
	case v.Of != "":
		title += " of " + v.Of
	case v.Partial:
		title = "Your DSO"
	}
	if v.By != ar.PerBook {
		title += " by " + string(v.By)
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

// method is a figure with how it's made.
type method struct{ name, value, method string }

func methods(caption string, c ar.Currency, rows ...method) card.Table {
	t := card.Table{Caption: caption, Columns: []card.Column{
		{Title: "Figure"}, {Title: string(c), Align: card.Right}, {Title: "Method"},
	}}
	for _, row := range rows {
		t.Rows = append(t.Rows, []string{row.name, row.value, row.method})
	}
	return t
}

// span says over which whole months a figure is taken.
func span(m desk.CurrencyMetrics, months int) string {
	says := count(months, "month")
	if months == 1 {
		says = "the month"
	}
	if m.Quarter.IsZero() {
		return says
	}
	return says + " to " + m.Quarter.String()
}

// dsoTable has the figures that one looks at first.
func dsoTable(m desk.CurrencyMetrics) card.Table {
	quarter := span(m, 3)
	return methods("", m.Slice.Currency,
		method{"DSO", daysOf(m.Countback), "countback, calendar months"},
		method{"DSO, simple", daysOf(m.Simple), "A/R / sales x days, " + quarter},
		method{"Best possible DSO", daysOf(m.BestPossible), "current A/R / sales x days, " + quarter},
		method{"Days delinquent (ADD)", daysOf(m.Delinquent), "simple less best possible"},
		method{"Percent current", percentOf(m.PercentCurrent), "of gross A/R, on the day"},
	)
}

// moreTable has the rest.
func moreTable(m desk.CurrencyMetrics) card.Table {
	over := span(m, m.Months)
	return methods("More figures", m.Slice.Currency,
		method{"CEI", percentOf(m.CEI), "period sales, " + over},
		method{"Days to pay", daysOf(m.DaysToPay), "by amount, paid in " + over},
		method{"Terms of these", daysOf(m.WeightedTerms), "by amount, paid in " + over},
		method{"Days beyond terms", daysOf(m.DaysBeyondTerms), "signed: early is below 0"},
		method{"Average lateness", daysOf(m.AverageLateness), "early counts as 0"},
		method{"Terms granted", daysOf(m.GrantedTerms), "by amount, invoiced in " + over},
		method{"A/R turnover", timesOf(m.Turnover), "sales / mean A/R, 12 months"},
		method{"Bad debt", percentOf(m.BadDebt), "written off, net / sales, 12 months"},
	)
}

// mostParts is how many parts of a book are shown: what a phone shows in two screens.
const mostParts = 15

// partsTable has a part of the book in each row.
func (r *Router) partsTable(v desk.Metrics, c ar.Currency) card.Table {
	t := card.Table{Columns: []card.Column{
		{Title: strings.ToUpper(string(v.By[:1])) + string(v.By[1:])},
		{Title: "DSO", Align: card.Right},
		{Title: "Simple", Align: card.Right},
		{Title: "Best", Align: card.Right},
		{Title: "ADD", Align: card.Right},
		{Title: "Current", Align: card.Right},
		{Title: "Net A/R", Align: card.Right},
	}}
	for _, m := range v.Parts {
		switch {
		case m.Slice.Currency != c:
		case len(t.Rows) == mostParts:
			t.More++
		default:
			t.Rows = append(t.Rows, []string{
				r.partName(m.Slice), short(m.Countback), short(m.Simple), short(m.BestPossible), short(m.Delinquent),
				percentShort(m.PercentCurrent), m.Net.String(),
			})
		}
	}
	return t
}

func (r *Router) partName(s ar.Slice) string {
	switch {
	case s.By == ar.PerOwner:
		return r.ownerName(s.Name)
	case s.Name == "":
		return "none"
	}
	return s.Name
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
func dsoNotes(v desk.Metrics) []card.Part {
	if len(v.Currencies) == 0 {
		return nil
	}
	var inWhat string
	switch {
	case v.Rates == ar.ClosingRates:
		inWhat = "All in " + string(v.Currencies[0].Slice.Currency) + " at the latest rate of each currency in the ledger" + ratesOf(v) + ", A/R and sales alike."
	case v.Rates != "":
		inWhat = "All in " + string(v.Currencies[0].Slice.Currency) + " " + string(v.Rates) + ", A/R and sales alike."
	case len(v.Currencies) > 1:
		inWhat = "Each currency is on its own: nothing is converted."
	default:
		inWhat = "In " + string(v.Currencies[0].Slice.Currency) + "."
	}
	return []card.Part{card.Note{card.T(inWhat +
		" Sales are invoices less credit memos, tax included. A/R is net of unapplied credit; due today is current. Best possible and ADD go with simple DSO. Earlier months are as the books know them today.")}}
}

// ratesOf lists the rates: " (1 EUR = 1.0854 USD)".
func ratesOf(v desk.Metrics) string {
	list := make([]string, 0, len(v.Closing))
	for _, c := range slices.Sorted(maps.Keys(v.Closing)) {
		list = append(list, fmt.Sprintf("1 %s = %s %s", c, v.Closing[c], v.Currencies[0].Slice.Currency))
	}
	if len(list) == 0 {
		return ""
	}
	return " (" + strings.Join(list, ", ") + ")"
}
