package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"arbot/ar"
)

// Digest is what a digest says, with the overdue accounts parted: Chase,
// Covered and Waiting together are Overdue. Its Owners group what is in Chase.
type Digest struct {
	ar.Digest
	// Chase are the overdue accounts that leave something to ask for.
	Chase ar.AccountList
	// Covered are overdue on paper only: the customer has paid as much, and AR
	// has not applied it yet.
	Covered ar.AccountList
	// Held is what of the accounts is disputed or promised, Waiting the overdue
	// accounts with nothing left to chase for it.
	Held    map[ar.CustomerID][]Held
	Waiting ar.AccountList
	// Promises are those that are due, and those that were broken since.
	Promises DigestPromises
	// Coverage tells which accounts have a sales owner.
	Coverage Coverage
	// Claims tell who has which account.
	Claims DigestClaims

	latestLedger time.Time // see Fresh.LatestLedger
}

// Empty reports whether there is nothing to say.
func (g Digest) Empty() bool {
	return g.Digest.Empty() && len(g.Promises.Due)+len(g.Promises.Broken) == 0
}

// ComposeDigest reads the books and returns what the digest of a post says
// now, with the figures to keep. While an import is under way it is an
// Unavailable error: a digest waits for it, up to the company's limit.
func (d *Desk) ComposeDigest(ctx context.Context, p ar.Post) (Digest, json.RawMessage, error) {
	var (
		digest  Digest
		figures json.RawMessage
	)
	known := d.now()
	err := d.books.View(ctx, func(r ar.Reader) error {
		var err error
		if digest, err = d.composeDigest(ctx, r, p); err != nil {
			return err
		}
		figures, err = json.Marshal(digestFigures{digest.Figures(known), partFigures(digest.Promises.Due), partFigures(digest.Promises.Broken)})
		return err
	})
	if err != nil {
		return Digest{}, nil, fmt.Errorf("compose %s of %s for %s: %w", p.Kind, p.Day, p.Route, err)
	}
	return digest, figures, nil
}

func (d *Desk) composeDigest(ctx context.Context, r ar.Reader, p ar.Post) (Digest, error) {
	digest := Digest{Digest: ar.Digest{Kind: p.Kind, Day: p.Day}}
	scope := ar.Everything()
	if p.Kind == ar.RepDigest {
		digest.Owner = RepOf(p.PostKey)
		scope = d.owned(digest.Owner)
	}
	sees := scope
	if p.Kind != ar.ARDigest { // whose readers may not know all customers
		sees = ar.Scope{}
	}
	fresh, err := d.fresh(ctx, r, sees)
	if err != nil {
		return Digest{}, err
	}
	digest.Fresh, digest.latestLedger = fresh.Freshness, fresh.LatestLedger
	if err := d.ready(fresh); err != nil {
		return Digest{}, err
	}
	rows, err := d.loadState(ctx, r, scope, &digest)
	if err != nil {
		return Digest{}, err
	}
	err = d.loadNews(ctx, r, scope, p, rows, &digest)
	d.arrangeDigest(&digest)
	return digest, err
}

// ready refuses a digest while the books are half of something.
func (d *Desk) ready(fresh Fresh) error {
	for _, s := range fresh.Running {
		if fresh.Now.Sub(s.Run.Started) < d.settings.WaitForImport {
			return &ar.Error{Kind: ar.Unavailable, Say: "An import from " + s.Name + " is under way. The digest waits for it."}
		}
	}
	if fresh.DataAsOf.IsZero() {
		return &ar.Error{Kind: ar.Unavailable, Say: "Nothing was imported yet. The digest waits for the first import."}
	}
	return nil
}

// loadState fills what is so today.
func (d *Desk) loadState(ctx context.Context, r ar.Reader, scope ar.Scope, digest *Digest) ([]ar.AgingRow, error) {
	rows, err := r.Aging(ctx, ar.AgingQuery{
		Rule: ar.NewAgingRule(digest.Day, ar.ByDueDate), Group: ar.ByCustomer, Scope: scope,
	})
	if err != nil {
		return nil, err
	}
	if digest.Coverage, err = d.coverage(rows); err != nil {
		return nil, err
	}
	holding, err := d.holdingIn(ctx, r, scope, rows, digest.Day)
	if err != nil {
		return nil, err
	}
	digest.Held = holding
	if digest.Totals, err = ar.StandingsLess(rows, holding.overdue); err != nil {
		return nil, err
	}
	overdue, err := ar.OverdueLines(rows, digest.Day)
	if err != nil {
		return nil, err
	}
	unapplied, err := ar.UnappliedLines(rows)
	if err != nil {
		return nil, err
	}
	soon, err := r.OpenItems(ctx, ar.ItemQuery{
		AsOf: digest.Day, Scope: scope, Owed: true, DueFrom: digest.Day, DueTo: digest.Day.AddDays(6),
	})
	if err != nil {
		return nil, err
	}
	due, err := ar.ItemLines(soon, rows)
	if err != nil {
		return nil, err
	}
	if err := digest.part(rows, holding); err != nil {
		return nil, err
	}
	if err := d.loadClaims(ctx, r, scope, digest); err != nil {
		return nil, err
	}
	return rows, addUp(map[*ar.AccountList][]ar.AccountLine{
		&digest.Overdue: overdue, &digest.Unapplied: unapplied, &digest.DueSoon: due, &digest.Orphans: ar.Orphans(overdue),
	})
}

// part fills the lists of what is to be chased and what is not.
func (g *Digest) part(rows []ar.AgingRow, h held) error {
	parted, err := chase(rows, h)
	if err != nil {
		return err
	}
	asked, err := ar.OverdueLines(parted.ask, g.Day)
	if err != nil {
		return err
	}
	paid, err := ar.OverdueLines(parted.covered, g.Day)
	if err != nil {
		return err
	}
	waiting, err := ar.OverdueLines(parted.waiting, g.Day)
	if err != nil {
		return err
	}
	if g.Owners, err = ar.ByOwnerLines(asked); err != nil {
		return err
	}
	return addUp(map[*ar.AccountList][]ar.AccountLine{&g.Chase: asked, &g.Covered: paid, &g.Waiting: waiting})
}

func addUp(lists map[*ar.AccountList][]ar.AccountLine) (err error) {
	for list, lines := range lists {
		if *list, err = ar.NewAccountList(lines); err != nil {
			return err
		}
	}
	return nil
}

// loadNews fills what happened since the digest before this one. Without one
// it is a first look, and nothing is news; nor is it where a ledger was read for
// the first time since: all that it holds would look as if it had just happened.
func (d *Desk) loadNews(ctx context.Context, r ar.Reader, scope ar.Scope, p ar.Post, rows []ar.AgingRow, digest *Digest) error {
	said, ok, err := lastSaid(ctx, r, p)
	if err != nil {
		return err
	}
	digest.First = !ok || digest.latestLedger.After(said.Known)
	if err := d.loadPromises(ctx, r, scope, said, digest); err != nil || digest.First {
		return err
	}
	digest.Since = said.AsOf
	moves, err := r.OverdueMoves(ctx, said.AsOf, digest.Day, scope)
	if err != nil {
		return err
	}
	if digest.Bridges, err = ar.Bridges(moves, said.AsOf, digest.Day, said.Overdue); err != nil {
		return err
	}
	newly, err := ar.ItemLines(ar.NewlyOverdue(moves, said.AsOf, digest.Day), rows)
	if err != nil {
		return err
	}
	if digest.Newly, err = ar.NewAccountList(newly); err != nil {
		return err
	}
	if digest.Received, err = r.Received(ctx, said.Known, scope); err != nil {
		return err
	}
	digest.ReceivedSums, err = ar.SumReceived(digest.Received)
	return err
}

// lastSaid is what the digest before this one said; false where there was none.
func lastSaid(ctx context.Context, r ar.Reader, p ar.Post) (said ar.DigestFigures, ok bool, err error) {
	last, ok, err := r.LastPost(ctx, p.Kind, p.Route, p.Day)
	if err != nil || !ok || len(last.Figures) == 0 {
		return ar.DigestFigures{}, false, err
	}
	if err := json.Unmarshal(last.Figures, &said); err != nil {
		return ar.DigestFigures{}, false, fmt.Errorf("figures of post %d: %w", last.ID, err)
	}
	return said, true, nil
}
