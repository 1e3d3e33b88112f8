package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
	"arbot/internal/fakeslack"
)

// tells is a handler that answers with so many messages.
func tells(pages int, v card.Visibility) bot.Handler {
	return func(context.Context, ar.Actor, bot.Call) (bot.Answer, error) {
		c := card.New("A long answer.")
		c.Visibility = v
		for n := range pages {
			c.Add(card.Heading(fmt.Sprintf("page %d", n+1)))
			for range 49 { // a message holds 50 blocks
				c.Add(card.Divider{})
			}
		}
		return bot.Answer{Card: c}, nil
	}
}

// pageNumbers are the pages that messages hold, and "rest" for the one that says where the
// others are.
func pageNumbers(messages []fakeslack.Message) (held []string) {
	for _, m := range messages {
		_, behind, found := strings.Cut(string(m.Blocks), "page ")
		switch {
		case found:
			held = append(held, behind[:strings.IndexAny(behind, `"\`)])
		case strings.HasPrefix(m.Text, "The rest is"):
			held = append(held, "rest")
		}
	}
	return held
}

// A response URL takes five answers. What a long answer has beyond them goes to the direct
// message, whole and in order, and the last of the five says so; nobody is warned of it.
func TestLongAnswers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, channel string
		pages         int
		seen          card.Visibility
		here, direct  string
	}{
		{"all fit", arChannel, 5, card.Private, "1 2 3 4 5", ""},
		{"one too many", arChannel, 6, card.Private, "1 2 3 4 rest", "5 6"},
		{"many, for all", arChannel, 9, card.InChannel, "1 2 3 4 rest", "5 6 7 8 9"},
	} {
		overBoth(t, func(t *testing.T, via string) {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, change{slack: func(o *fakeslack.Options) { o.PostBurst = -1 }})
				w.listen(t, via, tells(test.pages, test.seen))
				d := w.slash(t, ana, test.channel, "long")
				here := pageNumbers(w.await(t, d, 5))
				direct := strings.Fields(test.direct)
				got := pageNumbers(w.awaitDM(t, ana, len(direct)))
				if strings.Join(here, " ") != test.here || !slices.Equal(got, direct) {
					t.Errorf("%v here and %v in the direct message, want %s and %s", here, got, test.here, test.direct)
				}
				if logs := w.logs.String(); strings.Contains(logs, `"WARN"`) || strings.Count(logs, "the rest of an answer goes by direct message") != min(len(direct), 1) {
					t.Errorf("log:\n%s", logs)
				}
			})
		})
	}
}

// In the direct message itself the end of a long answer comes below its beginning.
func TestLongAnswerInTheDirectMessage(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		w := newWorld(t, change{slack: func(o *fakeslack.Options) { o.PostBurst = -1 }})
		dm, err := w.gate.OpenDM(t.Context(), ana)
		if err != nil {
			t.Fatal(err)
		}
		w.listen(t, via, tells(7, card.Private))
		w.slash(t, ana, dm, "long")
		w.awaitDM(t, ana, 3)
		if got := strings.Join(pageNumbers(w.DMs(ana)), " "); got != "1 2 3 4 5 6 7" {
			t.Errorf("the direct message holds %s", got)
		}
	})
}
