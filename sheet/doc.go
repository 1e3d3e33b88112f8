// Package sheet writes tables into files that people open in a spreadsheet, row by
// row: a hundred thousand rows take no more memory than a hundred.
//
//	csv.go   CSV
//	xlsx.go  Excel workbooks
//	cell.go  what a cell can hold
//
// A file from here runs nothing. What stands in the books was typed by anybody, a customer
// included, and a spreadsheet takes a text that begins like a formula for one ("CSV
// injection", owasp.org/www-community/attacks/CSV_Injection). In a workbook such a text is a
// cell of the type text; in CSV, which has no types, it gets an apostrophe in front.
package sheet

import "errors"

// ErrCell is wrapped where a cell is given what no cell can hold.
var ErrCell = errors.New("a cell holds text, money, a date or a whole number")
