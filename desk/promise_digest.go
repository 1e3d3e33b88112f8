package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

// PromisePart is one part of a promise: an amount by a day.
type PromisePart struct {
	Promise
	// No is its place among the parts, from 1 on.
	No int
	ar.Outcome
}

// DigestPromises are what a digest says of promises.
type DigestPromises struct {
	// Due are the parts that are open and due on the day of the digest.
	Due []PromisePart
	// Broken are the parts that failed since the digest before, in full or in part.
	Broken []PromisePart
	// Kept is how well promises on the accounts were kept in the last year.
	Kept ar.KeptRate
}

// promiseFigure is what a digest said of a part of a promise.
type promiseFigure struct {
	Promise ar.PromiseID `json:"promise"`
	Part    int          `json:"part"`
	Amount  ar.Money     `json:"amount"`
	Missing ar.Money     `json:"missing"`
}

// digestFigures is what a digest said, in numbers.
type digestFigures struct {
	ar.DigestFigures

	Due    []promiseFigure `json:"promises_due,omitempty"`
	Broken []promiseFigure `json:"promises_broken,omitempty"`
}

func partFigures(parts []PromisePart) []promiseFigure {
	var list []promiseFigure
	for _, part := range parts {
		list = append(list, promiseFigure{part.ID, part.No, part.Amount, part.Missing})
	}
	return list
}

// brokenFor is how many days back a promise may have been due that a digest tells to
// be broken: longer than any grace and any pause between two digests.
const brokenFor = 90

// loadPromises fills what a digest says of promises. said is what the digest before
// this one said; the zero value for a first one, which has no news.
func (d *Desk) loadPromises(ctx context.Context, r ar.Reader, scope ar.Scope, said ar.DigestFigures, digest *Digest) error {
	due, err := r.Promises(ctx, ar.PromiseFilter{Scope: &scope, Undecided: true, DueFrom: digest.Day, DueTo: digest.Day})
	if err != nil {
		return fmt.Errorf("promises due on %s: %w", digest.Day, err)
	}
	all, err := d.judge(ctx, r, accountsOf(due), digest.Day)
	if err != nil {
		return err
	}
	byID := map[ar.PromiseID]bool{}
	for _, p := range due {
		byID[p.ID] = true
	}
	all = slices.DeleteFunc(all, func(j judged) bool { return !byID[j.ID] })
	digest.Promises.Due, err = d.parts(ctx, r, all, func(_ judged, o ar.Outcome) bool {
		return o.State == ar.PromiseOpen && o.Due == digest.Day
	})
	if err != nil {
		return err
	}
	if digest.Promises.Kept, err = d.keptRate(ctx, r, ar.PromiseFilter{Scope: &scope}); err != nil || digest.First {
		return err
	}
	return d.loadBroken(ctx, r, scope, said, digest)
}

// loadBroken fills the parts that were told to be broken since the last digest. A
// promise of several parts is told anew for each of them: what had failed by the last
// digest is no news.
func (d *Desk) loadBroken(ctx context.Context, r ar.Reader, scope ar.Scope, said ar.DigestFigures, digest *Digest) error {
	standing, err := r.Promises(ctx, ar.PromiseFilter{Scope: &scope, Standing: true, DueFrom: digest.Day.AddDays(-brokenFor)})
	if err != nil {
		return fmt.Errorf("promises broken since %s: %w", said.AsOf, err)
	}
	given, err := r.Verdicts(ctx, promiseIDs(standing))
	if err != nil {
		return err
	}
	var told []judged
	for _, p := range standing {
		if v, ok := given[p.ID]; ok && v.At.After(said.Known) {
			told = append(told, judged{p, v.Verdict})
		}
	}
	digest.Promises.Broken, err = d.parts(ctx, r, told, func(j judged, o ar.Outcome) bool {
		return o.State.Failed() && (len(j.Parts) == 1 || !o.Deadline.Before(said.AsOf))
	})
	return err
}

// parts are those parts of promises that are wanted, by account and day.
func (d *Desk) parts(ctx context.Context, r ar.Reader, all []judged, wanted func(judged, ar.Outcome) bool) ([]PromisePart, error) {
	var list []PromisePart
	for _, j := range all {
		var view *Promise
		for i, o := range j.verdict.Parts {
			if !wanted(j, o) {
				continue
			}
			if view == nil {
				seen, err := d.seenPromise(ctx, r, ar.Actor{}, j)
				if err != nil {
					return nil, err
				}
				view = &seen
			}
			list = append(list, PromisePart{Promise: *view, No: i + 1, Outcome: o})
		}
	}
	slices.SortStableFunc(list, func(a, b PromisePart) int { return strings.Compare(a.Account.Name, b.Account.Name) })
	return list, nil
}

func promiseIDs(list []ar.Promise) []ar.PromiseID {
	ids := make([]ar.PromiseID, len(list))
	for i, p := range list {
		ids[i] = p.ID
	}
	return ids
}
