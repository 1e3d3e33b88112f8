package quickbooks

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	arsync "arbot/sync"
)

// failing fails where a call names something.
type failing struct {
	caller
	name string
	err  error
}

func (f failing) get(ctx context.Context, path string, query url.Values, into any) error {
	if strings.Contains(query.Get("query"), f.name) {
		return f.err
	}
	return f.caller.get(ctx, path, query, into)
}

// paid are books with an invoice of 400.00 that payment 2359 settled and an open
// one of 220.00, as read, and the cursor.
func paid(t *testing.T) (*ledgerBooks, *Source, *view, string) {
	t.Helper()
	b := newBooks()
	b.put(customers, person("1", "Cedar Foods"))
	b.put(invoices, bill("50", "1", 400))
	b.put(invoices, bill("39", "1", 220))
	b.put(payments, receipt("2359", "1", 400, settles(400, "Invoice", "50")))
	b.tick(time.Hour)
	s := b.source()
	p, r := full(t, s)
	b.tick(time.Hour)
	return b, s, newView().take(p), r.Cursor()
}

// A deletion is a stub with a status: a deleted payment opens its invoice again,
// a deleted invoice is gone.
func TestSY01DeletionsAreNotMissed(t *testing.T) {
	t.Parallel()
	b, s, v, cursor := paid(t)
	b.drop(payments, "2359", true)
	b.drop(invoices, "39", true)
	b.tick(10 * time.Minute)
	p, r := changesOf(t, s, cursor)
	want := []ar.GoneRecord{
		{Kind: ar.EntryRecords, Key: "invoice-deposit/39"}, {Kind: ar.DocumentRecords, Key: "invoice/39"}, {Kind: ar.EntryRecords, Key: "payment/2359"},
	}
	if diff := cmp.Diff(want, p.Gone); diff != "" {
		t.Errorf("gone (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int64{"invoice/50": 40000}, v.take(p).open(t)); diff != "" {
		t.Errorf("open (-want +got):\n%s", diff)
	}
	b.tick(time.Hour)
	if p, _ := changesOf(t, s, r.Cursor()); p.Len() != 0 {
		t.Errorf("the next changes bring %d records again", p.Len())
	}
}

// Deleted invoices leave the books also by a full reading.
func TestFailure11DeletedInvoicesDoNotStayOverdue(t *testing.T) {
	t.Parallel()
	b, s, _, _ := paid(t)
	b.drop(invoices, "39", true)
	b.tick(90 * 24 * time.Hour) // longer than any change data capture
	p, r := full(t, s)
	if _, there := newView().take(p).documents["invoice/39"]; there || !r.Full {
		t.Errorf("the deleted invoice is there, or the reading is not full")
	}
}

// An object that was only updated has come as deleted.
func TestFailure12AFalseDeletion(t *testing.T) {
	t.Parallel()
	b, s, v, cursor := paid(t)
	b.put(invoices, bill("39", "1", 230))
	b.tick(time.Minute)
	b.drop(invoices, "39", false)
	p, _ := changesOf(t, s, cursor)
	if open := v.take(p).open(t); open["invoice/39"] != 23000 || len(p.Gone) != 0 {
		t.Errorf("open %v, gone %v", open, p.Gone)
	}
}

// A stub has only an id: it is never a record.
func TestFailure13AStubIsNoEmptyInvoice(t *testing.T) {
	t.Parallel()
	b, s, _, cursor := paid(t)
	for _, e := range []entity{invoices, creditMemos, payments, journalEntries, deposits, refundReceipts} {
		b.drop(e, "7001", true) // made and deleted since
	}
	p, r := changesOf(t, s, cursor)
	if len(p.Documents)+len(p.Entries)+len(p.Customers) != 0 || len(r.Skipped()) != 0 {
		t.Errorf("stubs became records: %+v, skipped %q", p, r.Skipped())
	}
}

// Change data capture has no pages. What it cut, or cannot know any more, is for
// a full reading.
func TestFailure14WhereChangeDataCaptureDoesNotServe(t *testing.T) {
	t.Parallel()
	b, s, _, cursor := paid(t)
	for i := range 1000 {
		b.put(invoices, bill(strconv.Itoa(10_000+i), "1", 1))
	}
	b.asked("")
	if _, err := s.Changes(t.Context(), cursor); !errors.Is(err, arsync.ErrFullOnly) {
		t.Errorf("1000 changed invoices: %v, want ErrFullOnly", err)
	}
	if calls := len(b.asked("cdc")); calls != 1+len(s.watched()) {
		t.Errorf("%d calls, want one and one for each entity", calls)
	}
	b.tick(oldest + time.Hour)
	if _, err := s.Changes(t.Context(), cursor); !errors.Is(err, arsync.ErrFullOnly) {
		t.Errorf("a cursor of 29 days: %v, want ErrFullOnly", err)
	}
	if calls := b.asked(""); len(calls) != 0 {
		t.Errorf("it was asked all the same: %q", calls)
	}
}

// 1000 changes in all, and fewer of each entity, are read by entity.
func TestFailure14TheLimitIsOneForAllEntities(t *testing.T) {
	t.Parallel()
	b, s, _, cursor := paid(t)
	for i := range 700 {
		b.put(invoices, bill(strconv.Itoa(10_000+i), "1", 1))
		b.put(payments, receipt(strconv.Itoa(20_000+i), "1", 1, settles(1, "Invoice", strconv.Itoa(10_000+i))))
	}
	b.drop(payments, "2359", true)
	p, _ := changesOf(t, s, cursor)
	if len(p.Documents) != 700 || len(p.Entries) != 700 || len(p.Gone) != 1 {
		t.Errorf("%d invoices, %d payments, %d gone", len(p.Documents), len(p.Entries), len(p.Gone))
	}
}

func TestCursorIsTheServersTimeLessTheOverlap(t *testing.T) {
	t.Parallel()
	b, s, _, cursor := paid(t)
	b.tick(10 * time.Minute)
	_, r := changesOf(t, s, cursor)
	since, ok := s.since(r.Cursor())
	if want := b.now.Add(-2 * time.Minute); !ok || !since.Equal(want) {
		t.Errorf("cursor %q, want the time %s", r.Cursor(), want.UTC())
	}
	if !strings.Contains(r.Cursor(), `"v":2`) {
		t.Errorf("cursor %q has no version", r.Cursor())
	}
	for _, strange := range []string{"", "x", `{"v":1,"since":"2026-11-25T00:00:00Z"}`, `{"v":2}`, `[]`} {
		if _, err := s.Changes(t.Context(), strange); !errors.Is(err, arsync.ErrFullOnly) {
			t.Errorf("cursor %q: %v, want ErrFullOnly", strange, err)
		}
	}
	if s.cursorAt("") != "" || s.cursorAt("yesterday") != "" {
		t.Error("an answer without a time gives a cursor")
	}
}

// Where the config says otherwise how records are made, those that did not change since are
// made anew as well.
func TestOtherSettingsReadEverythingAnew(t *testing.T) {
	t.Parallel()
	b, s, _, cursor := paid(t)
	if _, err := s.Changes(t.Context(), cursor); err != nil {
		t.Errorf("under the same settings: %v", err)
	}
	for name, change := range map[string]func(*Settings){
		"sales owner": func(s *Settings) { s.OwnerField = "Rep" },
		"items":       func(s *Settings) { s.BadDebtItems = []string{"Bad debt"} },
		"accounts":    func(s *Settings) { s.BadDebtAccounts = []string{"Bad debt"} },
		"expenses":    func(s *Settings) { s.Expenses = true },
		"links":       func(s *Settings) { s.AppURL = "https://qbo.intuit.com/app" },
	} {
		if _, err := b.source(change).Changes(t.Context(), cursor); !errors.Is(err, arsync.ErrFullOnly) {
			t.Errorf("%s: %v, want a full reading", name, err)
		}
	}
}

// A journal entry that has left A/R takes its lines along; so do deposits.
func TestAnEntryThatLeavesReceivables(t *testing.T) {
	t.Parallel()
	b := someBooks()
	b.tick(time.Hour)
	s := b.source()
	p, r := full(t, s)
	v := newView().take(p)
	b.tick(time.Hour)
	b.put(journalEntries, obj{"Id": "30", "TxnDate": "2026-10-10", "Line": []obj{
		{"Id": "0", "Amount": 12.25, "JournalEntryLineDetail": obj{"PostingType": "Debit", "AccountRef": ref("35")}},
	}})
	p, _ = changesOf(t, s, r.Cursor())
	if open := v.take(p).open(t); open["journal/30/0"] != 0 || open["journal/deposit-40/1"] != -4000 {
		t.Errorf("open %v", open)
	}
}

// An account that becomes one of receivables is known at once.
func TestANewReceivablesAccount(t *testing.T) {
	t.Parallel()
	b := someBooks()
	b.tick(time.Hour)
	s := b.source()
	p, r := full(t, s)
	v := newView().take(p)
	b.tick(time.Hour)
	b.put(accounts, obj{"Id": "99", "Name": "Debtors 2", "AccountType": "Accounts Receivable", "Active": true})
	b.put(journalEntries, obj{"Id": "31", "TxnDate": "2026-10-10", "Line": []obj{
		{"Id": "0", "Amount": 9, "JournalEntryLineDetail": obj{"PostingType": "Debit", "AccountRef": ref("99"), "Entity": obj{"Type": "Customer", "EntityRef": ref("1")}}},
	}})
	p, _ = changesOf(t, s, r.Cursor())
	if open := v.take(p).open(t); open["journal/31/0"] != 900 {
		t.Errorf("open %v", open)
	}
}

// Changes that cannot be had for a record that spoils them are for a full
// reading, which isolates it. A fault of the system there is an outage.
func TestFailure16PoisonInTheChanges(t *testing.T) {
	t.Parallel()
	b, _, _, cursor := paid(t)
	for code, fullOnly := range map[string]bool{codePoison: true, codeSystem: false} {
		s := newSource(ar.Connection{Company: "1", Home: "USD"}, faultyChanges{b, code}, Settings{Now: func() time.Time { return b.now }})
		_, err := s.Changes(t.Context(), cursor)
		if err == nil || errors.Is(err, arsync.ErrFullOnly) != fullOnly {
			t.Errorf("changes with the fault %s: %v", code, err)
		}
	}
}

// faultyChanges cannot give the changes of invoices.
type faultyChanges struct {
	caller
	code string
}

func (f faultyChanges) get(ctx context.Context, path string, query url.Values, into any) error {
	if path == "cdc" && strings.Contains(query.Get("entities"), "Invoice") {
		return &Fault{Status: 400, Code: f.code}
	}
	return f.caller.get(ctx, path, query, into)
}

// A system fault can be one bad record or an outage. What is told to be deleted is passed
// over for the first, and asked about again for the second.
func TestFailure17AnOutageIsNoBadRecord(t *testing.T) {
	t.Parallel()
	for outage, poisoned := range map[bool][]string{false: {"GET Invoice/39"}, true: {"GET Invoice/39", "Invoice/39", "Invoice/50", "count Invoice"}} {
		b, s, v, cursor := paid(t)
		b.put(invoices, bill("39", "1", 230))
		b.tick(time.Minute)
		b.drop(invoices, "39", false)
		for _, p := range poisoned {
			b.poison[p] = codeSystem
		}
		r, err := s.Changes(t.Context(), cursor)
		var p ar.Page
		if err == nil {
			p, err = pagesOf(r)
		}
		if (err != nil) != outage {
			t.Errorf("an outage is %t, and the changes: %v", outage, err)
		}
		if _, there := v.take(p).documents["invoice/39"]; !there {
			t.Errorf("an outage is %t: the invoice went from the books", outage)
		}
		if _, err := s.missing(t.Context(), ar.DocumentRecords, "invoice/39"); errors.Is(err, arsync.ErrGone) == outage {
			t.Errorf("an outage is %t, and the invoice that somebody refers to: %v", outage, err)
		}
	}
}

// A record that is bad for good is none either where it is the first of its list, and does
// not hold up the others.
func TestFailure17TheFirstRecordIsBadForGood(t *testing.T) {
	t.Parallel()
	b, s, v, cursor := paid(t)
	b.put(invoices, bill("60", "1", 75))
	b.tick(time.Minute)
	for _, id := range []string{"39", "50"} {
		b.drop(invoices, id, false)
		b.poison["Invoice/"+id], b.poison["GET Invoice/"+id] = codeSystem, codeSystem
	}
	r, err := s.Changes(t.Context(), cursor)
	if err != nil {
		t.Fatal(err)
	}
	v.take(recordsOf(t, r))
	if _, came := v.documents["invoice/60"]; !came || len(v.documents) != 3 || r.Cursor() == "" {
		t.Errorf("documents %v, cursor %q", v.documents, r.Cursor())
	}
	skipped := r.Skipped()
	if len(skipped) != 2 || !strings.HasPrefix(skipped[0], "Invoice with the id 39 could") || !strings.HasPrefix(skipped[1], "Invoice with the id 50 could") {
		t.Errorf("skipped %q", skipped)
	}
	if _, err := s.missing(t.Context(), ar.DocumentRecords, "invoice/50"); !errors.Is(err, arsync.ErrGone) {
		t.Errorf("one that somebody refers to: %v, want ErrGone", err)
	}
}

// A list of which nothing can be read is an outage, however short it is.
func TestFailure17NothingOfAList(t *testing.T) {
	t.Parallel()
	b, s, _, _ := paid(t)
	for _, id := range []string{"39", "50"} {
		b.poison["Invoice/"+id], b.poison["GET Invoice/"+id] = codeSystem, codeSystem
	}
	r, err := s.Full(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pagesOf(r); err == nil {
		t.Error("the reading left out all invoices and was content")
	}
}

func pagesOf(r *arsync.Reading) (all ar.Page, err error) {
	for p, err := range r.Pages {
		if err != nil {
			return all, err
		}
		all.Documents, all.Gone = append(all.Documents, p.Documents...), append(all.Gone, p.Gone...)
	}
	return all, nil
}
