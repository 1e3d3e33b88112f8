package ar

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// Joining is how the books of one ledger (a file, say) become those of another that has
// the same company: which records are the same.
type Joining struct {
	Customers []CustomerMatch
	Documents []DocumentMatch
	// Strangers are the customers of the ledger that ends for which the other has none,
	// or more than one; Alone its documents.
	Strangers []Customer
	Alone     []Document
}

// CustomerMatch is one customer in two ledgers, and by what it was known.
type CustomerMatch struct {
	From, Into Customer
	By         MatchBy
}

// DocumentMatch is one document in two ledgers. Their amounts or dates may differ.
type DocumentMatch struct{ From, Into Document }

// Differ reports whether what the two ledgers say of the document is not the same.
func (m DocumentMatch) Differ() bool {
	return m.From.Amount != m.Into.Amount || m.From.Date != m.Into.Date
}

// Join finds the same customers and documents in two ledgers. Customers are matched by
// their number, then by their name but for case, accents, punctuation and spaces; where one
// side has two of them, none is taken. Documents of matched customers are matched by kind
// and number, and those of which the number repeats or is missing by amount and date too.
// What was matched by hand, before, is kept as it is. Tombstones match nothing, and neither
// do documents that do not count.
func Join(customers, others []Customer, documents, otherDocuments []Document, byHand []CustomerMatch) Joining {
	j := Joining{Customers: slices.Clone(byHand)}
	j.match(customers, others, MatchedNumber, func(c Customer) string { return c.Number })
	j.match(customers, others, MatchedName, func(c Customer) string { return nameKey(c.Name) })
	into := map[CustomerID]CustomerID{}
	for _, m := range j.Customers {
		into[m.From.ID] = m.Into.ID
	}
	for _, c := range customers {
		if _, ok := into[c.ID]; !ok && !c.Deleted {
			j.Strangers = append(j.Strangers, c)
		}
	}
	j.matchDocuments(documents, otherDocuments, into)
	slices.SortFunc(j.Customers, func(a, b CustomerMatch) int {
		return cmp.Or(strings.Compare(a.From.Name, b.From.Name), cmp.Compare(a.From.ID, b.From.ID))
	})
	return j
}

// match pairs the customers that are not paired yet and whose key is the same and the only
// one of its kind on both sides.
func (j *Joining) match(customers, others []Customer, by MatchBy, key func(Customer) string) {
	left, right := j.onlyOnes(customers, key, false), j.onlyOnes(others, key, true)
	for _, c := range customers {
		k := key(c)
		a, ok := left[k]
		b, found := right[k]
		if ok && found && a != nil && b != nil && a.ID == c.ID {
			j.Customers = append(j.Customers, CustomerMatch{From: *a, Into: *b, By: by})
		}
	}
}

// onlyOnes indexes the unpaired customers by a key; nil where several have it.
func (j *Joining) onlyOnes(customers []Customer, key func(Customer) string, others bool) map[string]*Customer {
	paired := map[CustomerID]bool{}
	for _, m := range j.Customers {
		paired[m.From.ID], paired[m.Into.ID] = true, true
	}
	index := map[string]*Customer{}
	for i, c := range customers {
		k := key(c)
		// Several customers of a file can become one of the ledger, so one that is paired
		// still counts where it would make another one unsure.
		if k == "" || c.Deleted || paired[c.ID] && !others {
			continue
		}
		if _, twice := index[k]; twice {
			index[k] = nil
			continue
		}
		index[k] = &customers[i]
	}
	return index
}

// nameKey is a name without what two programs write differently.
func nameKey(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, fold(name))
}

// documentKey is what a document is known by, within a customer.
type documentKey struct {
	customer CustomerID
	kind     DocumentKind
	number   string
	amount   Money
	date     Date
}

func (j *Joining) matchDocuments(documents, others []Document, into map[CustomerID]CustomerID) {
	byNumber := func(d Document, c CustomerID) (documentKey, bool) {
		return documentKey{customer: c, kind: d.Kind, number: strings.ToLower(strings.TrimSpace(d.Number))}, d.Number != ""
	}
	byContent := func(d Document, c CustomerID) (documentKey, bool) {
		k, _ := byNumber(d, c)
		k.amount, k.date = d.Amount, d.Date
		return k, true
	}
	matched := map[DocumentID]bool{}
	for _, key := range []func(Document, CustomerID) (documentKey, bool){byNumber, byContent} {
		theirs := map[documentKey][]Document{}
		for _, d := range others {
			if k, ok := key(d, d.Customer); ok && d.Status == Posted && !matched[d.ID] {
				theirs[k] = append(theirs[k], d)
			}
		}
		ours := map[documentKey][]Document{}
		for _, d := range documents {
			if k, ok := key(d, into[d.Customer]); ok && into[d.Customer] != 0 && d.Status == Posted && !matched[d.ID] {
				ours[k] = append(ours[k], d)
			}
		}
		for _, d := range documents {
			k, _ := key(d, into[d.Customer])
			if len(ours[k]) == 1 && len(theirs[k]) == 1 && ours[k][0].ID == d.ID {
				j.Documents = append(j.Documents, DocumentMatch{From: d, Into: theirs[k][0]})
				matched[d.ID], matched[theirs[k][0].ID] = true, true
			}
		}
	}
	for _, d := range documents {
		if d.Status == Posted && !matched[d.ID] {
			j.Alone = append(j.Alone, d)
		}
	}
}
