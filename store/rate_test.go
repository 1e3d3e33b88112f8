package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
)

func TestLatestRates(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		doc := func(number, date string, c ar.Currency, rate ar.Rate, status ar.Status) ar.DocumentRecord {
			d := storetest.Doc(ar.Invoice, number, "Acme", date, date, "10.00")
			d.Amount, d.Rate, d.Status = storetest.Amount("10.00", c), rate, status
			return d
		}
		b.Ledger(t, "realm-a").Import(t, ar.Page{
			Customers: []ar.CustomerRecord{{External: "Acme", Name: "Acme"}},
			Documents: []ar.DocumentRecord{
				doc("1", "2026-09-01", "EUR", "1.08", ar.Posted), doc("2", "2026-10-01", "EUR", "1.09", ar.Posted),
				doc("3", "2026-10-02", "EUR", "1.5", ar.Void), doc("4", "2026-11-20", "EUR", "1.1", ar.Posted),
				doc("5", "2026-10-05", "USD", "", ar.Posted), doc("6", "2026-09-02", "GBP", "1.3", ar.Posted),
			},
		})
		b.Read(t, func(r ar.Reader) error {
			got, err := r.LatestRates(t.Context(), storetest.Day("2026-10-31"))
			if diff := cmp.Diff(map[ar.Currency]ar.Rate{"EUR": "1.09", "GBP": "1.3"}, got); diff != "" {
				t.Errorf("rates (-want +got):\n%s", diff)
			}
			return err
		})
	})
}
