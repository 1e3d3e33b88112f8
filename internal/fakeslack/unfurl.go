package fakeslack

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Where the addresses of a link_shared stand (docs, "Unfurling links in messages").
const (
	sourceComposer = "composer"              // somebody is typing them
	sourceMessage  = "conversations_history" // in a message that was sent
)

// shared are addresses of the app's domains, as they were told to the app.
type shared struct {
	source, channel, ts string
	urls                []string
	cards               map[string]json.RawMessage // what the app shows, by address
}

// address is a link as it stands in the text of a message, with or without a label.
var address = regexp.MustCompile(`https?://[^\s<>|]+`)

// ours lists the addresses in a text that are of the app's domains, each once.
func (s *Server) ours(text string) (urls []string, links []object) {
	for _, found := range address.FindAllString(text, -1) {
		u, err := url.Parse(found)
		if err != nil || slices.Contains(urls, found) {
			continue
		}
		for _, domain := range s.opt.UnfurlDomains {
			if host := u.Hostname(); host == domain || strings.HasSuffix(host, "."+domain) { // subdomains, too (docs)
				urls, links = append(urls, found), append(links, object{"domain": domain, "url": found})
				break
			}
		}
	}
	return urls, links
}

// linkShared is the event about the addresses in a text; ok is false where the app is
// not told: there are none of its domains, it lacks links:read, or it cannot see the
// place. The caller holds the lock.
func (s *Server) linkShared(u *User, ch *Channel, source, ts, text string) (id string, e Event, ok bool) {
	urls, links := s.ours(text)
	member := ch.has(s.state.bot.UserID)
	if len(urls) == 0 || !s.scopes["links:read"] || (ch.Private && !member) {
		return "", Event{}, false
	}
	told := &shared{source: source, channel: ch.ID, ts: ts, urls: urls, cards: map[string]json.RawMessage{}}
	if source == sourceComposer { // where it will be sent is not told (docs)
		told.channel, told.ts = "COMPOSER", s.state.next("draft-")
		member = false
	}
	id = told.channel + "." + told.ts
	s.state.shared[id] = told
	return id, Event{Type: "link_shared", User: u.ID, Channel: told.channel, Fields: object{
		"message_ts": told.ts, "unfurl_id": id, "source": source, "links": links, "is_bot_user_member": member,
	}}, true
}

// Compose types words and does not send them: the app is told of the addresses of its
// domains in them (link_shared from the composer). The id is what State.Unfurled takes;
// it is "" and the Delivery nil where the app is not told.
func (s *Server) Compose(ctx context.Context, w Words, options ...SendOption) (unfurlID string, d *Delivery, err error) {
	id, e, ok, err := s.typed(w)
	if err != nil || !ok {
		return "", nil, err
	}
	d, err = s.Event(ctx, e, options...)
	return id, d, err
}

func (s *Server) typed(w Words) (string, Event, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, ch, err := s.actor(w.User, w.Channel)
	if err != nil {
		return "", Event{}, false, err
	}
	id, e, ok := s.linkShared(u, ch, sourceComposer, "", w.Text)
	return id, e, ok, nil
}

// chatUnfurl shows something under addresses of the app's domains: in a message, named
// by channel and ts, or whatever a link_shared named by unfurl_id and source (docs).
func (s *Server) chatUnfurl(c *call) (object, error) {
	told, err := s.unfurlTarget(c.args)
	if err != nil {
		return nil, err
	}
	raw := c.args.raw("unfurls")
	if raw == nil {
		return nil, refuse("missing_unfurls")
	}
	var unfurls map[string]json.RawMessage
	if json.Unmarshal(raw, &unfurls) != nil {
		return nil, refuse("invalid_unfurls_format")
	}
	for at, content := range unfurls {
		if !slices.Contains(told.urls, at) {
			return nil, refuse("cannot_unfurl_url", at)
		}
		if err := checkUnfurl(content); err != nil {
			return nil, err
		}
	}
	maps.Copy(told.cards, unfurls)
	return object{}, nil
}

// unfurlTarget finds the addresses that a call is about.
func (s *Server) unfurlTarget(a args) (*shared, error) {
	id, source := a["unfurl_id"], a["source"]
	switch {
	case id != "" && source == "":
		return nil, refuse("missing_source")
	case id == "" && source != "":
		return nil, refuse("missing_unfurl_id")
	case id != "":
		if source != sourceComposer && source != sourceMessage {
			return nil, refuse("invalid_source")
		}
	case a["channel"] == "":
		return nil, refuse("missing_channel")
	case a["ts"] == "":
		return nil, refuse("missing_ts")
	default:
		id, source = a["channel"]+"."+a["ts"], sourceMessage
	}
	told := s.state.shared[id]
	switch {
	case told == nil:
		return nil, refuse("cannot_find_message")
	case told.source != source:
		return nil, refuse("invalid_source")
	case source == sourceMessage:
		m := s.state.find(told.channel, told.ts)
		if m == nil || !m.visible() {
			return nil, refuse("cannot_find_message")
		}
	}
	return told, nil
}

// checkUnfurl holds what is shown under an address to the rules of an attachment: it is
// made of blocks, or has a text of its own.
func checkUnfurl(raw json.RawMessage) error {
	var content struct {
		Blocks   json.RawMessage `json:"blocks"`
		Text     string          `json:"text"`
		Fallback string          `json:"fallback"`
		Title    string          `json:"title"`
	}
	if json.Unmarshal(raw, &content) != nil {
		return refuse("cannot_parse_attachment")
	}
	blocks, err := listLength(noNull(content.Blocks))
	if err != nil || (blocks == 0 && content.Text+content.Fallback+content.Title == "") {
		return refuse("cannot_parse_attachment")
	}
	return checkMessageBlocks(noNull(content.Blocks))
}

// Unfurled is what the app shows under the addresses of a link_shared, by address.
func (st *State) Unfurled(unfurlID string) map[string]json.RawMessage {
	told := st.shared[unfurlID]
	if told == nil {
		return nil
	}
	return maps.Clone(told.cards)
}

// Unfurled: see State.Unfurled.
func (s *Server) Unfurled(unfurlID string) map[string]json.RawMessage {
	return look(s, func(st *State) map[string]json.RawMessage { return st.Unfurled(unfurlID) })
}
