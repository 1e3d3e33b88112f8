package store

import (
	"context"
	"fmt"
	"slices"

	"arbot/ar"
)

type familyRow struct {
	ID       ar.CustomerID
	ParentID ar.CustomerID `db:"parent_id"`
	SourceID ar.SourceID   `db:"source_id"`
}

// Relatives lists the families of customers, tombstones included, by id. It takes a query
// for each generation above and below, however many customers there are.
func (r *reader) Relatives(ctx context.Context, customers []ar.CustomerID) ([]ar.Relative, error) {
	parents, err := r.above(ctx, customers)
	if err != nil {
		return nil, fmt.Errorf("store: read who is above %d customers: %w", len(customers), err)
	}
	tops := topsOf(parents)
	roots := make([]ar.CustomerID, 0, len(tops))
	for id, top := range tops {
		if id == top {
			roots = append(roots, id)
		}
	}
	slices.Sort(roots)
	members, err := r.below(ctx, roots)
	if err != nil {
		return nil, fmt.Errorf("store: read who is below %d customers: %w", len(roots), err)
	}
	list := make([]ar.Relative, len(members))
	for i, m := range members { // a parent before its children
		top, ok := tops[m.ID]
		if !ok {
			top = tops[m.ParentID]
			tops[m.ID] = top
		}
		list[i] = ar.Relative{ID: m.ID, Parent: m.ParentID, Top: top, Source: m.SourceID}
	}
	slices.SortFunc(list, func(a, b ar.Relative) int { return int(a.ID - b.ID) })
	return list, nil
}

// above leads from customers and those above them to their parents, 0 for none.
func (r *reader) above(ctx context.Context, customers []ar.CustomerID) (map[ar.CustomerID]ar.CustomerID, error) {
	parents := map[ar.CustomerID]ar.CustomerID{}
	for next := ids(customers); len(next) > 0; {
		w := where{}
		w.in(r.dialect, "c.id", next)
		rows, err := findWhere[familyRow](ctx, r, familyColumns, w, `ORDER BY c.id`)
		if err != nil {
			return nil, err
		}
		next = nil
		for _, row := range rows {
			parents[row.ID] = row.ParentID
		}
		for _, row := range rows {
			if _, known := parents[row.ParentID]; !known && row.ParentID != 0 {
				next = append(next, int64(row.ParentID))
			}
		}
	}
	return parents, nil
}

// topsOf leads from each customer to the one at the top; of a circle that is the member
// with the lowest id.
func topsOf(parents map[ar.CustomerID]ar.CustomerID) map[ar.CustomerID]ar.CustomerID {
	tops := make(map[ar.CustomerID]ar.CustomerID, len(parents))
	for id := range parents {
		var path []ar.CustomerID
		for !slices.Contains(path, id) {
			path = append(path, id)
			if parents[id] == 0 {
				break
			}
			id = parents[id]
		}
		top := id
		if parents[id] != 0 { // of a circle, which begins where it was entered
			top = slices.Min(path[slices.Index(path, id):])
		}
		tops[path[0]] = top
	}
	return tops
}

const familyColumns = `SELECT c.id, COALESCE(c.parent_id, 0) AS parent_id, c.source_id FROM customers c`

// below lists customers and those below them, generation by generation: a recursive query
// reads all customers on PostgreSQL. Who was there already is not looked at again, so that
// a circle ends.
func (r *reader) below(ctx context.Context, customers []ar.CustomerID) (all []familyRow, err error) {
	there := map[ar.CustomerID]bool{}
	column, next := "c.id", ids(customers)
	for len(next) > 0 {
		w := where{}
		w.in(r.dialect, column, next)
		rows, err := findWhere[familyRow](ctx, r, familyColumns, w, `ORDER BY c.id`)
		if err != nil {
			return nil, err
		}
		column, next = "c.parent_id", nil
		for _, row := range rows {
			if !there[row.ID] {
				there[row.ID] = true
				all, next = append(all, row), append(next, int64(row.ID))
			}
		}
	}
	return all, nil
}
