package fakeqbo

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Kind is what a call is for.
type Kind string

// The kinds of calls. The first two have limits of their own.
const (
	KindBatch     Kind = "batch"
	KindReport    Kind = "report"
	KindQuery     Kind = "query"
	KindCDC       Kind = "cdc"
	KindRead      Kind = "read"
	KindWrite     Kind = "write"
	KindToken     Kind = "token"
	KindRevoke    Kind = "revoke"
	KindAuthorize Kind = "authorize"
	KindDiscovery Kind = "discovery"
	KindUnknown   Kind = ""
)

// Call is one request that came in, and what became of it.
type Call struct {
	Number    int // from 1, in the order in which they came
	At        time.Time
	Realm     string // of a company's call, and of a refresh whose token is known
	Kind      Kind
	What      string // the method, the path below the company and what was asked: see Fault.On
	TID       string // the intuit_tid of the answer
	RequestID string // the parameter requestid, which makes a write happen once
	Alongside int    // other calls of the same kind and company under way when it came

	Done   bool
	Status int    // 0 when it got no answer
	Code   string // of the fault in the answer, "" if there is none
	Hit    bool   // an injected fault befell it

	company bool // it's for a company's books, and not for the sign-in
}

// Calls are the calls whose What matches, in the order in which they came; nil gives
// all.
func (s *Server) Calls(what *regexp.Regexp) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Call
	for _, c := range s.calls {
		if what == nil || what.MatchString(c.What) {
			out = append(out, *c)
		}
	}
	return out
}

// Await waits until the calls so far satisfy a condition.
func (s *Server) Await(ctx context.Context, enough func(calls []Call) bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		calls := s.Calls(nil)
		if enough(calls) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			last := "nothing was called"
			if n := len(calls); n > 0 {
				last = fmt.Sprintf("%d calls, the last one %s", n, calls[n-1].What)
			}
			return fmt.Errorf("fakeqbo: what was awaited did not come (%s): %w", last, ctx.Err())
		}
	}
}

// begin notes a request that has come in.
func (s *Server) begin(r *http.Request, body []byte) *Call {
	c := &Call{RequestID: r.URL.Query().Get("requestid")}
	c.read(r, body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.Kind == KindToken {
		c.Realm = s.signIn.realmOf(form(body).Get("refresh_token"))
	}
	c.Number, c.At = len(s.calls)+1, s.opt.Now()
	c.TID = fmt.Sprintf("1-%08x-%024x", c.At.Unix(), c.Number)
	under := string(c.Kind) + " " + c.Realm
	c.Alongside = s.underWay[under]
	s.underWay[under]++
	s.calls = append(s.calls, c)
	s.touch()
	return c
}

// finish notes the end of a call.
func (s *Server) finish(c *Call, out *answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Done, c.Status = true, out.status
	if out.status >= http.StatusBadRequest {
		c.Code = codeIn(out.begin)
	}
	s.underWay[string(c.Kind)+" "+c.Realm]--
	s.log.Debug("fakeqbo call", "what", c.What, "realm", c.Realm, "status", c.Status, "code", c.Code, "hit", c.Hit)
	s.touch()
}

// read says what a request asks for.
func (c *Call) read(r *http.Request, body []byte) {
	const companies = "/v3/company/"
	rest, ofCompany := strings.CutPrefix(r.URL.Path, companies)
	if !ofCompany {
		c.Kind, c.What = kindElsewhere(r.URL.Path), r.Method+" "+r.URL.Path
		if c.Kind == KindToken {
			c.What += " " + form(body).Get("grant_type")
		}
		return
	}
	realm, path, _ := strings.Cut(rest, "/")
	c.company, c.Realm, c.Kind = true, realm, kindOf(r.Method, path)
	c.What = r.Method + " /" + path + asked(r.URL.Query())
	if c.Kind == KindQuery {
		c.What = r.Method + " /query " + statement(r, body)
	}
}

func kindElsewhere(path string) Kind {
	switch {
	case path == tokenPath:
		return KindToken
	case path == revokePath:
		return KindRevoke
	case path == authorizePath:
		return KindAuthorize
	case strings.HasPrefix(path, "/.well-known/"):
		return KindDiscovery
	}
	return KindUnknown
}

func kindOf(method, path string) Kind {
	switch first, _, _ := strings.Cut(strings.ToLower(path), "/"); {
	case first == "query":
		return KindQuery
	case first == "cdc":
		return KindCDC
	case first == "batch":
		return KindBatch
	case first == "reports":
		return KindReport
	case method == http.MethodGet:
		return KindRead
	}
	return KindWrite
}

// asked is the parameters that matter, as people write them.
func asked(params url.Values) string {
	for _, always := range []string{"minorversion", "format", "requestid"} {
		params.Del(always)
	}
	var parts []string
	for name, values := range params {
		parts = append(parts, name+"="+strings.Join(values, ","))
	}
	if len(parts) == 0 {
		return ""
	}
	slices.Sort(parts)
	return "?" + strings.Join(parts, "&")
}

// statement is the text of a query: a parameter, or the whole body (seen).
func statement(r *http.Request, body []byte) string {
	if q := r.URL.Query().Get("query"); q != "" {
		return q
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind == formType {
		return form(body).Get("query")
	}
	return string(body)
}

const formType = "application/x-www-form-urlencoded"

// form reads a body as a form; what is none has no fields.
func form(body []byte) url.Values {
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return url.Values{}
	}
	return values
}

var faultCode = regexp.MustCompile(`(?:"code":|code=)\s*"([0-9]+)"|"error":"([a-z_]+)"`)

// codeIn finds the code of the first fault in an answer.
func codeIn(answer []byte) string {
	found := faultCode.FindSubmatch(answer)
	if found == nil {
		return ""
	}
	return string(found[1]) + string(found[2])
}

// answer notes the status and the beginning of what is sent to the client.
type answer struct {
	http.ResponseWriter
	status int
	begin  []byte
}

// Unwrap serves http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// WriteHeader notes the status.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write notes how a refusal begins.
func (a *answer) Write(p []byte) (int, error) {
	const enough = 1 << 10
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if a.status >= http.StatusBadRequest && len(a.begin) < enough {
		a.begin = append(a.begin, p[:min(len(p), enough)]...)
	}
	return a.ResponseWriter.Write(p)
}
