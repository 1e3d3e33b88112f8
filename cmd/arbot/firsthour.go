package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"arbot/ar"
	"arbot/bot"
)

// guide keeps the checklists of the admins up to date while a company is being set
// up.
type guide struct {
	on bool // `arbot serve` guides; a verb that ends at once does not

	mu   sync.Mutex
	seen string // the steps as they were said last
	done bool   // all of them are done, and said
}

// guideEvery is how often it is looked for what was done elsewhere, such as by
// `arbot import`.
const guideEvery = time.Minute

// composers composes each kind of post by who knows of it.
type composers struct {
	digests *bot.Digests
	welcome *bot.Welcome
}

// Compose returns what a post says now and where it goes.
func (c composers) Compose(ctx context.Context, p ar.Post) (bot.Composed, error) {
	if p.Kind == ar.Checklist || p.Kind == ar.Greeting {
		return c.welcome.Compose(ctx, p)
	}
	return c.digests.Compose(ctx, p)
}

func (a *app) welcome(gate *bot.Gate) *bot.Welcome {
	w := bot.WelcomeConfig{
		Desk: a.desk, Gate: gate, Routes: a.routes(), When: map[string]string{}, Slash: a.settings.Slack.Command,
		Share: a.settings.Slack.ShareChannels, Fallback: a.settings.Slack.Fallback,
	}
	for _, l := range a.ledgers {
		w.Ledgers = append(w.Ledgers, l.name)
	}
	for _, g := range a.settings.digests {
		w.When[g.name] = g.when()
	}
	return bot.NewWelcome(w)
}

// when says when a digest comes: "at 08:30, Monday to Friday".
func (g digestSettings) when() string {
	return fmt.Sprintf("at %02d:%02d, %s", g.at.Hour, g.at.Minute, dayWords(g.days))
}

// dayWords names weekdays, a run of three and more by its ends.
func dayWords(days []time.Weekday) string {
	var names []string
	for i := 0; i < len(days); {
		end := i
		for end+1 < len(days) && days[end+1] == (days[end]+1)%7 {
			end++
		}
		if end-i < 2 { // two days are named
			end = i
			names = append(names, days[i].String())
		} else {
			names = append(names, days[i].String()+" to "+days[end].String())
		}
		i = end + 1
	}
	return strings.Join(names, ", ")
}

// happened does what is due when something befalls the bot itself.
func (a *app) happened(ctx context.Context, c bot.Call) error {
	switch c.Kind { //nolint:exhaustive // the others are answered
	case bot.Joined:
		if err := a.desk.Greet(ctx, c.Channel); err != nil {
			return err
		}
		a.talk.gate.Forget(c.Channel)
		return a.tickOff(ctx)
	case bot.Removed:
		a.noteLost(errors.New("an event says that the app was uninstalled, or its token revoked"))
	}
	return nil
}

// tickOff has every admin's checklist say how far the company has come, if that
// changed since it was said last.
func (a *app) tickOff(ctx context.Context) error {
	g := &a.guide
	if !g.on {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.done {
		return nil
	}
	steps, err := a.talk.welcome.Steps(ctx)
	if err != nil {
		return err
	}
	if fmt.Sprint(steps) == g.seen {
		return nil
	}
	admins, err := a.talk.people.Having(ctx, ar.Admin)
	if err != nil {
		return fmt.Errorf("welcome the admins: %w", err)
	}
	if len(admins) == 0 {
		a.log.WarnContext(ctx, "nobody is told how to set arbot up: no admin is in the config")
	}
	for _, user := range admins {
		if err := a.desk.Welcome(ctx, user); err != nil {
			return err
		}
	}
	g.seen = fmt.Sprint(steps)
	g.done = !slices.ContainsFunc(steps, func(s bot.Step) bool { return !s.Done })
	return nil
}
