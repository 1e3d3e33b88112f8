package bot_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// line is Slack's end of Socket Mode and of the few calls that go with it, all in
// memory, so that years of it pass in seconds within a synctest bubble. What a
// person did has a number, which the answer has to hold: "re 17.".
type line struct {
	ping time.Duration // between pings

	mu      sync.Mutex
	random  *rand.Rand
	tickets int
	conns   []*wire
	turn    int
	opened  []time.Time
	dialed  []string  // the queries of the connections
	storm   time.Time // until then connections are closed as soon as they are made
	refuse  time.Time // until then apps.connections.open fails
	waiting map[string]pending
	asked   map[int]*question
	running sync.WaitGroup
}

// question is what a person did.
type question struct {
	event   bool // redelivered until it is acknowledged; a command is delivered once
	acked   bool
	answers int
	// astray: the connection that took it led nowhere.
	astray bool
}

// pending is an envelope that is to be acknowledged, by the connection that took it.
type pending struct {
	wire *wire
	done chan struct{}
}

// wire is one connection.
type wire struct {
	ws      *websocket.Conn
	raw     net.Conn
	query   string
	writing sync.Mutex
	gone    chan struct{} // closed when the reader has ended
	frozen  bool          // under the line's lock
}

func newLine(seed uint64, ping time.Duration) *line {
	return &line{ping: ping, random: rand.New(rand.NewPCG(seed, 1)), waiting: map[string]pending{}, asked: map[int]*question{}}
}

// dialer connects to the line.
func (l *line) dialer() *websocket.Dialer {
	return &websocket.Dialer{HandshakeTimeout: 10 * time.Second, NetDialContext: func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		l.running.Go(func() { l.serve(far) })
		return near, nil
	}}
}

// hijacked gives a pipe to the upgrader.
type hijacked struct {
	header http.Header
	conn   net.Conn
	buf    *bufio.ReadWriter
}

func (h *hijacked) Header() http.Header                          { return h.header }
func (h *hijacked) WriteHeader(int)                              {}
func (h *hijacked) Write(b []byte) (int, error)                  { return h.conn.Write(b) }
func (h *hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) { return h.conn, h.buf, nil }

// serve takes one connection from greeting to end.
func (l *line) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	buf := bufio.NewReadWriter(bufio.NewReader(conn), bufio.NewWriter(conn))
	r, err := http.ReadRequest(buf.Reader)
	if err != nil {
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := upgrader.Upgrade(&hijacked{header: http.Header{}, conn: conn, buf: buf}, r, nil)
	if err != nil {
		return
	}
	w := &wire{ws: ws, raw: conn, query: r.URL.RawQuery, gone: make(chan struct{})}
	defer close(w.gone)
	if reason := l.join(w); reason != "" {
		_ = w.write(frame{"type": "disconnect", "reason": reason}) // a client that is gone needs no reason
		return
	}
	defer l.leave(w)
	if w.write(frame{"type": "hello", "num_connections": 1}) != nil {
		return
	}
	l.running.Go(func() { l.pings(w) })
	l.read(w)
}

type frame = map[string]any

func (w *wire) write(f frame) error {
	w.writing.Lock()
	defer w.writing.Unlock()
	_ = w.ws.SetWriteDeadline(time.Now().Add(10 * time.Second)) // a deadline of a pipe cannot fail
	return w.ws.WriteJSON(f)
}

func (l *line) join(w *wire) (refused string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if time.Now().Before(l.storm) {
		return []string{"too_many_websockets", "link_disabled"}[l.random.IntN(2)]
	}
	l.conns, l.dialed = append(l.conns, w), append(l.dialed, w.query)
	return ""
}

func (l *line) leave(w *wire) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, c := range l.conns {
		if c == w {
			l.conns = append(l.conns[:i], l.conns[i+1:]...)
			return
		}
	}
}

func (l *line) isFrozen(w *wire) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return w.frozen
}

func (l *line) pings(w *wire) {
	tick := time.NewTicker(l.ping)
	defer tick.Stop()
	for {
		select {
		case <-w.gone:
			return
		case <-tick.C:
		}
		if l.isFrozen(w) {
			return
		}
		if w.ws.WriteControl(websocket.PingMessage, []byte("Ping"), time.Now().Add(10*time.Second)) != nil {
			return
		}
	}
}

// read takes acknowledgements. What comes by a frozen connection arrives nowhere.
func (l *line) read(w *wire) {
	for {
		var ack struct {
			Envelope string          `json:"envelope_id"`
			Payload  json.RawMessage `json:"payload"`
		}
		if err := w.ws.ReadJSON(&ack); err != nil {
			return
		}
		l.mu.Lock()
		if p, ok := l.waiting[ack.Envelope]; ok && p.wire == w && !w.frozen {
			delete(l.waiting, ack.Envelope)
			close(p.done)
			l.answered(string(ack.Payload))
		}
		l.mu.Unlock()
	}
}

var answerTo = regexp.MustCompile(`re (\d+)\.`)

// answered counts an answer; the caller holds the lock.
func (l *line) answered(text string) {
	var no int
	if m := answerTo.FindStringSubmatch(text); m != nil {
		if _, err := fmt.Sscan(m[1], &no); err == nil && l.asked[no] != nil {
			l.asked[no].answers++
		}
	}
}

// deliver sends an envelope to one of the connections and waits up to 3 s for its
// acknowledgement. It is astray where the connection leads nowhere.
func (l *line) deliver(f frame) (acked, astray bool) {
	l.mu.Lock()
	if len(l.conns) == 0 {
		l.mu.Unlock()
		return false, true
	}
	l.turn++
	w := l.conns[l.turn%len(l.conns)]
	envelope := fmt.Sprintf("E%d", l.turn)
	f["envelope_id"] = envelope
	done := make(chan struct{})
	l.waiting[envelope] = pending{wire: w, done: done}
	frozen := w.frozen
	l.mu.Unlock()
	if !frozen && w.write(f) != nil {
		return false, true
	}
	late := time.NewTimer(3 * time.Second)
	defer late.Stop()
	select {
	case <-done:
		return true, false
	case <-late.C:
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.waiting, envelope)
		return false, w.frozen
	}
}

// command is a slash command: it is sent once, and a person whose command is not
// acknowledged is told that it failed.
func (l *line) command(no int) {
	q := l.ask(no, false)
	acked, astray := l.deliver(frame{"type": "slash_commands", "accepts_response_payload": true, "payload": frame{
		"command": "/ar", "text": fmt.Sprintf("ask %d", no), "user_id": ana, "team_id": "T0ACME", "channel_id": arChannel, "channel_name": "ar",
		"trigger_id": fmt.Sprintf("T%d", no), "response_url": fmt.Sprintf("https://hooks.slack.example/r/%d", no),
	}})
	l.mu.Lock()
	defer l.mu.Unlock()
	q.acked, q.astray = acked, astray
}

// mention is an event: it is sent again until it is acknowledged, as Slack does,
// and some that were are sent once more.
func (l *line) mention(no int) {
	q := l.ask(no, true)
	waits := []time.Duration{0, time.Minute, 5 * time.Minute}
	for try := 0; ; try++ {
		f := frame{"type": "events_api", "retry_attempt": try, "retry_reason": "timeout", "payload": frame{
			"type": "event_callback", "team_id": "T0ACME", "event_id": fmt.Sprintf("Ev%d", no), "event": frame{
				"type": "app_mention", "user": ana, "text": fmt.Sprintf("<@U0ARBOT> ask %d", no), "channel": arChannel,
				"ts": fmt.Sprintf("%d.000100", no+1), "event_ts": fmt.Sprintf("%d.000100", no+1),
			},
		}}
		if acked, _ := l.deliver(f); acked {
			l.mu.Lock()
			again := l.random.IntN(4) == 0
			delay := time.Duration(l.random.Int64N(int64(2 * time.Hour)))
			first := !q.acked
			q.acked = true
			l.mu.Unlock()
			if !first || !again {
				return
			}
			time.Sleep(delay) // late, and out of order with what came since
			continue
		}
		wait := time.Hour
		if try < len(waits) {
			wait = waits[try]
		}
		time.Sleep(wait)
	}
}

func (l *line) ask(no int, event bool) *question {
	l.mu.Lock()
	defer l.mu.Unlock()
	q := &question{event: event}
	l.asked[no] = q
	return q
}

// RoundTrip answers the Web API and response URLs.
func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch method := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]; {
	case strings.HasPrefix(r.URL.Path, "/r/"):
		l.answered(string(body))
		return respond(200, nil, frame{"ok": true}), nil
	case method == "apps.connections.open":
		return l.open()
	case method == "users.info":
		return respond(200, nil, frame{"ok": true, "user": frame{"id": ana, "team_id": "T0ACME", "profile": frame{"email": "ana@acme.example"}}}), nil
	case method == "conversations.info":
		return respond(200, nil, frame{"ok": true, "channel": frame{"id": arChannel, "is_member": true}}), nil
	case method == "chat.postEphemeral", method == "chat.postMessage":
		l.answered(strings.ReplaceAll(string(body), "+", " "))
		return respond(200, nil, frame{"ok": true, "channel": arChannel, "ts": "1.2", "message_ts": "1.2"}), nil
	}
	return respond(200, nil, frame{"ok": false, "error": "unknown_method"}), nil
}

func (l *line) open() (*http.Response, error) {
	l.opened = append(l.opened, time.Now())
	if time.Now().Before(l.refuse) {
		switch l.random.IntN(3) {
		case 0:
			return respond(503, nil, frame{}), nil
		case 1:
			return respond(429, http.Header{"Retry-After": {"7"}}, frame{"ok": false, "error": "ratelimited"}), nil
		}
		return nil, errors.New("no route to host")
	}
	l.tickets++
	return respond(200, nil, frame{"ok": true, "url": fmt.Sprintf("ws://slack.example/link?ticket=%d", l.tickets)}), nil
}

// trouble does one of the things that befall connections.
func (l *line) trouble() {
	l.mu.Lock()
	defer l.mu.Unlock()
	var hit []*wire
	for _, w := range l.conns {
		if l.random.IntN(3) > 0 {
			hit = append(hit, w)
		}
	}
	switch kind := l.random.IntN(20); {
	case kind < 8:
		for _, w := range hit {
			l.running.Go(func() { w.refresh() })
		}
	case kind < 13:
		for _, w := range hit {
			_ = w.raw.Close() // cutting it is the point
		}
	case kind < 17:
		for _, w := range hit {
			w.frozen = true
		}
	case kind < 19:
		l.storm = time.Now().Add(time.Duration(l.random.Int64N(int64(30 * time.Minute))))
		for _, w := range hit {
			_ = w.raw.Close() // cutting it is the point
		}
	default:
		l.refuse = time.Now().Add(time.Duration(l.random.Int64N(int64(30 * time.Minute))))
		for _, w := range hit {
			_ = w.raw.Close() // cutting it is the point
		}
	}
}

// refresh retires a connection as Slack does.
func (w *wire) refresh() {
	for _, reason := range []string{"warning", "refresh_requested"} {
		if w.write(frame{"type": "disconnect", "reason": reason}) != nil {
			return
		}
		leave := time.NewTimer(10 * time.Second)
		select {
		case <-w.gone:
			leave.Stop()
			return
		case <-leave.C:
		}
	}
	_ = w.raw.Close() // that is the end of it
}

// calm ends all trouble.
func (l *line) calm() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.storm, l.refuse = time.Time{}, time.Time{}
}
