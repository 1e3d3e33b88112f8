package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"
)

// ProbeSocket asks for a connection of Socket Mode, and does not use it. A
// *RefusedError says that the app-level token is of no use.
func ProbeSocket(ctx context.Context, client *slack.Client) error {
	if _, _, err := client.StartSocketModeContext(ctx); err != nil {
		return fmt.Errorf("bot: ask for a connection of Socket Mode: %w", classify(openConnection, "", err))
	}
	return nil
}

// Mend is the sentence for an admin that an error has, or its own text.
func Mend(err error) string {
	if refusal, ok := errors.AsType[*RefusedError](err); ok {
		return refusal.Say
	}
	return err.Error()
}

// Inspect looks at a channel of the config: it is an error if nothing could be said
// there now.
func (g *Gate) Inspect(ctx context.Context, id string) (Channel, error) {
	c, err := g.Channel(ctx, id)
	if err != nil {
		return Channel{}, err
	}
	if !isDirect(id) && !c.Member && !c.Archived {
		return c, refusal("conversations.info", id, "not_in_channel", nil)
	}
	return c, g.admit(ctx, id)
}

// Meant are the people whom an entry of Roles means: an error if Slack knows no
// such person or group, or shows none. A group may be empty.
func (d *Directory) Meant(ctx context.Context, entry string) ([]Person, error) {
	switch kindOf(entry) {
	case userEntry:
		p, err := d.Person(ctx, entry)
		return []Person{p}, err
	case emailEntry:
		p, err := d.ByEmail(ctx, entry)
		return []Person{p}, err
	case groupEntry:
	}
	groups, err := d.allGroups(ctx)
	if err != nil {
		return nil, err
	}
	members, ok := groups[strings.ToLower(strings.TrimPrefix(entry, "@"))]
	if !ok {
		return nil, &RefusedError{Method: "usergroups.list", Code: "no_such_subteam", Say: fmt.Sprintf(
			"Slack has no user group %s. Check its handle in Slack (People, User groups), or list people instead.", entry)}
	}
	var people []Person
	for _, id := range members {
		p, err := d.Person(ctx, id)
		if err != nil && !refused(err) {
			return nil, err
		}
		if err == nil && p.Here() {
			people = append(people, p)
		}
	}
	return people, nil
}

// HasRole reports whether a person has any role.
func (d *Directory) HasRole(ctx context.Context, p Person) (bool, error) {
	roles, err := d.rolesOf(ctx, p)
	return len(roles) > 0, err
}

// Missing are the scopes that are needed and were not granted.
func (i Identity) Missing(needed []string) []string {
	return slices.DeleteFunc(slices.Clone(needed), func(s string) bool { return slices.Contains(i.Scopes, s) })
}
