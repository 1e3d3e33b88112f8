package bot

import (
	"context"
	"fmt"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// The forms of notes, calls, and of who pays.
const (
	noteForm    = "note"
	callForm    = "call"
	contactForm = "contact"
)

func noteCommand() command {
	return command{
		name: "note", aliases: []string{"notes"}, usage: "<customer or invoice> <text>",
		summary:  "keeps what a customer said, for everybody who sees the account",
		examples: []string{"note acme pays by check on Fridays", "note INV-1042 waits for a new PO", "note"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			return r.writeNote(ctx, actor, args)
		},
		form: func(a arguments) (string, string, bool) { return formWithout(noteForm, a) },
		routes: func(r *Router) Routes {
			return Routes{
				Forms: map[string]Form{
					noteForm:    {Title: "Note", Fill: r.fillNote, Sent: r.sentNote},
					callForm:    {Title: "Log a call", Fill: r.fillCall, Sent: r.sentNote},
					contactForm: {Title: "Who pays", Fill: r.fillContact, Sent: r.sentContact},
				},
				Shortcuts: []MenuEntry{{Form: noteForm, Name: "Note", Description: "Keep this message as a note on an account", OfMessage: true}},
			}
		},
	}
}

// callCommand logs a call: it is always a form.
func callCommand() command {
	return command{
		name: "call", aliases: []string{"called", "phoned"}, usage: "[customer or invoice]",
		summary:  "logs a call to a customer, and how it ended",
		examples: []string{"call acme"},
		run: func(_ context.Context, r *Router, _ ar.Actor, _ arguments) (Answer, error) {
			return Answer{}, ar.Refuse("A call is logged in a form: type %s call, and the customer.", r.Slash)
		},
		form: func(a arguments) (string, string, bool) {
			if len(a.words) == 0 {
				return callForm, "", true
			}
			if _, ok := a.id(); ok {
				return callForm, a.words[0], true
			}
			return callForm, typedValue + a.text(), true
		},
	}
}

// formWithout opens a form where nothing but an account was typed.
func formWithout(name string, a arguments) (string, string, bool) {
	switch {
	case len(a.words) == 0:
		return name, "", true
	case len(a.words) > 1:
		return "", "", false
	case a.picked:
		return name, a.words[0], true
	}
	return name, typedValue + a.words[0], true
}

func (r *Router) writeNote(ctx context.Context, actor ar.Actor, args arguments) (Answer, error) {
	if len(args.words) == 0 {
		return Answer{}, ar.Refuse("A note about whom? Type %s note acme pays by check.", r.Slash)
	}
	found, rest, err := r.leadingInvoice(ctx, actor, args)
	if err != nil {
		return orAgain(Answer{}, err, "note %s "+strings.Join(rest, " "))
	}
	n, err := r.Desk.WriteNote(ctx, actor, desk.NoteInput{
		Customer: found.Customer, Document: found.Document, Text: spoken(unquote(strings.Join(rest, " "))), Where: r.where(ctx, args.call),
	})
	return r.noteKept(n), err
}

// noteKept is the answer to a note that was kept.
func (r *Router) noteKept(n desk.Note) Answer {
	if n.ID == 0 {
		return Answer{}
	}
	says := "Noted on " + aboutWhat(n.Account, n.Invoice) + "."
	if n.Call != "" {
		says = fmt.Sprintf("Call to %s logged: %s.", aboutWhat(n.Account, n.Invoice), n.Call)
	}
	c := card.New(says, card.Paragraph{card.B(says)})
	c.Add(noted(n.Text)...)
	var buttons card.Buttons
	switch n.Call {
	case ar.CallDisputed:
		buttons = append(buttons, card.Button{Label: "Record the dispute…", Action: disputeForm, Value: idOf(n.Note), Style: card.Primary})
	case ar.CallWrongContact:
		buttons = append(buttons, card.Button{Label: "Who pays there?", Action: contactForm, Value: PickID(ar.Choice{Customer: n.Customer}), Style: card.Primary})
	case ar.CallPromised:
		if _, there := r.Forms[promiseForm]; there {
			buttons = append(buttons, card.Button{Label: "Log the promise…", Action: promiseForm, Value: idOf(n.Note), Style: card.Primary})
		}
	case ar.CallReached, ar.CallLeftMessage, ar.CallNoAnswer, ar.CallRefused:
	}
	if len(buttons) > 0 {
		c.Add(buttons)
	}
	c.Add(card.Note{card.T("Everybody who sees the account finds it in "), card.Code(r.Slash + " history " + n.Account.Name)})
	return Answer{Card: c, Undo: fmt.Sprintf("note/%d/%s", n.ID, idOf(n.Note))}
}

func idOf(n ar.Note) string { return PickID(ar.Choice{Customer: n.Customer, Document: n.Document}) }

// aboutWhat names an account, or an invoice of it.
func aboutWhat(account ar.Customer, invoice string) string {
	if invoice != "" {
		return invoice + " (" + account.Name + ")"
	}
	return account.Name
}

func undoNote(ctx context.Context, r *Router, actor ar.Actor, id int64, rest []string) (Answer, error) {
	about, _ := parseID(strings.Join(rest, ""))
	n, err := r.Desk.RemoveNote(ctx, actor, ar.NoteID(id), desk.Found{Customer: about.Customer, Document: about.Document})
	if err != nil {
		return Answer{}, err
	}
	return Answer{Card: card.New("Undone: the note on " + aboutWhat(n.Account, n.Invoice) + " was taken back.")}, nil
}

func (r *Router) fillNote(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	known, err := r.meant(ctx, actor, c)
	if err != nil {
		return orAgain(Answer{}, err, "note %s")
	}
	return Answer{Modal: &card.Modal{
		Action: noteForm, Value: c.Message.Link, Title: "Note", Submit: "Keep",
		Inputs: []card.Input{
			accountInput("Customer or invoice", known),
			{ID: "note", Kind: card.Lines, Label: "Note", Hint: "Everybody who sees the account can read it.", Initial: texts(c.Message.Text), Most: ar.LongestNote},
		},
	}}, nil
}

func (r *Router) fillCall(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	known, err := r.meant(ctx, actor, c)
	if err != nil {
		return orAgain(Answer{}, err, "call %s")
	}
	outcome := card.Input{ID: "call", Kind: card.Radio, Label: "How did it end?"}
	for _, o := range ar.CallOutcomes() {
		outcome.Options = append(outcome.Options, card.Option{Value: string(o), Label: upperFirst(string(o))})
	}
	return Answer{Modal: &card.Modal{
		Action: callForm, Title: "Log a call", Submit: "Log call",
		Inputs: []card.Input{
			accountInput("Customer or invoice", known), outcome,
			{ID: "note", Kind: card.Lines, Label: "What was said?", Optional: true, Most: ar.LongestNote},
		},
	}}, nil
}

// sentNote answers the forms of notes and calls: a call has an outcome.
func (r *Router) sentNote(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	of, ok := accountOf(c)
	if !ok {
		return Answer{Invalid: map[string]string{"of": "Choose the customer or the invoice."}}, nil
	}
	n, err := r.Desk.WriteNote(ctx, actor, desk.NoteInput{
		Customer: of.Customer, Document: of.Document, Text: c.Fields.One("note"), Call: ar.CallOutcome(c.Fields.One("call")), Where: c.Value, Form: c.View.ID,
	})
	return wrongIn("note", r.noteKept(n), err)
}
