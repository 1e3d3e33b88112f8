package bot

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"arbot/bot/blockkit"
)

// Kind says what a person did.
type Kind string

// The kinds of call.
const (
	// Command is a slash command.
	Command Kind = "command"
	// Action is a press of a button, or a choice, in a message, modal or home tab.
	Action Kind = "action"
	// Submission is a modal that was sent.
	Submission Kind = "submission"
	// Shortcut is a shortcut, global or of a message.
	Shortcut Kind = "shortcut"
	// Mention names the bot in a channel or in a thread, where slash commands
	// do not work.
	Mention Kind = "mention"
	// Message is a direct message to the bot.
	Message Kind = "message"
	// HomeOpened is a look at the bot's home tab.
	HomeOpened Kind = "home_opened"
)

// Call is one thing that a person did, the same whichever way it came.
type Call struct {
	// ID is the short id that stands in the log and in an answer about a fault.
	ID string
	// Delivery is the same for each delivery of the same thing.
	Delivery string
	Kind     Kind
	User     string
	Team     string
	// Channel is where it was done; "" for modals, the home tab and global
	// shortcuts. ChannelName is there for commands only, and only to be shown:
	// names change and differ from one organisation to another.
	Channel, ChannelName string
	// ThreadTS is the thread, "" outside of one. MessageTS is the message that
	// was written, or in which a button was pressed.
	ThreadTS, MessageTS string
	// Command is the slash command with its slash.
	Command string
	// Text is what was typed, without the command or the mention, as it came.
	Text string
	// Action names the button, the modal or the shortcut; Value is the button's
	// value or the modal's private metadata, which is never a right.
	Action, Value string
	// Fields are what a modal held when it was sent, by the id of the input's block.
	Fields map[string]string
	// Trigger opens a modal within 3 seconds, once.
	Trigger string
	// ResponseURL takes up to five answers for 30 minutes.
	ResponseURL string
	Received    time.Time
}

// Direct reports whether the call was made in a direct message.
func (c Call) Direct() bool { return isDirect(c.Channel) }

func isDirect(channel string) bool { return strings.HasPrefix(channel, "D") }

// errIgnored is given for deliveries that are nobody's act, or not for us.
var errIgnored = errors.New("nothing to answer")

// commandCall reads a slash command.
func commandCall(c slack.SlashCommand) Call {
	return Call{
		Kind: Command, Delivery: "command:" + c.TriggerID,
		User: c.UserID, Team: c.TeamID, Channel: c.ChannelID, ChannelName: c.ChannelName,
		Command: c.Command, Text: c.Text, Trigger: c.TriggerID, ResponseURL: c.ResponseURL,
	}
}

// interactionCall reads what Slack sends of buttons, modals and shortcuts.
func interactionCall(payload []byte) (Call, error) {
	var in slack.InteractionCallback
	if err := json.Unmarshal(payload, &in); err != nil {
		return Call{}, fmt.Errorf("bot: read an interaction: %w", err)
	}
	c := Call{
		User: in.User.ID, Team: in.Team.ID, Channel: in.Channel.ID, MessageTS: in.Message.Timestamp, ThreadTS: in.Message.ThreadTimestamp,
		Trigger: in.TriggerID, ResponseURL: in.ResponseURL, Delivery: "interaction:" + in.TriggerID,
	}
	switch in.Type {
	case slack.InteractionTypeBlockActions:
		return actionCall(c, in)
	case slack.InteractionTypeViewSubmission:
		c.Kind, c.Action, c.Value = Submission, in.View.CallbackID, in.View.PrivateMetadata
		c.Fields = fieldsOf(in.View.State)
	case slack.InteractionTypeShortcut, slack.InteractionTypeMessageAction:
		c.Kind, c.Action = Shortcut, in.CallbackID
	default:
		return Call{}, fmt.Errorf("interaction %q: %w", in.Type, errIgnored)
	}
	return c, nil
}

// fieldsOf is what was typed and chosen in a modal. An input that was left empty is
// not in it.
func fieldsOf(state *slack.ViewState) map[string]string {
	if state == nil || len(state.Values) == 0 {
		return nil
	}
	fields := map[string]string{}
	for block, actions := range state.Values {
		for _, a := range actions {
			value := cmp.Or(a.Value, a.SelectedOption.Value, a.SelectedDate, a.SelectedTime, a.SelectedUser, a.SelectedConversation, a.SelectedChannel)
			if value != "" {
				fields[block] = value
			}
		}
	}
	return fields
}

func actionCall(c Call, in slack.InteractionCallback) (Call, error) {
	if len(in.ActionCallback.BlockActions) == 0 {
		return Call{}, fmt.Errorf("press of no button: %w", errIgnored)
	}
	pressed := in.ActionCallback.BlockActions[0]
	c.Kind, c.Action, c.Value = Action, blockkit.Action(pressed.ActionID), pressed.Value
	if pressed.SelectedOption.Value != "" {
		c.Value = pressed.SelectedOption.Value
	}
	if c.MessageTS == "" { // an ephemeral message comes without itself
		c.MessageTS, c.ThreadTS = in.Container.MessageTs, in.Container.ThreadTs
	}
	if c.Channel == "" {
		c.Channel = in.Container.ChannelID
	}
	if c.Trigger == "" {
		c.Delivery = strings.Join([]string{"interaction", in.ActionTs, in.User.ID, pressed.ActionID}, ":")
	}
	return c, nil
}
