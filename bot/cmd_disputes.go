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

// mostDisputes are shown at once; each has a row of its own.
const mostDisputes = 10

func disputesCommand() command {
	return command{
		name: "disputes", usage: "[mine | late | all | causes | reason | customer or invoice]",
		summary:  "what is disputed, with whom it is, and by when it is to be resolved",
		examples: []string{"disputes mine", "disputes late pricing", "disputes acme", "disputes causes"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			if strings.EqualFold(args.text(), "causes") {
				return r.disputeCauses(ctx, actor)
			}
			list, err := r.Desk.Disputes(ctx, actor, disputesInput(args))
			if err != nil {
				return Answer{Again: "disputes %s"}, err
			}
			return Answer{Card: r.disputesCard(list)}, nil
		},
	}
}

// disputesInput reads the filters: words that are none name an account.
func disputesInput(args arguments) desk.DisputesInput {
	in := desk.DisputesInput{Limit: mostDisputes}
	if id, ok := args.id(); ok {
		in.Customer, in.Document = id.Customer, id.Document
		return in
	}
	words := args.words
	for len(words) > 0 {
		reason := leadingReason(words)
		n := 1
		switch strings.ToLower(words[0]) {
		case "mine", "my":
			in.Mine = true
		case "late", "overdue":
			in.Late = true
		case "all", "resolved":
			in.Resolved = true
		default:
			if reason == "" {
				in.Of = unquote(strings.Join(words, " "))
				return in
			}
			in.Reason, n = reason, len(strings.Fields(reason.Words()))
		}
		words = words[n:]
	}
	return in
}

func (r *Router) disputesCard(list desk.DisputeList) card.Card {
	says := disputesSentence(list)
	c := card.New(says, card.Heading(disputesTitle(list)), card.Paragraph{card.B(says)})
	rows := card.Rows{}
	for _, d := range list.Lines {
		rows = append(rows, card.Row{Text: r.disputeLine(d, list.Day), Menu: disputeMenu(d)})
	}
	c.Add(rows)
	if list.More > 0 {
		c.Add(card.Note{card.T("and " + count(list.More, "more dispute") + ": name a customer or a reason to see others")})
	}
	return aged(c, list.Fresh, r.Desk.Settings().Zone)
}

// disputeMenu is what can be done with a dispute of a list.
func disputeMenu(d desk.Dispute) []card.Act {
	id := strconv.FormatInt(int64(d.ID), 10)
	menu := []card.Act{{Label: "Show", Action: showAction, Value: id}}
	switch {
	case !d.MayChange:
	case !d.Stands():
		menu = append(menu, card.Act{Label: "Open again", Action: reopenAction, Value: id})
	default:
		menu = append(menu, card.Act{Label: "Resolve…", Action: resolveForm, Value: id}, card.Act{Label: "Change…", Action: changeForm, Value: id})
		if d.State == ar.DisputeOpen {
			menu = append(menu, card.Act{Label: "In review", Action: reviewAction, Value: id})
		}
	}
	return append(menu, card.Act{Label: "History", Action: pickAction, Value: "history " + PickID(ar.Choice{Document: d.Document})})
}

func disputesTitle(l desk.DisputeList) string {
	title := "Disputes"
	if l.Late {
		title = "Late disputes"
	}
	if l.Mine {
		title = "Your " + lowerFirst(title)
	}
	if l.Reason != "" {
		title += ", " + l.Reason.Words()
	}
	if l.Of != "" {
		title += " of " + l.Of
	}
	return title
}

func disputesSentence(l desk.DisputeList) string {
	total := len(l.Lines) + l.More
	switch {
	case total == 0:
		return "Nothing is disputed here."
	case len(l.Sums) == 0:
		return fmt.Sprintf("%s, all resolved.", count(total, "dispute"))
	}
	says := fmt.Sprintf("%s disputed in %s", amounts(l.Sums), count(total, "dispute"))
	if l.Behind > 0 {
		says += fmt.Sprintf("; %d should have been resolved by now", l.Behind)
	}
	return says + "."
}

func (r *Router) disputeCauses(ctx context.Context, actor ar.Actor) (Answer, error) {
	causes, err := r.Desk.DisputeCauses(ctx, actor)
	if err != nil {
		return Answer{}, err
	}
	return Answer{Card: r.causesCard(causes)}, nil
}

// causesCard says why invoices were disputed.
func (r *Router) causesCard(causes desk.RootCauses) card.Card {
	span := fmt.Sprintf("from %s to %s", causes.From.Short(), causes.To.Long())
	if len(causes.Causes) == 0 {
		return card.New("Nothing was disputed " + span + ".")
	}
	first := causes.Causes[0]
	says := fmt.Sprintf("%s %s: %s comes first, with %s over %s.", disputesOpened(causes), span, first.Reason.Words(), count(first.Opened, "dispute"), first.Amount)
	c := card.New(says)
	c.Add(CauseParts(causes)...)
	return aged(c, causes.Fresh, r.Desk.Settings().Zone)
}

func disputesOpened(causes desk.RootCauses) string {
	total := 0
	for _, cause := range causes.Causes {
		total += cause.Opened
	}
	return count(total, "dispute") + " opened"
}

// CauseParts are the root causes of disputes as a section of a card: for an
// answer of its own, and for a digest of the week.
func CauseParts(causes desk.RootCauses) []card.Part {
	t := card.Table{Columns: []card.Column{
		{Title: "Reason"},
		{Title: "Opened", Align: card.Right},
		{Title: "Amount", Align: card.Right},
		{Title: "Still open", Align: card.Right},
		{Title: "Credited", Align: card.Right},
	}}
	for _, cause := range causes.Causes {
		t.Rows = append(t.Rows, []string{
			upperFirst(cause.Reason.Words()), strconv.Itoa(cause.Opened), cause.Amount.String(), strconv.Itoa(cause.Standing), strconv.Itoa(cause.Credited),
		})
	}
	return []card.Part{
		card.Paragraph{card.B("Why invoices were disputed"), card.T(fmt.Sprintf(", %s to %s", causes.From.Short(), causes.To.Short()))},
		t,
		card.Note{card.T("Credited: the customer was right, whole or in part.")},
	}
}
