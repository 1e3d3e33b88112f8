package fakeslack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// SetEndpoints changes where the app listens over HTTP; empty URLs bring
// Socket Mode back.
func (s *Server) SetEndpoints(e Endpoints) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endpoints = e
}

// Endpoints are where the app listens over HTTP, empty over Socket Mode.
func (s *Server) Endpoints() Endpoints {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.endpoints
}

// Sign sets the headers by which an app knows Slack's requests (docs): version
// v0, HMAC-SHA256 over "v0:<time>:<body>".
func Sign(r *http.Request, secret string, at time.Time, body []byte) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
}

func (s *Server) dispatchSigned(ctx context.Context, d *Delivery, url string, how sending) error {
	if !how.noWait {
		return s.sendSigned(ctx, d, url)
	}
	if !s.enter() {
		return ErrNotConnected
	}
	go func() {
		defer s.running.Done()
		if err := s.sendSigned(s.ctx, d, url); err != nil {
			s.log.Error("fakeslack could not deliver", "kind", d.Kind, "id", d.ID, "error", err)
		}
	}()
	return nil
}

// sendSigned posts the delivery to the app and takes the answer as the
// acknowledgement.
func (s *Server) sendSigned(ctx context.Context, d *Delivery, target string) error {
	body, kind, err := signedBody(d)
	if err != nil {
		return err
	}
	resp, err := s.postSigned(ctx, target, kind, body, func(h http.Header) {
		if d.RetryAttempt > 0 {
			h.Set("X-Slack-Retry-Num", strconv.Itoa(d.RetryAttempt))
			h.Set("X-Slack-Retry-Reason", d.RetryReason)
		}
	})
	if err != nil {
		s.breakOff(d, err)
		return fmt.Errorf("fakeslack: deliver %s %s: %w", d.Kind, d.ID, err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read to the end
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return fmt.Errorf("fakeslack: read the answer to %s %s: %w", d.Kind, d.ID, err)
	}
	s.acknowledge(d, Ack{
		Status: resp.StatusCode, Payload: answerPayload(resp.Header, answer),
		NoRetry: resp.Header.Get("X-Slack-No-Retry") == "1",
	})
	return nil
}

func (s *Server) postSigned(ctx context.Context, target, kind string, body []byte, more func(http.Header)) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(string(body)))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	more(r.Header)
	Sign(r, s.SigningSecret(), s.opt.Now(), body)
	return s.client.Do(r)
}

// signedBody words a delivery as HTTP does: commands as a form, interactions
// as JSON in the form field "payload", events as JSON.
func signedBody(d *Delivery) (body []byte, kind string, err error) {
	const form = "application/x-www-form-urlencoded"
	switch d.Kind {
	case KindEvent:
		return d.Payload, "application/json", nil
	case KindInteractive:
		return []byte(url.Values{"payload": {string(d.Payload)}}.Encode()), form, nil
	}
	var fields map[string]string
	if err := json.Unmarshal(d.Payload, &fields); err != nil {
		return nil, "", fmt.Errorf("fakeslack: a slash command holds text fields only: %w", err)
	}
	values := url.Values{}
	for name, v := range fields {
		values.Set(name, v)
	}
	return []byte(values.Encode()), form, nil
}

// answerPayload makes the JSON that a socket would carry out of an HTTP
// answer: plain text is a message's text.
func answerPayload(h http.Header, body []byte) json.RawMessage {
	text := strings.TrimSpace(string(body))
	if text == "" {
		return nil
	}
	if strings.HasPrefix(h.Get("Content-Type"), "application/json") {
		return json.RawMessage(text)
	}
	quoted, err := json.Marshal(object{"text": text})
	if err != nil {
		return nil
	}
	return quoted
}

// VerifyURL sends the url_verification challenge that Slack sends when an
// events URL is saved, and checks the answer.
func (s *Server) VerifyURL(ctx context.Context) error {
	s.mu.Lock()
	target, challenge := s.endpoints.Events, s.state.next("challenge-")
	s.mu.Unlock()
	body, err := json.Marshal(object{"type": "url_verification", "token": "unused", "challenge": challenge})
	if err != nil {
		return fmt.Errorf("fakeslack: build the challenge: %w", err)
	}
	resp, err := s.postSigned(ctx, target, "application/json", body, func(http.Header) {})
	if err != nil {
		return fmt.Errorf("fakeslack: verify %s: %w", target, err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read to the end
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return fmt.Errorf("fakeslack: verify %s: %w", target, err)
	}
	if resp.StatusCode/100 != 2 || !strings.Contains(string(answer), challenge) {
		return fmt.Errorf("fakeslack: verify %s: status %d without the challenge", target, resp.StatusCode)
	}
	return nil
}
