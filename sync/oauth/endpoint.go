package oauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// Endpoint is the authorization server of a ledger, with our app's credentials.
type Endpoint struct {
	// Name is what people call the ledger ("QuickBooks").
	Name                         string
	AuthURL, TokenURL, RevokeURL string
	ClientID                     string
	ClientSecret                 Secret
	Scopes                       []string
	// Header is sent with each request for tokens.
	Header http.Header
	// RefreshLifetime and HardLifetime name what else the server says of time, in
	// seconds: how long a refresh token lives unused, and how long all access.
	RefreshLifetime, HardLifetime string
	HTTP                          *http.Client
	Now                           func() time.Time
}

// EndpointError is an answer that gives no tokens, or no answer.
type EndpointError struct {
	// Status is the HTTP status; 0 where no answer came.
	Status int
	// Code is that of RFC 6749, section 5.2 ("invalid_grant"); "" without one.
	Code string
	// Words are the server's, without what was sent to it.
	Words string
	// TID is Intuit's id of the answer, "" elsewhere.
	TID string
}

// Error returns a sentence without secrets.
func (e *EndpointError) Error() string {
	var b strings.Builder
	b.WriteString("the token endpoint ")
	if e.Status == 0 {
		b.WriteString("gave no answer")
	} else {
		fmt.Fprintf(&b, "answered %d", e.Status)
	}
	for _, words := range []string{e.Code, e.Words} {
		if words != "" {
			b.WriteString(": " + words)
		}
	}
	if e.TID != "" {
		fmt.Fprintf(&b, " [intuit_tid %s]", e.TID)
	}
	return b.String()
}

// Dead reports whether the code or refresh token is good for nothing any more.
func (e *EndpointError) Dead() bool { return e.Code == "invalid_grant" }

// Ours reports whether the app's own credentials, or its settings at the ledger,
// are refused: that is no fault of the tokens.
func (e *EndpointError) Ours() bool {
	switch e.Code {
	case "invalid_client", "unauthorized_client", "invalid_scope", "unsupported_grant_type", "invalid_request":
		return true
	}
	return e.Status == http.StatusUnauthorized
}

// AuthorizeURL returns where a person gives access.
func (e Endpoint) AuthorizeURL(state, redirect string) string {
	return e.config(redirect).AuthCodeURL(state)
}

// Exchange turns the code of a callback into tokens.
func (e Endpoint) Exchange(ctx context.Context, code Secret, redirect string) (Token, error) {
	asked := e.Now()
	t, err := e.config(redirect).Exchange(e.context(ctx), string(code))
	return e.token(t, asked, code, err)
}

// Refresh turns a refresh token into the next tokens. The old one may be dead
// after it, even where no answer came back.
func (e Endpoint) Refresh(ctx context.Context, refresh Secret) (Token, error) {
	asked := e.Now()
	t, err := e.config("").TokenSource(e.context(ctx), &oauth2.Token{RefreshToken: string(refresh)}).Token()
	return e.token(t, asked, refresh, err)
}

// Revoke gives a token back. One that the server does not know is given back
// already.
func (e Endpoint) Revoke(ctx context.Context, token Secret) error {
	body := strings.NewReader(url.Values{"token": {string(token)}}.Encode())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.RevokeURL, body)
	if err != nil {
		return fmt.Errorf("oauth: revoke: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	req.SetBasicAuth(url.QueryEscape(e.ClientID), url.QueryEscape(string(e.ClientSecret)))
	resp, err := e.HTTP.Do(req)
	if err != nil {
		return fmt.Errorf("oauth: revoke: %w", e.failure(err, token))
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16)) // what it says does not matter
	switch resp.StatusCode {
	case http.StatusOK, http.StatusNoContent, http.StatusBadRequest:
		return nil
	}
	return fmt.Errorf("oauth: revoke: %w", &EndpointError{Status: resp.StatusCode, TID: resp.Header.Get("intuit_tid")})
}

func (e Endpoint) config(redirect string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: e.ClientID, ClientSecret: string(e.ClientSecret), RedirectURL: redirect, Scopes: e.Scopes,
		Endpoint: oauth2.Endpoint{AuthURL: e.AuthURL, TokenURL: e.TokenURL, AuthStyle: oauth2.AuthStyleInHeader},
	}
}

// context gives oauth2 an HTTP client that adds our headers.
func (e Endpoint) context(ctx context.Context) context.Context {
	client := *e.HTTP
	client.Transport = withHeader{e.Header, client.Transport}
	return context.WithValue(ctx, oauth2.HTTPClient, &client)
}

type withHeader struct {
	header http.Header
	next   http.RoundTripper
}

// RoundTrip sends a copy of the request with the headers added.
func (w withHeader) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("Accept", "application/json")
	maps.Copy(req.Header, w.header)
	next := w.next
	if next == nil {
		next = http.DefaultTransport
	}
	return next.RoundTrip(req)
}

// usualLife is the life of an access token whose server does not state it.
const usualLife = time.Hour

// token takes what oauth2 made of an answer, by our clock.
func (e Endpoint) token(t *oauth2.Token, asked time.Time, sent Secret, err error) (Token, error) {
	if err != nil {
		return Token{}, fmt.Errorf("oauth: ask %s for tokens: %w", e.Name, e.failure(err, sent))
	}
	got := Token{
		Access: Secret(t.AccessToken), Refresh: Secret(t.RefreshToken), Issued: asked,
		Expires:        after(asked, t.Extra("expires_in")),
		RefreshExpires: after(asked, t.Extra(e.RefreshLifetime)),
		HardExpires:    after(asked, t.Extra(e.HardLifetime)),
	}
	if got.Access == "" || got.Refresh == "" {
		return Token{}, fmt.Errorf("oauth: ask %s for tokens: %w", e.Name, &EndpointError{Status: http.StatusOK, Words: "the answer holds no tokens"})
	}
	if got.Expires.IsZero() {
		got.Expires = asked.Add(usualLife)
	}
	return got, nil
}

// after returns the end of a life in seconds; zero where none is stated.
func after(start time.Time, seconds any) time.Time {
	n, _ := seconds.(float64)
	if s, ok := seconds.(string); ok {
		n, _ = strconv.ParseFloat(s, 64) // 0 is for not stated
	}
	const century = 100 * 365 * 24 * 3600
	if n <= 0 || n > century {
		return time.Time{}
	}
	return start.Add(time.Duration(n) * time.Second)
}

// failure makes an EndpointError of what went wrong. The words of net/http and
// of oauth2 are left out where they could quote a secret.
func (e Endpoint) failure(err error, sent Secret) *EndpointError {
	f, ok := errors.AsType[*oauth2.RetrieveError](err)
	if !ok {
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err
		}
		return &EndpointError{Words: e.clean(err.Error(), sent)}
	}
	return &EndpointError{
		Status: f.Response.StatusCode, Code: e.clean(f.ErrorCode, sent), Words: e.clean(f.ErrorDescription, sent),
		TID: e.clean(f.Response.Header.Get("intuit_tid"), sent),
	}
}

// clean makes foreign words short, and free of what was sent.
func (e Endpoint) clean(words string, sent Secret) string {
	for _, secret := range []Secret{sent, e.ClientSecret} {
		if secret != "" {
			words = strings.ReplaceAll(words, string(secret), hidden)
		}
	}
	words = strings.Join(strings.Fields(words), " ")
	const most = 200
	if runes := []rune(words); len(runes) > most {
		words = string(runes[:most]) + "…"
	}
	return words
}
