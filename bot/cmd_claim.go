package bot

import (
	"context"
	"fmt"
	"strconv"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// The buttons of claims.
const (
	claimAction   = "claim"
	takeAction    = "claim_take"
	releaseAction = "claim_release"
	// claimUndo is what an Answer.Undo of a claim begins with.
	claimUndo = "claim"
)

func claimCommand() command {
	return command{
		name: "claim", aliases: []string{"take"}, usage: "<customer or invoice>",
		summary:  "puts your name on an overdue account, so that nobody else chases it",
		examples: []string{"claim acme", "claim INV-1042"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			if len(args.words) == 0 {
				return Answer{}, ar.Refuse("Which account? Type %s claim acme. %s next shows what nobody has.", r.Slash, r.Slash)
			}
			in := desk.ClaimInput{Of: args.text(), Where: r.promisedWhere(ctx, args.call)}
			if id, ok := args.id(); ok {
				in.Of, in.Customer, in.Document = "", id.Customer, id.Document
			}
			answer, err := r.claim(ctx, actor, in)
			return orAgain(answer, err, "claim %s")
		},
		routes: func(r *Router) Routes {
			return Routes{Buttons: map[string]Handler{
				claimAction: r.claimPressed(false), takeAction: r.claimPressed(true), releaseAction: r.releasePressed,
			}}
		},
	}
}

func releaseCommand() command {
	return command{
		name: "release", aliases: []string{"unclaim"}, usage: "<customer>",
		summary:  "gives an account back that you claimed",
		examples: []string{"release acme"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			in := desk.ClaimInput{Of: args.text()}
			if id, ok := args.id(); ok {
				in = desk.ClaimInput{Customer: id.Customer, Document: id.Document}
			}
			c, err := r.Desk.ClaimOn(ctx, actor, in)
			if err != nil {
				return orAgain(Answer{}, err, "release %s")
			}
			return r.release(ctx, actor, c.ID)
		},
	}
}

// claimPressed answers a press of Claim, or of Take over. The value is an id, and the
// person may have lost the right to it since: the desk looks again.
func (r *Router) claimPressed(takeOver bool) Handler {
	return func(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
		id, ok := parseID(c.Value)
		if !ok {
			return Answer{}, r.outdated()
		}
		answer, err := r.claim(ctx, actor, desk.ClaimInput{
			Customer: id.Customer, Document: id.Document, Where: r.promisedWhere(ctx, c), TakeOver: takeOver,
		})
		return answer, err
	}
}

func (r *Router) claim(ctx context.Context, actor ar.Actor, in desk.ClaimInput) (Answer, error) {
	claimed, err := r.Desk.ClaimAccount(ctx, actor, in)
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{Card: r.claimCard(claimed)}
	if claimed.Won {
		answer.Undo = claimUndo + "/" + strconv.FormatInt(int64(claimed.ID), 10)
	}
	return answer, nil
}

// claimCard says who has an account now.
func (r *Router) claimCard(c desk.Claimed) card.Card {
	owed := amounts(c.Overdue) + " overdue"
	switch {
	case c.Won:
		says := fmt.Sprintf("%s is yours: %s, the oldest by %s.", c.Account.Name, owed, count(c.OldestDays, "day"))
		if c.From != nil {
			says = fmt.Sprintf("%s is yours now, and not %s's any more: %s.", c.Account.Name, r.Desk.Holder(*c.From), owed)
		}
		answer := card.New(says, card.Paragraph{card.B(says)})
		answer.Add(r.claimButtons(c.Claim)...)
		answer.Add(card.Note{card.T(fmt.Sprintf("Your name stays on it. Without a promise, note, call, dispute or snooze of yours it is free again on %s.", c.Lapses.Long()))})
		answer.Add(footer(c.Fresh, r.Desk.Settings().Zone)...)
		return answer
	case c.Mine:
		says := fmt.Sprintf("%s is yours already, since %s: %s.", c.Account.Name, c.Made.On.Long(), owed)
		answer := card.New(says, card.Paragraph{card.B(says)})
		answer.Add(r.claimButtons(c.Claim)...)
		answer.Add(footer(c.Fresh, r.Desk.Settings().Zone)...)
		return answer
	}
	holder := r.Desk.Holder(c.Claim.Claim)
	says := fmt.Sprintf("%s has %s since %s. You need not chase it.", holder, c.Account.Name, c.Made.On.Long())
	answer := card.New(says, card.Paragraph{card.B(says)})
	if c.MayTake {
		answer.Add(card.Buttons{{
			Label: "Take over", Action: takeAction, Value: PickID(ar.Choice{Customer: c.Customer}),
			Confirm: fmt.Sprintf("Take %s over from %s? They are told.", c.Account.Name, holder),
		}})
	}
	answer.Add(card.Note{card.T(fmt.Sprintf("It is free again on %s, unless they do something about it before.", c.Lapses.Long()))})
	return answer
}

// claimButtons are what the holder of an account does next.
func (r *Router) claimButtons(c desk.Claim) []card.Part {
	value := PickID(ar.Choice{Customer: c.Customer})
	return []card.Part{card.Buttons{
		{Label: "Promise…", Action: promiseForm, Value: value, Style: card.Primary},
		{Label: "Log a call…", Action: callForm, Value: value},
		{Label: "Snooze…", Action: snoozeForm, Value: value},
		{Label: "Give it back", Action: releaseAction, Value: strconv.FormatInt(int64(c.ID), 10)},
	}}
}

func (r *Router) releasePressed(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	id, err := strconv.ParseInt(c.Value, 10, 64)
	if err != nil {
		return Answer{}, r.outdated()
	}
	answer, err := r.release(ctx, actor, ar.ClaimID(id))
	return inPlace(c, answer), err
}

func (r *Router) release(ctx context.Context, actor ar.Actor, id ar.ClaimID) (Answer, error) {
	c, changed, err := r.Desk.ReleaseClaim(ctx, actor, id)
	if err != nil {
		return Answer{}, err
	}
	if !changed {
		return Answer{Card: card.New(fmt.Sprintf("This claim on %s ended already, on %s: it was %s.", c.Account.Name, c.Ended.On.Long(), c.End)), Replace: true}, nil
	}
	says := fmt.Sprintf("%s is free again: %s overdue, and nobody has it.", c.Account.Name, amounts(c.Overdue))
	free := card.New(says, card.Paragraph{card.B(says)}, card.Buttons{
		{Label: "Claim", Action: claimAction, Value: PickID(ar.Choice{Customer: c.Customer}), Accessible: "Claim " + c.Account.Name},
	})
	free.Add(footer(c.Fresh, r.Desk.Settings().Zone)...)
	return Answer{Card: free, Replace: true}, nil
}

func undoClaim(ctx context.Context, r *Router, actor ar.Actor, id int64, _ []string) (Answer, error) {
	return r.release(ctx, actor, ar.ClaimID(id))
}
