package fakeqbo

import (
	"fmt"
	"html"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Choose sets the company that the person on the page of consent picks; at first it's
// the one that was added first.
func (s *Server) Choose(realm string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.signIn.chosen = realm
}

// SetConsent says whether the person agrees.
func (s *Server) SetConsent(agrees bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.signIn.denies = !agrees
}

// AllowRedirect registers one more redirect URI.
func (s *Server) AllowRedirect(uri string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opt.App.RedirectURIs = append(s.opt.App.RedirectURIs, uri)
}

// serveAuthorize is the page of consent: it sends the browser back at once, with what
// the person has decided. What concerns the app itself is shown to the person instead
// and never sent to an address that isn't registered.
func (s *Server) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	if why := s.refuseApp(asked); why != "" {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, "<h1>Uh oh, there's a connection problem.</h1><p>%s</p>", html.EscapeString(why))
		return
	}
	target, err := url.Parse(asked.Get("redirect_uri"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	back := target.Query()
	maps.Copy(back, s.decide(asked))
	target.RawQuery = back.Encode()
	http.Redirect(w, r, target.String(), http.StatusFound) //nolint:gosec // G710: only to a registered address
}

// refuseApp says what is wrong with the app's request, "" if nothing is.
func (s *Server) refuseApp(asked url.Values) string {
	app, redirect := s.App(), asked.Get("redirect_uri")
	switch {
	case asked.Get("client_id") != app.ClientID:
		return "The client_id is invalid."
	case !slices.Contains(app.RedirectURIs, redirect):
		return "The redirect_uri query parameter value is invalid. Make sure it is listed in the Redirect URIs section on your app's keys tab and matches exactly."
	case app.Production && !public(redirect):
		return "The redirect_uri of production keys must use https and a public domain."
	case asked.Get("state") == "":
		return "The state query parameter is missing."
	}
	return ""
}

// public says whether production keys take the address (docs): https, and neither
// this machine nor an IP address.
func public(redirect string) bool {
	u, err := url.Parse(redirect)
	return err == nil && u.Scheme == "https" && u.Hostname() != "localhost" && net.ParseIP(u.Hostname()) == nil
}

// decide is what the person sends back.
func (s *Server) decide(asked url.Values) url.Values {
	state := asked.Get("state")
	refusal := func(code string) url.Values { return url.Values{"error": {code}, "state": {state}} }
	s.mu.Lock()
	defer s.mu.Unlock()
	realm := s.signIn.chosen
	if realm == "" && len(s.order) > 0 {
		realm = s.order[0]
	}
	switch {
	case asked.Get("response_type") != "code":
		return refusal("unsupported_response_type")
	case !slices.Contains(strings.Fields(asked.Get("scope")), accounting):
		return refusal("invalid_scope")
	case s.signIn.denies || s.companies[realm] == nil:
		return refusal("access_denied")
	}
	value := s.signIn.newCode(realm, asked.Get("redirect_uri"), s.opt.Now())
	return url.Values{"code": {value}, "state": {state}, "realmId": {realm}}
}

// serveDiscovery is the discovery document, with the endpoints that this server has.
func (s *Server) serveDiscovery(w http.ResponseWriter, r *http.Request) {
	if path := strings.TrimSuffix(r.URL.Path, "/"); path != discoveryPath && path != sandboxPath {
		http.NotFound(w, r)
		return
	}
	writeJSON(w, http.StatusOK, jsonObject{
		"issuer":                                "https://oauth.platform.intuit.com/op/v1",
		"authorization_endpoint":                s.AuthorizeURL(),
		"token_endpoint":                        s.TokenURL(),
		"revocation_endpoint":                   s.RevokeURL(),
		"response_types_supported":              []string{"code"},
		"scopes_supported":                      []string{accounting},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic"},
	})
}
