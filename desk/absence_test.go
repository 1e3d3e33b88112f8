package desk_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
)

func TestStandIn(t *testing.T) {
	t.Parallel()
	day := func(text string) ar.Date {
		d, err := ar.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	december := []desk.Absence{{From: day("2026-12-01"), To: day("2026-12-12")}}
	c := desktest.New(t, func(s *desk.Settings) {
		s.People = []desk.Person{
			{Email: "ann@x.com", Names: []string{"Ann"}, Deputy: "Bob@x.com", Away: december},
			{Email: "bob@x.com", Deputy: "cy@x.com", Away: []desk.Absence{{From: day("2026-12-10"), To: day("2026-12-20")}}},
			{Email: "cy@x.com", Deputy: "ann@x.com"},
			{Email: "dee@x.com", Away: december},
			{Email: "ed@x.com", Deputy: "fay@x.com", Away: december},
			{Email: "fay@x.com", Deputy: "ed@x.com", Away: december},
		}
	})
	tests := map[string]struct {
		email, day string
		deputies   []string
		until      string // "" where the person is not away
	}{
		"the day before":               {email: "ann@x.com", day: "2026-11-30"},
		"the first day":                {"ann@x.com", "2026-12-01", []string{"bob@x.com", "cy@x.com"}, "2026-12-12"},
		"the deputy is away as well":   {"ann@x.com", "2026-12-12", []string{"cy@x.com"}, "2026-12-12"},
		"the day after":                {email: "ann@x.com", day: "2026-12-13"},
		"by another name":              {"Ann", "2026-12-01", []string{"bob@x.com", "cy@x.com"}, "2026-12-12"},
		"without a deputy":             {"dee@x.com", "2026-12-05", nil, "2026-12-12"},
		"deputies of each other, away": {"ed@x.com", "2026-12-05", nil, "2026-12-12"},
		"nobody that is known":         {email: "who@x.com", day: "2026-12-05"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, away := c.Desk.StandIn(test.email, day(test.day))
			if away != (test.until != "") {
				t.Fatalf("away is %t", away)
			}
			if !away {
				return
			}
			if diff := cmp.Diff(desk.StandIn{Deputies: test.deputies, Until: day(test.until)}, got, cmp.Comparer(func(a, b ar.Date) bool { return a == b })); diff != "" {
				t.Errorf("stand-in (-want +got):\n%s", diff)
			}
		})
	}
}
