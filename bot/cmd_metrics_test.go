package bot_test

import (
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// TestMetricsGolden draws the figures for managers over the made-up company.
func TestMetricsGolden(t *testing.T) {
	t.Parallel()
	s := desktest.NewSample(t)
	r := newRouter(s.Desk)
	drawScenes(t, r, []scene{
		{"dso", noraFeldt, "dso"},
		{"dso_own", benOkafor, "dso"},
		{"dso_last_month", noraFeldt, "dso last month"},
		{"dso_owner", noraFeldt, "dso owner ben as of 2026-09-30"},
		{"dso_segment", noraFeldt, "dso segment mid-market last quarter"},
		{"dso_unknown_segment", noraFeldt, "dso segment circus"},
		{"dso_quarter", noraFeldt, "dso 2026-Q3"},
		{"dso_month", noraFeldt, "dso september"},
		{"dso_by_owner", noraFeldt, "dso by owner last quarter"},
		{"dso_by_segment_own", benOkafor, "dso by segment"},
		{"dso_by_company", noraFeldt, "dso by company"},
		{"dso_by_what", noraFeldt, "dso by colour"},
		{"dso_terms", noraFeldt, "dso terms net 30"},
		{"dso_no_rate", noraFeldt, "dso home"},
		{"dso_two_parts", noraFeldt, "dso segment retail by owner"},
		{"dso_ahead", noraFeldt, "dso as of 2027-01-31"},
		{"dso_which_segment", noraFeldt, "dso segment"},
		{"trend", noraFeldt, "trend"},
		{"trend_own", benOkafor, "trend 4 weeks"},
		{"trend_owner", noraFeldt, "trend owner ben 6w"},
		{"trend_segment", noraFeldt, "trend segment mid-market 5 weeks"},
		{"trend_too_long", noraFeldt, "trend 52 weeks"},
		{"trend_what_weeks", noraFeldt, "trend many weeks"},
		{"trend_unknown_segment", noraFeldt, "trend segment circus"},
		{"provision", noraFeldt, "provision"},
		{"provision_own", benOkafor, "provision last quarter"},
		{"provision_which_segment", noraFeldt, "provision segment"},
		{"whatif_pay", noraFeldt, "what-if pay " + dueInvoices(t, s)},
		{"whatif_promises_none", noraFeldt, "what-if promises"},
		{"whatif_what", noraFeldt, "what-if"},
		{"whatif_unknown", noraFeldt, "what-if rains"},
		{"whatif_which", noraFeldt, "what-if pay"},
		{"whatif_not_found", noraFeldt, "what-if pay INV-999999"},
		{"forecast", noraFeldt, "forecast"},
		{"forecast_own", benOkafor, "forecast 8 weeks"},
		{"forecast_account", noraFeldt, "forecast acme corporation 6w"},
		{"forecast_too_far", noraFeldt, "forecast 52 weeks"},
	})
}

// dueInvoices are the numbers of the two oldest invoices that are open.
func dueInvoices(t testing.TB, s *desktest.Sample) string {
	t.Helper()
	var numbers []string
	s.Books.Read(t, func(r ar.Reader) error {
		items, err := r.OpenItems(t.Context(), ar.ItemQuery{AsOf: s.Today(), Scope: ar.Everything(), Owed: true, Limit: 2})
		for _, i := range items {
			numbers = append(numbers, i.Number)
		}
		return err
	})
	return strings.Join(numbers, ", ")
}

// TestPromisesWhatIfGolden draws what would be if promises are kept, and a pack with
// promises and disputes in it.
func TestPromisesWhatIfGolden(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	c.Import(t, acme(doc("INV-7", "2026-09-01", "2026-10-01", "500.00"), doc("INV-8", "2026-08-15", "2026-09-15", "1000.00"), doc("INV-9", "2026-11-01", "2026-12-01", "300.00")))
	got := &drawer{}
	r := bot.NewRouter(bot.RouterConfig{Desk: c.Desk, Slash: "/ar", People: staff{}, Private: got})
	if _, err := c.Desk.RecordPromise(t.Context(), desktest.Dana, desk.PromiseDraft{
		Document: c.Document(t, "INV-7"), Parts: []ar.Instalment{{Amount: storetest.USD("500.00"), Due: storetest.Day("2026-11-27")}},
	}); err != nil {
		t.Fatal(err)
	}
	answered(t, r, desktest.Dana, "dispute INV-8 400 short shipment")
	golden(t, "whatif_promises", answered(t, r, desktest.Boss, "what-if promises"))
	golden(t, "meeting_answer", answered(t, r, desktest.Boss, "meeting owner dana file"))
	golden(t, "meeting_promises", got.cards...)
	if len(got.files) != 1 || got.files[0].Name != "aging-dana-2026-11-25.xlsx" || got.user != desktest.Boss.User {
		t.Errorf("the files of the pack are %d, for %s", len(got.files), got.user)
	}
	c.Clock.Add(14 * 24 * time.Hour)
	c.Change(t, ar.Page{})
	got.cards = nil
	answered(t, r, desktest.Boss, "meeting")
	golden(t, "meeting_broken", got.cards...)
}

// TestMeetingGolden draws the pack of the made-up company.
func TestMeetingGolden(t *testing.T) {
	t.Parallel()
	s := desktest.NewSample(t)
	got := &drawer{}
	r := bot.NewRouter(bot.RouterConfig{Desk: s.Desk, Slash: "/ar", People: staff{}, Private: got})
	answered(t, r, noraFeldt, "meeting")
	golden(t, "meeting", got.cards...)
	golden(t, "meeting_segment", answered(t, r, noraFeldt, "meeting segment retail"))
	fromHere := bot.NewRouter(bot.RouterConfig{Desk: s.Desk, Slash: "/ar", People: staff{}})
	golden(t, "meeting_from_here", answered(t, fromHere, noraFeldt, "meeting"))
	empty := desktest.New(t)
	golden(t, "meeting_empty", answered(t, newRouter(empty.Desk), desktest.Nora, "meeting"))
	golden(t, "trend_empty", answered(t, newRouter(empty.Desk), desktest.Nora, "trend"))
	golden(t, "provision_empty", answered(t, newRouter(empty.Desk), desktest.Nora, "provision"))
}

// TestForecastOfYesterdaysLesson draws a forecast that was learned the day before.
func TestForecastOfYesterdaysLesson(t *testing.T) {
	t.Parallel()
	s := desktest.NewSample(t)
	r := newRouter(s.Desk)
	answered(t, r, noraFeldt, "forecast")
	s.NextDay(t)
	golden(t, "forecast_learned_yesterday", answered(t, r, noraFeldt, "forecast"))
}

// TestHomeGolden draws figures in one currency, by both kinds of rates.
func TestHomeGolden(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	euros := func(number, date, due, amount string, rate ar.Rate) ar.DocumentRecord {
		d := doc(number, date, due, "1.00")
		d.Amount, d.Rate = storetest.Amount(amount, "EUR"), rate
		return d
	}
	page := ar.Page{Customers: []ar.CustomerRecord{desktest.Customer("Acme", "dana@example.com")}}
	for _, month := range []string{"2026-08", "2026-09", "2026-10"} {
		page.Documents = append(page.Documents,
			doc("U"+month, month+"-10", "2026-12-10", "300.00"), euros("E"+month, month+"-12", "2026-11-12", "100.00", "1.08"))
	}
	page.Documents = append(page.Documents, euros("E-new", "2026-11-20", "2026-12-20", "50.00", "1.1"))
	c.Import(t, page)
	r := newRouter(c.Desk)
	golden(t, "dso_home", answered(t, r, desktest.Nora, "dso home"))
	golden(t, "dso_home_closing", answered(t, r, desktest.Nora, "dso home closing by owner"))
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
