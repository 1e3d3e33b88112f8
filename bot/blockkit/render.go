// Package blockkit makes Slack messages of cards.
//
//   - render.go: Render, Message and what becomes of each part of a card
//   - richtext.go: paragraphs, lists and notes
//   - table.go: tables, and the lines that stand in for them
//   - buttons.go, select.go: buttons and menus, and their action ids
//   - rows.go: rows with a menu each
//   - modal.go, input.go: modals, the home tab, and what is filled in
//   - pack.go: laying blocks into messages
//   - plaintext.go: the message without blocks
//   - text.go, limits.go: length, cutting, escaping; Slack's limits
//
// Outside text is put only where Slack parses nothing: plain_text, rich_text
// elements and table cells. The top-level text, which Slack does parse, is
// escaped, once. mrkdwn holds only field labels of ours and the markup of
// instants.
//
// Nothing is lost for want of room: what does not fit goes on in further
// messages. Only single labels, table cells and the top-level sentence are cut,
// and then end with "…".
package blockkit

import (
	"errors"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"arbot/bot/card"
)

// Options are what a workspace can do.
type Options struct {
	// Tables allows table blocks. Without it rows become lines of a list, for
	// workspaces and clients that refuse the block.
	Tables bool
}

// Message is what one Slack message holds.
type Message struct {
	// Text is the top-level text, already escaped: it must not be escaped again.
	Text string
	// Blocks is nil only in what PlainText returns.
	Blocks []slack.Block
}

// Send are the options that post m as it is meant: text not escaped twice,
// no "*" made bold, no address made a link, no preview unfurled.
func (m Message) Send() slack.MsgOption {
	options := []slack.MsgOption{
		slack.MsgOptionText(m.Text, false),
		slack.MsgOptionDisableMarkdown(),
		slack.MsgOptionParse(false),
		slack.MsgOptionDisableLinkUnfurl(),
		slack.MsgOptionDisableMediaUnfurl(),
	}
	if len(m.Blocks) > 0 {
		options = append(options, slack.MsgOptionBlocks(m.Blocks...))
	}
	return slack.MsgOptionCompose(options...)
}

// Render gives the message for a card, followed by its continuations for the
// thread where one message cannot hold it. An error means a card that no data
// can mend: no text, a button without label or action, an id too long for Slack.
func Render(c card.Card, o Options) ([]Message, error) {
	text := card.Clean(c.Text)
	if text == "" {
		return nil, errors.New("blockkit: card has no text")
	}
	p := &packer{tables: o.Tables, actions: map[string]int{}}
	for i, part := range c.Parts {
		p.part(part)
		if p.err != nil {
			return nil, fmt.Errorf("blockkit: part %d of the card: %w", i, p.err)
		}
	}
	if len(p.cur.items) > 0 {
		p.done = append(p.done, p.cur)
	}
	if len(p.done) == 0 { // as blocks, since top-level text would be parsed
		p.paragraph(card.Paragraph{card.T(text)})
		p.done = append(p.done, p.cur)
	}
	return messages(text, p.done), p.err
}

// messages gives each page its sentence.
func messages(text string, pages []page) []Message {
	out := make([]Message, len(pages))
	for i, page := range pages {
		suffix := ""
		if i > 0 {
			suffix = fmt.Sprintf(" (part %d of %d)", i+1, len(pages))
		}
		out[i] = Message{
			Text:   escapeWithin(text, maxText-len(suffix)) + suffix,
			Blocks: page.blocks(),
		}
	}
	return out
}

func (p *packer) part(part card.Part) {
	switch part := part.(type) {
	case card.Heading:
		p.heading(string(part))
	case card.Paragraph:
		p.paragraph(part)
	case card.Fields:
		p.fields(part)
	case card.Table:
		p.table(part)
	case card.List:
		p.list(part)
	case card.Note:
		p.note(part)
	case card.Buttons:
		p.buttons(part)
	case card.Select:
		p.choice(part)
	case card.Rows:
		p.rows(part)
	case card.Divider:
		p.add(slack.NewDividerBlock())
	default:
		p.fail(fmt.Errorf("unknown part %T", part))
	}
}

// heading is a header block, or a bold paragraph where it is too long for one.
func (p *packer) heading(text string) {
	text = card.Clean(text)
	switch {
	case text == "":
	case units(text) > maxHeader:
		p.paragraph(card.Paragraph{card.B(text)})
	default:
		p.lead(slack.NewHeaderBlock(plainText(text)))
	}
}

// fields shows label and value side by side: Slack sets the texts of a section
// in two columns, and one under the other on a phone.
func (p *packer) fields(fields []card.Field) {
	var (
		texts []*slack.TextBlockObject
		sizes []int
	)
	flush := func() {
		p.fill(sizes, maxFields/2, func(from, to int) slack.Block {
			return slack.NewSectionBlock(nil, texts[2*from:2*to], nil)
		})
		texts, sizes = nil, nil
	}
	for _, f := range fields {
		if units(card.Clean(f.Label)) > maxFieldLabel || units(card.Clean(f.Value)) > maxFieldValue {
			flush()
			p.paragraph(card.Paragraph{card.B(card.Clean(f.Label) + ": "), card.T(f.Value)})
			continue
		}
		label, value := fieldLabel(f.Label), plainText(clean(f.Value, maxFieldValue))
		texts = append(texts, label, value)
		sizes = append(sizes, p.measure(label)+p.measure(value))
	}
	flush()
}

// fieldLabel is bold where that cannot go wrong: one with a formatting character
// or an ":emoji:" in it stays as it is.
func fieldLabel(s string) *slack.TextBlockObject {
	s = clean(s, maxFieldLabel)
	if strings.ContainsAny(s, "*_~`:<>&") {
		return plainText(s)
	}
	return mrkdwn("*" + s + "*")
}
