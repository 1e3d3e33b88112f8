package fakeslack

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"
)

const (
	responseUses = 5                // docs
	responseLife = 30 * time.Minute // docs
)

// responseURL is the right to answer one act, also where the bot is no member.
type responseURL struct {
	act  *Delivery
	born time.Time
	uses int
}

func (s *Server) newResponseURL(d *Delivery, now time.Time) string {
	id := s.state.next("response-")
	s.urls[id] = &responseURL{act: d, born: now}
	return s.origin() + "/response/" + id
}

// reply is the message that an acknowledgement or a response URL takes.
type reply struct {
	ResponseType    string          `json:"response_type"`
	ReplaceOriginal bool            `json:"replace_original"`
	DeleteOriginal  bool            `json:"delete_original"`
	ThreadTS        string          `json:"thread_ts"`
	Text            string          `json:"text"`
	Blocks          json.RawMessage `json:"blocks"`
	Attachments     json.RawMessage `json:"attachments"`
	UnfurlLinks     *bool           `json:"unfurl_links"`
	UnfurlMedia     *bool           `json:"unfurl_media"`
}

// serveResponseURL takes one use of a response URL.
func (s *Server) serveResponseURL(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client has gone away
	}
	c := &call{method: "response_url", args: args{"id": r.PathValue("id"), "body": string(body)}}
	fault := s.takeFault(c.method, s.responseChannel(c.args["id"]))
	if err := fault.before(r.Context()); err != nil {
		s.answer(w, c, nil, err, fault)
		return
	}
	s.answer(w, c, nil, s.respond(c), fault)
}

func (s *Server) responseChannel(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.urls[id]; u != nil {
		return u.act.Channel
	}
	return ""
}

func (s *Server) respond(c *call) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opt.Now()
	u := s.urls[c.args["id"]]
	switch {
	case u == nil:
		return &apiError{code: "invalid_url", status: http.StatusNotFound}
	case now.Sub(u.born) > responseLife:
		return &apiError{code: "expired_url", status: http.StatusNotFound}
	case u.uses >= responseUses:
		return &apiError{code: "used_url", status: http.StatusNotFound}
	}
	var r reply
	if err := json.Unmarshal([]byte(c.args["body"]), &r); err != nil {
		return &apiError{code: "invalid_payload", status: http.StatusBadRequest, messages: []string{err.Error()}}
	}
	if err := s.post(u.act, r, "response_url", now); err != nil {
		if refusal, ok := errors.AsType[*apiError](err); ok {
			refusal.status = http.StatusBadRequest
		}
		return err
	}
	u.uses++
	return nil
}

// answerByAck posts the message that a slash command's acknowledgement carries.
func (s *Server) answerByAck(d *Delivery, payload json.RawMessage) error {
	var r reply
	if err := json.Unmarshal(payload, &r); err != nil {
		return refuse("invalid_payload", err.Error())
	}
	return s.post(d, r, "ack", s.opt.Now())
}

// post puts a reply where it belongs: beside the original, in its place, or
// takes the original away.
func (s *Server) post(d *Delivery, r reply, via string, now time.Time) error {
	original := s.state.find(d.Channel, d.OriginTS)
	if r.DeleteOriginal {
		if r.Text != "" || len(r.Blocks) > 0 || r.ReplaceOriginal {
			return refuse("invalid_payload", "delete_original stands alone")
		}
		if original == nil || original.User != s.state.bot.UserID {
			return refuse("message_not_found")
		}
		original.Deleted = true
		return nil
	}
	m, err := s.replyMessage(d, r, via)
	if err != nil {
		return err
	}
	// A slash command has no original to replace: the reply is a new message (docs).
	if r.ReplaceOriginal && original != nil && original.User == s.state.bot.UserID {
		original.Text, original.Blocks, original.Attachments = m.Text, m.Blocks, m.Attachments
		original.Edited, original.EditedAt, original.DeliveryID = true, now, d.ID
		return nil
	}
	s.state.add(m, now)
	return nil
}

func (s *Server) replyMessage(d *Delivery, r reply, via string) (*Message, error) {
	m := &Message{
		Channel: d.Channel, User: s.state.bot.UserID, BotID: s.state.bot.BotID, Via: via, DeliveryID: d.ID,
		Blocks: noNull(r.Blocks), Attachments: noNull(r.Attachments), UnfurlLinks: unlessFalse(r.UnfurlLinks), UnfurlMedia: unlessFalse(r.UnfurlMedia),
	}
	m.Text, m.Truncated = cut(r.Text, maxText)
	switch r.ResponseType {
	case "", "ephemeral":
		m.EphemeralTo = d.User
	case "in_channel":
	default:
		return nil, refuse("invalid_payload", "response_type is ephemeral or in_channel")
	}
	if r.ThreadTS != "" {
		if m.EphemeralTo != "" || r.ReplaceOriginal {
			return nil, refuse("invalid_payload", "thread_ts needs response_type in_channel and replace_original false")
		}
		if !s.canReply(d.Channel, r.ThreadTS) {
			return nil, refuse("cannot_reply_to_message")
		}
		m.ThreadTS = r.ThreadTS
	}
	return m, checkContent(m)
}

func noNull(raw json.RawMessage) json.RawMessage {
	if string(raw) == "null" {
		return nil
	}
	return raw
}

func unlessFalse(flag *bool) bool { return flag == nil || *flag }
