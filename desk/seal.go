package desk

import (
	"context"
	"errors"
	"fmt"

	"arbot/ar"
)

// sealBatch is how many records a seal covers at most: what a check must hold
// in memory at once.
const sealBatch = 500

// SealAudit seals what was recorded since the last time, and returns how many
// records it sealed. It is called every few minutes. Where another replica
// seals at the same time, what it sealed is left to it.
func (d *Desk) SealAudit(ctx context.Context) (sealed int, err error) {
	for {
		n, err := d.sealBatch(ctx)
		sealed += n
		switch {
		case errors.Is(err, ar.ErrSealed):
			return sealed, nil
		case err != nil:
			return sealed, fmt.Errorf("seal the audit: %w", err)
		case n < sealBatch:
			return sealed, nil
		}
	}
}

func (d *Desk) sealBatch(ctx context.Context) (n int, err error) {
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		n = 0
		records, err := tx.Unsealed(ctx, sealBatch)
		if err != nil || len(records) == 0 {
			return err
		}
		last, err := tx.LastSeal(ctx)
		if err != nil {
			return err
		}
		seal, err := ar.NewSeal(last, records)
		if err != nil {
			return err
		}
		ids := make([]ar.AuditID, len(records))
		for i, r := range records {
			ids[i] = r.ID
		}
		if err := tx.PutSeal(ctx, seal, ids); err != nil {
			return err
		}
		n = len(records)
		return nil
	})
	return n, err
}
