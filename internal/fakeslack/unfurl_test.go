package fakeslack_test

import (
	"encoding/json"
	"testing"

	"github.com/slack-go/slack"

	"arbot/internal/fakeslack"
)

func withLedger(o *fakeslack.Options) { o.UnfurlDomains = []string{"ledger.example"} }

const invoice = "https://app.ledger.example/invoice/7"

func shown(text string) slack.Attachment {
	return slack.Attachment{Blocks: slack.Blocks{BlockSet: []slack.Block{
		slack.NewSectionBlock(slack.NewTextBlockObject(slack.PlainTextType, text, false, false), nil, nil),
	}}}
}

// told is what the app is told of the addresses in a delivery.
func told(t *testing.T, d *fakeslack.Delivery) (e struct {
	Type    string `json:"type"`
	Channel string `json:"channel"`
	TS      string `json:"message_ts"`
	ID      string `json:"unfurl_id"`
	Source  string `json:"source"`
	Member  bool   `json:"is_bot_user_member"`
	Links   []struct {
		Domain string `json:"domain"`
		URL    string `json:"url"`
	} `json:"links"`
},
) {
	t.Helper()
	var outer struct {
		Event json.RawMessage `json:"event"`
	}
	if d == nil {
		t.Fatal("the app is told nothing")
	}
	if err := json.Unmarshal(d.Payload, &outer); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(outer.Event, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

// The app is told of addresses of its domains in messages that it may see, and of no others.
func TestLinksAreTold(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		channel, text string
		told          int // links
	}{
		"one":                   {arChannel, "See <" + invoice + "|INV-7>.", 1},
		"twice the same":        {arChannel, invoice + " and " + invoice, 1},
		"two":                   {arChannel, invoice + " <https://ledger.example/8>", 2},
		"another's":             {arChannel, "https://notledger.example/7 https://ledger.example.evil.example/7", 0},
		"no address":            {arChannel, "ledger.example", 0},
		"without the bot":       {elsewhere, invoice, 1},
		"private and not there": {secret, invoice, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, withLedger)
			dial(t, f)
			m, d, err := f.Say(within(t), fakeslack.Words{User: ana, Channel: tt.channel, Text: tt.text}, fakeslack.NoWait())
			if err != nil {
				t.Fatal(err)
			}
			if tt.told == 0 {
				if d != nil {
					t.Errorf("the app is told %s", d.Payload)
				}
				return
			}
			e := told(t, d)
			if e.Type != "link_shared" || len(e.Links) != tt.told || e.Channel != tt.channel || e.TS != m.TS || e.Source != "conversations_history" || e.Member != (tt.channel == arChannel) {
				t.Errorf("told %+v", e)
			}
		})
	}
	f := start(t, withLedger)
	f.SetScopes("chat:write")
	if _, d, err := f.Say(within(t), fakeslack.Words{User: ana, Channel: arChannel, Text: invoice}); err != nil || d != nil {
		t.Errorf("without links:read the app is told %v, %v", d, err)
	}
}

func TestUnfurl(t *testing.T) {
	t.Parallel()
	f := start(t, withLedger)
	dial(t, f)
	m, d, err := f.Say(within(t), fakeslack.Words{User: ana, Channel: arChannel, Text: "See " + invoice}, fakeslack.NoWait())
	if err != nil {
		t.Fatal(err)
	}
	id := told(t, d).ID
	unfurl := func(at, ts string, a slack.Attachment) error {
		_, _, _, err := f.api.UnfurlMessageContext(within(t), arChannel, ts, map[string]slack.Attachment{at: a})
		return err
	}
	wantError(t, unfurl("https://ledger.example/8", m.TS, shown("8")), "cannot_unfurl_url")
	wantError(t, unfurl(invoice, "1.000001", shown("7")), "cannot_find_message")
	wantError(t, unfurl(invoice, m.TS, slack.Attachment{}), "cannot_parse_attachment")
	wantError(t, unfurl(invoice, m.TS, shown("")), "invalid_blocks")
	if len(f.Unfurled(id)) != 0 {
		t.Errorf("what was refused is shown: %s", f.Unfurled(id))
	}
	if err := unfurl(invoice, m.TS, shown("INV-7")); err != nil || len(f.Unfurled(id)) != 1 {
		t.Errorf("%v, shown %s", err, f.Unfurled(id))
	}
	if err := f.RemoveMessage(arChannel, m.TS); err != nil {
		t.Fatal(err)
	}
	wantError(t, unfurl(invoice, m.TS, shown("INV-7")), "cannot_find_message")
}

// What somebody is typing has no place yet: only its id names it.
func TestUnfurlInTheComposer(t *testing.T) {
	t.Parallel()
	f := start(t, withLedger)
	dial(t, f)
	id, d, err := f.Compose(within(t), fakeslack.Words{User: ana, Channel: arChannel, Text: invoice}, fakeslack.NoWait())
	if err != nil {
		t.Fatal(err)
	}
	if e := told(t, d); e.Channel != "COMPOSER" || e.Source != "composer" || e.ID != id || e.Member {
		t.Errorf("told %+v", e)
	}
	unfurl := func(id, source string) error {
		_, _, _, err := f.api.UnfurlMessageByIDContext(within(t), id, source, map[string]slack.Attachment{invoice: shown("INV-7")})
		return err
	}
	wantError(t, unfurl(id, "conversations_history"), "invalid_source")
	wantError(t, unfurl(id, "elsewhere"), "invalid_source")
	wantError(t, unfurl(id, ""), "missing_source")
	wantError(t, unfurl("", "composer"), "missing_unfurl_id")
	if err := unfurl(id, "composer"); err != nil || len(f.Unfurled(id)) != 1 {
		t.Errorf("%v, shown %s", err, f.Unfurled(id))
	}
	if id, d, err := f.Compose(within(t), fakeslack.Words{User: ana, Channel: arChannel, Text: "no address"}); err != nil || d != nil || id != "" {
		t.Errorf("of nothing the app is told %v, %v", d, err)
	}
}
