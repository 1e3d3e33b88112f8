package quickbooks

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"arbot/sync/oauth"
)

// planted is in every token, to be looked for where it must not be.
const planted = "planted-secret"

// clock stands still, but for those who wait on it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, time.November, 25, 8, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Wait(ctx context.Context, d time.Duration) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	c.Add(d)
	return nil
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// wallet gives access tokens, another one after each that was refused.
type wallet struct {
	mu      sync.Mutex
	renewed int
	lost    []string
}

func (w *wallet) Access(context.Context) (oauth.Secret, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return oauth.Secret("A" + strings.Repeat("+", w.renewed) + planted), nil
}

func (w *wallet) Renew(ctx context.Context, _ oauth.Secret) (oauth.Secret, error) {
	w.mu.Lock()
	w.renewed++
	w.mu.Unlock()
	return w.Access(ctx)
}

func (w *wallet) Lost(_ context.Context, why string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lost = append(w.lost, why)
	return nil
}

// reply is one answer of the API.
type reply struct {
	status int // 0 is 200
	body   string
	header http.Header
	cut    bool // the connection ends before the body does
}

// api is the API of one company, whose answers a test gives one after the
// other; the last is repeated.
type api struct {
	*Client
	clock  *clock
	wallet *wallet
	log    *logBuffer
	start  time.Time

	mu      sync.Mutex
	replies []reply
	asked   []*http.Request
	bodies  []string
}

func newAPI(t *testing.T, replies ...reply) *api {
	t.Helper()
	a := &api{clock: newClock(), wallet: &wallet{}, log: &logBuffer{}, replies: replies}
	a.start = a.clock.Now()
	server := httptest.NewServer(a)
	a.Client = NewClient(ClientConfig{
		Realm: "9130", URL: server.URL, Tokens: a.wallet, HTTP: server.Client(), Now: a.clock.Now, Wait: a.clock.Wait, Rand: rand.Reader,
		Logger: slog.New(slog.NewTextHandler(a.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	t.Cleanup(func() {
		server.Client().CloseIdleConnections()
		server.Close()
		if text := a.log.String(); strings.Contains(text, planted) {
			t.Errorf("the log shows a secret:\n%s", text)
		}
	})
	return a
}

// ServeHTTP gives the next answer.
func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	p := a.replies[0]
	if len(a.replies) > 1 {
		a.replies = a.replies[1:]
	}
	a.asked, a.bodies = append(a.asked, r), append(a.bodies, string(body))
	a.mu.Unlock()
	maps.Copy(w.Header(), p.header)
	w.Header().Set("intuit_tid", "1-tid")
	if p.cut {
		w.Header().Set("Content-Length", "1000")
	}
	if p.status != 0 {
		w.WriteHeader(p.status)
	}
	_, _ = io.WriteString(w, p.body)
	if p.cut {
		panic(http.ErrAbortHandler)
	}
}

func (a *api) calls() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.asked)
}

func (a *api) waited() time.Duration { return a.clock.Now().Sub(a.start) }

// read asks for an invoice and returns its number.
func (a *api) read(ctx context.Context) (string, error) {
	var got struct{ Invoice struct{ DocNumber string } }
	err := a.get(ctx, "invoice/12", nil, &got)
	return got.Invoice.DocNumber, err
}

const invoice12 = `{"Invoice":{"Id":"12","DocNumber":"1037"},"time":"2026-11-25T00:00:00Z"}`

func faultReply(status int, code, message string) reply {
	return reply{status: status, body: `{"Fault":{"Error":[{"Message":"` + message + `","Detail":"More of it.","code":"` + code + `","element":"e"}],"type":"ValidationFault"},"time":"t"}`}
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for pair := range slices.Chunk(pairs, 2) {
		v.Set(pair[0], pair[1])
	}
	return v
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
