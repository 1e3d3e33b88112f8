package cells

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/xuri/excelize/v2"
)

// A workbook keeps an invoice 000123 as the number 123 and the format 000000: what people
// know it by is what they see. Only whole numbers that a format shows with zeros or texts
// are taken as they are shown, and only in columns for which that is asked: an amount or a
// date never is.

// shape is such a format: what stands at each place. A 0 is a digit that is always there, a
// # one that is there if the number has it, and anything else is a text.
type shape []rune

// text is added to the signs of a text, which can be 0 and # as well.
const text = 1 << 24

// parseShape reads the format of a number as far as it holds for those above zero. It is
// nil for one that does more than put zeros and texts around digits: that has decimals,
// marks between thousands, a percent sign, a currency, a date.
func parseShape(code string) (s shape) {
	zeros, digits, texts := 0, 0, 0
	runes := []rune(code)
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; r {
		case ';':
			i = len(runes)
		case '0', '#':
			s = append(s, r)
			digits++
			if r == '0' {
				zeros++
			}
		case '"', '\\', ' ', '-', '(', ')':
			quoted, end := literal(runes, i)
			i = end
			for _, q := range quoted {
				if unicode.Is(unicode.Sc, q) {
					return nil
				}
				s = append(s, q+text)
				texts++
			}
		case '[': // a colour, or the language of the texts
			for i < len(runes) && runes[i] != ']' {
				if unicode.Is(unicode.Sc, runes[i]) && i+1 < len(runes) && runes[i+1] != '-' || strings.ContainsRune("hms", runes[i]) && runes[i-1] == '[' {
					return nil
				}
				i++
			}
		case '_', '*': // as wide as the sign behind it
			i++
		default:
			return nil
		}
	}
	if digits == 0 || zeros < 2 && texts == 0 {
		return nil
	}
	return s
}

// literal is the text that begins at a place, and the place at which it ends.
func literal(runes []rune, i int) (quoted []rune, end int) {
	switch {
	case runes[i] == '\\' && i+1 < len(runes):
		return runes[i+1 : i+2], i + 1
	case runes[i] == '"':
		end = len(runes)
		if n := slices.Index(runes[i+1:], '"'); n >= 0 {
			end = i + 1 + n
		}
		return runes[i+1 : end], end
	}
	return runes[i : i+1], i
}

// show writes digits in the shape: from the right, with all that are left in the first
// place for one.
func (s shape) show(digits string) string {
	first := 0
	for first < len(s) && s[first] >= text {
		first++
	}
	out := make([]rune, 0, len(s)+len(digits)) // backwards
	left := []rune(digits)
	for i, place := range slices.Backward(s) {
		switch {
		case place >= text:
			out = append(out, place-text)
			continue
		case len(left) > 0:
			out, left = append(out, left[len(left)-1]), left[:len(left)-1]
		case place == '0':
			out = append(out, '0')
		}
		for i == first && len(left) > 0 {
			out, left = append(out, left[len(left)-1]), left[:len(left)-1]
		}
	}
	slices.Reverse(out)
	return string(out)
}

// marker stands before a number that has a shape, and behind the name of the shape.
const marker = "\ue000"

// shapes are the formats of a workbook that are one, by names in letters: formats are not
// sure to leave the digits of a text alone. Those of the book say their name from then on
// instead of showing the number: who reads its rows does not learn what style a cell has,
// only what its format makes of it.
func shapes(book *excelize.File) map[string]shape {
	found := map[string]shape{}
	if book.Styles == nil || book.Styles.NumFmts == nil {
		return found
	}
	for i, f := range book.Styles.NumFmts.NumFmt {
		if f == nil {
			continue
		}
		if s := parseShape(f.FormatCode); s != nil {
			name := strings.Map(func(r rune) rune { return r - '0' + 'a' }, strconv.Itoa(i))
			found[name] = s
			f.FormatCode = `"` + marker + name + marker + `"0`
		}
	}
	return found
}

// Show has numbers given as they are shown from the next row on, in the columns at these
// places.
func (w *workbookRows) Show(places []int) error {
	if !w.shaped || len(places) == 0 {
		return nil
	}
	var err error
	w.shapes, w.places = shapes(w.book), places
	if w.shown, err = w.book.Rows(w.sheet); err != nil {
		return damaged(err)
	}
	for range w.row {
		w.shown.Next()
	}
	return nil
}

// show replaces numbers by what is shown of them, in the columns of which it is asked.
func (w *workbookRows) show(cells []string) error {
	if w.shown == nil || !w.shown.Next() {
		return nil
	}
	marked, err := w.shown.Columns(excelize.Options{})
	if err != nil {
		return fmt.Errorf("formats: %w", err)
	}
	for _, place := range w.places {
		if place >= len(cells) || place >= len(marked) || cells[place] == "" || !onlyDigits(cells[place]) {
			continue
		}
		if rest, ok := strings.CutPrefix(marked[place], marker); ok {
			name, _, _ := strings.Cut(rest, marker)
			cells[place] = w.shapes[name].show(cells[place])
		}
	}
	return nil
}
