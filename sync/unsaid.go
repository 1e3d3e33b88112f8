package arsync

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

// listed is what the last list of all that was open had, for a reading that does not say
// what is open. It is read before the pages change it; what a run that was cut off has left of
// them came after the last good one.
func (r *run) listed(ctx context.Context, reading *Reading) (openAmounts, error) {
	if reading.Unsaid == nil || r.state.OpenAsOf.IsZero() {
		return nil, nil //nolint:nilnil // there is no list
	}
	return r.openAmounts(ctx, ar.ItemQuery{AsOf: r.state.OpenAsOf, SeenBy: r.state.Synced})
}

// unsaid makes the documents of such a reading as open as the last list had them, and lets
// the payments among them take the place of what that list and earlier ones had shown as
// settled in a way that nobody knew.
func (r *run) unsaid(ctx context.Context, reading *Reading, known openAmounts) error {
	if known == nil {
		return nil
	}
	now, err := r.openAmounts(ctx, ar.ItemQuery{AsOf: endOfTime})
	if err != nil {
		return err
	}
	var owed, unapplied []Balance
	payers := map[string][]Unsaid{}
	for u, err := range reading.Unsaid {
		if err != nil {
			return fmt.Errorf("sync: read what source %d has: %w", r.state.ID, err)
		}
		if u.Date.After(r.state.OpenAsOf) {
			continue
		}
		open, ok := known[u.Of]
		if !ok {
			open = ar.NewMoney(0, u.Amount.Currency())
		}
		balance := Balance{Of: u.Of, Open: open, Date: r.state.OpenAsOf}
		if u.Amount.Sign() >= 0 {
			owed = append(owed, balance)
			continue
		}
		unapplied = append(unapplied, balance)
		if left, is := now[u.Of]; is && !ok { // an earlier reading may have explained some of it
			u.Amount = left
			payers[u.Customer] = append(payers[u.Customer], u)
		}
	}
	if err := r.settle(ctx, chain(nil, owed)); err != nil {
		return err
	}
	if err := r.explain(ctx, payers); err != nil {
		return err
	}
	return r.settle(ctx, chain(nil, unapplied))
}

// explain sets payments and credits against what was inferred to be settled of the same
// customer on their date or later: the same amount first, then the earliest. What is left
// of either stays inferred.
func (r *run) explain(ctx context.Context, payers map[string][]Unsaid) error {
	if len(payers) == 0 {
		return nil
	}
	var page ar.Page
	err := r.Books.View(ctx, func(books ar.Reader) error {
		page = ar.Page{}
		customers, err := books.Customers(ctx, ar.CustomerFilter{Source: r.state.ID})
		if err != nil {
			return err
		}
		for _, c := range customers {
			list := payers[c.External]
			if len(list) == 0 {
				continue
			}
			h, err := books.History(ctx, []ar.CustomerID{c.ID})
			if err != nil {
				return err
			}
			if err := r.explainOne(&page, newGuesses(h, c.ID), list); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("sync: explain what was inferred of source %d: %w", r.state.ID, err)
	}
	return r.intake(&Reading{}, &removal{}).put(ctx, page)
}

// guess is an inferred application with what is left of it.
type guess struct {
	ar.Application
	to   ar.Ref
	left ar.Money
	used bool
}

// newGuesses are what was inferred to be paid of a customer's documents, the earliest first.
func newGuesses(h ar.History, c ar.CustomerID) []*guess {
	documents := map[ar.DocumentID]ar.Document{}
	for _, d := range h.Documents {
		documents[d.ID] = d
	}
	var all []*guess
	for _, a := range h.Applications {
		to := documents[a.To]
		if a.Inferred && a.From == 0 && a.Amount.Sign() > 0 && to.Customer == c && to.Effect().Sign() > 0 {
			all = append(all, &guess{Application: a, to: ar.Ref{Kind: to.Kind, External: to.External}, left: a.Amount})
		}
	}
	slices.SortStableFunc(all, func(x, y *guess) int {
		if by := x.Date.Compare(y.Date); by != 0 {
			return by
		}
		return strings.Compare(x.External, y.External)
	})
	return all
}

func (r *run) explainOne(page *ar.Page, guesses []*guess, payments []Unsaid) error {
	slices.SortStableFunc(payments, func(x, y Unsaid) int { return x.Date.Compare(y.Date) })
	for _, p := range payments {
		left := p.Amount.Neg()
		fits := slices.DeleteFunc(slices.Clone(guesses), func(g *guess) bool {
			return g.Date.Before(p.Date) || g.left.Sign() <= 0 || g.left.Currency() != left.Currency()
		})
		if i := slices.IndexFunc(fits, func(g *guess) bool { return g.left == left }); i > 0 {
			same := fits[i]
			fits = slices.Insert(slices.Delete(fits, i, i+1), 0, same)
		}
		for n, g := range fits {
			if left.IsZero() {
				break
			}
			part := left
			if g.left.Cmp(part) < 0 {
				part = g.left
			}
			kind := ar.ByPayment
			if p.Of.Kind == ar.CreditMemo {
				kind = ar.ByCredit
			}
			page.Applications = append(page.Applications, ar.ApplicationRecord{
				External: fmt.Sprintf("inferred/%d/%s/%d", r.id, p.Of.Key(), n), From: p.Of, To: g.to, Kind: kind, Amount: part, Date: p.Date, Inferred: true,
			})
			var err error
			if g.left, err = g.left.Sub(part); err != nil {
				return err
			}
			if left, err = left.Sub(part); err != nil {
				return err
			}
			g.used = true
		}
	}
	for _, g := range guesses {
		if !g.used {
			continue
		}
		rest := ar.ApplicationRecord{External: g.External, To: g.to, Kind: g.Kind, Amount: g.left, Date: g.Date, Inferred: true}
		rest.Deleted = g.left.IsZero()
		page.Applications = append(page.Applications, rest)
	}
	return nil
}
