package main

import (
	"strings"
	"testing"
	"time"

	"arbot/internal/fakeqbo"
)

// SY-05 (b): a process that is killed right after it got new tokens has stored them before
// it used them: the next one goes on with the new refresh token.
func TestSY05KilledAfterARefresh(t *testing.T) {
	t.Parallel()
	c := newCounting(t, "")
	c.invoice(t, c.customer(t, "Cedar Foods"), "INV-60", "2026-10-15", 31000)
	c.paste(t)
	for round := range 3 {
		c.intuit.ExpireAccess(testRealm)
		c.moved.Add(int64(61 * time.Minute)) // past the life of the token in the books
		before, called := len(c.intuit.Refreshes()), len(c.intuit.Calls(anyRead))
		hold := make(chan struct{})
		c.intuit.Inject(fakeqbo.Fault{On: anyRead, Hold: hold})
		child := c.start(t, "sync")
		c.awaitCalls(t, func([]fakeqbo.Call) bool { return len(c.intuit.Calls(anyRead)) > called })
		if !child.kill(t) {
			t.Fatalf("round %d: it had ended:\n%s", round, child.out.String())
		}
		close(hold)
		if n := len(c.intuit.Refreshes()) - before; n != 1 {
			t.Errorf("round %d: %d refreshes before the first call", round, n)
		}
	}
	said(t, c.mustRun(t, "sync"), "$310.00")
	for _, r := range c.intuit.Refreshes() {
		if r.Dead != "" {
			t.Errorf("a refresh token was used that is dead: %s", r.Dead)
		}
	}
}

// A process that is killed while QuickBooks answers with new tokens never saw them. Where
// QuickBooks has the old one live on for a while, nothing is lost; where not, somebody has
// to connect anew, and arbot says so instead of going on for ever.
func TestSY05KilledWithinARefresh(t *testing.T) {
	t.Parallel()
	for name, lives := range map[string]bool{"the old token lives on": true, "the old token is dead": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCounting(t, "")
			if lives {
				c.found(t, time.Hour)
			}
			c.invoice(t, c.customer(t, "Cedar Foods"), "INV-60", "2026-10-15", 31000)
			c.paste(t)
			c.mustRun(t, "sync")
			c.moved.Add(int64(61 * time.Minute))
			hold := make(chan struct{})
			c.intuit.Inject(fakeqbo.Fault{On: anyRefresh, ActFirst: true, Hold: hold})
			before := len(c.intuit.Refreshes())
			child := c.start(t, "sync")
			c.awaitCalls(t, func([]fakeqbo.Call) bool { return len(c.intuit.Refreshes()) > before })
			if !child.kill(t) {
				t.Fatalf("it had ended:\n%s", child.out.String())
			}
			close(hold)
			c.moved.Add(int64(2 * time.Minute)) // past the lease of the one that was killed
			r := c.run(t, "sync")
			if lives {
				said(t, r.out, "Ties with the ledger as of 2026-11-25: $310.00.")
				return
			}
			if r.code != 1 || !strings.Contains(r.err, "QuickBooks has ended arbot's access. An admin has to connect it again.") {
				t.Errorf("exit code %d, %s%s", r.code, r.out, r.err)
			}
			calls := len(c.intuit.Calls(nil))
			if again := c.run(t, "sync"); again.code != 1 || len(c.intuit.Calls(nil)) != calls {
				t.Errorf("it goes on asking: exit code %d, %d calls", again.code, len(c.intuit.Calls(nil))-calls)
			}
			c.paste(t)
			said(t, c.mustRun(t, "sync"), "Ties with the ledger as of 2026-11-25: $310.00.")
		})
	}
}
