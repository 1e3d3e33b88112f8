package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"arbot/ar"
)

// PostPlace returns the place that a post has taken; false where it has none.
func (r *reader) PostPlace(ctx context.Context, id ar.PostID) (ar.PostPlace, bool, error) {
	row, ok, err := first[struct {
		Channel string
		Day     int64
		Slot    sql.NullInt64
		Thread  string
	}](ctx, r, `SELECT channel, day, slot, thread FROM post_places WHERE post_id = ?`, id)
	if err != nil {
		return ar.PostPlace{}, false, fmt.Errorf("store: read the place of post %d: %w", id, err)
	}
	if !ok {
		return ar.PostPlace{}, false, nil
	}
	return ar.PostPlace{Post: id, Channel: row.Channel, Day: ar.DateFromEpochDays(row.Day), Slot: int(row.Slot.Int64), Thread: row.Thread}, true, nil
}

// TakeSlot gives a post the lowest free slot of its channel on its day; false where all of
// them are taken, of which there are most, or any number with 0. Of two replicas that take
// the same at once the unique index lets one, and the other's transaction runs again.
func (t *tx) TakeSlot(ctx context.Context, p ar.PostPlace, most int) (ok bool, err error) {
	if most <= 0 {
		most = math.MaxInt32
	}
	day := p.Day.EpochDays()
	if _, err := t.exec(ctx, `
		DELETE FROM post_places WHERE channel = ? AND day = ? AND post_id IN (
			SELECT p.id FROM posts p WHERE p.state IN ('failed', 'missed', 'empty')
			AND NOT EXISTS (SELECT 1 FROM post_parts q WHERE q.post_id = p.id AND (q.ts <> '' OR q.sending = 1)))`, p.Channel, day); err != nil {
		return false, fmt.Errorf("store: free the slots of %s on %s: %w", p.Channel, p.Day, err)
	}
	if _, err := t.exec(ctx, `DELETE FROM post_places WHERE post_id = ?`, p.Post); err != nil {
		return false, fmt.Errorf("store: free the place of post %d: %w", p.Post, err)
	}
	n, err := t.exec(ctx, `
		INSERT INTO post_places (post_id, channel, day, slot)
		SELECT CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS BIGINT), MIN(c.slot)
		FROM (SELECT 1 AS slot UNION ALL SELECT slot + 1 FROM post_places WHERE channel = ? AND day = ? AND slot IS NOT NULL) c
		WHERE c.slot <= ? AND NOT EXISTS (SELECT 1 FROM post_places o WHERE o.channel = ? AND o.day = ? AND o.slot = c.slot)
		HAVING MIN(c.slot) IS NOT NULL
		ON CONFLICT (channel, day, slot) DO NOTHING`,
		p.Post, p.Channel, day, p.Channel, day, most, p.Channel, day)
	if err != nil {
		return false, fmt.Errorf("store: take a slot of %s on %s: %w", p.Channel, p.Day, err)
	}
	return n > 0, nil
}

// PutInThread gives a post a place in a thread.
func (t *tx) PutInThread(ctx context.Context, p ar.PostPlace) error {
	if _, err := t.exec(ctx, `
		INSERT INTO post_places (post_id, channel, day, thread) VALUES (?, ?, ?, ?)
		ON CONFLICT (post_id) DO UPDATE SET channel = excluded.channel, day = excluded.day, slot = NULL, thread = excluded.thread`,
		p.Post, p.Channel, p.Day.EpochDays(), p.Thread); err != nil {
		return fmt.Errorf("store: put post %d into a thread: %w", p.Post, err)
	}
	return nil
}
