package ar_test

import (
	"testing"

	"arbot/ar"
)

func TestPeriods(t *testing.T) {
	t.Parallel()
	today := day(t, "2026-11-25")
	for _, tt := range []struct{ text, name, from, to, asOf string }{
		{"2026-Q3", "Q3 2026", "2026-07-01", "2026-09-30", "2026-09-30"},
		{"2026q3", "Q3 2026", "2026-07-01", "2026-09-30", "2026-09-30"},
		{"Q3", "Q3 2026", "2026-07-01", "2026-09-30", "2026-09-30"},
		{"q4", "Q4 2026", "2026-10-01", "2026-12-31", "2026-11-25"},
		{"Q4 2025", "Q4 2025", "2025-10-01", "2025-12-31", "2025-12-31"},
		{"last quarter", "Q3 2026", "2026-07-01", "2026-09-30", "2026-09-30"},
		{"this quarter", "Q4 2026", "2026-10-01", "2026-12-31", "2026-11-25"},
		{"Last  Month", "October 2026", "2026-10-01", "2026-10-31", "2026-10-31"},
		{"september", "September 2026", "2026-09-01", "2026-09-30", "2026-09-30"},
		{"Sept", "September 2026", "2026-09-01", "2026-09-30", "2026-09-30"},
		{"december", "December 2025", "2025-12-01", "2025-12-31", "2025-12-31"},
		{"november", "November 2026", "2026-11-01", "2026-11-30", "2026-11-25"},
		{"feb 2024", "February 2024", "2024-02-01", "2024-02-29", "2024-02-29"},
		{"2026-09", "September 2026", "2026-09-01", "2026-09-30", "2026-09-30"},
		{"last year", "2025", "2025-01-01", "2025-12-31", "2025-12-31"},
		{"2026", "2026", "2026-01-01", "2026-12-31", "2026-11-25"},
	} {
		p, ok := ar.ReadPeriod(tt.text, today)
		if !ok || p.String() != tt.name || p.From.String() != tt.from || p.To.String() != tt.to || p.AsOf(today).String() != tt.asOf {
			t.Errorf("%q is %s (%s to %s, as of %s), %v", tt.text, p, p.From, p.To, p.AsOf(today), ok)
		}
	}
	for _, text := range []string{"", "acme", "ma", "marc", "decem", "2026-13", "q5", "2026-Q5", "next quarter", "2026-12", "2027", "last", "1042", "dec 2026", "5k"} {
		if p, ok := ar.ReadPeriod(text, today); ok {
			t.Errorf("%q is read as %s", text, p)
		}
	}
}

// In January the quarter before is that of the year before.
func TestPeriodsOverNewYear(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"last quarter": "Q4 2025", "last month": "December 2025", "this year": "2026", "november": "November 2025"} {
		if p, _ := ar.ReadPeriod(text, day(t, "2026-01-05")); p.String() != want {
			t.Errorf("%q is %s, want %s", text, p, want)
		}
	}
}
