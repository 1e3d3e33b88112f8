package bench

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"arbot/ar"
	"arbot/internal/needs"
	"arbot/store"
)

// aMillion is how many invoices the figures for managers are measured on.
const aMillion = 1_000_000

// fill makes the books of a million invoices over a year and a half within the database:
// nine of ten are paid, at 10 to 69 days, one in fifty in two parts, one in five hundred
// is partly written off.
const fill = `
INSERT INTO sources (id, kind, external, name, home) VALUES (1, 'bundle', 'big', 'Big', 'USD');
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
INSERT INTO customers (id, source_id, external, name, number, aliases, terms, class, region, segment, fields, ledger_owner, owner, collector, inactive, deleted, fingerprint)
SELECT i, 1, 'C' || i, 'Customer ' || i, i, '[]', 'Net 30', '', '', 'segment ' || (i %% 5), '{}', '', 'rep' || (i %% 40) || '@example.com', '', 0, 0, 0 FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %[1]d)
INSERT INTO documents (id, source_id, kind, external, number, customer_id, currency, amount, effect, date, due, due_basis, terms, status, po, memo, url, closed_on, first_run, first_seen, fingerprint)
SELECT i, 1, 'invoice', i, 'INV-' || i, 1 + i * 7919 %% 20000, 'USD', 1000 + i * 104729 %% 900000, 1000 + i * 104729 %% 900000,
	%[2]d - 548 + i * 548 / %[1]d, %[2]d - 548 + i * 548 / %[1]d + 30, 'stated', 'Net 30', 'posted', '', '', '', 2147483647, 1, 0, 0 FROM n;
INSERT INTO documents (id, source_id, kind, external, number, customer_id, currency, amount, effect, date, due, due_basis, terms, status, po, memo, url, closed_on, first_run, first_seen, fingerprint)
SELECT id + %[1]d, 1, 'payment', id, 'CHK ' || id, customer_id, 'USD', amount, -amount, date + 10 + id * 31 %% 60, date, 'stated', '', 'posted', '', '', '', 2147483647, 1, 0, 0
FROM documents WHERE id <= %[1]d AND id %% 10 <> 0 AND date + 10 + id * 31 %% 60 <= %[2]d;
INSERT INTO applications (source_id, external, from_id, to_id, kind, currency, amount, date, effective, inferred, deleted, fingerprint)
SELECT 1, 'a' || id, id, id - %[1]d, 'payment', 'USD', CASE WHEN id %% 50 = 1 THEN amount / 2 WHEN id %% 500 = 2 THEN amount - 100 ELSE amount END, date, date, 0, 0, 0
FROM documents WHERE kind = 'payment';
INSERT INTO applications (source_id, external, from_id, to_id, kind, currency, amount, date, effective, inferred, deleted, fingerprint)
SELECT 1, 'b' || id, id, id - %[1]d, 'payment', 'USD', amount - amount / 2, date + 3, date + 3, 0, 0, 0
FROM documents WHERE kind = 'payment' AND id %% 50 = 1;
INSERT INTO applications (source_id, external, to_id, kind, currency, amount, date, effective, inferred, deleted, fingerprint)
SELECT 1, 'w' || id, id - %[1]d, 'write_off', 'USD', 100, date + 20, date + 20, 0, 0, 0
FROM documents WHERE kind = 'payment' AND id %% 500 = 2;
UPDATE documents SET closed_on = s.last FROM (SELECT to_id, sum(amount) AS applied, max(effective) AS last FROM applications GROUP BY to_id) AS s
WHERE documents.id = s.to_id AND documents.effect = s.applied;
UPDATE documents SET closed_on = s.last FROM (SELECT from_id, sum(amount) AS applied, max(effective) AS last FROM applications WHERE from_id IS NOT NULL GROUP BY from_id) AS s
WHERE documents.id = s.from_id AND documents.effect = -s.applied;
ANALYZE;`

// plainAging is the aging as of a date, and plainSums are the weekly sums, as one writes
// them in the database's shell without knowing what the store keeps.
const plainAging = `
SELECT o.currency, CASE WHEN o.open < 0 THEN -1 WHEN o.due >= %[1]d THEN 0 WHEN o.due >= %[1]d - 30 THEN 1
	WHEN o.due >= %[1]d - 60 THEN 2 WHEN o.due >= %[1]d - 90 THEN 3 ELSE 4 END AS bucket, sum(o.open), count(*)
FROM (SELECT d.currency, d.due, d.effect - COALESCE(t.amount, 0) + COALESCE(f.amount, 0) AS open
	FROM documents d
	LEFT JOIN (SELECT to_id, sum(amount) AS amount FROM applications WHERE effective <= %[1]d GROUP BY to_id) AS t ON t.to_id = d.id
	LEFT JOIN (SELECT from_id, sum(amount) AS amount FROM applications WHERE effective <= %[1]d AND from_id IS NOT NULL GROUP BY from_id) AS f ON f.from_id = d.id
	WHERE d.status = 'posted' AND d.date <= %[1]d) AS o
WHERE o.open <> 0 GROUP BY 1, 2;
`

const plainSums = `
SELECT d.currency, d.kind, (%[1]d - d.date) / 7 AS week, sum(d.effect), sum(d.effect * (d.due - d.date))
FROM documents d WHERE d.status = 'posted' AND d.date > %[1]d - 7 * %[2]d AND d.date <= %[1]d GROUP BY 1, 2, 3;
SELECT d.currency, d.kind, a.kind, (%[1]d - a.effective) / 7 AS week, sum(a.amount)
FROM applications a JOIN documents d ON d.id = COALESCE(a.from_id, a.to_id)
WHERE (a.from_id IS NULL OR a.kind = 'write_off') AND a.effective > %[1]d - 7 * %[2]d AND a.effective <= %[1]d GROUP BY 1, 2, 3, 4;
SELECT p.currency, (%[1]d - p.last) / 7 AS week, count(*), sum(p.rest), sum(p.rest * (p.last - p.date)), sum(p.rest * (p.due - p.date)), sum(p.rest * max(0, p.last - p.due))
FROM (SELECT d.currency, d.date, d.due, d.effect, d.effect - sum(CASE a.kind WHEN 'write_off' THEN a.amount ELSE 0 END) AS rest,
		max(CASE WHEN a.kind <> 'write_off' THEN a.effective END) AS last, sum(a.amount) AS applied
	FROM documents d JOIN applications a ON a.to_id = d.id AND a.effective <= %[1]d
	WHERE d.kind = 'invoice' AND d.status = 'posted' AND d.effect > 0 AND d.date <= %[1]d GROUP BY d.id) AS p
WHERE p.applied = p.effect AND p.last > %[1]d - 7 * %[2]d GROUP BY 1, 2;
`

const weeks = 13

// BenchmarkMillion asks for the aging as of half a year ago and for thirteen weeks of
// sums on a million invoices, and for the same in the sqlite3 shell on the same file.
func BenchmarkMillion(b *testing.B) {
	books, path := million(b)
	cuts := ar.WeekCuts(day, weeks)
	agings := make([]ar.Date, 0, weeks+1)
	agings = append(agings, cuts...)
	asOf := day.AddDays(-180)
	for _, question := range []struct {
		name, plain string
		ask         func(ar.Reader) error
	}{
		{"aging half a year ago", aging(asOf), func(r ar.Reader) error {
			_, err := r.Aging(b.Context(), ar.AgingQuery{Rule: ar.NewAgingRule(asOf, ar.ByDueDate), Group: ar.WholeBook, Scope: ar.Everything()})
			return err
		}},
		{"weekly sums", aging(agings...) + fmt.Sprintf(plainSums, day.EpochDays(), weeks), func(r ar.Reader) error {
			_, err := r.LedgerSums(b.Context(), ar.SumRule{Cuts: cuts}, ar.Everything())
			return err
		}},
		{"monthly sums", "", func(r ar.Reader) error {
			_, err := r.LedgerSums(b.Context(), ar.SumRule{Cuts: ar.MonthCuts(day, 12)}, ar.Everything())
			return err
		}},
		{"monthly sums by owner", "", func(r ar.Reader) error {
			by := []ar.Dimension{ar.PerBook, ar.PerOwner}
			_, err := r.LedgerSums(b.Context(), ar.SumRule{Cuts: ar.MonthCuts(day, 12), By: by}, ar.Everything())
			return err
		}},
	} {
		b.Run(question.name, func(b *testing.B) {
			var took time.Duration
			for b.Loop() {
				start := time.Now()
				if err := books.View(b.Context(), question.ask); err != nil {
					b.Fatal(err)
				}
				took += time.Since(start)
			}
			if question.plain == "" {
				return
			}
			inShell := shell(b, path, question.plain)
			b.ReportMetric(inShell.Seconds(), "s/shell")
			b.ReportMetric(took.Seconds()/float64(b.N)/inShell.Seconds(), "x_shell")
		})
	}
}

// aging is the text of agings as of dates.
func aging(asOf ...ar.Date) string {
	var b strings.Builder
	for _, d := range asOf {
		fmt.Fprintf(&b, plainAging, d.EpochDays())
	}
	return b.String()
}

// million returns the books of a million invoices, and their file.
func million(b *testing.B) (*store.Store, string) {
	b.Helper()
	books := open(b)
	path := filepath.Join(b.TempDir(), "big.db")
	if err := books.Backup(b.Context(), path); err != nil {
		b.Fatal(err)
	}
	db, err := sqlx.ConnectContext(b.Context(), "sqlite3", path)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(b.Context(), fmt.Sprintf(fill, aMillion, day.EpochDays())); err != nil {
		b.Fatal(err)
	}
	return openAt(b, path), path
}

// shell times a script in the sqlite3 shell, with the cache that the store's readers
// have. The store was asked before, so that the file is in the system's cache.
func shell(b *testing.B, path, script string) time.Duration {
	b.Helper()
	program := needs.Program(b, "sqlite3", "comparison with the sqlite3 shell: apt-get install sqlite3")
	cmd := exec.CommandContext(b.Context(), program, path)
	cmd.Stdin = strings.NewReader("PRAGMA cache_size = -16000;\n" + script)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	start := time.Now()
	if err := cmd.Run(); err != nil || complaints.Len() > 0 {
		b.Fatalf("sqlite3: %v: %.300s", err, complaints.String())
	}
	return time.Since(start)
}
