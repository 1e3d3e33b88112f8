package bot_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/bot"
	"arbot/internal/fakeslack"
)

func TestActors(t *testing.T) {
	t.Parallel()
	w := newWorld(t, change{roles: func(c *bot.DirectoryConfig) {
		c.Roles = bot.Roles{Reps: []string{"@Reps", ana}, AR: []string{"ANA@acme.example"}, Managers: []string{"S0REPS"}, Admins: []string{cleo}}
	}})
	w.PutUser(fakeslack.User{ID: "U0ROBOT", IsBot: true})
	w.PutUser(fakeslack.User{ID: "W0GRID", Email: "benjamin@acme.example"})
	outside := func(id string) ar.Actor { return ar.Actor{User: id, Outside: true} }
	tests := []ar.Actor{
		{User: ana, Email: "ana@acme.example", Roles: []ar.Role{ar.Rep, ar.ARClerk}},
		{User: ben, Email: "ben@acme.example", Names: []string{"B. Brown", "benjamin@acme.example"}, Roles: []ar.Role{ar.Rep, ar.Manager}},
		{User: cleo, Email: "cleo@acme.example", Roles: []ar.Role{ar.Admin}},
		{User: "W0GRID", Email: "benjamin@acme.example", Names: []string{"B. Brown", "ben@acme.example", "benjamin@acme.example"}},
		outside(guest), outside(stranger), outside(gone), outside("U0ROBOT"), outside("U0NOBODY"),
	}
	for _, want := range tests {
		got, err := w.people.Actor(t.Context(), want.User)
		if err != nil {
			t.Errorf("%s: %v", want.User, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want.User, diff)
		}
	}
}

func TestPeopleWithARole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, change{roles: func(c *bot.DirectoryConfig) {
		c.Roles = bot.Roles{Admins: []string{"@reps", "cleo@acme.example", cleo, guest, "gone@acme.example", "U0NOBODY", "@no-such-group"}}
	}})
	got, err := w.people.Having(t.Context(), ar.Admin)
	if err != nil || !slices.Equal(got, []string{ben, cleo}) {
		t.Errorf("admins: %v, %v; want ben and cleo, each once", got, err)
	}
}

func TestGroupsWithoutPermissionGiveNoRoles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetScopes("users:read", "users:read.email")
	actor, err := w.people.Actor(t.Context(), ben)
	if err != nil || len(actor.Roles) != 0 || actor.Outside {
		t.Errorf("got %+v, %v", actor, err)
	}
}

func TestTroubleIsNotAnAnswerAboutAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Inject(fakeslack.Fault{Method: "users.info", Status: 503})
	if actor, err := w.people.Actor(t.Context(), ben); err == nil {
		t.Errorf("got %+v, want an error", actor)
	}
	if actor, err := w.people.Actor(t.Context(), ben); err != nil || len(actor.Roles) != 1 {
		t.Errorf("afterwards: %+v, %v", actor, err)
	}
}

func TestPeopleAreAskedForOnceAMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask := func() bot.Person {
		t.Helper()
		p, err := w.people.Person(t.Context(), ben)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	ask()
	if err := w.Deactivate(ben); err != nil {
		t.Fatal(err)
	}
	if ask().Deleted || len(w.Calls("users.info")) != 1 {
		t.Errorf("within a minute: %d calls", len(w.Calls("users.info")))
	}
	w.clock.advance(time.Minute)
	if !ask().Deleted {
		t.Error("a minute later the person is still there")
	}
}

func TestUnknownAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.people.ByEmail(t.Context(), "nobody@acme.example")
	if e, ok := errors.AsType[*bot.RefusedError](err); !ok || e.Code != "users_not_found" {
		t.Errorf("got %v", err)
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	me, err := bot.Identify(t.Context(), w.client)
	if err != nil || me.User != botUser || me.Team != "T0ACME" || !slices.Contains(me.Scopes, "chat:write") {
		t.Errorf("got %+v, %v", me, err)
	}
	w.RevokeTokens()
	_, err = bot.Identify(t.Context(), w.client)
	if e, ok := errors.AsType[*bot.RefusedError](err); !ok || e.Code != "token_revoked" {
		t.Errorf("with a revoked token: %v", err)
	}
}
