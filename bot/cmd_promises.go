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

func promisesCommand() command {
	return command{
		name: "promises", usage: "[mine | late | today | this week | customer or invoice]",
		summary:  "what customers promised, by when, and what became of it",
		examples: []string{"promises", "promises mine", "promises late", "promises this week", "promises acme"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			list, err := r.Desk.Promises(ctx, actor, promisesInput(args))
			if err != nil {
				return Answer{Again: "promises %s"}, err
			}
			return Answer{Card: r.promisesCard(list)}, nil
		},
	}
}

// promisesInput reads the filters: words that are none name an account.
func promisesInput(args arguments) desk.PromisesInput {
	in := desk.PromisesInput{Limit: listLines}
	if id, ok := args.id(); ok {
		in.Customer, in.Document = id.Customer, id.Document
		return in
	}
	for words := args.words; len(words) > 0; words = words[1:] {
		switch strings.ToLower(words[0]) {
		case "mine", "my", "me":
			in.Mine = true
		case "late", "broken", "overdue":
			in.Of = desk.PromisesLate
		case "today":
			in.Of = desk.PromisesToday
		case "week", "thisweek":
			in.Of = desk.PromisesThisWeek
		case "this", "due", "open", "all", "of", "and":
		default:
			in.About = unquote(strings.Join(words, " "))
			return in
		}
	}
	return in
}

func (r *Router) promisesCard(l desk.PromiseList) card.Card {
	title := promisesTitle(l)
	says := title + ": " + promisesSum(l) + "."
	c := card.New(says, card.Heading(title), card.Paragraph{card.B(upperFirst(promisesSum(l)))})
	if rows := r.promiseRows(l.Lines, l.Name == ""); len(rows) > 0 {
		c.Add(rows)
	}
	if l.More > 0 {
		c.Add(card.Note{card.T("and " + count(l.More, "more promise") + ": name a customer, or ask for those of this week")})
	}
	if rate := keptWords(l.Kept); l.Kept.Judged > 0 {
		c.Add(card.Note{card.T("Kept in the last year: " + rate)})
	}
	return aged(c, l.Fresh, r.Desk.Settings().Zone)
}

func promisesTitle(l desk.PromiseList) string {
	title := map[desk.PromisesOf]string{
		desk.PromisesOpen: "Promises", desk.PromisesLate: "Late promises", desk.PromisesToday: "Promises due today", desk.PromisesThisWeek: "Promises due this week",
	}[l.Of]
	if l.Mine {
		title = "Your " + lowerFirst(title)
	}
	if l.Name != "" {
		title += " of " + l.Name
	}
	return title
}

func promisesSum(l desk.PromiseList) string {
	n := len(l.Lines) + l.More
	switch {
	case n == 0 && l.Of == desk.PromisesLate:
		return "none is late"
	case n == 0:
		return "nothing is promised"
	case l.Of == desk.PromisesLate:
		return fmt.Sprintf("%s missing in %s", amounts(l.Missing), count(n, "promise"))
	}
	return fmt.Sprintf("%s to come in %s", amounts(l.Missing), count(n, "promise"))
}

// promiseRows are promises with what can be done with each.
func (r *Router) promiseRows(list []desk.Promise, named bool) card.Rows {
	var rows card.Rows
	for _, p := range list {
		id := strconv.FormatInt(int64(p.ID), 10)
		row := card.Row{Text: promiseLine(p, named)}
		if p.MayChange {
			row.Menu = append(row.Menu,
				card.Act{Label: "Change…", Action: promiseChangeForm, Value: id},
				card.Act{Label: "Cancel the promise…", Action: promiseAskAction, Value: id})
		}
		row.Menu = append(row.Menu, card.Act{Label: "Show the account", Action: pickAction, Value: "status " + PickID(ar.Choice{Customer: p.Customer})})
		rows = append(rows, row)
	}
	return rows
}

// promiseLine is a promise as one of a list.
func promiseLine(p desk.Promise, named bool) string {
	var words []string
	switch {
	case named:
		words = append(words, p.About())
	case p.Invoice != nil:
		words = append(words, p.Invoice.Label())
	}
	for i, o := range p.Verdict.Parts {
		words = append(words, partLine(p, i, o))
	}
	if note := card.Clean(p.Note); note != "" {
		words = append(words, "“"+card.Truncate(note, 80)+"”")
	}
	return strings.Join(words, " · ")
}

func partLine(p desk.Promise, i int, o ar.Outcome) string {
	says := fmt.Sprintf("%s by %s", p.Parts[i].Amount, p.Parts[i].Due.Long())
	switch {
	case o.State == ar.PromisePartlyKept:
		return says + fmt.Sprintf(" (partly kept, %s missing)", o.Missing)
	case o.State.Final():
		return says + " (" + string(o.State) + ")"
	}
	if o.Paid.Sign() > 0 {
		says += fmt.Sprintf(", %s paid", o.Paid)
	}
	switch ahead := o.Due.Sub(p.Day); {
	case ahead == 0:
		return says + " (today)"
	case ahead < 0:
		return says + " (" + count(-ahead, "day") + " late)"
	}
	return says
}

// keptWords say how well promises were kept, by number and by money.
func keptWords(k ar.KeptRate) string {
	permille, ok := k.ByCount()
	if !ok {
		return fmt.Sprintf("n/a (%d of %s; three are the fewest that say something)", k.Kept, count(k.Judged, "promise"))
	}
	partly := ""
	if k.Partly > 0 {
		partly = fmt.Sprintf(", %d in part", k.Partly)
	}
	says := []string{fmt.Sprintf("%s (%d of %s%s)", percent(permille), k.Kept, count(k.Judged, "promise"), partly)}
	for _, a := range k.Amounts {
		if share, ok := k.ByAmount(a.Promised.Currency()); ok {
			says = append(says, fmt.Sprintf("%s of the money in %s", percent(share), a.Promised.Currency()))
		}
	}
	return strings.Join(says, ", ")
}

// percent writes tenths of a percent.
func percent(permille int) string {
	return strings.TrimSuffix(fmt.Sprintf("%d.%d", permille/10, permille%10), ".0") + " %"
}
