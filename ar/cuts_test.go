package ar_test

import (
	"fmt"
	"testing"

	"arbot/ar"
)

func TestMonthsCutAtMonthEnds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		asOf  string
		whole int
		want  string
	}{
		{"2026-03-10", 2, "[2025-12-31 2026-01-31 2026-02-28 2026-03-10]"},
		{"2026-02-28", 2, "[2025-12-31 2026-01-31 2026-02-28]"},
		{"2026-03-01", 1, "[2026-01-31 2026-02-28 2026-03-01]"},
	}
	for _, tt := range tests {
		if got := fmt.Sprint(ar.MonthCuts(day(t, tt.asOf), tt.whole)); got != tt.want {
			t.Errorf("Months(%s, %d) = %s, want %s", tt.asOf, tt.whole, got, tt.want)
		}
	}
	if got, want := fmt.Sprint(ar.WeekCuts(day(t, "2026-03-01"), 2)), "[2026-02-15 2026-02-22 2026-03-01]"; got != want {
		t.Errorf("Weeks = %s, want %s", got, want)
	}
}
