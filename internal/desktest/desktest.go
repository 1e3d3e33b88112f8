// Package desktest gives tests a desk over real books, and people to ask it.
//
// Files: desktest.go (a company of few records, written by the test), sample.go
// (the made-up company, brought in the way a real one is).
package desktest

import (
	"testing"
	"time"
	_ "time/tzdata" // the zone of the tests, wherever they run

	"arbot/ar"
	"arbot/desk"
	"arbot/store/storetest"
)

// Company is a desk over the books of one test. It is in New York, and its
// clock stands at Wed 25 Nov 2026, 08:30.
type Company struct {
	*storetest.Books
	Desk   *desk.Desk
	Ledger *storetest.Ledger
}

// New returns a company without records. Change alters its settings.
func New(t testing.TB, change ...func(*desk.Settings)) *Company {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatalf("desktest: %v", err)
	}
	settings := desk.Settings{
		Zone: zone, Home: "USD", RepsSee: ar.RepsSeeOwn,
		People: []desk.Person{
			{Email: "dana@example.com", Name: "Dana Diaz", Names: []string{"DD"}},
			{Email: "eli@example.com", Name: "Eli Stone"},
			{Email: "nora@example.com", Name: "Nora Feldt"},
		},
		StaleAfter: 24 * time.Hour, WaitForImport: time.Hour,
	}
	for _, f := range change {
		f(&settings)
	}
	books := storetest.SQLite(t)
	books.Clock.Add(5*time.Hour + 30*time.Minute) // from 08:00 in UTC
	return &Company{
		Books: books, Desk: desk.New(books, books.Clock.Now, settings), Ledger: books.Ledger(t, "realm-a"),
	}
}

// The people that ask. Dana and Eli are reps, Nora is in AR.
var (
	Dana     = ar.Actor{User: "U0DANA", Email: "dana@example.com", Roles: []ar.Role{ar.Rep}}
	Eli      = ar.Actor{User: "U0ELI", Email: "eli@example.com", Roles: []ar.Role{ar.Rep}}
	Nora     = ar.Actor{User: "U0NORA", Email: "nora@example.com", Roles: []ar.Role{ar.ARClerk}}
	Boss     = ar.Actor{User: "U0BOSS", Email: "boss@example.com", Roles: []ar.Role{ar.Manager}}
	Admin    = ar.Actor{User: "U0ADMIN", Email: "admin@example.com", Roles: []ar.Role{ar.Admin}}
	NewHere  = ar.Actor{User: "U0NEW", Email: "new@example.com"}
	Outsider = ar.Actor{User: "U0OUT", Email: "dana@example.com", Roles: []ar.Role{ar.ARClerk}, Outside: true}
)

// Import brings records in as the whole ledger, and gives accounts the owner
// that the ledger names.
func (c *Company) Import(t testing.TB, pages ...ar.Page) {
	t.Helper()
	c.Ledger.Import(t, pages...)
	c.assignOwners(t)
}

// Change brings records in as changes.
func (c *Company) Change(t testing.TB, pages ...ar.Page) {
	t.Helper()
	c.Ledger.Change(t, pages...)
	c.assignOwners(t)
}

func (c *Company) assignOwners(t testing.TB) {
	t.Helper()
	c.Write(t, func(tx ar.Tx) error {
		customers, err := tx.Customers(t.Context(), ar.CustomerFilter{})
		if err != nil {
			return err
		}
		owners := make([]ar.OwnerAssignment, len(customers))
		for i, cust := range customers {
			owners[i].Customer = cust.ID
			owners[i].Owner, owners[i].Why = ar.OwnerRules(nil).Resolve(cust, nil)
		}
		return tx.SetOwners(t.Context(), owners)
	})
}

// Customer is a customer whose external id is its name; owner may be "".
func Customer(name, owner string) ar.CustomerRecord {
	return ar.CustomerRecord{External: name, Name: name, Owner: owner, Terms: "Net 30"}
}

// ID returns our id of the customer of that name.
func (c *Company) ID(t testing.TB, name string) (id ar.CustomerID) {
	t.Helper()
	c.Read(t, func(r ar.Reader) error {
		customers, err := r.Customers(t.Context(), ar.CustomerFilter{})
		for _, cust := range customers {
			if cust.Name == name {
				id = cust.ID
			}
		}
		return err
	})
	if id == 0 {
		t.Fatalf("desktest: no customer %q", name)
	}
	return id
}

// Document returns our id of the document with that number.
func (c *Company) Document(t testing.TB, number string) (id ar.DocumentID) {
	t.Helper()
	c.Read(t, func(r ar.Reader) error {
		matches, err := r.Find(t.Context(), number, 0)
		for _, m := range matches {
			if m.Document != 0 && m.Label == number {
				id = m.Document
			}
		}
		return err
	})
	if id == 0 {
		t.Fatalf("desktest: no document %q", number)
	}
	return id
}

// Plan plans the digest of a route for today and returns its post.
func (c *Company) Plan(t testing.TB, kind ar.PostKind, route string) (p ar.Post) {
	t.Helper()
	c.Write(t, func(tx ar.Tx) (err error) {
		p, _, err = tx.PlanPost(t.Context(), ar.PostKey{Kind: kind, Route: route, Day: c.Desk.Today()}, "")
		return err
	})
	return p
}

// Say composes the digest of a route for today and has it put in its place, as
// delivery does.
func (c *Company) Say(t testing.TB, kind ar.PostKind, route string) desk.Digest {
	t.Helper()
	post := c.Plan(t, kind, route)
	digest, figures, err := c.Desk.ComposeDigest(t.Context(), post)
	if err != nil {
		t.Fatalf("desktest: compose: %v", err)
	}
	if err := c.Desk.KeepFigures(t.Context(), post.ID, figures); err != nil {
		t.Fatalf("desktest: %v", err)
	}
	if err := c.Desk.SetPostState(t.Context(), post.ID, ar.PostDone, ""); err != nil {
		t.Fatalf("desktest: %v", err)
	}
	return digest
}
