// Package forecast foretells when open invoices will be paid and how much money
// comes in week by week, from how the same customers paid before. It's pure: the
// date is a parameter, chance and clock have no part in it.
//
// The model is a discrete hazard: for each day of lateness v (days from the due
// date, below 0 is early) the chance that an invoice still open on that day is paid
// on it. A customer's own counts are shrunk towards those of the whole book,
//
//	h(v) = (paid(v) + kappa x book(v)) / (at risk(v) + kappa)
//
// so that a customer with three invoices is mostly the book and one with three
// hundred is itself. Open invoices count as censored: they were at risk and weren't
// paid. What is foretold of an open invoice is conditional on its age. Discrete-time
// survival of this kind beat due-date, classification and continuous models on
// receivables in Saini et al., Discover Analytics 2:4 (2024).
//
// Customers have their days: Fridays, no weekends, or payment runs on the 15th and the
// last of the month. Where the payments show it beyond chance, the hazard of such days
// is raised and that of the others lowered. On a public set of 40,000 payments this
// nearly halved the error of weekly money.
//
// Ranges of weekly money come from how wrong the forecasts of past weeks were (split
// conformal), since customers pay in batches: ranges that take invoices as
// independent held a quarter of the time where they should have held 80 %.
//
// Probabilities are floats. Money never is: an expected amount is rounded once, to
// the minor unit, and what is left over stands in its own line, so that a forecast
// adds up to the open book.
//
// A map of its files:
//
//	invoice.go   Invoice, and what was known of one on a morning
//	curve.go     counts by day of lateness
//	habit.go     the days on which customers pay
//	model.go     Trainer and Model: the hazard
//	expect.go    when an open invoice will be paid, from when to when
//	promise.go   promises, discounted by how well they were kept
//	cash.go      the money of the coming weeks
//	yet.go       invoices that are yet to be issued
//	line.go      the plain lines beside it: due date, mean lag, naive
//	range.go     ranges, calibrated on past weeks
//	rehearse.go  the forecast made for mornings of the past; Calibrate
//	score.go     WAPE, bias, MAE, pinball, coverage
//	backtest.go  the forecast tried on the past, from rolling origins
package forecast
