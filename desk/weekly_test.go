package desk_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

func dated(text string) ar.Date { return storetest.Day(text) }

func wantMoney(t *testing.T, what string, got ar.Money, want string) {
	t.Helper()
	if got.Decimal() != want {
		t.Errorf("%s: %s, want %s", what, got.Decimal(), want)
	}
}

// saidWeekly composes the weekly digest for today and puts it in its place.
func saidWeekly(t testing.TB, c *desktest.Company) desk.Weekly {
	t.Helper()
	post := c.Plan(t, ar.WeeklyDigest, "managers")
	w, figures, err := c.Desk.ComposeWeekly(t.Context(), post)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Desk.KeepFigures(t.Context(), post.ID, figures); err != nil {
		t.Fatal(err)
	}
	if err := c.Desk.SetPostState(t.Context(), post.ID, ar.PostDone, ""); err != nil {
		t.Fatal(err)
	}
	return w
}

func weekOn(c *desktest.Company, days int) { c.Clock.Add(time.Duration(24*days) * time.Hour) }

// The next digest starts from what this one said; what is corrected since of an earlier
// date is a line of its own, and the bridge closes to the cent.
func TestWeeklyStartsFromWhatWasSaid(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	c.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{desktest.Customer("Acme", "dana@example.com")},
		Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Invoice, "A", "Acme", "2026-09-01", "2026-10-01", "100.00"),
			storetest.Doc(ar.Invoice, "B", "Acme", "2026-11-20", "2026-12-20", "50.00"),
			storetest.Doc(ar.Invoice, "C", "Acme", "2026-11-21", "2026-11-25", "8.00"),
		},
	})
	first := saidWeekly(t, c)
	if !first.First || first.AsOf != dated("2026-11-24") || first.Since != dated("2026-11-17") {
		t.Fatalf("first: %v, as of %s since %s", first.First, first.AsOf, first.Since)
	}
	b := first.Currencies[0].Bridge
	wantMoney(t, "opening", b.Opening, "100.00")
	wantMoney(t, "invoiced", b.Invoiced, "58.00")
	wantMoney(t, "closing", b.Closing, "158.00")
	if len(first.Currencies[0].Ranges) != 0 {
		t.Error("a first look knows of no ranges")
	}

	weekOn(c, 7)
	gone := storetest.Doc(ar.Invoice, "B", "Acme", "2026-11-20", "2026-12-20", "50.00")
	gone.Status = ar.Void
	c.Change(t, ar.Page{
		Documents: []ar.DocumentRecord{
			gone, storetest.Doc(ar.Payment, "P", "Acme", "2026-11-27", "", "30.00"),
			storetest.Doc(ar.Invoice, "D", "Acme", "2026-11-26", "2027-01-10", "7.00"),
			storetest.Doc(ar.Invoice, "L", "Acme", "2026-11-23", "2026-12-23", "2.00"), // dated before, known since
		},
		Applications: []ar.ApplicationRecord{storetest.Pays("1", "P", "A", "2026-11-27", "30.00")},
	})
	second := saidWeekly(t, c)
	b = second.Currencies[0].Bridge
	wantMoney(t, "opening", b.Opening, "158.00")
	wantMoney(t, "earlier", b.Earlier, "-48.00")
	wantMoney(t, "invoiced", b.Invoiced, "7.00")
	wantMoney(t, "collected", b.Collected, "30.00")
	wantMoney(t, "closing", b.Closing, "87.00")
	if second.First || !b.Balanced() || second.Since != first.AsOf {
		t.Errorf("second: %+v", second)
	}
	// Whose overdue moved, and why: A was late and was paid in part, C fell due.
	if len(second.Movers) != 1 {
		t.Fatalf("movers: %+v", second.Movers)
	}
	m := second.Movers[0]
	wantMoney(t, "before", m.Before, "100.00")
	wantMoney(t, "newly", m.Newly, "8.00")
	wantMoney(t, "paid", m.Paid, "30.00")
	wantMoney(t, "after", m.After, "78.00")
	// Terms: net 30 is the policy, D got 45 days.
	if granted, policy := second.Currencies[0].Granted.String(), second.Currencies[0].Policy.String(); policy != "30.0" || granted == policy {
		t.Errorf("granted %s against %s", granted, policy)
	}
}

// A currency of which nothing is left in the books, all of it voided, still leads from what
// was said of it.
func TestWeeklyOfWhatWasAllVoided(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	invoice := storetest.Doc(ar.Invoice, "A", "Acme", "2026-11-01", "2026-12-01", "100.00")
	c.Import(t, ar.Page{Customers: []ar.CustomerRecord{desktest.Customer("Acme", "")}, Documents: []ar.DocumentRecord{invoice}})
	saidWeekly(t, c)
	weekOn(c, 7)
	invoice.Status = ar.Void
	c.Change(t, ar.Page{Documents: []ar.DocumentRecord{invoice}})
	b := saidWeekly(t, c).Currencies[0].Bridge
	if wantMoney(t, "earlier", b.Earlier, "-100.00"); !b.Balanced() || !b.Closing.IsZero() {
		t.Errorf("bridge: %+v", b)
	}
}

// What has no plain value says why: no sales, a net credit, a history too short.
func TestWeeklyEdges(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		documents          []ar.DocumentRecord
		countback          string
		granted, unapplied string
		decides            desk.DecisionKind
	}{
		"net credit": {
			[]ar.DocumentRecord{storetest.Doc(ar.Payment, "P", "Acme", "2026-11-20", "", "40.00")},
			"0.0 (net credit balance)", "n/a (no sales)", "40.00", desk.DecideUnapplied,
		},
		"outlives its sales": {
			[]ar.DocumentRecord{storetest.Doc(ar.Journal, "J", "Acme", "2026-08-15", "2026-08-20", "500.00"), storetest.Doc(ar.Invoice, "A", "Acme", "2026-11-10", "2026-12-10", "100.00")},
			"at least 24.0 ($500.00 is older)", "30.0", "0.00", desk.DecideOld,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := desktest.New(t)
			c.Import(t, ar.Page{Customers: []ar.CustomerRecord{desktest.Customer("Acme", "dana@example.com")}, Documents: tt.documents})
			w := saidWeekly(t, c)
			one := w.Currencies[0]
			if got := one.Report.Countback.String(); got != tt.countback {
				t.Errorf("DSO %s, want %s", got, tt.countback)
			}
			if got := one.Granted.String(); got != tt.granted {
				t.Errorf("granted %s, want %s", got, tt.granted)
			}
			wantMoney(t, "unapplied", one.Now().Unapplied, tt.unapplied)
			if !slices.ContainsFunc(w.Decide, func(d desk.Decision) bool { return d.Kind == tt.decides }) {
				t.Errorf("to decide: %+v", w.Decide)
			}
		})
	}
}

// A post that is late within its week is told as of its own day; one whose week is over is
// not told any more.
func TestWeeklyDays(t *testing.T) {
	t.Parallel()
	route := desk.Route{Name: "managers", Kind: ar.WeeklyDigest, Channel: "C0BOSS", To: []string{"Grace@Example.com"}, Days: []time.Weekday{time.Monday}}
	if got := route.On(dated("2026-11-25")); got != dated("2026-11-23") {
		t.Errorf("due on %s", got)
	}
	if got := route.On(dated("2026-11-23")); got != dated("2026-11-23") {
		t.Errorf("on its day: %s", got)
	}
	c := desktest.New(t)
	keys, err := c.Desk.DigestKeys(t.Context(), route, dated("2026-11-25"))
	if err != nil || len(keys) != 2 || keys[0].Day != dated("2026-11-23") || keys[1].Route != "managers to grace@example.com" {
		t.Errorf("keys: %+v, %v", keys, err)
	}
	for _, key := range keys {
		if !route.Has(key) {
			t.Errorf("%+v is not one of the route's", key)
		}
	}
	if name, email := desk.ReaderOf(keys[1]); name != "managers" || email != "grace@example.com" {
		t.Errorf("reader %q of %q", email, name)
	}
	post := ar.Post{PostKey: keys[0]}
	if post.Over(dated("2026-11-29")) || !post.Over(dated("2026-11-30")) {
		t.Error("a weekly digest lasts until the next is due")
	}
}

// TestWeeklyBridgesClose: through random weeks of a random book, with late entries, voids
// and payments taken back, each digest starts from what the one before said and closes at
// what the ledger owes, to the cent.
func TestWeeklyBridgesClose(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := desktest.New(t)
		c.Import(t, ar.Page{Customers: []ar.CustomerRecord{desktest.Customer("Acme", "dana@example.com"), desktest.Customer("Bolt", "")}})
		today := dated("2026-11-25")
		said := map[ar.Currency]ar.Money{}
		for week := range rapid.IntRange(2, 3).Draw(rt, "weeks") {
			c.Change(t, randomWeek(rt, today))
			w := saidWeekly(t, c)
			for _, one := range w.Currencies {
				net, err := one.Now().Net()
				if err != nil || !one.Bridge.Balanced() || one.Bridge.Closing != net || one.Net != net {
					rt.Fatalf("week %d: %+v closes at %s, %v", week, one.Bridge, net, err)
				}
				if before, known := said[one.Currency]; known && one.Bridge.Opening != before {
					rt.Fatalf("week %d opens at %s, said was %s", week, one.Bridge.Opening, before)
				}
				said[one.Currency] = net
			}
			weekOn(c, 7)
			today = today.AddDays(7)
		}
	})
}

// randomWeek are documents of about a week, some of them of numbers that are there already.
func randomWeek(t *rapid.T, today ar.Date) (page ar.Page) {
	for range rapid.IntRange(0, 6).Draw(t, "documents") {
		date := today.AddDays(-rapid.IntRange(0, 40).Draw(t, "age"))
		kind := rapid.SampledFrom([]ar.DocumentKind{ar.Invoice, ar.Invoice, ar.CreditMemo, ar.Payment}).Draw(t, "kind")
		number := rapid.SampledFrom([]string{"1", "2", "3", "4", "5"}).Draw(t, "number") + string(kind)
		d := storetest.Doc(kind, number, rapid.SampledFrom([]string{"Acme", "Bolt"}).Draw(t, "customer"), date.String(), date.AddDays(rapid.IntRange(0, 60).Draw(t, "terms")).String(), "1.00")
		d.Amount = ar.NewMoney(rapid.Int64Range(1, 90000).Draw(t, "amount"), rapid.SampledFrom([]ar.Currency{"USD", "EUR"}).Draw(t, "currency"))
		d.Status = rapid.SampledFrom([]ar.Status{ar.Posted, ar.Posted, ar.Posted, ar.Void}).Draw(t, "status")
		if slices.ContainsFunc(page.Documents, func(o ar.DocumentRecord) bool { return o.Kind == d.Kind && o.External == d.External }) {
			continue
		}
		page.Documents = append(page.Documents, d)
	}
	return page
}

// A range is held against what the bridge of the same week says was collected, part
// payments and money on account too, credits not.
func TestWeeklyRangesAreOfWhatWasCollected(t *testing.T) {
	t.Parallel()
	s := desktest.NewSample(t)
	c := &desktest.Company{Books: s.Books, Desk: s.Desk}
	saidWeekly(t, c)
	var checked int
	for range 2 {
		for range 7 {
			s.NextDay(t)
		}
		w := saidWeekly(t, c)
		for _, one := range w.Currencies {
			if len(one.Ranges) == 0 {
				continue
			}
			checked++
			last := one.Ranges[0]
			if last.From != w.Since.AddDays(1) || last.Came != one.Bridge.Collected {
				t.Errorf("%s from %s: %s came, the bridge has %s collected from %s", one.Currency, last.From, last.Came, one.Bridge.Collected, w.Since.AddDays(1))
			}
			if !slices.ContainsFunc(one.Ranges, func(r desk.RangeWeek) bool { return r.Came.Sign() > 0 }) {
				t.Errorf("%s: nothing came in %d weeks", one.Currency, len(one.Ranges))
			}
		}
	}
	if checked < 2 {
		t.Errorf("%d ranges were looked at", checked)
	}
}
