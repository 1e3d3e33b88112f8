package forecast

import "arbot/ar"

// farthest is how many days ahead an invoice is followed: what isn't expected by
// then has no date.
const farthest = 730

// Expectation says when an open invoice will be paid in full.
type Expectation struct {
	Invoice ar.DocumentID
	// Likely is the day by which it is paid as likely as not. Early and Late are
	// the ends of a range that holds with a chance of 80 %: a tenth is paid before
	// it, a tenth after. No date means later than two years ahead.
	Early, Likely, Late ar.Date
}

// Expect foretells an open invoice. A promise counts where it covers all that is
// open and not disputed.
func (m *Model) Expect(i Item) Expectation {
	whole := part{day: -1}
	if parts, _ := i.parts(m.asOf); len(parts) == 1 {
		whole = parts[0]
	}
	e := Expectation{Invoice: i.ID}
	own, lateness, open := m.of(i.Customer), m.asOf.Sub(i.Due), 1.0
	for day := 0; day < farthest && e.Late.IsZero(); day++ {
		open *= 1 - m.hazard(own, lateness+day, m.days[7*trailing+day])
		e.reach(whole.paidBy(day, 1-open), m.asOf.AddDays(day))
	}
	return e
}

// reach sets the dates that the chance of being paid has come up to.
func (e *Expectation) reach(chance float64, day ar.Date) {
	for _, mark := range []struct {
		date   *ar.Date
		chance float64
	}{{&e.Early, early}, {&e.Likely, likely}, {&e.Late, late}} {
		if mark.date.IsZero() && chance >= mark.chance {
			*mark.date = day
		}
	}
}

// The chances that the dates of an Expectation stand for.
const (
	early  = 0.1
	likely = 0.5
	late   = 0.9
)
