package bot

import (
	"encoding/json"
	"strings"
)

// Fields are what was typed and chosen in a modal, the home tab or a message, by the id
// of the block and the action of its element. Of a modal, inputs that were left empty
// are there, without values. It is what the person's client sends, and never a right.
type Fields map[string]map[string]Field

// Field is what one element holds.
type Field struct {
	// Type is Slack's word for the element: "plain_text_input", "datepicker".
	Type string
	// Values are the text as it was typed (of rich text without its style); a date as
	// 2006-01-02, a time as 15:04, an instant in Unix seconds; the values of options; the
	// ids of people, channels, conversations and files. Empty ones are left out.
	Values []string
}

// All are the values of a block's elements.
func (f Fields) All(block string) []string {
	var values []string
	for _, field := range f[block] {
		values = append(values, field.Values...)
	}
	return values
}

// One is the value of a block's only element; "" where it was left empty.
func (f Fields) One(block string) string {
	if values := f.All(block); len(values) > 0 {
		return values[0]
	}
	return ""
}

// wireState is state.values of a payload.
type wireState struct {
	Values map[string]map[string]wireElement `json:"values"`
}

// wireElement is an element with what it holds, in state.values and in actions.
// slack-go's BlockAction is not used: it fails on rich text that it does not know.
type wireElement struct {
	Type     string `json:"type"`
	ActionID string `json:"action_id"`
	BlockID  string `json:"block_id"`
	ActionTS string `json:"action_ts"`

	Value         string          `json:"value"`
	Date          string          `json:"selected_date"`
	Time          string          `json:"selected_time"`
	Instant       json.Number     `json:"selected_date_time"`
	User          string          `json:"selected_user"`
	Channel       string          `json:"selected_channel"`
	Conversation  string          `json:"selected_conversation"`
	Users         []string        `json:"selected_users"`
	Channels      []string        `json:"selected_channels"`
	Conversations []string        `json:"selected_conversations"`
	Option        wireOption      `json:"selected_option"`
	Options       []wireOption    `json:"selected_options"`
	Rich          json.RawMessage `json:"rich_text_value"`
	Files         []wireOption    `json:"files"`
}

// wireOption is an option, or a file.
type wireOption struct {
	Value string `json:"value"`
	ID    string `json:"id"`
}

// fieldsOf reads state.values.
func fieldsOf(state wireState) Fields {
	if len(state.Values) == 0 {
		return nil
	}
	fields := Fields{}
	for block, elements := range state.Values {
		fields[block] = map[string]Field{}
		for action, e := range elements {
			fields[block][action] = Field{Type: e.Type, Values: e.values()}
		}
	}
	return fields
}

// values are what an element holds.
func (e wireElement) values() []string {
	all := []string{e.Value, e.Date, e.Time, string(e.Instant), e.User, e.Channel, e.Conversation, e.Option.Value, richText(e.Rich)}
	for _, list := range [][]string{e.Users, e.Channels, e.Conversations} {
		all = append(all, list...)
	}
	for _, o := range e.Options {
		all = append(all, o.Value)
	}
	for _, f := range e.Files {
		all = append(all, f.ID)
	}
	var values []string
	for _, v := range all {
		if v != "" {
			values = append(values, v)
		}
	}
	return values
}

// richNode is a piece of rich text of whatever type: it holds text, a name, or others.
type richNode struct {
	Type      string     `json:"type"`
	Text      string     `json:"text"`
	URL       string     `json:"url"`
	User      string     `json:"user_id"`
	Channel   string     `json:"channel_id"`
	Emoji     string     `json:"name"`
	Broadcast string     `json:"range"`
	Elements  []richNode `json:"elements"`
}

// richText is rich text without its style, one line for each of its lines. Mentions
// stay as Slack writes them in a message.
func richText(raw json.RawMessage) string {
	var root richNode
	if len(raw) == 0 || json.Unmarshal(raw, &root) != nil {
		return ""
	}
	var b strings.Builder
	root.write(&b)
	return strings.TrimSpace(b.String())
}

func (n richNode) write(b *strings.Builder) {
	switch {
	case n.Text != "":
		b.WriteString(n.Text)
	case n.URL != "":
		b.WriteString(n.URL)
	case n.User != "":
		b.WriteString("<@" + n.User + ">")
	case n.Channel != "":
		b.WriteString("<#" + n.Channel + ">")
	case n.Type == "emoji":
		b.WriteString(":" + n.Emoji + ":")
	case n.Broadcast != "":
		b.WriteString("@" + n.Broadcast)
	}
	for _, e := range n.Elements {
		e.write(b)
	}
	if strings.HasPrefix(n.Type, "rich_text_") && n.Type != "rich_text_list" && !strings.HasSuffix(b.String(), "\n") {
		b.WriteByte('\n')
	}
}
