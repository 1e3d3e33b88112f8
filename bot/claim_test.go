package bot_test

import (
	"context"
	"strings"
	"testing"
	"time"

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
			soon, cancel := context.WithTimeout(t.Context(), 20*time.Second)
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
