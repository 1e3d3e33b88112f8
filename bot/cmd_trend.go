package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

func trendCommand() command {
	return command{
		name: "trend", aliases: []string{"trends"}, usage: "[owner <name> | segment <name>] [<weeks> weeks]",
		summary:  "DSO, overdue, percent current and aging week by week",
		examples: []string{"trend", "trend 26 weeks", "trend owner dana@example.com", "trend segment retail"},
		shares:   true,
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			in, err := r.trendInput(ctx, args.words)
			if err != nil {
				return Answer{}, err
			}
			view, err := r.Desk.Trend(ctx, actor, in)
			if err != nil {
				return Answer{}, err
			}
			return Answer{Card: r.trendCard(view)}, nil
		},
	}
}

// trendInput takes the weeks from the end of the words; what is left is an owner or a
// segment.
func (r *Router) trendInput(ctx context.Context, words []string) (in desk.TrendInput, err error) {
	if in.Weeks, words, err = r.cutWeeks(words, "trend"); err != nil {
		return in, err
	}
	in.Owner, in.Segment, err = r.ownerOrSegment(ctx, words, "trend")
	return in, err
}

// cutWeeks takes "8 weeks" or "8w" from the end of the words; a bare number where nothing
// else was typed.
func (r *Router) cutWeeks(words []string, command string) (weeks int, rest []string, err error) {
	last := len(words) - 1
	if last >= 1 && (strings.EqualFold(words[last], "weeks") || strings.EqualFold(words[last], "week")) {
		if weeks, err = strconv.Atoi(words[last-1]); err != nil {
			return 0, nil, ar.Refuse("“%s” is not a number of weeks. Type it like %s %s 8 weeks.", words[last-1], r.Slash, command)
		}
		return weeks, words[:last-1], nil
	}
	if n, ok := bareWeeks(words); ok {
		return n, words[:last], nil
	}
	return 0, words, nil
}

// ownerOrSegment reads whose figures are asked for; nothing is the whole book.
func (r *Router) ownerOrSegment(ctx context.Context, words []string, command string) (owner, segment string, err error) {
	if len(words) == 0 {
		return "", "", nil
	}
	switch dimensions[strings.ToLower(words[0])] {
	case ar.PerSegment:
		if segment = unquote(strings.Join(words[1:], " ")); segment == "" {
			err = ar.Refuse("Which segment? Type it like %s %s segment retail.", r.Slash, command)
		}
		return "", segment, err
	case ar.PerOwner:
		words = words[1:]
	case ar.PerBook, ar.PerCompany, ar.PerTerms:
	}
	owner, err = r.owner(ctx, words)
	return owner, "", err
}

func (r *Router) trendCard(v desk.Trend) card.Card {
	title := ofWhat("Trend", v.Of, v.Segment != "", v.Partial) + ", " + count(v.Weeks, "week") + " to " + v.Day.Long()
	says := make([]string, len(v.Currencies))
	for n, c := range v.Currencies {
		first, last := c.Weeks[0], c.Weeks[len(c.Weeks)-1]
		says[n] = fmt.Sprintf("in %s DSO went from %s to %s, overdue from %s to %s", c.Currency, short(first.DSO), daysOf(last.DSO), first.Overdue, last.Overdue)
	}
	if len(says) == 0 {
		says = []string{"there is nothing in the books for this"}
	}
	c := card.New(title+": "+strings.Join(says, "; ")+".", card.Heading(title))
	for n, one := range v.Currencies {
		c.Add(card.Paragraph{card.T(upperFirst(says[n]) + ".")}, weeksTable(one), agingsTable(v.Edges, one))
	}
	if len(v.Currencies) == 0 {
		c.Add(card.Paragraph{card.T("There is nothing in the books for this.")})
	} else {
		c.Add(card.Note{card.T("DSO is by countback, calendar months. Overdue and the aging are gross, with unapplied credit left out; amounts in the tables are rounded, and k is a thousand. Earlier weeks are as the books know them today.")})
	}
	c.Add(partialNote(v.Partial)...)
	return aged(c, v.Fresh, r.Desk.Settings().Zone)
}

// ofWhat is a title with what it is of.
func ofWhat(title, of string, segment, partial bool) string {
	switch {
	case segment:
		return title + " of the segment " + of
	case of != "":
		return title + " of " + of
	case partial:
		return "Your " + lowerFirst(title)
	}
	return title
}

// weeksTable has a row for each week, narrow enough for a phone.
func weeksTable(c desk.CurrencyTrend) card.Table {
	t := card.Table{Columns: []card.Column{
		{Title: "Week to"},
		{Title: "DSO", Align: card.Right},
		{Title: "Overdue", Align: card.Right},
		{Title: "Current", Align: card.Right},
	}}
	for _, w := range c.Weeks {
		t.Rows = append(t.Rows, []string{w.AsOf.Short(), short(w.DSO), thousands(w.Overdue), percentShort(w.PercentCurrent)})
	}
	return t
}

func agingsTable(e ar.Edges, c desk.CurrencyTrend) card.Table {
	t := card.Table{Caption: "Aging, in " + string(c.Currency), Columns: []card.Column{{Title: "Week"}}}
	for b := range e.Count() {
		t.Columns = append(t.Columns, card.Column{Title: bucketCell(e, b), Align: card.Right})
	}
	for _, w := range c.Weeks {
		row := []string{w.AsOf.Short()}
		for _, m := range w.Aging.Buckets {
			row = append(row, thousands(m))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// thousands writes an amount in a narrow cell, without its currency and rounded half away
// from zero: "182k", "1,240k"; below a thousand whole units: "903".
func thousands(m ar.Money) string {
	scale := int64(1)
	for range m.Currency().Exponent() {
		scale *= 10
	}
	minor, end := m.Abs().Minor(), ""
	if minor >= 1000*scale {
		scale, end = 1000*scale, "k"
	}
	text := grouped(int(minor/scale+minor%scale*2/scale)) + end
	if m.Sign() < 0 && text != "0" {
		return "-" + text
	}
	return text
}
