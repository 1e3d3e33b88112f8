package ar_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
)

func TestDecide(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		facts ar.MeetingFacts
		want  []ar.Decision
	}{
		"not overdue":           {ar.MeetingFacts{Owned: true}, nil},
		"new":                   {ar.MeetingFacts{Owned: true, ToChase: true, OldestDays: 30}, nil},
		"a month":               {ar.MeetingFacts{Owned: true, ToChase: true, OldestDays: 31}, []ar.Decision{ar.DecideCall}},
		"the 90th day":          {ar.MeetingFacts{Owned: true, ToChase: true, OldestDays: 90}, []ar.Decision{ar.DecideCall}},
		"old":                   {ar.MeetingFacts{Owned: true, ToChase: true, OldestDays: 91}, []ar.Decision{ar.DecideOld}},
		"old and promised":      {ar.MeetingFacts{Owned: true, ToChase: true, OldestDays: 200, Promised: true}, nil},
		"broken says more":      {ar.MeetingFacts{Owned: true, ToChase: true, OldestDays: 200, Broken: true}, []ar.Decision{ar.DecideBroken}},
		"nobody's":              {ar.MeetingFacts{ToChase: true, OldestDays: 5}, []ar.Decision{ar.DecideOwner}},
		"nobody's, not overdue": {ar.MeetingFacts{}, nil},
		"dispute":               {ar.MeetingFacts{Owned: true, LateDispute: true}, []ar.Decision{ar.DecideDispute}},
		"everything": {
			ar.MeetingFacts{ToChase: true, OldestDays: 100, Broken: true, LateDispute: true},
			[]ar.Decision{ar.DecideOwner, ar.DecideBroken, ar.DecideDispute},
		},
	} {
		if diff := cmp.Diff(tt.want, ar.Decide(tt.facts)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
