package arsync

import (
	"context"
	"fmt"
	"time"

	"arbot/ar"
)

// A transaction that writes aims at 50 ms: a person who saves a promise while
// an import runs waits for one of them at most, and notices nothing.
const (
	targetTook  = 50 * time.Millisecond
	firstBatch  = 200
	lowestBatch = 10
	// highestBatch keeps one transaction well below a database's limits.
	highestBatch = 5000
)

// pace knows how many records fit into a transaction of the target's length.
type pace struct{ batch int }

func newPace() pace { return pace{batch: firstBatch} }

// learn adapts the batch to what one took, by no more than a factor of two,
// since one measurement can be off.
func (p *pace) learn(records int, took time.Duration) {
	if records < p.batch/2 {
		return // a small rest says little about the rate
	}
	fits := 2 * p.batch
	if took > 0 {
		fits = int(min(float64(fits), float64(records)*float64(targetTook)/float64(took)))
	}
	p.batch = min(highestBatch, max(lowestBatch, p.batch/2, fits))
}

// put writes a page in transactions of the right length.
func (r *run) put(ctx context.Context, page ar.Page, total int) error {
	for page.Len() > 0 {
		var batch ar.Page
		batch, page = cut(page, r.pace.batch)
		err := r.write(ctx, batch.Len(), func(tx ar.Tx) (ar.RunCounts, error) { return tx.PutPage(ctx, r.id, batch) })
		if err != nil {
			return fmt.Errorf("sync: write records %d to %d of source %d: %w", r.done+1, r.done+batch.Len(), r.state.ID, err)
		}
		r.done += batch.Len()
		r.report.Records = r.done
		if r.Progress != nil {
			r.Progress(r.done, total)
		}
	}
	return nil
}

// write runs one transaction, learns from how long it took, and lets others in.
func (r *run) write(ctx context.Context, records int, f func(ar.Tx) (ar.RunCounts, error)) error {
	var counts ar.RunCounts
	began := r.Now()
	err := r.Books.Update(ctx, func(tx ar.Tx) (err error) {
		counts, err = f(tx)
		return err
	})
	if err != nil {
		return err
	}
	r.pace.learn(records, r.Now().Sub(began))
	r.report.RunCounts = r.report.Plus(counts)
	return r.rest(ctx)
}

func (r *run) rest(ctx context.Context) error {
	if r.Rest <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(r.Rest)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// cut splits a page after n records, in the order in which they are written.
func cut(p ar.Page, n int) (head, tail ar.Page) {
	head.Customers, tail.Customers = cutSlice(p.Customers, &n)
	head.Documents, tail.Documents = cutSlice(p.Documents, &n)
	head.Applications, tail.Applications = cutSlice(p.Applications, &n)
	return head, tail
}

func cutSlice[T any](s []T, n *int) (head, tail []T) {
	k := min(*n, len(s))
	*n -= k
	return s[:k], s[k:]
}
