package bot_test

import (
	"context"
	"strings"
	"testing"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
	"arbot/internal/fakeslack"
)

const invoiceLink = "https://app.ledger.example/invoice/7"

// newLinks listens with a router that shows something under the links of the ledger.
func newLinks(t *testing.T, via string, share ...string) (*world, *running) {
	t.Helper()
	w := newWorld(t, change{slack: func(o *fakeslack.Options) { o.UnfurlDomains = []string{"ledger.example"} }})
	router := bot.NewRouter(bot.RouterConfig{Slash: "/ar", Share: share, Routes: bot.Routes{Links: func(_ context.Context, _ ar.Actor, c bot.Call) (bot.Answer, error) {
		shown := map[string]card.Card{}
		for _, link := range c.Links {
			shown[link] = card.New("INV-7 of Acme <!channel>.", card.Paragraph{card.B("INV-7"), card.T(" of Acme <!channel>")})
		}
		return bot.Answer{Unfurls: shown}, nil
	}}})
	return w, w.listen(t, via, router.Handle)
}

// Links are shown where answers may be read: to their person in the direct message, and
// in the channels of which the company has said so.
func TestLinksAreShown(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		for name, channel := range map[string]string{"direct message": "", "channel that shares": arChannel} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w, _ := newLinks(t, via, arChannel)
				m, _, err := w.Say(t.Context(), fakeslack.Words{User: ana, Channel: channel, Text: "See " + invoiceLink})
				if err != nil {
					t.Fatal(err)
				}
				if err := w.Await(t.Context(), func(s *fakeslack.State) bool {
					return strings.Contains(string(s.Unfurled(m.Channel + "." + m.TS)[invoiceLink]), "INV-7")
				}); err != nil {
					t.Fatal(err)
				}
			})
		}
	})
}

// Nothing is shown where others read along, nor before it is known where it will stand.
func TestLinksAreNotShown(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		tests := map[string]struct {
			user, channel string
			composer      bool
		}{
			"a channel that shares nothing":       {ana, salesChannel, false},
			"a channel with guests":               {ana, mixedChannel, false},
			"a channel of two companies":          {ana, sharedChannel, false},
			"a direct message of somebody else's": {ana, "D0TWO", false},
			"a guest":                             {guest, mixedChannel, false},
			"words that are being typed":          {ana, arChannel, true},
		}
		for name, tt := range tests {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w, b := newLinks(t, via, arChannel, mixedChannel, sharedChannel)
				w.PutChannel(fakeslack.Channel{ID: "D0TWO", IM: true, Members: []string{ana, ben}})
				words := fakeslack.Words{User: tt.user, Channel: tt.channel, Text: "See " + invoiceLink}
				var err error
				if tt.composer {
					_, _, err = w.Compose(t.Context(), words)
				} else {
					_, _, err = w.Say(t.Context(), words)
				}
				if err != nil {
					t.Fatal(err)
				}
				if err := b.stop(); err != nil { // waits for what was begun
					t.Fatal(err)
				}
				if n := len(w.Calls("chat.unfurl")); n != 0 {
					t.Errorf("%d links were shown", n)
				}
			})
		}
	})
}
