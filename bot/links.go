package bot

import (
	"context"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
)

// mostLinks of a message are shown: each is a card.
const mostLinks = 3

// links shows the invoices behind the addresses of a message, as far as who wrote it
// may see them. The address of anything else stays as it is.
func (r *Router) links(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	shown := map[string]card.Card{}
	for _, address := range c.Links {
		if len(shown) == mostLinks {
			break
		}
		account, ok, err := r.Desk.Linked(ctx, actor, strings.ReplaceAll(address, "&amp;", "&"))
		if err != nil {
			return Answer{}, err
		}
		if ok {
			shown[address] = linkCard(r.statusCard(account))
		}
	}
	return Answer{Unfurls: shown}, nil
}

// linkCard is what of a card stands under a link: nothing to press. Others read it
// too, and who wrote the message has asked for none.
func linkCard(c card.Card) card.Card {
	kept := card.New(c.Text)
	for _, part := range c.Parts {
		switch part.(type) {
		case card.Buttons, card.Rows, card.Select:
		default:
			kept.Add(part)
		}
	}
	return kept
}
