package bot

import (
	"bytes"
	"context"
	"fmt"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// handoffAction exports an account for an agency: its value is the account.
const handoffAction = "handoff"

func handoffCommand() command {
	return command{
		name: "handoff", aliases: []string{"agency"}, usage: "<customer>",
		summary:  "exports an account for a collection agency, as a file sent to you alone",
		examples: []string{"handoff acme"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			return r.prepareHandoff(ctx, actor, args)
		},
		routes: func(r *Router) Routes {
			return Routes{Buttons: map[string]Handler{handoffAction: r.handOff}}
		},
	}
}

// prepareHandoff says what the pack would hold, and asks.
func (r *Router) prepareHandoff(ctx context.Context, actor ar.Actor, args arguments) (Answer, error) {
	if len(args.words) == 0 {
		return Answer{}, ar.Refuse("Which customer? Type %s handoff acme.", r.Slash)
	}
	id, picked := args.id()
	if !picked {
		found, err := r.Desk.Find(ctx, actor, args.text())
		if err != nil {
			return orAgain(Answer{}, err, "handoff %s")
		}
		id = ar.Choice{Customer: found.Customer, Document: found.Document}
	}
	if id.Customer == 0 {
		return Answer{}, ar.Refuse("A whole account is handed off, and that is an invoice. Type %s handoff, and the customer.", r.Slash)
	}
	h, err := r.Desk.PrepareHandoff(ctx, actor, id.Customer)
	if err != nil {
		return Answer{}, err
	}
	says := fmt.Sprintf("Hand %s to an agency? %s overdue in %s.", h.Account.Name, amounts(h.Sums), count(len(h.Invoices), "invoice"))
	c := card.New(says, card.Paragraph{card.B(says)}, card.Paragraph{card.T(fmt.Sprintf(
		"The pack is a ZIP file with a summary as a page, and the statement (%s), the overdue invoices, the promises (%d) and the contact log (%s) for Excel.",
		count(len(h.Statement), "document"), len(h.Promises), count(len(h.Log.Events), "entry")))})
	if len(h.Disputes) > 0 {
		c.Add(card.Paragraph{card.B("Look first: "), card.T(count(len(h.Disputes), "dispute") + " of it is written down. The pack says so.")})
	}
	c.Add(card.Buttons{{
		Label: "Send me the pack", Action: handoffAction, Value: PickID(ar.Choice{Customer: h.Account.ID}), Style: card.Primary,
		Confirm: "Everything that is known of " + h.Account.Name + " goes into a file for you alone. The audit says that you have it.",
	}}, card.Note{card.T("Nothing is sent to anybody else, and nothing changes in the ledger.")})
	return Answer{Card: aged(c, h.Fresh, r.Desk.Settings().Zone)}, nil
}

// handOff makes the pack and brings it to who asked.
func (r *Router) handOff(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	id, ok := parseID(c.Value)
	if !ok || id.Customer == 0 {
		return Answer{}, r.outdated()
	}
	if r.Private == nil {
		return Answer{}, ar.Refuse("Files cannot be sent from here.")
	}
	h, err := r.Desk.Handoff(ctx, actor, id.Customer)
	if err != nil {
		return Answer{}, err
	}
	var pack bytes.Buffer
	if err := r.writeHandoff(&pack, h); err != nil {
		return Answer{}, fmt.Errorf("bot: pack of customer %d: %w", id.Customer, err)
	}
	name := handoffName(h)
	if err := r.Private.Bring(ctx, actor.User, nil, File{Name: name, Content: pack.Bytes()}); err != nil {
		return Answer{}, err
	}
	says := fmt.Sprintf("The pack of %s is in our direct message: %s.", h.Account.Name, name)
	return Answer{Card: card.New(says, card.Paragraph{card.B(says)}, card.Note{card.T("Give it to the agency yourself. Cells that look like formulas are plain text.")})}, nil
}

func handoffName(h desk.Handoff) string {
	in := desk.ExportInput{Of: "handoff", Account: h.Account.Name, AsOf: h.Day}
	return fileName(in, "zip")
}
