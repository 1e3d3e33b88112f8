package bot

import (
	"context"
	"strings"
)

// Strangers returns those of some e-mail addresses that belong to nobody who can be
// told something: Slack knows no such address, or the account was deactivated or is
// a guest's. Many addresses cost one look at the whole workspace.
func (d *Directory) Strangers(ctx context.Context, emails []string) ([]string, error) {
	known, err := d.Everybody(ctx, emails)
	if err != nil {
		return nil, err
	}
	var strangers []string
	for _, email := range emails {
		if p, ok := known[email]; !ok || !p.Here() {
			strangers = append(strangers, email)
		}
	}
	return strangers, nil
}

// Everybody maps those of some e-mail addresses, as they are given, that Slack knows
// to their people. Many addresses cost one look at the whole workspace.
func (d *Directory) Everybody(ctx context.Context, emails []string) (map[string]Person, error) {
	ask := d.ByEmail
	if len(emails) > singleLooks {
		if err := d.loadRoster(ctx); err != nil {
			return nil, err
		}
		known := d.addresses()
		ask = func(_ context.Context, email string) (Person, error) { return d.among(known, email) }
	}
	found := map[string]Person{}
	for _, email := range emails {
		p, err := ask(ctx, email)
		if err != nil && !refused(err, "users_not_found") {
			return nil, err
		}
		if err == nil {
			found[email] = p
		}
	}
	return found, nil
}

// among finds somebody by an address or one of its aliases.
func (d *Directory) among(known map[string]Person, email string) (Person, error) {
	for _, name := range append([]string{email}, d.namesOf(email)...) {
		if p, ok := known[strings.ToLower(name)]; ok {
			return p, nil
		}
	}
	return Person{}, refusal("users.list", "", "users_not_found", nil)
}

// addresses maps the addresses of the people who are known to them. Of two accounts
// with one address the one that is there counts.
func (d *Directory) addresses() map[string]Person {
	d.mu.Lock()
	defer d.mu.Unlock()
	known := make(map[string]Person, len(d.people))
	for _, k := range d.people {
		email := strings.ToLower(k.Email)
		if old, ok := known[email]; email != "" && (!ok || !old.Here()) {
			known[email] = k.Person
		}
	}
	return known
}
