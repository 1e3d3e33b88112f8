// Package ar is the domain of arbot: what is owed, by whom, since when, and
// who may see it. Everything in it is a value or a pure function of values:
// no I/O, no clock, no SQL, no Slack. The as-of date is always a parameter.
//
// A map of its files:
//
//	money.go      Money (integer minor units and a currency), Currency
//	date.go       Date, a civil date without a zone
//	workday.go    the company's business days
//	typed.go      amounts and dates of filters, as people type them
//	typed_clean.go  what a person typed, without what Slack put in
//	typed_words.go  the words of dates and amounts, by language
//	typed_scan.go   a typed text cut into phrases
//	typed_date.go   dates to come: "next Tue", "fin du mois"
//	typed_period.go spans, and ends of weeks, months and quarters
//	typed_amount.go amounts and shares: "12k", "half", "1.234,56 €"
//	typed_promise.go a promise typed as a sentence
//	terms.go      payment terms and the due date that follows from them
//	customer.go   Customer; documents belong to one
//	document.go   Document (invoice, credit memo, payment, ...) and Application
//	open.go       the open amount of a document as of a date
//	aging.go      aging buckets, unapplied credit, the ledger's own view
//	chase.go      what is left to chase
//	hold.go       what is disputed and promised, and so not chased
//	promise.go    what a customer said will be paid, and when
//	history.go    the ledger's history of an account, net of what was taken back
//	verdict.go    how promises are judged by it
//	outcome.go    what became of a promise, in words; corrections
//	keptrate.go   how well promises are kept
//	ladder.go     who is asked when nobody takes an account on; ladder_day.go by what of
//	              its history
//	escalation.go what was escalated, its states and ports
//	dispute.go    what a customer does not accept, and its states
//	reason.go     why; read out of words; where it goes
//	resolution.go what may have resolved a dispute; root causes
//	claim.go      who has an account, and when that lapses
//	snooze.go     what is put off; assignment.go who works on an account
//	worklist.go   what to do now, in which order and why
//	quiet.go         hours in which nothing comes
//	subscription.go  news of payments, preferences, what counts against a budget
//	note.go       notes, calls, and who really pays
//	timeline.go   what happened on an account, in order
//	audit.go      who changed what, sealed by a chain of hashes
//	standing.go   how an account or the book stands: aging, net, to chase
//	bridge.go     from yesterday's overdue to today's, to the cent
//	cuts.go       the dates between which the book is summed
//	sums.go       sums of the book by slice and period: what figures are made of
//	amountdays.go amounts times days, in 128 bits
//	home.go       amounts in the home currency, and at which rates
//	receivable.go an invoice as a forecast sees it
//	metrics.go    the port for sums and for what forecasts learn from
//	pay.go        how fast a customer pays
//	owner.go      whose account it is, by rules
//	digest.go     what a digest says, chosen from the figures
//	role.go       who may do and see what
//	source.go     a connected ledger, its freshness, health and tie-out
//	connection.go the access to a ledger that is read through an API
//	rate.go       exchange rates of documents
//	record.go     what a source brings in, before it has ids of ours
//	post.go       a message that is posted once
//	notice.go     what must be told to somebody
//	books.go      the ports: Books, Reader, Tx
//	acts.go       the ports for what people add: promises, disputes, notes, audit
//	errors.go     errors that people read
package ar
