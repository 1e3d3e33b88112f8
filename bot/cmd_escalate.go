package bot

import (
	"context"
	"fmt"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

func escalateCommand() command {
	return command{
		name: "escalate", usage: "<customer or invoice> [#channel] [what is asked]",
		summary:  "tells more people of an overdue account, until somebody takes it on",
		examples: []string{"escalate acme", "escalate INV-1042 please call the CFO today"},
		run: func(_ context.Context, r *Router, _ ar.Actor, _ arguments) (Answer, error) {
			return Answer{}, ar.Refuse("An escalation is posted from a form: type %s escalate, and the customer.", r.Slash)
		},
		form: func(a arguments) (string, string, bool) {
			if _, ok := a.id(); ok {
				return escalateForm, a.words[0], true
			}
			return escalateForm, typedValue + strings.Join(a.words, " "), true
		},
		routes: func(r *Router) Routes {
			return Routes{
				Forms: map[string]Form{
					escalateForm:         {Title: "Escalate", Fill: r.fillEscalation, Sent: r.sentEscalation},
					escalationChangeForm: {Title: "Change an escalation", Fill: r.fillEscalationChange, Sent: r.sentEscalationChange},
					holdForm:             {Title: "Propose a credit hold", Fill: r.fillHold, Sent: r.sentHold},
				},
				Buttons: map[string]Handler{
					mineAction: r.mineEscalation, whyAction: r.whyEscalation, withdrawAction: r.withdrawEscalation,
					agreeAction: r.agreeToHold, rejectAction: r.rejectHold,
				},
				Shortcuts: []MenuEntry{{Form: escalateForm, Name: "Escalate", Description: "Tell more people of an overdue account, with the words of this message", OfMessage: true}},
			}
		},
	}
}

// escalationsCommand lists what stands.
func escalationsCommand() command {
	return command{
		name: "escalations", aliases: []string{"escalated"}, summary: "escalations and credit holds that stand, and who has them",
		examples: []string{"escalations"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, _ arguments) (Answer, error) {
			list, more, err := r.Desk.Escalations(ctx, actor, mostEscalations)
			if err != nil {
				return Answer{}, err
			}
			return Answer{Card: r.escalationsCard(list, more)}, nil
		},
	}
}

// mostEscalations are listed at once.
const mostEscalations = 20

func (r *Router) escalationsCard(list []desk.Escalation, more int) card.Card {
	if len(list) == 0 {
		return card.New("No escalation stands.", card.Paragraph{card.B("No escalation stands.")}, card.Note{card.T("AR posts one: "), card.Code(r.Slash + " escalate acme")})
	}
	says := count(len(list)+more, "escalation") + " standing."
	lines := card.List{}
	for _, e := range list {
		line := []card.Span{card.B(e.About()), card.T(" " + amounts(e.Overdue) + " · " + escalationWord(e))}
		if e.Holder() != "" {
			line = append(line, card.T(" "), card.User(e.Holder()))
		}
		lines = append(lines, line)
	}
	if more > 0 {
		lines = append(lines, []card.Span{card.T(fmt.Sprintf("and %d more", more))})
	}
	return aged(card.New(says, card.Paragraph{card.B(says)}, lines), list[0].Fresh, r.Desk.Settings().Zone)
}

// escalationWord says how far an escalation is.
func escalationWord(e desk.Escalation) string {
	switch {
	case e.Kind == ar.ProposeHold && e.State == ar.EscalationApproved:
		return "on credit hold"
	case e.Kind == ar.ProposeHold:
		return "credit hold proposed, needs " + holdNeeds(e)
	case e.State == ar.EscalationTaken:
		return "taken by"
	case e.Due.Before(e.Day):
		return "nobody took it by " + e.Due.Short()
	}
	return "open, to be taken by " + e.Due.Short()
}

// holdCommand proposes a credit hold.
func holdCommand() command {
	return command{
		name: "hold", usage: "<customer>", summary: "proposes that a customer gets nothing more on credit; another person approves it",
		examples: []string{"hold acme"},
		run: func(_ context.Context, r *Router, _ ar.Actor, _ arguments) (Answer, error) {
			return Answer{}, ar.Refuse("A credit hold is proposed in a form: type %s hold, and the customer.", r.Slash)
		},
		form: func(a arguments) (string, string, bool) {
			if len(a.words) == 0 {
				return holdForm, "", true
			}
			if _, ok := a.id(); ok {
				return holdForm, a.words[0], true
			}
			return holdForm, typedValue + a.text(), true
		},
	}
}

// escalationOf reads the escalation of a button or form.
func (r *Router) escalationOf(ctx context.Context, actor ar.Actor, c Call) (desk.Escalation, error) {
	id, err := escalationID(c.Value)
	if err != nil {
		return desk.Escalation{}, r.outdated()
	}
	return r.Desk.Escalation(ctx, actor, c.Channel, id)
}

// mineEscalation answers Mine: of two who press it at once one has the account then, and
// both are told who.
func (r *Router) mineEscalation(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	id, err := escalationID(c.Value)
	if err != nil {
		return Answer{}, r.outdated()
	}
	taken, err := r.Desk.TakeEscalation(ctx, actor, id, c.Channel, r.promisedWhere(ctx, c))
	if err != nil {
		return Answer{}, err
	}
	if !taken.Won {
		says := fmt.Sprintf("%s has %s since %s. You need not chase it.", r.Desk.Holder(*taken.Claim), taken.Account.Name, taken.Claim.Made.On.Long())
		return Answer{Card: card.New(says, card.Paragraph{card.B(says)})}, nil
	}
	says := fmt.Sprintf("%s is yours: %s", taken.Account.Name, owedSince(taken.EscalationFacts, taken.Owed))
	if taken.Again {
		says = fmt.Sprintf("%s is yours already: %s", taken.Account.Name, owedSince(taken.EscalationFacts, taken.Owed))
	}
	of := PickID(ar.Choice{Customer: taken.Customer, Document: taken.Document})
	mine := card.New(says, card.Paragraph{card.B(says)}, card.Buttons{
		{Label: "Record a promise…", Action: promiseForm, Value: of, Style: card.Primary},
		{Label: "Log a call…", Action: callForm, Value: of},
		{Label: "Dispute…", Action: disputeForm, Value: of},
	}, card.Note{card.T("I ask nobody else about it. If nothing is written down in three business days it is open again.")})
	mine.Add(footer(taken.Fresh, r.Desk.Settings().Zone)...)
	return Answer{Card: mine}, nil
}

// whyEscalation answers "Why did I get this?", to who asks alone.
func (r *Router) whyEscalation(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	e, err := r.escalationOf(ctx, actor, c)
	if err != nil {
		return Answer{}, err
	}
	line := card.Paragraph{card.T(e.Why)}
	says := e.Why
	if e.Opened.By != "" {
		says = fmt.Sprintf("It was posted by hand on %s.", e.Opened.On.Long())
		line = card.Paragraph{card.User(e.Opened.By), card.T(" posted it on " + e.Opened.On.Long() + ".")}
	}
	where := "It stands here since AR, or the ladder of the config, chose this channel."
	if e.Channel == "" {
		where = "It came to " + r.Desk.PersonName(e.To) + ", or who stands in."
	}
	return Answer{Card: card.New(says, line, card.Paragraph{card.T(where)}, card.Note{card.T("Where an account stands on its ladder: "), card.Code(r.Slash + " ladder " + e.Account.Name)})}, nil
}

func (r *Router) withdrawEscalation(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	id, err := escalationID(c.Value)
	if err != nil {
		return Answer{}, r.outdated()
	}
	e, err := r.Desk.WithdrawEscalation(ctx, actor, id)
	if err != nil {
		return Answer{}, err
	}
	says := "Withdrawn: the escalation of " + e.About() + ". Its message says so."
	if e.Kind == ar.ProposeHold {
		says = "Withdrawn: the credit hold of " + e.About() + ". Its message says so."
	}
	return Answer{Card: card.New(says)}, nil
}

func (r *Router) agreeToHold(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	return r.decideHold(ctx, actor, c, r.Desk.AgreeToHold)
}

func (r *Router) rejectHold(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	return r.decideHold(ctx, actor, c, r.Desk.RejectHold)
}

func (r *Router) decideHold(ctx context.Context, actor ar.Actor, c Call, decide func(context.Context, ar.Actor, ar.EscalationID) (desk.Escalation, error)) (Answer, error) {
	id, err := escalationID(c.Value)
	if err != nil {
		return Answer{}, r.outdated()
	}
	e, err := decide(ctx, actor, id)
	if err != nil {
		return Answer{}, err
	}
	says := map[ar.EscalationState]string{
		ar.EscalationSeconded: "Seconded: another person has to approve the credit hold of " + e.About() + ".",
		ar.EscalationApproved: "Approved: " + e.About() + " is on credit hold. Tell whoever keeps the ledger: arbot changes nothing there.",
		ar.EscalationRejected: "Rejected: the credit hold of " + e.About() + ".",
	}[e.State]
	return Answer{Card: card.New(says)}, nil
}
