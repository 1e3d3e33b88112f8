package bot_test

import (
	"encoding/json"
	"testing"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// pastBooks is a company whose digests of two days were posted, as delivery keeps them.
func pastBooks(t *testing.T) (*desktest.Company, *bot.Router) {
	t.Helper()
	c := company(t, acme(doc("A", "2026-09-01", "2026-10-01", "100.00")))
	routes := append(routes(), managers())
	digests := bot.NewDigests(bot.DigestConfig{Desk: c.Desk, Slash: "/ar", Routes: routes})
	for range 2 {
		for route, kind := range map[string]ar.PostKind{"ar": ar.ARDigest, "rep:dana@example.com": ar.RepDigest, "managers": ar.WeeklyDigest} {
			p := c.Plan(t, kind, route)
			composed, err := digests.Compose(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			figures, err := bot.WithSaid(composed.Figures, composed.Head, composed.Thread)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Desk.KeepFigures(t.Context(), p.ID, figures); err != nil {
				t.Fatal(err)
			}
			if err := c.Desk.SetPostState(t.Context(), p.ID, ar.PostDone, ""); err != nil {
				t.Fatal(err)
			}
		}
		c.Clock.Add(24 * time.Hour)
		c.Change(t, ar.Page{
			Documents:    []ar.DocumentRecord{credit(ar.Payment, "P", "2026-11-26", "30.00")},
			Applications: []ar.ApplicationRecord{storetest.Pays("1", "P", "A", "2026-11-26", "30.00")},
		})
	}
	r := bot.NewRouter(bot.RouterConfig{Desk: c.Desk, Slash: "/ar", Digests: routes})
	return c, r
}

// A digest is shown as it was posted, whatever came into the books since.
func TestDigestIsShownAsItWas(t *testing.T) {
	t.Parallel()
	c, r := pastBooks(t)
	first := squeezed(all(t, answered(t, r, desktest.Nora, "digest ar 2026-11-25")))
	contains(t, first, "The digest ar of Wed 25 Nov 2026, as it was posted on 25 Nov 08:30 EST. Nothing in it was computed anew.", "$100.00 overdue in 1 account", "first look")
	lacks(t, first, "$70.00")
	latest := squeezed(all(t, answered(t, r, desktest.Nora, "digest")))
	contains(t, latest, "The digest ar of Thu 26 Nov 2026", "$70.00 overdue", "There is more in its thread. With full at the end of the command that is shown, too.")
	full := squeezed(all(t, answered(t, r, desktest.Nora, "digest ar full")))
	contains(t, full, "All overdue accounts", "How the overdue moved")
	contains(t, squeezed(all(t, answered(t, r, desktest.Boss, "digest"))), "Receivables, week to Wed 25 Nov 2026")
	contains(t, squeezed(all(t, answered(t, r, desktest.Boss, "digest weekly on 2026-11-25"))), "Receivables, week to Tue 24 Nov 2026")
	contains(t, squeezed(all(t, answered(t, r, desktest.Dana, "digest"))), "Your accounts, Thu 26 Nov 2026")
	contains(t, squeezed(all(t, answered(t, r, desktest.Dana, "digest mine 2026-11-25"))), "$100.00 to chase")

	// One that was posted before messages were kept is told by its figures.
	c.Write(t, func(tx ar.Tx) error {
		post, _, err := tx.LastPost(t.Context(), ar.ARDigest, "ar", day("2026-11-26"))
		if err != nil {
			return err
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(post.Figures, &fields); err != nil {
			return err
		}
		delete(fields, "said")
		raw, err := json.Marshal(fields)
		if err != nil {
			return err
		}
		return tx.SetFigures(t.Context(), post.ID, raw)
	})
	contains(t, squeezed(all(t, answered(t, r, desktest.Nora, "digest ar 2026-11-25"))), "$100.00 overdue", "Its messages were not kept then")
}

// The messages of a digest are kept in its figures; figures that can't hold them are told,
// not dropped.
func TestFiguresThatHoldNoMessages(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		figures, want string
		fails         bool
	}{
		{figures: "", want: ""},
		{figures: "null", want: "null"},
		{figures: "[1]", fails: true},
		{figures: `{"as_of":`, fails: true},
	} {
		got, err := bot.WithSaid(json.RawMessage(tt.figures), card.New("Head."), nil)
		if string(got) != tt.want || (err != nil) != tt.fails {
			t.Errorf("%q: %s, %v", tt.figures, got, err)
		}
	}
}

// Digests of channels are for AR and managers; what nobody posted is said.
func TestDigestOfOthers(t *testing.T) {
	t.Parallel()
	_, r := pastBooks(t)
	for _, tt := range []struct {
		actor ar.Actor
		text  string
		want  string
	}{
		{desktest.Dana, "digest managers", "Those of channels are for AR and managers"},
		{desktest.Dana, "digest ar 2026-11-25", "Those of channels are for AR and managers"},
		{desktest.Eli, "digest", "No such digest was posted on"},
		{desktest.Nora, "digest ar 2026-11-01", "No such digest was posted on"},
		{desktest.Nora, "digest nonsense", "is neither a digest nor a date"},
		{desktest.NewHere, "digest", "You have no role here yet"},
		{desktest.Outsider, "digest", "people of this company only"},
	} {
		contains(t, squeezed(all(t, answered(t, r, tt.actor, tt.text))), tt.want)
	}
}
