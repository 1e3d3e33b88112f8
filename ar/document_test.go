package ar_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"arbot/ar"
)

func TestEffect(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind         ar.DocumentKind
		of100, minus int64 // the effects of 100 and of -100
	}{
		{ar.Invoice, 100, -100},
		{ar.Journal, 100, -100},
		{ar.CreditMemo, -100, -100},
		{ar.Payment, -100, -100},
		{ar.Refund, 100, 100},
	} {
		plus, minus := ar.NewMoney(100, "USD"), ar.NewMoney(-100, "USD")
		if ar.Effect(tt.kind, plus).Minor() != tt.of100 || ar.Effect(tt.kind, minus).Minor() != tt.minus {
			t.Errorf("%s: %s and %s", tt.kind, ar.Effect(tt.kind, plus), ar.Effect(tt.kind, minus))
		}
		if d := (ar.Document{Kind: tt.kind, Amount: minus}); d.Effect().Minor() != tt.minus {
			t.Errorf("%s: effect %s", tt.kind, d.Effect())
		}
	}
}

func TestEffectiveDate(t *testing.T) {
	t.Parallel()
	early, middle, late := day(t, "2026-10-01"), day(t, "2026-10-02"), day(t, "2026-10-03")
	for _, tt := range []struct{ applied, from, to, want ar.Date }{
		{late, early, middle, late},
		{early, late, middle, late},
		{early, middle, late, late},
		{early, ar.Date{}, middle, middle}, // a write-off has no document
		{late, ar.Date{}, middle, late},
		{ar.Date{}, early, middle, middle}, // the ledger gives no date
	} {
		if got := (ar.Application{Date: tt.applied}).Effective(tt.from, tt.to); got != tt.want {
			t.Errorf("applied %s, from %s, to %s: %s, want %s", tt.applied, tt.from, tt.to, got, tt.want)
		}
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	if got := (ar.Document{Kind: ar.Invoice, Number: "INV-7", External: "12"}).Label(); got != "INV-7" {
		t.Errorf("got %q", got)
	}
	if got := (ar.Document{Kind: ar.Payment, External: "12"}).Label(); got != "payment 12" {
		t.Errorf("got %q", got)
	}
	if got := (ar.Ref{Kind: ar.Invoice, External: "1042"}).Key(); got != "invoice/1042" {
		t.Errorf("got %q", got)
	}
}

// TestWordsOfTheBundle: each word that a file may hold is read, a wrong one is
// named beside the right ones.
func TestWordsOfTheBundle(t *testing.T) {
	t.Parallel()
	words := map[string]struct {
		parse func(string) (string, error)
		good  map[string]string
	}{
		"kind": {
			func(s string) (string, error) { k, err := ar.ParseDocumentKind(s); return string(k), err },
			map[string]string{"invoice": "invoice", "credit_memo": "credit_memo", "payment": "payment", "refund": "refund", "journal": "journal"},
		},
		"status": {
			func(s string) (string, error) { st, err := ar.ParseStatus(s); return string(st), err },
			map[string]string{"": "posted", "posted": "posted", "draft": "draft", "void": "void", "deleted": "deleted"},
		},
		"application": {
			func(s string) (string, error) { k, err := ar.ParseApplicationKind(s); return string(k), err },
			map[string]string{"payment": "payment", "credit": "credit", "write_off": "write_off"},
		},
	}
	for name, w := range words {
		for in, want := range w.good {
			if got, err := w.parse(in); err != nil || got != want {
				t.Errorf("%s %q is read as %q, %v", name, in, got, err)
			}
		}
		for _, in := range []string{"Invoice", "bill", " posted", "writeoff"} {
			if got, err := w.parse(in); err == nil || got != "" {
				t.Errorf("%s %q is read as %q", name, in, got)
			}
		}
	}
}

func TestErrorsForPeople(t *testing.T) {
	t.Parallel()
	cause := errors.New("row 7")
	err := fmt.Errorf("import: %w", &ar.Error{Kind: ar.Unavailable, Say: "Try again at noon.", Err: cause})
	if ar.KindOf(err) != ar.Unavailable || !errors.Is(err, cause) || err.Error() != "import: Try again at noon.: row 7" {
		t.Errorf("%v is %q", err, ar.KindOf(err))
	}
	if err := ar.Refuse("%d is too much.", 7); ar.KindOf(err) != ar.Invalid || err.Error() != "7 is too much." {
		t.Errorf("%v is %q", err, ar.KindOf(err))
	}
	if err := ar.Forbid("No."); ar.KindOf(err) != ar.Forbidden || err.Error() != "No." {
		t.Errorf("%v is %q", err, ar.KindOf(err))
	}
	if ar.KindOf(cause) != "" || ar.KindOf(nil) != "" {
		t.Error("another error has a kind")
	}
	missing := &ar.MissingRefError{Record: ar.DocumentRecords, Key: "invoice/7", Field: "customer", Ref: "C-9"}
	if got := missing.Error(); got != "documents invoice/7: customer C-9 is not in the books" {
		t.Errorf("got %q", got)
	}
	if n := (ar.Page{Customers: make([]ar.CustomerRecord, 1), Documents: make([]ar.DocumentRecord, 2), Applications: make([]ar.ApplicationRecord, 4)}).Len(); n != 7 {
		t.Errorf("a page of 7 records has %d", n)
	}
	if kind := (ar.Notice{}).Kind(); kind != "notice" {
		t.Errorf("notices are filed as %q: those in the queues are lost", kind)
	}
}

func TestTieOut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name         string
		ledger, ours ar.Money
		ties         bool
		difference   string
	}{
		{"to the cent", usd(t, "1950.00"), usd(t, "1950.00"), true, "$0.00"},
		{"a cent off", usd(t, "1950.00"), usd(t, "1949.99"), false, "-$0.01"},
		{"an empty book has no currency", usd(t, "0.00"), ar.Money{}, true, "$0.00"},
		{"and one that should not be empty", usd(t, "5.00"), ar.Money{}, false, "-$5.00"},
	} {
		tie := ar.TieOut{Ledger: tt.ledger, Ours: tt.ours}
		difference, err := tie.Difference()
		if tie.Ties() != tt.ties || err != nil || difference.String() != tt.difference {
			t.Errorf("%s: ties %v, difference %s, %v", tt.name, tie.Ties(), difference, err)
		}
	}
	other := ar.TieOut{Ledger: usd(t, "5.00"), Ours: money(t, "5.00", "EUR")}
	if _, err := other.Difference(); other.Ties() || !errors.Is(err, ar.ErrMoney) {
		t.Errorf("EUR ties to USD: %v", err)
	}
}

func TestFreshness(t *testing.T) {
	t.Parallel()
	hour := func(h int) time.Time { return time.Date(2026, 11, 25, h, 0, 0, 0, time.UTC) }
	tie := ar.TieOut{Ledger: usd(t, "1.00"), Ours: usd(t, "1.00")}
	done := ar.Source{ID: 1, FirstSynced: hour(3), DataAsOf: hour(8), Run: ar.Run{ID: 5, Finished: hour(8)}, TieOuts: []ar.TieOut{tie}}
	running := ar.Source{ID: 2, FirstSynced: hour(2), DataAsOf: hour(7), Run: ar.Run{ID: 6, Started: hour(8)}, TieOuts: []ar.TieOut{tie}}
	failed := ar.Source{ID: 3, FirstSynced: hour(4), DataAsOf: hour(9), Run: ar.Run{ID: 7, Finished: hour(9), Fault: "The file is gone."}}
	fresh := ar.Source{ID: 4}

	f := ar.NewFreshness([]ar.Source{done, running, failed, fresh})
	if f.DataAsOf != hour(7) || f.FirstSynced != hour(2) {
		t.Errorf("data of %s, first synced %s", f.DataAsOf, f.FirstSynced)
	}
	if len(f.Running) != 1 || f.Running[0].ID != 2 || len(f.Failed) != 1 || f.Failed[0].ID != 3 || len(f.TieOuts) != 2 {
		t.Errorf("running %v, failed %v, tie-outs %v", f.Running, f.Failed, f.TieOuts)
	}
	if f := ar.NewFreshness([]ar.Source{fresh}); !f.DataAsOf.IsZero() || !f.FirstSynced.IsZero() || len(f.Running)+len(f.Failed) != 0 {
		t.Errorf("of a source that was never read: %+v", f)
	}
	if got, want := (ar.RunCounts{1, 2, 3, 4}).Plus(ar.RunCounts{10, 20, 30, 40}), (ar.RunCounts{11, 22, 33, 44}); got != want {
		t.Errorf("counts add up to %+v", got)
	}
}
