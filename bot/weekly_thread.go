package bot

import (
	"fmt"
	"strconv"
	"strings"

	"arbot/ar"
	"arbot/ar/metric"
	"arbot/bot/card"
	"arbot/desk"
)

// weeklyThread are the details of the weekly digest, each with its method.
func (d *Digests) weeklyThread(w desk.Weekly) []card.Card {
	if len(w.Currencies) == 0 {
		return nil
	}
	cards := []card.Card{weeklyBridge(w), weeklyAging(w), weeklyDSO(w)}
	cards = append(cards, weeklyForecasts(w)...)
	cards = append(cards, weeklyDisputes(w)...)
	cards = append(cards, d.weeklyMovers(w)...)
	return append(cards, weeklyTerms(w), weeklyMethods())
}

// titled is a card of the thread with a table under a title.
func titled(title string, parts ...card.Part) card.Card {
	return card.New(title+".", append([]card.Part{card.Paragraph{card.B(title)}}, parts...)...)
}

// weeklyBridge leads from A/R then to A/R now, to the cent.
func weeklyBridge(w desk.Weekly) card.Card {
	t := card.Table{Columns: []card.Column{{Title: "A/R"}}}
	var rows [][]string
	total := []string{"A/R on " + w.AsOf.Short()}
	add := func(title string, b metric.Bridge) {
		t.Columns = append(t.Columns, card.Column{Title: title, Align: card.Right})
		lines := append([]bridgeRow{{amount: b.Opening, long: "A/R on " + w.Since.Short()}}, bridgeRows(b)...)
		if w.Home == nil { // rates move only what is converted
			lines = lines[:len(lines)-1]
		}
		for n, l := range lines {
			if n == len(rows) {
				rows = append(rows, []string{l.long})
			}
			rows[n] = append(rows[n], l.amount.String())
		}
		total = append(total, b.Closing.String())
	}
	for _, c := range w.Currencies {
		add(string(c.Currency), c.Bridge)
	}
	note := "Opening is what the last digest said; what came to be known since of earlier dates is a line of its own."
	if w.First {
		note = "Opening is A/R as the books know it today."
	}
	if w.Home != nil {
		add("All in "+string(w.Home.Currency), *w.Home)
		note += fmt.Sprintf(" All currencies together are converted %s, each open amount on its own.", w.HomeMode)
	}
	t.Rows, t.Total = rows, total
	return titled(fmt.Sprintf("How A/R moved from %s to %s", w.Since.Short(), w.AsOf.Short()), t, card.Note{card.T(note)})
}

// weeklyAging sets the buckets now against those four weeks before.
func weeklyAging(w desk.Weekly) card.Card {
	edges := ar.DefaultEdges(ar.ByDueDate)
	t := card.Table{Columns: []card.Column{{Title: "Days overdue"}}}
	rows := make([][]string, edges.Count()+1)
	for n := range edges.Count() {
		rows[n] = []string{edges.Label(n)}
	}
	rows[edges.Count()] = []string{"Unapplied"}
	total := []string{"Net A/R"}
	for _, c := range w.Currencies {
		for _, at := range []struct {
			title string
			aging ar.Aging
		}{{"Now, " + string(c.Currency), c.Now()}, {"4 weeks ago", c.FourWeeksBefore()}} {
			t.Columns = append(t.Columns, card.Column{Title: at.title, Align: card.Right})
			for n, b := range at.aging.Buckets {
				rows[n] = append(rows[n], b.String())
			}
			rows[edges.Count()] = append(rows[edges.Count()], at.aging.Unapplied.Neg().String())
			net := "n/a"
			if m, err := at.aging.Net(); err == nil {
				net = m.String()
			}
			total = append(total, net)
		}
	}
	t.Rows, t.Total = rows, total
	return titled("Aging on "+w.AsOf.Short()+" and four weeks before", t, card.Note{card.T("By due date; due on the day is current. Unapplied credit is a line of its own, in no bucket.")})
}

// weeklyDSO has the figures with their methods and the trend.
func weeklyDSO(w desk.Weekly) card.Card {
	c := titled("DSO against best possible")
	for _, one := range w.Currencies {
		quarter := "3 whole months"
		if !one.Report.Quarter.IsZero() {
			quarter = "3 months to " + one.Report.Quarter.String()
		}
		t := card.Table{Caption: "In " + string(one.Currency), Columns: []card.Column{{Title: "Figure"}, {Title: "Value", Align: card.Right}, {Title: "Method"}}}
		t.Rows = [][]string{
			{"DSO", daysOf(one.Report.Countback), "countback, calendar months"},
			{"a week ago", daysOf(one.WeekAgo), "the same"},
			{"four weeks ago", daysOf(one.FourWeeksAgo), "the same"},
			{"DSO, simple", daysOf(one.Report.Simple), "A/R / sales x days, " + quarter},
			{"Best possible DSO", daysOf(one.Report.BestPossible), "current A/R / sales x days, " + quarter},
			{"Days delinquent (ADD)", daysOf(one.Report.Delinquent), "simple less best possible"},
			{"Percent current", percentOf(one.Report.PercentCurrent), "of gross A/R, on the day"},
			{"Days beyond terms", daysOf(one.Report.DaysBeyondTerms), "by amount, paid in " + quarter},
		}
		c.Add(t)
		if len(one.Trend) > 0 {
			trend := card.Table{Caption: "At month ends, in days (simple)", Columns: []card.Column{{Title: "End of"}, {Title: "DSO", Align: card.Right}, {Title: "Best", Align: card.Right}, {Title: "ADD", Align: card.Right}}}
			for _, month := range one.Trend {
				trend.Rows = append(trend.Rows, []string{month.AsOf.String()[:len("2006-01")], short(month.Simple), short(month.BestPossible), short(month.Delinquent)})
			}
			c.Add(trend)
		}
	}
	c.Add(card.Note{card.T("Sales are invoices less credit memos, tax included. A/R is net of unapplied credit. Earlier dates are as the books know them today.")})
	return c
}

// weeklyForecasts have the four weeks, and how right the ranges were.
func weeklyForecasts(w desk.Weekly) (cards []card.Card) {
	for _, c := range w.Currencies {
		if c.Forecast == nil {
			continue
		}
		one := titled("Expected in four weeks from "+w.Day.Short()+", "+string(c.Currency), forecastTable(*c.Forecast))
		if len(c.Ranges) > 0 {
			t := card.Table{Caption: "How right the ranges of past digests were", Columns: []card.Column{{Title: "Week from"}, {Title: "Range said", Align: card.Right}, {Title: "Collected", Align: card.Right}, {Title: "Held"}}}
			for _, r := range c.Ranges {
				held := "no"
				if r.Came.Cmp(r.Low) >= 0 && r.Came.Cmp(r.High) <= 0 {
					held = "yes"
				}
				t.Rows = append(t.Rows, []string{r.From.Short(), r.Low.String() + " to " + r.High.String(), r.Came.String(), held})
			}
			one.Add(t)
		}
		one.Add(forecastNotes(*c.Forecast)...)
		cards = append(cards, one)
	}
	return cards
}

// weeklyDisputes are what is disputed, for how long, and why.
func weeklyDisputes(w desk.Weekly) []card.Card {
	if len(w.Disputes)+len(w.Causes.Causes) == 0 {
		return nil
	}
	c := titled("Disputes")
	if len(w.Disputes) > 0 {
		t := card.Table{Caption: "Standing on " + w.AsOf.Short(), Columns: []card.Column{
			{Title: "Root cause"}, {Title: "Disputes", Align: card.Right}, {Title: "Amount", Align: card.Right}, {Title: "Money-days", Align: card.Right}, {Title: "Late", Align: card.Right},
		}}
		for _, b := range w.Disputes {
			t.Rows = append(t.Rows, []string{upperFirst(b.Reason.Words()), strconv.Itoa(b.Count), b.Amount.String(), moneyDays(b.Days), strconv.Itoa(b.Late)})
		}
		c.Add(t, card.Note{card.T("Money-days: the disputed amount times the days since the dispute was opened. Late: past the day by which it was to be resolved.")})
	}
	if len(w.Causes.Causes) > 0 {
		c.Add(CauseParts(w.Causes)...)
	}
	return []card.Card{c}
}

// weeklyMovers are the accounts that moved most, with the reasons.
func (d *Digests) weeklyMovers(w desk.Weekly) []card.Card {
	if len(w.Movers) == 0 {
		return nil
	}
	t := card.Table{Columns: []card.Column{
		{Title: "Account"}, {Title: "Owner"}, {Title: w.Since.Short(), Align: card.Right}, {Title: w.AsOf.Short(), Align: card.Right}, {Title: "Why"},
	}}
	for _, m := range w.Movers {
		t.Rows = append(t.Rows, []string{m.Name, d.ownerName(m.Owner), m.Before.String(), m.After.String(), moverReasons(w, m)})
	}
	return []card.Card{titled("Whose overdue moved most", t, card.Note{card.T("Past due as the books know it now, up to five accounts of each currency. Both dates and what lies between add up to the cent.")})}
}

// weeklyTerms sets the terms granted against those that the customers have.
func weeklyTerms(w desk.Weekly) card.Card {
	t := card.Table{Columns: []card.Column{
		{Title: "Currency"}, {Title: "Granted", Align: card.Right}, {Title: "Policy", Align: card.Right}, {Title: "Drift", Align: card.Right}, {Title: "Invoiced", Align: card.Right},
	}}
	for _, c := range w.Currencies {
		invoiced := "n/a"
		if c.Terms.Currency != "" {
			invoiced = c.Terms.Amount.String()
		}
		t.Rows = append(t.Rows, []string{string(c.Currency), daysOf(c.Granted), daysOf(c.Policy), daysOf(c.Drift), invoiced})
	}
	var note strings.Builder
	note.WriteString("Granted: days from invoice to due date, by amount, of what was invoiced in four weeks. Policy: the days that the terms of the same customers in the ledger give. Above 0 more was granted than they have.")
	for _, c := range w.Currencies {
		if c.Terms.Currency != "" && c.Terms.Without.Sign() > 0 {
			fmt.Fprintf(&note, " Left out: %s to customers whose terms in the ledger say nothing.", c.Terms.Without)
		}
	}
	return titled("Terms granted against policy", t, card.Note{card.T(note.String())})
}

// weeklyMethods says in a line each how the figures are made that stand without a table.
func weeklyMethods() card.Card {
	item := func(name, method string) []card.Span { return []card.Span{card.B(name + ": "), card.T(method)} }
	return titled("How these figures are made", card.List{
		item("A/R", "what is owed less unapplied credit, from the history of the documents as of the date; the ledger's own balance is only compared"),
		item("Collected", "payments less refunds, by their dates, applied or not"),
		item("Promised for the week", "parts of promises due in it; in time is up to their grace days"),
		item("Kept in a year", "parts that were kept in full, of those decided; late is not kept"),
		item("Overdue moved most", "past due on both dates, by account; what settled an invoice beyond what was open is not counted"),
		item("Percent overdue", "of what is owed before unapplied credit is taken off"),
		item("80 % range", "calibrated on how wrong such forecasts were in past weeks; it should hold in four of five. It is held against what was collected in the week, as in the bridge"),
		item("To decide", "disputes past their day; accounts more than 90 days late of which nothing is promised or disputed; overdue accounts without a sales owner; credit set against nothing"),
	}, card.Note{card.T("Each figure in full: docs/metrics.md.")})
}
