// Package export reads the files that accounting programs write: aging reports, lists of
// open invoices, lists of transactions, one row for a document or one for each of its
// lines. Which report a file is follows from the texts of its header and of the lines
// above it, never from its name or from the places of its columns. docs/exports.md says
// what can be read and how.
//
// A file is read several times and never held in memory: what it is, how its columns
// write amounts and dates, what is wrong with it, and then its documents.
//
// A map of its files:
//
//	export.go      Export, what a file turned out to be
//	check.go       Check makes it: everything is looked at before anything is handed on
//	rows.go        Row, and the reading that yields them
//	source.go      Source, an export as the engine reads it
//	layout.go      layout: the columns and the shape of a kind of report
//	layouts.go     the layouts that are known
//	words.go       what reports call kinds, states, buckets and totals
//	recognise.go   which layout a file has
//	sheets.go      which sheet of a workbook has it
//	header.go      headers in two rows
//	preamble.go    the lines above the header: company, title, as-of date
//	walk.go        which row is a document, a group, a total or a footer
//	block.go       blocks of currencies
//	column.go      how each column writes amounts and dates
//	entry.go       a row becomes a document
//	states.go      what follows from the states of documents alone
//	customer.go    customers, and those above them
//	totals.go      the file's own totals against its rows
//	twice.go       documents that are there twice, and those of several lines
//	fault.go       what is wrong, and what has to be asked for
//	suggest.go     a mapping to paste, for a table that is not recognised
//	bad.go         rows that were left out, as a file
package export
