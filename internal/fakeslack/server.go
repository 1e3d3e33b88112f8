package fakeslack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Server is one Slack workspace with one installed app. All its methods may be
// called from several goroutines.
type Server struct {
	opt      Options
	log      *slog.Logger
	listener net.Listener
	http     *http.Server
	client   *http.Client
	ctx      context.Context // ends at Close
	stop     context.CancelFunc
	running  sync.WaitGroup

	mu        sync.Mutex
	closed    bool
	state     *State
	changed   chan struct{} // closed and replaced at each change
	scopes    map[string]bool
	tokens    map[string]tokenKind
	endpoints Endpoints
	faults    []*Fault
	pace      *pacer
	triggers  map[string]*trigger
	urls      map[string]*responseURL
	link      link
}

// New starts a workspace on a free port of 127.0.0.1. Close it when done.
func New(options Options) (*Server, error) {
	opt, err := options.withDefaults()
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("fakeslack: listen on the loopback interface: %w", err)
	}
	s := newServer(opt, listener)
	s.running.Go(func() {
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("fakeslack stopped serving", "error", err)
		}
	})
	return s, nil
}

func newServer(opt Options, listener net.Listener) *Server {
	s := &Server{
		opt: opt, log: opt.Logger, listener: listener, client: opt.HTTPClient,
		state: newState(opt.Workspace), changed: make(chan struct{}), endpoints: opt.Endpoints,
		pace: newPacer(opt), triggers: map[string]*trigger{}, urls: map[string]*responseURL{},
		link:   link{tickets: map[string]bool{}, pending: map[string]*Delivery{}},
		tokens: map[string]tokenKind{opt.Workspace.BotToken: botToken, opt.Workspace.AppToken: appToken},
	}
	if s.client == nil {
		s.client = &http.Client{Transport: &http.Transport{}, CheckRedirect: followTwo}
	}
	s.setScopes(opt.Scopes)
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.http = &http.Server{
		Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return s.ctx },
	}
	return s
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", s.serveAPI)
	mux.HandleFunc("/link", s.serveLink)
	mux.HandleFunc("POST /response/{id}", s.serveResponseURL)
	mux.HandleFunc("POST /upload/{id}", s.serveUpload)
	mux.HandleFunc("GET /files-pri/{id}/{name}", s.serveDownload)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.enter() {
			http.Error(w, "closed", http.StatusServiceUnavailable)
			return
		}
		defer s.running.Done()
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		mux.ServeHTTP(w, r)
	})
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

// URL is the Web API's base, with the trailing slash that clients expect:
// http://127.0.0.1:PORT/api/.
func (s *Server) URL() string { return s.origin() + "/api/" }

// BotToken is the xoxb token of the installed app.
func (s *Server) BotToken() string { return s.opt.Workspace.BotToken }

// AppToken is the xapp token for Socket Mode.
func (s *Server) AppToken() string { return s.opt.Workspace.AppToken }

// SigningSecret is the key of the signed requests.
func (s *Server) SigningSecret() string { return s.opt.Workspace.SigningSecret }

// BotUser is the bot's user id.
func (s *Server) BotUser() string { return s.opt.Workspace.Bot.UserID }

func (s *Server) origin() string { return "http://" + s.listener.Addr().String() }

func (s *Server) socketOrigin() string { return "ws://" + strings.TrimPrefix(s.origin(), "http://") }

// Close ends the listener, the sockets and all goroutines, and waits for them.
func (s *Server) Close() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	s.mu.Unlock()
	s.stop()
	s.CutSockets()
	if err := s.http.Close(); err != nil {
		s.log.Error("fakeslack could not close its listener", "error", err)
	}
	s.running.Wait()
	s.client.CloseIdleConnections()
}

// change runs fn alone on the workspace and wakes everybody who waits for a change.
func (s *Server) change(fn func(st *State)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fn(s.state)
	s.touch()
}

// touch wakes the waiting; the caller holds the lock.
func (s *Server) touch() {
	close(s.changed)
	s.changed = make(chan struct{})
}
