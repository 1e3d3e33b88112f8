package bot

import (
	"context"
	"fmt"
	"strings"

	"arbot/desk"
)

// whence is from where somebody acts, and upon which post where it is one: "action claim on
// post 12".
func (r *Router) whence(ctx context.Context, c Call) string {
	from := whence(c)
	o := c.origin()
	if c.Kind == Mention || c.Kind == Message {
		o = Origin{Channel: c.Channel, Thread: c.ThreadTS}
	}
	for _, ts := range []string{o.TS, o.Thread} {
		if ts == "" {
			continue
		}
		if post, ok, err := r.Desk.PostAt(ctx, o.Channel, ts); err == nil && ok { // what is done counts without it
			return from + fmt.Sprintf("%s%d", desk.OnPost, post)
		}
	}
	return from
}

// whence is from where somebody acts, for the audit: "command dispute", "action
// resolve", "submission note".
func whence(c Call) string {
	what := c.Action
	switch c.Kind {
	case Command, Mention, Message:
		what, _, _ = strings.Cut(strings.TrimSpace(clean(c.Text)), " ")
	case Action:
		if c.Action == pickAction {
			what, _, _ = strings.Cut(c.Value, " ")
		}
	default:
	}
	return strings.TrimSpace(string(c.Kind) + " " + strings.ToLower(what))
}
