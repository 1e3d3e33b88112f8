package fakeslack

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// Typing is a person typing into a menu whose options the app finds.
type Typing struct {
	User    string
	ViewID  string // "" is the top modal that the user has open
	Element string // the menu's action_id
	Text    string
}

// Suggest types into an external menu of a modal and waits for the options
// (docs, block_suggestion): it returns their labels. The payload has no trigger, and a
// late or broken answer shows the person no options.
func (s *Server) Suggest(ctx context.Context, t Typing) (*Delivery, []string, error) {
	d, payload, err := s.suggestion(t)
	if err != nil {
		return nil, nil, err
	}
	if d, err = s.send(ctx, d, payload, nil); err != nil {
		return d, nil, err
	}
	ack, _ := d.Ack()
	var answer struct {
		Options []struct {
			Text  textObject `json:"text"`
			Value string     `json:"value"`
		} `json:"options"`
	}
	if err := json.Unmarshal(ack.Payload, &answer); err != nil || answer.Options == nil {
		return d, nil, fmt.Errorf("fakeslack: %q is no list of options", ack.Payload)
	}
	labels := []string{}
	for _, o := range answer.Options {
		if n := len([]rune(o.Text.Text)); n == 0 || n > 75 || o.Value == "" || len(answer.Options) > 100 {
			return d, nil, fmt.Errorf("fakeslack: option %q (%q) breaks Slack's limits", o.Text.Text, o.Value)
		}
		labels = append(labels, o.Text.Text)
	}
	return d, labels, nil
}

func (s *Server) suggestion(t Typing) (*Delivery, object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, u, err := s.openModal(Submission{User: t.User, ViewID: t.ViewID})
	if err != nil {
		return nil, nil, err
	}
	for i, block := range decodeBlocks(v.Blocks) {
		for _, e := range elementsOf(block) {
			kind, _ := e["type"].(string)
			if e["action_id"] != t.Element || !strings.HasSuffix(kind, "external_select") {
				continue
			}
			d := &Delivery{Kind: KindInteractive, User: u.ID, ViewID: v.ID}
			payload := s.interaction("block_suggestion", u, d)
			delete(payload, "trigger_id")
			delete(payload, "action_ts")
			payload["action_id"], payload["block_id"], payload["value"] = t.Element, blockID(block, i), t.Text
			payload["view"], payload["container"] = s.wireView(v), object{"type": "view", "view_id": v.ID}
			return d, payload, nil
		}
	}
	return nil, nil, fmt.Errorf("fakeslack: the modal %q has no external menu %q", v.Title, t.Element)
}
