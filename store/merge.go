package store

import (
	"context"
	"fmt"

	"arbot/ar"
)

// merge makes one customer out of two, as the ledger did: the children, documents and
// names of the loser go to the winner, and the loser is a tombstone that says where it
// went. What refers to it from then on means the winner; if the ledger brings it back
// it is a customer of its own again. What moved has fingerprint 0, so that the record
// counts as news when it comes.
func (w *pageWriter) merge(ctx context.Context, g ar.GoneRecord) error {
	if g.Kind != ar.CustomerRecords {
		return fmt.Errorf("gone %s of the %s: only customers go into another one", g.Key, g.Kind)
	}
	known, err := w.customersBy(ctx, []string{string(g.Key), string(g.Into)})
	if err != nil {
		return err
	}
	winner, ok := known[string(g.Into)]
	if !ok {
		return &ar.MissingRefError{Record: ar.CustomerRecords, Key: g.Key, Field: "into", Ref: g.Into}
	}
	loser, found := known[string(g.Key)]
	into, terms := winner.refersTo()
	if !found || loser.ID == into || loser.Into.Valid && loser.Into.Int64 == into {
		w.counts.Unchanged++
		return nil
	}
	if err := w.mergeCustomers(ctx, loser.ID, into, terms); err != nil {
		return fmt.Errorf("merge customer %s into %s: %w", g.Key, g.Into, err)
	}
	if loser.Deleted == 0 {
		w.counts.Removed++
	} else {
		w.counts.Changed++
	}
	return nil
}

func (w *pageWriter) mergeCustomers(ctx context.Context, loser, winner int64, terms string) error {
	if err := w.liftOutOf(ctx, loser, winner); err != nil {
		return err
	}
	documents, err := find[int64](ctx, &w.reader, `SELECT id FROM documents WHERE customer_id = ?`, loser)
	if err != nil {
		return fmt.Errorf("list documents: %w", err)
	}
	w.touch(documents...)
	moves := []struct {
		what, update string
	}{
		{"children", `UPDATE customers SET parent_id = ?, fingerprint = 0 WHERE parent_id = ?`},
		{"documents", `UPDATE documents SET customer_id = ?, fingerprint = 0 WHERE customer_id = ?`},
		{"customers that it took in", `UPDATE customers SET merged_into = ? WHERE merged_into = ?`},
		{"names", `
			UPDATE search_terms SET customer_id = ?, matched = CASE WHEN matched = 'name' THEN 'alias' ELSE matched END
			WHERE customer_id = ?`},
		{"identity", `UPDATE customers SET merged_into = ?, deleted = 1, fingerprint = 0 WHERE id = ?`},
	}
	for _, m := range moves {
		if _, err := w.exec(ctx, m.update, winner, loser); err != nil {
			return fmt.Errorf("%s: %w", m.what, err)
		}
	}
	if err := w.moveActs(ctx, ar.CustomerID(loser), ar.CustomerID(winner)); err != nil {
		return fmt.Errorf("what people added: %w", err)
	}
	return w.dueAgain(ctx, map[int64]string{winner: terms})
}

// liftOutOf gives a winner that is below the loser the loser's parent, so that nobody
// becomes a child of its own.
func (w *pageWriter) liftOutOf(ctx context.Context, loser, winner int64) error {
	above, err := find[int64](ctx, &w.reader, `
		WITH RECURSIVE above (id, parent_id) AS (
			SELECT id, parent_id FROM customers WHERE id = ?
			UNION
			SELECT c.id, c.parent_id FROM customers c JOIN above a ON c.id = a.parent_id
		)
		SELECT id FROM above WHERE id = ?`, winner, loser)
	if err != nil {
		return fmt.Errorf("parents of the winner: %w", err)
	}
	if len(above) == 0 {
		return nil
	}
	if _, err := w.exec(ctx, `
		UPDATE customers SET fingerprint = 0, parent_id = (SELECT parent_id FROM customers WHERE id = ?)
		WHERE id = ?`, loser, winner); err != nil {
		return fmt.Errorf("parent of the winner: %w", err)
	}
	return nil
}

// mergedTerms lists what the customers that were merged into others were searched by,
// by those others.
func (w *pageWriter) mergedTerms(ctx context.Context, winners []int64) (map[int64][]term, error) {
	list, err := w.dialect.list(winners)
	if err != nil {
		return nil, err
	}
	rows, err := find[customerRow](ctx, &w.reader, `
		SELECT c.merged_into AS id, c.name, c.number, c.aliases FROM customers c WHERE c.merged_into {in}`, list)
	if err != nil {
		return nil, fmt.Errorf("list merged customers: %w", err)
	}
	terms := map[int64][]term{}
	for _, row := range rows {
		row.Fields = "{}"
		c, err := row.customer()
		if err != nil {
			return nil, err
		}
		for _, t := range termsOf(&ar.CustomerRecord{Name: c.Name, Number: c.Number, Aliases: c.Aliases}) {
			if t.matched == ar.MatchedName {
				t.matched = ar.MatchedAlias
			}
			terms[int64(c.ID)] = append(terms[int64(c.ID)], t)
		}
	}
	return terms, nil
}
