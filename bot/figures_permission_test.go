package bot_test

import (
	"strings"
	"testing"
	"time"
)

// Who gets which figures: by role and command.
var (
	figureQuestions = []string{
		"dso by owner", "dso owner eli", "trend owner eli", "provision owner eli", "forecast elixir", "what-if pay INV-Elixir",
		"what-if pay INV-Danaway", "meeting owner eli", "export aging owner eli", "export timeline danaway",
	}
	figureAnswers = map[string][]string{
		dana: {
			"DSO by owner", "These are not your accounts.", "These are not your accounts.", "These are not your accounts.", "“elixir”", "“INV-Elixir”",
			"$100.00 comes in", "These are not your accounts.", "These are not your accounts.", "2 rows in",
		},
		eli: {
			"DSO by owner", "DSO of Eli Stone", "Trend of Eli Stone", "Provision of Eli Stone", "Forecast of Elixir", "$200.00 comes in",
			"“INV-Danaway”", "$200.00 overdue", "1 row in", "“danaway”",
		},
		nora:     allFigures,
		boss:     allFigures,
		admin:    allFigures,
		newly:    refusedAll(noRole),
		guest:    refusedAll(outsider),
		stranger: refusedAll(outsider),
	}
	allFigures = []string{
		"DSO by owner", "DSO of Eli Stone", "Trend of Eli Stone", "Provision of Eli Stone", "Forecast of Elixir", "$200.00 comes in",
		"$100.00 comes in", "$200.00 overdue", "1 row in", "2 rows in",
	}
)

func refusedAll(says string) []string {
	all := make([]string, len(figureQuestions))
	for i := range all {
		all[i] = says
	}
	return all
}

func TestWhoGetsWhichFigures(t *testing.T) {
	t.Parallel()
	w := counter(t, "socket")
	place := manner{name: "a channel with guests", channel: mixedChannel, ask: bySlash(mixedChannel)}
	for user, says := range figureAnswers {
		for i, text := range figureQuestions {
			w.clock.advance(10 * time.Second)
			got := place.ask(t, w, user, text)
			if !strings.Contains(got.Text, says[i]) {
				t.Errorf("%s asks %q and reads %q, want %q", user, text, got.Text, says[i])
			}
			if place.all(got, user) {
				t.Errorf("%s asks %q and all can read it", user, text)
			}
			if (user == newly || user == guest || user == stranger) && strings.Contains(string(got.Blocks)+got.Text, "$") {
				t.Errorf("%s asks %q and reads an amount", user, text)
			}
		}
	}
	// By the own accounts of a rep, and what nobody owns; nothing of a colleague's.
	w.clock.advance(10 * time.Second)
	if got := place.ask(t, w, dana, "dso by owner"); strings.Contains(string(got.Blocks), "Eli Stone") {
		t.Errorf("Dana reads of Eli: %s", got.Blocks)
	}
	for _, f := range w.Files() {
		for _, channel := range f.Channels {
			if !strings.HasPrefix(channel, "D") {
				t.Errorf("%s is in %s, where others read it", f.Name, channel)
			}
		}
	}
}
