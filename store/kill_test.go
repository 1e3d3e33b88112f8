package store_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"arbot/ar"
	"arbot/store"
	"arbot/store/storetest"
)

const (
	killPages = 40
	killDSN   = "ARBOT_TEST_IMPORT_INTO" // makes the test binary the process that is killed
)

// paidPage is a page of invoices that are paid to the cent, and one that isn't.
func paidPage(i int) ar.Page {
	page := ar.Page{Customers: customer(), Documents: []ar.DocumentRecord{
		storetest.Doc(ar.Invoice, unpaidID(i), "c", "2026-10-01", "2026-10-31", "3.00"),
	}}
	for n := range 20 {
		id := fmt.Sprint(i, "-", n)
		page.Documents = append(page.Documents, storetest.Doc(ar.Invoice, id, "c", "2026-10-01", "2026-10-31", "7.00"),
			storetest.Doc(ar.Payment, id, "c", "2026-11-01", "", "7.00"))
		page.Applications = append(page.Applications, storetest.Pays(id, id, id, "2026-11-02", "7.00"))
	}
	return page
}

func unpaidID(page int) string { return fmt.Sprint(page, "-unpaid") }

// importAll brings the pages in as one whole read. told hears of each page that is
// written.
func importAll(ctx context.Context, dsn string, told func(page int)) error {
	s, err := store.Open(ctx, store.Options{DSN: dsn, Now: time.Now, Logger: slog.New(slog.DiscardHandler), AutoMigrate: true})
	if err != nil {
		return err
	}
	defer s.Close()
	var run ar.RunID
	err = s.Update(ctx, func(tx ar.Tx) error {
		source, err := tx.PutSource(ctx, ar.SourceIdentity{Kind: "bundle", External: "a", Home: "USD"})
		if err != nil {
			return err
		}
		run, err = tx.StartRun(ctx, ar.Run{Source: source.ID, Full: true})
		return err
	})
	if err != nil {
		return err
	}
	for i := range killPages {
		told(i)
		err := s.Update(ctx, func(tx ar.Tx) error {
			_, err := tx.PutPage(ctx, run, paidPage(i))
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.Update(ctx, func(tx ar.Tx) error { return tx.FinishRun(ctx, run, ar.SyncMark{Cursor: "end"}, "") })
}

// TestMain lets the test binary run as the process that imports and is killed.
func TestMain(m *testing.M) {
	if dsn := os.Getenv(killDSN); dsn != "" {
		err := importAll(context.Background(), dsn, func(page int) { fmt.Println(sayPage(page)) })
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// TestKilledImportIsRepeated kills a process in the midst of an import, with SIGKILL and
// at random pages, several times over. Each time nothing is half: of the pages that were
// sent, the first ones are there with all that belongs to them, and no others. In the end
// the books equal those of an import that nobody disturbed.
func TestKilledImportIsRepeated(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		most := 0
		for range 4 {
			at := rand.IntN(killPages)
			killedAt(t, b.DSN, at)
			most = max(most, at)
			again := storetest.Open(t, b.DSN)
			open := openAt(t, again, "2026-11-25")
			if diff := cmp.Diff(unpaid(len(open)), open); diff != "" {
				t.Errorf("after a kill at page %d (-want +got):\n%s", at, diff)
			}
			if len(open) < most {
				t.Errorf("%d pages are there, %d were written", len(open), most)
			}
			if s := source(t, again); !s.Run.Running() || s.Cursor != "" || s.Run.Done%paidPage(0).Len() != 0 {
				t.Errorf("after a kill at page %d: source %+v", at, s)
			}
		}
		if err := importAll(t.Context(), b.DSN, func(int) {}); err != nil {
			t.Fatal(err)
		}
		disturbed := storetest.Open(t, b.DSN)
		for _, day := range []string{"2026-10-31", "2026-11-01", "2026-11-25"} {
			clean := map[string]string{}
			for i := range killPages {
				for _, d := range paidPage(i).Documents {
					switch {
					case d.Date.After(storetest.Day(day)), day == "2026-11-25" && d.External != unpaidID(i):
					default:
						clean[string(d.Key())] = ar.Effect(d.Kind, d.Amount).Decimal()
					}
				}
			}
			wantOpen(t, disturbed, day, clean)
		}
		if s := source(t, disturbed); s.Cursor != "end" || s.Run.Running() || s.FirstSynced.IsZero() {
			t.Errorf("in the end: source %+v", s)
		}
	})
}

// unpaid is what is open after the first pages.
func unpaid(pages int) map[string]string {
	open := map[string]string{}
	for i := range pages {
		open["invoice/"+unpaidID(i)] = "3.00"
	}
	return open
}

// killedAt runs an import in a process of its own and kills it when it says that it
// begins a page. The write is then under way, or not yet, or over.
func killedAt(t *testing.T, dsn string, page int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), killDSN+"="+dsn)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if lines.Text() == sayPage(page) {
			break
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the import came to its end before it was killed")
	}
}

func sayPage(page int) string { return fmt.Sprint("page ", page) }
