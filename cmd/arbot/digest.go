package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/bot/plain"
	"arbot/desk"
)

// digest posts today's digests by hand, or prints them.
func (p *program) digest(ctx context.Context, args []string) error {
	set := p.flags("digest")
	path := p.configFlag(set)
	now := set.Bool("now", false, "post today's digests; those that stand already are edited")
	show := set.Bool("print", false, "print them here and post nothing")
	if err := p.parse(set, args, anyNumber); err != nil {
		return err
	}
	if *now == *show {
		return usageError{"say --now to post today's digests, or --print to see them here first"}
	}
	s, err := readConfig(*path)
	if err != nil {
		return err
	}
	a, err := p.openApp(ctx, s, p.logger())
	if err != nil {
		return err
	}
	routes, err := pickRoutes(a.routes(), set.Args())
	switch {
	case err != nil:
	case *show:
		err = a.printDigests(ctx, p, routes)
	default:
		err = a.postDigests(ctx, p, routes)
	}
	return errors.Join(err, a.close())
}

func pickRoutes(all []desk.Route, names []string) ([]desk.Route, error) {
	if len(all) == 0 {
		return nil, usageError{"the config has no digests: add one under digests:"}
	}
	if len(names) == 0 {
		return all, nil
	}
	var picked []desk.Route
	for _, name := range names {
		i := slices.IndexFunc(all, func(r desk.Route) bool { return r.Name == name })
		if i < 0 {
			return nil, usageError{fmt.Sprintf("the config has no digest called %q", name)}
		}
		picked = append(picked, all[i])
	}
	return picked, nil
}

// printDigests draws what would be posted to the channels.
func (a *app) printDigests(ctx context.Context, p *program, routes []desk.Route) error {
	composer := a.composer()
	for _, r := range routes {
		keys, err := a.desk.DigestKeys(ctx, r, a.desk.Today())
		if err != nil {
			return err
		}
		for _, key := range keys {
			composed, err := composer.Compose(ctx, ar.Post{PostKey: key})
			if err != nil {
				return fmt.Errorf("digest %s: %s", r.Name, sentence(err)) //nolint:err113 // a sentence for the terminal
			}
			fmt.Fprintf(p.out, "──── %s (%s)\n", r.Name, key.Route)
			for _, c := range append([]card.Card{composed.Head}, composed.Thread...) {
				if err := plain.Render(p.out, c, plain.Options{Width: 100, Color: isTerminal(p.out)}); err != nil {
					return fmt.Errorf("print digest %s: %w", r.Name, err)
				}
				fmt.Fprintln(p.out)
			}
		}
	}
	return nil
}

// postDigests plans the digests and waits until they stand. Where a running
// `arbot serve` works the queue of the same file it leaves the posting to it.
func (a *app) postDigests(ctx context.Context, p *program, routes []desk.Route) error {
	secrets, err := p.readTokens(a.settings.Slack.Mode)
	if err != nil {
		return err
	}
	if err := a.connect(ctx, secrets); err != nil {
		return err
	}
	var planned []ar.PostID
	for _, r := range routes {
		ids, err := a.desk.PlanDigests(ctx, r, a.desk.Today(), true)
		if err != nil {
			return err
		}
		planned = append(planned, ids...)
	}
	release, err := lockBooks(a.settings.Database)
	if errors.Is(err, errServed) {
		return a.awaitPosts(ctx, planned, p.tellPost)
	}
	if err != nil {
		return err
	}
	defer release()
	if _, err := a.books.RescueJobs(ctx); err != nil {
		return err
	}
	working, stop := context.WithCancel(ctx)
	return together(working, []func(context.Context) error{
		func(ctx context.Context) error { return a.talk.queue.Run(ctx, drain) },
		a.watchToken,
		func(ctx context.Context) error {
			defer stop()
			return a.awaitPosts(ctx, planned, p.tellPost)
		},
	})
}

// awaitPosts waits until every post is where it belongs, or cannot get there, and
// tells of each. It says so where that takes long.
func (a *app) awaitPosts(ctx context.Context, ids []ar.PostID, tell func(ar.Post)) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	began, said := a.now(), false
	for len(ids) > 0 {
		post, err := a.desk.Post(ctx, ids[0])
		if err != nil {
			return err
		}
		if post.State != ar.PostPlanned {
			tell(post)
			ids = ids[1:]
			continue
		}
		if !said && a.now().Sub(began) > patience {
			said = true
			a.log.WarnContext(ctx, "still waiting for a post: a ledger may be being read, or Slack asks for a pause", "kind", post.Kind, "route", post.Route)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("stopped before %s of %s was posted. It stays planned: `arbot serve` posts it, or `arbot digest --now`: %w", post.Kind, post.Route, ctx.Err())
		case <-tick.C:
		}
	}
	return nil
}

// patience is after what time a wait is said.
const patience = 15 * time.Second

// tellPost says in a line what became of a post.
func (p *program) tellPost(post ar.Post) {
	fmt.Fprintln(p.out, strings.TrimSpace(fmt.Sprintf("%s to %s: %s. %s", post.Kind, post.Route, post.State, post.Fault)))
}
