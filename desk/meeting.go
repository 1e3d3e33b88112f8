package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"arbot/ar"
)

// MeetingInput asks for the pack of a meeting of AR and sales: of all that the actor sees,
// or of one sales owner.
type MeetingInput struct{ Owner string }

// Meeting is what to talk about, sales owner by sales owner, the most to chase first.
type Meeting struct {
	MeetingInput
	Day ar.Date
	// Of and Partial are as in Metrics.
	Of      string
	Partial bool
	Owners  []MeetingOwner
	// Overdue and ToChase are the sums of all of them.
	Overdue, ToChase []ar.Money
	Fresh            Fresh
}

// MeetingOwner is what to talk about with a sales owner.
type MeetingOwner struct {
	Owner string // "" for accounts that nobody owns
	// Overdue and ToChase are of the accounts, by currency.
	Overdue, ToChase []ar.Money
	// Accounts are those that are overdue, or about which there is something to decide,
	// the biggest amount by age first.
	Accounts []MeetingAccount
	// Due are promises for the coming seven days, Broken those of the last year of which
	// money is still missing.
	Due, Broken []Promise
	// Disputes stand.
	Disputes []Dispute
}

// MeetingAccount is an account with what is to be decided about it.
type MeetingAccount struct {
	Customer ar.CustomerID
	Name     string
	// Amounts are what is overdue, Chase what of it is to be chased; OldestDays is the age
	// of the oldest.
	Amounts, Chase []ar.Money
	OldestDays     int
	Decide         []ar.Decision
}

// Decisions counts what is to be decided.
func (o MeetingOwner) Decisions() (n int) {
	for _, a := range o.Accounts {
		n += len(a.Decide)
	}
	return n
}

// Meeting puts the pack together, from one state of the books.
func (d *Desk) Meeting(ctx context.Context, actor ar.Actor, in MeetingInput) (view Meeting, err error) {
	sees, err := d.sees(actor)
	if err != nil {
		return Meeting{}, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		view = Meeting{MeetingInput: in, Day: d.Today()}
		scope, of, err := d.aimOwner(ctx, r, sees, &view.Owner)
		if err != nil {
			return err
		}
		view.Of, view.Partial = of, in.Owner == "" && !sees.All
		p := packer{Desk: d, actor: actor, scope: scope, view: &view, of: map[string]*MeetingOwner{}, facts: map[ar.CustomerID]*meetingFacts{}}
		if err := p.pack(ctx, r); err != nil {
			return fmt.Errorf("meeting of %s: %w", view.Day, err)
		}
		view.Fresh, err = d.fresh(ctx, r, sees)
		return err
	})
	return view, err
}

// packer puts a pack together.
type packer struct {
	*Desk

	actor ar.Actor
	scope ar.Scope
	view  *Meeting
	of    map[string]*MeetingOwner
	facts map[ar.CustomerID]*meetingFacts
}

// meetingFacts is an account while the pack is put together.
type meetingFacts struct {
	MeetingAccount

	known  ar.MeetingFacts
	owner  string
	weight int64
}

func (p *packer) pack(ctx context.Context, r ar.Reader) error {
	if err := p.overdue(ctx, r); err != nil {
		return err
	}
	if err := p.promises(ctx, r); err != nil {
		return err
	}
	if err := p.disputes(ctx, r); err != nil {
		return err
	}
	return p.finish()
}

func (p *packer) owner(owner string) *MeetingOwner {
	if p.of[owner] == nil {
		p.of[owner] = &MeetingOwner{Owner: owner}
	}
	return p.of[owner]
}

func (p *packer) account(id ar.CustomerID, name, owner string) *meetingFacts {
	if p.facts[id] == nil {
		p.facts[id] = &meetingFacts{
			MeetingAccount: MeetingAccount{Customer: id, Name: name}, known: ar.MeetingFacts{Owned: owner != ""}, owner: owner,
		}
	}
	return p.facts[id]
}

// overdue adds what is overdue, and what of it is to be chased.
func (p *packer) overdue(ctx context.Context, r ar.Reader) error {
	rows, err := r.Aging(ctx, ar.AgingQuery{Rule: ar.NewAgingRule(p.view.Day, ar.ByDueDate), Group: ar.ByCustomer, Scope: p.scope})
	if err != nil {
		return err
	}
	all, err := p.holding(ctx, r, nil, p.view.Day)
	if err != nil {
		return err
	}
	held := all.of(rows)
	for _, row := range rows {
		disputed, promised := held.overdue(row.Customer, row.Currency)
		s, err := ar.NewStanding(row, disputed, promised)
		if err != nil {
			return err
		}
		if s.Overdue.IsZero() {
			continue
		}
		a := p.account(row.Customer, row.Name, row.Owner)
		a.Amounts = append(a.Amounts, s.Overdue)
		a.OldestDays = max(a.OldestDays, p.view.Day.Sub(row.OldestDue))
		a.weight = max(a.weight, row.Weight)
		a.known.Promised = a.known.Promised || promised.Sign() > 0
		if s.ToChase.IsZero() {
			continue
		}
		a.known.ToChase = true
		a.Chase = append(a.Chase, s.ToChase)
	}
	return nil
}

// soon is within how many days a promise is due to be talked about.
const soon = 7

// promises adds those that are due soon, and those that were not kept.
func (p *packer) promises(ctx context.Context, r ar.Reader) error {
	found, err := r.Promises(ctx, ar.PromiseFilter{Scope: &p.scope, Standing: true, DueFrom: p.view.Day.AddDays(-keptFor)})
	if err != nil {
		return err
	}
	wanted := map[ar.PromiseID]bool{}
	for _, one := range found {
		wanted[one.ID] = true
	}
	all, err := p.judge(ctx, r, accountsOf(found), p.view.Day)
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b judged) int { return cmp.Or(nextDue(a).Compare(nextDue(b)), cmp.Compare(a.ID, b.ID)) })
	for _, j := range all {
		broken := slices.ContainsFunc(j.verdict.Parts, func(o ar.Outcome) bool { return o.State.Failed() && o.Late.Cmp(o.Missing) < 0 })
		due := slices.ContainsFunc(j.verdict.Parts, func(o ar.Outcome) bool {
			return o.State == ar.PromiseOpen && !o.Due.After(p.view.Day.AddDays(soon))
		})
		if !wanted[j.ID] || !broken && !due {
			continue
		}
		view, err := p.seenPromise(ctx, r, p.actor, j)
		if err != nil {
			return err
		}
		o := p.owner(view.Account.Owner)
		if broken {
			p.account(view.Account.ID, view.Account.Name, view.Account.Owner).known.Broken = true
			o.Broken = append(o.Broken, view)
			continue
		}
		o.Due = append(o.Due, view)
	}
	return nil
}

// disputes adds those that stand.
func (p *packer) disputes(ctx context.Context, r ar.Reader) error {
	all, err := r.Disputes(ctx, ar.DisputeFilter{Scope: &p.scope, Standing: true})
	if err != nil {
		return err
	}
	var list DisputeList
	list.Day = p.view.Day
	if err := p.fillDisputes(ctx, r, p.actor, all, &list); err != nil {
		return err
	}
	for _, one := range list.Lines {
		o := p.owner(one.Account.Owner)
		o.Disputes = append(o.Disputes, one)
		if one.Late() {
			p.account(one.Account.ID, one.Account.Name, one.Account.Owner).known.LateDispute = true
		}
	}
	return nil
}

// finish files the accounts under their owners, and sums up.
func (p *packer) finish() (err error) {
	accounts := make([]*meetingFacts, 0, len(p.facts))
	for _, a := range p.facts {
		accounts = append(accounts, a)
	}
	slices.SortFunc(accounts, func(a, b *meetingFacts) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Customer, b.Customer))
	})
	weights := map[string]int64{}
	for _, a := range accounts {
		a.known.OldestDays = a.OldestDays
		a.Decide = ar.Decide(a.known)
		o := p.owner(a.owner)
		weights[a.owner] += a.weight
		for _, m := range a.Amounts {
			if o.Overdue, err = plus(o.Overdue, m); err != nil {
				return err
			}
			if p.view.Overdue, err = plus(p.view.Overdue, m); err != nil {
				return err
			}
		}
		for _, m := range a.Chase {
			if o.ToChase, err = plus(o.ToChase, m); err != nil {
				return err
			}
			if p.view.ToChase, err = plus(p.view.ToChase, m); err != nil {
				return err
			}
		}
		p.arrangeMoney(a.Amounts)
		p.arrangeMoney(a.Chase)
		o.Accounts = append(o.Accounts, a.MeetingAccount)
	}
	for _, o := range p.of {
		p.arrangeMoney(o.Overdue)
		p.arrangeMoney(o.ToChase)
		p.view.Owners = append(p.view.Owners, *o)
	}
	p.arrangeMoney(p.view.Overdue)
	p.arrangeMoney(p.view.ToChase)
	slices.SortFunc(p.view.Owners, func(a, b MeetingOwner) int {
		return cmp.Or(cmp.Compare(weights[b.Owner], weights[a.Owner]), cmp.Compare(a.Owner, b.Owner))
	})
	return nil
}
