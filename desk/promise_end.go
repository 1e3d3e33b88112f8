package desk

import (
	"context"
	"slices"
	"time"

	"arbot/ar"
)

// CancelPromise takes a promise out of the books: the customer took it back, or it
// was a mistake. done is false where it was cancelled before, unless the actor did that
// just now: one press that comes twice has one answer.
func (d *Desk) CancelPromise(ctx context.Context, actor ar.Actor, id ar.PromiseID) (view Promise, done bool, err error) {
	err = d.endPromise(ctx, actor, id, func(tx ar.Tx, p Promise) error {
		if view = p; p.End == ar.PromiseCancelled {
			done = d.justCancelled(actor, p.Promise)
			return nil
		}
		view, err = d.cancel(ctx, tx, actor, p, "promise.cancel")
		done = err == nil
		return err
	})
	return view, done, err
}

// justCancelled reports whether it is the actor who cancelled a promise, and lately.
func (d *Desk) justCancelled(actor ar.Actor, p ar.Promise) bool {
	return p.End == ar.PromiseCancelled && p.Ended.By == actor.User && d.undoable(p.Ended) == nil
}

// endPromise does something with a promise that the actor may change.
func (d *Desk) endPromise(ctx context.Context, actor ar.Actor, id ar.PromiseID, do func(ar.Tx, Promise) error) error {
	scope, err := d.sees(actor)
	if err != nil {
		return err
	}
	return d.books.Update(ctx, func(tx ar.Tx) error {
		p, err := d.loadPromise(ctx, tx, actor, scope, id)
		if err != nil {
			return err
		}
		if err := mayChangePromise(actor, p.Promise); err != nil {
			return err
		}
		return do(tx, p)
	})
}

func (d *Desk) cancel(ctx context.Context, tx ar.Tx, actor ar.Actor, p Promise, action string) (Promise, error) {
	after, err := p.Cancel(p.Verdict, d.act(actor, ""))
	if err != nil {
		return Promise{}, err
	}
	if err := d.putPromise(ctx, tx, actor, action, p.Promise, after); err != nil {
		return Promise{}, err
	}
	return d.seenPromise(ctx, tx, actor, judged{after, ended(after)})
}

// undoTime is how long an act can be taken back.
const undoTime = 10 * time.Minute

func (d *Desk) undoable(a ar.Act) error {
	if d.now().Sub(a.At) > undoTime {
		return ar.Refuse("It is too late to undo this: that works for %d minutes. Change or cancel it instead.", int(undoTime.Minutes()))
	}
	return nil
}

// UndoPromise takes back that a promise was recorded. The one whose place it took
// (instead, 0 for none) stands again, and is returned as well; else restored is nil. done
// is false where it was ended otherwise before: one press that comes twice has one answer.
func (d *Desk) UndoPromise(ctx context.Context, actor ar.Actor, id, instead ar.PromiseID) (view Promise, restored *Promise, done bool, err error) {
	err = d.endPromise(ctx, actor, id, func(tx ar.Tx, p Promise) error {
		restored, done = nil, true
		if view = p; p.End != "" {
			if done = d.justCancelled(actor, p.Promise); !done || instead == 0 {
				return nil
			}
			restored, err = d.standing(ctx, tx, actor, instead)
			return err
		}
		if err := d.undoable(p.Made); err != nil {
			return err
		}
		if view, err = d.cancel(ctx, tx, actor, p, "promise.undo"); err != nil {
			return err
		}
		before, ok, err := supersededBy(ctx, tx, p.Promise)
		if err != nil || !ok {
			return err
		}
		again, err := d.standAgain(ctx, tx, actor, before)
		restored = &again
		return err
	})
	return view, restored, done, err
}

// standing is a promise if it stands; else nil.
func (d *Desk) standing(ctx context.Context, r ar.Reader, actor ar.Actor, id ar.PromiseID) (*Promise, error) {
	p, err := d.loadPromise(ctx, r, actor, ar.Everything(), id)
	if err != nil || !p.Stands() {
		return nil, err
	}
	return &p, nil
}

func supersededBy(ctx context.Context, r ar.Reader, p ar.Promise) (ar.Promise, bool, error) {
	all, err := r.Promises(ctx, ar.PromiseFilter{Customers: []ar.CustomerID{p.Customer}})
	i := slices.IndexFunc(all, func(o ar.Promise) bool { return o.End == ar.PromiseSuperseded && o.By == p.ID })
	if err != nil || i < 0 {
		return ar.Promise{}, false, err
	}
	return all[i], true, nil
}

// UndoCancel has a promise stand again that was cancelled. changed is false where it
// stands already.
func (d *Desk) UndoCancel(ctx context.Context, actor ar.Actor, id ar.PromiseID) (view Promise, changed bool, err error) {
	err = d.endPromise(ctx, actor, id, func(tx ar.Tx, p Promise) error {
		changed = false
		if view = p; p.End != ar.PromiseCancelled {
			return nil
		}
		if err := d.undoable(p.Ended); err != nil {
			return err
		}
		changed = true
		view, err = d.standAgain(ctx, tx, actor, p.Promise)
		return err
	})
	return view, changed, err
}

// standAgain takes back the end of a promise, unless the same was recorded meanwhile.
func (d *Desk) standAgain(ctx context.Context, tx ar.Tx, actor ar.Actor, p ar.Promise) (Promise, error) {
	others, err := d.judge(ctx, tx, []ar.CustomerID{p.Customer}, d.Today())
	if err != nil {
		return Promise{}, err
	}
	if same, ok := sameIn(others, p); ok && !same.verdict.State.Final() {
		return Promise{}, ar.Refuse("The same promise was recorded again meanwhile, and stands.")
	}
	after := p
	after.End, after.Ended, after.By = "", ar.Act{}, 0
	if err := d.putPromise(ctx, tx, actor, "promise.restore", p, after); err != nil {
		return Promise{}, err
	}
	return d.loadPromise(ctx, tx, actor, ar.Everything(), p.ID)
}
