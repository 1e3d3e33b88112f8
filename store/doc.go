// Package store is the record: the books on SQLite (the default) or PostgreSQL,
// and the queue, behind one type that implements ar.Books. It speaks values of
// ar; rows never leave it, and it decides nothing.
//
// In the database, dates are whole days since 1970-01-01 (so that the same SQL
// does arithmetic on both engines), instants are milliseconds UTC (microseconds
// in the audit, whose sums cover them), money is minor units beside a currency.
// Two columns are derived, and are written in the transaction of what they
// derive from: applications.effective, the day from which an application counts
// (NULL while it doesn't), and documents.closed_on, the day from which nothing
// of a document is open (stillOpen while something is). An item is open as of D
// only if date <= D and closed_on > D, which is what makes an aging fast; the
// sum of its applications up to D then says how much is.
//
// A map of its files:
//
//	store.go        Options, Open, Close, View and Update
//	sqlite.go       one writer and a pool of readers on a file
//	postgres.go     a pool on PostgreSQL
//	dialect.go      where the two engines differ
//	migrate.go      the schema and its versions (migrations/)
//	filelock.go     one process at a time makes the schema of a file, or reads a ledger into it
//	query.go        small queries: conditions, lists, rows into slices
//	bulk.go         many rows in few statements
//	source.go       sources and tie-outs
//	connection.go   access to ledgers, and how they are
//	run.go          runs of a sync
//	page.go         what a source brings, page by page
//	customer.go     customers: reading
//	customer_put.go customers: writing
//	document.go     documents: reading
//	document_put.go documents: writing, and their due dates
//	departed.go     customers that are gone, and where their documents went
//	label.go        what documents say about who sold them
//	application.go  applications
//	entry.go        entries that come whole
//	merge.go        two customers that became one
//	settle.go       the derived columns
//	tombstone.go    what is gone from the ledger
//	fingerprint.go  what tells an equal record
//	item.go         open items
//	aging.go        sums of open items
//	move.go         overdue items between two dates
//	settlement.go   what was set against a document
//	paid.go         paid invoices, the last payment, what was received
//	sums.go         sums of the book by slice and period
//	folio.go        leaves of the ledger in few bytes, of which sums are made; folio_decode.go,
//	                folio_read.go and folio_keep.go: reading, making and dropping them
//	receivable.go   what forecasts learn from
//	fold.go         text as it is searched: no case, no accents, no punctuation
//	search.go       finding customers and invoices
//	search_index.go what customers are found by
//	score.go        how well a candidate fits
//	act.go          who did what on which account, and where acts go when it moves
//	promise.go      promises
//	verdict.go      the verdicts that were told
//	dispute.go      disputes and their steps
//	escalation.go   escalations and their steps; ladder.go what the ladder said
//	account_claim.go  who has an account, and what people did about it
//	snooze.go       what is put off
//	assignment.go   who works on an account
//	news.go         subscriptions, preferences, payments and posts to be told and counted
//	note.go         notes and calls
//	contact.go      who really pays
//	history.go      what promises are judged by
//	audit.go        audit records
//	seal.go         the seals over them
//	place.go        how a post stands in its channel on a day
//	post.go         posts and their parts
//	streak.go       posts that failed one after the other
//	delivery.go     deliveries that were seen
//	queue.go        River, the durable queue
//	claim.go        which process delivers a post or reads a ledger
//	backup.go       an online copy that is checked
//	health.go       how the books are, for arbot doctor
//	counts.go       how many posts and jobs there are, for the metrics
package store
