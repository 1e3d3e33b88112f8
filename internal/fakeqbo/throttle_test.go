package fakeqbo_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/internal/fakeqbo"
)

// hits makes calls and counts those that are let through.
func (f *fixture) hits(t *testing.T, n int, method, path, access, body string) (through int) {
	t.Helper()
	for range n {
		if got := f.do(t, f.request(t, method, path, access, body)); got.status != http.StatusTooManyRequests {
			through++
		}
	}
	return through
}

func TestSecondSlides(t *testing.T) {
	t.Parallel()
	f := start(t)
	access := f.Grant(realm).Access
	if n := f.hits(t, 6, http.MethodGet, companyInfo, access, ""); n != 6 {
		t.Errorf("%d of 6 calls came through", n)
	}
	f.clock.Advance(900 * time.Millisecond)
	if n := f.hits(t, 6, http.MethodGet, companyInfo, access, ""); n != 4 {
		t.Errorf("%d of 6 calls came through within the same second, want 4", n)
	}
	f.clock.Advance(100 * time.Millisecond) // the first six are a second old
	if n := f.hits(t, 8, http.MethodGet, companyInfo, access, ""); n != 6 {
		t.Errorf("%d of 8 calls came through, want 6", n)
	}
	over := f.Exceeded()
	if len(over) != 4 || over[0].Limit != "second" || over[0].Realm != realm || over[0].What != "GET /companyinfo/"+realm {
		t.Errorf("exceeded %+v", over)
	}
}

func TestLimitsAreEachCompanysOwn(t *testing.T) {
	t.Parallel()
	f := start(t)
	if n := f.hits(t, 11, http.MethodGet, companyInfo, f.Grant(realm).Access, ""); n != 10 {
		t.Errorf("%d came through", n)
	}
	other := strings.ReplaceAll(companyInfo, realm, another)
	if n := f.hits(t, 10, http.MethodGet, other, f.Grant(another).Access, ""); n != 10 {
		t.Errorf("%d of the other company's calls came through", n)
	}
	f.hits(t, 20, http.MethodPost, "/oauth2/v1/tokens/bearer", "", "")
	if over := f.Exceeded(); len(over) != 1 {
		t.Errorf("exceeded %+v: the sign-in has no limit", over)
	}
}

func TestMinuteLimits(t *testing.T) {
	t.Parallel()
	const company = "/v3/company/" + realm
	tests := map[string]struct {
		limit, want  string
		n            int
		method, path string
	}{
		"minute":  {limit: "minute", n: 500, method: http.MethodGet, path: companyInfo},
		"batches": {limit: "batches", n: 40, method: http.MethodPost, path: company + "/batch"},
		"reports": {limit: "reports", n: 200, method: http.MethodGet, path: company + "/reports/AgedReceivables"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, func(o *fakeqbo.Options) { o.Limits.Second = -1 })
			access := f.Grant(realm).Access
			body := `{"BatchItemRequest":[]}`
			if n := f.hits(t, tt.n+1, tt.method, tt.path, access, body); n != tt.n {
				t.Errorf("%d came through, want %d", n, tt.n)
			}
			if over := f.Exceeded(); len(over) != 1 || over[0].Limit != tt.limit {
				t.Errorf("exceeded %+v", over)
			}
			f.clock.Advance(time.Minute)
			if n := f.hits(t, 1, tt.method, tt.path, access, body); n != 1 {
				t.Error("the next minute is refused, too")
			}
		})
	}
}

func TestInFlight(t *testing.T) {
	t.Parallel()
	f := start(t, func(o *fakeqbo.Options) { o.Limits = fakeqbo.Unlimited(); o.Limits.InFlight = 2 })
	access := f.Grant(realm).Access
	release, done := make(chan struct{}), make(chan error, 2)
	f.Inject(fakeqbo.Fault{Hold: release, Times: 2})
	for range 2 {
		r := f.request(t, http.MethodGet, companyInfo, access, "")
		go func() {
			_, err := f.try(r)
			done <- err
		}()
	}
	if err := f.Await(within(t), func(calls []fakeqbo.Call) bool { return len(calls) == 2 && calls[0].Hit && calls[1].Hit }); err != nil {
		t.Fatal(err)
	}
	if n := f.hits(t, 1, http.MethodGet, companyInfo, access, ""); n != 0 {
		t.Error("a third call at once came through")
	}
	close(release)
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if over := f.Exceeded(); len(over) != 1 || over[0].Limit != "in flight" {
		t.Errorf("exceeded %+v", over)
	}
}

// TestMonth: the quota is for what reads, over all companies, and comes back with the
// next month.
func TestMonth(t *testing.T) {
	t.Parallel()
	f := start(t, func(o *fakeqbo.Options) { o.Limits.Month = 3 })
	access := f.Grant(realm).Access
	if n := f.hits(t, 5, http.MethodGet, companyInfo, access, ""); n != 3 {
		t.Errorf("%d came through, want 3", n)
	}
	if got := f.do(t, f.request(t, http.MethodPost, "/v3/company/"+realm+"/customer", access, `{"DisplayName":"Acme"}`)); got.status != http.StatusOK {
		t.Errorf("a write: %d %s", got.status, got.body)
	}
	f.clock.Advance(5 * 24 * time.Hour)
	if got := f.ask(t, f.Grant(realm).Access); got.status != http.StatusTooManyRequests {
		t.Errorf("later in the month: %d", got.status)
	}
	f.clock.Advance(24 * time.Hour) // the first of December
	if got := f.ask(t, f.Grant(realm).Access); got.status != http.StatusOK {
		t.Errorf("in the next month: %d %s", got.status, got.body)
	}
	if over := f.Exceeded(); len(over) != 3 || over[0].Limit != "month" {
		t.Errorf("exceeded %+v", over)
	}
}

func TestThrottleAnswers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer  fakeqbo.ThrottleAnswer
		status  int
		kind    string
		contain string
	}{
		"JSON":        {fakeqbo.ThrottleJSON, 429, "application/json;charset=UTF-8", `"code":"3001"`},
		"XML":         {fakeqbo.ThrottleXML, 429, "application/xml", `<Error code="3001"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message>`},
		"XML and 403": {fakeqbo.ThrottleXML403, 403, "application/xml", `<Fault type="SERVICE"><Error code="3001"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=403</Message>`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, func(o *fakeqbo.Options) {
				o.Limits = fakeqbo.Limits{Second: 1, Answer: tt.answer, RetryAfter: 1500 * time.Millisecond}
			})
			access := f.Grant(realm).Access
			f.ask(t, access)
			got := f.ask(t, access)
			if got.status != tt.status || got.header.Get("Content-Type") != tt.kind || !strings.Contains(got.body, tt.contain) || got.header.Get("Retry-After") != "2" {
				t.Errorf("got %d %q %v", got.status, got.body, got.header)
			}
			if calls := f.Calls(regexp.MustCompile("^GET")); calls[1].Code != "3001" {
				t.Errorf("noted as %+v", calls[1])
			}
		})
	}
}

func TestLimitsCanChange(t *testing.T) {
	t.Parallel()
	f := start(t, func(o *fakeqbo.Options) { o.Limits = fakeqbo.Unlimited() })
	access := f.Grant(realm).Access
	got := []int{f.hits(t, 12, http.MethodGet, companyInfo, access, "")}
	f.SetLimits(fakeqbo.Limits{})
	got = append(got, f.hits(t, 1, http.MethodGet, companyInfo, access, ""))
	f.SetLimits(fakeqbo.Unlimited())
	got = append(got, f.hits(t, 1, http.MethodGet, companyInfo, access, ""))
	if diff := cmp.Diff([]int{12, 0, 1}, got); diff != "" {
		t.Errorf("came through (-want +got):\n%s", diff)
	}
}
