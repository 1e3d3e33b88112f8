package fakeslack

import (
	"io"

	"github.com/gorilla/websocket"
)

// FreezeSockets makes the connections that are open now half-open, as a network does
// that loses the way: the server neither sends nor answers anything any more, not even
// pings, yet the connections are not closed. What is sent to the app while it has no
// other connection is lost; Slack does not know better either. A frozen connection ends
// when the app gives it up, or by CutSockets.
func (s *Server) FreezeSockets() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.link.conns {
		k.frozen.Store(true)
	}
	s.touch()
}

// newSocket answers pings and closing frames as usual until it is frozen.
func newSocket(conn *websocket.Conn) *socket {
	k := &socket{conn: conn}
	pong, farewell := conn.PingHandler(), conn.CloseHandler()
	conn.SetPingHandler(func(data string) error {
		if k.frozen.Load() {
			return nil
		}
		return pong(data)
	})
	conn.SetCloseHandler(func(code int, text string) error {
		if k.frozen.Load() {
			return nil
		}
		return farewell(code, text)
	})
	return k
}

// outlive keeps a frozen connection from being closed by this side: it reads and
// forgets until the other side gives up.
func (k *socket) outlive() {
	if k.frozen.Load() {
		_, _ = io.Copy(io.Discard, k.conn.NetConn()) // how it ends does not matter
	}
}
