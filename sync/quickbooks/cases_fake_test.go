package quickbooks

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/internal/fakeqbo"
	"arbot/store/storetest"
	arsync "arbot/sync"
	"arbot/sync/oauth"
)

// The cases below go all the way: a QuickBooks with its limits and tokens, the
// client, the source, the engine, the books.

// reader is a site with what reads its company.
type reader struct {
	*site
	source *Source
	engine *arsync.Engine
}

func newReader(t *testing.T) *reader {
	t.Helper()
	r := &reader{site: connected(t)}
	r.engine = &arsync.Engine{Books: r.books, Now: r.books.Clock.Now}
	r.source = r.newSource(t)
	return r
}

// newSource is the source as a program makes it that starts.
func (r *reader) newSource(t *testing.T) *Source {
	t.Helper()
	var c ar.Connection
	r.books.Read(t, func(b ar.Reader) (err error) {
		c, err = b.Connection(t.Context(), "main")
		return err
	})
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return NewSource(c, r.client(), Settings{BadDebtItems: []string{"Bad debt"}, Zone: zone, Now: r.books.Clock.Now})
}

// sync reads the company and holds the result against QuickBooks' own report.
func (r *reader) sync(t *testing.T, full bool) arsync.Report {
	t.Helper()
	r.books.Clock.Add(time.Minute)
	report, err := r.engine.Sync(t.Context(), r.source, arsync.Options{Full: full, TieOut: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.TieOuts) != 1 || !report.TieOuts[0].Ties() || report.TieOuts[0].Because != "" || len(report.Warnings) > 0 {
		t.Errorf("it does not tie out: %s", report)
	}
	return report
}

// open is what is open by our keys, as decimals.
func (r *reader) open(t *testing.T) map[string]string {
	t.Helper()
	open := map[string]string{}
	for _, i := range r.items(t) {
		open[string(ar.Ref{Kind: i.Kind, External: i.External}.Key())] = i.Open.Decimal()
	}
	return open
}

func (r *reader) items(t *testing.T) (items []ar.OpenItem) {
	t.Helper()
	r.books.Read(t, func(b ar.Reader) (err error) {
		items, err = b.OpenItems(t.Context(), ar.ItemQuery{AsOf: storetest.Day("2026-11-25"), Scope: ar.Everything()})
		return err
	})
	return items
}

func (r *reader) wantOpen(t *testing.T, when string, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, r.open(t)); diff != "" {
		t.Errorf("%s, open (-want +got):\n%s", when, diff)
	}
}

// must takes the id that a change of the books gives.
func must(t *testing.T) func(id string, err error) string {
	t.Helper()
	return func(id string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
}

func TestSY01DeletionsReachTheBooks(t *testing.T) {
	t.Parallel()
	r, id := newReader(t), must(t)
	customer := id(r.company.AddCustomer(fakeqbo.Person{Name: "Cedar Foods"}))
	paid := id(r.company.AddInvoice(fakeqbo.Sale{Customer: customer, Date: "2026-09-01", Amount: 40000}))
	open := id(r.company.AddInvoice(fakeqbo.Sale{Customer: customer, Date: "2026-09-01", Amount: 22000}))
	payment := id(r.company.Pay(fakeqbo.Receipt{
		Customer: customer, Date: "2026-10-15", Amount: 40000, On: []fakeqbo.Part{{Entity: fakeqbo.Invoice, ID: paid, Amount: 40000}},
	}))
	r.sync(t, false)
	r.wantOpen(t, "before", map[string]string{"invoice/" + open: "220.00"})
	for entity, gone := range map[string]string{fakeqbo.Payment: payment, fakeqbo.Invoice: open} {
		if err := r.company.Delete(entity, gone); err != nil {
			t.Fatal(err)
		}
	}
	if report := r.sync(t, false); report.Full || report.Removed != 3 { // the payment, what it settled, the invoice
		t.Errorf("%+v", report)
	}
	r.wantOpen(t, "after", map[string]string{"invoice/" + paid: "400.00"})
	r.clean(t)
}

func TestSY03AllPagesReachTheBooks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		invoices int
		pages    []string
	}{
		{2350, []string{"startposition 1 ", "startposition 1001 ", "startposition 2001 "}},
		{1000, []string{"startposition 1 ", "startposition 1001 "}},
	} {
		t.Run(strconv.Itoa(tt.invoices), func(t *testing.T) {
			t.Parallel()
			r, id := newReader(t), must(t)
			customer := id(r.company.AddCustomer(fakeqbo.Person{Name: "Cedar Foods"}))
			for range tt.invoices {
				id(r.company.AddInvoice(fakeqbo.Sale{Customer: customer, Amount: 100}))
			}
			r.books.Clock.Add(30 * time.Minute)
			r.sync(t, false)
			net, items := ar.NewMoney(0, "USD"), r.items(t)
			for _, i := range items {
				var err error
				if net, err = net.Add(i.Open); err != nil {
					t.Fatal(err)
				}
			}
			if len(items) != tt.invoices || net.Minor() != 100*int64(tt.invoices) {
				t.Errorf("%d invoices, %s", len(items), net)
			}
			var pages []string
			for _, c := range r.Calls(regexp.MustCompile("from Invoice ")) {
				pages = append(pages, regexp.MustCompile(`startposition \d+ `).FindString(c.What))
			}
			if !slices.Equal(pages, tt.pages) {
				t.Errorf("pages %q, want %q", pages, tt.pages)
			}
			r.clean(t)
		})
	}
}

func TestSY04AnInactiveCustomerStillOwes(t *testing.T) {
	t.Parallel()
	r, id := newReader(t), must(t)
	customer := id(r.company.AddCustomer(fakeqbo.Person{Name: "Cedar Foods"}))
	invoice := id(r.company.AddInvoice(fakeqbo.Sale{Customer: customer, Date: "2026-09-15", Due: "2026-10-15", Amount: 31000}))
	r.sync(t, false)
	if err := r.company.Deactivate(customer); err != nil {
		t.Fatal(err)
	}
	for _, full := range []bool{false, true} {
		r.sync(t, full)
		r.wantOpen(t, "inactive", map[string]string{"invoice/" + invoice: "310.00"})
		r.books.Read(t, func(b ar.Reader) error {
			found, err := b.Find(t.Context(), "Cedar Foods", 5)
			if err != nil {
				return err
			}
			all, err := b.Customers(t.Context(), ar.CustomerFilter{})
			if len(found) != 1 || !found[0].Exact || len(all) != 1 || !all[0].Inactive || all[0].Deleted {
				t.Errorf("found %+v among %+v", found, all)
			}
			return err
		})
		if late := r.items(t)[0].DaysOverdue(storetest.Day("2026-11-25")); late != 41 {
			t.Errorf("overdue by %d days", late)
		}
	}
}

// invalid_grant: the tokens stay as they are, an admin is asked once, nothing is
// tried again, and the data stays as old as it is.
func TestSY05aFailure05InvalidGrantStopsTheSync(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	r.sync(t, false)
	asked := 0
	r.app.Keeper().Lost = func(ctx context.Context, _ ar.Tx, _ ar.Connection) error { asked++; return ctx.Err() }
	before := r.connection(t)
	as := r.state(t)
	r.RevokeAll("9130")
	calls := 0
	for range 3 {
		r.books.Clock.Add(2 * time.Hour)
		_, err := r.engine.Sync(t.Context(), r.source, arsync.Options{})
		if got := healthIn(t, err); got.State != ar.NeedsReconnecting {
			t.Errorf("%+v: %v", got, err)
		}
		if calls == 0 {
			calls = len(r.Calls(nil))
		}
	}
	if n := len(r.Calls(nil)); n != calls || asked != 1 {
		t.Errorf("%d more calls, an admin was asked %d times", n-calls, asked)
	}
	after, state := r.connection(t), r.state(t)
	if !slices.Equal(before.Sealed, after.Sealed) || state.Health.State != ar.NeedsReconnecting || !state.DataAsOf.Equal(as.DataAsOf) || state.Cursor != as.Cursor {
		t.Errorf("source %+v", state)
	}
	if out := r.app.Paste(t.Context(), "main", oauth.Secret(r.Grant("9130").Refresh), "9130"); out.Err != nil {
		t.Fatal(out.Err)
	}
	r.sync(t, false)
	if state := r.state(t); state.Health.State != ar.Healthy || !state.DataAsOf.After(as.DataAsOf) {
		t.Errorf("after connecting again: %+v", state)
	}
}

// A process that ends right after its first call has stored the tokens that it
// used: the next one goes on with them.
func TestSY05bFailure04TokensOutliveTheProcess(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	for range 4 {
		r.books.Clock.Add(26 * time.Hour)
		r.sync(t, false)
		app, err := NewApp(r.app.AppConfig)
		if err != nil {
			t.Fatal(err)
		}
		r.app = app
		r.source = r.newSource(t)
	}
	if got := len(r.Refreshes()); got != 5 {
		t.Errorf("%d refreshes, want one to connect and one a day", got)
	}
	r.clean(t)
}

func TestSY09NumbersAreNoKeys(t *testing.T) {
	t.Parallel()
	r, id := newReader(t), must(t)
	r.company.Configure(func(s *fakeqbo.Settings) { s.MultiCurrency = true })
	r.company.SetRate("EUR", "1.25")
	dollars := id(r.company.AddCustomer(fakeqbo.Person{Name: "Cedar Foods"}))
	euros := id(r.company.AddCustomer(fakeqbo.Person{Name: "Cedar Foods Europe", Currency: "EUR"}))
	want := map[string]string{}
	for _, s := range []fakeqbo.Sale{
		{Customer: dollars, Number: "2021011355", Amount: 5565000},
		{Customer: dollars, Number: "2021011355", Amount: 6250750},
		{Customer: dollars, Amount: 100000},
		{Customer: dollars, Amount: 51905},
		{Customer: euros, Number: "2021011355", Amount: 100000},
	} {
		unnumbered := s.Number == ""
		invoice := id(r.company.AddInvoice(s))
		if unnumbered {
			if err := r.company.EditNumber(fakeqbo.Invoice, invoice, ""); err != nil {
				t.Fatal(err)
			}
		}
		want["invoice/"+invoice] = ar.NewMoney(s.Amount, "USD").Decimal()
	}
	for _, full := range []bool{false, true} {
		r.sync(t, full)
		r.wantOpen(t, "with numbers twice", want)
	}
	numbers := map[string]int{}
	for _, i := range r.items(t) {
		numbers[i.Number+" "+string(i.Open.Currency())]++
	}
	if diff := cmp.Diff(map[string]int{"2021011355 USD": 2, " USD": 2, "2021011355 EUR": 1}, numbers); diff != "" {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}
}

// Customers are found in our own books, whatever quote is typed; QuickBooks is
// never asked for a name.
func TestX08Failure01Failure02NamesStayAtHome(t *testing.T) {
	t.Parallel()
	r, id := newReader(t), must(t)
	customer := id(r.company.AddCustomer(fakeqbo.Person{Name: "O'Brien & Sons"}))
	id(r.company.AddInvoice(fakeqbo.Sale{Customer: customer, Number: "B–17’s", Amount: 100}))
	r.sync(t, false)
	if err := r.company.Rename(customer, "O'Brien & Daughters’ “Best”"); err != nil {
		t.Fatal(err)
	}
	_, err := r.engine.Sync(t.Context(), r.source, arsync.Options{Named: []arsync.Hint{{Entity: "Customer", ID: customer, Operation: HintUpdate}}})
	if err != nil {
		t.Fatal(err)
	}
	r.sync(t, true)
	for _, typed := range []string{"O'Brien & Daughters", "O’Brien & Daughters' best", "obrien and daughters best", `o´brien & daughters "best"`} {
		r.books.Read(t, func(b ar.Reader) error {
			found, err := b.Find(t.Context(), typed, 5)
			if len(found) != 1 || found[0].Name != "O'Brien & Daughters’ “Best”" {
				t.Errorf("%q found %+v", typed, found)
			}
			return err
		})
	}
	for _, c := range r.Calls(nil) {
		if strings.Contains(c.What, "Brien") || strings.Contains(c.What, "B–17") || c.Code == "4000" {
			t.Errorf("asked: %+v", c)
		}
	}
}

// What is open in more currencies than one ties out at the documents' rates.
func TestFailure19CurrenciesTieOut(t *testing.T) {
	t.Parallel()
	r, id := newReader(t), must(t)
	r.company.Configure(func(s *fakeqbo.Settings) { s.MultiCurrency = true })
	for _, c := range []string{"EUR", "JPY", "KWD"} {
		r.company.SetRate(c, map[string]string{"EUR": "1.1427", "JPY": "0.00641", "KWD": "3.2571"}[c])
		customer := id(r.company.AddCustomer(fakeqbo.Person{Name: c, Currency: c}))
		for n := range 7 {
			id(r.company.AddInvoice(fakeqbo.Sale{Customer: customer, Amount: 12345 + int64(n)}))
		}
	}
	r.sync(t, false)
	got := map[ar.Currency]int64{}
	for _, i := range r.items(t) {
		got[i.Open.Currency()] += i.Open.Minor()
	}
	if diff := cmp.Diff(map[ar.Currency]int64{"EUR": 86436, "JPY": 86436, "KWD": 86436}, got); diff != "" {
		t.Errorf("open by currency (-want +got):\n%s", diff)
	}
}

// The recorded company is the same by a full reading and by change data capture,
// and its own report agrees.
func TestTheRecordedCompanyTiesOut(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"full", "changes"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			r := newReader(t)
			if way == "changes" {
				r.sync(t, false) // of a company without documents
			}
			for _, e := range []string{"Customer", fakeqbo.Invoice, fakeqbo.CreditMemo, fakeqbo.JournalEntry, fakeqbo.Deposit, fakeqbo.Payment} {
				answered, err := os.ReadFile(filepath.Join(recordedCompany, "query-"+e+".json"))
				if err != nil {
					t.Skipf("the recorded company is not here: %v", err)
				}
				if way == "changes" {
					answered = restamped(answered, r.books.Clock.Now())
				}
				if err := r.company.Load(e, answered); err != nil {
					t.Fatal(err)
				}
			}
			r.company.Recount()
			if report := r.sync(t, false); report.Full != (way == "full") {
				t.Fatalf("it was read otherwise: %s", report)
			}
			kinds, net, open := map[ar.DocumentKind]string{}, ar.NewMoney(0, "USD"), 0
			sums := map[ar.DocumentKind]ar.Money{}
			for _, i := range r.items(t) {
				sum, err := sums[i.Kind].Add(i.Open)
				if err == nil {
					net, err = net.Add(i.Open)
				}
				if err != nil {
					t.Fatal(err)
				}
				sums[i.Kind], kinds[i.Kind] = sum, sum.Decimal()
				open++
			}
			want := map[ar.DocumentKind]string{ar.Invoice: "5881.52", ar.CreditMemo: "-200.00", ar.Payment: "-400.00"}
			if diff := cmp.Diff(want, kinds); diff != "" || net.Decimal() != "5281.52" {
				t.Errorf("net %s of %d items, by kind (-want +got):\n%s", net.Decimal(), open, diff)
			}
			keys := r.keys(t, ar.DocumentRecords, "invoice/")
			if keys != 37 {
				t.Errorf("%d invoices, want 37", keys)
			}
			r.clean(t)
		})
	}
}

// restamped makes everything in a recording changed at a time.
func restamped(answer []byte, at time.Time) []byte {
	return regexp.MustCompile(`"LastUpdatedTime"\s*:\s*"[^"]*"`).
		ReplaceAll(answer, fmt.Appendf(nil, `"LastUpdatedTime": %q`, at.Format("2006-01-02T15:04:05-07:00")))
}

func (r *reader) connection(t *testing.T) (c ar.Connection) {
	t.Helper()
	r.books.Read(t, func(b ar.Reader) (err error) {
		c, err = b.Connection(t.Context(), "main")
		return err
	})
	return c
}

func (r *reader) state(t *testing.T) (s ar.Source) {
	t.Helper()
	r.books.Read(t, func(b ar.Reader) error {
		list, err := b.Sources(t.Context())
		if len(list) == 1 {
			s = list[0]
		}
		return err
	})
	return s
}

// keys counts the live records whose key begins so.
func (r *reader) keys(t *testing.T, kind ar.RecordKind, prefix string) (n int) {
	t.Helper()
	id := r.state(t).ID
	r.books.Write(t, func(tx ar.Tx) error {
		list, err := tx.Keys(t.Context(), id, kind, "", 0)
		for _, k := range list {
			if strings.HasPrefix(string(k), prefix) {
				n++
			}
		}
		return err
	})
	return n
}
