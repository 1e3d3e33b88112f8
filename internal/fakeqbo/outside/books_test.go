package outside_test

import (
	"regexp"
	"testing"

	"arbot/internal/fakeqbo"
)

// TestNodeQuickBooks runs books.test.mjs, within Intuit's limits, and then looks at
// what is left of the books.
func TestNodeQuickBooks(t *testing.T) {
	t.Parallel()
	s, c := start(t, func(o *fakeqbo.Options) { o.Limits = fakeqbo.Limits{Second: -1} })
	fill(t, c)
	t.Logf("%s", run(t, s, "books.test.mjs", "--test"))

	if over := s.Exceeded(); len(over) != 0 {
		t.Errorf("over the limits: %+v", over)
	}
	if pages := s.Calls(regexp.MustCompile(`^GET /query select \* from invoice where Balance > '0' orderby Id`)); len(pages) != 3 {
		t.Errorf("%d pages of open invoices were read, want 3", len(pages))
	}
	told := map[string]int{}
	for _, change := range s.TakePending() {
		told[change.Entity+" "+change.Operation]++
	}
	for _, want := range []string{"Invoice Create", "Invoice Update", "Invoice Void", "Invoice Delete", "Invoice Emailed", "Customer Create", "Payment Create"} {
		if told[want] == 0 {
			t.Errorf("nobody would be told of %q: %v", want, told)
		}
	}
	if live, ok := s.LiveRefresh(realm); ok {
		t.Errorf("the tokens were given back, and %q lives", live)
	}
}
