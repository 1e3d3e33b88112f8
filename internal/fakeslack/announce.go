package fakeslack

import (
	"context"
	"errors"
	"slices"
)

// announce sends an event of a change, if the app has subscribed to it and can see
// the channel. Nobody waits for it: what happens in a workspace does not wait for apps.
func (s *Server) announce(channel string, events ...Event) {
	if !s.sees(channel) {
		return
	}
	for _, e := range events {
		if !slices.Contains(s.opt.Subscriptions, e.Type) {
			continue
		}
		d, payload := s.event(e)
		if _, err := s.send(s.ctx, d, payload, []SendOption{NoWait()}); err != nil && !errors.Is(err, ErrNotConnected) {
			s.log.Error("fakeslack could not announce a change", "event", e.Type, "error", err)
		}
	}
}

// sees: an app hears of the public channels and of the private ones that it is in.
func (s *Server) sees(channel string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.state.channels[channel]
	return ch == nil || !ch.Private || ch.has(s.state.bot.UserID)
}

// family is how an event's name begins: what happens to a private channel has names
// of its own (docs).
func (s *Server) family(channel string) (prefix, letter string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch := s.state.channels[channel]; ch != nil && ch.Private {
		return "group_", "G"
	}
	return "channel_", "C"
}

// announceMembers tells of people who came or went: member_joined_channel,
// member_left_channel, of channels that the bot is in or was in a moment ago.
func (s *Server) announceMembers(kind, channel string, users []string) {
	_, letter := s.family(channel)
	if kind == "member_joined_channel" && !s.inside(channel) {
		return
	}
	for _, u := range users {
		s.announce(channel, Event{Type: kind, User: u, Channel: channel, Fields: object{"channel_type": letter, "team": s.teamOf(u)}})
	}
}

func (s *Server) inside(channel string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.state.channels[channel]
	return ch != nil && ch.has(s.state.bot.UserID)
}

func (s *Server) teamOf(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.state.users[user]; u != nil {
		return u.TeamID
	}
	return s.state.team.ID
}

// announceRename tells of a new name: channel_rename or group_rename.
func (s *Server) announceRename(channel, name string) {
	prefix, _ := s.family(channel)
	s.announce(channel, Event{Type: prefix + "rename", Fields: object{"channel": object{"id": channel, "name": name, "created": 1}}})
}

// announceArchive tells of an archived channel: channel_archive or group_archive.
func (s *Server) announceArchive(channel string) {
	prefix, _ := s.family(channel)
	s.announce(channel, Event{Type: prefix + "archive", Channel: channel, User: "USLACKBOT"})
}

// announceUser tells of a changed account: user_change.
func (s *Server) announceUser(user string) {
	s.mu.Lock()
	wire := s.wireUser(s.state.users[user])
	s.mu.Unlock()
	s.announce("", Event{Type: "user_change", Fields: object{"user": wire, "cache_ts": s.opt.Now().Unix()}})
}

// Uninstall takes the app out of the workspace: the bot's token is dead at once, and
// the app is told by tokens_revoked and app_uninstalled, of which docs promise no
// order; reversed picks it. The app-level token is not the installation's and stays.
func (s *Server) Uninstall(ctx context.Context, reversed bool, options ...SendOption) ([]*Delivery, error) {
	s.change(func(*State) { s.tokens[s.BotToken()] = revokedToken })
	events := []Event{
		{Type: "tokens_revoked", Fields: object{"tokens": object{"oauth": []string{}, "bot": []string{s.BotUser()}}}},
		{Type: "app_uninstalled"},
	}
	if reversed {
		slices.Reverse(events)
	}
	var sent []*Delivery
	for _, e := range events {
		d, err := s.Event(ctx, e, options...)
		if err != nil {
			return sent, err
		}
		sent = append(sent, d)
	}
	return sent, nil
}
