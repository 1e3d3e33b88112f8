package arsync

import (
	"context"
	"fmt"
	"slices"

	"arbot/ar"
)

// merged finds out into which customer one went that is gone or was made inactive, where
// nobody said so, and merges them. It is the one that has all documents now that the other
// had; where there is none, or several, what people added stays with the one that is gone,
// and the report says so. Of a run that was cut off, the books remember from where its
// documents went.
func (r *run) merged(ctx context.Context, reading *Reading, removal *removal) error {
	if !reading.Merges || len(r.options.Named) > 0 { // of few records nothing follows
		return nil
	}
	var list []ar.Departed
	err := r.Books.Update(ctx, func(tx ar.Tx) (err error) {
		list, err = tx.Departed(ctx, r.state.ID, slices.Concat(removal.gone[ar.CustomerRecords], removal.departed))
		return err
	})
	if err != nil {
		return fmt.Errorf("sync: find out where customers of source %d went: %w", r.state.ID, err)
	}
	var lost []string
	for _, d := range list {
		switch {
		case len(d.Went) == 1:
			if err := r.merge(ctx, d.Key, d.Went[0]); err != nil {
				return err
			}
		case d.Acts && !d.Inactive && !d.Documents: // else a later reading can tell
			lost = append(lost, lostSentence(d))
		}
	}
	if more := len(lost) - mostLeftOut; more > 0 {
		lost = append(lost[:mostLeftOut], plural(more, "more customer")+" gone like that, with what people wrote down for them.")
	}
	r.keep(lost)
	return nil
}

// merge is a transaction of its own: with a customer goes all that it has.
func (r *run) merge(ctx context.Context, loser, winner ar.Key) error {
	page := ar.Page{Gone: []ar.GoneRecord{{Kind: ar.CustomerRecords, Key: loser, Into: winner}}}
	err := r.write(ctx, page.Len(), func(tx ar.Tx) (ar.RunCounts, error) { return tx.PutPage(ctx, r.id, page) })
	if err != nil {
		return fmt.Errorf("sync: merge customer %s of source %d into %s: %w", loser, r.state.ID, winner, err)
	}
	return nil
}

func lostSentence(d ar.Departed) string {
	why := "nobody knows into which customer it was merged"
	if n := len(d.Went); n > 1 {
		why = fmt.Sprintf("its documents are with %d other customers now", n)
	}
	return fmt.Sprintf("Customer %s is gone from the ledger, and %s: its notes and promises stay with it. Enter what still holds at the right customer.", d.Name, why)
}
