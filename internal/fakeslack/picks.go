package fakeslack

import (
	"encoding/json"
	"maps"
)

// picks are what people have chosen and typed without sending it: by place, then by
// block_id and action_id. They make up state.values.
type picks map[string]map[[2]string]object

// onView and onMessageOf name the places. A view is one person's; of a message each
// person has a state of their own.
func onView(v *View) string { return "view " + v.ID }

func onMessageOf(m *Message, user string) string {
	return "message " + m.Channel + " " + m.TS + " " + user
}

// keep remembers the choice that an action carries, if its element has a state.
func (p picks) keep(place string, action object) {
	kind, _ := action["type"].(string)
	if !stateful(kind) {
		return
	}
	if p[place] == nil {
		p[place] = map[[2]string]object{}
	}
	chosen := maps.Clone(action)
	for _, name := range []string{"action_id", "block_id", "action_ts"} {
		delete(chosen, name)
	}
	block, _ := action["block_id"].(string)
	id, _ := action["action_id"].(string)
	p[place][[2]string{block, id}] = chosen
}

// values is state.values: the choice in each element that has a state, be it made
// by the person or initial (docs, block_actions).
func (p picks) values(place string, blocks json.RawMessage) object {
	out := object{}
	for i, block := range decodeBlocks(blocks) {
		inBlock := object{}
		for _, e := range elementsOf(block) {
			kind, _ := e["type"].(string)
			if !stateful(kind) {
				continue
			}
			id, _ := e["action_id"].(string)
			if chosen, ok := p[place][[2]string{blockID(block, i), id}]; ok {
				inBlock[id] = chosen
			} else if initial, err := chosenValue(e, ""); err == nil {
				initial["type"] = kind
				inBlock[id] = initial
			}
		}
		if len(inBlock) > 0 {
			out[blockID(block, i)] = inBlock
		}
	}
	return out
}

// stateful tells the elements that hold a choice from those that are only pressed.
func stateful(kind string) bool {
	switch kind {
	case "static_select", "external_select", "radio_buttons", "checkboxes", "multi_static_select", "multi_external_select":
		return true
	}
	_, picker := pickers[kind]
	return picker
}
