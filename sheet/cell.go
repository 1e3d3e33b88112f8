package sheet

import (
	"fmt"
	"strconv"
	"strings"

	"arbot/ar"
)

// runs are the characters with which a spreadsheet lets a formula begin. Some skip spaces
// and control characters before it.
const runs = "=+-@\t\r\n＝＋－＠"

// unsafe reports whether a spreadsheet could take a text for a formula.
func unsafe(text string) bool {
	bare := strings.TrimLeft(text, " \u00a0\u200b\ufeff\x00\x0b\x0c'\"")
	return text != "" && strings.ContainsAny(text[:1], "\t\r\n") || bare != "" && strings.ContainsRune(runs, []rune(bare)[0])
}

// plain writes a cell as CSV has it: money exactly, without currency or grouping, and
// dates as year, month and day.
func plain(cell any) (string, error) {
	switch c := cell.(type) {
	case string:
		if unsafe(c) {
			return "'" + c, nil
		}
		return c, nil
	case ar.Money:
		return c.Decimal(), nil
	case ar.Date:
		if c.IsZero() {
			return "", nil
		}
		return c.String(), nil
	case int:
		return strconv.Itoa(c), nil
	case nil:
		return "", nil
	}
	return "", fmt.Errorf("sheet: %T: %w", cell, ErrCell)
}
