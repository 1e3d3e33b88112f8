package bot

import "context"

// where is the address of the message with which somebody says something: the
// one on which a shortcut was used, or that was written to the bot. "" where
// there is none: a slash command is no message.
func (r *Router) where(ctx context.Context, c Call) string {
	switch {
	case c.Message.Link != "":
		return c.Message.Link
	case r.Permalinks == nil || c.MessageTS == "" || c.Kind != Mention && c.Kind != Message:
		return ""
	}
	link, err := r.Permalinks.Permalink(ctx, c.Channel, c.MessageTS)
	if err != nil { // what was said counts without it
		return ""
	}
	return link
}
