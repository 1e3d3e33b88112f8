package bot

import (
	"cmp"
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

// ownTaps are the accounts of one's own digest that are claimed by one tap each. More
// buttons fill a phone's screen.
const ownTaps = 3

// claimParts say how much nobody has, and let it be taken: the first accounts that are to be
// chased, as many as taps says, by one tap each, and all others from one menu.
func claimParts(g desk.Digest, taps int) []card.Part {
	free := g.Claims.Unclaimed
	if len(free.Lines) == 0 {
		return nil
	}
	parts := []card.Part{card.Paragraph{
		card.B("Unclaimed money: " + amounts(free.Sums)), card.T(fmt.Sprintf(" in %s that nobody has claimed.", count(len(free.Lines), "account"))),
	}}
	var buttons card.Buttons
	menu := card.Select{Label: "Claim an account", Action: claimAction}
	for _, l := range claimOrder(g) {
		switch {
		case len(buttons) < taps:
			buttons = append(buttons, claimButton(l))
		case len(menu.Options) < mostOptions:
			menu.Options = append(menu.Options, card.Option{Value: PickID(ar.Choice{Customer: l.Customer}), Label: claimLabel(l)})
		}
	}
	if len(buttons) > 0 {
		parts, menu.Label = append(parts, buttons), "Claim another account"
	}
	if len(menu.Options) > 0 {
		parts = append(parts, menu)
	}
	return parts
}

// claimOrder are the accounts that nobody has, in the order in which the digest shows them.
func claimOrder(g desk.Digest) []ar.AccountLine {
	place := map[ar.CustomerID]int{}
	for i, l := range g.Chase.Lines {
		place[l.Customer] = i
	}
	lines := slices.Clone(g.Claims.Unclaimed.Lines)
	slices.SortStableFunc(lines, func(a, b ar.AccountLine) int { return cmp.Compare(place[a.Customer], place[b.Customer]) })
	return lines
}

func claimButton(l ar.AccountLine) card.Button {
	return card.Button{
		Label: "Claim " + card.Truncate(l.Name, 30), Action: claimAction, Value: PickID(ar.Choice{Customer: l.Customer}),
		Accessible: fmt.Sprintf("Claim %s, %s overdue", card.Truncate(l.Name, 40), plusList(l.Amounts)),
	}
}

// claimLabel names an account in a menu, whose entries have room for 75 characters.
func claimLabel(l ar.AccountLine) string {
	return card.Truncate(l.Name, 45) + " · " + card.Truncate(plusList(l.Amounts), 25)
}
