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

func resolveCommand() command {
	return command{
		name: "resolve", aliases: []string{"settle"}, usage: "<invoice or #dispute> <outcome> [note]",
		summary:  "ends a dispute: credited, partly credited, paid in full, withdrawn or rejected",
		examples: []string{"resolve INV-1042 credited", "resolve #12 rejected price was agreed in writing", "resolve INV-1042"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			return r.resolve(ctx, actor, args)
		},
		form: func(a arguments) (string, string, bool) {
			if len(a.words) != 1 {
				return "", "", false
			}
			if a.picked {
				return resolveForm, a.words[0], true
			}
			return resolveForm, typedValue + a.words[0], true
		},
	}
}

func (r *Router) resolve(ctx context.Context, actor ar.Actor, args arguments) (Answer, error) {
	if len(args.words) == 0 {
		return Answer{}, ar.Refuse("Which dispute, and how did it end? Type %s resolve INV-1042 credited. %s disputes mine lists yours.", r.Slash, r.Slash)
	}
	id, rest, several, err := r.leadingDispute(ctx, actor, args)
	if err != nil {
		return orAgain(Answer{}, err, "resolve %s "+strings.Join(rest, " "))
	}
	outcome, note, err := leadingOutcome(rest)
	if err != nil {
		return Answer{}, err
	}
	if len(several) > 0 {
		return Answer{Card: whichDispute(several, strings.Join(rest, " "))}, nil
	}
	return r.moved(ctx, actor, id, desk.DisputeMove{State: ar.DisputeResolved, Outcome: outcome, Note: note, Where: r.where(ctx, args.call)})
}

// leadingDispute finds the dispute that the first words name: by its number with
// a #, or the only one of an invoice or account. Of several it returns all.
func (r *Router) leadingDispute(ctx context.Context, actor ar.Actor, args arguments) (id ar.DisputeID, rest []string, several []desk.Dispute, err error) {
	if strings.HasPrefix(args.words[0], "#") {
		if id, err = disputeID(args.words[0]); err != nil {
			return 0, nil, nil, ar.Refuse("“%s” is not the number of a dispute. %s disputes lists them.", args.words[0], r.Slash)
		}
		return id, args.words[1:], nil, nil
	}
	found, rest, err := r.leadingInvoice(ctx, actor, args)
	if err != nil {
		return 0, rest, nil, err
	}
	list, err := r.Desk.Disputes(ctx, actor, desk.DisputesInput{Customer: found.Customer, Document: found.Document, Limit: mostDisputes})
	switch {
	case err != nil:
		return 0, rest, nil, err
	case len(list.Lines) == 0:
		return 0, rest, nil, ar.Refuse("Nothing of %s is disputed. %s disputes lists what is.", list.Of, r.Slash)
	case len(list.Lines) == 1:
		return list.Lines[0].ID, rest, nil, nil
	}
	return 0, rest, list.Lines, nil
}

// leadingOutcome reads how a dispute ended, and the note after it.
func leadingOutcome(words []string) (ar.DisputeOutcome, string, error) {
	for n := min(3, len(words)); n > 0; n-- {
		if outcome, err := ar.ParseDisputeOutcome(strings.TrimRight(strings.Join(words[:n], " "), ":,.")); err == nil {
			return outcome, unquote(strings.Join(words[n:], " ")), nil
		}
	}
	if len(words) == 0 {
		return "", "", ar.Refuse("Say how the dispute ended: credited, partly credited, paid in full, withdrawn or rejected.")
	}
	_, err := ar.ParseDisputeOutcome(words[0])
	return "", "", err
}

// whichDispute offers the disputes of one invoice or account.
func whichDispute(several []desk.Dispute, rest string) card.Card {
	says := fmt.Sprintf("There are %s here. Which one?", count(len(several), "dispute"))
	var buttons card.Buttons
	for _, d := range several {
		buttons = append(buttons, card.Button{
			Label: fmt.Sprintf("%s · %s · %s", d.Invoice.Label(), d.Amount, d.Reason.Words()), Action: pickAction,
			Value: forButton(fmt.Sprintf("resolve #%d %s", d.ID, rest), 2),
		})
	}
	return card.New(says, card.Paragraph{card.T(says)}, buttons)
}

// fillResolve fills the form that ends a dispute.
func (r *Router) fillResolve(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	text, typed := strings.CutPrefix(c.Value, typedValue)
	if !typed {
		text, among := strings.CutSuffix(text, amongOthers)
		id, err := disputeID(text)
		if err != nil {
			return Answer{}, r.outdated()
		}
		d, err := r.Desk.Dispute(ctx, actor, id)
		return inPlaceOf(!c.Menu && !among)(Answer{Modal: resolveModal(d)}, err)
	}
	id, _, several, err := r.leadingDispute(ctx, actor, arguments{words: strings.Fields(text)})
	if err != nil {
		return orAgain(Answer{}, err, "resolve %s")
	}
	if len(several) > 0 {
		return Answer{Modal: resolveModal(several...)}, nil
	}
	d, err := r.Desk.Dispute(ctx, actor, id)
	return Answer{Modal: resolveModal(d)}, err
}

// amongOthers ends the value of a button that stands in a message about several disputes.
const amongOthers = " of several"

// resolveModal asks how a dispute ended; of several which one first.
func resolveModal(of ...desk.Dispute) *card.Modal {
	m := &card.Modal{Action: resolveForm, Title: "Resolve a dispute", Submit: "Resolve", Value: strconv.FormatInt(int64(of[0].ID), 10)}
	if len(of) == 1 {
		m.Parts = append([]card.Part{card.Paragraph{card.B(disputeSays(of[0]))}}, noted(of[0].Note)...)
	} else {
		which := card.Input{ID: "dispute", Kind: card.Menu, Label: "Which dispute"}
		for _, d := range of {
			which.Options = append(which.Options, card.Option{
				Value: strconv.FormatInt(int64(d.ID), 10), Label: fmt.Sprintf("%s · %s · %s", d.Invoice.Label(), d.Amount, d.Reason.Words()),
			})
		}
		m.Inputs = append(m.Inputs, which)
	}
	outcomes := card.Input{ID: "outcome", Kind: card.Radio, Label: "How did it end?"}
	for _, o := range ar.DisputeOutcomes() {
		outcomes.Options = append(outcomes.Options, card.Option{Value: string(o), Label: upperFirst(string(o)), Description: outcomeMeans[o]})
	}
	m.Inputs = append(m.Inputs, outcomes, card.Input{ID: "note", Kind: card.Lines, Label: "Note", Optional: true, Most: ar.LongestNote})
	return m
}

var outcomeMeans = map[ar.DisputeOutcome]string{
	ar.OutcomeCredited:       "The customer was right, and gets a credit.",
	ar.OutcomePartlyCredited: "The customer was right in part.",
	ar.OutcomePaidInFull:     "The customer paid after all.",
	ar.OutcomeWithdrawn:      "The customer took it back.",
	ar.OutcomeRejected:       "The invoice stands, and is chased again.",
}

func (r *Router) sentResolve(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	value := c.Value
	if chosen := c.Fields.One("dispute"); chosen != "" {
		value = chosen
	}
	id, err := disputeID(value)
	if err != nil {
		return Answer{}, r.outdated()
	}
	outcome := ar.DisputeOutcome(c.Fields.One("outcome"))
	answer, err := r.moved(ctx, actor, id, desk.DisputeMove{State: ar.DisputeResolved, Outcome: outcome, Note: c.Fields.One("note")})
	return wrongIn("outcome", answer, err)
}

// wrongIn shows what is wrong with a form at one of its inputs.
func wrongIn(input string, a Answer, err error) (Answer, error) {
	if ar.KindOf(err) == ar.Invalid {
		return Answer{Invalid: map[string]string{input: sayOf(err)}}, nil
	}
	return a, err
}
