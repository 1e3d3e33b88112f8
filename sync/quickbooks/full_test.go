package quickbooks

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	arsync "arbot/sync"
)

// many fills books with invoices of 1.00, with ids from 1001 on.
func many(n int) *ledgerBooks {
	b := newBooks()
	b.put(customers, person("1", "Cedar Foods"))
	list := make([]obj, n)
	for i := range list {
		list[i] = bill(strconv.Itoa(1001+i), "1", 1)
		list[i]["SyncToken"] = "0"
		list[i]["MetaData"] = obj{"LastUpdatedTime": b.now.Format(time.RFC3339)}
	}
	b.objects[invoices] = list
	b.tick(time.Hour)
	return b
}

// invoicePages are the start positions that invoices were asked for at.
func invoicePages(b *ledgerBooks) []string {
	var starts []string
	for _, c := range b.asked("query select * from Invoice ") {
		_, start, _ := strings.Cut(c, "startposition ")
		start, size, _ := strings.Cut(start, " maxresults ")
		starts = append(starts, start+"+"+size)
	}
	return starts
}

func TestSY03AllPagesAreRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		invoices int
		pages    []string
	}{
		{2350, []string{"1+1000", "1001+1000", "2001+1000"}},
		{1000, []string{"1+1000", "1001+1000"}}, // the second is {"QueryResponse": {}}
		{999, []string{"1+1000"}},
		{0, []string{"1+1000"}},
	} {
		b := many(c.invoices)
		p, _ := full(t, b.source())
		if diff := cmp.Diff(c.pages, invoicePages(b)); diff != "" {
			t.Errorf("%d invoices: pages (-want +got):\n%s", c.invoices, diff)
		}
		open := newView().take(p).open(t)
		if len(open) != c.invoices || sum(open) != int64(c.invoices*100) {
			t.Errorf("%d invoices: got %d with %d cents", c.invoices, len(open), sum(open))
		}
	}
}

// The default page of 100 rows must not be taken for everything.
func TestFailure9DefaultPageSize(t *testing.T) {
	t.Parallel()
	b := many(101)
	for i := range 101 {
		b.put(accounts, obj{"Id": strconv.Itoa(200 + i), "Name": "Account " + strconv.Itoa(i), "AccountType": "Bank", "Active": true})
	}
	p, _ := full(t, b.source())
	if len(p.Documents) != 101 {
		t.Errorf("got %d invoices, want 101", len(p.Documents))
	}
	for _, call := range b.asked("query") {
		if !strings.Contains(call, "maxresults 1000") && !strings.Contains(call, "Preferences") && !strings.Contains(call, "count(*)") {
			t.Errorf("%q leaves the size of its page to QuickBooks", call)
		}
	}
}

// A full reading knows about how long it is: a payment is an entry with a document and what
// it pays for. Where QuickBooks does not say, it is read all the same.
func TestFullReadingEstimatesItsLength(t *testing.T) {
	t.Parallel()
	b := many(1200)
	asleep := person("2", "Elm Press")
	asleep["Active"] = false
	b.put(customers, asleep)
	b.put(payments, receipt("70", "1", 1, settles(1, "Invoice", "1001")))
	b.put(journalEntries, obj{"Id": "90", "TxnDate": "2026-11-02"})
	reading, err := b.source().Full(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := 2 + 1200 + 3; reading.Total != want || !reading.Estimated {
		t.Errorf("%d records, estimated %t; want %d", reading.Total, reading.Estimated, want)
	}
	p, _ := full(t, b.source())
	if got := p.Len(); got != reading.Total {
		t.Errorf("it brings %d records, want %d", got, reading.Total)
	}
	b.uncounted = true
	if reading, err = b.source().Full(t.Context()); err != nil || reading.Total != 0 {
		t.Errorf("uncounted: %d records, %v", reading.Total, err)
	}
}

// A page can hold a row more than was asked for (101 for 100): it is no end, and
// no record comes twice.
func TestFailure10APageWithARowMore(t *testing.T) {
	t.Parallel()
	b := many(2000)
	b.extra = true
	p, _ := full(t, b.source())
	if open := newView().take(p).open(t); len(open) != 2000 || len(p.Documents) != 2000 {
		t.Errorf("got %d documents, %d open, want 2000", len(p.Documents), len(open))
	}
}

// Rows move to the page before when something is deleted while pages are read.
func TestFailure31DeletedWhilePaging(t *testing.T) {
	t.Parallel()
	for _, deleted := range []int{1, 12, 700} {
		b := many(2500)
		b.before = func(_, what string) {
			if strings.Contains(what, "Invoice") && strings.Contains(what, "startposition 1001") && b.before != nil {
				b.before = nil
				for i := range deleted {
					b.drop(invoices, strconv.Itoa(1001+i), true)
				}
				b.put(invoices, bill("9999", "1", 7))
			}
		}
		p, _ := full(t, b.source())
		open := newView().take(p).open(t)
		if want := 2500 - deleted + 1; len(open) != want || open["invoice/9999"] != 700 {
			t.Errorf("%d deleted: %d invoices are open, want %d", deleted, len(open), want)
		}
	}
}

// A parent can have been made after its child: it comes first all the same, also
// over pages.
func TestParentsComeBeforeTheirChildren(t *testing.T) {
	t.Parallel()
	b := newBooks()
	for i := range 1500 {
		c := person(strconv.Itoa(1001+i), fmt.Sprintf("Customer %d", i))
		if i < 3 {
			c["ParentRef"] = ref(strconv.Itoa(2500 - i))
		}
		b.put(customers, c)
	}
	grandchild := person("5", "Grandchild")
	grandchild["ParentRef"] = ref("1001")
	b.put(customers, grandchild)
	orphan := person("6", "Orphan")
	orphan["ParentRef"] = ref("7")
	b.put(customers, orphan)
	p, _ := full(t, b.source())
	came := map[string]bool{}
	for _, c := range p.Customers {
		if c.Parent != "" && c.Parent != "7" && !came[c.Parent] {
			t.Errorf("customer %s comes before its parent %s", c.External, c.Parent)
		}
		came[c.External] = true
	}
	if len(came) != 1502 || len(p.Customers) != 1502 {
		t.Errorf("got %d customers, want 1502", len(p.Customers))
	}
}

// What is written while the pages are read is in the reading.
func TestAFullReadingIsRightAsOfItsEnd(t *testing.T) {
	t.Parallel()
	b := someBooks()
	b.tick(time.Hour)
	b.before = func(_, what string) {
		if strings.Contains(what, "from CreditMemo") {
			b.before = nil
			b.tick(time.Second)
			b.put(customers, person("6", "Late Ltd"))
			b.put(invoices, bill("60", "6", 70))
			b.put(invoices, bill("11", "2", "200.50"))
			b.drop(invoices, "10", true)
		}
	}
	s := b.source()
	p, r := full(t, s)
	got := newView().take(p)
	again, _ := full(t, s)
	if diff := cmp.Diff(newView().take(again).open(t), got.open(t)); diff != "" {
		t.Errorf("a second reading differs (-second +first):\n%s", diff)
	}
	late, _ := changesOf(t, s, r.Cursor())
	if diff := cmp.Diff(got.open(t), got.take(late).open(t)); diff != "" {
		t.Errorf("the changes after it differ (-full +changes):\n%s", diff)
	}
}

// More changes than change data capture gives, while the pages are read: what is
// gone is found all the same, and no later reading has to start anew for it.
func TestFullReadingBesideAFlood(t *testing.T) {
	t.Parallel()
	b := many(2500)
	b.before = func(_, what string) {
		if strings.Contains(what, "from CreditMemo") {
			b.before = nil
			b.tick(time.Second)
			for i := range 1200 {
				b.put(invoices, bill(strconv.Itoa(1001+i), "1", 3))
			}
			b.drop(invoices, "1001", true)
			b.drop(invoices, "3400", true)
		}
	}
	s := b.source()
	p, r := full(t, s)
	open := newView().take(p).open(t)
	if want := int64(1199*300 + 1299*100); len(open) != 2498 || sum(open) != want {
		t.Errorf("%d invoices with %d cents are open, want 2498 with %d", len(open), sum(open), want)
	}
	b.tick(time.Hour)
	if _, ok := s.since(r.Cursor()); !ok {
		t.Errorf("cursor %q does not serve", r.Cursor())
	}
}

// One record with a bad e-mail address spoils its page; the others are read, in
// few calls, and it is named.
func TestFailure16APoisonedPageIsHalved(t *testing.T) {
	t.Parallel()
	for _, position := range []int{1, 2, 500, 777, 999, 1000} {
		b := many(1000)
		// Ids have gaps, as everything shares their numbers.
		for i, o := range b.objects[invoices] {
			o["Id"] = strconv.Itoa(5000 + 3*i)
		}
		id := strconv.Itoa(5000 + 3*(position-1))
		b.poison["Invoice/"+id], b.poison["GET Invoice/"+id] = codePoison, codePoison
		p, r := full(t, b.source())
		if open := newView().take(p).open(t); len(open) != 999 || open["invoice/"+id] != 0 {
			t.Errorf("position %d: %d invoices, want 999", position, len(open))
		}
		skipped := strings.Join(r.Skipped(), "\n")
		inside := position > 1 && position < 1000
		if inside && !strings.Contains(skipped, "with the id "+id+" could not be read") || !strings.Contains(skipped, codePoison) {
			t.Errorf("position %d: skipped %q", position, skipped)
		}
		if !inside && !strings.Contains(skipped, fmt.Sprintf("at position %d of the list", position)) {
			t.Errorf("position %d: skipped %q", position, skipped)
		}
		if calls := len(b.asked("query select * from Invoice ")); calls > 22 {
			t.Errorf("position %d: %d queries, want no more than 2 log2(1000) and the next page", position, calls)
		}
	}
}

// Where pages have a row more than was asked for, a bad record spoils the one before it as
// well: that is read, and one is named.
func TestFailure16APoisonedPageWithAnExtraRow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		bad    []int // positions
		unread int   // more cannot be told from the bad ones
		said   []string
	}{
		{[]int{1}, 0, []string{"at position 1 of the list could"}},
		{[]int{2}, 1, []string{"at position 2 of the list, or one before it could"}},
		{[]int{3}, 0, []string{"at position 3 of the list (its id is between 50200 and 50400)"}},
		{[]int{500}, 0, []string{"at position 500 "}},
		{[]int{501}, 0, []string{"at position 501 "}},
		{[]int{777, 778}, 0, []string{"at position 777 ", "at position 778 "}},
		{[]int{300, 302}, 1, []string{"at position 300 ", "at position 302 of the list, or one before it ("}},
		{[]int{300, 303}, 0, []string{"at position 300 ", "at position 303 "}},
		{[]int{999}, 0, []string{"at position 999 "}},
		{[]int{1000}, 0, []string{"at position 1000 "}},
		{[]int{1001}, 0, []string{"at position 1001 "}},
		{[]int{1002}, 0, []string{"at position 1002 "}},
		{[]int{1500}, 0, []string{"at position 1500 "}},
	} {
		b := many(1500)
		b.extra = true
		for i, o := range b.objects[invoices] {
			o["Id"] = strconv.Itoa(50000 + 100*(i+1))
		}
		for _, position := range tt.bad {
			id := strconv.Itoa(50000 + 100*position)
			b.poison["Invoice/"+id], b.poison["GET Invoice/"+id] = codePoison, codePoison
		}
		p, r := full(t, b.source())
		if got, want := len(newView().take(p).documents), 1500-len(tt.bad)-tt.unread; got != want {
			t.Errorf("%v: %d invoices, want %d", tt.bad, got, want)
		}
		skipped := r.Skipped()
		if len(skipped) != len(tt.said) {
			t.Errorf("%v: skipped %q", tt.bad, skipped)
			continue
		}
		for i, said := range tt.said {
			if !strings.Contains(skipped[i], said) {
				t.Errorf("%v: skipped %q, want %q in it", tt.bad, skipped[i], said)
			}
		}
	}
}

// A list that is read twice, since too much changed meanwhile to be told, names a bad record
// once.
func TestFailure16APoisonousRecordIsNamedOnce(t *testing.T) {
	t.Parallel()
	b := many(1200)
	for i, o := range b.objects[invoices] {
		o["Id"] = strconv.Itoa(50000 + 100*(i+1))
	}
	bad := []string{"57000", "57100", "57200", "140000"} // at the positions 70 to 72 and 900
	for _, id := range bad {
		b.poison["Invoice/"+id], b.poison["GET Invoice/"+id] = codePoison, codePoison
	}
	s := newSource(ar.Connection{Company: "1", Home: "USD"}, faultyChanges{b, codePoison}, Settings{Now: func() time.Time { return b.now }})
	written := b.objects[invoices][899]
	b.tick(time.Minute)
	b.put(invoices, written) // it is also among what was written meanwhile
	p, r := full(t, s)
	if got := len(newView().take(p).documents); got != 1200-len(bad) || len(r.Skipped()) != len(bad) {
		t.Errorf("%d invoices, skipped %q", got, r.Skipped())
	}
}

// A record that only queries stumble over is read by its id.
func TestFailure16APoisonousRecordIsReadByItsID(t *testing.T) {
	t.Parallel()
	b := many(40)
	b.poison["Invoice/1017"] = codePoison
	p, r := full(t, b.source())
	if open := newView().take(p).open(t); len(open) != 40 || len(r.Skipped()) != 0 {
		t.Errorf("%d invoices, skipped %q", len(open), r.Skipped())
	}
}

// A fault of the system can be a record, too; where all fails it is an outage
// and not a thousand bad records.
func TestFailure17SystemFaults(t *testing.T) {
	t.Parallel()
	b := many(1000)
	b.poison["Invoice/1500"], b.poison["GET Invoice/1500"] = codeSystem, codeSystem
	b.poison["Invoice/1501"], b.poison["GET Invoice/1501"] = codeSystem, codeSystem
	p, r := full(t, b.source())
	if got := len(newView().take(p).documents); got != 998 || len(r.Skipped()) != 2 {
		t.Errorf("%d invoices, skipped %q", got, r.Skipped())
	}
	for i := range 1000 {
		b.poison["Invoice/"+strconv.Itoa(1001+i)] = codeSystem
	}
	b.asked("")
	r, err := b.source().Full(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, err = range r.Pages {
		if err != nil {
			break
		}
	}
	if fault, ok := errors.AsType[*Fault](err); !ok || fault.Code != codeSystem {
		t.Errorf("the reading ended with %v, want the fault", err)
	}
	if calls := len(b.asked("query select * from Invoice ")); calls > 120 {
		t.Errorf("an outage took %d queries", calls)
	}
}

// A value of an unexpected kind costs its record, not its page.
func TestAMalformedRecordDoesNotSpoilItsPage(t *testing.T) {
	t.Parallel()
	b := someBooks()
	for id, change := range map[string]obj{
		"70": {"TxnDate": 20261001}, "71": {"TotalAmt": "12,50"}, "72": {"CustomerRef": obj{}}, "73": {"TotalAmt": nil}, "74": {"CurrencyRef": ref("XYZ")},
	} {
		o := bill(id, "1", 5)
		maps.Copy(o, change)
		b.put(invoices, o)
	}
	odd := bill("75", "1", 5) // still fit for use
	odd["DepartmentRef"], odd["Line"] = 7, []any{"text", obj{"Amount": obj{}}}
	b.put(invoices, odd)
	p, r := full(t, b.source())
	open := newView().take(p).open(t)
	if open["invoice/75"] != 500 || open["invoice/11"] != 25050 || open["invoice/70"] != 0 {
		t.Errorf("open %v", open)
	}
	var named []string
	for _, s := range r.Skipped() {
		name, _, _ := strings.Cut(s, " could")
		named = append(named, name)
	}
	slices.Sort(named)
	want := []string{"Invoice INV-70 (id 70)", "Invoice INV-71 (id 71)", "Invoice INV-72 (id 72)", "Invoice INV-73 (id 73)", "Invoice INV-74 (id 74)"}
	if diff := cmp.Diff(want, named); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
}

func TestAFaultEndsTheReading(t *testing.T) {
	t.Parallel()
	b := someBooks()
	refused := &arsync.TroubleError{Health: ar.Health{State: ar.NeedsReconnecting, Why: "gone"}, Err: &Fault{Code: codeUnauthorized}}
	s := newSource(ar.Connection{Company: "1", Home: "USD"}, failing{b, "Payment", refused}, Settings{Now: func() time.Time { return b.now }})
	r, err := s.Full(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, err = range r.Pages {
		if err != nil {
			break
		}
	}
	if trouble, ok := errors.AsType[*arsync.TroubleError](err); !ok || trouble.Health.State != ar.NeedsReconnecting {
		t.Errorf("the reading ended with %v", err)
	}
}
