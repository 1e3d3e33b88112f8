package forecast

import "arbot/ar"

// Promise is what a customer said would be paid of an invoice, and when.
type Promise struct {
	On     ar.Date
	Amount ar.Money
	// Kept is the chance, from 0 to 1, that it is kept: see KeptShare.
	Kept float64
}

// KeptShare is the chance that a promise is kept, by how well a customer kept those
// before, shrunk towards the whole book's as the hazard is. What was kept in part
// counts half. Without any judged promise in the book it's a half.
func KeptShare(customer, book ar.KeptRate) float64 {
	prior := shrunk(book, 0.5, 1)
	return shrunk(customer, prior, keptKappa)
}

// keptKappa is the weight of the book's promises beside a customer's, in promises.
const keptKappa = 4

func shrunk(r ar.KeptRate, prior, weight float64) float64 {
	kept := float64(r.Kept) + float64(r.Partly)/2
	return (kept + weight*prior) / (float64(r.Judged) + weight)
}

// Item is an open invoice with what people wrote down about it.
type Item struct {
	Invoice
	// Disputed is the part that's in dispute; it's foretold by nobody and stands
	// apart.
	Disputed ar.Money
	// Promises that are open, for parts of the rest. One whose day has passed says
	// nothing any more.
	Promises []Promise
}

// part is an amount of an item, in minor units, that comes on a day with a chance,
// and else as the hazard says.
type part struct {
	minor int64
	day   int // from the as-of date; below 0: no promise
	kept  float64
}

// parts cuts an item: what is disputed, what is promised, and the rest. The promises
// take no more than there is, in their order.
func (i Item) parts(asOf ar.Date) (parts []part, disputed int64) {
	left := i.Amount.Minor()
	disputed = min(left, max(0, i.Disputed.Minor()))
	left -= disputed
	for _, p := range i.Promises {
		amount := min(left, max(0, p.Amount.Minor()))
		if amount == 0 || p.On.Before(asOf) {
			continue
		}
		parts = append(parts, part{minor: amount, day: p.On.Sub(asOf), kept: min(1, max(0, p.Kept))})
		left -= amount
	}
	if left > 0 {
		parts = append(parts, part{minor: left, day: -1})
	}
	return parts, disputed
}

// paidBy is the chance that the part is paid by the end of a day, where the hazard
// alone gives chance.
func (p part) paidBy(day int, chance float64) float64 {
	if p.day < 0 {
		return chance
	}
	byWord := 0.0
	if day >= p.day {
		byWord = p.kept
	}
	return byWord + (1-p.kept)*chance
}
