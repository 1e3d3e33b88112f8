package bot_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/blockkit"
	"arbot/bot/card"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// homeOf is the home tab of a person.
func (c *counterOf) homeOf(t *testing.T, actor ar.Actor) card.Card {
	t.Helper()
	answer := c.does(t, actor, bot.Call{Kind: bot.HomeOpened, View: bot.View{Home: true}})
	if answer.Home == nil {
		t.Fatalf("no home tab: %+v", answer)
	}
	return *answer.Home
}

// goldenHome keeps a home tab as text and as Slack gets it.
func goldenHome(t *testing.T, name string, c card.Card) {
	t.Helper()
	view, err := blockkit.Home(c, blockkit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(view.Blocks.BlockSet); n > 100 {
		t.Errorf("%s has %d blocks, of which Slack takes 100", name, n)
	}
	compare(t, "../views/"+name+".json", indented(t, view))
	compare(t, name+".txt", fmt.Appendf(nil, "🔔 %s\n\n%s\n", c.Text, drawn(t, c, 100)))
}

// composed are the posts of a kind, as they are delivered.
func (c *counterOf) composed(t *testing.T, kind ar.PostKind) (all []bot.Composed) {
	t.Helper()
	digests := newDigests(c.Desk)
	for id := ar.PostID(1); ; id++ {
		post, err := c.Desk.Post(t.Context(), id)
		if err != nil {
			return all
		}
		if post.Kind != kind {
			continue
		}
		one, err := digests.Compose(t.Context(), post)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
}

func heads(all []bot.Composed) (cards []card.Card) {
	for _, one := range all {
		cards = append(cards, one.Head)
	}
	return cards
}

// steps is a set-up that is not finished.
type steps struct{}

func (steps) Steps(context.Context) ([]bot.Step, error) {
	return []bot.Step{{Name: "Ledger connected", Done: true}, {Name: "First import", Say: "On the server type", Type: "arbot import"}}, nil
}

// TestClaimsGolden draws every message about who has what.
func TestClaimsGolden(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	golden(t, "next", ask(t, c.r, desktest.Dana, "next"))
	golden(t, "next_all", ask(t, c.r, desktest.Nora, "next all"))
	golden(t, "next_unknown", answered(t, c.r, desktest.Dana, "next week"))
	golden(t, "claimed", c.presses(t, desktest.Dana, "claim", bot.PickID(ar.Choice{Customer: c.ID(t, "Danaway")})))
	golden(t, "claimed_again", ask(t, c.r, desktest.Dana, "claim danaway"))
	golden(t, "claimed_by_another", ask(t, c.r, desktest.Nora, "claim danaway"), ask(t, c.r, desktest.Boss, "claim danaway"))
	golden(t, "claim_which", answered(t, c.r, desktest.Dana, "claim"))
	golden(t, "claim_status", ask(t, c.r, desktest.Dana, "status danaway"))
	golden(t, "claim_digest_ar", digestOf(t, c.Company, ar.ARDigest, "ar")...)
	golden(t, "claim_digest_rep", digestOf(t, c.Company, ar.RepDigest, "rep:dana@example.com")...)
	golden(t, "claim_taken_over", c.presses(t, desktest.Nora, "claim_take", bot.PickID(ar.Choice{Customer: c.ID(t, "Danaway")})))
	golden(t, "claim_released", c.presses(t, desktest.Nora, "claim_release", "2"))
	golden(t, "claim_released_again", c.presses(t, desktest.Nora, "claim_release", "2"), answered(t, c.r, desktest.Nora, "release danaway"))
	golden(t, "assigned", ask(t, c.r, desktest.Nora, "assign danaway to <@U123ABC|dana>"), ask(t, c.r, desktest.Nora, "assign danaway nobody"))
	golden(t, "assign_wrong", answered(t, c.r, desktest.Nora, "assign danaway kim"), answered(t, c.r, desktest.Dana, "assign danaway eli@example.com"))

	c.form(t, desktest.Dana, bot.Call{Kind: bot.Action, Action: "snooze", Value: bot.PickID(ar.Choice{Customer: c.ID(t, "Danaway")})}, "snooze")
	golden(t, "snoozed", ask(t, c.r, desktest.Dana, "snooze INV-7 until next friday waits for a copy of the PO"))
	golden(t, "snooze_wrong", answered(t, c.r, desktest.Dana, "snooze danaway until 2027-03-01 no hurry"),
		answered(t, c.r, desktest.Dana, "snooze danaway until whenever"), answered(t, c.r, desktest.Dana, "snooze danaway friday x"))
	golden(t, "snoozes", ask(t, c.r, desktest.Dana, "snooze list"))
	golden(t, "snooze_ended", c.presses(t, desktest.Dana, "snooze_end", "1"), c.presses(t, desktest.Dana, "snooze_end", "1"))

	golden(t, "subscribed", ask(t, c.r, desktest.Dana, "subscribe mine over 1k"), ask(t, c.r, desktest.Dana, "subscribe danaway"))
	golden(t, "subscriptions", ask(t, c.r, desktest.Dana, "subscribe"), ask(t, c.r, desktest.Eli, "subscribe"))
	golden(t, "unsubscribed", ask(t, c.r, desktest.Dana, "unsubscribe danaway"), c.presses(t, desktest.Dana, "unsubscribe", "7"))
	c.form(t, desktest.Dana, bot.Call{Kind: bot.Command, Text: "preferences"}, "preferences")
	golden(t, "noise", ask(t, c.r, desktest.Admin, "noise"))
}

// TestClaimPostsGolden draws what a holder is told without asking.
func TestClaimPostsGolden(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	link := "https://acme.slack.com/archives/C0AR/p1700000000000100"
	claims := func(actor ar.Actor, name string) {
		t.Helper()
		if _, err := c.Desk.ClaimAccount(t.Context(), actor, desk.ClaimInput{Of: name, Where: link}); err != nil {
			t.Fatal(err)
		}
	}
	claims(desktest.Dana, "danaway")
	claims(desktest.Eli, "elixir")
	claims(desktest.Boss, "foundling")
	c.presses(t, desktest.Nora, "claim_take", bot.PickID(ar.Choice{Customer: c.ID(t, "Foundling")}))
	c.Clock.Add(1e9)
	c.Change(t, ar.Page{
		Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Payment, "P1", "Elixir", "2026-11-25", "", "200.00"), storetest.Doc(ar.Payment, "P2", "Danaway", "2026-11-25", "", "500.00"),
		},
		Applications: []ar.ApplicationRecord{
			storetest.Pays("of P1", "P1", "INV-9", "2026-11-25", "200.00"), storetest.Pays("of P2", "P2", "INV-7", "2026-11-25", "500.00"),
		},
	})
	if n, err := c.Desk.PlanPaymentNews(t.Context()); err != nil || n != 2 {
		t.Fatalf("%d told, %v", n, err)
	}
	at(c.Company, "2026-12-01")
	if n, err := c.Desk.ReviewClaims(t.Context()); err != nil || n != 3 {
		t.Fatalf("%d ended, %v", n, err)
	}
	news, over := c.composed(t, ar.PaymentNews), c.composed(t, ar.ClaimEnded)
	golden(t, "payment_news", heads(news)...)
	golden(t, "claim_ended", heads(over)...)
	for _, one := range news {
		if one.To.Channel != "C0AR" || one.To.Thread != "1700000000.000100" {
			t.Errorf("news goes to %+v, want the thread of the claim", one.To)
		}
	}
	if err := c.Desk.PlanNoiseReport(t.Context(), "U0ADMIN", c.Desk.Today()); err != nil {
		t.Fatal(err)
	}
	golden(t, "noise_report", heads(c.composed(t, ar.NoiseReport))...)
}

// TestHomeTabsGolden draws the home tab of each role.
func TestHomeTabsGolden(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	c.r.Setup = steps{}
	goldenHome(t, "home_new_rep", c.homeOf(t, desktest.Dana))
	c.saves(t, desktest.Dana, "promise INV-7 500 11/27")
	ask(t, c.r, desktest.Dana, "claim danaway")
	ask(t, c.r, desktest.Nora, "dispute INV-9 all pricing wrong price")
	for name, actor := range map[string]ar.Actor{"rep": desktest.Dana, "ar": desktest.Nora, "manager": desktest.Boss, "admin": desktest.Admin} {
		goldenHome(t, "home_"+name, c.homeOf(t, actor))
	}
}

// What is done in the home tab is said at its top, with an Undo, and shows in it; nothing
// is posted. What is done elsewhere shows in the tab of whoever has opened it.
func TestHomeAfterActs(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	value := bot.PickID(ar.Choice{Customer: c.ID(t, "Danaway")})
	inHome := func(action, value string) bot.Answer {
		return c.does(t, desktest.Dana, bot.Call{Kind: bot.Action, Action: action, Value: value, View: bot.View{ID: "V1", Home: true}})
	}
	answer := inHome("claim", value)
	if answer.Card.Text != "" || answer.Home == nil {
		t.Fatalf("a claim in the home tab: %+v", answer)
	}
	drawnHome := drawn(t, *answer.Home, 100)
	for _, want := range []string{"Danaway is yours: $10,500.00 overdue", "Undo", "Yours", "free again on Tue 1 Dec 2026"} {
		if !strings.Contains(drawnHome, want) {
			t.Errorf("the home tab lacks %q:\n%s", want, drawnHome)
		}
	}
	answer = inHome("claim_release", "1")
	if answer.Home == nil || answer.Card.Text != "" || !strings.Contains(drawn(t, *answer.Home, 100), "Danaway is free again") {
		t.Errorf("given back in the home tab: %+v", answer)
	}
	if answer := c.does(t, desktest.Eli, bot.Call{Kind: bot.Command, Text: "claim elixir"}); answer.Home != nil {
		t.Error("somebody who never looked at the home tab gets it")
	}
	c.homeOf(t, desktest.Nora)
	if answer := c.does(t, desktest.Nora, bot.Call{Kind: bot.Command, Text: "claim foundling"}); answer.Home == nil || answer.Card.Text == "" {
		t.Errorf("after a command: %+v", answer)
	}
	if answer := c.does(t, desktest.Nora, bot.Call{Kind: bot.Command, Text: "status foundling"}); answer.Home != nil {
		t.Error("a question changes nothing, and the home tab is drawn anew")
	}
}

// A button is no right: who has lost the role, or never had it, is refused at the press.
func TestClaimButtonsAreNoRights(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	elixir := bot.PickID(ar.Choice{Customer: c.ID(t, "Elixir")})
	ask(t, c.r, desktest.Boss, "claim elixir")
	for _, tt := range []struct {
		actor         ar.Actor
		action, value string
	}{
		{desktest.Dana, "claim", elixir},
		{desktest.NewHere, "claim", elixir},
		{desktest.Outsider, "claim", elixir},
		{desktest.Dana, "claim_take", elixir},
		{desktest.Eli, "claim_take", elixir},
		{desktest.Boss, "claim_take", elixir},
		{desktest.Dana, "claim_release", "1"},
		{desktest.Eli, "claim_release", "1"},
	} {
		press := bot.Call{ID: "7F3K", Kind: bot.Action, Action: tt.action, Value: tt.value, User: tt.actor.User}
		if known := refused(t, c.r, tt.actor, press); known.Kind != ar.Forbidden {
			t.Errorf("%s presses %s: %v", tt.actor.User, tt.action, known)
		}
	}
}
