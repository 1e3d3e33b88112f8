package fakeqbo

import (
	"crypto/subtle"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// oauthError is a refusal of the token endpoint.
type oauthError struct {
	status            int
	code, description string
}

var (
	wrongClient  = &oauthError{http.StatusUnauthorized, "invalid_client", ""}
	wrongCode    = &oauthError{http.StatusBadRequest, "invalid_grant", "Invalid authorization code"}
	wrongRefresh = &oauthError{http.StatusBadRequest, "invalid_grant", "Incorrect or invalid refresh token"}
	wrongGrant   = &oauthError{http.StatusBadRequest, "unsupported_grant_type", "grant_type must be authorization_code or refresh_token"}
)

func wrongRequest(why string) *oauthError {
	return &oauthError{http.StatusBadRequest, "invalid_request", why}
}

func (e *oauthError) write(w http.ResponseWriter) {
	out := jsonObject{"error": e.code}
	if e.description != "" {
		out["error_description"] = e.description
	}
	writeJSON(w, e.status, out)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("Cache-Control", "no-cache, no-store")
	w.WriteHeader(status)
	_, _ = w.Write(mustJSON(v)) // a client that has gone has no one left to tell
}

// checkClient is the app's own sign-in. Intuit takes it as HTTP Basic only (docs).
func (s *Server) checkClient(r *http.Request) *oauthError {
	id, secret, ok := r.BasicAuth()
	app := s.App()
	if !ok || !same(id, app.ClientID) || !same(secret, app.ClientSecret) {
		return wrongClient
	}
	return nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// serveToken exchanges a code or a refresh token.
func (s *Server) serveToken(w http.ResponseWriter, r *http.Request) {
	tokens, refusal := s.exchange(r)
	if refusal != nil {
		refusal.write(w)
		return
	}
	out := jsonObject{
		"token_type": "bearer", "access_token": tokens.Access, "refresh_token": tokens.Refresh,
		"expires_in": tokens.left(tokens.AccessEnds), "x_refresh_token_expires_in": tokens.left(tokens.RefreshEnds),
	}
	if strings.EqualFold(r.Header.Get("X-Include-Refresh-Token-Hard-Expires-In"), "true") { // seen
		out["x_refresh_token_hard_expires_in"] = tokens.left(tokens.HardEnds)
	}
	writeJSON(w, http.StatusOK, out)
}

// left is how many seconds there are from the answer on.
func (t Tokens) left(ends time.Time) int64 { return int64(ends.Sub(t.made) / time.Second) }

func (s *Server) exchange(r *http.Request) (Tokens, *oauthError) {
	if refusal := s.checkClient(r); refusal != nil {
		return Tokens{}, refusal
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != formType || r.Method != http.MethodPost {
		return Tokens{}, wrongRequest("send a POST with a form")
	}
	if err := r.ParseForm(); err != nil {
		return Tokens{}, wrongRequest(err.Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r.PostForm.Get("grant_type") {
	case "authorization_code":
		return s.exchangeCode(r.PostForm.Get("code"), r.PostForm.Get("redirect_uri"))
	case "refresh_token":
		return s.exchangeRefresh(r.PostForm.Get("refresh_token"))
	}
	return Tokens{}, wrongGrant
}

// exchangeCode takes a code, which works once; the caller holds the lock.
func (s *Server) exchangeCode(value, redirect string) (Tokens, *oauthError) {
	now := s.opt.Now()
	realm, ok := s.signIn.takeCode(value, redirect, now)
	if !ok {
		return Tokens{}, wrongCode
	}
	return s.signIn.connect(realm, now), nil
}

// exchangeRefresh takes a refresh token and notes its use; the caller holds the lock.
func (s *Server) exchangeRefresh(value string) (Tokens, *oauthError) {
	if value == "" {
		return Tokens{}, wrongRequest("refresh_token is missing")
	}
	now, realm := s.opt.Now(), s.signIn.realmOf(value)
	tokens, rotated, dead := s.signIn.use(value, now)
	s.signIn.refreshes = append(s.signIn.refreshes, Refresh{
		At: now, Realm: realm, Rotated: rotated, Dead: dead, Alongside: s.underWay[string(KindToken)+" "+realm] - 1,
	})
	if dead != "" {
		return Tokens{}, wrongRefresh
	}
	return tokens, nil
}

// serveRevoke takes a token back, and with it the whole connection. The token comes
// in a form or, as Intuit's own client sends it, in JSON.
func (s *Server) serveRevoke(w http.ResponseWriter, r *http.Request) {
	if refusal := s.checkClient(r); refusal != nil {
		refusal.write(w)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		wrongRequest(err.Error()).write(w)
		return
	}
	var sent struct {
		Token string `json:"token"`
	}
	if json.Unmarshal(body, &sent) != nil {
		sent.Token = form(body).Get("token")
	}
	s.mu.Lock()
	found := s.signIn.find(sent.Token)
	if found != nil {
		found.ended = revoked
	}
	s.mu.Unlock()
	if found == nil {
		wrongRequest("Invalid token").write(w)
	}
}
