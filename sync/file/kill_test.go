package file_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store"
	"arbot/store/storetest"
	arsync "arbot/sync"
	"arbot/sync/file"
)

// childVariable makes the test binary a program that imports: the books and
// then what to import, with spaces between.
const childVariable = "ARBOT_TEST_IMPORT"

func TestMain(m *testing.M) {
	if arguments, ok := os.LookupEnv(childVariable); ok {
		if err := importAll(context.Background(), strings.Fields(arguments), os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// importAll imports bundles and tables one after the other. It writes a line
// for every transaction and one for every import.
func importAll(ctx context.Context, arguments []string, out io.Writer) error {
	s, err := store.Open(ctx, store.Options{DSN: arguments[0], Now: time.Now, Logger: storetest.Quiet(), AutoMigrate: true})
	if err != nil {
		return err
	}
	defer s.Close()
	e := &arsync.Engine{Books: traced{s, out}, Now: time.Now, Rules: ar.OwnerRules{{Match: ar.MatchDefault, Owner: "dana"}}}
	for _, path := range arguments[1:] {
		source, err := sourceAt(path)
		if err != nil {
			return err
		}
		if _, err := e.Sync(ctx, source, arsync.Options{AllowRemovals: true}); err != nil {
			return err
		}
		fmt.Fprintln(out, "done")
	}
	return nil
}

func sourceAt(path string) (arsync.Source, error) {
	if filepath.Ext(path) != ".csv" {
		return file.NewBundle(path), nil
	}
	return file.NewTable(path, file.Mapping{
		Currency: "USD", Columns: file.Columns{Number: "No", Customer: "Customer", Date: "Date", Amount: "Amount", Balance: "Balance"},
	}, time.UTC)
}

// traced writes a line when a transaction is over.
type traced struct {
	ar.Books
	out io.Writer
}

func (b traced) Update(ctx context.Context, f func(ar.Tx) error) error {
	err := b.Books.Update(ctx, f)
	fmt.Fprintln(b.out, "transaction")
	return err
}

// TestKilledImports kills a process that imports with SIGKILL after a random
// number of transactions. A second run must leave the books as a clean import
// does.
func TestKilledImports(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"bundles": {killBundle(t, 0, 900), killBundle(t, 300, 1200)},
		"tables":  {killTable(t, "first", 600, 1), killTable(t, "second", 900, 2)},
	}
	for name, imports := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clean := filepath.Join(t.TempDir(), "clean.db")
			transactions := run(t, clean, imports, -1).transactions
			want := content(t, clean)
			for range 6 {
				after := rand.IntN(transactions)
				dsn := filepath.Join(t.TempDir(), fmt.Sprintf("after%d.db", after))
				first := run(t, dsn, imports, after)
				run(t, dsn, imports[first.done:], -1)
				if diff := cmp.Diff(want, content(t, dsn)); diff != "" {
					t.Errorf("killed after %d of %d transactions (-clean +killed):\n%s", after, transactions, diff)
				}
			}
		})
	}
}

// progress is how far a child came.
type progress struct{ transactions, done int }

// run imports in a child process, which is killed after a number of
// transactions; -1 lets it end.
func run(t *testing.T, dsn string, imports []string, after int) (p progress) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childVariable+"="+strings.Join(append([]string{dsn}, imports...), " "))
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); ; {
		if p.transactions == after {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			after = -1 // what it wrote before it died is still to be read
		}
		if !lines.Scan() {
			break
		}
		switch lines.Text() {
		case "transaction":
			p.transactions++
		case "done":
			p.done++
		}
	}
	err = child.Wait()
	if p.done < len(imports) && child.ProcessState.Exited() {
		t.Fatalf("the child failed by itself: %v", err)
	}
	return p
}

// content is everything that the books say, in words and without our ids.
func content(t *testing.T, dsn string) (lines []string) {
	t.Helper()
	b := storetest.Open(t, dsn)
	b.Write(t, func(tx ar.Tx) error {
		sources, err := tx.Sources(t.Context())
		if err != nil {
			return err
		}
		for _, s := range sources {
			lines = append(lines, fmt.Sprintf("source %s: cursor %s, running %v, fault %q", s.External, s.Cursor, s.Run.Running(), s.Run.Fault))
			for _, kind := range []ar.RecordKind{ar.CustomerRecords, ar.DocumentRecords, ar.ApplicationRecords} {
				keys, err := tx.Keys(t.Context(), s.ID, kind, "", 0)
				if err != nil {
					return err
				}
				if kind == ar.ApplicationRecords {
					keys = slices.DeleteFunc(keys, func(k ar.Key) bool { return strings.HasPrefix(string(k), "inferred/") }) // the run is in their ids
				}
				lines = append(lines, fmt.Sprintf("%s: %v", kind, keys))
			}
		}
		customers, err := tx.Customers(t.Context(), ar.CustomerFilter{})
		for _, c := range customers {
			lines = append(lines, fmt.Sprintf("customer %s %q owned by %s (%s)", c.External, c.Name, c.Owner, c.OwnerWhy))
		}
		return err
	})
	for _, asOf := range []string{"2026-09-15", "2026-10-15", "2026-11-25", "2027-12-31"} {
		var items []string
		for _, i := range openItems(t, b, asOf) {
			items = append(items, fmt.Sprintf("%s %s/%s due %s: %s", asOf, i.Kind, i.External, i.Due, i.Open))
		}
		slices.Sort(items)
		lines = append(lines, items...)
	}
	return lines
}

// killBundle has invoices from one number up to another, every third of them
// paid: two of them have a part in common.
func killBundle(t *testing.T, from, to int) string {
	t.Helper()
	c := file.Contents{Company: ar.SourceIdentity{External: "acme", Name: "Acme"}}
	for i := range 30 {
		c.Customers = append(c.Customers, ar.CustomerRecord{External: fmt.Sprintf("C%d", i), Name: fmt.Sprintf("Customer %d of %d", i, to)})
	}
	for i := from; i < to; i++ {
		customer := fmt.Sprintf("C%d", i%30)
		date := storetest.Day("2026-08-01").AddDays(i % 90)
		amount := ar.NewMoney(int64(10_000+i), "USD")
		invoice := ar.DocumentRecord{Ref: ar.Ref{Kind: ar.Invoice, External: strconv.Itoa(i)}, Customer: customer, Amount: amount, Date: date, Status: ar.Posted}
		c.Documents = append(c.Documents, invoice)
		if i%3 == 0 {
			payment := ar.DocumentRecord{Ref: ar.Ref{Kind: ar.Payment, External: strconv.Itoa(i)}, Customer: customer, Amount: amount, Date: date.AddDays(20), Status: ar.Posted}
			c.Documents = append(c.Documents, payment)
			c.Applications = append(c.Applications, ar.ApplicationRecord{
				External: strconv.Itoa(i), From: payment.Ref, To: invoice.Ref, Kind: ar.ByPayment, Amount: amount, Date: payment.Date,
			})
		}
	}
	dir := filepath.Join(t.TempDir(), "bundle")
	if err := file.WriteBundle(dir, c); err != nil {
		t.Fatal(err)
	}
	return dir
}

// killTable is a list of n invoices, as of the first of a month after
// September, with less open in later months.
func killTable(t *testing.T, name string, n, month int) string {
	t.Helper()
	var text strings.Builder
	text.WriteString("No,Customer,Date,Amount,Balance\n")
	for i := range n {
		fmt.Fprintf(&text, "%d,Customer %d,2026-09-01,100.00,%d.00\n", i, i%30, max(0, 100-(i%70)*month))
	}
	path := filepath.Join(t.TempDir(), name+".csv")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, time.September+time.Month(month), 1, 0, 0, 0, 0, time.UTC)
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
	return path
}
