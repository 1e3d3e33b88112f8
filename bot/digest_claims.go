package bot

import (
	"fmt"
	"slices"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// hasWords say who has an account of a digest; none where nobody does.
func (d *Digests) hasWords(g desk.Digest, id ar.CustomerID) []string {
	c, ok := g.Claims.By[id]
	if !ok {
		return nil
	}
	return []string{d.Desk.Holder(c) + " has it since " + c.Made.On.Short()}
}

// claimParts say how much nobody has, and let each of the first accounts be taken by one
// tap.
func claimParts(g desk.Digest, shown int) []card.Part {
	free := g.Claims.Unclaimed
	if len(free.Lines) == 0 {
		return nil
	}
	parts := []card.Part{card.Paragraph{
		card.B("Unclaimed money: " + amounts(free.Sums)), card.T(fmt.Sprintf(" in %s that nobody has claimed.", count(len(free.Lines), "account"))),
	}}
	var buttons card.Buttons
	for _, l := range g.Chase.Lines[:min(len(g.Chase.Lines), shown)] {
		if slices.ContainsFunc(free.Lines, func(f ar.AccountLine) bool { return f.Customer == l.Customer }) {
			buttons = append(buttons, claimButton(l))
		}
	}
	if len(buttons) > 0 {
		parts = append(parts, buttons)
	}
	return parts
}

func claimButton(l ar.AccountLine) card.Button {
	return card.Button{
		Label: "Claim " + card.Truncate(l.Name, 30), Action: claimAction, Value: PickID(ar.Choice{Customer: l.Customer}),
		Accessible: fmt.Sprintf("Claim %s, %s overdue", card.Truncate(l.Name, 40), plusList(l.Amounts)),
	}
}
