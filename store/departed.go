package store

import (
	"context"
	"fmt"
	"strings"

	"arbot/ar"
)

type wentRow struct{ External, Went string }

type departedRow struct {
	External, Name           string
	Deleted, Acts, Documents int64
}

// aboutCustomers are the tables of what people add to customers.
var aboutCustomers = []string{
	"promises", "disputes", "notes", "contact_facts", "claims", "snoozes", "assignments", "subscriptions", "escalations",
}

// Departed lists the customers that are gone or inactive and have no winner, by key.
func (t *tx) Departed(ctx context.Context, s ar.SourceID, gone []ar.Key) ([]ar.Departed, error) {
	moved, err := t.moved(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("store: list where documents of source %d went: %w", s, err)
	}
	went := map[string][]ar.Key{}
	keys := make([]string, 0, len(gone)+len(moved))
	for _, key := range gone {
		keys = append(keys, string(key))
	}
	for _, m := range moved {
		went[m.External] = append(went[m.External], ar.Key(m.Went))
		keys = append(keys, m.External)
	}
	if len(keys) == 0 {
		return nil, nil
	}
	w := where{}
	w.and("c.source_id = ?", s)
	w.in(t.dialect, "c.external", keys)
	w.and("c.merged_into IS NULL AND (c.deleted = 1 OR c.inactive = 1 AND NOT " + hasDocuments + ")")
	rows, err := findWhere[departedRow](ctx, &t.reader, `
		SELECT c.external, c.name, c.deleted, CASE WHEN `+hasActs+` THEN 1 ELSE 0 END AS acts,
			CASE WHEN `+hasDocuments+` THEN 1 ELSE 0 END AS documents
		FROM customers c`, w, "ORDER BY c.external")
	if err != nil {
		return nil, fmt.Errorf("store: list customers of source %d that are gone: %w", s, err)
	}
	list := make([]ar.Departed, len(rows))
	for i, row := range rows {
		list[i] = ar.Departed{
			Key: ar.Key(row.External), Name: row.Name, Inactive: row.Deleted == 0,
			Went: went[row.External], Documents: row.Documents != 0, Acts: row.Acts != 0,
		}
	}
	return list, nil
}

// moved lists from and to which customers documents went since the source was last read to
// the end, where the first of them is gone or inactive. An index holds these documents alone.
func (t *tx) moved(ctx context.Context, s ar.SourceID) ([]wentRow, error) {
	return find[wentRow](ctx, &t.reader, `
		SELECT DISTINCT c.external, w.external AS went
		FROM documents d JOIN customers c ON c.id = d.came_from JOIN customers w ON w.id = d.customer_id
		WHERE d.source_id = ? AND d.came_from IS NOT NULL AND d.came_from <> d.customer_id AND d.status <> 'deleted'
			AND (c.deleted = 1 OR c.inactive = 1) AND c.merged_into IS NULL AND w.deleted = 0
		ORDER BY c.external, w.external`, s)
}

const hasDocuments = `EXISTS (SELECT 1 FROM documents d WHERE d.customer_id = c.id AND d.status <> 'deleted')`

// hasActs tells whether people added something to a customer.
var hasActs = func() string {
	some := make([]string, len(aboutCustomers))
	for i, table := range aboutCustomers {
		some[i] = `EXISTS (SELECT 1 FROM ` + table + ` a WHERE a.customer_id = c.id)`
	}
	return "(" + strings.Join(some, " OR ") + ")"
}()

// settleIn forgets where documents of a source came from: it was read to the end, and who
// was merged is known, or will not be known any more.
func (t *tx) settleIn(ctx context.Context, s ar.SourceID) error {
	if _, err := t.exec(ctx, `UPDATE documents SET came_from = NULL WHERE source_id = ? AND came_from IS NOT NULL`, s); err != nil {
		return fmt.Errorf("store: forget where documents of source %d came from: %w", s, err)
	}
	return nil
}
