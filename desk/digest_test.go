package desk_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

const day = 24 * time.Hour

// line writes a list of accounts in a line: "Acme $5.00+€2.00 (36), …".
func line(l ar.AccountList) string {
	var parts []string
	for _, a := range l.Lines {
		var sums []string
		for _, m := range a.Amounts {
			sums = append(sums, m.String())
		}
		parts = append(parts, fmt.Sprintf("%s %s", a.Name, strings.Join(sums, "+")))
	}
	return strings.Join(parts, ", ")
}

func bridge(b ar.Bridge) string {
	return fmt.Sprintf("%s + %s earlier + %s newly - %s paid - %s credited - %s written off = %s",
		b.Opening, b.Earlier, b.Newly, b.Paid, b.Credited, b.WrittenOff, b.Closing)
}

// books is a company with open invoices and a payment from long ago.
func books(t *testing.T) *desktest.Company {
	t.Helper()
	c := desktest.New(t)
	c.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{
			desktest.Customer("Acme", "dana@example.com"), desktest.Customer("Beta", "eli@example.com"), desktest.Customer("Gamma", ""),
		},
		Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Invoice, "A1", "Acme", "2026-08-01", "2026-08-31", "1000.00"),
			storetest.Doc(ar.Invoice, "A2", "Acme", "2026-09-01", "2026-10-01", "200.00"),
			storetest.Doc(ar.Invoice, "A3", "Acme", "2026-10-26", "2026-11-25", "40.00"), // due today
			storetest.Doc(ar.Invoice, "B1", "Beta", "2026-10-01", "2026-10-31", "500.00"),
			storetest.Doc(ar.Invoice, "B2", "Beta", "2026-11-01", "2026-12-02", "60.00"),
			storetest.Doc(ar.Invoice, "G1", "Gamma", "2026-10-01", "2026-10-31", "7.00"),
			storetest.Doc(ar.Payment, "P0", "Acme", "2026-08-10", "", "30.00"),
		},
	})
	return c
}

func TestFirstDigestAnnouncesNothing(t *testing.T) {
	t.Parallel()
	g := books(t).Say(t, ar.ARDigest, "ar")
	if !g.First || len(g.Bridges)+len(g.Newly.Lines)+len(g.Received) != 0 {
		t.Errorf("first %v, bridges %v, newly %v, received %v", g.First, g.Bridges, g.Newly.Lines, g.Received)
	}
	for what, got := range map[string][2]string{
		"overdue":   {line(g.Overdue), "Acme $1,200.00, Beta $500.00, Gamma $7.00"},
		"unapplied": {line(g.Unapplied), "Acme $30.00"},
		"due soon":  {line(g.DueSoon), "Acme $40.00"},
		"orphans":   {line(g.Orphans), "Gamma $7.00"},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: got %s, want %s", what, got[0], got[1])
		}
	}
}

// The second digest accounts for every cent between the two, also for what is
// dated before the first.
func TestSecondDigest(t *testing.T) {
	t.Parallel()
	c := books(t)
	c.Say(t, ar.ARDigest, "ar")
	c.Clock.Add(day)
	late := storetest.Pays("late", "P1", "A1", "2026-11-20", "100.00") // known today, dated before the last digest
	onTime := storetest.Pays("today", "P2", "B1", "2026-11-26", "50.00")
	void := storetest.Doc(ar.Invoice, "G1", "Gamma", "2026-10-01", "2026-10-31", "7.00")
	void.Status = ar.Void
	c.Change(t, ar.Page{
		Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Payment, "P1", "Acme", "2026-11-20", "", "100.00"),
			storetest.Doc(ar.Payment, "P2", "Beta", "2026-11-26", "", "50.00"),
			storetest.Doc(ar.CreditMemo, "CM", "Beta", "2026-11-26", "", "20.00"),
			void,
			storetest.Doc(ar.Invoice, "A2", "Acme", "2026-09-01", "2026-10-01", "210.00"), // corrected by 10.00
		},
		Applications: []ar.ApplicationRecord{
			late, onTime,
			{External: "cm", From: ar.Ref{Kind: ar.CreditMemo, External: "CM"}, To: ar.Ref{Kind: ar.Invoice, External: "B1"}, Kind: ar.ByCredit, Amount: storetest.USD("20.00"), Date: storetest.Day("2026-11-26")},
			{External: "wo", To: ar.Ref{Kind: ar.Invoice, External: "A2"}, Kind: ar.ByWriteOff, Amount: storetest.USD("3.00"), Date: storetest.Day("2026-11-26")},
		},
	})
	g := c.Say(t, ar.ARDigest, "ar")
	if len(g.Bridges) != 1 || !g.Bridges[0].Balanced() {
		t.Fatalf("bridges %v", g.Bridges)
	}
	// Overdue was 1,707.00. Earlier: -100.00 late payment, -7.00 void, +10.00 correction.
	const want = "$1,707.00 + -$97.00 earlier + $40.00 newly - $50.00 paid - $20.00 credited - $3.00 written off = $1,577.00"
	if got := bridge(g.Bridges[0]); got != want {
		t.Errorf("bridge:\ngot  %s\nwant %s", got, want)
	}
	if g.Since != storetest.Day("2026-11-25") || g.First {
		t.Errorf("since %s, first %v", g.Since, g.First)
	}
	for what, got := range map[string][2]string{
		"overdue": {line(g.Overdue), "Acme $1,147.00, Beta $430.00"},
		"newly":   {line(g.Newly), "Acme $40.00"},
		"due":     {line(g.DueSoon), "Beta $60.00"},
		"orphans": {line(g.Orphans), ""},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: got %s, want %s", what, got[0], got[1])
		}
	}
	var received []string
	for _, r := range g.Received {
		received = append(received, r.Name+" "+r.Amount.String())
	}
	if got := strings.Join(received, ", "); got != "Acme $100.00, Beta $50.00" || fmt.Sprint(g.ReceivedSums) != "[$150.00]" {
		t.Errorf("received %s, sums %v", got, g.ReceivedSums)
	}
}

// Run again on the same day, a digest still compares with the day before.
func TestDigestAgainOnTheSameDay(t *testing.T) {
	t.Parallel()
	c := books(t)
	c.Say(t, ar.ARDigest, "ar")
	c.Clock.Add(day)
	c.Change(t, ar.Page{})
	first := c.Say(t, ar.ARDigest, "ar")
	c.Clock.Add(time.Hour)
	c.Change(t, ar.Page{
		Documents:    []ar.DocumentRecord{storetest.Doc(ar.Payment, "P2", "Beta", "2026-11-26", "", "500.00")},
		Applications: []ar.ApplicationRecord{storetest.Pays("x", "P2", "B1", "2026-11-26", "500.00")},
	})
	again := c.Say(t, ar.ARDigest, "ar")
	if first.Since != again.Since || bridge(again.Bridges[0]) != "$1,707.00 + $0.00 earlier + $40.00 newly - $500.00 paid - $0.00 credited - $0.00 written off = $1,247.00" {
		t.Errorf("since %s then %s, %s", first.Since, again.Since, bridge(again.Bridges[0]))
	}
	if len(again.Received) != 1 {
		t.Errorf("received %v", again.Received)
	}
	c.Clock.Add(day)
	c.Change(t, ar.Page{})
	if next := c.Say(t, ar.ARDigest, "ar"); len(next.Received) != 0 || next.Bridges[0].Opening != storetest.USD("1247.00") {
		t.Errorf("next day: received %v, %s", next.Received, bridge(next.Bridges[0]))
	}
}

func TestRepDigestHoldsOwnAccountsOnly(t *testing.T) {
	t.Parallel()
	c := books(t)
	c.Say(t, ar.RepDigest, "rep:dana@example.com")
	c.Clock.Add(day)
	c.Change(t, ar.Page{Documents: []ar.DocumentRecord{
		storetest.Doc(ar.Payment, "P2", "Beta", "2026-11-26", "", "500.00"),
		storetest.Doc(ar.Payment, "P3", "Gamma", "2026-11-26", "", "7.00"),
		storetest.Doc(ar.Payment, "P4", "Acme", "2026-11-26", "", "1.00"),
	}})
	g := c.Say(t, ar.RepDigest, "rep:dana@example.com")
	text := fmt.Sprintf("%+v", g)
	for _, other := range []string{"Beta", "Gamma", "eli@"} {
		if strings.Contains(text, other) {
			t.Errorf("Dana's digest has %s: %s", other, text)
		}
	}
	if g.Owner != "dana@example.com" || line(g.Overdue) != "Acme $1,240.00" || len(g.Received) != 1 || g.Bridges[0].Opening != storetest.USD("1200.00") {
		t.Errorf("owner %s, overdue %s, received %v, bridge %s", g.Owner, line(g.Overdue), g.Received, bridge(g.Bridges[0]))
	}
}

// AG-04: what was paid and is not applied is a task for AR, not a call to make.
func TestAG04PaidButNotApplied(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	c.Clock.Add(-86 * day) // Mon 31 Aug 2026
	c.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{desktest.Customer("Payer", "dana@example.com"), desktest.Customer("Partly", "dana@example.com")},
		Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Invoice, "INV-6", "Payer", "2026-04-20", "2026-05-20", "260.00"),
			storetest.Doc(ar.Payment, "PAY-6", "Payer", "2026-05-28", "", "260.00"),
			storetest.Doc(ar.Invoice, "INV-7", "Partly", "2026-04-20", "2026-05-20", "100.00"),
			storetest.Doc(ar.Payment, "PAY-7", "Partly", "2026-05-28", "", "99.99"),
		},
	})
	g := c.Say(t, ar.RepDigest, "rep:dana@example.com")
	for what, got := range map[string][2]string{
		"overdue":   {line(g.Overdue), "Payer $260.00, Partly $100.00"},
		"chase":     {line(g.Chase), "Partly $100.00"},
		"covered":   {line(g.Covered), "Payer $260.00"},
		"unapplied": {line(g.Unapplied), "Payer $260.00, Partly $99.99"},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: got %s, want %s", what, got[0], got[1])
		}
	}
	if g.Totals[0].ToChase != storetest.USD("0.01") || g.Overdue.Lines[0].OldestDays != 103 {
		t.Errorf("to chase %s, %d days", g.Totals[0].ToChase, g.Overdue.Lines[0].OldestDays)
	}
	a, err := c.Desk.Status(t.Context(), desktest.Dana, desk.StatusInput{Text: "payer"})
	if err != nil {
		t.Fatal(err)
	}
	m := a.Money[0]
	if got := fmt.Sprint(m.Buckets[4], m.Unapplied, m.Net, m.ToChase); got != "$260.00 $260.00 $0.00 $0.00" {
		t.Errorf("status: %s", got)
	}
	list, err := c.Desk.Overdue(t.Context(), desktest.Dana, desk.OverdueInput{Mine: true})
	if err != nil || len(list.Covered) != 1 || list.Covered[0].Name != "Payer" {
		t.Errorf("covered %v, %v", list.Covered, err)
	}
}

func TestDigestWaitsForAnImport(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	post := c.Plan(t, ar.ARDigest, "ar")
	compose := func() string {
		_, _, err := c.Desk.ComposeDigest(t.Context(), post)
		if ar.KindOf(err) == "" && err != nil {
			t.Fatal(err)
		}
		return string(ar.KindOf(err))
	}
	if got := compose(); got != "unavailable" {
		t.Errorf("before the first import: %q", got)
	}
	c.Import(t, ar.Page{})
	if got := compose(); got != "" {
		t.Errorf("after it: %q", got)
	}
	c.Ledger.Start(t, false)
	if got := compose(); got != "unavailable" {
		t.Errorf("while one runs: %q", got)
	}
	c.Clock.Add(59 * time.Minute)
	if got := compose(); got != "unavailable" {
		t.Errorf("while one still runs: %q", got)
	}
	c.Clock.Add(time.Minute)
	digest, _, err := c.Desk.ComposeDigest(t.Context(), post)
	if err != nil || len(digest.Fresh.Running) != 1 {
		t.Errorf("after an hour: %v, running %v", err, digest.Fresh.Running)
	}
}

func TestEmptyDigest(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	c.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{desktest.Customer("Acme", "dana@example.com")},
		Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "A1", "Acme", "2026-11-20", "2026-12-20", "5.00")},
	})
	if g := c.Say(t, ar.ARDigest, "ar"); !g.Empty() {
		t.Errorf("overdue %s, due %s", line(g.Overdue), line(g.DueSoon))
	}
}

// Each customer is in a list once, whatever it owes and in how many currencies.
func TestDigestInSeveralCurrencies(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	euro := func(number, amount string) ar.DocumentRecord {
		d := storetest.Doc(ar.Invoice, number, "Acme", "2026-09-01", "2026-10-01", "1.00")
		d.Amount = storetest.Amount(amount, "EUR")
		return d
	}
	c.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{desktest.Customer("Acme", "dana@example.com")},
		Documents: []ar.DocumentRecord{
			euro("E1", "10.00"), euro("E2", "20.00"),
			storetest.Doc(ar.Invoice, "U1", "Acme", "2026-09-01", "2026-10-01", "5.00"),
			storetest.Doc(ar.Invoice, "U2", "Acme", "2026-09-01", "2026-10-01", "6.00"),
		},
	})
	g := c.Say(t, ar.ARDigest, "ar")
	if got := line(g.Overdue); got != "Acme $11.00+€30.00" {
		t.Errorf("overdue %s", got)
	}
	if got := fmt.Sprintf("%v %d %s %v", g.Overdue.Sums, len(g.Totals), g.Totals[0].Currency, g.Owners[0].Amounts); got != "[$11.00 €30.00] 2 USD [$11.00 €30.00]" {
		t.Errorf("sums: %s", got)
	}
	c.Clock.Add(day)
	paid := storetest.Doc(ar.Payment, "P", "Acme", "2026-11-26", "", "1.00")
	paid.Amount = storetest.Amount("30.00", "EUR")
	pays := func(id, to, amount string) ar.ApplicationRecord {
		a := storetest.Pays(id, "P", to, "2026-11-26", "1.00")
		a.Amount = storetest.Amount(amount, "EUR")
		return a
	}
	c.Change(t, ar.Page{Documents: []ar.DocumentRecord{paid}, Applications: []ar.ApplicationRecord{pays("1", "E1", "10.00"), pays("2", "E2", "20.00")}})
	g = c.Say(t, ar.ARDigest, "ar")
	if len(g.Bridges) != 2 || g.Bridges[0].Closing != storetest.USD("11.00") || g.Bridges[1].Paid != storetest.Amount("30.00", "EUR") || !g.Bridges[1].Closing.IsZero() {
		t.Errorf("bridges %v", g.Bridges)
	}
}

func TestFiguresRoundTrip(t *testing.T) {
	t.Parallel()
	c := books(t)
	post := c.Plan(t, ar.ARDigest, "ar")
	digest, figures, err := c.Desk.ComposeDigest(t.Context(), post)
	if err != nil {
		t.Fatal(err)
	}
	var read ar.DigestFigures
	if err := json.Unmarshal(figures, &read); err != nil {
		t.Fatal(err)
	}
	want := digest.Figures(c.Clock.Now())
	if diff := cmp.Diff(want, read, cmp.AllowUnexported(ar.Money{}, ar.Date{})); diff != "" {
		t.Errorf("figures (-said +read):\n%s", diff)
	}
}

// For ten days of a made-up company, each digest begins where the one before
// ended, and accounts for every cent.
func TestBridgesOverTenDays(t *testing.T) {
	t.Parallel()
	s := desktest.NewSample(t)
	c := &desktest.Company{Books: s.Books, Desk: s.Desk}
	said := map[string][]ar.Money{}
	moved := 0
	for range 11 {
		for route, kind := range map[string]ar.PostKind{
			"ar": ar.ARDigest, "rep:ben.okafor@example.com": ar.RepDigest, "rep:ingrid.sorensen@example.com": ar.RepDigest,
		} {
			g := c.Say(t, kind, route)
			closing := map[ar.Currency]ar.Money{}
			for _, b := range g.Bridges {
				if !b.Balanced() {
					t.Errorf("%s on %s: %s", route, g.Day, bridge(b))
				}
				opening := ar.NewMoney(0, b.Currency)
				if i := slices.IndexFunc(said[route], func(m ar.Money) bool { return m.Currency() == b.Currency }); i >= 0 {
					opening = said[route][i]
				}
				if b.Opening != opening {
					t.Errorf("%s on %s opens with %s, the last one said %s", route, g.Day, b.Opening, opening)
				}
				if b.Opening != b.Closing {
					moved++
				}
				closing[b.Currency] = b.Closing
			}
			said[route] = g.Figures(time.Time{}).Overdue
			for _, m := range said[route] {
				if was, ok := closing[m.Currency()]; ok && was != m {
					t.Errorf("%s on %s closes with %s, but %s is overdue", route, g.Day, was, m)
				}
			}
			checkOnce(t, g)
		}
		s.NextDay(t)
	}
	if moved < 10 {
		t.Errorf("the overdue moved %d times only", moved)
	}
}

// checkOnce fails the test where a list names a customer twice, or the parts of
// the overdue are not the whole.
func checkOnce(t *testing.T, g desk.Digest) {
	t.Helper()
	for name, l := range map[string]ar.AccountList{
		"overdue": g.Overdue, "newly": g.Newly, "unapplied": g.Unapplied, "due soon": g.DueSoon, "chase": g.Chase, "covered": g.Covered,
	} {
		seen := map[ar.CustomerID]bool{}
		for _, a := range l.Lines {
			if seen[a.Customer] {
				t.Errorf("%s names %s twice", name, a.Name)
			}
			seen[a.Customer] = true
		}
	}
	parts := map[ar.Currency]int64{}
	for _, m := range slices.Concat(g.Chase.Sums, g.Covered.Sums) {
		parts[m.Currency()] += m.Minor()
	}
	for _, m := range g.Overdue.Sums {
		if parts[m.Currency()] != m.Minor() {
			t.Errorf("chase and covered make %d minor units, overdue is %s", parts[m.Currency()], m)
		}
	}
}
