package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// promising is a company whose account Acme, Dana's, owes INV-7 with $500 and INV-8 with
// $1,000, both overdue; Elixir is Eli's, and Foundling nobody's. A payment may come one
// business day late.
func promising(t testing.TB) *desktest.Company {
	t.Helper()
	c := desktest.New(t, func(s *desk.Settings) { s.GraceDays = 1 })
	c.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{
			desktest.Customer("Acme", "dana@example.com"), desktest.Customer("Elixir", "eli@example.com"), desktest.Customer("Foundling", ""),
		},
		Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Invoice, "INV-7", "Acme", "2026-09-01", "2026-10-01", "500.00"),
			storetest.Doc(ar.Invoice, "INV-8", "Acme", "2026-09-15", "2026-10-15", "1000.00"),
			storetest.Doc(ar.Invoice, "INV-9", "Elixir", "2026-09-15", "2026-10-15", "200.00"),
			storetest.Doc(ar.Invoice, "INV-10", "Foundling", "2026-09-15", "2026-10-15", "300.00"),
		},
	})
	return c
}

// promise records what somebody types, which must have one reading.
func promise(t testing.TB, c *desktest.Company, actor ar.Actor, text string) desk.RecordedPromise {
	t.Helper()
	draft := reading(t, c, actor, text)
	p, err := c.Desk.RecordPromise(t.Context(), actor, draft)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return p
}

func reading(t testing.TB, c *desktest.Company, actor ar.Actor, text string) desk.PromiseDraft {
	t.Helper()
	r, _, err := c.Desk.ReadPromise(t.Context(), actor, desk.PromiseText{Text: text})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if r.Same != nil {
		s := *r.Same
		return desk.PromiseDraft{Customer: s.Customer, Document: s.Document, Parts: s.Parts, Note: s.Note}
	}
	if len(r.Drafts) != 1 {
		t.Fatalf("%s: %d readings, asked %q", text, len(r.Drafts), r.Ask)
	}
	return r.Drafts[0]
}

// on moves the clock to the morning of a day and has the ledger bring a page.
func on(t testing.TB, c *desktest.Company, day string, page ar.Page) {
	t.Helper()
	if ahead := storetest.Day(day).Sub(c.Desk.Today()); ahead > 0 {
		c.Clock.Add(time.Duration(ahead) * 24 * time.Hour)
	}
	c.Change(t, page)
}

// paid is a payment of Acme for one of its invoices.
func paid(id, invoice, day, amount string) ar.Page {
	return ar.Page{
		Documents:    []ar.DocumentRecord{storetest.Doc(ar.Payment, id, "Acme", day, "", amount)},
		Applications: []ar.ApplicationRecord{storetest.Pays("of "+id, id, invoice, day, amount)},
	}
}

// judge judges and returns what the new posts say.
func judge(t testing.TB, c *desktest.Company, told int) []string {
	t.Helper()
	before := verdicts(t, c)
	n, err := c.Desk.JudgePromises(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n != told {
		t.Errorf("%d verdicts told, want %d", n, told)
	}
	after := verdicts(t, c)
	return after[len(before):]
}

// verdicts are the sentences of all verdicts that are planned, in their order.
func verdicts(t testing.TB, c *desktest.Company) (said []string) {
	t.Helper()
	for id := ar.PostID(1); ; id++ {
		post, err := c.Desk.Post(t.Context(), id)
		if err != nil {
			return said
		}
		if post.Kind != ar.VerdictPost {
			continue
		}
		v, err := c.Desk.Verdict(t.Context(), post)
		if err != nil {
			t.Fatal(err)
		}
		said = append(said, v.About()+": "+v.Sentence())
	}
}

func wantSaid(t testing.TB, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("verdicts (-want +got):\n%s", diff)
	}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	t.Run("kept", func(t *testing.T) {
		t.Parallel()
		c := promising(t)
		promise(t, c, desktest.Dana, "INV-7 500 2026-12-04")
		wantSaid(t, judge(t, c, 0))
		on(t, c, "2026-12-02", paid("P", "INV-7", "2026-12-02", "500.00"))
		wantSaid(t, judge(t, c, 1), "Acme, INV-7: Kept: $500.00 was paid by Wed 2 Dec 2026.")
		wantSaid(t, judge(t, c, 0))
	})
	t.Run("broken after a business day of grace, corrected by a payment dated earlier", func(t *testing.T) {
		t.Parallel()
		c := promising(t)
		promise(t, c, desktest.Dana, "INV-7 500 2026-12-04") // a Friday
		on(t, c, "2026-12-07", ar.Page{})
		wantSaid(t, judge(t, c, 0))
		on(t, c, "2026-12-08", ar.Page{})
		wantSaid(t, judge(t, c, 1), "Acme, INV-7: Broken: nothing of $500.00 was paid by Mon 7 Dec 2026.")
		on(t, c, "2026-12-09", paid("P", "INV-7", "2026-12-04", "500.00"))
		got := judge(t, c, 1)
		wantSaid(t, got, "Acme, INV-7: Corrected from broken to kept, by what the ledger brought since. Kept: $500.00 was paid by Fri 4 Dec 2026.")
		wantSaid(t, judge(t, c, 0))
	})
	t.Run("what the ledger has not told yet breaks nothing", func(t *testing.T) {
		t.Parallel()
		c := promising(t)
		promise(t, c, desktest.Dana, "INV-7 500 2026-12-04")
		c.Clock.Add(20 * 24 * time.Hour)
		wantSaid(t, judge(t, c, 0))
		on(t, c, "2026-12-15", ar.Page{})
		wantSaid(t, judge(t, c, 1), "Acme, INV-7: Broken: nothing of $500.00 was paid by Mon 7 Dec 2026.")
	})
	t.Run("each part has its own", func(t *testing.T) {
		t.Parallel()
		c := promising(t)
		promise(t, c, desktest.Dana, "INV-8 half on 2026-11-27, rest 2026-12-04")
		on(t, c, "2026-11-26", paid("P", "INV-8", "2026-11-26", "500.00"))
		wantSaid(t, judge(t, c, 1), "Acme, INV-8: Kept: $500.00 was paid by Thu 26 Nov 2026.")
		on(t, c, "2026-12-03", paid("P2", "INV-8", "2026-12-03", "400.00"))
		wantSaid(t, judge(t, c, 0))
		on(t, c, "2026-12-08", ar.Page{})
		wantSaid(t, judge(t, c, 1), "Acme, INV-8: Partly kept: $400.00 of $500.00 was paid by Mon 7 Dec 2026, $100.00 is missing.")
	})
	t.Run("a deleted invoice closes it", func(t *testing.T) {
		t.Parallel()
		c := promising(t)
		promise(t, c, desktest.Dana, "INV-7 500 2026-12-04")
		void := storetest.Doc(ar.Invoice, "INV-7", "Acme", "2026-09-01", "2026-10-01", "500.00")
		void.Status = ar.Void
		on(t, c, "2026-11-26", ar.Page{Documents: []ar.DocumentRecord{void}})
		wantSaid(t, judge(t, c, 1), "Acme, INV-7: Closed: invoice voided.")
	})
	t.Run("so does one that is gone from the ledger", func(t *testing.T) {
		t.Parallel()
		c := promising(t)
		promise(t, c, desktest.Dana, "INV-7 500 2026-12-04")
		on(t, c, "2026-11-26", ar.Page{Gone: []ar.GoneRecord{{Kind: ar.DocumentRecords, Key: (ar.Ref{Kind: ar.Invoice, External: "INV-7"}).Key()}}})
		wantSaid(t, judge(t, c, 1), "Acme, INV-7: Closed: invoice deleted.")
	})
	t.Run("a payment that bounces corrects it", func(t *testing.T) {
		t.Parallel()
		c := promising(t)
		promise(t, c, desktest.Dana, "INV-7 500 2026-12-04")
		on(t, c, "2026-12-02", paid("P", "INV-7", "2026-12-02", "500.00"))
		judge(t, c, 1)
		void := storetest.Doc(ar.Payment, "P", "Acme", "2026-12-02", "", "500.00")
		void.Status = ar.Void
		on(t, c, "2026-12-03", ar.Page{Documents: []ar.DocumentRecord{void}})
		wantSaid(t, judge(t, c, 1), "Acme, INV-7: Corrected from kept to open, by what the ledger brought since. Open: $500.00 is promised by Fri 4 Dec 2026.")
		on(t, c, "2026-12-08", ar.Page{})
		wantSaid(t, judge(t, c, 1), "Acme, INV-7: Broken: nothing of $500.00 was paid by Mon 7 Dec 2026.")
	})
	t.Run("what somebody cancelled is not judged", func(t *testing.T) {
		t.Parallel()
		c := promising(t)
		p := promise(t, c, desktest.Dana, "INV-7 500 2026-12-04")
		if _, _, err := c.Desk.CancelPromise(t.Context(), desktest.Dana, p.ID); err != nil {
			t.Fatal(err)
		}
		on(t, c, "2026-12-20", ar.Page{})
		wantSaid(t, judge(t, c, 0))
	})
}

func TestX25SettledByCredit(t *testing.T) {
	t.Parallel()
	c := promising(t)
	promise(t, c, desktest.Dana, "INV-7 500 2026-12-04")
	on(t, c, "2026-12-02", ar.Page{
		Documents: []ar.DocumentRecord{storetest.Doc(ar.CreditMemo, "CM", "Acme", "2026-12-02", "", "500.00")},
		Applications: []ar.ApplicationRecord{{
			External: "x", From: ar.Ref{Kind: ar.CreditMemo, External: "CM"}, To: ar.Ref{Kind: ar.Invoice, External: "INV-7"},
			Kind: ar.ByCredit, Amount: storetest.USD("500.00"), Date: storetest.Day("2026-12-02"),
		}},
	})
	wantSaid(t, judge(t, c, 1), "Acme, INV-7: Settled by credit: $500.00 was credited, so nothing is missing.")
	on(t, c, "2026-12-20", ar.Page{})
	wantSaid(t, judge(t, c, 0))
	list, err := c.Desk.Promises(t.Context(), desktest.Dana, desk.PromisesInput{})
	if err != nil {
		t.Fatal(err)
	}
	if list.Kept.Judged != 0 {
		t.Errorf("it counts in the kept rate: %+v", list.Kept)
	}
}

// The same person says the same twice: it is one promise.
func TestSL05SameTwice(t *testing.T) {
	t.Parallel()
	c := promising(t)
	first := promise(t, c, desktest.Dana, "INV-7 500 2026-12-05")
	c.Clock.Add(20 * time.Second)
	second := promise(t, c, desktest.Dana, "INV-7 500 2026-12-05")
	if !first.Created || second.Created || first.ID != second.ID {
		t.Errorf("first %+v, second %+v", first, second)
	}
}

// A customer who kept a promise early may promise as much for the same day again: that
// is another promise, which the money of the first does not keep.
func TestPromisedAgainAfterItWasKept(t *testing.T) {
	t.Parallel()
	c := promising(t)
	first := promise(t, c, desktest.Dana, "INV-8 400 2026-12-04")
	on(t, c, "2026-11-26", paid("P", "INV-8", "2026-11-26", "400.00"))
	wantSaid(t, judge(t, c, 1), "Acme, INV-8: Kept: $400.00 was paid by Thu 26 Nov 2026.")
	second := promise(t, c, desktest.Dana, "INV-8 400 2026-12-04")
	if !second.Created || second.ID == first.ID || !second.Stands() {
		t.Fatalf("promised again: %+v", second)
	}
	if third := promise(t, c, desktest.Dana, "INV-8 400 2026-12-04"); third.Created || third.ID != second.ID {
		t.Errorf("the second one said twice is %+v", third)
	}
	wantSaid(t, judge(t, c, 0))
	on(t, c, "2026-12-03", paid("P2", "INV-8", "2026-12-03", "400.00"))
	wantSaid(t, judge(t, c, 1), "Acme, INV-8: Kept: $400.00 was paid by Thu 3 Dec 2026.")
	if _, done, err := c.Desk.CancelPromise(t.Context(), desktest.Dana, second.ID); done || ar.KindOf(err) != ar.Invalid {
		t.Errorf("one that is judged was cancelled: %t, %v", done, err)
	}
}

// Nothing is decided on books that are half read, whoever reads them; the end of the
// reading decides it.
func TestNoVerdictOnHalfReadBooks(t *testing.T) {
	t.Parallel()
	c := promising(t)
	promise(t, c, desktest.Dana, "INV-7 500 2026-12-04")
	promise(t, c, desktest.Dana, "INV-8 1000 2026-12-04")
	c.Clock.Add(7 * 24 * time.Hour) // Wed 2 Dec
	half := paid("P", "INV-7", "2026-12-02", "500.00")
	run := c.Ledger.Start(t, false)
	c.Ledger.Put(t, run, half)
	wantSaid(t, judge(t, c, 0))
	c.Write(t, func(tx ar.Tx) error { return tx.FinishRun(t.Context(), run, ar.SyncMark{}, "The line went dead.") })
	wantSaid(t, judge(t, c, 0)) // it was left in the middle
	other := c.Books.Ledger(t, "realm-b")
	other.Start(t, true) // another ledger holds nothing up
	c.Change(t, half)
	wantSaid(t, judge(t, c, 1), "Acme, INV-7: Kept: $500.00 was paid by Wed 2 Dec 2026.")
}

func TestX16NumbersAreText(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	c.Import(t, ar.Page{Customers: []ar.CustomerRecord{desktest.Customer("Acme", "dana@example.com")}, Documents: []ar.DocumentRecord{
		storetest.Doc(ar.Invoice, "000123", "Acme", "2026-09-01", "2026-10-01", "10.00"),
		storetest.Doc(ar.Invoice, "123", "Acme", "2026-09-01", "2026-10-01", "20.00"),
	}})
	for text, want := range map[string]string{"000123 all Friday": "$10.00", "123 all Friday": "$20.00"} {
		draft := reading(t, c, desktest.Dana, text)
		if got := draft.Parts[0].Amount.String(); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// What stands between a number and an amount, or in the number, joins no two of them; and
// a name of others is not taken for one's own.
func TestPromiseOfWhatWasNamed(t *testing.T) {
	t.Parallel()
	c := promising(t)
	c.Change(t, ar.Page{Customers: []ar.CustomerRecord{desktest.Customer("Acme Metals", "eli@example.com")}})
	for _, text := range []string{"INV-8 100 Friday", "INV-8\u00a0100\u00a0Friday", "inv 8 100 Friday", "INV\u202f8\u202f100 Friday"} {
		draft := reading(t, c, desktest.Dana, text)
		if draft.Document != c.Document(t, "INV-8") || draft.Parts[0].Amount != storetest.USD("100.00") {
			t.Errorf("%q is %+v", text, draft)
		}
	}
	_, _, err := c.Desk.ReadPromise(t.Context(), desktest.Dana, desk.PromiseText{Text: "Acme Metals 100 Friday"})
	if ar.KindOf(err) != ar.NotFound {
		t.Errorf("an account of others: %v", err)
	}
}

// What is promised is not chased until it is due, and stays in the overdue.
func TestPromisedIsNotChased(t *testing.T) {
	t.Parallel()
	c := promising(t)
	promise(t, c, desktest.Dana, "INV-7 500 2026-11-27")
	chase := func() (overdue, toChase, promised string) {
		a, err := c.Desk.Status(t.Context(), desktest.Dana, desk.StatusInput{Text: "acme"})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range a.Held {
			promised = h.OverduePromised.String()
		}
		return a.Money[0].Overdue.String(), a.Money[0].ToChase.String(), promised
	}
	for _, day := range []struct{ date, toChase, promised string }{
		{"2026-11-25", "$1,000.00", "$500.00"}, {"2026-11-27", "$1,000.00", "$500.00"}, {"2026-11-28", "$1,500.00", ""},
	} {
		on(t, c, day.date, ar.Page{})
		overdue, toChase, promised := chase()
		if overdue != "$1,500.00" || toChase != day.toChase || promised != day.promised {
			t.Errorf("%s: %s overdue, %s to chase, %s promised", day.date, overdue, toChase, promised)
		}
	}
}

// A promise of the account takes the oldest first, also of its branches; nothing is left
// to chase of one that is promised in full.
func TestPromiseOfTheAccount(t *testing.T) {
	t.Parallel()
	c := promising(t)
	branch := desktest.Customer("Acme West", "dana@example.com")
	branch.Parent = ar.Ref{External: "Acme"}.External
	c.Change(t, ar.Page{Customers: []ar.CustomerRecord{branch}, Documents: []ar.DocumentRecord{
		storetest.Doc(ar.Invoice, "W-1", "Acme West", "2026-08-01", "2026-08-31", "50.00"),
	}})
	promise(t, c, desktest.Dana, "acme all by EOM")
	list, err := c.Desk.Overdue(t.Context(), desktest.Nora, desk.OverdueInput{})
	if err != nil {
		t.Fatal(err)
	}
	var waiting []string
	for _, l := range list.Waiting {
		waiting = append(waiting, l.Name)
	}
	slices.Sort(waiting)
	if diff := cmp.Diff([]string{"Acme", "Acme West"}, waiting); diff != "" {
		t.Errorf("waiting (-want +got):\n%s", diff)
	}
	if got := list.Money[0].ToChase.String(); got != "$500.00" { // Elixir's and Foundling's
		t.Errorf("to chase %s", got)
	}
}

// A branch that the actor may not see is no part of what is promised, and that is told:
// what is paid there counts for the account all the same.
func TestPromiseTellsOfHiddenBranches(t *testing.T) {
	t.Parallel()
	c := promising(t)
	branch := desktest.Customer("Acme West", "eli@example.com")
	branch.Parent = "Acme"
	c.Change(t, ar.Page{Customers: []ar.CustomerRecord{branch}, Documents: []ar.DocumentRecord{
		storetest.Doc(ar.Invoice, "W-1", "Acme West", "2026-08-01", "2026-08-31", "50.00"),
	}})
	for text, want := range map[string]struct {
		open   string
		hidden int
	}{"acme all by EOM": {"$1,500.00", 1}, "INV-7 all by EOM": {"$500.00", 0}} {
		r, _, err := c.Desk.ReadPromise(t.Context(), desktest.Dana, desk.PromiseText{Text: text})
		if err != nil || r.Open.String() != want.open || r.Hidden != want.hidden {
			t.Errorf("%s: %s open, %d hidden, %v", text, r.Open, r.Hidden, err)
		}
	}
	r, _, err := c.Desk.ReadPromise(t.Context(), desktest.Nora, desk.PromiseText{Text: "acme all by EOM"})
	if err != nil || r.Open.String() != "$1,550.00" || r.Hidden != 0 {
		t.Errorf("AR: %s open, %d hidden, %v", r.Open, r.Hidden, err)
	}
}

func TestChangeAndUndo(t *testing.T) {
	t.Parallel()
	c := promising(t)
	old := promise(t, c, desktest.Dana, "INV-7 all 2026-11-27")
	draft := reading(t, c, desktest.Dana, "INV-8 1000 2026-12-04")
	draft.Document, draft.Instead = old.Document, old.ID
	draft.Parts[0].Amount = storetest.USD("400.00")
	changed, err := c.Desk.RecordPromise(t.Context(), desktest.Dana, draft)
	if err != nil {
		t.Fatal(err)
	}
	if changed.Instead == nil || changed.Instead.End != ar.PromiseSuperseded || changed.Instead.By != changed.ID {
		t.Errorf("the old one is %+v", changed.Instead)
	}
	if _, err := c.Desk.RecordPromise(t.Context(), desktest.Dana, draft); err != nil { // the same again
		t.Error(err)
	}
	_, restored, undone, err := c.Desk.UndoPromise(t.Context(), desktest.Dana, changed.ID, old.ID)
	if err != nil || !undone || restored == nil || restored.ID != old.ID || !restored.Stands() {
		t.Errorf("undo: %v, %t, %+v", err, undone, restored)
	}
	_, twice, done, err := c.Desk.UndoPromise(t.Context(), desktest.Dana, changed.ID, old.ID)
	if err != nil || !done || twice == nil || twice.ID != old.ID { // the same press twice
		t.Errorf("undone twice: %t, %+v, %v", done, twice, err)
	}
	if _, _, done, err := c.Desk.UndoPromise(t.Context(), desktest.Nora, changed.ID, old.ID); err != nil || done {
		t.Errorf("undone by somebody else: %t, %v", done, err)
	}
	if _, changed, err := c.Desk.CancelPromise(t.Context(), desktest.Nora, old.ID); err != nil || !changed {
		t.Errorf("cancel: %t, %v", changed, err)
	}
	if p, changed, err := c.Desk.UndoCancel(t.Context(), desktest.Nora, old.ID); err != nil || !changed || !p.Stands() {
		t.Errorf("undo of cancel: %t, %v", changed, err)
	}
	c.Clock.Add(11 * time.Minute)
	if _, _, _, err := c.Desk.UndoPromise(t.Context(), desktest.Dana, old.ID, 0); ar.KindOf(err) != ar.Invalid {
		t.Errorf("undone too late: %v", err)
	}
}

// A change is for who recorded the promise, AR and admins.
func TestWhoMayChangeAPromise(t *testing.T) {
	t.Parallel()
	c := promising(t)
	foundling := promise(t, c, desktest.Nora, "INV-10 300 2026-12-04")
	for name, who := range map[string]struct {
		actor ar.Actor
		kind  ar.ErrorKind
	}{
		"a rep who sees it": {desktest.Dana, ar.Forbidden}, "a manager": {desktest.Boss, ar.Forbidden}, "no role": {desktest.NewHere, ar.Forbidden},
		"an outsider": {desktest.Outsider, ar.Forbidden}, "AR": {desktest.Nora, ""}, "an admin": {desktest.Admin, ""},
	} {
		draft := desk.PromiseDraft{Customer: foundling.Customer, Document: foundling.Document, Instead: foundling.ID, Parts: []ar.Instalment{
			{Amount: storetest.USD("100.00"), Due: storetest.Day("2026-12-05")},
		}}
		changed, err := c.Desk.RecordPromise(t.Context(), who.actor, draft)
		if ar.KindOf(err) != who.kind || who.kind == "" && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil { // for the next one
			if _, restored, _, err := c.Desk.UndoPromise(t.Context(), desktest.Admin, changed.ID, foundling.ID); err != nil || restored == nil {
				t.Errorf("%s: undo: %v", name, err)
			}
		}
	}
}

// No more is promised than is owed, whoever promises it.
func TestPromisedOnce(t *testing.T) {
	t.Parallel()
	c := promising(t)
	promise(t, c, desktest.Dana, "INV-7 400 2026-11-27")
	for text, says := range map[string]string{
		"INV-7 200 2026-11-30":  "$400.00 of the $500.00 owed on INV-7 is promised already",
		"INV-7 501 2026-11-30":  "Only $500.00 is owed on INV-7",
		"INV-7 500 2026-11-24":  "Tue 24 Nov 2026",
		"INV-7 20 EUR Friday":   "Give all of them in USD",
		"INV-7":                 "Say how much",
		"INV-7 500":             "When will $500.00 be paid?",
		"acme EUR 20 by Friday": "Acme owes nothing in EUR",
	} {
		_, _, err := c.Desk.ReadPromise(t.Context(), desktest.Nora, desk.PromiseText{Text: text})
		if ar.KindOf(err) != ar.Invalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v, want %q", text, err, says)
		}
	}
}

// Names that hold words of amounts and dates are read whole.
func TestNamesThatLookLikeAmounts(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	var page ar.Page
	for _, name := range []string{"Studio 54", "Friday Foods", "May Industries", "Half Moon Bakery"} {
		page.Customers = append(page.Customers, desktest.Customer(name, "dana@example.com"))
		page.Documents = append(page.Documents, storetest.Doc(ar.Invoice, "INV-"+name, name, "2026-09-01", "2026-10-01", "900.00"))
	}
	c.Import(t, page)
	for text, want := range map[string]string{
		"Studio 54 500 by 2026-12-04":       "Studio 54: $500.00 Fri 4 Dec 2026 ()",
		"friday foods 500 by 2026-12-04":    "Friday Foods: $500.00 Fri 4 Dec 2026 ()",
		"May Industries half 12/4 said Kim": "May Industries: $450.00 Fri 4 Dec 2026 (said Kim)",
		"“Half Moon Bakery” all 2026-12-04": "Half Moon Bakery: $900.00 Fri 4 Dec 2026 ()",
		"INV-May Industries all 2026-12-04": "May Industries: $900.00 Fri 4 Dec 2026 ()",
	} {
		r, _, err := c.Desk.ReadPromise(t.Context(), desktest.Dana, desk.PromiseText{Text: text})
		if err != nil || len(r.Drafts) != 1 {
			t.Errorf("%s: %v, %d drafts, %s", text, err, len(r.Drafts), r.Ask)
			continue
		}
		d := r.Drafts[0]
		if got := r.Account.Name + ": " + d.Parts[0].Amount.String() + " " + d.Parts[0].Due.Long() + " (" + d.Note + ")"; got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestPromiseLists(t *testing.T) {
	t.Parallel()
	c := promising(t)
	promise(t, c, desktest.Dana, "INV-7 500 2026-11-25")
	promise(t, c, desktest.Nora, "INV-8 1000 2026-11-27")
	promise(t, c, desktest.Nora, "INV-9 200 2026-12-07")
	lines := func(actor ar.Actor, in desk.PromisesInput) string {
		list, err := c.Desk.Promises(t.Context(), actor, in)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, p := range list.Lines {
			names = append(names, p.Invoice.Label())
		}
		return strings.Join(names, " ")
	}
	check := func(who ar.Actor, in desk.PromisesInput, want string) {
		t.Helper()
		if got := lines(who, in); got != want {
			t.Errorf("%s %+v: %q, want %q", who.User, in, got, want)
		}
	}
	check(desktest.Nora, desk.PromisesInput{}, "INV-7 INV-8 INV-9")
	check(desktest.Dana, desk.PromisesInput{}, "INV-7 INV-8")
	check(desktest.Nora, desk.PromisesInput{Mine: true}, "INV-8 INV-9")
	check(desktest.Dana, desk.PromisesInput{Mine: true}, "INV-7 INV-8")
	check(desktest.Nora, desk.PromisesInput{About: "elixir"}, "INV-9")
	check(desktest.Nora, desk.PromisesInput{About: "INV-8"}, "INV-8")
	check(desktest.Nora, desk.PromisesInput{Of: desk.PromisesToday}, "INV-7")
	check(desktest.Nora, desk.PromisesInput{Of: desk.PromisesThisWeek}, "INV-7 INV-8")
	on(t, c, "2026-11-26", ar.Page{})
	check(desktest.Nora, desk.PromisesInput{Of: desk.PromisesLate}, "INV-7")
	on(t, c, "2026-11-29", ar.Page{}) // a Sunday
	check(desktest.Nora, desk.PromisesInput{Of: desk.PromisesThisWeek}, "")
	check(desktest.Nora, desk.PromisesInput{Of: desk.PromisesLate}, "INV-7 INV-8")
	check(desktest.Nora, desk.PromisesInput{}, "INV-8 INV-9")
	check(desktest.Boss, desk.PromisesInput{}, "INV-8 INV-9")
}

// The digests say what is due today, and what was broken since; the figures are kept.
func TestPromisesInDigests(t *testing.T) {
	t.Parallel()
	c := promising(t)
	promise(t, c, desktest.Dana, "INV-7 500 2026-11-27")
	promise(t, c, desktest.Nora, "INV-9 200 2026-11-27")
	say := func(kind ar.PostKind, route string) (due, broken []string) {
		if _, err := c.Desk.JudgePromises(t.Context()); err != nil {
			t.Fatal(err)
		}
		g := c.Say(t, kind, route)
		for _, p := range g.Promises.Due {
			due = append(due, p.About())
		}
		for _, p := range g.Promises.Broken {
			broken = append(broken, p.About()+" "+p.Missing.String())
		}
		return due, broken
	}
	for _, day := range []struct {
		date, due, broken, repDue, repBroken string
	}{
		{"2026-11-26", "", "", "", ""},
		{"2026-11-27", "Acme, INV-7;Elixir, INV-9", "", "Acme, INV-7", ""},
		{"2026-11-30", "", "", "", ""},
		{"2026-12-01", "", "Acme, INV-7 $500.00;Elixir, INV-9 $200.00", "", "Acme, INV-7 $500.00"},
		{"2026-12-02", "", "", "", ""},
	} {
		on(t, c, day.date, ar.Page{})
		due, broken := say(ar.ARDigest, "ar")
		repDue, repBroken := say(ar.RepDigest, "rep:dana@example.com")
		got := []string{strings.Join(due, ";"), strings.Join(broken, ";"), strings.Join(repDue, ";"), strings.Join(repBroken, ";")}
		if diff := cmp.Diff([]string{day.due, day.broken, day.repDue, day.repBroken}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", day.date, diff)
		}
	}
	last := c.Plan(t, ar.ARDigest, "ar")
	if post, err := c.Desk.Post(t.Context(), last.ID); err != nil || !strings.Contains(string(post.Figures), `"as_of"`) {
		t.Errorf("figures: %s, %v", post.Figures, err)
	}
}
