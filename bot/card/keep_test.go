package card_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/bot/card"
)

// TestKept: a card that is kept and read again is the same but for what can be pressed.
func TestKept(t *testing.T) {
	t.Parallel()
	said := []card.Part{
		card.Heading("Overdue"),
		card.Paragraph{card.B("$5.00"), card.T(" in 1 account"), card.Link("here", "https://example.com/x"), card.User("U0ANA"), card.I("i"), card.Code("/ar")},
		card.Fields{{Label: "Open", Value: "$5.00"}},
		card.Table{
			Caption: "All", Columns: []card.Column{{Title: "Account"}, {Title: "Amount", Align: card.Right}},
			Rows: [][]string{{"Acme <!channel>", "$5.00"}}, Total: []string{"All", "$5.00"}, More: 3,
		},
		card.List{{card.B("Acme"), card.T(" $5.00")}},
		card.Divider{},
		card.Note{card.When(time.Date(2026, 11, 25, 12, 30, 0, 0, time.UTC), "25 Nov 07:30 EST")},
	}
	full := card.New("One overdue.", said...)
	full.Add(
		card.Buttons{{Label: "Undo", Action: "undo"}}, card.Select{Label: "Reason"},
		card.Rows{{Text: "Acme $5.00", Menu: []card.Act{{Label: "Dispute…", Action: "dispute"}}}},
	)
	raw, err := card.Keep([]card.Card{full, card.New("A thread.")})
	if err != nil {
		t.Fatal(err)
	}
	got, err := card.Kept(raw)
	if err != nil {
		t.Fatal(err)
	}
	want := []card.Card{card.New("One overdue.", append(said, card.List{{card.T("Acme $5.00")}})...), card.New("A thread.")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, bad := range []string{`{`, `[{"text":"x","parts":[{"kind":"button","part":{}}]}]`, `[{"text":"x","parts":[{"kind":"list","part":{}}]}]`} {
		if _, err := card.Kept([]byte(bad)); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}
