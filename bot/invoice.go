package bot

import (
	"context"
	"fmt"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// settlementsShown are those of an invoice that its card lists, the latest.
const settlementsShown = 5

// invoiceParts are what there is to know of an invoice beside how it stands.
func invoiceParts(a desk.Account) []card.Part {
	if a.Invoice == nil {
		return nil
	}
	facts := card.Fields{
		{Label: "Open", Value: a.Asked.Open.String()},
		{Label: "Amount", Value: a.Asked.Amount.String()},
		{Label: "Due", Value: dueDate(*a.Asked)},
		{Label: "Overdue", Value: overdueBy(*a.Asked, a.Day)},
	}
	if a.Asked.PO != "" {
		facts = append(facts, card.Field{Label: "PO", Value: a.Asked.PO})
	}
	parts := []card.Part{facts}
	if list := settlements(a.Invoice.Applied); len(list) > 0 {
		parts = append(parts, list)
	}
	if buttons := invoiceButtons(a); len(buttons) > 0 {
		parts = append(parts, buttons)
	}
	return append(parts, card.Divider{})
}

func dueDate(i ar.OpenItem) string {
	if i.DueBasis == ar.DueMissing {
		return i.Due.Long() + " (no due date)"
	}
	return i.Due.Long()
}

func overdueBy(i ar.OpenItem, day ar.Date) string {
	if late := i.DaysOverdue(day); late > 0 && i.Owed() {
		return count(late, "day")
	}
	return "no"
}

// settlements list what was set against an invoice, the oldest first.
func settlements(applied []ar.Settlement) card.List {
	list := card.List{}
	if before := len(applied) - settlementsShown; before > 0 {
		list = append(list, []card.Span{card.T(count(before, "earlier payment or credit"))})
		applied = applied[before:]
	}
	for _, s := range applied {
		list = append(list, []card.Span{card.T(settled(s))})
	}
	return list
}

func settled(s ar.Settlement) string {
	what, from := came(s.Inferred), ""
	switch s.Kind {
	case ar.ByCredit:
		what = "credited"
	case ar.ByWriteOff:
		what = "written off"
	case ar.ByPayment:
	}
	if s.From != "" {
		from = " by " + s.From
	}
	if s.Amount.Sign() < 0 {
		return fmt.Sprintf("%s taken back on %s (%s%s)", s.Amount.Abs(), s.Date.Long(), what, from)
	}
	return fmt.Sprintf("%s %s on %s%s", s.Amount, what, s.Date.Long(), from)
}

// remindAction is the action of the button that has the ledger mail an invoice.
const remindAction = "remind"

func invoiceButtons(a desk.Account) card.Buttons {
	var buttons card.Buttons
	if a.Invoice.PayLink != "" {
		buttons = append(buttons, card.Button{Label: "Open the payment page", URL: a.Invoice.PayLink})
	}
	if a.Asked.URL != "" {
		buttons = append(buttons, card.Button{Label: "Open in the ledger", URL: a.Asked.URL})
	}
	if a.Invoice.CanRemind {
		buttons = append(buttons, card.Button{
			Label: "Remind customer", Action: remindAction, Value: PickID(ar.Choice{Document: a.Asked.ID}),
			Confirm: fmt.Sprintf("The ledger sends invoice %s (%s open) to %s by e-mail, now.", a.Asked.Label(), a.Asked.Open, a.Name),
		})
	}
	return buttons
}

// remind answers the button: it says to whom the invoice was sent. One press is one
// mail, however often Slack delivers it.
func (r *Router) remind(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	id, ok := parseID(c.Value)
	if !ok || id.Document == 0 {
		return Answer{}, ar.Refuse("I do not know which invoice is meant. Type %s status and its number.", r.Slash)
	}
	sent, err := r.Desk.Remind(ctx, actor, desk.RemindInput{Document: id.Document, Once: c.Delivery})
	if err != nil {
		return Answer{}, err
	}
	to := sent.To
	if to == "" {
		to = "the address on the invoice"
	}
	return Answer{Card: card.New(fmt.Sprintf("Invoice %s was sent to %s (%s).", sent.Document.Label(), to, sent.Customer.Name))}, nil
}
