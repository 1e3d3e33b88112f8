package bot

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every element that Slack has and that holds something.
func TestFields(t *testing.T) {
	t.Parallel()
	tests := []struct {
		element string // as it stands in state.values
		want    []string
	}{
		{`{"type":"plain_text_input","value":"500 by Friday"}`, []string{"500 by Friday"}},
		{`{"type":"plain_text_input","value":null}`, nil},
		{`{"type":"email_text_input","value":"ana@acme.example"}`, []string{"ana@acme.example"}},
		{`{"type":"url_text_input","value":"https://acme.example"}`, []string{"https://acme.example"}},
		{`{"type":"number_input","value":"1200.50"}`, []string{"1200.50"}},
		{`{"type":"datepicker","selected_date":"2026-12-05"}`, []string{"2026-12-05"}},
		{`{"type":"timepicker","selected_time":"08:30","timezone":"America/New_York"}`, []string{"08:30"}},
		{`{"type":"datetimepicker","selected_date_time":1796474400}`, []string{"1796474400"}},
		{`{"type":"static_select","selected_option":{"text":{"type":"plain_text","text":"Price"},"value":"price"}}`, []string{"price"}},
		{`{"type":"static_select","selected_option":null}`, nil},
		{`{"type":"external_select","selected_option":{"value":"c12"}}`, []string{"c12"}},
		{`{"type":"radio_buttons","selected_option":{"value":"all"}}`, []string{"all"}},
		{`{"type":"checkboxes","selected_options":[{"value":"a"},{"value":"b"}]}`, []string{"a", "b"}},
		{`{"type":"multi_static_select","selected_options":[{"value":"a"},{"value":"b"}]}`, []string{"a", "b"}},
		{`{"type":"multi_external_select","selected_options":[{"value":"d7"}]}`, []string{"d7"}},
		{`{"type":"users_select","selected_user":"U1"}`, []string{"U1"}},
		{`{"type":"multi_users_select","selected_users":["U1","W2"]}`, []string{"U1", "W2"}},
		{`{"type":"channels_select","selected_channel":"C1"}`, []string{"C1"}},
		{`{"type":"multi_channels_select","selected_channels":["C1","C2"]}`, []string{"C1", "C2"}},
		{`{"type":"conversations_select","selected_conversation":"D1"}`, []string{"D1"}},
		{`{"type":"multi_conversations_select","selected_conversations":["C1","D1"]}`, []string{"C1", "D1"}},
		{`{"type":"file_input","files":[{"id":"F1","name":"remittance.pdf"},{"id":"F2"}]}`, []string{"F1", "F2"}},
		{
			`{"type":"rich_text_input","rich_text_value":{"type":"rich_text","elements":[
			{"type":"rich_text_section","elements":[{"type":"text","text":"They "},{"type":"text","text":"refuse","style":{"bold":true}},{"type":"text","text":" it, "},{"type":"user","user_id":"U2"}]},
			{"type":"rich_text_list","style":"bullet","elements":[
				{"type":"rich_text_section","elements":[{"type":"link","url":"https://acme.example"}]},
				{"type":"rich_text_section","elements":[{"type":"emoji","name":"wave"},{"type":"something_of_2031"}]}]}]}}`,
			[]string{"They refuse it, <@U2>\nhttps://acme.example\n:wave:"},
		},
		{`{"type":"an_element_of_2031","selected_moon":"full"}`, nil},
	}
	for _, tt := range tests {
		fields := stateOf([]byte(`{"values":{"in":{"act":` + tt.element + `}}}`))
		if diff := cmp.Diff(tt.want, fields["in"]["act"].Values); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.element, diff)
		}
		if _, there := fields["in"]; !there {
			t.Errorf("%s: an empty input is left out", tt.element)
		}
		if want := append(tt.want, "")[0]; fields.One("in") != want || fields.One("other") != "" {
			t.Errorf("%s: One is %q", tt.element, fields.One("in"))
		}
	}
	for _, raw := range []string{"", "{", `{"values":[]}`, `[]`, `{"values":{}}`} {
		if got := stateOf([]byte(raw)); got != nil {
			t.Errorf("%s: %v", raw, got)
		}
	}
}
