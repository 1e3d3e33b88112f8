// Package arsync brings ledgers into the books: an engine that reads any Source
// and writes it through the ports of ar, with its safety checks and the tie-out.
// The folder is called sync, like the program's other verbs; the package isn't,
// since its name would hide the standard library's sync in every file that uses
// both.
//
// A map of its files:
//
//	source.go   Source and Reading: what the engine asks of a ledger
//	engine.go   Engine and one run of it, from the first question to the report
//	write.go    short transactions, and how long is short
//	missing.go  records that a page refers to and the books lack
//	named.go    single records that somebody named
//	removal.go  what a full reading no longer holds, and the guard on it
//	merged.go   into which customer one went that is gone, where the ledger does not say
//	settle.go   stated balances become applications
//	amount.go   documents of which only the open amount is known
//	unsaid.go   documents of a list that does not say what is open, and the payments that explain what was inferred
//	snapshot.go what a list of all that is open lacks, and the guard on closing it
//	objection.go which guards would refuse a reading, without a run
//	owner.go    sales owners by the rules
//	tieout.go   our net A/R against the ledger's own
//	because.go  the documents by which they differ
//	report.go   what a run did, in sentences
//	fault.go    what stopped a run, in a sentence
//
// The sources are in folders below it: file (CSV bundles and tables). Package
// sourcetest holds the contract that each of them passes.
package arsync
