package desk_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

func TestNextRead(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		started time.Time
		health  ar.Health
		want    time.Time
	}{
		"never read":          {want: time.Time{}},
		"well":                {started: at, want: at.Add(5 * time.Minute)},
		"paused":              {started: at, health: ar.Health{State: ar.Paused}, want: at.Add(time.Hour)},
		"delayed":             {started: at, health: ar.Health{State: ar.Delayed}, want: at.Add(5 * time.Minute)},
		"delayed for longer":  {started: at, health: ar.Health{State: ar.Delayed, Until: at.Add(9 * time.Minute)}, want: at.Add(9 * time.Minute)},
		"delayed for a while": {started: at, health: ar.Health{State: ar.Delayed, Until: at.Add(time.Minute)}, want: at.Add(5 * time.Minute)},
	} {
		state := desk.LedgerState{Ledger: desk.Ledger{Every: 5 * time.Minute}, Health: test.health}
		state.Source.Run.Started = test.started
		if got := desk.NextRead(state); !got.Equal(test.want) {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// A ledger that was connected anew is well, though its last run was refused: the next run
// is still to come.
func TestReconnectedIsWell(t *testing.T) {
	t.Parallel()
	c := desktest.New(t, func(s *desk.Settings) { s.Ledgers = []desk.Ledger{{Name: "main", Kind: "quickbooks"}} })
	conn := ar.Connection{Name: "main", Kind: "quickbooks", Company: "realm-1"}
	lost := ar.Health{State: ar.NeedsReconnecting, Why: "It is over.", Since: c.Clock.Now()}
	state := func() ar.HealthState {
		t.Helper()
		list, err := c.Desk.Ledgers(t.Context())
		if err != nil || len(list) != 1 {
			t.Fatalf("%d ledgers, %v", len(list), err)
		}
		return list[0].Health.State
	}
	put := func(health ar.Health) {
		t.Helper()
		conn.Health = health
		c.Write(t, func(tx ar.Tx) (err error) {
			conn, err = tx.PutConnection(t.Context(), conn)
			return err
		})
	}
	if got := state(); got != ar.Healthy {
		t.Errorf("unconnected it is %q", got)
	}
	put(lost)
	if got := state(); got != ar.NeedsReconnecting {
		t.Errorf("before any run it is %q", got)
	}
	c.Write(t, func(tx ar.Tx) error {
		source, err := tx.PutSource(t.Context(), ar.SourceIdentity{Kind: "quickbooks", External: "realm-1"})
		if err != nil {
			return err
		}
		return tx.SetHealth(t.Context(), source.ID, lost)
	})
	put(ar.Health{})
	if got := state(); got != ar.Healthy {
		t.Errorf("connected anew it is %q", got)
	}
}

// invoices is a ledger that mails, or fails to.
type invoices struct {
	allowed bool
	err     error
	orders  []desk.ReminderOrder
}

func (i *invoices) PayLink(ctx context.Context, _ ar.SourceIdentity, external string) (string, error) {
	if external == "SLOW" {
		<-ctx.Done()
		return "", ctx.Err()
	}
	return "https://pay.example.com/" + external, i.err
}

func (i *invoices) CanRemind(context.Context, ar.SourceIdentity) bool { return i.allowed }

func (i *invoices) Remind(_ context.Context, o desk.ReminderOrder) (string, error) {
	i.orders = append(i.orders, o)
	if i.err != nil {
		return "", i.err
	}
	return "pay@customer.example.com", nil
}

func TestRemind(t *testing.T) {
	t.Parallel()
	ledger := &invoices{allowed: true}
	c := desktest.New(t, func(s *desk.Settings) { s.Invoices = ledger })
	c.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{desktest.Customer("Acme", "dana@example.com")},
		Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "INV-1", "Acme", "2026-09-01", "2026-10-01", "50.00")},
	})
	view, err := c.Desk.Status(t.Context(), desktest.Nora, desk.StatusInput{Text: "INV-1"})
	if err != nil {
		t.Fatal(err)
	}
	if view.Invoice == nil || !view.Invoice.CanRemind || view.Invoice.PayLink != "https://pay.example.com/"+view.Asked.External {
		t.Errorf("the invoice is %+v", view.Invoice)
	}
	in := desk.RemindInput{Document: view.Asked.ID, Once: "press-1"}
	for name, who := range map[string]ar.Actor{
		"rep": desktest.Dana, "manager": desktest.Boss, "admin": desktest.Admin, "nobody": desktest.NewHere, "outsider": desktest.Outsider,
	} {
		if _, err := c.Desk.Remind(t.Context(), who, in); ar.KindOf(err) != ar.Forbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(ledger.orders) != 0 {
		t.Fatalf("%d reminders were sent", len(ledger.orders))
	}
	sent, err := c.Desk.Remind(t.Context(), desktest.Nora, in)
	if err != nil || sent.To != "pay@customer.example.com" || sent.Customer.Name != "Acme" {
		t.Errorf("%+v, %v", sent, err)
	}
	if o := ledger.orders[0]; o.Once != "press-1" || o.External != view.Asked.External {
		t.Errorf("the order is %+v", o)
	}
	ledger.err = errors.New("down")
	in.Once = "press-2"
	if _, err := c.Desk.Remind(t.Context(), desktest.Nora, in); !errors.Is(err, ledger.err) {
		t.Errorf("a fault of the ledger: %v", err)
	}
	ledger.err = nil
	var trail []string
	err = c.Desk.EachAudit(t.Context(), desk.AuditSpan{}, func(r ar.AuditRecord) error {
		trail = append(trail, fmt.Sprintf("%s %s %s", r.Actor, r.Action, r.After))
		return nil
	})
	want := []string{
		`U0NORA reminder.order {"once":"press-1"}`, `U0NORA reminder.sent {"once":"press-1","to":"pay@customer.example.com"}`,
		`U0NORA reminder.order {"once":"press-2"}`, `U0NORA reminder.fail {"fault":"down","once":"press-2"}`,
	}
	if diff := cmp.Diff(want, trail); err != nil || diff != "" {
		t.Errorf("the audit (-want +got):\n%s%v", diff, err)
	}
	c.Clock.Add(60 * 24 * time.Hour)
	if _, err := c.Desk.Remind(t.Context(), desktest.Nora, in); ar.KindOf(err) != ar.Invalid || !strings.Contains(fmt.Sprint(err), "may have been paid since") {
		t.Errorf("by old data: %v", err)
	}
	c.Clock.Add(-60 * 24 * time.Hour)
	ledger.allowed = false
	if _, err := c.Desk.Remind(t.Context(), desktest.Nora, in); ar.KindOf(err) != ar.Invalid {
		t.Errorf("switched off: %v", err)
	}
	if view, err = c.Desk.Status(t.Context(), desktest.Nora, desk.StatusInput{Text: "INV-1"}); err != nil || view.Invoice.CanRemind {
		t.Errorf("switched off it is offered: %v", err)
	}
	ledger.err = errors.New("down")
	if view, err = c.Desk.Status(t.Context(), desktest.Nora, desk.StatusInput{Text: "INV-1"}); err != nil || view.Invoice.PayLink != "" {
		t.Errorf("without an answer of the ledger: %+v, %v", view.Invoice, err)
	}
}

// A ledger that was read for the first time since the last digest makes it a first look.
func TestFirstLookAfterANewLedger(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	c.Import(t, ar.Page{Customers: []ar.CustomerRecord{desktest.Customer("Acme", "dana@example.com")}})
	first := digestOn(t, c)
	if !first {
		t.Error("the first digest is no first look")
	}
	c.Clock.Add(24 * time.Hour)
	if digestOn(t, c) {
		t.Error("the second digest is a first look")
	}
	c.Clock.Add(24 * time.Hour)
	c.Books.Ledger(t, "realm-b").Import(t, ar.Page{Customers: []ar.CustomerRecord{{External: "Birch", Name: "Birch"}}})
	if !digestOn(t, c) {
		t.Error("the digest after a new ledger is no first look")
	}
	c.Clock.Add(24 * time.Hour)
	if digestOn(t, c) {
		t.Error("the digest after that is one")
	}
}

// digestOn composes today's digest as posted, and reports whether it is a first look.
func digestOn(t *testing.T, c *desktest.Company) bool {
	t.Helper()
	var post ar.Post
	c.Write(t, func(tx ar.Tx) (err error) {
		post, _, err = tx.PlanPost(t.Context(), ar.PostKey{Kind: ar.ARDigest, Route: "ar", Day: c.Desk.Today()}, "")
		return err
	})
	digest, figures, err := c.Desk.ComposeDigest(t.Context(), post)
	if err != nil {
		t.Fatal(err)
	}
	c.Write(t, func(tx ar.Tx) error {
		if err := tx.SetFigures(t.Context(), post.ID, figures); err != nil {
			return err
		}
		return tx.SetPost(t.Context(), post.ID, ar.PostDone, "")
	})
	return digest.First
}
