package fakeslack

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// State is what the workspace remembers. Await hands it to its condition while
// nothing else can change; its methods give copies.
type State struct {
	team       Team
	appID      string
	bot        Bot
	users      map[string]*User
	userOrder  []string
	channels   map[string]*Channel
	chanOrder  []string
	groups     []*UserGroup
	messages   map[string][]*Message
	lastTS     int64 // microseconds of the newest time stamp given out
	views      map[string]*View
	viewStacks map[string][]string // user id -> ids of open modals, the top one last
	homes      map[string]string   // user id -> view id
	files      []*File
	calls      []Call
	deliveries []*Delivery
	sockets    int
	connected  int // sockets let in so far
	picks      picks
	shared     map[string]*shared // by unfurl id
	counters   map[string]int
}

func newState(w Workspace) *State {
	st := &State{
		team: w.Team, appID: w.AppID, bot: w.Bot,
		users: map[string]*User{}, channels: map[string]*Channel{}, messages: map[string][]*Message{},
		views: map[string]*View{}, viewStacks: map[string][]string{}, homes: map[string]string{},
		picks: picks{}, shared: map[string]*shared{}, counters: map[string]int{},
	}
	st.putUser(User{ID: w.Bot.UserID, Name: w.Bot.Name, RealName: w.Bot.Name, IsBot: true})
	for _, u := range w.Users {
		st.putUser(u)
	}
	for _, c := range w.Channels {
		st.putChannel(c)
	}
	for _, g := range w.UserGroups {
		g.Members = slices.Clone(g.Members)
		st.groups = append(st.groups, &g)
	}
	return st
}

func (st *State) putUser(u User) {
	fill(&u.TeamID, st.team.ID)
	fill(&u.Name, strings.ToLower(u.ID))
	fill(&u.RealName, u.Name)
	if _, known := st.users[u.ID]; !known {
		st.userOrder = append(st.userOrder, u.ID)
	}
	st.users[u.ID] = &u
}

func (st *State) putChannel(c Channel) {
	c = c.clone()
	if _, known := st.channels[c.ID]; !known {
		st.chanOrder = append(st.chanOrder, c.ID)
	}
	st.channels[c.ID] = &c
}

// next gives the next id of a kind: counted, so that runs repeat.
func (st *State) next(prefix string) string {
	st.counters[prefix]++
	return fmt.Sprintf("%s%06d", prefix, st.counters[prefix])
}

// stamp gives a message time stamp: seconds and microseconds, larger than any
// given before, since a ts names its message within the channel.
func (st *State) stamp(now time.Time) string {
	st.lastTS = max(now.UnixMicro(), st.lastTS+1)
	return fmt.Sprintf("%d.%06d", st.lastTS/1e6, st.lastTS%1e6)
}

// dm is the direct message channel with a user, opened on first use.
func (st *State) dm(user string) *Channel {
	for _, id := range st.chanOrder {
		if c := st.channels[id]; c.IM && c.IMUser == user {
			return c
		}
	}
	id := "D" + strings.TrimLeft(user, "UW")
	st.putChannel(Channel{ID: id, IM: true, Private: true, IMUser: user, Members: []string{user, st.bot.UserID}})
	return st.channels[id]
}

// find gives a live message of a channel, an ephemeral one too.
func (st *State) find(channel, ts string) *Message {
	for _, m := range st.messages[channel] {
		if m.TS == ts && !m.Deleted {
			return m
		}
	}
	return nil
}

func (st *State) add(m *Message, now time.Time) *Message {
	m.TS = st.stamp(now)
	m.At = now
	st.messages[m.Channel] = append(st.messages[m.Channel], m)
	return m
}

func (st *State) group(id string) *UserGroup {
	for _, g := range st.groups {
		if g.ID == id {
			return g
		}
	}
	return nil
}
