package blockkit

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"arbot/bot/card"
)

// dateFormat is how Slack shows an instant in the reader's zone: "Nov 3 at
// 7:58 AM", "today at 7:58 AM".
const dateFormat = "{date_short_pretty} at {time}"

// pieces are the spans cleaned, without the empty ones, and with long ones cut
// at word ends to what one element holds.
func pieces(spans []card.Span) []card.Span {
	var out []card.Span
	for _, s := range spans {
		if s.Mention() != "" || isInstant(s) {
			s.Text = truncate(s.Plain(), maxFallback)
			out = append(out, s)
			continue
		}
		text := card.CleanSpan(s.Text)
		if text == "" {
			text = s.Plain()
		}
		for _, s.Text = range splitWords(text, maxElement) {
			if s.Text != "" {
				out = append(out, s)
			}
		}
	}
	return out
}

// isInstant tells whether Slack can show the span in the reader's zone. It takes
// no instant before 1970, which from a ledger is a fault anyway: such a one is
// shown by its fallback.
func isInstant(s card.Span) bool { return !s.Instant.IsZero() && s.Instant.Unix() > 0 }

// blank tells that nobody would see anything of the spans.
func blank(spans []card.Span) bool {
	for _, s := range spans {
		if s.Plain() != "" {
			return false
		}
	}
	return true
}

// element is one piece as rich text, which Slack does not parse.
func element(s card.Span) slack.RichTextSectionElement {
	if id := s.Mention(); id != "" {
		return slack.NewRichTextSectionUserElement(id, nil)
	}
	if isInstant(s) {
		return slack.NewRichTextSectionDateElement(s.Instant.Unix(), dateFormat, nil, &s.Text)
	}
	if href := s.Href(); href != "" && units(href) <= maxURL {
		return slack.NewRichTextSectionLinkElement(href, s.Text, style(s.Style))
	}
	return slack.NewRichTextSectionTextElement(s.Text, style(s.Style))
}

func style(s card.Style) *slack.RichTextSectionTextStyle {
	if s == 0 {
		return nil
	}
	return &slack.RichTextSectionTextStyle{
		Bold:   s&card.Bold != 0,
		Italic: s&card.Italic != 0,
		Strike: s&card.Strike != 0,
		Code:   s&card.Mono != 0,
	}
}

// sections are the spans as rich text, cut so that each section fits a block.
// There is none where there is nothing to see.
func (p *packer) sections(spans []card.Span) []*slack.RichTextSection {
	if blank(spans) {
		return nil
	}
	var (
		out  []*slack.RichTextSection
		room = 0
	)
	for _, s := range pieces(spans) {
		e := element(s)
		size := p.measure(e)
		if len(out) == 0 || size > room {
			out = append(out, slack.NewRichTextSection())
			room = maxParagraph
		}
		last := out[len(out)-1]
		last.Elements = append(last.Elements, e)
		room -= size
	}
	return out
}

func (p *packer) paragraph(spans []card.Span) {
	for _, s := range p.sections(spans) {
		p.add(slack.NewRichTextBlock("", s))
	}
}

// list fills list blocks; an item too long for one block goes on in a next item.
func (p *packer) list(items [][]card.Span) {
	var (
		elements []slack.RichTextElement
		sizes    []int
	)
	for _, item := range items {
		for _, s := range p.sections(item) {
			elements = append(elements, s)
			sizes = append(sizes, p.measure(s))
		}
	}
	p.fill(sizes, len(sizes), func(from, to int) slack.Block {
		return slack.NewRichTextBlock("", bullets{
			Type:     slack.RTEList,
			Elements: elements[from:to],
			Style:    slack.RTEListBullet,
		})
	})
}

// bullets is slack.RichTextList without the "offset":0 that it always sends: a
// field that Slack's own types do not know.
type bullets struct {
	Type     slack.RichTextElementType     `json:"type"`
	Elements []slack.RichTextElement       `json:"elements"`
	Style    slack.RichTextListElementType `json:"style"`
}

// RichTextElementType makes it an element of a rich text block.
func (b bullets) RichTextElementType() slack.RichTextElementType { return b.Type }

// note is small and grey in a context block, which takes text and instants
// only; with a link or a mention it is a paragraph, so that they work.
func (p *packer) note(spans []card.Span) {
	for _, s := range spans {
		if s.Href() != "" || s.Mention() != "" {
			p.paragraph(spans)
			return
		}
	}
	var (
		elements []slack.MixedElement
		sizes    []int
	)
	for _, e := range noteElements(spans) {
		elements = append(elements, e)
		sizes = append(sizes, p.measure(e))
	}
	p.fill(sizes, maxContext, func(from, to int) slack.Block {
		return slack.NewContextBlock("", elements[from:to]...)
	})
}

// noteElements joins neighbouring text into one element each and makes of an
// instant the only markup that Slack has for it there.
func noteElements(spans []card.Span) []*slack.TextBlockObject {
	var (
		out  []*slack.TextBlockObject
		text strings.Builder
	)
	flush := func() {
		for _, piece := range splitWords(strings.TrimSpace(text.String()), maxElement) {
			if piece = strings.TrimSpace(piece); piece != "" {
				out = append(out, plainText(piece))
			}
		}
		text.Reset()
	}
	for _, s := range pieces(spans) {
		if !isInstant(s) {
			text.WriteString(s.Text)
			continue
		}
		flush()
		out = append(out, mrkdwn(fmt.Sprintf("<!date^%d^%s|%s>", s.Instant.Unix(), dateFormat, escape(s.Text))))
	}
	flush()
	return out
}

// plainText is a text object that Slack shows letter for letter, with no
// ":emoji:" made a picture.
func plainText(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

// mrkdwn is a text object that Slack parses. Outside text never comes here;
// verbatim keeps it from looking for links and names.
func mrkdwn(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, s, false, true)
}
