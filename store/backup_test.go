package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store"
	"arbot/store/storetest"
)

func TestBackupIsOneStateThatCanBeOpened(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	l := b.Ledger(t, "a")
	l.Import(t, ar.Page{Customers: customer()})
	run := l.Start(t, false)

	// Pages go on while the copy is made.
	stop, stopped := make(chan struct{}), make(chan error, 1)
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			err := b.Update(t.Context(), func(tx ar.Tx) error {
				_, err := tx.PutPage(t.Context(), run, paidPage(i))
				return err
			})
			if err != nil {
				stopped <- err
				return
			}
		}
	}()
	path := filepath.Join(t.TempDir(), "copy.db")
	err := b.Backup(t.Context(), path)
	close(stop)
	if err := errors.Join(err, <-stopped); err != nil {
		t.Fatal(err)
	}

	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 {
		t.Errorf("files %v, %v; want the copy alone", files, err)
	}
	restored := storetest.Open(t, path)
	open := openAt(t, restored, "2026-11-25")
	if diff := cmp.Diff(unpaid(len(open)), open); diff != "" { // the first pages, each of them whole
		t.Errorf("open in the copy (-want +got):\n%s", diff)
	}
	if s := source(t, restored); s.Run.ID != run {
		t.Errorf("the copy knows run %d, want %d", s.Run.ID, run)
	}
}

// What people added is in the copy, and its audit can be proved and goes on.
func TestBackupHoldsWhatPeopleAdded(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	_, invoice := invoiced(t, b)
	var promise ar.Promise
	b.Write(t, func(tx ar.Tx) (err error) {
		promise, _, err = tx.AddPromise(t.Context(), promiseOf(invoice, "U1", "400.00"))
		return err
	})
	audit(t, b, "a", "b")
	if _, err := seal(t, b, 1); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := b.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	restored := storetest.Open(t, path)
	restored.Read(t, func(r ar.Reader) error {
		got, err := r.Promise(t.Context(), promise.ID)
		if diff := cmp.Diff(promise, got, cmp.AllowUnexported(ar.Date{}, ar.Money{})); diff != "" {
			t.Errorf("the promise in the copy (-want +got):\n%s", diff)
		}
		return err
	})
	if _, err := seal(t, restored, 1); err != nil {
		t.Fatal(err)
	}
	if subjects, err := trail(t, restored); !slices.Equal(subjects, []string{"a", "b"}) || err != nil {
		t.Errorf("the audit of the copy is %v, %v", subjects, err)
	}
}

func TestBackupOverwritesNothing(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := b.Backup(t.Context(), path); err == nil {
		t.Error("Backup went over a file")
	}
	if content, err := os.ReadFile(path); err != nil || !slices.Equal(content, []byte("precious")) {
		t.Errorf("the file holds %q, %v", content, err)
	}
}

func TestBackupOfPostgreSQLNamesItsTool(t *testing.T) {
	t.Parallel()
	if err := storetest.Postgres(t).Backup(t.Context(), filepath.Join(t.TempDir(), "copy.db")); !errors.Is(err, store.ErrUsePgDump) {
		t.Errorf("error %v, want ErrUsePgDump", err)
	}
}
