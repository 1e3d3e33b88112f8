package fakeslack

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Submission is a person sending a modal.
type Submission struct {
	User   string
	ViewID string // "" is the top modal that the user has open
	// Values are what was filled in, by the input's block_id or action_id: text,
	// an option's value or label, a date, a user id; several are joined by commas.
	// What is not named keeps its initial value.
	Values map[string]string
}

// SubmitView sends a modal and waits for the acknowledgement. An input that
// must be filled and is not is an error here: Slack's client does not send then.
func (s *Server) SubmitView(ctx context.Context, sub Submission, options ...SendOption) (*Delivery, error) {
	d, payload, err := s.submission(sub)
	if err != nil {
		return nil, err
	}
	return s.send(ctx, d, payload, options)
}

func (s *Server) submission(sub Submission) (*Delivery, object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, u, err := s.openModal(sub)
	if err != nil {
		return nil, nil, err
	}
	values, err := s.state.fillIn(v, sub.Values)
	if err != nil {
		return nil, nil, err
	}
	d := &Delivery{
		Kind: KindInteractive, User: u.ID, ViewID: v.ID, submits: true,
		TriggerID: s.newTrigger(u.ID, s.opt.Now()),
	}
	payload := s.interaction("view_submission", u, d)
	view := s.wireView(v)
	view["state"] = object{"values": values}
	payload["view"], payload["response_urls"] = view, []object{}
	return d, payload, nil
}

// CloseView closes the top modal; the app is told if it asked to be.
func (s *Server) CloseView(ctx context.Context, user string, options ...SendOption) (*Delivery, error) {
	d, payload, err := s.closing(user)
	if err != nil || d == nil {
		return nil, err
	}
	return s.send(ctx, d, payload, options)
}

func (s *Server) closing(user string) (*Delivery, object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, u, err := s.openModal(Submission{User: user})
	if err != nil {
		return nil, nil, err
	}
	s.closeView(v)
	s.touch()
	if !v.notifyOnClose {
		return nil, nil, nil
	}
	d := &Delivery{Kind: KindInteractive, User: u.ID, ViewID: v.ID}
	payload := s.interaction("view_closed", u, d)
	payload["view"], payload["is_cleared"] = s.wireView(v), false
	return d, payload, nil
}

func (s *Server) openModal(sub Submission) (*View, *User, error) {
	u, stack := s.state.users[sub.User], s.state.viewStacks[sub.User]
	id := sub.ViewID
	if id == "" && len(stack) > 0 {
		id = stack[len(stack)-1]
	}
	if u == nil || !slices.Contains(stack, id) {
		return nil, nil, fmt.Errorf("fakeslack: %s has no modal %q open", sub.User, sub.ViewID)
	}
	return s.state.views[id], u, nil
}

// fillIn types what was filled in and gives state.values. What was typed stays in
// the modal when the app refuses it.
func (st *State) fillIn(v *View, given map[string]string) (object, error) {
	used := map[string]bool{}
	for i, block := range decodeBlocks(v.Blocks) {
		element, ok := block["element"].(object)
		if block["type"] != "input" || !ok {
			continue
		}
		id := blockID(block, i)
		action, _ := element["action_id"].(string)
		text, name := given[id], id
		if _, byBlock := given[id]; !byBlock {
			text, name = given[action], action
		}
		used[name] = true
		if err := st.fillInput(v, element, id, text); err != nil {
			return nil, err
		}
	}
	for name := range given {
		if !used[name] {
			return nil, fmt.Errorf("fakeslack: the modal %q has no input %q", v.Title, name)
		}
	}
	values := st.picks.values(onView(v), v.Blocks)
	return values, checkFilled(v, values)
}

func (st *State) fillInput(v *View, element object, block, text string) error {
	chosen, err := chosenValue(element, text)
	if err != nil {
		return fmt.Errorf("fakeslack: input %s: %w", block, err)
	}
	if text != "" {
		chosen["type"], chosen["block_id"], chosen["action_id"] = element["type"], block, element["action_id"]
		st.picks.keep(onView(v), chosen)
	}
	return nil
}

// checkFilled: Slack's client does not send a modal while an input lacks its value.
func checkFilled(v *View, values object) error {
	for i, block := range decodeBlocks(v.Blocks) {
		optional, _ := block["optional"].(bool)
		if block["type"] != "input" || optional {
			continue
		}
		inBlock, _ := values[blockID(block, i)].(object)
		for _, chosen := range inBlock {
			if c, ok := chosen.(object); ok && empty(c) {
				return fmt.Errorf("fakeslack: input %s must be filled", blockID(block, i))
			}
		}
	}
	return nil
}

func empty(chosen object) bool {
	for name, v := range chosen {
		if name == "type" {
			continue
		}
		list, isList := v.([]object)
		if v != nil && v != "" && (!isList || len(list) > 0) {
			return false
		}
	}
	return true
}

// pickers are the elements whose choice is one plain value: the field that
// carries it and the field with its initial value.
var pickers = map[string]struct{ field, initial string }{
	"plain_text_input":     {"value", "initial_value"},
	"email_text_input":     {"value", "initial_value"},
	"url_text_input":       {"value", "initial_value"},
	"number_input":         {"value", "initial_value"},
	"datepicker":           {"selected_date", "initial_date"},
	"timepicker":           {"selected_time", "initial_time"},
	"users_select":         {"selected_user", "initial_user"},
	"channels_select":      {"selected_channel", "initial_channel"},
	"conversations_select": {"selected_conversation", "initial_conversation"},
}

// chosenValue is the part of an action or of state.values that carries a choice.
func chosenValue(e object, text string) (object, error) {
	kind, _ := e["type"].(string)
	if p, ok := pickers[kind]; ok {
		if text != "" {
			return object{p.field: text}, nil
		}
		return object{p.field: e[p.initial]}, nil
	}
	switch kind {
	case "static_select", "external_select", "overflow", "radio_buttons":
		if text == "" {
			return object{"selected_option": e["initial_option"]}, nil
		}
		option, err := findOption(e, text)
		return object{"selected_option": option}, err
	case "checkboxes", "multi_static_select", "multi_external_select":
		return chosenOptions(e, text)
	}
	return nil, fmt.Errorf("fakeslack cannot fill in a %s", kind)
}

func chosenOptions(e object, text string) (object, error) {
	picked := []object{}
	if text == "" {
		initial, _ := e["initial_options"].([]any)
		for _, v := range initial {
			if o, ok := v.(object); ok {
				picked = append(picked, o)
			}
		}
		return object{"selected_options": picked}, nil
	}
	for want := range strings.SplitSeq(text, ",") {
		option, err := findOption(e, strings.TrimSpace(want))
		if err != nil {
			return nil, err
		}
		picked = append(picked, option)
	}
	return object{"selected_options": picked}, nil
}

// findOption finds an option by value or label. An external menu's options
// are not known here: its value is taken as it is.
func findOption(e object, want string) (object, error) {
	if kind, _ := e["type"].(string); strings.HasSuffix(kind, "external_select") {
		return object{"text": object{"type": "plain_text", "text": want}, "value": want}, nil
	}
	options, _ := e["options"].([]any)
	groups, _ := e["option_groups"].([]any)
	for _, g := range groups {
		if group, ok := g.(object); ok {
			more, _ := group["options"].([]any)
			options = append(options, more...)
		}
	}
	for _, v := range options {
		option, _ := v.(object)
		if label, _ := textOf(option["text"]); option["value"] == want || label == want {
			return option, nil
		}
	}
	return nil, fmt.Errorf("there is no option %q", want)
}
