package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/desk"
	"arbot/internal/desktest"
)

// syncs notes what was asked for.
type syncs struct{ asked []string }

func (s *syncs) Sync(_ context.Context, user string, ledgers []string) error {
	s.asked = append(s.asked, strings.Join(append([]string{"sync", user}, ledgers...), " "))
	return nil
}

func (s *syncs) ConnectURL(_ context.Context, user, ledger string) (string, error) {
	s.asked = append(s.asked, "connect "+user+" "+ledger)
	return "https://appcenter.intuit.com/connect/oauth2?state=x", nil
}

// ledgers is a company with ledgers in every state, as the config has them.
func ledgers(t *testing.T) *desktest.Company {
	t.Helper()
	c := desktest.New(t, func(s *desk.Settings) {
		for _, name := range []string{"fine", "slow", "paused", "lost", "fresh", "nobody"} {
			s.Ledgers = append(s.Ledgers, desk.Ledger{Name: name, Kind: "quickbooks", Every: 5 * time.Minute})
		}
	})
	states := map[string]ar.Health{
		"slow":   {State: ar.Delayed, Why: "QuickBooks asks for fewer calls; arbot goes on by itself.", Until: c.Clock.Now().Add(7 * time.Minute)},
		"paused": {State: ar.Paused, Why: "The subscription of the company has ended."},
		"lost":   {State: ar.NeedsReconnecting, Why: "QuickBooks has ended arbot's access.", Since: c.Clock.Now()},
	}
	for _, name := range []string{"fine", "slow", "paused", "lost", "fresh"} {
		c.Write(t, func(tx ar.Tx) error {
			conn := ar.Connection{Name: name, Kind: "quickbooks", Company: "1" + name, Title: "Company " + name}
			if name == "lost" {
				conn.Health = states[name]
			}
			if _, err := tx.PutConnection(t.Context(), conn); err != nil || name == "fresh" {
				return err
			}
			source, err := tx.PutSource(t.Context(), ar.SourceIdentity{Kind: "quickbooks", External: conn.Company, Name: conn.Title, Home: "USD"})
			if err != nil {
				return err
			}
			run, err := tx.StartRun(t.Context(), ar.Run{Source: source.ID, Full: true, Started: c.Clock.Now()})
			if err != nil {
				return err
			}
			tie := ar.TieOut{AsOf: day("2026-11-25"), Ledger: usd("9.00"), Ours: usd("9.00"), At: c.Clock.Now()}
			if name == "slow" {
				tie.Ours, tie.Because = usd("8.00"), "INV-9 (Acme): 1.00 in the ledger, not here."
			}
			mark := ar.SyncMark{Cursor: "x", DataAsOf: c.Clock.Now(), TieOuts: []ar.TieOut{tie}}
			switch name {
			case "slow":
				mark.LeftOut = []string{"The invoice with the id 7 could not be read and is left as it was: <!channel>. Open it in QuickBooks and save it anew."}
			case "fine":
				for n := range 8 {
					mark.LeftOut = append(mark.LeftOut, fmt.Sprintf("Payment %d names an invoice that the ledger lacks.", 40+n))
				}
			}
			if err := tx.FinishRun(t.Context(), run, mark, ""); err != nil {
				return err
			}
			if name == "lost" {
				return nil
			}
			return tx.SetHealth(t.Context(), source.ID, states[name])
		})
	}
	return c
}

func TestSyncStatusGolden(t *testing.T) {
	t.Parallel()
	c := ledgers(t)
	s := &syncs{}
	r := bot.NewRouter(bot.RouterConfig{Desk: c.Desk, Slash: "/ar", People: staff{}, Syncs: s})
	golden(t, "sync_status", answered(t, r, desktest.Admin, "sync"))
	for name, who := range map[string]ar.Actor{"rep": desktest.Dana, "nobody": desktest.NewHere, "outsider": desktest.Outsider} {
		if _, err := r.Handle(t.Context(), who, typed("sync status")); ar.KindOf(err) != ar.Forbidden {
			t.Errorf("%s gets %v", name, err)
		}
	}
	for name, who := range map[string]ar.Actor{"rep": desktest.Dana, "AR": desktest.Nora, "manager": desktest.Boss} {
		if _, err := r.Handle(t.Context(), who, typed("sync now")); ar.KindOf(err) != ar.Forbidden {
			t.Errorf("%s has it synced: %v", name, err)
		}
		_, err := r.Handle(t.Context(), who, bot.Call{Kind: bot.Action, Action: "reconnect", Value: "lost"})
		if ar.KindOf(err) != ar.Forbidden {
			t.Errorf("%s gets a link: %v", name, err)
		}
	}
	if len(s.asked) != 0 {
		t.Fatalf("asked %q", s.asked)
	}
	text := all(t, answered(t, r, desktest.Admin, "sync now slow"))
	contains(t, text, "The sync has begun.")
	answer, err := r.Handle(t.Context(), desktest.Admin, bot.Call{Kind: bot.Action, Action: "reconnect", Value: "lost"})
	if err != nil {
		t.Fatal(err)
	}
	contains(t, all(t, answer.Card), "Open QuickBooks", "for ten minutes")
	if got, want := strings.Join(s.asked, ", "), "sync U0ADMIN slow, connect U0ADMIN lost"; got != want {
		t.Errorf("asked %q, want %q", got, want)
	}
	var refused *ar.Error
	if _, err := r.Handle(t.Context(), desktest.Admin, typed("sync tomorrow")); !errors.As(err, &refused) || !strings.Contains(refused.Say, "/ar sync now") {
		t.Errorf("a word that means nothing: %v", err)
	}
}

// Every answer with figures says how the ledgers are, in words.
func TestHealthIsInTheFooter(t *testing.T) {
	t.Parallel()
	c := ledgers(t)
	text := all(t, answered(t, newRouter(c.Desk), desktest.Nora, "overdue"))
	contains(t, text, "Company slow is delayed: QuickBooks asks for fewer calls", "reading Company paused is paused: The subscription", "Company lost needs reconnecting: QuickBooks has ended", "Data as of")
}

// A comparison with the ledger's own total that is not made any more is said with every
// figure, as is one that never was.
func TestNoComparisonIsSaid(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	text := func() string {
		t.Helper()
		return all(t, answered(t, newRouter(c.Desk), desktest.Nora, "overdue"))
	}
	read := func(kind, name string, mark ar.SyncMark) {
		t.Helper()
		c.Write(t, func(tx ar.Tx) error {
			source, err := tx.PutSource(t.Context(), ar.SourceIdentity{Kind: kind, External: name, Name: "Company " + name, Home: "USD"})
			if err != nil {
				return err
			}
			mark.DataAsOf = c.Clock.Now()
			run, err := tx.StartRun(t.Context(), ar.Run{Source: source.ID, Full: true, Started: c.Clock.Now()})
			if err != nil {
				return err
			}
			return tx.FinishRun(t.Context(), run, mark, "")
		})
	}
	tie := ar.TieOut{AsOf: day("2026-11-25"), Ledger: usd("9.00"), Ours: usd("9.00"), At: c.Clock.Now()}
	read("quickbooks", "9", ar.SyncMark{TieOuts: []ar.TieOut{tie}})
	read("bundle", "files", ar.SyncMark{})
	c.Clock.Add(35 * time.Hour)
	read("quickbooks", "9", ar.SyncMark{})
	if s := text(); strings.Contains(s, "held against") {
		t.Errorf("a night's comparison is late, and files bring none: %s", s)
	}
	c.Clock.Add(2 * time.Hour)
	read("quickbooks", "9", ar.SyncMark{})
	contains(t, text(), "A/R of Company 9 was last held against the ledger's own total on 25 Nov, so nobody knows whether it agrees.")
	c.Write(t, func(tx ar.Tx) error {
		_, err := tx.PutConnection(t.Context(), ar.Connection{Name: "ten", Kind: "quickbooks", Company: "10", Title: "Company 10"})
		return err
	})
	read("quickbooks", "10", ar.SyncMark{})
	contains(t, text(), "A/R of Company 10 was not held against the ledger's own total yet")
}

// An alert about a ledger that is lost has the button, where it leads somewhere.
func TestReconnectAlert(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	for topic, button := range map[string]bool{
		bot.ReconnectTopic("main", c.Clock.Now()): true, bot.ExpiryTopic("main"): true, "sync/main": false,
	} {
		for _, public := range []bool{true, false} {
			d := bot.NewDigests(bot.DigestConfig{Desk: c.Desk, Slash: "/ar", Reconnect: public})
			composed, err := d.Compose(t.Context(), ar.Post{
				PostKey: ar.PostKey{Kind: ar.Alert, Route: "user:U0ADMIN/" + topic}, Body: "I cannot read it any more.",
			})
			if err != nil {
				t.Fatal(err)
			}
			text := all(t, composed.Head)
			if composed.To.User != "U0ADMIN" || strings.Contains(text, "[ Reconnect main ]") != (button && public) {
				t.Errorf("%s, with a public address %t, to %+v: %s", topic, public, composed.To, text)
			}
		}
	}
}
