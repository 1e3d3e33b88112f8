package bot_test

import (
	"testing"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
	"arbot/desk"
	"arbot/internal/desktest"
)

// TestWelcomeGolden draws what an admin and a new channel are told at first.
func TestWelcomeGolden(t *testing.T) {
	t.Parallel()
	routes := []desk.Route{
		{Name: "ar-daily", Kind: ar.ARDigest, Channel: arChannel}, {Name: "sales-daily", Kind: ar.SalesDigest, Channel: salesChannel},
	}
	when := map[string]string{"ar-daily": "at 08:30, Monday to Friday", "sales-daily": "at 08:35, Monday, Wednesday"}
	full := func(c *bot.WelcomeConfig) {
		c.Ledgers, c.Routes, c.When, c.Share, c.Fallback = []string{"main"}, routes, when, []string{salesChannel}, arChannel
	}
	told := func(t *testing.T, c *desktest.Company, change func(*bot.WelcomeConfig), kind ar.PostKind, to string, prepare ...func(*world)) card.Card {
		t.Helper()
		w := newWorld(t)
		for _, do := range prepare {
			do(w)
		}
		config := bot.WelcomeConfig{Desk: c.Desk, Gate: w.gate, Slash: "/ar"}
		if change != nil {
			change(&config)
		}
		composed, err := bot.NewWelcome(config).Compose(t.Context(), ar.Post{PostKey: ar.PostKey{Kind: kind, Route: to}})
		if err != nil {
			t.Fatal(err)
		}
		if !composed.Open || composed.To.User+composed.To.Channel == "" {
			t.Errorf("%s to %s: %+v", kind, to, composed.To)
		}
		return composed.Head
	}
	empty := desktest.New(t)
	golden(t, "checklist_new", told(t, empty, nil, ar.Checklist, "user:"+ana))
	golden(t, "checklist_configured", told(t, empty, full, ar.Checklist, "user:"+ana, func(w *world) {
		mustDo(w.Archive(arChannel))
		mustDo(w.Leave(salesChannel, botUser))
	}))
	some := company(t, acme(doc("INV-1", "2026-09-01", "2026-10-01", "5.00")))
	some.Change(t, ar.Page{Customers: []ar.CustomerRecord{desktest.Customer("Orphan", "")}})
	golden(t, "checklist_imported", told(t, some, full, ar.Checklist, "user:"+ana))
	post(t, some.Books, some.Desk, bot.NewDigests(bot.DigestConfig{Desk: some.Desk, Slash: "/ar", Routes: routes}), ar.ARDigest, "ar-daily")
	golden(t, "checklist_done", told(t, some, full, ar.Checklist, "user:"+ana))

	golden(t, "greeting_ar", told(t, some, full, ar.Greeting, "channel:"+arChannel))
	golden(t, "greeting_sales", told(t, some, full, ar.Greeting, "channel:"+salesChannel))
	golden(t, "greeting_no_route", told(t, some, full, ar.Greeting, "channel:"+repsChannel))
	golden(t, "greeting_shared", told(t, some, full, ar.Greeting, "channel:"+sharedChannel))
	golden(t, "greeting_guests", told(t, some, full, ar.Greeting, "channel:"+mixedChannel))
}

// TestAlertGolden draws a sentence to an admin.
func TestAlertGolden(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	composed, err := newDigests(c.Desk).Compose(t.Context(), ar.Post{
		PostKey: ar.PostKey{Kind: ar.Alert, Route: "user:" + ana + "/post:digest-ar:ar:is_archived"}, Body: "The channel <C1> & co. is archived.",
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "alert", composed.Head)
}
