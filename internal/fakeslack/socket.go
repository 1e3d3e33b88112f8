package fakeslack

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// maxSockets is how many connections an app may have (docs).
	maxSockets = 10
	// maxAckSize: Slack drops larger acknowledgements without a word (seen by slack-go).
	maxAckSize = 20 * 1024
	writeWait  = 10 * time.Second
)

// Reasons of a disconnect frame (docs).
const (
	ReasonWarning      = "warning"
	ReasonRefresh      = "refresh_requested"
	ReasonLinkDisabled = "link_disabled"
	ReasonTooMany      = "too_many_websockets"
)

// link is the server's side of Socket Mode.
type link struct {
	tickets  map[string]bool // handed out and not used yet
	conns    []*socket
	turn     int
	disabled bool
	pending  map[string]*Delivery // by envelope id
}

// socket is one connection of the app. Frames are written by several
// goroutines, one at a time.
type socket struct {
	conn    *websocket.Conn
	writing sync.Mutex
	frozen  atomic.Bool // see FreezeSockets

	// Under the server's lock: its age and how far its end has come (rotate.go).
	born    time.Time
	leaveAt time.Time // zero: by Options.SocketLife
	stage   retirement
}

func (k *socket) write(frame any) error {
	if k.frozen.Load() {
		return nil // who sends cannot know that it arrives nowhere
	}
	k.writing.Lock()
	defer k.writing.Unlock()
	return k.conn.WriteJSON(frame)
}

// serveLink takes one WebSocket from greeting to end.
func (s *Server) serveLink(w http.ResponseWriter, r *http.Request) {
	if !s.useTicket(r.URL.Query().Get("ticket")) {
		http.Error(w, "this URL was used before or never given out", http.StatusForbidden)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	k := newSocket(conn)
	defer func() { _ = conn.Close() }() // the other end may have closed it already
	count, refused := s.join(k)
	if refused != "" {
		_ = k.write(s.disconnectFrame(refused)) // a client that is gone needs no reason
		return
	}
	defer s.leave(k)
	if k.write(s.helloFrame(count)) != nil {
		return
	}
	stopPings := s.ping(k)
	defer stopPings()
	s.readAcks(k)
	k.outlive()
}

func (s *Server) useTicket(ticket string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.link.tickets[ticket] {
		return false
	}
	delete(s.link.tickets, ticket)
	return true
}

// join adds the connection, or says why it may not.
func (s *Server) join(k *socket) (count int, refused string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.link.disabled || s.closed:
		return 0, ReasonLinkDisabled
	case len(s.link.conns) >= maxSockets:
		return 0, ReasonTooMany
	}
	k.born = s.opt.Now()
	s.link.conns = append(s.link.conns, k)
	s.state.sockets = len(s.link.conns)
	s.state.connected++
	s.touch()
	return s.state.sockets, ""
}

func (s *Server) leave(k *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.link.conns = slices.DeleteFunc(s.link.conns, func(x *socket) bool { return x == k })
	s.state.sockets = len(s.link.conns)
	s.touch()
}

func (s *Server) helloFrame(count int) object {
	life := s.opt.SocketLife
	if life == 0 {
		life = 5 * time.Hour
	}
	return object{
		"type": "hello", "num_connections": count, "connection_info": object{"app_id": s.opt.Workspace.AppID},
		"debug_info": object{"host": "applink-fakeslack", "approximate_connection_time": int(life.Seconds())},
	}
}

func (s *Server) disconnectFrame(reason string) object {
	return object{"type": "disconnect", "reason": reason, "debug_info": object{"host": "applink-fakeslack"}}
}

// ping keeps the connection alive until the returned function is called.
func (s *Server) ping(k *socket) (stop func()) {
	done := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		ticker := time.NewTicker(s.opt.PingInterval)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case now := <-ticker.C:
				if k.frozen.Load() {
					continue
				}
				if k.conn.WriteControl(websocket.PingMessage, []byte("fakeslack"), now.Add(writeWait)) != nil {
					return
				}
			}
		}
	})
	return func() { close(done); running.Wait() }
}

// readAcks matches what the app sends to what it was sent, until the connection ends.
func (s *Server) readAcks(k *socket) {
	for {
		_, data, err := k.conn.ReadMessage()
		if err != nil {
			return
		}
		if k.frozen.Load() {
			continue
		}
		if len(data) >= maxAckSize {
			s.log.Warn("fakeslack dropped an acknowledgement that is too large", "bytes", len(data))
			continue
		}
		var frame struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(data, &frame) != nil {
			continue
		}
		if d := s.takePending(frame.EnvelopeID); d != nil {
			s.acknowledge(d, Ack{Payload: usable(frame.Payload), Status: http.StatusOK})
		}
	}
}

// usable drops the payloads that say nothing.
func usable(payload json.RawMessage) json.RawMessage {
	switch string(payload) {
	case "null", `""`, "{}":
		return nil
	}
	return payload
}

func (s *Server) takePending(envelope string) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.link.pending[envelope]
	delete(s.link.pending, envelope)
	return d
}

// sendEnvelope sends a delivery over one of the open connections, in turn:
// Slack too may use any of them. One that turns out to be dead is left for
// the next.
func (s *Server) sendEnvelope(d *Delivery) error {
	for {
		k, frame := s.envelope(d)
		if k == nil {
			return ErrNotConnected
		}
		err := k.write(frame)
		if err == nil {
			return nil
		}
		s.log.Debug("fakeslack found a connection dead", "kind", d.Kind, "delivery", d.ID, "error", err)
		s.takePending(d.EnvelopeID)
		s.leave(k)
	}
}

func (s *Server) envelope(d *Delivery) (*socket, object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.link.conns) == 0 {
		return nil, nil
	}
	s.link.turn++
	d.EnvelopeID = s.state.next("envelope-")
	s.link.pending[d.EnvelopeID] = d
	frame := object{
		"type": d.Kind, "envelope_id": d.EnvelopeID, "payload": d.Payload,
		"accepts_response_payload": d.Kind != KindEvent,
	}
	if d.Kind == KindEvent {
		frame["retry_attempt"], frame["retry_reason"] = d.RetryAttempt, strings.TrimPrefix(d.RetryReason, "http_")
	}
	usable := slices.DeleteFunc(slices.Clone(s.link.conns), func(k *socket) bool { return k.frozen.Load() })
	if len(usable) == 0 {
		usable = s.link.conns
	}
	return usable[s.link.turn%len(usable)], frame
}

// Disconnect sends a disconnect frame to every open connection. As in Slack
// the connections stay usable until the app leaves them, except when the
// reason is ReasonLinkDisabled: then they are closed and new ones refused.
func (s *Server) Disconnect(reason string) {
	s.mu.Lock()
	conns := slices.Clone(s.link.conns)
	s.link.disabled = s.link.disabled || reason == ReasonLinkDisabled
	s.mu.Unlock()
	for _, k := range conns {
		_ = k.write(s.disconnectFrame(reason)) // a connection that is gone needs no frame
		if reason == ReasonLinkDisabled {
			_ = k.conn.Close()
		}
	}
}

// EnableSocketMode lets connections in again after ReasonLinkDisabled.
func (s *Server) EnableSocketMode() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.link.disabled = false
}

// CutSockets ends every connection without a word, as a failing network does.
// None of them counts as open from here on, though the goroutine that reads it
// may take a moment to see its end.
func (s *Server) CutSockets() {
	s.mu.Lock()
	conns := s.link.conns
	s.link.conns, s.state.sockets = nil, 0
	s.touch()
	s.mu.Unlock()
	for _, k := range conns {
		_ = k.conn.Close() // cutting it is the point
	}
}
