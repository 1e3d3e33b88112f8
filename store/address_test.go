package store_test

import (
	"strings"
	"testing"

	"arbot/ar"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

func TestDocumentsAt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		at := func(external, url string) ar.DocumentRecord {
			d := storetest.Doc(ar.Invoice, external, "Acme", "2026-10-01", "2026-10-31", "10.00")
			d.URL = url
			return d
		}
		page := ar.Page{Customers: []ar.CustomerRecord{desktest.Customer("Acme", "")}}
		for external, url := range map[string]string{"INV-1": "https://ledger.example/1", "INV-2": "https://ledger.example/2", "INV-3": "", "INV-4": "x.example/ä", "INV-5": "https://other.example/ledger.example/2"} {
			page.Documents = append(page.Documents, at(external, url))
		}
		b.Ledger(t, "realm-a").Import(t, page)
		b.Read(t, func(r ar.Reader) error {
			for url, want := range map[string]string{"https://ledger.example/2": "INV-2", "x.example/ä": "INV-4", "https://ledger.example/": "", "": ""} {
				found, err := r.DocumentsAt(t.Context(), url)
				if err != nil {
					return err
				}
				var got []string
				for _, d := range found {
					got = append(got, d.External)
				}
				if strings.Join(got, " ") != want {
					t.Errorf("at %q stands %q, not %q", url, got, want)
				}
			}
			return nil
		})
	})
}
