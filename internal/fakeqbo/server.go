package fakeqbo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"
)

// Server is Intuit: its sign-in and its companies, for one app. All its methods may
// be called from several goroutines.
type Server struct {
	opt      Options
	log      *slog.Logger
	listener net.Listener
	http     *http.Server
	client   *http.Client
	stop     context.CancelFunc
	running  sync.WaitGroup

	mu        sync.Mutex
	closed    bool
	changed   chan struct{} // closed and replaced at each change, and at each tick
	companies map[string]*Company
	order     []string // realms, as they were added
	signIn    *signIn
	calls     []*Call
	underWay  map[string]int // calls, by kind and realm
	meters    map[string]*meter
	month     monthMeter
	exceeded  []Excess
	faults    []*Fault
	dice      *rand.Rand
	teller    teller
}

// The paths that Intuit serves on several hosts and that stand side by side here.
const (
	tokenPath     = "/oauth2/v1/tokens/bearer" //nolint:gosec // G101: a path
	revokePath    = "/v2/oauth2/tokens/revoke"
	authorizePath = "/connect/oauth2"
	discoveryPath = "/.well-known/openid_configuration"
	sandboxPath   = "/.well-known/openid_sandbox_configuration"
)

// New starts a server without companies on a free port of 127.0.0.1. Close it when
// done.
func New(options Options) (*Server, error) {
	opt, err := options.withDefaults()
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("fakeqbo: listen on the loopback interface: %w", err)
	}
	s := newServer(opt, listener)
	s.running.Go(func() {
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("fakeqbo stopped serving", "error", err)
		}
	})
	return s, nil
}

func newServer(opt Options, listener net.Listener) *Server {
	ctx, stop := context.WithCancel(context.Background())
	s := &Server{
		opt: opt, log: opt.Logger, listener: listener, client: opt.HTTPClient, stop: stop,
		changed: make(chan struct{}), companies: map[string]*Company{}, signIn: newSignIn(opt),
		underWay: map[string]int{}, meters: map[string]*meter{}, teller: teller{to: opt.Webhook},
		dice: rand.New(rand.NewPCG(opt.Seed, 0)), //nolint:gosec // G404: a run is to be repeatable
	}
	if s.client == nil {
		s.client = &http.Client{Transport: &http.Transport{}, CheckRedirect: dontFollow}
	}
	s.http = &http.Server{
		Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    slog.NewLogLogger(opt.Logger.Handler(), slog.LevelDebug),
	}
	return s
}

// AddCompany opens a company with empty books. Its changes are told by webhook.
func (s *Server) AddCompany(realm, name string) *Company {
	c := NewCompany(realm, name, s.opt.Now)
	c.OnChange = s.note
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.companies[realm] == nil {
		s.order = append(s.order, realm)
	}
	s.companies[realm] = c
	return c
}

// Company gives an open company, nil if there is none.
func (s *Server) Company(realm string) *Company {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.companies[realm]
}

// URL is where the server listens: http://127.0.0.1:PORT, without a slash. The paths
// below it are Intuit's.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// TokenURL is where codes and refresh tokens are exchanged.
func (s *Server) TokenURL() string { return s.URL() + tokenPath }

// RevokeURL is where tokens are given back.
func (s *Server) RevokeURL() string { return s.URL() + revokePath }

// AuthorizeURL is the page on which a person connects a company.
func (s *Server) AuthorizeURL() string { return s.URL() + authorizePath }

// App is the app that may connect, with the defaults filled in.
func (s *Server) App() App {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opt.App.withDefaults()
}

// Close ends the listener, the calls under way and all goroutines, and waits for them.
func (s *Server) Close() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	s.mu.Unlock()
	s.stop()
	if err := s.http.Close(); err != nil {
		s.log.Error("fakeqbo could not close its listener", "error", err)
	}
	s.running.Wait()
	s.client.CloseIdleConnections()
}

// touch wakes the waiting; the caller holds the lock.
func (s *Server) touch() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// enter counts a request in, unless the server is closing.
func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.running.Add(1)
	return true
}

// serve is the way of every request: it is noted, held to the limits, befallen by a
// fault if there is one for it, and answered.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if !s.enter() {
		http.Error(w, "closed", http.StatusServiceUnavailable)
		return
	}
	defer s.running.Done()
	// The body is read first: only then does the server notice a client that leaves.
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	call, out := s.begin(r, body), &answer{ResponseWriter: w}
	defer s.finish(call, out)
	out.Header().Set("Intuit_tid", call.TID)
	out.Header().Set("Date", call.At.UTC().Format(http.TimeFormat))
	s.answer(call, out, r)
}

func (s *Server) answer(call *Call, w http.ResponseWriter, r *http.Request) {
	if call.company {
		if limit := s.admit(call); limit != "" {
			s.throttled().write(w, s.opt.Now())
			return
		}
		defer s.leave(call)
	}
	next := s.handler(call)
	fault := s.takeFault(call)
	if fault == nil {
		next(w, r)
		return
	}
	s.mu.Lock()
	call.Hit = true
	s.touch()
	s.mu.Unlock()
	s.suffer(fault, call.At, w, r, next)
}

func (s *Server) handler(call *Call) http.HandlerFunc {
	switch call.Kind {
	case KindToken:
		return s.serveToken
	case KindRevoke:
		return s.serveRevoke
	case KindAuthorize:
		return s.serveAuthorize
	case KindDiscovery:
		return s.serveDiscovery
	case KindUnknown:
		return http.NotFound
	case KindBatch, KindReport, KindQuery, KindCDC, KindRead, KindWrite:
	}
	return func(w http.ResponseWriter, r *http.Request) { s.serveCompany(call, w, r) }
}

// serveCompany lets the bearer of a good token at the books.
func (s *Server) serveCompany(call *Call, w http.ResponseWriter, r *http.Request) {
	if refusal := s.bearer(r, call.Realm); refusal != nil {
		refusal.write(w, s.opt.Now())
		return
	}
	s.Company(call.Realm).ServeHTTP(w, r)
}

func dontFollow(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
