package bot

import (
	"context"

	"arbot/ar"
	"arbot/bot/card"
)

// accountsSource finds customers and invoices that the person sees, by name and
// number, while they type. A value is an id as PickID writes it.
const accountsSource = "accounts"

// mostFound are the options of a lookup: more is not a choice.
const mostFound = 20

func (r *Router) lookupAccounts(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	found, err := r.Desk.Search(ctx, actor, clean(c.Text), mostFound)
	if err != nil {
		return Answer{}, err
	}
	var options []card.Option
	for _, choice := range found {
		options = append(options, card.Option{Value: PickID(choice), Label: choice.Label})
	}
	return Answer{Options: options}, nil
}

// accountInput asks which customer or invoice is meant; one that is known
// already is chosen at first.
func accountInput(label string, known ar.Choice) card.Input {
	in := card.Input{ID: "of", Kind: card.Lookup, Label: label, Source: accountsSource, Placeholder: "Type a name or a number"}
	if known != (ar.Choice{}) && known.Label != "" {
		in.Initial, in.Options = []string{PickID(known)}, []card.Option{{Value: PickID(known), Label: known.Label}}
	}
	return in
}

// accountOf reads what accountInput asked.
func accountOf(c Call) (ar.Choice, bool) { return parseID(c.Fields.One("of")) }
