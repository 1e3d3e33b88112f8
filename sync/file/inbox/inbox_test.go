package inbox_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/sync/file/inbox"
)

type world struct {
	*testing.T
	*inbox.Folder

	now time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, now: time.Date(2026, 11, 25, 6, 0, 0, 0, time.UTC)}
	w.Folder = &inbox.Folder{Path: t.TempDir(), Now: func() time.Time { return w.now }, Rest: time.Minute}
	return w
}

func (w *world) write(name, content string) string {
	w.Helper()
	path := filepath.Join(w.Path, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		w.Fatal(err)
	}
	if err := os.Chtimes(path, w.now, w.now); err != nil {
		w.Fatal(err)
	}
	return path
}

func (w *world) wantReady(names ...string) {
	w.Helper()
	ready, err := w.Ready()
	if err != nil {
		w.Fatal(err)
	}
	var got []string
	for _, path := range ready {
		got = append(got, filepath.Base(path))
	}
	if diff := cmp.Diff(names, got); diff != "" {
		w.Errorf("ready at %s (-want +got):\n%s", w.now.Format(time.TimeOnly), diff)
	}
}

// TestNotWhileItIsWritten: a file counts when nobody has touched it for a while, as seen
// from here; its own time may be of another machine's clock.
func TestNotWhileItIsWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write("aging.csv", "half")
	for _, name := range []string{".aging.csv", "~$aging.xlsx", "aging.csv.part", "x.TMP"} {
		w.write(name, "not yet")
	}
	if err := os.Mkdir(filepath.Join(w.Path, "old"), 0o700); err != nil {
		t.Fatal(err)
	}
	w.wantReady()
	w.now = w.now.Add(50 * time.Second)
	w.write("aging.csv", "half, and more")
	w.wantReady()
	w.now = w.now.Add(50 * time.Second)
	w.wantReady()
	w.now = w.now.Add(10 * time.Second)
	w.wantReady("aging.csv")
}

// TestMovedAway: done and rejected files are kept under their names, and two of one name
// are both kept.
func TestMovedAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var kept []string
	for range 2 {
		to, err := w.Done(w.write("aging.csv", "fine"))
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, filepath.Base(to))
	}
	if diff := cmp.Diff([]string{"2026-11-25-060000 aging.csv", "2026-11-25-060000 aging (2).csv"}, kept); diff != "" {
		t.Errorf("kept as (-want +got):\n%s", diff)
	}
	to, err := w.Reject(w.write("bad.csv", "odd"), "Row 3: no amount.")
	if err != nil {
		t.Fatal(err)
	}
	reason, err := os.ReadFile(to + ".reason.txt")
	if err != nil || string(reason) != "Row 3: no amount.\n" {
		t.Errorf("%q, %v", reason, err)
	}
	w.now = w.now.Add(time.Hour)
	w.wantReady()
}

// TestOldestFirst: reports of two nights are read in their order.
func TestOldestFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write("b.csv", "first")
	w.now = w.now.Add(time.Second)
	w.write("a.csv", "second")
	w.wantReady()
	w.now = w.now.Add(time.Minute)
	w.wantReady("b.csv", "a.csv")
}

func TestNoFolder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Path = filepath.Join(w.Path, "nowhere")
	if _, err := w.Ready(); err == nil {
		t.Error("a folder that is not there is an error")
	}
}
