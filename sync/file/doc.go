// Package file reads ledgers from files: the arbot bundle (three CSV files that
// hold the whole truth, docs/bundle.md) and any one table by a column mapping
// (docs/table.md). A file is checked whole before its first record is handed
// on: a faulty cell is named and nothing of the file is taken in.
//
// A map of its files:
//
//	bundle.go       Bundle, the source of a directory or a zip file
//	columns.go      the columns of the bundle's files
//	record.go       rows of a bundle become records
//	check.go        the first pass over a bundle: every cell and every reference
//	emit.go         the second pass: pages of records
//	tree.go         customers below customers: order and cycles
//	write.go        WriteBundle: records become a bundle
//	table.go        Table, the source of one table with a Mapping
//	tablerow.go     rows of a table become records
//	customerrows.go several rows of one customer
//	tablecheck.go   the first pass over a table
//	mapping.go      Mapping: which column is what, checked all at once
//	read.go         a file becomes a sheet, and its content a sum
//	sheet.go        rows of a table under their header
//	header.go       which column is which
//	fault.go        what is wrong with a file, cell by cell
//	open.go         directories, zip files and fingerprints
//
// Package cells, below it, turns bytes into rows and cells into amounts and dates;
// package export recognises the reports that accounting programs write.
package file
