package bot

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"arbot/bot/blockkit"
)

// wholeOrPlain sends a page, and where Slack refuses its blocks its words
// alone, once.
func (g *Gate) wholeOrPlain(p Page, send func(blockkit.Message) (ts string, err error), channel string) (Placed, error) {
	ts, err := send(p.Message)
	if err == nil {
		return Placed{Channel: channel, TS: ts}, nil
	}
	if len(p.Message.Blocks) == 0 || !refused(err, "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long") {
		return Placed{}, err
	}
	why, _ := errors.AsType[*RefusedError](err)
	g.log.Error("slack refused the blocks of a message; sending its text alone", "channel", channel, "error", err)
	ts, plainErr := send(p.Plain)
	if plainErr != nil {
		return Placed{}, errors.Join(plainErr, err)
	}
	return Placed{Channel: channel, TS: ts, Plain: why}, nil
}

// call makes one call of a method. Rate limits are waited for if they are
// short, and hold for all calls of the method.
func (g *Gate) call(ctx context.Context, method, channel string, do func(context.Context) error) error {
	for try := 0; ; try++ {
		if err := g.pause(ctx, method); err != nil {
			return err
		}
		err := classify(method, channel, do(ctx))
		g.noteLost(err)
		limit := limited(err)
		if limit == nil {
			return err
		}
		g.block(method, limit.RetryAfter)
		g.log.Warn("slack asked for a pause", "method", method, "channel", channel, "pause", limit.RetryAfter)
		if try >= persistence {
			return &RetryLaterError{After: limit.RetryAfter, Err: err}
		}
	}
}

// pause waits until Slack wants a call of a method, or says that this takes too
// long: until a pause that Slack asked for is over, and until the method's tier has
// room, so that Slack need not ask.
func (g *Gate) pause(ctx context.Context, method string) error {
	left, err := g.place(method)
	if err != nil {
		return err
	}
	return g.wait(ctx, left)
}

// place takes the next place among the calls of a method, unless it is too far off.
func (g *Gate) place(method string) (time.Duration, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now, calls := g.now(), g.windows[method]
	left := max(0, calls.ahead(now))
	if until := g.blocked[method]; until.After(now) {
		left = max(left, until.Sub(now))
	}
	if left > patience {
		return 0, &RetryLaterError{After: left, Err: errors.New(method + " is rate limited")}
	}
	calls.take(now.Add(left))
	return left, nil
}

func (g *Gate) block(method string, d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := g.now().Add(d); until.After(g.blocked[method]) {
		g.blocked[method] = until
	}
}

// retryAfter reads the header of that name: seconds.
func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return retryAfterUnsaid
	}
	return time.Duration(seconds) * time.Second
}
