package store_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"arbot/ar"
	"arbot/store/storetest"
)

// TestSumsEqualTheFold holds every figure of the store equal to ar's own rules, on books
// that come in random pages, change, are voided, deleted and brought in again in another
// order: invoices also below zero, credit memos, payments, refunds, journals, partly and
// over-applied, also taken back, in two currencies, with entries that come whole, records
// that are gone and customers that are merged, from two ledgers that use the same ids
// (X32).
func TestSumsEqualTheFold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		wipe := wiper(t, b)
		rapid.Check(t, func(rt *rapid.T) {
			wipe()
			ledgers := []*randomLedger{newRandomLedger(t, b, "a"), newRandomLedger(t, b, "b")}
			for step := range rapid.IntRange(1, 4).Draw(rt, "steps") {
				for _, l := range ledgers {
					l.step(rt, step)
				}
				b.Clock.Add(time.Hour)
				compare(rt, b, fold(&ledgers[0].model, &ledgers[1].model))
			}
		})
	})
}

// wiper returns a function that empties the books.
func wiper(t *testing.T, b *storetest.Books) func() {
	t.Helper()
	name := map[string]string{"sqlite": "sqlite3", "postgres": "pgx"}[b.Dialect()]
	db, err := sqlx.ConnectContext(t.Context(), name, b.DSN)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return func() {
		for _, table := range []string{
			"promise_parts", "promises", "dispute_steps", "disputes", "notes", "contact_facts",
			"search_grams", "search_terms", "folios", "applications", "documents", "customers", "tie_outs", "runs", "sources",
		} {
			if table == "customers" {
				if _, err := db.ExecContext(t.Context(), `UPDATE customers SET parent_id = NULL, merged_into = NULL`); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := db.ExecContext(t.Context(), `DELETE FROM `+table); err != nil {
				t.Fatal(err)
			}
		}
	}
}

type randomLedger struct {
	model
	ledger *storetest.Ledger
	books  *storetest.Books
	t      *testing.T
	synced bool
	// drawn are the customers of this step.
	drawn []string
}

func newRandomLedger(t *testing.T, b *storetest.Books, external string) *randomLedger {
	t.Helper()
	l := b.Ledger(t, external)
	return &randomLedger{
		t: t, books: b, ledger: l,
		model: model{
			source: l.Source.ID, name: l.Source.Name, customers: map[string]ar.CustomerRecord{}, ids: map[string]ar.CustomerID{},
			owners: map[string]string{}, documents: map[ar.Ref]ar.DocumentRecord{},
			applications: map[string]ar.ApplicationRecord{}, seen: map[ar.Ref]seen{},
			into: map[string]string{}, documentEntry: map[ar.Ref]string{}, applicationEntry: map[string]string{},
		},
	}
}

// step changes the ledger at random and brings the changes in, by a run of changes or by
// a whole read in random order.
func (l *randomLedger) step(t *rapid.T, step int) {
	changed := ar.Page{
		Customers:    l.drawCustomers(t),
		Documents:    l.drawDocuments(t),
		Entries:      l.drawEntries(t),
		Applications: l.drawApplications(t),
		Gone:         l.drawGone(t),
	}
	whole := step == 0 || rapid.Bool().Draw(t, "whole read")
	pages := []ar.Page{changed}
	if whole {
		pages = l.everything(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 0)))
		pages = append(pages, ar.Page{Gone: changed.Gone})
	}
	if whole {
		l.ledger.Import(l.t, pages...)
		l.synced = true
	} else {
		l.ledger.Change(l.t, pages...)
	}
	l.setOwners(t)
}

var days = rapid.Custom(func(t *rapid.T) ar.Date {
	return ar.NewDate(2026, time.October, 1).AddDays(rapid.IntRange(0, 60).Draw(t, "day"))
})

func (l *randomLedger) drawCustomers(t *rapid.T) (changed []ar.CustomerRecord) {
	l.drawn = nil
	for _, external := range customerNames {
		if _, ok := l.customers[external]; ok && rapid.IntRange(0, 3).Draw(t, "customer stays") > 0 {
			continue
		}
		c := ar.CustomerRecord{
			External: external, Name: "Customer " + external,
			Terms:   rapid.SampledFrom([]string{"", "Net 10", "Net 30", "EOM", "as agreed"}).Draw(t, "terms"),
			Segment: rapid.SampledFrom([]string{"", "retail"}).Draw(t, "segment"),
		}
		if external == "c3" {
			c.Parent = "c1"
		}
		changed = append(changed, c)
		c.Parent = l.resolve(c.Parent)
		delete(l.into, external)
		l.drawn = append(l.drawn, external)
		l.customers[external] = c
	}
	return changed
}

// drawDocuments makes documents or draws them anew; a document keeps its currency.
func (l *randomLedger) drawDocuments(t *rapid.T) (changed []ar.DocumentRecord) {
	for range rapid.IntRange(0, 6).Draw(t, "documents") {
		n := rapid.IntRange(1, 4).Draw(t, "number")
		d := ar.DocumentRecord{
			Ref: ar.Ref{
				Kind:     rapid.SampledFrom([]ar.DocumentKind{ar.Invoice, ar.Invoice, ar.CreditMemo, ar.Payment, ar.Refund, ar.Journal}).Draw(t, "kind"),
				External: strconv.Itoa(n),
			},
			Number:   fmt.Sprint("N-", n),
			Customer: rapid.SampledFrom(customerNames).Draw(t, "customer"),
			Amount:   ar.NewMoney(rapid.Int64Range(-1, 4).Draw(t, "amount")*100, currencyOf(n)),
			Date:     days.Draw(t, "date"),
			Terms:    rapid.SampledFrom([]string{"", "", "Net 5"}).Draw(t, "document terms"),
			Status:   rapid.SampledFrom([]ar.Status{ar.Posted, ar.Posted, ar.Posted, ar.Void, ar.Draft, ar.Deleted}).Draw(t, "status"),
		}
		if rapid.Bool().Draw(t, "due date stated") {
			d.Due = d.Date.AddDays(rapid.IntRange(0, 20).Draw(t, "days to pay"))
		}
		drawLabels(t, &d)
		before, known := l.documents[d.Ref]
		if d.Status == ar.Deleted {
			if !known || l.seen[d.Ref].at.Equal(l.books.Clock.Now()) {
				continue // the books never heard of it
			}
			deleted := before
			deleted.Status = ar.Deleted
			l.documents[d.Ref] = deleted
		} else {
			l.take(d, "")
		}
		changed = append(changed, d)
	}
	return changed
}

func currencyOf(n int) ar.Currency {
	if n == 4 {
		return "EUR"
	}
	return "USD"
}

func (l *randomLedger) drawApplications(t *rapid.T) (changed []ar.ApplicationRecord) {
	refs := slices.SortedFunc(maps.Keys(l.documents), compareRefs)
	if len(refs) < 2 {
		return nil
	}
	for range rapid.IntRange(0, 6).Draw(t, "applications") {
		to := l.documents[rapid.SampledFrom(refs).Draw(t, "to")]
		a := ar.ApplicationRecord{
			External: fmt.Sprint("a", rapid.IntRange(1, 6).Draw(t, "application")),
			To:       to.Ref,
			Kind:     rapid.SampledFrom([]ar.ApplicationKind{ar.ByPayment, ar.ByPayment, ar.ByCredit, ar.ByWriteOff}).Draw(t, "by"),
			Amount:   ar.NewMoney(rapid.SampledFrom([]int64{100, 100, 200, 300, 50, -100}).Draw(t, "applied"), to.Amount.Currency()),
			Date:     days.Draw(t, "applied on"),
			Inferred: rapid.IntRange(0, 5).Draw(t, "concluded") == 0,
			Deleted:  rapid.IntRange(0, 5).Draw(t, "taken back") == 0,
		}
		from := l.documents[rapid.SampledFrom(refs).Draw(t, "from")]
		switch {
		case a.Kind != ar.ByWriteOff && from.Ref != to.Ref && from.Amount.Currency() == to.Amount.Currency():
			a.From = from.Ref
		case a.Kind != ar.ByWriteOff:
			continue
		}
		if _, known := l.applications[a.External]; a.Deleted && !known {
			continue
		}
		l.applications[a.External], l.applicationEntry[a.External] = a, ""
		changed = append(changed, a)
	}
	return changed
}

// everything is the whole ledger in pages of random sizes and in random order, as far as
// records may not refer to later pages.
func (l *randomLedger) everything(dice *rand.Rand) (pages []ar.Page) {
	customers := slices.DeleteFunc(slices.Collect(maps.Values(l.customers)), func(c ar.CustomerRecord) bool { return c.Deleted })
	dice.Shuffle(len(customers), func(i, j int) { customers[i], customers[j] = customers[j], customers[i] })
	pages = append(pages, ar.Page{Customers: customers})
	documents := slices.SortedFunc(maps.Values(l.documents), func(a, b ar.DocumentRecord) int { return compareRefs(a.Ref, b.Ref) })
	documents = slices.DeleteFunc(documents, func(d ar.DocumentRecord) bool { return l.documentEntry[d.Ref] != "" })
	dice.Shuffle(len(documents), func(i, j int) { documents[i], documents[j] = documents[j], documents[i] })
	for chunk := range slices.Chunk(documents, 1+dice.IntN(5)) {
		pages = append(pages, ar.Page{Documents: chunk})
	}
	for chunk := range slices.Chunk(l.entries(), 1+dice.IntN(2)) {
		pages = append(pages, ar.Page{Entries: chunk})
	}
	var applications []ar.ApplicationRecord
	for _, key := range slices.Sorted(maps.Keys(l.applications)) {
		if l.applicationEntry[key] == "" {
			applications = append(applications, l.applications[key])
		}
	}
	dice.Shuffle(len(applications), func(i, j int) { applications[i], applications[j] = applications[j], applications[i] })
	for chunk := range slices.Chunk(applications, 1+dice.IntN(5)) {
		pages = append(pages, ar.Page{Applications: chunk})
	}
	return pages
}

// setOwners gives customers to owners and learns their ids.
func (l *randomLedger) setOwners(t *rapid.T) {
	var known []ar.Customer
	l.books.Read(l.t, func(r ar.Reader) (err error) {
		known, err = r.Customers(l.t.Context(), ar.CustomerFilter{Source: l.source})
		return err
	})
	var owners []ar.OwnerAssignment
	for _, c := range known {
		l.ids[c.External] = c.ID
	}
	for _, c := range known {
		if want := l.customers[c.External]; want.Deleted || l.ids[want.Parent] != c.Parent {
			t.Fatalf("customer %s: %+v, want %+v below %d", c.External, c, want, l.ids[want.Parent])
		}
		l.owners[c.External] = rapid.SampledFrom([]string{"", "ann@example.com", "bob@example.com"}).Draw(t, "owner")
		owners = append(owners, ar.OwnerAssignment{Customer: c.ID, Owner: l.owners[c.External], Why: "dice"})
	}
	l.books.Write(l.t, func(tx ar.Tx) error { return tx.SetOwners(l.t.Context(), owners) })
}

var scopes = rapid.SampledFrom([]ar.Scope{
	ar.Everything(), ar.OwnedBy("ann@example.com"),
	{Unowned: true},
	{Owners: []string{"ann@example.com", "bob@example.com"}, Unowned: true},
	{},
})

// compare draws questions and holds the answers against the fold.
func compare(t *rapid.T, b *storetest.Books, want books) {
	ctx := t.Context()
	asOf := days.Draw(t, "as of")
	from := days.Draw(t, "from")
	to := from.AddDays(rapid.IntRange(0, 30).Draw(t, "span"))
	scope := scopes.Draw(t, "scope")
	customers := slices.Sorted(maps.Keys(want.owner))
	if rapid.Bool().Draw(t, "some customers") {
		customers = customers[:rapid.IntRange(0, len(customers)).Draw(t, "customers")]
	}
	since := b.Clock.Now().Add(-time.Duration(rapid.IntRange(0, 5).Draw(t, "hours")) * time.Hour)

	err := b.View(ctx, func(r ar.Reader) error {
		if err := compareItems(ctx, t, r, want, ar.ItemQuery{AsOf: asOf, Scope: scope, Customers: customers}); err != nil {
			return err
		}
		if err := compareItems(ctx, t, r, want, ar.ItemQuery{AsOf: asOf, Scope: scope, Source: want.source}); err != nil {
			return err
		}
		labels, err := r.LatestLabels(ctx, want.source)
		if err != nil {
			return err
		}
		diff(t, "labels", want.labels, labels)
		if err := compareItems(ctx, t, r, want, ar.ItemQuery{AsOf: asOf, Scope: scope, DueFrom: from, DueTo: to, Owed: true}); err != nil {
			return err
		}
		for _, group := range []ar.Grouping{ar.WholeBook, ar.ByCustomer, ar.ByOwner} {
			rule := ar.NewAgingRule(asOf, rapid.SampledFrom([]ar.Basis{ar.ByDueDate, ar.ByInvoiceDate}).Draw(t, "basis"))
			rule.Edges = rapid.SampledFrom([]ar.Edges{rule.Edges, {0, 5, 10}, {3}, {}}).Draw(t, "edges")
			rule.LedgerView = rapid.Bool().Draw(t, "ledger view")
			q := ar.AgingQuery{Rule: rule, Group: group, Scope: scope}
			if rapid.Bool().Draw(t, "restricted") {
				q.Customers, q.Currency, q.Source = customers, "USD", want.source
			}
			got, err := r.Aging(ctx, q)
			if err != nil {
				return err
			}
			rows, err := want.aging(q)
			diff(t, fmt.Sprintf("aging %+v", q), rows, got)
			if err != nil {
				return err
			}
		}
		if err := compareAccounts(ctx, t, r, want, customers); err != nil {
			return err
		}
		return compareHistory(ctx, t, r, want, history{from: from, to: to, asOf: asOf, scope: scope, customers: customers, since: since})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func compareItems(ctx context.Context, t *rapid.T, r ar.Reader, want books, q ar.ItemQuery) error {
	got, err := r.OpenItems(ctx, q)
	if err != nil {
		return err
	}
	if !slices.IsSortedFunc(got, func(a, b ar.OpenItem) int { return a.Due.Compare(b.Due) }) {
		t.Fatal("items are not by due date")
	}
	items, err := want.openItems(q)
	diff(t, fmt.Sprintf("items %+v", q), byIdentity(items), byIdentity(got))
	var each []ar.OpenItem
	if err := r.EachOpenItem(ctx, q, func(i ar.OpenItem) { each = append(each, i) }); err != nil {
		return err
	}
	diff(t, fmt.Sprintf("items %+v, one by one", q), byIdentity(items), byIdentity(each))
	return err
}

// byIdentity orders items by what identifies them in their ledgers, without our ids.
func byIdentity(items []ar.OpenItem) []ar.OpenItem {
	items = slices.Clone(items)
	for i := range items {
		items[i].ID = 0
	}
	slices.SortFunc(items, func(a, b ar.OpenItem) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.External, b.External))
	})
	return items
}

// history is a question about what happened between two days.
type history struct {
	from, to, asOf ar.Date
	scope          ar.Scope
	customers      []ar.CustomerID
	since          time.Time
}

func compareHistory(ctx context.Context, t *rapid.T, r ar.Reader, want books, q history) error {
	moves, err := r.OverdueMoves(ctx, q.from, q.to, q.scope)
	if err != nil {
		return err
	}
	expected, err := want.moves(q.from, q.to, q.scope)
	if err != nil {
		return err
	}
	diff(t, fmt.Sprintf("moves %s to %s", q.from, q.to), sortedMoves(expected), sortedMoves(moves))

	paid, err := r.PaidInvoices(ctx, q.customers, q.from, q.to)
	if err != nil {
		return err
	}
	diff(t, fmt.Sprintf("paid %s to %s", q.from, q.to), sortedPaid(want.paid(q.customers, q.from, q.to)), sortedPaid(paid))

	received, err := r.Received(ctx, q.since, q.scope)
	if err != nil {
		return err
	}
	diff(t, "received", want.received(q.since, q.scope), received)

	last, found, err := r.LastPayment(ctx, q.customers, q.asOf)
	if err != nil {
		return err
	}
	diff(t, "last payment", want.lastPayment(q.customers, q.asOf), last.Date)
	if found == last.Date.IsZero() {
		t.Fatalf("LastPayment returned %v with date %q", found, last.Date)
	}
	return nil
}

func sortedMoves(moves []ar.OverdueMove) []ar.OverdueMove {
	moves = slices.Clone(moves)
	for i := range moves {
		moves[i].Document = 0
	}
	slices.SortFunc(moves, func(a, b ar.OverdueMove) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return moves
}

func sortedPaid(paid []ar.PaidInvoice) []ar.PaidInvoice {
	slices.SortFunc(paid, func(a, b ar.PaidInvoice) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return paid
}

// diff fails with the question where answers differ; no rows are no rows, nil or not.
func diff[T any](t *rapid.T, question string, want, got T) {
	equateEmpty := gocmp.FilterValues(func(a, b any) bool { return isEmpty(a) && isEmpty(b) }, gocmp.Ignore())
	if d := gocmp.Diff(want, got, equateEmpty, gocmp.AllowUnexported(ar.Money{}, ar.Date{})); d != "" {
		t.Fatalf("%s (-want +got):\n%s", question, d)
	}
}

func isEmpty(v any) bool {
	rv := reflect.ValueOf(v)
	return rv.IsValid() && (rv.Kind() == reflect.Slice || rv.Kind() == reflect.Map) && rv.Len() == 0
}
