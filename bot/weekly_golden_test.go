package bot_test

import (
	"testing"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/picture"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// managers is the weekly digest of a company.
func managers() desk.Route {
	return desk.Route{Name: "managers", Kind: ar.WeeklyDigest, Channel: "C0BOSS", To: []string{"boss@example.com"}}
}

func weeklyDigests(d *desk.Desk) *bot.Digests {
	return bot.NewDigests(bot.DigestConfig{Desk: d, Slash: "/ar", Routes: []desk.Route{managers()}, Painter: picture.Painter{}})
}

// TestWeeklyGolden draws the first and the second weekly digest of the made-up company.
func TestWeeklyGolden(t *testing.T) {
	t.Parallel()
	s := desktest.NewSample(t)
	for _, week := range []string{"first", "second"} {
		golden(t, "digest_weekly_"+week, post(t, s.Books, s.Desk, weeklyDigests(s.Desk), ar.WeeklyDigest, "managers")...)
		for range 7 {
			s.NextDay(t)
		}
	}
}

// TestWeeklyWithWordsGolden draws a week in which customers gave their word, and did not
// accept what they were invoiced.
func TestWeeklyWithWordsGolden(t *testing.T) {
	t.Parallel()
	c := company(t, acme(
		doc("A", "2026-09-01", "2026-10-01", "900.00"), doc("B", "2026-10-01", "2026-10-31", "500.00"), doc("C", "2026-11-10", "2026-12-10", "650.00"),
	))
	weekly(t, c)
	customer := c.ID(t, "Acme")
	made := ar.Act{By: "U0DANA", At: c.Clock.Now(), On: c.Desk.Today()}
	a, b := c.Document(t, "A"), c.Document(t, "B")
	c.Write(t, func(tx ar.Tx) error {
		for _, amount := range []string{"100.00", "200.00"} {
			if _, _, err := tx.AddPromise(t.Context(), ar.Promise{
				Customer: customer, Document: a, Parts: []ar.Instalment{{Amount: usd(amount), Due: day("2026-11-27")}}, Made: made,
			}); err != nil {
				return err
			}
		}
		for reason, amount := range map[ar.Reason]string{ar.ReasonPricing: "120.00", ar.ReasonDamaged: "80.00"} {
			if _, err := tx.AddDispute(t.Context(), ar.Dispute{
				Customer: customer, Document: b, Reason: reason, Amount: usd(amount), State: ar.DisputeOpen, Opened: made, Due: day("2026-11-30"),
			}); err != nil {
				return err
			}
		}
		return nil
	})
	c.Clock.Add(7 * 24 * time.Hour)
	c.Change(t, ar.Page{
		Documents:    []ar.DocumentRecord{credit(ar.Payment, "P", "2026-11-27", "150.00")},
		Applications: []ar.ApplicationRecord{storetest.Pays("1", "P", "A", "2026-11-27", "150.00")},
	})
	golden(t, "digest_weekly_words", weekly(t, c)...)
}
