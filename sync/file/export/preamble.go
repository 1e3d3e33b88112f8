package export

import (
	"regexp"
	"slices"
	"strings"

	"arbot/ar"
)

// preamble is what stands above the header of a report.
type preamble struct {
	titles  []string // its lines, for comparing
	company string
	asOf    string // the date behind "As of", as it stands there
	// currency is that of all amounts that name none, "" where no line says it.
	currency ar.Currency
	lines    []string // all lines, for comparing
}

var (
	asOfLine = regexp.MustCompile(`(?i)^(?:as of|as at|stand(?: vom)?|zum|per|au|a fecha de|al|hasta el) +(.*\d{4}.*|.*\d{1,2}[./-]\d{1,2}[./-]\d{2,4}.*)$`)
	noise    = regexp.MustCompile(`(?i)^(ageing by|aging by|accrual basis|cash basis|all dates|for the (period|month|year)|currency:|[a-z]+ \d.*\d{4}.*|\d[\d ./-]*\d{4}.*$)`)
)

// readPreamble reads the rows above a header, of which only the first cell counts. The
// company is the first line that is nothing else.
func readPreamble(above [][]string) preamble {
	var p preamble
	for _, row := range above {
		i := slices.IndexFunc(row, func(c string) bool { return strings.TrimSpace(c) != "" })
		if i < 0 {
			continue
		}
		text := strings.TrimSpace(row[i])
		name := plain(text)
		p.lines = append(p.lines, name)
		if c, ok := statedCurrency(text); ok {
			p.currency = c
			continue
		}
		switch m := asOfLine.FindStringSubmatch(text); {
		case m != nil:
			p.asOf = m[1]
		case reportTitle(name):
			p.titles = append(p.titles, name)
		case p.company == "" && !noise.MatchString(text):
			p.company = text
		}
	}
	return p
}

// reportTitle reports whether a line is the title of a layout.
func reportTitle(name string) bool {
	return slices.ContainsFunc(layouts, func(l *layout) bool {
		return slices.ContainsFunc(l.titles, func(t string) bool { return strings.HasPrefix(name, t) })
	})
}

// titled reports whether one of the lines is one of these titles.
func (p preamble) titled(titles []string) bool {
	return slices.ContainsFunc(p.titles, func(line string) bool {
		return slices.ContainsFunc(titles, func(t string) bool { return strings.HasPrefix(line, t) })
	})
}
