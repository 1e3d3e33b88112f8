package bot

import (
	"context"
	"fmt"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

func whatIfCommand() command {
	return command{
		name: "what-if", aliases: []string{"whatif", "if"}, usage: "promises | pay <invoices>",
		summary:  "DSO, overdue and cash if all promises were kept, or if some invoices were paid",
		examples: []string{"what-if promises", "what-if pay INV-1042, INV-1043"},
		shares:   true,
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			in, err := r.whatIfInput(args)
			if err != nil {
				return Answer{}, err
			}
			view, err := r.Desk.WhatIf(ctx, actor, in)
			if err != nil {
				return Answer{Again: "what-if pay %s"}, err
			}
			return Answer{Card: r.whatIfCard(view)}, nil
		},
	}
}

func (r *Router) whatIfInput(args arguments) (in desk.WhatIfInput, err error) {
	words := args.words
	if len(words) == 0 {
		return in, ar.Refuse("What if what? Type %s what-if promises, or %s what-if pay INV-1042, INV-1043.", r.Slash, r.Slash)
	}
	switch strings.ToLower(words[0]) {
	case "promises", "promise", "kept":
		return in, nil
	case "pay", "paid", "pays":
		words = words[1:]
	default:
		return in, ar.Refuse("I do not understand “%s”. Type %s what-if promises, or %s what-if pay INV-1042, INV-1043.", card.Truncate(words[0], 40), r.Slash, r.Slash)
	}
	if id, picked := (arguments{words: words, picked: args.picked}).id(); picked && id.Document != 0 {
		in.Document = id.Document
		return in, nil
	}
	if in.Invoices = listed(words); len(in.Invoices) == 0 {
		return in, ar.Refuse("Which invoices? Type it like %s what-if pay INV-1042, INV-1043.", r.Slash)
	}
	return in, nil
}

// listed are the entries of a list: between commas where there are any, else word by word.
func listed(words []string) (entries []string) {
	parts := words
	if text := strings.Join(words, " "); strings.ContainsAny(text, ",;") {
		parts = strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ';' })
	}
	for _, part := range parts {
		part = strings.TrimSpace(part)
		if after, found := strings.CutPrefix(strings.ToLower(part), "and "); found {
			part = part[len(part)-len(after):]
		}
		if part != "" && !strings.EqualFold(part, "and") {
			entries = append(entries, unquote(part))
		}
	}
	return entries
}

func (r *Router) whatIfCard(v desk.WhatIf) card.Card {
	title := "What if all promises are kept"
	if len(v.Items) > 0 {
		labels := make([]string, len(v.Items))
		for n, i := range v.Items {
			labels[n] = i.Label()
		}
		title = "What if " + firstOf(labels) + " are paid"
		if len(v.Items) == 1 {
			title = "What if " + labels[0] + " is paid"
		}
	}
	says := make([]string, len(v.Currencies))
	for n, c := range v.Currencies {
		says[n] = fmt.Sprintf("%s comes in, DSO goes from %s to %s, overdue from %s to %s", c.Paid.Cash, short(c.Now.DSO), daysOf(c.Paid.DSO), c.Now.Overdue, c.Paid.Overdue)
	}
	c := card.New(title+": "+strings.Join(says, "; ")+".", card.Heading(card.Truncate(title, 150)))
	for _, one := range v.Currencies {
		c.Add(card.Paragraph{card.B(one.Paid.Cash.String()), card.T(" would come in.")}, whatIfTable(one))
	}
	c.Add(whatIfNotes(v)...)
	c.Add(partialNote(v.Partial)...)
	return aged(c, v.Fresh, r.Desk.Settings().Zone)
}

func whatIfTable(c desk.CurrencyWhatIf) card.Table {
	t := card.Table{Columns: []card.Column{{Title: "Figure"}, {Title: "Now", Align: card.Right}, {Title: "If paid", Align: card.Right}}}
	points := []desk.Standpoint{c.Now, c.Paid}
	if c.LikelyOK {
		t.Columns[2].Title = "If all are kept"
		t.Columns = append(t.Columns, card.Column{Title: "As well as ever", Align: card.Right})
		points = append(points, c.Likely)
	}
	for _, row := range []struct {
		name string
		cell func(desk.Standpoint) string
	}{
		{"Cash", func(s desk.Standpoint) string { return s.Cash.String() }},
		{"Net A/R", func(s desk.Standpoint) string { return s.Net.String() }},
		{"Overdue", func(s desk.Standpoint) string { return s.Overdue.String() }},
		{"DSO", func(s desk.Standpoint) string { return daysOf(s.DSO) }},
	} {
		cells := []string{row.name}
		for _, s := range points {
			cells = append(cells, row.cell(s))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func whatIfNotes(v desk.WhatIf) []card.Part {
	how := "Of each invoice what is open today is taken as paid."
	if len(v.Items) == 0 {
		how = "Promises for days that are not past, as far as the amounts are open and not disputed. “As well as ever” takes of each customer's promises the part that is usually kept, shrunk towards everybody's"
		if v.Kept.Judged > 0 {
			how += fmt.Sprintf(" (%d of %d promises of the last year were kept)", v.Kept.Kept, v.Kept.Judged)
		} else {
			how += " (no promise was judged yet: a half)"
		}
		how += "."
	}
	return []card.Part{card.Note{card.T(how + " DSO is by countback with the same sales, as if the money were here today. Nothing is changed in the books.")}}
}
