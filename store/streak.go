package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"arbot/ar"
)

// FailedInARow returns how many posts of a kind and route failed one after the other
// before the day of a key, counting back from the latest and at most so many, and the
// fault of the latest. Days on which nothing was tried do not count.
func (s *Store) FailedInARow(ctx context.Context, key ar.PostKey, most int) (n int, fault string, err error) {
	var before []postRow
	err = s.inTx(ctx, s.read, s.dialect.view, func(tx *sqlx.Tx, now time.Time) (err error) {
		before, err = find[postRow](ctx, &reader{conn: tx, dialect: s.dialect, now: now}, `
			SELECT `+postColumns+` FROM posts
			WHERE kind = ? AND route = ? AND day < ? AND state NOT IN ('planned', 'empty', 'missed')
			ORDER BY day DESC LIMIT ?`, string(key.Kind), key.Route, key.Day.EpochDays(), most)
		return err
	})
	if err != nil {
		return 0, "", fmt.Errorf("store: read what became of %s of %s before %s: %w", key.Kind, key.Route, key.Day, err)
	}
	for _, p := range before {
		if p.State != ar.PostFailed {
			break
		}
		n++
	}
	if n > 0 {
		fault = before[0].Fault
	}
	return n, fault, nil
}
