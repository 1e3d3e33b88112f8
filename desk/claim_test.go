package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// claim takes an account on, which must succeed.
func claim(t testing.TB, c *desktest.Company, actor ar.Actor, account string) desk.Claimed {
	t.Helper()
	got, err := c.Desk.ClaimAccount(t.Context(), actor, desk.ClaimInput{Of: account})
	if err != nil {
		t.Fatalf("%s claims %s: %v", actor.User, account, err)
	}
	return got
}

// holders are the accounts that somebody has, each with its holder, by name.
func holders(t testing.TB, c *desktest.Company) (list []string) {
	t.Helper()
	c.Read(t, func(r ar.Reader) error {
		claims, err := r.Claims(t.Context(), ar.ClaimFilter{Standing: true})
		for _, one := range claims {
			account, err := r.Customer(t.Context(), one.Customer)
			if err != nil {
				return err
			}
			list = append(list, account.Name+": "+one.Holder())
		}
		slices.Sort(list)
		return err
	})
	return list
}

// actions are the records of the audit about claims, snoozes and assignments.
func actions(t testing.TB, c *desktest.Company) (list []string) {
	t.Helper()
	c.Read(t, func(r ar.Reader) error {
		records, err := r.Unsealed(t.Context(), 1000)
		for _, one := range records {
			list = append(list, one.Actor+" "+one.Action)
		}
		return err
	})
	return list
}

func TestClaim(t *testing.T) {
	t.Parallel()
	c := promising(t)
	first := claim(t, c, desktest.Dana, "acme")
	if !first.Won || first.Account.Name != "Acme" || fmt.Sprint(first.Overdue) != "[$1,500.00]" || first.OldestDays != 55 || first.Lapses != storetest.Day("2026-12-01") {
		t.Errorf("won %v, %s %v, %d days, lapses %s", first.Won, first.Account.Name, first.Overdue, first.OldestDays, first.Lapses)
	}
	again := claim(t, c, desktest.Dana, "INV-7")
	if again.Won || !again.Mine || again.ID != first.ID {
		t.Errorf("again: %+v", again)
	}
	late := claim(t, c, desktest.Nora, "acme")
	if late.Won || late.Mine || late.Holder() != "U0DANA" || c.Desk.Holder(late.Claim.Claim) != "Dana Diaz" || !late.MayTake {
		t.Errorf("the second: %+v", late)
	}
	taken, err := c.Desk.ClaimAccount(t.Context(), desktest.Nora, desk.ClaimInput{Of: "acme", TakeOver: true})
	if err != nil || !taken.Won || taken.From == nil || taken.From.Holder() != "U0DANA" {
		t.Errorf("taken over: %+v, %v", taken, err)
	}
	freed, changed, err := c.Desk.ReleaseClaim(t.Context(), desktest.Nora, taken.ID)
	if err != nil || !changed || freed.End != ar.ClaimReleased {
		t.Errorf("released: %+v, %v, %v", freed, changed, err)
	}
	if _, changed, err := c.Desk.ReleaseClaim(t.Context(), desktest.Nora, taken.ID); err != nil || changed {
		t.Errorf("released twice: %v, %v", changed, err)
	}
	if got := holders(t, c); len(got) != 0 {
		t.Errorf("standing: %v", got)
	}
	want := []string{"U0DANA claim.take", "U0NORA claim.taken-over", "U0NORA claim.take", "U0NORA claim.released"}
	if diff := cmp.Diff(want, actions(t, c)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

// What each role may do, looked at anew at each act.
func TestWhoMayClaim(t *testing.T) {
	t.Parallel()
	const yes, no = "", string(ar.Forbidden)
	for _, tt := range []struct {
		actor ar.Actor
		// own or office: claim Acme (Dana's), Elixir (Eli's), Foundling (nobody's); take
		// Acme over from Boss, end Boss's claim, put Acme off, assign it
		want [7]string
	}{
		{desktest.Dana, [7]string{yes, no, yes, no, no, yes, no}},
		{desktest.Eli, [7]string{no, yes, yes, no, no, no, no}},
		{desktest.Nora, [7]string{yes, yes, yes, yes, yes, yes, yes}},
		{desktest.Boss, [7]string{yes, yes, yes, no, yes, no, no}}, // the claim is his own
		{desktest.Admin, [7]string{yes, yes, yes, yes, yes, yes, yes}},
		{desktest.NewHere, [7]string{no, no, no, no, no, no, no}},
		{desktest.Outsider, [7]string{no, no, no, no, no, no, no}},
	} {
		t.Run(tt.actor.User, func(t *testing.T) {
			t.Parallel()
			acts := []func(c *desktest.Company) error{}
			for _, name := range []string{"Acme", "Elixir", "Foundling"} {
				acts = append(acts, func(c *desktest.Company) error {
					_, err := c.Desk.ClaimAccount(t.Context(), tt.actor, desk.ClaimInput{Customer: c.ID(t, name)})
					return err
				})
			}
			acts = append(acts, func(c *desktest.Company) error {
				claim(t, c, desktest.Boss, "acme")
				_, err := c.Desk.ClaimAccount(t.Context(), tt.actor, desk.ClaimInput{Customer: c.ID(t, "Acme"), TakeOver: true})
				return err
			}, func(c *desktest.Company) error {
				_, _, err := c.Desk.ReleaseClaim(t.Context(), tt.actor, claim(t, c, desktest.Boss, "acme").ID)
				return err
			}, func(c *desktest.Company) error {
				_, err := c.Desk.SnoozeAccount(t.Context(), tt.actor, desk.SnoozeInput{Customer: c.ID(t, "Acme"), Until: storetest.Day("2026-12-01"), Reason: "waits"})
				return err
			}, func(c *desktest.Company) error {
				_, err := c.Desk.Assign(t.Context(), tt.actor, desk.AssignInput{Customer: c.ID(t, "Acme"), Email: "nora@example.com"})
				return err
			})
			for i, act := range acts {
				err := act(promising(t))
				if err != nil && ar.KindOf(err) == "" {
					t.Errorf("act %d: %v", i+1, err)
				}
				if got := string(ar.KindOf(err)); got != tt.want[i] {
					t.Errorf("act %d: got %q, want %q", i+1, got, tt.want[i])
				}
			}
		})
	}
}

// A claim lapses after three business days without an act, and an act puts that off; what
// is paid is off the list.
func TestReviewClaims(t *testing.T) {
	t.Parallel()
	c := promising(t) // Wed 25 Nov
	claim(t, c, desktest.Dana, "acme")
	claim(t, c, desktest.Eli, "elixir")
	claim(t, c, desktest.Nora, "foundling")
	review := func(day string, want int, left ...string) {
		t.Helper()
		on(t, c, day, ar.Page{})
		ended, err := c.Desk.ReviewClaims(t.Context())
		if err != nil || ended != want {
			t.Errorf("%s: %d ended, %v; want %d", day, ended, err, want)
		}
		if diff := cmp.Diff(left, holders(t, c)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", day, diff)
		}
	}
	review("2026-11-26", 0, "Acme: U0DANA", "Elixir: U0ELI", "Foundling: U0NORA")
	if _, err := c.Desk.WriteNote(t.Context(), desktest.Dana, desk.NoteInput{Of: "acme", Text: "called"}); err != nil {
		t.Fatal(err)
	}
	on(t, c, "2026-11-27", ar.Page{
		Documents:    []ar.DocumentRecord{storetest.Doc(ar.Payment, "P1", "Foundling", "2026-11-27", "", "300.00")},
		Applications: []ar.ApplicationRecord{storetest.Pays("of P1", "P1", "INV-10", "2026-11-27", "300.00")},
	})
	review("2026-11-30", 1, "Acme: U0DANA", "Elixir: U0ELI")
	review("2026-12-01", 1, "Acme: U0DANA")
	review("2026-12-02", 1)
	review("2026-12-03", 0)
	if got := actions(t, c); strings.Count(strings.Join(got, " "), "arbot claim.lapsed") != 2 || !slices.Contains(got, "arbot claim.paid") {
		t.Errorf("audit: %v", got)
	}
	post := ended(t, c)
	view, err := c.Desk.EndedClaim(t.Context(), post)
	if err != nil || view.Account.Name != "Acme" || view.End != ar.ClaimLapsed || view.Now.ID != 0 {
		t.Errorf("told: %+v, %v", view, err)
	}
}

// ended is the post about the end of the first claim.
func ended(t testing.TB, c *desktest.Company) (p ar.Post) {
	t.Helper()
	c.Write(t, func(tx ar.Tx) (err error) {
		var created bool
		p, created, err = tx.PlanPost(t.Context(), ar.PostKey{Kind: ar.ClaimEnded, Route: "claim:1", Day: ar.NewDate(1970, 1, 1)}, "")
		if created {
			t.Error("the holder was not told")
		}
		return err
	})
	return p
}

// next is who is on the worklist of somebody, with what to do.
func next(t testing.TB, c *desktest.Company, actor ar.Actor, mine bool) (list []string) {
	t.Helper()
	work, err := c.Desk.Next(t.Context(), actor, desk.WorkInput{Mine: mine})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range work.Lines {
		list = append(list, fmt.Sprintf("%s %v: %s", l.Name, l.Amounts, l.Step()))
	}
	return list
}

func TestNext(t *testing.T) {
	t.Parallel()
	c := promising(t)
	check := func(what string, got []string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	check("all of AR", next(t, c, desktest.Nora, false),
		"Acme [$1,500.00]: ask for the payment", "Foundling [$300.00]: ask for the payment", "Elixir [$200.00]: ask for the payment")
	check("what Dana sees", next(t, c, desktest.Dana, false), "Acme [$1,500.00]: ask for the payment", "Foundling [$300.00]: ask for the payment")
	check("Dana's own", next(t, c, desktest.Dana, true), "Acme [$1,500.00]: ask for the payment")

	promise(t, c, desktest.Dana, "INV-8 1000 by 2026-11-30")
	check("what is promised waits", next(t, c, desktest.Dana, true), "Acme [$500.00]: ask again, and get a date")
	if _, err := c.Desk.SnoozeAccount(t.Context(), desktest.Dana, desk.SnoozeInput{Of: "INV-7", Until: storetest.Day("2026-11-27"), Reason: "waits for a copy"}); err != nil {
		t.Fatal(err)
	}
	check("what is put off waits", next(t, c, desktest.Dana, true))
	on(t, c, "2026-11-27", ar.Page{})
	check("on its day it is back", next(t, c, desktest.Dana, true), "Acme [$500.00]: ask again, and get a date")
	on(t, c, "2026-12-02", ar.Page{})
	check("a broken promise comes first", next(t, c, desktest.Nora, false),
		"Acme [$1,500.00]: call about the broken promise", "Foundling [$300.00]: ask for the payment", "Elixir [$200.00]: ask for the payment")
	claim(t, c, desktest.Eli, "foundling")
	check("what one has is one's own", next(t, c, desktest.Eli, true), "Foundling [$300.00]: ask for the payment", "Elixir [$200.00]: ask for the payment")
	claim(t, c, desktest.Nora, "elixir")
	check("and not the owner's any more", next(t, c, desktest.Eli, true), "Foundling [$300.00]: ask for the payment")
	work, err := c.Desk.Next(t.Context(), desktest.Nora, desk.WorkInput{Limit: 1})
	if err != nil || work.More != 2 || work.UnclaimedAccounts != 1 || fmt.Sprint(work.Unclaimed) != "[$1,500.00]" {
		t.Errorf("cut off %d, unclaimed %d %v, %v", work.More, work.UnclaimedAccounts, work.Unclaimed, err)
	}
}

// What is assigned to somebody who is away is on the deputy's worklist.
func TestDeputyGetsTheWork(t *testing.T) {
	t.Parallel()
	c := desktest.New(t, func(s *desk.Settings) {
		s.People[2].Deputy = "pat@example.com"
		s.People[2].Away = []desk.Absence{{From: storetest.Day("2026-11-26"), To: storetest.Day("2026-11-27")}}
	})
	pat := ar.Actor{User: "U0PAT", Email: "pat@example.com", Roles: []ar.Role{ar.ARClerk}}
	c.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{desktest.Customer("Acme", "")},
		Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "INV-7", "Acme", "2026-09-01", "2026-10-01", "500.00")},
	})
	if _, err := c.Desk.Assign(t.Context(), pat, desk.AssignInput{Of: "acme", User: "U0NORA", Email: "nora@example.com"}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		day       string
		nora, pat int
	}{{"2026-11-25", 1, 0}, {"2026-11-26", 1, 1}, {"2026-11-28", 1, 0}} {
		on(t, c, tt.day, ar.Page{})
		if n, p := len(next(t, c, desktest.Nora, true)), len(next(t, c, pat, true)); n != tt.nora || p != tt.pat {
			t.Errorf("%s: %d of Nora, %d of Pat; want %d and %d", tt.day, n, p, tt.nora, tt.pat)
		}
	}
	if _, err := c.Desk.Assign(t.Context(), pat, desk.AssignInput{Of: "acme"}); err != nil {
		t.Fatal(err)
	}
	if got := next(t, c, desktest.Nora, true); len(got) != 0 {
		t.Errorf("nobody is assigned, and Nora has %v", got)
	}
}

// Payments are told once to each: to the holder, and to subscribers who see the account.
func TestPaymentNews(t *testing.T) {
	t.Parallel()
	c := promising(t)
	claim(t, c, desktest.Dana, "acme")
	for _, s := range []struct {
		actor ar.Actor
		in    desk.SubscribeInput
	}{
		{desktest.Nora, desk.SubscribeInput{Filter: ar.SubscribedAll, Above: storetest.USD("150.00")}},
		{desktest.Boss, desk.SubscribeInput{Of: "elixir"}},
		{desktest.Dana, desk.SubscribeInput{Filter: ar.SubscribedMine}}, // told in the thread already
	} {
		if _, err := c.Desk.Subscribe(t.Context(), s.actor, s.in); err != nil {
			t.Fatal(err)
		}
	}
	told := func(page ar.Page, want int) {
		t.Helper()
		c.Clock.Add(1e9)
		c.Change(t, page)
		for range 2 { // what is read again is not told again
			n, err := c.Desk.PlanPaymentNews(t.Context())
			if err != nil || n != want {
				t.Errorf("%d told, %v; want %d", n, err, want)
			}
			want = 0
		}
	}
	told(paid("P1", "INV-7", "2026-11-25", "100.00"), 1)
	told(paid("P2", "INV-7", "2026-11-25", "200.00"), 2)
	if err := c.Desk.SetPreferences(t.Context(), desktest.Dana, ar.Preferences{NoNews: true}); err != nil {
		t.Fatal(err)
	}
	told(paid("P3", "INV-7", "2026-11-25", "10.00"), 0)
	told(ar.Page{Documents: []ar.DocumentRecord{storetest.Doc(ar.Payment, "P4", "Elixir", "2026-11-25", "", "20.00")}}, 1)
	list, err := c.Desk.Subscriptions(t.Context(), desktest.Boss)
	if err != nil || len(list) != 1 || list[0].Account != "Elixir" {
		t.Fatalf("subscriptions: %+v, %v", list, err)
	}
	if ended, err := c.Desk.Unsubscribe(t.Context(), desktest.Nora, list[0].ID); err != nil || ended {
		t.Errorf("somebody else ends it: %v, %v", ended, err)
	}
	if ended, err := c.Desk.Unsubscribe(t.Context(), desktest.Boss, list[0].ID); err != nil || !ended {
		t.Errorf("it does not end: %v, %v", ended, err)
	}
}

// A channel gets as many messages of its own on a day as its budget allows; the rest goes
// under the first of them, and the next day begins anew.
func TestGather(t *testing.T) {
	t.Parallel()
	c := desktest.New(t, func(s *desk.Settings) { s.MessageBudget = 2 })
	put := func(kind ar.PostKind, route, channel string) (thread string) {
		t.Helper()
		post := c.Plan(t, kind, route)
		thread, ok, err := c.Desk.Gather(t.Context(), post, channel)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		c.Clock.Add(1e9)
		if err := c.Desk.SetPart(t.Context(), post.ID, ar.PostPart{Channel: channel, TS: "ts of " + route}); err != nil {
			t.Fatal(err)
		}
		if err := c.Desk.SetPostState(t.Context(), post.ID, ar.PostDone, ""); err != nil {
			t.Fatal(err)
		}
		return thread
	}
	for _, tt := range []struct {
		kind           ar.PostKind
		route, channel string
		want           string
	}{
		{ar.ARDigest, "ar", "C0AR", ""},
		{ar.VerdictPost, "promise:1:1", "C0AR", ""}, // it stands in a thread anyway
		{ar.Greeting, "channel:1", "C0AR", ""},
		{ar.Greeting, "channel:2", "C0AR", "ts of ar"},
		{ar.Greeting, "channel:3", "C0SALES", ""},
		{ar.SalesDigest, "sales", "C0AR", ""}, // digests stand alone
		{ar.Greeting, "channel:4", "C0AR", "ts of ar"},
	} {
		if got := put(tt.kind, tt.route, tt.channel); got != tt.want {
			t.Errorf("%s %s in %s: goes under %q, want %q", tt.kind, tt.route, tt.channel, got, tt.want)
		}
	}
	n, err := c.Desk.Noise(t.Context(), desktest.Admin)
	if err != nil || len(n.Channels) != 2 || n.Channels[0].Channel != "C0AR" || n.Channels[0].Posts != 5 || n.Channels[0].Most != 3 {
		t.Errorf("noise: %+v, %v", n, err)
	}
	if _, err := c.Desk.Noise(t.Context(), desktest.Nora); ar.KindOf(err) != ar.Forbidden {
		t.Errorf("AR asks for the noise: %v", err)
	}
	c.Clock.Add(24 * 3600 * 1e9)
	if got := put(ar.Greeting, "channel:5", "C0AR"); got != "" {
		t.Errorf("on the next day it goes under %q", got)
	}
}

// A post finds the place again that it has taken; one that came to nothing leaves it to the
// next, and until the first is there nobody knows under what the others go.
func TestGatherKeepsPlaces(t *testing.T) {
	t.Parallel()
	c := desktest.New(t, func(s *desk.Settings) { s.MessageBudget = 1 })
	first, second, digest := c.Plan(t, ar.Greeting, "channel:1"), c.Plan(t, ar.Greeting, "channel:2"), c.Plan(t, ar.ARDigest, "ar")
	want := func(p ar.Post, thread string, ok bool) {
		t.Helper()
		p, err := c.Desk.Post(t.Context(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if in, there, err := c.Desk.Gather(t.Context(), p, "C0AR"); in != thread || there != ok || err != nil {
			t.Errorf("%s goes under %q, %v, %v; want %q, %v", p.Route, in, there, err, thread, ok)
		}
	}
	set := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	want(first, "", true)
	want(first, "", true)
	want(second, "", false)
	want(digest, "", true)
	set(c.Desk.SetPostState(t.Context(), first.ID, ar.PostFailed, "archived"))
	want(second, "", true)
	set(c.Desk.SetPostState(t.Context(), first.ID, ar.PostPlanned, "")) // somebody has it tried again
	want(first, "", false)
	set(c.Desk.SetPart(t.Context(), second.ID, ar.PostPart{Channel: "C0AR", TS: "1.1"}))
	want(first, "1.1", true)
	set(c.Desk.SetPart(t.Context(), first.ID, ar.PostPart{Channel: "C0AR", Sending: true}))
	c.Clock.Add(24 * time.Hour) // what is begun stays where it is
	want(first, "1.1", true)
	want(second, "", true)
	third := c.Plan(t, ar.Greeting, "channel:3")
	want(third, "", true)
	c.Clock.Add(24 * time.Hour) // it waited a day, and counts on the next
	fourth := c.Plan(t, ar.Greeting, "channel:4")
	want(third, "", true)
	want(fourth, "", false)
}
