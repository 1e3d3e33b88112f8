package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/internal/desktest"
	"arbot/internal/fakeslack"
)

// origins are from where people acted, the latest last.
func (p *teller) origins(t *testing.T) (from []string) {
	t.Helper()
	p.c.Read(t, func(r ar.Reader) error {
		all, err := r.Unsealed(t.Context(), 1000)
		for _, one := range all {
			if one.Actor != "arbot" {
				from = append(from, one.From)
			}
		}
		return err
	})
	return from
}

// The audit knows upon which post somebody acted: by its button, by a form that it opened,
// in its thread, and by what was answered there. The noise report counts these, and not
// what was typed elsewhere or pressed on an answer.
func TestActsUponAPost(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		m := p.escalates(t)
		p.presses(t, dana, m, "Mine")
		p.clock.advance(10 * time.Second)
		if _, err := p.Click(t.Context(), fakeslack.Click{User: nora, Channel: m.Channel, TS: m.TS, Element: "Change…"}); err != nil {
			t.Fatal(err)
		}
		p.modal(t, nora, "What is asked, and of whom?")
		p.fillsIn(t, nora, map[string]string{"ask": "call Kim today"})
		p.awaitDM(t, nora, 2)
		p.clock.advance(10 * time.Second)
		if _, _, err := p.Say(t.Context(), fakeslack.Words{User: dana, Channel: arChannel, Text: "<@" + botUser + "> note INV-7 Kim is away", ThreadTS: m.TS}); err != nil {
			t.Fatal(err)
		}
		noted := p.awaitThread(t, m.TS, "Noted on INV-7 (Danaway).")
		p.presses(t, dana, noted, "Undo")
		p.presses(t, nora, p.types(t, nora, "note danaway pays by check"), "Undo")
		var posts []string
		from := p.origins(t)
		for i, one := range from {
			if before, _, ok := strings.Cut(one, " on post "); ok {
				from[i] = before
				posts = append(posts, one[len(before):])
			}
		}
		want := []string{"submission escalate", "action escalation_mine", "action escalation_mine", "submission escalation_change", "mention note", "action undo", "command note", "action undo"}
		if !slices.Equal(from, want) || len(posts) != 5 || len(slices.Compact(posts)) != 1 {
			t.Errorf("people acted from %q, upon %q", p.origins(t), posts)
		}
		n, err := p.c.Desk.Noise(t.Context(), desktest.Admin)
		if err != nil || n.OnPosts != len(posts) || n.Acts != len(want) || fmt.Sprint(n.Channels) != fmt.Sprintf("[{%s 1 1}]", arChannel) || n.PerPost() != 10*len(posts) {
			t.Errorf("noise: %+v, %d, %v", n, n.PerPost(), err)
		}
	})
}
