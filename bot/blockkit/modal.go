package blockkit

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"arbot/bot/card"
)

// Limits of views and inputs (docs.slack.dev, "Views" and "Input block").
const (
	maxViewBlocks  = 100
	maxViewTitle   = 24
	maxMetadata    = 3000
	maxInputLabel  = 2000
	maxPlaceholder = 150
	maxTyped       = 3000
	maxOption      = 75
	maxOptions     = 100
	maxShown       = 10 // radio buttons and checkboxes
	maxUploads     = 10
)

// Modal gives the view for a modal. An error means one that no data can mend. What
// stands above the inputs is cut where it is too long for a view.
func Modal(m card.Modal, o Options) (slack.ModalViewRequest, error) {
	view := slack.ModalViewRequest{
		Type: slack.VTModal, Title: plainText(clean(m.Title, maxViewTitle)), PrivateMetadata: m.Value, CallbackID: m.Action,
		Blocks: slack.Blocks{BlockSet: []slack.Block{}}, // nil would be "blocks": null, which Slack refuses
	}
	closes := m.Close
	if m.Submit != "" {
		view.Submit = plainText(clean(m.Submit, maxViewTitle))
	}
	if closes == "" {
		closes = "Close"
		if m.Submit != "" {
			closes = "Cancel"
		}
	}
	view.Close = plainText(clean(closes, maxViewTitle))
	if err := checkModal(m); err != nil {
		return view, err
	}
	above, err := viewBlocks(m.Parts, o, maxViewBlocks-len(m.Inputs))
	if err != nil {
		return view, err
	}
	view.Blocks.BlockSet = append(view.Blocks.BlockSet, above...)
	for _, in := range m.Inputs {
		block, err := inputBlock(in)
		if err != nil {
			return view, err
		}
		view.Blocks.BlockSet = append(view.Blocks.BlockSet, block)
	}
	return view, nil
}

// Home gives the view for a home tab.
func Home(c card.Card, o Options) (slack.HomeTabViewRequest, error) {
	parts := c.Parts
	if len(parts) == 0 {
		parts = []card.Part{card.Paragraph{card.T(c.Text)}}
	}
	blocks, err := viewBlocks(parts, o, maxViewBlocks)
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: blocks}}, err
}

// viewBlocks are the blocks of some parts, and a line in the place of those that are
// too many for a view.
func viewBlocks(parts []card.Part, o Options, most int) ([]slack.Block, error) {
	if len(parts) == 0 {
		return nil, nil
	}
	messages, err := Render(card.New(card.Dash, parts...), o)
	if err != nil {
		return nil, err
	}
	var blocks []slack.Block
	for _, m := range messages {
		blocks = append(blocks, m.Blocks...)
	}
	if len(blocks) > most {
		more := slack.NewContextBlock("", plainText("There is more than can be shown here."))
		blocks = append(blocks[:max(0, most-1)], more)
	}
	return blocks, nil
}

// checkModal finds the faults of a modal that are faults of our code.
func checkModal(m card.Modal) error {
	switch {
	case card.Clean(m.Title) == "":
		return errors.New("blockkit: modal has no title")
	case units(m.Value) > maxMetadata:
		return fmt.Errorf("blockkit: modal %q: value of %d characters, Slack takes %d", m.Title, units(m.Value), maxMetadata)
	case len(m.Inputs) > 0 && m.Submit == "":
		return fmt.Errorf("blockkit: modal %q has inputs and no button to send them", m.Title)
	case m.Submit != "" && m.Action == "":
		return fmt.Errorf("blockkit: modal %q can be sent and names no action", m.Title)
	case len(m.Inputs) >= maxViewBlocks:
		return fmt.Errorf("blockkit: modal %q has %d inputs", m.Title, len(m.Inputs))
	}
	seen := map[string]bool{}
	for _, in := range m.Inputs {
		if in.ID == "" || seen[in.ID] || card.Clean(in.Label) == "" {
			return fmt.Errorf("blockkit: modal %q: input %q has no name of its own, or no label", m.Title, in.ID)
		}
		seen[in.ID] = true
	}
	return nil
}

func inputBlock(in card.Input) (*slack.InputBlock, error) {
	options, err := optionsOf(in)
	if err != nil {
		return nil, err
	}
	element, err := inputElement(in, options)
	if err != nil {
		return nil, err
	}
	b := slack.NewInputBlock(in.ID, plainText(clean(in.Label, maxInputLabel)), nil, element)
	if hint := card.Clean(in.Hint); hint != "" {
		b.Hint = plainText(truncate(hint, maxInputLabel))
	}
	b.Optional = in.Optional
	return b, nil
}

// optionsOf are the options of an input, checked.
func optionsOf(in card.Input) ([]*slack.OptionBlockObject, error) {
	most := maxOptions
	switch in.Kind {
	case card.Radio, card.Checks:
		most = maxShown
	case card.Lookup, card.Lookups:
		if in.Source == "" {
			return nil, fmt.Errorf("blockkit: input %q looks up and names no source", in.ID)
		}
	case card.Menu, card.Menus:
	default:
		return nil, nil
	}
	if len(in.Options) > most || len(in.Options) == 0 && in.Source == "" {
		return nil, fmt.Errorf("blockkit: input %q has %d options, Slack takes 1 to %d", in.ID, len(in.Options), most)
	}
	list := make([]*slack.OptionBlockObject, len(in.Options))
	for i, o := range in.Options {
		if o.Value == "" || units(o.Value) > maxOption {
			return nil, fmt.Errorf("blockkit: input %q: option %q has a value of %d characters, Slack takes 1 to %d", in.ID, o.Label, units(o.Value), maxOption)
		}
		list[i] = option(o)
	}
	return list, nil
}

func option(o card.Option) *slack.OptionBlockObject {
	var more *slack.TextBlockObject
	if text := card.Clean(o.Description); text != "" {
		more = plainText(truncate(text, maxOption))
	}
	return slack.NewOptionBlockObject(o.Value, plainText(clean(o.Label, maxOption)), more)
}

// Choices are options as they answer a lookup; what is too many for Slack, or has a
// value that it would not take, is left out.
func Choices(options []card.Option) json.RawMessage {
	list := []*slack.OptionBlockObject{}
	for _, o := range options {
		if o.Value != "" && units(o.Value) <= maxOption && len(list) < maxOptions {
			list = append(list, option(o))
		}
	}
	raw, err := json.Marshal(struct {
		Options []*slack.OptionBlockObject `json:"options"` // also where there is none
	}{list})
	if err != nil {
		return json.RawMessage(`{"options":[]}`)
	}
	return raw
}

// chosen are the options that an input holds at first.
func chosen(in card.Input, options []*slack.OptionBlockObject) []*slack.OptionBlockObject {
	var list []*slack.OptionBlockObject
	for _, o := range options {
		if slices.Contains(in.Initial, o.Value) {
			list = append(list, o)
		}
	}
	return list
}

func first[T any](list []T) (zero T) {
	if len(list) == 0 {
		return zero
	}
	return list[0]
}
