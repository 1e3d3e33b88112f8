package main

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"arbot/ar"
	"arbot/internal/fakeslack"
)

// both runs a test over Socket Mode and over signed HTTP.
func both(t *testing.T, f func(t *testing.T, mode string)) {
	t.Helper()
	for _, mode := range []string{"socket", "http"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			f(t, mode)
		})
	}
}

// connected starts the service, and has Slack reach it by its mode.
func (o *office) connected(t *testing.T, mode string) *service {
	t.Helper()
	gone, cancel := context.WithTimeout(t.Context(), tooLong)
	defer cancel()
	// Slack may not have noticed yet that a service of before has hung up.
	if err := o.slack.Await(gone, func(st *fakeslack.State) bool { return st.Sockets() == 0 }); err != nil {
		t.Fatal(err)
	}
	s := o.serve(t)
	if mode == "socket" {
		o.await(t, s, "a connection", func(st *fakeslack.State) bool { return st.Sockets() > 0 })
		return s
	}
	address := "http://" + s.address(t)
	o.slack.SetEndpoints(fakeslack.Endpoints{
		Commands: address + "/slack/commands", Interactivity: address + "/slack/interactivity", Events: address + "/slack/events",
	})
	return s
}

// checklists are the messages to the admin that tell how far the company is set up.
func checklists(messages []fakeslack.Message) (found []fakeslack.Message) {
	for _, m := range messages {
		if isChecklist(m) && !m.Deleted {
			found = append(found, m)
		}
	}
	return found
}

// The admin is welcomed with a list that ticks itself: one message, edited in its place.
func TestChecklistTicksItself(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, mode string) {
		t.Helper()
		o := newOffice(t, "2026-11-25T07:00:00-05:00", "mode: "+mode+", ")
		if err := o.slack.Leave(salesChannel, demoBot); err != nil {
			t.Fatal(err)
		}
		s := o.connected(t, mode)
		admin := o.user(t, ar.Admin)
		says := func(what string, texts ...string) {
			t.Helper()
			o.await(t, s, what, func(st *fakeslack.State) bool {
				lists := checklists(st.DMs(admin))
				if len(lists) != 1 {
					return false
				}
				for _, text := range texts {
					if !strings.Contains(lists[0].Text+string(lists[0].Blocks), text) {
						return false
					}
				}
				return true
			})
		}
		says("a welcome", "2 of 6 steps are done. The next one: First import.", "arbot import", "Invite me into #sales", "AR channel, done")
		o.mustRun(t, "import")
		if err := o.slack.Join(salesChannel, demoBot); err != nil {
			t.Fatal(err)
		}
		says("the ticks of the import and the invitation", "5 of 6 steps are done. The next one: First digest posted.", "sales-daily comes to #sales at 08:35, Monday to Friday.")
		s.stop()
		o.moveTo(t, "2026-11-25T08:50:00-05:00")
		s = o.connected(t, mode)
		says("the last tick", "arbot is set up: all 6 steps are done.")
		s.stop()
		s = o.connected(t, mode) // once more changes nothing
		o.typeIn(t, o.user(t, ar.ARClerk), arChannel, "aging")
		s.stop()
		if lists := checklists(o.slack.DMs(admin)); len(lists) != 1 {
			t.Errorf("%d checklists, want one", len(lists))
		}
	})
}

// Invited to a channel, the bot says in one message what it will do there, or what to write
// into the config; a second time it says nothing.
func TestInvitedToAChannel(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, mode string) {
		t.Helper()
		o := newOffice(t, "2026-11-25T07:00:00-05:00", "mode: "+mode+", ")
		if err := o.slack.Leave(salesChannel, demoBot); err != nil {
			t.Fatal(err)
		}
		o.slack.PutChannel(fakeslack.Channel{ID: "C0NEW", Name: "new"})
		o.slack.PutChannel(fakeslack.Channel{ID: "C0BOTH", Name: "with-them", ExtShared: true, SharedTeamIDs: []string{"T0THEM"}})
		s := o.connected(t, mode)
		for _, test := range []struct {
			channel string
			texts   []string
		}{
			{salesChannel, []string{"I will post sales-daily here.", "overdue by sales owner", "at 08:35, Monday to Friday", "by the asker alone"}},
			{"C0NEW", []string{"No digest comes to this channel yet", `- {name: ar-c0new, kind: ar, channel: C0NEW, at: \"08:30\"}`, "kind: sales"}},
			{"C0BOTH", []string{"People from outside the company read this channel", "allow_shared_channels"}},
		} {
			for range 2 {
				if err := o.slack.Join(test.channel, demoBot); err != nil {
					t.Fatal(err)
				}
				o.await(t, s, "a greeting in "+test.channel, func(st *fakeslack.State) bool { return len(st.Messages(test.channel)) > 0 })
				if err := o.slack.Leave(test.channel, demoBot); err != nil {
					t.Fatal(err)
				}
			}
			if err := o.slack.Join(test.channel, demoBot); err != nil {
				t.Fatal(err)
			}
			said := o.slack.Messages(test.channel)
			for _, text := range test.texts {
				if got := said[0].Text + string(said[0].Blocks); !strings.Contains(got, text) {
					t.Errorf("in %s it lacks %q: %s", test.channel, text, got)
				}
			}
		}
		o.typeIn(t, o.user(t, ar.ARClerk), arChannel, "aging") // what came before is dealt with
		s.logged(t, `"msg":"happened"`, 9)
		s.stop()
		for _, channel := range []string{salesChannel, "C0NEW", "C0BOTH"} {
			if n := len(o.slack.Messages(channel)); n != 1 {
				t.Errorf("%d messages in %s, want one", n, channel)
			}
		}
	})
}

// Somebody else's coming is no invitation of the bot.
func TestOthersComeUnnoticed(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2026-11-25T07:00:00-05:00", "")
	s := o.connected(t, "socket")
	ctx, cancel := context.WithTimeout(t.Context(), tooLong)
	defer cancel()
	if _, err := o.slack.Event(ctx, fakeslack.Event{Type: "member_joined_channel", User: o.user(t, ar.Rep), Channel: arChannel}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.slack.Event(ctx, fakeslack.Event{Type: "tokens_revoked", Fields: map[string]any{
		"tokens": map[string]any{"oauth": []string{"U0001"}, "bot": []string{}},
	}}); err != nil {
		t.Fatal(err)
	}
	o.typeIn(t, o.user(t, ar.ARClerk), arChannel, "aging")
	if got := s.stop(); got.code != 0 || strings.Contains(got.err, "happened") {
		t.Errorf("it ends with %d and logs %s", got.code, got.err)
	}
	if heads, _ := posted(o.slack.Messages(arChannel)); len(heads) != 0 {
		t.Errorf("%d messages", len(heads))
	}
}

// Uninstalled: it stops by itself, says so plainly, and says by its exit code that starting
// again is of no use. What waits is not lost.
func TestUninstalled(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, mode string) {
		t.Helper()
		for name, reversed := range map[string]bool{"in one order": false, "in the other": true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				o := newOffice(t, "2026-11-25T07:00:00-05:00", "mode: "+mode+", ")
				o.mustRun(t, "import")
				s := o.connected(t, mode)
				o.typeIn(t, o.user(t, ar.ARClerk), arChannel, "aging")
				ctx, cancel := context.WithTimeout(t.Context(), tooLong)
				defer cancel()
				// It may have stopped when the second event comes.
				_, _ = o.slack.Uninstall(ctx, reversed, fakeslack.NoWait())
				s.lockedOut(t)
				if got := o.run(t, "serve"); got.code != 3 || !strings.Contains(got.err, "arbot serve: Slack does not let arbot in.") {
					t.Errorf("started again it ends with %d and says %s", got.code, got.err)
				}
				if got := o.run(t, "doctor"); got.code != 1 || !strings.Contains(got.out, "Slack does not take the bot token: The bot token was revoked.") {
					t.Errorf("doctor ends with %d and says %s", got.code, got.out)
				}
			})
		}
	})
}

// lockedOut waits until the service has ended by itself, as it does when Slack does not
// let it in.
func (s *service) lockedOut(t *testing.T) {
	t.Helper()
	s.logged(t, `"msg":"slack locked arbot out, and it stops"`, 1)
	if got := s.stop(); got.code != 3 || !strings.Contains(got.err, "arbot serve: Slack does not let arbot in. The bot token was revoked. Install the app anew") {
		t.Errorf("it ends with %d and says\n%s", got.code, got.err)
	}
}

// A token that is revoked without a word is noticed at the first call. The digest that was
// to be posted is posted with the new token.
func TestTokenRevokedBeforeADigest(t *testing.T) {
	t.Parallel()
	o := newOffice(t, wednesday, "")
	o.mustRun(t, "import")
	lift := o.slack.Inject(fakeslack.Fault{Method: "chat.postMessage", Times: -1, Error: "token_revoked"})
	again := o.slack.Inject(fakeslack.Fault{Method: "auth.test", After: 1, Times: -1, Error: "token_revoked"})
	o.serve(t).lockedOut(t)
	lift()
	again()
	o.hurry(t)
	s := o.serve(t)
	o.await(t, s, "the digests of the day", o.digestsStand)
	s.stop()
	for name, p := range o.places() {
		if len(p.heads) != 1 {
			t.Errorf("%s has %q", name, p.heads)
		}
	}
}

// A single refusal of a token that is good stops nothing.
func TestTokenRefusedOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, wednesday, "")
	o.mustRun(t, "import")
	defer o.slack.Inject(fakeslack.Fault{Method: "chat.postMessage", Error: "invalid_auth"})()
	s := o.serve(t)
	s.logged(t, `"msg":"slack refused the token, and takes it now"`, 1)
	o.typeIn(t, o.user(t, ar.ARClerk), arChannel, "aging")
	if got := s.stop(); got.code != 0 {
		t.Errorf("it ends with %d and logs %s", got.code, got.err)
	}
}

// An answer that failed has a short id, and the log has the whole error by it.
func TestFailureHasAnIDThatTheLogHas(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, mode string) {
		t.Helper()
		o := newOffice(t, "2026-11-25T07:00:00-05:00", "mode: "+mode+", ")
		o.mustRun(t, "import")
		s := o.connected(t, mode)
		if _, err := o.raw(t, "mode=rw").ExecContext(t.Context(), `ALTER TABLE documents RENAME TO lost`); err != nil {
			t.Fatal(err)
		}
		said := o.typeIn(t, o.user(t, ar.ARClerk), arChannel, "aging")
		found := regexp.MustCompile(`\(id ([0-9A-Z]{4})\)`).FindStringSubmatch(said)
		if found == nil || strings.Contains(said, "documents") {
			t.Fatalf("it answers %s", said)
		}
		if line := s.logged(t, `"msg":"call failed","id":"`+found[1]+`"`, 1); !strings.Contains(line, "no such table: main.documents") && !strings.Contains(line, "no such table: documents") {
			t.Errorf("the log has %s", line)
		}
	})
}

// X06: a channel is its id. Renamed it gets its digest, another of its old name gets
// nothing, and what names it has the new name.
func TestX06RenamedChannel(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2026-11-25T07:00:00-05:00", "")
	o.mustRun(t, "import")
	if err := o.slack.Rename(arChannel, "ar-old"); err != nil {
		t.Fatal(err)
	}
	o.slack.PutChannel(fakeslack.Channel{ID: "C0NEW", Name: "ar-team", Members: []string{demoBot}})
	o.mustRun(t, "digest", "--now", "ar-daily")
	if old, fresh := len(o.slack.Messages(arChannel)), len(o.slack.Messages("C0NEW")); old == 0 || fresh != 0 {
		t.Errorf("%d messages in the renamed channel, %d in the one of its old name", old, fresh)
	}
	if got := o.run(t, "doctor"); !strings.Contains(got.out, ": arbot is in #ar-old.") {
		t.Errorf("doctor says\n%s", got.out)
	}
	s := o.connected(t, "socket")
	o.await(t, s, "a checklist with the new name", func(st *fakeslack.State) bool {
		lists := checklists(st.DMs(o.user(t, ar.Admin)))
		return len(lists) == 1 && strings.Contains(string(lists[0].Blocks), "comes to #ar-old")
	})
	s.stop()
}
