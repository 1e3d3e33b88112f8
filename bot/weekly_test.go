package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
	"arbot/bot/picture"
	"arbot/desk"
	"arbot/internal/desktest"
)

// weekly composes the weekly digest of a company for today.
func weekly(t *testing.T, c *desktest.Company) []card.Card {
	t.Helper()
	return post(t, c.Books, c.Desk, weeklyDigests(c.Desk), ar.WeeklyDigest, "managers")
}

// The head says when the data is old, when it does not agree with the ledger, and that it
// is a first look; also in the notification.
func TestWeeklySaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	c := company(t, acme(doc("A", "2026-09-01", "2026-10-01", "100.00")))
	finish(t, c, ar.SyncMark{TieOuts: []ar.TieOut{{
		AsOf: day("2026-11-25"), Ledger: usd("700.00"), Ours: usd("600.00"), At: c.Clock.Now(), Because: "INV-9 is in the ledger only.",
	}}}, "")
	head := weekly(t, c)[0]
	text := squeezed(all(t, head))
	contains(t, text, "first look", "Careful: on 25 Nov A/R is $600.00 here and $700.00 in the ledger, $100.00 off.")
	lacks(t, text, "INV-9", "payments since then") // it is to be forwarded: no documents by name
	c.Clock.Add(7 * 24 * time.Hour)
	head = weekly(t, c)[0]
	contains(t, head.Text, "The data is 7 days old")
	contains(t, squeezed(all(t, head)), "Careful: the data is 7 days old", "It was $100 on 24 Nov, and nothing moved.")
	lacks(t, squeezed(all(t, head)), "first look")
}

// A company without anything gets no digest, one without history no made-up figure.
func TestWeeklyOfAYoungBook(t *testing.T) {
	t.Parallel()
	c := company(t, acme(credit(ar.Payment, "P", "2026-11-20", "40.00")))
	cards := weekly(t, c)
	contains(t, squeezed(all(t, cards...)), "DSO 0.0 days (net credit balance)", "Simple n/a (no sales), best possible n/a (no sales)", "-$40 A/R", "$40 of payments and credits to be applied")
	empty := company(t, ar.Page{Customers: []ar.CustomerRecord{desktest.Customer("Acme", "")}})
	composed, err := weeklyDigests(empty.Desk).Compose(t.Context(), empty.Plan(t, ar.WeeklyDigest, "managers"))
	if err != nil || !composed.Empty {
		t.Errorf("empty books: empty %v, %v", composed.Empty, err)
	}
}

// It goes to its channel and to each of its readers; a route that was dropped is refused.
func TestWeeklyDestinations(t *testing.T) {
	t.Parallel()
	c := company(t, acme(doc("A", "2026-09-01", "2026-10-01", "100.00")))
	d := weeklyDigests(c.Desk)
	for route, want := range map[string]bot.Destination{"managers": {Channel: "C0BOSS"}, "managers to boss@example.com": {Email: "boss@example.com"}} {
		composed, err := d.Compose(t.Context(), c.Plan(t, ar.WeeklyDigest, route))
		if err != nil || composed.To.Channel != want.Channel || composed.To.Email != want.Email || composed.Bare != nil || len(composed.Pictures) != 1 {
			t.Errorf("%s: %+v with %d pictures, %v", route, composed.To, len(composed.Pictures), err)
		}
	}
	_, err := d.Compose(t.Context(), c.Plan(t, ar.WeeklyDigest, "dropped"))
	if refused, ok := errors.AsType[*bot.RefusedError](err); !ok || !strings.Contains(refused.Say, "dropped") {
		t.Errorf("dropped: %v", err)
	}
}

// blank is a painter that fails.
type blank struct{}

func (blank) Draw(picture.Chart) ([]byte, error) { return nil, errors.New("no colours left") }

// Each picture says its numbers; one that cannot be drawn is left out, and nothing else.
func TestWeeklyPicturesSayTheirNumbers(t *testing.T) {
	t.Parallel()
	s := desktest.NewSample(t)
	config := bot.DigestConfig{Desk: s.Desk, Slash: "/ar", Routes: []desk.Route{managers()}, Painter: picture.Painter{}}
	var p ar.Post
	s.Books.Write(t, func(tx ar.Tx) (err error) {
		p, _, err = tx.PlanPost(t.Context(), ar.PostKey{Kind: ar.WeeklyDigest, Route: "managers", Day: s.Desk.Today()}, "")
		return err
	})
	composed, err := bot.NewDigests(config).Compose(t.Context(), p)
	if err != nil || len(composed.Pictures) != 2 {
		t.Fatalf("%d pictures, %v", len(composed.Pictures), err)
	}
	dso, aging := composed.Pictures[0], composed.Pictures[1]
	contains(t, dso.Alt, "DSO against best possible, in days (USD, simple), at month ends: ", "2026-10 47.4, best possible 32.8")
	contains(t, aging.Alt, "A/R by days overdue at week ends (USD), as Current / 1-30 / 31-60 / 61-90 / 91+", "24 Nov 330899 / 129081")
	if dso.Name != "dso-2026-11-24.png" || len([]rune(aging.Alt)) > 2000 {
		t.Errorf("%s, %d characters", dso.Name, len(aging.Alt))
	}
	config.Painter = blank{}
	plain, err := bot.NewDigests(config).Compose(t.Context(), p)
	if err != nil || len(plain.Pictures) != 0 || len(plain.Thread) != len(composed.Thread) {
		t.Errorf("%d pictures, %d cards, %v", len(plain.Pictures), len(plain.Thread), err)
	}
}
