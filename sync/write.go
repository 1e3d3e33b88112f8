package arsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"arbot/ar"
)

// A transaction that writes aims at 50 ms: a person who saves a promise while
// an import runs waits for one of them at most, and notices nothing. The first reading of
// a ledger, with whose accounts nobody works yet, aims at 100 ms: each transaction writes
// most pages of the indexes again, so that half as many of them write 40 % less.
const (
	targetTook  = 50 * time.Millisecond
	firstTook   = 100 * time.Millisecond
	firstBatch  = 200
	lowestBatch = 10
	// highestBatch bounds what the first transaction takes where records get slower
	// to write, as documents after customers do: with 5,000 it was up to 240 ms, and
	// one in five was over 75 ms; with 2,000 it was 90 ms, and one in a hundred.
	highestBatch = 2000
	firstHighest = 5000
)

// pace knows how many records fit into a transaction of the target's length.
type pace struct {
	batch, highest int
	target         time.Duration
}

func newPace() pace { return pace{batch: firstBatch, highest: highestBatch, target: targetTook} }

// first makes it that of a first reading.
func (p *pace) first() { p.highest, p.target = firstHighest, firstTook }

// learn adapts the batch to what one took, by no more than a factor of two,
// since one measurement can be off.
func (p *pace) learn(records int, took time.Duration) {
	if records < p.batch/2 {
		return // a small rest says little about the rate
	}
	fits := 2 * p.batch
	if took > 0 {
		fits = int(min(float64(fits), float64(records)*float64(p.target)/float64(took)))
	}
	p.batch = min(p.highest, max(lowestBatch, p.batch/2, fits))
}

// intake takes in what one reading brings.
type intake struct {
	*run
	reading *Reading
	removal *removal
	// asked are the records that the source was asked for, since a page referred
	// to them; out are sentences about what refers to records that nobody has.
	asked map[wanted]bool
	out   []string
	// waiting is what does not fill a transaction: it waits for the next page.
	waiting ar.Page
	// depth is how many answers refer to the one that is being written.
	depth int
}

func (r *run) intake(reading *Reading, removal *removal) *intake {
	return &intake{run: r, reading: reading, removal: removal, asked: map[wanted]bool{}}
}

// add takes a page in, in transactions of the right length; what is left over goes with
// the next page, where that changes no order, or waits until flush.
func (i *intake) add(ctx context.Context, page ar.Page) error {
	if !follows(i.waiting, page) {
		if err := i.flush(ctx); err != nil {
			return err
		}
	}
	page = joined(i.waiting, page)
	i.waiting = ar.Page{}
	for page.Len() >= i.pace.batch {
		var batch ar.Page
		batch, page = cut(page, i.pace.batch)
		if err := i.putBatch(ctx, batch); err != nil {
			return err
		}
	}
	i.waiting = page
	return nil
}

// flush writes what waits.
func (i *intake) flush(ctx context.Context) error {
	page := i.waiting
	i.waiting = ar.Page{}
	return i.put(ctx, page)
}

// breakOff writes what waits when a reading ends with an error, so that it need not be
// written next time.
func (i *intake) breakOff(ctx context.Context, cause error) error {
	if ctx.Err() != nil {
		return cause
	}
	if err := i.flush(ctx); err != nil {
		return errors.Join(cause, err)
	}
	return cause
}

// put writes a page in transactions of the right length.
func (i *intake) put(ctx context.Context, page ar.Page) error {
	for page.Len() > 0 {
		var batch ar.Page
		batch, page = cut(page, i.pace.batch)
		if err := i.putBatch(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// putBatch writes what fits into one transaction, and first fetches what it refers to
// and the books lack.
func (i *intake) putBatch(ctx context.Context, batch ar.Page) error {
	for batch.Len() > 0 {
		n := batch.Len()
		err := i.write(ctx, n, func(tx ar.Tx) (ar.RunCounts, error) {
			if err := i.keepAmounts(ctx, tx, batch.Documents); err != nil {
				return ar.RunCounts{}, err
			}
			return tx.PutPage(ctx, i.id, batch)
		})
		if err == nil {
			i.report.Records += n - len(batch.Entries) // an entry is its documents and what they settle
			i.progress(n)
			return nil
		}
		missing, ok := errors.AsType[*ar.MissingRefError](err)
		if !ok || i.reading.Missing == nil {
			return fmt.Errorf("sync: write records %d to %d of source %d: %w", i.done+1, i.done+n, i.state.ID, err)
		}
		if batch, err = i.supply(ctx, batch, wantedBy(missing)); err != nil {
			return err
		}
	}
	return nil
}

func (i *intake) progress(n int) {
	i.done += n
	if i.Progress != nil {
		i.Progress(i.done, i.reading.Total)
	}
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

// cut splits a page after n records, in the order in which they are written. An entry
// stays whole, also where it is longer; what is gone goes after all that is there.
func cut(p ar.Page, n int) (head, tail ar.Page) {
	head.Customers, tail.Customers = cutSlice(p.Customers, &n)
	head.Documents, tail.Documents = cutSlice(p.Documents, &n)
	head.Applications, tail.Applications = cutSlice(p.Applications, &n)
	k := 0
	for ; k < len(p.Entries) && (p.Entries[k].Len() <= n || head.Len() == 0 && k == 0); k++ {
		n -= p.Entries[k].Len()
	}
	head.Entries, tail.Entries = p.Entries[:k], p.Entries[k:]
	if tail.Len() > 0 {
		n = 0
	}
	n = max(n, 0)
	head.Gone, tail.Gone = cutSlice(p.Gone, &n)
	return head, tail
}

// follows reports whether a page can be written with the one before it: both hold one kind
// of records, the same. Then the order stays, and what is fetched since a record refers to
// it finds all other kinds in the books.
func follows(first, second ar.Page) bool {
	a, b := lengths(first), lengths(second)
	kinds := 0
	for n := range a {
		if a[n]+b[n] > 0 {
			kinds++
		}
	}
	return kinds <= 1
}

// lengths are how many there are of the kinds of records, in the order in which a page is
// written.
func lengths(p ar.Page) [5]int {
	return [...]int{len(p.Customers), len(p.Documents), len(p.Applications), len(p.Entries), len(p.Gone)}
}

func joined(a, b ar.Page) ar.Page {
	if a.Len() == 0 {
		return b
	}
	return ar.Page{
		Customers: slices.Concat(a.Customers, b.Customers), Documents: slices.Concat(a.Documents, b.Documents),
		Applications: slices.Concat(a.Applications, b.Applications), Entries: slices.Concat(a.Entries, b.Entries),
		Gone: slices.Concat(a.Gone, b.Gone),
	}
}

func cutSlice[T any](s []T, n *int) (head, tail []T) {
	k := min(*n, len(s))
	*n -= k
	return s[:k], s[k:]
}
