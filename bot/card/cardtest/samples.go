// Package cardtest holds cards for the tests of the renderers.
//
//   - samples.go: cards as the bot sends them, for golden files
//   - draw.go: random cards, for properties that every renderer must keep
package cardtest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"arbot/bot/card"
)

// Sample is a card with a name that can be a file name.
type Sample struct {
	Name string
	Card card.Card
}

// Samples are cards of the kinds that the bot sends.
func Samples() []Sample {
	return []Sample{
		{"status", Status()},
		{"aging", Aging()},
		{"digest", Digest(120)},
		{"error", Failure()},
		{"empty", Empty()},
		{"hostile", Hostile()},
	}
}

var synced = time.Date(2026, 12, 1, 12, 58, 0, 0, time.UTC)

// Status is the answer to a question about one account.
func Status() card.Card {
	return card.New(
		"Harbor Lane Bakery owes 12,480.00 USD, of which 4,310.50 USD is overdue.",
		card.Heading("Harbor Lane Bakery"),
		card.Fields{
			{Label: "Open", Value: "12,480.00 USD"},
			{Label: "Overdue", Value: "4,310.50 USD"},
			{Label: "Unapplied credit", Value: "250.00 USD"},
			{Label: "To chase", Value: "4,060.50 USD"},
			{Label: "Oldest item", Value: "INV-1042, 47 days overdue"},
			{Label: "Last payment", Value: "1,800.00 USD on 3 Nov 2026"},
			{Label: "Terms", Value: "Net 30"},
			{Label: "Collector", Value: ""},
		},
		card.Paragraph{
			card.T("Promised: "), card.B("2,000.00 USD"), card.T(" by Fri 4 Dec 2026, told to "),
			card.User("U04RIVERA"), card.T(". See "),
			card.Link("INV-1042", "https://ledger.example/invoices/1042"), card.T("."),
		},
		card.Rows{
			{Text: "INV-1042 · 2,000.00 USD by Fri 4 Dec 2026", Menu: []card.Act{
				{Label: "Change…", Action: "promise_change", Value: "12"}, {Label: "Show the account", Action: "status_pick", Value: "cus_7Q2M"},
			}},
			{Text: "INV-1050 · 300.00 USD by Mon 7 Dec 2026"},
		},
		card.Buttons{
			{Label: "Log promise", Action: "promise_open", Value: "cus_7Q2M", Style: card.Primary, Accessible: "Log a promise of Harbor Lane Bakery"},
			{Label: "Mark disputed", Action: "dispute_open", Value: "cus_7Q2M"},
			{Label: "Open in ledger", URL: "https://ledger.example/customers/77"},
		},
		card.Note{card.T("QuickBooks, synced "), card.When(synced, "07:58 EST")},
	)
}

// Aging is a table with a total, right-aligned money and a short screen's worth
// of columns.
func Aging() card.Card {
	return card.New(
		"Open receivables are 61,204.18 USD as of 1 Dec 2026, 21,880.43 USD of it overdue.",
		card.Heading("Aging as of 1 Dec 2026"),
		card.Table{
			Caption: "USD, by due date",
			Columns: []card.Column{
				{Title: "Customer"},
				{Title: "Current", Align: card.Right},
				{Title: "1-30", Align: card.Right},
				{Title: "31-60", Align: card.Right},
				{Title: "61-90", Align: card.Right},
				{Title: "91+", Align: card.Right},
			},
			Rows: [][]string{
				{"Harbor Lane Bakery", "8,169.50", "2,110.00", "2,200.50", "", ""},
				{"AT&T", "21,004.25", "", "", "", "9,300.00"},
				{"Ōsaka Tools 大阪工具", "10,150.00", "4,000.93", "3,269.00", "", "1,000.00"},
			},
			Total: []string{"Total", "39,323.75", "6,110.93", "5,469.50", "", "10,300.00"},
			More:  12,
		},
		card.Note{card.T("As the ledger had it on 1 Dec 2026.")},
	)
}

// Digest is a morning post with n overdue invoices of 10.00 each, whose
// customers have names of 60 characters.
func Digest(n int) card.Card {
	rows := make([][]string, n)
	for i := range rows {
		name := fmt.Sprintf("Customer %03d ", i+1)
		rows[i] = []string{
			fmt.Sprintf("INV-%04d", i+1),
			name + strings.Repeat("x", 60-len(name)),
			strconv.Itoa(i + 1),
			"10.00",
		}
	}
	total := fmt.Sprintf("%d.00", 10*n)
	if n >= 100 {
		total = fmt.Sprintf("%d,%03d.00", n/100, 10*n%1000)
	}
	return card.New(
		fmt.Sprintf("%d invoices are overdue, %s USD in all.", n, total),
		card.Heading("Overdue on 1 Dec 2026"),
		card.Paragraph{card.B(fmt.Sprintf("%d invoices", n)), card.T(" are overdue, "), card.B(total + " USD"), card.T(" in all.")},
		card.Table{
			Caption: "Biggest by amount and age",
			Columns: []card.Column{
				{Title: "Invoice"},
				{Title: "Customer"},
				{Title: "Days", Align: card.Right},
				{Title: "Open", Align: card.Right},
			},
			Rows: rows,
		},
		card.Divider{},
		card.Note{card.T("Tied out with the ledger to the cent. Synced "), card.When(synced, "07:58 EST"), card.T(".")},
	)
}

// Failure is an error with two ways on.
func Failure() card.Card {
	return card.New(
		"Two customers are called Acme: choose one.",
		card.Paragraph{card.T("Two customers are called "), card.B("Acme"), card.T(". Which one do you mean? You can also type "), card.Code("/ar status INV-1042"), card.T(".")},
		card.Buttons{
			{Label: "Acme Freight Ltd", Action: "status_pick", Value: "cus_A1"},
			{Label: "Acme Dental", Action: "status_pick", Value: "cus_B2", Style: card.Danger, Confirm: "This account is with the lawyers."},
		},
		card.Note{card.T("Reference 7F3K-22")},
	)
}

// Empty is a question with nothing to answer.
func Empty() card.Card {
	return card.New("Nothing is overdue today.")
}

// Hostile holds, in each part, names that would be markup if they were parsed.
func Hostile() card.Card {
	const (
		ping = "<!channel> Traders"
		star = "*Star* _Supply_ ~Co~"
		memo = "<https://evil.example|Pay here> & <!here>"
	)
	return card.New(
		ping+", AT&T and "+star+" are overdue.",
		card.Heading(ping),
		card.Paragraph{card.T(memo), card.T(" "), card.B(star), card.T(" INV_2026_001 and INV_2026_002 "), card.Link("Pay", "javascript:alert(1)")},
		card.Fields{{Label: "AT&T", Value: ping}, {Label: "Customer", Value: star}, {Label: "*Note*", Value: memo}},
		card.Table{
			Caption: ping,
			Columns: []card.Column{{Title: "Customer"}, {Title: "*Open*", Align: card.Right}},
			Rows:    [][]string{{ping, "10.00"}, {star, "10.00"}, {"AT&T", "10.00"}, {"abc\u202e001-VNI\x1b[31m", "10.00"}},
		},
		card.List{{card.T(ping)}, {card.T(":tada: `code`")}},
		card.Buttons{{Label: ping, Action: "status_pick", Value: "cus_A1"}},
		card.Note{card.T(memo), card.T(" "), card.When(synced, "<!here|*now*>")},
	)
}
