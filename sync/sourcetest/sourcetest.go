// Package sourcetest holds the contract that every source of arsync passes. A
// source calls Run in its tests, with a fresh source for each of them.
//
// One file: sourcetest.go.
package sourcetest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	arsync "arbot/sync"
)

// Run checks a source against the contract of arsync.Source. Open returns a
// source with at least one document; it is called once for each check.
func Run(t *testing.T, open func(t *testing.T) arsync.Source) {
	t.Helper()
	checks := []struct {
		name  string
		check func(*testing.T, arsync.Source)
	}{
		{"identity is complete and stays", identity},
		{"records come after what they refer to", order},
		{"records are complete", complete},
		{"two readings hold the same", repeatable},
		{"the total is the number of records", total},
		{"Has knows what the pages hold", has},
		{"balances are of documents in the pages", balances},
		{"a reading can be given up", giveUp},
		{"a cancelled context stops it", cancelled},
		{"the cursor is taken back", cursor},
	}
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.check(t, open(t))
		})
	}
}

// Read carries out a full reading and returns all its records in one page.
func Read(t testing.TB, s arsync.Source) (*arsync.Reading, ar.Page) {
	t.Helper()
	reading, err := s.Full(t.Context())
	if err != nil {
		t.Fatalf("full reading: %v", err)
	}
	var all ar.Page
	for page, err := range reading.Pages {
		if err != nil {
			t.Fatalf("page after %d records: %v", all.Len(), err)
		}
		all.Customers = append(all.Customers, page.Customers...)
		all.Documents = append(all.Documents, page.Documents...)
		all.Applications = append(all.Applications, page.Applications...)
		all.Entries = append(all.Entries, page.Entries...)
		all.Gone = append(all.Gone, page.Gone...)
	}
	if all.Len() == 0 {
		t.Fatal("the reading has no records")
	}
	return reading, all
}

// parts are the documents and applications of a page, those of its entries too.
func parts(p ar.Page) (documents []ar.DocumentRecord, applications []ar.ApplicationRecord) {
	documents, applications = slices.Clone(p.Documents), slices.Clone(p.Applications)
	for _, e := range p.Entries {
		documents = append(documents, e.Documents...)
		applications = append(applications, e.Applications...)
	}
	return documents, applications
}

func identity(t *testing.T, s arsync.Source) {
	t.Helper()
	first, err := s.Identity(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if first.Kind == "" || first.External == "" || first.Name == "" {
		t.Errorf("identity %+v lacks kind, external id or name", first)
	}
	second, err := s.Identity(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("identity changed (-first +second):\n%s", diff)
	}
}

// order reads page by page: what a page refers to must be in it or before it,
// and a parent before its child.
func order(t *testing.T, s arsync.Source) {
	t.Helper()
	reading, err := s.Full(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := sighted{map[string]bool{}, map[ar.Ref]bool{{}: true}, map[string]bool{}, map[string]bool{}}
	for page, err := range reading.Pages {
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Customers {
			if c.Parent != "" && !seen.customers[c.Parent] {
				t.Errorf("customer %s comes before its parent %s", c.External, c.Parent)
			}
			once(t, seen.customers, c.External)
		}
		seen.parts(t, page.Documents, page.Applications)
		for _, e := range page.Entries {
			once(t, seen.entries, e.External)
			seen.parts(t, e.Documents, e.Applications)
		}
	}
}

// sighted are the keys that came up to now.
type sighted struct {
	customers    map[string]bool
	documents    map[ar.Ref]bool
	applications map[string]bool
	entries      map[string]bool
}

// parts takes an entry as it is written: it refers to what came before it, and its
// applications to its own documents.
func (s sighted) parts(t *testing.T, documents []ar.DocumentRecord, applications []ar.ApplicationRecord) {
	t.Helper()
	for _, d := range documents {
		if !s.customers[d.Customer] {
			t.Errorf("document %s comes before its customer %s", d.Key(), d.Customer)
		}
		once(t, s.documents, d.Ref)
	}
	for _, a := range applications {
		if !s.documents[a.From] || !s.documents[a.To] || a.To == (ar.Ref{}) {
			t.Errorf("application %s comes before %s or %s", a.External, a.From.Key(), a.To.Key())
		}
		once(t, s.applications, a.External)
	}
}

func once[K comparable](t *testing.T, seen map[K]bool, key K) {
	t.Helper()
	if seen[key] {
		t.Errorf("%v comes twice", key)
	}
	seen[key] = true
}

func complete(t *testing.T, s arsync.Source) {
	t.Helper()
	_, all := Read(t, s)
	for _, c := range all.Customers {
		if c.External == "" || c.Name == "" {
			t.Errorf("customer %+v lacks id or name", c)
		}
	}
	documents, applications := parts(all)
	for _, d := range documents {
		_, kind := ar.ParseDocumentKind(string(d.Kind))
		if kind != nil || d.External == "" || d.Status == "" {
			t.Errorf("document %+v lacks kind, id or status", d)
		}
		if d.Status != ar.Deleted && (d.Date.IsZero() || !d.Amount.Currency().Known()) {
			t.Errorf("document %s lacks date or currency", d.Key())
		}
	}
	for _, e := range all.Entries {
		if e.External == "" {
			t.Errorf("entry %+v lacks its id", e)
		}
	}
	for _, g := range all.Gone {
		if g.Kind == "" || g.Key == "" || g.Into != "" && g.Kind != ar.CustomerRecords {
			t.Errorf("gone record %+v lacks kind or key, or is no customer and goes into one", g)
		}
	}
	for _, a := range applications {
		_, kind := ar.ParseApplicationKind(string(a.Kind))
		if a.External == "" || !a.Deleted && (kind != nil || a.Date.IsZero() || !a.Amount.Currency().Known()) {
			t.Errorf("application %+v lacks id, kind, date or currency", a)
		}
	}
}

func repeatable(t *testing.T, s arsync.Source) {
	t.Helper()
	_, first := Read(t, s)
	_, second := Read(t, s)
	if diff := cmp.Diff(first, second, cmp.AllowUnexported(ar.Money{}, ar.Date{})); diff != "" {
		t.Errorf("readings differ (-first +second):\n%s", diff)
	}
}

func total(t *testing.T, s arsync.Source) {
	t.Helper()
	reading, all := Read(t, s)
	if reading.Total != 0 && !reading.Estimated && reading.Total != all.Len() {
		t.Errorf("total is %d, the pages hold %d", reading.Total, all.Len())
	}
}

func has(t *testing.T, s arsync.Source) {
	t.Helper()
	reading, all := Read(t, s)
	if reading.Has == nil {
		return
	}
	for _, c := range all.Customers {
		if !reading.Has(ar.CustomerRecords, ar.Key(c.External)) {
			t.Errorf("Has denies customer %s", c.External)
		}
	}
	documents, applications := parts(all)
	for _, d := range documents {
		if !reading.Has(ar.DocumentRecords, d.Key()) {
			t.Errorf("Has denies document %s", d.Key())
		}
	}
	for _, a := range applications {
		if !reading.Has(ar.ApplicationRecords, ar.Key(a.External)) {
			t.Errorf("Has denies application %s", a.External)
		}
	}
	for _, kind := range []ar.RecordKind{ar.CustomerRecords, ar.DocumentRecords, ar.ApplicationRecords} {
		if reading.Has(kind, "invoice/no such record") {
			t.Errorf("Has claims a record of %s that is not there", kind)
		}
	}
}

func balances(t *testing.T, s arsync.Source) {
	t.Helper()
	reading, all := Read(t, s)
	if reading.Balances == nil {
		return
	}
	amounts := map[ar.Ref]ar.Money{}
	documents, _ := parts(all)
	for _, d := range documents {
		amounts[d.Ref] = d.Amount
	}
	for b, err := range reading.Balances {
		if err != nil {
			t.Fatal(err)
		}
		if amounts[b.Of].Currency() != b.Open.Currency() || b.Date.IsZero() {
			t.Errorf("balance %+v: no such document, another currency, or no date", b)
		}
	}
}

func giveUp(t *testing.T, s arsync.Source) {
	t.Helper()
	reading, err := s.Full(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range reading.Pages {
		if err != nil {
			t.Fatal(err)
		}
		break // the iterator must accept it and close what it opened
	}
	Read(t, s)
}

func cancelled(t *testing.T, s arsync.Source) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	reading, err := s.Full(ctx)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	var last error
	for _, last = range reading.Pages {
		if last != nil {
			break
		}
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("the reading ended with %v, want context.Canceled", last)
	}
}

func cursor(t *testing.T, s arsync.Source) {
	t.Helper()
	reading, _ := Read(t, s)
	_, err := s.Changes(t.Context(), reading.Cursor())
	if err != nil && !errors.Is(err, arsync.ErrNothingNew) && !errors.Is(err, arsync.ErrFullOnly) {
		t.Errorf("changes since the reading's own cursor: %v", err)
	}
	if _, err := s.Changes(t.Context(), "from another program"); !errors.Is(err, arsync.ErrFullOnly) {
		t.Errorf("changes since a strange cursor: %v, want ErrFullOnly", err)
	}
}
