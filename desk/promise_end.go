package desk

import (
	"context"
	"slices"
	"time"

	"arbot/ar"
)

// CancelPromise takes a promise out of the books: the customer took it back, or it
// was a mistake. changed is false where somebody ended it before.
func (d *Desk) CancelPromise(ctx context.Context, actor ar.Actor, id ar.PromiseID) (view Promise, changed bool, err error) {
	err = d.endPromise(ctx, actor, id, func(tx ar.Tx, p Promise) error {
		changed = false
		if view = p; p.End == ar.PromiseCancelled {
			return nil
		}
		changed = true
		view, err = d.cancel(ctx, tx, actor, p, "promise.cancel")
		return err
	})
	return view, changed, err
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
// stands again, and is returned as well; else restored is nil. changed is false where
// somebody ended it before.
func (d *Desk) UndoPromise(ctx context.Context, actor ar.Actor, id ar.PromiseID) (view Promise, restored *Promise, changed bool, err error) {
	err = d.endPromise(ctx, actor, id, func(tx ar.Tx, p Promise) error {
		restored, changed = nil, false
		if view = p; p.End != "" {
			return nil
		}
		if err := d.undoable(p.Made); err != nil {
			return err
		}
		if view, err = d.cancel(ctx, tx, actor, p, "promise.undo"); err != nil {
			return err
		}
		changed = true
		before, ok, err := supersededBy(ctx, tx, p.Promise)
		if err != nil || !ok {
			return err
		}
		again, err := d.standAgain(ctx, tx, actor, before)
		restored = &again
		return err
	})
	return view, restored, changed, err
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
	others, err := tx.Promises(ctx, ar.PromiseFilter{Customers: []ar.CustomerID{p.Customer}, Standing: true})
	if err != nil {
		return Promise{}, err
	}
	if slices.ContainsFunc(others, func(o ar.Promise) bool { return o.Key() == p.Key() }) {
		return Promise{}, ar.Refuse("The same promise was recorded again meanwhile, and stands.")
	}
	after := p
	after.End, after.Ended, after.By = "", ar.Act{}, 0
	if err := d.putPromise(ctx, tx, actor, "promise.restore", p, after); err != nil {
		return Promise{}, err
	}
	return d.loadPromise(ctx, tx, actor, ar.Everything(), p.ID)
}
