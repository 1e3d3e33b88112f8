package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// family is a company with accounts of Dana, of Eli and of nobody. Northwind is
// Dana's; of its branches one is hers, one Eli's, and below Eli's is another of
// hers. Eli's Southgate is above a branch of Dana's.
func family(t *testing.T, change ...func(*desk.Settings)) *desktest.Company {
	t.Helper()
	c := desktest.New(t, change...)
	var page ar.Page
	for i, a := range []struct{ name, owner, parent string }{
		{"Danaway", "dana@example.com", ""},
		{"Elixir", "Eli Stone", ""}, // the ledger has the name, the config the address
		{"Foundling", "", ""},
		{"Northwind", "dana@example.com", ""},
		{"Northwind East", "dana@example.com", "Northwind"},
		{"Northwind West", "eli@example.com", "Northwind"},
		{"Northwind West Pier", "dana@example.com", "Northwind West"},
		{"Southgate", "eli@example.com", ""},
		{"Southgate Yard", "dana@example.com", "Southgate"},
	} {
		r := desktest.Customer(a.name, a.owner)
		r.Parent = a.parent
		page.Customers = append(page.Customers, r)
		amount := fmt.Sprintf("%d.00", 100<<i) // every set of accounts has its own sum
		page.Documents = append(page.Documents, storetest.Doc(ar.Invoice, "INV-"+a.name, a.name, "2026-09-01", "2026-10-01", amount))
	}
	c.Import(t, page)
	return c
}

// outcome is what somebody gets: the net amount, or the kind of error.
func outcome(money []ar.Standing, err error) string {
	switch {
	case err != nil && ar.KindOf(err) == "":
		return err.Error()
	case err != nil:
		return string(ar.KindOf(err))
	}
	var nets []string
	for _, m := range money {
		nets = append(nets, m.Net.String())
	}
	return strings.Join(nets, " ")
}

func TestWhoSeesWhichAccount(t *testing.T) {
	t.Parallel()
	all := func(s *desk.Settings) { s.RepsSee = ar.RepsSeeAll }
	own := func(s *desk.Settings) { s.RepsSee = ar.RepsSeeOwn }
	const forbidden, missing = "forbidden", "not found"
	for _, tt := range []struct {
		name   string
		policy func(*desk.Settings)
		actor  ar.Actor
		// of one's own, another rep's and an unowned account: by typing the
		// name, and by the id of a button
		typed, pressed [3]string
	}{
		{"dana", own, desktest.Dana, [3]string{"$100.00", missing, "$400.00"}, [3]string{"$100.00", forbidden, "$400.00"}},
		{"eli", own, desktest.Eli, [3]string{missing, "$200.00", "$400.00"}, [3]string{forbidden, "$200.00", "$400.00"}},
		{"dana where reps see all", all, desktest.Dana, [3]string{"$100.00", "$200.00", "$400.00"}, [3]string{"$100.00", "$200.00", "$400.00"}},
		{"ar", own, desktest.Nora, [3]string{"$100.00", "$200.00", "$400.00"}, [3]string{"$100.00", "$200.00", "$400.00"}},
		{"manager", own, desktest.Boss, [3]string{"$100.00", "$200.00", "$400.00"}, [3]string{"$100.00", "$200.00", "$400.00"}},
		{"admin", own, desktest.Admin, [3]string{"$100.00", "$200.00", "$400.00"}, [3]string{"$100.00", "$200.00", "$400.00"}},
		{"no role", own, desktest.NewHere, [3]string{forbidden, forbidden, forbidden}, [3]string{forbidden, forbidden, forbidden}},
		{"no role where reps see all", all, desktest.NewHere, [3]string{forbidden, forbidden, forbidden}, [3]string{forbidden, forbidden, forbidden}},
		{"outsider", all, desktest.Outsider, [3]string{forbidden, forbidden, forbidden}, [3]string{forbidden, forbidden, forbidden}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := family(t, tt.policy)
			for i, name := range []string{"Danaway", "Elixir", "Foundling"} {
				id, doc := c.ID(t, name), c.Document(t, "INV-"+name)
				status := func(in desk.StatusInput) string {
					a, err := c.Desk.Status(t.Context(), tt.actor, in)
					return outcome(a.Money, err)
				}
				aging := func(in desk.AgingInput) string {
					a, err := c.Desk.Aging(t.Context(), tt.actor, in)
					return outcome(a.Money, err)
				}
				for how, got := range map[string][2]string{
					"status by name":    {status(desk.StatusInput{Text: name}), tt.typed[i]},
					"status by invoice": {status(desk.StatusInput{Text: "INV-" + name}), tt.typed[i]},
					"status by id":      {status(desk.StatusInput{Customer: id}), tt.pressed[i]},
					"status by doc id":  {status(desk.StatusInput{Document: doc}), tt.pressed[i]},
					"aging by name":     {aging(desk.AgingInput{Account: name}), tt.typed[i]},
					"aging by id":       {aging(desk.AgingInput{Customer: id}), tt.pressed[i]},
				} {
					if got[0] != got[1] {
						t.Errorf("%s, %s: got %s, want %s", name, how, got[0], got[1])
					}
				}
			}
		})
	}
}

func TestWhoSeesWhoseAccounts(t *testing.T) {
	t.Parallel()
	const (
		dana    = "$34,500.00" // Danaway, Northwind, its East and West Pier, Southgate Yard
		eli     = "$16,200.00" // Elixir, Northwind West, Southgate
		orphans = "$400.00"
		book    = "$51,100.00"
	)
	for _, tt := range []struct {
		name    string
		repsSee ar.RepsSee
		actor   ar.Actor
		// the whole book, accounts of dana, of eli, of nobody, one's own
		want [5]string
	}{
		{"dana", ar.RepsSeeOwn, desktest.Dana, [5]string{"$34,900.00", dana, "forbidden", orphans, dana}},
		{"eli", ar.RepsSeeOwn, desktest.Eli, [5]string{"$16,600.00", "forbidden", eli, orphans, eli}},
		{"dana where reps see all", ar.RepsSeeAll, desktest.Dana, [5]string{book, dana, eli, orphans, dana}},
		{"ar", ar.RepsSeeOwn, desktest.Nora, [5]string{book, dana, eli, orphans, ""}},
		{"no role", ar.RepsSeeAll, desktest.NewHere, [5]string{"forbidden", "forbidden", "forbidden", "forbidden", "forbidden"}},
		{"outsider", ar.RepsSeeAll, desktest.Outsider, [5]string{"forbidden", "forbidden", "forbidden", "forbidden", "forbidden"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := family(t, func(s *desk.Settings) { s.RepsSee = tt.repsSee })
			for i, owner := range []string{"", "dana", "Eli Stone", "none"} {
				list, err := c.Desk.Overdue(t.Context(), tt.actor, desk.OverdueInput{Owner: owner})
				if got := outcome(list.Money, err); got != tt.want[i] {
					t.Errorf("overdue of %q: got %s, want %s", owner, got, tt.want[i])
				}
				report, err := c.Desk.Aging(t.Context(), tt.actor, desk.AgingInput{Owner: owner})
				if got := outcome(report.Money, err); got != tt.want[i] {
					t.Errorf("aging of %q: got %s, want %s", owner, got, tt.want[i])
				}
			}
			mine, err := c.Desk.Overdue(t.Context(), tt.actor, desk.OverdueInput{Mine: true})
			if got := outcome(mine.Money, err); got != tt.want[4] {
				t.Errorf("mine: got %s, want %s", got, tt.want[4])
			}
		})
	}
}

// An account above or below one's own may be another's: neither its figures nor
// its name are told.
func TestFamilyOfSeveralOwners(t *testing.T) {
	t.Parallel()
	c := family(t)
	for _, tt := range []struct {
		account string
		actor   ar.Actor
		net     string
		names   []string
		hidden  int
		parent  string
	}{
		{"Northwind", desktest.Nora, "$12,000.00", []string{"Northwind East", "Northwind West", "Northwind West Pier"}, 0, ""},
		{"Northwind", desktest.Dana, "$8,800.00", []string{"Northwind East", "Northwind West Pier"}, 1, ""},
		{"Southgate Yard", desktest.Dana, "$25,600.00", nil, 0, ""},
		{"Southgate Yard", desktest.Nora, "$25,600.00", nil, 0, "Southgate"},
		{"Southgate", desktest.Eli, "$12,800.00", nil, 1, ""},
	} {
		t.Run(tt.account+" for "+tt.actor.User, func(t *testing.T) {
			t.Parallel()
			a, err := c.Desk.Status(t.Context(), tt.actor, desk.StatusInput{Customer: c.ID(t, tt.account)})
			if got := outcome(a.Money, err); got != tt.net {
				t.Errorf("status: got %s, want %s", got, tt.net)
			}
			var names []string
			for _, child := range a.Children {
				names = append(names, child.Name)
			}
			if strings.Join(names, ", ") != strings.Join(tt.names, ", ") || a.Hidden != tt.hidden || a.ParentName != tt.parent {
				t.Errorf("got children %q, %d hidden, parent %q; want %q, %d, %q", names, a.Hidden, a.ParentName, tt.names, tt.hidden, tt.parent)
			}
			for _, item := range a.Items {
				if !strings.Contains(strings.Join(append(names, tt.account), ","), strings.TrimPrefix(item.Number, "INV-")) {
					t.Errorf("the list has %s", item.Number)
				}
			}
			report, err := c.Desk.Aging(t.Context(), tt.actor, desk.AgingInput{Customer: c.ID(t, tt.account)})
			if got := outcome(report.Money, err); got != tt.net || report.Hidden != tt.hidden {
				t.Errorf("aging: got %s and %d hidden, want %s and %d", got, report.Hidden, tt.net, tt.hidden)
			}
		})
	}
}

func TestGuessesNameOnlyWhatOneMaySee(t *testing.T) {
	t.Parallel()
	c := family(t)
	for _, text := range []string{"elixr", "elixir", "southgat", "northwind wset", "INV-Elixr", "danawy", "north", "eli", "gate"} {
		_, err := c.Desk.Find(t.Context(), desktest.Dana, text)
		says := fmt.Sprint(err, choicesOf(err))
		for _, secret := range []string{"Elixir", "Southgate ·", "Southgate]", "Northwind West]", "Northwind West ·", "Eli Stone"} {
			if strings.Contains(says, secret) {
				t.Errorf("%q tells Dana of %s: %s", text, secret, says)
			}
		}
	}
	_, err := c.Desk.Overdue(t.Context(), desktest.Dana, desk.OverdueInput{Owner: "zoe"})
	if ar.KindOf(err) != ar.Forbidden || strings.Contains(err.Error(), "Eli") {
		t.Errorf("an unknown owner: %v", err)
	}
}

// An id that leads nowhere says what to do, not that something broke.
func TestUnknownIDs(t *testing.T) {
	t.Parallel()
	c := family(t)
	for _, in := range []desk.StatusInput{{Customer: 999}, {Document: 999}} {
		if _, err := c.Desk.Status(t.Context(), desktest.Nora, in); ar.KindOf(err) != ar.NotFound {
			t.Errorf("%+v: %v", in, err)
		}
	}
	if _, err := c.Desk.Aging(t.Context(), desktest.Nora, desk.AgingInput{Customer: 999}); ar.KindOf(err) != ar.NotFound {
		t.Errorf("aging: %v", err)
	}
}
