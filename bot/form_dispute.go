package bot

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// fillDispute fills the form that opens a dispute: for an invoice of a button or a
// typed command, or with the words of a message.
func (r *Router) fillDispute(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	if err := r.Desk.MayRecord(actor); err != nil {
		return Answer{}, err
	}
	known, err := r.meant(ctx, actor, c)
	if err != nil {
		return orAgain(Answer{}, err, "dispute %s")
	}
	var invoices []ar.Choice
	if known.Document == 0 && known.Customer != 0 {
		if invoices, err = r.Desk.DisputableInvoices(ctx, actor, known.Customer, mostInvoices); err != nil {
			return Answer{}, err
		}
	}
	return Answer{Modal: &card.Modal{
		Action: disputeForm, Value: c.Message.Link, Title: "Dispute an invoice", Submit: "Record",
		Parts: []card.Part{card.Paragraph{card.T("The amount is not chased while it is disputed. It is still owed.")}},
		Inputs: []card.Input{
			invoiceInput(known, invoices),
			{ID: "amount", Kind: card.Line, Label: "Disputed amount", Hint: "All that is open, if you leave it empty.", Placeholder: "400, half", Optional: true, Most: 40},
			{ID: "reason", Kind: card.Menu, Label: "Reason", Hint: "I read it out of the words, if you choose none.", Options: reasonOptions(), Optional: true},
			{ID: "note", Kind: card.Lines, Label: "What did the customer say?", Initial: texts(c.Message.Text), Most: ar.LongestNote},
		},
	}}, nil
}

// mostInvoices are offered of a customer.
const mostInvoices = 100

func texts(text string) []string {
	if text = spoken(plainText(text)); text == "" {
		return nil
	}
	return []string{text}
}

// meant is the account or invoice that a form is opened for: that of a button,
// what a command names, or the first number of a message that is an invoice's.
func (r *Router) meant(ctx context.Context, actor ar.Actor, c Call) (ar.Choice, error) {
	if id, ok := parseID(c.Value); ok {
		return r.Desk.Named(ctx, actor, id)
	}
	if text, typed := strings.CutPrefix(c.Value, typedValue); typed {
		found, err := r.Desk.Find(ctx, actor, text)
		if err != nil {
			return ar.Choice{}, err
		}
		return r.Desk.Named(ctx, actor, ar.Choice{Customer: found.Customer, Document: found.Document})
	}
	if c.Kind == Shortcut && c.ThreadTS != "" {
		if about, err := r.Desk.EscalatedThere(ctx, actor, c.Channel, c.ThreadTS); err == nil && about != (ar.Choice{}) {
			return about, nil
		}
	}
	for _, word := range numbersIn(c.Message.Text) {
		if found, err := r.Desk.Find(ctx, actor, word); err == nil && found.Document != 0 {
			return r.Desk.Named(ctx, actor, ar.Choice{Document: found.Document})
		}
	}
	return ar.Choice{}, nil
}

// mostNumbers are tried of a message.
const mostNumbers = 5

// numbersIn are the words of a message that may be the number of an invoice.
func numbersIn(text string) []string {
	var found []string
	for word := range strings.FieldsSeq(plainText(text)) {
		word = strings.Trim(word, ".,;:!?()[]\"'#")
		if len(word) > 2 && strings.ContainsAny(word, "0123456789") && !strings.ContainsAny(word, "$€£%") && len(found) < mostNumbers {
			found = append(found, word)
		}
	}
	return found
}

// plainText is what a person reads in a message.
func plainText(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = clean(lines[i])
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func (r *Router) sentDispute(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	of, ok := accountOf(c)
	if !ok {
		return Answer{Invalid: map[string]string{"of": "Choose the invoice."}}, nil
	}
	in := desk.DisputeInput{
		Customer: of.Customer, Document: of.Document, Amount: c.Fields.One("amount"), Reason: ar.Reason(c.Fields.One("reason")),
		Note: c.Fields.One("note"), Where: c.Value, Form: c.View.ID,
	}
	d, err := r.Desk.OpenDispute(ctx, actor, in)
	if ar.KindOf(err) == ar.Ambiguous {
		return Answer{Invalid: map[string]string{"of": "This customer has several open invoices. Choose one by its number."}}, nil
	}
	input := "of"
	if in.Amount != "" {
		input = "amount"
	}
	answer, err := wrongIn(input, r.opened(d), err)
	answer.CloseAll = err == nil
	return answer, err
}

// sayOf is the sentence of an error that people read.
func sayOf(err error) string {
	if known, ok := errors.AsType[*ar.Error](err); ok {
		return known.Say
	}
	return ""
}

// fillChange fills the form that changes a dispute.
func (r *Router) fillChange(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	id, err := disputeID(c.Value)
	if err != nil {
		return Answer{}, r.outdated()
	}
	d, err := r.Desk.Dispute(ctx, actor, id)
	if err != nil {
		return Answer{}, err
	}
	return Answer{Modal: &card.Modal{
		InPlace: !c.Menu, Action: changeForm, Value: strconv.FormatInt(int64(id), 10), Title: "Change a dispute", Submit: "Save",
		Parts: append([]card.Part{card.Paragraph{card.B(disputeSays(d))}}, noted(d.Note)...),
		Inputs: []card.Input{
			{ID: "amount", Kind: card.Line, Label: "Disputed amount", Hint: d.Invoice.Open.String() + " is open.", Initial: []string{d.Amount.Decimal()}, Most: 40},
			{ID: "reason", Kind: card.Menu, Label: "Reason", Options: reasonOptions(), Initial: []string{string(d.Reason)}},
			{ID: "assignee", Kind: card.Line, Label: "Who resolves it", Hint: "An e-mail address. The person is reminded by direct message.", Initial: texts(d.Assignee), Optional: true, Most: 200},
		},
	}}, nil
}

func (r *Router) sentChange(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	id, err := disputeID(c.Value)
	if err != nil {
		return Answer{}, r.outdated()
	}
	d, err := r.Desk.Dispute(ctx, actor, id)
	if err != nil {
		return Answer{}, err
	}
	change := desk.DisputeChange{}
	if reason := ar.Reason(c.Fields.One("reason")); reason != d.Reason {
		change.Reason = &reason
	}
	if assignee := plainText(c.Fields.One("assignee")); assignee != d.Assignee {
		change.Assignee = &assignee
	}
	if amount := c.Fields.One("amount"); amount != d.Amount.Decimal() {
		change.Amount = &amount
	}
	answer, err := r.changed(ctx, actor, id, change)
	input := "amount"
	if change.Amount == nil {
		input = "assignee"
	}
	return wrongIn(input, answer, err)
}
