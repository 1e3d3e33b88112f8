// Package bench measures what people wait for, on a book of a hundred thousand
// invoices. docs/performance.md says what came out.
package bench

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/sampleco"
	"arbot/store"
	arsync "arbot/sync"
	"arbot/sync/file"
)

const (
	invoices  = 100_000
	customers = 4_000
)

var day = ar.NewDate(2026, time.November, 25)

func clock() time.Time { return time.Date(2026, time.November, 25, 17, 0, 0, 0, time.UTC) }

// bundle writes the books of a large company.
func bundle(b *testing.B) string {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "books")
	company := sampleco.New(sampleco.Options{Seed: 1, Today: day, Customers: customers, Invoices: invoices})
	if err := company.WriteBundle(dir, day, clock()); err != nil {
		b.Fatal(err)
	}
	return dir
}

func open(b *testing.B) *store.Store {
	b.Helper()
	return openAt(b, filepath.Join(b.TempDir(), "arbot.db"))
}

func openAt(b *testing.B, path string) *store.Store {
	b.Helper()
	books, err := store.Open(b.Context(), store.Options{
		DSN: path, Now: clock, Logger: slog.New(slog.DiscardHandler), AutoMigrate: true,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = books.Close() })
	return books
}

func read(b *testing.B, books *store.Store, dir string, o arsync.Options) arsync.Report {
	b.Helper()
	engine := &arsync.Engine{Books: books, Now: clock}
	report, err := engine.Sync(b.Context(), file.NewBundle(dir), o)
	if err != nil {
		b.Fatal(err)
	}
	return report
}

// BenchmarkImport reads the bundle into empty books, checks and tie-out
// included, and then once more.
func BenchmarkImport(b *testing.B) {
	dir := bundle(b)
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			read(b, open(b), dir, arsync.Options{})
		}
	})
	b.Run("again", func(b *testing.B) {
		books := open(b)
		read(b, books, dir, arsync.Options{})
		for b.Loop() {
			if report := read(b, books, dir, arsync.Options{Full: true}); report.Added+report.Changed+report.Removed > 0 {
				b.Fatalf("the second reading changed something: %s", report)
			}
		}
	})
}

// BenchmarkAnswers asks what people ask.
func BenchmarkAnswers(b *testing.B) {
	books := open(b)
	read(b, books, bundle(b), arsync.Options{})
	d := desk.New(books, clock, desk.Settings{Zone: time.UTC, Home: "USD", RepsSee: ar.RepsSeeOwn, StaleAfter: 24 * time.Hour})
	nora := ar.Actor{User: "U1", Email: "nora@example.com", Roles: []ar.Role{ar.ARClerk}}
	for _, question := range []struct {
		name string
		ask  func() error
	}{
		{"status acme", func() error {
			_, err := d.Status(b.Context(), nora, desk.StatusInput{Text: "acme corporation"})
			return err
		}},
		{"status with a typo", func() error {
			if _, err := d.Status(b.Context(), nora, desk.StatusInput{Text: "acme corporatoin"}); ar.KindOf(err) != ar.NotFound {
				return err
			}
			return nil
		}},
		{"overdue", func() error { _, err := d.Overdue(b.Context(), nora, desk.OverdueInput{Limit: 15}); return err }},
		{"aging", func() error { _, err := d.Aging(b.Context(), nora, desk.AgingInput{}); return err }},
		{"aging half a year ago", func() error {
			_, err := d.Aging(b.Context(), nora, desk.AgingInput{AsOf: day.AddDays(-180)})
			return err
		}},
		{"AR digest", func() error {
			_, _, err := d.ComposeDigest(b.Context(), ar.Post{PostKey: ar.PostKey{Kind: ar.ARDigest, Route: "ar", Day: day}})
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
