package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"arbot/ar"
)

type customerRow struct {
	ID                     ar.CustomerID
	SourceID               ar.SourceID `db:"source_id"`
	External, Name, Number string
	Aliases                string
	ParentID               ar.CustomerID `db:"parent_id"`
	Terms                  string
	Class, Region, Segment string
	Fields                 string
	LedgerOwner            string `db:"ledger_owner"`
	Owner                  string
	OwnerWhy               string `db:"owner_why"`
	Collector              string
	Inactive, Deleted      int64
}

const customerColumns = `c.id, c.source_id, c.external, c.name, c.number, c.aliases, COALESCE(c.parent_id, 0) AS parent_id,
	c.terms, c.class, c.region, c.segment, c.fields, c.ledger_owner, c.owner, c.owner_why, c.collector, c.inactive, c.deleted`

func (r customerRow) customer() (ar.Customer, error) {
	c := ar.Customer{
		ID: r.ID, Source: r.SourceID, External: r.External, Name: r.Name, Number: r.Number,
		Parent: r.ParentID, Terms: r.Terms, Class: r.Class, Region: r.Region, Segment: r.Segment,
		LedgerOwner: r.LedgerOwner, Owner: r.Owner, OwnerWhy: r.OwnerWhy, Collector: r.Collector,
		Inactive: r.Inactive != 0, Deleted: r.Deleted != 0,
	}
	if err := json.Unmarshal([]byte(r.Aliases), &c.Aliases); err != nil {
		return ar.Customer{}, fmt.Errorf("store: aliases of customer %d: %w", r.ID, err)
	}
	if err := json.Unmarshal([]byte(r.Fields), &c.Fields); err != nil {
		return ar.Customer{}, fmt.Errorf("store: fields of customer %d: %w", r.ID, err)
	}
	return c, nil
}

// Customer returns one customer, also a tombstone, or ar.ErrNoCustomer.
func (r *reader) Customer(ctx context.Context, id ar.CustomerID) (ar.Customer, error) {
	row, ok, err := first[customerRow](ctx, r, `SELECT `+customerColumns+` FROM customers c WHERE c.id = ?`, id)
	if err != nil {
		return ar.Customer{}, fmt.Errorf("store: read customer %d: %w", id, err)
	}
	if !ok {
		return ar.Customer{}, fmt.Errorf("store: customer %d: %w", id, ar.ErrNoCustomer)
	}
	return row.customer()
}

// Customers lists customers that fit, by id; tombstones are left out.
func (r *reader) Customers(ctx context.Context, f ar.CustomerFilter) ([]ar.Customer, error) {
	w := where{}
	w.and("c.deleted = 0")
	if f.Source != 0 {
		w.and("c.source_id = ?", f.Source)
	}
	if f.Parents != nil {
		w.in(r.dialect, "c.parent_id", ids(f.Parents))
	}
	if f.Scope != nil {
		w.scope(r.dialect, *f.Scope)
	}
	w.and("c.id > ?", f.After)
	rows, err := findWhere[customerRow](ctx, r,
		`SELECT `+customerColumns+` FROM customers c`, w, `ORDER BY c.id`+limit(f.Limit))
	if err != nil {
		return nil, fmt.Errorf("store: list customers: %w", err)
	}
	customers := make([]ar.Customer, len(rows))
	for i, row := range rows {
		if customers[i], err = row.customer(); err != nil {
			return nil, err
		}
	}
	return customers, nil
}

// Owners lists the sales owners that accounts have, by name.
func (r *reader) Owners(ctx context.Context) ([]string, error) {
	owners, err := find[string](ctx, r, `SELECT DISTINCT owner FROM customers WHERE owner <> '' AND deleted = 0`)
	if err != nil {
		return nil, fmt.Errorf("store: list sales owners: %w", err)
	}
	slices.Sort(owners) // the engines sort text each in its own way
	return owners, nil
}

// SetOwners writes the sales owners that the rules gave.
func (t *tx) SetOwners(ctx context.Context, owners []ar.OwnerAssignment) error {
	values := make([]any, 0, 3*len(owners))
	for _, o := range owners {
		values = append(values, int64(o.Customer), ar.NormalOwner(o.Owner), o.Why)
	}
	if err := updateOwners.run(ctx, t, values, nil); err != nil {
		return fmt.Errorf("store: set the owners of %d customers: %w", len(owners), err)
	}
	return nil
}

var updateOwners = newBulk(`WITH given (id, owner, why) AS (VALUES`, []string{"BIGINT", "TEXT", "TEXT"}, `)
	UPDATE customers SET owner = given.owner, owner_why = given.why
	FROM given
	WHERE customers.id = given.id AND (customers.owner <> given.owner OR customers.owner_why <> given.why)`)
