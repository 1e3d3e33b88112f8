package bot_test

import (
	"errors"
	"regexp"
	"testing"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// anAmount is an amount as cards write it.
var anAmount = regexp.MustCompile(`\$[0-9]`)

// hasAge fails where cards show no amount, or one without the age of the data.
func hasAge(t *testing.T, what string, cards ...card.Card) {
	t.Helper()
	shown := 0
	for _, c := range cards {
		text := all(t, c)
		if anAmount.MatchString(text) {
			shown++
			contains(t, text, "Data as of ")
		}
	}
	if shown == 0 {
		t.Errorf("%s shows no amount: %s", what, all(t, cards...))
	}
}

// Every message with figures of the ledger says how old they are: what is asked for, and
// what comes by itself.
func TestFiguresShowTheirAge(t *testing.T) {
	t.Parallel()
	c, _ := newEscalations(t)
	c.Clock.Add(1e9) // a payment that came with the books is no news
	for _, s := range []struct {
		actor ar.Actor
		text  string
	}{
		{desktest.Dana, "status danaway"},
		{desktest.Dana, "status INV-7"},
		{desktest.Dana, "mine"},
		{desktest.Nora, "overdue"},
		{desktest.Nora, "aging"},
		{desktest.Nora, "aging danaway"},
		{desktest.Nora, "next"},
		{desktest.Nora, "dso"},
		{desktest.Nora, "trend"},
		{desktest.Nora, "forecast"},
		{desktest.Nora, "what-if pay INV-7"},
		{desktest.Nora, "provision"},
		{desktest.Nora, "meeting"},
		{desktest.Dana, "dispute INV-7 $200 no po"},
		{desktest.Dana, "dispute INV-88 $1k duplicate"},
		{desktest.Dana, "disputes"},
		{desktest.Dana, "disputes causes"},
		{desktest.Dana, "resolve INV-7 rejected"},
		{desktest.Nora, "promise INV-9 100 11/27"},
		{desktest.Dana, "history danaway"},
		{desktest.Dana, "history INV-7"},
		{desktest.Dana, "ladder danaway"},
		{desktest.Nora, "handoff danaway"},
		{desktest.Dana, "claim danaway"},
		{desktest.Dana, "claim danaway"},
		{desktest.Dana, "release danaway"},
	} {
		hasAge(t, s.text, ask(t, c.r, s.actor, s.text))
	}
	m := c.opens(t, desktest.Nora, bot.Call{Kind: bot.Command, Text: "escalate INV-10"})
	hasAge(t, "the preview of an escalation", card.New(m.Title, m.Parts...))
	c.sends(t, desktest.Nora, m, map[string]string{"to": salesChannel})
	c.placed(t)
	hasAge(t, "escalations", ask(t, c.r, desktest.Nora, "escalations"))
	hasAge(t, "an escalation that is taken", c.presses(t, desktest.Nora, "escalation_mine", "1"))
	hasAge(t, "a claim that is given back", ask(t, c.r, desktest.Nora, "release foundling"))
	hasAge(t, "the home tab", c.homeOf(t, desktest.Nora))

	bringsPosts(t, c)
	for _, kind := range []ar.PostKind{
		ar.EscalationPost, ar.EscalationNews, ar.LadderReport, ar.DisputeReminder, ar.DisputeQuestion, ar.VerdictPost,
		ar.ContactQuestion, ar.ClaimEnded, ar.PaymentNews,
	} {
		hasAge(t, string(kind), c.posts(t, kind)...)
	}
	hasAge(t, "the digest for AR", digestOf(t, c.Company, ar.ARDigest, "ar")[0])
	hasAge(t, "the digest for sales", digestOf(t, c.Company, ar.SalesDigest, "sales")[0])
	hasAge(t, "the digest of a rep", digestOf(t, c.Company, ar.RepDigest, "rep:dana@example.com")[0])
}

// bringsPosts has some days pass in which everything happens of which arbot tells by itself.
func bringsPosts(t *testing.T, c *counterOf) {
	t.Helper()
	c.saves(t, desktest.Nora, "promise INV-9 100 11/27")
	if _, err := c.Desk.ClaimAccount(t.Context(), desktest.Dana, desk.ClaimInput{Of: "danaway"}); err != nil {
		t.Fatal(err)
	}
	c.Clock.Add(1e9)
	c.Change(t, ar.Page{
		Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Payment, "P1", "Danaway", "2026-11-25", "", "100.00"),
			storetest.Doc(ar.CreditMemo, "CM-1", "Danaway", "2026-11-25", "", "1000.00"),
			storetest.Doc(ar.Invoice, "INV-50", "Elixir", "2026-11-01", "2026-12-03", "10.00"),
		},
		Applications: []ar.ApplicationRecord{storetest.Pays("of P1", "P1", "INV-7", "2026-11-25", "100.00")},
	})
	counted := func(_ int, err error) error { return err }
	today := c.Desk.Today()
	if err := errors.Join(counted(c.Desk.PlanPaymentNews(t.Context())), c.Desk.ClimbLadder(t.Context(), today)); err != nil {
		t.Fatal(err)
	}
	at(c.Company, "2026-12-01")
	c.Change(t, ar.Page{})
	today = c.Desk.Today()
	if err := errors.Join(
		counted(c.Desk.JudgePromises(t.Context())),
		counted(c.Desk.ReviewClaims(t.Context())),
		c.Desk.SuggestResolutions(t.Context()),
		c.Desk.PlanDisputeReminders(t.Context(), today),
		c.Desk.PlanContactQuestions(t.Context(), today),
		c.Desk.PlanAsksAgain(t.Context(), today),
	); err != nil {
		t.Fatal(err)
	}
}

// What is posted where people read who do not know all customers names no document by
// which the books differ from the ledger.
func TestPostsNameNoDocumentThatIsOff(t *testing.T) {
	t.Parallel()
	c, _ := newEscalations(t)
	c.sends(t, desktest.Nora, c.opens(t, desktest.Nora, bot.Call{Kind: bot.Command, Text: "escalate INV-10"}), map[string]string{"to": salesChannel})
	ask(t, c.r, desktest.Dana, "dispute INV-7 $200 no po")
	ask(t, c.r, desktest.Dana, "dispute INV-88 $1k duplicate")
	bringsPosts(t, c)
	finish(t, c.Company, ar.SyncMark{TieOuts: []ar.TieOut{{
		AsOf: day("2026-12-01"), Ledger: usd("700.00"), Ours: usd("600.00"), At: c.Clock.Now(), Because: "INV-666 is in the ledger only.",
	}}}, "")
	for _, kind := range []ar.PostKind{ar.EscalationPost, ar.DisputeReminder, ar.DisputeQuestion, ar.VerdictPost, ar.ClaimEnded, ar.PaymentNews} {
		text := all(t, c.posts(t, kind)...)
		contains(t, text, "$100.00 off.")
		lacks(t, text, "INV-666")
	}
}
