package ar

import "fmt"

// ToChase returns what is left to ask a customer for, in one currency: overdue
// less what is disputed, promised (not yet due) and received but unapplied;
// never below 0. Nothing is applied by it: the credit is set against the
// oldest overdue for this figure only. All four are of what is past due: of what
// is disputed and promised the parts that are not due yet stay out (Breakdown).
func ToChase(overdue, disputed, promised, unapplied Money) (Money, error) {
	left := overdue
	for _, less := range []Money{disputed, promised, unapplied} {
		var err error
		if left, err = left.Sub(less); err != nil {
			return Money{}, fmt.Errorf("to chase: %w", err)
		}
	}
	if left.Sign() < 0 {
		return NewMoney(0, left.Currency()), nil
	}
	return left, nil
}
