package fakeslack

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

const (
	maxText        = 40_000 // longer text is cut (docs)
	maxUpdateText  = 4_000  // chat.update refuses longer text (seen)
	maxMarkdown    = 12_000 // markdown_text, and all markdown blocks together (docs)
	maxAttachments = 100
	maxMetadata    = 16_000 // bytes of metadata
)

func (s *Server) chatPostMessage(c *call) (object, error) {
	ch, err := s.postTarget(c.args["channel"])
	if err != nil {
		return nil, err
	}
	m, err := s.compose(c.args, ch)
	if err != nil {
		return nil, err
	}
	if err := s.pace.post(ch.ID, c.now); err != nil {
		return nil, err
	}
	m.Via = c.method
	s.state.add(m, c.now)
	return object{"channel": ch.ID, "ts": m.TS, "message": s.state.wire(m, true)}, nil
}

func (s *Server) chatPostEphemeral(c *call) (object, error) {
	ch, err := s.postTarget(c.args["channel"])
	if err != nil {
		return nil, err
	}
	user := c.args["user"]
	if s.state.users[user] == nil || !ch.has(user) {
		return nil, refuse("user_not_in_channel")
	}
	m, err := s.compose(c.args, ch)
	if err != nil {
		return nil, err
	}
	m.EphemeralTo, m.Metadata, m.Via = user, nil, c.method
	s.state.add(m, c.now)
	return object{"message_ts": m.TS}, nil
}

// chatUpdate changes a message in place. Text without blocks takes the old
// blocks away (docs), and nobody can edit what others wrote.
func (s *Server) chatUpdate(c *call) (object, error) {
	ch, m, err := s.ownMessage(c, "cant_update_message")
	if err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(c.args["text"]) > maxUpdateText {
		return nil, refuse("msg_too_long")
	}
	fresh, err := s.compose(c.args, ch)
	if err != nil {
		return nil, err
	}
	m.Text, m.Blocks, m.Attachments = fresh.Text, fresh.Blocks, fresh.Attachments
	if fresh.Metadata != nil {
		m.Metadata = fresh.Metadata
	}
	m.Edited, m.EditedAt = true, c.now
	return object{"channel": ch.ID, "ts": m.TS, "text": m.Text, "message": s.state.wire(m, true)}, nil
}

func (s *Server) chatDelete(c *call) (object, error) {
	ch, m, err := s.ownMessage(c, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	m.Deleted = true
	return object{"channel": ch.ID, "ts": m.TS}, nil
}

func (s *Server) chatGetPermalink(c *call) (object, error) {
	ch, err := s.channel(c.args["channel"])
	if err != nil {
		return nil, err
	}
	m := s.state.find(ch.ID, c.args["message_ts"])
	if m == nil || !m.visible() {
		return nil, refuse("message_not_found")
	}
	link := "https://" + s.state.team.Domain + ".slack.com/archives/" + ch.ID + "/p" + strings.Replace(m.TS, ".", "", 1)
	if m.ThreadTS != "" && m.ThreadTS != m.TS { // a reply is named with the head of its thread
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + ch.ID
	}
	return object{"channel": ch.ID, "permalink": link}, nil
}

// ownMessage finds the bot's message that a call names by channel and ts.
func (s *Server) ownMessage(c *call, notOurs string) (*Channel, *Message, error) {
	ch, err := s.channel(c.args["channel"])
	if err != nil {
		return nil, nil, err
	}
	m := s.state.find(ch.ID, c.args["ts"])
	switch {
	case ch.Archived:
		return nil, nil, refuse("is_archived")
	case m == nil || m.EphemeralTo != "":
		return nil, nil, refuse("message_not_found")
	case m.User != s.state.bot.UserID:
		return nil, nil, refuse(notOurs)
	}
	return ch, m, nil
}

// postTarget finds where a message may go. A user id stands for the direct
// message with that user; a public channel's name is understood as well.
func (s *Server) postTarget(name string) (*Channel, error) {
	if u := s.state.users[name]; u != nil {
		return s.state.dm(u.ID), nil
	}
	ch := s.state.channels[name]
	if ch == nil {
		ch = s.state.publicNamed(strings.TrimPrefix(name, "#"))
	}
	member := ch != nil && ch.has(s.state.bot.UserID)
	switch {
	case ch == nil || (ch.Private && !member):
		return nil, refuse("channel_not_found")
	case ch.Archived:
		return nil, refuse("is_archived")
	case !member && !s.scopes["chat:write.public"]:
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

func (st *State) publicNamed(name string) *Channel {
	for _, id := range st.chanOrder {
		if c := st.channels[id]; name != "" && c.Name == name && !c.Private {
			return c
		}
	}
	return nil
}

// compose checks a message's content and builds it.
func (s *Server) compose(a args, ch *Channel) (*Message, error) {
	text := a["text"]
	m := &Message{
		Channel: ch.ID, User: s.state.bot.UserID, BotID: s.state.bot.BotID,
		Blocks: a.raw("blocks"), Attachments: a.raw("attachments"), Metadata: a.raw("metadata"),
		ThreadTS: a["thread_ts"], Broadcast: a.flag("reply_broadcast"),
		UnfurlLinks: a["unfurl_links"] != "false", UnfurlMedia: a["unfurl_media"] != "false",
	}
	if md := a["markdown_text"]; md != "" {
		if text != "" || m.Blocks != nil {
			return nil, refuse("markdown_text_conflict")
		}
		if utf8.RuneCountInString(md) > maxMarkdown {
			return nil, refuse("msg_too_long")
		}
		text = md
	}
	m.Text, m.Truncated = cut(text, maxText)
	if err := checkContent(m); err != nil {
		return nil, err
	}
	if m.ThreadTS != "" && !s.canReply(ch.ID, m.ThreadTS) {
		return nil, refuse("cannot_reply_to_message")
	}
	return m, nil
}

// canReply: the parent must be a visible message that is no reply itself.
func (s *Server) canReply(channel, ts string) bool {
	parent := s.state.find(channel, ts)
	return parent != nil && parent.visible() && parent.ThreadTS == ""
}

// checkContent holds a message to the rules on text, blocks, attachments and metadata.
func checkContent(m *Message) error {
	if err := checkMessageBlocks(m.Blocks); err != nil {
		return err
	}
	attachments, err := listLength(m.Attachments)
	if err != nil {
		return refuse("invalid_attachments")
	}
	if attachments > maxAttachments {
		return refuse("too_many_attachments")
	}
	blocks, _ := listLength(m.Blocks)
	if strings.TrimSpace(m.Text) == "" && blocks == 0 && attachments == 0 {
		return refuse("no_text")
	}
	return checkMetadata(m.Metadata)
}

func checkMetadata(raw json.RawMessage) error {
	if raw == nil {
		return nil
	}
	if len(raw) > maxMetadata {
		return refuse("metadata_too_large")
	}
	var md struct {
		EventType    string                     `json:"event_type"`
		EventPayload map[string]json.RawMessage `json:"event_payload"`
	}
	if json.Unmarshal(raw, &md) != nil || md.EventType == "" || md.EventPayload == nil {
		return refuse("invalid_metadata_format")
	}
	return nil
}

func listLength(raw json.RawMessage) (int, error) {
	if raw == nil {
		return 0, nil
	}
	var list []json.RawMessage
	err := json.Unmarshal(raw, &list)
	return len(list), err
}

// cut shortens a text to a number of characters.
func cut(text string, limit int) (string, bool) {
	if utf8.RuneCountInString(text) <= limit {
		return text, false
	}
	return string([]rune(text)[:limit]), true
}
