package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"arbot/ar"
	"arbot/internal/fakeqbo"
	"arbot/internal/fakeslack"
)

// hire fills the office: 12 people, of whom one came last.
func (m *month) hire(t *testing.T) {
	t.Helper()
	m.slack.PutUser(fakeslack.User{ID: "U0012", Name: "omar", RealName: "Omar Haddad", Email: "omar.haddad@example.com", TZ: demoZone, TeamID: demoTeam})
	if err := m.slack.Join(arChannel, "U0012"); err != nil {
		t.Fatal(err)
	}
	for i, p := range m.company.People() {
		c := &colleague{no: i, user: demoUser(i), role: p.Role}
		switch p.Role {
		case ar.Rep:
			c.channel = salesChannel
		case ar.ARClerk, ar.Manager:
			c.channel = arChannel
		case ar.Admin: // in direct messages only
		}
		m.people = append(m.people, c)
	}
	m.people = append(m.people, &colleague{no: len(m.people), user: "U0012", role: ar.ARClerk, channel: arChannel})
}

func (m *month) configure(t *testing.T) {
	t.Helper()
	var owners strings.Builder
	for _, b := range m.names {
		if b.owner >= 0 {
			fmt.Fprintf(&owners, "  - {customer: %s, owner: %s}\n", b.name, m.company.People()[b.owner].Email)
		}
	}
	m.reconfigure(t, func(config string) string {
		config = strings.Replace(config, "bundle: books", "quickbooks: {}", 1)
		config = strings.Replace(config, "currency: USD", "currency: USD, holidays: ['"+m.holiday.String()+"']", 1)
		config = strings.Replace(config, "  ar: [", "  ar: [omar.haddad@example.com, ", 1)
		reps := `  - {name: reps-daily, kind: reps, at: "08:40"}` + "\n"
		config = strings.Replace(config, reps, "", 1) // the digest that always comes is the last
		config = strings.Replace(config, "digests:\n", "digests:\n"+reps, 1)
		sales := "  - {name: sales-daily, kind: sales, channel: " + salesChannel + `, at: "08:35"}` + "\n"
		config = strings.Replace(config, sales, "", 1)
		config = strings.Replace(config, "digests:\n", "digests:\n"+sales, 1)
		config = strings.Replace(config, "kind: ar,", "kind: ar, post_when_empty: true,", 1)
		return without(config, "escalations", "ladder", "worklist", "limits") + "owners:\n" + owners.String() + m.ladderConfig()
	})
}

// without leaves sections out of a config.
func without(config string, sections ...string) string {
	var kept strings.Builder
	in := false
	for line := range strings.Lines(config) {
		if name, _, ok := strings.Cut(line, ":"); ok && !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "#") {
			in = slices.Contains(sections, name)
		}
		if !in {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// words of which the names of customers are made.
var (
	firstWords  = strings.Fields("Alder Birch Cedar Dogwood Elm Fir Gorse Hazel Ivy Juniper Kauri Larch Maple Nettle Oak Pine Quince Rowan Spruce Teak")
	secondWords = strings.Fields("Foods Metals Cranes Textiles Paper Tools Glass Motors Farms Dairy Books Marine Optics Plastics Timber")
)

func (m *month) addBuyer(t *testing.T, n int) {
	t.Helper()
	b := &buyer{name: firstWords[n%len(firstWords)] + " " + secondWords[n/len(firstWords)%len(secondWords)], owner: -1}
	if m.r.IntN(3) > 0 {
		b.owner = m.r.IntN(6)
	}
	parent := ""
	if top := m.r.IntN(n + 1); n > 3 && m.r.IntN(10) == 0 && m.names[min(top, n-1)].parent == nil {
		b.parent = m.names[min(top, n-1)]
		parent = b.parent.id
	}
	b.id = must(t)(m.books.AddCustomer(fakeqbo.Person{Name: b.name, Email: "pay@customer.example.com", Parent: parent}))
	m.names = append(m.names, b)
	m.buyers[b.id] = b
}

func (m *month) addBill(t *testing.T, of *buyer) {
	t.Helper()
	b := &bill{number: fmt.Sprintf("INV-%d", 1001+len(m.bills)), of: of, date: m.today.AddDays(-m.r.IntN(70))}
	b.due = b.date.AddDays(30)
	b.id = must(t)(m.books.AddInvoice(fakeqbo.Sale{
		Customer: of.id, Number: b.number, Date: b.date.String(), Due: b.due.String(), Amount: 1000 + m.r.Int64N(900_000), Email: "pay@customer.example.com",
	}))
	m.bills[b.id] = b
}

// recognise finds the customers in the books.
func (m *month) recognise(t *testing.T) {
	t.Helper()
	for _, line := range column(t, m.looks, `SELECT external || ' ' || id FROM customers`) {
		external, id, _ := strings.Cut(line, " ")
		if b := m.buyers[external]; b != nil {
			b.ours = ar.CustomerID(number(id))
		}
	}
}
