package bot

import (
	"context"
)

// What befalls the bot itself. Nobody did it who waits for an answer.
const (
	// Joined is the bot being put into Call.Channel.
	Joined Kind = "joined"
	// Removed is the app taken out of the workspace, or its token revoked; Slack
	// sends an event for each, in either order.
	Removed Kind = "removed"
)

func (k Kind) happens() bool { return k == Joined || k == Removed }

// happening is what an event says of the bot itself; "" if nothing. Revoked tokens
// of people are not the bot's.
func happening(e innerEvent, botUser string) Kind {
	switch {
	case e.Type == "member_joined_channel" && e.User == botUser && e.Channel != "":
		return Joined
	case e.Type == "app_uninstalled", e.Type == "tokens_revoked" && len(e.Tokens.Bot) > 0:
		return Removed
	}
	return ""
}

// happened acknowledges what befell the bot and passes it on, once.
func (b *Bot) happened(r *replier) {
	r.settle(b.ctx)
	ctx, cancel := context.WithTimeout(b.ctx, handlerLimit)
	defer cancel()
	c := r.call
	first, err := b.Seen.Seen(ctx, c.Delivery)
	if err == nil && first && b.Happened != nil {
		b.Logger.InfoContext(ctx, "happened", "id", c.ID, "kind", c.Kind, "channel", c.Channel)
		err = b.Happened(ctx, c)
	}
	if err != nil {
		b.Logger.ErrorContext(ctx, "call failed", "id", c.ID, "kind", c.Kind, "channel", c.Channel, "error", err)
	}
}

// lost are Slack's words for a token that is of no use any more.
var lost = []string{"invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed"}

// Lost reports whether Slack refused the token itself: the app was uninstalled, or
// the token revoked.
func Lost(err error) bool { return refused(err, lost...) }

func (g *Gate) noteLost(err error) {
	if g.lost != nil && Lost(err) {
		g.lost(err)
	}
}

// Forget makes the next look at a channel ask Slack anew.
func (g *Gate) Forget(channel string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.channels, channel)
	delete(g.audiences, channel)
}
