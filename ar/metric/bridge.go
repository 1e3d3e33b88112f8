package metric

import (
	"fmt"

	"arbot/ar"
)

// Bridge leads from one A/R to a later one, to the cent:
//
//	Opening + Earlier + Invoiced - Collected - Credited - WrittenOff + Adjusted + FX = Closing
//
// A/R is net of unapplied credit, as the ledger states it.
type Bridge struct {
	ar.Slice
	After ar.Date `json:"after"`
	To    ar.Date `json:"to"`
	// Opening is A/R at the beginning as it was said then, or as it's known today where
	// nothing was said: see Said.
	Opening ar.Money `json:"opening"`
	// Earlier is what became known since about dates up to After.
	Earlier    ar.Money `json:"earlier"`
	Invoiced   ar.Money `json:"invoiced"`
	Collected  ar.Money `json:"collected"`
	Credited   ar.Money `json:"credited"`
	WrittenOff ar.Money `json:"written_off"`
	Adjusted   ar.Money `json:"adjusted"`
	// FX is what rates moved, of a book in the home currency: what payments and
	// credits differ from the invoices that they settle, and what rounding leaves. It's
	// 0 in a book of one currency.
	FX      ar.Money `json:"fx"`
	Closing ar.Money `json:"closing"`
}

// Bridge returns the bridge over the window.
func (w Window) Bridge() (Bridge, error) {
	opening, err := w.Opening.Net()
	if err != nil {
		return Bridge{}, fmt.Errorf("metric: bridge: %w", err)
	}
	closing, err := w.Closing.Net()
	if err != nil {
		return Bridge{}, fmt.Errorf("metric: bridge: %w", err)
	}
	zero := ar.NewMoney(0, w.Currency)
	b := Bridge{
		Slice: w.Slice, After: w.After, To: w.To, Opening: opening, Earlier: zero,
		Invoiced: w.Invoiced, Collected: w.Collected, Credited: w.Credited, WrittenOff: w.WrittenOff, Adjusted: w.Adjusted,
		FX: zero, Closing: closing,
	}
	if !w.Translated {
		return b, nil
	}
	lines, err := b.sum()
	if err != nil {
		return Bridge{}, fmt.Errorf("metric: bridge: %w", err)
	}
	if b.FX, err = closing.Sub(lines); err != nil {
		return Bridge{}, fmt.Errorf("metric: bridge: %w", err)
	}
	return b, nil
}

// Said returns the bridge from the A/R that was said at the beginning: what became
// known since is a line of its own. At closing rates that's also how rates moved.
func (b Bridge) Said(opening ar.Money) (Bridge, error) {
	earlier, err := b.Opening.Sub(opening)
	if err != nil {
		return Bridge{}, fmt.Errorf("metric: bridge from %s: %w", opening, err)
	}
	b.Opening = opening
	return b, addTo(&b.Earlier, earlier)
}

// Balanced reports whether the lines lead from Opening to Closing.
func (b Bridge) Balanced() bool {
	sum, err := b.sum()
	return err == nil && sum.Minor() == b.Closing.Minor()
}

func (b Bridge) sum() (ar.Money, error) {
	return ar.Sum(b.Opening, b.Earlier, b.Invoiced, b.Collected.Neg(), b.Credited.Neg(), b.WrittenOff.Neg(), b.Adjusted, b.FX)
}
