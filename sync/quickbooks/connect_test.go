package quickbooks

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
	"arbot/sync/oauth"
)

// intuit is an authorization server and the API of companies, in which one code
// and one refresh token are good.
type intuit struct {
	*storetest.Books
	app *App
	log *logBuffer
	url string

	mu      sync.Mutex
	forms   []url.Values
	refused string // the fault of the API, "" for none
	broken  int    // the status of the token endpoint, 0 for none
}

const callbackURL = "https://arbot.example/quickbooks/callback"

func newIntuit(t *testing.T) *intuit {
	t.Helper()
	i := &intuit{Books: storetest.SQLite(t), log: &logBuffer{}}
	server := httptest.NewServer(i)
	i.url = server.URL
	sealer, err := oauth.NewSealer(rand.Reader, oauth.Secret(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{1}, 32))), "")
	if err != nil {
		t.Fatal(err)
	}
	i.app, err = NewApp(AppConfig{
		Endpoints: Endpoints{Authorize: i.url + "/authorize", Token: i.url + "/token", Revoke: i.url + "/revoke", API: i.url},
		ClientID:  "client", ClientSecret: "client-" + planted, Books: i.Books, Sealer: sealer, HTTP: server.Client(),
		Now: i.Clock.Now, Rand: rand.Reader,
		Wait: func(ctx context.Context, d time.Duration) error {
			i.Clock.Add(d)
			return ctx.Err()
		},
		Logger: slog.New(slog.NewTextHandler(i.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Client().CloseIdleConnections()
		server.Close()
		if text := i.log.String(); strings.Contains(text, planted) {
			t.Errorf("the log shows a secret:\n%s", text)
		}
	})
	return i
}

// ServeHTTP is all of Intuit.
func (i *intuit) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	i.mu.Lock()
	defer i.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	switch statement := r.Form.Get("query"); {
	case r.URL.Path == "/token":
		i.forms = append(i.forms, r.PostForm)
		i.tokens(w, r)
	case r.URL.Path == "/revoke":
		i.forms = append(i.forms, r.PostForm)
	case r.Header.Get("Authorization") != "Bearer A1-"+planted:
		w.WriteHeader(http.StatusUnauthorized)
	case i.refused != "":
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, faultReply(0, i.refused, "no").body)
	case strings.Contains(statement, "CompanyInfo"):
		fmt.Fprint(w, `{"QueryResponse":{"CompanyInfo":[{"CompanyName":"Sandhill <Supply>","DefaultTimeZone":"America/Chicago"}]}}`)
	case strings.Contains(statement, "Preferences"):
		fmt.Fprint(w, `{"QueryResponse":{"Preferences":[{"CurrencyPrefs":{"HomeCurrency":{"value":"USD"}}}]}}`)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func (i *intuit) tokens(w http.ResponseWriter, r *http.Request) {
	good := map[string]bool{"code-" + planted: true, "R0-" + planted: true}
	switch {
	case i.broken != 0:
		w.WriteHeader(i.broken)
		fmt.Fprint(w, `{"error":"invalid_client"}`)
	case !good[r.PostForm.Get("code")+r.PostForm.Get("refresh_token")]:
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":"invalid_grant"}`)
	default:
		_ = json.NewEncoder(w).Encode(map[string]any{
			"access_token": "A1-" + planted, "refresh_token": "R1-" + planted, "expires_in": 3600, "token_type": "bearer",
			"x_refresh_token_hard_expires_in": 5 * 365 * 24 * 3600,
		})
	}
}

// state makes a link for the ledger main and returns its state.
func (i *intuit) state(t *testing.T) string {
	t.Helper()
	link, err := i.app.AuthorizeURL("main", "U1", callbackURL)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("state")
}

func callback(t *testing.T, pairs ...string) *http.Request {
	t.Helper()
	return httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/quickbooks/callback?"+values(pairs...).Encode(), nil)
}

// visit shows a browser's request to the callback, and returns the page and the
// outcome.
func (i *intuit) visit(r *http.Request) (*httptest.ResponseRecorder, *Outcome) {
	var out *Outcome
	w := httptest.NewRecorder()
	i.app.Callback(func(_ context.Context, o Outcome) { out = &o }).ServeHTTP(w, r)
	return w, out
}

func (i *intuit) connections(t *testing.T) (all []ar.Connection) {
	t.Helper()
	i.Read(t, func(r ar.Reader) (err error) {
		all, err = r.Connections(t.Context())
		return err
	})
	return all
}

func TestTheLinkNamesAppScopeAndCallback(t *testing.T) {
	t.Parallel()
	i := newIntuit(t)
	link, err := i.app.AuthorizeURL("main", "U1", callbackURL)
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(link)
	got := u.Query()
	if len(got.Get("state")) < 40 || strings.Contains(got.Get("state"), "main") {
		t.Errorf("state %q", got.Get("state"))
	}
	got.Del("state")
	want := values("client_id", "client", "response_type", "code", "scope", "com.intuit.quickbooks.accounting", "redirect_uri", callbackURL)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("query (-want +got):\n%s", diff)
	}
}

func TestConnecting(t *testing.T) {
	t.Parallel()
	i := newIntuit(t)
	w, out := i.visit(callback(t, "state", i.state(t), "code", "code-"+planted, "realmId", "9130"))
	if w.Code != http.StatusOK || out == nil || out.Err != nil || out.Grant.Admin != "U1" {
		t.Fatalf("status %d, outcome %+v", w.Code, out)
	}
	c := i.connections(t)[0]
	want := ar.Connection{
		Name: "main", Kind: Kind, Company: "9130", Title: "Sandhill <Supply>", Home: "USD", Zone: "America/Chicago",
		Sealed: c.Sealed, Expires: i.Clock.Now().Add(time.Hour), HardExpires: i.Clock.Now().AddDate(0, 0, 5*365), Version: c.Version,
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("connection (-want +got):\n%s", diff)
	}
	if bytes.Contains(c.Sealed, []byte(planted)) {
		t.Error("the tokens are not sealed")
	}
	if got := i.forms[0].Get("redirect_uri"); got != callbackURL {
		t.Errorf("the exchange names the callback %q", got)
	}
	page := w.Body.String()
	if !strings.Contains(page, "Sandhill &lt;Supply&gt;") || strings.Contains(page, planted) {
		t.Errorf("page:\n%s", page)
	}
	h := w.Header()
	if h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") != "no-referrer" || h.Get("Location") != "" ||
		!strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("headers %v", h)
	}
}

// What a callback may not do, and what people read then.
func TestCallbacksThatConnectNothing(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		query  func(t *testing.T, i *intuit) []string
		status int
		says   string
	}{
		"no state": {func(*testing.T, *intuit) []string { return []string{"code", "code-" + planted, "realmId", "9130"} }, 400, "not the answer to a link of arbot"},
		"a foreign state": {func(t *testing.T, _ *intuit) []string {
			t.Helper()
			return []string{"state", newIntuit(t).state(t)[:60], "code", "code-" + planted, "realmId", "9130"}
		}, 400, "not the answer to a link of arbot"},
		"an old state": {func(t *testing.T, i *intuit) []string {
			t.Helper()
			s := i.state(t)
			i.Clock.Add(11 * time.Minute)
			return []string{"state", s, "code", "code-" + planted, "realmId", "9130"}
		}, 400, "more than ten minutes old"},
		"denied": {func(t *testing.T, i *intuit) []string {
			t.Helper()
			return []string{"state", i.state(t), "error", "access_denied<script>"}
		}, 400, "was not granted"},
		"no code": {func(t *testing.T, i *intuit) []string {
			t.Helper()
			return []string{"state", i.state(t), "realmId", "9130"}
		}, 400, "no code or no company"},
		"a realm that is none": {func(t *testing.T, i *intuit) []string {
			t.Helper()
			return []string{"state", i.state(t), "code", "code-" + planted, "realmId", "../9130"}
		}, 400, "no code or no company"},
		"a bad code": {func(t *testing.T, i *intuit) []string {
			t.Helper()
			return []string{"state", i.state(t), "code", "old-" + planted, "realmId", "9130"}
		}, 400, "does not take this code"},
		"our keys are refused": {func(t *testing.T, i *intuit) []string {
			t.Helper()
			i.broken = http.StatusUnauthorized
			return []string{"state", i.state(t), "code", "code-" + planted, "realmId", "9130"}
		}, 400, "own client id and secret"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newIntuit(t)
			w, out := i.visit(callback(t, tt.query(t, i)...))
			if page := w.Body.String(); w.Code != tt.status || !strings.Contains(page, tt.says) || strings.Contains(page, "<script>") || strings.Contains(page, planted) {
				t.Errorf("status %d, page:\n%s", w.Code, page)
			}
			if out == nil || out.Err == nil || out.Connected() || len(i.connections(t)) != 0 {
				t.Errorf("outcome %+v, connections %v", out, i.connections(t))
			}
			if out != nil && out.Err != nil && strings.Contains(out.Err.Error(), planted) {
				t.Errorf("the error shows a secret: %v", out.Err)
			}
		})
	}
}

func TestACallbackWorksOnce(t *testing.T) {
	t.Parallel()
	i := newIntuit(t)
	query := []string{"state", i.state(t), "code", "code-" + planted, "realmId", "9130"}
	head := callback(t, query...)
	head.Method = http.MethodHead
	if w, out := i.visit(head); w.Code != http.StatusMethodNotAllowed || out != nil {
		t.Errorf("HEAD: %d", w.Code)
	}
	if w, _ := i.visit(callback(t, query...)); w.Code != http.StatusOK {
		t.Errorf("first: %d", w.Code)
	}
	if w, _ := i.visit(callback(t, query...)); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "works only once") {
		t.Errorf("second: %d %s", w.Code, w.Body)
	}
	if len(i.forms) != 1 {
		t.Errorf("%d exchanges", len(i.forms))
	}
}

func TestALedgerIsNotConnectedToASecondCompany(t *testing.T) {
	t.Parallel()
	i := newIntuit(t)
	for n, tt := range []struct {
		realm  string
		status int
	}{{"9130", 200}, {"9131", 400}, {"9130", 200}} {
		w, _ := i.visit(callback(t, "state", i.state(t), "code", "code-"+planted, "realmId", tt.realm))
		if w.Code != tt.status {
			t.Errorf("%d: status %d: %s", n, w.Code, w.Body)
		}
	}
	if got := i.connections(t); len(got) != 1 || got[0].Company != "9130" {
		t.Errorf("connections %+v", got)
	}
}

// The tokens are stored before they are used: a company that cannot be read is
// connected all the same.
func TestACompanyThatCannotBeReadYet(t *testing.T) {
	t.Parallel()
	i := newIntuit(t)
	i.refused = "3100"
	w, out := i.visit(callback(t, "state", i.state(t), "code", "code-"+planted, "realmId", "9130"))
	if w.Code != http.StatusOK || !out.Connected() || out.Err == nil || !strings.Contains(w.Body.String(), "could not be read yet") {
		t.Errorf("status %d, %+v: %s", w.Code, out, w.Body)
	}
	if got := i.connections(t)[0].Health.State; got != ar.NeedsReconnecting {
		t.Errorf("health %q", got)
	}
}

func TestPastedTokens(t *testing.T) {
	t.Parallel()
	i := newIntuit(t)
	for name, tt := range map[string]struct{ refresh, realm, says string }{
		"a bad token": {"R9-" + planted, "9130", "does not take this code or token"},
		"a bad realm": {"R0-" + planted, "abc", "Realm ID"},
	} {
		out := i.app.Paste(t.Context(), "main", oauth.Secret(tt.refresh), tt.realm)
		if ar.KindOf(out.Err) != ar.Invalid || !strings.Contains(out.Err.Error(), tt.says) || strings.Contains(out.Err.Error(), planted) {
			t.Errorf("%s: %v", name, out.Err)
		}
	}
	out := i.app.Paste(t.Context(), "main", "R0-"+planted, "9130")
	if out.Err != nil || out.Connection.Title != "Sandhill <Supply>" {
		t.Fatalf("%+v", out)
	}
	if revoked, err := i.app.Disconnect(t.Context(), "main"); err != nil || !revoked || len(i.connections(t)) != 0 {
		t.Errorf("disconnect: revoked %v, %v", revoked, err)
	}
	if got := i.forms[len(i.forms)-1].Get("token"); got != "R1-"+planted {
		t.Errorf("revoked %q", got)
	}
	if _, err := i.app.Disconnect(t.Context(), "main"); ar.KindOf(err) != ar.NotFound {
		t.Errorf("again: %v", err)
	}
}

func TestACompanyHasOneClient(t *testing.T) {
	t.Parallel()
	i := newIntuit(t)
	if one := i.app.Client("main", "9130"); one != i.app.Client("main", "9130") || one == i.app.Client("main", "9131") {
		t.Error("the calls are counted apart, or together with another company's")
	}
}

func TestNothingWorksWithoutAKey(t *testing.T) {
	t.Parallel()
	i := newIntuit(t)
	none, err := oauth.NewSealer(rand.Reader, "", "")
	if err != nil {
		t.Fatal(err)
	}
	c := i.app.AppConfig
	c.Sealer = none
	app, err := NewApp(c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.AuthorizeURL("main", "U1", callbackURL); err == nil || !strings.Contains(err.Error(), oauth.KeyName) {
		t.Errorf("%v", err)
	}
	c.Rand = io.LimitReader(rand.Reader, 0)
	if _, err := NewApp(c); err == nil {
		t.Error("an app without randomness")
	}
}
