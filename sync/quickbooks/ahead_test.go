package quickbooks

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"
)

func readOf[P any](seq iter.Seq2[P, error]) func(context.Context) iter.Seq2[P, error] {
	return func(context.Context) iter.Seq2[P, error] { return seq }
}

func TestAheadEndsItsReader(t *testing.T) {
	t.Parallel()
	ended := make(chan bool, 1)
	numbers := func(upTo int, last error) func(yield func(int, error) bool) {
		return func(yield func(int, error) bool) {
			defer func() { ended <- true }()
			for n := range upTo {
				if !yield(n, nil) {
					return
				}
			}
			if last != nil {
				yield(0, last)
			}
		}
	}
	read := func(most, upTo int, last error) (got []int, err error) {
		for n, e := range ahead(t.Context(), readOf(numbers(upTo, last))) {
			if err = e; err != nil || len(got) == most {
				break
			}
			got = append(got, n)
		}
		select {
		case <-ended:
		default:
			t.Error("the reader has not ended with the loop")
		}
		return got, err
	}
	broken := errors.New("broken")
	if got, err := read(10, 4, nil); !slices.Equal(got, []int{0, 1, 2, 3}) || err != nil {
		t.Errorf("to its end: %v, %v", got, err)
	}
	if got, err := read(2, 100, nil); !slices.Equal(got, []int{0, 1}) || err != nil {
		t.Errorf("left early: %v, %v", got, err)
	}
	if got, err := read(10, 3, broken); !slices.Equal(got, []int{0, 1, 2}) || !errors.Is(err, broken) {
		t.Errorf("broken: %v, %v", got, err)
	}
	defer func() {
		if p := recover(); p != "a bug" {
			t.Errorf("recovered %v", p)
		}
	}()
	for n, err := range ahead(t.Context(), readOf[int](func(func(int, error) bool) { panic("a bug") })) {
		t.Errorf("a page: %d, %v", n, err)
	}
}
