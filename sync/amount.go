package arsync

import (
	"context"
	"fmt"

	"arbot/ar"
)

// keepAmounts leaves documents of which only the open amount is known the amount that the
// books have: what each report showed as open stays so, since the difference becomes an
// application of its date.
func (r *run) keepAmounts(ctx context.Context, tx ar.Tx, documents []ar.DocumentRecord) error {
	var unknown []ar.Ref
	for _, d := range documents {
		if d.AmountUnknown {
			unknown = append(unknown, d.Ref)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	known, err := tx.Amounts(ctx, r.state.ID, unknown)
	if err != nil {
		return fmt.Errorf("sync: amounts of what is only known to be open: %w", err)
	}
	for i, d := range documents {
		if before, ok := known[d.Ref]; ok && d.AmountUnknown && before.Currency() == d.Amount.Currency() {
			documents[i].Amount = before
		}
	}
	return nil
}
