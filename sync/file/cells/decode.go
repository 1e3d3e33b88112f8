package cells

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Encoding is how a text is written in bytes.
type Encoding int

// The encodings that exports come in.
const (
	UTF8 Encoding = iota
	UTF8BOM
	UTF16LE
	UTF16BE
	Windows1252
)

// String names it.
func (e Encoding) String() string {
	return [...]string{"UTF-8", "UTF-8 with a byte order mark", "UTF-16 (little-endian)", "UTF-16 (big-endian)", "Windows-1252"}[e]
}

// decode returns the text as UTF-8, without its byte order mark.
func (e Encoding) decode(r io.Reader) io.Reader {
	var d *encoding.Decoder
	switch e {
	case UTF8BOM:
		return &withoutMark{r: r}
	case UTF16LE:
		d = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
	case UTF16BE:
		d = unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder()
	case Windows1252:
		d = charmap.Windows1252.NewDecoder()
	case UTF8:
		return r
	}
	return transform.NewReader(r, d)
}

const mark = "\xEF\xBB\xBF"

// withoutMark leaves the byte order mark out.
type withoutMark struct {
	r    io.Reader
	past bool
}

func (w *withoutMark) Read(p []byte) (int, error) {
	if !w.past {
		w.past = true
		buffered := bufio.NewReaderSize(w.r, 64<<10)
		w.r = buffered
		start, err := buffered.Peek(len(mark))
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		if string(start) == mark {
			if _, err := buffered.Discard(len(mark)); err != nil {
				return 0, err
			}
		}
	}
	return w.r.Read(p)
}

// sniffText finds encoding and delimiter of a text.
func sniffText(f *os.File, r *bufio.Reader) (Format, error) {
	encoding, err := sniffEncoding(r)
	if err != nil {
		return Format{}, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return Format{}, err
	}
	head := make([]byte, sniffed)
	n, err := io.ReadFull(encoding.decode(f), head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Format{}, err
	}
	if d := statedDelimiter(head[:n]); d != 0 {
		return Format{Encoding: encoding, Delimiter: d, stated: true}, nil
	}
	return Format{Encoding: encoding, Delimiter: sniffDelimiter(head[:n])}, nil
}

// sniffEncoding reads to the end, or until it knows.
func sniffEncoding(r *bufio.Reader) (Encoding, error) {
	start, err := r.Peek(1024)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	switch {
	case bytes.HasPrefix(start, []byte(mark)):
		return UTF8BOM, nil
	case bytes.HasPrefix(start, []byte("\xFF\xFE")):
		return UTF16LE, nil
	case bytes.HasPrefix(start, []byte("\xFE\xFF")):
		return UTF16BE, nil
	}
	if wide, ok := withoutMarkUTF16(start); ok {
		return wide, nil
	}
	valid, err := validUTF8(r)
	if err != nil || valid {
		return UTF8, err
	}
	return Windows1252, nil
}

// withoutMarkUTF16 sees UTF-16 by the zeros of its Latin letters.
func withoutMarkUTF16(start []byte) (Encoding, bool) {
	var zeros [2]int
	for i, b := range start {
		if b == 0 {
			zeros[i%2]++
		}
	}
	half := len(start) / 2
	switch {
	case zeros[1] > half/2 && zeros[0] == 0:
		return UTF16LE, true
	case zeros[0] > half/2 && zeros[1] == 0:
		return UTF16BE, true
	}
	return 0, false
}

// validUTF8 reports whether all that is left is UTF-8.
func validUTF8(r io.Reader) (bool, error) {
	buf := make([]byte, 256<<10)
	kept := 0
	for {
		n, err := r.Read(buf[kept:])
		text := buf[:kept+n]
		end := len(text)
		if err == nil {
			end = wholeRunes(text)
		}
		if !utf8.Valid(text[:end]) {
			return false, nil
		}
		kept = copy(buf, text[end:])
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// wholeRunes is the length of a text without a rune that was cut off at its end.
func wholeRunes(text []byte) int {
	for back := 1; back <= min(utf8.UTFMax, len(text)); back++ {
		if i := len(text) - back; utf8.RuneStart(text[i]) {
			if utf8.FullRune(text[i:]) {
				return len(text)
			}
			return i
		}
	}
	return len(text)
}
