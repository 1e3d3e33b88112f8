package bot_test

import (
	"testing"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

func day(s string) ar.Date  { return storetest.Day(s) }
func usd(s string) ar.Money { return storetest.USD(s) }

// doc is an invoice of Acme.
func doc(number, date, due, amount string) ar.DocumentRecord {
	return storetest.Doc(ar.Invoice, number, "Acme", date, due, amount)
}

// credit is a payment or credit memo of Acme.
func credit(kind ar.DocumentKind, number, date, amount string) ar.DocumentRecord {
	return storetest.Doc(kind, number, "Acme", date, "", amount)
}

// acme is a page with the customer Acme, who is Dana's, and documents.
func acme(documents ...ar.DocumentRecord) ar.Page {
	return ar.Page{Customers: []ar.CustomerRecord{desktest.Customer("Acme", "dana@example.com")}, Documents: documents}
}

// finish ends one more run of the company's ledger.
func finish(t testing.TB, c *desktest.Company, m ar.SyncMark, fault string) {
	t.Helper()
	id := c.Ledger.Start(t, false)
	c.Write(t, func(tx ar.Tx) error { return tx.FinishRun(t.Context(), id, m, fault) })
}

// routes are the digests of a company.
func routes() []desk.Route {
	return []desk.Route{
		{Name: "ar", Kind: ar.ARDigest, Channel: "C0AR"},
		{Name: "sales", Kind: ar.SalesDigest, Channel: "C0SALES"},
		{Name: "reps", Kind: ar.RepDigest},
	}
}

func newDigests(d *desk.Desk) *bot.Digests {
	return bot.NewDigests(bot.DigestConfig{Desk: d, Slash: "/ar", Routes: routes()})
}

// post plans and composes today's digest, and keeps what it said.
func post(t testing.TB, books *storetest.Books, d *desk.Desk, digests *bot.Digests, kind ar.PostKind, route string) []card.Card {
	t.Helper()
	var p ar.Post
	books.Write(t, func(tx ar.Tx) (err error) {
		p, _, err = tx.PlanPost(t.Context(), ar.PostKey{Kind: kind, Route: route, Day: d.Today()}, "")
		return err
	})
	composed, err := digests.Compose(t.Context(), p)
	if err != nil {
		t.Fatalf("compose %s: %v", route, err)
	}
	books.Write(t, func(tx ar.Tx) error {
		if err := tx.SetFigures(t.Context(), p.ID, composed.Figures); err != nil {
			return err
		}
		return tx.SetPost(t.Context(), p.ID, ar.PostDone, "")
	})
	return append([]card.Card{composed.Head}, composed.Thread...)
}
