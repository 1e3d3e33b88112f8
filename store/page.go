package store

import (
	"context"
	"errors"
	"fmt"

	"arbot/ar"
)

// ErrRunOver says that a run takes no more pages: it was finished, or closed since a
// later run of the same source began.
var ErrRunOver = errors.New("the run is over")

// PutPage upserts what a source brings and settles what it touches. A record equal
// to what is stored costs a look-up and changes nothing.
func (t *tx) PutPage(ctx context.Context, id ar.RunID, p ar.Page) (ar.RunCounts, error) {
	run, err := t.openRun(ctx, id)
	if err != nil {
		return ar.RunCounts{}, err
	}
	w := &pageWriter{tx: t, run: run, terms: ar.TermsBook{}}
	for _, put := range []func(context.Context, ar.Page) error{
		w.putCustomers, w.putDocuments, w.putApplications, w.dropFromEntries, w.putGone,
	} {
		if err := put(ctx, p); err != nil {
			return ar.RunCounts{}, fmt.Errorf("store: page of run %d of source %d: %w", id, run.Source, err)
		}
	}
	if err := w.settleTouched(ctx); err != nil {
		return ar.RunCounts{}, fmt.Errorf("store: settle a page of run %d of source %d: %w", id, run.Source, err)
	}
	return w.counts, t.advance(ctx, id, p.Len(), w.counts)
}

// pageWriter writes one page.
type pageWriter struct {
	*tx
	run    ar.Run
	counts ar.RunCounts
	terms  ar.TermsBook
	// moved are documents whose date, amount, status or customer may have changed:
	// the applications on both sides take effect anew, and acts follow the customer.
	moved []int64
	// touched are documents whose applications changed.
	touched []int64
}

func (w *pageWriter) settleTouched(ctx context.Context) error {
	if err := w.carryActs(ctx, w.moved); err != nil {
		return err
	}
	if err := w.moveApplications(ctx, w.moved); err != nil {
		return err
	}
	if err := w.settle(ctx, w.touched); err != nil {
		return err
	}
	return w.dropFolios(ctx, w.run.Source)
}

// latest keeps the last of records with the same key, where a page holds one twice;
// leftOut is called for each one that was left out.
func latest[K comparable, R any](records []R, key func(R) K, leftOut func(earlier, later R)) []R {
	at := make(map[K]int, len(records))
	kept := make([]R, 0, len(records))
	for _, r := range records {
		k := key(r)
		if earlier, ok := at[k]; ok {
			leftOut(kept[earlier], r)
			kept[earlier] = r
			continue
		}
		at[k] = len(kept)
		kept = append(kept, r)
	}
	return kept
}

// pointers are what records are handed on by.
func pointers[R any](records []R) []*R {
	all := make([]*R, len(records))
	for i := range records {
		all[i] = &records[i]
	}
	return all
}

// again counts a record that the page holds a second time.
func (w *pageWriter) again(equal bool) {
	if equal {
		w.counts.Unchanged++
	} else {
		w.counts.Changed++
	}
}
