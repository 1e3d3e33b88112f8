package bot

import (
	"context"
	"fmt"

	"arbot/ar"
	"arbot/ar/metric"
	"arbot/bot/card"
	"arbot/desk"
)

func provisionCommand() command {
	return command{
		name: "provision", aliases: []string{"ecl", "allowance", "roll"}, usage: "[owner <name> | segment <name>] [as of <date> | <period>]",
		summary:  "the loss to expect of what is open, by age: loss rates, and how amounts roll from bucket to bucket",
		examples: []string{"provision", "provision last quarter", "provision segment retail as of 2026-09-30"},
		shares:   true,
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			var in desk.ProvisionInput
			var err error
			words := args.words
			if in.AsOf, _, words, err = r.cutPeriod(words); err != nil {
				return Answer{}, err
			}
			if in.Owner, in.Segment, err = r.ownerOrSegment(ctx, words, "provision"); err != nil {
				return Answer{}, err
			}
			view, err := r.Desk.Provision(ctx, actor, in)
			if err != nil {
				return Answer{}, err
			}
			return Answer{Card: r.provisionCard(view)}, nil
		},
	}
}

func (r *Router) provisionCard(v desk.Provision) card.Card {
	title := ofWhat("Provision", v.Of, v.Segment != "", v.Partial) + ", " + v.AsOf.Long()
	totals := make([]ar.Money, len(v.Currencies))
	for n, c := range v.Currencies {
		totals[n] = c.Matrix.Total
	}
	if len(v.Currencies) == 0 {
		c := card.New(title+": there is nothing in the books for this.", card.Heading(title), card.Paragraph{card.T("There is nothing in the books for this.")})
		return aged(c, v.Fresh, r.Desk.Settings().Zone)
	}
	c := card.New(title+": "+amounts(totals)+" to be expected as lost.", card.Heading(title),
		card.Paragraph{card.B(amounts(totals)), card.T(" to be expected as lost, by the loss rates of " + whoseRates(v) + ".")})
	for _, one := range v.Currencies {
		c.Add(provisionTable(v.Edges, one))
		if !one.OwnOK {
			c.Add(card.Paragraph{card.T(fmt.Sprintf("In %s no loss rates follow from your own roll rates yet (%s).", one.Currency, one.OwnWhy))})
		}
	}
	c.Add(provisionNotes(v)...)
	c.Add(partialNote(v.Partial)...)
	return aged(c, v.Fresh, r.Desk.Settings().Zone)
}

func whoseRates(v desk.Provision) string {
	if v.Default {
		return "a textbook (1, 5, 10, 25 and 50 %), since the config has none"
	}
	return "the config"
}

// provisionTable has a row per bucket, and beside the config's rates those that follow from
// the book's own past.
func provisionTable(e ar.Edges, c desk.CurrencyProvision) card.Table {
	t := card.Table{Columns: []card.Column{
		{Title: "Days"},
		{Title: "Open, " + string(c.Currency), Align: card.Right},
		{Title: "Rate", Align: card.Right},
		{Title: "Loss", Align: card.Right},
		{Title: "Rolls on", Align: card.Right},
		{Title: "Own rate", Align: card.Right},
		{Title: "Own loss", Align: card.Right},
	}}
	for b, line := range c.Matrix.Lines {
		row := []string{bucketCell(e, b), line.Amount.String(), ratePercent(line.Rate), line.Loss.String(), "", "", ""}
		if b < len(c.Rolls) {
			row[4] = ratePercent(c.Rolls[b])
		}
		if c.OwnOK {
			row[5], row[6] = ratePercent(c.Own.Lines[b].Rate), c.Own.Lines[b].Loss.String()
		}
		t.Rows = append(t.Rows, row)
	}
	t.Total = []string{"All", "", "", c.Matrix.Total.String(), "", "", ""}
	if c.OwnOK {
		t.Total[6] = c.Own.Total.String()
	}
	return t
}

// ratePercent writes a part from 0 to 1 in percent.
func ratePercent(f metric.Figure) string {
	if _, ok := f.Value(); !ok {
		return "n/a"
	}
	return f.Percent().Fixed(1) + " %"
}

func provisionNotes(v desk.Provision) []card.Part {
	where := "The rates stand in the config under loss_rates."
	if v.Default {
		where = "Put your own under loss_rates in the config: the textbook's are nobody's experience."
	}
	return []card.Part{card.Note{card.T(where +
		" “Rolls on” is what part of a bucket was in the next one a month later, over up to twelve months. An own rate is the product of the roll rates from its bucket on, at most 100 %, and the rate of the last bucket. Gross amounts, unapplied credit left out; each loss is rounded once.")}}
}
