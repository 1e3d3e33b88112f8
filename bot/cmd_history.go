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

const earlierAction = "history_earlier"

func historyCommand() command {
	return command{
		name: "history", aliases: []string{"timeline", "log"}, usage: "<customer or invoice>",
		summary:  "what happened on an account: the ledger's events, promises, disputes, notes and calls in one order",
		examples: []string{"history acme", "history INV-1042"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			if args.text() == "" {
				return Answer{}, ar.Refuse("Whose history? Type a customer or an invoice number, like %s history acme.", r.Slash)
			}
			in := desk.HistoryInput{Of: args.text()}
			if id, ok := args.id(); ok {
				in = desk.HistoryInput{Customer: id.Customer, Document: id.Document}
			}
			h, err := r.Desk.History(ctx, actor, in)
			if err != nil {
				return Answer{Again: "history %s"}, err
			}
			return Answer{Card: r.historyCard(h)}, nil
		},
		routes: func(r *Router) Routes { return Routes{Buttons: map[string]Handler{earlierAction: r.earlier}} },
	}
}

// earlier answers the button: its value is the account or invoice, and how many
// events were shown.
func (r *Router) earlier(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	of, number, _ := strings.Cut(c.Value, " ")
	id, ok := parseID(of)
	skip, err := strconv.Atoi(number)
	if !ok || err != nil {
		return Answer{}, r.outdated()
	}
	h, err := r.Desk.History(ctx, actor, desk.HistoryInput{Customer: id.Customer, Document: id.Document, Skip: skip})
	if err != nil {
		return Answer{}, err
	}
	return Answer{Card: r.historyCard(h), Replace: true}, nil
}

// historyCard is one page of a timeline, a line for each event.
func (r *Router) historyCard(h desk.History) card.Card {
	about := aboutWhat(h.Account, h.Invoice)
	if len(h.Events) == 0 {
		return card.New("Nothing has happened on " + about + " yet.")
	}
	says := fmt.Sprintf("What happened on %s, %s to %s.", about, h.Events[0].On.Short(), h.Events[len(h.Events)-1].On.Short())
	c := card.New(says, card.Heading(about))
	list := card.List{}
	for _, e := range h.Events {
		list = append(list, eventLine(e, h))
	}
	c.Add(list)
	id := PickID(ar.Choice{Customer: h.Customer, Document: h.Document})
	var buttons card.Buttons
	if h.Earlier > 0 {
		buttons = append(buttons, card.Button{
			Label: fmt.Sprintf("Earlier (%d)", h.Earlier), Action: earlierAction, Value: fmt.Sprintf("%s %d", id, h.Skip+len(h.Events)),
		})
	}
	if h.Skip > 0 {
		buttons = append(buttons, card.Button{Label: "Latest", Action: earlierAction, Value: id + " 0"})
	}
	if len(buttons) > 0 {
		c.Add(buttons)
	}
	return aged(c, h.Fresh, r.Desk.Settings().Zone)
}

// eventLine is one event: its day, what happened, and who did it.
func eventLine(e ar.Event, h desk.History) []card.Span {
	on := e.On.Short()
	if year, _, _ := e.On.Civil(); year != yearOf(h.Day) {
		on = fmt.Sprintf("%s %d", on, year)
	}
	line := []card.Span{card.B(on), card.T(" ")}
	line = append(line, withPeople(eventSays(e, h))...)
	if e.By != "" {
		line = append(line, card.T(" – "), card.User(e.By))
	}
	if e.Where != "" {
		line = append(line, card.T(" "), card.Link("message", e.Where))
	}
	return line
}

func yearOf(d ar.Date) int {
	year, _, _ := d.Civil()
	return year
}

func eventSays(e ar.Event, h desk.History) string {
	doc, it := h.Labels[e.Doc.ID], h.Labels[e.Doc.ID]
	if h.Invoice != "" {
		doc, it = "", "it" // it stands above
	}
	switch e.Kind {
	case ar.EventInvoice:
		return phrase(upperFirst(string(e.Doc.Kind)), doc, "over", e.Amount.Abs().String())
	case ar.EventCredit:
		return phrase("Credit", doc, "over", e.Amount.Abs().String())
	case ar.EventPayment:
		return phrase("Payment", doc, "of", e.Amount.Abs().String())
	case ar.EventApplication:
		return phrase(e.Amount.String(), "set against", it, fromWhat(e, h))
	case ar.EventDue:
		return phrase(upperFirst(phrase(doc, "fell due,")), e.Amount.String(), "open")
	case ar.EventPromise:
		return phrase("Promised:", e.Amount.String(), onWhat(doc), e.Say)
	case ar.EventVerdict:
		return phrase("Promise", onWhat(doc), lowerFirst(e.Say))
	case ar.EventPromiseEnded:
		return phrase("Promise", onWhat(doc), e.Say)
	case ar.EventDispute:
		return phrase("Disputed:", e.Amount.String(), onWhat(doc), "("+e.Say+")")
	case ar.EventDisputeStep:
		return phrase("Dispute", onWhat(doc), e.Say)
	case ar.EventNote:
		return phrase(notedAs(h.Calls[e.Note], onWhat(doc), e.Say != ""), card.Truncate(e.Say, longestLine))
	}
	return phrase(string(e.Kind), doc)
}

// longestLine is how much of a note a line of the history shows.
const longestLine = 200

// fromWhat names what was applied, where the reader may see it.
func fromWhat(e ar.Event, h desk.History) string {
	if label := h.Labels[e.From.ID]; label != "" {
		return "(" + label + ")"
	}
	return ""
}

func onWhat(doc string) string {
	if doc == "" {
		return ""
	}
	return "on " + doc
}

// notedAs is what stands before the words of a note: "Note on INV-7:", "Call, left
// message".
func notedAs(call ar.CallOutcome, on string, words bool) string {
	says := phrase("Note", on)
	if call != "" {
		says = phrase("Call", on) + ", " + string(call)
	}
	if words {
		says += ":"
	}
	return says
}

// phrase puts words together, those that are there.
func phrase(words ...string) string {
	var there []string
	for _, w := range words {
		if w != "" {
			there = append(there, w)
		}
	}
	return strings.Join(there, " ")
}
