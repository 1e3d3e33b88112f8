// Package ar is the domain of arbot: what is owed, by whom, since when, and
// who may see it. Everything in it is a value or a pure function of values:
// no I/O, no clock, no SQL, no Slack. The as-of date is always a parameter.
//
// A map of its files:
//
//	money.go      Money (integer minor units and a currency), Currency
//	date.go       Date, a civil date without a zone
//	typed.go      amounts and dates as people type them
//	terms.go      payment terms and the due date that follows from them
//	customer.go   Customer; documents belong to one
//	document.go   Document (invoice, credit memo, payment, ...) and Application
//	open.go       the open amount of a document as of a date
//	aging.go      aging buckets, unapplied credit, the ledger's own view
//	chase.go      what is left to chase
//	standing.go   how an account or the book stands: aging, net, to chase
//	bridge.go     from yesterday's overdue to today's, to the cent
//	pay.go        how fast a customer pays
//	owner.go      whose account it is, by rules
//	digest.go     what a digest says, chosen from the figures
//	role.go       who may do and see what
//	source.go     a connected ledger, its freshness and its tie-out
//	record.go     what a source brings in, before it has ids of ours
//	post.go       a message that is posted once
//	notice.go     what must be told to somebody
//	books.go      the ports: Books, Reader, Tx
//	errors.go     errors that people read
package ar
