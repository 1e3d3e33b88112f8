package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

const (
	// audienceAge is how long it is believed who is in a channel, and that somebody
	// in it is no guest.
	audienceAge = 5 * time.Minute
	// What a look at who is in a channel may cost: pages of members, pages of
	// everybody in the workspace, and people asked for one by one.
	memberPages = 10
	rosterPages = 20
	pageSize    = 999 // Slack wants fewer than a thousand
	singleLooks = 5
)

// audience is whether people from outside read a channel.
type audience struct {
	outsiders bool
	at        time.Time
}

// Outsiders reports whether people from outside read a channel: it is shared with
// another organisation, or a guest is in it. What is said there holds accounts,
// amounts and owners only. Nobody reads a direct message but its person.
func (g *Gate) Outsiders(ctx context.Context, id string) (bool, error) {
	if isDirect(id) {
		return false, nil
	}
	c, err := g.Channel(ctx, id)
	if err != nil || c.Shared {
		return c.Shared, err
	}
	now := g.now()
	g.mu.Lock()
	known, ok := g.audiences[id]
	look := g.guests
	g.mu.Unlock()
	if ok && now.Sub(known.at) < audienceAge {
		return known.outsiders, nil
	}
	if look == nil {
		return false, nil
	}
	outsiders, err := look(ctx, id)
	if err != nil {
		return false, fmt.Errorf("bot: look who is in %s: %w", id, err)
	}
	g.mu.Lock()
	g.audiences[id] = audience{outsiders: outsiders, at: now}
	g.mu.Unlock()
	return outsiders, nil
}

// admit refuses a channel in which nothing may be said to all: beside those that
// Check refuses, one with guests in it that is not allow-listed.
func (g *Gate) admit(ctx context.Context, id string) error {
	if err := g.Check(ctx, id); err != nil || g.allowShared[id] {
		return err
	}
	outsiders, err := g.Outsiders(ctx, id)
	switch {
	case err != nil:
		return err
	case outsiders:
		return refusal("conversations.members", id, codeGuests, nil)
	}
	return nil
}

// admitPage refuses a channel for a page. One that holds nothing about customers may
// stand everywhere but in an archived channel.
func (g *Gate) admitPage(ctx context.Context, id string, p Page) error {
	if !p.Open {
		return g.admit(ctx, id)
	}
	if err := g.Check(ctx, id); !refused(err, codeShared) {
		return err
	}
	return nil
}

// watchGuests has the gate ask a directory about guests.
func (g *Gate) watchGuests(look func(ctx context.Context, channel string) (bool, error)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.guests = look
}

// guestsIn reports whether somebody in a channel is a guest or belongs to another
// organisation. A channel whose members are too many to look at has guests: it is
// no place for figures.
func (d *Directory) guestsIn(ctx context.Context, channel string) (bool, error) {
	members, all, err := d.members(ctx, channel)
	if err != nil || !all {
		return true, err
	}
	unknown, guest := d.unknown(members)
	if guest {
		return true, nil
	}
	if len(unknown) > singleLooks {
		if err := d.loadRoster(ctx); err != nil {
			return false, err
		}
		unknown, guest = d.unknown(members)
	}
	if guest || len(unknown) > singleLooks { // who is not in the workspace's own list is not of ours
		return true, nil
	}
	for _, id := range unknown {
		p, err := d.Person(ctx, id)
		if err != nil {
			return false, err
		}
		if p.Outside {
			return true, nil
		}
	}
	return false, nil
}

// members lists who is in a channel; all is false where there are too many.
func (d *Directory) members(ctx context.Context, channel string) (ids []string, all bool, err error) {
	cursor := ""
	for range memberPages {
		var page []string
		err := d.gate.call(ctx, "conversations.members", channel, func(ctx context.Context) (err error) {
			page, cursor, err = d.client.GetUsersInConversationContext(ctx, &slack.GetUsersInConversationParameters{
				ChannelID: channel, Cursor: cursor, Limit: pageSize,
			})
			return err
		})
		if err != nil {
			return nil, false, err
		}
		ids = append(ids, page...)
		if cursor == "" {
			return ids, true, nil
		}
	}
	return nil, false, nil
}

// unknown lists those of whom nothing was heard for a while, and tells whether one
// of the others is from outside.
func (d *Directory) unknown(ids []string) (unknown []string, outsider bool) {
	now := d.now()
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, id := range ids {
		k, ok := d.people[id]
		switch {
		case !ok || now.Sub(k.at) >= audienceAge:
			unknown = append(unknown, id)
		case k.Outside:
			return nil, true
		}
	}
	return unknown, false
}

// loadRoster asks for everybody in the workspace at once: for many people that is
// one call where there would be hundreds. One asks at a time, and the others make do
// with the answer.
func (d *Directory) loadRoster(ctx context.Context) error {
	select {
	case d.roster <- struct{}{}:
		defer func() { <-d.roster }()
	case <-ctx.Done():
		return fmt.Errorf("bot: wait for the list of people: %w", ctx.Err())
	}
	if !d.rosterAt.IsZero() && d.now().Sub(d.rosterAt) < personAge {
		return nil
	}
	if err := d.readRoster(ctx); err != nil {
		return err
	}
	d.rosterAt = d.now()
	return nil
}

func (d *Directory) readRoster(ctx context.Context) error {
	page := d.client.GetUsersPaginated(slack.GetUsersOptionLimit(pageSize))
	for range rosterPages {
		var next slack.UserPagination
		err := d.gate.call(ctx, "users.list", "", func(ctx context.Context) (err error) {
			next, err = page.Next(ctx)
			return err
		})
		if page.Done(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("bot: list the people of the workspace: %w", err)
		}
		page = next
		d.keep(page.Users)
		if page.Cursor == "" {
			return nil
		}
	}
	return nil
}

// keep remembers people.
func (d *Directory) keep(users []slack.User) {
	now := d.now()
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range users {
		p := knownPerson{Person: d.person(&users[i]), at: now}
		d.people[p.ID] = p
		if p.Email != "" && !p.Deleted { // whom Slack would find by the address
			d.byEmail[strings.ToLower(p.Email)] = p
		}
	}
}
