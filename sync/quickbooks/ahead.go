package quickbooks

import (
	"context"
	"iter"
)

// pagesAhead is how many pages may wait to be written: a transaction can take three pages,
// which would else be read while nothing is written. More are not worth their memory, and
// what is read is soon old.
const pagesAhead = 2

// ahead reads the next pages while one is written, so that the wait for QuickBooks and the
// work on the books overlap. The reader runs beside the loop, alone, and has ended when the
// loop ends, also where that is left early. A panic of it is the loop's.
func ahead[P any](ctx context.Context, read func(context.Context) iter.Seq2[P, error]) iter.Seq2[P, error] {
	return func(yield func(P, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		pages, ended := make(chan readPage[P], pagesAhead), make(chan any, 1)
		go func() {
			defer close(pages)
			defer func() { ended <- recover() }()
			for p, err := range read(ctx) {
				select {
				case pages <- readPage[P]{p, err}:
				case <-ctx.Done():
					return
				}
			}
		}()
		defer func() {
			cancel()
			if panicked := <-ended; panicked != nil {
				panic(panicked)
			}
		}()
		for p := range pages {
			if !yield(p.page, p.err) || p.err != nil {
				return
			}
		}
	}
}

type readPage[P any] struct {
	page P
	err  error
}
