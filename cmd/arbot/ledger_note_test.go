package main

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/internal/fakeqbo"
	"arbot/internal/fakeslack"
)

var anyAnnotation = regexp.MustCompile(`^POST /invoice$`)

// noting is an office whose config has arbot write into the invoices of QuickBooks, with
// one invoice that has a note already.
func noting(t *testing.T, settings string) (c *counting, invoice string) {
	t.Helper()
	c = newCounting(t, settings)
	invoice = c.invoice(t, c.customer(t, "Cedar Foods"), "INV-60", "2026-10-15", 31000)
	if err := c.books.Edit(fakeqbo.Invoice, invoice, map[string]any{"PrivateNote": "Call on Mondays"}); err != nil {
		t.Fatal(err)
	}
	c.paste(t)
	c.mustRun(t, "sync")
	return c, invoice
}

// disputing has somebody of AR dispute the invoice, in Slack.
func (c *counting) disputing(t *testing.T) {
	t.Helper()
	said(t, c.typeIn(t, c.user(t, ar.ARClerk), arChannel, "dispute INV-60 $100 the price is wrong"), "INV-60", "$100.00")
}

// noted are the lines of an invoice's private note.
func (c *counting) noted(t *testing.T, invoice string) []string {
	t.Helper()
	var got struct {
		PrivateNote string `json:"PrivateNote"`
	}
	if err := json.Unmarshal(c.books.Document(fakeqbo.Invoice, invoice), &got); err != nil {
		t.Fatal(err)
	}
	return strings.Split(got.PrivateNote, "\n")
}

// until waits for something that nothing tells of.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	limit := time.NewTimer(tooLong)
	defer limit.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-limit.C:
			t.Fatalf("%s never came", what)
		}
	}
}

// awaitNote waits until the one post to the ledger is in a state.
func (c *counting) awaitNote(t *testing.T, want ar.PostState) {
	t.Helper()
	db := c.raw(t, "mode=ro")
	until(t, "a note in the ledger that is "+string(want), func() bool {
		states := column(t, db, `SELECT state FROM posts WHERE kind = 'ledger-note'`)
		return len(states) == 1 && states[0] == string(want)
	})
}

// wantNoted holds a private note against what stood there and one line about the dispute.
func (c *counting) wantNoted(t *testing.T, invoice string) {
	t.Helper()
	lines := c.noted(t, invoice)
	if len(lines) != 2 || lines[0] != "Call on Mondays" || !strings.HasPrefix(lines[1], "arbot: disputed: $100.00, pricing (dispute 1, by ") {
		t.Errorf("the private note is %q", lines)
	}
}

// A dispute is written into the invoice's private note though arbot was killed before it
// heard that QuickBooks had taken the line: once.
func TestLedgerNoteSurvivesAKill(t *testing.T) {
	t.Parallel()
	c, invoice := noting(t, "write_notes: true")
	hold := make(chan struct{})
	c.intuit.Inject(fakeqbo.Fault{On: anyAnnotation, ActFirst: true, Hold: hold})
	child := c.start(t, "serve")
	connected := false
	until(t, "a connection", func() bool {
		c.slack.Look(func(st *fakeslack.State) { connected = st.Sockets() > 0 })
		return connected
	})
	c.disputing(t)
	until(t, "the line", func() bool { return len(c.noted(t, invoice)) == 2 })
	if !child.kill(t) {
		t.Fatalf("it had ended:\n%s", child.out.String())
	}
	close(hold)
	c.serve(t)
	c.awaitNote(t, ar.PostDone)
	c.wantNoted(t, invoice)
	if n := len(c.intuit.Calls(anyAnnotation)); n != 1 {
		t.Errorf("%d writes", n)
	}
}

// A fault that passes is tried again later.
func TestLedgerNoteIsTriedAgain(t *testing.T) {
	t.Parallel()
	c, invoice := noting(t, "write_notes: true")
	lift := c.intuit.Inject(fakeqbo.Fault{On: anyAnnotation, Times: -1, Reply: fakeqbo.Gateway(http.StatusBadGateway, fakeqbo.ShapeHTML)})
	s := c.serving(t)
	c.disputing(t)
	s.logged(t, `"msg":"notice failed"`, 1)
	c.jobsWait(t, s, 1)
	if lines := c.noted(t, invoice); len(lines) != 1 {
		t.Errorf("the private note is %q", lines)
	}
	lift()
	c.hurry(t)
	c.awaitNote(t, ar.PostDone)
	c.wantNoted(t, invoice)
}

// What QuickBooks refuses for good is told to the admins, and not tried again.
func TestLedgerNoteThatIsRefused(t *testing.T) {
	t.Parallel()
	c, invoice := noting(t, "write_notes: true")
	if err := c.books.Edit(fakeqbo.Invoice, invoice, map[string]any{"PrivateNote": strings.Repeat("x", 3990)}); err != nil {
		t.Fatal(err)
	}
	s := c.serving(t)
	c.disputing(t)
	c.awaitNote(t, ar.PostFailed)
	admin := c.user(t, ar.Admin)
	c.await(t, s, "word of it", func(st *fakeslack.State) bool {
		return count(st.DMs(admin), "I could not write into the private note of invoice INV-60 in QuickBooks: The note on the invoice in QuickBooks is full") == 1
	})
	if lines := c.noted(t, invoice); len(lines) != 1 {
		t.Errorf("the private note is %q", lines)
	}
}

// By default nothing is written into QuickBooks.
func TestNoLedgerNoteByDefault(t *testing.T) {
	t.Parallel()
	c, invoice := noting(t, "")
	s := c.serving(t)
	c.disputing(t)
	if got := s.stop(); got.code != 0 {
		t.Errorf("serve ends with %d", got.code)
	}
	if lines, posts := c.noted(t, invoice), column(t, c.raw(t, "mode=ro"), `SELECT route FROM posts WHERE kind = 'ledger-note'`); len(lines) != 1 || len(posts) != 0 {
		t.Errorf("the private note is %q, posts %q", lines, posts)
	}
}
