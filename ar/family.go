package ar

import "slices"

// Relative is a customer as a member of its family.
type Relative struct {
	ID, Parent CustomerID
	// Top is who is above all of the family; in a circle of parents, which no ledger
	// should have, it is any of them.
	Top    CustomerID
	Source SourceID
}

// Family leads from a customer to its parent, where it has one.
type Family map[CustomerID]CustomerID

// deepest is how many parents above a customer are looked at, so that a circle
// in a ledger's data ends.
const deepest = 8

// Under reports whether a customer is another one or below it.
func (f Family) Under(c, top CustomerID) bool {
	for range deepest {
		if c == top {
			return true
		}
		parent, ok := f[c]
		if !ok || parent == 0 {
			return false
		}
		c = parent
	}
	return false
}

// above lists a customer and those above it: those that it is Under.
func (f Family) above(c CustomerID) []CustomerID {
	line := make([]CustomerID, 0, 2)
	for range deepest {
		if slices.Contains(line, c) {
			break
		}
		line = append(line, c)
		parent, ok := f[c]
		if !ok || parent == 0 {
			break
		}
		c = parent
	}
	return line
}

// clan joins customers that have to do with each other.
type clan map[CustomerID]CustomerID

// head is the same for all customers that were joined.
func (k clan) head(c CustomerID) CustomerID {
	for {
		next, ok := k[c]
		if !ok || next == c {
			return c
		}
		if further, ok := k[next]; ok {
			k[c] = further
		}
		c = next
	}
}

func (k clan) join(a, b CustomerID) { k[k.head(a)] = k.head(b) }

// cause is what is judged together: the promises of a family, by their index, with what
// the ledger says of it.
type cause struct {
	promises []int
	History
}

// causes parts promises and a history by families: no payment counts for two of them.
func (h History) causes(promises []Promise) []*cause {
	documents := h.byID()
	k := clan{}
	for child, parent := range h.Family {
		k.join(child, parent)
	}
	for _, p := range promises {
		if d, ok := documents[p.Document]; ok {
			k.join(p.Customer, d.Customer)
		}
	}
	var all []*cause
	of := map[CustomerID]*cause{}
	for i, p := range promises {
		head := k.head(p.Customer)
		if of[head] == nil {
			of[head] = &cause{History: History{Family: h.Family}}
			all = append(all, of[head])
		}
		of[head].promises = append(of[head].promises, i)
	}
	for _, d := range h.Documents {
		if c := of[k.head(d.Customer)]; c != nil {
			c.Documents = append(c.Documents, d)
		}
	}
	for _, a := range h.Applications {
		to, from := documents[a.To], documents[a.From]
		mine, others := of[k.head(to.Customer)], of[k.head(from.Customer)]
		if mine != nil {
			mine.Applications = append(mine.Applications, a)
		}
		if others != nil && others != mine {
			others.Applications = append(others.Applications, a)
		}
	}
	for _, c := range all {
		c.Beside = c.missing(documents)
	}
	return all
}

// missing lists the documents of applications that are not there yet.
func (h History) missing(documents map[DocumentID]Document) (list []Document) {
	there := map[DocumentID]bool{}
	for _, d := range h.Documents {
		there[d.ID] = true
	}
	for _, a := range h.Applications {
		for _, id := range []DocumentID{a.To, a.From} {
			if d, ok := documents[id]; ok && !there[id] {
				there[id] = true
				list = append(list, d)
			}
		}
	}
	return list
}
