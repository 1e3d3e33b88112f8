package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// formParts are the instalments that the form has room for, at least.
const formParts = 3

// fillPromise fills the form that records a promise: for what a button or a typed
// command names, for what was read already, or with the words of a message.
func (r *Router) fillPromise(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	draft, read := decodeDraft(c.Value)
	if !read {
		known, err := r.meant(ctx, actor, c)
		if err != nil {
			return orAgain(Answer{}, err, "promise %s")
		}
		draft = r.guessed(ctx, actor, c, known)
		draft.Customer, draft.Document = known.Customer, known.Document
		draft.Where = r.promisedWhere(ctx, c)
	}
	return inPlaceOf(read && !c.Menu)(r.promiseModal(ctx, actor, draft, "Record a promise", promiseForm))
}

// guessed is what the words of a message say that is promised, where they can be read
// in one way only; the note is all of them.
func (r *Router) guessed(ctx context.Context, actor ar.Actor, c Call, known ar.Choice) desk.PromiseDraft {
	draft := desk.PromiseDraft{Note: card.Truncate(plainText(slackLabel.ReplaceAllString(c.Message.Text, "<$1>")), ar.LongestNote)}
	if c.Message.Text == "" || known == (ar.Choice{}) {
		return draft
	}
	reading, _, err := r.Desk.ReadPromise(ctx, actor, desk.PromiseText{Text: c.Message.Text, About: desk.Found{Customer: known.Customer, Document: known.Document}})
	if err == nil && len(reading.Drafts) == 1 {
		draft.Parts = reading.Drafts[0].Parts
	}
	return draft
}

// fillPromiseChange fills the form that changes a promise: its button's value is the id.
func (r *Router) fillPromiseChange(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	p, err := r.promiseOf(ctx, actor, c.Value)
	switch {
	case err != nil:
		return Answer{}, err
	case !p.Stands():
		return Answer{}, ar.Refuse("This promise is over: %s Record a new one.", p.Verdict.Sentence())
	case !p.MayChange:
		return Answer{}, ar.Forbid("Only who recorded a promise, AR and admins can change it. Ask one of them, or write a note.")
	}
	return inPlaceOf(!c.Menu)(r.promiseModal(ctx, actor, desk.PromiseDraft{
		Customer: p.Customer, Document: p.Document, Parts: p.Parts, Note: p.Note, Where: p.Made.Where, Instead: p.ID,
	}, "Change a promise", promiseChangeForm))
}

// inPlaceOf has the answer to a form take the place of the message with its button, if
// that is about nothing else.
func inPlaceOf(so bool) func(Answer, error) (Answer, error) {
	return func(a Answer, err error) (Answer, error) {
		if a.Modal != nil {
			a.Modal.InPlace = so
		}
		return a, err
	}
}

func (r *Router) promiseModal(ctx context.Context, actor ar.Actor, draft desk.PromiseDraft, title, action string) (Answer, error) {
	m := &card.Modal{Action: action, Title: title, Submit: "Save"}
	about := ar.Choice{Customer: draft.Customer, Document: draft.Document}
	if about != (ar.Choice{}) {
		var err error
		if about, err = r.Desk.Named(ctx, actor, about); err != nil {
			return Answer{}, err
		}
	}
	if draft.Instead == 0 {
		m.Inputs = append(m.Inputs, accountInput("Invoice or customer", about))
	} else {
		m.Parts = append(m.Parts, card.Paragraph{card.B(about.Label)}, card.Paragraph{card.T("The new promise takes the place of the one before, which stays in the history.")})
	}
	for i := range max(formParts, len(draft.Parts)) {
		m.Inputs = append(m.Inputs, partInputs(i, draft.Parts)...)
	}
	m.Inputs = append(m.Inputs, card.Input{
		ID: "note", Kind: card.Lines, Label: "Note", Hint: "What the customer said, and who said it.", Initial: texts(draft.Note), Optional: true, Most: ar.LongestNote,
	})
	kept := desk.PromiseDraft{Customer: draft.Customer, Document: draft.Document, Where: draft.Where, Instead: draft.Instead}
	value, err := formValue(kept)
	m.Value = value
	return Answer{Modal: m}, err
}

// formValue is what the form needs when it is sent and does not ask for.
func formValue(d desk.PromiseDraft) (string, error) {
	if d.Customer == 0 {
		d.Customer = -1 // not known yet: the form asks for it
	}
	return encodeDraft(d)
}

func partInputs(i int, parts []ar.Instalment) []card.Input {
	n := strconv.Itoa(i + 1)
	amount := card.Input{ID: "amount" + n, Kind: card.Line, Label: "Amount", Placeholder: "1,200, 12k, half, all", Most: 60}
	due := card.Input{ID: "day" + n, Kind: card.Day, Label: "Paid by"}
	if i > 0 {
		amount.Label, due.Label = "Amount of part "+n, "Part "+n+" paid by"
		amount.Placeholder = "500, the rest"
		amount.Optional, due.Optional = true, true
	}
	if i < len(parts) {
		amount.Initial, due.Initial = []string{parts[i].Amount.Decimal()}, []string{parts[i].Due.String()}
	}
	return []card.Input{amount, due}
}

// sentPromise saves what the form holds: a new promise, or one in the place of another.
func (r *Router) sentPromise(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	kept, ok := decodeDraft(c.Value)
	if !ok {
		return Answer{}, r.outdated()
	}
	if kept.Instead == 0 {
		of, chosen := accountOf(c)
		if !chosen {
			return Answer{Invalid: map[string]string{"of": "Choose the invoice or the customer."}}, nil
		}
		kept.Customer, kept.Document = of.Customer, of.Document
	}
	text, invalid := promiseFields(c.Fields, r.Desk.Typing())
	if len(invalid) > 0 {
		return Answer{Invalid: invalid}, nil
	}
	draft, invalid, err := r.filledDraft(ctx, actor, kept, text)
	if err != nil || len(invalid) > 0 {
		return Answer{Invalid: invalid}, err
	}
	draft.Note = slackLabel.ReplaceAllString(c.Fields.One("note"), "<$1>")
	answer, err := r.recorded(ctx, actor, draft)
	answer.CloseAll, answer.Replace = err == nil, true
	return wrongIn("amount1", answer, err)
}

// promiseFields makes of the fields the text that says the same, so that a form and a
// command are read by one rule; or it says what is wrong, by field.
func promiseFields(f Fields, t ar.Typing) (text string, invalid map[string]string) {
	invalid = map[string]string{}
	var parts []string
	var before ar.Date
	for i := range max(formParts, len(f)) { // each part has two inputs
		n := strconv.Itoa(i + 1)
		amount, due := strings.TrimSpace(f.One("amount"+n)), f.One("day"+n)
		if amount == "" && due == "" && i > 0 {
			continue
		}
		day, err := ar.ParseDate(due)
		if say := wrongDay(day, err, before, t.Today); say != "" {
			invalid["day"+n] = say
		}
		if say := wrongAmount(amount, t); say != "" {
			invalid["amount"+n] = say
		}
		before = day
		parts = append(parts, fmt.Sprintf("%s by %s", amount, due))
	}
	return strings.Join(parts, ", "), invalid
}

func wrongDay(day ar.Date, err error, before, today ar.Date) string {
	switch {
	case err != nil:
		return "Choose the day by which it is paid."
	case day.Before(today):
		return day.Long() + " is past. Choose a day from today on."
	case !before.IsZero() && !day.After(before):
		return "Choose a day after " + before.Long() + ", that of the part before."
	}
	return ""
}

func wrongAmount(amount string, t ar.Typing) string {
	if amount == "" {
		return "Type how much is paid, like 1,200 or half."
	}
	reading, err := t.Amount(amount)
	switch {
	case err != nil:
		return sayOf(err)
	case reading.Ask != "":
		return reading.Ask + " Type it so that it can be read in one way."
	}
	return ""
}

// filledDraft reads the text of a form.
func (r *Router) filledDraft(ctx context.Context, actor ar.Actor, kept desk.PromiseDraft, text string) (desk.PromiseDraft, map[string]string, error) {
	reading, _, err := r.Desk.ReadPromise(ctx, actor, desk.PromiseText{
		Text: text, About: desk.Found{Customer: kept.Customer, Document: kept.Document}, Where: kept.Where, Instead: kept.Instead,
	})
	if known, ok := errors.AsType[*ar.Error](err); ok {
		field := "amount1"
		if known.Kind != ar.Invalid && kept.Instead == 0 {
			field = "of"
		}
		return desk.PromiseDraft{}, map[string]string{field: known.Say}, nil
	}
	switch {
	case err != nil:
		return desk.PromiseDraft{}, nil, err
	case reading.Same != nil:
		same := reading.Same
		return desk.PromiseDraft{Customer: same.Customer, Document: same.Document, Parts: same.Parts, Instead: kept.Instead}, nil, nil
	case len(reading.Drafts) > 1:
		return desk.PromiseDraft{}, map[string]string{"amount1": reading.Ask}, nil
	}
	return reading.Drafts[0], nil, nil
}
