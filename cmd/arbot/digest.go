package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"arbot/ar"
	"arbot/bot"
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
	again := set.Bool("post-again", false, "with --now: post also what is marked unconfirmed. Look first: what stands there already is then there twice")
	names := 0
	for names < len(args) && !strings.HasPrefix(args[names], "-") {
		names++
	}
	args = slices.Concat(args[names:], args[:names]) // `digest weekly --now` reads well, too
	if err := p.parse(set, args, anyNumber); err != nil {
		return err
	}
	if *now == *show || *again && *show {
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
		err = a.postDigests(ctx, p, routes, *again)
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
		before := len(picked)
		for _, r := range all {
			if r.Name == name || digestKinds[name] == r.Kind && !slices.ContainsFunc(all, func(o desk.Route) bool { return o.Name == name }) {
				picked = append(picked, r)
			}
		}
		if len(picked) == before {
			return nil, usageError{fmt.Sprintf("the config has no digest called %q, nor one of that kind", name)}
		}
	}
	return picked, nil
}

// printDigests draws what would be posted.
func (a *app) printDigests(ctx context.Context, p *program, routes []desk.Route) error {
	composer := a.composer()
	for _, r := range routes {
		keys, err := a.desk.DigestKeys(ctx, r, a.desk.Today())
		if err != nil {
			return err
		}
		empty := 0
		for _, key := range keys {
			composed, err := composer.Compose(ctx, ar.Post{PostKey: key})
			if err != nil {
				return fmt.Errorf("digest %s: %s", r.Name, sentence(err)) //nolint:err113 // a sentence for the terminal
			}
			if composed.Empty {
				empty++
				continue
			}
			if err := p.printDigest(r.Name+" ("+key.Route+")", composed); err != nil {
				return fmt.Errorf("print digest %s: %w", r.Name, err)
			}
		}
		p.printEmpty(r, empty)
	}
	return nil
}

func (p *program) printDigest(title string, composed bot.Composed) error {
	fmt.Fprintf(p.out, "──── %s\n", title)
	for _, c := range append([]card.Card{composed.Head}, composed.Thread...) {
		if err := plain.Render(p.out, c, plain.Options{Width: 100, Color: isTerminal(p.out)}); err != nil {
			return err
		}
		fmt.Fprintln(p.out)
	}
	return nil
}

// printEmpty says in a line how many digests of a route have nothing to say.
func (p *program) printEmpty(r desk.Route, n int) {
	switch {
	case n == 0:
	case r.Kind != ar.RepDigest:
		fmt.Fprintf(p.out, "──── %s: there is nothing to say, and nothing is posted.\n\n", r.Name)
	case n == 1:
		fmt.Fprintf(p.out, "──── %s: 1 rep has nothing overdue, and gets nothing.\n\n", r.Name)
	default:
		fmt.Fprintf(p.out, "──── %s: %d reps have nothing overdue, and get nothing.\n\n", r.Name, n)
	}
}

// postDigests plans the digests and waits until they stand. Where a running
// `arbot serve` works the queue of the same file it leaves the posting to it.
func (a *app) postDigests(ctx context.Context, p *program, routes []desk.Route, again bool) error {
	secrets, err := p.readTokens(a.settings.Slack.Mode)
	if err != nil {
		return err
	}
	if err := a.connect(ctx, secrets); err != nil {
		return err
	}
	if err := a.sayImports(ctx, p); err != nil {
		return err
	}
	post := func(ctx context.Context) error { return a.planAndAwait(ctx, routes, p.tellPost, again) }
	release, err := lockBooks(a.settings.Database)
	if errors.Is(err, errServed) {
		return post(ctx)
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
			return post(ctx)
		},
	})
}

// planAndAwait plans the digests and waits until each is where it belongs, or cannot get
// there. With again those that end up unconfirmed are posted anew.
func (a *app) planAndAwait(ctx context.Context, routes []desk.Route, tell func(ar.Post), again bool) error {
	var planned []ar.PostID
	for _, r := range routes {
		ids, err := a.desk.PlanDigests(ctx, r, a.desk.Today(), true)
		if err != nil {
			return err
		}
		planned = append(planned, ids...)
	}
	var doubtful []ar.Post
	err := a.awaitPosts(ctx, planned, func(p ar.Post) {
		if again && p.State == ar.PostUnconfirmed {
			doubtful = append(doubtful, p)
			return
		}
		tell(p)
	})
	if err != nil || len(doubtful) == 0 {
		return err
	}
	var anew []desk.Route
	for _, post := range doubtful {
		if err := a.forgetSending(ctx, post); err != nil {
			return err
		}
		anew = append(anew, routeOf(routes, post))
	}
	return a.planAndAwait(ctx, anew, tell, false)
}

// forgetSending takes the parts of a post that may be in their places for not sent:
// somebody has looked, and they are not there.
func (a *app) forgetSending(ctx context.Context, post ar.Post) error {
	for _, part := range post.Parts {
		if !part.Sending {
			continue
		}
		if err := a.desk.SetPart(ctx, post.ID, ar.PostPart{No: part.No, Channel: part.Channel}); err != nil {
			return fmt.Errorf("post %s of %s again: %w", post.Kind, post.Route, err)
		}
	}
	return nil
}

// routeOf is the route of a post, for this post alone.
func routeOf(routes []desk.Route, post ar.Post) desk.Route {
	for _, r := range routes {
		if !r.Has(post.PostKey) {
			continue
		}
		if _, email := desk.ReaderOf(post.PostKey); email != "" {
			r.Channel, r.To = "", []string{email}
		} else if r.Kind == ar.WeeklyDigest {
			r.To = nil
		}
		if r.Kind == ar.RepDigest {
			r.For = func(email string) bool { return strings.EqualFold(email, desk.RepOf(post.PostKey)) }
		}
		return r
	}
	return desk.Route{}
}

// sayImports says which imports the digests will wait for, so that whoever asked for them
// by hand need not guess. Of one that was killed nobody can tell that it is over.
func (a *app) sayImports(ctx context.Context, p *program) error {
	running, err := a.importing(ctx)
	if err != nil {
		return err
	}
	for _, s := range running {
		until := s.Run.Started.Add(a.settings.wait)
		if !until.After(a.now()) {
			continue
		}
		fmt.Fprintf(p.err, "An import from %s is under way since %s. The digests wait for its end, or until %s (limits.wait_for_import). If it was killed, `arbot sync` ends it.\n",
			s.Name, clock(s.Run.Started, a.settings.zone), clock(until, a.settings.zone))
	}
	return nil
}

func clock(t time.Time, zone *time.Location) string { return t.In(zone).Format("15:04") }

// importing are the ledgers whose import is under way, or was killed.
func (a *app) importing(ctx context.Context) ([]ar.Source, error) {
	var running []ar.Source
	err := a.books.View(ctx, func(r ar.Reader) error {
		sources, err := r.Sources(ctx)
		running = ar.NewFreshness(sources).Running
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for imports under way: %w", err)
	}
	return running, nil
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
