package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"arbot/ar"
	"arbot/desk"
)

func TestLadderSettings(t *testing.T) {
	t.Parallel()
	s, err := parseConfig([]byte(valid + `escalations: {channels: [C0SALES], ask_again: {every_days: 1, times: 4}}
ladder:
  at: "07:15"
  report_channel: C0AR
  segments:
    - segment: Key accounts
      field: Tier
      value: A
      rungs:
        - {days: 5, to: owner}
        - {days: 15, at_least: 5000, broken_promises: 2, channel: C0SALES, answer_within: 1, ask: "Who knows them?"}
    - segment: others
      rungs: [{days: 60, to: kim@example.com, hold: true}]
`))
	if err != nil {
		t.Fatal(err)
	}
	want := desk.LadderSettings{
		Ladders: []ar.Ladder{
			{Segment: "key accounts", Pause: 3, Rungs: []ar.Rung{
				{Days: 5, To: ar.ToOwner}, {Days: 15, AtLeast: 5000, Broken: 2, Channel: "C0SALES", Within: 1, Ask: "Who knows them?"},
			}},
			{Segment: "others", Pause: 3, Rungs: []ar.Rung{{Days: 60, To: "kim@example.com", Hold: true}}},
		},
		Segments: ar.OwnerRules{
			{Match: ar.MatchField, Field: "Tier", Value: "A", Owner: "key accounts"}, {Match: ar.MatchDefault, Owner: "others"},
		},
		ShadowDays: 5, Channel: "C0AR", Hour: 7, Minute: 15,
	}
	if diff := cmp.Diff(want, s.ladder); diff != "" || s.ladderAt != (ar.Clock{Hour: 7, Minute: 15}) {
		t.Errorf("at %v (-want +got):\n%s", s.ladderAt, diff)
	}
	again := desk.EscalationSettings{Channels: []string{"C0SALES"}, Within: 2, Again: ar.AskAgain{Every: 1, Most: 4}}
	if diff := cmp.Diff(again, s.escalations, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("escalations (-want +got):\n%s", diff)
	}
}

func TestLadderSettingsThatAreWrong(t *testing.T) {
	t.Parallel()
	for config, want := range map[string]string{
		"escalations: {channels: [sales]}":                                         `escalations.channels.1: "sales" is not a channel id`,
		"escalations: {answer_within: 0}":                                          "at least 1 business day",
		"ladder: {at: noon}":                                                       "ladder.at:",
		"ladder: {pause_days: 0}":                                                  "pause_days at least 1",
		"ladder: {segments: [{rungs: [{days: 5, to: owner}]}]}":                    "ladder.segments.1.segment: each segment needs a name",
		"ladder: {segments: [{segment: a}]}":                                       "ladder.segments.1.rungs: A ladder needs a rung",
		"ladder: {segments: [{segment: a, class: x, region: y, rungs: []}]}":       "at most one of customer",
		"ladder: {segments: [{segment: a, field: x, rungs: []}]}":                  "field and value go together",
		"ladder: {segments: [{segment: a, rungs: [{days: 5, channel: general}]}]}": `"general" is not a channel id`,
		"ladder: {segments: [{segment: a, rungs: [{days: 5, to: the boss}]}]}":     "neither owner, collector nor an e-mail address",
	} {
		_, err := parseConfig([]byte(valid + config + "\n"))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", config, err, want)
		}
	}
}
