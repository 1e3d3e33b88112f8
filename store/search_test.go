package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
)

// found lists what a search finds, best first: the customer's external id or the label
// of the invoice, with a mark where it is exact.
func found(t *testing.T, b *storetest.Books, text string) []string {
	t.Helper()
	hits := []string{}
	b.Read(t, func(r ar.Reader) error {
		matches, err := r.Find(t.Context(), text, 5)
		if err != nil {
			return err
		}
		for _, m := range matches {
			hit := string(m.By) + " " + m.Label
			if m.Exact {
				hit += " exact"
			}
			hits = append(hits, hit)
		}
		return nil
	})
	return hits
}

func searchBooks(t *testing.T, b *storetest.Books) *storetest.Ledger {
	t.Helper()
	l := b.Ledger(t, "a")
	l.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{
			{External: "1", Name: "Acme Corp", Number: "40017", Aliases: []string{"Roadrunner Traps"}},
			{External: "2", Name: "O'Brien & Sons"},
			{External: "3", Name: "Vikram Traders"},
			{External: "4", Name: "Vikram Traders"},
			{External: "5", Name: "Café Zürich GmbH"},
			{External: "6", Name: "Northwind"},
			{External: "7", Name: "Cedar Foods"},
		},
		Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Invoice, "INV-010423", "1", "2026-10-01", "2026-10-31", "5.00"),
			storetest.Doc(ar.Invoice, "000123", "1", "2026-10-01", "2026-10-31", "10.00"),
			storetest.Doc(ar.Invoice, "123", "2", "2026-10-01", "2026-10-31", "20.00"),
			storetest.Doc(ar.Payment, "777", "2", "2026-10-01", "", "20.00"),
		},
	})
	return l
}

func TestFind(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want []string // the beginning of the list
	}{
		{"Acme Corp", []string{"name Acme Corp exact"}},
		{"acme  CORP.", []string{"name Acme Corp exact"}},
		{"acme", []string{"name Acme Corp"}},
		{"acem", []string{"name Acme Corp"}},
		{"amce crop", []string{"name Acme Corp"}},
		{"road runner traps", []string{"alias Roadrunner Traps exact"}},
		{"roadruner", []string{"alias Roadrunner Traps"}},
		{"40017", []string{"number 40017 exact"}},
		{"O’Brien & Sons", []string{"name O'Brien & Sons exact"}},
		{"obrien", []string{"name O'Brien & Sons"}},
		{"cafe zurich gmbh", []string{"name Café Zürich GmbH exact"}},
		{"north wind", []string{"name Northwind exact"}},
		{"Vikram Traders", []string{"name Vikram Traders exact", "name Vikram Traders exact"}}, // X15
		{"inv 010423", []string{"invoice INV-010423 exact"}},
		{"INV-10423", []string{"invoice INV-010423"}},
		{"10423", []string{"invoice INV-010423"}},
		{"10432", []string{"invoice INV-010423"}},
		{"inv-010424", []string{"invoice INV-010423"}},
		{"123", []string{"invoice 123 exact", "invoice 000123"}}, // X16
		{"000123", []string{"invoice 000123 exact", "invoice 123"}},
		{"777", []string{}}, // a payment is no invoice
		{"zzzzzz", []string{}},
		{" .-' ", []string{}},
	}
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		searchBooks(t, b)
		for _, tt := range tests {
			got := found(t, b, tt.text)
			if n := len(tt.want); n > 0 {
				got = got[:min(n, len(got))]
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("find %q (-want +got):\n%s", tt.text, diff)
			}
		}
	})
}

func TestFindTellsATypoFromAPart(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	searchBooks(t, b)
	for text, within := range map[string]bool{
		"acme": true, "Acme Corp": true, "cme co": true, "10423": true, "acem": false, "10432": false,
	} {
		b.Read(t, func(r ar.Reader) error {
			matches, err := r.Find(t.Context(), text, 1)
			if len(matches) != 1 || matches[0].Within != within {
				t.Errorf("find %q: %+v, want one with Within %v", text, matches, within)
			}
			return err
		})
	}
}

// "Acme Co" is a part of Acme Corp, and not its first words.
func TestFindTellsWholeWords(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	searchBooks(t, b)
	for text, whole := range map[string]bool{
		"acme": true, "ACME corp": true, "acme co": false, "corp": false, "o'brien": true, "obrien &": true, "cafe": true, "caf": false,
	} {
		b.Read(t, func(r ar.Reader) error {
			matches, err := r.Find(t.Context(), text, 1)
			if len(matches) != 1 || matches[0].Whole != whole {
				t.Errorf("find %q: %+v, want one with Whole %v", text, matches, whole)
			}
			return err
		})
	}
}

func TestSY04InactiveCustomerIsFoundByItsOldName(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := searchBooks(t, b)
		l.Change(t, ar.Page{Customers: []ar.CustomerRecord{{External: "7", Name: "Cedar Foods (deleted)", Inactive: true}}})
		if got := found(t, b, "Cedar Foods"); !slices.Equal(got, []string{"name Cedar Foods (deleted) exact"}) {
			t.Errorf("found %q", got)
		}
	})
}

func TestFindForgetsWhatACustomerWasCalled(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := searchBooks(t, b)
		l.Change(t, ar.Page{Customers: []ar.CustomerRecord{
			{External: "1", Name: "Acme Corp", Number: "40018"}, // without the alias
			{External: "6", Deleted: true},
		}})
		for text, want := range map[string][]string{
			"Roadrunner Traps": {}, "Northwind": {}, "40018": {"number 40018 exact"},
		} {
			if diff := cmp.Diff(want, found(t, b, text)); diff != "" {
				t.Errorf("find %q (-want +got):\n%s", text, diff)
			}
		}
	})
}

// BenchmarkFind asks a book of 5,000 customers and 100,000 invoices, whose numbers all
// begin alike.
func BenchmarkFind(b *testing.B) {
	books := storetest.SQLite(b)
	importPages(b, books, bigLedger())
	for _, text := range []string{"Acme", "falcn trader", "INV-099999", "inv 54312", "77777", "granite harbor foods 4021"} {
		b.Run(fmt.Sprintf("%q", text), func(b *testing.B) {
			for b.Loop() {
				books.Read(b, func(r ar.Reader) error {
					_, err := r.Find(b.Context(), text, 10)
					return err
				})
			}
		})
	}
}

// BenchmarkRead asks the same book what the commands and digests ask.
func BenchmarkRead(b *testing.B) {
	books := storetest.SQLite(b)
	importPages(b, books, bigLedger())
	today := ar.NewDate(2026, time.October, 31)
	rule := ar.NewAgingRule(today, ar.ByDueDate)
	past := ar.NewAgingRule(today.AddDays(-180), ar.ByDueDate)
	reads := []struct {
		name string
		read func(ar.Reader) error
	}{
		{"aging of the book", func(r ar.Reader) error {
			_, err := r.Aging(b.Context(), ar.AgingQuery{Rule: rule, Group: ar.WholeBook, Scope: ar.Everything()})
			return err
		}},
		{"aging of the book half a year ago", func(r ar.Reader) error {
			_, err := r.Aging(b.Context(), ar.AgingQuery{Rule: past, Group: ar.WholeBook, Scope: ar.Everything()})
			return err
		}},
		{"aging by customer", func(r ar.Reader) error {
			_, err := r.Aging(b.Context(), ar.AgingQuery{Rule: rule, Group: ar.ByCustomer, Scope: ar.Everything()})
			return err
		}},
		{"aging of a customer", func(r ar.Reader) error {
			_, err := r.Aging(b.Context(), ar.AgingQuery{Rule: rule, Group: ar.ByCustomer, Scope: ar.Everything(), Customers: []ar.CustomerID{77}})
			return err
		}},
		{"items of a customer", func(r ar.Reader) error {
			_, err := r.OpenItems(b.Context(), ar.ItemQuery{AsOf: today, Scope: ar.Everything(), Customers: []ar.CustomerID{77}})
			return err
		}},
		{"moves of a day", func(r ar.Reader) error {
			_, err := r.OverdueMoves(b.Context(), today.AddDays(-1), today, ar.Everything())
			return err
		}},
		{"paid invoices of a customer", func(r ar.Reader) error {
			_, err := r.PaidInvoices(b.Context(), []ar.CustomerID{77}, today.AddDays(-365), today)
			return err
		}},
	}
	for _, read := range reads {
		b.Run(read.name, func(b *testing.B) {
			for b.Loop() {
				books.Read(b, read.read)
			}
		})
	}
}
