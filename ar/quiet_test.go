package ar_test

import (
	"testing"
	"time"

	"arbot/ar"
)

func TestQuiet(t *testing.T) {
	t.Parallel()
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	night := ar.Quiet{From: ar.Clock{Hour: 20}, To: ar.Clock{Hour: 7, Minute: 30}, Zone: newYork}
	lunch := ar.Quiet{From: ar.Clock{Hour: 12}, To: ar.Clock{Hour: 13}, Zone: newYork}
	for name, test := range map[string]struct {
		quiet ar.Quiet
		now   string
		want  string // "" where it is not quiet
	}{
		"none":                              {ar.Quiet{}, "2026-11-25T08:00:00Z", ""},
		"in the evening":                    {night, "2026-11-25T20:00:00-05:00", "2026-11-26T07:30:00-05:00"},
		"before the evening":                {night, "2026-11-25T19:59:59-05:00", ""},
		"in the morning":                    {night, "2026-11-25T07:29:59-05:00", "2026-11-25T07:30:00-05:00"},
		"their end is not in them":          {night, "2026-11-25T07:30:00-05:00", ""},
		"over the end of summer time":       {night, "2026-10-31T23:00:00-04:00", "2026-11-01T07:30:00-05:00"},
		"over the beginning of summer time": {night, "2027-03-13T23:00:00-05:00", "2027-03-14T07:30:00-04:00"},
		"at noon":                           {lunch, "2026-11-25T12:30:00-05:00", "2026-11-25T13:00:00-05:00"},
		"after noon":                        {lunch, "2026-11-25T13:00:00-05:00", ""},
		"in another zone's words":           {lunch, "2026-11-25T17:30:00Z", "2026-11-25T13:00:00-05:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now, err := time.Parse(time.RFC3339, test.now)
			if err != nil {
				t.Fatal(err)
			}
			end, quiet := test.quiet.Until(now)
			got := ""
			if quiet {
				got = end.Format(time.RFC3339)
			}
			if got != test.want {
				t.Errorf("quiet until %q, want %q", got, test.want)
			}
		})
	}
}
