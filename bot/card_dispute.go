package bot

import (
	"fmt"
	"strconv"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// The buttons and forms of disputes.
const (
	disputeForm    = "dispute"
	changeForm     = "dispute_change"
	resolveForm    = "resolve"
	reasonAction   = "dispute_reason"
	reviewAction   = "dispute_review"
	reopenAction   = "dispute_reopen"
	showAction     = "dispute_show"
	creditedAction = "dispute_suggested"
	notThisAction  = "dispute_not_this"
)

// disputeCard tells of a dispute, after a sentence of what was done or asked.
func (r *Router) disputeCard(d desk.Dispute, says string) card.Card {
	c := card.New(says, card.Paragraph{card.B(says)}, r.disputeFields(d))
	c.Add(noted(d.Note)...)
	c.Add(saidHow(d)...)
	c.Add(r.disputeActs(d)...)
	c.Add(disputeNote(d, r.assigneeName(d))...)
	c.Add(footer(d.Fresh, r.Desk.Settings().Zone)...)
	return c
}

// disputeSays names a dispute: "$600.00 of INV-1042 (Acme), short shipment".
func disputeSays(d desk.Dispute) string {
	return fmt.Sprintf("%s of %s (%s), %s", d.Amount, d.Invoice.Label(), d.Account.Name, d.Reason.Words())
}

func (r *Router) disputeFields(d desk.Dispute) card.Fields {
	fields := card.Fields{
		{Label: "State", Value: disputeState(d)},
		{Label: "With", Value: r.withWhom(d)},
	}
	if d.Stands() {
		fields = append(fields, card.Field{Label: "To be resolved by", Value: d.Due.Long() + lateWords(d)})
		fields = append(fields, card.Field{Label: "Not disputed", Value: d.Rest.String()})
	}
	return fields
}

func disputeState(d desk.Dispute) string {
	if d.Outcome != "" {
		return string(d.State) + ": " + string(d.Outcome)
	}
	return string(d.State)
}

func lateWords(d desk.Dispute) string {
	switch {
	case d.Late():
		return ", " + count(max(1, -d.DaysLeft), "business day") + " late"
	case d.DaysLeft == 0:
		return ", today"
	}
	return ""
}

// withWhom is who has to resolve a dispute: a department, and who there.
func (r *Router) withWhom(d desk.Dispute) string {
	if name := r.assigneeName(d); name != "" {
		return string(d.Department) + ", " + name
	}
	return string(d.Department) + ", nobody yet"
}

func (r *Router) assigneeName(d desk.Dispute) string {
	if d.Assignee == "" {
		return ""
	}
	return r.Desk.PersonName(d.Assignee)
}

// saidHow says how sure a reason is that was read out of the words.
func saidHow(d desk.Dispute) []card.Part {
	switch d.Confidence {
	case ar.Unsure:
		return []card.Part{card.Paragraph{card.T("I could not tell the reason from the words. Choose it below.")}}
	case ar.Likely:
		return []card.Part{card.Paragraph{card.T("I read the reason out of the words, which speak of others, too. Change it below if it is another.")}}
	case ar.Sure:
		return []card.Part{card.Paragraph{card.T("I read the reason out of the words. Change it below if it is another.")}}
	}
	return nil
}

// disputeActs are the menu and the buttons of a dispute, for who may use them.
func (r *Router) disputeActs(d desk.Dispute) []card.Part {
	id := strconv.FormatInt(int64(d.ID), 10)
	switch {
	case !d.MayChange:
		return nil
	case !d.Stands():
		return []card.Part{card.Buttons{{Label: "Open again", Action: reopenAction, Value: id}}}
	}
	buttons := card.Buttons{
		{Label: "Resolve…", Action: resolveForm, Value: id, Accessible: "Resolve the dispute of " + d.Invoice.Label()},
		{Label: "Change…", Action: changeForm, Value: id, Accessible: "Change the dispute of " + d.Invoice.Label()},
	}
	if d.State == ar.DisputeOpen {
		buttons = append(buttons, card.Button{Label: "In review", Action: reviewAction, Value: id})
	}
	return []card.Part{reasonMenu(d), buttons}
}

func reasonMenu(d desk.Dispute) card.Select {
	return card.Select{
		Label: "Reason", Action: reasonAction, Of: fmt.Sprintf("%d:%s", d.ID, d.Reason),
		Options: reasonOptions(), Initial: string(d.Reason),
	}
}

func reasonOptions() []card.Option {
	options := make([]card.Option, 0, len(ar.Reasons()))
	for _, reason := range ar.Reasons() {
		options = append(options, card.Option{Value: string(reason), Label: upperFirst(reason.Words())})
	}
	return options
}

// disputeNote says what happens next.
func disputeNote(d desk.Dispute, assignee string) []card.Part {
	if !d.Stands() {
		return nil
	}
	next := "I remind " + assignee + " on the day it is to be resolved, and every second business day after it."
	switch {
	case assignee == "" && d.MayChange:
		next = "Nobody is assigned: choose somebody with Change. Until then I remind who opened it."
	case assignee == "":
		next = "Nobody is assigned yet: I remind who opened it."
	}
	return []card.Part{card.Note{card.T(fmt.Sprintf("Dispute #%d. The amount is not chased while it is disputed; it is still owed. %s", d.ID, next))}}
}

// disputeLine is a dispute as one of a list.
func (r *Router) disputeLine(d desk.Dispute, day ar.Date) string {
	text := fmt.Sprintf("%s · %s · %s · %s · %s", d.Account.Name, d.Invoice.Label(), d.Amount, d.Reason.Words(), r.withWhom(d))
	switch {
	case !d.Stands():
		return text + " · " + disputeState(d)
	case d.Late():
		text += " · " + count(max(1, -d.DaysLeft), "business day") + " late"
	case d.Due == day:
		text += " · due today"
	default:
		text += " · by " + d.Due.Short()
	}
	if d.State == ar.DisputeInReview {
		text += " · in review"
	}
	return text
}
