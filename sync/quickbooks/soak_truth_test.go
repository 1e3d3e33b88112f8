package quickbooks

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/internal/fakeqbo"
	"arbot/store/storetest"
)

// told is a document as both sides can tell it.
type told struct {
	Customer, Date, Currency string
	Due                      string // of invoices; credits have none
	Amount, Open             int64  // minor units, with the sign of the effect on A/R
	Status                   ar.Status
}

// compareBooks holds the books against a company's, record by record: what is
// open and what is not, who owes it and since when, what settles what.
func compareBooks(t *testing.T, company *fakeqbo.Company, books *storetest.Books) {
	t.Helper()
	b := stored(t, books)
	truth := company.Truth("")
	for what, pair := range map[string][2]any{
		"documents":    {documentsIn(t, company, truth), b.documents},
		"customers":    {customersIn(t, company), b.customers},
		"settlements":  {settlementsIn(company), b.settlements},
		"net A/R":      {truth.Net, b.net},
		"home A/R":     {truth.Home, b.home},
		"entries' ids": {map[string]int{}, b.strange},
	} {
		if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
			t.Errorf("%s (-QuickBooks +books):\n%.4000s", what, diff)
		}
	}
	t.Logf("%d documents, %d of them open, %d customers, %d settlements, net %v", len(b.documents), len(truth.Items), len(b.customers), len(b.settlements), b.net)
}

// bookKey is what the books call a transaction, or a line of one.
func bookKey(entity, id, line string) string {
	switch entity {
	case fakeqbo.Invoice:
		return "invoice/" + id
	case fakeqbo.CreditMemo:
		return "credit_memo/" + id
	case fakeqbo.Payment:
		return "payment/" + id
	case fakeqbo.JournalEntry:
		return "journal/" + id + "/" + line
	case fakeqbo.Deposit:
		return "journal/deposit-" + id + "/" + line
	case fakeqbo.RefundReceipt:
		return "refund/" + id
	}
	return entity + "/" + id
}

// documentsIn are the documents of a company, by our keys.
func documentsIn(t *testing.T, company *fakeqbo.Company, truth fakeqbo.Truth) map[string]told {
	t.Helper()
	all := map[string]told{}
	for _, e := range []string{fakeqbo.Invoice, fakeqbo.CreditMemo, fakeqbo.Payment, fakeqbo.RefundReceipt, fakeqbo.JournalEntry, fakeqbo.Deposit} {
		for _, id := range company.IDs(e) {
			for line, d := range documentOf(t, e, company.Document(e, id)) {
				all[bookKey(e, id, line)] = d
			}
		}
	}
	for _, i := range truth.Items {
		key := bookKey(i.Entity, i.ID, i.Line)
		d, ok := all[key]
		if !ok {
			t.Errorf("%s is open, and not there", key)
		}
		if d.Customer != i.Customer || d.Date != i.Date || d.Amount != i.Amount || d.Currency != i.Currency || i.Entity == fakeqbo.Invoice && d.Due != i.Due {
			t.Errorf("QuickBooks says two things of %s: %+v and %+v", key, d, i)
		}
		d.Open = i.Open
		all[key] = d
	}
	return all
}

// documentOf reads a transaction as QuickBooks shows it: one document, or one for
// each line on A/R.
func documentOf(t *testing.T, entity string, text []byte) map[string]told {
	t.Helper()
	var x struct {
		TxnDate, DueDate, PrivateNote string
		TotalAmt                      json.Number
		CustomerRef, CurrencyRef      struct{ Value string }
		Line                          []struct {
			ID                     string `json:"Id"`
			Amount                 json.Number
			JournalEntryLineDetail *struct {
				PostingType string
				AccountRef  struct{ Value string }
				Entity      struct{ EntityRef struct{ Value string } }
			}
			DepositLineDetail *struct {
				AccountRef struct{ Value string }
				Entity     struct{ Value string }
			}
		}
	}
	if err := json.Unmarshal(text, &x); err != nil { //nolint:musttag // QuickBooks' names are Go's own
		t.Fatal(err)
	}
	minor := func(n json.Number) int64 {
		m, err := money("TotalAmt", number(n.String()), ar.Currency(x.CurrencyRef.Value))
		if err != nil {
			t.Fatal(err)
		}
		return m.Minor()
	}
	d := told{Customer: x.CustomerRef.Value, Date: x.TxnDate, Due: x.DueDate, Currency: x.CurrencyRef.Value, Status: ar.Posted}
	all := map[string]told{}
	for _, l := range x.Line {
		line, raises := d, false
		account := ""
		switch {
		case l.JournalEntryLineDetail != nil:
			account, line.Customer = l.JournalEntryLineDetail.AccountRef.Value, l.JournalEntryLineDetail.Entity.EntityRef.Value
			raises = l.JournalEntryLineDetail.PostingType == "Debit"
		case l.DepositLineDetail != nil:
			account, line.Customer = l.DepositLineDetail.AccountRef.Value, l.DepositLineDetail.Entity.Value
		}
		if account != strconv.FormatInt(fakeqbo.Receivable, 10) {
			continue
		}
		line.Amount = minor(l.Amount)
		if !raises {
			line.Amount = -line.Amount
		}
		all[l.ID] = line
	}
	if entity == fakeqbo.JournalEntry || entity == fakeqbo.Deposit {
		return all
	}
	if entity != fakeqbo.Invoice {
		d.Due = ""
	}
	if d.Amount = minor(x.TotalAmt); entity == fakeqbo.CreditMemo || entity == fakeqbo.Payment {
		d.Amount = -d.Amount
	}
	if d.Amount == 0 && strings.HasPrefix(x.PrivateNote, "Voided") {
		d.Status = ar.Void
	}
	return map[string]told{"": d}
}

// customersIn are the customers of a company with their names.
func customersIn(t *testing.T, company *fakeqbo.Company) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, id := range company.IDs("Customer") {
		var x struct {
			DisplayName string
			Active      bool
			ParentRef   struct{ Value string }
		}
		if err := json.Unmarshal(company.Document("Customer", id), &x); err != nil { //nolint:musttag // as above
			t.Fatal(err)
		}
		name := strings.TrimSuffix(x.DisplayName, " (deleted)") // which says no more than Active
		all[id] = fmt.Sprintf("%s, active %t, below %q", name, x.Active, x.ParentRef.Value)
	}
	return all
}

func settlementsIn(company *fakeqbo.Company) map[string]bool {
	all := map[string]bool{}
	for _, s := range company.Settlements() {
		from := strings.Replace(bookKey(s.FromEntity, s.From, s.FromLine), "/", "-", 1)
		to := strings.Replace(bookKey(s.ToEntity, s.To, s.ToLine), "/", "-", 1)
		all["payment/"+s.Payment+"/"+from+"/"+to] = true
	}
	return all
}

// inBooks is what the books hold of their only source.
type inBooks struct {
	documents   map[string]told
	customers   map[string]string
	settlements map[string]bool
	net         map[string]int64
	home        int64
	strange     map[string]int // live keys by kind that the rest does not account for
}

func stored(t *testing.T, books *storetest.Books) inBooks {
	t.Helper()
	b := inBooks{documents: map[string]told{}, customers: map[string]string{}, settlements: map[string]bool{}, net: map[string]int64{}, strange: map[string]int{}}
	books.Write(t, func(tx ar.Tx) error {
		sources, err := tx.Sources(t.Context())
		if err != nil {
			return err
		}
		id := sources[0].ID
		for _, kind := range []ar.RecordKind{ar.DocumentRecords, ar.ApplicationRecords} {
			keys, err := tx.Keys(t.Context(), id, kind, "", 0)
			if err != nil {
				return err
			}
			for _, k := range keys {
				if kind == ar.DocumentRecords {
					b.strange[string(k)]++
				} else {
					b.settlements[string(k)] = true
				}
			}
		}
		customers, err := tx.Customers(t.Context(), ar.CustomerFilter{Source: id})
		if err != nil {
			return err
		}
		names := b.takeCustomers(customers)
		items, err := tx.OpenItems(t.Context(), ar.ItemQuery{AsOf: storetest.Day("2099-12-31"), Scope: ar.Everything(), Source: id})
		if err != nil {
			return err
		}
		open := map[ar.DocumentID]ar.Money{}
		for _, i := range items {
			open[i.ID] = i.Open
		}
		return b.takeDocuments(t, tx, names, open)
	})
	return b
}

func (b *inBooks) takeCustomers(list []ar.Customer) (ids map[ar.CustomerID]string) {
	ids = map[ar.CustomerID]string{}
	for _, c := range list {
		ids[c.ID] = c.External
	}
	for _, c := range list {
		b.customers[c.External] = fmt.Sprintf("%s, active %t, below %q", c.Name, !c.Inactive, ids[c.Parent])
	}
	return ids
}

// takeDocuments reads all documents by their numbers in the books, which are
// given out one after the other.
func (b *inBooks) takeDocuments(t *testing.T, tx ar.Tx, customers map[ar.CustomerID]string, open map[ar.DocumentID]ar.Money) error {
	t.Helper()
	for id, live := ar.DocumentID(1), len(b.strange); live > 0; id++ {
		d, err := tx.Document(t.Context(), id)
		if errors.Is(err, ar.ErrNoDocument) {
			continue
		}
		if err != nil {
			return err
		}
		if d.Status == ar.Deleted {
			continue
		}
		live--
		key := string(ar.Ref{Kind: d.Kind, External: d.External}.Key())
		if b.strange[key]--; b.strange[key] == 0 {
			delete(b.strange, key)
		}
		left := open[d.ID]
		b.documents[key] = told{
			Customer: customers[d.Customer], Date: d.Date.String(), Currency: string(d.Amount.Currency()),
			Amount: d.Effect().Minor(), Open: left.Minor(), Status: d.Status,
		}
		if d.Kind == ar.Invoice {
			one := b.documents[key]
			one.Due = d.Due.String()
			b.documents[key] = one
		}
		if left.IsZero() {
			continue
		}
		b.net[string(d.Amount.Currency())] += left.Minor()
		if left, err = left.Convert(d.Rate, "USD"); err != nil {
			return err
		}
		b.home += left.Minor()
	}
	return nil
}
