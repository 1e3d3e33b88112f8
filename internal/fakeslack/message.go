package fakeslack

import (
	"encoding/json"
	"slices"
	"time"
)

// Message is a message as the workspace keeps it.
type Message struct {
	Channel     string
	TS          string // its name within the channel
	ThreadTS    string // the parent's TS for a reply, else ""
	User        string // author: a user id
	BotID       string // set when an app wrote it
	Text        string // top-level text, as sent (entities not resolved)
	Blocks      json.RawMessage
	Attachments json.RawMessage
	Metadata    json.RawMessage // {"event_type":...,"event_payload":...}
	Files       []string        // ids of files shared with it
	EphemeralTo string          // the only user who sees it, "" for everybody
	Broadcast   bool            // a reply that is shown in the channel as well
	UnfurlLinks bool
	UnfurlMedia bool
	Truncated   bool // the text was longer than Slack keeps
	Edited      bool
	EditedAt    time.Time
	Deleted     bool
	Via         string // "chat.postMessage", "chat.postEphemeral", "response_url", "ack", "user", "slack"
	DeliveryID  string // the delivery that it answers, for "response_url" and "ack"
	At          time.Time
}

// visible tells whether the message is part of the channel's history: not
// ephemeral, not deleted.
func (m *Message) visible() bool { return m.EphemeralTo == "" && !m.Deleted }

// wire is the message as the Web API shows it. One that has replies names itself as
// their thread and counts them.
func (st *State) wire(m *Message, withMetadata bool) object {
	out := object{"type": "message", "ts": m.TS, "text": m.Text, "user": m.User}
	if m.BotID != "" {
		out["bot_id"] = m.BotID
	}
	if m.ThreadTS != "" {
		out["thread_ts"] = m.ThreadTS
	}
	if m.Broadcast {
		out["subtype"] = "thread_broadcast"
	}
	if replies := st.Thread(m.Channel, m.TS); len(replies) > 0 {
		out["thread_ts"], out["reply_count"], out["latest_reply"] = m.TS, len(replies), replies[len(replies)-1].TS
		users := []string{}
		for _, r := range replies {
			if !slices.Contains(users, r.User) {
				users = append(users, r.User)
			}
		}
		out["reply_users"], out["reply_users_count"] = users, len(users)
	}
	if len(m.Files) > 0 {
		out["files"] = st.wireFiles(m.Files)
	}
	putRaw(out, "blocks", m.Blocks)
	putRaw(out, "attachments", m.Attachments)
	if withMetadata {
		putRaw(out, "metadata", m.Metadata)
	}
	if m.Edited {
		out["edited"] = object{"user": m.User, "ts": wireTime(m.EditedAt)}
	}
	return out
}

func putRaw(out object, name string, raw json.RawMessage) {
	if len(raw) > 0 {
		out[name] = raw
	}
}
