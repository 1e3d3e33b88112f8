package arsync

import (
	"slices"
	"strings"
)

// mostKept is how many sentences about what was left out the books keep of a run: who reads
// them mends the first, and reads everything again.
const mostKept = 50

// keep puts into the report what was left out, or taken as it stands though it looks
// wrong. The books keep it as well, since a run on a timetable has no reader.
func (r *run) keep(said []string) {
	for _, s := range said {
		if !slices.Contains(r.leftOut, s) { // what is read once more says it once more
			r.report.Warnings = append(r.report.Warnings, s)
			r.leftOut = append(r.leftOut, s)
		}
	}
}

// leftOutLines are what the books keep of that, each in one line.
func (r *run) leftOutLines() []string {
	var lines []string
	for _, s := range r.leftOut {
		if line := strings.Join(strings.Fields(s), " "); line != "" {
			lines = append(lines, line)
		}
	}
	if more := len(lines) - mostKept; more > 0 {
		lines = append(lines[:mostKept:mostKept], "And "+plural(more, "thing")+" more like these.")
	}
	return lines
}
