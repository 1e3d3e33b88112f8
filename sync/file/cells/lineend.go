package cells

import (
	"bytes"
	"io"
)

// lineEnds makes the line ends of all systems LF: CRLF, and the CR alone of old ones, which
// a file can have beside the others where several programs wrote it.
type lineEnds struct {
	r     io.Reader
	after bool // the last byte was a CR
}

func (l *lineEnds) Read(p []byte) (int, error) {
	for {
		n, err := l.r.Read(p)
		if n = l.even(p[:n]); n > 0 || err != nil || len(p) == 0 {
			return n, err
		}
	}
}

// even makes the line ends of what was read LF, in its place, and returns its new length.
func (l *lineEnds) even(p []byte) int {
	if !l.after && bytes.IndexByte(p, '\r') < 0 {
		return len(p)
	}
	n := 0
	for _, b := range p {
		switch {
		case b == '\n' && l.after: // the CR before it was given as LF
			l.after = false
			continue
		case b == '\r':
			l.after, b = true, '\n'
		default:
			l.after = false
		}
		p[n] = b
		n++
	}
	return n
}
