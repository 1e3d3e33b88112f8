package arsync_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
	arsync "arbot/sync"
)

// merging is a ledger that merges customers: invoices by the customer that has them
// ("1:ash"), and the customers "ash", "beech" and "cherry" less those that are gone.
func merging(cursor string, gone []string, invoices ...string) *ledger {
	var p ar.Page
	for _, c := range []string{"ash", "beech", "cherry"} {
		if !slices.Contains(gone, c) {
			p.Customers = append(p.Customers, ar.CustomerRecord{External: c, Name: strings.ToUpper(c[:1]) + c[1:]})
		}
	}
	documents := ar.Page{}
	for _, i := range invoices {
		id, customer, _ := strings.Cut(i, ":")
		documents.Documents = append(documents.Documents, storetest.Doc(ar.Invoice, id, customer, "2026-10-01", "", "5.00"))
	}
	return &ledger{name: "acme", cursor: cursor, merges: true, pages: []ar.Page{p, documents}}
}

// noted writes a note about each customer of acme: its own key.
func noted(t *testing.T, b *storetest.Books) {
	t.Helper()
	b.Write(t, func(tx ar.Tx) error {
		all, err := tx.Customers(t.Context(), ar.CustomerFilter{})
		for _, c := range all {
			_, addErr := tx.AddNote(t.Context(), ar.Note{Customer: c.ID, Text: c.External, Made: ar.Act{By: "U1", On: storetest.Day("2026-11-25")}})
			err = errors.Join(err, addErr)
		}
		return err
	})
}

// notes lists who has which of them: "beech: ash".
func notes(t *testing.T, b *storetest.Books) (lines []string) {
	t.Helper()
	b.Read(t, func(r ar.Reader) error {
		all, err := r.Notes(t.Context(), ar.NoteFilter{})
		for _, n := range all {
			c, getErr := r.Customer(t.Context(), n.Customer)
			err = errors.Join(err, getErr)
			lines = append(lines, c.External+": "+n.Text)
		}
		return err
	})
	slices.Sort(lines)
	return lines
}

var apart = []string{"ash: ash", "beech: beech", "cherry: cherry"}

func TestMergesThatTheLedgerDoesNotTell(t *testing.T) {
	t.Parallel()
	const lost = "Customer Ash is gone from the ledger, and %s: its notes and promises stay with it. Enter what still holds at the right customer."
	ash := []string{"ash"}
	tests := []struct {
		name          string
		before, after *ledger
		notes         []string
		warning       string
	}{
		{
			"all documents went to one", merging("1", nil, "1:ash", "2:ash", "3:cherry"), merging("2", ash, "1:beech", "2:beech", "3:cherry"),
			[]string{"beech: ash", "beech: beech", "cherry: cherry"},
			"",
		},
		{
			"those that are left did", merging("1", nil, "1:ash", "2:ash", "3:cherry"), merging("2", ash, "1:beech", "3:cherry"),
			[]string{"beech: ash", "beech: beech", "cherry: cherry"},
			"",
		},
		{
			"to several", merging("1", nil, "1:ash", "2:ash", "3:cherry"), merging("2", ash, "1:beech", "2:cherry", "3:cherry"),
			apart, fmt.Sprintf(lost, "its documents are with 2 other customers now"),
		},
		{
			"no document is left", merging("1", nil, "1:ash", "3:cherry"), merging("2", ash, "3:cherry"),
			apart, fmt.Sprintf(lost, "nobody knows into which customer it was merged"),
		},
		{
			"there was none", merging("1", nil, "3:cherry"), merging("2", ash, "3:cherry"),
			apart, fmt.Sprintf(lost, "nobody knows into which customer it was merged"),
		},
		{
			"two in a row", merging("1", nil, "1:ash", "2:beech"), merging("2", []string{"ash", "beech"}, "1:cherry", "2:cherry"),
			[]string{"cherry: ash", "cherry: beech", "cherry: cherry"},
			"",
		},
		{
			"a document changed hands and nobody is gone", merging("1", nil, "1:ash", "2:ash"), merging("2", nil, "1:beech", "2:beech"),
			apart, "",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := storetest.SQLite(t)
			e := newEngine(b)
			sync(t, e, tt.before, arsync.Options{})
			noted(t, b)
			report := sync(t, e, tt.after, arsync.Options{})
			if diff := cmp.Diff(tt.notes, notes(t, b)); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
			if got := strings.Join(report.Warnings, "\n"); got != tt.warning {
				t.Errorf("warned %q, want %q", got, tt.warning)
			}
			tt.after.cursor = "3"
			if again := sync(t, e, tt.after, arsync.Options{}); again.Changed+again.Removed != 0 || len(again.Warnings) != 0 {
				t.Errorf("the next reading: %s", again)
			}
		})
	}
}

// A customer that is gone takes no warning along where nobody wrote anything about it, and
// a list that does not merge makes nothing of documents that changed hands.
func TestNoMerge(t *testing.T) {
	t.Parallel()
	for _, asks := range []bool{true, false} {
		b := storetest.SQLite(t)
		e := newEngine(b)
		sync(t, e, merging("1", nil, "1:ash", "2:beech"), arsync.Options{})
		next := merging("2", []string{"ash"}, "2:beech")
		if next.merges = asks; !asks {
			noted(t, b)
			next = merging("2", []string{"ash"}, "1:beech", "2:beech")
			next.merges = false
		}
		if report := sync(t, e, next, arsync.Options{}); len(report.Warnings) != 0 || report.Removed == 0 {
			t.Errorf("a ledger that merges is %t: %s", asks, report)
		}
		if got := notes(t, b); !asks && !slices.Equal(got, apart) {
			t.Errorf("a list moved notes: %q", got)
		}
	}
}

// A customer that is inactive and has no documents any more went where they went; one that
// has some is only inactive.
func TestMergeOfAnInactiveCustomer(t *testing.T) {
	t.Parallel()
	for left, want := range map[string][]string{"beech": {"beech: ash", "beech: beech", "cherry: cherry"}, "ash": apart} {
		b := storetest.SQLite(t)
		e := newEngine(b)
		sync(t, e, merging("1", nil, "1:ash", "2:ash"), arsync.Options{})
		noted(t, b)
		next := merging("2", nil, "1:beech", "2:"+left)
		next.pages[0].Customers[0].Inactive = true
		for range 2 {
			report := sync(t, e, next, arsync.Options{Full: true})
			if diff := cmp.Diff(want, notes(t, b)); diff != "" || len(report.Warnings) != 0 {
				t.Errorf("the other invoice is with %s: %q (-want +got):\n%s", left, report.Warnings, diff)
			}
		}
	}
}

// A run that is cut off after the documents came, and one after it that fails before the
// first page, lose nothing of where they came from.
func TestAMergeOutlivesRunsThatAreCutOff(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		t.Helper()
		e := newEngine(b)
		sync(t, e, merging("1", nil, "1:ash", "2:ash", "3:cherry"), arsync.Options{})
		noted(t, b)
		after := merging("2", []string{"ash"}, "1:beech", "2:beech", "3:cherry")
		for _, broken := range []*ledger{
			{name: "acme", cursor: "2", merges: true, pages: after.pages, breaks: errors.New("cut off")},
			{name: "acme", cursor: "2", merges: true, fails: errors.New("busy")},
		} {
			if _, err := e.Sync(t.Context(), broken, arsync.Options{}); err == nil {
				t.Fatal("the run ended well")
			}
		}
		if diff := cmp.Diff(apart, notes(t, b)); diff != "" {
			t.Errorf("half a run moved notes (-want +got):\n%s", diff)
		}
		report := sync(t, e, after, arsync.Options{})
		wantCounts(t, report, ar.RunCounts{Unchanged: 5, Removed: 1, Changed: 1})
		if diff := cmp.Diff([]string{"beech: ash", "beech: beech", "cherry: cherry"}, notes(t, b)); diff != "" {
			t.Errorf("notes (-want +got):\n%s", diff)
		}
	})
}
