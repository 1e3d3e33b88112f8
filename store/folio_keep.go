package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"arbot/ar"
)

// Folios are kept after the transaction that made them, if none of them was dropped since:
// changed counts that, and a row of a folio is never taken away. A writer drops the
// folios of the documents that it touches in its own transaction; on PostgreSQL two that are
// at the same row at once conflict, and one of them runs again. So what is kept is what
// would be made anew, in every state of the books that a transaction can see.

// keptAtOnce is how many folios are kept in one transaction, so that nobody waits long for
// the writer.
const keptAtOnce = 64

// keepFolios keeps what a View has made. What can't be kept now is made anew by the next
// one that needs it, so nobody is told but the log.
func (s *Store) keepFolios(ctx context.Context, made []folioRow) {
	for rows := range slices.Chunk(made, keptAtOnce) {
		err := s.inTx(ctx, s.write, s.dialect.update, func(sqlTx *sqlx.Tx, now time.Time) error {
			t := &tx{reader: reader{conn: sqlTx, dialect: s.dialect, now: now}}
			return t.keepFolios(ctx, rows)
		})
		switch {
		case err == nil:
		case s.dialect.conflict(err):
			s.log.DebugContext(ctx, "folios not kept: they have changed meanwhile", "folios", len(rows))
		default:
			s.log.WarnContext(ctx, "folios not kept, so that figures of the whole book stay slow", "error", err)
			return
		}
	}
}

func (t *tx) keepFolios(ctx context.Context, made []folioRow) error {
	values := make([]any, 0, len(made)*keepFolio.columns)
	for _, f := range made {
		values = append(values, int64(f.Source), f.No, f.Changed, f.Content)
	}
	if err := keepFolio.run(ctx, t, values, nil); err != nil {
		return fmt.Errorf("store: keep %d folios: %w", len(made), err)
	}
	return nil
}

var keepFolio = newBulk(`INSERT INTO folios (source_id, no, changed, content) VALUES`, make([]string, 4), `
	ON CONFLICT (no, source_id) DO UPDATE SET content = excluded.content WHERE folios.changed = excluded.changed`)

// touch notes documents that were written, or of which an application was.
func (t *tx) touch(documents ...int64) {
	if t.touchedFolios == nil {
		t.touchedFolios = map[int64]bool{}
	}
	for _, id := range documents {
		t.touchedFolios[folioOf(id)] = true
	}
}

// dropFolios drops those of the documents of a source that were touched. One that was
// never made gets a row, too: somebody may be about to keep it.
func (t *tx) dropFolios(ctx context.Context, source ar.SourceID) error {
	numbers := make([]int64, 0, len(t.touchedFolios))
	for no := range t.touchedFolios {
		numbers = append(numbers, no)
	}
	slices.Sort(numbers) // all in one order, so that two writers can't wait for each other
	values := make([]any, 0, len(numbers)*dropFolio.columns)
	for _, no := range numbers {
		values = append(values, int64(source), no, int64(1))
	}
	t.touchedFolios = nil
	if err := dropFolio.run(ctx, t, values, nil); err != nil {
		return fmt.Errorf("drop %d folios: %w", len(numbers), err)
	}
	return nil
}

var dropFolio = newBulk(`INSERT INTO folios (source_id, no, changed) VALUES`, make([]string, 3), `
	ON CONFLICT (no, source_id) DO UPDATE SET changed = folios.changed + 1, content = NULL`)
