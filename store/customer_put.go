package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"arbot/ar"
)

// knownCustomer is what is stored of a customer that a page brings.
type knownCustomer struct {
	ID          int64
	External    string
	Terms       string
	Fingerprint int64
	Deleted     int64
	// Into is the customer that a merged one went into, with its terms.
	Into      sql.NullInt64
	IntoTerms sql.NullString
}

// refersTo is the customer that a reference to this one means.
func (k knownCustomer) refersTo() (id int64, terms string) {
	if k.Into.Valid {
		return k.Into.Int64, k.IntoTerms.String
	}
	return k.ID, k.Terms
}

// customersBy looks customers of the run's source up by external id. A customer that
// was merged into another one is that one to what refers to it: see refersTo.
func (w *pageWriter) customersBy(ctx context.Context, externals []string) (map[string]knownCustomer, error) {
	known := make(map[string]knownCustomer, len(externals))
	list, err := w.dialect.list(externals)
	if err != nil {
		return nil, err
	}
	rows, err := w.conn.QueryContext(ctx, w.dialect.sql(`
		SELECT c.id, c.external, c.terms, c.fingerprint, c.deleted, w.id, w.terms
		FROM customers c LEFT JOIN customers w ON w.id = c.merged_into
		WHERE c.source_id = ? AND c.external {in}`), w.run.Source, list)
	if err != nil {
		return nil, fmt.Errorf("look customers up: %w", err)
	}
	err = each(rows, func() error {
		var k knownCustomer
		err := rows.Scan(&k.ID, &k.External, &k.Terms, &k.Fingerprint, &k.Deleted, &k.Into, &k.IntoTerms)
		known[k.External] = k
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look customers up: %w", err)
	}
	return known, nil
}

// each calls f for each row and closes them.
func each(rows *sql.Rows, f func() error) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := f(); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (w *pageWriter) putCustomers(ctx context.Context, p ar.Page) error {
	if len(p.Customers) == 0 {
		return nil
	}
	records := latest(pointers(p.Customers), func(c *ar.CustomerRecord) string { return c.External },
		func(a, b *ar.CustomerRecord) { w.again(customerFingerprint(*a) == customerFingerprint(*b)) })
	externals := make([]string, len(records))
	for i, c := range records {
		externals[i] = c.External
	}
	known, err := w.customersBy(ctx, externals)
	if err != nil {
		return err
	}
	var news []*ar.CustomerRecord
	var gone []int64
	for _, c := range records {
		k, found := known[c.External]
		switch {
		case c.Deleted && (!found || k.Deleted != 0), !c.Deleted && found && k.Fingerprint == customerFingerprint(*c):
			w.counts.Unchanged++
		case c.Deleted:
			w.counts.Removed++
			gone = append(gone, k.ID)
		default:
			if found {
				w.counts.Changed++
			} else {
				w.counts.Added++
			}
			news = append(news, c)
		}
	}
	if err := w.deleteCustomers(ctx, gone); err != nil {
		return err
	}
	return w.upsertCustomers(ctx, news, known)
}

// upsertCustomers writes new and changed customers with what hangs on them: the
// parent, the search terms, and due dates that follow from changed terms.
func (w *pageWriter) upsertCustomers(ctx context.Context, news []*ar.CustomerRecord, before map[string]knownCustomer) error {
	if len(news) == 0 {
		return nil
	}
	values := make([]any, 0, len(news)*upsertCustomer.columns)
	for _, c := range news {
		row, err := w.customerValues(c)
		if err != nil {
			return err
		}
		values = append(values, row...)
	}
	idsOf := make(map[string]int64, len(news))
	err := upsertCustomer.run(ctx, w.tx, values, func(rows *sql.Rows) error {
		var id int64
		var external string
		err := rows.Scan(&id, &external)
		idsOf[external] = id
		return err
	})
	if err != nil {
		return fmt.Errorf("upsert customers: %w", err)
	}
	if err := w.setParents(ctx, news, idsOf); err != nil {
		return err
	}
	if err := w.indexCustomers(ctx, news, idsOf, before); err != nil {
		return err
	}
	return w.termsChanged(ctx, news, before)
}

var upsertCustomer = newBulk(`
	INSERT INTO customers (source_id, external, name, number, aliases, terms, class, region, segment, fields,
		ledger_owner, collector, inactive, deleted, fingerprint)
	VALUES`, make([]string, 15), `
	ON CONFLICT (source_id, external) DO UPDATE SET
		name = excluded.name, number = excluded.number, aliases = excluded.aliases, terms = excluded.terms,
		class = excluded.class, region = excluded.region, segment = excluded.segment, fields = excluded.fields,
		ledger_owner = excluded.ledger_owner, collector = excluded.collector, inactive = excluded.inactive,
		deleted = excluded.deleted, fingerprint = excluded.fingerprint, parent_id = NULL, merged_into = NULL
	RETURNING id, external`)

func (w *pageWriter) customerValues(c *ar.CustomerRecord) ([]any, error) {
	aliases, err := json.Marshal(c.Aliases)
	if err != nil {
		return nil, fmt.Errorf("aliases of customer %s: %w", c.External, err)
	}
	fields, err := json.Marshal(c.Fields)
	if err != nil {
		return nil, fmt.Errorf("fields of customer %s: %w", c.External, err)
	}
	return []any{
		int64(w.run.Source), c.External, c.Name, c.Number, string(aliases), c.Terms, c.Class, c.Region, c.Segment,
		string(fields), c.Owner, c.Collector, toFlag(c.Inactive), int64(0), customerFingerprint(*c),
	}, nil
}

// setParents comes after all customers of the page are there, so that a page may
// name a child before its parent.
func (w *pageWriter) setParents(ctx context.Context, news []*ar.CustomerRecord, idsOf map[string]int64) error {
	var children []*ar.CustomerRecord
	var parents []string
	for _, c := range news {
		if c.Parent != "" {
			children = append(children, c)
			parents = append(parents, c.Parent)
		}
	}
	if len(children) == 0 {
		return nil
	}
	known, err := w.customersBy(ctx, parents)
	if err != nil {
		return err
	}
	values := make([]any, 0, 2*len(children))
	for _, c := range children {
		parent, ok := known[c.Parent]
		if !ok {
			return &ar.MissingRefError{
				Record: ar.CustomerRecords, Key: ar.Key(c.External), Field: "parent", Ref: ar.Key(c.Parent),
			}
		}
		parentID, _ := parent.refersTo()
		values = append(values, idsOf[c.External], parentID)
	}
	if err := updateParents.run(ctx, w.tx, values, nil); err != nil {
		return fmt.Errorf("set parents of customers: %w", err)
	}
	return nil
}

var updateParents = newBulk(`WITH given (id, parent) AS (VALUES`, []string{"BIGINT", "BIGINT"}, `)
	UPDATE customers SET parent_id = given.parent FROM given WHERE customers.id = given.id`)

// termsChanged computes the due dates anew that follow from a customer's terms, where
// these changed.
func (w *pageWriter) termsChanged(ctx context.Context, news []*ar.CustomerRecord, before map[string]knownCustomer) error {
	terms := map[int64]string{}
	for _, c := range news {
		if k, found := before[c.External]; found && k.Terms != c.Terms {
			terms[k.ID] = c.Terms
		}
	}
	return w.dueAgain(ctx, terms)
}
