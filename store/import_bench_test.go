package store_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"arbot/ar"
	"arbot/internal/needs"
	"arbot/store/storetest"
)

// bigLedger makes a ledger of 5,000 customers and bigInvoices invoices, each with a payment and
// its application, in pages of the size that a sync writes.
func bigLedger() []ar.Page {
	const n, customers, pageSize = bigInvoices, 5000, 2000
	dice := rand.New(rand.NewPCG(1, 2))
	var all []ar.Page
	var page ar.Page
	add := func(force bool) {
		if page.Len() >= pageSize || force && page.Len() > 0 {
			all = append(all, page)
			page = ar.Page{}
		}
	}
	first := []string{"Acme", "Birch", "Cedar", "Delta", "Elm", "Falcon", "Granite", "Harbor", "Iris", "Juniper", "Kestrel", "Lumen"}
	second := []string{"Foods", "Traders", "Supply", "Logistics", "Print", "Interiors", "Labs", "Motors", "Textiles", "Systems"}
	for i := range customers {
		page.Customers = append(page.Customers, ar.CustomerRecord{
			External: fmt.Sprintf("C%05d", i), Number: strconv.Itoa(40000 + i), Terms: "Net 30",
			Name:  fmt.Sprintf("%s %s %s %d", first[i%12], first[i/12%12], second[i/144%10], i),
			Owner: fmt.Sprintf("rep%02d@example.com", i%40), Region: "West", Fields: map[string]string{"tier": "b"},
		})
		add(false)
	}
	add(true)
	start := ar.NewDate(2025, time.November, 1)
	invoice := func(i int) (ar.DocumentRecord, ar.Date) {
		date := start.AddDays(i * 365 / n)
		return ar.DocumentRecord{
			Ref: ar.Ref{Kind: ar.Invoice, External: fmt.Sprintf("inv-%d", 100000+i)}, Number: fmt.Sprintf("INV-%06d", i),
			Customer: fmt.Sprintf("C%05d", dice.IntN(customers)), Amount: ar.NewMoney(1000+dice.Int64N(900000), "USD"),
			Date: date, Due: date.AddDays(30), Terms: "Net 30", Status: ar.Posted, PO: fmt.Sprintf("PO-%d", dice.IntN(99999)),
		}, date
	}
	invoices := make([]ar.DocumentRecord, n)
	for i := range n {
		invoices[i], _ = invoice(i)
		page.Documents = append(page.Documents, invoices[i])
		add(false)
	}
	for i := range n {
		page.Documents = append(page.Documents, ar.DocumentRecord{
			Ref: ar.Ref{Kind: ar.Payment, External: fmt.Sprintf("pay-%d", 500000+i)}, Number: fmt.Sprintf("CHK %d", i),
			Customer: invoices[i].Customer, Amount: invoices[i].Amount, Date: invoices[i].Date.AddDays(20 + dice.IntN(40)),
			Status: ar.Posted,
		})
		add(false)
	}
	add(true)
	for i := range n {
		page.Applications = append(page.Applications, ar.ApplicationRecord{
			External: fmt.Sprintf("app-%d", i), From: ar.Ref{Kind: ar.Payment, External: fmt.Sprintf("pay-%d", 500000+i)},
			To: invoices[i].Ref, Kind: ar.ByPayment, Amount: invoices[i].Amount, Date: invoices[i].Date.AddDays(60),
		})
		add(false)
	}
	add(true)
	return all
}

const bigInvoices = 100_000

func importPages(b *testing.B, books *storetest.Books, pages []ar.Page) time.Duration {
	b.Helper()
	l := books.Ledger(b, "a")
	run := l.Start(b, true)
	start := time.Now()
	for _, p := range pages {
		l.Put(b, run, p)
	}
	took := time.Since(start)
	books.Write(b, func(tx ar.Tx) error { return tx.FinishRun(b.Context(), run, ar.SyncMark{}, "") })
	return took
}

// BenchmarkImport brings 100,000 invoices with payments and applications in, a first
// and a second time, and reports the first as a ratio to the sqlite3 shell, which
// imports the rows that came of it, as CSV, into the same tables with the same indexes.
func BenchmarkImport(b *testing.B) {
	pages := bigLedger()
	b.Run("sqlite", func(b *testing.B) {
		var first, again time.Duration
		var books *storetest.Books
		for b.Loop() {
			books = storetest.SQLite(b)
			first += importPages(b, books, pages)
			again += importPages(b, books, pages)
		}
		b.ReportMetric(first.Seconds()/float64(b.N), "s/first")
		b.ReportMetric(again.Seconds()/float64(b.N), "s/again")
		shell := shellImport(b, books)
		b.ReportMetric(shell.Seconds(), "s/shell")
		b.ReportMetric(first.Seconds()/float64(b.N)/shell.Seconds(), "x_shell")
	})
	b.Run("postgres", func(b *testing.B) {
		for b.Loop() {
			books := storetest.Postgres(b)
			b.ReportMetric(importPages(b, books, pages).Seconds(), "s/first")
			b.ReportMetric(importPages(b, books, pages).Seconds(), "s/again")
		}
	})
}

// shellImport times the shell on the content of books.
func shellImport(b *testing.B, books *storetest.Books) time.Duration {
	b.Helper()
	shell := needs.Program(b, "sqlite3", "comparison with the sqlite3 shell: apt-get install sqlite3")
	dir := b.TempDir()
	run := func(script string) time.Duration {
		cmd := exec.CommandContext(b.Context(), shell, filepath.Join(dir, "shell.db"))
		cmd.Stdin = strings.NewReader(script)
		var complaints bytes.Buffer
		cmd.Stderr = &complaints
		start := time.Now()
		if err := cmd.Run(); err != nil || complaints.Len() > 0 {
			b.Fatalf("sqlite3: %v: %.300s", err, complaints.String())
		}
		return time.Since(start)
	}
	db, err := sqlx.ConnectContext(b.Context(), "sqlite3", books.DSN)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	var script strings.Builder
	script.WriteString("PRAGMA journal_mode = WAL;\nPRAGMA synchronous = FULL;\nPRAGMA cache_size = -64000;\n.mode csv\n")
	for _, table := range []string{"sources", "customers", "documents", "applications"} {
		var schema []string
		if err := db.SelectContext(b.Context(), &schema,
			`SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC`, table); err != nil {
			b.Fatal(err)
		}
		// CSV has no NULL: in the shell's tables it is an empty text, which a strict
		// table refuses and the partial indexes must leave out.
		asText := strings.NewReplacer(") STRICT", ")", " IS NOT NULL", " <> ''")
		run(asText.Replace(strings.Join(schema, ";\n") + ";"))
		file := filepath.Join(dir, table+".csv")
		writeCSV(b, db, table, file)
		fmt.Fprintf(&script, ".import %s %s\n", file, table)
	}
	return run(script.String())
}

func writeCSV(b *testing.B, db *sqlx.DB, table, path string) {
	b.Helper()
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w := csv.NewWriter(f)
	rows, err := db.QueryxContext(b.Context(), `SELECT * FROM `+table) //nolint:unqueryvet // all columns are the point
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		values, err := rows.SliceScan()
		if err != nil {
			b.Fatal(err)
		}
		record := make([]string, len(values))
		for i, v := range values {
			if v != nil {
				record[i] = fmt.Sprint(v)
			}
		}
		if err := w.Write(record); err != nil {
			b.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	w.Flush()
	if err := w.Error(); err != nil {
		b.Fatal(err)
	}
}
