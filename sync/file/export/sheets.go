package export

import (
	"fmt"
	"strings"

	"arbot/sync/file/cells"
)

// recognise finds the layout of the file; of a workbook that shows several sheets also that
// which has a report. Where two have, nobody knows which is meant, or whether both are.
func (r *reader) recognise() (err error) {
	if len(r.format.Sheets) < 2 {
		r.match, err = recognise(r.path, r.format)
		return err
	}
	var fit, other []string
	var first error
	for _, sheet := range r.format.Sheets {
		f := r.format
		f.Sheet = sheet
		m, err := recognise(r.path, f)
		if err != nil {
			if first == nil {
				first = err
			}
			other = append(other, sheet)
			continue
		}
		if fit = append(fit, sheet); len(fit) == 1 {
			r.match, r.format = m, f
		}
	}
	switch len(fit) {
	case 0:
		return first
	case 1:
		r.warn("Only the sheet %q was read: on %s there is no report that arbot knows.", fit[0], quoted(other))
		return nil
	}
	return &cells.TextError{
		Wrong: fmt.Sprintf("the workbook has a table on each of the sheets %s, and nothing says which is meant", quoted(fit)),
		Mend:  "Save each sheet that is meant as a file of its own, or take the others out, or hide them",
	}
}

// quoted names sheets.
func quoted(names []string) string {
	texts := make([]string, len(names))
	for i, n := range names {
		texts[i] = fmt.Sprintf("%q", n)
	}
	if n := len(texts); n > 1 {
		return strings.Join(texts[:n-1], ", ") + " and " + texts[n-1]
	}
	return strings.Join(texts, "")
}

// identities are the columns by whose texts something is known.
func (m *match) identities() (places []int) {
	for r, place := range m.at {
		if place >= 0 && role(r).isIdentity() {
			places = append(places, place)
		}
	}
	return places
}
