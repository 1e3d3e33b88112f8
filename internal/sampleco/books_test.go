package sampleco_test

import (
	"testing"

	"arbot/ar"
	"arbot/internal/sampleco"
)

// books are a company's records with ids of ours, as a store would give them.
type books struct {
	customers    map[string]ar.Customer
	documents    []ar.Document
	applications []ar.Application
	byRef        map[ar.Ref]ar.Document
}

func adopt(t *testing.T, c *sampleco.Company) books {
	t.Helper()
	b := books{customers: map[string]ar.Customer{}, byRef: map[ar.Ref]ar.Document{}}
	for i, r := range c.Customers() {
		if _, twice := b.customers[r.External]; twice {
			t.Fatalf("two customers have the external id %s", r.External)
		}
		parent, known := b.customers[r.Parent]
		if r.Parent != "" && !known {
			t.Fatalf("customer %s comes before its parent %s", r.External, r.Parent)
		}
		b.customers[r.External] = ar.Customer{ID: ar.CustomerID(i + 1), Name: r.Name, Parent: parent.ID, Terms: r.Terms}
	}
	for i, r := range c.Documents() {
		b.addDocument(t, ar.DocumentID(i+1), r)
	}
	for _, r := range c.Applications() {
		b.addApplication(t, r)
	}
	return b
}

func (b *books) addDocument(t *testing.T, id ar.DocumentID, r ar.DocumentRecord) {
	t.Helper()
	customer, known := b.customers[r.Customer]
	if !known {
		t.Fatalf("document %s is of customer %q, who is not there", r.Key(), r.Customer)
	}
	if _, twice := b.byRef[r.Ref]; twice {
		t.Fatalf("two documents have the key %s", r.Key())
	}
	d := ar.Document{
		ID: id, External: r.External, Kind: r.Kind, Number: r.Number,
		Customer: customer.ID, Amount: r.Amount, Date: r.Date, Terms: r.Terms, Status: r.Status,
	}
	d.Due, d.DueBasis = ar.DueDate(r.Date, r.Due, r.Terms, customer.Terms)
	b.documents = append(b.documents, d)
	b.byRef[r.Ref] = d
}

func (b *books) addApplication(t *testing.T, r ar.ApplicationRecord) {
	t.Helper()
	to, known := b.byRef[r.To]
	if !known {
		t.Fatalf("application %s is to %s, which is not there", r.External, r.To.Key())
	}
	var from ar.Document
	if r.From != (ar.Ref{}) {
		if from, known = b.byRef[r.From]; !known {
			t.Fatalf("application %s is from %s, which is not there", r.External, r.From.Key())
		}
	}
	if !r.Deleted {
		b.applications = append(b.applications, ar.Application{
			External: r.External, From: from.ID, To: to.ID, Kind: r.Kind, Amount: r.Amount, Date: r.Date,
		})
	}
}
