package bot

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"arbot/bot/blockkit"
)

// interaction is what Slack sends of buttons, menus, modals and shortcuts, as far as it
// is of use here. slack-go's InteractionCallback is not used: it parses the blocks of
// the message as well, and fails with them.
type interaction struct {
	Type        string `json:"type"`
	CallbackID  string `json:"callback_id"`
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	ActionTS    string `json:"action_ts"`
	Team        named  `json:"team"`
	User        struct {
		ID     string `json:"id"`
		TeamID string `json:"team_id"`
	} `json:"user"`
	Channel   named           `json:"channel"`
	MessageTS string          `json:"message_ts"`
	Message   wireMessage     `json:"message"`
	Container wireContainer   `json:"container"`
	View      wireView        `json:"view"`
	State     json.RawMessage `json:"state"`
	Actions   []wireElement   `json:"actions"`
	// Of a lookup.
	ActionID string `json:"action_id"`
	BlockID  string `json:"block_id"`
	Value    string `json:"value"`
}

type wireMessage struct {
	TS       string `json:"ts"`
	ThreadTS string `json:"thread_ts"`
	User     string `json:"user"`
	Text     string `json:"text"`
}

type wireContainer struct {
	MessageTS string `json:"message_ts"`
	ThreadTS  string `json:"thread_ts"`
	ChannelID string `json:"channel_id"`
	Ephemeral bool   `json:"is_ephemeral"`
}

type wireView struct {
	ID         string          `json:"id"`
	Type       string          `json:"type"`
	Hash       string          `json:"hash"`
	CallbackID string          `json:"callback_id"`
	Metadata   string          `json:"private_metadata"`
	State      json.RawMessage `json:"state"`
}

// interactionCall reads an interaction.
func interactionCall(payload []byte) (Call, error) {
	var in interaction
	if err := json.Unmarshal(payload, &in); err != nil {
		return Call{}, fmt.Errorf("bot: read an interaction: %w", err)
	}
	c := Call{
		User: in.User.ID, Team: string(in.Team), UserTeam: in.User.TeamID, Channel: cmp.Or(string(in.Channel), in.Container.ChannelID),
		// An ephemeral message comes without itself.
		MessageTS: cmp.Or(in.Message.TS, in.MessageTS, in.Container.MessageTS), ThreadTS: cmp.Or(in.Message.ThreadTS, in.Container.ThreadTS),
		Ephemeral: in.Container.Ephemeral,

		View:    View{ID: in.View.ID, Hash: in.View.Hash, Home: in.View.Type == "home"},
		Trigger: in.TriggerID, ResponseURL: in.ResponseURL, Delivery: "interaction:" + in.TriggerID,
	}
	c.outOfOwnThread()
	var value string
	value, c.Origin = cutOrigin(in.View.Metadata)
	switch in.Type {
	case "block_actions":
		return actionCall(c, in)
	case "block_suggestion": // it has no trigger, and nothing is lost if it is answered twice
		c.Kind, c.Action, c.Block, c.Text, c.Delivery = Lookup, blockkit.Action(in.ActionID), in.BlockID, in.Value, ""
		c.Value = value
	case "view_submission":
		c.Kind, c.Action, c.Fields = Submission, in.View.CallbackID, stateOf(in.View.State)
		c.Value = value
	case "shortcut":
		c.Kind, c.Action = Shortcut, in.CallbackID
	case "message_action":
		c.Kind, c.Action, c.Message = Shortcut, in.CallbackID, Words{User: in.Message.User, Text: in.Message.Text}
	default:
		return Call{}, fmt.Errorf("interaction %q: %w", in.Type, errIgnored)
	}
	return c, nil
}

func actionCall(c Call, in interaction) (Call, error) {
	if len(in.Actions) == 0 {
		return Call{}, fmt.Errorf("press of no button: %w", errIgnored)
	}
	pressed := in.Actions[0]
	c.Kind, c.Block, c.Menu = Action, pressed.BlockID, pressed.Type == "overflow"
	if values := pressed.values(); len(values) > 0 {
		c.Value = values[0]
	}
	c.Action, c.Value = blockkit.Pressed(pressed.ActionID, c.Value)
	if c.Fields = stateOf(in.State); in.View.ID != "" {
		c.Fields = stateOf(in.View.State)
	}
	if c.Trigger == "" {
		c.Delivery = strings.Join([]string{"interaction", in.ActionTS, in.User.ID, pressed.ActionID}, ":")
	}
	return c, nil
}

// stateOf reads a state; one that is not of this form holds nothing.
func stateOf(raw json.RawMessage) Fields {
	var state wireState
	if len(raw) == 0 || json.Unmarshal(raw, &state) != nil { // Slack has sent "values": []
		return nil
	}
	return fieldsOf(state)
}
