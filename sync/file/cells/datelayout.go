package cells

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"arbot/ar"
)

// dateWords are the parts of a date layout as people write them, with Go's
// reference time. Days and months may have one digit or two.
var dateWords = strings.NewReplacer(
	"YYYY", "2006", "YY", "06", "MMMM", "January", "MMM", "Jan", "MM", "1", "M", "1", "DD", "2", "D", "2",
)

// Layout is the way in which a column writes dates: "MM/DD/YYYY".
type Layout struct {
	words     string // as it stands in the mapping
	reference string
}

// wholeLayout is three parts with something between them that is no letter or
// digit.
var wholeLayout = regexp.MustCompile(`^(YYYY|YY|M{1,4}|DD?)[ ./,-]+(YYYY|YY|M{1,4}|DD?)[ ./,-]+(YYYY|YY|M{1,4}|DD?)$`)

func oncePerPart(words string) bool {
	return strings.Contains(words, "Y") && strings.Contains(words, "M") && strings.Contains(words, "D")
}

// ParseLayout reads a layout of YYYY or YY, MM (or MMM for Jan), DD, each
// once, in any order.
func ParseLayout(words string) (Layout, error) {
	layout := Layout{words: words, reference: dateWords.Replace(words)}
	if !wholeLayout.MatchString(words) || !oncePerPart(words) {
		return Layout{}, fmt.Errorf("%q is not a date layout such as YYYY-MM-DD, MM/DD/YYYY or D MMM YYYY", words)
	}
	return layout, nil
}

// Parse reads a date. One that does not exist is an error.
func (l Layout) Parse(cell string) (ar.Date, error) {
	t, err := time.Parse(l.reference, cell)
	if err != nil {
		return ar.Date{}, &Error{
			Wrong: "it is not a date of the layout " + l.words,
			Mend:  "Correct the cell, or the layout in the mapping if the whole column writes it so",
		}
	}
	return ar.DateOf(t, time.UTC), nil
}
