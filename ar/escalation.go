package ar

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// EscalationID names an escalation.
type EscalationID int64

// EscalationKind says what an escalation wants.
type EscalationKind string

// The kinds of escalation.
const (
	// AskSomebody wants somebody to take the account on.
	AskSomebody EscalationKind = "ask"
	// ProposeHold wants two people to agree that the customer gets nothing more on
	// credit. Arbot proposes and announces; whoever keeps the ledger enforces.
	ProposeHold EscalationKind = "hold"
)

// EscalationState is how far an escalation is.
type EscalationState string

// The states of an escalation.
const (
	EscalationOpen  EscalationState = "open"
	EscalationTaken EscalationState = "taken"
	// EscalationSeconded: the first of two people agrees with a proposal.
	EscalationSeconded EscalationState = "seconded"
	EscalationApproved EscalationState = "approved"
	EscalationRejected EscalationState = "rejected"
	// EscalationPaid: nothing of it is owed any more.
	EscalationPaid      EscalationState = "paid"
	EscalationWithdrawn EscalationState = "withdrawn"
	// EscalationReplaced: another one about the same took its place.
	EscalationReplaced EscalationState = "replaced"
)

// Over reports whether nothing follows any more.
func (s EscalationState) Over() bool {
	return s == EscalationPaid || s == EscalationWithdrawn || s == EscalationReplaced || s == EscalationRejected
}

// escalationMoves are the states that may follow a state, by kind.
var escalationMoves = map[EscalationKind]map[EscalationState][]EscalationState{
	AskSomebody: {
		EscalationOpen:  {EscalationTaken, EscalationPaid, EscalationWithdrawn, EscalationReplaced},
		EscalationTaken: {EscalationOpen, EscalationTaken, EscalationPaid, EscalationWithdrawn, EscalationReplaced},
	},
	ProposeHold: {
		EscalationOpen:     {EscalationSeconded, EscalationRejected, EscalationPaid, EscalationWithdrawn, EscalationReplaced},
		EscalationSeconded: {EscalationApproved, EscalationRejected, EscalationPaid, EscalationWithdrawn, EscalationReplaced},
		EscalationApproved: {EscalationPaid, EscalationWithdrawn},
	},
}

// EscalationStep is one change in the life of an escalation.
type EscalationStep struct {
	Act

	State EscalationState
	Note  string
}

// Escalation is an overdue account, or an invoice, about which more people are told until
// somebody takes it on.
type Escalation struct {
	ID       EscalationID
	Kind     EscalationKind
	Customer CustomerID
	// Document is the invoice; 0 is all that was overdue of the account.
	Document DocumentID
	// Ask says what is asked of whom, in the words of who posted it.
	Ask string
	// Due is the day by which somebody is to take it; Within how many business days
	// there are for that when it has to be taken anew.
	Due    Date
	Within int
	// Channel is where it is posted; with none it goes to a person: an e-mail address.
	Channel, To string
	// Segment, Rung and Why are of the step on the ladder by which it came; "" and 0 of
	// one that a person posted.
	Segment string
	Rung    int
	Why     string
	// Owed is what was overdue of it when it was opened, by currency.
	Owed  []Money
	State EscalationState
	// Opened is who posted it; by "" it came by the ladder.
	Opened Act
	Steps  []EscalationStep
}

// LongestAsk is how many characters the words of an escalation may have.
const LongestAsk = 1500

// Check refuses an escalation that cannot be meant, as of a day.
func (e Escalation) Check(today Date) error {
	switch {
	case len(e.Owed) == 0:
		return Refuse("Nothing of it is overdue, so there is nothing to escalate.")
	case strings.TrimSpace(e.Ask) == "":
		return Refuse("What is asked, and of whom? Write it in a sentence or two.")
	case len([]rune(e.Ask)) > LongestAsk:
		return Refuse("The words are longer than %d characters. Shorten them.", LongestAsk)
	case e.Due.Before(today):
		return Refuse("%s is past. By when is it to be taken? Give today or a later day.", e.Due.Long())
	case (e.Channel == "") == (e.To == ""):
		return Refuse("Choose where it goes: a channel, or the owner of the account.")
	}
	return nil
}

// Stands reports whether it is not over.
func (e Escalation) Stands() bool { return !e.State.Over() }

// Holder is the user in the chat system who took it on; "" for nobody.
func (e Escalation) Holder() string {
	if e.State != EscalationTaken {
		return ""
	}
	return e.last(EscalationTaken).By
}

// Ended returns who ended it and when; the zero Act of one that stands.
func (e Escalation) Ended() Act {
	if e.Stands() || len(e.Steps) == 0 {
		return Act{}
	}
	return e.Steps[len(e.Steps)-1].Act
}

func (e Escalation) last(s EscalationState) EscalationStep {
	for _, step := range slices.Backward(e.Steps) {
		if step.State == s {
			return step
		}
	}
	return EscalationStep{}
}

// Proposer is the first of the two people behind a credit hold: who proposed it, or who
// seconded what the ladder proposed; "" for nobody yet.
func (e Escalation) Proposer() string {
	if e.Kind != ProposeHold {
		return ""
	}
	if e.Opened.By != "" {
		return e.Opened.By
	}
	return e.last(EscalationSeconded).By
}

// Agree is the agreement of a person with the proposal of a credit hold. Two different
// people are needed: who proposed it cannot approve it, and what the ladder proposed
// needs one to second and another to approve.
func (e Escalation) Agree(by Act) (Escalation, error) {
	switch {
	case e.Kind != ProposeHold:
		return e, Refuse("This is no proposal of a credit hold.")
	case e.State == EscalationApproved:
		return e, Refuse("The hold is approved already.")
	case !e.Stands():
		return e, Refuse("The proposal is over: it was %s.", e.State)
	case e.Proposer() == "":
		return e.Move(EscalationStep{Act: by, State: EscalationSeconded})
	case e.Proposer() == by.By:
		return e, Forbid("Two people must agree to a credit hold, and you are one of them already. Ask another person in AR, or a manager, to approve it.")
	}
	if e.State == EscalationOpen { // a person proposed it
		e.State = EscalationSeconded
	}
	return e.Move(EscalationStep{Act: by, State: EscalationApproved})
}

// Move returns the escalation after a step. What is not allowed is refused with a
// sentence.
func (e Escalation) Move(step EscalationStep) (Escalation, error) {
	switch {
	case !e.Stands():
		return e, Refuse("This escalation is over: it was %s on %s.", e.State, e.Ended().On.Long())
	case !slices.Contains(escalationMoves[e.Kind][e.State], step.State):
		return e, Refuse("An escalation that is %s cannot become %s.", e.State, step.State)
	}
	e.State = step.State
	e.Steps = append(slices.Clone(e.Steps), step)
	return e, nil
}

// Reopen asks anew: who took it did nothing, so the days for an answer are counted again.
func (e Escalation) Reopen(step EscalationStep, w Workdays) (Escalation, error) {
	step.State = EscalationOpen
	next, err := e.Move(step)
	if err == nil {
		next.Due = w.Add(step.On, e.Within)
	}
	return next, err
}

// AskAgain says how often it is asked again when nobody took an escalation.
type AskAgain struct {
	// Every is how many business days lie between two times, Most how many times there
	// are.
	Every, Most int
}

// Asked returns how many times an escalation is to have been asked again by a day: for
// the first time on the business day after it is due.
func (a AskAgain) Asked(e Escalation, today Date, w Workdays) int {
	if e.Kind != AskSomebody || e.State != EscalationOpen || !e.Due.Before(today) || a.Most <= 0 {
		return 0
	}
	late := w.Between(e.Due, today)
	if late < 1 {
		return 0
	}
	return min(a.Most, 1+(late-1)/max(1, a.Every))
}

// EscalationSettled is what became of what an escalation is about, by the ledger.
type EscalationSettled struct {
	// Open is what is left of what was overdue when it was opened, Paid what payments
	// settled of it since; by currency.
	Open, Paid []Money
}

// Settled returns what became of what an escalation is about, as of a date.
func (e Escalation) Settled(h History, asOf Date) (EscalationSettled, error) {
	var s EscalationSettled
	about := func(d Document) bool {
		if e.Document != 0 {
			return d.ID == e.Document
		}
		return d.Customer == e.Customer && d.Due.Before(e.Opened.On)
	}
	items, err := OpenItems(h.Documents, h.Applications, asOf)
	if err != nil {
		return s, err
	}
	for _, i := range items {
		if i.Owed() && about(i.Document) {
			if s.Open, err = addMoney(s.Open, i.Open); err != nil {
				return s, err
			}
		}
	}
	settled, err := h.settlements(asOf)
	for _, one := range settled {
		if one.payment && about(one.to) && !one.on.Before(e.Opened.On) {
			if s.Paid, err = addMoney(s.Paid, one.amount); err != nil {
				return s, err
			}
		}
	}
	return s, err
}

// addMoney adds an amount to sums by currency.
func addMoney(sums []Money, m Money) ([]Money, error) {
	i := slices.IndexFunc(sums, func(s Money) bool { return s.Currency() == m.Currency() })
	if i < 0 {
		return append(sums, m), nil
	}
	return sums, addTo(&sums[i], m)
}

// LadderSwitch is a person turning the ladder on or off.
type LadderSwitch struct {
	On   bool
	Made Act
}

// ErrNoEscalation says that there is none of that id; to be compared with errors.Is.
var ErrNoEscalation = errors.New("no such escalation")

// EscalationFilter selects escalations, the latest first; the zero filter is all of them.
type EscalationFilter struct {
	Customers []CustomerID
	Documents []DocumentID
	Kind      EscalationKind
	Scope     *Scope
	// Standing leaves out what is over.
	Standing bool
	Limit    int
}

// EscalationReader reads escalations and the ladder.
type EscalationReader interface {
	// Escalation returns one, or ErrNoEscalation.
	Escalation(ctx context.Context, id EscalationID) (Escalation, error)
	Escalations(ctx context.Context, f EscalationFilter) ([]Escalation, error)
	// LadderSteps lists the steps of customers, nil for all, by day.
	LadderSteps(ctx context.Context, customers []CustomerID) ([]LadderStep, error)
	// LadderMoments lists the runs of the ladder between two days, both included, by day.
	LadderMoments(ctx context.Context, from, to Date) ([]LadderMoment, error)
	// LadderSwitch returns the latest; the zero one where nobody turned it on.
	LadderSwitch(ctx context.Context) (LadderSwitch, error)
}

// EscalationWriter writes escalations and the ladder.
type EscalationWriter interface {
	// AddEscalation writes one and gives it its id; what acts on one account at once
	// follows each other.
	AddEscalation(ctx context.Context, e Escalation) (Escalation, error)
	// PutEscalation writes all of it but what it is about and who opened it.
	PutEscalation(ctx context.Context, e Escalation) error
	// AddLadderStep writes a step; added is false where the account has one of that day.
	AddLadderStep(ctx context.Context, s LadderStep) (added bool, err error)
	// PutLadderMoment keeps that the ladder ran on a day; first is false where it had.
	PutLadderMoment(ctx context.Context, m LadderMoment) (first bool, err error)
	AddLadderSwitch(ctx context.Context, s LadderSwitch) error
}
