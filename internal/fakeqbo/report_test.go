package fakeqbo_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"arbot/internal/fakeqbo"
)

// agedBooks has something in each column as of 2026-11-25:
//
//	Ada (top)    invoice 100.00 due that day, payment of 7.00 unapplied, dated 40 days before
//	Ada:Bo       invoice 200.00 due the day before, 50.00 of it paid on the 20th
//	Cy           invoice 300.00 due 30 days before, 400.00 due 91 days before; journal credit of 25.00
func agedBooks() *books {
	b := newBooks()
	ada := b.customer("Ada")
	bo := must(b.AddCustomer(fakeqbo.Person{Name: "Bo", Parent: ada}))
	cy := b.customer("Cy")
	b.invoice(ada, "2026-11-01", "2026-11-25", 10000)
	part := b.invoice(bo, "2026-11-01", "2026-11-24", 20000)
	b.invoice(cy, "2026-10-01", "2026-10-26", 30000)
	b.invoice(cy, "2026-08-01", "2026-08-26", 40000)
	_ = must(b.Pay(fakeqbo.Receipt{Customer: ada, Date: "2026-10-16", Amount: 700}))
	_ = must(b.Pay(fakeqbo.Receipt{Customer: bo, Date: "2026-11-20", Amount: 5000, On: []fakeqbo.Part{onInvoice(part, 5000)}}))
	_ = must(b.Journal(fakeqbo.Entry{Date: "2026-11-25", Number: "J1", Lines: []fakeqbo.Posting{
		{Account: fakeqbo.Income, Debit: true, Amount: 2500}, {Account: fakeqbo.Receivable, Amount: 2500, Customer: cy},
	}}))
	return b
}

// texts are the values of ColData in one line.
func texts(row any) string {
	cells, _ := dig(row, "ColData").([]any)
	var list []string
	for _, c := range cells {
		list = append(list, fmt.Sprint(dig(c, "value")))
	}
	return strings.Join(list, "|")
}

func TestSummary(t *testing.T) {
	t.Parallel()
	b := agedBooks()
	report := b.get(t, "reports/AgedReceivables?report_date=2026-11-25&aging_method=Report_Date&&minorversion=75")
	want(t, "header", []any{dig(report, "Header", "Currency"), dig(report, "Header", "ReportName"), dig(report, "Header", "Option", 0, "Value")},
		[]any{"USD", "AgedReceivables", "2026-11-25"})
	var titles []string
	columns, _ := dig(report, "Columns", "Column").([]any)
	for _, c := range columns {
		titles = append(titles, fmt.Sprint(dig(c, "ColType"), " ", dig(c, "ColTitle")))
	}
	want(t, "columns", strings.Join(titles, "|"), "Customer |Money Current|Money 1 - 30|Money 31 - 60|Money 61 - 90|Money 91 and over|Money Total")
	rows := dig(report, "Rows", "Row")
	want(t, "Ada", texts(dig(rows, 0, "Header")), "Ada|100.00||-7.00|||93.00")
	want(t, "Bo", texts(dig(rows, 0, "Rows", "Row", 0)), "Bo||150.00||||150.00")
	want(t, "family", texts(dig(rows, 0, "Summary")), "Total for Ada|100.00|150.00|-7.00|||243.00")
	want(t, "Cy", texts(dig(rows, 1)), "Cy|-25.00|300.00|||400.00|675.00")
	want(t, "id", dig(rows, 1, "ColData", 0, "id"), any("3"))
	want(t, "all", texts(dig(rows, 2, "Summary")), "TOTAL|75.00|450.00|-7.00|0.00|400.00|918.00")
	want(t, "group", dig(rows, 2, "group"), any("GrandTotal"))
}

func TestDetail(t *testing.T) {
	t.Parallel()
	b := agedBooks()
	rows := dig(b.get(t, "reports/AgedReceivableDetail?report_date=2026-11-25"), "Rows", "Row")
	var lines []string
	sections, _ := rows.([]any)
	for _, s := range sections {
		lines = append(lines, texts(dig(s, "Header")))
		data, _ := dig(s, "Rows", "Row").([]any)
		for _, d := range data {
			lines = append(lines, texts(d))
		}
		lines = append(lines, texts(dig(s, "Summary")))
	}
	want(t, "detail", strings.Join(lines, "\n"), strings.Join([]string{
		"91 or more days past due||||||",
		"2026-08-01|Invoice|1004|Cy|2026-08-26|400.00|400.00",
		"Total for 91 or more days past due||||||400.00",
		"31 - 60 days past due||||||",
		"2026-10-16|Payment||Ada|2026-10-16|-7.00|-7.00",
		"Total for 31 - 60 days past due||||||-7.00",
		"1 - 30 days past due||||||",
		"2026-10-01|Invoice|1003|Cy|2026-10-26|300.00|300.00",
		"2026-11-01|Invoice|1002|Ada:Bo|2026-11-24|200.00|150.00",
		"Total for 1 - 30 days past due||||||450.00",
		"Current||||||",
		"2026-11-01|Invoice|1001|Ada|2026-11-25|100.00|100.00",
		"2026-11-25|Journal Entry|J1|Cy|2026-11-25|-25.00|-25.00",
		"Total for Current||||||75.00",
		"",
		"TOTAL||||||918.00",
	}, "\n"))
	want(t, "transaction's id", dig(rows, 0, "Rows", "Row", 0, "ColData", 1, "id"), any("4"))
}

func TestReportSettings(t *testing.T) {
	t.Parallel()
	b := agedBooks()
	north := b.AddListing("Department", "North")
	_ = must(b.AddInvoice(fakeqbo.Sale{Customer: "1", Date: "2026-11-20", Due: "2026-12-20", Amount: 100, Location: north}))
	b.Configure(func(s *fakeqbo.Settings) { s.Locations, s.Locale = true, "de_DE" })
	report := b.get(t, "reports/AgedReceivableDetail?report_date=2026-11-25&customer=1")
	want(t, "location's column", dig(report, "Columns", "Column", 4), any(obj{"ColTitle": "Standort", "ColType": "dept_name"}))
	current := dig(report, "Rows", "Row", 1, "Rows", "Row")
	want(t, "row", texts(dig(current, 1)), "2026-11-20|Rechnung|1005|Ada|North|2026-12-20|1.00|1.00")
	few := b.get(t, "reports/AgedReceivables?report_date=2026-11-25&num_periods=2&aging_period=15")
	want(t, "two periods", texts(dig(few, "Rows", "Row", -1, "Summary")), "GESAMT|76.00|150.00|693.00|919.00")
	none := b.get(t, "reports/AgedReceivables?report_date=2020-01-01")
	want(t, "no data", []any{dig(none, "Header", "Option", 1, "Value"), dig(none, "Rows")}, []any{"true", obj{}})
	for _, path := range []string{"reports/AgedReceivables?report_date=today", "reports/AgedReceivables?num_periods=0", "reports/ProfitAndLoss"} {
		status, _ := b.call(t, http.MethodGet, path, "", "")
		want(t, path, status, http.StatusBadRequest)
	}
}

func TestReportOfThePast(t *testing.T) {
	t.Parallel()
	b := agedBooks()
	for date, total := range map[string]string{
		"2026-07-31": "0.00", "2026-08-01": "400.00", "2026-10-01": "700.00", "2026-10-16": "693.00",
		"2026-11-01": "993.00", "2026-11-20": "943.00", "2026-11-25": "918.00",
	} {
		want(t, date, reportTotal(t, b, "AgedReceivables", date), total)
	}
}

// A payment that links a credit counts from the day on which all three are there.
func TestCreditDatedAfterItsLink(t *testing.T) {
	t.Parallel()
	b := newBooks()
	acme := b.customer("Acme")
	inv := b.invoice(acme, "2026-10-01", "", 10000)
	memo := must(b.AddCreditMemo(fakeqbo.Sale{Customer: acme, Date: "2026-11-10", Amount: 4000}))
	_ = must(b.ApplyCredit(fakeqbo.Part{Entity: fakeqbo.CreditMemo, ID: memo, Amount: 4000}, inv, "2026-10-20"))
	for date, open := range map[string]int64{"2026-10-20": 10000, "2026-11-09": 10000, "2026-11-10": 6000} {
		items := b.OpenItems(date)
		if len(items) != 1 || items[0].Open != open {
			t.Errorf("open on %s: %+v, want %d", date, items, open)
		}
	}
}

// A day's report is the same when it's asked for again later, as long as nothing is
// dated back.
func TestHistoryStands(t *testing.T) {
	t.Parallel()
	b := newBooks()
	r := rand.New(rand.NewPCG(11, 12))
	acme := b.customer("Acme")
	said := map[string]fakeqbo.Truth{}
	for range 60 {
		for range r.IntN(4) {
			dayOf(b, r, acme)
		}
		said[b.Today()] = b.Truth(b.Today())
		b.pass(24 * time.Hour)
	}
	for date, then := range said {
		want(t, "open items of "+date, b.Truth(date).Items, then.Items)
	}
	want(t, "days with something open", len(said["2026-12-20"].Items) > 0, true)
}

// dayOf makes one change dated today.
func dayOf(b *books, r *rand.Rand, customer string) {
	var owed, credits []fakeqbo.OpenItem
	for _, it := range b.OpenItems("") {
		if it.Open > 0 {
			owed = append(owed, it)
		} else if it.Entity == fakeqbo.CreditMemo {
			credits = append(credits, it)
		}
	}
	switch n := r.IntN(4); {
	case n == 0 && len(owed) > 0:
		it := owed[r.IntN(len(owed))]
		b.pay(customer, it.Open+100, onInvoice(it.ID, 1+r.Int64N(it.Open)))
	case n == 1 && len(owed) > 0 && len(credits) > 0:
		it, cm := owed[0], credits[0]
		_ = must(b.ApplyCredit(fakeqbo.Part{Entity: cm.Entity, ID: cm.ID, Amount: min(it.Open, -cm.Open)}, it.ID, ""))
	case n == 2:
		_ = must(b.AddCreditMemo(fakeqbo.Sale{Customer: customer, Amount: 1 + r.Int64N(5000)}))
	default:
		b.invoice(customer, "", "", 1+r.Int64N(100_000))
	}
}
