package fakeslack

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// Click is a person using one element of a message or of a view: pressing a
// button, choosing from a menu, picking a date.
type Click struct {
	User    string
	Channel string // with TS: the message; both empty with ViewID
	TS      string
	ViewID  string // a modal or the home tab
	Block   string // the element's block_id; "" takes the first that fits
	Element string // the element's action_id or, for a button, its label
	Value   string // for menus and pickers: the chosen value, option label, user, date
}

// Click uses an element and waits for the acknowledgement.
func (s *Server) Click(ctx context.Context, c Click, options ...SendOption) (*Delivery, error) {
	d, payload, err := s.click(c)
	if err != nil {
		return nil, err
	}
	return s.send(ctx, d, payload, options)
}

func (s *Server) click(c Click) (*Delivery, object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.ViewID != "" {
		return s.clickView(c)
	}
	u, ch, err := s.actor(c.User, c.Channel)
	if err != nil {
		return nil, nil, err
	}
	m := s.state.find(ch.ID, c.TS)
	if m == nil || (m.EphemeralTo != "" && m.EphemeralTo != c.User) {
		return nil, nil, fmt.Errorf("fakeslack: %s sees no message %s in %s", c.User, c.TS, ch.ID)
	}
	action, err := findAction(m.Blocks, c)
	if err != nil {
		return nil, nil, err
	}
	d := s.newAct(KindInteractive, u, ch, m.TS)
	place := onMessageOf(m, u.ID)
	s.state.picks.keep(place, action)
	payload := s.blockActions(u, d, action)
	payload["state"] = object{"values": s.state.picks.values(place, m.Blocks)}
	payload["response_url"] = d.ResponseURL
	payload["channel"] = object{"id": ch.ID, "name": commandChannelName(ch)}
	container := object{
		"type": "message", "message_ts": m.TS, "channel_id": ch.ID, "is_ephemeral": m.EphemeralTo != "",
	}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	payload["container"] = container
	// An ephemeral message is not sent back with the click (seen).
	if m.EphemeralTo == "" {
		payload["message"] = s.state.wire(m, false)
	}
	return d, payload, nil
}

func (s *Server) clickView(c Click) (*Delivery, object, error) {
	v, u := s.state.views[c.ViewID], s.state.users[c.User]
	if v == nil || u == nil || v.User != c.User {
		return nil, nil, fmt.Errorf("fakeslack: %s sees no view %q", c.User, c.ViewID)
	}
	action, err := findAction(v.Blocks, c)
	if err != nil {
		return nil, nil, err
	}
	d := &Delivery{Kind: KindInteractive, User: u.ID, ViewID: v.ID, TriggerID: s.newTrigger(u.ID, s.opt.Now())}
	s.state.picks.keep(onView(v), action)
	payload := s.blockActions(u, d, action)
	payload["view"] = s.wireView(v)
	payload["container"] = object{"type": "view", "view_id": v.ID}
	return d, payload, nil
}

func (s *Server) blockActions(u *User, d *Delivery, action object) object {
	payload := s.interaction("block_actions", u, d)
	action["action_ts"] = payload["action_ts"]
	payload["actions"] = []object{action}
	return payload
}

// findAction finds the element in the blocks and builds the action of its use.
func findAction(raw json.RawMessage, c Click) (object, error) {
	var labels []string
	for i, block := range decodeBlocks(raw) {
		for _, e := range elementsOf(block) {
			label, _ := textOf(e["text"])
			id, _ := e["action_id"].(string)
			other := c.Block != "" && blockID(block, i) != c.Block
			if other || id != c.Element && label != c.Element {
				labels = append(labels, fmt.Sprintf("%q (%s)", label, id))
				continue
			}
			action, err := actionOf(e, c.Value)
			if err != nil {
				return nil, err
			}
			action["block_id"] = blockID(block, i)
			return action, nil
		}
	}
	return nil, fmt.Errorf("fakeslack: no element %q; there are %s", c.Element, strings.Join(labels, ", "))
}

// elementsOf lists a block's interactive elements.
func elementsOf(block object) []object {
	var out []object
	add := func(v any) {
		if e, ok := v.(object); ok && e["action_id"] != nil {
			out = append(out, e)
		}
	}
	add(block["accessory"])
	add(block["element"])
	for _, name := range []string{"elements", "actions", "child_blocks"} {
		list, _ := block[name].([]any)
		for _, e := range list {
			if child, ok := e.(object); ok && (name == "child_blocks" || child["type"] == "card") {
				out = append(out, elementsOf(child)...)
				continue
			}
			add(e)
		}
	}
	return out
}

// actionOf builds the action by the element's type.
func actionOf(e object, value string) (object, error) {
	action := object{"type": e["type"], "action_id": e["action_id"]}
	if e["type"] == "button" {
		action["text"], action["value"] = e["text"], e["value"]
		return action, nil
	}
	chosen, err := chosenValue(e, value)
	if err != nil {
		return nil, err
	}
	maps.Copy(action, chosen)
	return action, nil
}

// blockID is the block's own id, or the one that the workspace gives it.
func blockID(block object, index int) string {
	if id, ok := block["block_id"].(string); ok && id != "" {
		return id
	}
	return fmt.Sprintf("block%d", index)
}

// named gives each block an id, as Slack does.
func named(raw json.RawMessage) json.RawMessage {
	blocks := decodeBlocks(raw)
	for i, b := range blocks {
		b["block_id"] = blockID(b, i)
	}
	out, err := json.Marshal(blocks)
	if err != nil || blocks == nil {
		return raw
	}
	return out
}

func decodeBlocks(raw json.RawMessage) []object {
	var blocks []object
	if json.Unmarshal(raw, &blocks) != nil {
		return nil
	}
	return blocks
}

func textOf(v any) (string, bool) {
	o, _ := v.(object)
	text, ok := o["text"].(string)
	return text, ok
}
