package quickbooks

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"arbot/ar"
	arsync "arbot/sync"
	"arbot/sync/sourcetest"
)

// obj is an object as QuickBooks writes it.
type obj map[string]any

// ledgerBooks is a company in memory that answers what a Source asks, with the
// quirks that the tests name. It is a caller.
type ledgerBooks struct {
	mu      sync.Mutex
	objects map[entity][]obj // by id
	deleted []obj            // stubs, with _entity and _at
	merged  map[string]bool  // customers that were merged away
	now     time.Time
	version int

	reports map[string]string
	poison  map[string]string // entity/id, GET entity/id, count entity: the code of the fault
	extra   bool              // a page has a row more than was asked for
	// before is called ahead of each call, unlocked: tests change books there.
	before    func(path, what string)
	calls     []string
	uncounted bool // it does not say how many there are
}

func newBooks() *ledgerBooks {
	b := &ledgerBooks{
		objects: map[entity][]obj{}, merged: map[string]bool{}, reports: map[string]string{}, poison: map[string]string{},
		now: time.Date(2026, 11, 25, 9, 0, 0, 0, time.FixedZone("", -8*3600)),
	}
	b.put(preferences, obj{"Id": "1", "CurrencyPrefs": obj{"HomeCurrency": obj{"value": "USD"}}})
	b.put(terms, obj{"Id": "3", "Name": "Net 30", "DueDays": 30, "Active": true})
	b.put(accounts, obj{"Id": "84", "Name": "Accounts Receivable (A/R)", "AccountType": "Accounts Receivable", "Active": true})
	b.put(accounts, obj{"Id": "90", "Name": "Bad debts", "FullyQualifiedName": "Expenses:Bad debts", "AccountType": "Expense", "Active": true})
	b.put(accounts, obj{"Id": "35", "Name": "Checking", "AccountType": "Bank", "Active": true})
	return b
}

// put writes an object as of now.
func (b *ledgerBooks) put(e entity, o obj) {
	b.mu.Lock()
	defer b.mu.Unlock()
	o = maps.Clone(o)
	b.version++
	o["domain"], o["SyncToken"] = "QBO", strconv.Itoa(b.version)
	o["MetaData"] = obj{"LastUpdatedTime": b.now.Format(time.RFC3339)}
	list := b.objects[e]
	for i := range list {
		if list[i]["Id"] == o["Id"] {
			list[i] = o
			return
		}
	}
	list = append(list, o)
	slices.SortFunc(list, func(x, y obj) int { return compareIDs(text(x["Id"]), text(y["Id"])) })
	b.objects[e] = list
}

// drop deletes an object; false only says so.
func (b *ledgerBooks) drop(e entity, id string, really bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if really {
		b.objects[e] = slices.DeleteFunc(b.objects[e], func(o obj) bool { return o["Id"] == id })
	}
	b.deleted = append(b.deleted, obj{
		"_entity": e, "_at": b.now, "domain": "QBO", "status": "Deleted", "Id": id,
		"MetaData": obj{"LastUpdatedTime": b.now.Format(time.RFC3339)},
	})
}

func (b *ledgerBooks) tick(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

func (b *ledgerBooks) get(ctx context.Context, path string, query url.Values, into any) error {
	return b.serve(ctx, path, query, nil, into)
}

func (b *ledgerBooks) post(ctx context.Context, path string, query url.Values, body, into any) error {
	return b.serve(ctx, path, query, body, into)
}

func (b *ledgerBooks) serve(ctx context.Context, path string, query url.Values, body, into any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	what := query.Get("query") + query.Get("entities")
	if b.before != nil {
		b.before(path, what)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls = append(b.calls, strings.TrimSpace(path+" "+what))
	answer, fault := b.answer(path, query, body)
	if fault != nil {
		return fmt.Errorf("quickbooks: read %s: %w", path, fault)
	}
	written, err := json.Marshal(answer)
	if raw, ok := answer.(json.RawMessage); ok {
		written, err = raw, nil
	}
	if err == nil {
		err = decode(written, into)
	}
	if err != nil {
		return fmt.Errorf("quickbooks: read %s: %w", path, err)
	}
	return nil
}

func (b *ledgerBooks) answer(path string, query url.Values, body any) (any, *Fault) {
	now := b.now.Format("2006-01-02T15:04:05.000-07:00")
	switch first, rest, _ := strings.Cut(path, "/"); {
	case path == "query":
		rows, fault := b.query(query.Get("query"))
		return obj{"QueryResponse": rows, "time": now}, fault
	case path == "cdc":
		return obj{"CDCResponse": []obj{{"QueryResponse": b.cdc(query)}}, "time": now}, nil
	case path == "batch":
		return obj{"BatchItemResponse": b.batch(body), "time": now}, nil
	case first == "reports":
		report, ok := b.reports[rest]
		if !ok {
			return nil, &Fault{Status: http.StatusInternalServerError, Code: codeSystem}
		}
		return json.RawMessage(report), nil
	default:
		return b.single(first, rest)
	}
}

func (b *ledgerBooks) single(path, id string) (any, *Fault) {
	for e, list := range b.objects {
		for _, o := range list {
			if e.path() == path && o["Id"] == id {
				if code := b.poison["GET "+string(e)+"/"+id]; code != "" {
					return nil, &Fault{Status: http.StatusBadRequest, Code: code}
				}
				return obj{string(e): o}, nil
			}
		}
	}
	return nil, &Fault{Status: http.StatusBadRequest, Code: codeNotFound, Message: "Object Not Found"}
}

var counted = regexp.MustCompile(`^select count\(\*\) from (\w+)(?: where (.*))?$`)

var statement = regexp.MustCompile(`^select \* from (\w+)(?: where (.*?))?(?: orderby Id startposition (\d+) maxresults (\d+))?$`)

func (b *ledgerBooks) query(asked string) (obj, *Fault) {
	if parts := counted.FindStringSubmatch(asked); parts != nil && !b.uncounted {
		if code := b.poison["count "+parts[1]]; code != "" {
			return nil, &Fault{Status: http.StatusInternalServerError, Code: code}
		}
		n := 0
		for _, o := range b.objects[entity(parts[1])] {
			if fits(o, entity(parts[1]), parts[2]) {
				n++
			}
		}
		return obj{"totalCount": n}, nil
	}
	parts := statement.FindStringSubmatch(asked)
	if parts == nil {
		return nil, &Fault{Status: http.StatusBadRequest, Code: "4000", Message: "Error parsing query: " + asked}
	}
	e, start, n := entity(parts[1]), 1, 100
	if parts[3] != "" {
		start, _ = strconv.Atoi(parts[3])
		n, _ = strconv.Atoi(parts[4])
	}
	var fit []obj
	for _, o := range b.objects[e] {
		if fits(o, e, parts[2]) {
			fit = append(fit, o)
		}
	}
	if b.extra {
		n++
	}
	fit = fit[min(start-1, len(fit)):]
	fit = fit[:min(n, len(fit))]
	for _, o := range fit {
		if code := b.poison[fmt.Sprintf("%s/%s", e, o["Id"])]; code != "" {
			return nil, &Fault{Status: http.StatusBadRequest, Code: code, Message: "To email address entered is invalid"}
		}
	}
	if len(fit) == 0 {
		return obj{}, nil
	}
	return obj{string(e): fit, "startPosition": start, "maxResults": len(fit)}, nil
}

// fits evaluates the conditions that a Source uses. Lists of names hold only
// what is active unless all is asked for.
func fits(o obj, e entity, where string) bool {
	if o["Active"] == false && e.where() != "" && !strings.Contains(where, "Active in (true,false)") {
		return false
	}
	for condition := range strings.SplitSeq(where, " and ") {
		field, value, _ := strings.Cut(condition, " ")
		operator, value, _ := strings.Cut(value, " ")
		value = strings.Trim(value, "'")
		switch field {
		case "Id":
			if o["Id"] != value {
				return false
			}
		case "CustomerRef":
			if ref, ok := o["CustomerRef"].(obj); !ok || ref["value"] != value {
				return false
			}
		case "MetaData.LastUpdatedTime":
			if operator != ">" || !after(o, value) {
				return false
			}
		}
	}
	return true
}

func after(o obj, than string) bool {
	meta, ok := o["MetaData"].(obj)
	at, errAt := time.Parse(time.RFC3339, text(meta["LastUpdatedTime"]))
	since, err := time.Parse(time.RFC3339, than)
	return ok && errAt == nil && err == nil && at.After(since)
}

// cdc answers without pages, of a list what is deleted last, 1000 in all.
func (b *ledgerBooks) cdc(query url.Values) []obj {
	left := mostChanges
	var answer []obj
	for name := range strings.SplitSeq(query.Get("entities"), ",") {
		var list []obj
		for _, o := range b.objects[entity(name)] {
			if after(o, query.Get("changedSince")) {
				list = append(list, o)
			}
		}
		for _, o := range b.deleted {
			if o["_entity"] == entity(name) && after(o, query.Get("changedSince")) {
				list = append(list, o)
			}
		}
		list = list[:min(left, len(list))]
		left -= len(list)
		if len(list) == 0 {
			answer = append(answer, obj{})
			continue
		}
		answer = append(answer, obj{name: list, "startPosition": 1, "maxResults": len(list)})
	}
	return answer
}

func (b *ledgerBooks) batch(body any) []obj {
	var answer []obj
	request, ok := body.(map[string][]batchItem)
	if !ok {
		panic(fmt.Sprintf("a batch of %T", body))
	}
	for _, item := range request["BatchItemRequest"] {
		rows, fault := b.query(item.Query)
		if fault != nil {
			answer = append(answer, obj{"bId": item.ID, "Fault": obj{"Error": []obj{{"code": fault.Code}}}})
			continue
		}
		answer = append(answer, obj{"bId": item.ID, "QueryResponse": rows})
	}
	return answer
}

// asked returns the calls that begin with a text, and forgets all.
func (b *ledgerBooks) asked(prefix string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var calls []string
	for _, c := range b.calls {
		if strings.HasPrefix(c, prefix) {
			calls = append(calls, c)
		}
	}
	b.calls = nil
	return calls
}

// text is a value that is one; "" for another.
func text(v any) string {
	s, ok := v.(string)
	if !ok {
		return ""
	}
	return s
}

func ref(id string) obj { return obj{"value": id} }

func person(id, name string) obj { return obj{"Id": id, "DisplayName": name, "Active": true} }

func bill(id, customer string, amount any) obj {
	return obj{
		"Id": id, "DocNumber": "INV-" + id, "TxnDate": "2026-10-01", "DueDate": "2026-10-31", "CustomerRef": ref(customer),
		"CurrencyRef": ref("USD"), "TotalAmt": amount, "Balance": amount,
	}
}

// credit is a credit memo of customer 1.
func credit(id string, amount any) obj {
	return obj{"Id": id, "DocNumber": "CM-" + id, "TxnDate": "2026-10-05", "CustomerRef": ref("1"), "TotalAmt": amount}
}

func receipt(id, customer string, amount any, lines ...obj) obj {
	return obj{"Id": id, "PaymentRefNum": "R" + id, "TxnDate": "2026-11-02", "CustomerRef": ref(customer), "TotalAmt": amount, "Line": lines}
}

// settles is a line of a payment.
func settles(amount any, kind, id string) obj {
	return obj{"Amount": amount, "LinkedTxn": []obj{{"TxnId": id, "TxnType": kind}}}
}

// source opens the books with a config.
func (b *ledgerBooks) source(change ...func(*Settings)) *Source {
	s := Settings{Zone: time.FixedZone("", -8*3600), Now: func() time.Time {
		b.mu.Lock()
		defer b.mu.Unlock()
		return b.now
	}}
	for _, c := range change {
		c(&s)
	}
	return newSource(ar.Connection{Name: "books", Company: "4620816365", Title: "Larkspur Supply", Home: "USD"}, b, s)
}

// recordsOf carries out a reading and returns its records in one page.
func recordsOf(t testing.TB, r *arsync.Reading) ar.Page {
	t.Helper()
	var all ar.Page
	for p, err := range r.Pages {
		if err != nil {
			t.Fatal(err)
		}
		all.Customers = append(all.Customers, p.Customers...)
		all.Documents = append(all.Documents, p.Documents...)
		all.Applications = append(all.Applications, p.Applications...)
		all.Entries = append(all.Entries, p.Entries...)
		all.Gone = append(all.Gone, p.Gone...)
	}
	return all
}

func full(t testing.TB, s *Source) (ar.Page, *arsync.Reading) {
	t.Helper()
	r, err := s.Full(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return recordsOf(t, r), r
}

func changesOf(t testing.TB, s *Source, cursor string) (ar.Page, *arsync.Reading) {
	t.Helper()
	r, err := s.Changes(t.Context(), cursor)
	if err != nil {
		t.Fatal(err)
	}
	return recordsOf(t, r), r
}

// view is what pages amount to: the records by their keys, a later one in the
// place of an earlier one, as the books take them.
type view struct {
	customers map[string]ar.CustomerRecord
	documents map[ar.Key]ar.DocumentRecord
	entries   map[string]ar.EntryRecord
}

func newView() *view {
	return &view{map[string]ar.CustomerRecord{}, map[ar.Key]ar.DocumentRecord{}, map[string]ar.EntryRecord{}}
}

func (v *view) take(p ar.Page) *view {
	for _, c := range p.Customers {
		v.customers[c.External] = c
	}
	for _, d := range p.Documents {
		v.documents[d.Key()] = d
	}
	for _, e := range p.Entries {
		v.entries[e.External] = e
	}
	for _, g := range p.Gone {
		switch g.Kind {
		case ar.CustomerRecords:
			delete(v.customers, string(g.Key))
		case ar.DocumentRecords:
			delete(v.documents, g.Key)
		case ar.EntryRecords:
			delete(v.entries, string(g.Key))
		case ar.ApplicationRecords:
		}
	}
	return v
}

// open are the open amounts of documents by key, in minor units of their
// currencies, computed by the rules of ar; what is settled is left out.
func (v *view) open(t testing.TB) map[string]int64 {
	t.Helper()
	documents := slices.Collect(maps.Values(v.documents))
	var applications []ar.ApplicationRecord
	for _, e := range v.entries {
		documents = append(documents, e.Documents...)
		applications = append(applications, e.Applications...)
	}
	id := map[ar.Ref]ar.DocumentID{{}: 0}
	var d []ar.Document
	for i, r := range documents {
		id[r.Ref] = ar.DocumentID(i + 1)
		d = append(d, ar.Document{ID: id[r.Ref], External: r.External, Kind: r.Kind, Amount: r.Amount, Date: r.Date, Status: r.Status})
	}
	var a []ar.Application
	for _, r := range applications {
		if id[r.To] == 0 || r.From != (ar.Ref{}) && id[r.From] == 0 {
			continue // the engine leaves it out
		}
		a = append(a, ar.Application{External: r.External, From: id[r.From], To: id[r.To], Kind: r.Kind, Amount: r.Amount, Date: r.Date})
	}
	items, err := ar.OpenItems(d, a, ar.NewDate(9999, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	open := map[string]int64{}
	for _, i := range items {
		open[string(ar.Ref{Kind: i.Kind, External: i.External}.Key())] = i.Open.Minor()
	}
	return open
}

func sum(open map[string]int64) (total int64) {
	for _, v := range open {
		total += v
	}
	return total
}

// someBooks has one of everything.
func someBooks() *ledgerBooks {
	b := newBooks()
	b.put(customers, obj{"Id": "1", "DisplayName": "Cedar Foods", "CompanyName": "Cedar Foods Inc.", "SalesTermRef": ref("3")})
	b.put(customers, obj{"Id": "2", "DisplayName": "North shop", "FullyQualifiedName": "Harbor Group:North shop", "ParentRef": ref("5"), "Job": true})
	b.put(customers, person("5", "Harbor Group"))
	b.put(invoices, bill("10", "1", 100))
	b.put(invoices, bill("11", "2", "250.50"))
	b.put(creditMemos, credit("20", 30))
	b.put(journalEntries, obj{"Id": "30", "DocNumber": "JE1", "TxnDate": "2026-10-10", "Line": []obj{
		{"Id": "0", "Amount": 12.25, "JournalEntryLineDetail": obj{"PostingType": "Debit", "AccountRef": ref("84"), "Entity": obj{"Type": "Customer", "EntityRef": ref("1")}}},
		{"Id": "1", "Amount": 12.25, "JournalEntryLineDetail": obj{"PostingType": "Credit", "AccountRef": ref("35")}},
	}})
	b.put(deposits, obj{"Id": "40", "TxnDate": "2026-10-11", "TotalAmt": 45, "Line": []obj{
		{"Id": "1", "Amount": 40, "DepositLineDetail": obj{"AccountRef": ref("84"), "Entity": obj{"value": "2", "type": "CUSTOMER"}}},
		{"Id": "2", "Amount": 5, "DepositLineDetail": obj{"AccountRef": ref("35")}},
	}})
	b.put(payments, receipt("50", "1", 60, settles(60, "Invoice", "10")))
	b.put(payments, receipt("51", "1", 0, settles(20, "Invoice", "10"), settles(20, "CreditMemo", "20")))
	return b
}

func TestSourceContract(t *testing.T) {
	t.Parallel()
	sourcetest.Run(t, func(t *testing.T) arsync.Source {
		t.Helper()
		return someBooks().source()
	})
}
