package bot_test

import (
	"testing"

	"arbot/ar"
	"arbot/bot"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// A deputy reads the digest of who is away, and gets no right by it: neither to the
// account, nor to the list, nor by the buttons of the digest.
func TestDeputyReadsTheDigestAndNoMore(t *testing.T) {
	t.Parallel()
	c := desktest.New(t, func(s *desk.Settings) {
		for i := range s.People {
			if s.People[i].Email == "dana@example.com" {
				s.People[i].Deputy = "eli@example.com"
				s.People[i].Away = []desk.Absence{{From: day("2026-11-23"), To: day("2026-11-27")}}
			}
		}
	})
	c.Import(t, ar.Page{Customers: []ar.CustomerRecord{desktest.Customer("Danaway", "dana@example.com")}, Documents: []ar.DocumentRecord{
		storetest.Doc(ar.Invoice, "INV-1", "Danaway", "2026-09-01", "2026-10-01", "500.00"),
	}})
	composed, err := newDigests(c.Desk).Compose(t.Context(), c.Plan(t, ar.RepDigest, "rep:dana@example.com"))
	if err != nil {
		t.Fatal(err)
	}
	if composed.To.Email != "eli@example.com" {
		t.Errorf("the digest goes to %+v", composed.To)
	}
	contains(t, all(t, composed.Head), "For Dana Diaz, who is away", "Danaway", "$500.00")

	r := newRouter(c.Desk)
	for _, call := range []bot.Call{
		typed("status danaway"), typed("status INV-1"), typed("aging danaway"), typed("overdue owner dana"),
		pressed("status " + bot.PickID(ar.Choice{Customer: c.ID(t, "Danaway")})),
	} {
		lacks(t, refused(t, r, desktest.Eli, call).Say, "$500.00")
	}
	lacks(t, all(t, ask(t, r, desktest.Eli, "mine")), "Danaway")
	lacks(t, all(t, ask(t, r, desktest.Eli, "overdue")), "Danaway")
}
