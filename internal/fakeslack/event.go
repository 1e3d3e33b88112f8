package fakeslack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
)

// Event is something of the Events API. Fields are put into the inner event as
// they are; User and Channel are put in when set.
type Event struct {
	Type    string // "app_mention", "app_home_opened", "channel_archive", ...
	User    string
	Channel string
	Fields  map[string]any
}

// Event sends an event and waits for the acknowledgement.
func (s *Server) Event(ctx context.Context, e Event, options ...SendOption) (*Delivery, error) {
	d, payload := s.event(e)
	return s.send(ctx, d, payload, options)
}

func (s *Server) event(e Event) (*Delivery, object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, now := s.state, s.opt.Now()
	inner := object{"type": e.Type, "event_ts": wireTime(now)}
	maps.Copy(inner, e.Fields)
	if e.User != "" {
		inner["user"] = e.User
	}
	if e.Channel != "" {
		inner["channel"] = e.Channel
	}
	ch := st.channels[e.Channel]
	d := &Delivery{Kind: KindEvent, User: e.User, Channel: e.Channel, EventID: st.next("Ev")}
	return d, object{
		"token": "unused", "team_id": st.team.ID, "api_app_id": st.appID, "type": "event_callback", "event": inner,
		"event_id": d.EventID, "event_time": now.Unix(), "event_context": "context-" + d.EventID,
		"is_ext_shared_channel": ch != nil && ch.ExtShared,
		"authorizations": []object{{
			"enterprise_id": nil, "team_id": st.team.ID, "user_id": st.bot.UserID, "is_bot": true, "is_enterprise_install": false,
		}},
	}
}

// Words are what a person writes into a channel or to the bot.
type Words struct {
	User     string
	Channel  string // "" is the direct message with the bot
	ThreadTS string
	Text     string
	// Files are shared with the message; their ids are given by the server.
	Files []File
}

// Say writes a message as a person. The app hears of it when it is a direct
// message to the bot (message, channel_type im) or mentions the bot in a
// channel that it is in (app_mention), and of the addresses of its domains
// (link_shared). The Delivery is that of the first of these; nil where it hears of none.
func (s *Server) Say(ctx context.Context, w Words, options ...SendOption) (Message, *Delivery, error) {
	m, events, err := s.say(w)
	var first *Delivery
	for _, e := range events {
		d, sent := s.Event(ctx, e, options...)
		err = errors.Join(err, sent)
		if first == nil {
			first = d
		}
	}
	return m, first, err
}

func (s *Server) say(w Words) (Message, []Event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, ch, err := s.actor(w.User, w.Channel)
	if err != nil {
		return Message{}, nil, err
	}
	if w.ThreadTS != "" && !s.canReply(ch.ID, w.ThreadTS) {
		return Message{}, nil, fmt.Errorf("fakeslack: no message %s to reply to in %s", w.ThreadTS, ch.ID)
	}
	files := s.shared(ch.ID, w.Files)
	m := s.state.add(&Message{Channel: ch.ID, User: u.ID, Text: w.Text, ThreadTS: w.ThreadTS, Via: "user", Files: files}, s.opt.Now())
	s.touch()
	e := Event{User: u.ID, Channel: ch.ID, Fields: object{"text": w.Text, "ts": m.TS, "team": u.TeamID}}
	if u.TeamID != s.state.team.ID { // written in another organisation, seen here through a shared channel
		e.Fields["user_team"], e.Fields["source_team"] = u.TeamID, u.TeamID
	}
	if len(files) > 0 {
		e.Fields["subtype"], e.Fields["files"] = "file_share", s.state.wireFiles(files)
	}
	if w.ThreadTS != "" {
		e.Fields["thread_ts"] = w.ThreadTS
	}
	var events []Event
	switch {
	case ch.IM:
		e.Type, e.Fields["channel_type"] = "message", "im"
		events = append(events, e)
	case ch.has(s.state.bot.UserID) && strings.Contains(w.Text, "<@"+s.state.bot.UserID):
		e.Type = "app_mention"
		events = append(events, e)
	}
	if _, links, ok := s.linkShared(u, ch, sourceMessage, m.TS, w.Text); ok {
		events = append(events, links)
	}
	return *m, events, nil
}

// OpenHome opens the app's home tab: app_home_opened with the published view,
// if there is one.
func (s *Server) OpenHome(ctx context.Context, user string, options ...SendOption) (*Delivery, error) {
	return s.Event(ctx, s.homeOpened(user), options...)
}

func (s *Server) homeOpened(user string) Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := Event{Type: "app_home_opened", User: user, Channel: s.state.dm(user).ID, Fields: object{"tab": "home"}}
	if v := s.state.views[s.state.homes[user]]; v != nil {
		e.Fields["view"] = s.wireView(v)
	}
	return e
}
