package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
)

// talk writes a pack in a line for each account, promise and dispute.
func talk(m desk.Meeting) (lines []string) {
	for _, o := range m.Owners {
		lines = append(lines, fmt.Sprintf("%s: %v overdue, %v to chase", o.Owner, o.Overdue, o.ToChase))
		for _, a := range o.Accounts {
			lines = append(lines, fmt.Sprintf("  %s %v %d days %q", a.Name, a.Amounts, a.OldestDays, a.Decide))
		}
		for _, p := range o.Due {
			lines = append(lines, "  due: "+p.About())
		}
		for _, p := range o.Broken {
			lines = append(lines, "  broken: "+p.About())
		}
		for _, d := range o.Disputes {
			lines = append(lines, fmt.Sprintf("  dispute: %s late %v", d.Invoice.Label(), d.Late()))
		}
	}
	return lines
}

func TestMeeting(t *testing.T) {
	t.Parallel()
	c := exporting(t)
	m, err := c.Desk.Meeting(t.Context(), desktest.Boss, desk.MeetingInput{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"dana@example.com: [$1,500.00] overdue, [$450.00] to chase",
		`  Acme [$1,500.00] 55 days []`,
		"  dispute: INV-8 late false",
		": [$300.00] overdue, [$300.00] to chase",
		`  Foundling [$300.00] 41 days ["nobody owns it: who takes it?" "more than 30 days and no word: who calls, by when?"]`,
		"eli@example.com: [$200.00] overdue, [$200.00] to chase",
		`  Elixir [$200.00] 41 days ["more than 30 days and no word: who calls, by when?"]`,
	}
	if diff := cmp.Diff(want, talk(m)); diff != "" {
		t.Errorf("today (-want +got):\n%s", diff)
	}

	// Two weeks on the promise is broken, and the dispute past its day.
	c.Clock.Add(14 * 24 * time.Hour)
	c.Change(t, ar.Page{})
	if m, err = c.Desk.Meeting(t.Context(), desktest.Boss, desk.MeetingInput{Owner: "dana"}); err != nil {
		t.Fatal(err)
	}
	want = []string{
		"dana@example.com: [$1,500.00] overdue, [$950.00] to chase",
		`  Acme [$1,500.00] 69 days ["it broke a promise: stop delivery, or believe the next one?" "a dispute is past its day: credit or reject?"]`,
		"  broken: Acme, INV-7",
		"  dispute: INV-8 late true",
	}
	if diff := cmp.Diff(want, talk(m)); diff != "" {
		t.Errorf("two weeks on (-want +got):\n%s", diff)
	}
	if m.Of != "Dana Diaz" || m.Owners[0].Decisions() != 2 {
		t.Errorf("it is of %q, with %d decisions", m.Of, m.Owners[0].Decisions())
	}
}

// A rep talks about own accounts.
func TestWhoGetsWhichMeeting(t *testing.T) {
	t.Parallel()
	c := exporting(t)
	for _, tt := range []struct {
		actor ar.Actor
		owner string
		want  string
	}{
		{desktest.Eli, "", "Foundling Elixir"},
		{desktest.Eli, "eli", "Elixir"},
		{desktest.Eli, "dana", "forbidden"},
		{desktest.NewHere, "", "forbidden"},
		{desktest.Outsider, "", "forbidden"},
		{desktest.Nora, "none", "Foundling"},
		{desktest.Nora, "zoe", "not found"},
	} {
		m, err := c.Desk.Meeting(t.Context(), tt.actor, desk.MeetingInput{Owner: tt.owner})
		got := []string{string(ar.KindOf(err))}
		if err == nil {
			got = nil
			for _, o := range m.Owners {
				for _, a := range o.Accounts {
					got = append(got, a.Name)
				}
			}
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s asks for %q and gets %q (%v), want %q", tt.actor.User, tt.owner, got, err, tt.want)
		}
	}
}
