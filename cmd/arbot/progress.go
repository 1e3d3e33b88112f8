package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"arbot/ar"
)

// bar is a progress bar on the terminal; it shows up after a second, and not
// at all where the output is no terminal.
type bar struct {
	out     io.Writer
	now     func() time.Time
	what    string
	started time.Time
	shown   bool
}

const (
	barDelay = time.Second
	barWidth = 30
)

func newBar(p *program, what string) *bar {
	b := &bar{out: p.err, now: p.now, what: what, started: p.now()}
	if !isTerminal(p.err) {
		b.out = nil
	}
	return b
}

// step shows that done of total records are read.
func (b *bar) step(done, total int) {
	if b.out == nil || b.now().Sub(b.started) < barDelay {
		return
	}
	b.shown = true
	if total <= 0 {
		fmt.Fprintf(b.out, "\r%s: %d records", b.what, done)
		return
	}
	full := min(barWidth, done*barWidth/total)
	fmt.Fprintf(b.out, "\r%s [%s%s] %3d %%", b.what, strings.Repeat("#", full), strings.Repeat(" ", barWidth-full), min(100, done*100/total))
}

func (b *bar) done() {
	if b.shown {
		fmt.Fprint(b.out, "\r\x1b[K")
	}
}

func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// logger is that of a verb which answers at once: warnings and errors, as lines.
func (p *program) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(p.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// sentence is what a person reads of an error.
func sentence(err error) string {
	if say, ok := errors.AsType[*ar.Error](err); ok {
		return say.Say
	}
	return err.Error()
}
