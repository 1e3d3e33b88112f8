package store

import (
	"context"
	"fmt"
	"time"
)

// keepDeliveries is how long ids of deliveries are kept. Whoever delivers gives up
// long before (Slack repeats an event for about an hour).
const keepDeliveries = 30 * 24 * time.Hour

// FirstSeen notes the id of a delivery from outside and reports whether it is new. It
// drops ids that are too old to come again.
func (t *tx) FirstSeen(ctx context.Context, delivery string) (bool, error) {
	n, err := t.exec(ctx, `INSERT INTO deliveries (id, seen) VALUES (?, ?) ON CONFLICT (id) DO NOTHING`,
		delivery, t.now.UnixMilli())
	if err != nil {
		return false, fmt.Errorf("store: note delivery %s: %w", delivery, err)
	}
	if _, err := t.exec(ctx, `DELETE FROM deliveries WHERE seen < ?`, t.now.Add(-keepDeliveries).UnixMilli()); err != nil {
		return false, fmt.Errorf("store: drop old deliveries: %w", err)
	}
	return n > 0, nil
}
