package store_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"arbot/store"
	"arbot/store/storetest"
)

// Several that open one new file at the same time all find the schema there.
func TestOneMakesTheSchema(t *testing.T) {
	t.Parallel()
	eachDSN(t, func(t *testing.T, _, dsn string) {
		const handles = 6
		ended := make(chan error, handles)
		start := make(chan struct{})
		for range handles {
			go func() {
				<-start
				s, err := store.Open(t.Context(), store.Options{DSN: dsn, Now: time.Now, Logger: storetest.Quiet(), AutoMigrate: true})
				if err == nil {
					err = errors.Join(s.Ping(t.Context()), s.Close())
				}
				ended <- err
			}()
		}
		close(start)
		for range handles {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	})
}

// A process that makes the schema is waited for, no longer than the caller's patience.
func TestSchemaLockIsWaitedFor(t *testing.T) {
	t.Parallel()
	dsn := filepath.Join(t.TempDir(), "arbot.db")
	f, err := os.Create(dsn + ".schema-lock")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, _, err := store.Migrate(ctx, store.Options{DSN: dsn, Now: time.Now, Logger: storetest.Quiet()})
		ended <- err
	}()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("while another has the lock: %v", err)
	}
	if _, err := os.Stat(dsn); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file was opened meanwhile: %v", err)
	}
}
