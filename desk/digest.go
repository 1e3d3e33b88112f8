package desk

import (
	"context"
	"encoding/json"
	"fmt"

	"arbot/ar"
)

// Digest is what a digest says, with the overdue accounts parted: Chase and
// Covered together are Overdue. Its Owners group what is in Chase.
type Digest struct {
	ar.Digest
	// Chase are the overdue accounts that leave something to ask for.
	Chase ar.AccountList
	// Covered are overdue on paper only: the customer has paid as much, and AR
	// has not applied it yet.
	Covered ar.AccountList
	// Coverage tells which accounts have a sales owner.
	Coverage Coverage
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
		figures, err = json.Marshal(digest.Figures(known))
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
	fresh, err := d.fresh(ctx, r)
	if err != nil {
		return Digest{}, err
	}
	digest.Fresh = fresh.Freshness
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
	digest.Coverage = d.coverage(rows)
	if digest.Totals, err = ar.Standings(rows); err != nil {
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
	if err := digest.part(rows); err != nil {
		return nil, err
	}
	return rows, addUp(map[*ar.AccountList][]ar.AccountLine{
		&digest.Overdue: overdue, &digest.Unapplied: unapplied, &digest.DueSoon: due, &digest.Orphans: ar.Orphans(overdue),
	})
}

// part fills the lists of what is to be chased and what is not.
func (g *Digest) part(rows []ar.AgingRow) error {
	ask, covered, err := chase(rows)
	if err != nil {
		return err
	}
	asked, err := ar.OverdueLines(ask, g.Day)
	if err != nil {
		return err
	}
	paid, err := ar.OverdueLines(covered, g.Day)
	if err != nil {
		return err
	}
	if g.Owners, err = ar.ByOwnerLines(asked); err != nil {
		return err
	}
	return addUp(map[*ar.AccountList][]ar.AccountLine{&g.Chase: asked, &g.Covered: paid})
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
// it is a first look, and nothing is news.
func (d *Desk) loadNews(ctx context.Context, r ar.Reader, scope ar.Scope, p ar.Post, rows []ar.AgingRow, digest *Digest) error {
	last, ok, err := r.LastPost(ctx, p.Kind, p.Route, p.Day)
	if err != nil {
		return err
	}
	if !ok || len(last.Figures) == 0 {
		digest.First = true
		return nil
	}
	var said ar.DigestFigures
	if err := json.Unmarshal(last.Figures, &said); err != nil {
		return fmt.Errorf("figures of post %d: %w", last.ID, err)
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
