package quickbooks

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
	arsync "arbot/sync"
)

// A customer that is gone was merged; nobody says into which one, so that all is
// read again, once.
func TestAMergeThatNobodyAnnounced(t *testing.T) {
	t.Parallel()
	b, s, _, cursor := paid(t)
	b.put(customers, person("2", "Cedar Foods Inc."))
	b.tick(time.Hour)
	b.drop(customers, "1", true)
	for _, id := range []string{"50", "39"} {
		b.put(invoices, bill(id, "2", 220))
	}
	b.put(payments, receipt("2359", "2", 220, settles(220, "Invoice", "50")))
	if _, err := s.Changes(t.Context(), cursor); !errors.Is(err, arsync.ErrFullOnly) {
		t.Fatalf("changes: %v, want ErrFullOnly", err)
	}
	b.tick(time.Hour)
	p, r := full(t, s)
	v := newView().take(p)
	if _, there := v.customers["1"]; there || v.documents["invoice/39"].Customer != "2" {
		t.Errorf("after the merge: %+v", v.documents["invoice/39"])
	}
	b.tick(time.Minute)
	if _, err := s.Changes(t.Context(), r.Cursor()); err != nil {
		t.Errorf("the changes after it: %v", err)
	}
}

// customersByKey are all customers, also those that are gone.
func customersByKey(t *testing.T, books *storetest.Books) map[string]ar.CustomerID {
	t.Helper()
	ids := map[string]ar.CustomerID{}
	books.Read(t, func(r ar.Reader) error {
		live, err := r.Customers(t.Context(), ar.CustomerFilter{})
		for _, c := range live {
			ids[c.External] = c.ID
		}
		return err
	})
	return ids
}

// added lists who has what people added: a promise, a note and a claim to each of the
// customers that there were.
func added(t *testing.T, books *storetest.Books) (lines []string) {
	t.Helper()
	books.Read(t, func(r ar.Reader) error {
		promises, err := r.Promises(t.Context(), ar.PromiseFilter{})
		notes, noteErr := r.Notes(t.Context(), ar.NoteFilter{})
		claims, claimErr := r.Claims(t.Context(), ar.ClaimFilter{Standing: true})
		if err := cmp.Or(err, noteErr, claimErr); err != nil {
			return err
		}
		line := func(id ar.CustomerID, format string, args ...any) {
			c, getErr := r.Customer(t.Context(), id)
			err = cmp.Or(err, getErr)
			lines = append(lines, c.External+": "+fmt.Sprintf(format, args...))
		}
		for _, p := range promises {
			line(p.Customer, "promise %s", p.Note)
		}
		for _, n := range notes {
			line(n.Customer, "note %s", n.Text)
		}
		for _, c := range claims {
			line(c.Customer, "claim of %s", c.Holder())
		}
		return err
	})
	slices.Sort(lines)
	return lines
}

// addTo writes a promise, a note and a claim about the customer with a key.
func addTo(t *testing.T, books *storetest.Books, key string) {
	t.Helper()
	id := customersByKey(t, books)[key]
	made := ar.Act{By: "U" + key, At: books.Clock.Now(), On: storetest.Day("2026-11-25"), Where: "C1/" + key}
	books.Write(t, func(tx ar.Tx) error {
		_, _, err := tx.AddPromise(t.Context(), ar.Promise{
			Customer: id, Made: made, Note: key, Parts: []ar.Instalment{{Due: storetest.Day("2026-12-10"), Amount: storetest.USD("50.00")}},
		})
		_, noteErr := tx.AddNote(t.Context(), ar.Note{Customer: id, Text: key, Made: made})
		_, _, claimErr := tx.AddClaim(t.Context(), ar.Claim{Customer: id, Made: made})
		return cmp.Or(err, noteErr, claimErr)
	})
}

// What people added goes along with the customer that was merged where its documents tell
// into which one; else it stays, and the report says so.
func TestActsFollowAMergeThatNobodyAnnounced(t *testing.T) {
	t.Parallel()
	const lost = "Customer Cedar Foods is gone from the ledger, and %s: its notes and promises stay with it. Enter what still holds at the right customer."
	tests := []struct {
		name    string
		after   func(b *ledgerBooks)
		holder  string
		warning string
	}{
		{"into one", func(b *ledgerBooks) {
			b.put(invoices, bill("39", "2", 220))
			b.put(invoices, bill("50", "2", 400))
			b.put(payments, receipt("2359", "2", 400, settles(400, "Invoice", "50")))
		}, "2", ""},
		{"QuickBooks does not say that they have changed", func(b *ledgerBooks) {
			for _, list := range [][]obj{b.objects[invoices], b.objects[payments]} {
				for _, o := range list {
					o["CustomerRef"] = ref("2")
				}
			}
		}, "2", ""},
		{"one document of it is left", func(b *ledgerBooks) {
			b.drop(payments, "2359", true)
			b.drop(invoices, "50", true)
			b.put(invoices, bill("39", "2", 220))
		}, "2", ""},
		{"documents are with two", func(b *ledgerBooks) {
			b.put(invoices, bill("39", "2", 220))
			b.put(invoices, bill("50", "3", 400))
			b.put(payments, receipt("2359", "3", 400, settles(400, "Invoice", "50")))
		}, "1", fmt.Sprintf(lost, "its documents are with 2 other customers now")},
		{"no document is left", func(b *ledgerBooks) {
			b.drop(payments, "2359", true)
			b.drop(invoices, "39", true)
			b.drop(invoices, "50", true)
		}, "1", fmt.Sprintf(lost, "nobody knows into which customer it was merged")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b, s, _, _ := paid(t)
			b.put(customers, person("2", "Cedar Foods Inc."))
			b.put(customers, person("3", "Dill"))
			b.put(invoices, bill("60", "3", 5))
			b.tick(time.Hour)
			books := storetest.SQLite(t)
			engine := &arsync.Engine{Books: books, Now: books.Clock.Now}
			sync := func() arsync.Report {
				report, err := engine.Sync(t.Context(), s, arsync.Options{})
				if err != nil {
					t.Fatal(err)
				}
				return report
			}
			sync()
			addTo(t, books, "1")
			b.tick(time.Hour)
			b.drop(customers, "1", true)
			tt.after(b)
			b.tick(time.Hour)
			report := sync()
			want := []string{tt.holder + ": claim of U1", tt.holder + ": note 1", tt.holder + ": promise 1"}
			if diff := gocmp.Diff(want, added(t, books)); diff != "" {
				t.Errorf("what people added (-want +got):\n%s", diff)
			}
			if !report.Full || tt.warning != "" != slices.Contains(report.Warnings, tt.warning) {
				t.Errorf("full: %t, warned %q, want %q", report.Full, report.Warnings, tt.warning)
			}
			b.tick(time.Hour)
			if report := sync(); report.Full || report.Added+report.Changed+report.Removed != 0 {
				t.Errorf("the sync after it: %s", report)
			}
		})
	}
}

// Whatever happens to a company, between syncs and in them, and though nobody announces a
// merge: what people added is with the customer that they meant, or with who took it in.
func TestActsAreWithWhomPeopleMeant(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{60, 61} { // of the second one, merges do not touch documents
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, seed, 600)
			books := storetest.SQLite(t)
			engine := &arsync.Engine{Books: books, Now: w.clock.Now}
			sync := func() {
				if _, err := engine.Sync(t.Context(), w.source, arsync.Options{}); err != nil {
					t.Fatal(err)
				}
			}
			sync()
			for key := range customersByKey(t, books) {
				addTo(t, books, key)
			}
			w.hints = nil
			for range 6 {
				w.BeforePage = func() { w.live(w.dice.IntN(2)) }
				w.mergeSome(3)
				sync()
				w.BeforePage = nil
				sync()
			}
			into := map[string]string{}
			for _, h := range w.hints {
				if strings.EqualFold(h.Operation, HintMerge) {
					into[h.ID] = h.Into
				}
			}
			wantWithWinners(t, books, into)
		})
	}
}

// wantWithWinners holds the notes against the merges that there were.
func wantWithWinners(t *testing.T, books *storetest.Books, into map[string]string) {
	t.Helper()
	moved := 0
	for _, line := range added(t, books) {
		holder, meant, ok := strings.Cut(line, ": note ")
		if !ok {
			continue
		}
		winner := meant
		for into[winner] != "" {
			winner = into[winner]
		}
		if holder != winner {
			t.Errorf("the note on %s is with %s, want %s", meant, holder, winner)
		}
		if winner != meant {
			moved++
		}
	}
	if moved < 5 {
		t.Errorf("%d of the customers with a note were merged, too few to tell", moved)
	}
}

// mergeSome merges customers that may be merged.
func (w *world) mergeSome(n int) {
	ids := w.IDs("Customer")
	for range n {
		loser, winner := ids[w.dice.IntN(len(ids))], ids[w.dice.IntN(len(ids))]
		_ = w.Merge(loser, winner) // of one that is gone, or has another currency, it is refused
	}
}
