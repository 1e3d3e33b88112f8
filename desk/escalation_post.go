package desk

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"arbot/ar"
)

// escalationRoute begins the routes of posts about an escalation: its own is
// "escalation:12", of what is said in its thread "escalation:12/ask/1".
const escalationRoute = "escalation:"

func routeOfEscalation(id ar.EscalationID) string {
	return escalationRoute + strconv.FormatInt(int64(id), 10)
}

// planEscalation plans the post of an escalation, or has the one that stands edited.
func planEscalation(ctx context.Context, tx ar.Tx, e ar.Escalation, byHand bool) error {
	post, created, err := tx.PlanPost(ctx, ar.PostKey{Kind: ar.EscalationPost, Route: routeOfEscalation(e.ID), Day: onceForAll}, "")
	if err != nil {
		return err
	}
	if !created {
		if err := tx.SetPost(ctx, post.ID, ar.PostPlanned, ""); err != nil {
			return err
		}
	}
	return tx.Enqueue(ctx, ar.Notice{Post: post.ID, ByHand: byHand})
}

// planNews plans what is said in the thread of an escalation, once for each topic.
func planNews(ctx context.Context, tx ar.Tx, e ar.Escalation, topic string, byHand bool) error {
	post, created, err := tx.PlanPost(ctx, ar.PostKey{Kind: ar.EscalationNews, Route: routeOfEscalation(e.ID) + "/" + topic, Day: onceForAll}, "")
	if err != nil || !created {
		return err
	}
	return tx.Enqueue(ctx, ar.Notice{Post: post.ID, ByHand: byHand})
}

// escalationOf reads the route of a post about an escalation.
func escalationOf(key ar.PostKey) (id ar.EscalationID, topic string, err error) {
	number, topic, _ := strings.Cut(strings.TrimPrefix(key.Route, escalationRoute), "/")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0, "", fmt.Errorf("the route %q is not of an escalation: %w", key.Route, err)
	}
	return ar.EscalationID(n), topic, nil
}

// EscalationOf returns what a post of an escalation says now.
func (d *Desk) EscalationOf(ctx context.Context, p ar.Post) (view Escalation, err error) {
	id, _, err := escalationOf(p.PostKey)
	if err != nil {
		return Escalation{}, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		e, err := r.Escalation(ctx, id)
		if err != nil {
			return err
		}
		view, err = d.seenEscalation(ctx, r, ar.Actor{}, e)
		return err
	})
	return view, err
}

// EscalationNews is what is said in the thread of an escalation.
type EscalationNews struct {
	Escalation
	// Topic is one of the Told constants; Time counts how often it is asked again.
	Topic string
	Time  int
	// Channel and TS are the message that heads the thread; TS is "" before it is there.
	Channel, TS string
}

// What is told in the thread of an escalation.
const (
	ToldAsked    = "ask"
	ToldReopened = "reopened"
	ToldPaid     = "paid"
	ToldApproved = "approved"
)

// EscalationNewsOf returns what a post in the thread of an escalation says now; false
// where it has no meaning any more.
func (d *Desk) EscalationNewsOf(ctx context.Context, p ar.Post) (news EscalationNews, ok bool, err error) {
	id, topic, err := escalationOf(p.PostKey)
	if err != nil {
		return EscalationNews{}, false, err
	}
	if news.Escalation, err = d.EscalationOf(ctx, p); err != nil {
		return EscalationNews{}, false, err
	}
	topic, number, _ := strings.Cut(topic, "/")
	news.Topic = topic
	if number != "" {
		if news.Time, err = strconv.Atoi(number); err != nil {
			return EscalationNews{}, false, fmt.Errorf("the route %q is not of an escalation: %w", p.Route, err)
		}
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		head, there, err := r.LastPost(ctx, ar.EscalationPost, routeOfEscalation(id), onceForAll.AddDays(1))
		if err == nil && there && len(head.Parts) > 0 {
			news.Channel, news.TS = head.Parts[0].Channel, head.Parts[0].TS
		}
		return err
	})
	return news, news.means(), err
}

// means reports whether it still holds: nobody is asked about what was taken meanwhile.
func (n EscalationNews) means() bool {
	switch n.Topic {
	case ToldAsked, ToldReopened:
		return n.State == ar.EscalationOpen
	case ToldPaid:
		return n.State == ar.EscalationPaid
	case ToldApproved:
		return n.State == ar.EscalationApproved || n.State == ar.EscalationPaid
	}
	return false
}

// FollowEscalations looks, after a ledger was read and now and then, at those that stand:
// what was paid is over, with a word of thanks; one whose account somebody has taken on
// is taken; one whose holder let it lapse, or gave it back, is open again.
func (d *Desk) FollowEscalations(ctx context.Context) error {
	var standing []ar.Escalation
	err := d.books.View(ctx, func(r ar.Reader) (err error) {
		standing, err = r.Escalations(ctx, ar.EscalationFilter{Standing: true})
		return err
	})
	if err != nil {
		return fmt.Errorf("follow escalations: %w", err)
	}
	for _, e := range standing {
		if err := d.followEscalation(ctx, e.ID); err != nil {
			return fmt.Errorf("follow escalation %d: %w", e.ID, err)
		}
	}
	return nil
}

func (d *Desk) followEscalation(ctx context.Context, id ar.EscalationID) error {
	var moves bool
	err := d.books.View(ctx, func(r ar.Reader) error { // on most days there is nothing new
		_, _, next, err := d.follows(ctx, r, id)
		moves = next != nil
		return err
	})
	if err != nil || !moves {
		return err
	}
	return d.books.Update(ctx, func(tx ar.Tx) error { return d.goOn(ctx, tx, ar.Actor{From: "ledger"}, id) })
}

// goOn brings an escalation on as far as it goes by itself, since the actor did something
// elsewhere.
func (d *Desk) goOn(ctx context.Context, tx ar.Tx, actor ar.Actor, id ar.EscalationID) error {
	e, topic, next, err := d.follows(ctx, tx, id)
	if err != nil || next == nil {
		return err
	}
	if next.State == ar.EscalationPaid { // whoever looks, nobody here has paid it
		actor = ar.Actor{From: "ledger"}
	}
	if err := d.putEscalation(ctx, tx, actor, "escalation."+string(next.State), e, *next); err != nil || topic == "" {
		return err
	}
	return planNews(ctx, tx, *next, topic, false)
}

// followClaim shows on the escalations of a customer that the actor took the account, or
// gave it back.
func (d *Desk) followClaim(ctx context.Context, tx ar.Tx, actor ar.Actor, customer ar.CustomerID) error {
	standing, err := tx.Escalations(ctx, ar.EscalationFilter{Customers: []ar.CustomerID{customer}, Kind: ar.AskSomebody, Standing: true})
	if err != nil {
		return fmt.Errorf("escalations of customer %d: %w", customer, err)
	}
	for _, e := range standing {
		if err := d.goOn(ctx, tx, actor, e.ID); err != nil {
			return fmt.Errorf("follow escalation %d: %w", e.ID, err)
		}
	}
	return nil
}

// follows decides how an escalation goes on by itself, and what is told of it; nil where
// it stays as it is.
func (d *Desk) follows(ctx context.Context, r ar.Reader, id ar.EscalationID) (e ar.Escalation, topic string, next *ar.Escalation, err error) {
	if e, err = r.Escalation(ctx, id); err != nil || !e.Stands() {
		return e, "", nil, err
	}
	history, err := r.History(ctx, []ar.CustomerID{e.Customer})
	if err != nil {
		return e, "", nil, err
	}
	settled, err := e.Settled(history, d.Today())
	if err != nil {
		return e, "", nil, err
	}
	act := d.act(ar.Actor{}, "")
	if len(settled.Open) == 0 {
		moved, err := e.Move(ar.EscalationStep{Act: act, State: ar.EscalationPaid})
		return e, ToldPaid, &moved, err
	}
	if e.Kind != ar.AskSomebody {
		return e, "", nil, nil
	}
	claims, err := r.Claims(ctx, ar.ClaimFilter{Customers: []ar.CustomerID{e.Customer}, Standing: true})
	switch {
	case err != nil:
		return e, "", nil, err
	case len(claims) > 0 && claims[0].Holder() != e.Holder():
		by := claims[0].Made
		by.Where = ""
		moved, err := e.Move(ar.EscalationStep{Act: by, State: ar.EscalationTaken})
		return e, "", &moved, err
	case len(claims) == 0 && e.State == ar.EscalationTaken:
		moved, err := e.Reopen(ar.EscalationStep{Act: act}, d.settings.Workdays)
		return e, fmt.Sprintf("%s/%d", ToldReopened, len(moved.Steps)), &moved, err
	}
	return e, "", nil, nil
}

// PlanAsksAgain asks again, in the threads of the escalations that nobody took by their
// dates, as often as is configured. It is called in the morning of a business day, may be
// called any number of times, and asks about nothing that is held or known by old data
// only.
func (d *Desk) PlanAsksAgain(ctx context.Context, day ar.Date) error {
	if !d.settings.Workdays.Works(day) {
		return nil
	}
	err := d.books.Update(ctx, func(tx ar.Tx) error {
		fresh, err := d.fresh(ctx, tx, ar.Everything())
		if err != nil || fresh.Stale {
			return err
		}
		standing, err := tx.Escalations(ctx, ar.EscalationFilter{Kind: ar.AskSomebody, Standing: true})
		if err != nil {
			return err
		}
		for _, e := range standing {
			n := d.settings.Escalations.Again.Asked(e, day, d.settings.Workdays)
			if n == 0 {
				continue
			}
			chased, err := d.chased(ctx, tx, e, day)
			if err != nil {
				return err
			}
			if !chased {
				continue
			}
			if err := planNews(ctx, tx, e, fmt.Sprintf("%s/%d", ToldAsked, d.askedIn(e, n)), false); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("ask again on %s: %w", day, err)
	}
	return nil
}

// askRounds keeps the numbers of what is asked apart after an escalation was open again.
const askRounds = 100

// askedIn numbers what is asked again: from 1, and from 101 after it was open again.
func (d *Desk) askedIn(e ar.Escalation, n int) int {
	rounds := 0
	for _, s := range e.Steps {
		if s.State == ar.EscalationOpen {
			rounds++
		}
	}
	return rounds*askRounds + n
}

// chased reports whether anything of what an escalation is about is left to chase.
func (d *Desk) chased(ctx context.Context, r ar.Reader, e ar.Escalation, day ar.Date) (bool, error) {
	histories, err := d.ladderHistories(ctx, r, []ar.CustomerID{e.Customer})
	if err != nil || len(histories) == 0 {
		return false, err
	}
	on, err := histories[0].On(ar.LadderMoment{Day: day, At: d.now(), Fresh: true}, d.settings.Workdays)
	return len(on.Chase) > 0, err
}
