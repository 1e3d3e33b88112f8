package bot

import (
	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// accountWritten is what people wrote down about an account, as parts of its status.
// Of notes only the number: a status may be shown to a channel.
func (r *Router) accountWritten(a desk.Account) []card.Part {
	var parts []card.Part
	if len(a.Disputes) > 0 {
		list := card.List{}
		for _, d := range a.Disputes {
			list = append(list, []card.Span{card.T(r.disputeLine(d, a.Day))})
		}
		if a.MoreDisputes > 0 {
			list = append(list, []card.Span{card.T("and " + count(a.MoreDisputes, "more dispute"))})
		}
		parts = append(parts, card.Paragraph{card.B("Disputed, and not chased")}, list)
	}
	if facts := contactFields(a.Contact); len(facts) > 0 {
		parts = append(parts, facts)
	}
	if a.Notes > 0 {
		parts = append(parts, card.Note{
			card.T(count(a.Notes, "note") + ", the latest of " + a.Noted.Short() + ": "), card.Code(r.Slash + " history " + a.Name),
		})
	}
	return parts
}

// holderFacts say who has an account, and until when it is put off.
func (r *Router) holderFacts(a desk.Account) (facts card.Fields) {
	if a.Assigned.User != "" || a.Assigned.Email != "" {
		facts = append(facts, card.Field{Label: "Assigned to", Value: r.nameOf(a.Assigned.User, a.Assigned.Email)})
	}
	if a.Claim.ID != 0 {
		facts = append(facts, card.Field{Label: "Claimed by", Value: r.Desk.Holder(a.Claim) + ", " + a.Claim.Made.On.Short()})
	}
	for _, s := range a.Snoozes {
		what := "Put off until"
		if s.Document != 0 {
			what = "An invoice put off until"
		}
		facts = append(facts, card.Field{Label: what, Value: s.Until.Short() + ": " + card.Truncate(s.Reason, longestLine)})
	}
	return facts
}

// invoiceInput asks which invoice is disputed: of a customer that is known, one of
// its open ones; else by its number.
func invoiceInput(known ar.Choice, of []ar.Choice) card.Input {
	if len(of) == 0 {
		return accountInput("Invoice", known)
	}
	in := card.Input{ID: "of", Kind: card.Menu, Label: "Invoice of " + known.Label}
	for _, choice := range of {
		in.Options = append(in.Options, card.Option{Value: PickID(choice), Label: choice.Label})
	}
	if len(of) == 1 {
		in.Initial = []string{PickID(of[0])}
	}
	return in
}
