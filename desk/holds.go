package desk

import (
	"context"
	"fmt"

	"arbot/ar"
)

// holds returns what disputes and promises take out of "to chase" as of a date,
// for customers and those below them (nil for all): it is what ar.Breakdowns
// needs beside the open items.
func (d *Desk) holds(ctx context.Context, r ar.Reader, customers []ar.CustomerID, asOf ar.Date) ([]ar.Hold, error) {
	disputes, err := r.Disputes(ctx, ar.DisputeFilter{Customers: customers, OpenedTo: asOf})
	if err != nil {
		return nil, fmt.Errorf("what is disputed as of %s: %w", asOf, err)
	}
	var holds []ar.Hold
	for _, dispute := range disputes {
		if hold, ok := disputeOn(dispute, asOf).Hold(); ok {
			holds = append(holds, hold)
		}
	}
	promised, err := d.promiseHolds(ctx, r, customers, asOf)
	if err != nil {
		return nil, fmt.Errorf("what is promised as of %s: %w", asOf, err)
	}
	return append(holds, promised...), nil
}

// disputeOn returns a dispute in the state that it had at the end of a day: one
// that was resolved since stood then.
func disputeOn(d ar.Dispute, asOf ar.Date) ar.Dispute {
	return d.By(func(a ar.Act) bool { return !a.On.After(asOf) })
}
