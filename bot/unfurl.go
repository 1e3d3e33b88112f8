package bot

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"arbot/bot/blockkit"
	"arbot/bot/card"
)

// Unfurl shows cards under the addresses of a message, by address.
func (g *Gate) Unfurl(ctx context.Context, channel, ts string, cards map[string]card.Card, o blockkit.Options) error {
	shown := make(map[string]slack.Attachment, len(cards))
	for address, c := range cards {
		messages, err := blockkit.Render(c, o)
		if err != nil {
			return fmt.Errorf("bot: render what is shown under a link: %w", err)
		}
		if len(messages) > 1 {
			g.log.WarnContext(ctx, "only the beginning of a card is shown under a link", "channel", channel, "messages", len(messages))
		}
		shown[address] = slack.Attachment{Blocks: slack.Blocks{BlockSet: messages[0].Blocks}}
		if len(messages[0].Blocks) == 0 {
			shown[address] = slack.Attachment{Text: messages[0].Text, Fallback: messages[0].Text}
		}
	}
	err := g.call(ctx, "chat.unfurl", channel, func(ctx context.Context) error {
		_, _, _, err := g.client.UnfurlMessageContext(ctx, channel, ts, shown)
		return err
	})
	if err != nil {
		return fmt.Errorf("bot: show what is behind the links of message %s in %s: %w", ts, channel, err)
	}
	return nil
}

// unfurl shows cards under the links of a message, where nobody reads them who may not.
func (r *replier) unfurl(ctx context.Context, cards map[string]card.Card) {
	if len(cards) == 0 {
		return
	}
	c := r.call
	open, err := r.amongUs(ctx)
	if err == nil && open {
		err = r.bot.Gate.Unfurl(ctx, c.Channel, c.MessageTS, cards, r.bot.Render)
	}
	if err != nil {
		r.bot.Logger.WarnContext(ctx, "links are not shown", "id", c.ID, "channel", c.Channel, "error", err)
	}
}

// amongUs reports whether a message stands in the direct message with the bot, which
// nobody else reads (of one between two people the app is told as well), or in a channel
// without anybody from outside. Which channels may read about customers at all is the
// Router's to know.
func (r *replier) amongUs(ctx context.Context) (bool, error) {
	if r.call.Direct() {
		own, err := r.bot.Gate.OpenDM(ctx, r.call.User)
		return own == r.call.Channel, err
	}
	outsiders, err := r.bot.Gate.Outsiders(ctx, r.call.Channel)
	return !outsiders, err
}
