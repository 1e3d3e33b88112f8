package ar

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Basis is the date from which an item ages.
type Basis string

// The bases of aging.
const (
	// ByDueDate counts from the due date: the default.
	ByDueDate Basis = "due"
	// ByInvoiceDate counts from the document's own date.
	ByInvoiceDate Basis = "invoice"
)

// Edges are the last days of the buckets but the last, rising: {0, 30, 60, 90}
// means current (0 or less), 1-30, 31-60, 61-90 and 91+.
type Edges []int

// DefaultEdges returns the buckets that ledgers show: current, 1-30, 31-60,
// 61-90, 91+ by due date; 0-30, 31-60, 61-90, 91-120, 121+ by invoice date.
func DefaultEdges(b Basis) Edges {
	if b == ByInvoiceDate {
		return Edges{30, 60, 90, 120}
	}
	return Edges{0, 30, 60, 90}
}

// ParseEdges reads "30,60,90" as people write it in a config. By due date the
// bucket of what is not due yet is put before them.
func ParseEdges(s string, b Basis) (Edges, error) {
	var edges Edges
	if b == ByDueDate {
		edges = append(edges, 0)
	}
	for part := range strings.SplitSeq(s, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n <= 0 || len(edges) > 0 && n <= edges[len(edges)-1] {
			return nil, fmt.Errorf("%q are not rising days such as 30,60,90", s)
		}
		edges = append(edges, n)
	}
	return edges, nil
}

// Bucket returns the number of the bucket for an age in days. Every age has
// exactly one.
func (e Edges) Bucket(days int) int {
	i, _ := slices.BinarySearch(e, days)
	return i
}

// Count returns how many buckets there are.
func (e Edges) Count() int { return len(e) + 1 }

// Label names a bucket: "Current", "1-30", "91+"; "All" where there is but one.
func (e Edges) Label(bucket int) string {
	switch {
	case len(e) == 0:
		return "All"
	case bucket == 0 && e[0] <= 0:
		return "Current"
	case bucket == 0:
		return fmt.Sprintf("0-%d", e[0])
	case bucket < len(e) && e[bucket] == e[bucket-1]+1:
		return strconv.Itoa(e[bucket])
	case bucket >= len(e):
		return fmt.Sprintf("%d+", e[len(e)-1]+1)
	}
	return fmt.Sprintf("%d-%d", e[bucket-1]+1, e[bucket])
}

// AgingRule says how to age.
type AgingRule struct {
	AsOf  Date
	Basis Basis
	Edges Edges
	// LedgerView puts unapplied credits inside the buckets, by their own
	// date, as a ledger's own report does. It serves the tie-out.
	LedgerView bool
}

// NewAgingRule returns the rule with the default edges of its basis.
func NewAgingRule(asOf Date, b Basis) AgingRule {
	return AgingRule{AsOf: asOf, Basis: b, Edges: DefaultEdges(b)}
}

// AgeFrom returns the date from which an item ages under the rule.
func (r AgingRule) AgeFrom(i OpenItem) Date {
	if r.Basis == ByInvoiceDate || !i.Owed() {
		return i.Date
	}
	return i.Due
}

// Aging is what is owed in one currency, by age. Digests keep it as JSON.
type Aging struct {
	Currency Currency `json:"currency"`
	// Buckets hold open invoices only (and credits too in the ledger view).
	Buckets []Money `json:"buckets"`
	// Unapplied is credit and payment that is set against nothing yet, above
	// 0; it is in no bucket. 0 in the ledger view.
	Unapplied Money `json:"unapplied"`
	// Items counts the open items that are owed.
	Items int `json:"items"`
}

// NewAging returns an empty aging with the buckets of a rule.
func NewAging(c Currency, e Edges) Aging {
	a := Aging{Currency: c, Buckets: make([]Money, e.Count()), Unapplied: NewMoney(0, c)}
	for i := range a.Buckets {
		a.Buckets[i] = NewMoney(0, c)
	}
	return a
}

// Age sorts open items into buckets, one Aging per currency, by code. The
// buckets are a partition: Net equals the sum of all Open amounts, always.
func Age(items []OpenItem, r AgingRule) ([]Aging, error) {
	byCurrency := map[Currency]*Aging{}
	for _, i := range items {
		a := byCurrency[i.Open.Currency()]
		if a == nil {
			fresh := NewAging(i.Open.Currency(), r.Edges)
			a = &fresh
			byCurrency[i.Open.Currency()] = a
		}
		if err := a.add(i, r); err != nil {
			return nil, fmt.Errorf("age %s: %w", i.Label(), err)
		}
	}
	agings := make([]Aging, 0, len(byCurrency))
	for _, a := range byCurrency {
		agings = append(agings, *a)
	}
	slices.SortFunc(agings, func(a, b Aging) int { return strings.Compare(string(a.Currency), string(b.Currency)) })
	return agings, nil
}

func (a *Aging) add(i OpenItem, r AgingRule) (err error) {
	if i.Owed() {
		a.Items++
	} else if !r.LedgerView {
		a.Unapplied, err = a.Unapplied.Sub(i.Open)
		return err
	}
	bucket := &a.Buckets[r.Edges.Bucket(r.AsOf.Sub(r.AgeFrom(i)))]
	*bucket, err = bucket.Add(i.Open)
	return err
}

// Gross returns the sum of the buckets.
func (a Aging) Gross() (Money, error) { return Sum(a.Buckets...) }

// Overdue returns the sum of the buckets past the first: what is past due
// where the aging is by due date.
func (a Aging) Overdue() (Money, error) { return Sum(a.Buckets[1:]...) }

// Current returns the first bucket: what is not past due where the aging is by
// due date.
func (a Aging) Current() Money { return a.Buckets[0] }

// Net returns what the ledger calls A/R: the buckets less unapplied credit.
func (a Aging) Net() (Money, error) {
	gross, err := a.Gross()
	if err != nil {
		return Money{}, err
	}
	return gross.Sub(a.Unapplied)
}

// Plus returns the sum of two agings of one currency and the same buckets.
func (a Aging) Plus(o Aging) (Aging, error) {
	if len(a.Buckets) != len(o.Buckets) {
		return Aging{}, fmt.Errorf("%w: agings with %d and %d buckets", ErrMoney, len(a.Buckets), len(o.Buckets))
	}
	sum := Aging{Currency: a.Currency, Buckets: make([]Money, len(a.Buckets)), Items: a.Items + o.Items}
	var err error
	for i := range a.Buckets {
		if sum.Buckets[i], err = a.Buckets[i].Add(o.Buckets[i]); err != nil {
			return Aging{}, err
		}
	}
	sum.Unapplied, err = a.Unapplied.Add(o.Unapplied)
	return sum, err
}

// AgingRow is the aging of one group in one currency: a customer, a sales
// owner, or the whole book.
type AgingRow struct {
	Aging
	// Customer is set where the rows are by customer.
	Customer CustomerID
	// Owner is set where the rows are by customer or by owner; "" is nobody.
	Owner string
	// Name is the customer's, where the rows are by customer.
	Name string
	// OverdueItems counts the items past due.
	OverdueItems int
	// OldestDue is the earliest due date of what is past due.
	OldestDue Date
	// Weight is the sum of open minor units times days overdue: amount by age.
	Weight int64
}

// Grouping says what the rows of an aging stand for.
type Grouping string

// The groupings of an aging.
const (
	WholeBook  Grouping = "book"
	ByCustomer Grouping = "customer"
	ByOwner    Grouping = "owner"
)
