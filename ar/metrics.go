package ar

import "context"

// MetricReader reads what figures and forecasts are made of.
type MetricReader interface {
	// LedgerSums sums the part of the book in a scope by the rule, one Sums for each
	// slice that has anything, by dimension, name and currency. It's what the fold of
	// package metric makes of the same books.
	LedgerSums(ctx context.Context, r SumRule, s Scope) ([]Sums, error)
	// Receivables lists invoices for a forecast to learn from, by id: pages of a
	// history that may be too large to be held as a whole.
	Receivables(ctx context.Context, q ReceivableQuery) ([]Receivable, error)
	// LatestRates are the rates of the latest posted documents dated up to asOf, by
	// currency: units of their ledgers' home currency for one.
	LatestRates(ctx context.Context, asOf Date) (map[Currency]Rate, error)
	// OverdueChanges sums how what is past due moved after from up to to, by customer and
	// currency: what the function of that name makes of OverdueMoves, with names.
	OverdueChanges(ctx context.Context, from, to Date, s Scope) ([]OverdueChange, error)
	// TermsGiven sums the posted invoices dated after from up to to, by their customers'
	// terms, date and currency.
	TermsGiven(ctx context.Context, from, to Date, s Scope) ([]TermsGiven, error)
}

// ReceivableQuery selects invoices to learn from.
type ReceivableQuery struct {
	// AsOf is the end of the day up to which the books are known; what was applied
	// later counts as open.
	AsOf Date
	// Since leaves out what was settled before; no date leaves out nothing.
	Since Date
	// Open leaves only what is open, with the open amounts in place of the whole ones.
	Open      bool
	Customers []CustomerID // nil for all
	Scope     Scope
	Currency  Currency // "" for all
	// After and Limit page through the list.
	After DocumentID
	Limit int
}
