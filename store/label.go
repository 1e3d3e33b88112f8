package store

import (
	"context"
	"encoding/json"
	"fmt"

	"arbot/ar"
)

type labelRow struct {
	ID     ar.CustomerID
	Labels string
}

// LatestLabels returns, for each customer of a source, the labels of its latest posted
// document that has any. The index by customer holds labelled documents only: a ledger
// without labels is answered at once.
func (r *reader) LatestLabels(ctx context.Context, s ar.SourceID) (map[ar.CustomerID]map[string]string, error) {
	rows, err := find[labelRow](ctx, r, `
		SELECT l.id, l.labels FROM (
			SELECT c.id, (
				SELECT d.labels FROM documents d
				WHERE d.customer_id = c.id AND d.labels <> '' AND d.status = 'posted'
				ORDER BY d.date DESC, d.id DESC LIMIT 1
			) AS labels
			FROM customers c WHERE c.source_id = ? AND c.deleted = 0
		) AS l WHERE l.labels IS NOT NULL`, s)
	if err != nil {
		return nil, fmt.Errorf("store: list the latest labels of source %d: %w", s, err)
	}
	latest := make(map[ar.CustomerID]map[string]string, len(rows))
	for _, row := range rows {
		var labels map[string]string
		if err := json.Unmarshal([]byte(row.Labels), &labels); err != nil {
			return nil, fmt.Errorf("store: labels of a document of customer %d: %w", row.ID, err)
		}
		latest[row.ID] = labels
	}
	return latest, nil
}
