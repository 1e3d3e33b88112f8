package fakeqbo

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Refusals of the platform before QuickBooks, in lower-case JSON (seen); also for a
// Fault.
var (
	// Unauthenticated is 3200: the access token is bad or past its hour.
	Unauthenticated = platform(http.StatusUnauthorized, "AUTHENTICATION", "ApplicationAuthenticationFailed", 3200,
		"Token expired: the access token is invalid or has expired")
	// NotConnected is 3100: the company has not, or no longer, let the app in.
	NotConnected = platform(http.StatusForbidden, "AUTHORIZATION", "ApplicationAuthorizationFailed", 3100,
		"The application is not connected to this company")
	// NoLongerAdmin is 120: the person who connected the company has lost the right.
	NoLongerAdmin = platform(http.StatusUnauthorized, "AUTHORIZATION", "AuthorizationFailed", 120,
		"Authorization failure: the user is not an admin of this company")
)

func platform(status int, kind, name string, code int, detail string) Reply {
	return Reply{Refusal: Refusal{
		Status: status, Type: kind, Code: strconv.Itoa(code), Detail: detail,
		Message: fmt.Sprintf("message=%s; errorCode=%06d; statusCode=%d", name, code, status),
	}}
}

// bearer checks the access token of a call, and gives the refusal.
func (s *Server) bearer(r *http.Request, realm string) *Reply {
	kind, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.signIn.access[value]
	switch {
	case !strings.EqualFold(kind, "Bearer") || t == nil || t.grant.ended == revoked || !s.opt.Now().Before(t.ends):
		return &Unauthenticated
	case t.grant.realm != realm || t.grant.ended == disconnected || s.companies[realm] == nil:
		return &NotConnected
	case s.signIn.powerless[realm]:
		return &NoLongerAdmin
	}
	return nil
}
