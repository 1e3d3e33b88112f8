// Package sampleco makes up the receivables of a company that does not exist,
// Harbor & Pine Supply Co., a wholesaler with some sixty customers: for the
// demo, for tests and for benchmarks. The same options give the same books to
// the byte on every machine, and the company lives on: Advance adds further
// days of invoices and payments.
//
// It is a small simulation, day by day, of what people do to a ledger:
//
//	company.go   Company and its Options; a year of days, then Advance
//	roster.go    the customers: the named ones by hand, the rest by rule
//	names.go     names for any number of customers
//	people.go    the staff: reps, AR, manager, admin
//	day.go       one business day: what was planned, invoices, payments
//	payer.go     when the kinds of payer pay
//	remit.go     how a payment comes in, and what goes wrong with it
//	mishap.go    credit memos, voids, corrections, drafts, deposits
//	story.go     the account that is worth a look, and the news after today
//	ledger.go    the books: documents, applications, the control account
//	calendar.go  business days
//	dice.go      chance, in integers
//	bundle.go    the arbot bundle of CSV files
//
// All people, companies and addresses are fictional; mail goes to example.com.
package sampleco
