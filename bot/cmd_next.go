package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// workLines are the accounts of one answer: what one does in a morning.
const workLines = 7

func nextCommand() command {
	return command{
		name: "next", aliases: []string{"todo", "worklist"}, usage: "[all]",
		summary:  "what to do now and why: the most pressing accounts first",
		examples: []string{"next", "next all"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			all := slices.ContainsFunc(args.words, func(w string) bool { return strings.EqualFold(w, "all") })
			if len(args.words) > 1 || len(args.words) == 1 && !all && !strings.EqualFold(args.words[0], "mine") {
				return Answer{}, ar.Refuse("I do not understand “%s”. Type %s next for what is yours, or %s next all for every account that you see.",
					card.Truncate(args.text(), 40), r.Slash, r.Slash)
			}
			work, err := r.Desk.Next(ctx, actor, desk.WorkInput{Mine: !all && !actor.Is(ar.ARClerk), Limit: workLines})
			if err != nil {
				return Answer{}, err
			}
			return Answer{Card: r.workCard(work, actor)}, nil
		},
	}
}

// workCard is the worklist with what can be done on each line.
func (r *Router) workCard(w desk.Work, actor ar.Actor) card.Card {
	n := len(w.Lines) + w.More
	title := "What to do next"
	if n == 0 {
		says := "Nothing is left for you to do: " + nothingToDo(w)
		c := card.New(says, card.Heading(title), card.Paragraph{card.T(says)})
		c.Add(r.unclaimedLine(w)...)
		return aged(c, w.Fresh, r.Desk.Settings().Zone)
	}
	first := w.Lines[0]
	says := fmt.Sprintf("%s to chase. First %s: %s.", count(n, "account"), first.Name, first.Step())
	c := card.New(says, card.Heading(title), card.Paragraph{card.B(count(n, "account") + " to chase"), card.T(", the most pressing first")})
	for _, line := range w.Lines {
		c.Add(r.workLine(line, w, actor)...)
	}
	if w.More > 0 {
		c.Add(card.Note{card.T(fmt.Sprintf("and %s after these", count(w.More, "account")))})
	}
	c.Add(r.unclaimedLine(w)...)
	c.Add(card.Note{card.T("Order: " + ar.Formula())})
	c.Add(partialNote(w.Partial)...)
	return aged(c, w.Fresh, r.Desk.Settings().Zone)
}

func nothingToDo(w desk.Work) string {
	switch {
	case w.PutOff > 0:
		return fmt.Sprintf("what is overdue is promised, disputed, or put off (%s).", count(w.PutOff, "account"))
	case w.Mine:
		return "none of your accounts is overdue with something left to ask for."
	}
	return "nothing is overdue with something left to ask for."
}

// workLine is one account: what to do, why, and the buttons for it.
func (r *Router) workLine(l ar.WorkLine, w desk.Work, actor ar.Actor) []card.Part {
	parts := []card.Part{card.Paragraph{
		card.B(l.Name + " " + plusList(l.Amounts)), card.T(" · " + upperFirst(string(l.Step())) + r.hasIt(l, w.Day, actor)),
	}, card.Note{card.T(l.Why())}}
	value := PickID(ar.Choice{Customer: l.Customer})
	var buttons card.Buttons
	if l.Claim.ID == 0 {
		buttons = append(buttons, card.Button{Label: "Claim", Action: claimAction, Value: value, Accessible: "Claim " + l.Name})
	}
	if w.MayRecord {
		buttons = append(buttons,
			card.Button{Label: "Promise…", Action: promiseForm, Value: value, Accessible: "Record a promise of " + l.Name},
			card.Button{Label: "Snooze…", Action: snoozeForm, Value: value, Accessible: "Put off " + l.Name})
	}
	return append(parts, append(buttons, card.Button{Label: "Log a call…", Action: callForm, Value: value, Accessible: "Log a call to " + l.Name}))
}

// hasIt says who has a line.
func (r *Router) hasIt(l ar.WorkLine, day ar.Date, actor ar.Actor) string {
	if l.Claim.ID != 0 && l.Claim.Holder() == actor.User {
		return " · yours since " + l.Claim.Made.On.Short()
	}
	who := r.Desk.WhoWorks(l, day)
	switch {
	case l.Claim.ID != 0:
		return " · " + who + " has it since " + l.Claim.Made.On.Short()
	case who == "":
		return " · nobody has it"
	case l.Assigned.Made.By != "":
		return " · assigned to " + who + ", not claimed"
	}
	return " · " + who + "'s account, not claimed"
}

// unclaimedLine says how much money nobody has.
func (r *Router) unclaimedLine(w desk.Work) []card.Part {
	if w.UnclaimedAccounts == 0 {
		return nil
	}
	return []card.Part{card.Paragraph{
		card.B("Unclaimed money: " + amounts(w.Unclaimed)), card.T(" in " + count(w.UnclaimedAccounts, "account") + " that nobody has claimed."),
	}}
}
