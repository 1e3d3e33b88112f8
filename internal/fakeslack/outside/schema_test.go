package outside_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sample is a message or a view, and where it is from.
type sample struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"`
}

// judge gives the faults that the schema of Slack's types finds, by the sample's name.
func judge(t *testing.T, samples []sample) map[string][]string {
	t.Helper()
	for _, also := range []string{"message.ts", "package-lock.json"} { // a kept test result hangs on them as well
		if _, err := os.ReadFile(filepath.Join(programs, also)); err != nil {
			t.Fatal(err)
		}
	}
	in, err := json.Marshal(samples)
	if err != nil {
		t.Fatal(err)
	}
	cmd := node(within(t), t, "schema.mjs")
	cmd.Stdin = bytes.NewReader(in)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("schema.mjs: %v\n%s", err, stderr.String())
	}
	var verdicts []struct {
		Name   string   `json:"name"`
		Faults []string `json:"faults"`
	}
	if err := json.Unmarshal(out, &verdicts); err != nil || len(verdicts) != len(samples) {
		t.Fatalf("%d verdicts on %d samples: %v\n%s", len(verdicts), len(samples), err, out)
	}
	faults := map[string][]string{}
	for _, v := range verdicts {
		faults[v.Name] = v.Faults
	}
	return faults
}

// TestGoldenFiles: Slack's own types have room for every message and view that we
// have on file.
func TestGoldenFiles(t *testing.T) {
	t.Parallel()
	samples := goldenSamples(t, "../../../bot", true)
	if len(samples) < 50 {
		t.Fatalf("only %d messages found: have the golden files moved?", len(samples))
	}
	samples = append(samples, goldenSamples(t, "../../../cmd", false)...)
	for name, faults := range judge(t, samples) {
		for _, fault := range faults {
			t.Errorf("%s: %s", name, fault)
		}
	}
	t.Logf("%d messages and views", len(samples))
}

// goldenSamples finds the messages in the testdata of the packages below a root, in
// whatever file they are put. A file holds one, a list of them, or several of either one
// after the other; where all of them are for Slack, one that holds none is a mistake.
func goldenSamples(t *testing.T, root string, all bool) (out []sample) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".json" || !strings.Contains(filepath.ToSlash(path), "/testdata/") {
			return err
		}
		found, err := samplesIn(path)
		if all && len(found) == 0 {
			t.Errorf("%s: nothing in it is sent to Slack, so that it is not checked", path)
		}
		out = append(out, found...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func samplesIn(path string) (out []sample, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	for dec := json.NewDecoder(bytes.NewReader(data)); ; {
		var value json.RawMessage
		if err := dec.Decode(&value); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		for _, v := range sentIn(value) {
			out = append(out, sample{fmt.Sprintf("%s #%d", path, len(out)+1), v})
		}
	}
}

// sentIn finds in a value what is sent to Slack: whatever has blocks, also within the
// answer to a modal ({"response_action": "update", "view": ...}).
func sentIn(value json.RawMessage) (out []json.RawMessage) {
	var fields map[string]json.RawMessage
	var list []json.RawMessage
	switch {
	case json.Unmarshal(value, &fields) == nil && fields["blocks"] != nil:
		return []json.RawMessage{value}
	case fields != nil:
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			list = append(list, fields[name])
		}
	default:
		_ = json.Unmarshal(value, &list) // text and numbers are no list, and hold nothing
	}
	for _, v := range list {
		out = append(out, sentIn(v)...)
	}
	return out
}

func TestSentIn(t *testing.T) {
	t.Parallel()
	const view = `{"type":"modal","blocks":[{"blocks":1}]}`
	for value, want := range map[string]int{
		view: 1, `[` + view + `,` + view + `]`: 2, `{"response_action":"update","view":` + view + `}`: 1,
		`{"steps":[{"sent":` + view + `},{"text":"x"}]}`: 1, `{"text":"x"}`: 0, `"blocks"`: 0, `null`: 0, `7`: 0,
	} {
		if got := sentIn(json.RawMessage(value)); len(got) != want {
			t.Errorf("%s: %d, want %d", value, len(got), want)
		}
	}
}

// TestSchemaRefuses: a schema that lets everything pass would prove nothing.
func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	const text = `{"type":"plain_text","text":"x"}`
	tests := map[string]string{ // the beginning of a fault; "" is for what passes
		`{"text":"x"}`: "",
		`{"text":"x","blocks":[{"type":"header","text":` + text + `},{"type":"divider"}]}`:                                 "",
		`{"type":"modal","title":` + text + `,"callback_id":"c","blocks":[{"type":"section","text":` + text + `}]}`:        "",
		`{"type":"home","blocks":[{"type":"actions","elements":[{"type":"button","action_id":"a","text":` + text + `}]}]}`: "",
		`{"blocks":[]}`:             ": must have required property 'text'",
		`{"text":"x","colour":"r"}`: ": must NOT have additional properties (colour)",
		`{"text":"x","blocks":[{"type":"headline","text":` + text + `}]}`:                                                     `/blocks/0: there is no block of the type "headline"`,
		`{"text":"x","blocks":[{"type":"divider"},{"type":"header","text":{"type":"mrkdwn","text":"x"}}]}`:                    "/blocks/1/text",
		`{"text":"x","blocks":[{"type":"table","column_settings":[{"align":""}],"rows":[[{"type":"raw_text","text":"x"}]]}]}`: "/blocks/0/column_settings/0/align",
		`{"type":"modal","blocks":[]}`: ": must have required property 'title'",
		`{"type":"home","blocks":[{"type":"section","text":{"type":"bold","text":"x"}}]}`:                                                            "/blocks/0/text",
		`{"text":"x","metadata":{"event_type":"e"}}`:                                                                                                 "/metadata: must have required property 'event_payload'",
		`{"text":"x","blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x","bold":true}]}]}]}`: "/blocks/0/elements/0",
	}
	samples := make([]sample, 0, len(tests))
	for value := range tests {
		samples = append(samples, sample{value, json.RawMessage(value)})
	}
	for value, faults := range judge(t, samples) {
		want := tests[value]
		if hit := slices.ContainsFunc(faults, func(f string) bool { return strings.HasPrefix(f, want) }); hit != (want != "") || (want == "" && len(faults) > 0) {
			t.Errorf("%s\ngot %q, want %q", value, faults, want)
		}
	}
}
