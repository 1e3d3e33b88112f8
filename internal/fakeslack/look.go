package fakeslack

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Call is one Web API call or one use of a response URL (method
// "response_url"), as it was answered. Tokens are left out.
type Call struct {
	Method string
	Args   map[string]string
	At     time.Time
	Status int             // HTTP status; 0 when the answer was lost on purpose
	Error  string          // "" for ok:true
	Answer json.RawMessage // the body
}

// Messages are a channel's messages in order, with replies, ephemeral ones and
// deleted ones (marked so).
func (st *State) Messages(channel string) []Message {
	out := make([]Message, 0, len(st.messages[channel]))
	for _, m := range st.messages[channel] {
		out = append(out, *m)
	}
	return out
}

// DMs are the messages between the bot and a user.
func (st *State) DMs(user string) []Message {
	for _, c := range st.channels {
		if c.IM && c.IMUser == user {
			return st.Messages(c.ID)
		}
	}
	return nil
}

// Thread are the live replies to a message, in order.
func (st *State) Thread(channel, ts string) []Message {
	var out []Message
	for _, m := range st.messages[channel] {
		if m.ThreadTS == ts && !m.Deleted {
			out = append(out, *m)
		}
	}
	return out
}

// Calls are the calls answered so far; with method names, only theirs.
func (st *State) Calls(methods ...string) []Call {
	if len(methods) == 0 {
		return slices.Clone(st.calls)
	}
	var out []Call
	for _, c := range st.calls {
		if slices.Contains(methods, c.Method) {
			out = append(out, c)
		}
	}
	return out
}

// Deliveries are all things sent to the app so far.
func (st *State) Deliveries() []*Delivery { return slices.Clone(st.deliveries) }

// Sockets is the number of open Socket Mode connections.
func (st *State) Sockets() int { return st.sockets }

// Connections is the number of Socket Mode connections let in since the beginning.
func (st *State) Connections() int { return st.connected }

// Modals are the views that a user has open, the top one last.
func (st *State) Modals(user string) []View {
	var out []View
	for _, id := range st.viewStacks[user] {
		out = append(out, *st.views[id])
	}
	return out
}

// Home is the home tab that the app has published for a user.
func (st *State) Home(user string) (View, bool) {
	v := st.views[st.homes[user]]
	if v == nil {
		return View{}, false
	}
	return *v, true
}

// Files are the files whose upload was completed.
func (st *State) Files() []File {
	var out []File
	for _, f := range st.files {
		if f.Complete && !f.Deleted {
			out = append(out, *f)
		}
	}
	return out
}

// Channel gives a channel as it is now.
func (st *State) Channel(id string) (Channel, bool) {
	c := st.channels[id]
	if c == nil {
		return Channel{}, false
	}
	return c.clone(), true
}

// User gives a user as they are now.
func (st *State) User(id string) (User, bool) {
	u := st.users[id]
	if u == nil {
		return User{}, false
	}
	return *u, true
}

// UserGroup gives a user group as it is now.
func (st *State) UserGroup(id string) (UserGroup, bool) {
	g := st.group(id)
	if g == nil {
		return UserGroup{}, false
	}
	out := *g
	out.Members = slices.Clone(g.Members)
	return out, true
}

// Look runs fn on the state while nothing changes.
func (s *Server) Look(fn func(*State)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fn(s.state)
}

func look[T any](s *Server, fn func(*State) T) T {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fn(s.state)
}

// Messages: see State.Messages.
func (s *Server) Messages(channel string) []Message {
	return look(s, func(st *State) []Message { return st.Messages(channel) })
}

// DMs: see State.DMs.
func (s *Server) DMs(user string) []Message {
	return look(s, func(st *State) []Message { return st.DMs(user) })
}

// Thread: see State.Thread.
func (s *Server) Thread(channel, ts string) []Message {
	return look(s, func(st *State) []Message { return st.Thread(channel, ts) })
}

// Calls: see State.Calls.
func (s *Server) Calls(methods ...string) []Call {
	return look(s, func(st *State) []Call { return st.Calls(methods...) })
}

// Modals: see State.Modals.
func (s *Server) Modals(user string) []View {
	return look(s, func(st *State) []View { return st.Modals(user) })
}

// Home: see State.Home.
func (s *Server) Home(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.Home(user)
}

// Files: see State.Files.
func (s *Server) Files() []File { return look(s, (*State).Files) }

// Await returns when the condition holds; it is asked anew after each change
// of the workspace. It ends with an error when ctx does, which names the last
// calls so that a failed test says what did happen. The condition must not
// call the Server's methods.
func (s *Server) Await(ctx context.Context, condition func(*State) bool) error {
	for {
		s.mu.Lock()
		met, changed := condition(s.state), s.changed
		s.mu.Unlock()
		if met {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("fakeslack: await: %w; %s", ctx.Err(), look(s, (*State).recent))
		}
	}
}

// AwaitApp returns when the app can be reached: it has a socket open, or a
// request URL for commands.
func (s *Server) AwaitApp(ctx context.Context) error {
	s.mu.Lock()
	overHTTP := s.endpoints.Commands != ""
	s.mu.Unlock()
	return s.Await(ctx, func(st *State) bool { return overHTTP || st.Sockets() > 0 })
}

// recent sums up the last calls in one line.
func (st *State) recent() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%d calls, %d deliveries, %d sockets", len(st.calls), len(st.deliveries), st.sockets)
	for _, c := range st.calls[max(0, len(st.calls)-5):] {
		verdict := "ok"
		if c.Error != "" {
			verdict = c.Error
		}
		fmt.Fprintf(&out, "; %s: %s", c.Method, verdict)
	}
	return out.String()
}
