// Package metric holds the figures by which receivables are judged: days sales
// outstanding and its relatives, how fast and how late customers pay, what is at
// risk, and the bridge from one A/R to the next. It's pure: sums in, figures out.
//
// The figures are functions of few sums (ar.Sums): for each period and slice of the book
// what was invoiced, credited, collected and written off, how what was paid in it was
// paid, and what was open at its end. Fold makes the sums in one pass over the
// open-item ledger, and is their definition; a store makes the same ones in SQL.
//
// Arithmetic is exact. Money is integer minor units, a figure is a rational number,
// rounded only when it's shown. A figure that has no value says why: it's never 0,
// infinite or NaN for want of sales.
//
// What the names mean here:
//
//	sales      invoices less credit memos, each in its own month, tax included since
//	           A/R includes it
//	A/R        what is owed less unapplied credit: net, as the ledger states it
//	current    owed and not past due; due today is current
//	collected  payments less refunds, by their own dates, applied or not
//
// A map of its files:
//
//	figure.go      Figure: a value, a floor, or the reason why there's none
//	dso.go         DSO: countback, simple, best possible; turnover; ADD
//	collect.go     CEI, percent current, bad-debt ratio
//	paid.go        days to pay, weighted terms, days beyond terms
//	risk.go        roll rates, loss rates, provision matrix
//	row.go         Row: a document with what was applied, as a ledger streams it
//	fold.go        Fold: rows in, sums out
//	entry.go       what one row adds to the sums
//	home.go        an entry in the home currency
//	book.go        Book: the sums of a slice with its figures
//	window.go      Window: some periods taken as one, and its figures
//	bridge.go      from one A/R to the next, to the cent
//	report.go      Report: all figures of a slice as of a date
package metric
