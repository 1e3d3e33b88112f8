package desk_test

import (
	"testing"
	"time"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

func TestStale(t *testing.T) {
	t.Parallel()
	c := desktest.New(t) // tolerates a day
	for _, tt := range []struct {
		age  time.Duration
		want bool
	}{{0, false}, {day, false}, {day + time.Second, true}} {
		f := c.Desk.FreshAt(ar.Freshness{DataAsOf: c.Clock.Now().Add(-tt.age)})
		if f.Stale != tt.want || f.Now != c.Clock.Now() {
			t.Errorf("data of %s ago: stale %v", tt.age, f.Stale)
		}
	}
	if !c.Desk.FreshAt(ar.Freshness{}).Stale {
		t.Error("no data at all is not stale")
	}
	tolerant := desktest.New(t, func(s *desk.Settings) { s.StaleAfter = 0 })
	if tolerant.Desk.FreshAt(ar.Freshness{DataAsOf: c.Clock.Now().Add(-100 * day)}).Stale {
		t.Error("without a limit nothing is stale")
	}
}

func TestPersonName(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	for owner, want := range map[string]string{
		"dana@example.com": "Dana Diaz", "DD": "Dana Diaz", "dana diaz": "Dana Diaz", "walter ruiz": "walter ruiz", "": "",
	} {
		if got := c.Desk.PersonName(owner); got != want {
			t.Errorf("%q is called %q, want %q", owner, got, want)
		}
	}
}

// The day is that of the company's zone: in Auckland it is the 26th already.
func TestTodayAndAsOf(t *testing.T) {
	t.Parallel()
	for zone, want := range map[string]string{"America/New_York": "2026-11-25", "Pacific/Auckland": "2026-11-26"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		d := desktest.New(t, func(s *desk.Settings) { s.Zone = loc }).Desk
		if got := d.Today(); got != storetest.Day(want) {
			t.Errorf("in %s it is %s, want %s", zone, got, want)
		}
		for text, back := range map[string]int{"": 0, "today": 0, "yesterday": -1} {
			if got, err := d.ReadAsOf(text); err != nil || got != d.Today().AddDays(back) {
				t.Errorf("as of %q: %s, %v", text, got, err)
			}
		}
	}
}
