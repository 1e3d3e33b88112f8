package outside_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/internal/fakeslack"
)

// startBolt runs the app on Bolt over one of the transports.
func startBolt(t *testing.T, transport string, env ...string) (*fakeslack.Server, *clock) {
	t.Helper()
	s, clk := start(t, func(o *fakeslack.Options) {
		o.Subscriptions = []string{"member_joined_channel", "channel_rename", "channel_archive"}
	})
	first := runApp(t, s, "bolt.mjs", append(env, "TRANSPORT="+transport)...)
	if transport == "http" {
		url := "http://127.0.0.1:" + strings.TrimSpace(first) + "/slack/events"
		s.SetEndpoints(fakeslack.Endpoints{Commands: url, Interactivity: url, Events: url})
	}
	if err := s.AwaitApp(within(t)); err != nil {
		t.Fatal(err)
	}
	return s, clk
}

// TestBolt: an app that knows nothing of us does all that people can make it do.
// Bolt runs its listeners one after the other in one process, so do the subtests.
func TestBolt(t *testing.T) {
	t.Parallel()
	for _, transport := range []string{"socket", "http"} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			s, _ := startBolt(t, transport)
			b := &boltApp{s}
			t.Run("command", b.command)            //nolint:paralleltest // one app, one after the other
			t.Run("card", b.card)                  //nolint:paralleltest // one app, one after the other
			t.Run("modal", b.modal)                //nolint:paralleltest // one app, one after the other
			t.Run("shortcut", b.shortcut)          //nolint:paralleltest // one app, one after the other
			t.Run("words", b.words)                //nolint:paralleltest // one app, one after the other
			t.Run("changes", b.changes)            //nolint:paralleltest // one app, one after the other
			t.Run("home", b.home)                  //nolint:paralleltest // one app, one after the other
			t.Run("unhandled", b.unhandledCommand) //nolint:paralleltest // one app, one after the other
		})
	}
}

type boltApp struct{ *fakeslack.Server }

// await waits for a number of answers to a delivery and gives their texts.
func (b *boltApp) await(t *testing.T, d *fakeslack.Delivery, n int) []fakeslack.Message {
	t.Helper()
	if err := b.Await(within(t), func(st *fakeslack.State) bool { return len(st.Answers(d)) >= n }); err != nil {
		t.Fatal(err)
	}
	return d.Messages()
}

func (b *boltApp) slash(t *testing.T, text string) *fakeslack.Delivery {
	t.Helper()
	d, err := b.Slash(within(t), fakeslack.Command{User: ana, Channel: arChannel, Command: "/ar", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	if ack, ok := d.Ack(); !ok || !ack.InTime || ack.Status != 200 || ack.Problem != "" {
		t.Fatalf("/ar %s: acknowledged %t: %+v", text, ok, ack)
	}
	return d
}

func (b *boltApp) command(t *testing.T) {
	t.Helper()
	got := b.await(t, b.slash(t, "status acme"), 2)
	// Over HTTP the acknowledgement and what follows it travel on two connections.
	slices.SortFunc(got, func(x, y fakeslack.Message) int { return strings.Compare(x.Via, y.Via) })
	if got[0].Text != "Working on it" || got[0].Via != "ack" || got[1].Text != "Answer to status acme" || got[1].Via != "response_url" {
		t.Errorf("answers %+v", got)
	}
	for _, m := range got {
		if m.EphemeralTo != ana {
			t.Errorf("%q is for %q, not for Ana only", m.Text, m.EphemeralTo)
		}
	}
	got = b.await(t, b.slash(t, "in the ack"), 1)
	if got[0].Text != "/ar from ana in ar" || got[0].EphemeralTo != "" {
		t.Errorf("answers %+v", got)
	}
}

func (b *boltApp) card(t *testing.T) {
	shown := b.await(t, b.slash(t, "card"), 1)[0]
	click := func(element, value string) *fakeslack.Delivery {
		d, err := b.Click(within(t), fakeslack.Click{User: ana, Channel: arChannel, TS: shown.TS, Element: element, Value: value})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	click("reason", "damage")
	d := click("Dispute", "")
	after := b.await(t, d, 1)[0]
	if after.TS != shown.TS || after.Text != "inv-1042 disputed by U0ANA over damage" || len(after.Blocks) != 0 {
		t.Errorf("the card became %+v", after)
	}
}

func (b *boltApp) modal(t *testing.T) {
	ctx := within(t)
	open := func() {
		b.slash(t, "promise") //nolint:contextcheck // it has a context of its own, bounded like ours
		if err := b.Await(ctx, func(st *fakeslack.State) bool { return len(st.Modals(ana)) == 1 }); err != nil {
			t.Fatal(err)
		}
	}
	open()
	before := len(b.DMs(ana))
	if _, err := b.SubmitView(ctx, fakeslack.Submission{User: ana, Values: map[string]string{"amount": "a lot"}}); err != nil {
		t.Fatal(err)
	}
	if shown := b.Modals(ana); len(shown) != 1 || shown[0].Errors["amount"] != "a lot is not an amount." {
		t.Fatalf("after a wrong amount Ana sees %+v", shown)
	}
	if _, err := b.SubmitView(ctx, fakeslack.Submission{User: ana, Values: map[string]string{"amount": "5000"}}); err != nil {
		t.Fatal(err)
	}
	open()
	if _, err := b.CloseView(ctx, ana); err != nil {
		t.Fatal(err)
	}
	if err := b.Await(ctx, func(st *fakeslack.State) bool { return len(st.DMs(ana)) == before+2 }); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range b.DMs(ana)[before:] {
		got = append(got, m.Text)
	}
	if diff := cmp.Diff([]string{"account-7: 5000 on 2026-12-04", "Closed promise"}, got); diff != "" {
		t.Errorf("told Ana (-want +got):\n%s", diff)
	}
}

func (b *boltApp) shortcut(t *testing.T) {
	m, _, err := b.Say(within(t), fakeslack.Words{User: ana, Channel: arChannel, Text: "They will pay on Friday"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Shortcut(within(t), fakeslack.Shortcut{User: ana, CallbackID: "log_promise", Channel: arChannel, TS: m.TS}); err != nil {
		t.Fatal(err)
	}
	b.awaitReply(t, m.TS, "On They will pay on Friday")
}

func (b *boltApp) awaitReply(t *testing.T, ts, want string) {
	t.Helper()
	if err := b.Await(within(t), func(st *fakeslack.State) bool { return len(st.Thread(arChannel, ts)) > 0 }); err != nil {
		t.Fatal(err)
	}
	if got := b.Thread(arChannel, ts); len(got) != 1 || got[0].Text != want {
		t.Errorf("replies %+v, want %q", got, want)
	}
}

func (b *boltApp) words(t *testing.T) {
	m, d, err := b.Say(within(t), fakeslack.Words{User: ana, Channel: arChannel, Text: "<@U0ARBOT> status acme"})
	if err != nil {
		t.Fatal(err)
	}
	b.awaitReply(t, m.TS, d.EventID+" try 0")
	before := len(b.DMs(ana))
	if _, _, err := b.Say(within(t), fakeslack.Words{User: ana, Text: "status acme"}); err != nil {
		t.Fatal(err)
	}
	if err := b.Await(within(t), func(st *fakeslack.State) bool { return len(st.DMs(ana)) == before+2 }); err != nil {
		t.Fatal(err)
	}
	if got := b.DMs(ana)[before+1].Text; got != "You wrote status acme in a im" {
		t.Errorf("the answer in the direct message is %q", got)
	}
}

func (b *boltApp) changes(t *testing.T) {
	await := func(channel, want string) {
		err := b.Await(within(t), func(st *fakeslack.State) bool {
			all := st.Messages(channel)
			return len(all) > 0 && all[len(all)-1].Text == want
		})
		if err != nil {
			t.Fatalf("waiting for %q: %v", want, err)
		}
	}
	for _, c := range []struct {
		change        func() error
		channel, want string
	}{
		{func() error { return b.Join(arChannel, "U0GUEST") }, arChannel, "Hello U0GUEST"},
		{func() error { return b.Rename(arChannel, "receivables") }, arChannel, "Now receivables"},
		{func() error { return b.Archive("C0RANDOM") }, "C0SALES", "Archived C0RANDOM"},
		{func() error { return b.Rename(arChannel, "ar") }, arChannel, "Now ar"},
	} {
		if err := c.change(); err != nil {
			t.Fatal(err)
		}
		await(c.channel, c.want)
	}
}

func (b *boltApp) home(t *testing.T) {
	if _, err := b.OpenHome(within(t), ana); err != nil {
		t.Fatal(err)
	}
	err := b.Await(within(t), func(st *fakeslack.State) bool {
		v, ok := st.Home(ana)
		return ok && strings.Contains(string(v.Blocks), "Home of U0ANA")
	})
	if err != nil {
		t.Fatal(err)
	}
}

// unhandledCommand: Bolt leaves what it has no listener for unanswered over Socket
// Mode and answers it with 404 over HTTP after 3 s. Only the first is quick to see.
func (b *boltApp) unhandledCommand(t *testing.T) {
	d, err := b.Slash(within(t), fakeslack.Command{User: ana, Channel: arChannel, Command: "/other"}, fakeslack.NoWait())
	if err != nil {
		t.Fatal(err)
	}
	b.slash(t, "in the ack")
	if ack, acked := d.Ack(); acked {
		t.Errorf("nobody listens, yet there is an acknowledgement: %+v", ack)
	}
}
