package ar

import "fmt"

// OpenItem is a document with what is open of it as of a date.
type OpenItem struct {
	Document
	// Open is what is left, with the sign of its effect on A/R: above 0 is
	// owed, below 0 is unapplied credit.
	Open Money
}

// Owed reports whether the item raises A/R.
func (i OpenItem) Owed() bool { return i.Open.Sign() > 0 }

// DaysOverdue returns the days past the due date: 0 on the due date and
// before it, 1 on the next day.
func (i OpenItem) DaysOverdue(asOf Date) int { return max(0, asOf.Sub(i.Due)) }

// OpenItems returns what is open as of a date, from the whole history: the
// documents that count, less every application in effect on or before asOf
// between documents that count. What is fully settled is left out.
// It is the definition; store's SQL is held equal to it by tests.
func OpenItems(documents []Document, applications []Application, asOf Date) ([]OpenItem, error) {
	index := make(map[DocumentID]int, len(documents))
	items := make([]OpenItem, 0, len(documents))
	for _, d := range documents {
		if d.Counts(asOf) {
			index[d.ID] = len(items)
			items = append(items, OpenItem{Document: d, Open: d.Effect()})
		}
	}
	for _, a := range applications {
		if err := apply(items, index, a, asOf); err != nil {
			return nil, err
		}
	}
	open := items[:0]
	for _, i := range items {
		if !i.Open.IsZero() {
			open = append(open, i)
		}
	}
	return open, nil
}

// apply takes an application into account if it is in effect: applied by then,
// between documents that both count by then (which is what
// Application.Effective says, too).
func apply(items []OpenItem, index map[DocumentID]int, a Application, asOf Date) error {
	to, toCounts := index[a.To]
	from, fromCounts := index[a.From]
	if a.Date.After(asOf) || !toCounts || a.From != 0 && !fromCounts {
		return nil
	}
	var err error
	if items[to].Open, err = items[to].Open.Sub(a.Amount); err != nil {
		return fmt.Errorf("apply %s to %s: %w", a.External, items[to].Label(), err)
	}
	if a.From == 0 {
		return nil
	}
	if items[from].Open, err = items[from].Open.Add(a.Amount); err != nil {
		return fmt.Errorf("apply %s from %s: %w", a.External, items[from].Label(), err)
	}
	return nil
}
