package desk_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// annotated is a company with an invoice whose ledger is connected as main, with the
// ledgers of the config as given.
func annotated(t *testing.T, ledgers ...desk.Ledger) *desktest.Company {
	t.Helper()
	c := desktest.New(t, func(s *desk.Settings) { s.Ledgers = ledgers })
	c.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{desktest.Customer("Acme", "dana@example.com")},
		Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "INV-1", "Acme", "2026-09-01", "2026-10-01", "50.00")},
	})
	c.Write(t, func(tx ar.Tx) error {
		sources, err := tx.Sources(t.Context())
		if err != nil {
			return err
		}
		_, err = tx.PutConnection(t.Context(), ar.Connection{Name: "main", Kind: sources[0].Kind, Company: sources[0].External})
		return err
	})
	return c
}

// ledgerNotes are the lines that wait to be written, in the order of their acts.
func ledgerNotes(t *testing.T, c *desktest.Company) (lines []string) {
	t.Helper()
	for id := ar.PostID(1); ; id++ {
		post, err := c.Desk.Post(t.Context(), id)
		if err != nil {
			return lines
		}
		if post.Kind != ar.LedgerNote {
			continue
		}
		note, may, err := c.Desk.LedgerNote(t.Context(), post)
		if err != nil || !may || note.External != "INV-1" || note.Label != "INV-1" || note.Source.External == "" {
			t.Errorf("post %d: %+v, %t, %v", id, note, may, err)
		}
		lines = append(lines, note.Text)
	}
}

// act promises, takes it back, disputes and resolves, of one invoice; and promises of the
// account as a whole.
func act(t *testing.T, c *desktest.Company) {
	t.Helper()
	ctx, nora := t.Context(), desktest.Nora
	promise := desk.PromiseDraft{
		Customer: c.ID(t, "Acme"), Document: c.Document(t, "INV-1"),
		Parts: []ar.Instalment{{Amount: storetest.USD("20.00"), Due: storetest.Day("2026-12-04")}, {Amount: storetest.USD("5.00"), Due: storetest.Day("2026-12-11")}},
		Note:  "said Amy, whose mother is ill",
	}
	made, err := c.Desk.RecordPromise(ctx, nora, promise)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := c.Desk.RecordPromise(ctx, nora, promise); err != nil || again.Created {
		t.Fatalf("the same promise again: %t, %v", again.Created, err)
	}
	if _, _, err := c.Desk.CancelPromise(ctx, nora, made.ID); err != nil {
		t.Fatal(err)
	}
	promise.Document = 0
	if _, err := c.Desk.RecordPromise(ctx, nora, promise); err != nil {
		t.Fatal(err)
	}
	d := open(t, c, desktest.Dana, desk.DisputeInput{Invoice: "INV-1", Amount: "30", Reason: ar.ReasonTax, Note: "they are exempt"})
	for _, move := range []desk.DisputeMove{
		{State: ar.DisputeInReview}, {State: ar.DisputeResolved, Outcome: ar.OutcomeCredited}, {State: ar.DisputeOpen},
	} {
		if _, err := c.Desk.MoveDispute(ctx, nora, d.ID, move); err != nil {
			t.Fatal(err)
		}
	}
}

// What is promised or disputed of an invoice is to be written into its ledger, with the
// figures and without what people said.
func TestLedgerNotes(t *testing.T) {
	t.Parallel()
	c := annotated(t, desk.Ledger{Name: "main", WriteNotes: true}, desk.Ledger{Name: "east"})
	act(t, c)
	want := []string{
		"arbot: promised: $20.00 for Fri 4 Dec 2026, $5.00 for Fri 11 Dec 2026 (promise 1, by nora@example.com, 2026-11-25 08:30)",
		"arbot: promise cancelled: $20.00 for Fri 4 Dec 2026, $5.00 for Fri 11 Dec 2026 (promise 1, by nora@example.com, 2026-11-25 08:30)",
		"arbot: disputed: $30.00, tax (dispute 1, by dana@example.com, 2026-11-25 08:30)",
		"arbot: dispute resolved, credited: $30.00, tax (dispute 1, by nora@example.com, 2026-11-25 08:30)",
		"arbot: disputed: $30.00, tax (dispute 1, by nora@example.com, 2026-11-25 08:30)",
	}
	if diff := cmp.Diff(want, ledgerNotes(t, c)); diff != "" {
		t.Errorf("the lines (-want +got):\n%s", diff)
	}
}

// Nothing is written into a ledger where the config does not say so for that ledger.
func TestLedgerNotesAreOffByDefault(t *testing.T) {
	t.Parallel()
	for name, ledgers := range map[string][]desk.Ledger{
		"by default": {{Name: "main"}}, "another ledger": {{Name: "main"}, {Name: "east", WriteNotes: true}},
	} {
		c := annotated(t, ledgers...)
		act(t, c)
		if lines := ledgerNotes(t, c); len(lines) != 0 {
			t.Errorf("%s: %q", name, lines)
		}
	}
}

// What was planned is not written where the config was changed meanwhile.
func TestLedgerNoteThatIsNotAllowedAnyMore(t *testing.T) {
	t.Parallel()
	c := annotated(t, desk.Ledger{Name: "main", WriteNotes: true})
	act(t, c)
	c.Write(t, func(tx ar.Tx) error { return tx.DropConnection(t.Context(), "main") })
	var kinds []ar.PostKind
	for id := ar.PostID(1); ; id++ {
		post, err := c.Desk.Post(t.Context(), id)
		if err != nil {
			break
		}
		kinds = append(kinds, post.Kind)
		if post.Kind != ar.LedgerNote {
			continue
		}
		if _, may, err := c.Desk.LedgerNote(t.Context(), post); err != nil || may {
			t.Errorf("post %d: %t, %v", id, may, err)
		}
	}
	if !slices.Contains(kinds, ar.LedgerNote) {
		t.Error("nothing was planned")
	}
	if _, _, err := c.Desk.LedgerNote(t.Context(), ar.Post{PostKey: ar.PostKey{Kind: ar.Alert, Route: "user:U1/x"}}); err == nil {
		t.Error("an alert was taken for a note")
	}
}
