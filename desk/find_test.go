package desk_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// choicesOf lists the labels that an error offers.
func choicesOf(err error) []string {
	var labels []string
	if known, ok := errors.AsType[*ar.Error](err); ok {
		for _, c := range known.Choices {
			labels = append(labels, "["+c.Label+"]")
		}
	}
	return labels
}

// X15: two customers of one name are two customers.
func TestX15SameName(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	a, b := desktest.Customer("Vikram Traders", ""), desktest.Customer("Vikram Traders", "")
	a.External, b.External = "a", "b"
	c.Import(t, ar.Page{Customers: []ar.CustomerRecord{a, b}, Documents: []ar.DocumentRecord{
		storetest.Doc(ar.Invoice, "1", "a", "2026-10-01", "2026-10-31", "100.00"),
		storetest.Doc(ar.Invoice, "2", "b", "2026-10-01", "2026-10-31", "250.00"),
	}})
	_, err := c.Desk.Status(t.Context(), desktest.Nora, desk.StatusInput{Text: "vikram traders"})
	if ar.KindOf(err) != ar.Ambiguous {
		t.Fatalf("got %v, want a question", err)
	}
	got := strings.Join(choicesOf(err), " ")
	if got != "[Vikram Traders · owes $100.00] [Vikram Traders · owes $250.00]" && got != "[Vikram Traders · owes $250.00] [Vikram Traders · owes $100.00]" {
		t.Errorf("choices: %s", got)
	}
}

func TestChoicesCanBeToldApart(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	var page ar.Page
	for i, number := range []string{"C-1", "C-2", ""} {
		r := desktest.Customer("Twin", "")
		r.External, r.Number = strconv.Itoa(i), number
		page.Customers = append(page.Customers, r)
		page.Documents = append(page.Documents,
			storetest.Doc(ar.Invoice, "x"+r.External, r.External, "2026-10-0"+strconv.Itoa(i+1), "", "5.00"))
		page.Documents[i].Number = "2021011355"
	}
	c.Import(t, page)
	for _, text := range []string{"twin", "2021011355"} {
		_, err := c.Desk.Find(t.Context(), desktest.Nora, text)
		labels := choicesOf(err)
		seen := map[string]bool{}
		for _, l := range labels {
			seen[l] = true
		}
		if ar.KindOf(err) != ar.Ambiguous || len(labels) != 3 || len(seen) != 3 {
			t.Errorf("%s: %v, choices %q", text, err, labels)
		}
	}
}

// The accounts of others must not crowd one's own out of a search.
func TestOwnAccountBehindManyOfOthers(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	page := ar.Page{Customers: []ar.CustomerRecord{desktest.Customer("Harbor Supply of the Far North", "dana@example.com")}}
	for i := range 60 {
		page.Customers = append(page.Customers, desktest.Customer(fmt.Sprintf("Harbor Supply %d", i), "eli@example.com"))
	}
	c.Import(t, page)
	found, err := c.Desk.Find(t.Context(), desktest.Dana, "harbor supply")
	if err != nil || found.Customer != c.ID(t, "Harbor Supply of the Far North") {
		t.Errorf("Dana finds %+v, %v", found, err)
	}
	_, err = c.Desk.Find(t.Context(), desktest.Nora, "harbor supply")
	if labels := choicesOf(err); ar.KindOf(err) != ar.Ambiguous || len(labels) != 8 || !strings.Contains(err.Error(), "more than 8") {
		t.Errorf("Nora gets %v, %q", err, labels)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	acme := desktest.Customer("Acme Corporation", "")
	acme.Number, acme.Aliases = "C-1001", []string{"Roadrunner"}
	c.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{acme, desktest.Customer("Acme Dallas", ""), desktest.Customer("O'Brien's Bakery", "")},
		Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Invoice, "INV-1042", "Acme Dallas", "2026-10-01", "2026-10-31", "5.00"),
		},
	})
	for _, tt := range []struct {
		text, want string // a name, or the kind of error
	}{
		{"acme corporation", "Acme Corporation"},
		{"ACME CORP", "Acme Corporation"},
		{"c-1001", "Acme Corporation"},
		{"roadrunner", "Acme Corporation"},
		{"INV-1042", "Acme Dallas"},
		{"inv 1042", "Acme Dallas"},
		{"O’Brien’s Bakery", "O'Brien's Bakery"},
		{"acme", "ambiguous"},
		{"acme dalas", "not found"}, // a guess is offered, never taken
		{"zzyzx", "not found"},
		{"", "invalid"},
		{"   ", "invalid"},
	} {
		found, err := c.Desk.Find(t.Context(), desktest.Nora, tt.text)
		got := string(ar.KindOf(err))
		if err == nil {
			got = nameOf(t, c, found.Customer)
		}
		if got != tt.want {
			t.Errorf("%q: got %s (%v), want %s", tt.text, got, err, tt.want)
		}
	}
	_, err := c.Desk.Find(t.Context(), desktest.Nora, "acme dalas")
	if labels := choicesOf(err); len(labels) == 0 || labels[0] != "[Acme Dallas]" {
		t.Errorf("a typo offers %q", labels)
	}
}

func nameOf(t *testing.T, c *desktest.Company, id ar.CustomerID) (name string) {
	t.Helper()
	c.Read(t, func(r ar.Reader) error {
		cust, err := r.Customer(t.Context(), id)
		name = cust.Name
		return err
	})
	return name
}

func TestOwners(t *testing.T) {
	t.Parallel()
	c := desktest.New(t, func(s *desk.Settings) {
		s.People = append(s.People, desk.Person{Email: "dan@example.com", Name: "Dan Dunn"})
	})
	c.Import(t, ar.Page{Customers: []ar.CustomerRecord{
		desktest.Customer("A", "dana@example.com"), desktest.Customer("B", "dd"), desktest.Customer("C", "Walter Ruiz"),
		desktest.Customer("D", "x@elsewhere.example"),
	}})
	for _, tt := range []struct{ text, want string }{
		{"dana@example.com", "dana@example.com"},
		{"DANA", "dana@example.com"},
		{"Diaz", "dana@example.com"},
		{"dd", "dana@example.com"},
		{"walter ruiz", "walter ruiz"},
		{"ruiz", "walter ruiz"},
		{"x@elsewhere.example", "x@elsewhere.example"},
		{"nora", "nora@example.com"}, // known, though without accounts
		{"none", "none"},
		{"Nobody", "none"},
		{"dan", "invalid: “dan” fits Dana Diaz and Dan Dunn. Type the e-mail address."},
		{"dan dunn", "dan@example.com"},
		{"zoe", "not found: I know no sales owner “zoe”. I know Dana Diaz, Eli Stone, Nora Feldt, Dan Dunn, walter ruiz and x@elsewhere.example."},
	} {
		list, err := c.Desk.Overdue(t.Context(), desktest.Nora, desk.OverdueInput{Owner: tt.text})
		got := list.Owner
		if known, ok := errors.AsType[*ar.Error](err); ok {
			got = string(known.Kind) + ": " + known.Say
		}
		if got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.text, got, tt.want)
		}
	}
}

// What a text begins with is never filed under another account that shares a word.
func TestFindLeading(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	c.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{
			desktest.Customer("Cedar Foods", "dana@example.com"), desktest.Customer("Cedar Metals", "eli@example.com"),
			desktest.Customer("Acme Corp", "dana@example.com"), desktest.Customer("Acme Industries", "eli@example.com"),
			desktest.Customer("Birch", "eli@example.com"), desktest.Customer("Birch Bakery", "dana@example.com"),
			desktest.Customer("Northwind", "dana@example.com"),
		},
		Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "INV-1", "Cedar Foods", "2026-09-01", "2026-10-01", "5.00")},
	})
	for _, tt := range []struct {
		actor      ar.Actor
		text, want string
	}{
		{desktest.Dana, "cedar pays late", "Cedar Foods: pays late"},
		{desktest.Dana, "Cedar Foods pays late", "Cedar Foods: pays late"},
		{desktest.Dana, "cedar metals pays late", "I know no “cedar metals”. Did you mean: [Cedar Foods]"},
		{desktest.Dana, "Cedar Mettals pays late", "I know no “Cedar Mettals”. Did you mean: [Cedar Foods]"},
		{desktest.Dana, "Cedar Lumber pays late", "I know no “Cedar Lumber”. Did you mean: [Cedar Foods]"},
		{desktest.Dana, "Cedar PO is missing", "Cedar Foods: PO is missing"},
		{desktest.Dana, "acme in trouble", "Acme Corp: in trouble"},
		{desktest.Dana, "birch pays late", "I know no “birch”. Did you mean: [Birch Bakery]"},
		{desktest.Dana, "Northwind Called today", "Northwind: Called today"},
		{desktest.Dana, "INV-1 is short", "INV-1: is short"},
		{desktest.Dana, "zebra pays late", "No account of yours matches “zebra”. Try a part of the name, or an invoice number."},
		{desktest.Nora, "cedar metals pays late", "Cedar Metals: pays late"},
		{desktest.Nora, "cedar pays late", "“cedar” fits 2 accounts. Which one? [Cedar Foods Cedar Metals]"},
		{desktest.Nora, "acme in trouble", "“acme” fits 2 accounts. Which one? [Acme Corp Acme Industries]"},
	} {
		if got := leading(t, c, tt.actor, tt.text); got != tt.want {
			t.Errorf("%s of %s: %q, want %q", tt.text, tt.actor.User, got, tt.want)
		}
	}
}

// leading is what FindLeading makes of a text.
func leading(t *testing.T, c *desktest.Company, actor ar.Actor, text string) string {
	t.Helper()
	words := strings.Fields(text)
	found, taken, err := c.Desk.FindLeading(t.Context(), actor, words)
	if err != nil {
		known := asError(t, err)
		if len(known.Choices) == 0 {
			return known.Say
		}
		var names []string
		for _, choice := range known.Choices {
			names = append(names, choice.Label)
		}
		return fmt.Sprint(known.Say, " ", names)
	}
	of, err := c.Desk.Named(t.Context(), actor, ar.Choice{Customer: found.Customer, Document: found.Document})
	if err != nil {
		t.Fatal(err)
	}
	name, _, _ := strings.Cut(of.Label, " · ")
	return name + ": " + strings.Join(words[taken:], " ")
}
