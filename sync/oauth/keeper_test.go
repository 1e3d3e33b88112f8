package oauth_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
	arsync "arbot/sync"
	"arbot/sync/oauth"
)

func access(t *testing.T, k *oauth.Keeper, want int) {
	t.Helper()
	got, err := k.Holder("main").Access(t.Context())
	if err != nil || string(got) != accessToken(want) {
		t.Fatalf("access token %q, %v; want %s", string(got), err, accessToken(want))
	}
}

// health returns what an error says of the connection.
func health(t *testing.T, err error) ar.HealthState {
	t.Helper()
	trouble, ok := errors.AsType[*arsync.TroubleError](err)
	if !ok {
		t.Fatalf("the error %v does not say how the connection is", err)
	}
	noSecret(t, err)
	return trouble.Health.State
}

func sentTokens(t *testing.T, w *world, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, w.asked()); diff != "" {
		t.Errorf("refresh tokens sent (-want +got):\n%s", diff)
	}
}

func TestATokenServesUntilFiveMinutesBeforeItsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.keeper(t)
	w.connect(t, k)
	access(t, k, 1)
	w.clock.Add(54 * time.Minute)
	access(t, k, 1)
	w.clock.Add(time.Minute)
	access(t, k, 2)
	sentTokens(t, w, refreshToken(1))
	if got := w.connection(t).Expires; !got.Equal(w.clock.Now().Add(time.Hour)) {
		t.Errorf("the books say that the token ends %s", got)
	}
}

// The rotated token is in the books before anybody has the access token; after
// a restart the next refresh sends it.
func TestFailure04SY05bTheRotatedTokenIsStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.keeper(t)
	w.connect(t, k)
	w.clock.Add(time.Hour)
	access(t, k, 2)
	if got := w.stored(t); string(got.Refresh) != refreshToken(2) || string(got.Access) != accessToken(2) {
		t.Errorf("stored: %q, %q", string(got.Access), string(got.Refresh))
	}
	w.clock.Add(2 * time.Hour)
	access(t, w.keeper(t), 3) // the process was killed and started again
	sentTokens(t, w, refreshToken(1), refreshToken(2))
}

// invalid_grant leaves the tokens as they are, asks an admin once and is not
// tried again until somebody has connected the ledger anew.
func TestFailure05SY05aInvalidGrantKeepsTokens(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"as it should be": http.StatusBadRequest, "as a success": http.StatusOK} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var told []string
			k := w.keeper(t, func(c *oauth.KeeperConfig) {
				c.Lost = func(_ context.Context, _ ar.Tx, c ar.Connection) error {
					told = append(told, c.Name+": "+c.Health.Why)
					return nil
				}
			})
			w.connect(t, k)
			before := w.connection(t)
			w.answers(func(rw http.ResponseWriter, _ map[string][]string) bool {
				refuse(rw, status, `{"error":"invalid_grant"}`)
				return true
			})
			w.clock.Add(time.Hour)
			for range 3 {
				_, err := k.Holder("main").Access(t.Context())
				if got := health(t, err); got != ar.NeedsReconnecting {
					t.Errorf("health %q", got)
				}
			}
			after := w.connection(t)
			if !slices.Equal(before.Sealed, after.Sealed) || after.Health.State != ar.NeedsReconnecting || !after.Health.Since.Equal(w.clock.Now()) {
				t.Errorf("the connection is %+v; the tokens are untouched: %v", after.Health, slices.Equal(before.Sealed, after.Sealed))
			}
			sentTokens(t, w, refreshToken(1))
			if len(told) != 1 {
				t.Errorf("admins were told %q, want once", told)
			}
			w.answers(nil)
			w.connect(t, k)
			access(t, k, 1)
		})
	}
}

func TestAnAnswerWithoutTokensOverwritesNothing(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"empty": `{}`, "no access token": `{"refresh_token":"` + planted + `"}`, "no JSON": `<html>` + planted, "null": `null`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			k := w.keeper(t)
			w.connect(t, k)
			before := w.connection(t)
			w.answers(func(rw http.ResponseWriter, _ map[string][]string) bool {
				refuse(rw, http.StatusOK, body)
				return true
			})
			w.clock.Add(time.Hour)
			_, err := k.Holder("main").Access(t.Context())
			if got := health(t, err); got != ar.Delayed {
				t.Errorf("health %q", got)
			}
			if diff := cmp.Diff(before, w.connection(t)); diff != "" {
				t.Errorf("the connection changed (-before +after):\n%s", diff)
			}
		})
	}
}

// A server that does not rotate at each use sends none: the old one stays.
func TestARefreshTokenThatIsNotRotatedStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.keeper(t)
	w.connect(t, k)
	w.answers(func(rw http.ResponseWriter, _ map[string][]string) bool {
		w.n++
		w.give(rw, "")
		return true
	})
	w.clock.Add(time.Hour)
	access(t, k, 2)
	if got := w.stored(t).Refresh; string(got) != refreshToken(1) {
		t.Errorf("stored refresh token %q", string(got))
	}
}

// Many goroutines of several processes want a token at the same time: one
// refreshes, all get the same.
func TestFailure03OneWriterOverProcesses(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		w := newWorldOn(t, b)
		w.connect(t, w.keeper(t))
		w.clock.Add(time.Hour)
		var group sync.WaitGroup
		for range 3 {
			k := w.keeper(t, func(c *oauth.KeeperConfig) { c.Wait = patience })
			for range 4 {
				group.Go(func() {
					got, err := k.Holder("main").Access(t.Context())
					if err != nil || string(got) != accessToken(2) {
						t.Errorf("access token %q, %v", string(got), err)
					}
				})
			}
		}
		group.Wait()
		sentTokens(t, w, refreshToken(1))
	})
}

// patience waits for a moment without moving the world's clock.
func patience(ctx context.Context, _ time.Duration) error {
	timer := time.NewTimer(time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Somebody else has rotated the token while ours was on its way: the books are
// read again, and what they hold is used.
func TestFailure03TheLoserReadsAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k, other := w.keeper(t), w.keeper(t)
	w.connect(t, k)
	w.clock.Add(time.Hour)
	w.answers(func(rw http.ResponseWriter, _ map[string][]string) bool {
		now := w.clock.Now()
		_, err := other.Connect(t.Context(), "main", "quickbooks", "9130", oauth.Token{
			Access: oauth.Secret(accessToken(9)), Refresh: oauth.Secret(refreshToken(9)), Issued: now, Expires: now.Add(time.Hour),
		})
		if err != nil {
			t.Error(err)
		}
		refuse(rw, http.StatusBadRequest, `{"error":"invalid_grant"}`)
		return true
	})
	access(t, k, 9)
	if got := w.connection(t).Health.State; got != ar.Healthy {
		t.Errorf("health %q", got)
	}
	sentTokens(t, w, refreshToken(1))
}

// An admin connects anew while a refresh is under way and goes well: the admin's
// tokens stay.
func TestAReconnectionWinsOverARefresh(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k, admin := w.keeper(t), w.keeper(t)
	w.connect(t, k)
	w.clock.Add(time.Hour)
	w.answers(func(http.ResponseWriter, map[string][]string) bool {
		now := w.clock.Now()
		_, err := admin.Connect(t.Context(), "main", "quickbooks", "9130", oauth.Token{
			Access: oauth.Secret(accessToken(9)), Refresh: oauth.Secret(refreshToken(9)), Issued: now, Expires: now.Add(time.Hour),
		})
		if err != nil {
			t.Error(err)
		}
		return false
	})
	access(t, k, 9)
	if got := w.stored(t).Refresh; string(got) != refreshToken(9) {
		t.Errorf("stored refresh token %q", string(got))
	}
}

// The refused token is not handed out again, and two that were refused the same
// one refresh once. The refresh token before is not used again.
func TestFailure06ARefusedTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.keeper(t)
	w.connect(t, k)
	for range 2 {
		got, err := k.Holder("main").Renew(t.Context(), oauth.Secret(accessToken(1)))
		if err != nil || string(got) != accessToken(2) {
			t.Fatalf("access token %q, %v", string(got), err)
		}
	}
	if got, err := k.Holder("main").Renew(t.Context(), oauth.Secret(accessToken(2))); err != nil || string(got) != accessToken(3) {
		t.Fatalf("access token %q, %v", string(got), err)
	}
	sentTokens(t, w, refreshToken(1), refreshToken(2))
}

func TestAnOutageKeepsTheTokens(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(http.ResponseWriter){
		"503":     func(rw http.ResponseWriter) { refuse(rw, http.StatusServiceUnavailable, "<html>down") },
		"429":     func(rw http.ResponseWriter) { refuse(rw, http.StatusTooManyRequests, `{"error":"too_many"}`) },
		"hung up": func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			k := w.keeper(t)
			w.connect(t, k)
			before := w.connection(t)
			w.answers(func(rw http.ResponseWriter, _ map[string][]string) bool { answer(rw); return true })
			w.clock.Add(57 * time.Minute) // to be renewed, but it lives
			for range 3 {
				access(t, k, 1)
			}
			w.clock.Add(3 * time.Minute)
			for range 3 {
				_, err := k.Holder("main").Access(t.Context())
				if got := health(t, err); got != ar.Delayed {
					t.Errorf("health %q", got)
				}
			}
			if diff := cmp.Diff(before, w.connection(t)); diff != "" {
				t.Errorf("the connection changed (-before +after):\n%s", diff)
			}
			sentTokens(t, w, refreshToken(1), refreshToken(1)) // not at each call
			w.answers(nil)
			w.clock.Add(2 * time.Minute)
			access(t, k, 2)
		})
	}
}

func TestRefusedCredentialsArePausedNotLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.keeper(t)
	w.connect(t, k)
	w.answers(func(rw http.ResponseWriter, _ map[string][]string) bool {
		refuse(rw, http.StatusUnauthorized, `{"error":"invalid_client"}`)
		return true
	})
	w.clock.Add(time.Hour)
	_, err := k.Holder("main").Access(t.Context())
	if got := health(t, err); got != ar.Paused {
		t.Errorf("health %q", got)
	}
	if got := w.connection(t).Health.State; got != ar.Healthy {
		t.Errorf("the connection is %q", got)
	}
}

// brokenBooks fail to write for some time.
type brokenBooks struct {
	ar.Books
	broken bool
}

func (b *brokenBooks) Update(ctx context.Context, f func(ar.Tx) error) error {
	return b.Books.Update(ctx, func(tx ar.Tx) error { return f(brokenTx{tx, b.broken}) })
}

type brokenTx struct {
	ar.Tx
	broken bool
}

var errDisk = errors.New("the disk is full")

func (t brokenTx) PutConnection(ctx context.Context, c ar.Connection) (ar.Connection, error) {
	if t.broken {
		return c, errDisk
	}
	return t.Tx.PutConnection(ctx, c)
}

// Tokens that could not be stored are not used, and not asked for again: they
// are stored by the next call.
func TestTokensAreNotUsedBeforeTheyAreStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var books *brokenBooks
	k := w.keeper(t, func(c *oauth.KeeperConfig) {
		books = &brokenBooks{Books: c.Books}
		c.Books = books
	})
	w.connect(t, k)
	w.clock.Add(time.Hour)
	books.broken = true
	for range 2 {
		got, err := k.Holder("main").Access(t.Context())
		if got != "" || !errors.Is(err, errDisk) {
			t.Fatalf("access token %q, %v", string(got), err)
		}
		noSecret(t, err)
	}
	books.broken = false
	access(t, k, 2)
	sentTokens(t, w, refreshToken(1))
	if got := w.stored(t).Refresh; string(got) != refreshToken(2) {
		t.Errorf("stored refresh token %q", string(got))
	}
}

// Killed between the answer and the store, the token that is stored is tried:
// QuickBooks may still take it.
func TestKilledBeforeTheStoreTriesTheOldToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.keeper(t, func(c *oauth.KeeperConfig) { c.Books = &brokenBooks{Books: c.Books} })
	w.connect(t, k)
	w.clock.Add(time.Hour)
	w.answers(func(rw http.ResponseWriter, form map[string][]string) bool {
		if form["refresh_token"][0] != refreshToken(1) {
			return false
		}
		w.n = 2
		w.give(rw, refreshToken(2)) // the same answer, as often as it is asked
		return true
	})
	killed := w.keeper(t, func(c *oauth.KeeperConfig) { c.Books = &brokenBooks{c.Books, true} })
	if _, err := killed.Holder("main").Access(t.Context()); !errors.Is(err, errDisk) {
		t.Fatal(err)
	}
	access(t, k, 2)
	sentTokens(t, w, refreshToken(1), refreshToken(1))
}

// A shutdown does not come between the ledger's answer and the books.
func TestAShutdownLosesNoToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.keeper(t)
	w.connect(t, k)
	w.clock.Add(time.Hour)
	ctx, stop := context.WithCancel(t.Context())
	w.answers(func(http.ResponseWriter, map[string][]string) bool { stop(); return false })
	if _, err := k.Holder("main").Access(ctx); err != nil {
		t.Errorf("the renewal that was under way: %v", err)
	}
	if got := w.stored(t).Refresh; string(got) != refreshToken(2) {
		t.Errorf("stored refresh token %q", string(got))
	}
}

// A process that died with the lease holds the others up for half a minute.
func TestALeaseOfTheDeadLapses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.keeper(t)
	w.connect(t, k)
	w.clock.Add(time.Hour)
	w.Write(t, func(tx ar.Tx) error {
		_, err := tx.LeaseConnection(t.Context(), "main", "dead", w.clock.Now().Add(30*time.Second))
		return err
	})
	start := w.clock.Now()
	access(t, k, 2)
	if waited := w.clock.Now().Sub(start); waited < 29*time.Second || waited > 35*time.Second {
		t.Errorf("waited %s", waited)
	}
}

func TestATokenOfShortLifeIsNotRenewedAtEachCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.life = 60
	k := w.keeper(t)
	w.connect(t, k)
	w.clock.Add(time.Hour)
	for range 3 {
		access(t, k, 2)
		w.clock.Add(10 * time.Second)
	}
	sentTokens(t, w, refreshToken(1))
}

// Several calls hear of it at the same time: admins do once.
func TestTheLedgerCanTakeAccessAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	told := 0
	k := w.keeper(t, func(c *oauth.KeeperConfig) {
		c.Lost = func(context.Context, ar.Tx, ar.Connection) error { told++; return nil }
	})
	w.connect(t, k)
	for _, why := range []string{"It ended.", "It has ended."} {
		if err := k.Holder("main").Lost(t.Context(), why); err != nil {
			t.Fatal(err)
		}
	}
	_, err := k.Holder("main").Access(t.Context())
	if got := health(t, err); got != ar.NeedsReconnecting {
		t.Errorf("health %q", got)
	}
	if got := w.connection(t).Health.Why; got != "It ended." || told != 1 {
		t.Errorf("why: %q; told %d times", got, told)
	}
}
