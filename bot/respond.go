package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/slack-go/slack"

	"arbot/bot/blockkit"
	"arbot/bot/card"
)

// reply is what a response URL or the acknowledgement of a command takes.
type reply struct {
	Type    string        `json:"response_type"`
	Replace bool          `json:"replace_original"`
	Text    string        `json:"text"`
	Blocks  []slack.Block `json:"blocks,omitempty"`
	Links   bool          `json:"unfurl_links"`
	Media   bool          `json:"unfurl_media"`
}

func newReply(m blockkit.Message, inChannel, replace bool) reply {
	r := reply{Type: slack.ResponseTypeEphemeral, Replace: replace, Text: m.Text, Blocks: m.Blocks}
	if inChannel {
		r.Type = slack.ResponseTypeInChannel
	}
	return r
}

// Respond uses a response URL once. A *RefusedError says that it is used up or
// too old.
func (g *Gate) Respond(ctx context.Context, url string, p Page, inChannel, replace bool) error {
	_, err := g.wholeOrPlain(p, func(m blockkit.Message) (string, error) {
		return "", g.call(ctx, methodRespond, "", func(ctx context.Context) error {
			return g.respond(ctx, url, newReply(m, inChannel, replace))
		})
	}, "")
	return err
}

const (
	methodRespond = "response_url"
	// maxReplyAnswer is more than Slack ever says to a reply.
	maxReplyAnswer = 4096
)

// respondRaw uses a response URL once, for a reply that is encoded already.
func (g *Gate) respondRaw(ctx context.Context, url string, body json.RawMessage) error {
	return g.call(ctx, methodRespond, "", func(ctx context.Context) error { return g.postReply(ctx, url, body) })
}

func (g *Gate) respond(ctx context.Context, url string, r reply) error {
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("bot: encode a reply: %w", err)
	}
	return g.postReply(ctx, url, body)
}

func (g *Gate) postReply(ctx context.Context, url string, body json.RawMessage) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("bot: make a reply: %w", withoutURL(err))
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	res, err := g.http.Do(req)
	if err != nil {
		return fmt.Errorf("bot: send a reply: %w", withoutURL(err))
	}
	defer res.Body.Close()
	said, err := io.ReadAll(io.LimitReader(res.Body, maxReplyAnswer))
	if err != nil {
		return fmt.Errorf("bot: read the answer to a reply: %w", err)
	}
	return replyError(res, said)
}

// replyError reads the answer to a reply: "ok", or JSON, or a word and a status.
func replyError(res *http.Response, said []byte) error {
	var answer slack.SlackResponse
	isJSON := json.Unmarshal(said, &answer) == nil
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		return &slack.RateLimitedError{RetryAfter: retryAfter(res.Header)}
	case res.StatusCode >= http.StatusInternalServerError:
		return slack.StatusCodeError{Code: res.StatusCode, Status: res.Status}
	case isJSON && answer.Error != "":
		return slack.SlackErrorResponse{Err: answer.Error}
	case res.StatusCode != http.StatusOK:
		return slack.SlackErrorResponse{Err: card.Truncate(card.Clean(string(said)), 60)}
	}
	return nil
}
