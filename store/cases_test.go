package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
)

// Each case bears the number under which it is known; each runs on both engines. The
// figures are the right ones of the case.

// openAt is what is open at a date, by document.
func openAt(t *testing.T, b *storetest.Books, day string) map[string]string {
	t.Helper()
	open := map[string]string{}
	b.Read(t, func(r ar.Reader) error {
		items, err := r.OpenItems(t.Context(), ar.ItemQuery{AsOf: storetest.Day(day), Scope: ar.Everything()})
		for _, i := range items {
			open[string(ar.Ref{Kind: i.Kind, External: i.External}.Key())] = i.Open.Decimal()
		}
		return err
	})
	return open
}

// bookAt is the aging of the whole book at a date: the buckets, what is unapplied and
// the net, in US dollars.
func bookAt(t *testing.T, b *storetest.Books, day string) []string {
	t.Helper()
	var figures []string
	b.Read(t, func(r ar.Reader) error {
		rows, err := r.Aging(t.Context(), ar.AgingQuery{
			Rule: ar.NewAgingRule(storetest.Day(day), ar.ByDueDate), Group: ar.WholeBook, Scope: ar.Everything(), Currency: "USD",
		})
		for _, row := range rows {
			for _, bucket := range row.Buckets {
				figures = append(figures, bucket.Decimal())
			}
			net, err := row.Net()
			if err != nil {
				return err
			}
			figures = append(figures, "unapplied "+row.Unapplied.Decimal(), "net "+net.Decimal())
		}
		return err
	})
	return figures
}

func wantOpen(t *testing.T, b *storetest.Books, day string, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, openAt(t, b, day)); diff != "" {
		t.Errorf("open at %s (-want +got):\n%s", day, diff)
	}
}

func wantBook(t *testing.T, b *storetest.Books, day string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, bookAt(t, b, day)); diff != "" {
		t.Errorf("aging at %s (-want +got):\n%s", day, diff)
	}
}

// customer is the one customer of a case.
func customer() []ar.CustomerRecord { return []ar.CustomerRecord{{External: "c", Name: "Acme Corp"}} }

func TestX02SettledLaterIsOpenBefore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		b.Ledger(t, "a").Import(t, ar.Page{
			Customers: customer(),
			Documents: []ar.DocumentRecord{
				storetest.Doc(ar.Invoice, "INV", "c", "2026-08-01", "2026-08-31", "600.00"),
				storetest.Doc(ar.CreditMemo, "CM", "c", "2026-09-15", "", "600.00"),
			},
			Applications: []ar.ApplicationRecord{{
				External: "1", From: ar.Ref{Kind: ar.CreditMemo, External: "CM"}, To: ar.Ref{Kind: ar.Invoice, External: "INV"},
				Kind: ar.ByCredit, Amount: storetest.USD("600.00"), Date: storetest.Day("2026-10-05"),
			}},
		})
		wantBook(t, b, "2026-09-30", "0.00", "600.00", "0.00", "0.00", "0.00", "unapplied 600.00", "net 0.00")
		wantBook(t, b, "2026-10-31")
	})
}

func TestX10PaymentBeforeInvoiceIsCreditUntilThen(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		b.Ledger(t, "a").Import(t, ar.Page{
			Customers: customer(),
			Documents: []ar.DocumentRecord{
				storetest.Doc(ar.Payment, "P", "c", "2026-10-13", "", "2400.00"),
				storetest.Doc(ar.Invoice, "INV", "c", "2026-11-19", "2026-12-19", "3000.00"),
			},
			Applications: []ar.ApplicationRecord{storetest.Pays("1", "P", "INV", "2026-10-13", "2400.00")},
		})
		wantOpen(t, b, "2026-11-11", map[string]string{"payment/P": "-2400.00"})
		wantBook(t, b, "2026-11-25", "600.00", "0.00", "0.00", "0.00", "0.00", "unapplied 0.00", "net 600.00")
	})
}

func TestX12WriteOffSettles(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		writeOff := func(external, invoice, amount string) ar.ApplicationRecord {
			return ar.ApplicationRecord{
				External: external, To: ar.Ref{Kind: ar.Invoice, External: invoice}, Kind: ar.ByWriteOff,
				Amount: storetest.USD(amount), Date: storetest.Day("2026-10-01"),
			}
		}
		b.Ledger(t, "a").Import(t, ar.Page{
			Customers: customer(),
			Documents: []ar.DocumentRecord{
				storetest.Doc(ar.Invoice, "A", "c", "2026-07-01", "2026-07-31", "2000.00"),
				storetest.Doc(ar.Invoice, "B", "c", "2026-07-01", "2026-07-31", "215.28"),
				storetest.Doc(ar.Payment, "P", "c", "2026-09-01", "", "1615.27"),
			},
			Applications: []ar.ApplicationRecord{
				storetest.Pays("1", "P", "A", "2026-09-01", "1400.00"), writeOff("2", "A", "600.00"),
				storetest.Pays("3", "P", "B", "2026-09-01", "215.27"), writeOff("4", "B", "0.01"),
			},
		})
		wantOpen(t, b, "2026-11-25", map[string]string{})
		wantOpen(t, b, "2026-09-30", map[string]string{"invoice/A": "600.00", "invoice/B": "0.01"})
	})
}

func TestX13PartlyPaidIsListedWithItsRest(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		b.Ledger(t, "a").Import(t, ar.Page{
			Customers: customer(),
			Documents: []ar.DocumentRecord{
				storetest.Doc(ar.Invoice, "INV", "c", "2026-10-11", "2026-11-10", "2000.00"),
				storetest.Doc(ar.Payment, "P", "c", "2026-11-12", "", "1000.00"),
			},
			Applications: []ar.ApplicationRecord{storetest.Pays("1", "P", "INV", "2026-11-12", "1000.00")},
		})
		asOf := storetest.Day("2026-11-25")
		b.Read(t, func(r ar.Reader) error {
			items, err := r.OpenItems(t.Context(), ar.ItemQuery{AsOf: asOf, Scope: ar.Everything(), Owed: true, DueTo: asOf.AddDays(-1)})
			if err != nil {
				return err
			}
			if len(items) != 1 || items[0].Open != storetest.USD("1000.00") || items[0].DaysOverdue(asOf) != 15 {
				t.Errorf("overdue items %+v, want one with 1,000.00 and 15 days", items)
			}
			return nil
		})
	})
}

func TestX26SameRecordsTwiceChangeNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		page := ar.Page{Customers: customer(), Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Invoice, "1", "c", "2026-10-01", "2026-10-31", "500.00"),
			storetest.Doc(ar.Invoice, "2", "c", "2026-10-02", "2026-11-01", "400.00"),
			storetest.Doc(ar.Invoice, "3", "c", "2026-10-03", "2026-11-02", "300.00"),
		}}
		if got, want := l.Import(t, page), (ar.RunCounts{Added: 4}); got != want {
			t.Errorf("first import %+v, want %+v", got, want)
		}
		if got, want := l.Import(t, page), (ar.RunCounts{Unchanged: 4}); got != want {
			t.Errorf("second import %+v, want %+v", got, want)
		}
		wantOpen(t, b, "2026-11-25", map[string]string{"invoice/1": "500.00", "invoice/2": "400.00", "invoice/3": "300.00"})
	})
}

func TestX32TwoLedgersWithTheSameIDs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		for _, l := range []struct{ realm, amount string }{{"A", "100.00"}, {"B", "900.00"}} {
			b.Ledger(t, l.realm).Import(t, ar.Page{Customers: customer(), Documents: []ar.DocumentRecord{
				storetest.Doc(ar.Invoice, "12", "c", "2026-10-01", "2026-10-31", l.amount),
			}})
		}
		b.Read(t, func(r ar.Reader) error {
			sources, err := r.Sources(t.Context())
			if err != nil {
				return err
			}
			for i, want := range []string{"100.00", "900.00"} {
				rows, err := r.Aging(t.Context(), ar.AgingQuery{
					Rule: ar.NewAgingRule(storetest.Day("2026-11-25"), ar.ByDueDate), Group: ar.WholeBook,
					Scope: ar.Everything(), Source: sources[i].ID,
				})
				if err != nil {
					return err
				}
				if net, err := rows[0].Net(); err != nil || net.Decimal() != want {
					t.Errorf("source %s: net %s, %v; want %s", sources[i].External, net, err, want)
				}
			}
			return nil
		})
	})
}

func TestAG09VoidCountsForNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		invoice := storetest.Doc(ar.Invoice, "INV-20", "c", "2026-09-01", "2026-10-01", "640.00")
		credit := storetest.Doc(ar.CreditMemo, "CN", "d", "2026-09-01", "", "120.00")
		l.Import(t, ar.Page{
			Customers: append(customer(), ar.CustomerRecord{External: "d", Name: "Birch"}),
			Documents: []ar.DocumentRecord{
				invoice, credit, storetest.Doc(ar.Invoice, "INV-21", "d", "2026-09-01", "2026-10-01", "500.00"),
			},
		})
		invoice.Amount, invoice.Status = storetest.USD("0.00"), ar.Void
		credit.Status = ar.Void
		l.Change(t, ar.Page{Documents: []ar.DocumentRecord{invoice, credit}})
		wantOpen(t, b, "2026-11-25", map[string]string{"invoice/INV-21": "500.00"})
		wantOpen(t, b, "2026-09-30", map[string]string{"invoice/INV-21": "500.00"}) // also in the past
	})
}

func TestAG10PaidToTheCent(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		payments := func(amounts ...string) (page ar.Page) {
			for i, amount := range amounts {
				id := string(rune('a' + i))
				page.Documents = append(page.Documents, storetest.Doc(ar.Payment, amounts[0]+id, "c", "2026-10-01", "", amount))
				page.Applications = append(page.Applications, storetest.Pays(amounts[0]+id, amounts[0]+id, amounts[0], "2026-10-01", amount))
			}
			return page
		}
		l := b.Ledger(t, "a")
		l.Import(t, ar.Page{Customers: customer(), Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Invoice, "179.99", "c", "2026-09-01", "2026-09-30", "249.98"),
			storetest.Doc(ar.Invoice, "0.10", "c", "2026-09-01", "2026-09-30", "0.30"),
		}}, payments("179.99", "69.99"), payments("0.10", "0.10", "0.10"))
		wantOpen(t, b, "2026-11-25", map[string]string{})
	})
}

func TestSY01DeletedPaymentOpensTheInvoiceAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		page := ar.Page{
			Customers: customer(),
			Documents: []ar.DocumentRecord{
				storetest.Doc(ar.Invoice, "INV-50", "c", "2026-09-01", "2026-10-01", "400.00"),
				storetest.Doc(ar.Invoice, "39", "c", "2026-09-01", "2026-10-01", "220.00"),
				storetest.Doc(ar.Payment, "2359", "c", "2026-10-15", "", "400.00"),
			},
			Applications: []ar.ApplicationRecord{storetest.Pays("1", "2359", "INV-50", "2026-10-15", "400.00")},
		}
		l.Import(t, page)
		wantOpen(t, b, "2026-11-25", map[string]string{"invoice/39": "220.00"})

		stubs := ar.Page{Documents: []ar.DocumentRecord{
			{Ref: ar.Ref{Kind: ar.Payment, External: "2359"}, Status: ar.Deleted},
			{Ref: ar.Ref{Kind: ar.Invoice, External: "39"}, Status: ar.Deleted},
			{Ref: ar.Ref{Kind: ar.Invoice, External: "never seen"}, Status: ar.Deleted},
		}}
		if got, want := l.Change(t, stubs), (ar.RunCounts{Removed: 2, Unchanged: 1}); got != want {
			t.Errorf("stubs: %+v, want %+v", got, want)
		}
		wantOpen(t, b, "2026-11-25", map[string]string{"invoice/INV-50": "400.00"})

		// The ledger brings it back as it was.
		if got, want := l.Import(t, page), (ar.RunCounts{Changed: 2, Unchanged: 3}); got != want {
			t.Errorf("back again: %+v, want %+v", got, want)
		}
		wantOpen(t, b, "2026-11-25", map[string]string{"invoice/39": "220.00"})
	})
}

func TestOverAppliedStaysOpenWithItsRest(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		b.Ledger(t, "a").Import(t, ar.Page{
			Customers: customer(),
			Documents: []ar.DocumentRecord{
				storetest.Doc(ar.Invoice, "INV", "c", "2026-09-01", "2026-10-01", "100.00"),
				storetest.Doc(ar.Payment, "P", "c", "2026-10-02", "", "130.00"),
			},
			Applications: []ar.ApplicationRecord{storetest.Pays("1", "P", "INV", "2026-10-02", "130.00")},
		})
		wantOpen(t, b, "2026-11-25", map[string]string{"invoice/INV": "-30.00"})
		wantBook(t, b, "2026-11-25", "0.00", "0.00", "0.00", "0.00", "0.00", "unapplied 30.00", "net -30.00")
	})
}

func TestDueDateFollowsTheCustomersTerms(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		open := storetest.Doc(ar.Invoice, "by customer", "c", "2026-09-01", "", "1.00")
		own := storetest.Doc(ar.Invoice, "by document", "c", "2026-09-01", "", "2.00")
		own.Terms = "Net 15"
		stated := storetest.Doc(ar.Invoice, "stated", "c", "2026-09-01", "2026-09-20", "3.00")
		l.Import(t, ar.Page{Customers: customer(), Documents: []ar.DocumentRecord{open, own, stated}})

		due := func() map[string]string {
			dates := map[string]string{}
			b.Read(t, func(r ar.Reader) error {
				items, err := r.OpenItems(t.Context(), ar.ItemQuery{AsOf: storetest.Day("2026-11-25"), Scope: ar.Everything()})
				for _, i := range items {
					dates[i.Number] = i.Due.String() + " " + string(i.DueBasis)
				}
				return err
			})
			return dates
		}
		want := map[string]string{"by customer": "2026-09-01 none", "by document": "2026-09-16 terms", "stated": "2026-09-20 stated"}
		if diff := cmp.Diff(want, due()); diff != "" {
			t.Errorf("without terms of the customer (-want +got):\n%s", diff)
		}
		changed := customer()
		changed[0].Terms = "Net 30"
		l.Change(t, ar.Page{Customers: changed})
		want["by customer"] = "2026-10-01 terms"
		if diff := cmp.Diff(want, due()); diff != "" {
			t.Errorf("after the customer's terms changed (-want +got):\n%s", diff)
		}
	})
}
