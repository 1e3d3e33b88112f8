package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/slack-go/slack"
)

// Channel is what is known of a conversation.
type Channel struct {
	ID, Name          string
	Archived, Private bool
	// Shared is with another organisation, or soon.
	Shared bool
	// Member tells whether the bot is in it.
	Member bool
	// User is whose direct message it is; "" for a channel.
	User string
}

// channelAge is how long an answer about a channel is believed.
const channelAge = time.Minute

type knownChannel struct {
	Channel
	at time.Time
}

// Channel asks Slack about a channel, at most once a minute each.
func (g *Gate) Channel(ctx context.Context, id string) (Channel, error) {
	now := g.now()
	g.mu.Lock()
	known, ok := g.channels[id]
	g.mu.Unlock()
	if ok && now.Sub(known.at) < channelAge {
		return known.Channel, nil
	}
	const method = "conversations.info"
	var found *slack.Channel
	err := g.call(ctx, method, id, func(ctx context.Context) (err error) {
		found, err = g.client.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
		return err
	})
	if err != nil {
		return Channel{}, fmt.Errorf("bot: look at channel %s: %w", id, err)
	}
	if found.ID == "" {
		return Channel{}, fmt.Errorf("bot: look at channel %s: Slack's answer holds no channel", id)
	}
	c := Channel{
		ID: found.ID, Name: found.Name, Archived: found.IsArchived, Private: found.IsPrivate, Member: found.IsMember,
		Shared: found.IsExtShared || found.IsPendingExtShared, User: found.User,
	}
	g.mu.Lock()
	g.channels[id] = knownChannel{Channel: c, at: now}
	g.mu.Unlock()
	return c, nil
}

// Check refuses a channel in which nothing may be said: one that is archived,
// is shared with another organisation and not allow-listed, or cannot be seen.
// A direct message always passes: who may read it is a question about a person.
func (g *Gate) Check(ctx context.Context, id string) error {
	if isDirect(id) {
		return nil
	}
	c, err := g.Channel(ctx, id)
	switch {
	case err != nil:
		return err
	case c.Archived:
		return refusal("conversations.info", id, codeArchived, nil)
	case c.Shared && !g.allowShared[id]:
		return refusal("conversations.info", id, codeShared, nil)
	}
	return nil
}

// OpenDM is the direct message with a person.
func (g *Gate) OpenDM(ctx context.Context, user string) (string, error) {
	g.mu.Lock()
	known := g.dms[user]
	g.mu.Unlock()
	if known != "" {
		return known, nil
	}
	var dm *slack.Channel
	err := g.call(ctx, "conversations.open", "", func(ctx context.Context) (err error) {
		dm, _, _, err = g.client.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}})
		return err
	})
	if err != nil {
		return "", fmt.Errorf("bot: open the direct message with %s: %w", user, err)
	}
	if dm == nil || dm.ID == "" {
		return "", fmt.Errorf("bot: open the direct message with %s: Slack's answer holds no channel", user)
	}
	g.mu.Lock()
	g.dms[user], g.readers[dm.ID] = dm.ID, user
	g.mu.Unlock()
	return dm.ID, nil
}

// ReaderOf is the person whose direct message a channel is; "" where Slack does not say.
func (g *Gate) ReaderOf(ctx context.Context, dm string) (user string, err error) {
	g.mu.Lock()
	user = g.readers[dm]
	g.mu.Unlock()
	if user != "" {
		return user, nil
	}
	c, err := g.Channel(ctx, dm)
	return c.User, err
}

// Permalink is the address of a message.
func (g *Gate) Permalink(ctx context.Context, channel, ts string) (string, error) {
	var link string
	err := g.call(ctx, "chat.getPermalink", channel, func(ctx context.Context) (err error) {
		link, err = g.client.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: channel, Ts: ts})
		return err
	})
	if err != nil {
		return "", fmt.Errorf("bot: ask for the address of message %s in %s: %w", ts, channel, err)
	}
	return link, nil
}

const (
	lookPage  = 100
	lookPages = 20
	// clockSkew is how far our clock may be ahead of Slack's.
	clockSkew = 2 * time.Minute
)

// FindNonce looks in a channel, or in one thread of it, for a message that was
// posted with a nonce since an instant. Without a history scope it returns a
// *RefusedError with the code missing_scope.
func (g *Gate) FindNonce(ctx context.Context, channel, thread, nonce string, since time.Time) (ts string, found bool, err error) {
	return g.find(ctx, channel, thread, since, func(m slack.Message) bool {
		return m.Metadata.EventType == postEvent && m.Metadata.EventPayload[nonceField] == nonce
	})
}

// FindFile reports whether a file is shown in a channel, or in a thread of it, since a time.
func (g *Gate) FindFile(ctx context.Context, channel, thread, id string, since time.Time) (found bool, err error) {
	_, found, err = g.find(ctx, channel, thread, since, func(m slack.Message) bool {
		return slices.ContainsFunc(m.Files, func(f slack.File) bool { return f.ID == id })
	})
	return found, err
}

// find looks for a message, the newest first.
func (g *Gate) find(ctx context.Context, channel, thread string, since time.Time, wanted func(slack.Message) bool) (ts string, found bool, err error) {
	oldest := strconv.FormatInt(since.Add(-clockSkew).Unix(), 10) + ".000000"
	cursor := ""
	for range lookPages {
		messages, next, err := g.look(ctx, channel, thread, oldest, cursor)
		if err != nil {
			return "", false, fmt.Errorf("bot: look for a message in %s: %w", channel, err)
		}
		for _, m := range messages {
			if wanted(m) {
				return m.Timestamp, true, nil
			}
		}
		if cursor = next; cursor == "" {
			return "", false, nil
		}
	}
	return "", false, fmt.Errorf("bot: look for a message in %s: not among the last %d", channel, lookPage*lookPages)
}

// look reads one page of a channel or of a thread.
func (g *Gate) look(ctx context.Context, channel, thread, oldest, cursor string) (messages []slack.Message, next string, err error) {
	if thread == "" {
		err = g.call(ctx, "conversations.history", channel, func(ctx context.Context) error {
			page, err := g.client.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
				ChannelID: channel, Oldest: oldest, Cursor: cursor, Limit: lookPage, IncludeAllMetadata: true,
			})
			if page != nil {
				messages, next = page.Messages, page.ResponseMetaData.NextCursor
			}
			return err
		})
		return messages, next, err
	}
	err = g.call(ctx, "conversations.replies", channel, func(ctx context.Context) (err error) {
		messages, _, next, err = g.client.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: channel, Timestamp: thread, Oldest: oldest, Cursor: cursor, Limit: lookPage, IncludeAllMetadata: true,
		})
		return err
	})
	return messages, next, err
}
