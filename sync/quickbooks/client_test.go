package quickbooks

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	arsync "arbot/sync"
)

// trouble returns what an error says of the connection; the zero Health where
// it says nothing.
func healthIn(t *testing.T, err error) ar.Health {
	t.Helper()
	if err == nil {
		t.Fatal("there is no error")
	}
	if text := fmt.Sprintf("%v %+v", err, err); strings.Contains(text, planted) {
		t.Errorf("the error shows a secret: %s", text)
	}
	if trouble, ok := errors.AsType[*arsync.TroubleError](err); ok {
		return trouble.Health
	}
	return ar.Health{}
}

func TestACallIsAsQuickBooksWantsIt(t *testing.T) {
	t.Parallel()
	a := newAPI(t, reply{body: invoice12})
	if got, err := a.read(t.Context()); err != nil || got != "1037" {
		t.Fatalf("read %q, %v", got, err)
	}
	r := a.asked[0]
	got := map[string]string{
		"method": r.Method, "uri": r.RequestURI, "accept": r.Header.Get("Accept"), "auth": r.Header.Get("Authorization"),
	}
	want := map[string]string{
		"method": "GET", "uri": "/v3/company/9130/invoice/12?minorversion=75", "accept": "application/json", "auth": "Bearer A" + planted,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
	if !strings.Contains(a.log.String(), "intuit_tid=1-tid") {
		t.Errorf("the log lacks the id of the answer:\n%s", a.log.String())
	}
}

// Escape for the query language, then encode for the address.
func TestX08Failure01Failure29TextInAQuery(t *testing.T) {
	t.Parallel()
	a := newAPI(t, reply{body: `{"QueryResponse":{}}`})
	query := `select * from Invoice where DocNumber = ` + literal(`O'Brien & Sons \ 50% + 1`)
	if want := `select * from Invoice where DocNumber = 'O\'Brien & Sons \\ 50% + 1'`; query != want {
		t.Errorf("query %s, want %s", query, want)
	}
	if err := a.get(t.Context(), "query", values("query", query), nil); err != nil {
		t.Fatal(err)
	}
	const encoded = `O%5C%27Brien%20%26%20Sons%20%5C%5C%2050%25%20%2B%201%27`
	if uri := a.asked[0].RequestURI; !strings.Contains(uri, encoded) {
		t.Errorf("the address %s lacks %s", uri, encoded)
	}
	if got := a.asked[0].URL.Query().Get("query"); got != query {
		t.Errorf("it is decoded to %s", got)
	}
}

func TestFailure02FreeTextIsNotQueriedFor(t *testing.T) {
	t.Parallel()
	a := newAPI(t, reply{body: `{"QueryResponse":{}}`})
	for _, name := range []string{"O’Brien", "A – B", "Zoë", "line\nbreak"} {
		err := a.get(t.Context(), "query", values("query", "select * from Customer where DisplayName = "+literal(name)), nil)
		if err == nil || !strings.Contains(err.Error(), "ids") {
			t.Errorf("%q: %v", name, err)
		}
	}
	if a.calls() != 0 {
		t.Errorf("%d calls were made", a.calls())
	}
}

const xmlThrottle = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<IntuitResponse time="2026-11-25T00:00:00.000-08:00" xmlns="http://schema.intuit.com/finance/v3">
  <Fault type="SERVICE"><Error code="3001"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message><Detail>Later.</Detail></Error></Fault>
</IntuitResponse>`

// All forms of the throttle are waited out: for a minute, since QuickBooks says
// nothing about time, or as long as it says.
func TestFailure07Failure08Failure30ThrottlesOfAllForms(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		reply reply
		waits time.Duration
	}{
		"JSON":          {faultReply(429, "3001", "ThrottleExceeded"), time.Minute},
		"XML as 429":    {reply{status: 429, body: xmlThrottle}, time.Minute},
		"XML as 403":    {reply{status: 403, body: xmlThrottle}, time.Minute},
		"nothing":       {reply{status: 429}, time.Minute},
		"a page":        {reply{status: 429, body: "<html>slow down</html>"}, time.Minute},
		"seconds":       {reply{status: 429, header: http.Header{"Retry-After": {"7"}}}, 7 * time.Second},
		"a date":        {reply{status: 429, header: http.Header{"Retry-After": {"Wed, 25 Nov 2026 08:00:20 GMT"}}}, 20 * time.Second},
		"no known form": {reply{status: 429, header: http.Header{"Retry-After": {"soon"}}}, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAPI(t, tt.reply, reply{body: invoice12})
			if got, err := a.read(t.Context()); err != nil || got != "1037" {
				t.Errorf("read %q, %v", got, err)
			}
			if a.calls() != 2 || a.waited() != tt.waits {
				t.Errorf("%d calls, waited %s, want %s", a.calls(), a.waited(), tt.waits)
			}
		})
	}
}

// A throttle that does not end is the month's quota: hourly, until a call goes
// through.
func TestAThrottleThatPersistsIsTheMonthsQuota(t *testing.T) {
	t.Parallel()
	a := newAPI(t, faultReply(429, "3001", "ThrottleExceeded"))
	var got ar.Health
	for i := range 3 { // each waits three minutes
		if i > 0 {
			a.clock.Add(2 * time.Minute)
		}
		_, err := a.read(t.Context())
		got = healthIn(t, err)
		if want := map[bool]ar.HealthState{false: ar.Delayed, true: ar.Paused}[i == 2]; got.State != want {
			t.Fatalf("run %d after %s: %q, want %q (%s)", i, a.waited(), got.State, want, got.Why)
		}
	}
	if want := a.clock.Now().Add(time.Hour); !got.Until.Equal(want) {
		t.Errorf("paused until %s, want %s", got.Until, want)
	}
	before := a.calls()
	if _, err := a.read(t.Context()); healthIn(t, err).State != ar.Paused || a.calls() != before {
		t.Errorf("within the hour: %v, %d calls more", err, a.calls()-before)
	}
	a.clock.Add(time.Hour)
	if _, err := a.read(t.Context()); healthIn(t, err).State != ar.Paused || a.calls() != before+1 {
		t.Errorf("after the hour: %v, %d calls more, want 1", err, a.calls()-before)
	}
	a.replies = []reply{{body: invoice12}}
	if _, err := a.read(t.Context()); err == nil {
		t.Error("a call went out within the next hour")
	}
	a.TryNow()
	for range 2 {
		if _, err := a.read(t.Context()); err != nil {
			t.Errorf("when somebody asks for it now, and after that: %v", err)
		}
	}
}

// Hours are not waited out.
func TestALongRetryAfterPauses(t *testing.T) {
	t.Parallel()
	a := newAPI(t, reply{status: 429, header: http.Header{"Retry-After": {"40000"}}})
	_, err := a.read(t.Context())
	if got := healthIn(t, err); got.State != ar.Paused || !got.Until.Equal(a.start.Add(40000*time.Second)) || a.waited() != 0 {
		t.Errorf("%+v, waited %s", got, a.waited())
	}
}

// Throttles far apart are no quota.
func TestThrottlesFadeFromMemory(t *testing.T) {
	t.Parallel()
	now := newClock().Now()
	p := newPace(now)
	p.throttled(now, 0)
	if until, quota := p.throttled(now.Add(2*time.Hour), 0); quota || !until.Equal(now.Add(2*time.Hour+time.Minute)) {
		t.Errorf("until %s, quota %v", until, quota)
	}
	if _, quota := p.throttled(now.Add(2*time.Hour+11*time.Minute), 0); !quota {
		t.Error("eleven minutes of throttles are no quota")
	}
	p.calm(now.Add(time.Hour)) // was under way before
	if d, _ := p.hold(now.Add(2*time.Hour + 12*time.Minute)); d == 0 {
		t.Error("an older call lifted the pause")
	}
}

// Who has no time to wait is told at once.
func TestAThrottleBeyondTheDeadlineIsToldAtOnce(t *testing.T) {
	t.Parallel()
	a := newAPI(t, faultReply(429, "3001", "ThrottleExceeded"))
	ctx, cancel := context.WithDeadline(t.Context(), a.start.Add(30*time.Second))
	defer cancel()
	if time.Now().After(a.start) {
		ctx = deadlineOnly{t.Context(), a.start.Add(30 * time.Second)}
	}
	_, err := a.read(ctx)
	if got := healthIn(t, err); got.State != ar.Delayed || a.calls() != 1 || a.waited() != 0 {
		t.Errorf("%+v after %d calls and %s", got, a.calls(), a.waited())
	}
}

// deadlineOnly states a deadline on the test's clock.
type deadlineOnly struct {
	context.Context
	at time.Time
}

func (d deadlineOnly) Deadline() (time.Time, bool) { return d.at, true }

func TestFailure03ARefusedTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	expired := reply{status: 401, body: `{"warnings":null,"fault":{"error":[{"message":"message=ApplicationAuthenticationFailed; errorCode=003200; statusCode=401","detail":"Token expired","code":"3200","element":null}],"type":"AUTHENTICATION"},"requestId":"r"}`}
	t.Run("then it goes on", func(t *testing.T) {
		t.Parallel()
		a := newAPI(t, expired, reply{body: invoice12})
		if got, err := a.read(t.Context()); err != nil || got != "1037" {
			t.Errorf("read %q, %v", got, err)
		}
		if a.wallet.renewed != 1 || a.asked[1].Header.Get("Authorization") != "Bearer A+"+planted {
			t.Errorf("renewed %d times", a.wallet.renewed)
		}
	})
	t.Run("or not", func(t *testing.T) {
		t.Parallel()
		a := newAPI(t, expired)
		_, err := a.read(t.Context())
		if got := healthIn(t, err).State; got != ar.Delayed || a.wallet.renewed != 1 || a.calls() != 2 {
			t.Errorf("%q: renewed %d times, %d calls: %v", got, a.wallet.renewed, a.calls(), err)
		}
		if f, ok := errors.AsType[*Fault](err); !ok || f.Code != "3200" || f.TID != "1-tid" || f.Type != "AUTHENTICATION" {
			t.Errorf("fault %+v", f)
		}
	})
}

// What ends a connection, and what only holds it up.
func TestWhatAFaultMeansForTheConnection(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		reply reply
		state ar.HealthState
		calls int
		lost  bool
	}{
		"not connected":     {faultReply(403, "3100", "ApplicationAuthorizationFailed"), ar.NeedsReconnecting, 1, true},
		"no admin any more": {faultReply(401, "120", "Authorization Failure"), ar.NeedsReconnecting, 1, true},
		"unpaid":            {faultReply(400, "6190", "Subscription period has ended"), ar.Paused, 1, false},
		"system":            {faultReply(500, "10000", "An application error"), ar.Delayed, 3, false},
		"gateway":           {reply{status: 502, body: "<html><body>Bad Gateway</body></html>"}, ar.Delayed, 3, false},
		"gateway, no text":  {reply{status: 504}, ar.Delayed, 3, false},
		"cut":               {reply{body: invoice12, cut: true}, ar.Delayed, 3, false},
		"half a JSON":       {reply{body: invoice12[:30]}, ar.Delayed, 3, false},
		"nothing":           {reply{}, ar.Delayed, 3, false},
		"a page as 200":     {reply{body: "<!doctype html><p>Maintenance"}, ar.Healthy, 1, false},
		"our query":         {faultReply(400, "4001", "Invalid query"), ar.Healthy, 1, false},
		"poison":            {faultReply(400, "4002", "Error parsing query"), ar.Healthy, 1, false},
		"fault as 200":      {reply{body: faultReply(0, "4002", "Error").body}, ar.Healthy, 1, false},
		"forbidden":         {reply{status: 403, body: `{"no":"fault"}`}, ar.Healthy, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAPI(t, tt.reply)
			_, err := a.read(t.Context())
			if got := healthIn(t, err); got.State != tt.state || a.calls() != tt.calls || (len(a.wallet.lost) == 1) != tt.lost {
				t.Errorf("state %q after %d calls, lost %q: %v", got.State, a.calls(), a.wallet.lost, err)
			}
			if a.wallet.renewed != 0 {
				t.Error("the token was renewed")
			}
		})
	}
}

func TestFailure17TroubleThatPasses(t *testing.T) {
	t.Parallel()
	a := newAPI(t, faultReply(500, "10000", "An application error"), reply{status: 503, body: "<html>"}, reply{body: invoice12})
	if got, err := a.read(t.Context()); err != nil || got != "1037" || a.waited() != 5*time.Second {
		t.Errorf("read %q after %s, %v", got, a.waited(), err)
	}
}

func TestNoNetworkIsADelay(t *testing.T) {
	t.Parallel()
	a := newAPI(t, reply{})
	a.URL = "http://127.0.0.1:1"
	_, err := a.read(t.Context())
	if got := healthIn(t, err); got.State != ar.Delayed || strings.Contains(err.Error(), "minorversion") {
		t.Errorf("%+v: %v", got, err)
	}
}

func TestACallerThatGoesAwayIsNoTrouble(t *testing.T) {
	t.Parallel()
	a := newAPI(t, faultReply(500, "10000", "An application error"))
	gone := errors.New("shut down")
	ctx, cancel := context.WithCancelCause(t.Context())
	a.Wait = func(context.Context, time.Duration) error { cancel(gone); return context.Canceled }
	_, err := a.read(ctx)
	if got := healthIn(t, err); got.State != ar.Healthy || !errors.Is(err, context.Canceled) {
		t.Errorf("%+v: %v", got, err)
	}
}

func TestAnObjectThatIsGone(t *testing.T) {
	t.Parallel()
	a := newAPI(t, faultReply(400, "610", "Object Not Found"))
	if _, err := a.read(t.Context()); !errors.Is(err, arsync.ErrGone) {
		t.Errorf("%v", err)
	}
}

// A value of another kind than expected is an error that can be tolerated: the rest is
// decoded.
func TestAnUnexpectedKindOfValue(t *testing.T) {
	t.Parallel()
	a := newAPI(t, reply{body: `{"time":7,"Invoice":{"DocNumber":"1037"}}`})
	var got struct {
		Time    string `json:"time"`
		Invoice struct{ DocNumber string }
	}
	err := a.get(t.Context(), "invoice/12", nil, &got)
	if err == nil || tolerant(err) != nil || got.Invoice.DocNumber != "1037" || a.calls() != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAnAnswerHasASize(t *testing.T) {
	t.Parallel()
	a := newAPI(t, reply{body: `{"Invoice":{"DocNumber":"` + strings.Repeat("x", 2000) + `"}}`})
	a.most = 1000
	if _, err := a.read(t.Context()); !errors.Is(err, errTooLarge) || a.calls() != 1 {
		t.Errorf("%v after %d calls", err, a.calls())
	}
}

// A write is repeated under one name, so that it is done once.
func TestAWriteIsRepeatedUnderOneName(t *testing.T) {
	t.Parallel()
	a := newAPI(t, faultReply(500, "10000", "An application error"), faultReply(429, "3001", "Throttle"), reply{body: `{}`})
	if err := a.post(t.Context(), "invoice", nil, map[string]string{"Id": "12"}, nil); err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for i, r := range a.asked {
		ids[r.URL.Query().Get("requestid")] = true
		if a.bodies[i] != `{"Id":"12"}` || r.Header.Get("Content-Type") != "application/json" || r.Method != http.MethodPost {
			t.Errorf("call %d: %s %s", i, r.Method, a.bodies[i])
		}
	}
	if len(ids) != 1 || ids[""] || len(a.asked) != 3 {
		t.Errorf("request ids %v in %d calls", ids, len(a.asked))
	}
	if err := a.post(t.Context(), "invoice", values("requestid", "mine"), nil, nil); err != nil || a.asked[3].URL.Query().Get("requestid") != "mine" {
		t.Errorf("its own id: %v", err)
	}
	if err := a.post(t.Context(), "invoice", nil, nil, nil); err != nil || ids[a.asked[4].URL.Query().Get("requestid")] {
		t.Errorf("another write has the same id: %v", err)
	}
}

func TestACallWithoutANameIsNotRepeated(t *testing.T) {
	t.Parallel()
	a := newAPI(t, faultReply(500, "10000", "An application error"))
	err := a.do(t.Context(), call{method: http.MethodPost, path: "invoice"}, nil)
	if healthIn(t, err).State != ar.Delayed || a.calls() != 1 {
		t.Errorf("%d calls: %v", a.calls(), err)
	}
}
