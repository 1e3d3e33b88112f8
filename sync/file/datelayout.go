package file

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

// dateLayout is the way in which a column writes dates: "MM/DD/YYYY".
type dateLayout struct {
	words     string // as it stands in the mapping
	reference string
}

// wholeLayout is three parts with something between them that is no letter or
// digit.
var wholeLayout = regexp.MustCompile(`^(YYYY|YY|M{1,4}|DD?)[ ./,-]+(YYYY|YY|M{1,4}|DD?)[ ./,-]+(YYYY|YY|M{1,4}|DD?)$`)

func oncePerPart(words string) bool {
	return strings.Contains(words, "Y") && strings.Contains(words, "M") && strings.Contains(words, "D")
}

// parseDateLayout reads a layout of YYYY or YY, MM (or MMM for Jan), DD, each
// once, in any order.
func parseDateLayout(words string) (dateLayout, error) {
	layout := dateLayout{words: words, reference: dateWords.Replace(words)}
	if !wholeLayout.MatchString(words) || !oncePerPart(words) {
		return dateLayout{}, fmt.Errorf("%q is not a date layout such as YYYY-MM-DD, MM/DD/YYYY or D MMM YYYY", words)
	}
	return layout, nil
}

// parse reads a date. One that does not exist is an error.
func (l dateLayout) parse(cell string) (ar.Date, error) {
	t, err := time.Parse(l.reference, cell)
	if err != nil {
		return ar.Date{}, &cellError{
			wrong: "it is not a date of the layout " + l.words,
			mend:  "Correct the cell, or the layout in the mapping if the whole column writes it so",
		}
	}
	return ar.DateOf(t, time.UTC), nil
}
