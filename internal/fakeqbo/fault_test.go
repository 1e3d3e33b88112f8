package fakeqbo_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"arbot/internal/fakeqbo"
)

const customers = "/v3/company/" + realm + "/customer"

func free(o *fakeqbo.Options) { o.Limits = fakeqbo.Unlimited() }

func TestReplies(t *testing.T) {
	t.Parallel()
	f := start(t, free)
	access := f.Grant(realm).Access
	tests := map[string]struct {
		reply  fakeqbo.Reply
		status int
		want   string // what the body holds; "" is an empty body
	}{
		"gateway page":       {fakeqbo.Gateway(502, fakeqbo.ShapeHTML), 502, "<h1>502 Bad Gateway</h1>"},
		"nothing":            {fakeqbo.Gateway(503, fakeqbo.ShapeEmpty), 503, ""},
		"XML":                {fakeqbo.Gateway(500, fakeqbo.ShapeXML), 500, `<Fault type="SystemFault"><Error code="10000">`},
		"system fault":       {fakeqbo.SystemFault, 500, `"code":"10000"`},
		"subscription ended": {fakeqbo.SubscriptionEnded, 400, `"code":"6190"`},
		"object not found":   {fakeqbo.ObjectNotFound, 400, `{"Fault":{"Error":[{"Message":"Object Not Found","Detail":"Object Not Found : Something you're trying to use has been made inactive","code":"610","element":""}],"type":"ValidationFault"},"time":"2026-11-25T09:00:00.000+00:00"}`},
		"poisoned page":      {fakeqbo.PoisonedPage, 400, `"code":"4002"`},
		"throttled":          {fakeqbo.Throttled(fakeqbo.ThrottleXML403), 403, `<Error code="3001">`},
		"no longer an admin": {fakeqbo.NoLongerAdmin, 401, `"code":"120"`},
		"not connected":      {fakeqbo.NotConnected, 403, `"code":"3100"`},
	}
	for name, tt := range tests {
		f.Inject(fakeqbo.Fault{Reply: tt.reply})
		got := f.ask(t, access)
		if got.status != tt.status || !strings.Contains(got.body, tt.want) || (tt.want == "") != (got.body == "") {
			t.Errorf("%s: got %d %q", name, got.status, got.body)
		}
		if got.header.Get("Intuit_tid") == "" {
			t.Errorf("%s: no intuit_tid", name)
		}
	}
}

func TestFaultsChooseTheirCalls(t *testing.T) {
	t.Parallel()
	f := start(t, free)
	access := f.Grant(realm).Access
	query := func(text string) int {
		r := f.request(t, http.MethodPost, "/v3/company/"+realm+"/query", access, text)
		r.Header.Set("Content-Type", "application/text")
		return f.do(t, r).status
	}
	lift := f.Inject(fakeqbo.Fault{On: regexp.MustCompile(`(?i)^POST /query .*from invoice`), After: 1, Times: 2, Reply: fakeqbo.SystemFault})
	const invoices, customers = "select Id from Invoice", "select Id from Customer"
	var got []int
	for _, text := range []string{invoices, customers, invoices, invoices, invoices} {
		got = append(got, query(text))
	}
	for i, want := range []int{200, 200, 500, 500, 200} {
		if got[i] != want {
			t.Errorf("statuses %v: number %d is to be %d", got, i+1, want)
		}
	}
	lift()
	f.Inject(fakeqbo.Fault{Realm: another, Times: -1, Reply: fakeqbo.SystemFault})
	if status := query(invoices); status != http.StatusOK {
		t.Errorf("the fault is another company's: %d", status)
	}
	lift = f.Inject(fakeqbo.Fault{Times: -1, Reply: fakeqbo.SystemFault})
	lift()
	if status := query(invoices); status != http.StatusOK {
		t.Errorf("the fault was lifted: %d", status)
	}
}

// TestChance: the same seed hits the same calls.
func TestChance(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) string {
		var hit strings.Builder
		f := start(t, free, func(o *fakeqbo.Options) { o.Seed = seed })
		access := f.Grant(realm).Access
		f.Inject(fakeqbo.Fault{Chance: 0.3, Times: -1, Reply: fakeqbo.SystemFault})
		for range 60 {
			hit.WriteString(map[int]string{200: ".", 500: "x"}[f.ask(t, access).status])
		}
		return hit.String()
	}
	one := run(1)
	if n := strings.Count(one, "x"); n < 5 || n > 40 || one != run(1) || one == run(2) {
		t.Errorf("hits %s, then %s, and with another seed %s", one, run(1), run(2))
	}
}

// TestStorm: every kind of trouble comes up, and none of it is for ever.
func TestStorm(t *testing.T) {
	t.Parallel()
	f := start(t, free)
	access := f.Grant(realm).Access
	for _, fault := range fakeqbo.Storm(0.05) {
		f.Inject(fault)
	}
	seen := map[string]int{}
	for range 400 {
		got, err := f.try(f.request(t, http.MethodPost, customers, access, `{"DisplayName":""}`))
		switch {
		case err != nil && got.status == 0:
			seen["no answer"]++
		case err != nil:
			seen["half an answer"]++
		default:
			seen[http.StatusText(got.status)]++
		}
	}
	for _, kind := range []string{"no answer", "half an answer", "Bad Gateway", "Service Unavailable", "Internal Server Error", "Too Many Requests", "Forbidden", "Gateway Timeout"} {
		if seen[kind] == 0 {
			t.Errorf("no %q in %v", kind, seen)
		}
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	f := start(t, free)
	access := f.Grant(realm).Access
	f.Inject(fakeqbo.Fault{Reset: true})
	_, err := f.try(f.request(t, http.MethodPost, customers, access, `{"DisplayName":"Acme"}`))
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("got %v, want a reset", err)
	}
	if n := f.count(t, access, "Customer"); n != "0" {
		t.Errorf("%s customers were made by a call that never arrived", n)
	}
}

// TestLostAnswer: the customer is there, the client can't know it.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]fakeqbo.Fault{
		"reset":        {ActFirst: true, Reset: true},
		"gateway":      {ActFirst: true, Reply: fakeqbo.Gateway(504, fakeqbo.ShapeHTML)},
		"half of it":   {Cut: true},
		"kept to late": {ActFirst: true, Hang: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, free)
			access := f.Grant(realm).Access
			f.Inject(fault)
			r := f.request(t, http.MethodPost, customers, access, `{"DisplayName":"Acme"}`)
			ctx, cancel := context.WithCancel(r.Context())
			defer cancel()
			answered := make(chan error, 1)
			go func() {
				got, err := f.try(r.WithContext(ctx))
				if err == nil && got.status == http.StatusOK {
					err = errors.New("")
				}
				answered <- err
			}()
			if fault.Hang {
				if err := f.Await(within(t), func(calls []fakeqbo.Call) bool { return len(calls) == 1 && calls[0].Hit }); err != nil {
					t.Fatal(err)
				}
				f.awaitCustomer(t)
				cancel()
			}
			if err := <-answered; err != nil && err.Error() == "" {
				t.Error("the answer came")
			}
			if n := f.count(t, access, "Customer"); n != "1" {
				t.Errorf("%s customers, want 1", n)
			}
		})
	}
}

func TestCutAnswer(t *testing.T) {
	t.Parallel()
	f := start(t, free)
	access := f.Grant(realm).Access
	whole := f.ask(t, access)
	f.Inject(fakeqbo.Fault{Cut: true})
	half, err := f.try(f.request(t, http.MethodGet, companyInfo, access, ""))
	if !errors.Is(err, io.ErrUnexpectedEOF) || half.body != whole.body[:len(whole.body)/2] {
		t.Errorf("got %v and %d bytes of %d", err, len(half.body), len(whole.body))
	}
}

// TestDelay: an answer is late by the clock, and no one sleeps.
func TestDelay(t *testing.T) {
	t.Parallel()
	f := start(t, free)
	access := f.Grant(realm).Access
	f.Inject(fakeqbo.Fault{Delay: 2 * time.Minute})
	done := make(chan response, 1)
	r := f.request(t, http.MethodGet, companyInfo, access, "")
	go func() {
		got, err := f.try(r)
		if err != nil {
			t.Error(err)
		}
		done <- got
	}()
	if err := f.Await(within(t), func(calls []fakeqbo.Call) bool { return len(calls) == 1 && calls[0].Hit }); err != nil {
		t.Fatal(err)
	}
	f.advance(t, time.Minute)
	if call := f.Calls(nil)[0]; call.Done {
		t.Errorf("%+v is answered after half the time", call)
	}
	f.advance(t, time.Minute)
	if got := <-done; got.status != http.StatusOK {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

// TestLateAnswer: the work is done, the answer to it is late.
func TestLateAnswer(t *testing.T) {
	t.Parallel()
	f := start(t, free)
	access := f.Grant(realm).Access
	release := make(chan struct{})
	f.Inject(fakeqbo.Fault{ActFirst: true, Hold: release})
	done := make(chan response, 1)
	r := f.request(t, http.MethodPost, customers, access, `{"DisplayName":"Acme"}`)
	go func() {
		got, err := f.try(r)
		if err != nil {
			t.Error(err)
		}
		done <- got
	}()
	f.awaitCustomer(t)
	if call := f.Calls(nil)[0]; call.Done {
		t.Errorf("%+v is answered", call)
	}
	close(release)
	if got := <-done; got.status != http.StatusOK || !strings.Contains(got.body, `"DisplayName":"Acme"`) || got.header.Get("Content-Type") != "application/json;charset=UTF-8" {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

func TestHangEndsWithTheServer(t *testing.T) {
	t.Parallel()
	f := start(t, free)
	f.Inject(fakeqbo.Fault{Hang: true, Times: -1})
	done := make(chan error, 1)
	r := f.request(t, http.MethodGet, companyInfo, "", "")
	go func() {
		_, err := f.try(r)
		done <- err
	}()
	if err := f.Await(within(t), func(calls []fakeqbo.Call) bool { return len(calls) == 1 && calls[0].Hit }); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if err := <-done; err == nil {
		t.Error("the call was answered")
	}
}

func TestAwaitSaysWhatHappened(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.ask(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := f.Await(ctx, func(calls []fakeqbo.Call) bool { return len(calls) > 1 })
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "GET /companyinfo/") {
		t.Errorf("got %v", err)
	}
}

func (f *fixture) advance(t *testing.T, d time.Duration) {
	t.Helper()
	f.clock.Advance(d)
	if _, err := f.Tick(within(t)); err != nil {
		t.Fatal(err)
	}
}

var total = regexp.MustCompile(`"totalCount":\s*([0-9]+)`)

// count asks how many records there are.
func (f *fixture) count(t *testing.T, access, entity string) string {
	t.Helper()
	got := f.do(t, f.request(t, http.MethodGet, "/v3/company/"+realm+"/query?query=select%20count(*)%20from%20"+entity, access, ""))
	found := total.FindStringSubmatch(got.body)
	if found == nil {
		t.Fatalf("count %s: %d %s", entity, got.status, got.body)
	}
	return found[1]
}

// awaitCustomer waits until a customer has been made.
func (f *fixture) awaitCustomer(t *testing.T) {
	t.Helper()
	err := f.Await(within(t), func([]fakeqbo.Call) bool { return f.PendingChanges() > 0 })
	if err != nil {
		t.Fatal(err)
	}
}
