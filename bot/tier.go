package bot

import "time"

// tiers is how many calls of a method Slack promises to take in a minute from one
// app in one workspace (docs.slack.dev, "Rate limits" and the page of each method;
// "several hundred" messages for chat.postMessage). Methods that are not listed
// have no tier of their own.
var tiers = map[string]int{
	"chat.postMessage":             300,
	"chat.update":                  50,
	"chat.delete":                  50,
	"chat.postEphemeral":           100,
	"conversations.info":           50,
	"conversations.members":        100,
	"conversations.open":           50,
	"conversations.history":        50,
	"conversations.replies":        50,
	"users.info":                   100,
	"users.list":                   20,
	"users.lookupByEmail":          50,
	"usergroups.list":              20,
	"files.getUploadURLExternal":   100,
	"files.completeUploadExternal": 100,
}

// tierSpan is a minute, and a second for calls that take different times to get
// to Slack.
const tierSpan = time.Minute + time.Second

// window lets a number of calls through in any span of time: as many at once, if
// they come at once.
type window struct {
	limit int
	last  []time.Time // when the latest calls were due, as a ring
	next  int         // in last: the oldest
}

// ahead is how long the next call has to wait.
func (w *window) ahead(now time.Time) time.Duration {
	if w == nil || len(w.last) < w.limit {
		return 0
	}
	return max(0, w.last[w.next].Add(tierSpan).Sub(now))
}

// take notes a call that is made at an instant.
func (w *window) take(at time.Time) {
	switch {
	case w == nil:
	case len(w.last) < w.limit:
		w.last = append(w.last, at)
	default:
		w.last[w.next] = at
		w.next = (w.next + 1) % w.limit
	}
}

func newWindows() map[string]*window {
	windows := make(map[string]*window, len(tiers))
	for method, limit := range tiers {
		windows[method] = &window{limit: limit}
	}
	return windows
}
