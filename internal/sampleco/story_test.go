package sampleco_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/internal/sampleco"
)

// acmeBooks are the documents and applications of the account that the demo
// shows.
func acmeBooks(t *testing.T, c *sampleco.Company) (b books, documents []ar.Document) {
	t.Helper()
	b = adopt(t, c)
	var found []ar.Customer
	for _, customer := range b.customers {
		if strings.Contains(customer.Name, "Acme") {
			found = append(found, customer)
		}
	}
	if len(found) != 1 || found[0].Name != "Acme Corporation" {
		t.Fatalf("searching Acme finds %v, want Acme Corporation alone", found)
	}
	for _, d := range b.documents {
		if d.Customer == found[0].ID {
			documents = append(documents, d)
		}
	}
	return b, documents
}

// TestAcmeIsWorthALook: on the day that the options name, whatever the seed and
// the day of the week, Acme has something in every part of its status.
func TestAcmeIsWorthALook(t *testing.T) {
	t.Parallel()
	for day := range 14 {
		today := ar.NewDate(2026, time.December, 20).AddDays(day)
		c := sampleco.New(sampleco.Options{Seed: uint64(day), Today: today})
		b, documents := acmeBooks(t, c)
		items, err := ar.OpenItems(documents, b.applicationsOf(documents), today)
		if err != nil {
			t.Fatal(err)
		}
		agings, err := ar.Age(items, ar.NewAgingRule(today, ar.ByDueDate))
		if err != nil {
			t.Fatal(err)
		}
		want := []ar.Aging{{
			Currency: "USD",
			Buckets: []ar.Money{
				usd(9_872_40 + 5_540_00), usd(12_960_75 + 3_188_20), usd(7_415_50), usd(8_240_00), usd(0),
			},
			Unapplied: usd(1_150_00),
			Items:     6,
		}}
		if diff := cmp.Diff(want, agings, money); diff != "" {
			t.Fatalf("aging of Acme on %s (-want +got):\n%s", today.Long(), diff)
		}
		last := slices.MaxFunc(documents, func(a, b ar.Document) int {
			return paymentDate(a).Compare(paymentDate(b))
		})
		if days := today.Sub(last.Date); last.Amount != usd(6_310_80+4_205_00) || days < 10 || days > 16 {
			t.Fatalf("the last payment is %s, %d days ago", last.Amount, days)
		}
		speed := ar.NewPaySpeed(b.paid(documents))
		if speed.Invoices < 10 || speed.DaysToPayTenths < 350 || speed.DaysToPayTenths > 500 {
			t.Fatalf("pay speed %+v over a year", speed)
		}
	}
}

// TestTheFirstWeekHasNews walks five days forward and looks for each kind of
// news.
func TestTheFirstWeekHasNews(t *testing.T) {
	t.Parallel()
	c := sampleco.New(sampleco.Options{})
	was := adopt(t, c)
	first := c.Today()
	c.Advance(7)
	is, acmes := acmeBooks(t, c)

	var backdated, voided, issued, paid int
	for i, d := range is.documents {
		switch {
		case i >= len(was.documents) && !d.Date.After(first):
			backdated++
		case i >= len(was.documents) && d.Kind == ar.Invoice:
			issued++
		case i >= len(was.documents) && d.Kind == ar.Payment:
			paid++
		case i < len(was.documents) && d.Status == ar.Void && was.documents[i].Status == ar.Posted:
			voided++
		}
	}
	if backdated == 0 || voided == 0 || issued == 0 || paid == 0 {
		t.Errorf("in a week: %d entries dated earlier, %d voided, %d invoices, %d payments; want some of each", backdated, voided, issued, paid)
	}
	if len(is.customers) != len(was.customers)+1 {
		t.Errorf("%d customers became %d, want one more", len(was.customers), len(is.customers))
	}
	items, err := ar.OpenItems(acmes, is.applicationsOf(acmes), c.Today())
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range items {
		if !i.Owed() || i.DaysOverdue(c.Today()) > 60 {
			t.Errorf("after a week %s of Acme is still open with %s", i.Label(), i.Open)
		}
	}
}

// TestLooksLikeABusiness holds the figures of the default company inside what
// such a business sees.
func TestLooksLikeABusiness(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		c := sampleco.New(sampleco.Options{Seed: seed})
		b := adopt(t, c)
		counts := map[ar.DocumentKind]int{}
		for _, d := range b.documents {
			counts[d.Kind]++
		}
		if n := counts[ar.Invoice]; n < 1350 || n > 1650 {
			t.Errorf("seed %d: %d invoices, want about 1500", seed, n)
		}
		if counts[ar.Payment] < 500 || counts[ar.CreditMemo] < 10 || counts[ar.Journal] == 0 {
			t.Errorf("seed %d: documents by kind: %v", seed, counts)
		}
		items, err := ar.OpenItems(b.documents, b.applications, c.Today())
		if err != nil {
			t.Fatal(err)
		}
		agings, err := ar.Age(items, ar.NewAgingRule(c.Today(), ar.ByDueDate))
		if err != nil {
			t.Fatal(err)
		}
		if len(agings) != 2 || agings[0].Currency != "EUR" || agings[1].Currency != "USD" {
			t.Fatalf("seed %d: agings %v, want EUR and USD", seed, agings)
		}
		dollars := agings[1]
		gross, err := dollars.Gross()
		if err != nil {
			t.Fatal(err)
		}
		overdue, err := dollars.Overdue()
		if err != nil {
			t.Fatal(err)
		}
		if share := overdue.Minor() * 100 / gross.Minor(); share < 15 || share > 50 {
			t.Errorf("seed %d: %d%% of %s are overdue, want 15 to 50%%", seed, share, gross)
		}
		if dollars.Unapplied.Sign() <= 0 || dollars.Unapplied.Minor()*5 > gross.Minor() {
			t.Errorf("seed %d: unapplied %s of %s", seed, dollars.Unapplied, gross)
		}
	}
}

// TestMishapsHappen counts, over some companies and days, what makes books hard
// to read. Each has to be there for the tests and the demo that build on it.
func TestMishapsHappen(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for seed := range uint64(3) {
		c := sampleco.New(sampleco.Options{Seed: seed})
		for range 5 {
			countMishaps(seen, adopt(t, c), c)
			c.Advance(1)
		}
	}
	for _, what := range []string{
		"void invoice", "void payment", "draft invoice", "posted refund", "posted journal", "posted credit_memo",
		"write_off", "credit", "applied before the invoice", "taken back", "paid by the parent", "no due date", "due by terms",
		"unused payment", "unused credit_memo",
	} {
		if seen[what] == 0 {
			t.Errorf("%s: none among %v", what, seen)
		}
	}
}

func countMishaps(seen map[string]int, b books, c *sampleco.Company) {
	used := map[ar.DocumentID]int64{}
	for _, a := range c.Applications() {
		to, from := b.byRef[a.To], b.byRef[a.From]
		seen[string(a.Kind)]++
		switch {
		case a.Deleted:
			seen["taken back"]++
			continue
		case a.Date.Before(to.Date):
			seen["applied before the invoice"]++
		case from.ID != 0 && from.Customer != to.Customer:
			seen["paid by the parent"]++
		}
		used[from.ID] += a.Amount.Minor()
	}
	for _, d := range b.documents {
		seen[string(d.Status)+" "+string(d.Kind)]++
		switch {
		case d.Kind == ar.Invoice && d.DueBasis == ar.DueMissing:
			seen["no due date"]++
		case d.Kind == ar.Invoice && d.DueBasis == ar.DueByTerms:
			seen["due by terms"]++
		case d.Status == ar.Posted && d.Effect().Sign() < 0 && used[d.ID] == 0:
			seen["unused "+string(d.Kind)]++
		}
	}
}

// applicationsOf are the applications with a side among the documents.
func (b books) applicationsOf(documents []ar.Document) []ar.Application {
	ours := map[ar.DocumentID]bool{}
	for _, d := range documents {
		ours[d.ID] = true
	}
	var applications []ar.Application
	for _, a := range b.applications {
		if ours[a.From] || ours[a.To] {
			applications = append(applications, a)
		}
	}
	return applications
}

// paid are the invoices among the documents that are settled.
func (b books) paid(documents []ar.Document) []ar.PaidInvoice {
	left, settled := map[ar.DocumentID]int64{}, map[ar.DocumentID]ar.Date{}
	for _, a := range b.applications {
		left[a.To] += a.Amount.Minor()
		settled[a.To] = ar.Latest(settled[a.To], a.Date)
	}
	var paid []ar.PaidInvoice
	for _, d := range documents {
		if d.Kind == ar.Invoice && left[d.ID] == d.Amount.Minor() {
			paid = append(paid, ar.PaidInvoice{Date: d.Date, Due: d.Due, Settled: settled[d.ID], Amount: d.Amount})
		}
	}
	return paid
}

func paymentDate(d ar.Document) ar.Date {
	if d.Kind != ar.Payment {
		return ar.Date{}
	}
	return d.Date
}

func usd(minor int64) ar.Money { return ar.NewMoney(minor, "USD") }
