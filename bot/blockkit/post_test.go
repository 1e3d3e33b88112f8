package blockkit_test

import (
	"testing"
	"time"

	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"arbot/bot/blockkit"
	"arbot/bot/card/cardtest"
	"arbot/internal/fakeslack"
)

const channel = "C0AR"

// workspace is a Slack that takes messages as fast as they come.
func workspace(t *testing.T) (*fakeslack.Server, *slack.Client) {
	t.Helper()
	server, err := fakeslack.New(fakeslack.Options{
		Now:       time.Now,
		PostBurst: -1,
		Workspace: fakeslack.Workspace{
			Users:    []fakeslack.User{{ID: "U04RIVERA"}, {ID: "U123ABC"}},
			Channels: []fakeslack.Channel{{ID: channel, Name: "ar", Members: []string{"U0ARBOT", "U04RIVERA"}}},
		},
	})
	if err != nil {
		t.Fatalf("start fakeslack: %v", err)
	}
	t.Cleanup(server.Close)
	return server, slack.New(server.BotToken(), slack.OptionAPIURL(server.URL()))
}

// Slack's rules, as fakeslack keeps them, take each message that we make.
func TestSamplesCanBePosted(t *testing.T) {
	t.Parallel()
	for _, s := range cardtest.Samples() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			server, client := workspace(t)
			for _, tables := range []bool{true, false} {
				messages := render(t, s.Card, blockkit.Options{Tables: tables})
				for _, m := range append(messages, blockkit.PlainText(s.Card)) {
					if _, _, err := client.PostMessageContext(t.Context(), channel, m.Send()); err != nil {
						t.Errorf("post with tables=%t: %v", tables, err)
					}
				}
				last := server.Messages(channel)
				if got, want := last[len(last)-1].Text, blockkit.PlainText(s.Card).Text; got != want {
					t.Errorf("posted text = %q, want %q", got, want)
				}
			}
		})
	}
}

func TestAnyCardCanBePosted(t *testing.T) {
	t.Parallel()
	_, client := workspace(t)
	rapid.Check(t, func(rt *rapid.T) {
		drawn := cardtest.Draw(rt)
		messages := render(rt, drawn.Card, blockkit.Options{Tables: rapid.Bool().Draw(rt, "tables")})
		for _, m := range append(messages, blockkit.PlainText(drawn.Card)) {
			if _, _, err := client.PostMessageContext(t.Context(), channel, m.Send()); err != nil {
				rt.Fatalf("post: %v", err)
			}
		}
	})
}
