package export

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"arbot/ar"
)

// item is a document of a random book.
type item struct {
	customer, number string
	kind             ar.DocumentKind
	date, due        ar.Date
	amount, open     ar.Money // with the sign that a report prints
}

// book is a random book in one currency, as of a date.
type book struct {
	asOf     ar.Date
	currency ar.Currency
	items    []item
}

// names of customers that Windows-1252 can write, with what breaks readers of CSV.
var names = []string{"Elm & Sons", "Fir, Inc", `The "Tree"`, "Müller KG", "Café Oñate", "Total Wine", "=SUM(A1)", "Ash;Oak"}

func drawBook(t *rapid.T) book {
	b := book{
		asOf:     ar.NewDate(2026, 11, 25),
		currency: rapid.SampledFrom([]ar.Currency{"EUR", "USD", "JPY", "KWD"}).Draw(t, "currency"),
	}
	customers := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 1, 5, rapid.ID).Draw(t, "customers")
	n := rapid.IntRange(1, 25).Draw(t, "documents")
	for i := range n {
		it := item{customer: rapid.SampledFrom(customers).Draw(t, "customer"), number: fmt.Sprintf("%05d", i+1), kind: ar.Invoice}
		it.date = b.asOf.AddDays(-rapid.IntRange(0, 200).Draw(t, "age"))
		it.due = it.date.AddDays(rapid.IntRange(0, 60).Draw(t, "terms"))
		minor := rapid.Int64Range(1, 500_000_000).Draw(t, "amount")
		open := rapid.Int64Range(0, minor).Draw(t, "open")
		if rapid.Bool().Draw(t, "unpaid") {
			open = minor
		}
		if rapid.IntRange(0, 4).Draw(t, "credit") == 0 {
			it.kind, it.due, minor, open = ar.CreditMemo, it.date, -minor, -open
		}
		it.amount, it.open = ar.NewMoney(minor, b.currency), ar.NewMoney(open, b.currency)
		b.items = append(b.items, it)
	}
	slices.SortStableFunc(b.items, func(x, y item) int { return strings.Compare(x.customer, y.customer) })
	return b
}

// aging is what the book is as of its date, by the rules of ar.
func (b book) aging(t *rapid.T) (owed, ledger []string) {
	var items []ar.OpenItem
	for _, it := range b.items {
		if !it.open.IsZero() {
			d := ar.Document{Kind: it.kind, Customer: 1, Number: it.number, Amount: it.amount.Abs(), Date: it.date, Due: it.due, Status: ar.Posted}
			items = append(items, ar.OpenItem{Document: d, Open: it.open})
		}
	}
	for _, view := range []bool{false, true} {
		rule := ar.NewAgingRule(b.asOf, ar.ByDueDate)
		rule.LedgerView = view
		agings, err := ar.Age(items, rule)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range agings {
			for _, m := range a.Buckets {
				got = append(got, m.String())
			}
			if !view {
				got = append(got, a.Unapplied.String())
			}
		}
		if view {
			ledger = got
		} else {
			owed = got
		}
	}
	return owed, ledger
}

// style is how a file writes amounts and dates.
type style struct {
	amount func(ar.Money) string
	date   func(ar.Date) string
	// decimal and dates say it, for a file that does not prove it.
	decimal, dates string
}

func (b book) drawStyle(t *rapid.T) style {
	decimal := rapid.SampledFrom([]string{".", ","}).Draw(t, "decimal")
	marks := map[string][]string{".": {"", ",", "'", " ", "\u00a0"}, ",": {"", ".", "'", " ", "\u00a0"}}
	mark := rapid.SampledFrom(marks[decimal]).Draw(t, "grouping")
	sign := rapid.SampledFrom([]string{"before", "behind", "brackets", "CR"}).Draw(t, "sign")
	code := rapid.SampledFrom([]string{"", "before", "behind"}).Draw(t, "code")
	layout := rapid.SampledFrom([]string{"2006-01-02", "02/01/2006", "1/2/2006", "02.01.2006", "January 2, 2006", "2 Jan 2006", "02-01-06"}).Draw(t, "dates")
	order := "DD/MM/YYYY"
	if layout == "1/2/2006" {
		order = "MM/DD/YYYY"
	}
	return style{
		decimal: decimal, dates: order,
		amount: func(m ar.Money) string { return spreadsheet(m, decimal, mark, sign, code) },
		date: func(d ar.Date) string {
			return d.In(time.UTC).Format(layout)
		},
	}
}

// spreadsheet writes an amount.
func spreadsheet(m ar.Money, decimal, mark, sign, code string) string {
	whole, fraction, point := strings.Cut(m.Abs().Decimal(), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + mark + whole[i:]
	}
	if point {
		whole += decimal + fraction
	}
	switch code {
	case "before":
		whole = string(m.Currency()) + " " + whole
	case "behind":
		whole += " " + string(m.Currency())
	}
	if m.Sign() >= 0 {
		return whole
	}
	return map[string]string{"before": "-" + whole, "behind": whole + "-", "brackets": "(" + whole + ")", "CR": whole + " CR"}[sign]
}

// save writes rows as a file.
func save(t *rapid.T, dir string, rows [][]string) (path string) {
	kind := rapid.SampledFrom([]string{"UTF-8", "BOM", "UTF-16LE", "UTF-16BE", "Windows-1252", "workbook"}).Draw(t, "encoding")
	if kind == "workbook" {
		return saveWorkbook(t, dir, rows)
	}
	delimiter := rapid.SampledFrom([]string{",", ";", "\t"}).Draw(t, "delimiter")
	end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line end")
	width := 0
	for _, row := range rows {
		width = max(width, len(row))
	}
	var out strings.Builder
	for _, row := range rows {
		var cells []string
		for _, c := range row {
			if strings.ContainsAny(c, "\",;\t\n") {
				c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
			}
			cells = append(cells, c)
		}
		for len(cells) < width {
			cells = append(cells, "")
		}
		out.WriteString(strings.Join(cells, delimiter) + end)
	}
	text := out.String()
	var err error
	switch kind {
	case "BOM":
		text = "\ufeff" + text
	case "UTF-16LE":
		text, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	case "UTF-16BE":
		text, err = unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(text)
	case "Windows-1252":
		text, err = charmap.Windows1252.NewEncoder().String(text)
	}
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(dir, "export")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func saveWorkbook(t *rapid.T, dir string, rows [][]string) (path string) {
	out := excelize.NewFile()
	for i, row := range rows {
		for j, cell := range row {
			name, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				t.Fatal(err)
			}
			if err := out.SetCellStr("Sheet1", name, cell); err != nil {
				t.Fatal(err)
			}
		}
	}
	path = filepath.Join(dir, "export")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(out.Write(f), f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestEveryLayoutGivesTheSameAging writes a random book in a layout, an encoding and a way
// of writing amounts and dates, and reads its aging back to the cent.
func TestEveryLayoutGivesTheSameAging(t *testing.T) {
	t.Parallel()
	for _, w := range writers {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			rapid.Check(t, func(t *rapid.T) {
				b := drawBook(t)
				if w.adapt != nil {
					w.adapt(&b)
				}
				if len(b.items) == 0 {
					t.Skip("nothing is left of the book")
				}
				w.holds(t, dir, b)
			})
		})
	}
}

// holds writes a book and reads it back.
func (w layoutWriter) holds(t *rapid.T, dir string, b book) {
	style := b.drawStyle(t)
	path := save(t, dir, w.write(b, style))
	s := Settings{Currency: b.currency, AsOf: b.asOf}
	e, err := Check(t.Context(), path, s)
	if _, ok := errors.AsType[*UndecidedError](err); ok {
		s.Decimal, s.Dates = style.decimal, style.dates // as the person would say who is asked
		e, err = Check(t.Context(), path, s)
	}
	if err != nil {
		text, _ := os.ReadFile(path)
		t.Fatalf("%v\n%s", err, text)
	}
	if e.Layout != w.name {
		t.Fatalf("it was taken for %q", e.Layout)
	}
	var owed, ledger []string
	for _, sum := range e.Sums {
		for i := range sum.Owed {
			owed, ledger = append(owed, sum.Owed[i].String()), append(ledger, sum.Ledger[i].String())
		}
		owed = append(owed, sum.Unapplied.String())
	}
	wantOwed, wantLedger := b.aging(t)
	if len(e.Sums) == 0 && w.ledgerOnly { // an invoice and a credit of one age and amount leave nothing to read
		zero := ar.NewMoney(0, b.currency).String()
		ledger = slices.Repeat([]string{zero}, len(wantLedger))
	}
	if diff := cmp.Diff(wantLedger, ledger); diff != "" {
		t.Fatalf("the ledger's view (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(wantOwed, owed); diff != "" && !w.ledgerOnly {
		t.Fatalf("the aging (-want +got):\n%s", diff)
	}
}
