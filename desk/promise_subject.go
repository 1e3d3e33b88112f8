package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

// promised is what a promise can be about, with what is owed of it and what is
// promised of that already.
type promised struct {
	account ar.Customer
	invoice *ar.Document // nil for the account as a whole
	open    ar.Money
	// hidden counts the accounts below it that the actor may not see: nothing of them is
	// in open, and what is paid there counts for the account.
	hidden int
	// items are the open invoices of the account and of those below it.
	items []ar.OpenItem
	// standing are the promises of the family that are not decided, decided those that
	// nobody ended and whose fate is known.
	standing, decided []judged
	history           ar.History
}

// promised loads an account or an invoice. Of an account that owes in several
// currencies one has to be named; a single one goes by itself, and so does the
// company's own.
func (d *Desk) promised(ctx context.Context, r ar.Reader, scope ar.Scope, found Found, c ar.Currency) (promised, error) {
	var s promised
	if found.Document != 0 {
		account, item, err := d.invoice(ctx, r, scope, found.Document)
		if err != nil {
			return promised{}, err
		}
		if item.Kind != ar.Invoice {
			return promised{}, ar.Refuse("%s is a %s, and nothing is owed on it. A promise is about an invoice or a customer.", item.Label(), item.Kind)
		}
		found.Customer, s.invoice, s.open = account.ID, &item.Document, item.Open
	}
	below, err := family(ctx, r, scope, found.Customer)
	if err != nil {
		return promised{}, err
	}
	s.account, s.hidden = below.Customer, below.Hidden
	if s.items, err = r.OpenItems(ctx, ar.ItemQuery{AsOf: d.Today(), Customers: below.ids(), Scope: ar.Everything(), Owed: true}); err != nil {
		return promised{}, fmt.Errorf("what customer %d owes: %w", found.Customer, err)
	}
	if s.invoice == nil {
		if s.open, err = s.owed(c, d.settings.Home); err != nil {
			return promised{}, err
		}
	}
	return s, d.loadStanding(ctx, r, &s)
}

func (d *Desk) loadStanding(ctx context.Context, r ar.Reader, s *promised) error {
	all, err := d.judge(ctx, r, []ar.CustomerID{s.account.ID}, d.Today())
	if err != nil {
		return err
	}
	for _, j := range all {
		if j.verdict.State.Final() {
			s.decided = append(s.decided, j)
		} else {
			s.standing = append(s.standing, j)
		}
	}
	if s.history, err = r.History(ctx, []ar.CustomerID{s.account.ID}); err != nil {
		return fmt.Errorf("history of customer %d: %w", s.account.ID, err)
	}
	return nil
}

// owed adds up what the account owes in a currency: the one that is asked for, else
// the only one, else home.
func (s promised) owed(c, home ar.Currency) (ar.Money, error) {
	sums := map[ar.Currency]ar.Money{}
	var order []string
	for _, i := range s.items {
		of := i.Open.Currency()
		if _, ok := sums[of]; !ok {
			sums[of] = ar.NewMoney(0, of)
			order = append(order, string(of))
		}
		sum, err := sums[of].Add(i.Open)
		if err != nil {
			return ar.Money{}, fmt.Errorf("what customer %d owes: %w", s.account.ID, err)
		}
		sums[of] = sum
	}
	slices.Sort(order)
	_, inHome := sums[home]
	switch {
	case len(order) == 0:
		return ar.NewMoney(0, home), nil
	case c != "":
		if sum, ok := sums[c]; ok {
			return sum, nil
		}
		return ar.Money{}, ar.Refuse("%s owes nothing in %s. Give the promise in %s.", s.account.Name, c, strings.Join(order, " or "))
	case len(order) == 1:
		return sums[ar.Currency(order[0])], nil
	case inHome:
		return sums[home], nil
	}
	return ar.Money{}, ar.Refuse("%s owes in %s. Name the currency with the amount, like %s 500.", s.account.Name, strings.Join(order, " and "), order[0])
}

// promise is a draft as it would be recorded.
func (s promised) promise(in PromiseDraft, made ar.Act, grace int) ar.Promise {
	p := ar.Promise{Customer: s.account.ID, Parts: in.Parts, Note: strings.TrimSpace(in.Note), Made: made, GraceDays: grace}
	if s.invoice != nil {
		p.Document = s.invoice.ID
	}
	return p
}

// same is the promise that stands and says the same. One whose fate is known is another:
// a customer who kept a promise early may promise as much again.
func (s promised) same(p ar.Promise) (judged, bool) { return sameIn(s.standing, p) }

func sameIn(list []judged, p ar.Promise) (judged, bool) {
	i := slices.IndexFunc(list, func(j judged) bool { return j.Key() == p.Key() })
	if i < 0 {
		return judged{}, false
	}
	return list[i], true
}

// taken is what promises that stand take of the subject, one of them left out.
func (s promised) taken(but ar.PromiseID) ar.Money {
	total := ar.NewMoney(0, s.open.Currency())
	for _, j := range s.standing {
		mine := s.invoice == nil && s.history.Family.Under(j.Customer, s.account.ID) || s.invoice != nil && j.Document == s.invoice.ID
		if !mine || j.ID == but || j.Currency() != s.open.Currency() {
			continue
		}
		for _, part := range j.verdict.Parts {
			if part.State.Final() {
				continue
			}
			if sum, err := total.Add(part.Missing); err == nil { // one that is too large was refused when it was recorded
				total = sum
			}
		}
	}
	return total
}

// check refuses a promise that cannot be meant.
func (s promised) check(p ar.Promise, instead ar.PromiseID) error {
	label := s.account.Name
	if s.invoice != nil {
		label = s.invoice.Label()
	}
	return p.Check(ar.Subject{Label: label, Open: s.open, Taken: s.taken(instead)}, p.Made.On)
}
