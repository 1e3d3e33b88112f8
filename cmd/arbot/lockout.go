package main

import (
	"context"
	"errors"
	"time"

	"arbot/bot"
)

// lockedOutError says that Slack does not want the bot's token any more: the app
// was uninstalled, or the token revoked. Exit code 3, for starting again is of no
// use.
type lockedOutError struct{ err error }

// Error says it, with what to do.
func (e *lockedOutError) Error() string {
	say := "Install it anew and put the new token into ARBOT_SLACK_BOT_TOKEN."
	if refusal, ok := errors.AsType[*bot.RefusedError](e.err); ok {
		say = refusal.Say
	}
	return "Slack does not let arbot in. " + say + " The books, and the record of what was posted, are kept."
}

// Unwrap returns what Slack said.
func (e *lockedOutError) Unwrap() error { return e.err }

// lockedOut marks an error that says so.
func lockedOut(err error) error {
	if bot.Lost(err) {
		return &lockedOutError{err}
	}
	return err
}

// noteLost takes note that Slack may have locked the bot out.
func (a *app) noteLost(err error) {
	select {
	case a.lost <- err:
	default: // it is looked into already
	}
}

const (
	// Slack may say that the app was uninstalled a moment before its token is dead:
	// it is asked so often, with such a pause.
	lostAsks  = 3
	lostPause = 2 * time.Second
)

// watchToken ends when Slack has locked the bot out, and only then: a single
// refusal of a good token is none.
func (a *app) watchToken(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case said := <-a.lost:
			if err := a.lockedOutNow(ctx); err != nil {
				return err
			}
			a.log.WarnContext(ctx, "slack refused the token, and takes it now", "error", said)
		}
	}
}

// lockedOutNow asks Slack whether the token is good.
func (a *app) lockedOutNow(ctx context.Context) error {
	for range lostAsks {
		_, err := bot.Identify(ctx, a.talk.client)
		if bot.Lost(err) {
			return &lockedOutError{err}
		}
		if err := a.pause(ctx, lostPause); err != nil {
			return nil //nolint:nilerr // it is being stopped
		}
	}
	return nil
}

// pause waits, unless ctx ends before.
func (a *app) pause(ctx context.Context, d time.Duration) error {
	if a.wait != nil {
		return a.wait(ctx, d)
	}
	return sleep(ctx, d)
}

// sleep waits by the real clock, unless ctx ends before.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
