package fakeslack

import (
	"fmt"
	"slices"
)

// PutUser adds a user, or replaces the one with the same id.
func (s *Server) PutUser(u User) { s.change(func(st *State) { st.putUser(u) }) }

// PutChannel adds a channel, or replaces the one with the same id.
func (s *Server) PutChannel(c Channel) { s.change(func(st *State) { st.putChannel(c) }) }

// PutUserGroup adds a user group, or replaces the one with the same id.
func (s *Server) PutUserGroup(g UserGroup) {
	g.Members = slices.Clone(g.Members)
	s.change(func(st *State) {
		if old := st.group(g.ID); old != nil {
			*old = g
			return
		}
		st.groups = append(st.groups, &g)
	})
}

// ChangeUser changes a user in place. It announces user_change.
func (s *Server) ChangeUser(id string, fn func(*User)) error {
	err := s.changeUser(id, fn)
	if err == nil {
		s.announceUser(id)
	}
	return err
}

func (s *Server) changeUser(id string, fn func(*User)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.state.users[id]
	if u == nil {
		return fmt.Errorf("fakeslack: no user %q", id)
	}
	fn(u)
	s.touch()
	return nil
}

// ChangeChannel changes a channel in place.
func (s *Server) ChangeChannel(id string, fn func(*Channel)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.state.channels[id]
	if c == nil {
		return fmt.Errorf("fakeslack: no channel %q", id)
	}
	fn(c)
	s.touch()
	return nil
}

// Deactivate deactivates a user.
func (s *Server) Deactivate(user string) error {
	return s.ChangeUser(user, func(u *User) { u.Deleted = true })
}

// Archive archives a channel. It announces channel_archive or group_archive.
func (s *Server) Archive(channel string) error {
	err := s.ChangeChannel(channel, func(c *Channel) { c.Archived = true })
	if err == nil {
		s.announceArchive(channel)
	}
	return err
}

// Rename gives a channel a new name and remembers the old one. It announces
// channel_rename or group_rename.
func (s *Server) Rename(channel, name string) error {
	err := s.ChangeChannel(channel, func(c *Channel) {
		c.PreviousNames, c.Name = append(c.PreviousNames, c.Name), name
	})
	if err == nil {
		s.announceRename(channel, name)
	}
	return err
}

// ShareExternally shares a channel with another organisation. It announces
// channel_shared.
func (s *Server) ShareExternally(channel, team string) error {
	err := s.ChangeChannel(channel, func(c *Channel) {
		c.ExtShared, c.SharedTeamIDs = true, append(c.SharedTeamIDs, team)
	})
	if err == nil {
		s.announce(channel, Event{Type: "channel_shared", Channel: channel, Fields: object{"connected_team_id": team}})
	}
	return err
}

// Join puts users (or the bot) into a channel. It announces member_joined_channel for
// each who was not there. A single-channel guest who is in another channel is refused.
func (s *Server) Join(channel string, users ...string) error {
	if err := s.mayJoin(channel, users); err != nil {
		return err
	}
	var came []string
	err := s.ChangeChannel(channel, func(c *Channel) {
		for _, u := range users {
			if !c.has(u) {
				c.Members, came = append(c.Members, u), append(came, u)
			}
		}
	})
	s.announceMembers("member_joined_channel", channel, came)
	return err
}

// mayJoin holds single-channel guests to their channel (docs: is_ultra_restricted).
func (s *Server) mayJoin(channel string, users []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range users {
		u := s.state.users[id]
		if u == nil || !u.IsUltraRestricted {
			continue
		}
		for _, other := range s.state.channels {
			if other.ID != channel && !other.IM && other.has(id) {
				return fmt.Errorf("fakeslack: %s is a single-channel guest of %s and cannot join %s", id, other.ID, channel)
			}
		}
	}
	return nil
}

// Leave takes users (or the bot) out of a channel. It announces member_left_channel.
func (s *Server) Leave(channel string, users ...string) error {
	heard := s.inside(channel)
	err := s.ChangeChannel(channel, func(c *Channel) {
		c.Members = slices.DeleteFunc(c.Members, func(m string) bool { return slices.Contains(users, m) })
	})
	if heard {
		s.announceMembers("member_left_channel", channel, users)
	}
	return err
}

// RemoveMessage takes a message away as an administrator would.
func (s *Server) RemoveMessage(channel, ts string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.state.find(channel, ts)
	if m == nil {
		return fmt.Errorf("fakeslack: no message %s in %s", ts, channel)
	}
	m.Deleted = true
	s.touch()
	return nil
}

// SetScopes changes the bot token's granted scopes.
func (s *Server) SetScopes(scopes ...string) { s.change(func(*State) { s.setScopes(scopes) }) }

// RevokeTokens makes both tokens useless, as uninstalling the app does.
func (s *Server) RevokeTokens() {
	s.change(func(*State) {
		for token := range s.tokens {
			s.tokens[token] = revokedToken
		}
	})
}
