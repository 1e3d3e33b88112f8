package bot

import (
	"encoding/json"
	"strings"

	"arbot/bot/card"
)

// Origin is the message from which a modal was opened. It travels in the value of the
// modal, so that whichever replica takes what was sent can answer there, and knows from
// where it came.
type Origin struct {
	Channel string `json:"c,omitempty"`
	// TS is the message, Thread the thread in which it stands; both "" for one that only
	// the person sees outside of a thread.
	TS     string `json:"t,omitempty"`
	Thread string `json:"h,omitempty"`
	// Ephemeral: only the person sees the message.
	Ephemeral bool `json:"e,omitempty"`
	// ResponseURL takes the answer for 30 minutes; later it is a direct message. It is ""
	// where the answer does not take the place of the message.
	ResponseURL string `json:"u,omitempty"`
}

// originMark parts the value of a modal from its origin: no text that people type has it.
const originMark = "\x1e"

// origin is the message from which a call comes: that in which a button was pressed or on
// which a shortcut was used, or the one from which the modal was opened.
func (c Call) origin() Origin {
	switch {
	case c.Kind == Submission || c.View.ID != "":
		return c.Origin
	case c.Kind != Action && c.Kind != Shortcut || c.Channel == "":
		return Origin{}
	}
	o := Origin{Channel: c.Channel, TS: c.MessageTS, Thread: c.ThreadTS, Ephemeral: c.Ephemeral, ResponseURL: c.ResponseURL}
	if c.Ephemeral {
		o.TS = ""
	}
	if c.Kind != Action {
		o.ResponseURL = ""
	}
	return o
}

// withOrigin notes in a modal from where it was opened.
func withOrigin(m card.Modal, c Call) card.Modal {
	origin := c.origin()
	if !m.InPlace || origin.ResponseURL == "" {
		origin.ResponseURL, origin.Ephemeral = "", false
	}
	if origin.TS == "" && origin.Thread == "" && origin.ResponseURL == "" {
		return m
	}
	o, err := json.Marshal(origin)
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
