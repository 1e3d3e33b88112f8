package blockkit

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"arbot/bot/card"
)

// menuAction is the action of a row's menu: which act was chosen says the option.
const menuAction = "menu"

const (
	maxMenu        = 5 // options of an overflow menu
	maxMenuValue   = 75
	maxOptionLabel = 75
)

// Pressed is the action of a card and its value, from the action id and the value that
// Slack sends of a button or a menu.
func Pressed(actionID, value string) (action, of string) {
	if action = Action(actionID); action != menuAction {
		return action, value
	}
	action, of, _ = strings.Cut(value, " ")
	return action, of
}

// rows are sections with an overflow menu beside each.
func (p *packer) rows(rows []card.Row) {
	for _, row := range rows {
		text := card.Clean(row.Text)
		if text == "" || len(row.Menu) > maxMenu {
			p.fail(fmt.Errorf("blockkit: row %q has no text, or %d acts in its menu, of which Slack takes %d", text, len(row.Menu), maxMenu))
			return
		}
		var beside *slack.Accessory
		if len(row.Menu) > 0 {
			menu, err := p.menuOf(row)
			if err != nil {
				p.fail(err)
				return
			}
			beside = slack.NewAccessory(menu)
		}
		p.add(slack.NewSectionBlock(plainText(clean(text, maxElement)), nil, beside))
	}
}

func (p *packer) menuOf(row card.Row) (*slack.OverflowBlockElement, error) {
	options := make([]*slack.OptionBlockObject, len(row.Menu))
	for i, act := range row.Menu {
		value := strings.TrimSpace(act.Action + " " + act.Value)
		if act.Action == "" || strings.Contains(act.Action, " ") || card.Clean(act.Label) == "" || units(value) > maxMenuValue {
			return nil, fmt.Errorf("blockkit: the act %q of a row has no label, or its action and value %q cannot be an option's", act.Label, value)
		}
		options[i] = slack.NewOptionBlockObject(value, plainText(clean(act.Label, maxOptionLabel)), nil)
	}
	return slack.NewOverflowBlockElement(p.actionID(card.Button{Action: menuAction}), options...), nil
}
