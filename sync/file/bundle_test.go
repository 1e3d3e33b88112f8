package file

import (
	"archive/zip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	arsync "arbot/sync"
	"arbot/sync/file/cells"
	"arbot/sync/sourcetest"
)

func TestBundleKeepsTheContract(t *testing.T) {
	t.Parallel()
	sourcetest.Run(t, func(t *testing.T) arsync.Source {
		t.Helper()
		return NewBundle(small().with(files{
			customersFile: lines("external,name,parent", "C3,Job below a job,C2", "C2,Job,C1", "C1,Birch & Co,"),
			totalsFile:    lines("as_of,currency,total", "2026-11-25,USD,60"),
		}).write(t))
	})
}

func TestBundleRecords(t *testing.T) {
	t.Parallel()
	b := NewBundle(files{
		// A byte order mark, CRLF, another order and case of the columns, spaces.
		customersFile: "\uFEFFName, External ,aliases,field:Route,inactive,number,parent,terms,class,region,segment,owner,collector\r\n" +
			"\" Birch, Oak & Co \",C1,Birch; BOC ;,North 7,TRUE,77,,Net 30,Wood,EMEA,Key,dana@example.com,lee@example.com\r\n" +
			"Yard 4,C1-4,,,false,,C1,,,,,,\r\n",
		documentsFile: lines("kind,external,number,customer,amount,currency,date,due,terms,status,po,memo,url",
			`invoice,1,000123,C1,100,USD,2026-09-01,2026-10-01,Net 30,posted,PO-1,"two`, `lines",https://example.com/1`,
			"invoice,2,123,C1-4,-12.345,KWD,2026-09-01,,,Void,,,",
			"invoice,3,,C1,1250000,JPY,2026-09-01,,,draft,,,",
			"credit_memo,1,,C1,5.5,USD,2026-09-02,,,,,,"),
		applicationsFile: lines("external,kind,from,to,amount,currency,date,inferred",
			"A1,credit,1,1,5.50,USD,2026-09-03,", ",,,,,,,", "A2,write_off,,1,0.01,USD,2026-09-04,true"),
	}.write(t))
	reading, got := sourcetest.Read(t, b)
	want := ar.Page{
		Customers: []ar.CustomerRecord{
			{
				External: "C1", Name: "Birch, Oak & Co", Number: "77", Aliases: []string{"Birch", "BOC"}, Terms: "Net 30",
				Class: "Wood", Region: "EMEA", Segment: "Key", Fields: map[string]string{"Route": "North 7"},
				Owner: "dana@example.com", Collector: "lee@example.com", Inactive: true,
			},
			{External: "C1-4", Name: "Yard 4", Parent: "C1"},
		},
		Documents: []ar.DocumentRecord{
			{
				Ref: ar.Ref{Kind: ar.Invoice, External: "1"}, Number: "000123", Customer: "C1", Amount: money(t, "100", "USD"),
				Date: day(t, "2026-09-01"), Due: day(t, "2026-10-01"), Terms: "Net 30", Status: ar.Posted,
				PO: "PO-1", Memo: "two\nlines", URL: "https://example.com/1",
			},
			{
				Ref: ar.Ref{Kind: ar.Invoice, External: "2"}, Number: "123", Customer: "C1-4", Amount: ar.NewMoney(-12345, "KWD"),
				Date: day(t, "2026-09-01"), Status: ar.Void,
			},
			{
				Ref: ar.Ref{Kind: ar.Invoice, External: "3"}, Customer: "C1", Amount: ar.NewMoney(1250000, "JPY"),
				Date: day(t, "2026-09-01"), Status: ar.Draft,
			},
			{
				Ref: ar.Ref{Kind: ar.CreditMemo, External: "1"}, Customer: "C1", Amount: money(t, "5.5", "USD"),
				Date: day(t, "2026-09-02"), Status: ar.Posted,
			},
		},
		Applications: []ar.ApplicationRecord{
			{
				External: "A1", From: ar.Ref{Kind: ar.CreditMemo, External: "1"}, To: ar.Ref{Kind: ar.Invoice, External: "1"},
				Kind: ar.ByCredit, Amount: money(t, "5.5", "USD"), Date: day(t, "2026-09-03"),
			},
			{
				External: "A2", To: ar.Ref{Kind: ar.Invoice, External: "1"},
				Kind: ar.ByWriteOff, Amount: money(t, "0.01", "USD"), Date: day(t, "2026-09-04"), Inferred: true,
			},
		},
	}
	if diff := cmp.Diff(want, got, values); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if len(reading.Warnings) > 0 {
		t.Errorf("warnings: %q", reading.Warnings)
	}
}

// TestBundleFaults holds the texts that people get, for each thing that can be
// wrong, in testdata/bundle_faults.txt.
func TestBundleFaults(t *testing.T) {
	t.Parallel()
	document := func(rows ...string) files {
		return files{
			documentsFile: lines(append([]string{"kind,external,number,customer,amount,currency,date,due,status", "invoice,1,,C1,100.00,USD,2026-09-01,,", "payment,9,,C1,40.00,USD,2026-10-02,,"}, rows...)...),
		}
	}
	application := func(rows ...string) files {
		return files{applicationsFile: lines(append([]string{"external,kind,from_kind,from,to_kind,to,amount,currency,date"}, rows...)...)}
	}
	var many []string
	for i := range 25 {
		many = append(many, fmt.Sprintf("invoice,M%d,,C1,1.005,USD,2026-09-01,,", i))
	}
	cases := []struct {
		name  string
		files files
	}{
		{"no customers file", files{customersFile: "-"}},
		{"no documents and no applications file", files{documentsFile: "-", applicationsFile: "-"}},
		{"empty file", files{documentsFile: ""}},
		{"CS-01 only a byte order mark", files{documentsFile: "\uFEFF"}},
		{"only a header", files{documentsFile: lines("kind,external,customer,amount,currency,date")}},
		{"only a header in customers", files{customersFile: lines("external,name")}},
		{"X31 no header row", files{documentsFile: lines("invoice,1,C1,100.00,USD,2026-09-01", "invoice,2,C1,50.00,USD,2026-09-02", "invoice,3,C2,25.00,USD,2026-09-03")}},
		{"unknown column", files{customersFile: lines("external,name,street", "C1,Birch,x", "C2,Cedar,y")}},
		{"misspelt column", files{documentsFile: lines("kind,id,costumer,amount,currency,date", "invoice,1,C1,100.00,USD,2026-09-01")}},
		{"column twice", files{customersFile: lines("external,name,Name", "C1,Birch,x", "C2,Cedar,y")}},
		{"column without a name", files{customersFile: lines("external,name,", "C1,Birch,", "C2,Cedar,")}},
		{"row too long", document("invoice,2,,C1,1,234.00,USD,2026-09-01,,")},
		{"decimal comma", document(`invoice,2,,C1,"12,50",USD,2026-09-01,,`)},
		{"grouping", document(`invoice,2,,C1,"1,234.50",USD,2026-09-01,,`)},
		{"too many decimals", document("invoice,2,,C1,100.5,JPY,2026-09-01,,")},
		{"too large", document("invoice,2,,C1,99999999999999999999,USD,2026-09-01,,")},
		{"unknown currency", document("invoice,2,,C1,1.00,US,2026-09-01,,")},
		{"missing cells", document("invoice,,,,,,,,")},
		{"no such date", document("invoice,2,,C1,1.00,USD,2026-02-30,,")},
		{"date of another layout", document("invoice,2,,C1,1.00,USD,09/01/2026,2026-10-01 00:00,")},
		{"year out of range", document("invoice,2,,C1,1.00,USD,0026-09-01,,")},
		{"unknown kind and status", document("bill,2,,C1,1.00,USD,2026-09-01,,open")},
		{"unknown customer", document("invoice,2,,C7,1.00,USD,2026-09-01,,")},
		{"document twice", document("invoice,1,,C1,1.00,USD,2026-09-01,,")},
		{"customer twice", files{customersFile: lines("external,name", "C1,Birch", "C2,Cedar", "C1,Dill")}},
		{"parent missing", files{customersFile: lines("external,name,parent", "C1,Birch,C9", "C2,Cedar,")}},
		{"parent of itself", files{customersFile: lines("external,name,parent", "C1,Birch,C1", "C2,Cedar,")}},
		{"parents in a circle", files{customersFile: lines("external,name,parent", "C1,Birch,C2", "C2,Cedar,C3", "C3,Dill,C1")}},
		{"inactive is no flag", files{customersFile: lines("external,name,inactive", "C1,Birch,no", "C2,Cedar,")}},
		{"application to nothing", application("A1,payment,,9,,77,1.00,USD,2026-10-02")},
		{"application from nothing", application("A1,credit,,9,,1,1.00,USD,2026-10-02")},
		{"application the wrong way round", application("A1,payment,invoice,1,payment,9,1.00,USD,2026-10-02")},
		{"application in another currency", application("A1,payment,,9,,1,1.00,EUR,2026-10-02")},
		{"application twice", application("A1,payment,,9,,1,1.00,USD,2026-10-02", "A1,payment,,9,,1,1.00,USD,2026-10-02")},
		{"unknown kind of application", application("A1,discount,,9,,1,1.00,USD,2026-10-02")},
		{"quote that never ends", document(`invoice,2,"abc,C1,1.00,USD,2026-09-01,,`)},
		{"bare quote", document(`invoice,2,6" pipe,C1,1.00,USD,2026-09-01,,`)},
		{"row counts line breaks in cells once", document("invoice,2,\"a\nb\nc\",C1,1.00,USD,2026-09-01,,", "", "invoice,3,,C1,x,USD,2026-09-01,,")},
		{"UTF-16", files{customersFile: "\xFF\xFEe\x00x\x00"}},
		{"Windows-1252", files{customersFile: lines("external,name", "C1,M\xFCller", "C2,Cedar")}},
		{"NUL", files{customersFile: lines("external,name", "C1,M\x00ller", "C2,Cedar")}},
		{"workbook", files{customersFile: "PK\x03\x04abc"}},
		{"row without end", files{customersFile: "external,name\nC1,\"" + strings.Repeat("x", 2*cells.LongestRow)}},
		{"more faults than are shown", document(many...)},
		{"total twice", files{totalsFile: lines("as_of,currency,total", "2026-11-25,USD,60", "2026-11-25,USD,61")}},
		{"two companies", files{aboutFile: lines("external,exported", "acme,2026-11-25", "other,")}},
	}
	var all strings.Builder
	for _, c := range cases {
		dir := small().with(files{applicationsFile: lines("external,kind,from,to,amount,currency,date")}).with(c.files).write(t)
		b := NewBundle(dir)
		_, err := b.Full(t.Context())
		if ar.KindOf(err) != ar.Invalid {
			t.Errorf("%s: %v, want a refusal", c.name, err)
			continue
		}
		if _, ok := errors.AsType[*CheckError](err); !ok {
			t.Errorf("%s: %v is no *CheckError", c.name, err)
		}
		fmt.Fprintf(&all, "== %s\n%s\n\n", c.name, strings.ReplaceAll(err.Error(), dir, "DIR"))
	}
	golden(t, "bundle_faults.txt", all.String())
}

func TestBundleWarnings(t *testing.T) {
	t.Parallel()
	dir := small().with(files{
		applicationsFile: lines("external,kind,from,to,amount,currency,date", "A1,payment,9,1,40.00,USD,2026-10-02", "A2,payment,9,1,70.00,USD,2026-10-03"),
		"total.csv":      "x",
		"notes.txt":      "x",
	}).write(t)
	reading, err := NewBundle(dir).Full(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"documents.csv row 2: invoice 1 has $110.00 applied of $100.00.",
		"documents.csv row 4: payment 9 has $110.00 applied of $40.00.",
		"total.csv is not a file of a bundle and was not read.",
	}
	if diff := cmp.Diff(want, reading.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

func TestBundleIdentity(t *testing.T) {
	t.Parallel()
	plain := small().write(t)
	named := small().with(files{aboutFile: lines("external,name,home,exported", "r-1,Birch & Co,usd,2026-11-25T18:00:00-05:00")}).write(t)
	tests := []struct {
		name   string
		bundle *Bundle
		want   ar.SourceIdentity
	}{
		{"nothing said", NewBundle(plain), ar.SourceIdentity{Kind: "bundle", External: "main", Name: filepath.Base(plain)}},
		{"by the config", &Bundle{Path: plain, External: "acme"}, ar.SourceIdentity{Kind: "bundle", External: "acme", Name: "acme"}},
		{"by bundle.csv", &Bundle{Path: named, External: "acme", Name: "Acme"}, ar.SourceIdentity{Kind: "bundle", External: "r-1", Name: "Birch & Co", Home: "USD"}},
	}
	for _, tt := range tests {
		got, err := tt.bundle.Identity(t.Context())
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestBundleDataTime(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	dir := small().write(t)
	for i, name := range []string{customersFile, documentsFile, applicationsFile} {
		written(t, filepath.Join(dir, name), at.Add(time.Duration(i)*time.Minute))
	}
	reading, err := NewBundle(dir).Full(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := at.Add(2 * time.Minute); !reading.DataAsOf.Equal(want) {
		t.Errorf("data as of %s, want the latest file, %s", reading.DataAsOf, want)
	}
	if err := os.WriteFile(filepath.Join(dir, aboutFile), []byte(lines("external,exported", "x,2026-11-25T18:00:00-05:00")), 0o600); err != nil {
		t.Fatal(err)
	}
	if reading, err = NewBundle(dir).Full(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := time.Date(2026, 11, 25, 23, 0, 0, 0, time.UTC); !reading.DataAsOf.Equal(want) {
		t.Errorf("data as of %s, want what the bundle says, %s", reading.DataAsOf, want)
	}
}

func TestBundleChanges(t *testing.T) {
	t.Parallel()
	dir := small().write(t)
	reading, err := NewBundle(dir).Full(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewBundle(dir).Changes(t.Context(), reading.Cursor()); !errors.Is(err, arsync.ErrNothingNew) {
		t.Errorf("the same bundle: %v, want ErrNothingNew", err)
	}
	written(t, filepath.Join(dir, documentsFile), time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	if _, err := NewBundle(dir).Changes(t.Context(), reading.Cursor()); !errors.Is(err, arsync.ErrNothingNew) {
		t.Errorf("touched, the same content: %v, want ErrNothingNew", err)
	}
	if err := os.WriteFile(filepath.Join(dir, totalsFile), []byte(lines("as_of,currency,total", "2026-11-25,USD,60")), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := NewBundle(dir).Changes(t.Context(), reading.Cursor()); !errors.Is(err, arsync.ErrFullOnly) {
		t.Errorf("with totals now: %v, want ErrFullOnly", err)
	}
}

func TestBundleChangedWhileRead(t *testing.T) {
	t.Parallel()
	dir := small().write(t)
	reading, err := NewBundle(dir).Full(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(small()[documentsFile], "100.00", "900.00", 1)
	if err := os.WriteFile(filepath.Join(dir, documentsFile), []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	var last error
	documents := 0
	for page, err := range reading.Pages {
		last = err
		documents += len(page.Documents)
	}
	if !errors.Is(last, errChanged) || documents > 0 {
		t.Errorf("%d documents and %v, want none and errChanged", documents, last)
	}
}

func TestBundleInZip(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"", "acme-export/"} {
		path := filepath.Join(t.TempDir(), "acme.zip")
		zipUp(t, path, folder, small())
		_, got := sourcetest.Read(t, NewBundle(path))
		_, want := sourcetest.Read(t, NewBundle(small().write(t)))
		if diff := cmp.Diff(want, got, values); diff != "" {
			t.Errorf("in %q (-directory +zip):\n%s", folder, diff)
		}
	}
}

func zipUp(t *testing.T, path, folder string, content files) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for name, text := range content {
		w, err := z.Create(folder + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestBundleNotThere(t *testing.T) {
	t.Parallel()
	if _, err := NewBundle(filepath.Join(t.TempDir(), "nowhere")).Full(t.Context()); ar.KindOf(err) != ar.NotFound {
		t.Errorf("no such directory: %v", err)
	}
	text := filepath.Join(files{"a.txt": "hello"}.write(t), "a.txt")
	if _, err := NewBundle(text).Identity(t.Context()); ar.KindOf(err) != ar.Invalid {
		t.Errorf("a text file: %v", err)
	}
}

func TestHas(t *testing.T) {
	t.Parallel()
	reading, err := NewBundle(small().write(t)).Full(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var there []ar.Key
	for _, key := range []ar.Key{"C1", "invoice/1", "payment/1", "1", "A1", "A2"} {
		for _, kind := range []ar.RecordKind{ar.CustomerRecords, ar.DocumentRecords, ar.ApplicationRecords} {
			if reading.Has(kind, key) {
				there = append(there, ar.Key(kind)+" "+key)
			}
		}
	}
	want := []ar.Key{"customers C1", "documents invoice/1", "applications A1"}
	if !slices.Equal(there, want) {
		t.Errorf("there are %v, want %v", there, want)
	}
}
