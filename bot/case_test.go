package bot_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// company is Acme, who is Dana's, with documents.
func company(t *testing.T, page ar.Page) *desktest.Company {
	t.Helper()
	c := desktest.New(t)
	c.Import(t, page)
	return c
}

// at moves the clock to 08:30 in New York on a day of the winter before or
// after 25 Nov 2026.
func at(c *desktest.Company, date string) {
	c.Clock.Add(time.Duration(day(date).Sub(c.Desk.Today())) * 24 * time.Hour)
}

// status is what Dana reads of Acme.
func status(t *testing.T, c *desktest.Company) string {
	t.Helper()
	return all(t, ask(t, newRouter(c.Desk), desktest.Dana, "status acme"))
}

// openDocument returns our id of an open document.
func openDocument(t *testing.T, c *desktest.Company, number string) (id ar.DocumentID) {
	t.Helper()
	c.Read(t, func(r ar.Reader) error {
		items, err := r.OpenItems(t.Context(), ar.ItemQuery{AsOf: c.Desk.Today(), Scope: ar.Everything()})
		for _, i := range items {
			if i.Number == number {
				id = i.ID
			}
		}
		return err
	})
	return id
}

func digestOf(t *testing.T, c *desktest.Company, kind ar.PostKind, route string) []card.Card {
	t.Helper()
	return post(t, c.Books, c.Desk, newDigests(c.Desk), kind, route)
}

// everything is all that anybody can read about the company: every command and
// every digest.
func everything(t *testing.T, c *desktest.Company) string {
	t.Helper()
	r := newRouter(c.Desk)
	cards := []card.Card{ask(t, r, desktest.Dana, "status acme"), ask(t, r, desktest.Dana, "mine")}
	for _, command := range []string{"overdue", "aging", "aging acme", "aging by invoice date", "aging owner dana"} {
		cards = append(cards, ask(t, r, desktest.Nora, command))
	}
	cards = append(cards, digestOf(t, c, ar.ARDigest, "ar")...)
	cards = append(cards, digestOf(t, c, ar.SalesDigest, "sales")...)
	return all(t, append(cards, digestOf(t, c, ar.RepDigest, "rep:dana@example.com")...)...)
}

func TestAG01EveryAmountHasABucket(t *testing.T) {
	t.Parallel()
	c := company(t, acme(
		doc("INV-1", "2026-10-20", "2026-11-20", "500.00"), doc("INV-2", "2026-10-25", "2026-11-25", "300.00"),
		doc("INV-3", "2026-11-05", "2026-12-05", "200.00"),
	))
	contains(t, squeezed(status(t, c)), "Not due yet $500.00", "1-30 days $500.00", "$1,000.00 net", "INV-1 $500.00 · 5 days overdue")
	contains(t, squeezed(all(t, ask(t, newRouter(c.Desk), desktest.Nora, "aging"))),
		"Not due $500.00", "1-30 $500.00", "31-60 $0.00", "61-90 $0.00", "91+ $0.00", "Net A/R $1,000.00")
}

func TestAG04ReceivedButNotApplied(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	at(c, "2026-08-31")
	c.Import(t, acme(doc("INV-6", "2026-04-20", "2026-05-20", "260.00"), credit(ar.Payment, "PAY", "2026-05-28", "260.00")))
	contains(t, squeezed(status(t, c)),
		"91+ days $260.00", "Unapplied credit -$260.00", "$0.00 net", "To chase $0.00", "103 days overdue", "do not chase it", "Do not chase it")

	rep := digestOf(t, c, ar.RepDigest, "rep:dana@example.com")
	contains(t, all(t, rep...), "Nothing to chase.", "Do not chase Acme")
	lacks(t, all(t, rep[0]), "$260.00") // not in the notification either

	books := digestOf(t, c, ar.ARDigest, "ar")
	contains(t, drawn(t, books[0], 100), "Do not chase Acme: as much as is overdue came in and is not applied yet.")
	lacks(t, drawn(t, books[0], 100), "Biggest")
	contains(t, squeezed(all(t, books[1:]...)), "Received but not applied · $260.00 in 1 account", "Acme $260.00 Dana Diaz")

	contains(t, all(t, ask(t, newRouter(c.Desk), desktest.Dana, "mine")), "Do not chase Acme")
}

func TestAG05CreditsLowerWhatIsOwed(t *testing.T) {
	t.Parallel()
	t.Run("a credit against a paid invoice", func(t *testing.T) {
		t.Parallel()
		page := acme(doc("INV-10", "2026-09-01", "2026-10-01", "1000.00"), credit(ar.Payment, "P", "2026-10-01", "1000.00"),
			credit(ar.CreditMemo, "CM-3", "2026-11-01", "300.00"))
		page.Applications = []ar.ApplicationRecord{storetest.Pays("x", "P", "INV-10", "2026-10-01", "1000.00")}
		c := company(t, page)
		contains(t, status(t, c), "Acme owes nothing and has $300.00 of credit.", "-$300.00 net")
		r := newRouter(c.Desk)
		contains(t, all(t, ask(t, r, desktest.Dana, "status INV-10")), "$1,000.00, settled, nothing open")
		answer, err := r.Handle(t.Context(), desktest.Dana, pressed(fmt.Sprintf("status d%d", openDocument(t, c, "CM-3"))))
		if err != nil {
			t.Fatal(err)
		}
		contains(t, all(t, answer.Card), "CM-3 of Sun 1 Nov 2026: $300.00 of $300.00 is credit, not applied yet")
		contains(t, all(t, ask(t, r, desktest.Nora, "overdue")), "Nothing is overdue here.")
	})
	t.Run("a credit that the ledger states as positive", func(t *testing.T) {
		t.Parallel()
		c := company(t, acme(doc("INV-11", "2026-09-20", "2026-10-20", "700.00"), credit(ar.CreditMemo, "CM", "2026-11-01", "250.00")))
		contains(t, squeezed(status(t, c)), "$700.00 overdue", "31-60 days $700.00", "36 days", "Unapplied credit -$250.00", "$450.00 net", "To chase $450.00")
		lacks(t, everything(t, c), "950.00")
	})
}

func TestAG06NoDueDate(t *testing.T) {
	t.Parallel()
	terms := doc("A", "2026-09-01", "", "430.00")
	terms.Terms = "Net 30"
	bare := doc("B", "2026-09-01", "", "70.00")
	page := acme(terms, bare)
	page.Customers[0].Terms = ""
	c := company(t, page)
	text := status(t, c)
	contains(t, squeezed(text), "A $430.00 · 55 days overdue", "B $70.00 · 85 days overdue (no due date)", "31-60 days $430.00", "61-90 days $70.00", "$500.00 net")
	lacks(t, text, "55 days overdue (no due date)")
	contains(t, squeezed(all(t, ask(t, newRouter(c.Desk), desktest.Nora, "aging"))), "Net A/R $500.00")
	contains(t, squeezed(all(t, ask(t, newRouter(c.Desk), desktest.Nora, "aging by invoice date"))), "Net A/R $500.00")
}

func TestAG07DueToday(t *testing.T) {
	t.Parallel()
	c := company(t, acme(doc("INV-12", "2026-10-26", "2026-11-25", "80.00")))
	r := newRouter(c.Desk)
	c.Clock.Add(15*time.Hour + 29*time.Minute + 59*time.Second) // 23:59:59 in New York, already the next day in UTC
	contains(t, squeezed(status(t, c)), "due today", "Not due yet $80.00", "nothing is overdue")
	contains(t, all(t, ask(t, r, desktest.Nora, "overdue")), "Nothing is overdue here.")
	contains(t, all(t, digestOf(t, c, ar.ARDigest, "ar")...), "Nothing is overdue.")

	c.Clock.Add(time.Second)
	contains(t, squeezed(status(t, c)), "1 day overdue", "1-30 days $80.00")
	contains(t, squeezed(all(t, ask(t, r, desktest.Nora, "overdue"))), "Acme $80.00 1 d")
	contains(t, squeezed(all(t, digestOf(t, c, ar.ARDigest, "ar")...)), "Acme $80.00 · 1 day")
}

func TestAG09Voided(t *testing.T) {
	t.Parallel()
	c := company(t, acme(doc("INV-20", "2026-09-01", "2026-10-01", "640.00")))
	contains(t, status(t, c), "$640.00")
	void := doc("INV-20", "2026-09-01", "2026-10-01", "0.00")
	void.Status = ar.Void
	c.Change(t, ar.Page{Documents: []ar.DocumentRecord{void}})
	text := everything(t, c)
	contains(t, text, "Acme owes nothing.")
	lacks(t, text, "640.00")
	contains(t, all(t, ask(t, newRouter(c.Desk), desktest.Dana, "status INV-20")), "void")

	note := credit(ar.CreditMemo, "CN", "2026-11-01", "120.00")
	note.Status = ar.Void
	c = company(t, acme(doc("INV-21", "2026-09-01", "2026-10-01", "500.00"), note))
	text = everything(t, c)
	contains(t, text, "$500.00 net")
	lacks(t, text, "380.00", "120.00", "Unapplied credit")
}

func TestAG10PaidToTheCent(t *testing.T) {
	t.Parallel()
	page := acme(
		doc("INV-A", "2026-09-01", "2026-10-01", "249.98"), credit(ar.Payment, "P1", "2026-10-01", "179.99"), credit(ar.Payment, "P2", "2026-10-02", "69.99"),
		doc("INV-B", "2026-09-01", "2026-10-01", "0.30"), credit(ar.Payment, "P3", "2026-10-01", "0.10"), credit(ar.Payment, "P4", "2026-10-01", "0.10"),
		credit(ar.Payment, "P5", "2026-10-01", "0.10"), doc("INV-C", "2026-09-01", "2026-10-01", "1.00"),
	)
	for i, a := range [][3]string{{"P1", "INV-A", "179.99"}, {"P2", "INV-A", "69.99"}, {"P3", "INV-B", "0.10"}, {"P4", "INV-B", "0.10"}, {"P5", "INV-B", "0.10"}} {
		page.Applications = append(page.Applications, storetest.Pays(strconv.Itoa(i), a[0], a[1], "2026-10-02", a[2]))
	}
	c := company(t, page)
	text := everything(t, c)
	lacks(t, text, "INV-A", "INV-B", "more open invoice")
	contains(t, text, "$1.00 overdue")
	contains(t, all(t, ask(t, newRouter(c.Desk), desktest.Dana, "status INV-A")), "settled, nothing open")
}

func TestAG12CurrenciesAreNeverAdded(t *testing.T) {
	t.Parallel()
	euro := doc("INV-31", "2026-09-20", "2026-10-20", "1.00")
	euro.Amount = storetest.Amount("820.00", "EUR")
	c := company(t, acme(doc("INV-30", "2026-09-20", "2026-10-20", "4310.25"), euro))
	text := everything(t, c)
	contains(t, squeezed(text), "$4,310.25 and €820.00", "31-60 days $4,310.25", "31-60 days €820.00", "36 days")
	lacks(t, text, "5,130.25", "5130.25")
}

func TestSC03PaidBeforeThePost(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	c.Clock.Add(-6*time.Hour - 30*time.Minute) // 02:00
	c.Import(t, acme(doc("INV-40", "2026-10-11", "2026-11-10", "900.00")))
	c.Clock.Add(6 * time.Hour) // 08:00
	planned := c.Plan(t, ar.ARDigest, "ar")
	compose := func() string {
		composed, err := newDigests(c.Desk).Compose(t.Context(), planned)
		if err != nil {
			t.Fatal(err)
		}
		return all(t, append([]card.Card{composed.Head}, composed.Thread...)...)
	}

	// The variant: nothing was synced since 02:00, and the digest says so.
	c.Clock.Add(25 * time.Minute)
	contains(t, compose(), "$900.00", "Data as of 25 Nov 02:00 EST")

	c.Change(t, ar.Page{
		Documents:    []ar.DocumentRecord{credit(ar.Payment, "P", "2026-11-25", "900.00")},
		Applications: []ar.ApplicationRecord{storetest.Pays("x", "P", "INV-40", "2026-11-25", "900.00")},
	})
	c.Clock.Add(5 * time.Minute) // 08:30
	text := compose()
	contains(t, text, "Nothing is overdue.", "Data as of 25 Nov 08:25 EST")
	lacks(t, text, "900.00", "Acme")
}

func TestX01FutureDueDate(t *testing.T) {
	t.Parallel()
	c := company(t, acme(doc("A", "2026-11-30", "2026-12-30", "1.00"), doc("B", "2026-11-01", "2026-12-30", "1200.00"), doc("C", "2026-09-01", "2026-10-01", "800.00")))
	text := everything(t, c)
	contains(t, squeezed(text), "Not due yet $1,200.00", "31-60 days $800.00", "55 days", "$2,000.00 net", "due 30 Dec")
	lacks(t, text, "-35", "-30 days", "$1.00")
	contains(t, all(t, ask(t, newRouter(c.Desk), desktest.Dana, "status A")), "$1.00, dated ahead and not counted yet")
}

func TestX02AsOfBeforeALaterSettlement(t *testing.T) {
	t.Parallel()
	page := acme(doc("INV", "2026-08-01", "2026-08-31", "600.00"), credit(ar.CreditMemo, "CM", "2026-09-15", "600.00"))
	page.Applications = []ar.ApplicationRecord{{
		External: "x", From: ar.Ref{Kind: ar.CreditMemo, External: "CM"}, To: ar.Ref{Kind: ar.Invoice, External: "INV"},
		Kind: ar.ByCredit, Amount: usd("600.00"), Date: day("2026-10-05"),
	}}
	r := newRouter(company(t, page).Desk)
	contains(t, squeezed(all(t, ask(t, r, desktest.Nora, "aging acme as of 2026-09-30"))), "1-30 $600.00", "Unapplied -$600.00", "Net A/R $0.00")
	contains(t, all(t, ask(t, r, desktest.Nora, "aging acme as of 31 oct")), "Nothing was open.", "Sat 31 Oct 2026")
}

func TestX10PaidBeforeTheInvoice(t *testing.T) {
	t.Parallel()
	page := acme(credit(ar.Payment, "DEP", "2026-10-13", "2400.00"), doc("INV", "2026-11-19", "2026-12-19", "3000.00"))
	page.Applications = []ar.ApplicationRecord{storetest.Pays("x", "DEP", "INV", "2026-10-13", "2400.00")}
	c := company(t, page)
	before := squeezed(all(t, ask(t, newRouter(c.Desk), desktest.Nora, "aging acme as of 2026-11-11")))
	contains(t, before, "Unapplied -$2,400.00", "Net A/R -$2,400.00", "Not due $0.00")
	contains(t, squeezed(status(t, c)), "Not due yet $600.00", "INV $600.00 · due 19 Dec", "$600.00 net")
}

func TestX12WrittenOff(t *testing.T) {
	t.Parallel()
	page := acme(doc("A", "2026-08-01", "2026-08-31", "2000.00"), credit(ar.Payment, "P1", "2026-09-15", "1400.00"),
		doc("B", "2026-08-01", "2026-08-31", "215.28"), credit(ar.Payment, "P2", "2026-09-15", "215.27"))
	writeOff := func(id, to, amount string) ar.ApplicationRecord {
		return ar.ApplicationRecord{External: id, To: ar.Ref{Kind: ar.Invoice, External: to}, Kind: ar.ByWriteOff, Amount: usd(amount), Date: day("2026-10-01")}
	}
	page.Applications = []ar.ApplicationRecord{
		storetest.Pays("1", "P1", "A", "2026-09-15", "1400.00"), writeOff("2", "A", "600.00"),
		storetest.Pays("3", "P2", "B", "2026-09-15", "215.27"), writeOff("4", "B", "0.01"),
	}
	c := company(t, page)
	text := everything(t, c)
	contains(t, text, "Acme owes nothing.", "Nothing is overdue")
	lacks(t, text, "600.00", "0.01")
}

func TestX13PartlyPaid(t *testing.T) {
	t.Parallel()
	page := acme(doc("INV", "2026-10-11", "2026-11-10", "2000.00"), credit(ar.Payment, "P", "2026-11-12", "1000.00"))
	page.Applications = []ar.ApplicationRecord{storetest.Pays("x", "P", "INV", "2026-11-12", "1000.00")}
	c := company(t, page)
	contains(t, squeezed(status(t, c)), "INV $1,000.00 · 15 days overdue")
	contains(t, squeezed(all(t, ask(t, newRouter(c.Desk), desktest.Nora, "overdue"))), "Acme $1,000.00 15 d")
	contains(t, squeezed(all(t, digestOf(t, c, ar.RepDigest, "rep:dana@example.com")...)), "Acme $1,000.00 · 15 days")
	contains(t, all(t, ask(t, newRouter(c.Desk), desktest.Dana, "status INV")), "$1,000.00 open of $2,000.00, 15 days overdue")
}

func TestX15AsksWhich(t *testing.T) {
	t.Parallel()
	a, b := desktest.Customer("Vikram Traders", ""), desktest.Customer("Vikram Traders", "")
	a.External, b.External = "a", "b"
	c := company(t, ar.Page{Customers: []ar.CustomerRecord{a, b}, Documents: []ar.DocumentRecord{
		storetest.Doc(ar.Invoice, "1", "a", "2026-10-01", "2026-10-31", "100.00"),
		storetest.Doc(ar.Invoice, "2", "b", "2026-10-01", "2026-10-31", "250.00"),
	}})
	r := newRouter(c.Desk)
	for _, command := range []string{"status", "aging"} {
		refusal := refused(t, r, desktest.Nora, typed(command+" Vikram Traders"))
		text := fmt.Sprint(refusal.Say, refusal.Choices)
		if refusal.Kind != ar.Ambiguous || len(refusal.Choices) != 2 {
			t.Errorf("%s: %v", command, refusal)
		}
		lacks(t, text, "350")
	}
}

func TestSY04InactiveCustomer(t *testing.T) {
	t.Parallel()
	cedar := desktest.Customer("Cedar Foods", "dana@example.com")
	c := company(t, ar.Page{Customers: []ar.CustomerRecord{cedar}, Documents: []ar.DocumentRecord{
		storetest.Doc(ar.Invoice, "INV-60", "Cedar Foods", "2026-09-15", "2026-10-15", "310.00"),
	}})
	cedar.Name, cedar.Inactive = "Cedar Foods (deleted)", true
	c.Change(t, ar.Page{Customers: []ar.CustomerRecord{cedar}})
	r := newRouter(c.Desk)
	contains(t, all(t, ask(t, r, desktest.Dana, "status Cedar Foods")), "$310.00 is overdue, the oldest by 41 days", "inactive")
	contains(t, squeezed(all(t, ask(t, r, desktest.Nora, "aging"))), "Net A/R $310.00")
}

func TestSL01CurlyQuotes(t *testing.T) {
	t.Parallel()
	c := company(t, ar.Page{Customers: []ar.CustomerRecord{desktest.Customer("O'Brien's Bakery", "dana@example.com")}})
	for _, text := range []string{"status O’Brien’s Bakery", "status “O’Brien’s Bakery”", "status 'O‘Brien’s Bakery'", "STATUS o'briens bakery"} {
		contains(t, all(t, ask(t, newRouter(c.Desk), desktest.Dana, text)), "O'Brien's Bakery owes nothing.")
	}
}

func TestSL03OwnerByMention(t *testing.T) {
	t.Parallel()
	c := company(t, acme(doc("INV", "2026-09-01", "2026-10-01", "500.00")))
	r := newRouter(c.Desk)
	for _, text := range []string{
		"overdue owner <@U123ABC|eli>", "overdue owner <@U123ABC>", "aging owner <@U123ABC|eli>", "aging <@U123ABC>",
		"overdue owner &lt;@U123ABC&gt;", "aging owner <mailto:dana@example.com|dana@example.com>",
	} {
		contains(t, all(t, ask(t, r, desktest.Nora, text)), "of Dana Diaz", "$500.00")
	}
	contains(t, all(t, ask(t, r, desktest.Nora, "overdue owner <@W99ZZZ>")), "of Eli Stone", "Nothing is overdue here.")
	contains(t, refused(t, r, desktest.Nora, typed("overdue owner <@U0NOMAIL>")).Say, "e-mail address")
}

// SL-09: names are text, wherever they stand.
func TestSL09NamesAreText(t *testing.T) {
	t.Parallel()
	const evil = "<!channel> Traders & <https://evil.example|Pay>"
	c := company(t, ar.Page{Customers: []ar.CustomerRecord{desktest.Customer(evil, "dana@example.com")}, Documents: []ar.DocumentRecord{
		storetest.Doc(ar.Invoice, "1", evil, "2026-09-01", "2026-10-01", "500.00"),
	}})
	golden(t, "hostile_name", append(digestOf(t, c, ar.RepDigest, "rep:dana@example.com"),
		ask(t, newRouter(c.Desk), desktest.Dana, "status traders"), ask(t, newRouter(c.Desk), desktest.Dana, "mine"))...)
}
