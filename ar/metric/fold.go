package metric

import (
	"cmp"
	"fmt"
	"slices"

	"arbot/ar"
)

// Fold makes the sums of a book in one pass over its rows. Its memory grows with the
// number of slices, not with that of rows.
type Fold struct {
	rule ar.SumRule
	sums map[ar.Slice]*ar.Sums
	open []ar.Money // scratch for one row, by cut
}

// NewFold returns an empty fold.
func NewFold(rule ar.SumRule) (*Fold, error) {
	rule, err := rule.Complete()
	if err != nil {
		return nil, fmt.Errorf("metric: %w", err)
	}
	return &Fold{rule: rule, sums: map[ar.Slice]*ar.Sums{}, open: make([]ar.Money, len(rule.Cuts))}, nil
}

// Sums returns what was added, by dimension, name and currency.
func (f *Fold) Sums() []ar.Sums {
	all := make([]ar.Sums, 0, len(f.sums))
	for _, s := range f.sums {
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b ar.Sums) int {
		return cmp.Or(cmp.Compare(a.By, b.By), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Currency, b.Currency))
	})
	return all
}

// Add adds a row. A document that isn't posted, or is dated after the last cut, counts
// for nothing.
func (f *Fold) Add(r Row) error {
	d := r.Document
	if !d.Counts(f.rule.Cuts.AsOf()) {
		return nil
	}
	e, err := f.entry(r)
	if err != nil {
		return fmt.Errorf("metric: %s: %w", d.Label(), err)
	}
	if e.nothing() {
		return nil
	}
	for _, by := range f.rule.By {
		slice := ar.Slice{By: by, Name: r.name(by), Currency: e.currency}
		s := f.sums[slice]
		if s == nil {
			s = ar.NewSums(slice, f.rule)
			f.sums[slice] = s
		}
		if err := e.addTo(s, f.rule); err != nil {
			return fmt.Errorf("metric: add %s: %w", d.Label(), err)
		}
	}
	return nil
}

func (f *Fold) entry(r Row) (entry, error) {
	e := entry{document: r.Document, currency: f.rule.Home.CurrencyOf(r.Document), open: f.open}
	if err := e.settle(r, f.rule.Cuts); err != nil {
		return entry{}, err
	}
	e.flow(r, f.rule.Cuts)
	if err := e.pay(r, f.rule.Cuts); err != nil {
		return entry{}, err
	}
	return e, e.translate(f.rule.Home)
}
