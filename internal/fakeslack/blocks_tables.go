package fakeslack

import (
	"encoding/json"
	"unicode/utf8"
)

// tableShape: 100 rows of 20 cells (types); alignment is one of three words
// and never empty.
var tableShape = shape{
	"rows": need(list(1, 100, list(1, 20, cell))),
	"column_settings": may(list(0, 20, record(shape{
		"align": may(enum("left", "center", "right")), "is_wrapped": may(boolean),
	}))),
}

// dataTableShape: 201 rows with the header (docs, 2026).
var dataTableShape = shape{
	"rows": need(list(2, 201, list(1, 20, cell))), "caption": need(text(1, 3000)),
	"page_size": may(integer(1, 100)), "row_header_column_index": may(integer(0, 19)),
}

// cell is a text, a number or a rich text. None may be empty (types: "the
// minimum length is 1 character").
func cell(c *checker, at string, v any) {
	if m, ok := v.(object); ok && m["type"] == "rich_text" {
		nested("rich_text")(c, at, v)
		return
	}
	typed(map[string]shape{
		"raw_text":   {"text": need(text(1, maxDataTableText))},
		"raw_number": {"value": need(number), "text": may(text(1, maxDataTableText))},
	})(c, at, v)
}

func checkTable(c *checker, _ string, m object) {
	c.tables++
	c.tableText += tableText(m)
}

// checkDataTable: the header is text only, and all rows are as long as it.
func checkDataTable(c *checker, at string, m object) {
	c.dataText += tableText(m)
	rows, _ := m["rows"].([]any)
	width := -1
	for i, r := range rows {
		row, _ := r.([]any)
		if width < 0 {
			width = len(row)
		}
		if len(row) != width {
			c.bad(pointer(at+"/rows", i), "all rows must have %d cells", width)
		}
	}
	if len(rows) == 0 {
		return
	}
	header, _ := rows[0].([]any)
	for i, v := range header {
		if one, ok := v.(object); ok && one["type"] != "raw_text" {
			c.bad(pointer(at+"/rows/0", i)+"/type", "header cells must be raw_text")
		}
	}
}

// tableText counts the characters of a table's cells.
func tableText(m object) int {
	n := 0
	rows, _ := m["rows"].([]any)
	for _, r := range rows {
		row, _ := r.([]any)
		for _, v := range row {
			n += characters(v)
		}
	}
	return n
}

// characters counts what is shown of a cell: texts, and numbers without one.
func characters(v any) int {
	switch v := v.(type) {
	case []any:
		n := 0
		for _, one := range v {
			n += characters(one)
		}
		return n
	case object:
		if s, ok := v["text"].(string); ok {
			return utf8.RuneCountInString(s)
		}
		if value, ok := v["value"].(json.Number); ok {
			return len(value.String())
		}
		return characters(v["elements"])
	}
	return 0
}
