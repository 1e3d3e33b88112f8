package blockkit_test

import (
	"encoding/json"
	"strings"
	"testing"

	"arbot/bot/blockkit"
	"arbot/bot/card"
)

// A menu holds the option that holds now, its values begin with what it is about, and
// two menus of one action have ids of their own.
func TestSelect(t *testing.T) {
	t.Parallel()
	menu := card.Select{
		Label: "Reason", Action: "reason", Of: "12", Initial: "tax",
		Options: []card.Option{{Value: "price", Label: "Price <!here>"}, {Value: "tax", Label: "Tax"}},
	}
	messages, err := blockkit.Render(card.New("A dispute.", menu, menu), blockkit.Options{})
	if err != nil || len(messages) != 1 {
		t.Fatalf("%d messages, %v", len(messages), err)
	}
	raw, err := json.Marshal(messages[0].Blocks[0])
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"type":"section","text":{"type":"plain_text","text":"Reason","emoji":false},"accessory":{"type":"static_select","action_id":"reason",` +
		`"options":[{"text":{"type":"plain_text","text":"Price \u003c!here\u003e","emoji":false},"value":"12 price"},{"text":{"type":"plain_text","text":"Tax","emoji":false},"value":"12 tax"}],` +
		`"initial_option":{"text":{"type":"plain_text","text":"Tax","emoji":false},"value":"12 tax"}}}`
	if string(raw) != want {
		t.Errorf("the menu is %s", raw)
	}
	if raw, err = json.Marshal(messages[0].Blocks[1]); err != nil || !strings.Contains(string(raw), `"reason#2"`) || blockkit.Action("reason#2") != "reason" {
		t.Errorf("the second is %s, %v", raw, err)
	}
}

func TestSelectThatCannotBe(t *testing.T) {
	t.Parallel()
	options := []card.Option{{Value: "a", Label: "A"}}
	for name, menu := range map[string]card.Select{
		"no label":     {Action: "reason", Options: options},
		"no action":    {Label: "Reason", Options: options},
		"no options":   {Label: "Reason", Action: "reason"},
		"a long value": {Label: "Reason", Action: "reason", Of: strings.Repeat("1", 75), Options: options},
	} {
		if _, err := blockkit.Render(card.New("A dispute.", menu), blockkit.Options{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
