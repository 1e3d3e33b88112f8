package bot_test

import (
	"strings"
	"testing"

	"arbot/ar"
	"arbot/internal/desktest"
)

// TestMetricsGolden draws the figures for managers over the made-up company.
func TestMetricsGolden(t *testing.T) {
	t.Parallel()
	s := desktest.NewSample(t)
	r := newRouter(s.Desk)
	for _, scene := range []struct {
		name  string
		actor ar.Actor
		text  string
	}{
		{"dso", noraFeldt, "dso"},
		{"dso_own", benOkafor, "dso"},
		{"dso_last_month", noraFeldt, "dso last month"},
		{"dso_owner", noraFeldt, "dso owner ben as of 2026-09-30"},
		{"dso_segment", noraFeldt, "dso segment mid-market last quarter"},
		{"dso_unknown_segment", noraFeldt, "dso segment circus"},
		{"forecast", noraFeldt, "forecast"},
		{"forecast_own", benOkafor, "forecast 8 weeks"},
		{"forecast_account", noraFeldt, "forecast acme corporation 6w"},
		{"forecast_too_far", noraFeldt, "forecast 52 weeks"},
	} {
		t.Run(scene.name, func(t *testing.T) {
			t.Parallel()
			golden(t, scene.name, answered(t, r, scene.actor, scene.text))
		})
	}
}

// A rep gets no figure of a colleague's accounts, and nobody any without books.
func TestMetricsAreForTheirOwners(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	c.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{desktest.Customer("Acme", "dana@example.com"), desktest.Customer("Birch", "eli@example.com")},
	})
	r := newRouter(c.Desk)
	for text, want := range map[string]string{
		"dso owner eli":      "not your accounts",
		"forecast owner eli": "not your accounts",
		"forecast birch":     "No account of yours",
		"dso":                "nothing in the books",
		"forecast":           "Nothing is open",
	} {
		if got := drawn(t, answered(t, r, desktest.Dana, text), 100); !strings.Contains(got, want) {
			t.Errorf("%s says:\n%s\nwant %q", text, got, want)
		}
	}
}

// Figures that have no value, or are but a floor, say so.
func TestMetricsWithoutHistory(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	c.Import(t, acme(doc("INV-1", "2026-11-02", "2026-12-02", "600.00"), doc("INV-2", "2026-06-02", "2026-07-02", "400.00")))
	r := newRouter(c.Desk)
	text := drawn(t, answered(t, r, desktest.Nora, "dso"), 100)
	for _, want := range []string{"at least 25.0 days ($400.00 is older)", "n/a (no sales)", "n/a (nothing was paid in full)"} {
		if !strings.Contains(text, want) {
			t.Errorf("dso doesn't say %q:\n%s", want, text)
		}
	}
	text = drawn(t, answered(t, r, desktest.Nora, "forecast"), 100)
	for _, want := range []string{"no calibrated range yet", "none yet", "There is no naive line yet"} {
		if !strings.Contains(text, want) {
			t.Errorf("forecast doesn't say %q:\n%s", want, text)
		}
	}
}
