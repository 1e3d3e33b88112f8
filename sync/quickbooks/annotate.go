package quickbooks

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

// maxNote is what QuickBooks keeps of a private note, in characters.
const maxNote = 4000

// Annotate adds a line to an invoice's private note, which people see in
// QuickBooks and customers do not. What is there stays; a line that is there is
// not added again, so that it can be repeated. The invoice is read right before,
// and once more where somebody wrote it between: QuickBooks refuses a write that
// does not name the latest version (5010).
func (c *Client) Annotate(ctx context.Context, id, text string) error {
	line := strings.Join(strings.Fields(text), " ")
	if line == "" {
		return errors.New("quickbooks: there is nothing to note")
	}
	err := c.annotate(ctx, id, line)
	if f, ok := errors.AsType[*Fault](err); ok && f.Code == codeStale {
		err = c.annotate(ctx, id, line)
	}
	return err
}

func (c *Client) annotate(ctx context.Context, id, line string) error {
	n, err := c.noteOf(ctx, id)
	if err != nil {
		return err
	}
	note, err := withLine(n.PrivateNote, line)
	if err != nil || note == n.PrivateNote {
		return err
	}
	n.PrivateNote, n.Sparse = note, true
	if err := c.post(ctx, "invoice", nil, n, nil); err != nil {
		return fmt.Errorf("quickbooks: note on invoice %s: %w", id, err)
	}
	return nil
}

// withLine adds a line to a note.
func withLine(note, line string) (string, error) {
	if slices.Contains(strings.Split(note, "\n"), line) {
		return note, nil
	}
	if note != "" {
		note = strings.TrimRight(note, "\r\n") + "\n"
	}
	note += line
	if n := len([]rune(note)); n > maxNote {
		return "", ar.Refuse("The note on the invoice in QuickBooks is full: with this line it would have %d characters of %d. Shorten it there first.", n, maxNote)
	}
	return note, nil
}
