package bot

import (
	"encoding/json"
	"strings"

	"arbot/bot/card"
)

// Origin is the message from which a modal was opened. It travels in the value of the
// modal, so that whichever replica takes what was sent can answer there.
type Origin struct {
	Channel string `json:"c,omitempty"`
	// Ephemeral: only the person sees the message.
	Ephemeral bool `json:"e,omitempty"`
	// ResponseURL takes the answer for 30 minutes; later it is a direct message.
	ResponseURL string `json:"u,omitempty"`
}

// originMark parts the value of a modal from its origin: no text that people type has it.
const originMark = "\x1e"

// withOrigin notes in a modal from where it was opened, if it is to answer there.
func withOrigin(m card.Modal, c Call) card.Modal {
	if !m.InPlace || c.Kind != Action || c.ResponseURL == "" {
		return m
	}
	o, err := json.Marshal(Origin{Channel: c.Channel, Ephemeral: c.Ephemeral, ResponseURL: c.ResponseURL})
	if err == nil {
		m.Value += originMark + string(o)
	}
	return m
}

// cutOrigin takes the value of a modal apart again.
func cutOrigin(metadata string) (value string, o Origin) {
	value, text, found := strings.Cut(metadata, originMark)
	if found && json.Unmarshal([]byte(text), &o) != nil {
		o = Origin{}
	}
	return value, o
}

// toOrigin has what answers a modal take the place of the message that it was opened
// from.
func (r *replier) toOrigin(a Answer) Answer {
	o := r.call.Origin
	if r.call.Kind != Submission || !a.Replace || o.ResponseURL == "" || a.Card.Text == "" {
		return a
	}
	r.call.Channel, r.call.Ephemeral, r.call.ResponseURL = o.Channel, o.Ephemeral, o.ResponseURL
	if !o.Ephemeral {
		a.Card.Visibility = card.InChannel
	}
	return a
}
