// Package cells turns the files that spreadsheets and ledgers write into rows of
// text, and the text of a cell into an amount or a date. It knows no customer and no
// invoice.
//
// A map of its files:
//
//	format.go      Format: what kind of file it is, found by its bytes
//	decode.go      encodings of text
//	lineend.go     ends of lines, of whatever system
//	delimiter.go   which mark stands between the cells of a text
//	csv.go         the rows of a text
//	kind.go        files that are neither a text nor a workbook
//	workbook.go    the rows of a workbook (XLSX)
//	shown.go       numbers that a workbook shows with zeros or a text in front
//	number.go      amounts, by a decimal mark that is known
//	decimal.go     which decimal mark a column has
//	datelayout.go  dates, by a layout that is stated
//	date.go        dates, by the order of day and month that a column has
//	month.go       months by their names
//
// How a column writes amounts and dates is a property of the column, never of one
// cell: a cell that proves it decides for all, and where none does it is asked for.
package cells
