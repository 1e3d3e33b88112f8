package fakeslack

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// ErrNotConnected is returned by the acting methods (Slash, Click, ...) when
// the app has neither an open socket nor a request URL.
var ErrNotConnected = errors.New("fakeslack: the app has no open socket and no request URL")

// apiError is a refusal of the Web API.
type apiError struct {
	code       string
	needed     string // the scope that was missing
	provided   string
	messages   []string      // response_metadata.messages
	retryAfter time.Duration // for ratelimited
	status     int           // HTTP status, 0 means 200
}

func (e *apiError) Error() string {
	if len(e.messages) == 0 {
		return e.code
	}
	return fmt.Sprintf("%s: %s", e.code, strings.Join(e.messages, "; "))
}

func refuse(code string, messages ...string) *apiError {
	return &apiError{code: code, messages: messages}
}

func rateLimited(wait time.Duration) *apiError {
	return &apiError{code: "ratelimited", retryAfter: wait, status: http.StatusTooManyRequests}
}

// body is the error as Slack words it.
func (e *apiError) body() object {
	out := object{"ok": false, "error": e.code}
	if e.needed != "" {
		out["needed"], out["provided"] = e.needed, e.provided
	}
	if len(e.messages) > 0 {
		out["response_metadata"] = object{"messages": e.messages}
		out["errors"] = e.messages
	}
	return out
}

func (e *apiError) head(h http.Header) int {
	if e.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(seconds(e.retryAfter)))
	}
	if e.status == 0 {
		return http.StatusOK
	}
	return e.status
}

// seconds rounds up: a client that waits that long must not be too early.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }
