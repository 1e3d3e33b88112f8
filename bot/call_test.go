package bot

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
)

func TestInteractions(t *testing.T) {
	t.Parallel()
	const who = `"user":{"id":"U1"},"team":{"id":"T1"},"trigger_id":"7.8"`
	who1 := Call{User: "U1", Team: "T1", Trigger: "7.8", Delivery: "interaction:7.8"}
	with := func(change func(*Call)) Call {
		c := who1
		change(&c)
		return c
	}
	tests := []struct {
		name, payload string
		want          Call
		err           error
	}{
		{
			"a button in a thread",
			`{"type":"block_actions",` + who + `,"response_url":"https://r","channel":{"id":"C1"},"message":{"ts":"2.1","thread_ts":"2.0"},
			  "actions":[{"action_id":"pick#3","block_id":"b","type":"button","value":"status c12"}]}`,
			with(func(c *Call) {
				c.Kind, c.Action, c.Block, c.Value, c.Channel, c.MessageTS, c.ThreadTS, c.ResponseURL = Action, "pick", "b", "status c12", "C1", "2.1", "2.0", "https://r"
			}), nil,
		},
		{
			"a button in an ephemeral message",
			`{"type":"block_actions",` + who + `,"container":{"type":"message","channel_id":"C1","message_ts":"2.1","is_ephemeral":true},
			  "actions":[{"action_id":"show","block_id":"b","type":"button"}]}`,
			with(func(c *Call) {
				c.Kind, c.Action, c.Block, c.Channel, c.MessageTS, c.Ephemeral = Action, "show", "b", "C1", "2.1", true
			}), nil,
		},
		{
			"a choice from a menu",
			`{"type":"block_actions",` + who + `,"actions":[{"action_id":"snooze","block_id":"b","type":"static_select","selected_option":{"value":"7d"}}]}`,
			with(func(c *Call) { c.Kind, c.Action, c.Block, c.Value = Action, "snooze", "b", "7d" }), nil,
		},
		{
			"a modal", `{"type":"view_submission",` + who + `,"view":{"callback_id":"promise","private_metadata":"d7","state":{"values":{}}}}`,
			with(func(c *Call) { c.Kind, c.Action, c.Value = Submission, "promise", "d7" }), nil,
		},
		{
			"a button of a message that has replies", // it comes as if it were in its own thread
			`{"type":"block_actions",` + who + `,"channel":{"id":"C1"},"message":{"ts":"2.1","thread_ts":"2.1"},
			  "container":{"message_ts":"2.1","thread_ts":"2.1"},"actions":[{"action_id":"show","block_id":"b","type":"button"}]}`,
			with(func(c *Call) { c.Kind, c.Action, c.Block, c.Channel, c.MessageTS = Action, "show", "b", "C1", "2.1" }), nil,
		},
		{
			"by somebody of another workspace",
			`{"type":"shortcut","user":{"id":"U1","team_id":"T2"},"team":{"id":"T1"},"trigger_id":"7.8","callback_id":"ask"}`,
			with(func(c *Call) { c.Kind, c.Action, c.UserTeam = Shortcut, "ask", "T2" }), nil,
		},
		{
			"without a workspace, as where the app is installed for an organisation",
			`{"type":"shortcut","user":{"id":"U1"},"team":null,"trigger_id":"7.8","callback_id":"ask"}`,
			with(func(c *Call) { c.Kind, c.Action, c.Team = Shortcut, "ask", "" }), nil,
		},
		{
			"a choice in the home tab",
			`{"type":"block_actions",` + who + `,"view":{"id":"V1","hash":"h","type":"home","state":{"values":{"b":{"who":{"type":"users_select","selected_user":"U2"}}}}},
			  "actions":[{"action_id":"who","block_id":"b","type":"users_select","selected_user":"U2"}]}`,
			with(func(c *Call) {
				c.Kind, c.Action, c.Block, c.Value, c.View = Action, "who", "b", "U2", View{ID: "V1", Hash: "h", Home: true}
				c.Fields = Fields{"b": {"who": {Type: "users_select", Values: []string{"U2"}}}}
			}), nil,
		},
		{
			"a lookup",
			`{"type":"block_suggestion","user":{"id":"U1"},"team":{"id":"T1"},"view":{"id":"V1","hash":"h","type":"modal","private_metadata":"d7"},
			  "action_id":"customers","block_id":"who","value":"ac"}`,
			Call{
				Kind: Lookup, User: "U1", Team: "T1", Action: "customers", Block: "who", Text: "ac", Value: "d7", View: View{ID: "V1", Hash: "h"},
			},
			nil,
		},
		{
			"a state that is a list", `{"type":"view_submission",` + who + `,"view":{"id":"V1","callback_id":"promise","state":{"values":[]}}}`,
			with(func(c *Call) { c.Kind, c.Action, c.View = Submission, "promise", View{ID: "V1"} }), nil,
		},
		{
			"a message shortcut",
			`{"type":"message_action",` + who + `,"callback_id":"dispute","channel":{"id":"C1"},"message":{"ts":"2.1","user":"U2","text":"They say &lt;no&gt;."}}`,
			with(func(c *Call) {
				c.Kind, c.Action, c.Channel, c.MessageTS, c.Message = Shortcut, "dispute", "C1", "2.1", Words{User: "U2", Text: "They say &lt;no&gt;."}
			}), nil,
		},
		{"a modal that was closed", `{"type":"view_closed",` + who + `}`, Call{}, errIgnored},
		{"no button", `{"type":"block_actions",` + who + `,"actions":[]}`, Call{}, errIgnored},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := interactionCall([]byte(tt.payload))
			if !errors.Is(err, tt.err) {
				t.Errorf("error: %v, want %v", err, tt.err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("call (-want +got):\n%s", diff)
			}
		})
	}
	if _, err := interactionCall([]byte("{")); err == nil || errors.Is(err, errIgnored) {
		t.Errorf("broken JSON: %v", err)
	}
}

func TestAfterMention(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"<@UBOT> status acme", "status acme"},
		{"<@UBOT|arbot>: status acme", "status acme"},
		{"<@UBOT>\u00a0status acme", "status acme"},
		{"hello <@UBOT> status acme", "status acme"},
		{"status acme <@UBOT>", "status acme"},
		{"<@UBOT>", ""},
		{"status acme", "status acme"},
		{"<@UBOT", ""},
		{"<@UBOT> promise INV-7 500 <@U123ABC|dana>", "promise INV-7 500 <@U123ABC|dana>"},
	}
	for _, tt := range tests {
		if got := afterMention(tt.text, "UBOT"); got != tt.want {
			t.Errorf("afterMention(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func FuzzEvents(f *testing.F) {
	f.Add(`{"type":"event_callback","event_id":"Ev1","team_id":"T1","event":{"type":"app_mention","user":"U1","text":"<@UBOT> help","ts":"1.2","channel":"C1"}}`)
	f.Add(`{"event":{"type":"message","channel_type":"im","user":"U1"}}`)
	f.Add(`{"event":null}`)
	f.Fuzz(func(t *testing.T, payload string) {
		c, err := eventCall([]byte(payload), "UBOT")
		switch {
		case err != nil:
		case c.User == "" || c.User == "UBOT":
			t.Errorf("a call by %q", c.User)
		case c.Kind == Mention && strings.HasPrefix(c.Text, "<@UBOT>"):
			if c.Text == "<@UBOT>" {
				t.Errorf("the mention is left: %q", c.Text)
			}
		}
	})
}

func TestWhatIsRepeated(t *testing.T) {
	t.Parallel()
	tests := []struct {
		call        Call
		again, want string
	}{
		{Call{Kind: Command, Text: "status acme"}, "", "status %s"},
		{Call{Kind: Command, Text: "status acme"}, " share", "status %s share"},
		{Call{Kind: Command, Text: "aging acme as of x"}, "aging %s as of x", "aging %s as of x"},
		{Call{Kind: Action, Text: "", Value: "status INV-1"}, "", "status %s"},
	}
	for _, tt := range tests {
		if got := repeatable(tt.call, tt.again); got != tt.want {
			t.Errorf("repeatable(%q, %q) = %q, want %q", tt.call.Text+tt.call.Value, tt.again, got, tt.want)
		}
	}
}

func TestManyChoicesAreCut(t *testing.T) {
	t.Parallel()
	var list []ar.Choice
	for i := range 13 {
		list = append(list, ar.Choice{Label: fmt.Sprint("Customer ", i), Customer: ar.CustomerID(i + 1)})
	}
	b := &Bot{}
	got := b.explain(t.Context(), Call{Text: "status a"}, &ar.Error{Kind: ar.Ambiguous, Say: "Which one?", Choices: list}, "")
	if text := fmt.Sprint(got.Card.Parts); strings.Count(text, "status c") != 10 || !strings.Contains(text, "and 3 more") {
		t.Errorf("card: %s", text)
	}
}
