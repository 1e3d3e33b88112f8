package bot_test

import (
	"context"
	"strings"
	"testing"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/blockkit"
	"arbot/internal/fakeslack"
)

// Two people claim the same account, over both ways in: one has it, and the other reads
// who does. The home tab shows it, its buttons work, and what one does shows in it.
func TestClaimsInSlack(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		w := counter(t, via)
		home := func(user, want string) fakeslack.View {
			t.Helper()
			soon, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			var tab fakeslack.View
			if err := w.Await(soon, func(s *fakeslack.State) (ok bool) {
				tab, ok = s.Home(user)
				return ok && strings.Contains(string(tab.Blocks), want)
			}); err != nil {
				t.Fatalf("%s does not see %q: %v\n%s", user, want, err, tab.Blocks)
			}
			return tab
		}
		if _, err := w.OpenHome(t.Context(), dana); err != nil {
			t.Fatal(err)
		}
		tab := home(dana, "Danaway $100.00")
		if _, err := w.Click(t.Context(), fakeslack.Click{User: dana, ViewID: tab.ID, Element: "Claim"}); err != nil {
			t.Fatal(err)
		}
		home(dana, "Danaway is yours: $100.00 overdue")
		if got := w.await(t, w.slash(t, nora, arChannel, "claim danaway"), 1)[0].Text; !strings.HasPrefix(got, "Dana Diaz has Danaway since ") {
			t.Errorf("Nora reads %q", got)
		}
		if got := w.await(t, w.slash(t, eli, arChannel, "claim danaway"), 1)[0].Text; strings.Contains(got, "Dana Diaz") {
			t.Errorf("Eli, who may not see the account, reads %q", got)
		}
		w.await(t, w.slash(t, dana, arChannel, "release danaway"), 1)
		w.await(t, w.slash(t, dana, arChannel, "snooze danaway until tomorrow waits for a copy"), 1)
		home(dana, "Nothing is left for you to do")
		if _, err := w.OpenHome(t.Context(), newly); err != nil {
			t.Fatal(err)
		}
		home(newly, "You have no role here yet.")
	})
}

// An account is claimed from the digest: by the menu in the channel, and by one tap in a
// rep's own. Who may not claim it is told so.
func TestClaimFromADigest(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		put := func(kind ar.PostKind, route, channel string) fakeslack.Message {
			t.Helper()
			cards := post(t, p.c.Books, p.c.Desk, newDigests(p.c.Desk), kind, route)
			pages, err := bot.Pages(cards[0], blockkit.Options{})
			if err != nil {
				t.Fatal(err)
			}
			at, err := p.gate.Post(t.Context(), channel, "", pages[0], "")
			if err != nil {
				t.Fatal(err)
			}
			return fakeslack.Message{Channel: channel, TS: at.TS}
		}
		digest := put(ar.ARDigest, "ar", arChannel)
		contains(t, p.presses(t, nora, digest, "claim", "Elixir · $200.00").Text, "Elixir is yours: $200.00 overdue")
		contains(t, p.presses(t, eli, digest, "claim", "Danaway · $10,500.00").Text, "This is not one of your accounts.")
		contains(t, p.presses(t, eli, digest, "claim", "Elixir · $200.00").Text, "Nora Feldt has Elixir since ")
		dm, err := p.gate.OpenDM(t.Context(), dana)
		if err != nil {
			t.Fatal(err)
		}
		contains(t, p.presses(t, dana, put(ar.RepDigest, "rep:dana@example.com", dm), "Claim Danaway").Text, "Danaway is yours: $10,500.00 overdue")
	})
}
