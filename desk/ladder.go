package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"arbot/ar"
)

// LadderSettings are the company's ladders.
type LadderSettings struct {
	// Ladders are by segment; with none there is no ladder.
	Ladders []ar.Ladder
	// Segments say which account is in which segment: Owner of a rule is the segment's
	// name. An account that no rule matches is on no ladder.
	Segments ar.OwnerRules
	// ShadowDays are the first business days of an install, in which the ladder only
	// shows what it would post.
	ShadowDays int
	// Channel is where AR reads that, and where a rung goes whose person is not known.
	Channel string
	// Hour and Minute are when it runs, for the back-test of days before it did.
	Hour, Minute int
}

// segment is the ladder of an account; false where it is on none.
func (s LadderSettings) segment(c ar.Customer, parent *ar.Customer) (ar.Ladder, bool) {
	c.LedgerOwner = "" // the rules name segments here, and no owners
	if parent != nil {
		bare := *parent
		bare.LedgerOwner, parent = "", &bare
	}
	name, _ := s.Segments.Resolve(c, parent)
	i := slices.IndexFunc(s.Ladders, func(l ar.Ladder) bool { return strings.EqualFold(l.Segment, name) })
	if name == "" || i < 0 {
		return ar.Ladder{}, false
	}
	return s.Ladders[i], true
}

// LadderState is whether the ladder posts.
type LadderState struct {
	ar.LadderSwitch
	// Ladders counts the segments; 0 is no ladder at all.
	Ladders int
	// From is the first day on which it can be turned on; zero before a ledger was read.
	From ar.Date
	// Live: it posts today.
	Live bool
	// New are the ledgers that were read for the first time later than the first one, and
	// whose accounts are only shown still: of what a ledger brings at first nothing is
	// posted, since it is old.
	New []NewLedger

	from map[ar.SourceID]ar.Date
}

// NewLedger is a ledger in its first business days.
type NewLedger struct {
	Name string
	// From is the first day on which its accounts are on the ladder.
	From ar.Date
}

// known reports whether the ledger of an account was read as a whole, so that the ladder
// looks at it at all.
func (s LadderState) known(c ar.Customer) bool { return !s.from[c.Source].IsZero() }

// posts reports whether the ladder posts on a day for an account, and does not only show
// what it would.
func (s LadderState) posts(c ar.Customer, day ar.Date) bool {
	return s.Live && s.known(c) && !day.Before(s.from[c.Source])
}

// ladderState reads whether the ladder posts.
func (d *Desk) ladderState(ctx context.Context, r ar.Reader) (s LadderState, err error) {
	s.Ladders = len(d.settings.Ladder.Ladders)
	if s.LadderSwitch, err = r.LadderSwitch(ctx); err != nil {
		return s, err
	}
	sources, err := r.Sources(ctx)
	if err != nil {
		return s, err
	}
	s.from = make(map[ar.SourceID]ar.Date, len(sources))
	for _, source := range sources {
		if source.FirstSynced.IsZero() {
			continue
		}
		from := d.settings.Workdays.Add(ar.DateOf(source.FirstSynced, d.settings.Zone), d.settings.Ladder.ShadowDays)
		if s.from[source.ID] = from; s.From.IsZero() || from.Before(s.From) {
			s.From = from
		}
	}
	s.Live = s.On && !s.From.IsZero() && !d.Today().Before(s.From)
	for _, source := range sources {
		if from := s.from[source.ID]; s.Live && d.Today().Before(from) {
			s.New = append(s.New, NewLedger{Name: source.Name, From: from})
		}
	}
	return s, nil
}

// LadderState returns whether the ladder posts.
func (d *Desk) LadderState(ctx context.Context, actor ar.Actor) (s LadderState, err error) {
	if _, err := d.sees(actor); err != nil {
		return LadderState{}, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		s, err = d.ladderState(ctx, r)
		return err
	})
	return s, err
}

// TurnLadder turns the ladder on or off: AR and admins may, on not before its days in
// shadow are over.
func (d *Desk) TurnLadder(ctx context.Context, actor ar.Actor, on bool) (s LadderState, err error) {
	if err := d.escalates(actor); err != nil {
		return LadderState{}, err
	}
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		if s, err = d.ladderState(ctx, tx); err != nil {
			return err
		}
		switch {
		case s.Ladders == 0:
			return ar.Refuse("The config has no ladder. An admin writes one under ladder: first; docs/escalation.md shows how.")
		case on && (s.From.IsZero() || d.Today().Before(s.From)):
			return ar.Refuse("In its first %d business days the ladder only shows what it would post. It can be turned on from %s.", d.settings.Ladder.ShadowDays, s.fromWords())
		case on == s.On:
			return nil
		}
		next := ar.LadderSwitch{On: on, Made: d.act(actor, "")}
		if err := tx.AddLadderSwitch(ctx, next); err != nil {
			return err
		}
		if err := audit(ctx, tx, actor, "ladder.turn", "ladder", s.LadderSwitch, next); err != nil {
			return err
		}
		s, err = d.ladderState(ctx, tx)
		return err
	})
	return s, err
}

func (s LadderState) fromWords() string {
	if s.From.IsZero() {
		return "some days after the first ledger was read"
	}
	return s.From.Long()
}

// ClimbLadder is the day's run of the ladder: each account that is due goes one rung up,
// and its escalation is posted, once; in shadow only the report is. It is for the morning
// of a business day, and may be called any number of times: after a run over fresh data
// the day is done, one that was cut off goes on where it stopped.
func (d *Desk) ClimbLadder(ctx context.Context, day ar.Date) error {
	if len(d.settings.Ladder.Ladders) == 0 || !d.settings.Workdays.Works(day) {
		return nil
	}
	at := ar.LadderMoment{Day: day, At: d.now().Truncate(time.Millisecond)}
	var state LadderState
	var accounts []ar.CustomerID
	err := d.books.View(ctx, func(r ar.Reader) error {
		ran, err := r.LadderMoments(ctx, day, day)
		if err != nil || len(ran) > 0 && ran[0].Fresh {
			return err
		}
		fresh, err := d.fresh(ctx, r, ar.Everything())
		if err != nil {
			return err
		}
		if at.Fresh = !fresh.Stale && len(fresh.Running) == 0; !at.Fresh {
			return nil
		}
		if state, err = d.ladderState(ctx, r); err != nil {
			return err
		}
		accounts, err = d.onLadder(ctx, r, day)
		return err
	})
	if err != nil {
		return fmt.Errorf("ladder of %s: %w", day, err)
	}
	for some := range slices.Chunk(accounts, climbersAtOnce) {
		if err := d.climb(ctx, some, at, state); err != nil {
			return fmt.Errorf("ladder of %s: %w", day, err)
		}
	}
	return d.books.Update(ctx, func(tx ar.Tx) error {
		first, err := tx.PutLadderMoment(ctx, at)
		if err != nil || !first || !at.Fresh || state.Live && len(state.New) == 0 {
			return err
		}
		return planOnce(ctx, tx, ar.PostKey{Kind: ar.LadderReport, Route: "ladder", Day: day})
	})
}

// onLadder are the accounts with something overdue, and those that stand on a rung.
func (d *Desk) onLadder(ctx context.Context, r ar.Reader, day ar.Date) ([]ar.CustomerID, error) {
	rows, err := r.Aging(ctx, ar.AgingQuery{Rule: ar.NewAgingRule(day, ar.ByDueDate), Group: ar.ByCustomer, Scope: ar.Everything()})
	if err != nil {
		return nil, err
	}
	known := map[ar.CustomerID]bool{}
	for _, row := range rows {
		if row.OverdueItems > 0 {
			known[row.Customer] = true
		}
	}
	steps, err := r.LadderSteps(ctx, nil)
	if err != nil {
		return nil, err
	}
	for id, said := range stepsBy(steps) {
		if said[len(said)-1].Rung > 0 {
			known[id] = true
		}
	}
	ids := make([]ar.CustomerID, 0, len(known))
	for id := range known {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids, nil
}

func stepsBy(steps []ar.LadderStep) map[ar.CustomerID][]ar.LadderStep {
	by := map[ar.CustomerID][]ar.LadderStep{}
	for _, s := range steps {
		by[s.Customer] = append(by[s.Customer], s)
	}
	return by
}

// climbersAtOnce is how many accounts are looked at together: it bounds what of the books
// is in memory.
const climbersAtOnce = 50

// climb looks at some accounts, and writes the steps of those that go one.
func (d *Desk) climb(ctx context.Context, accounts []ar.CustomerID, at ar.LadderMoment, state LadderState) error {
	var movers []ar.CustomerID
	err := d.books.View(ctx, func(r ar.Reader) error {
		answers, err := d.look(ctx, r, accounts, at, state)
		movers = nil
		for _, a := range answers {
			if a.Moves {
				movers = append(movers, a.Step.Customer)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range movers {
		err := d.books.Update(ctx, func(tx ar.Tx) error {
			answers, err := d.look(ctx, tx, []ar.CustomerID{id}, at, state)
			if err != nil || len(answers) == 0 || !answers[0].Moves {
				return err
			}
			return d.step(ctx, tx, answers[0].Step)
		})
		if err != nil {
			return fmt.Errorf("customer %d: %w", id, err)
		}
	}
	return nil
}

// look is what the ladders say of some accounts: of those that are on one, and whose
// ledger was read as a whole.
func (d *Desk) look(ctx context.Context, r ar.Reader, accounts []ar.CustomerID, at ar.LadderMoment, state LadderState) ([]ar.LadderAnswer, error) {
	histories, err := d.ladderHistories(ctx, r, accounts)
	if err != nil {
		return nil, err
	}
	steps, err := r.LadderSteps(ctx, accounts)
	if err != nil {
		return nil, err
	}
	said := stepsBy(steps)
	var answers []ar.LadderAnswer
	for _, h := range histories {
		account, err := r.Customer(ctx, h.Customer)
		if err != nil {
			return nil, err
		}
		ladder, ok, err := d.ladderOf(ctx, r, account)
		if err != nil {
			return nil, err
		}
		if !ok || !state.known(account) {
			continue
		}
		live := state.posts(account, at.Day)
		on, err := h.On(at, d.settings.Workdays)
		if err != nil {
			return nil, err
		}
		before := slices.DeleteFunc(said[h.Customer], func(s ar.LadderStep) bool { return live && s.Shadow || s.On.After(at.Day) })
		answer := ladder.Look(on, before, d.settings.Workdays)
		answer.Step.Shadow = !live
		answers = append(answers, answer)
	}
	return answers, nil
}

// ladderOf is the ladder of an account; false where it is on none.
func (d *Desk) ladderOf(ctx context.Context, r ar.Reader, c ar.Customer) (ar.Ladder, bool, error) {
	var parent *ar.Customer
	if c.Parent != 0 {
		above, err := r.Customer(ctx, c.Parent)
		if err != nil {
			return ar.Ladder{}, false, err
		}
		parent = &above
	}
	ladder, ok := d.settings.Ladder.segment(c, parent)
	return ladder, ok, nil
}

// ladderHistories reads what the ladder looks at of some accounts.
func (d *Desk) ladderHistories(ctx context.Context, r ar.Reader, accounts []ar.CustomerID) ([]ar.LadderHistory, error) {
	var all []ar.LadderHistory
	for _, id := range accounts {
		members, _, err := families(ctx, r, []ar.CustomerID{id})
		if err != nil {
			return nil, err
		}
		h := ar.LadderHistory{Customer: id}
		if h.History, err = r.History(ctx, members); err != nil {
			return nil, err
		}
		if h.Promises, err = r.Promises(ctx, ar.PromiseFilter{Customers: members}); err != nil {
			return nil, err
		}
		if h.Disputes, err = r.Disputes(ctx, ar.DisputeFilter{Customers: members}); err != nil {
			return nil, err
		}
		if h.Claims, err = r.Claims(ctx, ar.ClaimFilter{Customers: []ar.CustomerID{id}}); err != nil {
			return nil, err
		}
		if h.Snoozes, err = r.Snoozes(ctx, ar.SnoozeFilter{Customers: []ar.CustomerID{id}}); err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	return all, nil
}

// step writes a step; one up that is not in shadow posts its escalation.
func (d *Desk) step(ctx context.Context, tx ar.Tx, s ar.LadderStep) error {
	added, err := tx.AddLadderStep(ctx, s)
	if err != nil || !added {
		return err
	}
	actor := ar.Actor{From: "ladder"}
	if err := audit(ctx, tx, actor, "ladder.step", fmt.Sprintf("customer/%d", s.Customer), nil, s); err != nil {
		return err
	}
	if s.Shadow || s.Rung == 0 {
		return nil
	}
	account, err := tx.Customer(ctx, s.Customer)
	if err != nil {
		return err
	}
	ladder, ok, err := d.ladderOf(ctx, tx, account)
	if err != nil || !ok || s.Rung > len(ladder.Rungs) {
		return err
	}
	return d.openByLadder(ctx, tx, actor, s, ladder.Rungs[s.Rung-1])
}

// openByLadder posts the escalation of a step. It takes the place of the one of the rung
// before; a credit hold that was proposed already is not proposed again.
func (d *Desk) openByLadder(ctx context.Context, tx ar.Tx, actor ar.Actor, s ar.LadderStep, rung ar.Rung) error {
	facts, err := d.escalationFacts(ctx, tx, s.Customer, 0)
	if err != nil {
		return err
	}
	within := cmp.Or(rung.Within, d.settings.Escalations.Within)
	e := ar.Escalation{
		Kind: ar.AskSomebody, Customer: s.Customer, Ask: rung.Ask, Due: d.settings.Workdays.Add(s.On, within), Within: within,
		Segment: s.Segment, Rung: s.Rung, Why: s.Why, Owed: facts.Overdue, State: ar.EscalationOpen, Opened: d.act(ar.Actor{}, ""),
	}
	e.Channel, e.To = d.rungGoes(rung, facts.Account)
	if rung.Hold {
		e.Kind = ar.ProposeHold
	}
	if e.Ask == "" {
		e.Ask = "Please call " + facts.Account.Name + ", and write down what they say. Whoever does it: press Mine."
		if rung.Hold {
			e.Ask = facts.Account.Name + " should get nothing more on credit until this is paid."
		}
	}
	standing, err := d.standingEscalation(ctx, tx, e.Kind, s.Customer, 0)
	if err != nil || standing != nil && rung.Hold {
		return err
	}
	_, err = d.open(ctx, tx, actor, e, standing)
	return err
}

// rungGoes is where a rung goes for an account: a channel, or a person's address.
func (d *Desk) rungGoes(r ar.Rung, c ar.Customer) (channel, to string) {
	to = map[ar.Addressee]string{ar.ToOwner: c.Owner, ar.ToCollector: c.Collector}[r.To]
	if r.To != ar.ToOwner && r.To != ar.ToCollector {
		to = string(r.To)
	}
	switch {
	case r.Channel != "":
		return r.Channel, ""
	case strings.Contains(to, "@"):
		return "", to
	}
	return d.settings.Ladder.Channel, ""
}
