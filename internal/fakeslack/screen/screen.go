// Package screen draws a message of the fake workspace in a terminal, as a
// person sees it in Slack: what is bold, aligned, dim or a button there is so
// here. "arbot demo" and the tests of the bot use it.
//
//   - screen.go: Draw and DrawView, the frame around a message.
//   - line.go: pieces of text with a style, wrapping by display width, output.
//   - mrkdwn.go: Slack's markup; date.go: its <!date> tokens; rich.go: rich_text.
//   - block.go: the blocks; element.go: buttons and menus; table.go: tables.
//
// Text comes from outside, so control characters never reach the terminal.
package screen

import (
	"encoding/json"
	"io"
	"time"

	"arbot/internal/fakeslack"
)

// Options say how to draw.
type Options struct {
	// Width is the number of columns; 0 means 80. Phones are near 40.
	Width int
	// Color turns ANSI styles on. Without it code keeps its backticks, and
	// bold or dim text is plain.
	Color bool
	// Location is the viewer's zone, in which <!date> and the time of the
	// message are shown; nil means UTC.
	Location *time.Location
	// Name gives what an id is called, with its sign: "@ana", "#ar". Nil shows
	// the id. See Names.
	Name func(id string) string
}

// Names resolves ids by what the workspace calls them now.
func Names(s *fakeslack.Server) func(string) string {
	return func(id string) string {
		name := id
		s.Look(func(st *fakeslack.State) {
			if u, ok := st.User(id); ok {
				name = "@" + u.Name
			} else if c, ok := st.Channel(id); ok {
				name = "#" + c.Name
			} else if g, ok := st.UserGroup(id); ok {
				name = "@" + g.Handle
			}
		})
		return name
	}
}

func (o Options) withDefaults() Options {
	if o.Width <= 0 {
		o.Width = 80
	}
	o.Width = max(o.Width, minWidth)
	if o.Location == nil {
		o.Location = time.UTC
	}
	if o.Name == nil {
		o.Name = func(id string) string { return id }
	}
	return o
}

const (
	minWidth    = 20
	replyIndent = 4
)

// Draw writes one message. A reply is indented, as in a thread.
func Draw(w io.Writer, m fakeslack.Message, o Options) error {
	o = o.withDefaults()
	margin := line{}
	if m.ThreadTS != "" {
		margin = line{{text: "  │ ", style: dim}}
		o.Width -= replyIndent
	}
	d := drawer{Options: o}
	lines := append(d.head(m), d.body(m)...)
	return write(w, lines, margin, o.Color)
}

// DrawView writes a modal or a home tab.
func DrawView(w io.Writer, v fakeslack.View, o Options) error {
	o = o.withDefaults()
	d := drawer{Options: o, errors: v.Errors}
	lines := []line{{{text: clean(v.Title), style: bold}}, d.rule()}
	if v.Title == "" {
		lines = nil
	}
	lines = append(lines, d.blocks(decode(v.Blocks))...)
	if v.Type == "modal" {
		lines = append(lines, d.rule(), line{{text: buttonLabel(orDefault(v.Close, "Close"))}})
		if v.Submit != "" {
			last := len(lines) - 1
			lines[last] = append(lines[last], span{text: "  "}, span{text: buttonLabel(v.Submit), style: good})
		}
	}
	return write(w, lines, nil, o.Color)
}

// drawer draws with one set of options.
type drawer struct {
	Options
	errors map[string]string // of a modal, by block_id
}

func (d drawer) narrowed(by int) drawer {
	d.Width = max(d.Width-by, 1)
	return d
}

// head is the line with author and time, and the note on ephemeral messages.
func (d drawer) head(m fakeslack.Message) []line {
	name := clean(d.Name(m.User))
	if len(name) > 1 && name[0] == '@' {
		name = name[1:]
	}
	first := line{{text: name, style: bold}}
	if m.BotID != "" {
		first = append(first, span{text: "  APP", style: dim})
	}
	first = append(first, span{text: "  " + m.At.In(d.Location).Format("15:04"), style: dim})
	var out []line
	if m.EphemeralTo != "" {
		out = append(out, line{{text: "Only visible to you", style: dim}})
	}
	return append(out, first)
}

func (d drawer) body(m fakeslack.Message) []line {
	if m.Deleted {
		return []line{{{text: "This message was deleted.", style: dim}}}
	}
	lines := d.blocks(decode(m.Blocks))
	if len(lines) == 0 {
		lines = d.markup(m.Text, 0)
	}
	for _, a := range decode(m.Attachments) {
		lines = append(lines, d.attachment(a)...)
	}
	for _, id := range m.Files {
		lines = append(lines, line{{text: "[file " + id + "]", style: dim}})
	}
	if m.Edited && len(lines) > 0 {
		lines = append(lines, line{{text: "(edited)", style: dim}})
	}
	return lines
}

// attachment is the old kind of extra, with a bar at its side.
func (d drawer) attachment(a object) []line {
	inner := d.narrowed(2)
	lines := inner.blocks(objects(a["blocks"]))
	if len(lines) == 0 {
		lines = inner.markup(orDefault(str(a["text"]), str(a["fallback"])), 0)
	}
	return indent(lines, span{text: "▌ ", style: dim})
}

// object is a decoded JSON object.
type object = map[string]any

func decode(raw json.RawMessage) []object {
	var list []object
	if len(raw) == 0 || json.Unmarshal(raw, &list) != nil {
		return nil
	}
	return list
}

func str(v any) string {
	s, _ := v.(string)
	return s
}

func obj(v any) object {
	o, _ := v.(object)
	return o
}

func objects(v any) []object {
	list, _ := v.([]any)
	out := make([]object, 0, len(list))
	for _, one := range list {
		out = append(out, obj(one))
	}
	return out
}

func orDefault(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
