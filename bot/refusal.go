package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// RetryLaterError says that Slack wants to be left alone for a while, or that
// it is too early to know: nothing was done, or nothing that must be undone.
type RetryLaterError struct {
	After time.Duration
	Err   error
}

// Error says how long to wait and why.
func (e *RetryLaterError) Error() string {
	return fmt.Sprintf("try again in %s: %v", e.After, e.Err)
}

// Unwrap returns the reason.
func (e *RetryLaterError) Unwrap() error { return e.Err }

// RetryAfter is how long to wait; a queue that knows nothing of this package
// can ask for it.
func (e *RetryLaterError) RetryAfter() time.Duration { return e.After }

// AmbiguousError says that a message was sent and the answer lost: it may be
// there or not.
type AmbiguousError struct{ Err error }

// Error says what happened to the answer.
func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("the message may or may not have been posted: %v", e.Err)
}

// Unwrap returns what happened.
func (e *AmbiguousError) Unwrap() error { return e.Err }

// RefusedError is a refusal by Slack, or by the gate, that another try would
// meet again.
type RefusedError struct {
	Method  string // of the Web API
	Channel string // "" where the call was about none
	Code    string // Slack's word for it
	// Say is a sentence for an admin: what is wrong and what to do.
	Say string
	Err error
}

// Error is the sentence with the method and the code.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s: %s: %s", e.Method, e.Code, e.Say)
}

// Unwrap returns slack-go's error.
func (e *RefusedError) Unwrap() error { return e.Err }

// Codes that this package decides on.
const (
	codeMissingScope = "missing_scope"
	codeArchived     = "is_archived"
	codeShared       = "ext_shared_channel" // the gate's own
	codeGuests       = "guests_in_channel"  // ours, too
	codeUserGone     = "user_gone"          // ours, too
	codeOutside      = "outside"            // ours, too
)

// refused reports whether err is a refusal with one of the codes; with none,
// whether it is a refusal at all.
func refused(err error, codes ...string) bool {
	e, ok := errors.AsType[*RefusedError](err)
	return ok && (len(codes) == 0 || slices.Contains(codes, e.Code))
}

// passing are the codes of troubles that pass. Of internal_error and fatal_error
// Slack says that the call may have been carried out all the same.
var passing = []string{
	"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org",
}

// mends says what to do about a code. %s is the channel or, for a scope, its name.
//
//nolint:gosec // G101: sentences about tokens, no tokens
var mends = map[string]string{
	"channel_not_found":      "Slack does not know the channel %s, or it is private and arbot is not in it. Check the id in the config, or invite arbot there with /invite @arbot.",
	"not_in_channel":         "arbot is not in the channel %s. Invite it there with /invite @arbot.",
	codeArchived:             "The channel %s is archived. Unarchive it, or name another one in the config.",
	codeShared:               "The channel %s is shared with another organisation. Name another one in the config, or add it to the shared channels that are allowed.",
	codeGuests:               "There are guests in the channel %s, or too many people to look at. Name another one in the config, or add it to the shared channels that are allowed: it then gets accounts, amounts and owners only.",
	"restricted_action":      "A rule of the workspace keeps arbot from posting in the channel %s. Ask a workspace admin to allow it.",
	"account_inactive":       "The bot token belongs to an account that was deactivated. Install the app anew and put the new token into ARBOT_SLACK_BOT_TOKEN.",
	"token_revoked":          "The bot token was revoked. Install the app anew and put the new token into ARBOT_SLACK_BOT_TOKEN.",
	"token_expired":          "The bot token has expired. Install the app anew and put the new token into ARBOT_SLACK_BOT_TOKEN.",
	"invalid_auth":           "Slack does not know the token. Check ARBOT_SLACK_BOT_TOKEN (xoxb-…) and ARBOT_SLACK_APP_TOKEN (xapp-…).",
	"not_authed":             "There is no token. Set ARBOT_SLACK_BOT_TOKEN (xoxb-…) and ARBOT_SLACK_APP_TOKEN (xapp-…).",
	"not_allowed_token_type": "This is not the kind of token that is needed. ARBOT_SLACK_BOT_TOKEN begins with xoxb-, ARBOT_SLACK_APP_TOKEN with xapp-.",
	"user_not_found":         "Slack does not know this person. Check the id or the e-mail address in the config.",
	"users_not_found":        "Nobody in Slack has this e-mail address. Check the address, or add the person's Slack address as an alias in the config.",
	"user_disabled":          "This person's Slack account was deactivated.",
	codeUserGone:             "This person's Slack account was deactivated.",
	codeOutside:              "This person is a guest or belongs to another organisation, and gets nothing. Name somebody else in the config.",
	"cannot_dm_bot":          "This is a bot, and bots cannot be sent messages.",
	"messages_tab_disabled":  "The app's messages tab is off, so arbot cannot send direct messages. Turn it on under App Home, or install the app anew from `arbot manifest`.",
	"invalid_blocks":         "Slack refused the layout of the message. This is a fault in arbot: please report it.",
	"msg_blocks_too_long":    "Slack found the message too long. This is a fault in arbot: please report it.",
}

// refusal makes the error of a code.
func refusal(method, channel, code string, err error) *RefusedError {
	say, known := mends[code]
	switch {
	case code == codeMissingScope:
		say = fmt.Sprintf("The app lacks a permission%s for %s. Install it anew from `arbot manifest`.", scopeNamed(err), method)
	case !known:
		say = fmt.Sprintf("Slack refused %s with the word %q.", method, code)
	case strings.Contains(say, "%s"):
		say = fmt.Sprintf(say, channel)
	}
	return &RefusedError{Method: method, Channel: channel, Code: code, Say: say, Err: err}
}

func scopeNamed(err error) string {
	if e, ok := errors.AsType[slack.SlackErrorResponse](err); ok && e.Needed != "" {
		return " (" + e.Needed + ")"
	}
	return ""
}

// retryAfterUnsaid is the pause after a rate limit that names none.
const retryAfterUnsaid = 30 * time.Second

// classify makes a typed error of one of slack-go's: a rate limit stays as it
// is, a refusal becomes a *RefusedError, everything else is trouble that passes.
func classify(method, channel string, err error) error {
	if err == nil {
		return nil
	}
	if said, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		switch {
		case said.Err == "ratelimited" || said.Err == "rate_limited":
			return &slack.RateLimitedError{RetryAfter: retryAfterUnsaid}
		case slices.Contains(passing, said.Err):
			return fmt.Errorf("%s: Slack has trouble: %w", method, err)
		}
		return refusal(method, channel, said.Err, err)
	}
	if status, ok := errors.AsType[slack.StatusCodeError](err); ok && status.Code == http.StatusTooManyRequests {
		return &slack.RateLimitedError{RetryAfter: retryAfterUnsaid}
	}
	return fmt.Errorf("%s: %w", method, withoutURL(err))
}

// withoutURL takes the address out of an error of net/http: a response URL is a
// right to answer and has no place in a log.
func withoutURL(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// answered reports whether Slack itself said what became of a call, or the call
// was never sent: then there is nothing ambiguous about it.
func answered(err error) bool {
	if limited(err) != nil || refused(err) {
		return true
	}
	said, ok := errors.AsType[slack.SlackErrorResponse](err)
	return ok && said.Err == "request_timeout" // the request never came in whole
}

// limited is the rate limit in err, or nil.
func limited(err error) *slack.RateLimitedError {
	e, _ := errors.AsType[*slack.RateLimitedError](err)
	return e
}

// over reports whether ctx has ended.
func over(ctx context.Context) bool { return ctx.Err() != nil }
