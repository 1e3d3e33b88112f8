package bot

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

const (
	// maxBody is far more than Slack sends.
	maxBody = 1 << 20
	// replayWindow is how old a signed request may be (docs.slack.dev,
	// "Verifying requests from Slack").
	replayWindow = 5 * time.Minute
)

// HTTP receives Slack's signed requests: POST /slack/commands,
// /slack/interactivity and /slack/events. The server around it sets the time
// limits.
func (b *Bot) HTTP() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /slack/commands", b.signed(b.httpCommand))
	mux.HandleFunc("POST /slack/interactivity", b.signed(b.httpInteraction))
	mux.HandleFunc("POST /slack/events", b.signed(b.httpEvent))
	return mux
}

// signed lets a request through to next if Slack has signed it, not long ago.
func (b *Bot) signed(next func(w http.ResponseWriter, r *http.Request, body []byte)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			status := http.StatusBadRequest
			if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
				status = http.StatusRequestEntityTooLarge
			}
			http.Error(w, http.StatusText(status), status)
			return
		}
		if form, err := url.ParseQuery(string(body)); err == nil && form.Get("ssl_check") == "1" {
			return // Slack looks at the certificate now and then, without a signature
		}
		if err := b.verify(r.Header, body); err != nil {
			b.Logger.WarnContext(r.Context(), "request refused", "path", r.URL.Path, "error", err)
			http.Error(w, "the signature is not valid", http.StatusUnauthorized)
			return
		}
		next(w, r, body)
	}
}

// verify checks the signature, in constant time, and the age of a request.
func (b *Bot) verify(h http.Header, body []byte) error {
	if b.SigningSecret == "" {
		return errors.New("bot: no signing secret is set")
	}
	stamp := h.Get("X-Slack-Request-Timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return fmt.Errorf("bot: time stamp of a request: %w", err)
	}
	if age := b.Now().Sub(time.Unix(seconds, 0)).Abs(); age > replayWindow {
		return fmt.Errorf("bot: the request is %s away from our clock", age)
	}
	given, err := hex.DecodeString(strings.TrimPrefix(h.Get("X-Slack-Signature"), "v0="))
	if err != nil {
		return fmt.Errorf("bot: signature of a request: %w", err)
	}
	mac := hmac.New(sha256.New, []byte(b.SigningSecret))
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	if !hmac.Equal(given, mac.Sum(nil)) {
		return errors.New("bot: the signature of a request is wrong")
	}
	return nil
}

func (b *Bot) httpCommand(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		http.Error(w, "the form cannot be read", http.StatusBadRequest)
		return
	}
	r.PostForm, r.Form = form, form
	command, err := slack.SlashCommandParse(r)
	if err != nil || command.UserID == "" {
		http.Error(w, "this is no slash command", http.StatusBadRequest)
		return
	}
	b.await(w, r, commandCall(command))
}

func (b *Bot) httpInteraction(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body)) // of the body only: what stands in the address is not signed
	if err != nil {
		http.Error(w, "the form cannot be read", http.StatusBadRequest)
		return
	}
	c, err := interactionCall([]byte(form.Get("payload")))
	b.awaitParsed(w, r, c, err)
}

func (b *Bot) httpEvent(w http.ResponseWriter, r *http.Request, body []byte) {
	var out outerEvent
	if err := json.Unmarshal(body, &out); err == nil && out.Type == "url_verification" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, out.Challenge) // a client that has gone away needs no answer
		return
	}
	c, err := b.heard(body)
	b.awaitParsed(w, r, c, err)
}

func (b *Bot) awaitParsed(w http.ResponseWriter, r *http.Request, c Call, err error) {
	switch {
	case errors.Is(err, errIgnored):
		b.Logger.DebugContext(r.Context(), "delivery ignored", "reason", err)
	case err != nil:
		b.Logger.WarnContext(r.Context(), "delivery not understood", "path", r.URL.Path, "error", err)
		http.Error(w, "the payload cannot be read", http.StatusBadRequest)
	default:
		b.await(w, r, c)
	}
}

// await hands a call to the dispatcher and answers the request with its
// acknowledgement. The work may go on after that.
func (b *Bot) await(w http.ResponseWriter, r *http.Request, c Call) {
	c.Received = b.Now()
	acked := make(chan json.RawMessage, 1)
	//nolint:contextcheck // an answer may take longer than the request
	b.receive(c, func(payload json.RawMessage) error {
		if over(r.Context()) {
			return fmt.Errorf("bot: the request has ended: %w", context.Cause(r.Context()))
		}
		acked <- payload
		return nil
	})
	select {
	case payload := <-acked:
		if payload != nil {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			_, _ = w.Write(payload) // a client that has gone away needs no answer
		}
	case <-r.Context().Done():
	}
}
