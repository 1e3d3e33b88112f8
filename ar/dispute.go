package ar

import (
	"fmt"
	"slices"
)

// DisputeID names a dispute.
type DisputeID int64

// DisputeState is how far a dispute is.
type DisputeState string

// The states of a dispute.
const (
	DisputeOpen     DisputeState = "open"
	DisputeInReview DisputeState = "in review"
	DisputeResolved DisputeState = "resolved"
)

// DisputeOutcome says how a dispute was resolved.
type DisputeOutcome string

// The outcomes of a dispute.
const (
	// OutcomeCredited: the customer was right, and a credit makes up for it.
	OutcomeCredited DisputeOutcome = "credited"
	// OutcomePartlyCredited: the customer was right in part.
	OutcomePartlyCredited DisputeOutcome = "partly credited"
	// OutcomePaidInFull: the customer paid after all.
	OutcomePaidInFull DisputeOutcome = "paid in full"
	// OutcomeWithdrawn: the customer, or who wrote it down, took it back.
	OutcomeWithdrawn DisputeOutcome = "withdrawn"
	// OutcomeRejected: the invoice stands, and the amount is chased again.
	OutcomeRejected DisputeOutcome = "rejected"
	// OutcomeInvoiceGone: the invoice was voided or deleted in the ledger.
	OutcomeInvoiceGone DisputeOutcome = "invoice gone"
)

// DisputeOutcomes lists the outcomes that a person can choose.
func DisputeOutcomes() []DisputeOutcome {
	return []DisputeOutcome{OutcomeCredited, OutcomePartlyCredited, OutcomePaidInFull, OutcomeWithdrawn, OutcomeRejected}
}

// ParseDisputeOutcome reads one of the outcomes that a person can choose.
func ParseDisputeOutcome(s string) (DisputeOutcome, error) {
	folded := fold(CleanTyped(s))
	for _, o := range DisputeOutcomes() {
		if folded == string(o) {
			return o, nil
		}
	}
	return "", Refuse("%q is not how a dispute ends. Choose credited, partly credited, paid in full, withdrawn or rejected.", s)
}

// DisputeStep is one change in the life of a dispute.
type DisputeStep struct {
	Act

	State   DisputeState
	Outcome DisputeOutcome
	Note    string
}

// Dispute is an amount of an invoice that the customer does not accept. It stops
// the chase of the amount, and not the debt (case PP-01).
type Dispute struct {
	ID       DisputeID
	Customer CustomerID
	Document DocumentID
	Reason   Reason
	// Amount is what is disputed; the rest of the invoice stays collectable.
	Amount Money
	// Note is what the customer said, whole.
	Note       string
	Department Department
	Assignee   string
	// Due is the day by which it is to be resolved.
	Due     Date
	State   DisputeState
	Outcome DisputeOutcome
	Opened  Act
	// Steps are what happened since, in order.
	Steps []DisputeStep
}

// NewDispute returns a dispute of an invoice as it is opened: with the
// department, the assignee and the due date of its reason. A zero amount is all
// that is open of the invoice and not disputed yet.
func NewDispute(i OpenItem, amount Money, reason Reason, note string, opened Act, routes DisputeRoutes, w Workdays) Dispute {
	if amount == (Money{}) {
		amount = i.Open
	}
	d := Dispute{
		Customer: i.Customer, Document: i.ID, Reason: reason, Amount: amount, Note: note, State: DisputeOpen, Opened: opened,
	}
	return d.Routed(routes, w)
}

// Routed returns the dispute with what follows from its reason; it is called
// again when the reason is changed. The clock runs from the day of opening.
func (d Dispute) Routed(routes DisputeRoutes, w Workdays) Dispute {
	route := routes.Route(d.Reason)
	d.Department, d.Assignee, d.Due = route.Department, route.Assignee, w.Add(d.Opened.On, route.Days)
	return d
}

// Check refuses a dispute that cannot be meant. Taken of the subject is what
// other disputes of the invoice that stand take.
func (d Dispute) Check(s Subject) error {
	free, err := s.Open.Sub(s.Taken)
	if err != nil {
		return fmt.Errorf("check dispute of %s: %w", s.Label, err)
	}
	switch {
	case s.Open.Sign() <= 0:
		return Refuse("Nothing is owed on %s, so there is nothing to dispute. Write a note instead.", s.Label)
	case !slices.Contains(Reasons(), d.Reason):
		return Refuse("%q is not a reason for a dispute.", d.Reason)
	case d.Amount.Currency() != s.Open.Currency():
		return Refuse("%s is in %s. Give the disputed amount in %s.", s.Label, s.Open.Currency(), s.Open.Currency())
	case d.Amount.Sign() <= 0:
		return Refuse("%s cannot be disputed. Give an amount above 0.", d.Amount)
	case d.Amount.Cmp(s.Open) > 0:
		return Refuse("Only %s is owed on %s, so %s of it cannot be disputed.", s.Open, s.Label, d.Amount)
	case d.Amount.Cmp(free) > 0:
		return Refuse("%s of the %s owed on %s is disputed already. Give at most %s, or change that dispute.", s.Taken, s.Open, s.Label, above0(free))
	}
	return nil
}

// disputeMoves are the states that may follow a state.
var disputeMoves = map[DisputeState][]DisputeState{
	DisputeOpen:     {DisputeInReview, DisputeResolved},
	DisputeInReview: {DisputeOpen, DisputeResolved},
	DisputeResolved: {DisputeOpen}, // opened again, with what happened kept
}

// Move returns the dispute after a step: to review, back, resolved with an
// outcome, or open again. What is not allowed is refused with a sentence.
func (d Dispute) Move(step DisputeStep) (Dispute, error) {
	switch {
	case step.State == d.State:
		return d, Refuse("The dispute is %s already.", d.State)
	case !slices.Contains(disputeMoves[d.State], step.State):
		return d, Refuse("A dispute that is %s cannot become %s. Open it again first.", d.State, step.State)
	case step.State == DisputeResolved && !slices.Contains(append(DisputeOutcomes(), OutcomeInvoiceGone), step.Outcome):
		return d, Refuse("Say how the dispute ended: credited, partly credited, paid in full, withdrawn or rejected.")
	case step.State != DisputeResolved && step.Outcome != "":
		return d, Refuse("A dispute has an outcome only when it is resolved.")
	}
	d.State, d.Outcome = step.State, step.Outcome
	d.Steps = append(slices.Clone(d.Steps), step)
	return d, nil
}

// Stands reports whether the dispute still stops the chase.
func (d Dispute) Stands() bool { return d.State != DisputeResolved }

// Hold returns what the dispute takes out of "to chase"; false where it is
// resolved. Breakdowns never lets it take more than is open.
func (d Dispute) Hold() (Hold, bool) {
	return Hold{Kind: HoldDisputed, Customer: d.Customer, Document: d.Document, Amount: d.Amount}, d.Stands()
}

// By returns a dispute in the state that it had when only those steps had been done of
// which done says so: one that was resolved since stood then.
func (d Dispute) By(done func(Act) bool) Dispute {
	then := d
	then.State, then.Outcome, then.Steps = DisputeOpen, "", nil
	for _, step := range d.Steps {
		if done(step.Act) {
			then.State, then.Outcome = step.State, step.Outcome
			then.Steps = append(then.Steps, step)
		}
	}
	return then
}

// DaysLeft returns the business days until it is to be resolved: 0 on the day
// itself, below 0 when it is late.
func (d Dispute) DaysLeft(today Date, w Workdays) int { return w.Between(today, d.Due) }

// Overdue reports whether a dispute that stands is past its due date.
func (d Dispute) Overdue(today Date) bool { return d.Stands() && d.Due.Before(today) }
