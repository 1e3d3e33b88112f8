package plain

import (
	"regexp"
	"strings"

	"github.com/mattn/go-runewidth"

	"arbot/bot/card"
)

// cells counts display width. It is set up here, since the package's default
// depends on the LANG of whoever runs it.
var cells = &runewidth.Condition{StrictEmojiNeutral: true}

// width is the number of terminal columns that s takes.
func width(s string) int { return cells.StringWidth(s) }

func pad(s string, columns int) string {
	return s + strings.Repeat(" ", max(0, columns-width(s)))
}

func padLeft(s string, columns int) string {
	return strings.Repeat(" ", max(0, columns-width(s))) + s
}

// ink is a set of ways to draw text.
type ink uint8

const (
	bold ink = 1 << iota
	dim
	italic
	underline
	strike
	red
	cyan

	plain ink = 0
)

// codes are the parameters of ECMA-48's SGR for the bits of an ink, in order.
var codes = []string{"1", "2", "3", "4", "9", "31", "36"}

// paint wraps s into the escape sequences of an ink, where they are allowed.
func (d *drawing) paint(s string, i ink) string {
	if !d.Color || i == plain || s == "" {
		return s
	}
	var on []string
	for bit, code := range codes {
		if i&(1<<bit) != 0 {
			on = append(on, code)
		}
	}
	return "\x1b[" + strings.Join(on, ";") + "m" + s + "\x1b[0m"
}

var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

// strip takes out what paint put in, to measure a line.
func strip(s string) string { return sgr.ReplaceAllString(s, "") }

// run is text of one ink.
type run struct {
	text string
	ink  ink
}

// word is what is not broken over two lines; its runs stand without a space
// between them.
type word struct{ runs []run }

func (w word) width() int {
	n := 0
	for _, r := range w.runs {
		n += width(r.text)
	}
	return n
}

// words splits spans at their spaces.
func (d *drawing) words(spans []card.Span) []word {
	var (
		words []word
		open  bool // the last word goes on
	)
	for _, s := range spans {
		text, how := d.show(s), inkOf(s)
		for text != "" {
			piece, rest, space := strings.Cut(text, " ")
			if piece != "" {
				if !open {
					words = append(words, word{})
				}
				last := &words[len(words)-1]
				last.runs = append(last.runs, run{piece, how})
			}
			open = !space
			text = rest
		}
	}
	return words
}

// show is the text of a span, with the address of a link behind it.
func (d *drawing) show(s card.Span) string {
	if id := s.Mention(); id != "" && d.Name != nil {
		if name := card.Clean(d.Name(id)); name != "" {
			return "@" + name
		}
	}
	text := card.CleanSpan(s.Text)
	if strings.TrimSpace(text) == "" && s.Plain() != "" {
		text = s.Plain()
	}
	if href := s.Href(); href != "" && href != text {
		text += " (" + href + ")"
	}
	return text
}

func inkOf(s card.Span) ink {
	i := plain
	for _, pair := range []struct {
		style card.Style
		ink   ink
	}{{card.Bold, bold}, {card.Italic, italic}, {card.Strike, strike}, {card.Mono, cyan}} {
		if s.Style&pair.style != 0 {
			i |= pair.ink
		}
	}
	if s.Href() != "" {
		i |= underline
	}
	if s.Mention() != "" {
		i |= bold
	}
	return i
}

// wrap sets words into lines of at most columns; a word longer than a line is
// broken.
func (d *drawing) wrap(words []word, columns int) []string {
	var (
		lines []string
		line  strings.Builder
		used  int
	)
	for _, w := range words {
		for _, part := range w.broken(columns) {
			n := part.width()
			if used > 0 && used+1+n > columns {
				lines = append(lines, line.String())
				line.Reset()
				used = 0
			}
			if used > 0 {
				line.WriteByte(' ')
				used++
			}
			for _, r := range part.runs {
				line.WriteString(d.paint(r.text, r.ink))
			}
			used += n
		}
	}
	if used > 0 {
		lines = append(lines, line.String())
	}
	return lines
}

// broken is the word in pieces of at most columns.
func (w word) broken(columns int) []word {
	if w.width() <= columns {
		return []word{w}
	}
	var (
		out  = []word{{}}
		room = columns
	)
	for _, r := range w.runs {
		for text := r.text; text != ""; {
			head := cells.Truncate(text, room, "")
			if head == "" && room < columns {
				out, room = append(out, word{}), columns
				continue
			}
			if head == "" { // wider than a whole line: at least it is shown
				head = text
			}
			last := &out[len(out)-1]
			last.runs = append(last.runs, run{head, r.ink})
			text = text[len(head):]
			room -= width(head)
		}
	}
	return out
}
