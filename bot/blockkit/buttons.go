package blockkit

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"arbot/bot/card"
)

// again stands between an action and the number that tells apart several
// buttons of it: Slack refuses a message in which an action id comes twice.
const again = "#"

// linkAction is the action of a button that only opens a page. Slack sends a
// press of it too, and it has to be acknowledged.
const linkAction = "link"

// Action is the action that a card gave a button, from the action id that Slack
// sends when it is pressed. It is "link" for a button with a URL and no action.
func Action(actionID string) string {
	action, _, _ := strings.Cut(actionID, again)
	return action
}

// buttons lays buttons into rows of at most 25.
func (p *packer) buttons(buttons []card.Button) {
	var (
		elements []slack.BlockElement
		sizes    []int
	)
	for _, b := range buttons {
		if b.URL != "" && !opens(b.URL) {
			continue
		}
		e, err := p.button(b)
		if err != nil {
			p.fail(err)
			return
		}
		elements = append(elements, e)
		sizes = append(sizes, p.measure(e))
	}
	p.fill(sizes, maxActions, func(from, to int) slack.Block {
		return slack.NewActionBlock("", elements[from:to]...)
	})
}

// opens tells whether Slack would open an address.
func opens(address string) bool {
	href := card.SafeURL(address)
	return href != "" && units(href) <= maxURL
}

func (p *packer) button(b card.Button) (*slack.ButtonBlockElement, error) {
	if err := checkButton(b); err != nil {
		return nil, err
	}
	e := slack.NewButtonBlockElement(p.actionID(b), b.Value, plainText(clean(b.Label, maxButtonText)))
	e.URL = card.SafeURL(b.URL)
	if label := card.Clean(b.Accessible); label != "" {
		e.AccessibilityLabel = truncate(label, maxAccessible)
	}
	switch b.Style {
	case card.Primary:
		e.Style = slack.StylePrimary
	case card.Danger:
		e.Style = slack.StyleDanger
	case card.Default:
	}
	if text := card.Clean(b.Confirm); text != "" {
		e.Confirm = confirmation(b, text)
	}
	return e, nil
}

// checkButton finds the faults of a button that are faults of our code, and that
// cutting would only hide: a shortened id is another id.
func checkButton(b card.Button) error {
	switch {
	case card.Clean(b.Label) == "":
		return fmt.Errorf("blockkit: button with action %q has no label", b.Action)
	case b.Action == "" && b.URL == "":
		return fmt.Errorf("blockkit: button %q has neither an action nor a URL", b.Label)
	case strings.Contains(b.Action, again):
		return fmt.Errorf("blockkit: button %q: action %q must not contain %q", b.Label, b.Action, again)
	case units(b.Action) > maxActionID-len(again)-5:
		return fmt.Errorf("blockkit: button %q: action of %d characters is too long", b.Label, units(b.Action))
	case units(b.Value) > maxButtonValue:
		return fmt.Errorf("blockkit: button %q: value of %d characters, Slack takes %d", b.Label, units(b.Value), maxButtonValue)
	}
	return nil
}

// actionID is an id for the button that no other button of the card has.
func (p *packer) actionID(b card.Button) string {
	action := b.Action
	if action == "" {
		action = linkAction
	}
	p.actions[action]++
	if n := p.actions[action]; n > 1 {
		return action + again + strconv.Itoa(n)
	}
	return action
}

// confirmation asks before the press counts.
func confirmation(b card.Button, text string) *slack.ConfirmationBlockObject {
	c := slack.NewConfirmationBlockObject(
		plainText("Are you sure?"),
		plainText(truncate(text, maxConfirmText)),
		plainText(clean(b.Label, maxConfirmButton)),
		plainText("Cancel"),
	)
	if b.Style == card.Danger {
		c.Style = slack.StyleDanger
	}
	return c
}
