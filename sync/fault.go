package arsync

import (
	"context"
	"errors"
	"fmt"
	"time"

	"arbot/ar"
)

// RemovalsError says that a full reading would remove so much that it was
// refused. Options.AllowRemovals takes it all the same.
type RemovalsError struct {
	Source     string
	Kind       ar.RecordKind
	Gone, Live int
	// Untouched is set where nothing was written of the reading; otherwise
	// what it added and changed is in the books.
	Untouched bool
}

// Error says what would go and what to do.
func (e *RemovalsError) Error() string {
	state := "Nothing was changed."
	if !e.Untouched {
		state = "Nothing was removed; what is new or different was taken in."
	}
	return fmt.Sprintf("%s: %s. %s "+
		"If it is another company, give it an id of its own. If it is right, run it again with --allow-removals.", e.Source, e.Why(), state)
}

// Why says what would go.
func (e *RemovalsError) Why() string {
	return fmt.Sprintf("%s of the %s %s in the books are not in it any more, and what is missing counts as gone", count(e.Gone), count(e.Live), e.Kind)
}

// Unwrap lets ar.KindOf see that the input is refused.
func (e *RemovalsError) Unwrap() error { return &ar.Error{Kind: ar.Invalid, Say: e.Error()} }

// ClosingError says that a list of what is open would close so much that it was
// refused, with nothing written. Options.AllowRemovals takes it all the same.
type ClosingError struct {
	Source string
	AsOf   ar.Date
	// Gone of the Open items of the books are not in the list; Amount of Owed, in the
	// currency in which most would go.
	Gone, Open   int
	Amount, Owed ar.Money
}

// Error says what would count as settled and what to do.
func (e *ClosingError) Error() string {
	return fmt.Sprintf("%s: %s. "+
		"Nothing was changed. If the list is a part (one customer, one page), export all of it. If it is right, run it again with --allow-removals.",
		e.Source, e.Why())
}

// Why says what would count as settled.
func (e *ClosingError) Why() string {
	return fmt.Sprintf("%s of the %s open documents in the books (%s of %s) are not in the list as of %s, and what is missing counts as paid or credited",
		count(e.Gone), count(e.Open), e.Amount, e.Owed, e.AsOf)
}

// Unwrap lets ar.KindOf see that the input is refused.
func (e *ClosingError) Unwrap() error { return &ar.Error{Kind: ar.Invalid, Say: e.Error()} }

// OlderError says that balances are older than what the books already hold:
// what was paid since would seem to be owed again. Options.AllowOlder takes
// them all the same.
type OlderError struct {
	Source      string
	Data, Books time.Time
	// AsOf and BooksAsOf are the dates of both where both list all that is open.
	AsOf, BooksAsOf ar.Date
}

// Error says how old both are and what to do.
func (e *OlderError) Error() string {
	return fmt.Sprintf("%s: %s. Nothing was changed. Export it anew, or run it again with --allow-older.", e.Source, e.Why())
}

// Why says how old both are: by their dates, else by the clock of the zone that the data
// states its time in.
func (e *OlderError) Why() string {
	if !e.AsOf.IsZero() && !e.BooksAsOf.IsZero() {
		return fmt.Sprintf("its balances are of %s, the books have those of %s", e.AsOf, e.BooksAsOf)
	}
	return fmt.Sprintf("its balances are of %s, the books have those of %s",
		e.Data.Format(timeLayout), e.Books.In(e.Data.Location()).Format(timeLayout))
}

const timeLayout = "2006-01-02 15:04 MST"

// Unwrap lets ar.KindOf see that the input is refused.
func (e *OlderError) Unwrap() error { return &ar.Error{Kind: ar.Invalid, Say: e.Error()} }

// fault is what stopped a run, as a sentence that people read.
func fault(err error) string {
	if trouble, ok := errors.AsType[*TroubleError](err); ok && trouble.Health.Why != "" {
		return trouble.Health.Why
	}
	if say, ok := errors.AsType[*ar.Error](err); ok {
		return say.Say
	}
	if errors.Is(err, context.Canceled) {
		return "The sync was stopped before its end. Start it again."
	}
	return fmt.Sprintf("The sync failed: %v.", err)
}
