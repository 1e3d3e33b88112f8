package fakeslack_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"arbot/internal/fakeslack"
)

func section(text string) slack.Block {
	return slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, text, false, false), nil, nil)
}

func TestPostUpdateDelete(t *testing.T) {
	t.Parallel()
	f := start(t)
	ctx := within(t)
	channel, ts, err := f.api.PostMessageContext(ctx, arChannel, slack.MsgOptionText("Digest of A&B", true),
		slack.MsgOptionBlocks(section("*12* overdue")), slack.MsgOptionDisableLinkUnfurl(),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "digest", EventPayload: map[string]any{"post": "p1"}}))
	if err != nil {
		t.Fatal(err)
	}
	m := f.Messages(arChannel)[0]
	if channel != arChannel || m.TS != ts || m.Text != "Digest of A&amp;B" || m.UnfurlLinks || m.User != f.BotUser() ||
		!strings.Contains(string(m.Metadata), `"p1"`) || !strings.Contains(string(m.Blocks), "*12* overdue") {
		t.Errorf("stored %+v", m)
	}
	if _, _, _, err := f.api.UpdateMessageContext(ctx, arChannel, ts, slack.MsgOptionText("only text", false)); err != nil {
		t.Fatal(err)
	}
	if m := f.Messages(arChannel)[0]; m.Blocks != nil || m.Text != "only text" || !m.Edited || m.Metadata == nil {
		t.Errorf("text without blocks must take the blocks away and leave the metadata: %+v", m)
	}
	if _, _, err := f.api.DeleteMessageContext(ctx, arChannel, ts); err != nil {
		t.Fatal(err)
	}
	_, _, _, err = f.api.UpdateMessageContext(ctx, arChannel, ts, slack.MsgOptionText("x", false))
	wantError(t, err, "message_not_found")
}

func TestWhereAPostMayGo(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		arChannel: "", "ar": "", "#ar": "", ana: "", "U0GONE": "",
		elsewhere: "not_in_channel", "C0OLD": "is_archived", secret: "channel_not_found", "C0NONE": "channel_not_found", "": "channel_not_found",
	} {
		t.Run("to "+name, func(t *testing.T) {
			t.Parallel()
			f := start(t)
			_, _, err := f.api.PostMessageContext(within(t), name, slack.MsgOptionText("hello", false))
			if got := message(err); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestPostRefusals(t *testing.T) {
	t.Parallel()
	many := make([]slack.Attachment, 101)
	for i := range many {
		many[i].Text = "x"
	}
	for name, c := range map[string]struct {
		want   string
		option slack.MsgOption
	}{
		"nothing to say":         {"no_text", slack.MsgOptionText("", false)},
		"only spaces":            {"no_text", slack.MsgOptionText(" \n", false)},
		"100 attachments":        {"", slack.MsgOptionAttachments(many[:100]...)},
		"101 attachments":        {"too_many_attachments", slack.MsgOptionAttachments(many...)},
		"reply to nothing":       {"cannot_reply_to_message", slack.MsgOptionCompose(slack.MsgOptionText("x", false), slack.MsgOptionTS("1.000000"))},
		"12,000 of markdown":     {"", slack.MsgOptionMarkdownText(strings.Repeat("x", 12_000))},
		"12,001 of markdown":     {"msg_too_long", slack.MsgOptionMarkdownText(strings.Repeat("x", 12_001))},
		"metadata without event": {"invalid_metadata_format", slack.MsgOptionCompose(slack.MsgOptionText("x", false), slack.MsgOptionMetadata(slack.SlackMetadata{}))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t)
			_, _, err := f.api.PostMessageContext(within(t), arChannel, c.option)
			if got := message(err); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestLongText(t *testing.T) {
	t.Parallel()
	f := start(t)
	for n, cut := range map[int]bool{39_999: false, 40_000: false, 40_001: true} {
		_, ts, err := f.api.PostMessageContext(within(t), arChannel, slack.MsgOptionText(strings.Repeat("é", n), false))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range f.Messages(arChannel) {
			if m.TS == ts && (m.Truncated != cut || len([]rune(m.Text)) > 40_000) {
				t.Errorf("%d characters: cut %v, %d kept", n, m.Truncated, len([]rune(m.Text)))
			}
		}
	}
	_, ts, err := f.api.PostMessageContext(within(t), arChannel, slack.MsgOptionText("x", false))
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]string{3_999: "", 4_000: "", 4_001: "msg_too_long"} {
		_, _, _, err := f.api.UpdateMessageContext(within(t), arChannel, ts, slack.MsgOptionText(strings.Repeat("é", n), false))
		if got := message(err); got != want {
			t.Errorf("update with %d characters: %q, want %q", n, got, want)
		}
	}
}

func TestEphemeral(t *testing.T) {
	t.Parallel()
	f := start(t)
	ctx := within(t)
	ts, err := f.api.PostEphemeralContext(ctx, arChannel, ana, slack.MsgOptionText("for you", false))
	if err != nil {
		t.Fatal(err)
	}
	if m := f.Messages(arChannel)[0]; m.EphemeralTo != ana || m.TS != ts {
		t.Errorf("stored %+v", m)
	}
	_, err = f.api.PostEphemeralContext(ctx, salesChannel, ben, slack.MsgOptionText("for you", false))
	wantError(t, err, "user_not_in_channel")
	_, _, _, err = f.api.UpdateMessageContext(ctx, arChannel, ts, slack.MsgOptionText("changed", false))
	wantError(t, err, "message_not_found")
	history, err := f.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: arChannel})
	if err != nil || len(history.Messages) != 0 {
		t.Errorf("an ephemeral message is no part of the history: %v, %v", history, err)
	}
}

func TestOnlyOwnMessagesChange(t *testing.T) {
	t.Parallel()
	f := start(t)
	m, _, err := f.Say(within(t), fakeslack.Words{User: ana, Channel: arChannel, Text: "mine"})
	if err != nil {
		t.Fatal(err)
	}
	_, _, _, err = f.api.UpdateMessageContext(within(t), arChannel, m.TS, slack.MsgOptionText("x", false))
	wantError(t, err, "cant_update_message")
	_, _, err = f.api.DeleteMessageContext(within(t), arChannel, m.TS)
	wantError(t, err, "cant_delete_message")
}

func TestThreadsAndHistory(t *testing.T) {
	t.Parallel()
	f := start(t)
	ctx := within(t)
	post := func(text string, options ...slack.MsgOption) string {
		f.clock.advance(time.Second)
		_, ts, err := f.api.PostMessageContext(ctx, arChannel, append(options, slack.MsgOptionText(text, false),
			slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "e", EventPayload: map[string]any{"text": text}}))...)
		if err != nil {
			t.Fatal(err)
		}
		return ts
	}
	first := post("first")
	post("reply", slack.MsgOptionTS(first))
	post("shown reply", slack.MsgOptionTS(first), slack.MsgOptionBroadcast())
	last := post("last")

	texts := func(list []slack.Message) string {
		out := make([]string, 0, len(list))
		for _, m := range list {
			out = append(out, m.Text)
		}
		return strings.Join(out, ",")
	}
	page := &slack.GetConversationHistoryParameters{ChannelID: arChannel, Limit: 2, IncludeAllMetadata: true}
	one, err := f.api.GetConversationHistoryContext(ctx, page)
	if err != nil {
		t.Fatal(err)
	}
	page.Cursor = one.ResponseMetaData.NextCursor
	two, err := f.api.GetConversationHistoryContext(ctx, page)
	if err != nil {
		t.Fatal(err)
	}
	if got := texts(one.Messages) + "|" + texts(two.Messages); got != "last,shown reply|first" || !one.HasMore || two.HasMore {
		t.Errorf("history %s, more %v %v", got, one.HasMore, two.HasMore)
	}
	if one.Messages[0].Metadata.EventPayload["text"] != "last" {
		t.Errorf("metadata %+v", one.Messages[0].Metadata)
	}
	replies, _, _, err := f.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: arChannel, Timestamp: first})
	if err != nil || texts(replies) != "first,reply,shown reply" || replies[1].Metadata.EventType != "" {
		t.Errorf("replies %s, metadata %+v, %v", texts(replies), replies, err)
	}
	since, err := f.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: arChannel, Oldest: first, Latest: last})
	if err != nil || texts(since.Messages) != "shown reply" {
		t.Errorf("between the edges: %s, %v", texts(since.Messages), err)
	}
	since, err = f.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: arChannel, Oldest: first, Inclusive: true})
	if err != nil || texts(since.Messages) != "last,shown reply,first" {
		t.Errorf("with the edge: %s, %v", texts(since.Messages), err)
	}
	_, _, _, err = f.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: arChannel, Timestamp: "1.000000"})
	wantError(t, err, "thread_not_found")
}

func TestTimeStampsAreUnique(t *testing.T) {
	t.Parallel()
	f := start(t)
	seen := map[string]bool{}
	for range 50 {
		_, ts, err := f.api.PostMessageContext(within(t), arChannel, slack.MsgOptionText("x", false))
		if err != nil || seen[ts] {
			t.Fatalf("ts %s again, or %v", ts, err)
		}
		seen[ts] = true
	}
}

// TestOneMessageASecond: a burst is taken, then the channel's pace holds; other
// channels are not held up.
func TestOneMessageASecond(t *testing.T) {
	t.Parallel()
	f := start(t, func(o *fakeslack.Options) { o.PostBurst = 2 })
	post := func(channel string) error {
		_, _, err := f.api.PostMessageContext(within(t), channel, slack.MsgOptionText("x", false))
		return err
	}
	for range 2 {
		if err := post(arChannel); err != nil {
			t.Fatal(err)
		}
	}
	var limited *slack.RateLimitedError
	if err := post(arChannel); !errors.As(err, &limited) || limited.RetryAfter != time.Second {
		t.Fatalf("the third gave %v", err)
	}
	if err := post(salesChannel); err != nil {
		t.Errorf("another channel: %v", err)
	}
	f.clock.advance(999 * time.Millisecond)
	if err := post(arChannel); err == nil {
		t.Error("0.999 s later a message was taken")
	}
	f.clock.advance(time.Millisecond)
	if err := post(arChannel); err != nil {
		t.Errorf("1 s later: %v", err)
	}
	if calls := f.Calls("chat.postMessage"); calls[2].Status != http.StatusTooManyRequests || calls[2].Error != "ratelimited" {
		t.Errorf("recorded %+v", calls[2])
	}
}

func TestTiers(t *testing.T) {
	t.Parallel()
	f := start(t, func(o *fakeslack.Options) { o.EnforceTiers = true })
	for i := range 21 {
		_, err := f.api.GetUserGroupsContext(within(t))
		if limited := err != nil; limited != (i == 20) {
			t.Fatalf("call %d of tier 2: %v", i+1, err)
		}
	}
	f.clock.advance(3 * time.Second)
	if _, err := f.api.GetUserGroupsContext(within(t)); err != nil {
		t.Errorf("after 3 s: %v", err)
	}
}

func TestPostsPerMinute(t *testing.T) {
	t.Parallel()
	f := start(t, func(o *fakeslack.Options) { o.PostsPerMinute = 3 })
	for i, channel := range []string{arChannel, salesChannel, ana, arChannel} {
		_, _, err := f.api.PostMessageContext(within(t), channel, slack.MsgOptionText("x", false))
		var limited *slack.RateLimitedError
		if refused := errors.As(err, &limited); refused != (i == 3) || (refused && limited.RetryAfter != 20*time.Second) {
			t.Errorf("post %d: %v", i+1, err)
		}
	}
}

func TestPermalink(t *testing.T) {
	t.Parallel()
	f := start(t)
	_, ts, err := f.api.PostMessageContext(within(t), arChannel, slack.MsgOptionText("x", false))
	if err != nil {
		t.Fatal(err)
	}
	link, err := f.api.GetPermalinkContext(within(t), &slack.PermalinkParameters{Channel: arChannel, Ts: ts})
	if want := "https://acme.slack.com/archives/C0AR/p" + strings.ReplaceAll(ts, ".", ""); err != nil || link != want {
		t.Errorf("got %s, %v, want %s", link, err, want)
	}
}

// TestJSONBody: Slack takes JSON with a bearer token, and no token within it.
func TestJSONBody(t *testing.T) {
	t.Parallel()
	f := start(t)
	post := func(bearer, body string) map[string]any {
		r, err := http.NewRequestWithContext(within(t), http.MethodPost, f.URL()+"chat.postMessage", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
		if bearer != "" {
			r.Header.Set("Authorization", "Bearer "+bearer)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close(); http.DefaultClient.CloseIdleConnections() }()
		var out map[string]any
		if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	body := `{"channel":"C0AR","text":"from JSON","blocks":[{"type":"divider"}],"unfurl_links":false}`
	if out := post(f.BotToken(), body); out["ok"] != true {
		t.Errorf("got %v", out)
	}
	if m := f.Messages(arChannel)[0]; m.Text != "from JSON" || string(m.Blocks) != `[{"type":"divider"}]` || m.UnfurlLinks {
		t.Errorf("stored %+v", m)
	}
	if out := post("", `{"token":"`+f.BotToken()+`","channel":"C0AR","text":"x"}`); out["error"] != "not_authed" {
		t.Errorf("a token within JSON gave %v", out)
	}
	if out := post(f.BotToken(), `[1]`); out["error"] != "json_not_object" {
		t.Errorf("a list gave %v", out)
	}
	if out := post(f.BotToken(), `{"channel":"C0AR","blocks":{"type":"divider"}}`); out["error"] != "invalid_blocks_format" {
		t.Errorf("blocks that are no list gave %v", out)
	}
}
