package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

// JoinInput names two ledgers that have the same company.
type JoinInput struct {
	// From is the ledger that ends, Into the one that stays.
	From, Into ar.SourceIdentity
	// Same are customers that are the same, by name, number or the ledger's id.
	Same []SameCustomers
}

// SameCustomers are one customer in two ledgers, as a person typed it.
type SameCustomers struct{ From, Into string }

// JoinView is what joining two ledgers does, or did.
type JoinView struct {
	From, Into ar.Source
	ar.Joining
	// Left counts the promises and disputes that stand and have no place in the ledger
	// that stays, by customer of the one that ends.
	Left map[string]int
	// Lost is what is open today, net, of the strangers and of the documents that are
	// alone, by customer of the one that ends and then by currency; customers with nothing
	// open are not in it. LostSum is the same of all of them.
	Lost    map[ar.CustomerID][]ar.Money
	LostSum []ar.Money
}

// PlanJoin says what Join would do.
func (d *Desk) PlanJoin(ctx context.Context, in JoinInput) (view JoinView, err error) {
	err = d.books.View(ctx, func(r ar.Reader) error {
		view, err = d.planJoin(ctx, r, in)
		return err
	})
	return view, err
}

// Join ends a ledger whose company another one has now. What people added goes over to the
// same customers and documents there.
func (d *Desk) Join(ctx context.Context, actor ar.Actor, in JoinInput) (view JoinView, err error) {
	if actor.Outside || !actor.Is(ar.Admin) {
		return JoinView{}, ar.Forbid("Only an admin joins two ledgers.")
	}
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		if view, err = d.planJoin(ctx, tx, in); err != nil {
			return err
		}
		customers, documents := map[ar.CustomerID]ar.CustomerID{}, map[ar.DocumentID]ar.DocumentID{}
		for _, m := range view.Customers {
			customers[m.From.ID] = m.Into.ID
		}
		for _, m := range view.Documents {
			documents[m.From.ID] = m.Into.ID
		}
		if err := tx.JoinSource(ctx, view.From.ID, view.Into.ID, customers, documents); err != nil {
			return err
		}
		return audit(ctx, tx, actor, "ledger.join", fmt.Sprintf("ledger/%d", view.From.ID), nil, map[string]any{
			"into": view.Into.ID, "customers": customers, "documents": documents,
		})
	})
	return view, err
}

func (d *Desk) planJoin(ctx context.Context, r ar.Reader, in JoinInput) (view JoinView, err error) {
	if view.From, view.Into, err = joinable(ctx, r, in); err != nil {
		return JoinView{}, err
	}
	customers, err := r.Customers(ctx, ar.CustomerFilter{Source: view.From.ID})
	if err != nil {
		return JoinView{}, err
	}
	others, err := r.Customers(ctx, ar.CustomerFilter{Source: view.Into.ID})
	if err != nil {
		return JoinView{}, err
	}
	var byHand []ar.CustomerMatch
	for _, same := range in.Same {
		m := ar.CustomerMatch{By: matchedByHand}
		if m.From, err = called(customers, same.From, view.From.Name); err != nil {
			return JoinView{}, err
		}
		if m.Into, err = called(others, same.Into, view.Into.Name); err != nil {
			return JoinView{}, err
		}
		byHand = append(byHand, m)
	}
	documents, err := r.SourceDocuments(ctx, view.From.ID, 0, 0)
	if err != nil {
		return JoinView{}, err
	}
	theirs, err := r.SourceDocuments(ctx, view.Into.ID, 0, 0)
	if err != nil {
		return JoinView{}, err
	}
	view.Joining = ar.Join(customers, others, documents, theirs, byHand)
	if view.Left, err = leftBehind(ctx, r, view.Joining); err != nil {
		return JoinView{}, err
	}
	return view, d.lost(ctx, r, &view)
}

// lost sums up what is open with customers and documents that have no match.
func (d *Desk) lost(ctx context.Context, r ar.Reader, view *JoinView) error {
	gone, alone := map[ar.CustomerID]bool{}, map[ar.DocumentID]bool{}
	for _, c := range view.Strangers {
		gone[c.ID] = true
	}
	for _, a := range view.Alone {
		alone[a.ID] = true
	}
	items, err := r.OpenItems(ctx, ar.ItemQuery{AsOf: d.Today(), Scope: ar.Everything(), Source: view.From.ID})
	if err != nil {
		return err
	}
	view.Lost = map[ar.CustomerID][]ar.Money{}
	for _, i := range items {
		if !gone[i.Customer] && !alone[i.ID] {
			continue
		}
		if view.Lost[i.Customer], err = addTo(view.Lost[i.Customer], i.Open); err != nil {
			return err
		}
		if view.LostSum, err = addTo(view.LostSum, i.Open); err != nil {
			return err
		}
	}
	return nil
}

// addTo adds an amount to the sum of its currency; the sums are in the order of the codes.
func addTo(sums []ar.Money, m ar.Money) ([]ar.Money, error) {
	i, found := slices.BinarySearchFunc(sums, m.Currency(), func(sum ar.Money, c ar.Currency) int {
		return strings.Compare(string(sum.Currency()), string(c))
	})
	if !found {
		return slices.Insert(sums, i, m), nil
	}
	sum, err := sums[i].Add(m)
	if err == nil {
		sums[i] = sum
	}
	return sums, err
}

// matchedByHand is how customers were matched that a person named.
const matchedByHand ar.MatchBy = "hand"

// joinable finds the two ledgers, and refuses to join what is not read to its end.
func joinable(ctx context.Context, r ar.Reader, in JoinInput) (from, into ar.Source, err error) {
	sources, err := r.Sources(ctx)
	if err != nil {
		return from, into, err
	}
	for _, s := range []struct {
		id ar.SourceIdentity
		to *ar.Source
	}{{in.From, &from}, {in.Into, &into}} {
		i := slices.IndexFunc(sources, func(x ar.Source) bool { return x.Kind == s.id.Kind && x.External == s.id.External })
		switch {
		case i < 0 || sources[i].FirstSynced.IsZero():
			return from, into, ar.Refuse("%s has not been read yet, or was joined before. Import it first.", s.id.Name)
		case sources[i].Run.Running():
			return from, into, ar.Refuse("%s is being read right now. Wait until that has ended.", s.id.Name)
		}
		*s.to = sources[i]
	}
	if from.ID == into.ID {
		return from, into, ar.Refuse("%s cannot be joined into itself. Name two ledgers.", from.Name)
	}
	return from, into, nil
}

// called finds the one customer of a ledger that a person named.
func called(customers []ar.Customer, text, ledger string) (ar.Customer, error) {
	text = strings.TrimSpace(text)
	fits := slices.DeleteFunc(slices.Clone(customers), func(c ar.Customer) bool {
		return text == "" || !strings.EqualFold(c.Name, text) && !strings.EqualFold(c.Number, text) && c.External != text
	})
	switch len(fits) {
	case 1:
		return fits[0], nil
	case 0:
		return ar.Customer{}, ar.Refuse("%s has no customer %q. Write its name, its number or the ledger's id in full.", ledger, text)
	}
	return ar.Customer{}, ar.Refuse("%s has %d customers %q. Write the ledger's id of the one that is meant.", ledger, len(fits), text)
}

// leftBehind counts what stands on customers and documents that have no match.
func leftBehind(ctx context.Context, r ar.Reader, j ar.Joining) (map[string]int, error) {
	names, alone := map[ar.CustomerID]string{}, map[ar.DocumentID]bool{}
	var customers []ar.CustomerID
	for _, m := range j.Customers {
		names[m.From.ID] = m.From.Name
		customers = append(customers, m.From.ID)
	}
	lost := map[ar.CustomerID]bool{}
	for _, c := range j.Strangers {
		names[c.ID], lost[c.ID] = c.Name, true
		customers = append(customers, c.ID)
	}
	for _, d := range j.Alone {
		alone[d.ID] = true
	}
	left := map[string]int{}
	count := func(c ar.CustomerID, d ar.DocumentID) {
		if lost[c] || alone[d] {
			left[names[c]]++
		}
	}
	promises, err := r.Promises(ctx, ar.PromiseFilter{Customers: customers, Undecided: true})
	if err != nil {
		return nil, err
	}
	for _, p := range promises {
		count(p.Customer, p.Document)
	}
	disputes, err := r.Disputes(ctx, ar.DisputeFilter{Customers: customers, Standing: true})
	if err != nil {
		return nil, err
	}
	for _, p := range disputes {
		count(p.Customer, p.Document)
	}
	return left, nil
}
