package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"arbot/internal/fakeslack"
)

// patience is how long a request waits for something new before it is asked again.
const patience = 20 * time.Second

// view is what one person sees.
type view struct {
	Rev       string              `json:"rev"`
	Team      string              `json:"team"`
	Today     string              `json:"today"`
	CanWait   bool                `json:"canWait"`
	Me        string              `json:"me"`
	Bot       string              `json:"bot"`
	People    []person            `json:"people"`
	Users     map[string]user     `json:"users"`
	Channels  []channel           `json:"channels"`
	Open      string              `json:"open"`
	Messages  []message           `json:"messages"`
	Modals    []modal             `json:"modals"`
	Home      *modal              `json:"home"`
	Commands  []Command           `json:"commands"`
	Shortcuts []Shortcut          `json:"shortcuts"`
	Files     map[string]fileView `json:"files"`
}

type person struct {
	ID     string `json:"id"`
	Role   string `json:"role"`
	Unread int    `json:"unread"`
}

type user struct {
	Name string `json:"name"`
	Bot  bool   `json:"bot"`
}

type channel struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Private  bool   `json:"private"`
	Direct   bool   `json:"direct"`
	Shared   bool   `json:"shared"`
	Archived bool   `json:"archived"`
	Members  int    `json:"members"`
	Unread   int    `json:"unread"`
}

type message struct {
	TS        string          `json:"ts"`
	Thread    string          `json:"thread"`
	User      string          `json:"user"`
	Text      string          `json:"text"`
	Blocks    json.RawMessage `json:"blocks"`
	Only      bool            `json:"only"`
	Edited    bool            `json:"edited"`
	Broadcast bool            `json:"broadcast"`
	Files     []string        `json:"files"`
	Day       string          `json:"day"`
	Time      string          `json:"time"`
}

type modal struct {
	ID     string            `json:"id"`
	Title  string            `json:"title"`
	Submit string            `json:"submit"`
	Close  string            `json:"close"`
	Hash   string            `json:"hash"`
	Blocks json.RawMessage   `json:"blocks"`
	Errors map[string]string `json:"errors"`
}

type fileView struct {
	Title   string `json:"title"`
	Name    string `json:"name"`
	Alt     string `json:"alt"`
	Picture bool   `json:"picture"`
}

// look answers with what a person sees, as soon as that differs from the revision
// that the browser has.
func (p *Page) look(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	q := r.URL.Query()
	var seen view
	err := p.options.Slack.Await(ctx, func(s *fakeslack.State) bool {
		seen = p.see(s, q.Get("me"), q.Get("open"))
		return seen.Rev != q.Get("rev")
	})
	if err != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	answer(w, seen)
}

func (p *Page) see(s *fakeslack.State, me, open string) view {
	if !slices.ContainsFunc(p.options.People, func(one Person) bool { return one.ID == me }) && len(p.options.People) > 0 {
		me = p.options.People[0].ID
	}
	v := view{
		Team: s.Team().Name, Me: me, Bot: s.Bot().UserID, CanWait: p.options.NextDay != nil, Users: map[string]user{},
		Commands: p.options.Commands, Shortcuts: p.options.Shortcuts, Modals: []modal{}, Files: map[string]fileView{}, Messages: []message{},
	}
	if p.options.Today != nil {
		v.Today = p.options.Today()
	}
	for _, u := range s.Users() {
		v.Users[u.ID] = user{Name: u.RealName, Bot: u.IsBot}
	}
	channels := s.Channels()
	v.Channels = p.channels(s, channels, me)
	v.Open = choose(v.Channels, open)
	if v.Open != "" && v.Open != "home" {
		v.Messages = p.visible(s.Messages(v.Open), me)
		p.markRead(me, v.Open, v.Messages)
		for i := range v.Channels {
			if v.Channels[i].ID == v.Open {
				v.Channels[i].Unread = 0
			}
		}
	}
	for _, one := range p.options.People {
		unread := 0
		if one.ID != me {
			for _, c := range p.channels(s, channels, one.ID) {
				unread += c.Unread
			}
		}
		v.People = append(v.People, person{ID: one.ID, Role: one.Role, Unread: unread})
	}
	for _, m := range s.Modals(me) {
		v.Modals = append(v.Modals, shown(m))
	}
	if home, ok := s.Home(me); ok {
		h := shown(home)
		v.Home = &h
	}
	for _, f := range s.Files() {
		v.Files[f.ID] = fileView{Title: f.Title, Name: f.Name, Alt: f.Alt, Picture: strings.HasPrefix(http.DetectContentType(f.Content), "image/")}
	}
	v.Rev = revision(v)
	return v
}

// channels are those that a person is in, the direct message with the app first.
func (p *Page) channels(s *fakeslack.State, all []fakeslack.Channel, me string) []channel {
	var out []channel
	direct := channel{ID: "dm", Name: s.Bot().Name, Direct: true}
	for _, c := range all {
		switch {
		case c.IM && c.IMUser == me:
			direct.ID, direct.Unread = c.ID, p.unread(s, c.ID, me)
		case !c.IM && slices.Contains(c.Members, me):
			out = append(out, channel{
				ID: c.ID, Name: c.Name, Private: c.Private, Shared: c.ExtShared, Archived: c.Archived,
				Members: len(c.Members), Unread: p.unread(s, c.ID, me),
			})
		}
	}
	return append(out, direct)
}

func (p *Page) unread(s *fakeslack.State, channel, me string) int {
	p.mu.Lock()
	last := p.read[[2]string{me, channel}]
	p.mu.Unlock()
	n := 0
	for _, m := range p.visible(s.Messages(channel), me) {
		if m.TS > last && m.User != me {
			n++
		}
	}
	return n
}

func (p *Page) markRead(me, channel string, messages []message) {
	if len(messages) == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.read[[2]string{me, channel}] = messages[len(messages)-1].TS
}

// visible leaves out what is deleted and what only others see.
func (p *Page) visible(all []fakeslack.Message, me string) []message {
	out := []message{}
	for _, m := range all {
		if m.Deleted || m.EphemeralTo != "" && m.EphemeralTo != me {
			continue
		}
		at := m.At.In(p.options.Zone)
		out = append(out, message{
			TS: m.TS, Thread: m.ThreadTS, User: m.User, Text: m.Text, Blocks: m.Blocks, Only: m.EphemeralTo != "",
			Edited: m.Edited, Broadcast: m.Broadcast, Files: m.Files, Day: at.Format("Monday, January 2"), Time: at.Format("3:04 PM"),
		})
	}
	slices.SortStableFunc(out, func(a, b message) int { return strings.Compare(a.TS, b.TS) })
	return out
}

func shown(v fakeslack.View) modal {
	return modal{ID: v.ID, Title: v.Title, Submit: v.Submit, Close: v.Close, Hash: v.Hash, Blocks: v.Blocks, Errors: v.Errors}
}

func choose(channels []channel, open string) string {
	if open == "home" {
		return open
	}
	for _, c := range channels {
		if c.ID == open || open == "dm" && c.Direct {
			return c.ID
		}
	}
	if len(channels) == 0 {
		return ""
	}
	return channels[0].ID
}

// revision tells whether anything that is seen has changed.
func revision(v view) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "" // no block of the workspace is anything but JSON
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// file gives an uploaded file, if it is a picture.
func (p *Page) file(w http.ResponseWriter, r *http.Request) {
	for _, f := range p.options.Slack.Files() {
		if f.ID != r.PathValue("id") {
			continue
		}
		kind := http.DetectContentType(f.Content)
		if !strings.HasPrefix(kind, "image/") {
			kind = "application/octet-stream"
			w.Header().Set("Content-Disposition", "attachment")
		}
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(f.Content) // the browser went away: nobody is left to tell
		return
	}
	http.NotFound(w, r)
}
