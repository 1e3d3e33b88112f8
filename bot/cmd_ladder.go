package bot

import (
	"context"
	"fmt"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// ladderOnAction turns the ladder on or off: its value says which.
const ladderOnAction = "ladder_on"

func ladderCommand() command {
	return command{
		name: "ladder", aliases: []string{"rungs"}, usage: "[customer | on | off]",
		summary:  "where an account stands on the ladder of escalations, and why; turns the ladder on and off",
		examples: []string{"ladder acme", "ladder"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			return r.ladder(ctx, actor, args)
		},
		routes: func(r *Router) Routes {
			return Routes{Buttons: map[string]Handler{ladderOnAction: func(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
				return r.turnLadder(ctx, actor, c.Value == "on")
			}}}
		},
	}
}

func (r *Router) ladder(ctx context.Context, actor ar.Actor, args arguments) (Answer, error) {
	switch word := strings.ToLower(args.text()); word {
	case "":
		s, err := r.Desk.LadderState(ctx, actor)
		if err != nil {
			return Answer{}, err
		}
		return Answer{Card: card.New(r.ladderWords(s))}, nil
	case "on", "off":
		return r.turnLadder(ctx, actor, word == "on")
	}
	id, picked := args.id()
	found := desk.Found{Customer: id.Customer, Document: id.Document}
	if !picked {
		var err error
		if found, err = r.Desk.Find(ctx, actor, args.text()); err != nil {
			return orAgain(Answer{}, err, "ladder %s")
		}
	}
	view, err := r.Desk.OnLadder(ctx, actor, found)
	if err != nil {
		return Answer{}, err
	}
	return Answer{Card: r.onLadderCard(view)}, nil
}

func (r *Router) turnLadder(ctx context.Context, actor ar.Actor, on bool) (Answer, error) {
	s, err := r.Desk.TurnLadder(ctx, actor, on)
	if err != nil {
		return Answer{}, err
	}
	return Answer{Card: card.New(r.ladderWords(s))}, nil
}

// ladderWords say whether the ladder posts.
func (r *Router) ladderWords(s desk.LadderState) string {
	switch {
	case s.Ladders == 0:
		return "The config has no ladder. An admin writes one under ladder: first; docs/escalation.md shows how."
	case s.On:
		says := fmt.Sprintf("The ladder is on since %s: from the next business day on, rungs are posted. %s ladder off turns it off.", s.Made.On.Long(), r.Slash)
		return says + newLedgersWords(s.New)
	case s.From.IsZero():
		return "The ladder is not on: no ledger was read yet."
	}
	from := ""
	if r.Desk.Today().Before(s.From) {
		from = " from " + s.From.Long()
	}
	return fmt.Sprintf("The ladder is not on: it shows AR what it would post. It can be turned on%s with %s ladder on.", from, r.Slash)
}

// newLedgersWords say whose accounts are only shown still.
func newLedgersWords(ledgers []desk.NewLedger) string {
	var says strings.Builder
	for _, l := range ledgers {
		fmt.Fprintf(&says, " The accounts of %s, which was read for the first time some days ago, are only shown until %s.", l.Name, l.From.Long())
	}
	return says.String()
}

func (r *Router) onLadderCard(v desk.LadderView) card.Card {
	if v.Segment == "" {
		says := v.Account.Name + " is on no ladder. An admin writes its segment under ladder: in the config."
		return card.New(says, card.Paragraph{card.T(says)})
	}
	step := v.Answer.Step
	stands := "beside the ladder"
	if step.Rung > 0 && !v.Answer.Moves {
		stands = fmt.Sprintf("on rung %d of %d", step.Rung, v.Rungs)
	}
	if v.Answer.Moves {
		stands = fmt.Sprintf("due for rung %d of %d", step.Rung, v.Rungs)
		if step.Rung == 0 {
			stands = "off the ladder again"
		}
	}
	says := fmt.Sprintf("%s is %s (%s).", v.Account.Name, stands, v.Segment)
	c := card.New(says+" "+step.Why, card.Paragraph{card.B(says)})
	if step.Why != "" {
		c.Add(card.Paragraph{card.T(step.Why)})
	}
	list := card.List{}
	for _, l := range v.Steps[max(0, len(v.Steps)-latestSteps):] {
		line := []card.Span{card.B(l.On.Short()), card.T(" " + l.Why)}
		if l.Shadow {
			line = append(line, card.T(" Shown to AR only."))
		}
		list = append(list, line)
	}
	if len(list) > 0 {
		c.Add(card.Paragraph{card.B("Steps")}, list)
	}
	if !v.Live || step.Shadow {
		c.Add(card.Note{card.T(r.ladderWords(v.LadderState))})
	}
	return aged(c, v.Fresh, r.Desk.Settings().Zone)
}

// latestSteps of an account are shown.
const latestSteps = 6
