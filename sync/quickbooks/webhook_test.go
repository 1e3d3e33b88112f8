package quickbooks

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	arsync "arbot/sync"
	"arbot/sync/oauth"
)

// One delivery and its signature, as OpenSSL makes it:
// openssl dgst -sha256 -hmac verifier-one -binary | base64
const (
	signedBody = `{"eventNotifications":[{"realmId":"9130","dataChangeEvent":{"entities":[{"name":"Invoice","id":"12","operation":"Update","lastUpdated":"2026-11-25T08:00:00.000Z"}]}}]}`
	signature  = "wt03qFdWzjz2DPZYuPhWi4lz38oyBD7957XWZVEltJs="
)

func sign(verifier, body string) string {
	mac := hmac.New(sha256.New, []byte(verifier))
	mac.Write([]byte(body))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// deliver posts a body and returns the status.
func deliver(t *testing.T, h http.Handler, signature, body string) int {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/quickbooks/webhook", strings.NewReader(body))
	r.Header.Set("intuit-signature", signature)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

// received returns what waits to be handed on.
func received(h *Webhook) (events []Event) {
	for {
		select {
		case e := <-h.queue:
			events = append(events, e...)
		default:
			return events
		}
	}
}

func hint(realm, entity, id, operation string) Event {
	return Event{Realm: realm, Hint: arsync.Hint{Entity: entity, ID: id, Operation: operation}}
}

func TestFailure29OnlyWhatIsSignedIsTaken(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		verifiers       []oauth.Secret
		signature, body string
		want            int
	}{
		"signed":                   {[]oauth.Secret{"verifier-one"}, signature, signedBody, 200},
		"by the second verifier":   {[]oauth.Secret{"new", "verifier-one"}, signature, signedBody, 200},
		"by another":               {[]oauth.Secret{"other"}, signature, signedBody, 401},
		"without a verifier":       {nil, signature, signedBody, 401},
		"with an empty verifier":   {[]oauth.Secret{""}, sign("", signedBody), signedBody, 401},
		"no signature":             {[]oauth.Secret{"verifier-one"}, "", signedBody, 401},
		"no base64":                {[]oauth.Secret{"verifier-one"}, "!!!", signedBody, 401},
		"half of it":               {[]oauth.Secret{"verifier-one"}, signature[:20], signedBody, 401},
		"the same JSON, not bytes": {[]oauth.Secret{"verifier-one"}, signature, signedBody + " ", 401},
		"nothing, signed":          {[]oauth.Secret{"verifier-one"}, sign("verifier-one", ""), "", 200},
		"too long":                 {[]oauth.Secret{"verifier-one"}, signature, strings.Repeat("x", maxDelivery+1), 413},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := NewWebhook(nil, tt.verifiers...)
			if got := deliver(t, h, tt.signature, tt.body); got != tt.want {
				t.Errorf("status %d, want %d", got, tt.want)
			}
			if got := received(h); (len(got) > 0) != (tt.want == 200 && tt.body != "") {
				t.Errorf("events %v", got)
			}
			if got := h.Counts().Refused; (got == 1) != (tt.want == 401) {
				t.Errorf("%d refused", got)
			}
		})
	}
	w := httptest.NewRecorder()
	NewWebhook(nil, "verifier-one").ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", w.Code)
	}
}

func TestFailure21BothShapesOfNotifications(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body    string
		want    []Event
		unknown int
	}{
		"old": {
			`{"eventNotifications":[
				{"realmId":"1","dataChangeEvent":{"entities":[
					{"name":"Invoice","id":"12","operation":"Create","lastUpdated":"2026-11-25T08:00:00-0700"},
					{"name":"Payment","id":"9","operation":"Delete","lastUpdated":"2026-11-25T08:00:00.657Z"},
					{"name":"Customer","id":"7","operation":"Merge","deletedId":"8"},
					{"name":"Invoice","id":"12","operation":"Create","lastUpdated":"2026-11-25T08:00:01-0700"},
					{"name":"Estimate","id":"3","operation":"Emailed"}]}},
				{"realmId":"2","dataChangeEvent":{"entities":[{"name":"CreditMemo","id":"4","operation":"Void"}]}}]}`,
			[]Event{
				hint("1", "Invoice", "12", HintCreate), hint("1", "Payment", "9", HintDelete),
				{Realm: "1", Hint: arsync.Hint{Entity: "Customer", ID: "8", Operation: HintMerge, Into: "7"}},
				hint("1", "Estimate", "3", HintEmailed), hint("2", "CreditMemo", "4", HintVoid),
			},
			0,
		},
		"new": {
			`[{"specversion":"1.0","id":"a","source":"intuit.x","type":"qbo.invoice.created.v1","time":"2026-11-25T08:00:00.123456789Z","intuitentityid":"12","intuitaccountid":"1","data":{}},
			  {"type":"qbo.creditmemo.void.v1","intuitentityid":"4","intuitaccountid":"2","data":null},
			  {"type":"qbo.invoice.voided.v1","intuitentityid":"13","intuitaccountid":"2"},
			  {"type":"qbo.journalentry.updated.v1","intuitentityid":"5","intuitaccountid":"1","data":"other"},
			  {"type":"qbo.customer.merged.v1","intuitentityid":"7","intuitaccountid":"1","data":{"deletedId":"8"}},
			  {"type":"qbo.customer.merged.v1","intuitentityid":"17","intuitaccountid":"1","data":{}},
			  {"type":"qbo.invoice.pondered.v2","intuitentityid":"6","intuitaccountid":"1"}]`,
			[]Event{
				hint("1", "Invoice", "12", HintCreate), hint("2", "CreditMemo", "4", HintVoid), hint("2", "Invoice", "13", HintVoid),
				hint("1", "JournalEntry", "5", HintUpdate),
				{Realm: "1", Hint: arsync.Hint{Entity: "Customer", ID: "8", Operation: HintMerge, Into: "7"}},
				hint("1", "Customer", "17", HintMerge), hint("1", "Invoice", "6", HintUpdate),
			},
			0,
		},
		"some of it": {
			`[{"type":"qbo.invoice.created.v1","intuitentityid":"","intuitaccountid":"1"},{"type":"other.v1"},7,
			  {"type":"qbo.invoice.created.v1","intuitentityid":"12","intuitaccountid":"1"}]`,
			[]Event{hint("1", "Invoice", "12", HintCreate)},
			3,
		},
		"another shape": {`{"events":[{"id":"12"}]}`, nil, 1},
		"other kinds":   {`{"eventNotifications":"none"}`, nil, 1},
		"no JSON":       {`name=Invoice`, nil, 1},
		"nothing":       {``, nil, 1},
		"an empty list": {`[]`, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := &logBuffer{}
			h := NewWebhook(slog.New(slog.NewTextHandler(log, nil)), "v")
			if got := deliver(t, h, sign("v", tt.body), tt.body); got != http.StatusOK {
				t.Errorf("status %d", got)
			}
			if diff := cmp.Diff(tt.want, received(h)); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
			if got := h.Counts(); got.Unknown != uint64(tt.unknown) || got.Events != uint64(len(tt.want)) {
				t.Errorf("counts %+v", got)
			}
			if got := strings.Count(log.String(), "level=WARN"); got != tt.unknown {
				t.Errorf("%d warnings:\n%s", got, log)
			}
		})
	}
}

// Nobody takes what is received: it is answered all the same, and counted.
func TestAFullQueueHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	h := NewWebhook(nil, "verifier-one")
	for range queued + 3 {
		if got := deliver(t, h, signature, signedBody); got != http.StatusOK {
			t.Fatalf("status %d", got)
		}
	}
	if got, want := h.Counts(), (Counts{Deliveries: queued + 3, Events: queued + 3, Dropped: 3}); got != want {
		t.Errorf("counts %+v, want %+v", got, want)
	}
}

func TestWhatIsReceivedIsHandedOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := NewWebhook(nil, "verifier-one")
		ctx, stop := context.WithCancelCause(t.Context())
		var got []Event
		ended := make(chan error)
		go func() { ended <- h.Run(ctx, func(_ context.Context, e []Event) { got = append(got, e...) }) }()
		deliver(t, h, signature, signedBody)
		deliver(t, h, signature, signedBody)
		synctest.Wait()
		if want := []Event{hint("9130", "Invoice", "12", HintUpdate), hint("9130", "Invoice", "12", HintUpdate)}; !cmp.Equal(want, got) {
			t.Errorf("handed on %v", got)
		}
		down := errors.New("down")
		stop(down)
		if err := <-ended; !errors.Is(err, down) {
			t.Errorf("ended with %v", err)
		}
	})
}

// Samples that Intuit has published, with signatures made elsewhere, where they
// are at hand.
func TestFailure32PublishedSamples(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		signature string
		realms    int
		events    int
	}{
		"qbo-legacy-doc":        {"hpvdSCzlhHf3S0ErAM954szHPw1iL/MXoZyib3qJQm8=", 1, 0},
		"qbo-cloudevents-blog":  {"zO2yGjGEOzt6ORLBWKNn2pjk+3ckz+6STCywVkO0rZk=", 1, 0},
		"qbo-cloudevents-multi": {"V9pNR7feLP/0t0ksHQS18EGgij1n/otwctTfI1/e23A=", 2, 3},
	} {
		body, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "fixtures", "webhooks", name+".json"))
		if err != nil {
			t.Skip("no samples here")
		}
		h := NewWebhook(nil, "test-verifier-token")
		if got := deliver(t, h, tt.signature, string(body)); got != http.StatusOK {
			t.Errorf("%s: status %d", name, got)
		}
		realms := map[string]bool{}
		events := received(h)
		for _, e := range events {
			realms[e.Realm] = true
		}
		if h.Counts().Unknown != 0 || len(events) == 0 || (tt.events > 0 && len(events) != tt.events) {
			t.Errorf("%s: counts %+v, events %v", name, h.Counts(), events)
		}
		if len(realms) < tt.realms {
			t.Errorf("%s: %d realms", name, len(realms))
		}
	}
}

func FuzzEvents(f *testing.F) {
	f.Add([]byte(signedBody))
	f.Add([]byte(`[{"type":"qbo.invoice.created.v1","intuitentityid":"12","intuitaccountid":"1","data":{}}]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		events, _ := parseEvents(body)
		for _, e := range events {
			if e.Realm == "" || e.Hint.ID == "" || e.Hint.Entity == "" || e.Hint.Operation == "" {
				t.Fatalf("%+v", e)
			}
		}
	})
}
