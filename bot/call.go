package bot

import (
	"errors"
	"strings"
	"time"

	"github.com/slack-go/slack"
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
	// Lookup asks for the options of a menu while a person types into it. Its answer
	// goes with the acknowledgement, or not at all.
	Lookup Kind = "lookup"
	// FileShared is a direct message with files.
	FileShared Kind = "file_shared"
	// LinkShared is a message with an address of one of the app's domains.
	LinkShared Kind = "link_shared"
)

// Call is one thing that a person did, the same whichever way it came.
type Call struct {
	// ID is the short id that stands in the log and in an answer about a fault.
	ID string
	// Delivery is the same for each delivery of the same thing.
	Delivery string
	Kind     Kind
	User     string
	// Team is the workspace in which it was done, and UserTeam the one that Slack says
	// the person is of; "" where it does not say.
	Team, UserTeam string
	// Channel is where it was done; "" for modals, the home tab and global
	// shortcuts. ChannelName is there for commands only, and only to be shown:
	// names change and differ from one organisation to another.
	Channel, ChannelName string
	// ThreadTS is the thread, "" outside of one and for the message that is above one.
	// MessageTS is the message that was written, in which a button was pressed, or on
	// which a shortcut was used.
	ThreadTS, MessageTS string
	// Message is what stands in the message on which a shortcut was used.
	Message Words
	// Ephemeral: only the person sees the message in which a button was pressed.
	Ephemeral bool
	// Command is the slash command with its slash.
	Command string
	// Text is what was typed, without the command or the mention, as it came.
	Text string
	// Action names the button, the menu, the modal, the shortcut or the source of a
	// lookup; Value is the button's value, what was chosen, or the modal's private
	// metadata. It is never a right.
	Action, Value string
	// Block is the block of the element that was used; Menu: it is a menu of one line of
	// a message.
	Block string
	Menu  bool
	// Fields are what stood in the inputs of the modal, home tab or message.
	Fields Fields
	// View is the modal or home tab in which it was done.
	View View
	// Links are the addresses of a LinkShared; Unfurl names it to Slack.
	Links  []string
	Unfurl Unfurl
	// Files are the ids of the files of a FileShared.
	Files []string
	// Trigger opens a modal within 3 seconds, once.
	Trigger string
	// ResponseURL takes up to five answers for 30 minutes.
	ResponseURL string
	// Origin is the message from which the modal was opened in which it was done.
	Origin   Origin
	Received time.Time
}

// Words are what somebody wrote.
type Words struct {
	User, Text string
	// Link is the address of the message; "" where the bot may not see it.
	Link string
}

// View is a modal or home tab as it was when something was done in it.
type View struct {
	ID, Hash string
	Home     bool
}

// Unfurl is how Slack wants a message named whose links are to be shown.
type Unfurl struct{ ID, Source string }

// outOfOwnThread: a message with replies comes as being in the thread that it heads.
// What answers it belongs beside it all the same.
func (c *Call) outOfOwnThread() {
	if c.ThreadTS == c.MessageTS {
		c.ThreadTS = ""
	}
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
		User: c.UserID, Team: c.TeamID, UserTeam: c.TeamID, Channel: c.ChannelID, ChannelName: c.ChannelName,
		Command: c.Command, Text: c.Text, Trigger: c.TriggerID, ResponseURL: c.ResponseURL,
	}
}
