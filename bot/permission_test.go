package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/internal/desktest"
	"arbot/internal/fakeslack"
	"arbot/store/storetest"
)

const (
	dana  = "U0DANA"  // rep, owner of Danaway
	eli   = "U0ELI"   // rep, owner of Elixir
	nora  = "U0NORA"  // AR
	boss  = "U0BOSS"  // manager
	admin = "U0ADMIN" // admin
	newly = "U0NEW"   // of the company, without a role

	partnersChannel = "C0PARTNERS" // shared with another organisation, and allow-listed
)

// counter is a workspace where people of all roles ask about three accounts:
// Danaway is Dana's and owes $100, Elixir is Eli's and owes $200, and Foundling is
// nobody's and owes $400.
func counter(t *testing.T, via string) *world {
	t.Helper()
	c := desktest.New(t)
	var page ar.Page
	for i, owner := range []string{"dana@example.com", "eli@example.com", ""} {
		name := []string{"Danaway", "Elixir", "Foundling"}[i]
		page.Customers = append(page.Customers, desktest.Customer(name, owner))
		page.Documents = append(page.Documents, storetest.Doc(ar.Invoice, "INV-"+name, name, "2026-09-01", "2026-10-01", fmt.Sprintf("%d.00", 100<<i)))
	}
	c.Import(t, page)
	w := newWorld(t, change{
		gate: func(g *bot.GateConfig) { g.AllowShared = []string{partnersChannel} },
		roles: func(d *bot.DirectoryConfig) {
			d.Roles = bot.Roles{Reps: []string{dana, "eli@example.com"}, AR: []string{nora}, Managers: []string{boss}, Admins: []string{admin}}
		},
		slack: func(s *fakeslack.Options) { s.PostBurst = -1 },
	})
	for id, email := range map[string]string{
		dana: "dana@example.com", eli: "eli@example.com", nora: "nora@example.com", boss: "boss@example.com", admin: "admin@example.com", newly: "new@example.com",
	} {
		w.PutUser(fakeslack.User{ID: id, Email: email})
	}
	ours := []string{dana, eli, nora, boss, admin, newly, botUser}
	everyone := append([]string{guest, stranger}, ours...)
	w.PutChannel(fakeslack.Channel{ID: arChannel, Name: "ar", Members: ours})
	w.PutChannel(fakeslack.Channel{ID: repsChannel, Name: "reps", Private: true, Members: ours})
	w.PutChannel(fakeslack.Channel{ID: mixedChannel, Name: "everybody", Members: everyone})
	w.PutChannel(fakeslack.Channel{ID: sharedChannel, Name: "shared", ExtShared: true, SharedTeamIDs: []string{"T0OTHER"}, Members: everyone})
	w.PutChannel(fakeslack.Channel{ID: partnersChannel, Name: "partners", ExtShared: true, SharedTeamIDs: []string{"T0OTHER"}, Members: everyone})
	router := bot.NewRouter(bot.RouterConfig{Desk: c.Desk, Slash: "/ar", People: w.people, Private: bot.Courier{Gate: w.gate}, Share: []string{arChannel, mixedChannel, partnersChannel}})
	w.listen(t, via, router.Handle)
	return w
}

// manner is how somebody asks, in a place.
type manner struct {
	name, channel string
	ask           func(t *testing.T, w *world, user, text string) fakeslack.Message
	// shares: the word "share" shows the answer to all there, hides: to the asker
	// alone all the same.
	shares, hides bool
	// refuses is said to everybody of the company.
	refuses string
	guests  bool // they can be there
}

func bySlash(channel string) func(*testing.T, *world, string, string) fakeslack.Message {
	return func(t *testing.T, w *world, user, text string) fakeslack.Message {
		t.Helper()
		return w.await(t, w.slash(t, user, channel, text), 1)[0]
	}
}

// byWords asks in words: in a thread of a channel, or in a direct message. The answer
// comes there, or, where nothing may be said in the channel, as a direct message.
func byWords(channel string) func(*testing.T, *world, string, string) fakeslack.Message {
	return func(t *testing.T, w *world, user, text string) fakeslack.Message {
		t.Helper()
		words := fakeslack.Words{User: user, Channel: channel, Text: text}
		if channel != "" {
			root, _, err := w.Say(t.Context(), fakeslack.Words{User: user, Channel: channel, Text: "A thread."})
			if err != nil {
				t.Fatal(err)
			}
			words.Text, words.ThreadTS = "<@"+botUser+"> "+text, root.TS
		}
		answers := func(s *fakeslack.State) (all []fakeslack.Message) {
			for _, m := range append(s.DMs(user), s.Thread(channel, words.ThreadTS)...) {
				if m.User == botUser {
					all = append(all, m)
				}
			}
			return all
		}
		var before int
		if err := w.Await(t.Context(), func(s *fakeslack.State) bool { before = len(answers(s)); return true }); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Say(t.Context(), words); err != nil {
			t.Fatal(err)
		}
		soon, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		var got []fakeslack.Message
		if err := w.Await(soon, func(s *fakeslack.State) bool { got = answers(s); return len(got) > before }); err != nil {
			t.Fatalf("%s asks %q in %q and gets no answer: %v", user, text, channel, err)
		}
		newest := got[0]
		for _, m := range got {
			if m.At.After(newest.At) {
				newest = m
			}
		}
		return newest
	}
}

var manners = []manner{
	{name: "slash in the own direct message", ask: bySlash("")},
	{name: "words in the own direct message", ask: byWords("")},
	{name: "public channel", channel: arChannel, ask: bySlash(arChannel), shares: true},
	{name: "thread of it", channel: arChannel, ask: byWords(arChannel), shares: true},
	{name: "private channel", channel: repsChannel, ask: bySlash(repsChannel)},
	{name: "thread of that", channel: repsChannel, ask: byWords(repsChannel)},
	{name: "channel with guests", channel: mixedChannel, ask: bySlash(mixedChannel), hides: true, guests: true},
	{name: "thread with guests", channel: mixedChannel, ask: byWords(mixedChannel), hides: true, guests: true},
	{name: "shared channel", channel: sharedChannel, ask: bySlash(sharedChannel), refuses: "This channel is shared with another company", guests: true},
	{name: "thread of a shared channel", channel: sharedChannel, ask: byWords(sharedChannel), refuses: "This channel is shared with another company", guests: true},
	{name: "shared channel that is allowed", channel: partnersChannel, ask: bySlash(partnersChannel), hides: true, guests: true},
	{name: "thread of that one", channel: partnersChannel, ask: byWords(partnersChannel), hides: true, guests: true},
}

const (
	noRole   = "You have no role here yet."
	outsider = "This is for people of this company only."
	helpText = "What you can ask with /ar"
)

// Who gets what, by role and command; where and how does not matter.
var (
	questions = []string{"help", "status danaway", "status elixir", "overdue", "mine", "aging", "overdue owner eli"}
	answers   = map[string][]string{
		dana:     {helpText, "Danaway owes $100.00", `“elixir”`, "$500.00 in 2 accounts", "$100.00 in 1 account", "$500.00 overdue", "These are not your accounts."},
		eli:      {helpText, `“danaway”`, "Elixir owes $200.00", "$600.00 in 2 accounts", "$200.00 in 1 account", "$600.00 overdue", "$200.00 in 1 account"},
		nora:     {helpText, "Danaway owes $100.00", "Elixir owes $200.00", "$700.00 in 3 accounts", "nothing is overdue", "$700.00 overdue", "$200.00 in 1 account"},
		boss:     {helpText, "Danaway owes $100.00", "Elixir owes $200.00", "$700.00 in 3 accounts", "nothing is overdue", "$700.00 overdue", "$200.00 in 1 account"},
		admin:    {helpText, "Danaway owes $100.00", "Elixir owes $200.00", "$700.00 in 3 accounts", "nothing is overdue", "$700.00 overdue", "$200.00 in 1 account"},
		newly:    {helpText, noRole, noRole, noRole, noRole, noRole, noRole},
		guest:    {outsider, outsider, outsider, outsider, outsider, outsider, outsider},
		stranger: {outsider, outsider, outsider, outsider, outsider, outsider, outsider},
	}
)

// Role by command by place: who may see what, over both ways in.
func TestWhoMaySeeWhatWhere(t *testing.T) {
	t.Parallel()
	for _, via := range receivers {
		for _, place := range manners {
			t.Run(via+", "+place.name, func(t *testing.T) {
				t.Parallel()
				w := counter(t, via)
				for user, says := range answers {
					if !place.guests && (user == guest || user == stranger) {
						continue
					}
					for i, text := range questions {
						w.clock.advance(10 * time.Second) // the limit of one person is not the subject
						want := says[i]
						if place.refuses != "" && want != outsider {
							want = place.refuses
						}
						place.judge(t, place.ask(t, w, user, text), user, text, want)
					}
					place.judgeShare(t, w, user, says[1])
				}
				if private := w.visible(place.channel); place.channel != "" && !place.shares && len(private) > 0 {
					t.Errorf("all in the channel read %q", private)
				}
			})
		}
	}
}

// all reports whether more people than the asker read an answer.
func (p manner) all(got fakeslack.Message, user string) bool {
	return got.Channel == p.channel && got.EphemeralTo != user
}

// judge looks at an answer that only the asker may see.
func (p manner) judge(t *testing.T, got fakeslack.Message, user, text, want string) {
	t.Helper()
	if !strings.Contains(got.Text, want) {
		t.Errorf("%s asks %q and reads %q, want %q", user, text, got.Text, want)
	}
	if p.all(got, user) {
		t.Errorf("%s asks %q and all can read it", user, text)
	}
	if amount := strings.Contains(string(got.Blocks)+got.Text, "$"); amount && !strings.Contains(want, "$") && !strings.Contains(want, "nothing is") {
		t.Errorf("%s asks %q and reads an amount: %s", user, text, got.Blocks)
	}
}

// judgeShare looks at who reads an answer that is to be shared.
func (p manner) judgeShare(t *testing.T, w *world, user, says string) {
	t.Helper()
	w.clock.advance(10 * time.Second)
	got := p.ask(t, w, user, "status danaway share")
	switch {
	case !strings.HasPrefix(says, "Danaway owes"): // who may not see it may not share it either
		if strings.Contains(got.Text, "$") || p.all(got, user) {
			t.Errorf("%s shares and gets %+v", user, got)
		}
	case p.refuses != "":
		p.judge(t, got, user, "status danaway share", p.refuses)
	case p.shares:
		if got.EphemeralTo != "" || !strings.HasPrefix(got.Text, says) {
			t.Errorf("%s shares and gets %+v", user, got)
		}
	case p.hides:
		p.judge(t, got, user, "status danaway share", says)
		if !strings.Contains(string(got.Blocks), "Only you see this: people from outside the company read this channel.") {
			t.Errorf("%s is not told that the answer is not shared: %s", user, got.Blocks)
		}
	default:
		p.judge(t, got, user, "status danaway share", "Answers cannot be shared in this channel.")
	}
}

// visible are the messages of the bot that everybody in a channel reads.
func (w *world) visible(channel string) []string {
	var texts []string
	for _, m := range w.Messages(channel) {
		if m.User == botUser && m.EphemeralTo == "" {
			texts = append(texts, m.Text)
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}
