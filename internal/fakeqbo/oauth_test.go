package fakeqbo_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"arbot/internal/fakeqbo"
)

func (f *fixture) consent(t *testing.T, change func(url.Values)) response {
	t.Helper()
	q := url.Values{
		"client_id": {f.App().ClientID}, "response_type": {"code"}, "state": {"s1"},
		"scope": {"openid com.intuit.quickbooks.accounting"}, "redirect_uri": {back},
	}
	if change != nil {
		change(q)
	}
	r, err := http.NewRequestWithContext(within(t), http.MethodGet, f.AuthorizeURL()+"?"+q.Encode(), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	return f.do(t, r)
}

// sentBack gives what the browser brings to the app.
func sentBack(t *testing.T, got response) url.Values {
	t.Helper()
	to, err := url.Parse(got.header.Get("Location"))
	if err != nil || got.status != http.StatusFound || !strings.HasPrefix(to.String(), back+"?") {
		t.Fatalf("status %d, Location %q (%v); want the way back", got.status, got.header.Get("Location"), err)
	}
	return to.Query()
}

func TestConnect(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.Choose(another)
	got := sentBack(t, f.consent(t, nil))
	if got.Get("state") != "s1" || got.Get("realmId") != another {
		t.Fatalf("sent back with %v", got)
	}
	code := url.Values{"grant_type": {"authorization_code"}, "code": {got.Get("code")}, "redirect_uri": {back}}
	r := f.tokenRequest(t, code)
	r.Header.Set("x-include-refresh-token-hard-expires-in", "true")
	answer := f.do(t, r)
	tokens := answer.fields(t)
	for field, want := range map[string]any{
		"token_type": "bearer", "expires_in": 3600.0, "x_refresh_token_expires_in": 8726400.0,
		"x_refresh_token_hard_expires_in": 157680000.0,
	} {
		if tokens[field] != want {
			t.Errorf("%s is %v, want %v", field, tokens[field], want)
		}
	}
	refused(t, f.token(t, code), http.StatusBadRequest, "invalid_grant") // a code works once
}

func TestConsentRefused(t *testing.T) {
	t.Parallel()
	f := start(t)
	for name, change := range map[string]func(url.Values){
		"another address": func(q url.Values) { q.Set("redirect_uri", back+"/") },
		"another app":     func(q url.Values) { q.Set("client_id", "x") },
		"no state":        func(q url.Values) { q.Del("state") },
	} {
		if got := f.consent(t, change); got.status != http.StatusBadRequest || got.header.Get("Location") != "" {
			t.Errorf("%s: status %d, Location %q; want a page that goes nowhere", name, got.status, got.header.Get("Location"))
		}
	}
	if got := sentBack(t, f.consent(t, func(q url.Values) { q.Set("scope", "openid") })); got.Get("error") != "invalid_scope" {
		t.Errorf("without the accounting scope: %v", got)
	}
	f.SetConsent(false)
	if got := sentBack(t, f.consent(t, nil)); got.Get("error") != "access_denied" || got.Get("code") != "" {
		t.Errorf("denied: %v", got)
	}
}

func TestProductionKeysRefuseLocalhost(t *testing.T) {
	t.Parallel()
	f := start(t, func(o *fakeqbo.Options) { o.App.Production = true })
	if got := f.consent(t, nil); got.status != http.StatusBadRequest {
		t.Errorf("status %d for %s", got.status, back)
	}
	const public = "https://arbot.example/quickbooks/callback"
	f.AllowRedirect(public)
	if got := f.consent(t, func(q url.Values) { q.Set("redirect_uri", public) }); got.status != http.StatusFound {
		t.Errorf("status %d for %s: %s", got.status, public, got.body)
	}
}

func TestCodeNeedsItsAddressAndHaste(t *testing.T) {
	t.Parallel()
	f := start(t)
	exchange := func(redirect string, wait time.Duration) response {
		code := sentBack(t, f.consent(t, nil)).Get("code")
		f.clock.Advance(wait)
		return f.token(t, url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirect}})
	}
	refused(t, exchange(back+"/", 0), http.StatusBadRequest, "invalid_grant")
	refused(t, exchange(back, time.Hour), http.StatusBadRequest, "invalid_grant")
	if got := exchange(back, time.Minute); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestTokenCallsRefused(t *testing.T) {
	t.Parallel()
	f := start(t)
	value := f.Grant(realm).Refresh
	r := f.tokenRequest(t, refreshing(value))
	r.SetBasicAuth(f.App().ClientID, "wrong")
	refused(t, f.do(t, r), http.StatusUnauthorized, "invalid_client")
	r = f.tokenRequest(t, refreshing(value))
	r.Header.Set("Content-Type", "application/json")
	refused(t, f.do(t, r), http.StatusBadRequest, "invalid_request")
	refused(t, f.token(t, url.Values{"grant_type": {"password"}}), http.StatusBadRequest, "unsupported_grant_type")
	refused(t, f.token(t, refreshing("")), http.StatusBadRequest, "invalid_request")
	refused(t, f.token(t, refreshing("RT1-never-was")), http.StatusBadRequest, "invalid_grant")
	if got := f.Refreshes(); len(got) != 1 || got[0].Dead != "unknown" {
		t.Errorf("refreshes %+v", got)
	}
}

// TestRefreshRotates: the value stays for a day, then the old one is dead.
func TestRefreshRotates(t *testing.T) {
	t.Parallel()
	f := start(t)
	first := f.Grant(realm)
	f.clock.Advance(23 * time.Hour)
	same := f.token(t, refreshing(first.Refresh)).fields(t)
	if same["refresh_token"] != first.Refresh || same["access_token"] == first.Access || same["x_refresh_token_expires_in"] != 8726400.0-23*3600 {
		t.Errorf("within a day: %v", same)
	}
	f.clock.Advance(time.Hour)
	changed := f.token(t, refreshing(first.Refresh)).fields(t)
	if changed["refresh_token"] == first.Refresh || changed["x_refresh_token_expires_in"] != 8726400.0 {
		t.Errorf("after a day: %v", changed)
	}
	refused(t, f.token(t, refreshing(first.Refresh)), http.StatusBadRequest, "invalid_grant")
	if live, ok := f.LiveRefresh(realm); !ok || live != changed["refresh_token"] {
		t.Errorf("alive is %q, %t", live, ok)
	}
	uses := f.Refreshes()
	if len(uses) != 3 || uses[0].Rotated || !uses[1].Rotated || uses[2].Dead != "replaced" || uses[2].Realm != realm {
		t.Errorf("refreshes %+v", uses)
	}
}

func TestRotationAtEachUseWithGrace(t *testing.T) {
	t.Parallel()
	f := start(t, func(o *fakeqbo.Options) { o.RotateAfter, o.Grace = -1, time.Minute })
	first := f.Grant(realm).Refresh
	second := f.token(t, refreshing(first)).fields(t)["refresh_token"]
	if second == first {
		t.Fatal("the value stayed")
	}
	f.clock.Advance(59 * time.Second)
	if again := f.token(t, refreshing(first)).fields(t)["refresh_token"]; again != second {
		t.Errorf("within the grace the old value gives %v, want the current one", again)
	}
	f.clock.Advance(time.Second)
	refused(t, f.token(t, refreshing(first)), http.StatusBadRequest, "invalid_grant")
}

func TestConnectionEnds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		end        func(*testing.T, *fixture, fakeqbo.Tokens)
		dead       string
		status     int
		code, kind string
	}{
		"disused": {
			func(_ *testing.T, f *fixture, _ fakeqbo.Tokens) { f.clock.Advance(fakeqbo.RefreshLife) },
			"expired", http.StatusUnauthorized, "3200", "AUTHENTICATION",
		},
		"too old": {func(t *testing.T, f *fixture, tokens fakeqbo.Tokens) {
			t.Helper()
			f.clock.Advance(40 * 24 * time.Hour)
			if got := f.token(t, refreshing(tokens.Refresh)); got.status != http.StatusOK || got.fields(t)["x_refresh_token_expires_in"] != 20.0*24*3600 {
				t.Errorf("a refresh near the end: %d %s", got.status, got.body)
			}
			f.clock.Advance(20 * 24 * time.Hour)
		}, "hard expired", http.StatusUnauthorized, "3200", "AUTHENTICATION"},
		"disconnected by an admin": {
			func(_ *testing.T, f *fixture, _ fakeqbo.Tokens) { f.RevokeAll(realm) },
			"disconnected", http.StatusForbidden, "3100", "AUTHORIZATION",
		},
		"given back by the app": {func(t *testing.T, f *fixture, tokens fakeqbo.Tokens) {
			t.Helper()
			r := f.request(t, http.MethodPost, "/v2/oauth2/tokens/revoke", "", `{"token":"`+tokens.Refresh+`"}`)
			r.SetBasicAuth(f.App().ClientID, f.App().ClientSecret)
			if got := f.do(t, r); got.status != http.StatusOK {
				t.Errorf("revoke: %d %s", got.status, got.body)
			}
		}, "revoked", http.StatusUnauthorized, "3200", "AUTHENTICATION"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, func(o *fakeqbo.Options) {
				if name == "too old" {
					o.HardLife = 60 * 24 * time.Hour
				}
			})
			tokens := f.Grant(realm)
			tt.end(t, f, tokens)
			refusedCompany(t, f.ask(t, tokens.Access), tt.status, tt.code, tt.kind)
			refused(t, f.token(t, refreshing(liveOr(f, tokens.Refresh))), http.StatusBadRequest, "invalid_grant")
			if uses := f.Refreshes(); uses[len(uses)-1].Dead != tt.dead {
				t.Errorf("refreshes %+v, want the last one %q", uses, tt.dead)
			}
		})
	}
}

func liveOr(f *fixture, value string) string {
	if live, ok := f.LiveRefresh(realm); ok {
		return live
	}
	return value
}

// refusedCompany checks a refusal in the lower-case shape.
func refusedCompany(t *testing.T, got response, status int, code, kind string) {
	t.Helper()
	fault, _ := got.fields(t)["fault"].(map[string]any)
	errs, _ := fault["error"].([]any)
	if got.status != status || fault["type"] != kind || len(errs) != 1 {
		t.Fatalf("got %d %s, want %d %s", got.status, got.body, status, kind)
	}
	if first, _ := errs[0].(map[string]any); first["code"] != code {
		t.Errorf("code %v, want %s", first["code"], code)
	}
	if got.header.Get("Intuit_tid") == "" {
		t.Error("no intuit_tid")
	}
}

func TestBearer(t *testing.T) {
	t.Parallel()
	f := start(t)
	tokens := f.Grant(realm)
	if got := f.ask(t, tokens.Access); got.status != http.StatusOK || got.header.Get("Intuit_tid") == "" {
		t.Fatalf("a good token: %d %s", got.status, got.body)
	}
	refusedCompany(t, f.ask(t, ""), http.StatusUnauthorized, "3200", "AUTHENTICATION")
	refusedCompany(t, f.ask(t, tokens.Access+"x"), http.StatusUnauthorized, "3200", "AUTHENTICATION")
	refusedCompany(t, f.ask(t, f.Grant(another).Access), http.StatusForbidden, "3100", "AUTHORIZATION")
	f.SetAdmin(realm, false)
	refusedCompany(t, f.ask(t, tokens.Access), http.StatusUnauthorized, "120", "AUTHORIZATION")
	f.SetAdmin(realm, true)
	f.ExpireAccess(realm)
	refusedCompany(t, f.ask(t, tokens.Access), http.StatusUnauthorized, "3200", "AUTHENTICATION")
	renewed, _ := f.token(t, refreshing(tokens.Refresh)).fields(t)["access_token"].(string)
	f.clock.Advance(fakeqbo.AccessLife - time.Second)
	if got := f.ask(t, renewed); got.status != http.StatusOK {
		t.Errorf("within its hour: %d %s", got.status, got.body)
	}
	f.clock.Advance(time.Second)
	refusedCompany(t, f.ask(t, renewed), http.StatusUnauthorized, "3200", "AUTHENTICATION")
	calls := f.Calls(regexp.MustCompile("companyinfo"))
	if last := calls[len(calls)-1]; last.Code != "3200" || last.Status != http.StatusUnauthorized || last.Realm != realm || last.Kind != fakeqbo.KindRead {
		t.Errorf("noted as %+v", last)
	}
}

// TestTwoRefreshAtOnce: the server sees an app whose processes don't know of each
// other.
func TestTwoRefreshAtOnce(t *testing.T) {
	t.Parallel()
	f := start(t, func(o *fakeqbo.Options) { o.RotateAfter = -1 })
	value := f.Grant(realm).Refresh
	release := make(chan struct{})
	f.Inject(fakeqbo.Fault{On: regexp.MustCompile("tokens/bearer refresh_token"), Hold: release, Times: 2})
	statuses := make(chan int, 2)
	for range 2 {
		r := f.tokenRequest(t, refreshing(value))
		go func() {
			got, err := f.try(r)
			if err != nil {
				t.Error(err)
			}
			statuses <- got.status
		}()
	}
	if err := f.Await(within(t), func(calls []fakeqbo.Call) bool { return len(calls) == 2 }); err != nil {
		t.Fatal(err)
	}
	close(release)
	if sum := <-statuses + <-statuses; sum != http.StatusOK+http.StatusBadRequest {
		t.Errorf("the statuses add up to %d: one is to win", sum)
	}
	uses := f.Refreshes()
	if len(uses) != 2 || uses[0].Dead != "" || uses[1].Dead != "replaced" || uses[0].Alongside != 1 {
		t.Errorf("refreshes %+v", uses)
	}
}

func TestDiscovery(t *testing.T) {
	t.Parallel()
	f := start(t)
	for _, path := range []string{"/.well-known/openid_configuration/", "/.well-known/openid_sandbox_configuration"} {
		got := f.do(t, f.request(t, http.MethodGet, path, "", "")).fields(t)
		if got["token_endpoint"] != f.TokenURL() || got["authorization_endpoint"] != f.AuthorizeURL() || got["revocation_endpoint"] != f.RevokeURL() {
			t.Errorf("%s: %v", path, got)
		}
	}
	if got := f.do(t, f.request(t, http.MethodGet, "/.well-known/other", "", "")); got.status != http.StatusNotFound {
		t.Errorf("another document: %d", got.status)
	}
}
