package desk_test

import (
	"slices"
	"testing"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

func TestPlanDigests(t *testing.T) {
	t.Parallel()
	c := books(t)
	today := c.Desk.Today()
	channel := desk.Route{Name: "ar", Kind: ar.ARDigest, Channel: "C0AR"}
	plan := func(route desk.Route, again bool) int {
		posts, err := c.Desk.PlanDigests(t.Context(), route, today, again)
		if err != nil {
			t.Fatal(err)
		}
		return len(posts)
	}
	if got := []int{plan(channel, false), plan(channel, false), plan(channel, true)}; !slices.Equal(got, []int{1, 0, 1}) {
		t.Errorf("planned %v posts", got)
	}
	if got := plan(desk.Route{Name: "reps", Kind: ar.RepDigest}, false); got != 2 {
		t.Errorf("planned %d posts for reps, want Dana's and Eli's", got)
	}
}

// A rep gets one direct message under whatever spelling the ledger has, also on
// the day on which the last customer has paid.
func TestRepDigestKeys(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	c.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{
			desktest.Customer("A", "Dana@Example.com"), desktest.Customer("B", "DD"), desktest.Customer("C", "Dana Diaz"),
			desktest.Customer("D", "eli stone"), desktest.Customer("E", "someone without an address"), desktest.Customer("F", ""),
			desktest.Customer("G", "x@elsewhere.example"),
		},
		Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "1", "A", "2026-10-01", "2026-10-31", "5.00")},
	})
	keys, err := c.Desk.DigestKeys(t.Context(), desk.Route{Name: "reps", Kind: ar.RepDigest}, c.Desk.Today())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, k := range keys {
		got = append(got, desk.RepOf(k))
	}
	slices.Sort(got)
	if want := []string{"dana@example.com", "eli@example.com", "x@elsewhere.example"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAlertOnceADay(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	for range 3 {
		if err := c.Desk.Alert(t.Context(), "U0ADMIN", "channel-C1", "C1 is archived."); err != nil {
			t.Fatal(err)
		}
	}
	post := c.Plan(t, ar.Alert, "user:U0ADMIN/channel-C1")
	if post.Body != "C1 is archived." || post.State != ar.PostPlanned {
		t.Errorf("post %+v", post)
	}
}

func TestSeen(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	for i, want := range []bool{true, false} {
		got, err := c.Desk.Seen(t.Context(), "event:Ev1")
		if err != nil || got != want {
			t.Errorf("delivery %d: first %v, %v", i, got, err)
		}
	}
}
