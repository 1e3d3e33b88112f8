package fakeslack

// Users are all people and bots of the workspace, in the order in which they came.
func (st *State) Users() []User {
	out := make([]User, 0, len(st.userOrder))
	for _, id := range st.userOrder {
		out = append(out, *st.users[id])
	}
	return out
}

// Channels are all conversations, direct messages among them, in the order in which
// they came.
func (st *State) Channels() []Channel {
	out := make([]Channel, 0, len(st.chanOrder))
	for _, id := range st.chanOrder {
		out = append(out, *st.channels[id])
	}
	return out
}

// Team is the workspace's own entry.
func (st *State) Team() Team { return st.team }

// Bot describes the app's bot.
func (st *State) Bot() Bot { return st.bot }
