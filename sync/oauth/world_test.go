package oauth_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"arbot/ar"
	"arbot/store"
	"arbot/store/storetest"
	"arbot/sync/oauth"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a ledger's authorization server, which takes each refresh token
// once, and books in which one ledger is connected.
type world struct {
	*storetest.Books
	clock *storetest.Clock
	http  *http.Client
	log   *logBuffer

	server *httptest.Server

	mu      sync.Mutex
	n       int // of the tokens that are good
	sent    []string
	revoked []string
	// answer, where set, answers in place of the server; false leaves it to it.
	answer func(w http.ResponseWriter, form map[string][]string) bool
	life   int
	header http.Header // of the latest request
	hard   int64
}

// planted is in every token, to be looked for where it must not be.
const planted = "planted-secret"

func refreshToken(n int) string { return fmt.Sprintf("R%d-%s", n, planted) }
func accessToken(n int) string  { return fmt.Sprintf("A%d-%s", n, planted) }

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldOn(t, storetest.SQLite(t))
}

func newWorldOn(t *testing.T, b *storetest.Books) *world {
	t.Helper()
	w := &world{Books: b, log: &logBuffer{}, n: 1, life: 3600}
	w.clock = w.Clock
	w.server = httptest.NewServer(w)
	w.http = w.server.Client()
	t.Cleanup(func() {
		w.http.CloseIdleConnections()
		w.server.Close()
		if text := w.log.String(); strings.Contains(text, planted) {
			t.Errorf("the log shows a secret:\n%s", text)
		}
	})
	return w
}

// ServeHTTP is the token endpoint.
func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.header = r.Header
	if r.URL.Path == "/revoke" {
		w.revoked = append(w.revoked, r.Form.Get("token"))
		return
	}
	used := r.Form.Get("refresh_token")
	if r.Form.Get("grant_type") == "authorization_code" {
		used = r.Form.Get("code")
	}
	w.sent = append(w.sent, used)
	if w.answer != nil && w.answer(rw, r.Form) {
		return
	}
	if used != refreshToken(w.n) && used != "code-"+planted {
		refuse(rw, http.StatusBadRequest, `{"error":"invalid_grant","error_description":"Incorrect or invalid refresh token `+used+`"}`)
		return
	}
	w.n++
	w.give(rw, refreshToken(w.n))
}

func (w *world) give(rw http.ResponseWriter, refresh string) {
	body := map[string]any{
		"access_token": accessToken(w.n), "token_type": "bearer", "expires_in": w.life,
		"x_refresh_token_expires_in": 8726400,
	}
	if refresh != "" {
		body["refresh_token"] = refresh
	}
	if w.hard > 0 {
		body["x_hard"] = w.hard
	}
	rw.Header().Set("Content-Type", "application/json;charset=UTF-8")
	_ = json.NewEncoder(rw).Encode(body)
}

func refuse(rw http.ResponseWriter, status int, body string) {
	rw.Header().Set("Content-Type", "application/json;charset=UTF-8")
	rw.Header().Set("intuit_tid", "1-tid")
	rw.WriteHeader(status)
	_, _ = io.WriteString(rw, body) //nolint:gosec // what a test echoes is for the test
}

// asked returns the refresh tokens and codes that the server was sent.
func (w *world) asked() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.sent...)
}

func (w *world) answers(f func(http.ResponseWriter, map[string][]string) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answer = f
}

func (w *world) endpoint() oauth.Endpoint {
	return oauth.Endpoint{
		Name: "QuickBooks", AuthURL: w.server.URL + "/authorize", TokenURL: w.server.URL + "/token", RevokeURL: w.server.URL + "/revoke",
		ClientID: "client", ClientSecret: "client-" + planted, Scopes: []string{"accounting"},
		Header: http.Header{"X-Hard": {"true"}}, RefreshLifetime: "x_refresh_token_expires_in", HardLifetime: "x_hard",
		HTTP: w.http, Now: w.clock.Now,
	}
}

// keeper is one process: with books of its own over the same database.
func (w *world) keeper(t *testing.T, change ...func(*oauth.KeeperConfig)) *oauth.Keeper {
	t.Helper()
	books, err := store.Open(t.Context(), store.Options{DSN: w.DSN, Now: w.clock.Now, Logger: storetest.Quiet()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = books.Close() })
	c := oauth.KeeperConfig{
		Books: books, Sealer: sealer(t, key(1), ""), Endpoint: w.endpoint(), Now: w.clock.Now, Rand: rand.Reader,
		Logger: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Wait: func(ctx context.Context, d time.Duration) error {
			w.clock.Add(d)
			return ctx.Err()
		},
	}
	for _, f := range change {
		f(&c)
	}
	k, err := oauth.NewKeeper(c)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// connect stores the tokens that the server takes now, for an hour.
func (w *world) connect(t *testing.T, k *oauth.Keeper) {
	t.Helper()
	now := w.clock.Now()
	_, err := k.Connect(t.Context(), "main", "quickbooks", "9130", oauth.Token{
		Access: oauth.Secret(accessToken(w.n)), Refresh: oauth.Secret(refreshToken(w.n)), Issued: now, Expires: now.Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) connection(t *testing.T) (c ar.Connection) {
	t.Helper()
	w.Read(t, func(r ar.Reader) (err error) {
		c, err = r.Connection(t.Context(), "main")
		return err
	})
	return c
}

// stored opens the tokens in the books.
func (w *world) stored(t *testing.T) oauth.Token {
	t.Helper()
	token, err := oauth.OpenToken(sealer(t, key(1), ""), "main", w.connection(t).Sealed)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// noSecret fails where an error shows one.
func noSecret(t *testing.T, err error) {
	t.Helper()
	if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(err.Error(), planted) || strings.Contains(text, planted) {
		t.Errorf("the error shows a secret: %s", text)
	}
}

type logBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
