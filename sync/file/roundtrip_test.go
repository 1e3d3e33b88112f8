package file

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"arbot/ar"
	arsync "arbot/sync"
	"arbot/sync/file/cells"
	"arbot/sync/sourcetest"
)

// TestRandomBooksReadBack writes random books as a bundle and reads them back
// equal.
func TestRandomBooksReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		want := randomBooks(rt)
		dir := t.TempDir()
		if err := WriteBundle(dir, want); err != nil {
			rt.Fatal(err)
		}
		b := NewBundle(dir)
		id, err := b.Identity(t.Context())
		if err != nil || id != want.Company {
			rt.Fatalf("identity %+v, %v, want %+v", id, err, want.Company)
		}
		reading, got := sourcetest.Read(t, b)
		slices.SortFunc(got.Customers, byExternal) // the reader moves parents up
		slices.SortFunc(want.Customers, byExternal)
		page := ar.Page{Customers: want.Customers, Documents: want.Documents, Applications: want.Applications}
		if diff := cmp.Diff(page, got, values); diff != "" {
			rt.Fatalf("records (-want +got):\n%s", diff)
		}
		if !reading.DataAsOf.Equal(want.Exported) {
			rt.Fatalf("data as of %s, want %s", reading.DataAsOf, want.Exported)
		}
		var totals []arsync.Total
		if reading.Totals != nil {
			totals, _ = reading.Totals(t.Context())
		}
		if diff := cmp.Diff(want.Totals, totals, values); diff != "" {
			rt.Fatalf("totals (-want +got):\n%s", diff)
		}
	})
}

func byExternal(a, b ar.CustomerRecord) int { return strings.Compare(a.External, b.External) }

// word draws text as cells hold it, with everything that CSV has to quote.
func word(t *rapid.T, label string) string {
	s := rapid.StringOf(rapid.RuneFrom([]rune("aZ09 ,;\"'\n\t-=+@()éß漢🙂\u00a0/&<>"))).Draw(t, label)
	return strings.TrimSpace(s)
}

func someDate(t *rapid.T, label string) ar.Date {
	return ar.NewDate(2024, 1, 1).AddDays(rapid.IntRange(0, 1500).Draw(t, label))
}

func amount(t *rapid.T, c ar.Currency, label string) ar.Money {
	return ar.NewMoney(rapid.Int64Range(-1e12, 1e12).Draw(t, label), c)
}

func randomBooks(t *rapid.T) Contents {
	c := Contents{
		Company:  ar.SourceIdentity{Kind: BundleKind, External: "x" + word(t, "company"), Name: "n" + word(t, "company name"), Home: "USD"},
		Exported: time.Unix(rapid.Int64Range(0, 2e9).Draw(t, "exported"), 0).UTC(),
	}
	for i := range rapid.IntRange(1, 6).Draw(t, "customers") {
		c.Customers = append(c.Customers, randomCustomer(t, i, c.Customers))
	}
	slices.Reverse(c.Customers) // children stand before their parents
	for i := range rapid.IntRange(1, 10).Draw(t, "documents") {
		c.Documents = append(c.Documents, randomDocument(t, i, c.Customers))
	}
	for i := range rapid.IntRange(0, 10).Draw(t, "applications") {
		if a, ok := randomApplication(t, i, c.Documents); ok {
			c.Applications = append(c.Applications, a)
		}
	}
	for i, currency := range []ar.Currency{"USD", "JPY"} {
		if rapid.Bool().Draw(t, "total") {
			c.Totals = append(c.Totals, arsync.Total{AsOf: someDate(t, "as of").AddDays(i), Net: amount(t, currency, "total amount")})
		}
	}
	return c
}

func randomCustomer(t *rapid.T, i int, parents []ar.CustomerRecord) ar.CustomerRecord {
	c := ar.CustomerRecord{
		External: strconv.Itoa(i) + word(t, "id"), Name: "n" + word(t, "name"), Number: word(t, "number"), Terms: word(t, "terms"),
		Class: word(t, "class"), Region: word(t, "region"), Segment: word(t, "segment"), Owner: word(t, "owner"),
		Collector: word(t, "collector"), Inactive: rapid.Bool().Draw(t, "inactive"),
	}
	if len(parents) > 0 && rapid.Bool().Draw(t, "has parent") {
		c.Parent = rapid.SampledFrom(parents).Draw(t, "parent").External
	}
	for range rapid.IntRange(0, 2).Draw(t, "aliases") {
		if alias := strings.TrimSpace(strings.ReplaceAll(word(t, "alias"), aliasMark, "")); alias != "" {
			c.Aliases = append(c.Aliases, alias)
		}
	}
	for _, name := range []string{"Route", "route", "Sales Person"} {
		if v := word(t, "field"); v != "" {
			if c.Fields == nil {
				c.Fields = map[string]string{}
			}
			c.Fields[name] = v
		}
	}
	return c
}

func randomDocument(t *rapid.T, i int, customers []ar.CustomerRecord) ar.DocumentRecord {
	kinds := []ar.DocumentKind{ar.Invoice, ar.Invoice, ar.CreditMemo, ar.Payment, ar.Refund, ar.Journal}
	d := ar.DocumentRecord{
		Ref:      ar.Ref{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), External: strconv.Itoa(i) + word(t, "document id")},
		Number:   word(t, "document number"),
		Customer: rapid.SampledFrom(customers).Draw(t, "customer").External,
		Amount:   amount(t, rapid.SampledFrom([]ar.Currency{"USD", "JPY", "KWD"}).Draw(t, "currency"), "amount"),
		Date:     someDate(t, "date"), Terms: word(t, "document terms"),
		Status: rapid.SampledFrom([]ar.Status{ar.Posted, ar.Posted, ar.Void, ar.Draft, ar.Deleted}).Draw(t, "status"),
		PO:     word(t, "po"), Memo: word(t, "memo"), URL: word(t, "url"),
	}
	if rapid.Bool().Draw(t, "has due") {
		d.Due = someDate(t, "due")
	}
	return d
}

// randomApplication joins two documents that can be, if there are such.
func randomApplication(t *rapid.T, i int, documents []ar.DocumentRecord) (ar.ApplicationRecord, bool) {
	to := rapid.SampledFrom(documents).Draw(t, "to")
	from := rapid.SampledFrom(documents).Draw(t, "from")
	if !slices.Contains(raises, to.Kind) {
		return ar.ApplicationRecord{}, false
	}
	a := ar.ApplicationRecord{
		External: strconv.Itoa(i) + word(t, "application id"), To: to.Ref,
		Kind:   rapid.SampledFrom([]ar.ApplicationKind{ar.ByPayment, ar.ByCredit, ar.ByWriteOff}).Draw(t, "kind"),
		Amount: amount(t, to.Amount.Currency(), "applied"), Date: someDate(t, "applied on"), Inferred: rapid.Bool().Draw(t, "inferred"),
	}
	if slices.Contains(lowers, from.Kind) && from.Amount.Currency() == to.Amount.Currency() {
		a.From = from.Ref
	}
	return a, true
}

// FuzzCSV holds that any bytes are either refused with a fault or give rows
// with rising numbers and clean cells; nothing else, and no panic.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{
		"external,name\nC1,Birch\n", "\uFEFFexternal,name\r\nC1,\"a\nb\"\r\n\r\nC2,x\r\n", "\xFF\xFEa\x00", "a,\"b\n", "a\"b\n",
		"external;name\n", "PK\x03\x04", "external,name\nC1\n", ",\n,,\n", "external,name\nC1,M\xFCller\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var found faults
		last := 0
		rows := 0
		err := readRows(bytes.NewReader(text), customersFile, bundleLayout(customerColumns), &found, func(s *sheet) bool {
			if s.row <= last {
				t.Errorf("row %d comes after row %d", s.row, last)
			}
			last = s.row
			rows++
			for _, cell := range s.cells {
				if !utf8.ValidString(cell) || strings.ContainsRune(cell, 0) {
					t.Errorf("row %d holds %q", s.row, cell)
				}
			}
			s.customer()
			return true
		})
		if err != nil && (!errors.Is(err, errStop) || found.count() == 0) {
			t.Errorf("stopped by %v with %d faults", err, found.count())
		}
		if lines := bytes.Count(text, []byte("\n")) + 1; last > lines {
			t.Errorf("row %d of %d lines", last, lines)
		}
	})
}

func TestRowLimit(t *testing.T) {
	t.Parallel()
	// Many short rows pass, whatever their sum.
	text := "external,name\n" + strings.Repeat("C1,Birch\n", 2*cells.LongestRow/9)
	var found faults
	rows := 0
	err := readRows(strings.NewReader(text), customersFile, bundleLayout(customerColumns), &found, func(*sheet) bool {
		rows++
		return true
	})
	if err != nil || rows != 2*cells.LongestRow/9 {
		t.Errorf("%d rows, %v, %v", rows, err, found.list)
	}
	// A row without end stops after about the limit.
	endless := &endlessQuote{}
	err = readRows(io.MultiReader(strings.NewReader("external,name\nC1,\""), endless), customersFile, bundleLayout(customerColumns), &found, func(*sheet) bool { return true })
	if !errors.Is(err, errStop) || endless.read > 2*cells.LongestRow {
		t.Errorf("%v after %d bytes", err, endless.read)
	}
}

// endlessQuote is a cell that never ends.
type endlessQuote struct{ read int }

func (e *endlessQuote) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	e.read += len(p)
	return len(p), nil
}

func TestDistance(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "", 3}, {"", "abc", 3}, {"costumer", "customer", 2}, {"amount", "amounts", 1}, {"date", "due", 2}, {"kind", "kind", 0}}
	for _, tt := range tests {
		if got := distance(tt.a, tt.b); got != tt.want {
			t.Errorf("%q to %q: %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}
