package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"arbot/ar"
)

// judgedFor is how many days back a promise may have been due whose verdict is still
// looked at: what comes into the ledger with an earlier date corrects it.
const judgedFor = 120

// JudgePromises judges the promises that are not decided, and those that were decided
// lately, by what the ledgers have brought. What became of each part of one is told
// once, by a post of the kind ar.Verdict; a verdict that changes since is told as a
// correction. It is called after each sync and before the digests, may be called at any
// time, and returns how many posts it planned. Accounts of a ledger that is being read,
// by whatever process, or that was left half read, are passed over: the end of the
// reading brings the next call.
func (d *Desk) JudgePromises(ctx context.Context) (told int, err error) {
	var roots []ar.CustomerID
	err = d.books.View(ctx, func(r ar.Reader) error {
		roots, err = d.judgeable(ctx, r)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("judge promises: %w", err)
	}
	var errs error
	for _, root := range roots {
		n, err := d.judgeAccount(ctx, root)
		told += n
		if err != nil { // of one account; the others get their verdicts
			errs = errors.Join(errs, fmt.Errorf("judge promises of customer %d: %w", root, err))
		}
	}
	return told, errs
}

// judgeable are the tops of the families with promises to judge.
func (d *Desk) judgeable(ctx context.Context, r ar.Reader) ([]ar.CustomerID, error) {
	undecided, err := r.Promises(ctx, ar.PromiseFilter{Undecided: true})
	if err != nil {
		return nil, err
	}
	recent, err := r.Promises(ctx, ar.PromiseFilter{Standing: true, DueFrom: d.Today().AddDays(-judgedFor)})
	if err != nil {
		return nil, err
	}
	kin, err := r.Relatives(ctx, accountsOf(undecided, recent))
	var roots []ar.CustomerID
	for _, k := range kin {
		if k.ID == k.Top {
			roots = append(roots, k.ID)
		}
	}
	return roots, err
}

// judgeAccount gives the verdicts on a family's promises. It looks first without
// writing: on most days there is nothing new.
func (d *Desk) judgeAccount(ctx context.Context, root ar.CustomerID) (told int, err error) {
	var rulings []ruling
	err = d.books.View(ctx, func(r ar.Reader) error {
		rulings, err = d.rule(ctx, r, root)
		return err
	})
	if err != nil || len(rulings) == 0 {
		return 0, err
	}
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		told = 0
		if rulings, err = d.rule(ctx, tx, root); err != nil {
			return err
		}
		for _, one := range rulings {
			if err := d.tell(ctx, tx, one); err != nil {
				return fmt.Errorf("tell the verdict on promise %d: %w", one.ID, err)
			}
			told += len(one.parts)
		}
		return nil
	})
	return told, err
}

// ruling is a verdict that is not told yet, with the parts, by their index, on which it
// is new or other than before.
type ruling struct {
	judged

	before ar.Verdict
	parts  []int
}

// rule finds what is to be told of a family's promises.
func (d *Desk) rule(ctx context.Context, r ar.Reader, root ar.CustomerID) ([]ruling, error) {
	if half, err := halfRead(ctx, r, root); err != nil || half {
		return nil, err
	}
	all, err := d.judge(ctx, r, []ar.CustomerID{root}, d.Today())
	if err != nil || len(all) == 0 {
		return nil, err
	}
	ids := make([]ar.PromiseID, len(all))
	for i, j := range all {
		ids[i] = j.ID
	}
	given, err := r.Verdicts(ctx, ids)
	if err != nil {
		return nil, err
	}
	var rulings []ruling
	for _, j := range all {
		one := ruling{judged: j, before: given[j.ID].Verdict}
		for i, now := range j.verdict.Parts {
			before := one.partBefore(i)
			_, corrected := ar.Correct(ar.Verdict{Outcome: before}, ar.Verdict{Outcome: now})
			if corrected || !before.State.Final() && now.State.Final() {
				one.parts = append(one.parts, i)
			}
		}
		if len(one.parts) > 0 {
			rulings = append(rulings, one)
		}
	}
	return rulings, nil
}

// partBefore is the outcome that was told of a part; an open one where none was.
func (r ruling) partBefore(i int) ar.Outcome {
	if i < len(r.before.Parts) {
		return r.before.Parts[i]
	}
	return ar.Outcome{State: ar.PromiseOpen}
}

// tell keeps a verdict and plans its posts.
func (d *Desk) tell(ctx context.Context, tx ar.Tx, r ruling) error {
	if err := tx.PutVerdict(ctx, r.verdict); err != nil {
		return err
	}
	var before any
	if len(r.before.Parts) > 0 {
		before = r.before
	}
	if err := audit(ctx, tx, ar.Actor{From: "ledger"}, "promise.verdict", promiseSubject(r.ID), before, r.verdict); err != nil {
		return err
	}
	for _, i := range r.parts {
		key, corrects := verdictKey(r.ID, i+1, r.partBefore(i).State, r.verdict.Parts[i].State)
		key.Day = d.Today()
		if err := planPost(ctx, tx, key, string(corrects)); err != nil {
			return err
		}
	}
	return nil
}

const promiseRoute = "promise:"

// verdictKey names the post on a part of a promise: "promise:12:1". A correction has
// what it came to in its name, so that a verdict that is corrected on the day on which
// it was given is told beside it; corrects is the state that was told before.
func verdictKey(id ar.PromiseID, part int, before, now ar.PromiseState) (key ar.PostKey, corrects ar.PromiseState) {
	key = ar.PostKey{Kind: ar.VerdictPost, Route: fmt.Sprintf("%s%d:%d", promiseRoute, id, part)}
	if before.Final() {
		key.Route += ":" + string(now)
		return key, before
	}
	return key, ""
}

// planPost plans a post and has it delivered; one that stands already is edited.
func planPost(ctx context.Context, tx ar.Tx, key ar.PostKey, body string) error {
	post, created, err := tx.PlanPost(ctx, key, body)
	if err != nil {
		return err
	}
	if !created {
		if err := tx.SetPost(ctx, post.ID, ar.PostPlanned, ""); err != nil {
			return err
		}
	}
	return tx.Enqueue(ctx, ar.Notice{Post: post.ID})
}

// ToldVerdict is what a post says of a part of a promise.
type ToldVerdict struct {
	PromisePart
	// Corrects is the state that was told before; "" for a first verdict.
	Corrects ar.PromiseState
	Fresh    Fresh
}

// Sentence says what became of the part, and what was said before.
func (v ToldVerdict) Sentence() string {
	if v.Corrects != "" {
		return ar.Correction{Promise: v.ID, From: ar.Outcome{State: v.Corrects}, To: v.Outcome}.Sentence()
	}
	return v.Outcome.Sentence()
}

// Verdict returns what a post of the kind ar.VerdictPost says now: the verdict as it
// was given last. One on a promise that somebody has cancelled since is a NotFound error.
func (d *Desk) Verdict(ctx context.Context, p ar.Post) (told ToldVerdict, err error) {
	id, part, err := verdictOf(p.Route)
	if err != nil {
		return ToldVerdict{}, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		promise, err := r.Promise(ctx, id)
		if err != nil {
			return fmt.Errorf("verdict on promise %d: %w", id, err)
		}
		given, err := r.Verdicts(ctx, []ar.PromiseID{id})
		if err != nil {
			return err
		}
		v := given[id].Verdict
		if part < 1 || part > len(v.Parts) {
			return fmt.Errorf("verdict on promise %d: it has no part %d", id, part) //nolint:err113 // nobody decides on it
		}
		seen, err := d.seenPromise(ctx, r, ar.Actor{}, judged{promise, v})
		if err != nil {
			return err
		}
		told = ToldVerdict{PromisePart: PromisePart{Promise: seen, No: part, Outcome: v.Parts[part-1]}, Corrects: ar.PromiseState(p.Body)}
		told.Fresh, err = d.fresh(ctx, r, ar.Scope{}) // it may be told in a channel
		return err
	})
	return told, err
}

// verdictOf reads the route of a verdict's post.
func verdictOf(route string) (ar.PromiseID, int, error) {
	fields := strings.Split(strings.TrimPrefix(route, promiseRoute), ":")
	if len(fields) < 2 {
		return 0, 0, fmt.Errorf("the route %q is not of a verdict", route) //nolint:err113 // nobody decides on it
	}
	id, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil {
		return 0, 0, fmt.Errorf("the route %q is not of a verdict: %w", route, err)
	}
	part, err := strconv.Atoi(fields[1])
	if err != nil {
		return 0, 0, fmt.Errorf("the route %q is not of a verdict: %w", route, err)
	}
	return ar.PromiseID(id), part, nil
}
