package blockkit

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"arbot/bot/card"
)

// choice is a section with a menu beside its label.
func (p *packer) choice(s card.Select) {
	label := card.Clean(s.Label)
	if label == "" || s.Action == "" || strings.Contains(s.Action, again) {
		p.fail(fmt.Errorf("blockkit: menu %q has no label, or its action %q cannot be one", s.Label, s.Action))
		return
	}
	of := s.Of
	if of != "" {
		of += " "
	}
	in := card.Input{ID: s.Action, Kind: card.Menu, Label: label, Options: make([]card.Option, len(s.Options)), Initial: []string{of + s.Initial}}
	for i, o := range s.Options {
		o.Value = of + o.Value
		in.Options[i] = o
	}
	options, err := optionsOf(in)
	if err != nil {
		p.fail(err)
		return
	}
	menu := menu(in, options)
	menu.ActionID = p.actionID(card.Button{Action: s.Action})
	p.add(slack.NewSectionBlock(plainText(clean(label, maxElement)), nil, slack.NewAccessory(menu)))
}
