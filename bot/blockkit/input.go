package blockkit

import (
	"fmt"

	"github.com/slack-go/slack"

	"arbot/bot/card"
)

// inputElement is the element of an input. Its action is the input's name, and that of
// a lookup its source: Slack asks by it for options.
func inputElement(in card.Input, options []*slack.OptionBlockObject) (slack.BlockElement, error) {
	switch in.Kind {
	case card.Line, card.Lines, card.Whole, card.Decimal, card.Day, card.Rich, card.Files:
		return typed(in), nil
	case card.Radio:
		e := slack.NewRadioButtonsBlockElement(in.ID, options...)
		e.InitialOption = first(chosen(in, options))
		return e, nil
	case card.Checks:
		e := slack.NewCheckboxGroupsBlockElement(in.ID, options...)
		e.InitialOptions = chosen(in, options)
		return e, nil
	case card.Menu, card.Lookup, card.Someone, card.Place:
		return menu(in, options), nil
	case card.Menus, card.Lookups, card.People, card.Places:
		return menus(in, options), nil
	}
	return nil, fmt.Errorf("blockkit: input %q is of no kind that is known: %d", in.ID, in.Kind)
}

// typed is an input that is filled in by hand.
func typed(in card.Input) slack.BlockElement {
	switch in.Kind {
	case card.Whole, card.Decimal:
		e := slack.NewNumberInputBlockElement(placeholder(in), in.ID, in.Kind == card.Decimal)
		e.InitialValue, e.MinValue, e.MaxValue = first(in.Initial), in.Least, in.Limit
		return e
	case card.Day:
		e := slack.NewDatePickerBlockElement(in.ID)
		e.Placeholder, e.InitialDate = placeholder(in), first(in.Initial)
		return e
	case card.Rich:
		return slack.NewRichTextInputBlockElement(placeholder(in), in.ID)
	case card.Files:
		e := slack.NewFileInputBlockElement(in.ID)
		e.MaxFiles = within(in.Most, maxUploads)
		return e
	default:
		e := slack.NewPlainTextInputBlockElement(placeholder(in), in.ID)
		e.Multiline, e.MaxLength = in.Kind == card.Lines, within(in.Most, maxTyped)
		e.InitialValue = truncate(first(in.Initial), e.MaxLength)
		return e
	}
}

// within is a bound that is at most Slack's own.
func within(most, limit int) int {
	if most <= 0 || most > limit {
		return limit
	}
	return most
}

func menu(in card.Input, options []*slack.OptionBlockObject) *slack.SelectBlockElement {
	e := &slack.SelectBlockElement{Placeholder: placeholder(in), ActionID: in.ID}
	switch in.Kind {
	case card.Lookup:
		e.Type, e.ActionID, e.MinQueryLength = slack.OptTypeExternal, in.Source, new(1)
		e.InitialOption = first(chosen(in, options))
	case card.Someone:
		e.Type, e.InitialUser = slack.OptTypeUser, first(in.Initial)
	case card.Place:
		e.Type, e.InitialConversation = slack.OptTypeConversations, first(in.Initial)
	default:
		e.Type, e.Options, e.InitialOption = slack.OptTypeStatic, options, first(chosen(in, options))
	}
	return e
}

func menus(in card.Input, options []*slack.OptionBlockObject) *slack.MultiSelectBlockElement {
	e := &slack.MultiSelectBlockElement{Placeholder: placeholder(in), ActionID: in.ID}
	if in.Most > 0 {
		e.MaxSelectedItems = &in.Most
	}
	switch in.Kind {
	case card.Lookups:
		e.Type, e.ActionID, e.MinQueryLength = slack.MultiOptTypeExternal, in.Source, new(1)
		e.InitialOptions = chosen(in, options)
	case card.People:
		e.Type, e.InitialUsers = slack.MultiOptTypeUser, in.Initial
	case card.Places:
		e.Type, e.InitialConversations = slack.MultiOptTypeConversations, in.Initial
	default:
		e.Type, e.Options, e.InitialOptions = slack.MultiOptTypeStatic, options, chosen(in, options)
	}
	return e
}

func placeholder(in card.Input) *slack.TextBlockObject {
	if text := card.Clean(in.Placeholder); text != "" {
		return plainText(truncate(text, maxPlaceholder))
	}
	return nil
}
