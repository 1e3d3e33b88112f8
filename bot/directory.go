package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"arbot/ar"
)

// Person is somebody with an account in Slack.
type Person struct {
	ID, Email, Name string
	// TZ is the zone that the person has chosen, an IANA name.
	TZ string
	// Deleted is an account that was deactivated: messages to it are accepted
	// and read by nobody.
	Deleted bool
	Bot     bool
	// Outside are guests and people of other organisations.
	Outside bool
	// Teams are the workspaces of the person, and the Enterprise Grid organisation.
	Teams []string
}

// Here reports whether the person is one who can be told something.
func (p Person) Here() bool { return !p.Deleted && !p.Bot && !p.Outside }

// DirectoryConfig is what a Directory needs.
type DirectoryConfig struct {
	Client *slack.Client
	Gate   *Gate
	Now    func() time.Time
	// Team is the id of our own workspace: see Identity.Team.
	Team  string
	Roles Roles
	// Aliases are other names that a ledger has for people, by e-mail address.
	// An address among them is one under which Slack knows the person.
	Aliases map[string][]string
	Logger  *slog.Logger
}

// personAge is how long an answer about a person or a group is believed.
const personAge = time.Minute

// Directory knows the people in Slack and their roles.
type Directory struct {
	client  *slack.Client
	gate    *Gate
	now     func() time.Time
	team    string
	roles   Roles
	aliases map[string][]string
	log     *slog.Logger

	roster   chan struct{} // held by the one who reads the list of everybody
	rosterAt time.Time     // when it was read; of the holder of roster

	mu       sync.Mutex
	people   map[string]knownPerson // by user id
	byEmail  map[string]knownPerson // by address in lower case
	groups   map[string][]string
	groupsAt time.Time
}

type knownPerson struct {
	Person
	at time.Time
}

// NewDirectory returns a directory that knows nobody yet.
func NewDirectory(c DirectoryConfig) *Directory {
	d := &Directory{
		client: c.Client, gate: c.Gate, now: c.Now, team: c.Team, roles: c.Roles, log: c.Logger,
		roster: make(chan struct{}, 1), aliases: map[string][]string{}, people: map[string]knownPerson{}, byEmail: map[string]knownPerson{},
	}
	for email, names := range c.Aliases {
		d.aliases[strings.ToLower(email)] = names
	}
	d.gate.watchGuests(d.guestsIn)
	return d
}

// Actor is who a user id is and what they may do, as of now. Somebody whom
// Slack does not know is outside.
func (d *Directory) Actor(ctx context.Context, user string) (ar.Actor, error) {
	p, err := d.Person(ctx, user)
	if refused(err, "user_not_found", "user_not_visible") {
		return ar.Actor{User: user, Outside: true}, nil
	}
	if err != nil {
		return ar.Actor{}, err
	}
	if !p.Here() {
		return ar.Actor{User: user, Outside: true}, nil
	}
	roles, err := d.rolesOf(ctx, p)
	if err != nil {
		return ar.Actor{}, err
	}
	return ar.Actor{User: user, Email: p.Email, Names: d.namesOf(p.Email), Roles: roles}, nil
}

// ActorOf is like Actor for somebody of whom Slack has said a workspace with what they
// did. Where that is none of those that the person is of, the person is outside: an id
// can be of another organisation that shares a channel with us. An empty team says
// nothing.
func (d *Directory) ActorOf(ctx context.Context, user, team string) (ar.Actor, error) {
	actor, err := d.Actor(ctx, user)
	if err != nil || actor.Outside || team == "" || team == d.team {
		return actor, err
	}
	p, err := d.Person(ctx, user)
	if err != nil {
		return ar.Actor{}, err
	}
	if !slices.Contains(p.Teams, team) {
		return ar.Actor{User: user, Outside: true}, nil
	}
	return actor, nil
}

// namesOf are the other names of the person with an address, whether it stands
// in the config as the address or among the aliases.
func (d *Directory) namesOf(email string) []string {
	if email == "" {
		return nil
	}
	names := slices.Clone(d.aliases[strings.ToLower(email)])
	for main, others := range d.aliases {
		if slices.ContainsFunc(others, func(o string) bool { return strings.EqualFold(o, email) }) {
			names = append(append(names, main), others...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Person looks up a user id; *RefusedError with user_not_found if there is none.
func (d *Directory) Person(ctx context.Context, user string) (Person, error) {
	return d.lookUp(d.people, user, func() (Person, error) {
		return d.ask(ctx, "users.info", user, func(ctx context.Context) (*slack.User, error) {
			return d.client.GetUserInfoContext(ctx, user)
		})
	})
}

// ByEmail looks up an e-mail address, or the addresses among its aliases;
// *RefusedError with users_not_found if Slack knows none of them. Slack does
// not find people whose account was deactivated.
func (d *Directory) ByEmail(ctx context.Context, email string) (Person, error) {
	p, err := d.byAddress(ctx, email)
	for _, other := range d.namesOf(email) {
		if !refused(err, "users_not_found") {
			return p, err
		}
		if kindOf(other) == emailEntry && !strings.EqualFold(other, email) {
			p, err = d.byAddress(ctx, other)
		}
	}
	return p, err
}

// byAddress looks up one address. In the morning, when hundreds of them are wanted and
// Slack wants no more of these calls, it reads everybody at once instead.
func (d *Directory) byAddress(ctx context.Context, email string) (Person, error) {
	p, err := d.askAddress(ctx, email)
	if _, later := errors.AsType[*RetryLaterError](err); !later || d.loadRoster(ctx) != nil {
		return p, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if k, ok := d.byEmail[strings.ToLower(email)]; ok && d.now().Sub(k.at) < personAge {
		return k.Person, nil
	}
	return p, err
}

func (d *Directory) askAddress(ctx context.Context, email string) (Person, error) {
	return d.lookUp(d.byEmail, strings.ToLower(email), func() (Person, error) {
		return d.ask(ctx, "users.lookupByEmail", email, func(ctx context.Context) (*slack.User, error) {
			return d.client.GetUserByEmailContext(ctx, email)
		})
	})
}

// forget has a person asked for anew.
func (d *Directory) forget(user string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p, ok := d.people[user]; ok {
		delete(d.byEmail, strings.ToLower(p.Email))
	}
	delete(d.people, user)
}

// lookUp asks unless it is known well enough.
func (d *Directory) lookUp(known map[string]knownPerson, key string, ask func() (Person, error)) (Person, error) {
	now := d.now()
	d.mu.Lock()
	k, ok := known[key]
	d.mu.Unlock()
	if ok && now.Sub(k.at) < personAge {
		return k.Person, nil
	}
	p, err := ask()
	if err != nil {
		return Person{}, err
	}
	d.mu.Lock()
	known[key] = knownPerson{Person: p, at: now}
	d.mu.Unlock()
	return p, nil
}

func (d *Directory) ask(ctx context.Context, method, who string, do func(context.Context) (*slack.User, error)) (Person, error) {
	var u *slack.User
	err := d.gate.call(ctx, method, "", func(ctx context.Context) (err error) {
		u, err = do(ctx)
		return err
	})
	if err != nil {
		return Person{}, fmt.Errorf("bot: look up %s: %w", who, err)
	}
	if u == nil || u.ID == "" {
		return Person{}, fmt.Errorf("bot: look up %s: Slack's answer holds no person", who)
	}
	return d.person(u), nil
}

func (d *Directory) person(u *slack.User) Person {
	p := Person{
		ID: u.ID, Email: u.Profile.Email, Name: u.Profile.DisplayName, TZ: u.TZ,
		Deleted: u.Deleted, Bot: u.IsBot || u.IsWorkflowBot || u.IsConnectorBot,
		Outside: u.IsRestricted || u.IsUltraRestricted || u.IsStranger || !d.ours(u),
		Teams:   slices.Concat([]string{u.TeamID}, u.Enterprise.Teams),
	}
	if u.Enterprise.EnterpriseID != "" {
		p.Teams = append(p.Teams, u.Enterprise.EnterpriseID)
	}
	if p.Name == "" {
		p.Name = u.RealName
	}
	return p
}

// ours: in our workspace, or in one of those of our Enterprise Grid
// organisation that the person shares with it.
func (d *Directory) ours(u *slack.User) bool {
	return u.TeamID == d.team || slices.Contains(u.Enterprise.Teams, d.team)
}
