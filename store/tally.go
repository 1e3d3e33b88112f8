package store

import (
	"cmp"
	"errors"
	"slices"

	"arbot/ar"
)

// tally puts rows together into the sums of their slices, in each dimension.
type tally struct {
	rule ar.SumRule
	sums map[ar.Slice]*ar.Sums
}

func newTally(rule ar.SumRule) *tally { return &tally{rule: rule, sums: map[ar.Slice]*ar.Sums{}} }

func (t *tally) of(s ar.Slice) *ar.Sums {
	sums := t.sums[s]
	if sums == nil {
		sums = ar.NewSums(s, t.rule)
		t.sums[s] = sums
	}
	return sums
}

func (t *tally) sorted() []ar.Sums {
	all := make([]ar.Sums, 0, len(t.sums))
	for _, s := range t.sums {
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b ar.Sums) int {
		return cmp.Or(cmp.Compare(a.By, b.By), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Currency, b.Currency))
	})
	return all
}

func (t *tally) flows(rows []flowRow) error {
	for _, row := range rows {
		for _, by := range t.rule.By {
			if err := row.addTo(&t.of(row.in(by)).Periods[row.Period-1].Flow); err != nil {
				return err
			}
		}
	}
	return nil
}

// addTo adds a row where it counts: see metric.Fold.
func (r flowRow) addTo(f *ar.Flow) error {
	amount := money(r.Amount, r.Currency)
	switch {
	case r.Entry == 1:
		return addMoney(map[ar.ApplicationKind]*ar.Money{
			ar.ByPayment: &f.Collected, ar.ByCredit: &f.Credited, ar.ByWriteOff: &f.WrittenOff,
		}[r.By], amount)
	case r.By == "":
		return r.addDocuments(f, amount)
	}
	// The credit that was used up was a write-off: no less sales, no money.
	return errors.Join(r.addDocuments(f, amount), addMoney(&f.WrittenOff, amount))
}

func (r flowRow) addDocuments(f *ar.Flow, effect ar.Money) error {
	switch r.Kind {
	case ar.CreditMemo:
		return addMoney(&f.Credited, effect.Neg())
	case ar.Payment, ar.Refund:
		return addMoney(&f.Collected, effect.Neg())
	case ar.Journal:
		return addMoney(&f.Adjusted, effect)
	case ar.Invoice:
	}
	f.Granted.AddSum(ar.NewAmountDays(r.Weight))
	return addMoney(&f.Invoiced, effect)
}

// whole adds documents at each of the cuts at which they were whole.
func (t *tally) whole(rows []wholeRow) error {
	for _, row := range rows {
		due := ar.DateFromEpochDays(row.Due)
		for no := row.Enter; no < row.Left; no++ {
			bucket := unapplied
			if row.Credit == 0 {
				bucket = t.rule.Edges.Bucket(t.rule.Cuts[no].Sub(due))
			}
			if err := t.open([]openRow{{row.sliceRow, no, bucket, row.Total, row.Items}}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *tally) open(rows []openRow) error {
	for _, row := range rows {
		for _, by := range t.rule.By {
			sums := t.of(row.in(by))
			aging := &sums.Opening
			if row.No > 0 {
				aging = &sums.Periods[row.No-1].Closing
			}
			if err := row.addTo(aging); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r openRow) addTo(a *ar.Aging) error {
	total := money(r.Total, r.Currency)
	if r.Bucket == unapplied {
		return addMoney(&a.Unapplied, total.Neg())
	}
	a.Items += r.Items
	return addMoney(&a.Buckets[r.Bucket], total)
}

func (t *tally) paid(rows []paidSumRow) error {
	for _, row := range rows {
		sum := ar.PaidSums{
			Invoices: row.Invoices, Amount: money(row.Amount, row.Currency), ToPay: ar.NewAmountDays(row.ToPay),
			Terms: ar.NewAmountDays(row.Given), Late: ar.NewAmountDays(row.Late),
		}
		for _, by := range t.rule.By {
			if err := t.of(row.in(by)).Periods[row.Period-1].Paid.AddSum(sum); err != nil {
				return err
			}
		}
	}
	return nil
}

// add adds sums that were made elsewhere, by the same rule.
func (t *tally) add(all []ar.Sums) error {
	for _, more := range all {
		sums := t.of(more.Slice)
		var err error
		if sums.Opening, err = sums.Opening.Plus(more.Opening); err != nil {
			return err
		}
		for n := range sums.Periods {
			p := &sums.Periods[n]
			if p.Closing, err = p.Closing.Plus(more.Periods[n].Closing); err != nil {
				return err
			}
			if err := p.AddSum(more.Periods[n].Flow); err != nil {
				return err
			}
		}
	}
	return nil
}

func addMoney(total *ar.Money, m ar.Money) (err error) {
	*total, err = total.Add(m)
	return err
}
