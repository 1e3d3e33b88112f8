package quickbooks

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"time"

	"arbot/ar"
	"arbot/sync/oauth"
)

const (
	// QuickBooks itself gives up after 120 s.
	callLimit = 130 * time.Second
	// maxAnswer is far above a page of 1000 invoices.
	maxAnswer = 64 << 20
	// tries is how often a call is made that fails for no reason of its own, and
	// throttleTries how often it is throttled before it says so.
	tries         = 3
	throttleTries = 4
)

// errTooLarge says that an answer is larger than we take.
var errTooLarge = errors.New("the answer is too large")

// brokenError is an answer that did not come, or not whole.
type brokenError struct{ err error }

func (e *brokenError) Error() string { return e.err.Error() }
func (e *brokenError) Unwrap() error { return e.err }

// call is one thing asked of QuickBooks.
type call struct {
	method, path string
	query        url.Values
	body         []byte
}

// repeatable: done twice, it is as done once.
func (p call) repeatable() bool { return p.method == http.MethodGet || p.query.Has("requestid") }

// answer is what came back.
type answer struct {
	body []byte
	// rest is how long QuickBooks asks to wait.
	rest time.Duration
}

// do makes a call until it has an answer, or an error that a repetition would
// not change.
func (c *Client) do(ctx context.Context, p call, into any) error {
	leave, err := c.enter(ctx, p)
	if err != nil {
		return err
	}
	defer leave()
	token, err := c.Tokens.Access(ctx)
	if err != nil {
		return err
	}
	a := attempt{client: c, call: p, token: token}
	for {
		if err := c.await(ctx, p); err != nil {
			return err
		}
		a.out = c.Now()
		got, err := c.once(ctx, p, a.token)
		if err == nil {
			err = decode(got.body, into)
		}
		if err == nil {
			c.pace.calm(a.out)
			return nil
		}
		if err := a.mend(ctx, got.rest, err); err != nil {
			return err
		}
	}
}

// batch reports whether the call is one that QuickBooks counts apart.
func (p call) batch() bool { return p.path == "batch" }

// enter waits until fewer calls are under way; leave makes room for the next.
// Batches go one by one, and wait for theirs before they take a place from
// other calls.
func (c *Client) enter(ctx context.Context, p call) (leave func(), err error) {
	var held []chan struct{}
	leave = func() {
		for _, place := range held {
			<-place
		}
	}
	take := func(place chan struct{}) error {
		select {
		case place <- struct{}{}:
			held = append(held, place)
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	if p.batch() {
		if err = take(c.pace.batch); err == nil {
			err = c.wait(ctx, c.pace.batchIn(c.Now()))
		}
	}
	if err == nil {
		err = take(c.pace.flight)
	}
	if err != nil {
		leave()
		return nil, err
	}
	return leave, nil
}

// await waits until the call may go out. Where QuickBooks has asked for patience,
// that comes first: those who waited for it would all go out together, beyond the
// places that they took before.
func (c *Client) await(ctx context.Context, p call) error {
	for placed := false; !placed; {
		if err := c.holdOut(ctx); err != nil {
			return err
		}
		var d time.Duration
		d, placed = c.pace.place(c.Now(), p.batch())
		if err := c.wait(ctx, d); err != nil {
			return err
		}
		if rest, _ := c.pace.hold(c.Now()); rest > 0 {
			placed = false // it was asked meanwhile
		}
	}
	return nil
}

// holdOut waits as long as QuickBooks has asked for, where that makes sense.
func (c *Client) holdOut(ctx context.Context) error {
	rest, quota := c.pace.hold(c.Now())
	until := c.Now().Add(rest)
	switch deadline, ok := ctx.Deadline(); {
	case rest <= 0:
		return nil
	case quota:
		return quotaSpent(until, errHeld)
	case ok && deadline.Before(until):
		return throttled(until, errHeld)
	}
	return c.wait(ctx, rest)
}

// errHeld is why a call was not made.
var errHeld = errors.New("QuickBooks has asked for patience")

func (c *Client) wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	if err := c.Wait(ctx, d); err != nil {
		return fmt.Errorf("wait for a place below the limits: %w", err)
	}
	return nil
}

// attempt is the state of a call that has not been answered.
type attempt struct {
	client *Client
	call   call
	token  oauth.Secret
	out    time.Time // when it went out last

	renewed           bool
	broken, throttled int
}

// mend does what can make the next try go through, or returns why there should
// be none.
func (a *attempt) mend(ctx context.Context, rest time.Duration, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if _, ok := errors.AsType[*brokenError](err); ok {
		return a.again(ctx, err)
	}
	f, ok := errors.AsType[*Fault](err)
	if !ok {
		a.client.pace.calm(a.out)
		return err
	}
	switch f.remedy() {
	case renew:
		return a.renew(ctx, f)
	case slowDown:
		return a.slowDown(rest, f)
	case tryAgain:
		return a.again(ctx, f)
	case reconnect:
		return a.lost(ctx, f)
	case pause:
		return trouble(ar.Paused, a.client.Now().Add(quotaRest), f,
			"The QuickBooks subscription of the company has ended or was not paid. Renew it in QuickBooks; reading is tried again every hour.")
	case giveUp:
	}
	a.client.pace.calm(a.out)
	return f
}

// renew gets another token, once: a fresh one that is refused too is QuickBooks'
// trouble, since a withdrawn access shows when tokens are renewed.
func (a *attempt) renew(ctx context.Context, f *Fault) error {
	if a.renewed {
		return trouble(ar.Delayed, time.Time{}, f, "QuickBooks refuses an access token that it has only just given; reading goes on by itself.")
	}
	a.renewed = true
	token, err := a.client.Tokens.Renew(ctx, a.token)
	if err != nil {
		return fmt.Errorf("%w (after: %w)", err, f)
	}
	a.token = token
	return nil
}

func (a *attempt) slowDown(rest time.Duration, f *Fault) error {
	until, quota := a.client.pace.throttled(a.client.Now(), rest)
	a.throttled++
	switch {
	case quota:
		return quotaSpent(until, f)
	case a.throttled >= throttleTries:
		return throttled(until, f)
	}
	return nil // the next try waits
}

func (a *attempt) again(ctx context.Context, err error) error {
	a.broken++
	if a.broken >= tries || !a.call.repeatable() {
		return trouble(ar.Delayed, time.Time{}, err, "QuickBooks cannot be reached, or has trouble of its own; reading goes on by itself.")
	}
	return a.client.wait(ctx, time.Second<<(2*(a.broken-1)))
}

func (a *attempt) lost(ctx context.Context, f *Fault) error {
	why := "QuickBooks does not let arbot into this company any more. An admin of the company has to connect it again."
	if f.Code == codeNoAdmin {
		why = "The person who connected QuickBooks is not an admin of the company any more. Another admin has to connect it again."
	}
	err := trouble(ar.NeedsReconnecting, time.Time{}, f, why)
	if e := a.client.Tokens.Lost(ctx, why); e != nil {
		return fmt.Errorf("%w (and: %w)", err, e)
	}
	return err
}

func throttled(until time.Time, err error) error {
	return trouble(ar.Delayed, until, err, "QuickBooks asks for fewer calls; reading goes on by itself.")
}

func quotaSpent(until time.Time, err error) error {
	return trouble(ar.Paused, until, err,
		"QuickBooks refuses all calls: the calls of this month seem to be used up. Reading is tried once an hour; more calls come with a higher tier of the Intuit App Partner Program.")
}

// once makes one call.
func (c *Client) once(ctx context.Context, p call, token oauth.Secret) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	ctx = c.countRepeats(ctx, p)
	req, err := http.NewRequestWithContext(ctx, p.method, c.address(p), bytes.NewReader(p.body))
	if err != nil {
		return answer{}, fmt.Errorf("make a request: %w", err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "arbot")
	req.Header.Set("Authorization", "Bearer "+string(token))
	if p.method == http.MethodPost {
		req.Header.Set("Content-Type", contentType(p))
	}
	c.made.Add(1)
	resp, err := c.HTTP.Do(req)
	if err != nil {
		return answer{}, &brokenError{withoutAddress(err)}
	}
	defer resp.Body.Close()
	tid := resp.Header.Get("intuit_tid")
	c.Logger.DebugContext(ctx, "quickbooks answered", "method", p.method, "path", p.path, "status", resp.StatusCode, "intuit_tid", tid)
	got := answer{rest: retryAfter(resp.Header, c.Now())}
	if got.body, err = readAll(resp, c.most); err != nil {
		return got, err
	}
	if f := findFault(resp.StatusCode, tid, got.body); f != nil {
		return got, f
	}
	return got, nil
}

// countRepeats has the calls counted that net/http makes by itself: it repeats a GET
// whose connection broke before the answer began, which QuickBooks may have seen.
func (c *Client) countRepeats(ctx context.Context, p call) context.Context {
	repeated := false
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GetConn: func(string) {
		if repeated {
			_ = c.await(ctx, p) // the call goes on all the same: it ends with its context
		}
		repeated = true
	}})
}

// contentType of a call without a body is what QuickBooks asks for with send.
func contentType(p call) string {
	if p.body == nil {
		return "application/octet-stream"
	}
	return "application/json"
}

// withoutAddress drops the address that net/http puts in front: it holds what
// was asked, which the caller says better.
func withoutAddress(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

func readAll(resp *http.Response, most int64) ([]byte, error) {
	var b bytes.Buffer
	if n := resp.ContentLength; n > 0 && n <= most {
		b.Grow(int(n) + bytes.MinRead)
	}
	n, err := b.ReadFrom(io.LimitReader(resp.Body, most+1))
	switch {
	case err != nil:
		return nil, &brokenError{fmt.Errorf("read the answer: %w", err)}
	case n > most:
		return nil, errTooLarge
	}
	return b.Bytes(), nil
}

// longestRest bounds what is believed of a header.
const longestRest = 24 * time.Hour

// retryAfter reads the header in both of its forms; 0 where it is not there.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil && seconds >= 0 {
		return min(time.Duration(seconds)*time.Second, longestRest)
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(0, at.Sub(now)), longestRest)
	}
	return 0
}
