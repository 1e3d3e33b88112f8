package fakeqbo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"arbot/internal/fakeqbo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	realm   = "4620816365000000001"
	another = "4620816365000000002"
	back    = "http://localhost:8080/callback"
)

// fixture is a server with two companies, its clock, and a client of its own.
type fixture struct {
	*fakeqbo.Server
	clock  *fakeqbo.Clock
	client *http.Client
}

func start(t *testing.T, change ...func(*fakeqbo.Options)) *fixture {
	t.Helper()
	clock := fakeqbo.NewClock(time.Date(2026, time.November, 25, 9, 0, 0, 0, time.UTC))
	opt := fakeqbo.Options{Now: clock.Now, App: fakeqbo.App{RedirectURIs: []string{back}}}
	for _, fn := range change {
		fn(&opt)
	}
	s, err := fakeqbo.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	s.AddCompany(realm, "Bright Ideas")
	s.AddCompany(another, "Dark Matters")
	transport := &http.Transport{}
	t.Cleanup(func() { s.Close(); transport.CloseIdleConnections() })
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	return &fixture{Server: s, clock: clock, client: client}
}

// within is a context for one test: long enough for a slow machine, so that it ends
// only what hangs.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// response is an answer that was read to its end.
type response struct {
	status int
	header http.Header
	body   string
}

func (r response) fields(t *testing.T) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal([]byte(r.body), &out); err != nil {
		t.Fatalf("status %d with %q: %v", r.status, r.body, err)
	}
	return out
}

// try sends a request and gives what came back, or why nothing did.
func (f *fixture) try(r *http.Request) (response, error) {
	resp, err := f.client.Do(r)
	if err != nil {
		return response{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return response{resp.StatusCode, resp.Header, string(body)}, err
}

func (f *fixture) do(t *testing.T, r *http.Request) response {
	t.Helper()
	got, err := f.try(r)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func (f *fixture) request(t *testing.T, method, path, access, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(within(t), method, f.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/json")
	if access != "" {
		r.Header.Set("Authorization", "Bearer "+access)
	}
	return r
}

// ask reads a company: a call that always has an answer.
func (f *fixture) ask(t *testing.T, access string) response {
	t.Helper()
	return f.do(t, f.request(t, http.MethodGet, companyInfo, access, ""))
}

const companyInfo = "/v3/company/" + realm + "/companyinfo/" + realm

// token calls the token endpoint as the app.
func (f *fixture) token(t *testing.T, fields url.Values) response {
	t.Helper()
	return f.do(t, f.tokenRequest(t, fields))
}

func (f *fixture) tokenRequest(t *testing.T, fields url.Values) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(within(t), http.MethodPost, f.TokenURL(), bytes.NewBufferString(fields.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(f.App().ClientID, f.App().ClientSecret)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func refreshing(value string) url.Values {
	return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {value}}
}

// refused checks an answer of the token endpoint.
func refused(t *testing.T, got response, status int, code string) {
	t.Helper()
	if got.status != status || got.fields(t)["error"] != code || got.header.Get("Intuit_tid") == "" {
		t.Errorf("got %d %s (intuit_tid %q), want %d with %q", got.status, got.body, got.header.Get("Intuit_tid"), status, code)
	}
}

func TestNewNeedsAClock(t *testing.T) {
	t.Parallel()
	if s, err := fakeqbo.New(fakeqbo.Options{}); err == nil {
		s.Close()
		t.Error("a server without a clock was opened")
	}
}

func TestElsewhere(t *testing.T) {
	t.Parallel()
	f := start(t)
	access := f.Grant(realm).Access
	for path, want := range map[string]int{
		"/":                      http.StatusNotFound,
		"/v3/company/":           http.StatusForbidden, // of a company without a name
		"/v3/company/1/invoice":  http.StatusForbidden,
		"/v3/company/" + realm:   http.StatusBadRequest,
		"/v3/company/" + another: http.StatusForbidden,
	} {
		if got := f.do(t, f.request(t, http.MethodGet, path, access, "")); got.status != want || got.header.Get("Intuit_tid") == "" {
			t.Errorf("%s: got %d %s, want %d", path, got.status, got.body, want)
		}
	}
	if f.Company(realm) == nil || f.Company("1") != nil {
		t.Error("the companies are not those that were added")
	}
}
