package bot

import (
	"encoding/json"
	"fmt"
	"strings"
)

// outerEvent is a delivery of the Events API as far as it is of use here.
// slackevents is not used since it fails on events that it does not know.
type outerEvent struct {
	Type      string     `json:"type"`
	Challenge string     `json:"challenge"`
	TeamID    string     `json:"team_id"`
	EventID   string     `json:"event_id"`
	Event     innerEvent `json:"event"`
}

type innerEvent struct {
	Type        string `json:"type"`
	Subtype     string `json:"subtype"`
	User        string `json:"user"`
	BotID       string `json:"bot_id"`
	Text        string `json:"text"`
	TS          string `json:"ts"`
	ThreadTS    string `json:"thread_ts"`
	Channel     string `json:"channel"`
	ChannelType string `json:"channel_type"`
	UserTeam    string `json:"user_team"`
	Tokens      struct {
		Bot []string `json:"bot"`
	} `json:"tokens"`
	Links []struct {
		URL string `json:"url"`
	} `json:"links"`
	Files []struct {
		ID string `json:"id"`
	} `json:"files"`
	MessageTS string `json:"message_ts"`
	UnfurlID  string `json:"unfurl_id"`
	Source    string `json:"source"`
	View      struct {
		Hash string `json:"hash"`
		ID   string `json:"id"`
	} `json:"view"`
	Tab string `json:"tab"`
}

// UnmarshalJSON reads an event in which the user or the channel is an id, or, as in
// channel_rename and user_change, an object that has one.
func (e *innerEvent) UnmarshalJSON(raw []byte) error {
	type plain innerEvent
	in := struct {
		*plain
		User    named `json:"user"`
		Channel named `json:"channel"`
	}{plain: (*plain)(e)}
	if err := json.Unmarshal(raw, &in); err != nil {
		return fmt.Errorf("bot: read what happened: %w", err)
	}
	e.User, e.Channel = string(in.User), string(in.Channel)
	return nil
}

// named is an id, alone or in an object. What is neither names nothing.
type named string

// UnmarshalJSON reads it; it does not fail.
func (n *named) UnmarshalJSON(raw []byte) error {
	var object struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(raw, (*string)(n)) != nil && json.Unmarshal(raw, &object) == nil {
		*n = named(object.ID)
	}
	return nil
}

// heard has a channel or a person of whom an event tells looked at anew, and reads
// the event as a call.
func (b *Bot) heard(payload []byte) (Call, error) {
	var out outerEvent
	if err := json.Unmarshal(payload, &out); err == nil && changes[out.Event.Type] {
		b.Gate.Forget(out.Event.Channel)
		b.People.forget(out.Event.User)
	}
	return eventCall(payload, b.BotUser)
}

// changes are the events after which what was known of a channel, or of a person,
// may be wrong. They need no subscription: without them it is wrong for a minute at
// most, and for five where it is about guests.
var changes = map[string]bool{
	"channel_archive": true, "channel_unarchive": true, "channel_rename": true, "channel_shared": true, "channel_unshared": true,
	"group_archive": true, "group_unarchive": true, "group_rename": true, "channel_deleted": true, "group_deleted": true,
	"member_joined_channel": true, "member_left_channel": true, "user_change": true,
}

// eventCall reads an event. What the bot itself wrote, edits, and messages in
// channels that do not name the bot are ignored.
func eventCall(payload []byte, botUser string) (Call, error) {
	var out outerEvent
	if err := json.Unmarshal(payload, &out); err != nil {
		return Call{}, fmt.Errorf("bot: read an event: %w", err)
	}
	e := out.Event
	c := Call{
		Delivery: "event:" + out.EventID, User: e.User, Team: out.TeamID, UserTeam: e.UserTeam,
		Channel: e.Channel, MessageTS: e.TS, ThreadTS: e.ThreadTS, Text: e.Text,
	}
	shared := e.Type == "message" && e.ChannelType == "im" && e.Subtype == "file_share" && len(e.Files) > 0
	written := e.User != "" && e.User != botUser && e.BotID == "" && e.Subtype == ""
	switch {
	case e.Type == "app_home_opened" && e.User != "" && e.Tab != "messages": // it comes for the tab of messages, too
		c.Kind, c.View = HomeOpened, View{ID: e.View.ID, Hash: e.View.Hash, Home: true}
	case e.Type == "link_shared" && e.User != "" && e.User != botUser:
		c.Kind, c.MessageTS, c.Unfurl = LinkShared, e.MessageTS, Unfurl{ID: e.UnfurlID, Source: e.Source}
		for _, l := range e.Links {
			c.Links = append(c.Links, l.URL)
		}
	case e.Type == "app_mention" && written && !isDirect(e.Channel): // in a DM it comes as a message, too
		c.Kind, c.Text = Mention, afterMention(e.Text, botUser)
	case shared && e.User != "" && e.User != botUser && e.BotID == "":
		c.Kind = FileShared
		for _, f := range e.Files {
			c.Files = append(c.Files, f.ID)
		}
	case e.Type == "message" && e.ChannelType == "im" && written:
		c.Kind, c.Text = Message, afterMention(e.Text, botUser)
	case happening(e, botUser) != "":
		c.Kind = happening(e, botUser)
	default:
		return Call{}, fmt.Errorf("event %q: %w", e.Type, errIgnored)
	}
	return c, nil
}

// afterMention is what follows the first mention of the bot, or what goes
// before it where nothing follows: "<@U0ARBOT> status acme", "status acme <@U0ARBOT>".
func afterMention(text, botUser string) string {
	start := strings.Index(text, "<@"+botUser)
	if botUser == "" || start < 0 {
		return strings.TrimSpace(text)
	}
	before, rest := text[:start], text[start:]
	_, after, closed := strings.Cut(rest, ">") // the mention may hold a label: <@U0ARBOT|arbot>
	if after = strings.TrimLeft(after, " \t\u00a0:,"); closed && strings.TrimSpace(after) != "" {
		return strings.TrimSpace(after)
	}
	return strings.TrimSpace(before)
}
