package fakeqbo_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/internal/fakeqbo"
)

// listener is an app that takes webhooks.
type listener struct {
	*httptest.Server
	mu     sync.Mutex
	answer int           // status
	late   time.Duration // by the clock, before the answer
	clock  *fakeqbo.Clock
	bodies []string
	signed []string
}

func listen(t *testing.T, f *fixture, change ...func(*fakeqbo.Webhook)) *listener {
	t.Helper()
	l := &listener{answer: http.StatusOK, clock: f.clock}
	l.Server = httptest.NewServer(l)
	t.Cleanup(l.Close)
	w := fakeqbo.Webhook{URL: l.URL}
	for _, fn := range change {
		fn(&w)
	}
	f.SetWebhook(w)
	return l
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bodies, l.signed = append(l.bodies, string(body)), append(l.signed, r.Header.Get("Intuit-Signature"))
	l.clock.Advance(l.late)
	w.WriteHeader(l.answer)
}

func (l *listener) set(answer int, late time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answer, l.late = answer, late
}

func (l *listener) got() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.bodies)
}

var at = time.Date(2026, time.November, 25, 8, 59, 58, 123456789, time.UTC)

func changes() []fakeqbo.Change {
	return []fakeqbo.Change{
		{Realm: realm, Entity: "Invoice", ID: "12", Operation: "Create", At: at},
		{Realm: another, Entity: "CreditMemo", ID: "3", Operation: "Void", At: at},
		{Realm: realm, Entity: "Customer", ID: "7", Operation: "Merge", Into: "5", At: at},
		{Realm: realm, Entity: "Payment", ID: "9", Operation: "Delete", At: at},
		{Realm: realm, Entity: "Invoice", ID: "12", Operation: "Emailed", At: at},
		{Realm: realm, Entity: "Invoice", ID: "12", Operation: "Update", At: at},
	}
}

func tell(t *testing.T, f *fixture, how fakeqbo.Mishap) *fakeqbo.Delivery {
	t.Helper()
	d, err := f.Tell(within(t), changes(), how)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestCloudEvents(t *testing.T) {
	t.Parallel()
	f := start(t)
	l := listen(t, f)
	if d := tell(t, f, fakeqbo.Mishap{}); !d.Taken() || d.Attempts[0].Status != http.StatusOK {
		t.Errorf("attempts %+v", d.Attempts)
	}
	var events []struct {
		SpecVersion string         `json:"specversion"`
		ID          string         `json:"id"`
		Source      string         `json:"source"`
		Type        string         `json:"type"`
		ContentType string         `json:"datacontenttype"`
		Time        string         `json:"time"`
		Entity      string         `json:"intuitentityid"`
		Account     string         `json:"intuitaccountid"`
		Data        map[string]any `json:"data"`
	}
	if err := json.Unmarshal([]byte(l.got()[0]), &events); err != nil {
		t.Fatal(err)
	}
	var got []string
	ids := map[string]bool{}
	for _, e := range events {
		got = append(got, e.Type+" "+e.Entity+" "+e.Account)
		ids[e.ID] = true
		if e.SpecVersion != "1.0" || e.Time != "2026-11-25T08:59:58.123456789Z" || e.ContentType != "application/json" ||
			!strings.HasPrefix(e.Source, "intuit.") || e.Data == nil || len(e.Data) > 0 {
			t.Errorf("event %+v", e)
		}
	}
	if len(ids) != len(events) {
		t.Errorf("ids %v", ids)
	}
	want := []string{
		"qbo.invoice.created.v1 12 " + realm, "qbo.creditmemo.void.v1 3 " + another, "qbo.customer.merged.v1 5 " + realm,
		"qbo.payment.deleted.v1 9 " + realm, "qbo.invoice.emailed.v1 12 " + realm, "qbo.invoice.updated.v1 12 " + realm,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if l.signed[0] != fakeqbo.Sign([]byte(l.bodies[0]), f.App().Verifier) {
		t.Errorf("signature %q", l.signed[0])
	}
	f.SetWebhook(fakeqbo.Webhook{URL: l.URL, SayVoided: true})
	tell(t, f, fakeqbo.Mishap{})
	if !strings.Contains(l.got()[1], "qbo.creditmemo.voided.v1") {
		t.Errorf("body %s", l.got()[1])
	}
}

func TestEventNotifications(t *testing.T) {
	t.Parallel()
	f := start(t)
	l := listen(t, f, func(w *fakeqbo.Webhook) { w.Shape = fakeqbo.EventNotifications })
	tell(t, f, fakeqbo.Mishap{})
	const last = `"lastUpdated":"2026-11-25T08:59:58.123Z"`
	want := `{"eventNotifications":[{"dataChangeEvent":{"entities":[` +
		`{"id":"12",` + last + `,"name":"Invoice","operation":"Create"},` +
		`{"deletedId":"7","id":"5",` + last + `,"name":"Customer","operation":"Merge"},` +
		`{"id":"9",` + last + `,"name":"Payment","operation":"Delete"},` +
		`{"id":"12",` + last + `,"name":"Invoice","operation":"Emailed"},` +
		`{"id":"12",` + last + `,"name":"Invoice","operation":"Update"}]},"realmId":"` + realm + `"},` +
		`{"dataChangeEvent":{"entities":[{"id":"3",` + last + `,"name":"CreditMemo","operation":"Void"}]},"realmId":"` + another + `"}]}`
	if diff := cmp.Diff(want, l.got()[0]); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

// TestSign checks against a signature that openssl has made:
// printf %s '{"a":1}' | openssl dgst -sha256 -hmac test-key -binary | base64.
func TestSign(t *testing.T) {
	t.Parallel()
	if got, want := fakeqbo.Sign([]byte(`{"a":1}`), "test-key"), "SG7NGxjnfvGUXumE138IgurzHHXJS+YySywEcq+VVuc="; got != want {
		t.Errorf("Sign() = %q, want %q", got, want)
	}
}

func TestMishaps(t *testing.T) {
	t.Parallel()
	f := start(t)
	l := listen(t, f)
	if d := tell(t, f, fakeqbo.Mishap{Lost: true}); len(d.Attempts) != 0 || len(l.got()) != 0 {
		t.Errorf("a lost delivery has %+v", d.Attempts)
	}
	d := tell(t, f, fakeqbo.Mishap{Forged: true})
	if d.Signature == fakeqbo.Sign(d.Body, f.App().Verifier) || d.Signature == "" {
		t.Errorf("signature %q", d.Signature)
	}
	d = tell(t, f, fakeqbo.Mishap{Repeated: true})
	if n := strings.Count(string(d.Body), "qbo.payment.deleted.v1"); n != 2 || len(d.Changes) != 12 {
		t.Errorf("told %d times: %s", n, d.Body)
	}
	d = tell(t, f, fakeqbo.Mishap{Shuffled: true})
	if cmp.Equal(d.Changes, changes()) || len(d.Changes) != len(changes()) {
		t.Errorf("changes %+v", d.Changes)
	}
	again, err := f.Resend(within(t), d.Number)
	if err != nil || len(again.Attempts) != 2 || l.got()[2] != l.got()[3] {
		t.Errorf("sent again: %+v, %v", again, err)
	}
	if _, err := f.Resend(within(t), 99); err == nil {
		t.Error("there is no delivery 99")
	}
}

// TestRetrySchedule: a delivery that isn't answered with 200 within 3 s comes again,
// with the same body, until it is.
func TestRetrySchedule(t *testing.T) {
	t.Parallel()
	f := start(t)
	l := listen(t, f)
	l.set(http.StatusInternalServerError, 0)
	tell(t, f, fakeqbo.Mishap{})
	waits := []time.Duration{
		0, 10 * time.Second, 20 * time.Second, 30 * time.Second, 5 * time.Minute, 20 * time.Minute,
		2 * time.Hour, 4 * time.Hour, 6 * time.Hour, 6 * time.Hour, 6 * time.Hour,
	}
	for i, wait := range waits {
		if wait > 0 {
			f.clock.Advance(wait - time.Nanosecond)
			f.ticks(t, 0)
			f.clock.Advance(time.Nanosecond)
		}
		if due, ok := f.NextTick(); !ok || !due.Equal(f.clock.Now()) {
			t.Errorf("retry %d is due at %v (%t), want now", i+1, due, ok)
		}
		f.ticks(t, 1)
	}
	f.clock.Advance(6 * time.Hour)
	l.set(http.StatusNoContent, 0) // not 200
	f.ticks(t, 1)
	f.clock.Advance(6 * time.Hour)
	l.set(http.StatusOK, fakeqbo.AckLimit+time.Millisecond) // too late
	f.ticks(t, 1)
	f.clock.Advance(6 * time.Hour)
	l.set(http.StatusOK, fakeqbo.AckLimit)
	f.ticks(t, 1)
	f.clock.Advance(24 * time.Hour)
	f.ticks(t, 0)
	d := f.Deliveries()[0]
	if n := len(waits) + 4; len(d.Attempts) != n || !d.Taken() || d.Attempts[n-2].Problem != "took 3.001s" || d.Attempts[n-3].Problem != "status 204" {
		t.Errorf("attempts %+v", d.Attempts)
	}
	if bodies := slices.Compact(l.got()); len(bodies) != 1 {
		t.Errorf("%d different bodies", len(bodies))
	}
	if _, ok := f.NextTick(); ok {
		t.Error("there is something left to do")
	}
}

// ticks checks how many deliveries a tick sends.
func (f *fixture) ticks(t *testing.T, want int) {
	t.Helper()
	sent, err := f.Tick(within(t))
	if err != nil || len(sent) != want {
		t.Fatalf("the tick at %v sent %d deliveries (%v), want %d", f.clock.Now(), len(sent), err, want)
	}
}

// TestChangesAreTold: what happens in the books of both companies comes in one delivery.
func TestChangesAreTold(t *testing.T) {
	t.Parallel()
	f := start(t)
	l := listen(t, f, func(w *fakeqbo.Webhook) { w.Aggregate = time.Minute })
	f.addCustomer(t, realm, "Acme")
	f.addCustomer(t, another, "Birch")
	if f.PendingChanges() != 2 {
		t.Errorf("%d changes wait, want 2", f.PendingChanges())
	}
	f.ticks(t, 0)
	if due, ok := f.NextTick(); !ok || !due.Equal(f.clock.Now().Add(time.Minute)) {
		t.Errorf("due at %v, %t", due, ok)
	}
	f.clock.Advance(time.Minute)
	f.ticks(t, 1)
	f.ticks(t, 0)
	body := l.got()[0]
	if !strings.Contains(body, realm) || !strings.Contains(body, another) || strings.Count(body, "qbo.customer.created.v1") != 2 {
		t.Errorf("body %s", body)
	}
	if d, err := f.Notify(within(t), fakeqbo.Mishap{}); d != nil || err != nil {
		t.Errorf("with nothing to tell: %+v, %v", d, err)
	}
}

func TestHoldBack(t *testing.T) {
	t.Parallel()
	f := start(t)
	l := listen(t, f, func(w *fakeqbo.Webhook) { w.HoldBack = true })
	l.set(http.StatusInternalServerError, 0)
	f.addCustomer(t, realm, "Acme")
	f.ticks(t, 1)
	f.addCustomer(t, realm, "Birch")
	f.ticks(t, 1) // the first one again
	l.set(http.StatusOK, 0)
	f.clock.Advance(10 * time.Second)
	f.ticks(t, 2) // it is taken, and the second follows
	if got := f.Deliveries(); len(got) != 2 || len(got[0].Attempts) != 3 || len(got[1].Attempts) != 1 {
		t.Errorf("deliveries %+v", got)
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	f := start(t)
	if _, err := f.Tell(within(t), changes(), fakeqbo.Mishap{}); !errors.Is(err, fakeqbo.ErrNoWebhook) {
		t.Errorf("got %v", err)
	}
	f.addCustomer(t, realm, "Acme")
	f.ticks(t, 0)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	f.SetWebhook(fakeqbo.Webhook{URL: gone.URL})
	f.ticks(t, 1)
	if d := f.Deliveries()[0]; d.Taken() || d.Attempts[0].Status != 0 || d.Attempts[0].Problem == "" {
		t.Errorf("attempts %+v", d.Attempts)
	}
	if got := f.TakePending(); len(got) != 0 {
		t.Errorf("pending %+v", got)
	}
}

func (f *fixture) addCustomer(t *testing.T, company, name string) {
	t.Helper()
	r := f.request(t, http.MethodPost, "/v3/company/"+company+"/customer", f.Grant(company).Access, `{"DisplayName":"`+name+`"}`)
	if got := f.do(t, r); got.status != http.StatusOK {
		t.Fatalf("make a customer: %d %s", got.status, got.body)
	}
}
