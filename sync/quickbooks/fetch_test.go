package quickbooks

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	arsync "arbot/sync"
)

func fetchOf(t testing.TB, s *Source, hints ...arsync.Hint) (ar.Page, *arsync.Reading) {
	t.Helper()
	r, err := s.Fetch(t.Context(), hints)
	if err != nil {
		t.Fatal(err)
	}
	return recordsOf(t, r), r
}

func TestFetchReadsWhatHintsName(t *testing.T) {
	t.Parallel()
	b, s, v, _ := paid(t)
	b.put(invoices, bill("39", "1", 225))
	b.put(invoices, bill("40", "1", 10))
	b.drop(payments, "2359", true)
	b.asked("")
	p, r := fetchOf(t, s,
		arsync.Hint{Entity: "Invoice", ID: "39", Operation: "Update"}, arsync.Hint{Entity: "invoice", ID: "40", Operation: "Create"},
		arsync.Hint{Entity: "Invoice", ID: "39", Operation: "Emailed"}, // a duplicate
		arsync.Hint{Entity: "Payment", ID: "2359", Operation: "Delete"}, arsync.Hint{Entity: "Estimate", ID: "3"}, arsync.Hint{Entity: "Invoice"})
	if r.Full || r.Cursor() != "" {
		t.Errorf("the reading is full, or has the cursor %q", r.Cursor())
	}
	if diff := cmp.Diff(map[string]int64{"invoice/50": 40000, "invoice/39": 22500, "invoice/40": 1000}, v.take(p).open(t)); diff != "" {
		t.Errorf("open (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"batch", "payment/2359"}, b.asked("")); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestFetchPutsThirtyIntoABatch(t *testing.T) {
	t.Parallel()
	b := many(100)
	s := b.source()
	full(t, s)
	var hints []arsync.Hint
	for i := range 61 {
		hints = append(hints, arsync.Hint{Entity: "Invoice", ID: strconv.Itoa(1001 + i)})
	}
	// A fault of one item costs that item: it is read by its id.
	b.poison["Invoice/1005"], b.poison["Invoice/1006"], b.poison["GET Invoice/1006"] = codePoison, codePoison, codePoison
	b.asked("")
	p, r := fetchOf(t, s, hints...)
	if len(p.Documents) != 60 || len(p.Gone) != 0 || len(r.Skipped()) != 1 {
		t.Errorf("%d documents, gone %v, skipped %q", len(p.Documents), p.Gone, r.Skipped())
	}
	if diff := cmp.Diff([]string{"batch", "batch", "batch", "invoice/1005", "invoice/1006"}, b.asked("")); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// An inactive customer is found although lists leave it out.
func TestFetchFindsTheInactive(t *testing.T) {
	t.Parallel()
	b, s, v, _ := paid(t)
	b.put(customers, obj{"Id": "1", "DisplayName": "Cedar Foods (deleted)", "Active": false})
	p, _ := fetchOf(t, s, arsync.Hint{Entity: "Customer", ID: "1", Operation: "Update"})
	if got := v.take(p).customers["1"]; !got.Inactive || got.Name != "Cedar Foods" {
		t.Errorf("customer %+v", got)
	}
}

// A merge brings the winner with its documents, then takes the loser away; the
// deletion that change data capture reports later is no news.
func TestAMergeThatAHintAnnounces(t *testing.T) {
	t.Parallel()
	b, s, v, cursor := paid(t)
	b.put(customers, person("2", "Cedar Foods Inc."))
	b.drop(customers, "1", true)
	// QuickBooks does not say that the documents have changed.
	for _, list := range [][]obj{b.objects[invoices], b.objects[payments]} {
		for _, o := range list {
			o["CustomerRef"] = ref("2")
		}
	}
	hint := arsync.Hint{Entity: "Customer", ID: "1", Operation: HintMerge, Into: "2"}
	p, _ := fetchOf(t, s, hint)
	want := []ar.GoneRecord{{Kind: ar.CustomerRecords, Key: "1", Into: "2"}}
	if diff := cmp.Diff(want, p.Gone); diff != "" {
		t.Errorf("gone (-want +got):\n%s", diff)
	}
	v.take(p)
	if v.documents["invoice/39"].Customer != "2" || v.entries["payment/2359"].Documents[0].Customer != "2" || v.customers["2"].Name == "" {
		t.Errorf("documents %+v", v.documents)
	}
	b.tick(time.Minute)
	p, _ = changesOf(t, s, cursor)
	if diff := cmp.Diff(want, p.Gone); diff != "" {
		t.Errorf("gone by the changes after it (-want +got):\n%s", diff)
	}
}

// In the list of one customer, an id between two others can be of somebody else: the one
// that spoils the list is named, or read, all the same.
func TestAMergeWithABadDocument(t *testing.T) {
	t.Parallel()
	for _, readable := range []bool{false, true} {
		b, s, _, _ := paid(t)
		b.put(customers, person("2", "Cedar Foods Inc."))
		b.put(customers, person("3", "Birch Ltd"))
		for id, customer := range map[string]string{"60": "2", "61": "3", "62": "2", "63": "2"} {
			b.put(invoices, bill(id, customer, 10))
		}
		b.drop(customers, "1", true)
		b.poison["Invoice/62"] = codePoison
		if !readable {
			b.poison["GET Invoice/62"] = codePoison
		}
		p, r := fetchOf(t, s, arsync.Hint{Entity: "Customer", ID: "1", Operation: HintMerge, Into: "2"})
		came := slices.ContainsFunc(p.Documents, func(d ar.DocumentRecord) bool { return d.External == "62" })
		skipped := r.Skipped()
		named := len(skipped) == 1 && strings.HasPrefix(skipped[0], "The invoice with the id 62 could not be read")
		if came != readable || named == readable {
			t.Errorf("readable %t: it came %t, skipped %q", readable, came, skipped)
		}
	}
}

// A hint can be wrong: a customer that is there and active was not merged.
func TestAMergeThatDidNotHappen(t *testing.T) {
	t.Parallel()
	b, s, _, _ := paid(t)
	b.put(customers, person("2", "Cedar Foods Inc."))
	p, _ := fetchOf(t, s, arsync.Hint{Entity: "Customer", ID: "1", Operation: HintMerge, Into: "2"})
	if len(p.Gone) != 0 {
		t.Errorf("gone %v", p.Gone)
	}
}

func TestMissingBringsARecordWithWhatItRefersTo(t *testing.T) {
	t.Parallel()
	b := someBooks()
	b.put(journalEntries, obj{"Id": "32", "TxnDate": "2026-10-10", "Line": []obj{}})
	s := b.source()
	_, r := full(t, s)
	for _, c := range []struct {
		kind ar.RecordKind
		key  ar.Key
		want []string
	}{
		{ar.CustomerRecords, "2", []string{"5", "2"}},
		{ar.DocumentRecords, "invoice/11", []string{"5", "2", "invoice/11"}},
		{ar.DocumentRecords, "credit_memo/20", []string{"1", "credit_memo/20"}},
		{ar.DocumentRecords, "journal/30/0", []string{"1", "journal/30"}},
		{ar.DocumentRecords, "journal/deposit-40/1", []string{"5", "2", "deposit/40"}},
		{ar.DocumentRecords, "payment/51", []string{"1", "credit_memo/20", "invoice/10", "payment/51"}},
		{ar.EntryRecords, "payment/50", []string{"1", "invoice/10", "payment/50"}},
	} {
		p, err := r.Missing(t.Context(), c.kind, c.key)
		if err != nil {
			t.Errorf("%s: %v", c.key, err)
		}
		var got []string
		for _, record := range p.Customers {
			got = append(got, record.External)
		}
		for _, record := range p.Documents {
			got = append(got, string(record.Key()))
		}
		for _, record := range p.Entries {
			got = append(got, record.External)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.key, diff)
		}
	}
	for _, key := range []ar.Key{"invoice/404", "journal/32/0", "journal/30/9", "refund/1", "strange", ""} {
		if _, err := r.Missing(t.Context(), ar.DocumentRecords, key); !errors.Is(err, arsync.ErrGone) {
			t.Errorf("%q: %v, want ErrGone", key, err)
		}
	}
}

// Ids are written as the query language wants them: a quote with a backslash,
// never doubled (failures 1 and 29), and nothing but ids and times is written.
func TestX08IDsInQueries(t *testing.T) {
	t.Parallel()
	b, s, _, _ := paid(t)
	items := []objectID{{invoices, `4'2`}}
	if _, err := s.batch(t.Context(), items); err != nil {
		t.Fatal(err)
	}
	if got := selection(invoices, "Id = "+literal(`4'2\`), 0, 0); got != `select * from Invoice where Id = '4\'2\\'` {
		t.Errorf("query %s", got)
	}
	b.put(customers, person("7", "O’Brien & Sons – “Joe's”"))
	full(t, s)
	for _, call := range b.asked("") {
		if strings.ContainsAny(call, "’–“&") || strings.Contains(call, "Joe") {
			t.Errorf("%q holds a name", call)
		}
	}
}

func hintOf(name, id string) arsync.Hint { return arsync.Hint{Entity: name, ID: id} }
