package fakeslack

import "strings"

func (s *Server) usersInfo(c *call) (object, error) {
	u := s.state.users[c.args["user"]]
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return object{"user": s.wireUser(u)}, nil
}

func (s *Server) usersList(c *call) (object, error) {
	all := make([]object, 0, len(s.state.userOrder))
	for _, id := range s.state.userOrder {
		all = append(all, s.wireUser(s.state.users[id]))
	}
	part, next, err := page(all, c, len(all)+1, 1000)
	if err != nil {
		return nil, err
	}
	return object{"members": part, "response_metadata": nextCursor(next)}, nil
}

// usersLookupByEmail does not find deactivated people (seen).
func (s *Server) usersLookupByEmail(c *call) (object, error) {
	for _, id := range s.state.userOrder {
		u := s.state.users[id]
		if u.Email != "" && strings.EqualFold(u.Email, c.args["email"]) && !u.Deleted {
			return object{"user": s.wireUser(u)}, nil
		}
	}
	return nil, refuse("users_not_found")
}

// wireUser leaves the address out without the scope for it.
func (s *Server) wireUser(u *User) object {
	profile := object{"real_name": u.RealName, "display_name": u.Name}
	if s.scopes["users:read.email"] {
		profile["email"] = u.Email
	}
	return object{
		"id": u.ID, "team_id": u.TeamID, "name": u.Name, "real_name": u.RealName, "deleted": u.Deleted, "tz": u.TZ,
		"is_admin": u.IsAdmin, "is_bot": u.IsBot, "is_restricted": u.IsRestricted,
		"is_ultra_restricted": u.IsUltraRestricted, "is_stranger": u.IsStranger, "profile": profile,
	}
}

func (s *Server) usergroupsList(c *call) (object, error) {
	list := []object{}
	for _, g := range s.state.groups {
		if g.Disabled && !c.args.flag("include_disabled") {
			continue
		}
		row := object{"id": g.ID, "team_id": s.state.team.ID, "handle": g.Handle, "name": g.Name, "user_count": len(g.Members)}
		if c.args.flag("include_users") {
			row["users"] = orEmpty(g.Members)
		}
		list = append(list, row)
	}
	return object{"usergroups": list}, nil
}

func (s *Server) usergroupsUsersList(c *call) (object, error) {
	g := s.state.group(c.args["usergroup"])
	if g == nil || (g.Disabled && !c.args.flag("include_disabled")) {
		return nil, refuse("no_such_subteam")
	}
	return object{"users": orEmpty(g.Members)}, nil
}
