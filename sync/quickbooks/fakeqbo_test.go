package quickbooks

import (
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	mathrand "math/rand/v2"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/internal/fakeqbo"
	arsync "arbot/sync"
)

// world is a company that is served over HTTP, and the source that reads it
// through a client.
type world struct {
	*fakeqbo.Company
	clock  *clock
	source *Source
	dice   *mathrand.Rand
	hints  []arsync.Hint
}

func newWorld(t *testing.T, seed uint64, invoices int) *world {
	t.Helper()
	w := &world{clock: newClock(), dice: mathrand.New(mathrand.NewPCG(seed, 5))}
	w.Company = fakeqbo.NewCompany("9130", "Larkspur Supply", w.clock.Now)
	w.Configure(func(s *fakeqbo.Settings) {
		s.MultiCurrency, s.CustomFields, s.Classes = true, []string{"Sales Rep"}, true
		if seed%2 == 1 {
			s.ExtraRow, s.FalseDeleteEvery, s.QuietMerge = true, 7, true
		}
	})
	w.SetRate("EUR", "1.1427")
	if invoices > 0 {
		w.Grow(w.dice, invoices)
	}
	w.OnChange = func(c fakeqbo.Change) {
		w.hints = append(w.hints, arsync.Hint{Entity: c.Entity, ID: c.ID, Operation: c.Operation, Into: c.Into})
	}
	server := httptest.NewServer(w.Company)
	t.Cleanup(func() { server.Client().CloseIdleConnections(); server.Close() })
	client := NewClient(ClientConfig{
		Realm: "9130", URL: server.URL, Tokens: &wallet{}, HTTP: server.Client(), Now: w.clock.Now, Wait: w.clock.Wait, Rand: rand.Reader,
	})
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	w.source = NewSource(ar.Connection{Company: "9130", Title: "Larkspur Supply", Home: "USD"}, client,
		Settings{OwnerField: "Sales Rep", BadDebtItems: []string{"Bad debt"}, Zone: zone, Now: w.clock.Now})
	return w
}

// live changes the books a few times.
func (w *world) live(n int) {
	for range n {
		w.clock.Add(time.Duration(1+w.dice.IntN(30)) * time.Second)
		w.Step(w.dice)
	}
}

// truth is what the books of the company say is open, by our keys.
func (w *world) truth() map[string]int64 {
	open := map[string]int64{}
	for _, i := range w.Truth("").Items {
		key := ""
		switch i.Entity {
		case fakeqbo.Invoice:
			key = "invoice/" + i.ID
		case fakeqbo.CreditMemo:
			key = "credit_memo/" + i.ID
		case fakeqbo.Payment:
			key = "payment/" + i.ID
		case fakeqbo.JournalEntry:
			key = "journal/" + i.ID + "/" + i.Line
		case fakeqbo.Deposit:
			key = "journal/deposit-" + i.ID + "/" + i.Line
		case fakeqbo.RefundReceipt:
			key = "refund/" + i.ID
		}
		open[key] = i.Open
	}
	return open
}

// calmRead reads while the books change between pages, and once more when they
// do not: a reading is right as of its end, or a little before.
func (w *world) calmRead(t *testing.T, v *view, cursor string) (*view, string) {
	t.Helper()
	w.BeforePage = func() { w.live(w.dice.IntN(4)) }
	v, cursor = w.read(t, v, cursor)
	w.BeforePage = nil
	for cursor == "" { // somebody was merged while we read
		v, cursor = w.read(t, v, cursor)
	}
	return w.read(t, v, cursor)
}

// read brings a view up to date by changes, or by everything where it must.
func (w *world) read(t *testing.T, v *view, cursor string) (*view, string) {
	t.Helper()
	r, err := w.source.Changes(t.Context(), cursor)
	if errors.Is(err, arsync.ErrFullOnly) {
		v = newView()
		r, err = w.source.Full(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	v.take(recordsOf(t, r))
	if skipped := r.Skipped(); len(skipped) > 0 {
		t.Fatalf("skipped %q", skipped)
	}
	return v, r.Cursor()
}

func (w *world) compare(t *testing.T, v *view, when string) {
	t.Helper()
	if diff := cmp.Diff(w.truth(), v.open(t)); diff != "" {
		t.Fatalf("%s: open (-QuickBooks +read):\n%s", when, diff)
	}
}

// Whatever happens to the books, between readings and in them, what is read is
// what the books say.
func TestReadingFollowsTheBooks(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, seed, 1500)
			w.clock.Add(time.Hour)
			v, cursor := w.calmRead(t, newView(), "")
			w.compare(t, v, "after a full reading")
			for round := range 15 {
				w.live(1 + w.dice.IntN(20))
				w.clock.Add(time.Duration(w.dice.IntN(600)) * time.Second)
				v, cursor = w.calmRead(t, v, cursor)
				w.compare(t, v, fmt.Sprint("round ", round))
			}
		})
	}
}

// Records that spoil their pages are read all the same, by their ids.
func TestFailure16PoisonedPagesOfACompany(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{14, 15} { // 15 has pages with a row more
		w := newWorld(t, seed, 1200)
		for _, e := range []string{fakeqbo.Invoice, fakeqbo.Payment, "Customer"} {
			ids := w.IDs(e)
			for _, n := range []int{1, len(ids) / 2, len(ids)/2 + 1, len(ids) - 2} {
				w.WritePoison(e, ids[n])
			}
		}
		v, _ := w.read(t, newView(), "")
		w.compare(t, v, "with poison in it")
		if len(v.customers) != len(w.IDs("Customer")) {
			t.Errorf("%d customers, want %d", len(v.customers), len(w.IDs("Customer")))
		}
	}
}

// Fields that forms give by number alone have the names of the preferences.
func TestFieldsByTheirNumbers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, 0)
	w.Configure(func(s *fakeqbo.Settings) { s.CustomFields, s.UnnamedFields = []string{"Region", "Sales Rep"}, true })
	add := must(t)
	customer := add(w.AddCustomer(fakeqbo.Person{Name: "Cedar Foods", Fields: map[string]string{"Region": "East"}}))
	fields := map[string]string{"Region": "North", "Sales Rep": "dana@example.com"}
	invoice := add(w.AddInvoice(fakeqbo.Sale{Customer: customer, Amount: 100, Fields: fields}))
	v, _ := w.read(t, newView(), "")
	want := map[string]string{"Region": "North", "Sales Rep": "dana@example.com", ar.LabelOwner: "dana@example.com"}
	if diff := cmp.Diff(want, v.documents[ar.Key("invoice/"+invoice)].Labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"Region": "East"}, v.customers[customer].Fields); diff != "" {
		t.Errorf("the customer's fields (-want +got):\n%s", diff)
	}
}

// A name for the owners' field that QuickBooks does not have is told in a full reading,
// with those that it has.
func TestAnOwnerFieldThatIsNotThere(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		config string
		fields []string          // of sales forms, in the preferences
		own    map[string]string // of a customer, in the preferences when it was made
		want   []string
	}{
		{"Sales Rep", []string{"Region", "Tier"}, nil, []string{
			"QuickBooks shows no custom field called “Sales Rep”, so no account gets an owner by it; it has “Region”, “Tier”. Put one of these under sales_rep.",
		}},
		{"Sales Rep", []string{"Region"}, map[string]string{"Crew": ""}, []string{
			"QuickBooks shows no custom field called “Sales Rep”, so no account gets an owner by it; it has “Crew”, “Region”. Put one of these under sales_rep.",
		}},
		{"Sales Rep", nil, nil, []string{"QuickBooks shows no custom fields, so no account gets an owner by “Sales Rep” (sales_rep)."}},
		{" sales rep", []string{"Region", "Sales REP "}, nil, nil},
		{"Sales Rep", nil, map[string]string{"sales rep": ""}, nil},
		{"", []string{"Region"}, nil, nil},
	} {
		w := newWorld(t, 2, 0)
		w.source.settings.OwnerField = tt.config
		w.Configure(func(s *fakeqbo.Settings) { s.CustomFields = slices.Sorted(maps.Keys(tt.own)) })
		customer := must(t)(w.AddCustomer(fakeqbo.Person{Name: "Cedar Foods", Fields: tt.own}))
		w.Configure(func(s *fakeqbo.Settings) { s.CustomFields = tt.fields })
		r, err := w.source.Full(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		recordsOf(t, r)
		if diff := cmp.Diff(tt.want, r.Skipped()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.config, diff)
		}
		if r.Unread(ar.CustomerRecords, ar.Key(customer)) {
			t.Errorf("%q: the customer counts as unread", tt.config)
		}
		w.clock.Add(time.Hour)
		if r, err = w.source.Changes(t.Context(), r.Cursor()); err != nil || len(r.Skipped()) > 0 {
			t.Errorf("%q: the changes: %v, skipped %q", tt.config, err, r.Skipped())
		}
	}
}

// A record that spoils the changes, too, leads to a full reading, which isolates it, and to
// no other one after it.
func TestFailure16PoisonInTheChangesOfACompany(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 16, 300)
	v, cursor := w.read(t, newView(), "")
	w.clock.Add(time.Hour)
	ids := w.IDs(fakeqbo.Invoice)
	bad, good := ids[len(ids)/3], ids[len(ids)/2]
	w.WritePoison(fakeqbo.Invoice, bad)
	for _, id := range []string{bad, good} {
		if err := w.EditDue(id, "2027-01-15"); err != nil {
			t.Fatal(err)
		}
	}
	w.clock.Add(time.Hour)
	if _, err := w.source.Changes(t.Context(), cursor); !errors.Is(err, arsync.ErrFullOnly) {
		t.Fatalf("changes with a poisoned record: %v, want ErrFullOnly", err)
	}
	v, cursor = w.read(t, v, cursor)
	w.compare(t, v, "with poison in the changes")
	for _, id := range []string{bad, good} {
		if due := v.documents[ar.Key("invoice/"+id)].Due.String(); due != "2027-01-15" {
			t.Errorf("invoice %s is due on %s", id, due)
		}
	}
	if _, err := w.source.Changes(t.Context(), cursor); err != nil {
		t.Errorf("the changes after it: %v", err)
	}
}

// What hints name is enough to follow the books, too.
func TestHintsFollowTheBooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 9, 300)
	v, _ := w.read(t, newView(), "")
	for round := range 40 {
		w.hints = nil
		w.live(1 + w.dice.IntN(10))
		w.dice.Shuffle(len(w.hints), func(i, j int) { w.hints[i], w.hints[j] = w.hints[j], w.hints[i] })
		r, err := w.source.Fetch(t.Context(), w.hints)
		if err != nil {
			t.Fatal(err)
		}
		v.take(recordsOf(t, r))
		w.compare(t, v, fmt.Sprint("round ", round))
	}
}

// Every document has the customer, the date, the due date and the rate of the
// books, and every settlement is the one that they hold.
func TestRecordsAreThoseOfTheBooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 21, 800)
	v, _ := w.read(t, newView(), "")
	var want, got []string
	for _, s := range w.Settlements() {
		want = append(want, fmt.Sprintf("%s %s/%s %s/%s %d", s.Payment, s.From, s.FromLine, s.To, s.ToLine, s.Amount))
	}
	for _, e := range v.entries {
		for _, a := range e.Applications {
			pay := e.Documents[0].External
			fromID, fromLine := idOf(a.From)
			toID, toLine := idOf(a.To)
			got = append(got, fmt.Sprintf("%s %s/%s %s/%s %d", pay, fromID, fromLine, toID, toLine, a.Amount.Minor()))
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settlements (-QuickBooks +read):\n%s", diff)
	}
	documents := map[string]ar.DocumentRecord{}
	for key, d := range v.documents {
		documents[string(key)] = d
	}
	for _, e := range v.entries {
		for _, d := range e.Documents {
			documents[string(d.Key())] = d
		}
	}
	for _, i := range w.Truth("").Items {
		if i.Entity != fakeqbo.Invoice {
			continue
		}
		d := documents["invoice/"+i.ID]
		rate := i.Rate
		if rate == "1" {
			rate = ""
		}
		if d.Customer != i.Customer || d.Date.String() != i.Date || d.Due.String() != i.Due || string(d.Amount.Currency()) != i.Currency || string(d.Rate) != rate {
			t.Errorf("invoice %+v, QuickBooks has %+v", d, i)
		}
	}
}

// idOf takes the id of the ledger's own object, and the line, out of a ref.
func idOf(r ar.Ref) (id, line string) {
	e, id, _ := originOf(ar.DocumentRecords, r.Key())
	if e == journalEntries || e == deposits {
		line = r.External[len(r.External)-1:]
	}
	return id, line
}

// The report's total and lines are understood, in each of its languages.
func TestTheReportsTieOut(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"en", "de", "fr"} {
		w := newWorld(t, 33, 400)
		w.Configure(func(s *fakeqbo.Settings) { s.Locale, s.Locations = locale, locale == "de" })
		r, err := w.source.Full(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		recordsOf(t, r)
		totals, err := r.Totals(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		truth := w.Truth(w.Today())
		if got := totals[0]; got.Net.Minor() != truth.Home || got.AsOf.String() != w.Today() || !got.Converted {
			t.Errorf("%s: total %+v, the books say %d on %s", locale, got, truth.Home, w.Today())
		}
		items, err := totals[0].Items(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(items) != len(truth.Items) {
			t.Errorf("%s: %d lines, the books have %d", locale, len(items), len(truth.Items))
		}
		for _, i := range items {
			if i.Entry == "" || i.Customer == "" || locale == "en" && i.Kind == "" {
				t.Errorf("%s: line %+v", locale, i)
			}
		}
	}
}
