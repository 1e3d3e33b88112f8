package fakeslack

import (
	"slices"
	"strings"
)

// channel finds a conversation that the bot can see: any public one, and the
// private ones that it is in.
func (s *Server) channel(id string) (*Channel, error) {
	ch := s.state.channels[id]
	if ch == nil || (ch.Private && !ch.has(s.state.bot.UserID)) {
		return nil, refuse("channel_not_found")
	}
	return ch, nil
}

// readable finds a conversation and checks the scope for its kind.
func (s *Server) readable(id, right string) (*Channel, error) {
	ch, err := s.channel(id)
	if err != nil {
		return nil, err
	}
	return ch, s.needScope(ch.kind() + ":" + right)
}

func (s *Server) conversationsInfo(c *call) (object, error) {
	ch, err := s.readable(c.args["channel"], "read")
	if err != nil {
		return nil, err
	}
	out := s.state.wireChannel(ch)
	if c.args.flag("include_num_members") {
		out["num_members"] = len(ch.Members)
	}
	return object{"channel": out}, nil
}

func (st *State) wireChannel(ch *Channel) object {
	out := object{
		"id": ch.ID, "name": ch.Name, "name_normalized": ch.Name, "created": 1, "creator": st.bot.UserID,
		"is_channel": !ch.Private, "is_group": ch.Private && !ch.IM, "is_im": ch.IM, "is_mpim": false,
		"is_private": ch.Private, "is_archived": ch.Archived, "is_general": false,
		"is_shared": ch.ExtShared, "is_ext_shared": ch.ExtShared, "is_org_shared": false,
		"is_pending_ext_shared": ch.PendingShared, "is_member": ch.has(st.bot.UserID),
		"shared_team_ids": append([]string{st.team.ID}, ch.SharedTeamIDs...), "previous_names": ch.PreviousNames,
		"topic": object{"value": ""}, "purpose": object{"value": ""},
	}
	if ch.IM {
		u := st.users[ch.IMUser]
		out["user"], out["is_user_deleted"] = ch.IMUser, u != nil && u.Deleted
	}
	return out
}

// listTypes maps the "types" argument to the scope's family.
var listTypes = map[string]string{"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}

func (s *Server) conversationsList(c *call) (object, error) {
	types := c.args.list("types")
	if len(types) == 0 {
		types = []string{"public_channel"}
	}
	kinds := map[string]bool{}
	for _, t := range types {
		kind, known := listTypes[t]
		if !known {
			return nil, refuse("invalid_types")
		}
		if err := s.needScope(kind + ":read"); err != nil {
			return nil, err
		}
		kinds[kind] = true
	}
	var all []object
	for _, id := range s.state.chanOrder {
		ch, err := s.channel(id)
		if err != nil || !kinds[ch.kind()] || (ch.Archived && c.args.flag("exclude_archived")) {
			continue
		}
		all = append(all, s.state.wireChannel(ch))
	}
	part, next, err := page(all, c, 100, 999)
	if err != nil {
		return nil, err
	}
	return object{"channels": orEmpty(part), "response_metadata": nextCursor(next)}, nil
}

func (s *Server) conversationsMembers(c *call) (object, error) {
	ch, err := s.readable(c.args["channel"], "read")
	if err != nil {
		return nil, err
	}
	part, next, err := page(ch.Members, c, 100, 999)
	if err != nil {
		return nil, err
	}
	return object{"members": orEmpty(part), "response_metadata": nextCursor(next)}, nil
}

// conversationsOpen opens a direct message with one person.
func (s *Server) conversationsOpen(c *call) (object, error) {
	users := c.args.list("users")
	switch {
	case len(users) == 0 && c.args["channel"] != "":
		ch, err := s.channel(c.args["channel"])
		if err != nil {
			return nil, err
		}
		return object{"channel": object{"id": ch.ID}, "already_open": true}, nil
	case len(users) == 0:
		return nil, refuse("users_list_not_supplied")
	case len(users) > 1:
		return nil, refuse("too_many_users", "fakeslack opens direct messages with one person only")
	}
	u := s.state.users[users[0]]
	if u == nil {
		return nil, refuse("user_not_found")
	}
	if u.Deleted {
		return nil, refuse("user_disabled")
	}
	ch := s.state.dm(u.ID)
	if c.args.flag("return_im") {
		return object{"channel": s.state.wireChannel(ch)}, nil
	}
	return object{"channel": object{"id": ch.ID}}, nil
}

// conversationsHistory gives the newest messages first, without replies
// except those that were broadcast.
func (s *Server) conversationsHistory(c *call) (object, error) {
	ch, err := s.history(c)
	if err != nil {
		return nil, err
	}
	var found []*Message
	for _, m := range s.state.messages[ch.ID] {
		if m.visible() && (m.ThreadTS == "" || m.Broadcast) && within(m.TS, c.args) {
			found = append(found, m)
		}
	}
	slices.Reverse(found)
	return s.wirePage(found, c)
}

// conversationsReplies gives a parent and its replies, the oldest first.
func (s *Server) conversationsReplies(c *call) (object, error) {
	ch, err := s.history(c)
	if err != nil {
		return nil, err
	}
	ts := c.args["ts"]
	if s.state.find(ch.ID, ts) == nil {
		return nil, refuse("thread_not_found")
	}
	var found []*Message
	for _, m := range s.state.messages[ch.ID] {
		if m.visible() && (m.TS == ts || (m.ThreadTS == ts && within(m.TS, c.args))) {
			found = append(found, m)
		}
	}
	return s.wirePage(found, c)
}

func (s *Server) history(c *call) (*Channel, error) {
	ch, err := s.readable(c.args["channel"], "history")
	if err != nil {
		return nil, err
	}
	if !ch.has(s.state.bot.UserID) {
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

// within compares time stamps as text: they all have the same width.
func within(ts string, a args) bool {
	edge := a.flag("inclusive")
	if oldest := a["oldest"]; oldest != "" && oldest != "0" && (ts < oldest || (ts == oldest && !edge)) {
		return false
	}
	latest := a["latest"]
	return latest == "" || latest == "now" || ts < latest || (ts == latest && edge)
}

func (s *Server) wirePage(found []*Message, c *call) (object, error) {
	part, next, err := page(found, c, 100, 999)
	if err != nil {
		return nil, err
	}
	list := make([]object, 0, len(part))
	for _, m := range part {
		list = append(list, s.state.wire(m, c.args.flag("include_all_metadata")))
	}
	return object{"messages": list, "has_more": next != "", "response_metadata": nextCursor(next)}, nil
}

// orEmpty makes an empty JSON list of a nil one.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// isUserID tells a user id from a channel id by its first letter.
func isUserID(id string) bool { return strings.HasPrefix(id, "U") || strings.HasPrefix(id, "W") }
