package bot

import "strings"

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
