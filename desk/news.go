package desk

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"arbot/ar"
)

// newsFor is how far back payments are looked for that are not told yet: a weekend
// without the program, and a little.
const newsFor = 4 * 24 * time.Hour

// Routes of news, before the payment: in the thread of a claim, or for a subscriber.
const (
	newsClaimRoute = "claim:"
	newsUserRoute  = "user:"
)

// PlanPaymentNews tells of payments that came in: in the thread of the claim on their
// account, and who subscribed. Each is told once to each, whatever is read again. It is
// called after a ledger was read, and returns how many posts it planned.
func (d *Desk) PlanPaymentNews(ctx context.Context) (told int, err error) {
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		told = 0
		payments, err := tx.PaymentsSeen(ctx, d.now().Add(-newsFor))
		if err != nil || len(payments) == 0 {
			return err
		}
		wants, err := d.wanted(ctx, tx)
		if err != nil {
			return err
		}
		for _, p := range payments {
			n, err := d.planNews(ctx, tx, wants, p)
			if err != nil {
				return err
			}
			told += n
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("news of payments: %w", err)
	}
	return told, nil
}

// wishes are who wants to be told of payments.
type wishes struct {
	claims        map[ar.CustomerID][]ar.Claim
	subscriptions []ar.Subscription
	preferences   map[string]ar.Preferences
}

func (d *Desk) wanted(ctx context.Context, r ar.Reader) (w wishes, err error) {
	claims, err := r.Claims(ctx, ar.ClaimFilter{})
	if err != nil {
		return wishes{}, err
	}
	w.claims = map[ar.CustomerID][]ar.Claim{}
	for _, c := range claims { // the payment may be what ended it
		if c.Stands() || c.End == ar.ClaimPaid && d.now().Sub(c.Ended.At) < newsFor {
			w.claims[c.Customer] = append(w.claims[c.Customer], c)
		}
	}
	if w.subscriptions, err = r.Subscriptions(ctx, ""); err != nil {
		return wishes{}, err
	}
	w.preferences, err = r.Preferences(ctx)
	return w, err
}

// planNews plans the news of one payment.
func (d *Desk) planNews(ctx context.Context, tx ar.Tx, w wishes, p ar.SeenPayment) (told int, err error) {
	plan := func(route string) error {
		post, created, err := tx.PlanPost(ctx, ar.PostKey{Kind: ar.PaymentNews, Route: fmt.Sprintf("%s/%d", route, p.ID), Day: onceForAll}, "")
		if err != nil || !created {
			return err
		}
		told++
		return tx.Enqueue(ctx, ar.Notice{Post: post.ID})
	}
	first := p.Seen
	holder := ""
	for _, c := range w.claims[p.Customer] {
		if first.Before(c.Made.At) || w.preferences[c.Holder()].NoNews {
			continue
		}
		holder = c.Holder()
		if err := plan(newsClaimRoute + strconv.FormatInt(int64(c.ID), 10)); err != nil {
			return told, err
		}
	}
	account, err := tx.Customer(ctx, p.Customer)
	if err != nil {
		return told, err
	}
	for _, s := range w.subscriptions {
		owned := s.Filter == ar.SubscribedMine && d.ownedBy(s, account.Owner)
		if s.User == holder || first.Before(s.Made.At) || w.preferences[s.User].NoNews || !s.Wants(p.Customer, owned, p.Amount.Abs()) {
			continue
		}
		if err := plan(newsUserRoute + s.User); err != nil {
			return told, err
		}
	}
	return told, nil
}

// ownedBy reports whether an owner is the person of a subscription.
func (d *Desk) ownedBy(s ar.Subscription, owner string) bool {
	return owner != "" && s.Email != "" && d.owned(s.Email).Covers(owner)
}

// News is what a post of the kind ar.PaymentNews says.
type News struct {
	Payment ar.Document
	Account ar.Customer
	// Overdue is what is still past due of the account, by currency.
	Overdue []ar.Money
	// Claim is in whose thread it is told; nil for a subscriber.
	Claim *ar.Claim
	// User is who is told.
	User  string
	Fresh Fresh
}

// PaymentNews returns what a post says now; false where nothing is to be told any more:
// the payment is gone, or the reader may not see the account.
func (d *Desk) PaymentNews(ctx context.Context, reader ar.Actor, p ar.Post) (view News, ok bool, err error) {
	to, number, _ := strings.Cut(p.Route, "/")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return News{}, false, fmt.Errorf("the route %q is not of a payment: %w", p.Route, err)
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		view, ok = News{}, false
		var err error
		if view.Payment, err = r.Document(ctx, ar.DocumentID(id)); err != nil {
			return err
		}
		if view.Account, err = r.Customer(ctx, view.Payment.Customer); err != nil {
			return err
		}
		if view.Overdue, _, err = d.overdueOf(ctx, r, view.Payment.Customer); err != nil {
			return err
		}
		if view.Fresh, err = d.fresh(ctx, r, ar.Scope{}); err != nil { // it may be told in a channel
			return err
		}
		if view.User = strings.TrimPrefix(to, newsUserRoute); view.User == to {
			c, err := r.Claim(ctx, claimOf(to))
			if err != nil {
				return err
			}
			view.Claim, view.User = &c, c.Holder()
		}
		ok = view.Payment.Status == ar.Posted && !view.Payment.Amount.IsZero()
		return nil
	})
	if err != nil || !ok {
		return view, false, err
	}
	if reader.User == "" { // nobody to be asked about, as when it is printed
		return view, true, nil
	}
	scope, err := d.sees(reader)
	return view, err == nil && scope.Covers(view.Account.Owner), nil
}

// NewsReader is who is told by a post of the kind ar.PaymentNews, by the chat system's id.
func (d *Desk) NewsReader(ctx context.Context, p ar.Post) (user string, err error) {
	to, _, _ := strings.Cut(p.Route, "/")
	if user, ok := strings.CutPrefix(to, newsUserRoute); ok {
		return user, nil
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		c, err := r.Claim(ctx, claimOf(to))
		user = c.Holder()
		return err
	})
	return user, err
}

func claimOf(route string) ar.ClaimID {
	n, err := strconv.ParseInt(strings.TrimPrefix(route, newsClaimRoute), 10, 64)
	if err != nil {
		return 0
	}
	return ar.ClaimID(n)
}
