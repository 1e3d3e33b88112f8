package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

// accountsPerRead is of how many accounts the open items are read at a time, so that a
// book of any size is never in memory.
const accountsPerRead = 200

// aging writes what is open, item by item: account after account by name, and of each the
// oldest due date first. Unapplied credit is below 0. The rows add up to the aging.
func (e *exporter) aging(ctx context.Context, r ar.Reader) error {
	e.columns = []string{
		"Company", "Customer", "Customer number", "Sales owner", "Kind", "Number", "Date", "Due", "Terms", "PO",
		"Days overdue", "Bucket", "Currency", "Amount", "Open", "Disputed", "Promised",
	}
	rule := ar.NewAgingRule(e.AsOf, ar.ByDueDate)
	rows, err := r.Aging(ctx, ar.AgingQuery{Rule: rule, Group: ar.ByCustomer, Customers: e.customers, Scope: e.scope})
	if err != nil {
		return err
	}
	slices.SortFunc(rows, func(a, b ar.AgingRow) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.Customer, b.Customer))
	})
	rows = slices.CompactFunc(rows, func(a, b ar.AgingRow) bool { return a.Customer == b.Customer })
	w := agingWriter{exporter: e, edges: rule.Edges}
	if w.company, err = companies(ctx, r); err != nil {
		return err
	}
	if w.disputed, w.promised, err = e.heldOf(ctx, r); err != nil {
		return err
	}
	for some := range slices.Chunk(rows, accountsPerRead) {
		if err := w.accounts(ctx, r, some); err != nil {
			return err
		}
	}
	return nil
}

// heldOf is what is disputed and promised of each invoice. What is promised of an account
// as a whole is of no invoice.
func (e *exporter) heldOf(ctx context.Context, r ar.Reader) (disputed, promised map[ar.DocumentID]ar.Money, err error) {
	holds, err := e.holds(ctx, r, e.customers, e.AsOf)
	if err != nil {
		return nil, nil, err
	}
	disputed, promised = map[ar.DocumentID]ar.Money{}, map[ar.DocumentID]ar.Money{}
	for _, h := range holds {
		of := promised
		if h.Kind == ar.HoldDisputed {
			of = disputed
		}
		sum, err := of[h.Document].Add(h.Amount)
		if h.Document != 0 {
			of[h.Document] = sum
		}
		if err != nil && h.Document != 0 {
			return nil, nil, fmt.Errorf("what is held of document %d: %w", h.Document, err)
		}
	}
	return disputed, promised, nil
}

// agingWriter writes open items.
type agingWriter struct {
	*exporter

	edges              ar.Edges
	company            map[ar.SourceID]string
	disputed, promised map[ar.DocumentID]ar.Money
}

// accounts writes what is open of some accounts.
func (w *agingWriter) accounts(ctx context.Context, r ar.Reader, rows []ar.AgingRow) error {
	ids := make([]ar.CustomerID, len(rows))
	for i, row := range rows {
		ids[i] = row.Customer
	}
	items, err := r.OpenItems(ctx, ar.ItemQuery{AsOf: w.AsOf, Customers: ids, Scope: w.scope})
	if err != nil {
		return err
	}
	of := map[ar.CustomerID][]ar.OpenItem{}
	for _, i := range items {
		of[i.Customer] = append(of[i.Customer], i)
	}
	for _, id := range ids {
		account, err := r.Customer(ctx, id)
		if err != nil {
			return err
		}
		for _, i := range of[id] {
			if err := w.item(account, i); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *agingWriter) item(account ar.Customer, i ar.OpenItem) error {
	bucket, days, due := "Unapplied", 0, ar.Date{}
	if i.Owed() {
		bucket, days, due = w.edges.Label(w.edges.Bucket(w.AsOf.Sub(i.Due))), i.DaysOverdue(w.AsOf), i.Due
	}
	return w.row(
		w.company[i.Source], account.Name, account.Number, ownerOf(w.Desk, account.Owner), string(i.Kind), i.Number, i.Date, due, i.Terms, i.PO,
		days, bucket, string(i.Open.Currency()), i.Effect(), i.Open, some(w.disputed[i.ID]), some(w.promised[i.ID]),
	)
}

// some is an amount that there is; no cell for none.
func some(m ar.Money) any {
	if m.IsZero() {
		return nil
	}
	return m
}

// ownerOf is how to call a sales owner; "" where there is none.
func ownerOf(d *Desk, owner string) string {
	if owner == "" {
		return ""
	}
	return d.PersonName(owner)
}
