package screen

import (
	"strconv"
	"strings"
	"time"
)

// date resolves <!date^seconds^format^link|fallback> in the viewer's zone. A
// date that cannot be read shows its fallback, as in Slack.
func (d drawer) date(spec, fallback string) string {
	parts := strings.SplitN(spec, "^", 3)
	seconds, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || len(parts) < 2 {
		return clean(fallback)
	}
	return stamp(time.Unix(seconds, 0).In(d.Location), parts[1])
}

// dateTokens are the tokens of docs with Go's layout for each. The "pretty"
// ones say "today" relative to the viewer; a drawing has no today and shows
// the date. Longer tokens come first, since some begin alike.
var dateTokens = []struct{ token, layout string }{
	{"{date_long_pretty}", "Monday, January 2, 2006"},
	{"{date_short_pretty}", "Jan 2, 2006"},
	{"{date_long_full}", "January 2, 2006"},
	{"{date_pretty}", "January 2, 2006"},
	{"{date_short}", "Jan 2, 2006"},
	{"{date_long}", "Monday, January 2, 2006"},
	{"{date_slash}", "01/02/2006"},
	{"{date_num}", "2006-01-02"},
	{"{day_divider_pretty}", "Monday, January 2"},
	{"{date}", "January 2, 2006"},
	{"{time_secs}", "3:04:05 PM"},
	{"{time}", "3:04 PM"},
	{"{ago}", "Jan 2, 2006 3:04 PM"},
}

func stamp(t time.Time, format string) string {
	for _, d := range dateTokens {
		format = strings.ReplaceAll(format, d.token, t.Format(d.layout))
	}
	return clean(format)
}
