package store_test

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"arbot/ar"
)

// accounts are what people added as plain values, on a ledger whose customers merge and
// whose documents change hands.
type accounts struct {
	ids       map[string]ar.CustomerID
	owners    map[ar.CustomerID]string
	into      map[string]string // where merged customers went
	documents map[ar.DocumentID]ar.CustomerID
	promises  map[ar.PromiseID]keyedPromise
	verdicts  map[ar.PromiseID]ar.GivenVerdict
	disputes  map[ar.DisputeID]ar.Dispute
	notes     map[ar.NoteID]ar.Note
	contacts  map[ar.CustomerID]ar.ContactFacts
}

// keyedPromise is a promise with the key under which it is known.
type keyedPromise struct {
	ar.Promise

	key string
}

// live is the customer that a name stands for now.
func (a *accounts) live(name string) ar.CustomerID {
	if into, ok := a.into[name]; ok {
		name = into
	}
	return a.ids[name]
}

// account is whose account an act is about.
func (a *accounts) account(name string, document ar.DocumentID) ar.CustomerID {
	if document != 0 {
		return a.documents[document]
	}
	return a.live(name)
}

// standing is the promise that stands under a key, beside one.
func (a *accounts) standing(key string, beside ar.PromiseID) (ar.Promise, bool) {
	for id, p := range a.promises {
		if p.key == key && p.End == "" && id != beside {
			return p.Promise, true
		}
	}
	return ar.Promise{}, false
}

// carry brings acts to the customers that change says, the earlier ones first.
func (a *accounts) carry(change func(customer ar.CustomerID, document ar.DocumentID) ar.CustomerID) {
	for _, id := range slices.Sorted(maps.Keys(a.promises)) {
		p := a.promises[id]
		to := change(p.Customer, p.Document)
		if to == p.Customer {
			continue
		}
		p.Customer = to
		if _, taken := a.standing(p.Key(), 0); p.End != "" || !taken {
			p.key = p.Key()
		}
		a.promises[id] = p
	}
	for id, v := range a.verdicts {
		v.Customer = a.promises[id].Customer
		a.verdicts[id] = v
	}
	for id, d := range a.disputes {
		d.Customer = change(d.Customer, d.Document)
		a.disputes[id] = d
	}
	for id, n := range a.notes {
		n.Customer = change(n.Customer, n.Document)
		a.notes[id] = n
	}
}

// merge makes one customer out of two.
func (a *accounts) merge(loser, winner string) {
	from, to := a.ids[loser], a.ids[winner]
	for name, into := range a.into {
		if into == loser {
			a.into[name] = winner
		}
	}
	a.into[loser] = winner
	for id, customer := range a.documents {
		if customer == from {
			a.documents[id] = to
		}
	}
	a.carry(func(c ar.CustomerID, _ ar.DocumentID) ar.CustomerID {
		if c == from {
			return to
		}
		return c
	})
	lost, ok := a.contacts[from]
	if !ok || len(lost.Known) == 0 {
		return
	}
	kept := ar.ContactFacts{Customer: to, Known: maps.Clone(lost.Known), Made: a.contacts[to].Made}
	for fact, said := range a.contacts[to].Known {
		if _, ok := lost.Known[fact]; !ok || strings.TrimSpace(said) != "" {
			kept.Known[fact] = said
		}
	}
	if lost.Made.At.After(kept.Made.At) {
		kept.Made = lost.Made
	}
	a.contacts[to] = kept
	delete(a.contacts, from)
}

// hand gives a document to another customer.
func (a *accounts) hand(document ar.DocumentID, to ar.CustomerID) {
	a.documents[document] = to
	a.carry(func(c ar.CustomerID, d ar.DocumentID) ar.CustomerID {
		if d == document {
			return to
		}
		return c
	})
}

func (a *accounts) fits(customers []ar.CustomerID, documents []ar.DocumentID, s *ar.Scope, c ar.CustomerID, d ar.DocumentID) bool {
	return (customers == nil || slices.Contains(customers, c)) && (documents == nil || slices.Contains(documents, d)) &&
		(s == nil || s.Covers(a.owners[c]))
}

func within(d, from, to ar.Date) bool {
	return (from.IsZero() || !d.Before(from)) && (to.IsZero() || !d.After(to))
}

func atMost[T any](list []T, limit int) []T {
	if limit > 0 && len(list) > limit {
		return list[:limit]
	}
	return list
}

// list is the oracle of Reader.Promises.
func (a *accounts) list(f ar.PromiseFilter) (list []ar.Promise) {
	for id, p := range a.promises {
		due := slices.ContainsFunc(p.Parts, func(i ar.Instalment) bool { return within(i.Due, f.DueFrom, f.DueTo) })
		if a.fits(f.Customers, f.Documents, f.Scope, p.Customer, p.Document) && due &&
			(f.MadeBy == "" || p.Made.By == f.MadeBy) && (f.MadeAfter.IsZero() || p.Made.At.After(f.MadeAfter)) &&
			(!f.Standing && !f.Undecided || p.End == "") && (!f.Undecided || a.verdicts[id].State == "" || !a.verdicts[id].State.Final()) {
			list = append(list, p.Promise)
		}
	}
	slices.SortFunc(list, func(a, b ar.Promise) int {
		return cmp.Or(a.Parts[len(a.Parts)-1].Due.Compare(b.Parts[len(b.Parts)-1].Due), cmp.Compare(a.ID, b.ID))
	})
	return atMost(list, f.Limit)
}

// listDisputes is the oracle of Reader.Disputes.
func (a *accounts) listDisputes(f ar.DisputeFilter) (list []ar.Dispute) {
	for _, d := range a.disputes {
		if a.fits(f.Customers, f.Documents, f.Scope, d.Customer, d.Document) && within(d.Opened.On, f.OpenedFrom, f.OpenedTo) &&
			(f.Assignee == "" || d.Assignee == f.Assignee) && (f.Reason == "" || d.Reason == f.Reason) && (!f.Standing || d.Stands()) {
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b ar.Dispute) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) })
	return atMost(list, f.Limit)
}

// listNotes is the oracle of Reader.Notes.
func (a *accounts) listNotes(f ar.NoteFilter) (list []ar.Note) {
	for _, n := range a.notes {
		if a.fits(f.Customers, f.Documents, nil, n.Customer, n.Document) && (f.By == "" || n.Made.By == f.By) {
			list = append(list, n)
		}
	}
	slices.SortFunc(list, func(a, b ar.Note) int {
		return cmp.Or(b.Made.At.Compare(a.Made.At), cmp.Compare(b.ID, a.ID))
	})
	return atMost(list, f.Limit)
}
