package fakeslack

func (s *Server) authTest(*call) (object, error) {
	st := s.state
	return object{
		"url": "https://" + st.team.Domain + ".slack.com/", "team": st.team.Name, "team_id": st.team.ID,
		"user": st.bot.Name, "user_id": st.bot.UserID, "bot_id": st.bot.BotID, "is_enterprise_install": false,
	}, nil
}

// connectionsOpen gives a socket URL that works once.
func (s *Server) connectionsOpen(*call) (object, error) {
	ticket := s.state.next("ticket-")
	s.link.tickets[ticket] = true
	return object{"url": s.socketOrigin() + "/link?ticket=" + ticket + "&app_id=" + s.state.appID}, nil
}
