package main

import (
	"strings"
	"testing"

	"arbot/ar"
)

func TestWorklistConfig(t *testing.T) {
	t.Parallel()
	s, err := parseConfig([]byte("company: {zone: America/New_York}\nworklist: {at: \"06:45\", snooze_days: 30, messages_a_day: 0}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if s.worklistAt != (ar.Clock{Hour: 6, Minute: 45}) || s.Worklist.Snooze != 30 || s.Worklist.Messages != 0 {
		t.Errorf("got %v, %+v", s.worklistAt, s.Worklist)
	}
	s, err = parseConfig([]byte("company: {zone: America/New_York}\n"))
	if err != nil || s.worklistAt != (ar.Clock{Hour: 7, Minute: 30}) || s.Worklist.Snooze != 14 || s.Worklist.Messages != 12 {
		t.Errorf("by default: %v, %+v, %v", s.worklistAt, s.Worklist, err)
	}
	_, err = parseConfig([]byte("company: {zone: America/New_York}\nworklist: {at: noon, snooze_days: 365, messages_a_day: -1}\n"))
	for _, want := range []string{
		`line 2: worklist.at: "noon" is not a time of the day`, "line 2: worklist.snooze_days: 365 is not a number of days from 1 to 90", "line 2: worklist.messages_a_day: -1 is below 0",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the faults lack %q: %v", want, err)
		}
	}
}
