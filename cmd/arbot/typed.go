package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"golang.org/x/term"
)

// typed reads what is typed, a line at a time, so that waiting for a line ends with
// a context: a read from a terminal would not.
type typed struct {
	lines chan string
	fault error // read once lines is closed
}

// newTyped begins to read; it stops at the end of input or of ctx.
func newTyped(ctx context.Context, in io.Reader) *typed {
	t := &typed{lines: make(chan string)}
	go func() {
		defer close(t.lines)
		for reader := bufio.NewReader(in); ; {
			line, err := reader.ReadString('\n')
			if line != "" {
				select {
				case t.lines <- strings.TrimSpace(strings.Map(visible, line)):
				case <-ctx.Done():
					return
				}
			}
			if err != nil {
				if !errors.Is(err, io.EOF) {
					t.fault = fmt.Errorf("read what was typed: %w", err)
				}
				return
			}
		}
	}()
	return t
}

// typedSecret reads a line that a terminal does not show, since it would stay in its memory
// and on screenshots, and begins to read the rest as usual.
func typedSecret(ctx context.Context, in io.Reader) (secret string, rest *typed, err error) {
	terminal := -1
	if f, ok := in.(*os.File); ok {
		terminal = int(f.Fd())
	}
	if !term.IsTerminal(terminal) {
		rest = newTyped(ctx, in)
		secret, _, err = rest.next(ctx)
		return secret, rest, err
	}
	shown, err := term.GetState(terminal)
	if err != nil {
		return "", nil, fmt.Errorf("ask the terminal how it is set: %w", err)
	}
	lines, fault := make(chan string, 1), error(nil)
	go func() {
		defer close(lines)
		var line []byte
		if line, fault = term.ReadPassword(terminal); fault == nil {
			lines <- strings.TrimSpace(strings.Map(visible, string(line)))
		}
	}()
	var ok bool
	select {
	case secret, ok = <-lines:
	case <-ctx.Done():
		return "", nil, errors.Join(ctx.Err(), term.Restore(terminal, shown))
	}
	if !ok && !errors.Is(fault, io.EOF) {
		return "", nil, fmt.Errorf("read what was typed: %w", fault)
	}
	return secret, newTyped(ctx, in), nil
}

// visible drops what would steer a terminal that echoes it.
func visible(r rune) rune {
	if unicode.IsControl(r) && r != '\t' {
		return -1
	}
	return r
}

// next returns the next line; ok is false at the end of input.
func (t *typed) next(ctx context.Context) (line string, ok bool, err error) {
	select {
	case line, ok = <-t.lines:
		if !ok {
			return "", false, t.fault
		}
		return line, true, nil
	case <-ctx.Done():
		return "", false, ctx.Err()
	}
}
