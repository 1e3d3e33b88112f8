package main

import (
	"path/filepath"
	"strings"
	"testing"

	"arbot/ar"
	"arbot/store"
	"arbot/store/storetest"
	"arbot/sync/file/export"
)

// An import by hand while another arbot reads the same ledger, on a file of books too,
// says so, waits for its turn and then reads: neither cuts the other off.
func TestImportWaitsForItsTurn(t *testing.T) {
	t.Parallel()
	s := importer(t, oneExport)
	path := s.file(t, "aging.csv", agingReport("November 25, 2026", "150.00", [2]string{"1001", "150.00"}))
	s.mustRun(t, "migrate")
	books, err := store.Open(t.Context(), store.Options{DSN: filepath.Join(s.dir, "arbot.db"), Now: s.clock, Logger: storetest.Quiet()})
	if err != nil {
		t.Fatal(err)
	}
	defer books.Close()
	release, ok, err := books.ClaimSource(t.Context(), ar.SourceIdentity{Kind: export.Kind, External: "books"})
	if err != nil || !ok {
		t.Fatalf("the other's claim: %t, %v", ok, err)
	}
	var out, said output
	ended := make(chan int, 1)
	go func() { ended <- s.program("", &out, &said).run(t.Context(), []string{"import", path}) }()
	(&service{out: &said}).logged(t, "books is being read by another arbot right now. This one waits for its turn; Ctrl-C gives up.", 1)
	select {
	case code := <-ended:
		t.Fatalf("it did not wait: exit code %d\n%s", code, said.String())
	default:
	}
	release()
	if code := <-ended; code != 0 || !strings.Contains(out.String(), "2 added") {
		t.Errorf("after its turn: exit code %d\n%s%s", code, out.String(), said.String())
	}
}
