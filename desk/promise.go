package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"arbot/ar"
)

// Promise is a promise with what is needed to tell of it.
type Promise struct {
	ar.Promise
	Account ar.Customer
	// Invoice is what it is about, as it stands in the books; nil for the account
	// as a whole.
	Invoice *ar.Document
	// Verdict is what has become of it by what the ledger knows.
	Verdict ar.Verdict
	// Day is today.
	Day ar.Date
	// MayChange: the actor may change and cancel it. MayUndo: it was recorded so lately
	// that the actor may take that back.
	MayChange, MayUndo bool
	// Mine: the actor has recorded it.
	Mine bool
}

// About names what it is about: the invoice's number and the account's name.
func (p Promise) About() string {
	if p.Invoice == nil {
		return p.Account.Name
	}
	return p.Account.Name + ", " + p.Invoice.Label()
}

// Stands reports whether it is waited for: nobody has ended it, and nothing is
// decided.
func (p Promise) Stands() bool { return p.End == "" && !p.Verdict.State.Final() }

// PromiseDraft is a promise that is not recorded yet: how a typed one was read,
// or what a form holds.
type PromiseDraft struct {
	// Document is the invoice; 0 is the account as a whole.
	Customer ar.CustomerID
	Document ar.DocumentID
	Parts    []ar.Instalment
	Note     string
	// Where is the address of the message in which it was said; "" for none. The
	// verdict is told there.
	Where string
	// Instead is the promise that this one takes the place of; 0 for none.
	Instead ar.PromiseID
}

// RecordedPromise is what became of a draft.
type RecordedPromise struct {
	Promise
	// Created is false where the same promise stood already (case SL-05).
	Created bool
	// Instead is the promise that it took the place of; nil for none.
	Instead *Promise
}

// RecordPromise writes down what a customer promised. The same said twice is one
// promise. What is promised of an invoice or an account, all in all, is never more
// than is owed of it.
func (d *Desk) RecordPromise(ctx context.Context, actor ar.Actor, in PromiseDraft) (view RecordedPromise, err error) {
	scope, err := d.writes(actor)
	if err != nil {
		return RecordedPromise{}, err
	}
	if len([]rune(in.Note)) > ar.LongestNote {
		return RecordedPromise{}, ar.Refuse("The note is longer than %d characters. Shorten it.", ar.LongestNote)
	}
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		view, err = d.recordPromise(ctx, tx, actor, scope, in)
		return err
	})
	return view, err
}

func (d *Desk) recordPromise(ctx context.Context, tx ar.Tx, actor ar.Actor, scope ar.Scope, in PromiseDraft) (RecordedPromise, error) {
	subject, err := d.promised(ctx, tx, scope, Found{Customer: in.Customer, Document: in.Document}, in.currency())
	if err != nil {
		return RecordedPromise{}, err
	}
	p := subject.promise(in, d.act(actor, in.Where), d.settings.GraceDays)
	if same, ok := subject.same(p); ok {
		return d.recordedBefore(ctx, tx, actor, same, in.Instead)
	}
	old, err := d.replaced(actor, subject, in.Instead)
	if err != nil {
		return RecordedPromise{}, err
	}
	if err := subject.check(p, in.Instead); err != nil {
		return RecordedPromise{}, err
	}
	if p.Already, err = subject.history.PaidOn(p, p.Made.On); err != nil {
		return RecordedPromise{}, err
	}
	if over, ok := sameIn(subject.decided, p); ok {
		if err := tx.LetRepeat(ctx, over.ID); err != nil {
			return RecordedPromise{}, err
		}
	}
	kept, created, err := tx.AddPromise(ctx, p)
	if err != nil {
		return RecordedPromise{}, fmt.Errorf("record promise of customer %d: %w", p.Customer, err)
	}
	view := RecordedPromise{Created: created}
	if created {
		if err := audit(ctx, tx, actor, "promise.record", promiseSubject(kept.ID), nil, kept); err != nil {
			return RecordedPromise{}, err
		}
		if err := d.notePromise(ctx, tx, actor, "promise.record", kept); err != nil {
			return RecordedPromise{}, err
		}
		if view.Instead, err = d.supersede(ctx, tx, actor, old, kept); err != nil {
			return RecordedPromise{}, err
		}
	}
	view.Promise, err = d.loadPromise(ctx, tx, actor, scope, kept.ID)
	return view, err
}

// recordedBefore is what became of a draft that was recorded before: by the same press
// of a button twice, or by somebody who said it again.
func (d *Desk) recordedBefore(ctx context.Context, r ar.Reader, actor ar.Actor, same judged, instead ar.PromiseID) (RecordedPromise, error) {
	var view RecordedPromise
	if before, ok, err := supersededBy(ctx, r, same.Promise); err != nil {
		return RecordedPromise{}, err
	} else if ok && before.ID == instead {
		seen, err := d.seenPromise(ctx, r, actor, judged{before, ended(before)})
		if err != nil {
			return RecordedPromise{}, err
		}
		view.Instead = &seen
	}
	var err error
	view.Promise, err = d.seenPromise(ctx, r, actor, same)
	return view, err
}

func promiseSubject(id ar.PromiseID) string { return fmt.Sprintf("promise/%d", id) }

func (in PromiseDraft) currency() ar.Currency {
	if len(in.Parts) == 0 {
		return ""
	}
	return in.Parts[0].Amount.Currency()
}

// replaced is the promise that another takes the place of, if the actor may change
// it; the zero value where there is none.
func (d *Desk) replaced(actor ar.Actor, s promised, id ar.PromiseID) (judged, error) {
	if id == 0 {
		return judged{}, nil
	}
	i := slices.IndexFunc(s.standing, func(j judged) bool { return j.ID == id })
	if i < 0 {
		return judged{}, ar.Refuse("The promise that this would change is over, or about something else. Record a new one.")
	}
	return s.standing[i], mayChangePromise(actor, s.standing[i].Promise)
}

// supersede ends a promise in favour of another.
func (d *Desk) supersede(ctx context.Context, tx ar.Tx, actor ar.Actor, old judged, by ar.Promise) (*Promise, error) {
	if old.ID == 0 {
		return nil, nil //nolint:nilnil // nothing was replaced, and that is fine
	}
	ended, err := old.Supersede(old.verdict, by.Made, by.ID)
	if err != nil {
		return nil, err
	}
	if err := d.putPromise(ctx, tx, actor, "promise.supersede", old.Promise, ended); err != nil {
		return nil, err
	}
	view, err := d.seenPromise(ctx, tx, actor, judged{ended, old.verdict})
	return &view, err
}

func (d *Desk) putPromise(ctx context.Context, tx ar.Tx, actor ar.Actor, action string, before, after ar.Promise) error {
	if err := tx.PutPromise(ctx, after); err != nil {
		return fmt.Errorf("%s %d: %w", action, after.ID, err)
	}
	if err := audit(ctx, tx, actor, action, promiseSubject(after.ID), before, after); err != nil || before.End == after.End {
		return err
	}
	return d.notePromise(ctx, tx, actor, action, after)
}

// mayChangePromise refuses a change to who did not record the promise and is
// neither in AR nor an admin.
func mayChangePromise(actor ar.Actor, p ar.Promise) error {
	if owns(actor, p.Made) {
		return nil
	}
	return ar.Forbid("Only who recorded a promise, AR and admins can change it. Ask one of them, or write a note.")
}

// loadPromise reads a promise of an account that the scope covers, with what has
// become of it.
func (d *Desk) loadPromise(ctx context.Context, r ar.Reader, actor ar.Actor, scope ar.Scope, id ar.PromiseID) (Promise, error) {
	p, err := r.Promise(ctx, id)
	if errors.Is(err, ar.ErrNoPromise) {
		return Promise{}, gone(err)
	}
	if err != nil {
		return Promise{}, fmt.Errorf("promise %d: %w", id, err)
	}
	if _, err := family(ctx, r, scope, p.Customer); err != nil {
		return Promise{}, err
	}
	all, err := d.judge(ctx, r, []ar.CustomerID{p.Customer}, d.Today())
	if err != nil {
		return Promise{}, err
	}
	found := judged{Promise: p}
	if i := slices.IndexFunc(all, func(j judged) bool { return j.ID == id }); i >= 0 {
		found = all[i]
	} else { // it was ended
		found.verdict = ended(p)
	}
	return d.seenPromise(ctx, r, actor, found)
}

// ended is the verdict on a promise that somebody ended.
func ended(p ar.Promise) ar.Verdict {
	v := ar.Verdict{Promise: p.ID, Customer: p.Customer, Outcome: ar.Outcome{State: p.End, Decided: p.Ended.On}}
	v.Amount, _ = p.Amount() // it was added up when it was recorded
	for _, part := range p.Parts {
		v.Parts = append(v.Parts, ar.Outcome{State: p.End, Amount: part.Amount, Due: part.Due, Decided: p.Ended.On})
	}
	return v
}

// seenPromise fills in what is told of a promise beside it.
func (d *Desk) seenPromise(ctx context.Context, r ar.Reader, actor ar.Actor, j judged) (Promise, error) {
	view := Promise{Promise: j.Promise, Verdict: j.verdict, Day: d.Today()}
	var err error
	if view.Account, err = r.Customer(ctx, j.Customer); err != nil {
		return Promise{}, fmt.Errorf("account of promise %d: %w", j.ID, err)
	}
	if j.Document != 0 {
		doc, err := r.Document(ctx, j.Document)
		if err != nil {
			return Promise{}, fmt.Errorf("invoice of promise %d: %w", j.ID, err)
		}
		view.Invoice = &doc
	}
	view.MayChange = view.Stands() && mayChangePromise(actor, j.Promise) == nil
	view.MayUndo = view.MayChange && d.undoable(j.Made) == nil
	view.Mine = actor.User != "" && j.Made.By == actor.User
	return view, nil
}

// Promise returns a promise of an account that the actor may see.
func (d *Desk) Promise(ctx context.Context, actor ar.Actor, id ar.PromiseID) (view Promise, err error) {
	scope, err := d.sees(actor)
	if err != nil {
		return Promise{}, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		view, err = d.loadPromise(ctx, r, actor, scope, id)
		return err
	})
	return view, err
}
