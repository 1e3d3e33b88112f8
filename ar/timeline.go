package ar

import (
	"cmp"
	"slices"
	"time"
)

// EventKind says what happened on an account.
type EventKind string

// The kinds of event: what the ledger says, and what we did.
const (
	EventInvoice      EventKind = "invoice"
	EventCredit       EventKind = "credit"
	EventPayment      EventKind = "payment"
	EventApplication  EventKind = "application"
	EventDue          EventKind = "due"
	EventPromise      EventKind = "promise"
	EventVerdict      EventKind = "verdict"
	EventPromiseEnded EventKind = "promise ended"
	EventDispute      EventKind = "dispute"
	EventDisputeStep  EventKind = "dispute step"
	EventNote         EventKind = "note"
)

// Event is one thing that happened on an account. Exactly the fields that its
// kind needs are set.
type Event struct {
	Kind EventKind
	// On is the civil date; At the instant, zero for what the ledger says,
	// which has dates only.
	On  Date
	At  time.Time
	By  string
	Doc Document
	// From is what an application came from.
	From   Document
	Amount Money
	// Say is our own sentence or the note of the person.
	Say     string
	Promise PromiseID
	Dispute DisputeID
	Note    NoteID
	Where   string
}

// Timeline merges events into one order: by day; on a day first what the ledger
// says, in the order in which it makes sense (documents before what is applied),
// then what people did, by the clock. The order is the same however the events
// come.
func Timeline(lists ...[]Event) []Event {
	all := slices.Concat(lists...)
	slices.SortStableFunc(all, func(a, b Event) int {
		return cmp.Or(a.On.Compare(b.On), a.At.Compare(b.At), cmp.Compare(a.Kind.rank(), b.Kind.rank()),
			cmp.Compare(a.Doc.ID, b.Doc.ID), cmp.Compare(a.From.ID, b.From.ID), cmp.Compare(a.Promise, b.Promise),
			cmp.Compare(a.Dispute, b.Dispute), cmp.Compare(a.Note, b.Note), cmp.Compare(a.Say, b.Say), a.Amount.Cmp(b.Amount))
	})
	return all
}

func (k EventKind) rank() int {
	return slices.Index([]EventKind{
		EventInvoice, EventCredit, EventPayment, EventApplication, EventDue, EventVerdict,
		EventPromise, EventPromiseEnded, EventDispute, EventDisputeStep, EventNote,
	}, k)
}

// LedgerEvents returns what the ledger says happened up to a date: documents,
// what was applied to what, and what fell due while it was open. What does not
// count is left out. A document that is only beside the history names what an
// application came from or went to, and has no events of its own: not all that was
// applied to it is known, so nobody can say what of it was open.
func LedgerEvents(h History, asOf Date) ([]Event, error) {
	byID := map[DocumentID]Document{}
	for _, d := range h.Beside {
		byID[d.ID] = d
	}
	var events []Event
	for _, d := range h.Documents {
		byID[d.ID] = d
		if d.Counts(asOf) {
			events = append(events, Event{Kind: d.eventKind(), On: d.Date, Doc: d, Amount: d.Amount})
		}
	}
	settled, err := h.settlements(asOf)
	if err != nil {
		return nil, err
	}
	for _, s := range settled {
		events = append(events, Event{Kind: EventApplication, On: s.on, Doc: s.to, From: byID[s.source.From], Amount: s.amount})
	}
	due, err := h.dueEvents(asOf)
	return append(events, due...), err
}

func (h History) dueEvents(asOf Date) ([]Event, error) {
	byDue := map[Date]bool{}
	own := map[DocumentID]bool{}
	for _, d := range h.Documents {
		if d.Counts(asOf) && !d.Due.After(asOf) && d.fallsDue() {
			own[d.ID], byDue[d.Due] = true, true
		}
	}
	var events []Event
	for due := range byDue {
		items, err := OpenItems(slices.Concat(h.Documents, h.Beside), h.Applications, due)
		if err != nil {
			return nil, err
		}
		for _, i := range items {
			if own[i.ID] && i.Owed() && i.Due == due {
				events = append(events, Event{Kind: EventDue, On: due, Doc: i.Document, Amount: i.Open})
			}
		}
	}
	return events, nil
}

// fallsDue: money that was sent back is nothing that a customer has to pay by a day, nor is
// a credit.
func (d Document) fallsDue() bool { return d.Kind != Refund && d.Effect().Sign() > 0 }

func (d Document) eventKind() EventKind {
	switch d.Kind {
	case CreditMemo:
		return EventCredit
	case Payment:
		return EventPayment
	case Invoice, Refund, Journal:
	}
	return EventInvoice
}

// PromiseEvents returns what happened to promises: when each was made, how each
// part was judged, and how it ended.
func PromiseEvents(promises []Promise, verdicts []Verdict) []Event {
	var events []Event
	for _, p := range promises {
		event := Event{On: p.Made.On, At: p.Made.At, By: p.Made.By, Where: p.Made.Where, Promise: p.ID, Doc: Document{ID: p.Document}}
		for _, part := range p.Parts {
			made := event
			made.Kind, made.Amount, made.Say = EventPromise, part.Amount, "by "+part.Due.Long()
			events = append(events, made)
		}
		if p.End != "" {
			ended := event
			ended.Kind, ended.On, ended.At, ended.By, ended.Say = EventPromiseEnded, p.Ended.On, p.Ended.At, p.Ended.By, string(p.End)
			events = append(events, ended)
		}
	}
	for _, v := range verdicts {
		for _, part := range v.Parts {
			if part.State.Final() && !part.Decided.IsZero() && part.State != PromiseCancelled && part.State != PromiseSuperseded {
				events = append(events, Event{Kind: EventVerdict, On: part.Decided, Promise: v.Promise, Amount: part.Amount, Say: part.Sentence()})
			}
		}
	}
	return events
}

// DisputeEvents returns what happened to disputes.
func DisputeEvents(disputes []Dispute) []Event {
	var events []Event
	for _, d := range disputes {
		base := Event{Dispute: d.ID, Doc: Document{ID: d.Document}, Amount: d.Amount}
		opened := base
		opened.Kind, opened.On, opened.At, opened.By, opened.Where = EventDispute, d.Opened.On, d.Opened.At, d.Opened.By, d.Opened.Where
		opened.Say = d.Reason.Words()
		events = append(events, opened)
		for _, s := range d.Steps {
			step := base
			step.Kind, step.On, step.At, step.By, step.Where = EventDisputeStep, s.On, s.At, s.By, s.Where
			step.Say = string(s.State)
			if s.Outcome != "" {
				step.Say += ": " + string(s.Outcome)
			}
			events = append(events, step)
		}
	}
	return events
}

// NoteEvents returns the notes and calls.
func NoteEvents(notes []Note) []Event {
	events := make([]Event, len(notes))
	for n, note := range notes {
		events[n] = Event{
			Kind: EventNote, On: note.Made.On, At: note.Made.At, By: note.Made.By, Where: note.Made.Where,
			Note: note.ID, Doc: Document{ID: note.Document}, Say: note.Text,
		}
	}
	return events
}
