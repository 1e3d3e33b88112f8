package bench

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/postgrestest"
	"arbot/internal/sampleco"
	arsync "arbot/sync"
)

const (
	actInvoices = 50_000
	promises    = 1_000
	disputes    = 300
)

// BenchmarkActs asks what people ask where people have recorded much: 1,000 promises
// and 300 disputes on 50,000 invoices. Beside it, in the same run, the same is asked
// before anything was recorded.
func BenchmarkActs(b *testing.B) {
	for _, engine := range []struct {
		name string
		dsn  func(testing.TB) string
	}{
		{"sqlite", func(t testing.TB) string { t.Helper(); return filepath.Join(t.TempDir(), "arbot.db") }},
		{"postgres", postgrestest.Start},
	} {
		b.Run(engine.name, func(b *testing.B) {
			dsn := engine.dsn(b)
			w := newBooks(b, dsn)
			analyze(b, engine.name, dsn)
			b.Run("bare", w.ask)
			w.record(b)
			analyze(b, engine.name, dsn)
			b.Run("recorded", w.ask)
		})
	}
}

// analyze does what PostgreSQL's autovacuum does within a minute of an import.
func analyze(b *testing.B, engine, dsn string) {
	b.Helper()
	if engine != "postgres" {
		return
	}
	db, err := sqlx.ConnectContext(b.Context(), "pgx", dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(b.Context(), "VACUUM ANALYZE"); err != nil {
		b.Fatal(err)
	}
}

// booksOfActs are books in which people record what customers say.
type booksOfActs struct {
	*desk.Desk

	now  time.Time
	nora ar.Actor
	// owed are open invoices, each of another account as far as they go.
	owed []ar.OpenItem
	// rep owns some of the accounts.
	rep string
}

func newBooks(b *testing.B, dsn string) *booksOfActs {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "books")
	company := sampleco.New(sampleco.Options{Seed: 1, Today: day, Customers: customers, Invoices: actInvoices})
	if err := company.WriteBundle(dir, day, clock()); err != nil {
		b.Fatal(err)
	}
	books := openAt(b, dsn)
	read(b, books, dir, arsync.Options{})
	w := &booksOfActs{now: clock(), nora: ar.Actor{User: "U1", Email: "nora@example.com", Roles: []ar.Role{ar.ARClerk}}}
	w.Desk = desk.New(books, func() time.Time { return w.now }, desk.Settings{
		Zone: time.UTC, Home: "USD", RepsSee: ar.RepsSeeOwn, StaleAfter: 24 * time.Hour, GraceDays: 1,
	})
	if err := books.View(b.Context(), func(r ar.Reader) (err error) {
		w.owed, err = r.OpenItems(b.Context(), ar.ItemQuery{AsOf: day.AddDays(-21), Scope: ar.Everything(), Owed: true})
		if err != nil {
			return err
		}
		rows, err := r.Aging(b.Context(), ar.AgingQuery{Rule: ar.NewAgingRule(day, ar.ByDueDate), Group: ar.ByOwner, Scope: ar.Everything()})
		w.rep = slices.MaxFunc(rows, func(a, b ar.AgingRow) int { return a.Items - b.Items }).Owner
		return err
	}); err != nil {
		b.Fatal(err)
	}
	return w
}

// record has people record promises over three weeks, by which some of them are kept and
// some broken, and open disputes.
func (w *booksOfActs) record(b *testing.B) {
	b.Helper()
	step := max(1, len(w.owed)/(promises+disputes))
	for i := range promises + disputes {
		item := w.owed[i*step]
		w.now = clock().AddDate(0, 0, i%21-21)
		if i%13 < 3 {
			if _, err := w.OpenDispute(b.Context(), w.nora, desk.DisputeInput{Document: item.ID, Amount: "half", Note: "Two boxes arrived crushed."}); err != nil && ar.KindOf(err) == "" {
				b.Fatal(err)
			}
			continue
		}
		draft := desk.PromiseDraft{Document: item.ID, Parts: []ar.Instalment{{Amount: item.Open, Due: w.Today().AddDays(2 + i%40)}}}
		if _, err := w.RecordPromise(b.Context(), w.nora, draft); err != nil && ar.KindOf(err) == "" {
			b.Fatal(err)
		}
	}
	w.now = clock()
	if _, err := w.JudgePromises(b.Context()); err != nil {
		b.Fatal(err)
	}
}

func (w *booksOfActs) ask(b *testing.B) {
	ctx := b.Context()
	item := w.owed[len(w.owed)/2]
	for _, question := range []struct {
		name string
		ask  func() error
	}{
		{"status", func() error {
			_, err := w.Status(ctx, w.nora, desk.StatusInput{Customer: item.Customer})
			return err
		}},
		{"overdue", func() error { _, err := w.Overdue(ctx, w.nora, desk.OverdueInput{Limit: 15}); return err }},
		{"overdue of a rep", func() error {
			_, err := w.Overdue(ctx, w.nora, desk.OverdueInput{Limit: 15, Owner: w.rep})
			return err
		}},
		{"reading a promise", func() error {
			_, _, err := w.ReadPromise(ctx, w.nora, desk.PromiseText{Text: item.Label() + " half on Friday, rest EOM"})
			return err
		}},
		{"reading a promise by name", func() error {
			_, _, err := w.ReadPromise(ctx, w.nora, desk.PromiseText{Text: "acme corporation 100.00 on Friday, 200.00 EOM"})
			return err
		}},
		{"promises", func() error { _, err := w.Promises(ctx, w.nora, desk.PromisesInput{Limit: 15}); return err }},
		{"disputes", func() error { _, err := w.Disputes(ctx, w.nora, desk.DisputesInput{Limit: 15}); return err }},
		{"AR digest", func() error {
			_, _, err := w.ComposeDigest(ctx, ar.Post{PostKey: ar.PostKey{Kind: ar.ARDigest, Route: "ar", Day: day}})
			return err
		}},
		{"rep digest", func() error {
			_, _, err := w.ComposeDigest(ctx, ar.Post{PostKey: ar.PostKey{Kind: ar.RepDigest, Route: "rep:" + w.rep, Day: day}})
			return err
		}},
	} {
		b.Run(question.name, func(b *testing.B) {
			for b.Loop() {
				if err := question.ask(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
