package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
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
