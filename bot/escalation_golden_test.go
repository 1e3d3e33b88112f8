package bot_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// escalating is the company of the teller's books with places for escalations and a
// ladder.
func escalating(s *desk.Settings) {
	s.GraceDays = 1
	s.Escalations = desk.EscalationSettings{Channels: []string{arChannel, salesChannel}, Within: 2, Again: ar.AskAgain{Every: 2, Most: 2}}
	s.Ladder = desk.LadderSettings{
		Ladders: []ar.Ladder{{Segment: "all", Pause: 2, Rungs: []ar.Rung{
			{Days: 5, To: ar.ToOwner}, {Days: 20, Channel: salesChannel, Ask: "Who knows them?"}, {Days: 40, Channel: arChannel, Hold: true},
		}}},
		Segments: ar.OwnerRules{{Match: ar.MatchDefault, Owner: "all"}}, Channel: arChannel, ShadowDays: 5, Hour: 9,
	}
}

// parcels keeps what was brought to somebody alone.
type parcels struct{ files []bot.File }

func (p *parcels) Bring(_ context.Context, _ string, _ []card.Card, files ...bot.File) error {
	p.files = append(p.files, files...)
	return nil
}

func newEscalations(t *testing.T) (*counterOf, *parcels) {
	t.Helper()
	c := desktest.New(t, escalating)
	c.Import(t, tellerBooks())
	private := &parcels{}
	return &counterOf{c, bot.NewRouter(bot.RouterConfig{Desk: c.Desk, Slash: "/ar", Private: private})}, private
}

// sends sends a form with the value that it was filled with, changed by the fields.
func (c *counterOf) sends(t *testing.T, actor ar.Actor, m *card.Modal, fields map[string]string) bot.Answer {
	t.Helper()
	call := bot.Call{Kind: bot.Submission, Action: m.Action, Value: m.Value, Fields: bot.Fields{}}
	for _, in := range m.Inputs {
		value := strings.Join(in.Initial, "")
		if changed, ok := fields[in.ID]; ok {
			value = changed
		}
		call.Fields[in.ID] = map[string]bot.Field{in.ID: {Values: []string{value}}}
	}
	return c.does(t, actor, call)
}

func (c *counterOf) opens(t *testing.T, actor ar.Actor, call bot.Call) *card.Modal {
	t.Helper()
	call.Trigger = "T"
	m := c.does(t, actor, call).Modal
	if m == nil {
		t.Fatalf("%s opens no form", call.Text)
	}
	return m
}

// TestEscalationGolden draws an escalation from its preview to its end.
func TestEscalationGolden(t *testing.T) {
	t.Parallel()
	c, _ := newEscalations(t)
	ask(t, c.r, desktest.Dana, "note danaway they always pay late")
	ask(t, c.r, desktest.Dana, "dispute INV-88 $150 pricing: 9.50 was agreed")
	c.saves(t, desktest.Dana, "promise INV-7 300 tomorrow")
	at(c.Company, "2026-12-01")
	c.Change(t, ar.Page{})
	if _, err := c.Desk.JudgePromises(t.Context()); err != nil {
		t.Fatal(err)
	}
	typed := bot.Call{Kind: bot.Command, Text: "escalate danaway <#" + salesChannel + "|sales> call <!channel> &amp; <@U123ABC|kim> today"}
	c.form(t, desktest.Nora, typed, "escalation_preview")
	c.form(t, desktest.Nora, bot.Call{Kind: bot.Command, Text: "escalate INV-7"}, "escalation_of_invoice")
	c.form(t, desktest.Nora, bot.Call{Kind: bot.Command, Text: "escalate"}, "escalation_of_whom")
	c.form(t, desktest.Nora, bot.Call{Kind: bot.Shortcut, Action: "escalate", Message: bot.Words{Text: "INV-7 again!", Link: saidLink}}, "escalation_from_message")
	m := c.opens(t, desktest.Nora, typed)
	if wrong := c.sends(t, desktest.Nora, m, map[string]string{"due": "2026-11-01"}).Invalid["due"]; !strings.Contains(wrong, "is past") {
		t.Errorf("a date that has passed: %q", wrong)
	}
	golden(t, "escalated", c.sends(t, desktest.Nora, m, map[string]string{"ask": "Call them today.\nThe CFO is back."}).Card)
	golden(t, "escalation_post", c.posts(t, ar.EscalationPost)...)
	golden(t, "escalation_why", c.presses(t, desktest.Dana, "escalation_why", "1"))
	c.form(t, desktest.Nora, bot.Call{Kind: bot.Action, Action: "escalation_change", Value: "1"}, "escalation_change")
	golden(t, "escalation_mine", c.presses(t, desktest.Dana, "escalation_mine", "1"), c.presses(t, desktest.Dana, "escalation_mine", "1"))
	golden(t, "escalation_too_late", c.presses(t, desktest.Nora, "escalation_mine", "1"))
	golden(t, "escalation_taken", c.posts(t, ar.EscalationPost)...)
	golden(t, "escalations", ask(t, c.r, desktest.Nora, "escalations"))
	ask(t, c.r, desktest.Dana, "release danaway")
	if err := c.Desk.FollowEscalations(t.Context()); err != nil {
		t.Fatal(err)
	}
	at(c.Company, "2026-12-04")
	c.Change(t, ar.Page{})
	if err := c.Desk.PlanAsksAgain(t.Context(), day("2026-12-04")); err != nil {
		t.Fatal(err)
	}
	c.placed(t)
	golden(t, "escalation_asked_again", c.posts(t, ar.EscalationNews)...)
	golden(t, "escalation_withdrawn", c.presses(t, desktest.Nora, "escalation_withdraw", "1"), c.posts(t, ar.EscalationPost)[0])
	golden(t, "escalations_none", ask(t, c.r, desktest.Nora, "escalations"))
	golden(t, "status_of_ar", ask(t, c.r, desktest.Nora, "status danaway"))
}

// placed puts the posts of escalations into their channel, so that threads have heads.
func (c *counterOf) placed(t *testing.T) {
	t.Helper()
	for id := ar.PostID(1); ; id++ {
		post, err := c.Desk.Post(t.Context(), id)
		if err != nil {
			return
		}
		if post.Kind != ar.EscalationPost {
			continue
		}
		if err := c.Desk.SetPart(t.Context(), id, ar.PostPart{Channel: salesChannel, TS: "1772440000.000100"}); err != nil {
			t.Fatal(err)
		}
		if err := c.Desk.SetPostState(t.Context(), id, ar.PostDone, ""); err != nil {
			t.Fatal(err)
		}
	}
}

// TestEscalationPaidGolden draws the word of thanks.
func TestEscalationPaidGolden(t *testing.T) {
	t.Parallel()
	c, _ := newEscalations(t)
	c.sends(t, desktest.Nora, c.opens(t, desktest.Nora, bot.Call{Kind: bot.Command, Text: "escalate INV-7"}), nil)
	c.presses(t, desktest.Dana, "escalation_mine", "1")
	c.placed(t)
	c.Change(t, ar.Page{
		Documents:    []ar.DocumentRecord{storetest.Doc(ar.Payment, "PAY-1", "Danaway", "2026-11-25", "", "500.00")},
		Applications: []ar.ApplicationRecord{storetest.Pays("x", "PAY-1", "INV-7", "2026-11-25", "500.00")},
	})
	if err := c.Desk.FollowEscalations(t.Context()); err != nil {
		t.Fatal(err)
	}
	golden(t, "escalation_paid", append(c.posts(t, ar.EscalationPost), c.posts(t, ar.EscalationNews)...)...)
}

// TestHoldGolden draws the proposal of a credit hold until two people agreed.
func TestHoldGolden(t *testing.T) {
	t.Parallel()
	c, _ := newEscalations(t)
	c.form(t, desktest.Nora, bot.Call{Kind: bot.Command, Text: "hold danaway"}, "hold")
	m := c.opens(t, desktest.Nora, bot.Call{Kind: bot.Command, Text: "hold danaway"})
	golden(t, "hold_proposed", c.sends(t, desktest.Nora, m, map[string]string{"why": "Three broken promises."}).Card)
	golden(t, "hold_post", c.posts(t, ar.EscalationPost)...)
	golden(t, "hold_own", answeredPress(t, c, desktest.Nora, "hold_agree", "1"))
	golden(t, "hold_approved", c.presses(t, desktest.Boss, "hold_agree", "1"))
	c.placed(t)
	golden(t, "hold_announced", append(c.posts(t, ar.EscalationPost), c.posts(t, ar.EscalationNews)...)...)
}

// answeredPress is the card of a press that is refused.
func answeredPress(t *testing.T, c *counterOf, actor ar.Actor, action, value string) card.Card {
	t.Helper()
	_, err := c.r.Handle(t.Context(), actor, bot.Call{Kind: bot.Action, Action: action, Value: value, User: actor.User})
	if err == nil {
		t.Fatalf("%s is not refused", action)
	}
	return card.New(err.Error())
}

// TestLadderGolden draws what the ladder says before and after it is turned on.
func TestLadderGolden(t *testing.T) {
	t.Parallel()
	c, _ := newEscalations(t)
	climb := func(date string) {
		at(c.Company, date)
		c.Change(t, ar.Page{})
		if err := c.Desk.ClimbLadder(t.Context(), day(date)); err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "ladder_off", ask(t, c.r, desktest.Nora, "ladder"), answered(t, c.r, desktest.Nora, "ladder on"))
	climb("2026-11-25")
	golden(t, "ladder_report", c.posts(t, ar.LadderReport)...)
	climb("2026-12-02")
	golden(t, "ladder_report_ready", c.posts(t, ar.LadderReport)...)
	golden(t, "ladder_on", c.presses(t, desktest.Nora, "ladder_on", "on"), ask(t, c.r, desktest.Nora, "ladder danaway"))
	for _, date := range []string{"2026-12-03", "2026-12-07", "2026-12-09"} {
		climb(date)
	}
	golden(t, "ladder_posts", c.posts(t, ar.EscalationPost)...)
	golden(t, "ladder_stands", ask(t, c.r, desktest.Dana, "ladder danaway"), c.presses(t, desktest.Dana, "escalation_why", "1"))
}

// TestHandoff: what goes to the agency is asked for first, and names that begin like
// formulas stay texts.
func TestHandoff(t *testing.T) {
	t.Parallel()
	c, private := newEscalations(t)
	c.saves(t, desktest.Dana, "promise INV-7 300 tomorrow")
	c.Clock.Add(time.Hour)
	ask(t, c.r, desktest.Dana, `note danaway =HYPERLINK("https://evil.example") <b>said Kim</b>`)
	golden(t, "handoff_asked", ask(t, c.r, desktest.Nora, "handoff danaway"))
	golden(t, "handoff_refused", answered(t, c.r, desktest.Dana, "handoff danaway"))
	of := bot.PickID(ar.Choice{Customer: c.ID(t, "Danaway")})
	golden(t, "handoff_sent", c.presses(t, desktest.Nora, "handoff", of))
	if len(private.files) != 1 {
		t.Fatalf("%d files were brought", len(private.files))
	}
	pack, err := zip.NewReader(bytes.NewReader(private.files[0].Content), int64(len(private.files[0].Content)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range pack.File {
		names = append(names, f.Name)
		content := opened(t, f)
		switch f.Name {
		case "summary.html":
			compare(t, "handoff_summary.html", content)
			lacks(t, string(content), "<b>said")
		case "contact-log.xlsx":
			book, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range book.File {
				if strings.HasPrefix(part.Name, "xl/worksheets/") {
					lacks(t, string(opened(t, part)), "<f>")
				}
			}
		}
	}
	if got := strings.Join(names, " "); got != "summary.html statement.xlsx overdue-invoices.xlsx promises.xlsx contact-log.xlsx" {
		t.Errorf("the pack holds %s", got)
	}
}

func opened(t *testing.T, f *zip.File) []byte {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
