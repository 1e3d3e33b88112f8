package ar

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// mark is a piece of a typed text: a phrase of the lexicon, a number, or a word
// that is neither.
type mark struct {
	// raw is the piece as cleaned, from start to end in the cleaned text.
	raw        string
	start, end int
	// text is raw, folded and without punctuation around it.
	text     string
	meanings []word
	// quoted pieces are never read as anything.
	quoted bool
	// dot is a full stop after a number or a word: "5.12." and "15." have one.
	dot bool
}

func (m mark) is(w ...word) bool {
	return slices.ContainsFunc(w, func(w word) bool { return slices.Contains(m.meanings, w) })
}

// index returns which of a list the mark means, -1 for none.
func (m mark) index(list []word) int {
	return slices.IndexFunc(list, func(w word) bool { return m.is(w) })
}

var ordinalNumber = regexp.MustCompile(`^(\d{1,2})(st|nd|rd|th|er|re|eme|e|o|te|ten|ter)?$`)

// count returns a small number, typed in digits or as a word.
func (m mark) count() (int, bool) {
	for _, w := range append([]word{word(m.text)}, m.meanings...) {
		if n, err := strconv.Atoi(string(w)); err == nil && n > 0 && n < 1000 {
			return n, true
		}
	}
	return 0, false
}

// day returns a day of a month, and whether it can be nothing else: it has the
// ending of an ordinal number.
func (m mark) day() (day int, ordinal, ok bool) {
	d := ordinalNumber.FindStringSubmatch(m.text)
	if d == nil || m.quoted {
		return 0, false, false
	}
	return atoi(d[1]), d[2] != "", true
}

var piece = regexp.MustCompile(`"[^"]*"|\S+`)

// scan cuts a cleaned text into marks by a language's phrasebook.
func scan(text string, l Locale) []mark {
	var marks []mark
	for _, span := range piece.FindAllStringIndex(text, -1) {
		m := mark{raw: text[span[0]:span[1]], start: span[0], end: span[1]}
		m.quoted = strings.HasPrefix(m.raw, `"`)
		m.text = strings.TrimSuffix(fold(strings.Trim(m.raw, `"'()[],;:!?`)), "'s")
		if bare, found := strings.CutSuffix(m.text, "."); found && bare != "" {
			m.text, m.dot = bare, true
		}
		if m.text == "" { // a sign on its own
			m.text = m.raw
		}
		marks = append(marks, m)
	}
	book, ok := phrasebooks[l.Language]
	if !ok {
		book = phrasebooks["en"]
	}
	return book.join(marks, text)
}

// join makes one mark of each phrase that is found, the longest first.
func (b phrasebook) join(marks []mark, text string) []mark {
	var joined []mark
	for i := 0; i < len(marks); {
		m, n := marks[i], 1
		for _, p := range b[m.text] {
			if fits(marks[i:], p.words) {
				n = len(p.words)
				last := marks[i+n-1]
				m.meanings, m.end, m.dot = p.meanings, last.end, last.dot
				m.raw, m.text = text[m.start:m.end], strings.Join(p.words, " ")
				break
			}
		}
		joined = append(joined, m)
		i += n
	}
	return joined
}

func fits(marks []mark, words []string) bool {
	if len(marks) < len(words) {
		return false
	}
	for i, w := range words {
		if marks[i].quoted || marks[i].text != w || i < len(words)-1 && strings.HasSuffix(marks[i].raw, ",") {
			return false
		}
	}
	return true
}
