package bot

import (
	"context"
	"fmt"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// claimEnded tells who had an account that it is not theirs any more, and why.
func (d *Digests) claimEnded(ctx context.Context, p ar.Post) (Composed, error) {
	c, err := d.Desk.EndedClaim(ctx, p)
	if err != nil {
		return Composed{}, err
	}
	return Composed{To: Destination{User: c.Holder()}, Head: d.endedCard(c)}, nil
}

func (d *Digests) endedCard(c desk.EndedClaim) card.Card {
	value := PickID(ar.Choice{Customer: c.Customer})
	says := ""
	switch c.End {
	case ar.ClaimPaid:
		says = fmt.Sprintf("Nothing of %s is overdue any more. Thank you: it is off your list.", c.Account.Name)
		return aged(card.New(says, card.Paragraph{card.B(says)}), c.Fresh, d.Desk.Settings().Zone)
	case ar.ClaimTakenOver:
		says = fmt.Sprintf("%s has taken %s over from you, on %s. You need not chase it.", c.By, c.Account.Name, c.Ended.On.Long())
		return card.New(says, card.Paragraph{card.B(says)})
	case ar.ClaimMerged:
		says = fmt.Sprintf("The ledger made one account of %s and another, which %s has. You need not chase it.", c.Account.Name, d.Desk.Holder(c.Now))
		return card.New(says, card.Paragraph{card.B(says)})
	case ar.ClaimLapsed:
		says = fmt.Sprintf("%s is free again: nothing was done about it for %d business days. %s is overdue.", c.Account.Name, ar.ClaimDays, amounts(c.Overdue))
	case ar.ClaimReleased:
		says = fmt.Sprintf("Somebody in AR gave %s back for you, on %s. %s is overdue.", c.Account.Name, c.Ended.On.Long(), amounts(c.Overdue))
	}
	head := card.New(says, card.Paragraph{card.B(says)})
	if c.Now.ID != 0 {
		head.Add(card.Note{card.T(d.Desk.Holder(c.Now) + " has it now.")})
		return aged(head, c.Fresh, d.Desk.Settings().Zone)
	}
	head.Add(card.Buttons{
		{Label: "Claim it again", Action: claimAction, Value: value, Style: card.Primary},
		{Label: "Snooze…", Action: snoozeForm, Value: value},
		{Label: "Show the account", Action: pickAction, Value: "status " + value},
	})
	return aged(head, c.Fresh, d.Desk.Settings().Zone)
}

// paymentNews tells of a payment: in the thread in which the account was claimed, or by
// direct message.
func (d *Digests) paymentNews(ctx context.Context, p ar.Post) (Composed, error) {
	reader := ar.Actor{}
	if d.Readers != nil {
		user, err := d.Desk.NewsReader(ctx, p)
		if err != nil {
			return Composed{}, err
		}
		if reader, err = d.Readers.Actor(ctx, user); err != nil {
			return Composed{}, err
		}
	}
	news, ok, err := d.Desk.PaymentNews(ctx, reader, p)
	if err != nil || !ok {
		return Composed{Empty: true, Head: card.New("There is nothing to tell of this payment any more.")}, err
	}
	to := Destination{User: news.User}
	if news.Claim != nil {
		to.Channel, to.Thread, _ = messageOf(news.Claim.Made.Where)
	}
	return Composed{To: to, Head: d.paymentCard(news)}, nil
}

func (d *Digests) paymentCard(n desk.News) card.Card {
	left := "Nothing of it is overdue any more."
	if len(n.Overdue) > 0 {
		left = amounts(n.Overdue) + " is still overdue."
	}
	says := fmt.Sprintf("%s paid %s on %s. %s", n.Account.Name, n.Payment.Amount.Abs(), n.Payment.Date.Long(), left)
	c := card.New(says, card.Paragraph{card.B(fmt.Sprintf("%s paid %s", n.Account.Name, n.Payment.Amount.Abs())), card.T(fmt.Sprintf(" on %s. %s", n.Payment.Date.Long(), left))})
	c.Add(card.Buttons{{Label: "Show the account", Action: pickAction, Value: "status " + PickID(ar.Choice{Customer: n.Account.ID})}})
	return aged(c, n.Fresh, d.Desk.Settings().Zone)
}
