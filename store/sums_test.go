package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"arbot/ar"
	"arbot/ar/metric"
	"arbot/store/storetest"
)

// TestLedgerSumsEqualTheFold holds the sums of the store equal to the fold that is their
// definition, on the random books of TestSumsEqualTheFold: in months and weeks, by each
// dimension, for each scope, as of any date, in the documents' currencies and in one. They're
// asked for after each change, so that folios are kept and must be dropped.
func TestLedgerSumsEqualTheFold(t *testing.T) {
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
				want := fold(&ledgers[0].model, &ledgers[1].model)
				b.Read(t, func(r ar.Reader) error {
					compareSums(rt, r, want)
					return compareReceivables(rt, r, want)
				})
			}
		})
	})
}

func compareSums(t *rapid.T, r ar.Reader, want books) {
	rule := ar.SumRule{Cuts: drawCuts(t), Edges: rapid.SampledFrom([]ar.Edges{nil, {0, 5, 10}, {}}).Draw(t, "edges")}
	rule.By = rapid.SampledFrom([][]ar.Dimension{
		nil, {ar.PerOwner}, {ar.PerBook, ar.PerCompany, ar.PerOwner, ar.PerSegment, ar.PerTerms},
	}).Draw(t, "by")
	rule.Home = rapid.SampledFrom([]*ar.Home{
		nil, nil, ar.AtDocumentRates("USD"), ar.AtClosingRates("USD", map[ar.Currency]ar.Rate{"EUR": "1.1675"}),
	}).Draw(t, "home")
	scope := scopes.Draw(t, "scope")
	expected, refused := want.sums(t, rule, scope)
	got, err := r.LedgerSums(t.Context(), rule, scope)
	if refused != nil {
		return // a document has no rate, though maybe one that closed before the first cut
	}
	if err != nil {
		t.Fatal(err)
	}
	if d := gocmp.Diff(expected, got, exact); d != "" {
		t.Fatalf("sums by %v of %v (-fold +store):\n%s", rule.By, rule.Cuts, d)
	}
}

var exact = gocmp.Options{
	gocmp.AllowUnexported(ar.Money{}, ar.Date{}, ar.AmountDays{}),
	gocmp.FilterValues(func(a, b []ar.Sums) bool { return len(a)+len(b) == 0 }, gocmp.Ignore()),
}

func drawCuts(t *rapid.T) ar.Cuts {
	asOf := days.Draw(t, "as of")
	if rapid.Bool().Draw(t, "weekly") {
		return ar.WeekCuts(asOf, rapid.IntRange(1, 9).Draw(t, "weeks"))
	}
	return ar.MonthCuts(asOf, rapid.IntRange(1, 3).Draw(t, "months"))
}

// sums is the oracle of Reader.LedgerSums.
func (b books) sums(t *rapid.T, rule ar.SumRule, s ar.Scope) ([]ar.Sums, error) {
	f, err := metric.NewFold(rule)
	if err != nil {
		t.Fatal(err)
	}
	for row := range metric.Rows(b.documents, b.applications) {
		id := row.Document.Customer
		if !s.Covers(b.owner[id]) {
			continue
		}
		row.Company, row.Owner, row.Segment = b.company[row.Document.Source], b.owner[id], b.segment[id]
		if err := f.Add(row); err != nil {
			return nil, err
		}
	}
	return f.Sums(), nil
}

func compareReceivables(t *rapid.T, r ar.Reader, want books) error {
	q := ar.ReceivableQuery{AsOf: days.Draw(t, "known"), Scope: scopes.Draw(t, "whose"), Limit: rapid.IntRange(1, 5).Draw(t, "page")}
	if rapid.Bool().Draw(t, "lately") {
		q.Since = days.Draw(t, "since")
	}
	q.Open = rapid.Bool().Draw(t, "open")
	var got []ar.Receivable
	for {
		page, err := r.Receivables(t.Context(), q)
		if err != nil {
			return err
		}
		if got = append(got, page...); len(page) == 0 {
			break
		}
		q.After = page[len(page)-1].ID
	}
	if !slices.IsSortedFunc(got, func(a, b ar.Receivable) int { return int(a.ID - b.ID) }) {
		t.Fatal("receivables are not by id")
	}
	diff(t, fmt.Sprintf("receivables %+v", q), namedReceivables(want.receivables(q)), namedReceivables(got))
	return nil
}

// receivables is the oracle of Reader.Receivables, without ids.
func (b books) receivables(q ar.ReceivableQuery) (all []ar.Receivable) {
	closed, paid := b.closed(), b.settled(q.AsOf)
	for _, d := range b.documents {
		s, effect := paid[d.ID], d.Effect().Minor()
		open, rest := effect+s.left, effect+s.written
		if d.Kind != ar.Invoice || !d.Counts(q.AsOf) || effect <= 0 || !q.Scope.Covers(b.owner[d.Customer]) ||
			rest <= 0 && !q.Open || open < 0 || open == 0 && s.paid <= 0 || closed[d.ID].Before(q.Since) && !closed[d.ID].IsZero() {
			continue
		}
		i := ar.Receivable{Customer: d.Customer, Issued: d.Date, Due: d.Due, Amount: ar.NewMoney(rest, d.Amount.Currency())}
		switch {
		case q.Open && open <= 0:
			continue
		case q.Open:
			i.Amount = ar.NewMoney(open, d.Amount.Currency())
		}
		if open == 0 {
			i.Settled = s.last
		}
		all = append(all, i)
	}
	return all
}

// closed tells on which day documents closed that have nothing open today.
func (b books) closed() map[ar.DocumentID]ar.Date {
	all := map[ar.DocumentID]ar.Date{}
	left := b.settled(ar.NewDate(2100, time.January, 1))
	for _, d := range b.documents {
		if s := left[d.ID]; d.Effect().Minor()+s.left == 0 {
			all[d.ID] = ar.Latest(d.Date, s.closed)
		}
	}
	return all
}

func namedReceivables(all []ar.Receivable) []string {
	names := make([]string, len(all))
	for n, i := range all {
		i.ID = 0
		names[n] = fmt.Sprint(i)
	}
	slices.Sort(names)
	return names
}
