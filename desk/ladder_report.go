package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"arbot/ar"
)

// LadderLine is a step on a ladder with what is needed to tell of it.
type LadderLine struct {
	ar.LadderStep
	Account ar.Customer
	// Channel or To is where it goes, or would.
	Channel, To string
	// Hold: a credit hold is proposed by it.
	Hold bool
}

// ladderLine adds to a step what is told of it.
func (d *Desk) ladderLine(ctx context.Context, r ar.Reader, s ar.LadderStep) (LadderLine, error) {
	line := LadderLine{LadderStep: s}
	var err error
	if line.Account, err = r.Customer(ctx, s.Customer); err != nil {
		return line, err
	}
	ladder, ok, err := d.ladderOf(ctx, r, line.Account)
	if err == nil && ok && s.Rung > 0 && s.Rung <= len(ladder.Rungs) {
		rung := ladder.Rungs[s.Rung-1]
		line.Channel, line.To = d.rungGoes(rung, line.Account)
		line.Hold = rung.Hold
	}
	return line, err
}

// ShadowReport is what the ladder would have posted on a day.
type ShadowReport struct {
	LadderState
	Day   ar.Date
	Lines []LadderLine
	Fresh Fresh
}

// ShadowReport returns what the report of a day in shadow says.
func (d *Desk) ShadowReport(ctx context.Context, p ar.Post) (view ShadowReport, err error) {
	view.Day = p.Day
	err = d.books.View(ctx, func(r ar.Reader) error {
		if view.LadderState, err = d.ladderState(ctx, r); err != nil {
			return err
		}
		if view.Fresh, err = d.fresh(ctx, r, ar.Everything()); err != nil {
			return err
		}
		steps, err := r.LadderSteps(ctx, nil)
		view.Lines = nil
		for _, s := range steps {
			if s.On != p.Day || s.Rung == 0 || !s.Shadow {
				continue
			}
			line, err := d.ladderLine(ctx, r, s)
			if err != nil {
				return err
			}
			view.Lines = append(view.Lines, line)
		}
		return err
	})
	return view, err
}

// LadderView is where an account stands on its ladder, and why.
type LadderView struct {
	LadderState
	Account ar.Customer
	// Segment is "" for one that is on no ladder.
	Segment string
	Rungs   int
	// Steps are what was said so far; Answer what the ladder says today.
	Steps  []LadderLine
	Answer ar.LadderAnswer
	Fresh  Fresh
}

// OnLadder says where an account stands on its ladder, and why it goes on or stays.
func (d *Desk) OnLadder(ctx context.Context, actor ar.Actor, found Found) (view LadderView, err error) {
	scope, err := d.sees(actor)
	if err != nil {
		return LadderView{}, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		account, _, err := d.meant(ctx, r, scope, "", found)
		if err != nil {
			return err
		}
		view.Account = account
		if view.LadderState, err = d.ladderState(ctx, r); err != nil {
			return err
		}
		ladder, ok, err := d.ladderOf(ctx, r, account)
		if err != nil {
			return err
		}
		if !ok {
			return nil
		}
		view.Segment, view.Rungs = ladder.Segment, len(ladder.Rungs)
		if view.Fresh, err = d.fresh(ctx, r, scope); err != nil {
			return err
		}
		return d.fillOnLadder(ctx, r, &view)
	})
	return view, err
}

func (d *Desk) fillOnLadder(ctx context.Context, r ar.Reader, view *LadderView) error {
	at := ar.LadderMoment{Day: d.Today(), At: d.now(), Fresh: !view.Fresh.Stale}
	answers, err := d.look(ctx, r, []ar.CustomerID{view.Account.ID}, at, view.LadderState)
	if err != nil {
		return err
	}
	view.Answer = ar.LadderAnswer{Step: ar.LadderStep{Why: "Its ledger was not read as a whole yet."}}
	if len(answers) > 0 {
		view.Answer = answers[0]
	}
	steps, err := r.LadderSteps(ctx, []ar.CustomerID{view.Account.ID})
	if err != nil {
		return err
	}
	view.Steps = nil
	for _, s := range steps {
		line, err := d.ladderLine(ctx, r, s)
		if err != nil {
			return err
		}
		view.Steps = append(view.Steps, line)
	}
	return nil
}

// LadderBacktest is what the ladder would have posted in some days.
type LadderBacktest struct {
	From, To ar.Date
	// Days counts the business days, Stale those of them on which it ran over old data.
	Days, Stale int
	Lines       []LadderLine
}

// BacktestLadder returns what the ladder would have posted in so many days up to today,
// had it been turned on, from the bottom: by the history of the books, and by when it ran
// where it did. It is the same computation as each day's run. Payments count from their
// date, though the ledger may have told of them later.
func (d *Desk) BacktestLadder(ctx context.Context, days int) (test LadderBacktest, err error) {
	if len(d.settings.Ladder.Ladders) == 0 {
		return test, ar.Refuse("The config has no ladder. Write one under ladder: first; docs/escalation.md shows how.")
	}
	test.To = d.Today()
	test.From = test.To.AddDays(1 - days)
	var customers []ar.Customer
	var moments []ar.LadderMoment
	err = d.books.View(ctx, func(r ar.Reader) error {
		if moments, err = d.moments(ctx, r, test.From, test.To); err != nil {
			return err
		}
		customers, err = r.Customers(ctx, ar.CustomerFilter{})
		return err
	})
	if err != nil {
		return test, fmt.Errorf("back-test of the ladder: %w", err)
	}
	test.Days = len(moments)
	for _, at := range moments {
		if !at.Fresh {
			test.Stale++
		}
	}
	for _, c := range customers {
		if err := d.backtest(ctx, c, moments, &test); err != nil {
			return test, fmt.Errorf("back-test of the ladder, customer %d: %w", c.ID, err)
		}
	}
	slices.SortStableFunc(test.Lines, func(a, b LadderLine) int { return a.On.Compare(b.On) })
	return test, nil
}

// moments are the business days of a span: as the ladder ran where it did, else at its
// time and over fresh data.
func (d *Desk) moments(ctx context.Context, r ar.Reader, from, to ar.Date) ([]ar.LadderMoment, error) {
	ran, err := r.LadderMoments(ctx, from, to)
	if err != nil {
		return nil, err
	}
	var all []ar.LadderMoment
	for day := from; !day.After(to); day = day.AddDays(1) {
		if !d.settings.Workdays.Works(day) {
			continue
		}
		at := ar.LadderMoment{Day: day, Fresh: true, At: ladderTime(d, day)}
		if i := slices.IndexFunc(ran, func(m ar.LadderMoment) bool { return m.Day == day }); i >= 0 {
			at = ran[i]
		}
		all = append(all, at)
	}
	return all, nil
}

// backtest adds the steps of one account.
func (d *Desk) backtest(ctx context.Context, c ar.Customer, moments []ar.LadderMoment, test *LadderBacktest) error {
	return d.books.View(ctx, func(r ar.Reader) error {
		ladder, ok, err := d.ladderOf(ctx, r, c)
		if errors.Is(err, ar.ErrNoCustomer) || err == nil && !ok {
			return nil
		}
		if err != nil {
			return err
		}
		histories, err := d.ladderHistories(ctx, r, []ar.CustomerID{c.ID})
		if err != nil {
			return err
		}
		steps, err := ladder.Replay(histories[0], moments, d.settings.Workdays)
		if err != nil {
			return err
		}
		for _, s := range steps {
			line, err := d.ladderLine(ctx, r, s)
			if err != nil {
				return err
			}
			test.Lines = append(test.Lines, line)
		}
		return nil
	})
}

// ladderTime is when the ladder runs on a day.
func ladderTime(d *Desk, day ar.Date) time.Time {
	y, m, n := day.Civil()
	return time.Date(y, m, n, d.settings.Ladder.Hour, d.settings.Ladder.Minute, 0, 0, d.settings.Zone)
}
