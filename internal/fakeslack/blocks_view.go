package fakeslack

import "encoding/json"

// viewShapes are a modal and a home tab (docs): titles and buttons of 24
// characters, metadata of 3,000.
var viewShapes = map[string]shape{
	"modal": with(viewCommon, shape{
		"title": need(plain(24)), "submit": may(plain(24)), "close": may(plain(24)),
		"clear_on_close": may(boolean), "notify_on_close": may(boolean), "submit_disabled": may(boolean),
	}),
	"home": viewCommon,
}

var viewCommon = shape{
	"blocks": need(list(0, maxViewBlocks, func(*checker, string, any) {})), "private_metadata": may(text(0, 3000)),
	"callback_id": may(text(0, 255)), "external_id": may(text(0, 255)),
}

// readView checks a view and reads it. Slack answers a view that breaks the
// rules with invalid_arguments and the pointers (seen).
func readView(raw json.RawMessage, kind string) (viewBody, error) {
	var body viewBody
	if len(raw) > maxViewBytes {
		return body, refuse("view_too_large")
	}
	m, ok := decode(raw).(object)
	if !ok {
		return body, refuse("invalid_arguments", "[ERROR] view must be an object [json-pointer:/view]")
	}
	c := newChecker(onModal)
	if kind == "home" {
		c.surface = onHome
	}
	if m["type"] != kind {
		c.bad("/view/type", "must be %s", kind)
	}
	c.fields("/view", m, viewShapes[kind], "type")
	blocks, _ := m["blocks"].([]any)
	for i, b := range blocks {
		c.block(pointer("/view/blocks", i), b, nil)
	}
	c.totals("/view/blocks")
	if _, submit := m["submit"]; c.input && !submit && kind == "modal" {
		c.bad("/view", "must define `submit` to use an `input` block in modals")
	}
	if len(c.problems) > 0 {
		return body, refuse("invalid_arguments", c.problems...)
	}
	if err := json.Unmarshal(raw, &body); err != nil {
		return body, refuse("invalid_arguments", "[ERROR] "+err.Error()+" [json-pointer:/view]")
	}
	return body, nil
}
