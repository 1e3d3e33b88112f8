package ar_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
)

// written is a history that a test writes, all of it in USD and of customer 1.
type written struct {
	testing.TB

	ar.History
}

func newWritten(t testing.TB) *written {
	t.Helper()
	return &written{TB: t}
}

func (a *written) document(kind ar.DocumentKind, amount, date, due string) *ar.Document {
	a.Helper()
	d := ar.Document{
		ID: ar.DocumentID(len(a.Documents) + 1), Kind: kind, Customer: 1, Amount: usd(a, amount), Date: day(a, date), Status: ar.Posted,
	}
	d.Number, d.Due = fmt.Sprintf("INV-%d", d.ID), d.Date
	if due != "" {
		d.Due = day(a, due)
	}
	a.Documents = append(a.Documents, d)
	return &a.Documents[len(a.Documents)-1]
}

// invoice writes one dated 1 Oct 2026 and returns its id.
func (a *written) invoice(amount, due string) ar.DocumentID {
	a.Helper()
	return a.document(ar.Invoice, amount, "2026-10-01", due).ID
}

// settle writes a payment or a credit and applies all of it on its date.
func (a *written) settle(kind ar.ApplicationKind, to ar.DocumentID, amount, date string) ar.DocumentID {
	a.Helper()
	var from ar.DocumentID
	switch kind {
	case ar.ByPayment:
		from = a.document(ar.Payment, amount, date, "").ID
	case ar.ByCredit:
		from = a.document(ar.CreditMemo, amount, date, "").ID
	case ar.ByWriteOff:
	}
	a.apply(kind, from, to, amount, date)
	return from
}

func (a *written) apply(kind ar.ApplicationKind, from, to ar.DocumentID, amount, date string) {
	a.Helper()
	a.Applications = append(a.Applications, ar.Application{
		External: strconv.Itoa(len(a.Applications) + 1), From: from, To: to, Kind: kind, Amount: usd(a, amount), Date: day(a, date),
	})
}

func (a *written) pay(to ar.DocumentID, amount, date string) ar.DocumentID {
	a.Helper()
	return a.settle(ar.ByPayment, to, amount, date)
}

// promise makes one of Wed 25 Nov 2026, of one part, without days of grace.
func (a *written) promise(id ar.PromiseID, document ar.DocumentID, amount, due string) ar.Promise {
	a.Helper()
	return ar.Promise{
		ID: id, Customer: 1, Document: document, Parts: []ar.Instalment{{Amount: usd(a, amount), Due: day(a, due)}},
		Made: ar.Act{By: "U0DANA", On: day(a, "2026-11-25")},
	}
}

func (a *written) judge(asOf string, promises ...ar.Promise) []ar.Verdict {
	a.Helper()
	verdicts, err := ar.Judge(promises, a.History, day(a, asOf), ar.Workdays{})
	if err != nil {
		a.Fatal(err)
	}
	return verdicts
}

func TestJudge(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		make func(a *written) ar.Promise
		asOf string
		want string // the sentence
	}{
		{"open until the deadline is over", func(a *written) ar.Promise {
			return a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
		}, "2026-12-04", "Open: $500.00 is promised by Fri 4 Dec 2026."},
		{"broken the day after", func(a *written) ar.Promise {
			return a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
		}, "2026-12-05", "Broken: nothing of $500.00 was paid by Fri 4 Dec 2026."},
		{"two business days of grace go over the weekend", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
			p.GraceDays = 2
			a.pay(p.Document, "500", "2026-12-08")
			return p
		}, "2026-12-09", "Kept: $500.00 was paid by Tue 8 Dec 2026."},
		{"and no longer", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
			p.GraceDays = 2
			a.pay(p.Document, "500", "2026-12-09")
			return p
		}, "2026-12-09", "Broken: nothing of $500.00 was paid by Tue 8 Dec 2026. $500.00 came later."},
		{"kept on the day on which the last cent came", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
			a.pay(p.Document, "499.99", "2026-11-30")
			a.pay(p.Document, "0.01", "2026-12-02")
			return p
		}, "2026-12-02", "Kept: $500.00 was paid by Wed 2 Dec 2026."},
		{"so far", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
			a.pay(p.Document, "200", "2026-11-30")
			return p
		}, "2026-12-02", "Open: $500.00 is promised by Fri 4 Dec 2026, $200.00 of it was paid so far."},
		{"partly kept: 12,400 of 20,000", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("20000", "2026-11-01"), "20000", "2026-12-04")
			a.pay(p.Document, "12400", "2026-12-04")
			return p
		}, "2026-12-07", "Partly kept: $12,400.00 of $20,000.00 was paid by Fri 4 Dec 2026, $7,600.00 is missing."},
		{"X25 settled by credit, before its day", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
			a.settle(ar.ByCredit, p.Document, "500", "2026-12-02")
			return p
		}, "2026-12-02", "Settled by credit: $500.00 was credited, so nothing is missing."},
		{"paid in part and credited in part", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
			a.pay(p.Document, "300", "2026-12-01")
			a.settle(ar.ByCredit, p.Document, "200", "2026-12-02")
			return p
		}, "2026-12-10", "Settled by credit: $300.00 was paid and $200.00 credited, so nothing is missing."},
		{"written off is settled, too", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
			a.settle(ar.ByWriteOff, p.Document, "500", "2026-12-02")
			return p
		}, "2026-12-10", "Settled by credit: $500.00 was credited, so nothing is missing."},
		{"a credit for what was not promised settles nothing", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("1000", "2026-11-01"), "500", "2026-12-04")
			a.settle(ar.ByCredit, p.Document, "500", "2026-12-02")
			return p
		}, "2026-12-10", "Broken: nothing of $500.00 was paid by Fri 4 Dec 2026."},
		{"a void payment is no payment", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
			a.Documents[a.pay(p.Document, "500", "2026-12-01")-1].Status = ar.Void
			return p
		}, "2026-12-10", "Broken: nothing of $500.00 was paid by Fri 4 Dec 2026."},
		{"a payment that is taken back is none", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
			from := a.pay(p.Document, "500", "2026-12-01")
			a.apply(ar.ByPayment, from, p.Document, "-500", "2026-12-09")
			a.Documents[from-1].Status = ar.Void
			return p
		}, "2026-12-10", "Broken: nothing of $500.00 was paid by Fri 4 Dec 2026."},
		{"nor one that is taken off the invoice, though the money is there", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
			from := a.pay(p.Document, "500", "2026-12-01")
			a.apply(ar.ByPayment, from, p.Document, "-500", "2026-12-09")
			return p
		}, "2026-12-10", "Broken: nothing of $500.00 was paid by Fri 4 Dec 2026. $500.00 came in but is applied to no invoice yet: apply it, and this is judged again."},
		{"but it was one until then", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
			from := a.pay(p.Document, "500", "2026-12-01")
			a.apply(ar.ByPayment, from, p.Document, "-500", "2026-12-09")
			return p
		}, "2026-12-08", "Kept: $500.00 was paid by Tue 1 Dec 2026."},
		{"what was paid before the promise keeps nothing", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("1000", "2026-11-01"), "500", "2026-12-04")
			a.pay(p.Document, "500", "2026-11-24")
			return p
		}, "2026-12-10", "Broken: nothing of $500.00 was paid by Fri 4 Dec 2026."},
		{"nor what was paid that day, before", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("1000", "2026-11-01"), "500", "2026-12-04")
			a.pay(p.Document, "300", "2026-11-25")
			p.Already = usd(a, "300")
			a.pay(p.Document, "200", "2026-11-25")
			return p
		}, "2026-12-10", "Partly kept: $200.00 of $500.00 was paid by Fri 4 Dec 2026, $300.00 is missing."},
		{"paid before, known late: nothing was owed", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
			a.pay(p.Document, "500", "2026-11-20")
			return p
		}, "2026-11-26", "Closed: nothing was owed any more."},
		{"paid all that was owed, of an invoice that was made smaller", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("450", "2026-11-01"), "500", "2026-12-04")
			a.pay(p.Document, "450", "2026-12-01")
			return p
		}, "2026-12-10", "Kept: $450.00 was paid by Tue 1 Dec 2026, which is all that was owed."},
		{"invoice voided", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
			a.Documents[0].Status = ar.Void
			return p
		}, "2026-11-26", "Closed: invoice voided."},
		{"SY-01 invoice deleted", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("220", "2026-11-01"), "220", "2026-12-04")
			a.Documents[0].Status = ar.Deleted
			return p
		}, "2026-12-10", "Closed: invoice deleted."},
		{"money that waits to be applied is pointed out", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
			a.document(ar.Payment, "500", "2026-12-03", "")
			return p
		}, "2026-12-10", "Broken: nothing of $500.00 was paid by Fri 4 Dec 2026. $500.00 came in but is applied to no invoice yet: apply it, and this is judged again."},
		{"another currency pays nothing", func(a *written) ar.Promise {
			p := a.promise(1, 0, "500", "2026-12-04")
			a.invoice("500", "2026-11-01")
			a.Documents[0].Amount = money(a, "500", "EUR")
			a.invoice("500", "2026-11-01")
			a.pay(1, "500", "2026-12-01")
			a.Documents[2].Amount, a.Applications[0].Amount = money(a, "500", "EUR"), money(a, "500", "EUR")
			return p
		}, "2026-12-10", "Broken: nothing of $500.00 was paid by Fri 4 Dec 2026."},
		{"the customer as a whole", func(a *written) ar.Promise {
			a.pay(a.invoice("300", "2026-11-01"), "300", "2026-12-01")
			a.pay(a.invoice("900", "2026-11-10"), "200", "2026-12-02")
			return a.promise(1, 0, "500", "2026-12-04")
		}, "2026-12-10", "Kept: $500.00 was paid by Wed 2 Dec 2026."},
		{"and its branches", func(a *written) ar.Promise {
			id := a.invoice("500", "2026-11-01")
			a.Documents[0].Customer, a.Family = 7, ar.Family{7: 1}
			a.pay(id, "500", "2026-12-01")
			return a.promise(1, 0, "500", "2026-12-04")
		}, "2026-12-10", "Kept: $500.00 was paid by Tue 1 Dec 2026."},
		{"but not a stranger's", func(a *written) ar.Promise {
			id := a.invoice("500", "2026-11-01")
			a.Documents[0].Customer = 7
			a.invoice("500", "2026-11-01")
			a.pay(id, "500", "2026-12-01")
			return a.promise(1, 0, "500", "2026-12-04")
		}, "2026-12-10", "Broken: nothing of $500.00 was paid by Fri 4 Dec 2026."},
		{"cancelled", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
			p.End, p.Ended = ar.PromiseCancelled, ar.Act{On: day(a, "2026-11-26")}
			return p
		}, "2026-12-10", "The promise was cancelled on Thu 26 Nov 2026."},
		{"and not yet on the day before", func(a *written) ar.Promise {
			p := a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
			p.End, p.Ended = ar.PromiseSuperseded, ar.Act{On: day(a, "2026-11-27")}
			return p
		}, "2026-11-26", "Open: $500.00 is promised by Fri 4 Dec 2026."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newWritten(t)
			p := tt.make(a)
			if got := a.judge(tt.asOf, p)[0].Sentence(); got != tt.want {
				t.Errorf("on %s\ngot  %s\nwant %s", tt.asOf, got, tt.want)
			}
		})
	}
}

// TestInstalments: each part is judged on its day, by what came by then.
func TestInstalments(t *testing.T) {
	t.Parallel()
	a := newWritten(t)
	p := a.promise(1, a.invoice("1000", "2026-11-01"), "500", "2026-11-27")
	p.Parts = append(p.Parts, ar.Instalment{Amount: usd(t, "500"), Due: day(t, "2026-12-31")})
	a.pay(p.Document, "200", "2026-11-27")
	a.pay(p.Document, "500", "2026-12-15")
	for _, step := range []struct {
		asOf         string
		whole        ar.PromiseState
		first, other ar.PromiseState
		paid         string
	}{
		{"2026-11-27", ar.PromiseOpen, ar.PromiseOpen, ar.PromiseOpen, "200"},
		{"2026-11-28", ar.PromiseOpen, ar.PromisePartlyKept, ar.PromiseOpen, "200"},
		{"2026-12-15", ar.PromisePartlyKept, ar.PromisePartlyKept, ar.PromiseKept, "700"},
	} {
		v := a.judge(step.asOf, p)[0]
		if v.State != step.whole || v.Parts[0].State != step.first || v.Parts[1].State != step.other || v.Paid != usd(t, step.paid) {
			t.Errorf("on %s: %s (%s paid) of %s and %s", step.asOf, v.State, v.Paid, v.Parts[0].State, v.Parts[1].State)
		}
	}
}

// TestAPaymentCountsOnce: for promises about its invoice before those about the
// customer, by due date.
func TestAPaymentCountsOnce(t *testing.T) {
	t.Parallel()
	a := newWritten(t)
	first, second := a.invoice("600", "2026-11-01"), a.invoice("400", "2026-11-10")
	promises := []ar.Promise{
		a.promise(1, 0, "600", "2026-12-01"),
		a.promise(2, first, "300", "2026-12-10"),
		a.promise(3, first, "300", "2026-12-04"),
		a.promise(4, second, "100", "2026-12-20"),
	}
	a.pay(first, "500", "2026-12-01")
	a.pay(second, "300", "2026-12-01")
	want := map[ar.PromiseID]string{
		3: "300", // due first of those about the invoice
		2: "200", // the rest of it
		4: "100",
		1: "200", // what the others left
	}
	for _, v := range a.judge("2026-12-31", promises...) {
		if v.Paid != usd(t, want[v.Promise]) {
			t.Errorf("promise %d: %s paid, want %s", v.Promise, v.Paid, want[v.Promise])
		}
	}
}

// TestLatePaymentCorrectsAVerdict: a payment that the sync brings late, with an
// earlier date, makes a broken promise a kept one, and it is said.
func TestLatePaymentCorrectsAVerdict(t *testing.T) {
	t.Parallel()
	a := newWritten(t)
	p := a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
	given := a.judge("2026-12-05", p)[0]
	if c, ok := ar.Correct(given, a.judge("2026-12-06", p)[0]); ok {
		t.Errorf("nothing came, but %s", c.Sentence())
	}
	a.pay(p.Document, "500", "2026-12-03")
	now := a.judge("2026-12-07", p)[0]
	c, ok := ar.Correct(given, now)
	want := "Corrected from broken to kept, by what the ledger brought since. Kept: $500.00 was paid by Thu 3 Dec 2026."
	if !ok || c.Sentence() != want {
		t.Errorf("got %v, %s; want %s", ok, c.Sentence(), want)
	}
	if c, ok := ar.Correct(a.judge("2026-12-04", p)[0], now); ok && c.From.State == ar.PromiseOpen {
		t.Error("no verdict was given, so that there is none to correct")
	}
	partly := newWritten(t)
	p = partly.promise(1, partly.invoice("500", "2026-11-01"), "500", "2026-12-04")
	partly.pay(p.Document, "100", "2026-12-01")
	given = partly.judge("2026-12-05", p)[0]
	partly.pay(p.Document, "150", "2026-12-03")
	c, ok = ar.Correct(given, partly.judge("2026-12-07", p)[0])
	if want := "Corrected, by what the ledger brought since. Partly kept: $250.00 of $500.00 was paid by Fri 4 Dec 2026, $250.00 is missing."; !ok || c.Sentence() != want {
		t.Errorf("got %v, %s; want %s", ok, c.Sentence(), want)
	}
}

func TestPaidOn(t *testing.T) {
	t.Parallel()
	a := newWritten(t)
	p := a.promise(1, a.invoice("1000", "2026-11-01"), "500", "2026-12-04")
	a.pay(p.Document, "300", "2026-11-25")
	a.pay(p.Document, "200", "2026-11-24")
	a.settle(ar.ByCredit, p.Document, "100", "2026-11-25")
	got, err := a.PaidOn(p, p.Made.On)
	if err != nil || got != usd(t, "300") {
		t.Errorf("%s was paid that day, %v; want 300", got, err)
	}
}

func TestPromiseCheck(t *testing.T) {
	t.Parallel()
	a := newWritten(t)
	today := day(t, "2026-11-25")
	part := func(amount, due string) ar.Instalment { return ar.Instalment{Amount: usd(t, amount), Due: day(t, due)} }
	for _, tt := range []struct {
		name  string
		parts []ar.Instalment
		taken string
		says  string // "" where it is good
	}{
		{"good", []ar.Instalment{part("500", "2026-12-04")}, "0", ""},
		{"today", []ar.Instalment{part("500", "2026-11-25")}, "0", ""},
		{"two parts", []ar.Instalment{part("200", "2026-12-04"), part("300", "2026-12-31")}, "0", ""},
		{"none", nil, "0", "Say how much"},
		{"nothing", []ar.Instalment{part("0", "2026-12-04")}, "0", "above 0"},
		{"no date", []ar.Instalment{{Amount: usd(t, "5")}}, "0", "When will $5.00 be paid?"},
		{"past", []ar.Instalment{part("500", "2026-11-24")}, "0", "Tue 24 Nov 2026 is past"},
		{"a wrong year", []ar.Instalment{part("500", "2062-12-04")}, "0", "Check the year"},
		{"two on a day", []ar.Instalment{part("200", "2026-12-04"), part("300", "2026-12-04")}, "0", "does not come after"},
		{"too much", []ar.Instalment{part("500.01", "2026-12-04")}, "0", "Only $500.00 is owed on INV-7"},
		{"too much together", []ar.Instalment{part("300", "2026-12-04"), part("300", "2026-12-05")}, "0", "Only $500.00"},
		{"promised already", []ar.Instalment{part("300", "2026-12-04")}, "250", "$250.00 of the $500.00 owed on INV-7 is promised already"},
		{"other currency", []ar.Instalment{{Amount: money(t, "5", "EUR"), Due: today}}, "0", "INV-7 is in USD"},
	} {
		p := a.promise(1, 7, "1", "2026-12-04")
		p.Parts = tt.parts
		err := p.Check(ar.Subject{Label: "INV-7", Open: usd(t, "500"), Taken: usd(t, tt.taken)}, today)
		checkRefusal(t, tt.name, err, tt.says)
	}
	err := a.promise(1, 7, "1", "2026-12-04").Check(ar.Subject{Label: "INV-7", Open: usd(t, "0")}, today)
	checkRefusal(t, "nothing open", err, "Nothing is owed on INV-7")
}

// TestSL05SamePromise: the same person, subject, amounts and dates are one
// promise.
func TestSL05SamePromise(t *testing.T) {
	t.Parallel()
	a := newWritten(t)
	p := a.promise(1, 7, "500", "2026-12-05")
	again := a.promise(2, 7, "500", "2026-12-05")
	again.Note, again.Made.On = "typed again", day(t, "2026-11-26")
	if p.Key() != again.Key() {
		t.Errorf("%q and %q are one promise", p.Key(), again.Key())
	}
	seen := map[string]bool{p.Key(): true}
	for _, other := range []ar.Promise{a.promise(1, 8, "500", "2026-12-05"), a.promise(1, 7, "500.01", "2026-12-05"), a.promise(1, 7, "500", "2026-12-06"), a.promise(1, 0, "500", "2026-12-05")} {
		if seen[other.Key()] {
			t.Errorf("%q is another promise", other.Key())
		}
		seen[other.Key()] = true
	}
	again.Made.By = "U0ELI"
	if seen[again.Key()] {
		t.Error("somebody else's is another promise")
	}
}

func TestEndAPromise(t *testing.T) {
	t.Parallel()
	a := newWritten(t)
	p := a.promise(1, a.invoice("500", "2026-11-01"), "500", "2026-12-04")
	act := ar.Act{By: "U0DANA", On: day(t, "2026-11-26")}
	ended, err := p.Supersede(a.judge("2026-11-26", p)[0], act, 2)
	if err != nil || ended.End != ar.PromiseSuperseded || ended.By != 2 || ended.Ended != act {
		t.Errorf("superseded: %+v, %v", ended, err)
	}
	_, err = ended.Cancel(a.judge("2026-11-27", ended)[0], act)
	checkRefusal(t, "twice", err, "was superseded already, on Thu 26 Nov 2026")
	_, err = p.Cancel(a.judge("2026-12-05", p)[0], act)
	checkRefusal(t, "judged", err, "judged already: Broken: nothing of $500.00 was paid by Fri 4 Dec 2026. Record a new one")
}

// TestJudgeBeforeThereAreIDs: promises that are not stored yet are told apart.
func TestJudgeBeforeThereAreIDs(t *testing.T) {
	t.Parallel()
	a := newWritten(t)
	id := a.invoice("500", "2026-11-01")
	v := a.judge("2026-11-26", a.promise(0, id, "200", "2026-12-04"), a.promise(0, id, "300", "2026-12-05"))
	if len(v[0].Parts) != 1 || len(v[1].Parts) != 1 || v[0].Amount != usd(t, "200") || v[1].Amount != usd(t, "300") {
		t.Errorf("%+v", v)
	}
}

func TestJudgeNothing(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]ar.Verdict{}, newWritten(t).judge("2026-11-25"), exactly); diff != "" {
		t.Error(diff)
	}
}
