package fakeslack

import "maps"

// place is where an element stands within a block.
type place int

const (
	inSection place = 1 << iota
	inActions
	inInput
	inContext
	inContextActions
	justButton
	justImage
)

// elementRule is one kind of element: the places where it may stand and its fields.
type elementRule struct {
	in    place
	shape shape
	also  func(c *checker, at string, m object)
}

const pickable = inSection | inActions | inInput

// elementRules are the elements of Block Kit with their limits (types, docs).
var elementRules = map[string]elementRule{
	"button": {inSection | inActions | justButton, with(shape{
		"text": need(plain(75)), "value": may(text(0, 2000)), "url": may(text(1, 3000)), "style": may(colour),
		"accessibility_label": may(text(1, 75)),
	}, acting, confirmed), nil},
	"workflow_button": {inSection | inActions, with(shape{
		"text": need(plain(75)), "workflow": need(workflow), "style": may(colour), "accessibility_label": may(text(1, 75)),
	}, acting, confirmed), nil},
	"image": {inSection | inContext | justImage, shape{
		"image_url": may(text(1, 3000)), "slack_file": may(slackFile), "alt_text": need(text(1, 2000)),
	}, oneOf("image_url", "slack_file")},
	"overflow": {inSection | inActions, with(shape{
		"options": need(list(1, 5, option(plain(75), shape{"url": may(text(1, 3000))}))),
	}, acting, confirmed), nil},

	"static_select": {pickable, with(shape{
		"options": may(list(1, 100, plainOption)), "option_groups": may(list(1, 100, optionGroup)), "initial_option": may(plainOption),
	}, menu), either("options", "option_groups")},
	"multi_static_select": {pickable, with(shape{
		"options": may(list(1, 100, plainOption)), "option_groups": may(list(1, 100, optionGroup)),
		"initial_options": may(list(1, 100, plainOption)), "max_selected_items": may(integer(1, 100)),
	}, menu), either("options", "option_groups")},
	"external_select": {pickable, with(shape{
		"initial_option": may(plainOption), "min_query_length": may(integer(0, 3000)),
	}, menu), nil},
	"multi_external_select": {pickable, with(shape{
		"initial_options": may(list(1, 100, plainOption)), "min_query_length": may(integer(0, 3000)), "max_selected_items": may(integer(1, 100)),
	}, menu), nil},
	"users_select":          {pickable, with(shape{"initial_user": may(text(1, 255))}, menu), nil},
	"multi_users_select":    {pickable, with(shape{"initial_users": may(ids), "max_selected_items": may(integer(1, 100))}, menu), nil},
	"channels_select":       {pickable, with(shape{"initial_channel": may(text(1, 255)), "response_url_enabled": may(boolean)}, menu), nil},
	"multi_channels_select": {pickable, with(shape{"initial_channels": may(ids), "max_selected_items": may(integer(1, 100))}, menu), nil},
	"conversations_select": {pickable, with(shape{
		"initial_conversation": may(text(1, 255)), "response_url_enabled": may(boolean),
		"default_to_current_conversation": may(boolean), "filter": may(conversationFilter),
	}, menu), nil},
	"multi_conversations_select": {pickable, with(shape{
		"initial_conversations": may(ids), "max_selected_items": may(integer(1, 100)),
		"default_to_current_conversation": may(boolean), "filter": may(conversationFilter),
	}, menu), nil},

	"datepicker":     {pickable, with(shape{"initial_date": may(text(10, 10))}, menu), nil},
	"timepicker":     {pickable, with(shape{"initial_time": may(text(5, 5)), "timezone": may(text(1, 255))}, menu), nil},
	"datetimepicker": {inActions | inInput, with(shape{"initial_date_time": may(number)}, acting, confirmed, focused), nil},
	"checkboxes": {pickable, with(shape{
		"options": need(list(1, 10, option(anyText(75), nil))), "initial_options": may(list(1, 10, option(anyText(75), nil))),
	}, acting, confirmed, focused), nil},
	"radio_buttons": {pickable, with(shape{
		"options": need(list(1, 10, option(anyText(75), nil))), "initial_option": may(option(anyText(75), nil)),
	}, acting, confirmed, focused), nil},

	"plain_text_input": {inInput, with(shape{
		"initial_value": may(text(0, 3000)), "multiline": may(boolean),
		"min_length": may(integer(0, 3000)), "max_length": may(integer(1, 3000)),
	}, typedIn), nil},
	"email_text_input": {inInput, with(shape{"initial_value": may(text(0, 3000))}, typedIn), nil},
	"url_text_input":   {inInput, with(shape{"initial_value": may(text(0, 3000))}, typedIn), nil},
	"number_input": {inInput, with(shape{
		"is_decimal_allowed": need(boolean), "initial_value": may(text(0, 255)), "min_value": may(text(0, 255)), "max_value": may(text(0, 255)),
	}, typedIn), nil},
	"rich_text_input": {inInput | inActions, with(shape{
		"initial_value": may(nested("rich_text")), "min_lines": may(integer(1, 100)), "max_lines": may(integer(1, 100)),
	}, typedIn), nil},
	"file_input": {inInput, with(shape{
		"filetypes": may(list(1, 100, text(1, 50))), "max_files": may(integer(1, 10)),
	}, acting), nil},

	"feedback_buttons": {inContextActions, with(shape{
		"positive_button": need(feedback), "negative_button": need(feedback),
	}, acting), nil},
	"icon_button": {inContextActions, with(shape{
		"icon": need(text(1, 255)), "text": need(plain(75)), "accessibility_label": may(text(1, 75)),
		"value": may(text(0, 2000)), "visible_to_user_ids": may(ids),
	}, acting, confirmed), nil},
}

// What several elements have in common.
var (
	acting    = shape{"action_id": may(actionID)}
	confirmed = shape{"confirm": may(confirm)}
	focused   = shape{"focus_on_load": may(boolean)}
	menu      = with(shape{"placeholder": may(plain(150))}, acting, confirmed, focused)
	typedIn   = with(shape{
		"placeholder": may(plain(150)),
		"dispatch_action_config": may(record(shape{
			"trigger_actions_on": may(list(1, 2, enum("on_enter_pressed", "on_character_entered"))),
		})),
	}, acting, focused)
)

var (
	colour = enum("primary", "danger")
	ids    = list(1, 100, text(1, 255))
	// confirm is the dialog before an act (types).
	confirm = record(shape{
		"title": may(plain(100)), "text": need(anyText(300)), "confirm": may(plain(30)), "deny": may(plain(30)), "style": may(colour),
	})
	plainOption = option(plain(75), nil)
	optionGroup = record(shape{"label": need(plain(75)), "options": need(list(1, 100, plainOption))})
	feedback    = record(shape{"text": need(plain(75)), "value": need(text(1, 2000)), "accessibility_label": may(text(1, 75))})
	slackFile   = record(shape{"id": may(text(1, 255)), "url": may(text(1, 3000))})

	conversationFilter = record(shape{
		"include":                          may(list(1, 4, enum("im", "mpim", "private", "public"))),
		"exclude_external_shared_channels": may(boolean), "exclude_bot_users": may(boolean),
	})
	workflow = record(shape{"trigger": need(record(shape{
		"url":                           need(text(1, 3000)),
		"customizable_input_parameters": may(list(0, 100, record(shape{"name": need(text(1, 255)), "value": need(text(0, 3000))}))),
	}))})
)

// option is one choice of a menu; value is held to 75 characters, the smaller
// of the two figures that Slack's own libraries give.
func option(label check, more shape) check {
	return record(with(shape{
		"text": need(label), "value": may(text(0, 75)), "description": may(anyText(75)),
	}, more))
}

// element is an element of a type that may stand in the place.
func element(in place) check {
	return func(c *checker, at string, v any) {
		m, ok := v.(object)
		if !ok {
			c.bad(at, "must be an object")
			return
		}
		kind, _ := m["type"].(string)
		rule, known := c.elements[kind]
		if !known || rule.in&in == 0 {
			c.bad(at+"/type", "unsupported type: %s", kind)
			return
		}
		c.fields(at, m, rule.shape, "type")
		if rule.also != nil {
			rule.also(c, at, m)
		}
	}
}

// contextElement is a text or an image.
func contextElement(c *checker, at string, v any) {
	if m, ok := v.(object); ok && m["type"] == "image" {
		element(inContext)(c, at, v)
		return
	}
	anyText(3000)(c, at, v)
}

// actionID: 255 characters, once in a block (docs).
func actionID(c *checker, at string, v any) {
	text(1, 255)(c, at, v)
	id, _ := v.(string)
	if c.actionIDs[id] {
		c.bad(at, "action_id %q already exists", id)
	}
	if c.actionIDs != nil {
		c.actionIDs[id] = true
	}
}

// either asks for exactly one of two fields.
func either(a, b string) func(*checker, string, object) {
	return func(c *checker, at string, m object) {
		_, one := m[a]
		_, other := m[b]
		if one == other {
			c.bad(at, "must have exactly one of %s and %s", a, b)
		}
	}
}

// with joins shapes.
func with(shapes ...shape) shape {
	out := shape{}
	for _, sh := range shapes {
		maps.Copy(out, sh)
	}
	return out
}
