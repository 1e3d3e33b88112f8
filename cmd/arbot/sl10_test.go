package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/internal/fakeslack"
)

// SL-10: an archived channel fails by itself. The others get theirs each day, the admin is
// told once, and after three days it is only looked at, until it is in order again.
func TestSL10ArchivedChannelIsPaused(t *testing.T) {
	t.Parallel()
	o := newOffice(t, wednesday, "")
	o.mustRun(t, "import")
	archive := func(archived bool) {
		o.slack.PutChannel(fakeslack.Channel{ID: arChannel, Name: "ar-team", Archived: archived, Members: []string{demoBot}})
	}
	archive(true)
	admin := o.user(t, ar.Admin)
	morning := func(now string, paused int) {
		t.Helper()
		before, _ := posted(o.slack.Messages(salesChannel))
		o.moveTo(t, now)
		s := o.serve(t)
		o.await(t, s, "the digest for sales", func(st *fakeslack.State) bool {
			heads, _ := posted(st.Messages(salesChannel))
			return len(heads) == len(before)+1
		})
		if paused > 0 {
			s.logged(t, `"msg":"a digest is paused: its channel cannot be posted to","route":"ar-daily","failures":3,"code":"is_archived"`, paused)
		} else {
			o.awaitState(t, "digest-ar "+now[:10]+" failed")
		}
		s.stop()
	}
	morning("2026-11-25T08:40:00-05:00", 0)
	morning("2026-11-26T08:40:00-05:00", 0)
	morning("2026-11-27T08:40:00-05:00", 0)
	morning("2026-11-30T08:40:00-05:00", 1)
	if slices.ContainsFunc(o.states(t), func(s string) bool { return strings.HasPrefix(s, "digest-ar 2026-11-30") }) {
		t.Errorf("a paused digest was planned: %q", o.states(t))
	}
	alerts, _ := posted(o.slack.DMs(admin))
	var said []string
	for _, m := range alerts {
		said = append(said, m.Text)
	}
	want := "The digest ar-daily of Wed 25 Nov 2026: The channel C0ARTEAM is archived. Unarchive it, or name another one in the config."
	said = slices.DeleteFunc(said, func(text string) bool { return strings.Contains(text, "acts of people") }) // the week's noise report
	if diff := cmp.Diff([]string{want}, said); diff != "" {
		t.Errorf("the admin was told (-want +got):\n%s", diff)
	}
	for _, call := range o.slack.Calls("chat.postMessage") {
		if call.Error != "" {
			t.Errorf("a message was refused with %s", call.Error)
		}
	}
	archive(false)
	o.moveTo(t, "2026-12-01T08:40:00-05:00")
	s := o.serve(t)
	o.await(t, s, "the digest for AR", func(st *fakeslack.State) bool { return len(st.Messages(arChannel)) > 0 })
	s.stop()
}
