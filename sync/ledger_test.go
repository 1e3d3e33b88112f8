package arsync_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
	arsync "arbot/sync"
)

// ledger is a source whose content a test writes by hand.
type ledger struct {
	name    string
	pages   []ar.Page
	cursor  string
	list    bool // the reading is not all there is
	merges  bool // a customer that is gone was merged
	knows   bool // it can tell what it has before the pages
	stated  []arsync.Balance
	openAt  ar.Date // the reading is a list of all that is open
	unsaid  []arsync.Unsaid
	totals  []arsync.Total
	dataAt  time.Time
	breaks  error // after the last page
	fails   error // before the first page
	changes func(cursor string) (*arsync.Reading, error)
	missing func(kind ar.RecordKind, key ar.Key) (ar.Page, error)
	named   func(hints []arsync.Hint) (*arsync.Reading, error)
	skipped []string
	// reads counts the full readings; onPage is called before each page.
	reads  int
	onPage func(n int)
}

func (l *ledger) Identity(context.Context) (ar.SourceIdentity, error) {
	return ar.SourceIdentity{Kind: "test", External: l.name, Name: "Books of " + l.name}, nil
}

func (l *ledger) Full(context.Context) (*arsync.Reading, error) {
	l.reads++
	if l.fails != nil {
		return nil, l.fails
	}
	return l.reading(), nil
}

func (l *ledger) reading() *arsync.Reading {
	r := &arsync.Reading{Full: !l.list, Pages: l.yield, Cursor: func() string { return l.cursor }, DataAsOf: l.dataAt, OpenAsOf: l.openAt, Merges: l.merges}
	for _, p := range l.pages {
		r.Total += p.Len()
	}
	if l.missing != nil {
		r.Missing = func(_ context.Context, kind ar.RecordKind, key ar.Key) (ar.Page, error) { return l.missing(kind, key) }
	}
	if l.skipped != nil {
		r.Skipped = func() []string { return l.skipped }
	}
	if l.knows {
		r.Has = l.has
	}
	if l.stated != nil {
		r.Balances = func(yield func(arsync.Balance, error) bool) {
			for _, b := range l.stated {
				if !yield(b, nil) {
					return
				}
			}
		}
	}
	if l.unsaid != nil {
		r.Unsaid = func(yield func(arsync.Unsaid, error) bool) {
			for _, u := range l.unsaid {
				if !yield(u, nil) {
					return
				}
			}
		}
	}
	if l.totals != nil {
		r.Totals = func(context.Context) ([]arsync.Total, error) { return l.totals, nil }
	}
	return r
}

func (l *ledger) yield(yield func(ar.Page, error) bool) {
	for n, p := range l.pages {
		if l.onPage != nil {
			l.onPage(n)
		}
		if !yield(p, nil) {
			return
		}
	}
	if l.breaks != nil {
		yield(ar.Page{}, l.breaks)
	}
}

func (l *ledger) has(kind ar.RecordKind, key ar.Key) bool {
	for _, p := range l.pages {
		for _, e := range p.Entries {
			p.Documents = append(slices.Clone(p.Documents), e.Documents...)
			p.Applications = append(slices.Clone(p.Applications), e.Applications...)
		}
		found := kind == ar.CustomerRecords && slices.ContainsFunc(p.Customers, func(c ar.CustomerRecord) bool { return ar.Key(c.External) == key }) ||
			kind == ar.DocumentRecords && slices.ContainsFunc(p.Documents, func(d ar.DocumentRecord) bool { return d.Key() == key }) ||
			kind == ar.ApplicationRecords && slices.ContainsFunc(p.Applications, func(a ar.ApplicationRecord) bool { return ar.Key(a.External) == key })
		if found {
			return true
		}
	}
	return false
}

func (l *ledger) Changes(_ context.Context, cursor string) (*arsync.Reading, error) {
	if l.changes != nil {
		return l.changes(cursor)
	}
	if cursor == l.cursor {
		return nil, arsync.ErrNothingNew
	}
	return nil, arsync.ErrFullOnly
}

// fetching is a ledger that reads single records, too.
type fetching struct{ *ledger }

func (f fetching) Fetch(_ context.Context, hints []arsync.Hint) (*arsync.Reading, error) {
	return f.named(hints)
}

// acme has one customer with two invoices, one of them partly paid.
func acme() *ledger {
	return &ledger{name: "acme", cursor: "1", pages: []ar.Page{
		{Customers: []ar.CustomerRecord{{External: "C1", Name: "Birch & Co", Owner: "Dana@Example.com"}, {External: "C2", Name: "Cedar", Parent: "C1"}}},
		{
			Documents: []ar.DocumentRecord{
				storetest.Doc(ar.Invoice, "1", "C1", "2026-09-01", "2026-10-01", "100.00"),
				storetest.Doc(ar.Invoice, "2", "C2", "2026-11-01", "2026-12-01", "50.00"),
				storetest.Doc(ar.Payment, "9", "C1", "2026-10-05", "", "40.00"),
			},
			Applications: []ar.ApplicationRecord{storetest.Pays("A1", "9", "1", "2026-10-05", "40.00")},
		},
	}}
}

func newEngine(b *storetest.Books) *arsync.Engine {
	return &arsync.Engine{Books: b, Now: b.Clock.Now, Logger: storetest.Quiet()}
}

func sync(t *testing.T, e *arsync.Engine, s arsync.Source, o arsync.Options) arsync.Report {
	t.Helper()
	report, err := e.Sync(t.Context(), s, o)
	if err != nil {
		t.Fatalf("sync: %v", err)
	}
	return report
}

// open lists what is open as of a date: "1 60.00".
func open(t *testing.T, b *storetest.Books, asOf string) (items []string) {
	t.Helper()
	b.Read(t, func(r ar.Reader) error {
		found, err := r.OpenItems(t.Context(), ar.ItemQuery{AsOf: storetest.Day(asOf), Scope: ar.Everything()})
		for _, i := range found {
			items = append(items, i.External+" "+i.Open.Decimal())
		}
		return err
	})
	slices.Sort(items)
	return items
}

func wantOpen(t *testing.T, b *storetest.Books, asOf string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, open(t, b, asOf)); diff != "" {
		t.Errorf("open as of %s (-want +got):\n%s", asOf, diff)
	}
}

// source is the state of acme.
func source(t *testing.T, b *storetest.Books) ar.Source {
	t.Helper()
	var found ar.Source
	b.Read(t, func(r ar.Reader) error {
		all, err := r.Sources(t.Context())
		for _, s := range all {
			if s.External == "acme" {
				found = s
			}
		}
		return err
	})
	return found
}

func wantCounts(t *testing.T, r arsync.Report, want ar.RunCounts) {
	t.Helper()
	if r.RunCounts != want {
		t.Errorf("counts %+v, want %+v", r.RunCounts, want)
	}
}
