package desk

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"arbot/ar"
)

// remindEvery is how many business days lie between two reminders of a dispute
// that should have been resolved.
const remindEvery = 2

// Routes of the posts about disputes and contacts, before what they are about.
const (
	toRoute       = "to:"
	disputeRoute  = "dispute:"
	customerRoute = "customer:"
)

// Reminders are the disputes of which somebody is reminded on a day.
type Reminders struct {
	// User is the person by the chat system's id, Email by the address; one is
	// set.
	User, Email string
	Day         ar.Date
	Lines       []Dispute
	Fresh       Fresh
}

// PlanDisputeReminders puts a day's reminders into the books and the queue: one
// direct message for each person with disputes to resolve, on the morning of the
// due date and every second business day after it. A dispute that nobody is
// assigned to is for who opened it. It may be called any number of times a day.
func (d *Desk) PlanDisputeReminders(ctx context.Context, day ar.Date) error {
	err := d.books.Update(ctx, func(tx ar.Tx) error {
		due, err := d.toRemind(ctx, tx, day)
		if err != nil {
			return err
		}
		for _, dispute := range due {
			key := ar.PostKey{Kind: ar.DisputeReminder, Route: toRoute + whose(dispute), Day: day}
			if err := planOnce(ctx, tx, key); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("plan the reminders of disputes for %s: %w", day, err)
	}
	return nil
}

// whose is who has to resolve a dispute: an address, or an id of the chat system.
func whose(dispute ar.Dispute) string {
	if dispute.Assignee != "" {
		return dispute.Assignee
	}
	return dispute.Opened.By
}

// toRemind are the disputes of which somebody is reminded on a day.
func (d *Desk) toRemind(ctx context.Context, r ar.ActReader, day ar.Date) ([]ar.Dispute, error) {
	all, err := r.Disputes(ctx, ar.DisputeFilter{Standing: true})
	return slices.DeleteFunc(all, func(one ar.Dispute) bool {
		late := d.settings.Workdays.Between(one.Due, day)
		return whose(one) == "" || day.Before(one.Due) || late%remindEvery != 0 || !d.settings.Workdays.Works(day) && day != one.Due
	}), err
}

// DisputeReminders returns what a reminder says now: what was resolved since is
// left out.
func (d *Desk) DisputeReminders(ctx context.Context, p ar.Post) (view Reminders, err error) {
	who := strings.TrimPrefix(p.Route, toRoute)
	err = d.books.View(ctx, func(r ar.Reader) error {
		view = Reminders{Day: p.Day, User: who}
		if strings.Contains(who, "@") {
			view.User, view.Email = "", who
		}
		if view.Fresh, err = d.fresh(ctx, r, ar.Scope{}); err != nil { // who is reminded may not know all customers
			return err
		}
		due, err := d.toRemind(ctx, r, p.Day)
		if err != nil {
			return err
		}
		for _, dispute := range due {
			if whose(dispute) != who {
				continue
			}
			line, err := d.plainDispute(ctx, r, dispute)
			if err != nil {
				return err
			}
			view.Lines = append(view.Lines, line)
		}
		return nil
	})
	if err != nil {
		return Reminders{}, fmt.Errorf("reminder of disputes for %s: %w", p.Route, err)
	}
	return view, nil
}

// plainDispute is a dispute as arbot itself sees it.
func (d *Desk) plainDispute(ctx context.Context, r ar.Reader, dispute ar.Dispute) (view Dispute, err error) {
	view.Dispute = dispute
	if view.Account, view.Invoice, err = d.invoice(ctx, r, ar.Everything(), dispute.Document); err != nil {
		return Dispute{}, err
	}
	view, err = d.seen(ctx, r, ar.Actor{}, view)
	view.MayChange = true // each press is looked at again
	return view, err
}

// planOnce puts a post, which is composed on delivery, into the books and the queue,
// unless it was there before.
func planOnce(ctx context.Context, tx ar.Tx, key ar.PostKey) error {
	post, created, err := tx.PlanPost(ctx, key, "")
	if err != nil || !created {
		return err
	}
	return tx.Enqueue(ctx, ar.Notice{Post: post.ID})
}

// SuggestedResolution is how a dispute may have been resolved, for who has to
// say so.
type SuggestedResolution struct {
	Dispute
	Suggestion ar.Suggestion
	// To is who is asked: an address or an id of the chat system.
	To string
}

// SuggestResolutions looks, after a ledger was read, for what may have resolved
// the disputes that stand, and puts a question about each into the queue. It is
// asked once for each credit, payment or void invoice; nothing is assumed. Nothing is
// asked of a ledger that is being read, see JudgePromises.
func (d *Desk) SuggestResolutions(ctx context.Context) error {
	err := d.books.Update(ctx, func(tx ar.Tx) error {
		standing, err := tx.Disputes(ctx, ar.DisputeFilter{Standing: true})
		if err != nil || len(standing) == 0 {
			return err
		}
		history, err := tx.History(ctx, customersOf(standing))
		if err != nil {
			return err
		}
		for _, dispute := range standing {
			s, ok, err := ar.SuggestResolution(dispute, history, d.Today())
			if err != nil {
				return err
			}
			if !ok || whose(dispute) == "" {
				continue
			}
			if half, err := halfRead(ctx, tx, dispute.Customer); err != nil {
				return err
			} else if half {
				continue
			}
			key := ar.PostKey{Kind: ar.DisputeQuestion, Route: fmt.Sprintf("%s%d/%s/%d", disputeRoute, dispute.ID, s.Outcome, s.Document), Day: onceForAll}
			if err := planOnce(ctx, tx, key); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("suggest how disputes were resolved: %w", err)
	}
	return nil
}

func customersOf(disputes []ar.Dispute) []ar.CustomerID {
	var ids []ar.CustomerID
	for _, one := range disputes {
		ids = append(ids, one.Customer)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// SuggestedResolution returns what a question says now; false where there is
// nothing to ask any more, since the dispute was resolved or what spoke for it is
// gone.
func (d *Desk) SuggestedResolution(ctx context.Context, p ar.Post) (view SuggestedResolution, ok bool, err error) {
	id := DisputeOf(p.PostKey)
	err = d.books.View(ctx, func(r ar.Reader) error {
		dispute, err := r.Dispute(ctx, id)
		if err != nil {
			return err
		}
		if view.Dispute, err = d.plainDispute(ctx, r, dispute); err != nil {
			return err
		}
		if view.Fresh, err = d.fresh(ctx, r, ar.Scope{}); err != nil { // it may be asked in a channel
			return err
		}
		history, err := r.History(ctx, []ar.CustomerID{dispute.Customer})
		if err != nil {
			return err
		}
		view.To = whose(dispute)
		view.Suggestion, ok, err = ar.SuggestResolution(dispute, history, d.Today())
		return err
	})
	if err != nil {
		return SuggestedResolution{}, false, fmt.Errorf("question about dispute %d: %w", id, err)
	}
	return view, ok, nil
}

// DisputeOf returns the dispute that a question is about.
func DisputeOf(key ar.PostKey) ar.DisputeID {
	number, _, _ := strings.Cut(strings.TrimPrefix(key.Route, disputeRoute), "/")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0
	}
	return ar.DisputeID(id)
}
