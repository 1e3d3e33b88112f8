package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"arbot/ar"
)

// Roles say who has which role. Each entry is a user id (U…, W…), an e-mail
// address, a user group's id (S…) or its handle (@finance).
type Roles struct {
	Reps, AR, Managers, Admins []string
}

// of lists the entries of a role.
func (r Roles) of(role ar.Role) []string {
	switch role {
	case ar.Rep:
		return r.Reps
	case ar.ARClerk:
		return r.AR
	case ar.Manager:
		return r.Managers
	case ar.Admin:
		return r.Admins
	}
	return nil
}

var allRoles = []ar.Role{ar.Rep, ar.ARClerk, ar.Manager, ar.Admin}

// entryKind is what an entry of Roles names.
type entryKind int

const (
	userEntry entryKind = iota
	emailEntry
	groupEntry
)

// kindOf tells entries apart: a handle has its @ in front, an address in it.
func kindOf(entry string) entryKind {
	switch {
	case strings.Index(entry, "@") > 0:
		return emailEntry
	case strings.HasPrefix(entry, "U"), strings.HasPrefix(entry, "W"):
		return userEntry
	default:
		return groupEntry
	}
}

// rolesOf are the roles that the entries give a person.
func (d *Directory) rolesOf(ctx context.Context, p Person) ([]ar.Role, error) {
	var has []ar.Role
	for _, role := range allRoles {
		for _, entry := range d.roles.of(role) {
			in, err := d.names(ctx, entry, p)
			if err != nil {
				return nil, err
			}
			if in {
				has = append(has, role)
				break
			}
		}
	}
	return has, nil
}

// names reports whether an entry means a person.
func (d *Directory) names(ctx context.Context, entry string, p Person) (bool, error) {
	switch kindOf(entry) {
	case userEntry:
		return entry == p.ID, nil
	case emailEntry:
		return p.Email != "" && strings.EqualFold(entry, p.Email), nil
	case groupEntry:
		members, err := d.group(ctx, entry)
		return slices.Contains(members, p.ID), err
	}
	return false, nil
}

// Having lists the ids of the people with a role, those who are gone left out.
func (d *Directory) Having(ctx context.Context, role ar.Role) ([]string, error) {
	var ids []string
	for _, entry := range d.roles.of(role) {
		found, err := d.expand(ctx, entry)
		if err != nil {
			return nil, err
		}
		for _, id := range found {
			p, err := d.Person(ctx, id)
			if err != nil && !refused(err) {
				return nil, err
			}
			if err == nil && p.Here() && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids, nil
}

// expand is the user ids that an entry means.
func (d *Directory) expand(ctx context.Context, entry string) ([]string, error) {
	switch kindOf(entry) {
	case userEntry:
		return []string{entry}, nil
	case emailEntry:
		p, err := d.ByEmail(ctx, entry)
		if refused(err, "users_not_found") {
			return nil, nil
		}
		return []string{p.ID}, err
	case groupEntry:
		return d.group(ctx, entry)
	}
	return nil, nil
}

// group is the members of a user group, by its id or handle. Without the scope
// to read groups it has none: roles then come from ids and addresses alone.
func (d *Directory) group(ctx context.Context, entry string) ([]string, error) {
	groups, err := d.allGroups(ctx)
	if refused(err, codeMissingScope) {
		d.log.Warn("user groups give no roles: the app lacks the permission to read them", "group", entry, "error", err)
		return nil, nil
	}
	return groups[strings.ToLower(strings.TrimPrefix(entry, "@"))], err
}

// allGroups maps ids and handles, in lower case, to members.
func (d *Directory) allGroups(ctx context.Context) (map[string][]string, error) {
	now := d.now()
	d.mu.Lock()
	known, at := d.groups, d.groupsAt
	d.mu.Unlock()
	if known != nil && now.Sub(at) < personAge {
		return known, nil
	}
	var list []slack.UserGroup
	err := d.gate.call(ctx, "usergroups.list", "", func(ctx context.Context) (err error) {
		list, err = d.client.GetUserGroupsContext(ctx, slack.GetUserGroupsOptionIncludeUsers(true))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("bot: list the user groups: %w", err)
	}
	groups := map[string][]string{}
	for _, g := range list {
		groups[strings.ToLower(g.ID)] = g.Users
		groups[strings.ToLower(g.Handle)] = g.Users
	}
	d.mu.Lock()
	d.groups, d.groupsAt = groups, now
	d.mu.Unlock()
	return groups, nil
}
