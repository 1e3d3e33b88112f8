package metric

import "arbot/ar"

// translate converts all amounts of an entry into the home currency, if there's one.
func (e *entry) translate(h *ar.Home) error {
	from := e.document.Amount.Currency()
	if h == nil || from == h.Currency {
		return nil
	}
	rate, err := h.Rate(e.document)
	if err != nil {
		return err
	}
	for n := range e.open {
		if err := convert(&e.open[n], rate, h.Currency); err != nil {
			return err
		}
	}
	for n := range e.moves {
		if err := convert(&e.moves[n].amount, rate, h.Currency); err != nil {
			return err
		}
	}
	return convert(&e.paid, rate, h.Currency)
}

func convert(m *ar.Money, rate ar.Rate, into ar.Currency) (err error) {
	if m.IsZero() {
		*m = ar.NewMoney(0, into)
		return nil
	}
	*m, err = m.Convert(rate, into)
	return err
}
