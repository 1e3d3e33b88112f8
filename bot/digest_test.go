package bot_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/bot"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

func TestDigestDestinations(t *testing.T) {
	t.Parallel()
	c := company(t, acme(doc("INV", "2026-09-01", "2026-10-01", "5.00")))
	d := bot.NewDigests(bot.DigestConfig{Desk: c.Desk, Slash: "/ar", Fallback: "C0AR", Routes: routes()})
	for _, tt := range []struct {
		kind  ar.PostKind
		route string
		want  bot.Destination
	}{
		{ar.ARDigest, "ar", bot.Destination{Channel: "C0AR"}},
		{ar.SalesDigest, "sales", bot.Destination{Channel: "C0SALES"}},
		{ar.RepDigest, "rep:dana@example.com", bot.Destination{Email: "dana@example.com", Instead: "C0AR"}},
	} {
		composed, err := d.Compose(t.Context(), c.Plan(t, tt.kind, tt.route))
		if err != nil || !cmp.Equal(composed.To, tt.want) || composed.Empty || !json.Valid(composed.Figures) {
			t.Errorf("%s: to %+v, empty %v, figures %s, %v", tt.route, composed.To, composed.Empty, composed.Figures, err)
		}
	}
	for _, key := range []ar.PostKey{{Kind: ar.ARDigest, Route: "dropped"}, {Kind: ar.SalesDigest, Route: "ar"}} {
		_, err := d.Compose(t.Context(), c.Plan(t, key.Kind, key.Route))
		if refused, ok := errors.AsType[*bot.RefusedError](err); !ok || !strings.Contains(refused.Say, key.Route) {
			t.Errorf("%s: %v", key.Route, err)
		}
	}
	alert := ar.Post{PostKey: ar.PostKey{Kind: ar.Alert, Route: "user:U0ADMIN/topic"}, Body: "C1 is archived."}
	composed, err := d.Compose(t.Context(), alert)
	if err != nil || composed.To.User != "U0ADMIN" || composed.Head.Text != "C1 is archived." {
		t.Errorf("alert: %+v, %v", composed, err)
	}
}

func TestDigestWithNothingToSay(t *testing.T) {
	t.Parallel()
	c := company(t, acme(doc("INV", "2026-11-20", "2026-12-20", "5.00")))
	keys := map[string]ar.PostKind{"ar": ar.ARDigest, "sales": ar.SalesDigest, "rep:dana@example.com": ar.RepDigest}
	for _, even := range []bool{false, true} {
		list := routes()
		for i := range list {
			list[i].EvenEmpty = even
		}
		d := bot.NewDigests(bot.DigestConfig{Desk: c.Desk, Slash: "/ar", Routes: list})
		for route, kind := range keys {
			composed, err := d.Compose(t.Context(), c.Plan(t, kind, route))
			if err != nil || composed.Empty == even {
				t.Errorf("%s, even if empty %v: empty %v, %v", route, even, composed.Empty, err)
			}
			contains(t, composed.Head.Text, "othing ", " on Wed 25 Nov 2026.")
			contains(t, drawn(t, composed.Head, 100), "Nothing ")
		}
	}
}

func TestDigestSleepsWhileAnImportRuns(t *testing.T) {
	t.Parallel()
	c := company(t, acme(doc("INV", "2026-09-01", "2026-10-01", "5.00")))
	c.Ledger.Start(t, false)
	planned := c.Plan(t, ar.ARDigest, "ar")
	_, err := newDigests(c.Desk).Compose(t.Context(), planned)
	if later, ok := errors.AsType[*bot.RetryLaterError](err); !ok || later.After != time.Minute {
		t.Fatalf("got %v, want to be asked again in a minute", err)
	}
	c.Clock.Add(time.Hour)
	composed, err := newDigests(c.Desk).Compose(t.Context(), planned)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, all(t, composed.Head), "an import from realm-a is under way", "figures may be incomplete")
}

// The rep's digest tells of the rep's own accounts and of nobody else's.
func TestRepDigestCards(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	page := acme(doc("A", "2026-09-01", "2026-10-01", "100.00"))
	page.Customers = append(page.Customers, desktest.Customer("Other", "eli@example.com"), desktest.Customer("Orphan", ""))
	page.Documents = append(page.Documents,
		storetest.Doc(ar.Invoice, "O", "Other", "2026-09-01", "2026-10-01", "222.00"),
		storetest.Doc(ar.Invoice, "P", "Orphan", "2026-09-01", "2026-10-01", "333.00"))
	c.Import(t, page)
	contains(t, all(t, digestOf(t, c, ar.RepDigest, "rep:dana@example.com")...), "first look")
	c.Clock.Add(24 * time.Hour)
	c.Change(t, ar.Page{
		Documents: []ar.DocumentRecord{
			credit(ar.Payment, "PA", "2026-11-26", "40.00"), storetest.Doc(ar.Payment, "PO", "Other", "2026-11-26", "", "22.00"),
			doc("A2", "2026-10-26", "2026-11-25", "7.00"), doc("A3", "2026-11-01", "2026-11-30", "9.00"),
		},
		Applications: []ar.ApplicationRecord{storetest.Pays("1", "PA", "A", "2026-11-26", "40.00"), storetest.Pays("2", "PO", "O", "2026-11-26", "22.00")},
	})
	text := squeezed(all(t, digestOf(t, c, ar.RepDigest, "rep:dana@example.com")...))
	contains(t, text, "$67.00 to chase in 1 account", "Acme $67.00 · 56 days", "Newly overdue since 25 Nov: Acme",
		"Paid since 25 Nov: $40.00 from Acme", "Due this week · $9.00 in 1 account")
	lacks(t, text, "Other", "Orphan", "222", "200.00", "333", "22.00", "first look", "Eli")
}

// The channel of AR reads what moved, in words and to the cent.
func TestARDigestCards(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	page := acme(doc("A", "2026-09-01", "2026-10-01", "100.00"), doc("B", "2026-09-01", "2026-10-01", "50.00"))
	page.Customers = append(page.Customers, desktest.Customer("Orphan", ""))
	page.Documents = append(page.Documents, storetest.Doc(ar.Invoice, "P", "Orphan", "2026-09-01", "2026-10-01", "333.00"))
	c.Import(t, page)
	first := all(t, digestOf(t, c, ar.ARDigest, "ar")...)
	contains(t, first, "first look", "1 overdue account without a sales owner: Orphan. See /ar overdue owner none")
	lacks(t, first, "since then", "How the overdue moved")
	c.Clock.Add(24 * time.Hour)
	void := doc("B", "2026-09-01", "2026-10-01", "50.00")
	void.Status = ar.Void
	c.Change(t, ar.Page{
		Documents:    []ar.DocumentRecord{void, credit(ar.Payment, "PA", "2026-11-26", "40.00"), doc("N", "2026-10-26", "2026-11-25", "7.00")},
		Applications: []ar.ApplicationRecord{storetest.Pays("1", "PA", "A", "2026-11-26", "40.00")},
	})
	second := squeezed(all(t, digestOf(t, c, ar.ARDigest, "ar")...))
	contains(t, second, "$400.00 overdue in 2 accounts",
		"It was $483.00 on 25 Nov; since then $7.00 newly overdue, $40.00 paid and $50.00 less by changes dated earlier.",
		"Overdue on 25 Nov $483.00 Changes dated earlier -$50.00 Newly overdue $7.00 Paid -$40.00 Credited $0.00 Written off $0.00",
		"Overdue on 26 Nov $400.00", "Paid since 25 Nov · $40.00 from Acme")
	lacks(t, second, "first look", "$0.00 newly")

	c.Clock.Add(24 * time.Hour)
	c.Change(t, ar.Page{})
	third := all(t, digestOf(t, c, ar.ARDigest, "ar")...)
	lacks(t, third, "It was", "Paid since", "Newly overdue since")
}

func TestFooter(t *testing.T) {
	t.Parallel()
	c := company(t, acme(doc("INV", "2026-09-01", "2026-10-01", "5.00")))
	tie := func(amount, currency, date string) ar.TieOut {
		m := storetest.Amount(amount, ar.Currency(currency))
		return ar.TieOut{AsOf: day(date), Ledger: m, Ours: m, At: c.Clock.Now()}
	}
	off := tie("9.00", "GBP", "2026-11-25")
	off.Ours, off.Because = storetest.Amount("8.00", "GBP"), "INV-9 is in the ledger only."
	finish(t, c, ar.SyncMark{TieOuts: []ar.TieOut{tie("5.00", "USD", "2026-11-25"), tie("0.00", "EUR", "2026-11-25"), tie("1.00", "CAD", "2026-11-24"), off}}, "")
	text := squeezed(status(t, c))
	contains(t, text, "agrees with the ledger to the cent (", "CAD on 24 Nov",
		"Careful: on 25 Nov A/R is £8.00 here and £9.00 in the ledger, £1.00 off.")
	lacks(t, text, "INV-9") // the documents may be of customers whom the rep does not see
	answer, err := newRouter(c.Desk).Handle(t.Context(), desktest.Nora, typed("status Acme"))
	if err != nil {
		t.Fatal(err)
	}
	contains(t, squeezed(all(t, answer.Card)), "£1.00 off. INV-9 is in the ledger only.")
	if !strings.Contains(text, "EUR, USD on 25 Nov") && !strings.Contains(text, "USD, EUR on 25 Nov") {
		t.Errorf("the currencies of a day are not in one: %s", text)
	}
	lacks(t, text, "GBP on")

	c.Clock.Add(23 * time.Hour)
	lacks(t, status(t, c), "payments since then")
	c.Clock.Add(2 * time.Hour)
	contains(t, status(t, c), "Careful: the data is 25 hours old, of 25 Nov 08:30 EST: payments since then are not in it.")
	c.Clock.Add(72 * time.Hour)
	contains(t, status(t, c), "Careful: the data is 4 days old, of")
}

// A list that is cut says how many are missing, and its sums are of all.
func TestLongLists(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	var page ar.Page
	for i := range 120 {
		name := strings.Repeat("x", 57) + string(rune('0'+i/100)) + string(rune('0'+i/10%10)) + string(rune('0'+i%10))
		page.Customers = append(page.Customers, desktest.Customer(name, "dana@example.com"))
		page.Documents = append(page.Documents, storetest.Doc(ar.Invoice, "INV-"+name, name, "2026-09-01", "2026-10-01", "10.00"))
	}
	c.Import(t, page)
	r := newRouter(c.Desk)
	for _, tt := range []struct {
		text string
		rows int
		more string
	}{{"overdue", 15, "and 105 more"}, {"overdue top 40", 40, "and 80 more"}, {"overdue top 500", 120, ""}, {"mine", 15, "and 105 more"}} {
		answer := ask(t, r, desktest.Dana, tt.text)
		contains(t, answer.Text, "$1,200.00 in 120 accounts")
		text := drawn(t, answer, 100)
		if got := strings.Count(text, "55 d"); got != tt.rows || !strings.Contains(text, tt.more) {
			t.Errorf("%s: %d rows, want %d and %q", tt.text, got, tt.rows, tt.more)
		}
	}
	cards := digestOf(t, c, ar.RepDigest, "rep:dana@example.com")
	contains(t, drawn(t, cards[0], 100), "$1,200.00 to chase in 120 accounts", "and 112 accounts more, in the thread")
	if got := strings.Count(drawn(t, cards[len(cards)-1], 100), "55 d"); got != 120 {
		t.Errorf("the thread has %d accounts", got)
	}
}

// A payment that bounces is not "paid" with a sign before it.
func TestBouncedPayment(t *testing.T) {
	t.Parallel()
	page := acme(doc("A", "2026-09-01", "2026-10-01", "100.00"), credit(ar.Payment, "P", "2026-11-20", "30.00"))
	page.Applications = []ar.ApplicationRecord{storetest.Pays("1", "P", "A", "2026-11-20", "30.00")}
	c := company(t, page)
	digestOf(t, c, ar.ARDigest, "ar")
	c.Clock.Add(24 * time.Hour)
	c.Change(t, ar.Page{Applications: []ar.ApplicationRecord{storetest.Pays("2", "P", "A", "2026-11-26", "-30.00")}})
	contains(t, all(t, digestOf(t, c, ar.ARDigest, "ar")...), "It was $70.00 on 25 Nov; since then $30.00 of payments taken back.")
}
