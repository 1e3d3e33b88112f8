package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// contactInputs are the facts by the id of the input that asks for them.
var contactInputs = []struct {
	id   string
	fact ar.ContactFact
	// label and hint are how the form asks.
	label, hint string
}{
	{"contact", ar.FactContact, "Who pays the bills there?", "A name, and a phone number or an address."},
	{"po", ar.FactPO, "Do invoices need an order number?", "The number, or “none”."},
	{"portal", ar.FactPortal, "Must invoices go through a portal?", "Which one, or “none”."},
}

func (r *Router) fillContact(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	value, asked := strings.CutSuffix(c.Value, byQuestion)
	id, ok := parseID(value)
	if !ok || id.Customer == 0 {
		return Answer{}, r.outdated()
	}
	known, err := r.Desk.Contact(ctx, actor, id.Customer)
	if err != nil {
		return Answer{}, err
	}
	m := &card.Modal{InPlace: asked, Action: contactForm, Value: value, Title: "Who pays", Submit: "Save", Parts: []card.Part{card.Paragraph{card.B(known.Account.Name)}}}
	for _, in := range contactInputs {
		m.Inputs = append(m.Inputs, card.Input{
			ID: in.id, Kind: card.Line, Label: in.label, Hint: in.hint, Initial: texts(known.Known[in.fact]), Optional: true, Most: 300,
		})
	}
	return Answer{Modal: m}, nil
}

func (r *Router) sentContact(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	id, ok := parseID(c.Value)
	if !ok || id.Customer == 0 {
		return Answer{}, r.outdated()
	}
	said := map[ar.ContactFact]string{}
	for _, in := range contactInputs {
		said[in.fact] = plainText(c.Fields.One(in.id))
	}
	known, was, err := r.Desk.SetContact(ctx, actor, id.Customer, said)
	if err != nil {
		return wrongIn("contact", Answer{}, err)
	}
	says := "Who pays for " + known.Account.Name + " is saved."
	answer := card.New(says, card.Paragraph{card.B(says)})
	if facts := contactFields(known.ContactFacts); len(facts) > 0 {
		answer.Add(facts)
	}
	undo, err := contactUndo(id.Customer, was)
	return Answer{Card: answer, Undo: undo, Replace: true}, err
}

// byQuestion ends the value of the button in the question of who pays: the answer takes
// its place.
const byQuestion = " asked"

// contactFields are the facts that are known.
func contactFields(known ar.ContactFacts) card.Fields {
	var fields card.Fields
	for _, in := range contactInputs {
		if text := known.Known[in.fact]; text != "" {
			fields = append(fields, card.Field{Label: string(in.fact), Value: text})
		}
	}
	return fields
}

// contactUndo names what the facts were; they are short enough for a button.
func contactUndo(id ar.CustomerID, was ar.ContactFacts) (string, error) {
	said := map[ar.ContactFact]string{}
	for _, in := range contactInputs {
		said[in.fact] = was.Known[in.fact]
	}
	raw, err := json.Marshal(said)
	if err != nil {
		return "", fmt.Errorf("bot: name who paid before: %w", err)
	}
	undo := fmt.Sprintf("contact/%d/%s", id, url.PathEscape(string(raw)))
	if len(undo) > longestValue-100 {
		return "", nil
	}
	return undo, nil
}

func undoContact(ctx context.Context, r *Router, actor ar.Actor, id int64, rest []string) (Answer, error) {
	raw, err := url.PathUnescape(strings.Join(rest, "/"))
	var was map[ar.ContactFact]string
	if err != nil || json.Unmarshal([]byte(raw), &was) != nil {
		return Answer{}, r.outdated()
	}
	known, _, err := r.Desk.SetContact(ctx, actor, ar.CustomerID(id), was)
	if err != nil {
		return Answer{}, err
	}
	return Answer{Card: card.New("Undone: who pays for " + known.Account.Name + " is as it was.")}, nil
}

// contactQuestion asks a sales owner what is missing.
func (d *Digests) contactQuestion(ctx context.Context, p ar.Post) (Composed, error) {
	known, email, ask, err := d.Desk.ContactQuestion(ctx, p)
	if err != nil || !ask {
		return Composed{Empty: true, Head: card.New("Who pays is known by now. Thank you.")}, err
	}
	return Composed{To: d.personTo(email, p.Day), Head: d.contactCard(known)}, nil
}

func (d *Digests) contactCard(known desk.Contact) card.Card {
	says := fmt.Sprintf("Who really pays for %s? %s over %s falls due %s.", known.Account.Name, known.Invoice.Label(), known.Invoice.Open, known.Invoice.Due.Long())
	list := card.List{}
	for _, fact := range known.Missing() {
		list = append(list, []card.Span{card.T(upperFirst(fact.String()))})
	}
	c := card.New(says, card.Paragraph{card.B(says)}, card.Paragraph{card.T("So that it is paid in time, tell me:")}, list,
		card.Buttons{{Label: "Tell…", Action: contactForm, Value: PickID(ar.Choice{Customer: known.Account.ID}) + byQuestion, Style: card.Primary}},
		card.Note{card.T("I ask this once a quarter for a customer, and not again where it is known.")})
	return aged(c, known.Fresh, d.Desk.Settings().Zone)
}

// personTo is the direct message of a person, or of who stands in.
func (d *Digests) personTo(email string, day ar.Date) Destination {
	to := Destination{Email: email, Deputies: d.Desk.Deputies(email, day)}
	if stand, away := d.Desk.StandIn(email, day); away && len(stand.Deputies) > 0 {
		to.Email, to.Deputies = stand.Deputies[0], stand.Deputies[1:]
	}
	return to
}
