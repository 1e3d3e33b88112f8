package bench

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"arbot/ar"
	"arbot/internal/fakeqbo"
	"arbot/store"
	arsync "arbot/sync"
	"arbot/sync/oauth"
	"arbot/sync/quickbooks"
)

const realm = "9130"

// answers is a folder with the answers of a QuickBooks company, each in a file
// that is named by what was asked. As a RoundTripper it gives them again, so that
// what is measured is not the server that made them.
type answers struct {
	dir string
	// behind, where set, is asked for what is not there yet.
	behind http.RoundTripper
}

func (a answers) path(r *http.Request) string {
	sum := sha256.Sum256([]byte(r.URL.RequestURI()))
	return filepath.Join(a.dir, hex.EncodeToString(sum[:8])+".json")
}

// RoundTrip answers from the folder.
func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	f, err := os.Open(a.path(r)) //nolint:gosec // G703: the name is a hash
	if errors.Is(err, os.ErrNotExist) && a.behind != nil {
		return a.record(r)
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, ContentLength: info.Size(), Body: f, Header: http.Header{}, Request: r}, nil
}

func (a answers) record(r *http.Request) (*http.Response, error) {
	resp, err := a.behind.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", r.URL, resp.Status, text)
	}
	if err == nil {
		err = os.WriteFile(a.path(r), text, 0o600) //nolint:gosec // G703: the name is a hash
	}
	resp.Body = io.NopCloser(bytes.NewReader(text))
	return resp, err
}

// pass stands for tokens that are always good.
type pass struct{}

func (pass) Access(context.Context) (oauth.Secret, error)              { return "good", nil }
func (pass) Renew(context.Context, oauth.Secret) (oauth.Secret, error) { return "good", nil }
func (pass) Lost(context.Context, string) error                        { return nil }

// company returns a source that is answered by a RoundTripper, at no pace.
func company(url string, line http.RoundTripper) *quickbooks.Source {
	now := clock()
	client := quickbooks.NewClient(quickbooks.ClientConfig{
		Realm: realm, URL: url, Tokens: pass{}, HTTP: &http.Client{Transport: line}, Rand: rand.Reader,
		Now:  func() time.Time { return now },
		Wait: func(ctx context.Context, d time.Duration) error { now = now.Add(d); return ctx.Err() },
	})
	return quickbooks.NewSource(ar.Connection{Company: realm, Title: "Larkspur Supply", Home: "USD"}, client,
		quickbooks.Settings{OwnerField: "Sales Rep", BadDebtItems: []string{"Bad debt"}, Zone: time.UTC, Now: clock})
}

const host = "http://quickbooks.invalid"

// recorded reads a company with a hundred thousand invoices once, and keeps what it
// answered.
func recorded(tb testing.TB) string {
	tb.Helper()
	dir := os.Getenv("ARBOT_BENCH_ANSWERS") // to keep it over several runs
	if dir == "" {
		dir = tb.TempDir()
	}
	if list, err := filepath.Glob(filepath.Join(dir, "*.json")); err == nil && len(list) > 0 {
		return dir
	}
	now := clock().Add(-24 * time.Hour) // what was written shortly before is read twice
	books := fakeqbo.NewCompany(realm, "Larkspur Supply", func() time.Time { return now })
	books.Configure(func(s *fakeqbo.Settings) { s.MultiCurrency, s.CustomFields = true, []string{"Sales Rep"} })
	books.SetRate("EUR", "1.1427")
	books.Grow(mathrand.New(mathrand.NewPCG(1, 1)), invoices)
	now = clock()
	line := answers{dir: dir, behind: direct{books}}
	if _, err := firstSync(tb.Context(), filepath.Join(tb.TempDir(), "record.db"), line); err != nil {
		tb.Fatal(err)
	}
	return dir
}

// direct calls a handler without a network.
type direct struct{ http.Handler }

// RoundTrip has the handler answer.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Result(), nil
}

// firstSync reads a company into new books.
func firstSync(ctx context.Context, dsn string, line http.RoundTripper) (arsync.Report, error) {
	books, err := store.Open(ctx, store.Options{DSN: dsn, Now: clock, Logger: slog.New(slog.DiscardHandler), AutoMigrate: true})
	if err != nil {
		return arsync.Report{}, err
	}
	defer books.Close()
	// The engine fits its transactions to the time that they take.
	engine := &arsync.Engine{Books: books, Now: time.Now}
	return engine.Sync(ctx, company(host, line), arsync.Options{})
}

// BenchmarkQuickBooks reads a company with 100,000 invoices into empty books, tie-out
// included, beside the least that could be done: the same answers decoded with
// encoding/json and inserted by one prepared statement, a transaction for each page: an
// object a row and a line of a payment a row, into a bare table (x_lines, which is held
// against the bar of 2). Beside that without the lines, which are records of ours, too
// (x_least), and with them into a table with as many indexes as our documents have.
func BenchmarkQuickBooks(b *testing.B) {
	dir := recorded(b)
	var ours, least, lines, indexed time.Duration
	pages, rows := 0, 0
	for b.Loop() {
		began := time.Now()
		report, err := firstSync(b.Context(), filepath.Join(b.TempDir(), "ours.db"), answers{dir: dir})
		if err != nil {
			b.Fatal(err)
		}
		ours += time.Since(began)
		if len(report.TieOuts) != 1 || !report.TieOuts[0].Ties() || report.TieOuts[0].Because != "" {
			b.Fatalf("it does not tie out: %s", report)
		}
		began = time.Now()
		pages, rows = insertAll(b, dir, false, nil)
		least += time.Since(began)
		began = time.Now()
		insertAll(b, dir, true, nil)
		lines += time.Since(began)
		began = time.Now()
		insertAll(b, dir, true, indexes)
		indexed += time.Since(began)
	}
	full := float64(rows) / 1000
	perPage := ours.Seconds() / float64(b.N) / full
	b.ReportMetric(float64(pages), "pages")
	b.ReportMetric(float64(rows), "rows")
	b.ReportMetric(1000*perPage, "ms/page")
	b.ReportMetric(1000*least.Seconds()/float64(b.N)/full, "ms/page_least")
	b.ReportMetric(ours.Seconds()/least.Seconds(), "x_least")
	b.ReportMetric(ours.Seconds()/lines.Seconds(), "x_lines")
	b.ReportMetric(ours.Seconds()/indexed.Seconds(), "x_indexed")
}

// slow answers each question after some time.
type slow struct {
	answers
	after time.Duration
	calls *atomic.Int64
}

// RoundTrip waits, and answers.
func (s slow) RoundTrip(r *http.Request) (*http.Response, error) {
	s.calls.Add(1)
	select {
	case <-time.After(s.after):
		return s.answers.RoundTrip(r)
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// BenchmarkQuickBooksAtPace reads the same company where each call takes 300 ms, and tells
// how much of the time is ours: what is not the calls' own.
func BenchmarkQuickBooksAtPace(b *testing.B) {
	const wait = 300 * time.Millisecond
	line := slow{answers{dir: recorded(b)}, wait, new(atomic.Int64)}
	var took time.Duration
	for b.Loop() {
		began := time.Now()
		if _, err := firstSync(b.Context(), filepath.Join(b.TempDir(), "paced.db"), line); err != nil {
			b.Fatal(err)
		}
		took += time.Since(began)
	}
	calls := time.Duration(line.calls.Load()) * wait
	b.ReportMetric(float64(line.calls.Load())/float64(b.N), "calls")
	b.ReportMetric(took.Seconds()/float64(b.N), "s")
	b.ReportMetric(100*(took-calls).Seconds()/took.Seconds(), "%_ours")
}

// row is what the least that could be done keeps of an object.
type row struct {
	ID          string `json:"Id"`
	DocNumber   string
	DisplayName string
	TxnDate     string
	DueDate     string
	PrivateNote string
	TotalAmt    json.Number
	Balance     json.Number
	Rate        json.Number `json:"ExchangeRate"`
	CustomerRef struct{ Value string }
	CurrencyRef struct{ Value string }
	CustomField []struct{ Name, StringValue string }
	Line        []struct {
		Amount    json.Number
		LinkedTxn []struct{ TxnType string }
	}
}

// indexes are as many as the store's documents have, over columns of the same kind.
var indexes = []string{"customer, date", "open", "number", "lines", "kind, date", "customer, due", "fields"}

// insertAll decodes all pages and inserts their rows; with lines, also those of payments.
func insertAll(b *testing.B, dir string, lines bool, indexes []string) (pages, rows int) {
	b.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(b.TempDir(), "least.db")+"?_journal_mode=WAL&_synchronous=FULL&_cache_size=-64000")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(b.Context(), `CREATE TABLE documents (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, external TEXT NOT NULL,
		number TEXT, name TEXT, date TEXT, due TEXT, note TEXT, amount TEXT, open TEXT, rate TEXT, customer TEXT, currency TEXT, fields TEXT,
		lines TEXT, UNIQUE (kind, external)) STRICT`)
	if err != nil {
		b.Fatal(err)
	}
	for i, columns := range indexes {
		if _, err := db.ExecContext(b.Context(), fmt.Sprintf("CREATE INDEX i%d ON documents (%s)", i, columns)); err != nil {
			b.Fatal(err)
		}
	}
	insert, err := db.PrepareContext(b.Context(), `INSERT INTO documents (kind, external, number, name, date, due, note, amount, open, rate,
		customer, currency, fields, lines) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		b.Fatal(err)
	}
	defer insert.Close()
	list, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		b.Fatal(err)
	}
	for _, path := range list {
		n, err := insertPage(b.Context(), db, insert, path, lines)
		if err != nil {
			b.Fatal(err)
		}
		if n > 0 {
			pages++
		}
		rows += n
	}
	return pages, rows
}

func insertPage(ctx context.Context, db *sql.DB, insert *sql.Stmt, path string, settled bool) (rows int, err error) {
	text, err := os.ReadFile(path)
	if err != nil || !bytes.HasPrefix(text, []byte(`{"QueryResponse"`)) {
		return 0, err // of a report or of change data capture, which are read beside
	}
	var page struct {
		QueryResponse struct{ Customer, Invoice, CreditMemo, RefundReceipt, JournalEntry, Deposit, Payment []row }
	}
	if err := json.Unmarshal(text, &page); err != nil { //nolint:musttag // QuickBooks' names are Go's own
		return 0, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	statement := tx.StmtContext(ctx, insert)
	q := page.QueryResponse
	put := func(kind, id, amount string, r row) error {
		_, err := statement.ExecContext(ctx, kind, id, r.DocNumber, r.DisplayName, r.TxnDate, r.DueDate, r.PrivateNote,
			amount, string(r.Balance), string(r.Rate), r.CustomerRef.Value, r.CurrencyRef.Value,
			strconv.Itoa(len(r.CustomField)), strconv.Itoa(len(r.Line)))
		return err
	}
	for kind, list := range [][]row{q.Customer, q.Invoice, q.CreditMemo, q.RefundReceipt, q.JournalEntry, q.Deposit, q.Payment} {
		for _, r := range list {
			if err := put(strconv.Itoa(kind), r.ID, string(r.TotalAmt), r); err != nil {
				return 0, err
			}
			for i, l := range r.Line {
				if !settled || len(l.LinkedTxn) == 0 {
					continue
				}
				if err := put("line", r.ID+"/"+strconv.Itoa(i), string(l.Amount), r); err != nil {
					return 0, err
				}
			}
		}
		rows += len(list)
	}
	return rows, tx.Commit()
}

const memoryOf = "ARBOT_TEST_MEMORY_OF" // makes the test binary the process whose memory is measured

// TestMain lets the test binary run as that process.
func TestMain(m *testing.M) {
	if dir := os.Getenv(memoryOf); dir != "" {
		if err := measureMemory(context.Background(), dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// measureMemory says how many kilobytes the process had before a first sync, and at most.
func measureMemory(ctx context.Context, dir string) error {
	debug.SetGCPercent(50) // as the program does, see cmd/arbot/memory.go
	temp, err := os.MkdirTemp("", "arbot-bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temp) }()
	dsn := filepath.Join(temp, "arbot.db")
	books, err := store.Open(ctx, store.Options{DSN: dsn, Now: clock, Logger: slog.New(slog.DiscardHandler), AutoMigrate: true})
	if err != nil {
		return err
	}
	defer books.Close()
	idle, err := kilobytes("VmRSS:")
	if err != nil {
		return err
	}
	engine := &arsync.Engine{Books: books, Now: time.Now}
	if _, err := engine.Sync(ctx, company(host, answers{dir: dir}), arsync.Options{}); err != nil {
		return err
	}
	peak, err := kilobytes("VmHWM:")
	fmt.Println(idle, peak)
	return err
}

// kilobytes reads a figure of this process.
func kilobytes(name string) (int, error) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == name {
			return strconv.Atoi(fields[1])
		}
	}
	return 0, fmt.Errorf("the system does not tell %s", name)
}

// BenchmarkQuickBooksMemory measures the memory of a first sync of 100,000 invoices, in a
// process of its own: the most that it had, above what it had with the books open.
func BenchmarkQuickBooksMemory(b *testing.B) {
	if _, err := kilobytes("VmHWM:"); err != nil {
		b.Skip(err)
	}
	dir := recorded(b)
	var above []int
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), memoryOf+"="+dir)
		out, err := cmd.Output()
		if err != nil {
			b.Fatal(err)
		}
		var idle, peak int
		if _, err := fmt.Sscan(string(out), &idle, &peak); err != nil {
			b.Fatal(err)
		}
		above = append(above, peak-idle)
	}
	b.ReportMetric(float64(slices.Max(above))/1024, "MB_above_idle")
}
