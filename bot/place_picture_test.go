package bot_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/bot"
	"arbot/internal/fakeslack"
)

// pictured is a post with two pictures.
func pictured(names ...string) bot.Composed {
	c := saying(arChannel, "Head.", "One.")
	for _, name := range names {
		c.Pictures = append(c.Pictures, bot.Picture{Name: name + ".png", Title: name, Alt: name + ": 1, 2, 3", Content: []byte("\x89PNG " + name)})
	}
	return c
}

// shown is what stands in the channel, pictures by their titles and descriptions.
func (o *office) shown(channel string) []string {
	files := map[string]fakeslack.File{}
	for _, f := range o.Files() {
		files[f.ID] = f
	}
	var list []string
	for _, m := range o.Messages(channel) {
		if m.Deleted || m.User != botUser {
			continue
		}
		var text strings.Builder
		if m.ThreadTS != "" {
			text.WriteString("  ")
		}
		text.WriteString(m.Text)
		for _, id := range m.Files {
			text.WriteString("[" + files[id].Title + " | " + files[id].Alt + "]")
		}
		list = append(list, text.String())
	}
	return list
}

func (o *office) wantShown(t *testing.T, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, o.shown(arChannel)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

const dsoShown, agingShown = "  [dso | dso: 1, 2, 3]", "  [aging | aging: 1, 2, 3]"

// Pictures stand right under the head, with a text that has the numbers, each once however
// often the post is delivered; one that changed takes the place of the old one, one that
// is too many goes.
func TestPicturesStandOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.plan(1, pictured("dso", "aging"))
	o.queue(t, 1)
	o.wantShown(t, "Head.", dsoShown, agingShown, "  One.")
	sent := len(o.Calls("files.getUploadURLExternal"))
	o.queue(t, 1)
	if n := len(o.Calls("files.getUploadURLExternal")); n != sent || sent != 2 {
		t.Errorf("%d uploads, then %d", sent, n)
	}
	changed := pictured("dso", "aging")
	changed.Pictures[0].Alt = "dso: 4"
	o.composed[1] = changed
	o.queue(t, 1)
	o.wantShown(t, "Head.", agingShown, "  One.", "  [dso | dso: 4]")
	o.composed[1] = pictured("dso")
	o.queue(t, 1)
	o.wantShown(t, "Head.", "  One.", dsoShown)
	o.composed[1] = pictured()
	o.queue(t, 1)
	o.wantShown(t, "Head.", "  One.")
	if o.state(1) != ar.PostDone || len(o.book.posts[1].Parts) != 2 {
		t.Errorf("post: %+v", o.book.posts[1])
	}
}

// Where Slack takes no pictures, the text stands whole, and nothing fails.
func TestTextSufficesWithoutPictures(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]fakeslack.Fault{
		"no address":   {Method: "files.getUploadURLExternal", Error: "internal_error"},
		"not shown":    {Method: "files.completeUploadExternal", Error: "posting_to_channel_denied"},
		"down":         {Method: "files.getUploadURLExternal", Status: 503},
		"no scope":     {},
		"only a pause": {Method: "files.getUploadURLExternal", RetryAfter: 7e9},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, change{slack: func(s *fakeslack.Options) {
				if name == "no scope" {
					s.Scopes = slices.DeleteFunc(fakeslack.DefaultScopes(), func(scope string) bool { return scope == "files:write" })
				}
			}})
			if fault.Method != "" {
				o.Inject(fault)
			}
			o.plan(1, pictured("dso"))
			o.queue(t, 1)
			if got := o.shown(arChannel); !slices.Contains(got, "Head.") || !slices.Contains(got, "  One.") {
				t.Errorf("shown: %q", got)
			}
			if o.state(1) != ar.PostDone || len(o.alerts.said) != 0 {
				t.Errorf("state %s, alerts %v", o.state(1), o.alerts.said)
			}
			if name == "only a pause" && !slices.Contains(o.shown(arChannel), dsoShown) {
				t.Errorf("after a pause there is no picture: %q", o.shown(arChannel))
			}
		})
	}
}

// A picture whose answer was lost is looked for by its file, and shown once; where nobody
// can look it is not sent again.
func TestLostAnswerOfAPicture(t *testing.T) {
	t.Parallel()
	for lost := range 2 {
		o := newOffice(t)
		o.plan(1, pictured("dso", "aging"))
		o.Inject(fakeslack.Fault{Method: "files.completeUploadExternal", After: lost, LoseAnswer: true})
		o.queue(t, 1)
		got := o.shown(arChannel)
		slices.Sort(got)
		if diff := cmp.Diff([]string{"  One.", agingShown, dsoShown, "Head."}, got); diff != "" {
			t.Errorf("lost %d (-want +got):\n%s", lost, diff)
		}
	}
	o := newOffice(t, change{slack: func(s *fakeslack.Options) {
		s.Scopes = slices.DeleteFunc(fakeslack.DefaultScopes(), func(scope string) bool { return strings.HasSuffix(scope, ":history") })
	}})
	o.plan(1, pictured("dso"))
	o.Inject(fakeslack.Fault{Method: "files.completeUploadExternal", LoseAnswer: true})
	o.queue(t, 1)
	o.queue(t, 1)
	o.wantShown(t, "Head.", dsoShown, "  One.")
	if o.state(1) != ar.PostDone {
		t.Errorf("state %s", o.state(1))
	}
}

// Whatever write the program dies at, the pictures stand there once.
func TestPicturesAfterADeathAtAnyWrite(t *testing.T) {
	t.Parallel()
	for _, then := range []func(*office){
		func(*office) {},
		func(o *office) { o.queue(t, 1); o.composed[1] = pictured("dso2", "aging") },
		func(o *office) {
			o.queue(t, 1)
			if err := o.remove(0); err != nil {
				t.Error(err)
			}
			c := pictured("dso", "aging")
			c.Head.Text = "New head."
			o.composed[1] = c
		},
	} {
		for _, written := range []bool{false, true} {
			for dieAt := 1; ; dieAt++ {
				o := newOffice(t, change{slack: func(s *fakeslack.Options) { s.PostBurst = -1 }})
				o.plan(1, pictured("dso", "aging"))
				then(o)
				o.book.writes, o.book.dieAt, o.book.written = 0, dieAt, written
				o.queue(t, 1)
				if o.book.writes < dieAt {
					break
				}
				files := map[string]int{}
				for _, text := range o.shown(arChannel) {
					if strings.Contains(text, "[") {
						files[text]++
					}
				}
				if len(files) != 2 || o.state(1) != ar.PostDone {
					t.Fatalf("died at write %d, written %t: state %s, %v in %q", dieAt, written, o.state(1), files, o.shown(arChannel))
				}
				for text, n := range files {
					if n != 1 {
						t.Fatalf("died at write %d, written %t: %s is there %d times", dieAt, written, text, n)
					}
				}
			}
		}
	}
}

// A channel that people from outside read gets no pictures of the company's money.
func TestNoPicturesBeforeOutsiders(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	c := pictured("dso")
	c.To.Channel = sharedChannel
	o.plan(1, c)
	o.queue(t, 1)
	if got := o.shown(sharedChannel); len(got) != 0 || len(o.Calls("files.getUploadURLExternal")) != 0 {
		t.Errorf("shown: %q", got)
	}
}
