package fakeslack_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"arbot/internal/fakeslack"
)

// innerEvents are the events sent to the app so far: their types and what matters.
func innerEvents(t *testing.T, f *fixture) (got []string) {
	t.Helper()
	f.Look(func(st *fakeslack.State) {
		for _, d := range st.Deliveries() {
			e, err := slackevents.ParseEvent(d.Payload, slackevents.OptionNoVerifyToken())
			if err != nil {
				t.Fatalf("slack-go cannot read %s: %v", d.Payload, err)
			}
			got = append(got, sumUp(t, e))
		}
	})
	return got
}

func sumUp(t *testing.T, e slackevents.EventsAPIEvent) string {
	t.Helper()
	switch in := e.InnerEvent.Data.(type) {
	case *slackevents.MemberJoinedChannelEvent:
		return "joined " + in.Channel + in.ChannelType + " " + in.User + " " + in.Team
	case *slackevents.MemberLeftChannelEvent:
		return "left " + in.Channel + " " + in.User
	case *slackevents.ChannelArchiveEvent:
		return "archived " + in.Channel
	case *slackevents.GroupArchiveEvent:
		return "archived private " + in.Channel
	case *slackevents.ChannelRenameEvent:
		return "renamed " + in.Channel.ID + " " + in.Channel.Name
	case *slackevents.SharedChannelInviteAcceptedEvent:
		return "shared"
	case *slackevents.UserChangeEvent:
		return "user " + in.User.ID
	case *slackevents.TokensRevokedEvent:
		return "revoked " + in.Tokens.Bot[0]
	case *slackevents.AppUninstalledEvent:
		return "uninstalled"
	}
	return e.InnerEvent.Type
}

func TestAnnouncements(t *testing.T) {
	t.Parallel()
	f := start(t, func(o *fakeslack.Options) {
		o.Subscriptions = []string{
			"member_joined_channel", "member_left_channel", "channel_archive", "group_archive", "channel_rename", "channel_shared", "user_change",
		}
	})
	listen(t, f, func(c *socketmode.Client, e socketmode.Event) { _ = c.Ack(*e.Request) })
	f.PutUser(fakeslack.User{ID: "U0EXT", TeamID: "T0OTHER", IsStranger: true})
	for _, err := range []error{
		f.Join(elsewhere, ben),                     // not heard: the bot is not there
		f.Join(secret, f.BotUser()),                // the bot hears of itself
		f.Join(salesChannel, "U0EXT", ana),         // Ana was there
		f.ShareExternally(salesChannel, "T0OTHER"), //
		f.Leave(salesChannel, "U0EXT"),             //
		f.Rename(arChannel, "receivables"),         //
		f.Archive(salesChannel), f.Archive(secret), //
		f.Rename(secret, "not subscribed to: group..."), //
		f.Deactivate(ben), //
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"joined G0BOARDG U0ARBOT T0ACME", "joined C0SALESC U0EXT T0OTHER", "channel_shared", "left C0SALES U0EXT",
		"renamed C0AR receivables", "archived C0SALES", "archived private G0BOARD", "user U0BEN",
	}
	if diff := cmp.Diff(want, innerEvents(t, f)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestNothingIsAnnouncedUnasked(t *testing.T) {
	t.Parallel()
	f := start(t)
	dial(t, f)
	for _, err := range []error{f.Join(arChannel, "U0GUEST"), f.Archive(arChannel), f.Deactivate(ben)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := innerEvents(t, f); len(got) != 0 {
		t.Errorf("events %q", got)
	}
}

func TestUninstall(t *testing.T) {
	t.Parallel()
	for _, reversed := range []bool{false, true} {
		f := start(t)
		listen(t, f, func(c *socketmode.Client, e socketmode.Event) { _ = c.Ack(*e.Request) })
		if sent, err := f.Uninstall(within(t), reversed); err != nil || len(sent) != 2 {
			t.Fatalf("sent %d, %v", len(sent), err)
		}
		want := []string{"revoked U0ARBOT", "uninstalled"}
		if reversed {
			want = []string{"uninstalled", "revoked U0ARBOT"}
		}
		if diff := cmp.Diff(want, innerEvents(t, f)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		_, err := f.api.AuthTestContext(within(t))
		wantError(t, err, "token_revoked")
	}
	f := start(t)
	if _, err := f.Uninstall(within(t), false); !errors.Is(err, fakeslack.ErrNotConnected) {
		t.Errorf("with no app to tell: %v", err)
	}
}

func TestGuests(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.PutUser(fakeslack.User{ID: "U0ONE", IsUltraRestricted: true})
	if err := f.Join(arChannel, "U0ONE", "U0GUEST"); err != nil {
		t.Fatal(err)
	}
	if err := f.Join(salesChannel, "U0GUEST"); err != nil {
		t.Errorf("a multi-channel guest may be in several channels: %v", err)
	}
	if err := f.Join(salesChannel, "U0ONE"); err == nil {
		t.Error("a single-channel guest is in two channels")
	}
	dial(t, f)
	if _, err := f.Slash(within(t), fakeslack.Command{User: "U0ONE", Channel: arChannel, Command: "/ar"}, fakeslack.NoWait()); err != nil {
		t.Errorf("a guest may use commands where they are: %v", err)
	}
	if _, err := f.Slash(within(t), fakeslack.Command{User: "U0ONE", Channel: elsewhere, Command: "/ar"}, fakeslack.NoWait()); err == nil {
		t.Error("a guest acts in a channel that they are not in")
	}
}

// TestWordsFromElsewhere: what a person of another organisation writes into a shared
// channel says where they are from.
func TestWordsFromElsewhere(t *testing.T) {
	t.Parallel()
	f := start(t)
	dial(t, f)
	f.PutUser(fakeslack.User{ID: "U0EXT", TeamID: "T0OTHER", IsStranger: true})
	for _, err := range []error{f.ShareExternally(arChannel, "T0OTHER"), f.Join(arChannel, "U0EXT")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	_, d, err := f.Say(within(t), fakeslack.Words{User: "U0EXT", Channel: arChannel, Text: "<@U0ARBOT> aging"}, fakeslack.NoWait())
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Shared bool   `json:"is_ext_shared_channel"`
		Team   string `json:"team_id"`
		Event  struct {
			UserTeam string `json:"user_team"`
		} `json:"event"`
	}
	if err := json.Unmarshal(d.Payload, &got); err != nil {
		t.Fatal(err)
	}
	if !got.Shared || got.Team != "T0ACME" || got.Event.UserTeam != "T0OTHER" {
		t.Errorf("the event says %+v", got)
	}
}
