package fakeslack_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"arbot/internal/fakeslack"
)

func text(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

// promiseModal asks for an amount and a way to pay.
func promiseModal(title string) slack.ModalViewRequest {
	amount := slack.NewInputBlock("amount", text("Amount"), nil, slack.NewPlainTextInputBlockElement(nil, "a"))
	by := slack.NewInputBlock("by", text("By"), nil, &slack.DatePickerBlockElement{Type: slack.METDatepicker, ActionID: "d", InitialDate: "2026-03-06"})
	how := slack.NewInputBlock("how", text("How"), nil, slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, "h",
		slack.NewOptionBlockObject("wire", text("Wire"), nil), slack.NewOptionBlockObject("card", text("Card"), nil)))
	how.Optional = true
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: text(title), Submit: text("Save"), CallbackID: "promise", PrivateMetadata: "v1",
		Blocks: slack.Blocks{BlockSet: []slack.Block{amount, by, how}},
	}
}

// trigger types a command that nobody answers and gives its trigger.
func trigger(t *testing.T, f *fixture) string {
	t.Helper()
	d, err := f.Slash(within(t), fakeslack.Command{User: ana, Channel: arChannel, Command: "/ar"}, fakeslack.NoWait())
	if err != nil {
		t.Fatal(err)
	}
	return d.TriggerID
}

func TestTriggers(t *testing.T) {
	t.Parallel()
	f := start(t)
	dial(t, f)
	ctx := within(t)
	id := trigger(t, f)
	if _, err := f.api.OpenViewContext(ctx, id, promiseModal("Log promise")); err != nil {
		t.Fatal(err)
	}
	_, err := f.api.OpenViewContext(ctx, id, promiseModal("Again"))
	wantError(t, err, "exchanged_trigger_id")
	id = trigger(t, f)
	f.clock.advance(3 * time.Second)
	if _, err = f.api.OpenViewContext(ctx, id, promiseModal("At 3 s")); err != nil {
		t.Errorf("at 3 s: %v", err)
	}
	id = trigger(t, f)
	f.clock.advance(3*time.Second + time.Millisecond)
	_, err = f.api.OpenViewContext(ctx, id, promiseModal("Late"))
	wantError(t, err, "expired_trigger_id")
	_, err = f.api.OpenViewContext(ctx, "none", promiseModal("Wrong"))
	wantError(t, err, "invalid_trigger_id")
}

func TestUpdateWithHash(t *testing.T) {
	t.Parallel()
	f := start(t)
	dial(t, f)
	ctx := within(t)
	opened, err := f.api.OpenViewContext(ctx, trigger(t, f), promiseModal("Skeleton"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.api.UpdateViewContext(ctx, promiseModal("Filled"), "", opened.Hash, opened.ID); err != nil {
		t.Fatal(err)
	}
	_, err = f.api.UpdateViewContext(ctx, promiseModal("Stale"), "", opened.Hash, opened.ID)
	wantError(t, err, "hash_conflict")
	if got := f.Modals(ana); len(got) != 1 || got[0].Title != "Filled" || got[0].PrivateMetadata != "v1" {
		t.Errorf("modals %+v", got)
	}
	_, err = f.api.UpdateViewContext(ctx, promiseModal("None"), "", "", "V-none")
	wantError(t, err, "not_found")
}

func TestStackOfThree(t *testing.T) {
	t.Parallel()
	f := start(t)
	dial(t, f)
	ctx := within(t)
	_, err := f.api.PushViewContext(ctx, trigger(t, f), promiseModal("Nothing below"))
	wantError(t, err, "not_found")
	if _, err := f.api.OpenViewContext(ctx, trigger(t, f), promiseModal("1")); err != nil {
		t.Fatal(err)
	}
	for _, title := range []string{"2", "3"} {
		if _, err := f.api.PushViewContext(ctx, trigger(t, f), promiseModal(title)); err != nil {
			t.Fatal(err)
		}
	}
	_, err = f.api.PushViewContext(ctx, trigger(t, f), promiseModal("4"))
	wantError(t, err, "push_limit_reached")
	if _, err := f.CloseView(ctx, ana); err != nil {
		t.Fatal(err)
	}
	if got := f.Modals(ana); len(got) != 2 || got[1].Title != "2" {
		t.Errorf("modals %+v", got)
	}
}

func TestSubmit(t *testing.T) {
	t.Parallel()
	f := start(t)
	var answer any
	var got slack.InteractionCallback
	listen(t, f, func(c *socketmode.Client, e socketmode.Event) {
		if in, ok := e.Data.(slack.InteractionCallback); ok {
			got = in
			_ = c.Ack(*e.Request, answer)
			return
		}
		_ = c.Ack(*e.Request)
	})
	ctx := within(t)
	if _, err := f.api.OpenViewContext(ctx, trigger(t, f), promiseModal("Log promise")); err != nil {
		t.Fatal(err)
	}
	if _, err := f.SubmitView(ctx, fakeslack.Submission{User: ana}); err == nil {
		t.Error("an empty amount was sent")
	}
	if _, err := f.SubmitView(ctx, fakeslack.Submission{User: ana, Values: map[string]string{"amuont": "1"}}); err == nil {
		t.Error("an input that is not there was filled in")
	}
	submit := func(amount string) fakeslack.Ack {
		t.Helper()
		d, err := f.SubmitView(ctx, fakeslack.Submission{User: ana, Values: map[string]string{"amount": amount, "h": "Wire"}})
		if err != nil {
			t.Fatal(err)
		}
		ack, _ := d.Ack()
		return ack
	}

	answer = slack.NewErrorsViewSubmissionResponse(map[string]string{"nothing": "x"})
	if ack := submit("5k"); ack.Problem == "" {
		t.Error("errors for a block that is no input passed")
	}
	answer = slack.NewErrorsViewSubmissionResponse(map[string]string{"amount": "Type an amount"})
	submit("5k")
	values := got.View.State.Values
	if values["amount"]["a"].Value != "5k" || values["by"]["d"].SelectedDate != "2026-03-06" || values["how"]["h"].SelectedOption.Value != "wire" {
		t.Errorf("the app got %+v", values)
	}
	if modals := f.Modals(ana); modals[0].Errors["amount"] != "Type an amount" || got.View.PrivateMetadata != "v1" {
		t.Errorf("modals %+v", modals)
	}

	next := promiseModal("Sure?")
	answer = slack.NewPushViewSubmissionResponse(&next)
	submit("5")
	next = promiseModal("Really sure?")
	answer = slack.NewUpdateViewSubmissionResponse(&next)
	submit("5")
	if got := titles(f.Modals(ana)); got != "[Log promise Really sure?]" {
		t.Errorf("open are %s", got)
	}
	answer = map[string]any{}
	submit("5")
	if got := titles(f.Modals(ana)); got != "[Log promise]" {
		t.Errorf("an empty answer closes the top one; open are %s", got)
	}
	answer = slack.NewClearViewSubmissionResponse()
	submit("5")
	if got := titles(f.Modals(ana)); got != "[]" {
		t.Errorf("open are %s", got)
	}
}

func titles(views []fakeslack.View) string {
	out := make([]string, 0, len(views))
	for _, v := range views {
		out = append(out, v.Title)
	}
	return fmt.Sprint(out)
}

func TestHomeTab(t *testing.T) {
	t.Parallel()
	f := start(t)
	listen(t, f, func(c *socketmode.Client, e socketmode.Event) {
		_ = c.Ack(*e.Request)
		event, ok := e.Data.(slackevents.EventsAPIEvent)
		if !ok {
			return
		}
		opened, _ := event.InnerEvent.Data.(*slackevents.AppHomeOpenedEvent)
		_, err := f.api.PublishView(opened.User, slack.HomeTabViewRequest{
			Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{
				slack.NewActionBlock("", slack.NewButtonBlockElement("mine", "v", text("My accounts"))),
			}},
		}, "")
		if err != nil {
			t.Error(err)
		}
	})
	ctx := within(t)
	if _, err := f.OpenHome(ctx, ana); err != nil {
		t.Fatal(err)
	}
	if err := f.Await(ctx, func(st *fakeslack.State) bool { _, ok := st.Home(ana); return ok }); err != nil {
		t.Fatal(err)
	}
	home, _ := f.Home(ana)
	d, err := f.Click(ctx, fakeslack.Click{User: ana, ViewID: home.ID, Element: "My accounts"})
	if err != nil {
		t.Fatal(err)
	}
	if d.ResponseURL != "" || d.TriggerID == "" {
		t.Errorf("a click in a view has a trigger and no response URL: %+v", d)
	}
}

func TestClickAndShortcut(t *testing.T) {
	t.Parallel()
	f := start(t)
	var got slack.InteractionCallback
	listen(t, f, func(c *socketmode.Client, e socketmode.Event) {
		got, _ = e.Data.(slack.InteractionCallback)
		_ = c.Ack(*e.Request)
	})
	ctx := within(t)
	_, ts, err := f.api.PostMessageContext(ctx, arChannel, slack.MsgOptionText("x", false), slack.MsgOptionBlocks(
		slack.NewSectionBlock(text("Acme"), nil, slack.NewAccessory(slack.NewButtonBlockElement("claim:c1", "c1", text("I take it")))),
		slack.NewActionBlock("row", slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, "owner",
			slack.NewOptionBlockObject("u1", text("Ana"), nil))),
	))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Click(ctx, fakeslack.Click{User: ben, Channel: arChannel, TS: ts, Element: "I take it"}); err != nil {
		t.Fatal(err)
	}
	action := got.ActionCallback.BlockActions[0]
	if action.ActionID != "claim:c1" || action.Value != "c1" || action.BlockID != "block0" || got.User.ID != ben ||
		got.Message.Timestamp != ts || got.Channel.ID != arChannel || got.ResponseURL == "" || got.Container.MessageTs != ts {
		t.Errorf("the app got %+v", got)
	}
	if _, err := f.Click(ctx, fakeslack.Click{User: ana, Channel: arChannel, TS: ts, Element: "owner", Value: "Ana"}); err != nil {
		t.Fatal(err)
	}
	if action := got.ActionCallback.BlockActions[0]; action.SelectedOption.Value != "u1" || action.BlockID != "row" {
		t.Errorf("the app got %+v", action)
	}
	if _, err := f.Click(ctx, fakeslack.Click{User: ana, Channel: arChannel, TS: ts, Element: "nothing"}); err == nil {
		t.Error("a button that is not there was pressed")
	}
	if _, err := f.Shortcut(ctx, fakeslack.Shortcut{User: ana, CallbackID: "log_promise", Channel: arChannel, TS: ts}); err != nil {
		t.Fatal(err)
	}
	if got.Type != slack.InteractionTypeMessageAction || got.CallbackID != "log_promise" || got.Message.Timestamp != ts || got.ResponseURL == "" {
		t.Errorf("the app got %+v", got)
	}
	if _, err := f.Shortcut(ctx, fakeslack.Shortcut{User: ana, CallbackID: "find"}); err != nil {
		t.Fatal(err)
	}
	if got.Type != slack.InteractionTypeShortcut || got.TriggerID == "" {
		t.Errorf("the app got %+v", got)
	}
}
