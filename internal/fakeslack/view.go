package fakeslack

import (
	"encoding/json"
	"time"
)

// View is a modal or a home tab.
type View struct {
	ID              string
	Type            string // "modal" or "home"
	User            string // who sees it
	CallbackID      string
	ExternalID      string
	PrivateMetadata string
	Title           string
	Submit          string
	Close           string
	Blocks          json.RawMessage
	Hash            string            // changes with each update
	Errors          map[string]string // shown under the inputs after a refused submission
	UpdatedAt       time.Time
	rootID          string
	previousID      string
	notifyOnClose   bool
}

// viewBody is a view as the app sends it.
type viewBody struct {
	Type            string          `json:"type"`
	Title           *textObject     `json:"title"`
	Submit          *textObject     `json:"submit"`
	Close           *textObject     `json:"close"`
	Blocks          json.RawMessage `json:"blocks"`
	CallbackID      string          `json:"callback_id"`
	ExternalID      string          `json:"external_id"`
	PrivateMetadata string          `json:"private_metadata"`
	NotifyOnClose   bool            `json:"notify_on_close"`
}

type textObject struct {
	Text string `json:"text"`
}

func (t *textObject) string() string {
	if t == nil {
		return ""
	}
	return t.Text
}

const (
	maxViewStack = 3       // docs
	maxViewBytes = 250_000 // docs: view_too_large
)

func (s *Server) viewsOpen(c *call) (object, error) { return s.openView(c, false) }

func (s *Server) viewsPush(c *call) (object, error) { return s.openView(c, true) }

// openView spends a trigger on a modal, alone or on top of the open ones.
func (s *Server) openView(c *call, push bool) (object, error) {
	body, err := readView(c.args.raw("view"), "modal")
	if err != nil {
		return nil, err
	}
	user, err := s.useTrigger(c.args["trigger_id"], c.now)
	if err != nil {
		return nil, err
	}
	if s.externalTaken(body.ExternalID, "") {
		return nil, refuse("duplicate_external_id")
	}
	stack := s.state.viewStacks[user]
	switch {
	case push && len(stack) == 0:
		return nil, refuse("not_found")
	case push && len(stack) >= maxViewStack:
		return nil, refuse("push_limit_reached")
	case !push:
		s.state.viewStacks[user] = nil
	}
	return object{"view": s.wireView(s.pushView(user, body, c.now))}, nil
}

func (s *Server) pushView(user string, body viewBody, now time.Time) *View {
	v := &View{ID: s.state.next("V"), Type: "modal", User: user}
	v.rootID = v.ID
	if stack := s.state.viewStacks[user]; len(stack) > 0 {
		v.rootID, v.previousID = stack[0], stack[len(stack)-1]
	}
	s.fillView(v, body, now)
	s.state.views[v.ID] = v
	s.state.viewStacks[user] = append(s.state.viewStacks[user], v.ID)
	return v
}

func (s *Server) fillView(v *View, body viewBody, now time.Time) {
	v.CallbackID, v.ExternalID, v.PrivateMetadata = body.CallbackID, body.ExternalID, body.PrivateMetadata
	v.Title, v.Submit, v.Close = body.Title.string(), body.Submit.string(), body.Close.string()
	v.Blocks, v.Errors, v.UpdatedAt, v.notifyOnClose = named(body.Blocks), nil, now, body.NotifyOnClose
	v.Hash = s.state.next("hash-")
}

func (s *Server) viewsUpdate(c *call) (object, error) {
	v := s.state.views[c.args["view_id"]]
	for _, other := range s.state.views {
		if id := c.args["external_id"]; id != "" && other.ExternalID == id {
			v = other
		}
	}
	if v == nil {
		return nil, refuse("not_found")
	}
	body, err := readView(c.args.raw("view"), v.Type)
	if err != nil {
		return nil, err
	}
	return s.changeView(v, body, c)
}

func (s *Server) viewsPublish(c *call) (object, error) {
	u := s.state.users[c.args["user_id"]]
	if u == nil {
		return nil, refuse("user_not_found")
	}
	body, err := readView(c.args.raw("view"), "home")
	if err != nil {
		return nil, err
	}
	v := s.state.views[s.state.homes[u.ID]]
	if v == nil {
		v = &View{ID: s.state.next("V"), Type: "home", User: u.ID}
		v.rootID = v.ID
		s.state.views[v.ID], s.state.homes[u.ID] = v, v.ID
	}
	return s.changeView(v, body, c)
}

func (s *Server) changeView(v *View, body viewBody, c *call) (object, error) {
	if hash := c.args["hash"]; hash != "" && v.Hash != "" && hash != v.Hash {
		return nil, refuse("hash_conflict")
	}
	if s.externalTaken(body.ExternalID, v.ID) {
		return nil, refuse("duplicate_external_id")
	}
	s.fillView(v, body, c.now)
	return object{"view": s.wireView(v)}, nil
}

func (s *Server) externalTaken(external, except string) bool {
	for id, v := range s.state.views {
		if external != "" && v.ExternalID == external && id != except {
			return true
		}
	}
	return false
}

func (s *Server) wireView(v *View) object {
	out := object{
		"id": v.ID, "type": v.Type, "team_id": s.state.team.ID, "app_id": s.state.appID, "bot_id": s.state.bot.BotID,
		"callback_id": v.CallbackID, "external_id": v.ExternalID, "private_metadata": v.PrivateMetadata,
		"hash": v.Hash, "root_view_id": v.rootID, "previous_view_id": v.previousID, "blocks": v.Blocks,
		"state": object{"values": s.state.picks.values(onView(v), v.Blocks)}, "app_installed_team_id": s.state.team.ID,
	}
	for name, text := range map[string]string{"title": v.Title, "submit": v.Submit, "close": v.Close} {
		if text != "" {
			out[name] = object{"type": "plain_text", "text": text, "emoji": true}
		}
	}
	return out
}

// applyViewResponse acts on the answer to a sent modal (docs, view_submission).
func (s *Server) applyViewResponse(d *Delivery, payload json.RawMessage) error {
	var answer struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(payload) > 0 {
		if err := json.Unmarshal(payload, &answer); err != nil {
			return refuse("invalid_payload", err.Error())
		}
	}
	v := s.state.views[d.ViewID]
	switch answer.Action {
	case "":
		s.closeView(v)
	case "clear":
		s.state.viewStacks[d.User] = nil
	case "errors":
		return v.showErrors(answer.Errors)
	case "update", "push":
		body, err := readView(answer.View, "modal")
		if err != nil {
			return err
		}
		if answer.Action == "update" {
			s.fillView(v, body, s.opt.Now())
			return nil
		}
		if len(s.state.viewStacks[d.User]) >= maxViewStack {
			return refuse("push_limit_reached")
		}
		s.pushView(d.User, body, s.opt.Now())
	default:
		return refuse("invalid_payload", "unknown response_action "+answer.Action)
	}
	return nil
}

func (s *Server) closeView(v *View) {
	stack := s.state.viewStacks[v.User]
	for i, id := range stack {
		if id == v.ID {
			s.state.viewStacks[v.User] = append(stack[:i:i], stack[i+1:]...)
		}
	}
}

// showErrors: each key must be the block_id of an input; any other makes Slack
// show a general error instead (seen).
func (v *View) showErrors(errs map[string]string) error {
	inputs := map[string]bool{}
	for _, b := range decodeBlocks(v.Blocks) {
		if b["type"] == "input" {
			id, _ := b["block_id"].(string)
			inputs[id] = true
		}
	}
	if len(errs) == 0 {
		return refuse("invalid_payload", "errors is empty")
	}
	for id := range errs {
		if !inputs[id] {
			return refuse("invalid_payload", "errors names "+id+", which is no input's block_id")
		}
	}
	v.Errors = errs
	return nil
}
