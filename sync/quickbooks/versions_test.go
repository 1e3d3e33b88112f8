package quickbooks

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVersions(t *testing.T) {
	t.Parallel()
	v := newVersions()
	for _, step := range []struct {
		id, version string
		same        bool
	}{
		{"7", "0", false},
		{"7", "0", true},
		{"7", "1", false},
		{"7", "1", true},
		{"007", "1", false}, // another id
		{"+7", "1", false},
		{"0", "0", false},
		{"8", "4294967296", false}, // no version that we know, but one
		{"8", "0", false},
		{"8", "x", false},
		{"8", "x", true},
		{"8", "0", false},
		{"", "", false},
		{"18446744073709551616", "3", false},
		{"18446744073709551616", "3", true},
	} {
		if got := v.note(step.id, step.version); got != step.same {
			t.Errorf("%q in version %q: the same %v", step.id, step.version, got)
		}
	}
	want := []string{"", "+7", "0", "007", "18446744073709551616", "7", "8"}
	if diff := cmp.Diff(want, slices.Sorted(v.ids())); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}
