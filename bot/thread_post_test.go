package bot_test

import (
	"errors"
	"testing"

	"arbot/ar"
	"arbot/bot"
	"arbot/internal/fakeslack"
)

// A post for a thread stands there as a whole, once; where nobody may read it there, or
// the thread is gone, the person it is for gets it. Death at any write changes nothing.
func TestPostInAThread(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		channel string
		gone    bool
		dm      bool
	}{
		"there": {channel: arChannel}, "the thread is gone": {channel: arChannel, gone: true, dm: true},
		"guests read it": {channel: mixedChannel, dm: true}, "another company reads it": {channel: sharedChannel, dm: true},
		"archived": {channel: oldChannel, dm: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for dieAt := range 7 {
				o := newOffice(t)
				o.book.dieAt, o.book.written = dieAt, dieAt%2 == 0
				root := "1772440000.000100"
				if tt.channel == arChannel {
					m, _, err := o.Say(t.Context(), fakeslack.Words{User: ana, Channel: tt.channel, Text: "They called."})
					if err != nil {
						t.Fatal(err)
					}
					if root = m.TS; tt.gone {
						if err := o.RemoveMessage(tt.channel, root); err != nil {
							t.Fatal(err)
						}
					}
				}
				c := saying("", "Kept.", "More.")
				c.To = bot.Destination{Channel: tt.channel, Thread: root, User: ana}
				o.plan(1, c)
				if err := o.deliver(t, 1); err != nil && !errors.Is(err, errKilled) {
					t.Fatalf("death at %d: %v", dieAt, err)
				}
				o.queue(t, 1)
				o.queue(t, 1) // again, as after an edit
				if o.state(1) != ar.PostDone {
					t.Errorf("death at %d: the post is %s", dieAt, o.state(1))
				}
				var inThread, direct []string
				for _, m := range o.Thread(tt.channel, root) {
					if m.User == botUser && !m.Deleted {
						inThread = append(inThread, m.Text)
					}
				}
				for _, m := range o.DMs(ana) {
					if m.User == botUser && !m.Deleted {
						direct = append(direct, m.Text)
					}
				}
				want := map[bool][2]int{false: {2, 0}, true: {0, 2}}[tt.dm]
				if len(inThread) != want[0] || len(direct) != want[1] {
					t.Errorf("death at %d: in the thread %q, direct %q", dieAt, inThread, direct)
				}
			}
		})
	}
}
