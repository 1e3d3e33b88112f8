package ar_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
)

// row makes an aging row by customer with one amount that is overdue; weight is
// amount by age.
func row(t testing.TB, customer int, owner, overdue string, c ar.Currency, oldest string, weight int64) ar.AgingRow {
	t.Helper()
	r := ar.AgingRow{
		Aging: ar.NewAging(c, ar.DefaultEdges(ar.ByDueDate)), Customer: ar.CustomerID(customer), Name: fmt.Sprint("Customer ", customer),
		Owner: owner, Weight: weight,
	}
	r.Buckets[0] = money(t, "1000.00", c) // not due yet: in no list
	if r.Buckets[1] = money(t, overdue, c); !r.Buckets[1].IsZero() {
		r.OverdueItems, r.OldestDue = 2, day(t, oldest)
	}
	return r
}

// lines writes account lines: "1 $500.00 + EUR.. 30d 2".
func lines(list []ar.AccountLine) string {
	written := make([]string, len(list))
	for i, l := range list {
		amounts := make([]string, len(l.Amounts))
		for n, m := range l.Amounts {
			amounts[n] = m.String()
		}
		written[i] = fmt.Sprintf("%d %s %dd x%d", l.Customer, strings.Join(amounts, " + "), l.OldestDays, l.Items)
	}
	return strings.Join(written, ", ")
}

func TestOverdueLines(t *testing.T) {
	t.Parallel()
	rows := []ar.AgingRow{
		row(t, 1, "ann", "900.00", "USD", "2026-11-20", 4500),  // more money
		row(t, 2, "bob", "100.00", "USD", "2026-08-17", 10000), // but this one is older
		row(t, 3, "", "0.00", "USD", "", 0),
		row(t, 1, "ann", "70.00", "EUR", "2026-10-26", 2100),
		row(t, 4, "", "50.00", "EUR", "2026-11-24", 50),
		row(t, 5, "bob", "10.00", "USD", "2026-11-24", 10),
		row(t, 6, "ann", "10.00", "USD", "2026-11-24", 10), // the same: by name
		row(t, 7, "ann", "0.00", "EUR", "", 0),
	}
	list, err := ar.OverdueLines(rows, day(t, "2026-11-25"))
	if err != nil {
		t.Fatal(err)
	}
	// Four in USD and two in EUR: the first and second of USD stand at 1/8 and
	// 3/8 of the list, the first of EUR at 1/4; customer 1 stands where the
	// better of its two currencies puts it.
	want := "2 $100.00 100d x2, 1 €70.00 + $900.00 30d x4, 5 $10.00 1d x2, 4 €50.00 1d x2, 6 $10.00 1d x2"
	if got := lines(list); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	seen := map[ar.CustomerID]bool{}
	for _, l := range list {
		if seen[l.Customer] {
			t.Errorf("customer %d is listed twice", l.Customer)
		}
		seen[l.Customer] = true
	}
	if rows[0].Customer != 1 || rows[3].Currency != "EUR" {
		t.Error("the rows were sorted in place")
	}
	// By name where weight and amount are the same; and 8, which is last in EUR,
	// stands where USD puts it, beside the second of EUR.
	list, err = ar.OverdueLines([]ar.AgingRow{
		row(t, 9, "", "10.00", "EUR", "2026-11-24", 10), row(t, 10, "", "10.00", "EUR", "2026-11-24", 10),
		row(t, 8, "", "5.00", "EUR", "2026-11-24", 5), row(t, 8, "", "5.00", "USD", "2026-11-24", 5),
	}, day(t, "2026-11-25"))
	if got, want := lines(list), "10 €10.00 1d x2, 9 €10.00 1d x2, 8 €5.00 + $5.00 1d x4"; err != nil || got != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
}

func TestOrphans(t *testing.T) {
	t.Parallel()
	list := []ar.AccountLine{{Customer: 1, Owner: "ann"}, {Customer: 4, Items: 2, OldestDays: 1, Amounts: []ar.Money{money(t, "50.00", "EUR")}}}
	if got := lines(ar.Orphans(list)); got != "4 €50.00 1d x2" {
		t.Errorf("orphans %s", got)
	}
}

func TestByOwnerLines(t *testing.T) {
	t.Parallel()
	line := func(customer int, owner string, amounts ...ar.Money) ar.AccountLine {
		return ar.AccountLine{Customer: ar.CustomerID(customer), Owner: owner, Amounts: amounts}
	}
	list := []ar.AccountLine{
		line(1, "", usd(t, "900.00")),
		line(2, "bob", usd(t, "500.00"), money(t, "1.00", "EUR")),
		line(3, "ann", usd(t, "400.00")),
		line(4, "bob", usd(t, "300.00")),
	}
	owners, err := ar.ByOwnerLines(list)
	if err != nil {
		t.Fatal(err)
	}
	want := []ar.OwnerLine{
		{Owner: "bob", Amounts: []ar.Money{usd(t, "800.00"), money(t, "1.00", "EUR")}, Accounts: []ar.AccountLine{list[1], list[3]}},
		{Owner: "ann", Amounts: []ar.Money{usd(t, "400.00")}, Accounts: []ar.AccountLine{list[2]}},
		{Owner: "", Amounts: []ar.Money{usd(t, "900.00")}, Accounts: []ar.AccountLine{list[0]}},
	}
	if diff := cmp.Diff(want, owners, exactly); diff != "" {
		t.Errorf("by owner (-want +got):\n%s", diff)
	}
	if list[1].Amounts[0] != usd(t, "500.00") {
		t.Error("the sum of an owner went into a line")
	}
}

func TestUnappliedLines(t *testing.T) {
	t.Parallel()
	unapplied := func(customer int, amount string, c ar.Currency) ar.AgingRow {
		r := row(t, customer, "ann", "0.00", c, "", 0)
		r.Unapplied = money(t, amount, c)
		return r
	}
	list, err := ar.UnappliedLines([]ar.AgingRow{
		unapplied(1, "5.00", "USD"), unapplied(2, "20.00", "USD"), unapplied(3, "0.00", "USD"), unapplied(1, "7.00", "EUR"), unapplied(4, "5.00", "USD"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := lines(list), "2 $20.00 0d x0, 1 €7.00 + $5.00 0d x0, 4 $5.00 0d x0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestItemLines(t *testing.T) {
	t.Parallel()
	item := func(customer int, amount string, c ar.Currency) ar.OpenItem {
		return ar.OpenItem{Document: ar.Document{ID: 9, Customer: ar.CustomerID(customer)}, Open: money(t, amount, c)}
	}
	rows := []ar.AgingRow{row(t, 1, "ann", "0.00", "USD", "", 0), row(t, 2, "", "0.00", "USD", "", 0)}
	list, err := ar.ItemLines([]ar.OpenItem{
		item(1, "10.00", "USD"), item(2, "25.00", "USD"), item(1, "20.00", "USD"), item(2, "3.00", "EUR"),
	}, rows)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := lines(list), "1 $30.00 0d x2, 2 €3.00 + $25.00 0d x2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if list[0].Name != "Customer 1" || list[0].Owner != "ann" {
		t.Errorf("the line is of %s and %s", list[0].Name, list[0].Owner)
	}
	if list, err := ar.ItemLines([]ar.OpenItem{item(3, "1.00", "USD")}, rows); err == nil || !strings.Contains(err.Error(), "open item 9: customer 3") {
		t.Errorf("an item of an unknown customer: %v, %v", list, err)
	}
	if list, err := ar.ItemLines(nil, rows); err != nil || len(list) != 0 {
		t.Errorf("no items: %v, %v", list, err)
	}
}

func TestNewlyOverdue(t *testing.T) {
	t.Parallel()
	from, to := day(t, "2026-11-24"), day(t, "2026-11-25")
	move := func(id int, due string, before, after int64) ar.OverdueMove {
		return ar.OverdueMove{Document: ar.DocumentID(id), Customer: 1, Due: day(t, due), Before: ar.NewMoney(before, "USD"), After: ar.NewMoney(after, "USD")}
	}
	items := ar.NewlyOverdue([]ar.OverdueMove{
		move(1, "2026-11-23", 5, 5), // was overdue
		move(2, "2026-11-24", 5, 5), // was due
		move(3, "2026-11-24", 5, 0), // and was paid
		move(4, "2026-11-25", 5, 5), // is due today
		move(5, "2026-10-01", 0, 5), // came back
	}, from, to)
	var got []ar.DocumentID
	for _, i := range items {
		if got = append(got, i.ID); i.Customer != 1 || i.Open != ar.NewMoney(5, "USD") {
			t.Errorf("item %+v", i)
		}
	}
	if diff := cmp.Diff([]ar.DocumentID{2, 5}, got); diff != "" {
		t.Errorf("newly overdue (-want +got):\n%s", diff)
	}
}

// TestFigures: what a digest said comes back from JSON as it was said.
func TestFigures(t *testing.T) {
	t.Parallel()
	totals, err := ar.Age(twoCustomers(t).open("2026-11-25"), byDueDate(t, "2026-11-25"))
	if err != nil {
		t.Fatal(err)
	}
	known := time.Date(2026, 11, 25, 8, 30, 0, 0, time.UTC)
	standings, err := ar.Standings([]ar.AgingRow{{Aging: totals[0]}, {Aging: ar.NewAging("JPY", ar.Edges{0})}})
	if err != nil {
		t.Fatal(err)
	}
	said := ar.Digest{Day: day(t, "2026-11-25"), Totals: standings}.Figures(known)
	if want := []ar.Money{ar.NewMoney(0, "JPY"), usd(t, "1100.00")}; !cmp.Equal(said.Overdue, want, exactly) {
		t.Errorf("overdue %v", said.Overdue)
	}
	encoded, err := json.Marshal(said)
	if err != nil {
		t.Fatal(err)
	}
	var back ar.DigestFigures
	if err := json.Unmarshal(encoded, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(said, back, exactly); diff != "" {
		t.Errorf("figures (-said +read):\n%s", diff)
	}
	if !strings.Contains(string(encoded), `"as_of":"2026-11-25"`) || !strings.Contains(string(encoded), `"buckets":["USD 950.00",`) || !strings.Contains(string(encoded), `"overdue":["JPY 0","USD 1100.00"]`) {
		t.Errorf("written as %s", encoded)
	}
}

func TestEmptyDigest(t *testing.T) {
	t.Parallel()
	list := ar.AccountList{Lines: []ar.AccountLine{{Customer: 1}}}
	if d := (ar.Digest{Totals: make([]ar.Standing, 1), Bridges: make([]ar.Bridge, 1)}); !d.Empty() {
		t.Error("totals alone are something to say")
	}
	for name, d := range map[string]ar.Digest{
		"overdue": {Overdue: list}, "newly": {Newly: list}, "received": {Received: make([]ar.Received, 1)},
		"unapplied": {Unapplied: list}, "due soon": {DueSoon: list},
	} {
		if d.Empty() {
			t.Errorf("%s is nothing to say", name)
		}
	}
}

func TestSumsOfLists(t *testing.T) {
	t.Parallel()
	euro := money(t, "5.00", "EUR")
	lines := []ar.AccountLine{{Amounts: []ar.Money{usd(t, "1.00"), euro}}, {Amounts: []ar.Money{usd(t, "2.00")}}}
	list, err := ar.NewAccountList(lines)
	if diff := cmp.Diff(ar.AccountList{Lines: lines, Sums: []ar.Money{usd(t, "3.00"), euro}}, list, exactly); err != nil || diff != "" {
		t.Errorf("%v, list (-want +got):\n%s", err, diff)
	}
	sums, err := ar.SumReceived([]ar.Received{{Amount: euro}, {Amount: usd(t, "1.00")}, {Amount: euro}})
	if diff := cmp.Diff([]ar.Money{money(t, "10.00", "EUR"), usd(t, "1.00")}, sums, exactly); err != nil || diff != "" {
		t.Errorf("%v, received (-want +got):\n%s", err, diff)
	}
}

// TestOverflowOfLists: a sum that does not fit is an error in every list.
func TestOverflowOfLists(t *testing.T) {
	t.Parallel()
	most := ar.NewMoney(math.MaxInt64, "USD")
	full := row(t, 1, "ann", "0.01", "USD", "2026-11-01", 1)
	full.Buckets[2] = most
	twice := []ar.AccountLine{{Amounts: []ar.Money{most}}, {Amounts: []ar.Money{most}}}
	halves := row(t, 1, "ann", "0.00", "USD", "", 0)
	halves.Unapplied = most
	for name, f := range map[string]func() error{
		"overdue":         func() error { _, err := ar.OverdueLines([]ar.AgingRow{full}, day(t, "2026-11-25")); return err },
		"unapplied":       func() error { _, err := ar.UnappliedLines([]ar.AgingRow{halves, halves}); return err },
		"by owner":        func() error { _, err := ar.ByOwnerLines(twice); return err },
		"sum of a list":   func() error { _, err := ar.NewAccountList(twice); return err },
		"received":        func() error { _, err := ar.SumReceived([]ar.Received{{Amount: most}, {Amount: most}}); return err },
		"standing":        func() error { _, err := ar.NewStanding(full, ar.Money{}, ar.Money{}); return err },
		"sum of accounts": func() error { _, err := ar.Standings([]ar.AgingRow{halves, halves}); return err },
		"items": func() error {
			item := ar.OpenItem{Document: ar.Document{Customer: 1}, Open: most}
			_, err := ar.ItemLines([]ar.OpenItem{item, item}, []ar.AgingRow{full})
			return err
		},
	} {
		if err := f(); !errors.Is(err, ar.ErrMoney) {
			t.Errorf("%s: %v; want ErrMoney", name, err)
		}
	}
}

func TestStandings(t *testing.T) {
	t.Parallel()
	acme := row(t, 1, "ann", "500.00", "USD", "2026-10-31", 100)
	acme.Items = 3
	beta := row(t, 2, "bob", "40.00", "USD", "2026-11-20", 10)
	beta.Items, beta.Unapplied = 4, usd(t, "100.00")
	gamma := row(t, 3, "ann", "7.00", "EUR", "2026-11-24", 1)

	one, err := ar.NewStanding(acme, usd(t, "50.00"), usd(t, "25.00"))
	if err != nil || one.Overdue != usd(t, "500.00") || one.Net != usd(t, "1500.00") || one.ToChase != usd(t, "425.00") || one.Customer != 1 {
		t.Errorf("one account: %+v, %v", one, err)
	}
	idle := row(t, 4, "bob", "0.00", "USD", "", 0) // nothing overdue, and the first
	all, err := ar.Standings([]ar.AgingRow{idle, acme, gamma, beta, idle})
	if err != nil || len(all) != 2 || all[0].Currency != "EUR" || all[1].Currency != "USD" {
		t.Fatalf("%+v, %v", all, err)
	}
	s := all[1]
	if s.Overdue != usd(t, "540.00") || s.Net != usd(t, "4440.00") || s.Unapplied != usd(t, "100.00") || s.Items != 7 || s.OverdueItems != 4 || s.Weight != 110 {
		t.Errorf("the book: %+v", s)
	}
	// Beta's credit of 100.00 is more than its own 40.00 and pays nothing of Acme's.
	if s.ToChase != usd(t, "500.00") {
		t.Errorf("to chase %s, want $500.00", s.ToChase)
	}
	if s.Customer != 0 || s.Name != "" || s.Owner != "" || s.OldestDue != acme.OldestDue {
		t.Errorf("the book is said to be of %d %q %q, oldest %s", s.Customer, s.Name, s.Owner, s.OldestDue)
	}
	if acme.Buckets[1] != usd(t, "500.00") || beta.Buckets[1] != usd(t, "40.00") {
		t.Error("the sum went into a row")
	}
}
