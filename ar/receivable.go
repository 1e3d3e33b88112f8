package ar

// Receivable is an invoice as a forecast sees it. The history to learn from and the book
// to foretell are both made of them.
type Receivable struct {
	ID          DocumentID
	Customer    CustomerID
	Issued, Due Date
	// Settled is the date of the last application; no date while something is open.
	Settled Date
	// Amount is what is to come: the open amount where the invoice is open, the
	// whole of it in a history.
	Amount Money
}

// KnownOn reports whether the invoice was in the books on the morning of a date,
// before anything of that day was posted.
func (i Receivable) KnownOn(d Date) bool { return i.Issued.Before(d) }

// SettledBefore reports whether it was known on the morning of a date that the
// invoice had been settled.
func (i Receivable) SettledBefore(d Date) bool {
	return !i.Settled.IsZero() && i.Settled.Before(d)
}

// OpenOn reports whether the invoice was in the open book on the morning of a date.
func (i Receivable) OpenOn(d Date) bool { return i.KnownOn(d) && !i.SettledBefore(d) }

// Lateness is the day on which the invoice was settled, counted from its due date.
func (i Receivable) Lateness() int { return i.Settled.Sub(i.Due) }

// TermDays are the days from issue to due date.
func (i Receivable) TermDays() int { return i.Due.Sub(i.Issued) }
