package screen

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"
)

// style is a set of looks.
type style uint

const (
	bold style = 1 << iota
	italic
	strike
	code
	dim
	link
	good    // a primary button
	bad     // a danger button, an error
	mention // a person, a channel
)

// span is a piece of text in one style; line is one row of the screen.
type (
	span struct {
		text  string
		style style
	}
	line []span
)

// widths measures text in columns. The neutral settings make a drawing the
// same on every machine, whatever its locale.
var widths = &runewidth.Condition{StrictEmojiNeutral: true}

func width(s string) int { return widths.StringWidth(s) }

func (l line) width() int {
	n := 0
	for _, s := range l {
		n += width(s.text)
	}
	return n
}

// clean takes out what could act on the terminal or turn the reading order:
// control characters, bidirectional marks; a tab becomes spaces.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}

// fill breaks a line of any length into rows of at most most columns, at
// spaces where there are any. Rows after the first start hang columns in.
func fill(l line, most, hang int) []line {
	if hang >= most {
		hang = 0
	}
	f := filler{most: most, hang: hang}
	for _, s := range l {
		for _, word := range words(s.text) {
			f.put(span{word, s.style})
		}
	}
	f.flush()
	return f.rows
}

// words splits text into words and the spaces between them.
func words(s string) []string {
	var out []string
	start, space := 0, false
	for i, r := range s {
		if is := r == ' '; is != space {
			if i > start {
				out = append(out, s[start:i])
			}
			start, space = i, is
		}
	}
	return append(out, s[start:])
}

type filler struct {
	most, hang int
	rows       []line
	row        line
	used       int
	word       line // pieces that must stay together: no space between them
	wordWidth  int
}

func (f *filler) put(s span) {
	if s.text == "" {
		return
	}
	if strings.Trim(s.text, " ") != "" {
		f.word, f.wordWidth = append(f.word, s), f.wordWidth+width(s.text)
		return
	}
	f.endWord()
	if f.used > 0 && f.used+len(s.text) <= f.most || len(f.rows) == 0 && f.used == 0 {
		f.row, f.used = append(f.row, s), f.used+len(s.text)
	}
}

func (f *filler) endWord() {
	word := f.word
	if f.used+f.wordWidth > f.most && f.used > f.margin() && f.wordWidth > 0 {
		f.newRow()
	}
	for _, s := range word {
		f.place(s)
	}
	f.word, f.wordWidth = nil, 0
}

// place puts a piece of a word down and cuts it where it is longer than a row.
func (f *filler) place(s span) {
	for f.used+width(s.text) > f.most {
		head := widths.Truncate(s.text, f.most-f.used, "")
		if head == "" && f.used <= f.margin() {
			break // not even one character fits: let it stand out
		}
		f.row = append(f.row, span{head, s.style})
		s.text = strings.TrimPrefix(s.text, head)
		f.newRow()
	}
	f.row, f.used = append(f.row, s), f.used+width(s.text)
}

// margin is where the current row begins.
func (f *filler) margin() int {
	if len(f.rows) == 0 {
		return 0
	}
	return f.hang
}

func (f *filler) newRow() {
	f.rows = append(f.rows, trim(f.row))
	f.row, f.used = nil, 0
	if f.hang > 0 {
		f.row, f.used = line{{text: strings.Repeat(" ", f.hang)}}, f.hang
	}
}

func (f *filler) flush() {
	f.endWord()
	f.rows = append(f.rows, trim(f.row))
}

// trim takes trailing spaces away.
func trim(l line) line {
	for len(l) > 0 {
		last := &l[len(l)-1]
		last.text = strings.TrimRight(last.text, " ")
		if last.text != "" {
			break
		}
		l = l[:len(l)-1]
	}
	return l
}

// pad brings a line to a width: at the right, at the left or around it.
func pad(l line, to int, align string) line {
	gap := to - l.width()
	if gap <= 0 {
		return l
	}
	left := 0
	switch align {
	case "right":
		left = gap
	case "center":
		left = gap / 2
	}
	out := line{{text: strings.Repeat(" ", left)}}
	out = append(out, l...)
	return append(out, span{text: strings.Repeat(" ", gap-left)})
}

// indent puts a margin before each line.
func indent(lines []line, margin span) []line {
	for i, l := range lines {
		lines[i] = append(line{margin}, l...)
	}
	return lines
}

// restyle adds a style to all that is in a line.
func restyle(l line, add style) line {
	out := make(line, len(l))
	for i, s := range l {
		out[i] = span{s.text, s.style | add}
	}
	return out
}

var ansi = []struct {
	style style
	code  string
}{
	{bold, "1"},
	{dim, "2"},
	{italic, "3"},
	{link, "4"},
	{strike, "9"},
	{good, "32"},
	{bad, "31"},
	{code, "33"},
	{mention, "36"},
}

func (s span) write(w io.StringWriter, color bool) {
	if !color || s.style == 0 || strings.TrimSpace(s.text) == "" {
		_, _ = w.WriteString(s.text) // the bufio.Writer behind it reports at Flush
		return
	}
	var codes []string
	for _, a := range ansi {
		if s.style&a.style != 0 {
			codes = append(codes, a.code)
		}
	}
	_, _ = w.WriteString("\x1b[" + strings.Join(codes, ";") + "m" + s.text + "\x1b[0m")
}

func write(w io.Writer, lines []line, margin line, color bool) error {
	out := bufio.NewWriter(w)
	for _, l := range lines {
		for _, s := range trim(append(append(line{}, margin...), l...)) {
			s.write(out, color)
		}
		_ = out.WriteByte('\n') // reported at Flush
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("screen: write the drawing: %w", err)
	}
	return nil
}
