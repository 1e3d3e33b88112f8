package fakeslack

import (
	"context"
	"fmt"
)

// Command is a slash command that a person types.
type Command struct {
	User    string // who types it
	Channel string // where; "" is the direct message with the bot
	Command string // "/ar"
	Text    string // what follows, as it goes to the app
}

// Slash types a command and waits for the acknowledgement. When ctx ends
// first, the delivery is returned with an error.
func (s *Server) Slash(ctx context.Context, c Command, options ...SendOption) (*Delivery, error) {
	d, payload, err := s.slash(c)
	if err != nil {
		return nil, err
	}
	return s.send(ctx, d, payload, options)
}

func (s *Server) slash(c Command) (*Delivery, object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, ch, err := s.actor(c.User, c.Channel)
	if err != nil {
		return nil, nil, err
	}
	d := s.newAct(KindSlash, u, ch, "")
	st := s.state
	return d, object{
		"token": "unused", "team_id": u.TeamID, "team_domain": st.team.Domain, "api_app_id": st.appID,
		"channel_id": ch.ID, "channel_name": commandChannelName(ch), "user_id": u.ID, "user_name": u.Name,
		"command": c.Command, "text": c.Text, "trigger_id": d.TriggerID, "response_url": d.ResponseURL,
		"is_enterprise_install": "false",
	}, nil
}

// commandChannelName: private channels and direct messages are not named (seen).
func commandChannelName(ch *Channel) string {
	switch {
	case ch.IM:
		return "directmessage"
	case ch.Private:
		return "privategroup"
	}
	return ch.Name
}

// Shortcut is a message shortcut (Channel and TS set) or a global one.
type Shortcut struct {
	User       string
	CallbackID string
	Channel    string
	TS         string
}

// Shortcut uses a shortcut and waits for the acknowledgement.
func (s *Server) Shortcut(ctx context.Context, c Shortcut, options ...SendOption) (*Delivery, error) {
	d, payload, err := s.shortcut(c)
	if err != nil {
		return nil, err
	}
	return s.send(ctx, d, payload, options)
}

func (s *Server) shortcut(c Shortcut) (*Delivery, object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, ch, err := s.actor(c.User, c.Channel)
	if err != nil {
		return nil, nil, err
	}
	if c.TS == "" {
		d := &Delivery{Kind: KindInteractive, User: u.ID, TriggerID: s.newTrigger(u.ID, s.opt.Now())}
		payload := s.interaction("shortcut", u, d)
		payload["callback_id"] = c.CallbackID
		return d, payload, nil
	}
	m := s.state.find(ch.ID, c.TS)
	if m == nil {
		return nil, nil, fmt.Errorf("fakeslack: no message %s in %s", c.TS, ch.ID)
	}
	d := s.newAct(KindInteractive, u, ch, m.TS)
	payload := s.interaction("message_action", u, d)
	payload["callback_id"], payload["message_ts"], payload["message"] = c.CallbackID, m.TS, s.state.wire(m, false)
	payload["channel"], payload["response_url"] = object{"id": ch.ID, "name": commandChannelName(ch)}, d.ResponseURL
	return d, payload, nil
}

// newAct gives an act its trigger and its response URL; the caller holds the lock.
func (s *Server) newAct(kind string, u *User, ch *Channel, origin string) *Delivery {
	now := s.opt.Now()
	d := &Delivery{Kind: kind, User: u.ID, Channel: ch.ID, OriginTS: origin, TriggerID: s.newTrigger(u.ID, now)}
	if m := s.state.find(ch.ID, origin); m != nil {
		d.originEph = m.EphemeralTo != ""
	}
	d.ResponseURL = s.newResponseURL(d, now)
	return d
}

// interaction is what all interactive payloads begin with.
func (s *Server) interaction(kind string, u *User, d *Delivery) object {
	st := s.state
	return object{
		"type": kind, "token": "unused", "api_app_id": st.appID, "trigger_id": d.TriggerID, "is_enterprise_install": false,
		"team":      object{"id": st.team.ID, "domain": st.team.Domain},
		"user":      object{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": u.TeamID},
		"action_ts": wireTime(s.opt.Now()),
	}
}

// actor finds who acts and where. Deactivated people cannot act, and nothing
// can be done in an archived channel.
func (s *Server) actor(user, channel string) (*User, *Channel, error) {
	u := s.state.users[user]
	if u == nil || u.Deleted {
		return nil, nil, fmt.Errorf("fakeslack: no active user %q", user)
	}
	if channel == "" {
		return u, s.state.dm(user), nil
	}
	ch := s.state.channels[channel]
	if ch == nil || ch.Archived {
		return nil, nil, fmt.Errorf("fakeslack: no open channel %q", channel)
	}
	if !ch.has(user) {
		return nil, nil, fmt.Errorf("fakeslack: %s is not in %s", user, channel)
	}
	return u, ch, nil
}
