package ar_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
)

// TestJoin: the same company in a file and in a connected ledger.
func TestJoin(t *testing.T) {
	t.Parallel()
	customer := func(id int, name, number string) ar.Customer {
		return ar.Customer{ID: ar.CustomerID(id), Name: name, Number: number}
	}
	invoice := func(id, customer int, number, amount, date string) ar.Document {
		return ar.Document{
			ID: ar.DocumentID(id), Customer: ar.CustomerID(customer), Kind: ar.Invoice, Number: number,
			Amount: usd(t, amount), Date: day(t, date), Status: ar.Posted,
		}
	}
	file := []ar.Customer{
		customer(1, "Birch & Co", ""), customer(2, "Cedar Metals", "C-7"), customer(3, "Elm", ""), customer(4, "Elm", ""), customer(5, "Fir GmbH", ""),
		{ID: 6, Name: "Gone Ltd", Deleted: true},
	}
	ledger := []ar.Customer{
		customer(11, "BIRCH & CO.", ""), customer(12, "Cedar Metals Inc", "C-7"), customer(13, "Elm", ""), customer(15, "Fir", ""), customer(16, "Gone Ltd", ""),
	}
	of := []ar.Document{
		invoice(101, 1, "INV-1", "100", "2026-10-01"), invoice(102, 1, "inv-2", "50", "2026-10-02"),
		invoice(103, 1, "7", "10", "2026-10-03"), invoice(104, 1, "7", "20", "2026-10-03"), // the number repeats
		invoice(105, 1, "", "30", "2026-10-04"), invoice(106, 2, "INV-1", "70", "2026-10-05"), invoice(107, 1, "8", "5", "2026-10-05"),
		invoice(108, 3, "9", "5", "2026-10-05"),
	}
	void := invoice(207, 11, "8", "5", "2026-10-05")
	void.Status = ar.Void
	with := []ar.Document{
		invoice(201, 11, "INV-1", "100", "2026-10-01"), invoice(202, 11, "INV-2", "55", "2026-10-02"),
		invoice(203, 11, "7", "10", "2026-10-03"), invoice(204, 11, "7", "20", "2026-10-03"),
		invoice(205, 11, "", "30", "2026-10-04"), invoice(206, 12, "INV-1", "70", "2026-10-05"), void,
		invoice(208, 13, "9", "5", "2026-10-05"),
	}
	lines := func(j ar.Joining) (lines []string) {
		for _, m := range j.Customers {
			lines = append(lines, fmt.Sprintf("customer %d is %d by %s", m.From.ID, m.Into.ID, m.By))
		}
		for _, m := range j.Documents {
			lines = append(lines, fmt.Sprintf("document %d is %d, differs %t", m.From.ID, m.Into.ID, m.Differ()))
		}
		for _, c := range j.Strangers {
			lines = append(lines, fmt.Sprintf("customer %d is nobody", c.ID))
		}
		for _, d := range j.Alone {
			lines = append(lines, fmt.Sprintf("document %d is nothing", d.ID))
		}
		slices.Sort(lines)
		return lines
	}
	want := []string{
		"customer 1 is 11 by name", "customer 2 is 12 by number", "customer 3 is nobody", "customer 4 is nobody", "customer 5 is nobody",
		"document 101 is 201, differs false", "document 102 is 202, differs true", "document 103 is 203, differs false",
		"document 104 is 204, differs false", "document 105 is 205, differs false", "document 106 is 206, differs false",
		"document 107 is nothing", "document 108 is nothing",
	}
	if diff := cmp.Diff(want, lines(ar.Join(file, ledger, of, with, nil))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	byHand := []ar.CustomerMatch{{From: file[2], Into: ledger[2], By: "hand"}, {From: file[3], Into: ledger[2], By: "hand"}}
	got := lines(ar.Join(file, ledger, of, with, byHand))
	for _, line := range []string{"customer 3 is 13 by hand", "customer 4 is 13 by hand", "document 108 is 208, differs false"} {
		if !slices.Contains(got, line) {
			t.Errorf("no %q in %q", line, got)
		}
	}
}
