package fakeqbo

import (
	"bytes"
	"context"
	"maps"
	"net"
	"net/http"
	"strconv"
	"time"
)

// heldAnswer is what a call has answered, kept from the client.
type heldAnswer struct {
	head   http.Header
	status int
	body   bytes.Buffer
}

func (a *heldAnswer) Header() http.Header { return a.head }

func (a *heldAnswer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *heldAnswer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

func (a *heldAnswer) send(w http.ResponseWriter) {
	a.WriteHeader(http.StatusOK)
	maps.Copy(w.Header(), a.head)
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body.Bytes()) // a client that has gone has no one left to tell
}

// sendHalf promises the whole answer, sends half of it and cuts the connection.
func (a *heldAnswer) sendHalf(w http.ResponseWriter) {
	a.WriteHeader(http.StatusOK)
	maps.Copy(w.Header(), a.head)
	w.Header().Set("Content-Length", strconv.Itoa(a.body.Len()))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body.Bytes()[:a.body.Len()/2]) // it is to fail at the client
	_ = http.NewResponseController(w).Flush()       // nor can this be told to anybody
	panic(http.ErrAbortHandler)
}

// resetConnection ends the connection without an answer, and not in order.
func resetConnection(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2 has no connection to take; the stream ends
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // without it the end is an orderly one, which will do
	}
	_ = conn.Close() // ending it is the point
}

// waitOut does the waiting of a fault on a call that came at a time. False means that
// the client has gone.
func (s *Server) waitOut(ctx context.Context, f *Fault, came time.Time) bool {
	if f.Hang {
		<-ctx.Done()
		return false
	}
	if f.Hold != nil {
		select {
		case <-f.Hold:
		case <-ctx.Done():
			return false
		}
	}
	return f.Delay == 0 || s.waitUntil(ctx, came.Add(f.Delay))
}

// waitUntil waits for the clock, which Tick makes it look at.
func (s *Server) waitUntil(ctx context.Context, due time.Time) bool {
	for {
		s.mu.Lock()
		moved := s.changed
		s.mu.Unlock()
		if !s.opt.Now().Before(due) {
			return true
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return false
		}
	}
}
