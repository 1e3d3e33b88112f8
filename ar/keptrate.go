package ar

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// fewestJudged is how many parts must have been judged before a kept rate says
// anything.
const fewestJudged = 3

// KeptRate is how well promises were kept: those of a customer, or those that a
// rep wrote down.
//
// What counts is each part of a promise with money to judge it by: kept, partly
// kept or broken. What is open, settled by credit, closed, cancelled or
// superseded does not. Late is not kept.
type KeptRate struct {
	// Judged parts, and those of them that were kept in full and in part.
	Judged, Kept, Partly int
	// Amounts are the same by money, one per currency, by code.
	Amounts []KeptAmount
}

// KeptAmount is what was promised and what was paid of it in time, in one
// currency, over the judged parts. What credits settled of a part is taken off
// what was promised.
type KeptAmount struct {
	Promised, Paid Money
}

// NewKeptRate adds up the verdicts.
func NewKeptRate(verdicts []Verdict) (KeptRate, error) {
	var r KeptRate
	for _, v := range verdicts {
		for _, part := range v.Parts {
			if err := r.add(part); err != nil {
				return KeptRate{}, fmt.Errorf("kept rate, promise %d: %w", v.Promise, err)
			}
		}
	}
	slices.SortFunc(r.Amounts, func(a, b KeptAmount) int {
		return strings.Compare(string(a.Promised.Currency()), string(b.Promised.Currency()))
	})
	return r, nil
}

func (r *KeptRate) add(part Outcome) error {
	switch {
	case part.State == PromiseKept:
		r.Kept++
	case part.State == PromisePartlyKept:
		r.Partly++
	case part.State != PromiseBroken:
		return nil
	}
	r.Judged++
	c := part.Amount.Currency()
	at := slices.IndexFunc(r.Amounts, func(a KeptAmount) bool { return a.Promised.Currency() == c })
	if at < 0 {
		at = len(r.Amounts)
		r.Amounts = append(r.Amounts, KeptAmount{Promised: NewMoney(0, c), Paid: NewMoney(0, c)})
	}
	owed, err := Sum(part.Paid, part.Missing)
	if err != nil {
		return err
	}
	return errors.Join(addTo(&r.Amounts[at].Promised, owed), addTo(&r.Amounts[at].Paid, part.Paid))
}

// ByCount returns the share of the judged parts that were kept in full, in
// tenths of a percent, rounded half up; false ("n/a") below three judged ones.
func (r KeptRate) ByCount() (permille int, ok bool) {
	return permilleOf(int64(r.Kept), int64(r.Judged)), r.Judged >= fewestJudged
}

// ByAmount returns the share of the promised money that was paid in time, in
// tenths of a percent, rounded half up; false ("n/a") below three judged parts
// and for a currency without any.
func (r KeptRate) ByAmount(c Currency) (permille int, ok bool) {
	for _, a := range r.Amounts {
		if a.Promised.Currency() == c && a.Promised.Sign() > 0 {
			return permilleOf(a.Paid.Minor(), a.Promised.Minor()), r.Judged >= fewestJudged
		}
	}
	return 0, false
}

func permilleOf(part, whole int64) int {
	if whole <= 0 {
		return 0
	}
	n := new(big.Int).Mul(big.NewInt(part), big.NewInt(2000))
	n.Add(n, big.NewInt(whole))
	return int(n.Quo(n, big.NewInt(0).Mul(big.NewInt(2), big.NewInt(whole))).Int64())
}
