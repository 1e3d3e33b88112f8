package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"arbot/ar"
	"arbot/store/storetest"
)

// TestActsEqualAModel lets people add, end, resolve and take back at random while the
// ledger merges customers, takes that back and hands documents over, and holds every
// answer of the store equal to plain values in memory.
func TestActsEqualAModel(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		wipe := wiper(t, b)
		rapid.Check(t, func(rt *rapid.T) {
			wipe()
			p := newRandomPeople(t, b)
			acts := []func(*rapid.T, ar.Tx) error{
				p.promise, p.promise, p.endPromise, p.judge, p.dispute, p.changeDispute, p.note, p.removeNote, p.learn,
			}
			for range rapid.IntRange(1, 20).Draw(rt, "acts") {
				if rapid.IntRange(0, 5).Draw(rt, "ledger") == 0 {
					p.ledgerChanges(rt)
				}
				b.Clock.Add(time.Minute)
				err := b.Update(t.Context(), func(tx ar.Tx) error { return rapid.SampledFrom(acts).Draw(rt, "act")(rt, tx) })
				if err != nil {
					rt.Fatal(err)
				}
			}
			if err := b.View(t.Context(), func(r ar.Reader) error { return p.compare(rt, r) }); err != nil {
				rt.Fatal(err)
			}
		})
	})
}

// randomPeople act on the accounts of one ledger.
type randomPeople struct {
	accounts

	t       *testing.T
	books   *storetest.Books
	ledger  *storetest.Ledger
	changes int
}

var handed = []string{"1", "2", "3", "4"} // the documents

func newRandomPeople(t *testing.T, b *storetest.Books) *randomPeople {
	t.Helper()
	p := &randomPeople{t: t, books: b, ledger: b.Ledger(t, "a"), accounts: accounts{
		ids: map[string]ar.CustomerID{}, owners: map[ar.CustomerID]string{}, into: map[string]string{},
		documents: map[ar.DocumentID]ar.CustomerID{}, promises: map[ar.PromiseID]keyedPromise{},
		verdicts: map[ar.PromiseID]ar.GivenVerdict{}, disputes: map[ar.DisputeID]ar.Dispute{},
		notes: map[ar.NoteID]ar.Note{}, contacts: map[ar.CustomerID]ar.ContactFacts{},
	}}
	page := ar.Page{}
	for i, name := range customerNames {
		page.Customers = append(page.Customers, ar.CustomerRecord{External: name, Name: name})
		page.Documents = append(page.Documents, storetest.Doc(ar.Invoice, handed[i], name, "2026-10-01", "2026-10-31", "50.00"))
	}
	p.ledger.Import(t, page)
	b.Write(t, func(tx ar.Tx) error {
		known, err := tx.Customers(t.Context(), ar.CustomerFilter{})
		var owners []ar.OwnerAssignment
		for i, c := range known {
			p.ids[c.External] = c.ID
			p.owners[c.ID] = []string{"ann@example.com", "bob@example.com", ""}[i%3]
			owners = append(owners, ar.OwnerAssignment{Customer: c.ID, Owner: p.owners[c.ID], Why: "a rule"})
		}
		return errors.Join(err, tx.SetOwners(t.Context(), owners))
	})
	b.Read(t, func(r ar.Reader) error {
		items, err := r.OpenItems(t.Context(), ar.ItemQuery{AsOf: storetest.Day("2026-11-25"), Scope: ar.Everything()})
		for _, i := range items {
			p.documents[i.ID] = i.Customer
		}
		return err
	})
	return p
}

// ledgerChanges merges two customers, brings a merged one back, or gives a document to
// another customer.
func (p *randomPeople) ledgerChanges(t *rapid.T) {
	name := rapid.SampledFrom(customerNames).Draw(t, "customer")
	other := rapid.SampledFrom(customerNames).Draw(t, "other customer")
	_, gone := p.into[name]
	_, otherGone := p.into[other]
	p.changes++
	switch {
	case rapid.Bool().Draw(t, "hand over"):
		d := storetest.Doc(ar.Invoice, rapid.SampledFrom(handed[:len(customerNames)]).Draw(t, "document"), name, "2026-10-01", "2026-10-31", "50.00")
		d.Memo = fmt.Sprint("change ", p.changes)
		p.ledger.Change(p.t, ar.Page{Documents: []ar.DocumentRecord{d}})
		p.hand(p.document(d.External), p.live(name))
	case gone:
		p.ledger.Change(p.t, ar.Page{Customers: []ar.CustomerRecord{{External: name, Name: fmt.Sprint(name, p.changes)}}})
		delete(p.into, name)
	case name != other && !otherGone:
		p.ledger.Change(p.t, mergeInto(ar.Key(name), ar.Key(other)))
		p.merge(name, other)
	}
}

func (p *randomPeople) document(external string) (id ar.DocumentID) {
	for id := range p.documents {
		p.books.Read(p.t, func(r ar.Reader) error {
			d, err := r.Document(p.t.Context(), id)
			if d.External == external {
				external, id = "", d.ID
			}
			return err
		})
		if external == "" {
			return id
		}
	}
	return 0
}

var users = rapid.SampledFrom([]string{"U1", "U2"})

func (p *randomPeople) act(t *rapid.T) ar.Act {
	at := p.books.Clock.Now()
	return ar.Act{By: users.Draw(t, "by"), At: at, On: ar.DateOf(at, time.UTC).AddDays(rapid.IntRange(-2, 2).Draw(t, "zone")), Where: rapid.SampledFrom([]string{"", "https://chat.example/p1"}).Draw(t, "where")}
}

// about draws what an act is about.
func (p *randomPeople) about(t *rapid.T, always bool) (string, ar.DocumentID) {
	name := rapid.SampledFrom(customerNames).Draw(t, "customer")
	if !always && rapid.Bool().Draw(t, "as a whole") {
		return name, 0
	}
	return name, rapid.SampledFrom(slices.Sorted(maps.Keys(p.documents))).Draw(t, "document")
}

func amounts(t *rapid.T, label string) ar.Money {
	return ar.NewMoney(rapid.Int64Range(1, 2).Draw(t, label)*100, "USD")
}

func (p *randomPeople) promise(t *rapid.T, tx ar.Tx) error {
	name, document := p.about(t, false)
	want := ar.Promise{
		Document: document, GraceDays: rapid.IntRange(0, 3).Draw(t, "grace"), Note: rapid.SampledFrom([]string{"", "said <so> & \"so\""}).Draw(t, "note"),
		Made: p.act(t), Already: rapid.SampledFrom([]ar.Money{{}, ar.NewMoney(0, "USD"), ar.NewMoney(70, "USD")}).Draw(t, "already"),
	}
	for i := range rapid.IntRange(1, 2).Draw(t, "parts") {
		want.Parts = append(want.Parts, ar.Instalment{Amount: amounts(t, "amount"), Due: storetest.Day("2026-12-01").AddDays(10*i + rapid.IntRange(0, 1).Draw(t, "due"))})
	}
	given := want
	given.Customer, want.Customer = p.ids[name], p.account(name, document)
	kept, created, err := tx.AddPromise(t.Context(), given)
	if err != nil {
		return err
	}
	stood, standing := p.standing(want.Key(), 0)
	if standing {
		want = stood
	} else {
		want.ID = kept.ID
	}
	diff(t, "promise kept", want, kept)
	if created == standing {
		t.Fatalf("created: %t, and one stands: %t", created, standing)
	}
	if created {
		p.promises[kept.ID] = keyedPromise{want, want.Key()}
	}
	return nil
}

// endPromise ends a promise, or lets it stand again.
func (p *randomPeople) endPromise(t *rapid.T, tx ar.Tx) error {
	if len(p.promises) == 0 {
		return nil
	}
	all := slices.Sorted(maps.Keys(p.promises))
	promise := p.promises[rapid.SampledFrom(all).Draw(t, "promise")]
	promise.End, promise.Ended, promise.By = "", ar.Act{}, 0
	switch rapid.IntRange(0, 2).Draw(t, "end") {
	case 1:
		promise.End, promise.Ended = ar.PromiseCancelled, p.act(t)
	case 2:
		promise.End, promise.Ended, promise.By = ar.PromiseSuperseded, p.act(t), rapid.SampledFrom(all).Draw(t, "by")
	}
	err := tx.PutPromise(t.Context(), promise.Promise)
	if _, taken := p.standing(promise.key, promise.ID); taken && promise.End == "" {
		if !errors.Is(err, ar.ErrPromiseTwice) {
			t.Fatalf("a promise that was made anew stands again: %v", err)
		}
		return nil
	}
	p.promises[promise.ID] = promise
	return err
}

func (p *randomPeople) judge(t *rapid.T, tx ar.Tx) error {
	if len(p.promises) == 0 {
		return nil
	}
	promise := p.promises[rapid.SampledFrom(slices.Sorted(maps.Keys(p.promises))).Draw(t, "promise")]
	v := ar.Verdict{Promise: promise.ID, Customer: promise.Customer, Outcome: p.outcome(t)}
	for range promise.Parts {
		v.Parts = append(v.Parts, p.outcome(t))
	}
	p.verdicts[promise.ID] = ar.GivenVerdict{Verdict: v, At: p.books.Clock.Now()}
	return tx.PutVerdict(t.Context(), v)
}

func (p *randomPeople) outcome(t *rapid.T) ar.Outcome {
	day := func(label string) ar.Date {
		return rapid.SampledFrom([]ar.Date{{}, storetest.Day("2026-12-01"), storetest.Day("2026-12-04")}).Draw(t, label)
	}
	money := func(label string) ar.Money {
		return rapid.SampledFrom([]ar.Money{{}, ar.NewMoney(0, "USD"), ar.NewMoney(12345, "USD"), ar.NewMoney(7, "JPY")}).Draw(t, label)
	}
	return ar.Outcome{
		State:  rapid.SampledFrom([]ar.PromiseState{ar.PromiseOpen, ar.PromiseKept, ar.PromiseBroken, ar.PromiseClosed}).Draw(t, "state"),
		Reason: rapid.SampledFrom([]ar.CloseReason{"", ar.InvoiceVoided}).Draw(t, "reason"), Amount: money("amount"), Paid: money("paid"),
		ByCredit: money("by credit"), Missing: money("missing"), Late: money("late"), Unapplied: money("unapplied"),
		Due: day("due"), Deadline: day("deadline"), Decided: day("decided"),
	}
}

func (p *randomPeople) dispute(t *rapid.T, tx ar.Tx) error {
	_, document := p.about(t, true)
	d := ar.Dispute{Customer: p.documents[document], Document: document, Opened: p.act(t), State: ar.DisputeOpen}
	p.change(t, &d)
	kept, err := tx.AddDispute(t.Context(), d)
	d.ID = kept.ID
	diff(t, "dispute kept", d, kept)
	p.disputes[d.ID] = d
	return err
}

// change draws what can change of a dispute.
func (p *randomPeople) change(t *rapid.T, d *ar.Dispute) {
	d.Reason = rapid.SampledFrom([]ar.Reason{ar.ReasonPricing, ar.ReasonTax}).Draw(t, "reason")
	d.Amount, d.Note = amounts(t, "amount"), rapid.SampledFrom([]string{"", "two boxes"}).Draw(t, "note")
	d.Department = ar.DepartmentSales
	d.Assignee = rapid.SampledFrom([]string{"", "ann@example.com"}).Draw(t, "assignee")
	d.Due = rapid.SampledFrom([]ar.Date{{}, storetest.Day("2026-12-01"), storetest.Day("2026-12-04")}).Draw(t, "due")
}

func (p *randomPeople) changeDispute(t *rapid.T, tx ar.Tx) error {
	if len(p.disputes) == 0 {
		return nil
	}
	d := p.disputes[rapid.SampledFrom(slices.Sorted(maps.Keys(p.disputes))).Draw(t, "dispute")]
	p.change(t, &d)
	switch rapid.IntRange(0, 2).Draw(t, "step") {
	case 0: // a step is undone
		d.Steps, d.State, d.Outcome = nil, ar.DisputeOpen, ""
	case 1:
		step := ar.DisputeStep{Act: p.act(t), State: ar.DisputeResolved, Outcome: ar.OutcomeCredited, Note: "a credit"}
		if !d.Stands() {
			step.State, step.Outcome = ar.DisputeOpen, ""
		}
		var err error
		if d, err = d.Move(step); err != nil {
			return err
		}
	}
	p.disputes[d.ID] = d
	return tx.PutDispute(t.Context(), d)
}

func (p *randomPeople) note(t *rapid.T, tx ar.Tx) error {
	name, document := p.about(t, false)
	n := ar.Note{Customer: p.ids[name], Document: document, Text: "They said: \u201cnext week\u201d", Call: rapid.SampledFrom([]ar.CallOutcome{"", ar.CallReached}).Draw(t, "call"), Made: p.act(t)}
	kept, err := tx.AddNote(t.Context(), n)
	n.ID, n.Customer = kept.ID, p.account(name, document)
	diff(t, "note kept", n, kept)
	p.notes[n.ID] = n
	return err
}

func (p *randomPeople) removeNote(t *rapid.T, tx ar.Tx) error {
	if len(p.notes) == 0 {
		return nil
	}
	id := rapid.SampledFrom(slices.Sorted(maps.Keys(p.notes))).Draw(t, "note")
	delete(p.notes, id)
	return tx.RemoveNote(t.Context(), id)
}

func (p *randomPeople) learn(t *rapid.T, tx ar.Tx) error {
	name, _ := p.about(t, false)
	f := ar.ContactFacts{Customer: p.ids[name], Known: map[ar.ContactFact]string{}, Made: p.act(t)}
	for _, fact := range []ar.ContactFact{ar.FactContact, ar.FactPO, ar.FactPortal} {
		if rapid.Bool().Draw(t, string(fact)) {
			f.Known[fact] = rapid.SampledFrom([]string{"none", "Kim, 555-0101", " "}).Draw(t, "said")
		}
	}
	if err := tx.PutContactFacts(t.Context(), f); err != nil {
		return err
	}
	f.Customer = p.live(name)
	p.contacts[f.Customer] = f
	return nil
}

// compare reads each act by its id and draws filters.
func (p *randomPeople) compare(t *rapid.T, r ar.Reader) error {
	ctx := t.Context()
	for _, f := range []func() error{
		func() error {
			return sameByID(t, p.promises, r.Promise, func(p keyedPromise) ar.Promise { return p.Promise })
		},
		func() error { return sameByID(t, p.disputes, r.Dispute, func(d ar.Dispute) ar.Dispute { return d }) },
		func() error { return sameByID(t, p.notes, r.Note, func(n ar.Note) ar.Note { return n }) },
	} {
		if err := f(); err != nil {
			return err
		}
	}
	verdicts, err := r.Verdicts(ctx, slices.Collect(maps.Keys(p.promises)))
	if err != nil {
		return err
	}
	diff(t, "verdicts", p.verdicts, verdicts)
	for _, id := range p.ids {
		facts, err := r.ContactFacts(ctx, id)
		if err != nil {
			return err
		}
		want, ok := p.contacts[id]
		if !ok {
			want = ar.ContactFacts{Customer: id}
		}
		diff(t, "contact facts", want, facts)
	}
	for range 5 {
		if err := p.compareLists(t, r); err != nil {
			return err
		}
	}
	return nil
}

func sameByID[ID ~int64, M, T any](t *rapid.T, want map[ID]M, read func(context.Context, ID) (T, error), of func(M) T) error {
	for id, m := range want {
		got, err := read(t.Context(), id)
		if err != nil {
			return err
		}
		diff(t, fmt.Sprintf("%T %d", got, id), of(m), got)
	}
	return nil
}

func (p *randomPeople) compareLists(t *rapid.T, r ar.Reader) error {
	ctx := t.Context()
	var customers []ar.CustomerID
	var documents []ar.DocumentID
	var scope *ar.Scope
	switch rapid.IntRange(0, 3).Draw(t, "by") {
	case 0:
		customers = slices.Sorted(maps.Values(p.ids))[:rapid.IntRange(0, len(p.ids)).Draw(t, "customers")]
	case 1:
		documents = slices.Sorted(maps.Keys(p.documents))[:rapid.IntRange(0, len(p.documents)).Draw(t, "documents")]
	case 2:
		s := scopes.Draw(t, "scope")
		scope = &s
	}
	by := rapid.SampledFrom([]string{"", "", "U1"}).Draw(t, "made by")
	limit := rapid.SampledFrom([]int{0, 0, 2}).Draw(t, "limit")
	bound := func(label, day string) ar.Date {
		return rapid.SampledFrom([]ar.Date{{}, {}, storetest.Day(day)}).Draw(t, label)
	}
	f := ar.PromiseFilter{
		Customers: customers, Documents: documents, Scope: scope, MadeBy: by, Limit: limit,
		Standing: rapid.Bool().Draw(t, "standing"), Undecided: rapid.Bool().Draw(t, "undecided"),
		DueFrom: bound("due from", "2026-12-02"), DueTo: bound("due to", "2026-12-10"),
	}
	if rapid.Bool().Draw(t, "lately") {
		f.MadeAfter = p.books.Clock.Now().Add(-5 * time.Minute)
	}
	promises, err := r.Promises(ctx, f)
	if err != nil {
		return err
	}
	diff(t, fmt.Sprintf("promises %+v", f), p.list(f), promises)
	of := ar.DisputeFilter{
		Customers: customers, Documents: documents, Scope: scope, Limit: limit, Standing: f.Standing,
		Assignee:   rapid.SampledFrom([]string{"", "", "ann@example.com"}).Draw(t, "assignee"),
		Reason:     rapid.SampledFrom([]ar.Reason{"", "", ar.ReasonTax}).Draw(t, "reason"),
		OpenedFrom: bound("opened from", "2026-11-24"), OpenedTo: bound("opened to", "2026-11-26"),
	}
	disputes, err := r.Disputes(ctx, of)
	if err != nil {
		return err
	}
	diff(t, fmt.Sprintf("disputes %+v", of), p.listDisputes(of), disputes)
	nf := ar.NoteFilter{Customers: customers, Documents: documents, By: by, Limit: limit}
	notes, err := r.Notes(ctx, nf)
	if err != nil {
		return err
	}
	diff(t, fmt.Sprintf("notes %+v", nf), p.listNotes(nf), notes)
	return nil
}
