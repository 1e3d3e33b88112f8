package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// escalationForm is what the form of an escalation carries and does not ask for: data,
// and never a right.
type escalationFormValue struct {
	Of string `json:"o,omitempty"`
	// Instead is the one that stood when the form was filled.
	Instead ar.EscalationID `json:"i,omitempty"`
	Where   string          `json:"w,omitempty"`
	// Known are the words that came with the message or the command, until it is known
	// what they are about.
	Known string `json:"k,omitempty"`
}

func (v escalationFormValue) text() (string, error) {
	text, err := json.Marshal(v)
	return string(text), err
}

// Places knows the channels to which something may be posted: a *Gate.
type Places interface {
	Channel(ctx context.Context, id string) (Channel, error)
	Outsiders(ctx context.Context, id string) (bool, error)
}

// toTheOwner is the option of a menu for the direct message with the sales owner.
const toTheOwner = "owner"

// channelMention is how Slack writes a channel in a text: <#C024BE7LR|general>.
var channelMention = regexp.MustCompile(`^<#([CG][A-Z0-9]+)(?:\|[^>]*)?>$`)

// cutChannel takes the channel out of the words of a command; "" for none.
func cutChannel(words []string) (channel string, rest []string, err error) {
	for i, word := range words {
		if m := channelMention.FindStringSubmatch(word); m != nil {
			return m[1], slices.Delete(slices.Clone(words), i, i+1), nil
		}
		if len(word) > 1 && word[0] == '#' && strings.Trim(word[1:], "0123456789") != "" {
			return "", nil, ar.Refuse("I cannot tell which channel %s is. Choose it from the list that Slack shows while you type, or in the form.", word)
		}
	}
	return "", words, nil
}

// fillEscalation fills the form of an escalation: a preview with the words to be changed;
// where it is not known whom it is about, the question for that.
func (r *Router) fillEscalation(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	if err := r.Desk.MayEscalate(actor); err != nil {
		return Answer{}, err
	}
	text, typed := strings.CutPrefix(c.Value, typedValue)
	if !typed {
		known, err := r.meant(ctx, actor, c)
		if err != nil {
			return orAgain(Answer{}, err, "escalate %s")
		}
		if known == (ar.Choice{}) {
			return r.askWhom(c)
		}
		return r.previewEscalation(ctx, actor, desk.Found{Customer: known.Customer, Document: known.Document}, "", spoken(plainText(c.Message.Text)), c.Message.Link)
	}
	channel, words, err := cutChannel(strings.Fields(text))
	if err != nil {
		return Answer{}, err
	}
	if len(words) == 0 {
		return r.askWhom(c)
	}
	found, rest, err := r.leadingInvoice(ctx, actor, arguments{words: words})
	if err != nil {
		return orAgain(Answer{}, err, "escalate %s")
	}
	return r.previewEscalation(ctx, actor, found, channel, spoken(unquote(strings.Join(rest, " "))), "")
}

// askWhom asks which account is meant.
func (r *Router) askWhom(c Call) (Answer, error) {
	value, err := escalationFormValue{Where: c.Message.Link, Known: card.Truncate(spoken(plainText(c.Message.Text)), ar.LongestAsk)}.text()
	return Answer{Modal: &card.Modal{
		Action: escalateForm, Value: value, Title: "Escalate", Submit: "Next",
		Inputs: []card.Input{accountInput("Customer or invoice", ar.Choice{})},
	}}, err
}

// previewEscalation shows all that is posted, and lets the words and the place be chosen.
func (r *Router) previewEscalation(ctx context.Context, actor ar.Actor, found desk.Found, channel, note, where string) (Answer, error) {
	draft, err := r.Desk.DraftEscalation(ctx, actor, found, note)
	if err != nil {
		return Answer{}, err
	}
	to, err := r.destinations(ctx, draft.Owner)
	if err != nil {
		return Answer{}, err
	}
	at := channel
	if !slices.ContainsFunc(to, func(o card.Option) bool { return o.Value == at }) {
		if at != "" {
			return Answer{}, ar.Refuse("Escalations cannot be posted there. Choose one of the channels under escalations: in the config, or have an admin add it.")
		}
		at = to[0].Value
	}
	value := escalationFormValue{Of: PickID(ar.Choice{Customer: draft.Account.ID, Document: found.Document}), Where: where}
	parts := []card.Part{card.Paragraph{card.B(draft.About())}, card.Paragraph{card.T(owedSince(draft.EscalationFacts, draft.Overdue))}}
	if draft.Standing != nil {
		value.Instead = draft.Standing.ID
		parts = append(parts, card.Paragraph{card.T(fmt.Sprintf("Escalation #%d of %s stands. This one takes its place.", draft.Standing.ID, draft.Standing.Opened.On.Long()))})
	}
	parts = append(parts, r.factParts(draft.EscalationFacts)...)
	parts = append(parts, footer(draft.Fresh, r.Desk.Settings().Zone)...)
	text, err := value.text()
	return Answer{Modal: &card.Modal{
		Action: escalateForm, Value: text, Title: "Escalate", Submit: "Post", Parts: parts,
		Inputs: []card.Input{
			{ID: "ask", Kind: card.Lines, Label: "What is asked, and of whom?", Hint: "It stands above what you see here.", Initial: texts(draft.Ask), Most: ar.LongestAsk},
			{ID: "to", Kind: card.Menu, Label: "Where", Options: to, Initial: []string{at}},
			{ID: "due", Kind: card.Day, Label: "To be taken by", Hint: "If nobody has by then, I ask again.", Initial: []string{draft.Due.String()}},
		},
	}}, err
}

// destinations are where an escalation may go.
func (r *Router) destinations(ctx context.Context, owner string) ([]card.Option, error) {
	var to []card.Option
	for _, id := range r.Desk.Settings().Escalations.Channels {
		to = append(to, card.Option{Value: id, Label: r.channelName(ctx, id)})
	}
	if owner != "" {
		to = append(to, card.Option{Value: toTheOwner, Label: r.Desk.PersonName(owner) + ", the sales owner, as a direct message"})
	}
	if len(to) == 0 {
		return nil, ar.Refuse("There is no place to post it: the account has no sales owner who can be told, and the config names no channel under escalations:. Have an admin add one.")
	}
	return to, nil
}

// channelName is how a channel is called now, or its id.
func (r *Router) channelName(ctx context.Context, id string) string {
	if r.Places == nil {
		return id
	}
	c, err := r.Places.Channel(ctx, id)
	if err != nil || c.Name == "" {
		return id
	}
	return "#" + c.Name
}

// insiders refuses a channel that people from outside read.
func (r *Router) insiders(ctx context.Context, channel string) error {
	if r.Places == nil || channel == "" {
		return nil
	}
	outside, err := r.Places.Outsiders(ctx, channel)
	switch {
	case err != nil:
		return ar.Refuse("I cannot tell who reads that channel. Invite me there, or choose another place.")
	case outside:
		return ar.Refuse("People from outside read that channel: guests, or another company. Choose another place.")
	}
	return nil
}

// sentEscalation posts what the form holds; the form that asks whom it is about goes on
// to the preview.
func (r *Router) sentEscalation(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	var value escalationFormValue
	if err := json.Unmarshal([]byte(c.Value), &value); err != nil {
		return Answer{}, r.outdated()
	}
	if value.Of == "" {
		of, ok := accountOf(c)
		if !ok {
			return Answer{Invalid: map[string]string{"of": "Choose the customer or the invoice."}}, nil
		}
		answer, err := r.previewEscalation(ctx, actor, desk.Found{Customer: of.Customer, Document: of.Document}, "", value.Known, value.Where)
		return wrongIn("of", answer, err)
	}
	of, ok := parseID(value.Of)
	if !ok {
		return Answer{}, r.outdated()
	}
	due, err := ar.ParseDate(c.Fields.One("due"))
	if err != nil {
		return Answer{Invalid: map[string]string{"due": "Choose a day."}}, nil //nolint:nilerr // it is said at the field
	}
	in := desk.EscalationInput{Customer: of.Customer, Document: of.Document, Ask: c.Fields.One("ask"), Due: due, Instead: value.Instead, Where: value.Where}
	if to := c.Fields.One("to"); to != toTheOwner {
		in.Channel = to
	}
	if err := r.insiders(ctx, in.Channel); err != nil {
		return wrongIn("to", Answer{}, err)
	}
	e, err := r.Desk.Escalate(ctx, actor, in)
	input := "ask"
	if due.Before(r.Desk.Today()) {
		input = "due"
	}
	if err != nil {
		return wrongIn(input, Answer{}, err)
	}
	return Answer{Card: r.escalated(ctx, e), CloseAll: true}, nil
}

// escalated is the answer to an escalation that was posted.
func (r *Router) escalated(ctx context.Context, e desk.Escalation) card.Card {
	where, next := r.channelName(ctx, e.Channel), "I say in its thread when nobody takes it, when it is paid, and when who took it does nothing."
	if e.Channel == "" {
		where = r.Desk.PersonName(e.To) + ", as a direct message"
		next = "If it is in quiet hours of theirs, it comes when they end. " + next
	}
	says := fmt.Sprintf("Escalated: %s goes to %s. It is to be taken by %s.", e.About(), where, e.Due.Long())
	return card.New(says, card.Paragraph{card.B(says)}, card.Buttons{
		{Label: "Change…", Action: escalationChangeForm, Value: escalationValue(e.ID)},
		{Label: "Withdraw", Action: withdrawAction, Value: escalationValue(e.ID), Confirm: "Withdraw the escalation of " + e.About() + "? The message says so then."},
	}, card.Note{card.T(next)})
}

// fillEscalationChange fills the form that changes the words of an escalation.
func (r *Router) fillEscalationChange(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	if err := r.Desk.MayEscalate(actor); err != nil {
		return Answer{}, err
	}
	e, err := r.escalationOf(ctx, actor, c)
	if err != nil {
		return Answer{}, err
	}
	return Answer{Modal: &card.Modal{
		Action: escalationChangeForm, Value: escalationValue(e.ID), Title: "Change an escalation", Submit: "Save",
		Parts: []card.Part{card.Paragraph{card.B(e.About())}, card.Paragraph{card.T("The message is edited in its place.")}},
		Inputs: []card.Input{
			{ID: "ask", Kind: card.Lines, Label: "What is asked, and of whom?", Initial: texts(e.Ask), Most: ar.LongestAsk},
			{ID: "due", Kind: card.Day, Label: "To be taken by", Initial: []string{e.Due.String()}},
		},
	}}, nil
}

func (r *Router) sentEscalationChange(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	id, err := escalationID(c.Value)
	if err != nil {
		return Answer{}, r.outdated()
	}
	due, err := ar.ParseDate(c.Fields.One("due"))
	if err != nil {
		return Answer{Invalid: map[string]string{"due": "Choose a day."}}, nil //nolint:nilerr // it is said at the field
	}
	e, err := r.Desk.ChangeEscalation(ctx, actor, id, desk.EscalationChange{Ask: c.Fields.One("ask"), Due: due})
	if err != nil {
		return wrongIn("due", Answer{}, err)
	}
	return Answer{Card: card.New("Changed: the message about " + e.About() + " is edited in its place.")}, nil
}

// fillHold fills the form that proposes a credit hold.
func (r *Router) fillHold(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	if err := r.Desk.MayHold(actor); err != nil {
		return Answer{}, err
	}
	known, err := r.meant(ctx, actor, c)
	if err != nil {
		return orAgain(Answer{}, err, "hold %s")
	}
	m := &card.Modal{
		Action: holdForm, Title: "Propose a credit hold", Submit: "Propose",
		Parts: []card.Part{card.Paragraph{card.T("Another person in AR, a manager or an admin has to approve it. arbot announces it; whoever keeps the ledger enforces it.")}},
	}
	if known.Customer != 0 {
		m.Value = PickID(known)
		m.Parts = append([]card.Part{card.Paragraph{card.B(known.Label)}}, m.Parts...)
	} else {
		m.Inputs = append(m.Inputs, accountInput("Customer", ar.Choice{}))
	}
	m.Inputs = append(m.Inputs, card.Input{ID: "why", Kind: card.Lines, Label: "Why?", Hint: "What the other person has to know to agree.", Most: ar.LongestAsk})
	return Answer{Modal: m}, nil
}

func (r *Router) sentHold(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	of, ok := parseID(c.Value)
	if !ok {
		of, ok = accountOf(c)
	}
	if !ok || of.Customer == 0 {
		return Answer{Invalid: map[string]string{"of": "Choose the customer, not an invoice."}}, nil
	}
	e, err := r.Desk.ProposeHold(ctx, actor, desk.HoldInput{Customer: of.Customer, Why: c.Fields.One("why")})
	if err != nil {
		return wrongIn("why", Answer{}, err)
	}
	says := fmt.Sprintf("Proposed: a credit hold of %s. Another person has to approve it in %s.", e.About(), r.channelName(ctx, e.Channel))
	return Answer{Card: card.New(says, card.Paragraph{card.B(says)}, card.Buttons{
		{Label: "Withdraw", Action: withdrawAction, Value: escalationValue(e.ID), Confirm: "Withdraw the proposal?"},
	})}, nil
}
