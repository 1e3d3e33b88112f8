package fakeslack_test

import (
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"arbot/internal/fakeslack"
)

// TestStateOfAMessage: a click carries what the person has chosen in the message's
// other elements, each person their own.
func TestStateOfAMessage(t *testing.T) {
	t.Parallel()
	f := start(t)
	var got slack.InteractionCallback
	listen(t, f, func(c *socketmode.Client, e socketmode.Event) {
		got, _ = e.Data.(slack.InteractionCallback)
		_ = c.Ack(*e.Request)
	})
	reason := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, "reason",
		slack.NewOptionBlockObject("price", text("Price"), nil), slack.NewOptionBlockObject("damage", text("Damage"), nil))
	day := slack.NewDatePickerBlockElement("day")
	day.InitialDate = "2026-12-04"
	_, ts, err := f.api.PostMessageContext(within(t), arChannel, slack.MsgOptionText("x", false), slack.MsgOptionBlocks(
		slack.NewActionBlock("choices", reason, day, slack.NewButtonBlockElement("go", "v", text("Go")))))
	if err != nil {
		t.Fatal(err)
	}
	click := func(user, element, value string) {
		if _, err := f.Click(within(t), fakeslack.Click{User: user, Channel: arChannel, TS: ts, Element: element, Value: value}); err != nil {
			t.Fatal(err)
		}
	}
	click(ana, "reason", "Damage")
	if chosen := got.BlockActionState.Values["choices"]["reason"].SelectedOption.Value; chosen != "damage" {
		t.Errorf("the choice itself says %q", chosen)
	}
	click(ana, "go", "")
	choices := got.BlockActionState.Values["choices"]
	if len(choices) != 2 || choices["reason"].SelectedOption.Value != "damage" || choices["day"].SelectedDate != "2026-12-04" {
		t.Errorf("Ana's state %+v", choices)
	}
	click(ben, "go", "")
	if chosen := got.BlockActionState.Values["choices"]["reason"].SelectedOption.Value; chosen != "" {
		t.Errorf("Ben has chosen nothing, his state says %q", chosen)
	}
}

// TestWhatWasTypedStays: a refused modal keeps what was filled in.
func TestWhatWasTypedStays(t *testing.T) {
	t.Parallel()
	f := start(t)
	var got slack.InteractionCallback
	listen(t, f, func(c *socketmode.Client, e socketmode.Event) {
		in, ok := e.Data.(slack.InteractionCallback)
		if !ok {
			_ = c.Ack(*e.Request)
			return
		}
		got = in
		_ = c.Ack(*e.Request, slack.NewErrorsViewSubmissionResponse(map[string]string{"amount": "Too much."}))
	})
	if _, err := f.api.OpenViewContext(within(t), trigger(t, f), promiseModal("Log promise")); err != nil {
		t.Fatal(err)
	}
	submit := func(values map[string]string) {
		if _, err := f.SubmitView(within(t), fakeslack.Submission{User: ana, Values: values}); err != nil {
			t.Fatal(err)
		}
	}
	submit(map[string]string{"amount": "5000", "how": "Card"})
	submit(map[string]string{"by": "2026-12-24"})
	values := got.View.State.Values
	if values["amount"]["a"].Value != "5000" || values["how"]["h"].SelectedOption.Value != "card" || values["by"]["d"].SelectedDate != "2026-12-24" {
		t.Errorf("state %+v", values)
	}
}
