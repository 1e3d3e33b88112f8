package store

import (
	"context"
	"fmt"

	"arbot/ar"
)

// DocumentsAt lists the documents that their ledgers show under an address, by id.
// Addresses have no index: somebody pastes one now and then, and a million documents are
// looked through in a tenth of a second. An index would be as large as the table, and each
// import would pay for it.
func (r *reader) DocumentsAt(ctx context.Context, address string) ([]ar.Document, error) {
	if address == "" {
		return nil, nil
	}
	rows, err := find[documentRow](ctx, r, `SELECT `+documentColumns+` FROM documents d WHERE d.url = ? ORDER BY d.id`, address)
	if err != nil {
		return nil, fmt.Errorf("store: documents at an address: %w", err)
	}
	documents := make([]ar.Document, len(rows))
	for i, row := range rows {
		documents[i] = row.document()
	}
	return documents, nil
}
