package blockkit_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/bot/blockkit"
	"arbot/bot/card"
)

func TestModalThatCannotBe(t *testing.T) {
	t.Parallel()
	line := card.Input{ID: "a", Label: "A"}
	for want, m := range map[string]card.Modal{
		"has no title":             {Submit: "Save", Action: "x"},
		"no button to send":        {Title: "T", Inputs: []card.Input{line}},
		"names no action":          {Title: "T", Submit: "Save"},
		"no name of its own":       {Title: "T", Submit: "Save", Action: "x", Inputs: []card.Input{line, line}},
		"value of 3001 characters": {Title: "T", Value: strings.Repeat("v", 3001)},
		"has 0 options":            {Title: "T", Submit: "Save", Action: "x", Inputs: []card.Input{{ID: "a", Label: "A", Kind: card.Menu}}},
		"has 11 options":           {Title: "T", Submit: "Save", Action: "x", Inputs: []card.Input{{ID: "a", Label: "A", Kind: card.Radio, Options: options(11)}}},
		"value of 76 characters": {Title: "T", Submit: "Save", Action: "x", Inputs: []card.Input{
			{ID: "a", Label: "A", Kind: card.Menu, Options: []card.Option{{Value: strings.Repeat("v", 76), Label: "V"}}},
		}},
		"names no source":      {Title: "T", Submit: "Save", Action: "x", Inputs: []card.Input{{ID: "a", Label: "A", Kind: card.Lookup}}},
		"of no kind":           {Title: "T", Submit: "Save", Action: "x", Inputs: []card.Input{{ID: "a", Label: "A", Kind: 99}}},
		"unknown part":         {Title: "T", Parts: []card.Part{nil}},
		"modal \"T\" has 100 ": {Title: "T", Submit: "Save", Action: "x", Inputs: make([]card.Input, 100)},
	} {
		if _, err := blockkit.Modal(m, blockkit.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func options(n int) []card.Option {
	var list []card.Option
	for i := range n {
		list = append(list, card.Option{Value: strconv.Itoa(i), Label: fmt.Sprint("Option ", i)})
	}
	return list
}

// What is too long is cut, and a view holds a hundred blocks at most.
func TestModalIsCut(t *testing.T) {
	t.Parallel()
	m := card.Modal{Title: strings.Repeat("Title ", 9), Submit: strings.Repeat("Save ", 9), Action: "x"}
	for i := range 150 {
		m.Parts = append(m.Parts, card.Heading(fmt.Sprint("Part ", i)))
	}
	for i := range 10 {
		m.Inputs = append(m.Inputs, card.Input{ID: strconv.Itoa(i), Label: strings.Repeat("l", 3000), Hint: strings.Repeat("h", 3000), Initial: []string{strings.Repeat("i", 4000)}})
	}
	view, err := blockkit.Modal(m, blockkit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(view.Blocks.BlockSet); n != 100 {
		t.Errorf("%d blocks", n)
	}
	if title, submit := len([]rune(view.Title.Text)), len([]rune(view.Submit.Text)); title > 24 || submit > 24 {
		t.Errorf("title of %d, button of %d characters", title, submit)
	}
	raw, err := json.Marshal(view)
	if err != nil || !strings.Contains(string(raw), "There is more than can be shown here.") || strings.Contains(string(raw), strings.Repeat("l", 2001)) {
		t.Errorf("view: %v %.200s", err, raw)
	}
}

func TestEmptyModalHasAList(t *testing.T) {
	t.Parallel()
	view, err := blockkit.Modal(card.Modal{Title: "T"}, blockkit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(view)
	if err != nil || !strings.Contains(string(raw), `"blocks":[]`) { // Slack refuses null
		t.Errorf("view: %s, %v", raw, err)
	}
}

func TestChoices(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(`{"options":[]}`, string(blockkit.Choices(nil))); diff != "" {
		t.Errorf("no choice (-want +got):\n%s", diff)
	}
	got := string(blockkit.Choices([]card.Option{{Value: "c1", Label: "A & B"}, {Label: "no value"}, {Value: strings.Repeat("v", 76), Label: "long"}}))
	if strings.Count(got, `"value"`) != 1 || !strings.Contains(got, `"c1"`) {
		t.Errorf("choices: %s", got)
	}
	if n := strings.Count(string(blockkit.Choices(options(150))), `"value"`); n != 100 {
		t.Errorf("%d choices", n)
	}
}
