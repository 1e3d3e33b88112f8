package bench

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/ar/metric"
)

// plainChanges is how the overdue of each customer moved in a week, and plainTerms what
// was granted in four, as one writes them in the database's shell.
const plainChanges = `
SELECT c.name, c.owner, o.currency, sum(CASE WHEN o.was > 0 AND o.due < %[1]d - 7 THEN o.was ELSE 0 END), sum(CASE WHEN o.now > 0 AND o.due < %[1]d THEN o.now ELSE 0 END),
	sum(CASE WHEN o.now > 0 AND o.due < %[1]d - 90 THEN o.now ELSE 0 END), sum(o.paid), sum(o.credited), sum(o.written)
FROM (SELECT d.customer_id, d.currency, d.due,
		CASE WHEN d.date <= %[1]d - 7 THEN d.effect - COALESCE(t.before, 0) + COALESCE(f.before, 0) ELSE 0 END AS was,
		d.effect - COALESCE(t.amount, 0) + COALESCE(f.amount, 0) AS now, t.paid, t.credited, t.written
	FROM documents d
	LEFT JOIN (SELECT to_id, sum(amount) AS amount, sum(CASE WHEN effective <= %[1]d - 7 THEN amount ELSE 0 END) AS before,
			sum(CASE WHEN effective > %[1]d - 7 AND kind = 'payment' THEN amount ELSE 0 END) AS paid,
			sum(CASE WHEN effective > %[1]d - 7 AND kind = 'credit' THEN amount ELSE 0 END) AS credited,
			sum(CASE WHEN effective > %[1]d - 7 AND kind = 'write_off' THEN amount ELSE 0 END) AS written
		FROM applications WHERE effective <= %[1]d GROUP BY to_id) AS t ON t.to_id = d.id
	LEFT JOIN (SELECT from_id, sum(amount) AS amount, sum(CASE WHEN effective <= %[1]d - 7 THEN amount ELSE 0 END) AS before
		FROM applications WHERE effective <= %[1]d AND from_id IS NOT NULL GROUP BY from_id) AS f ON f.from_id = d.id
	WHERE d.status = 'posted' AND d.date <= %[1]d AND d.due < %[1]d) AS o
JOIN customers c ON c.id = o.customer_id WHERE o.was > 0 OR o.now > 0 GROUP BY o.customer_id, o.currency;
`

const plainTerms = `
SELECT c.terms, d.currency, d.date, count(*), sum(d.effect), sum(d.effect * (d.due - d.date))
FROM documents d JOIN customers c ON c.id = d.customer_id
WHERE d.status = 'posted' AND d.kind = 'invoice' AND d.date > %[1]d - 28 AND d.date <= %[1]d GROUP BY 1, 2, 3;
`

// BenchmarkMillionWeekly asks for all sums of the weekly digest on a million invoices:
// agings and flows at thirteen week ends and fifteen month ends, how the overdue of each
// account moved, and the terms granted; and for the same in the sqlite3 shell on the same
// file.
func BenchmarkMillionWeekly(b *testing.B) {
	books, path := million(b)
	since := day.AddDays(-7)
	cuts := metric.WeeklyCuts(day, since)
	sums := func(r ar.Reader) error {
		_, err := r.LedgerSums(b.Context(), ar.SumRule{Cuts: cuts}, ar.Everything())
		return err
	}
	changes := func(r ar.Reader) error {
		_, err := r.OverdueChanges(b.Context(), since, day, ar.Everything())
		return err
	}
	terms := func(r ar.Reader) error {
		_, err := r.TermsGiven(b.Context(), day.AddDays(-28), day, ar.Everything())
		return err
	}
	weeks := (day.Sub(cuts[0]) + 6) / 7
	plain := map[string]string{
		"sums":    aging(cuts...) + fmt.Sprintf(plainSums, day.EpochDays(), weeks),
		"changes": fmt.Sprintf(plainChanges, day.EpochDays()),
		"terms":   fmt.Sprintf(plainTerms, day.EpochDays()),
	}
	for _, question := range []struct {
		name string
		ask  []func(ar.Reader) error
		of   []string
	}{
		{"sums", []func(ar.Reader) error{sums}, []string{"sums"}},
		{"changes", []func(ar.Reader) error{changes}, []string{"changes"}},
		{"terms", []func(ar.Reader) error{terms}, []string{"terms"}},
		{"all", []func(ar.Reader) error{sums, changes, terms}, []string{"sums", "changes", "terms"}},
	} {
		b.Run(question.name, func(b *testing.B) {
			var took time.Duration
			for b.Loop() {
				start := time.Now()
				err := books.View(b.Context(), func(r ar.Reader) error {
					for _, ask := range question.ask {
						if err := ask(r); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
				took += time.Since(start)
			}
			var script strings.Builder
			for _, of := range question.of {
				script.WriteString(plain[of])
			}
			inShell := shell(b, path, script.String())
			b.ReportMetric(inShell.Seconds(), "s/shell")
			b.ReportMetric(took.Seconds()/float64(b.N)/inShell.Seconds(), "x_shell")
		})
	}
}
