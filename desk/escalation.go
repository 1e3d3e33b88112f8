package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"arbot/ar"
)

// EscalationSettings are the company's choices about escalations.
type EscalationSettings struct {
	// Channels are those, by id, to which one may be posted.
	Channels []string
	// Within is how many business days there are to take one.
	Within int
	// Again says how often it is asked again when nobody does.
	Again ar.AskAgain
}

// EscalationFacts are all that a reader of an escalation needs: what is owed and since
// when, what was promised and broken, what is disputed, and who did what.
type EscalationFacts struct {
	Account ar.Customer
	// Item is the invoice that it is about, with what is open of it; nil for the account.
	Item *ar.OpenItem
	Day  ar.Date
	// Overdue is what is past due of it, by currency; OldestDue the oldest due date of
	// it, zero where nothing is.
	Overdue   []ar.Money
	OldestDue ar.Date
	// Held is what of the account is disputed or promised.
	Held []ar.Breakdown
	// Items are the oldest invoices that are overdue, More how many there are besides.
	Items []ar.OpenItem
	More  int
	// Broken are promises that failed lately, Promises those that are waited for.
	Broken   []ar.Outcome
	Promises []Promise
	Disputes []Dispute
	// Lately is what people did last, the latest at the end.
	Lately History
	// Claim is who has the account; nil for nobody.
	Claim *ar.Claim
	Fresh Fresh
}

// Escalation is an escalation with what is needed to tell of it.
type Escalation struct {
	ar.Escalation
	EscalationFacts
	// Settled is what became of the money.
	Settled ar.EscalationSettled
	// MayChange: the actor may change its words and withdraw it.
	MayChange bool
}

// brokenSince is how many days back a broken promise is still told of.
const brokenSince = 120

// latelyShown is how many acts of people an escalation tells of.
const latelyShown = 4

// escalates refuses an act that AR and admins alone do.
func (d *Desk) escalates(actor ar.Actor) error {
	if _, err := d.sees(actor); err != nil {
		return err
	}
	if !actor.Is(ar.ARClerk, ar.Admin) {
		return ar.Forbid("Escalations are posted by AR and admins. Ask one of them, or write a note.")
	}
	return nil
}

// MayEscalate refuses a form for escalations to who could not send it.
func (d *Desk) MayEscalate(actor ar.Actor) error { return d.escalates(actor) }

// escalationFacts gathers what is told of an account, or of an invoice of it.
func (d *Desk) escalationFacts(ctx context.Context, r ar.Reader, id ar.CustomerID, document ar.DocumentID) (EscalationFacts, error) {
	f := EscalationFacts{Day: d.Today()}
	view, err := d.account(ctx, r, ar.Everything(), Found{Customer: id, Document: document})
	if err != nil {
		return f, err
	}
	view.Children = nil // an escalation is about one account
	f.Account, f.Item, f.Held = view.Customer, view.Asked, view.Held
	if f.Fresh, err = d.fresh(ctx, r, ar.Scope{}); err != nil { // who reads the channel may not know all customers
		return f, err
	}
	items, err := r.OpenItems(ctx, ar.ItemQuery{AsOf: f.Day, Customers: []ar.CustomerID{view.ID}, Scope: ar.Everything(), Owed: true})
	if err != nil {
		return f, err
	}
	if err := f.sumOverdue(items); err != nil {
		return f, err
	}
	d.arrangeMoney(f.Overdue)
	for _, load := range []func(context.Context, ar.Reader, *Account, *EscalationFacts) error{d.loadPromised, d.loadDone} {
		if err := load(ctx, r, &view, &f); err != nil {
			return f, fmt.Errorf("facts of customer %d: %w", id, err)
		}
	}
	return f, nil
}

// sumOverdue fills in what is overdue, oldest first.
func (f *EscalationFacts) sumOverdue(items []ar.OpenItem) (err error) {
	items = slices.DeleteFunc(items, func(i ar.OpenItem) bool {
		return !i.Due.Before(f.Day) || f.Item != nil && i.ID != f.Item.ID
	})
	for _, i := range items {
		if f.Overdue, err = plus(f.Overdue, i.Open); err != nil {
			return err
		}
	}
	if len(items) > 0 {
		f.OldestDue = items[0].Due
	}
	f.Items, f.More = cut(items, statusItems)
	return nil
}

// loadPromised fills in promises, kept and broken, and disputes.
func (d *Desk) loadPromised(ctx context.Context, r ar.Reader, view *Account, f *EscalationFacts) error {
	if err := d.loadAccountPromises(ctx, r, ar.Actor{}, view); err != nil {
		return err
	}
	if err := d.loadActs(ctx, r, ar.Actor{}, view); err != nil {
		return err
	}
	f.Promises, f.Disputes = view.Promises, view.Disputes
	past, err := r.Promises(ctx, ar.PromiseFilter{Customers: view.ids(), Standing: true, DueFrom: f.Day.AddDays(-brokenSince)})
	if err != nil {
		return err
	}
	of := make([]ar.PromiseID, len(past))
	for i, p := range past {
		of[i] = p.ID
	}
	given, err := r.Verdicts(ctx, of)
	if err != nil {
		return err
	}
	for _, p := range past {
		for _, part := range given[p.ID].Parts {
			if part.State.Failed() && (f.Item == nil || p.Document == f.Item.ID || p.Document == 0) {
				f.Broken = append(f.Broken, part)
			}
		}
	}
	return nil
}

// loadDone fills in who did what, and who has the account.
func (d *Desk) loadDone(ctx context.Context, r ar.Reader, view *Account, f *EscalationFacts) error {
	standing, err := r.Claims(ctx, ar.ClaimFilter{Customers: view.ids(), Standing: true})
	if err != nil {
		return err
	}
	if len(standing) > 0 {
		f.Claim = &standing[0]
	}
	f.Lately = History{Account: view.Customer, Day: f.Day, Labels: map[ar.DocumentID]string{}, Calls: map[ar.NoteID]ar.CallOutcome{}}
	if _, err := d.ledgerEvents(ctx, r, Family{Customer: view.Customer}, &f.Lately); err != nil { // it names the documents
		return err
	}
	acts, err := d.actEvents(ctx, r, view.ids(), &f.Lately)
	if err != nil {
		return err
	}
	acts = slices.DeleteFunc(ar.Timeline(acts), func(e ar.Event) bool {
		return e.Kind == ar.EventVerdict || f.Item != nil && e.Doc.ID != 0 && e.Doc.ID != f.Item.ID
	})
	f.Lately.Events = acts[max(0, len(acts)-latelyShown):]
	f.Lately.Earlier = len(acts) - len(f.Lately.Events)
	return nil
}

// seenEscalation fills in what is told of an escalation beside it.
func (d *Desk) seenEscalation(ctx context.Context, r ar.Reader, actor ar.Actor, e ar.Escalation) (Escalation, error) {
	view := Escalation{Escalation: e}
	var err error
	if view.EscalationFacts, err = d.escalationFacts(ctx, r, e.Customer, e.Document); err != nil {
		return Escalation{}, err
	}
	history, err := r.History(ctx, []ar.CustomerID{e.Customer})
	if err != nil {
		return Escalation{}, err
	}
	if view.Settled, err = e.Settled(history, view.Day); err != nil {
		return Escalation{}, err
	}
	d.arrangeMoney(view.Settled.Open)
	d.arrangeMoney(view.Settled.Paid)
	view.MayChange = e.Stands() && owns(actor, e.Opened)
	return view, nil
}

// loadEscalation reads an escalation that the actor may read: of an account that they
// see, one that went to them, or one that stands in the channel where they act.
func (d *Desk) loadEscalation(ctx context.Context, r ar.Reader, actor ar.Actor, channel string, id ar.EscalationID) (Escalation, error) {
	scope, err := d.sees(actor)
	if err != nil {
		return Escalation{}, err
	}
	e, err := r.Escalation(ctx, id)
	if errors.Is(err, ar.ErrNoEscalation) {
		return Escalation{}, gone(err)
	}
	if err != nil {
		return Escalation{}, fmt.Errorf("escalation %d: %w", id, err)
	}
	toActor := e.To != "" && (d.named(actor).Own().Covers(ar.NormalOwner(e.To)) || slices.Contains(d.Deputies(e.To, d.Today()), ar.NormalOwner(actor.Email)))
	if toActor || e.Channel != "" && e.Channel == channel {
		scope = ar.Everything()
	}
	if _, err := family(ctx, r, scope, e.Customer); err != nil {
		return Escalation{}, err
	}
	return d.seenEscalation(ctx, r, actor, e)
}

// Escalation returns one; channel is where the actor looks at it.
func (d *Desk) Escalation(ctx context.Context, actor ar.Actor, channel string, id ar.EscalationID) (view Escalation, err error) {
	err = d.books.View(ctx, func(r ar.Reader) error {
		view, err = d.loadEscalation(ctx, r, actor, channel, id)
		return err
	})
	return view, err
}

// Escalations lists those that stand and that the actor may see, the latest first.
func (d *Desk) Escalations(ctx context.Context, actor ar.Actor, most int) (list []Escalation, more int, err error) {
	scope, err := d.sees(actor)
	if err != nil {
		return nil, 0, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		all, err := r.Escalations(ctx, ar.EscalationFilter{Standing: true, Scope: &scope})
		if err != nil {
			return err
		}
		list = nil
		all, more = cut(all, most)
		for _, e := range all {
			view, err := d.seenEscalation(ctx, r, actor, e)
			if err != nil {
				return err
			}
			list = append(list, view)
		}
		return nil
	})
	return list, more, err
}

func escalationSubject(id ar.EscalationID) string {
	return "escalation/" + strconv.FormatInt(int64(id), 10)
}

// EscalationDraft is what AR sees before an escalation is posted.
type EscalationDraft struct {
	EscalationFacts
	// Ask and Due are proposed, Owner is the address of the sales owner, "" for none.
	Ask   string
	Due   ar.Date
	Owner string
	// Standing is the one about the same that stands already, and whose place a new one
	// takes; nil for none.
	Standing *ar.Escalation
}

// DraftEscalation shows what an escalation would say; note is what AR typed.
func (d *Desk) DraftEscalation(ctx context.Context, actor ar.Actor, found Found, note string) (draft EscalationDraft, err error) {
	if err := d.escalates(actor); err != nil {
		return EscalationDraft{}, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		if draft.EscalationFacts, err = d.escalationFacts(ctx, r, found.Customer, found.Document); err != nil {
			return err
		}
		if len(draft.Overdue) == 0 {
			return ar.Refuse("Nothing of %s is overdue, so there is nothing to escalate.", draft.About())
		}
		draft.Ask, draft.Due = note, d.settings.Workdays.Add(draft.Day, d.settings.Escalations.Within)
		if strings.TrimSpace(note) == "" {
			draft.Ask = "Please call " + draft.Account.Name + ", and tell here what they say. Whoever does it: press Mine."
		}
		if strings.Contains(draft.Account.Owner, "@") {
			draft.Owner = draft.Account.Owner
		}
		draft.Standing, err = d.standingEscalation(ctx, r, ar.AskSomebody, draft.Account.ID, found.Document)
		return err
	})
	return draft, err
}

// About names what an escalation is about.
func (f EscalationFacts) About() string {
	if f.Item != nil {
		return f.Item.Label() + " (" + f.Account.Name + ")"
	}
	return f.Account.Name
}

// EscalatedThere is what the escalation is about in whose thread a message stands; the
// zero choice where it stands in none that the actor may read.
func (d *Desk) EscalatedThere(ctx context.Context, actor ar.Actor, channel, thread string) (about ar.Choice, err error) {
	err = d.books.View(ctx, func(r ar.Reader) error {
		post, ok, err := r.PostAt(ctx, channel, thread)
		if err != nil || !ok || post.Kind != ar.EscalationPost {
			return err
		}
		id, _, err := escalationOf(post.PostKey)
		if err != nil {
			return err
		}
		e, err := d.loadEscalation(ctx, r, actor, channel, id)
		if err != nil {
			return err
		}
		about = ar.Choice{Customer: e.Customer, Document: e.Document, Label: e.About()}
		return nil
	})
	return about, err
}

// standingEscalation is the one about a subject that stands; nil for none.
func (d *Desk) standingEscalation(ctx context.Context, r ar.Reader, kind ar.EscalationKind, id ar.CustomerID, document ar.DocumentID) (*ar.Escalation, error) {
	all, err := r.Escalations(ctx, ar.EscalationFilter{Customers: []ar.CustomerID{id}, Kind: kind, Standing: true})
	if err != nil {
		return nil, fmt.Errorf("escalations of customer %d: %w", id, err)
	}
	i := slices.IndexFunc(all, func(e ar.Escalation) bool { return e.Document == document })
	if i < 0 {
		return nil, nil //nolint:nilnil // none stands, and that is fine
	}
	return &all[i], nil
}
