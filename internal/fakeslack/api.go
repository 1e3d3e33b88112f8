package fakeslack

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"
)

// object is a JSON object that is being built.
type object = map[string]any

// call is one Web API call on its way.
type call struct {
	method string
	args   args
	token  string
	now    time.Time
}

// serveAPI answers /api/<method>: fault, then the method, then the record.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	c := &call{method: strings.TrimPrefix(r.URL.Path, "/api/")}
	var err error
	if c.args, c.token, err = readArgs(r); err != nil {
		s.answer(w, c, nil, err, nil)
		return
	}
	fault := s.takeFault(c.method, c.args["channel"])
	if err := fault.before(r.Context()); err != nil {
		s.answer(w, c, nil, err, fault)
		return
	}
	reply, err := s.perform(c)
	s.answer(w, c, reply, err, fault)
}

// perform checks the token, the scope and the pace, then runs the method.
func (s *Server) perform(c *call) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.now = s.opt.Now()
	m, known := methods[c.method]
	if !known {
		return nil, refuse("unknown_method")
	}
	if err := s.authorise(c.token, m); err != nil {
		return nil, err
	}
	if err := s.pace.tier(c.method, m.tier, c.now); err != nil {
		return nil, err
	}
	return m.run(s, c)
}

// answer writes the reply, records the call and wakes those who wait.
func (s *Server) answer(w http.ResponseWriter, c *call, reply object, err error, fault *Fault) {
	entry := Call{Method: c.method, Args: c.args, Status: http.StatusOK}
	if err != nil {
		refusal, ok := errors.AsType[*apiError](err)
		if !ok {
			refusal = refuse("internal_error", err.Error())
		}
		entry.Error, entry.Status = refusal.code, refusal.head(w.Header())
		reply = refusal.body()
	} else {
		if reply == nil {
			reply = object{}
		}
		reply["ok"] = true
	}
	body, err := json.Marshal(reply)
	if err != nil {
		entry.Error, entry.Status, body = "internal_error", http.StatusInternalServerError, []byte(`{"ok":false,"error":"internal_error"}`)
	}
	entry.Answer = body
	lost := fault != nil && fault.LoseAnswer
	if lost {
		entry.Status = 0
	}
	w.Header().Set("X-Oauth-Scopes", s.record(entry))
	w.Header().Set("Date", s.opt.Now().UTC().Format(http.TimeFormat))
	if accepted := methods[c.method].scopes; len(accepted) > 0 {
		w.Header().Set("X-Accepted-Oauth-Scopes", strings.Join(accepted, ","))
	}
	if lost {
		abandon(w)
		return
	}
	writeJSON(w, entry.Status, body)
}

// record keeps the call and gives the granted scopes for the answer's header.
func (s *Server) record(entry Call) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry.At = s.opt.Now()
	s.state.calls = append(s.state.calls, entry)
	s.log.Debug("fakeslack call", "method", entry.Method, "error", entry.Error)
	s.touch()
	return s.scopeList()
}

func writeJSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that has gone away needs no answer
}

// abandon cuts the connection without an answer: the client cannot know
// whether its call took place.
func abandon(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	_ = conn.Close() // cutting it is the point
}
