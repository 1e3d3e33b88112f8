package cells

import (
	"strings"
	"time"
)

// monthNames are the months in English, German, French and Spanish, in full and as they
// are cut short, without dots.
var monthNames = map[time.Month]string{
	time.January:   "january jan januar jänner jan janvier janv enero ene",
	time.February:  "february feb februar feb février fevrier févr fevr fév fev febrero",
	time.March:     "march mar märz maerz mär mrz mars marzo",
	time.April:     "april apr avril avr abril abr",
	time.May:       "may mai mayo",
	time.June:      "june jun juni juin junio",
	time.July:      "july jul juli juillet juil julio",
	time.August:    "august aug août aout agosto ago",
	time.September: "september sep sept septembre septiembre setiembre set",
	time.October:   "october oct oktober okt octobre octubre",
	time.November:  "november nov novembre noviembre",
	time.December:  "december dec dezember dez décembre decembre déc diciembre dic", //nolint:misspell // French, without its accent
}

var months = func() map[string]time.Month {
	all := map[string]time.Month{}
	for month, names := range monthNames {
		for name := range strings.FieldsSeq(names) {
			all[name] = month
		}
	}
	return all
}()

// month reads the name of a month.
func month(word string) (time.Month, bool) {
	m, ok := months[strings.TrimSuffix(strings.ToLower(word), ".")]
	return m, ok
}
