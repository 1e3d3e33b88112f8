package quickbooks

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"arbot/ar"
	arsync "arbot/sync"
)

// Changes reads what was written since a cursor. It asks for everything where
// change data capture cannot serve: the cursor is too old, the answer was cut
// (which hides deletions), or a customer is gone and nobody has said into which
// other one.
func (s *Source) Changes(ctx context.Context, cursor string) (*arsync.Reading, error) {
	since, ok := s.since(cursor)
	if !ok {
		return nil, arsync.ErrFullOnly
	}
	c, err := s.changes(ctx, since)
	if err != nil {
		return nil, err
	}
	if len(c.cut) > 0 {
		return nil, fmt.Errorf("quickbooks: too much has changed since %s: %w", stamp(since), arsync.ErrFullOnly)
	}
	if c.settings {
		s.forgetFrame()
	}
	f, err := s.frameNow(ctx)
	if err != nil {
		return nil, err
	}
	m := s.newMapper(f, false)
	p, err := m.changed(ctx, c)
	if err != nil {
		return nil, err
	}
	if mergedSomewhere(p) {
		return nil, fmt.Errorf("quickbooks: a customer was merged into another: %w", arsync.ErrFullOnly)
	}
	reading := s.reading(m, func() string { return s.cursorAt(c.time) })
	reading.Pages = onePage(p)
	return reading, nil
}

func onePage(p ar.Page) iter.Seq2[ar.Page, error] {
	return func(yield func(ar.Page, error) bool) {
		if p.Len() > 0 {
			yield(p, nil)
		}
	}
}

// changeSet is what change data capture says.
type changeSet struct {
	rows    *rows
	deleted map[entity][]string
	// cut are the entities of which it does not say everything.
	cut []entity
	// settings: accounts or terms are not what they were.
	settings bool
	time     string
}

// changes reads what was written since a time. A full answer is asked for again
// by entity: the limit is one for all.
func (s *Source) changes(ctx context.Context, since time.Time) (changeSet, error) {
	all, at, err := s.changedSince(ctx, since, s.watched()...)
	c := changeSet{rows: all, time: at}
	switch {
	case err != nil && !isBadRecord(err):
		return c, err
	case err != nil || all.len() >= mostChanges:
		if c, err = s.changesByEntity(ctx, since); err != nil {
			return c, err
		}
	}
	c.settings = len(c.rows.Account)+len(c.rows.Term) > 0
	c.deleted = map[entity][]string{}
	// Whether an object is gone is asked first: nothing else of it is there.
	c.rows.keep(func(e entity, h head) bool {
		if h.deleted() {
			c.deleted[e] = append(c.deleted[e], h.ID)
		}
		return !h.deleted()
	})
	return c, nil
}

func (s *Source) changesByEntity(ctx context.Context, since time.Time) (changeSet, error) {
	c := changeSet{rows: &rows{}}
	for _, e := range s.watched() {
		got, at, err := s.changedSince(ctx, since, e)
		switch {
		case err != nil && !isBadRecord(err):
			return c, err
		case err != nil || got.len() >= mostChanges:
			c.cut = append(c.cut, e)
		default:
			c.rows.add(got)
		}
		// The first one's time: what the others say is as of later.
		if c.time == "" {
			c.time = at
		}
	}
	return c, nil
}

// changed maps a set of changes.
func (m *mapper) changed(ctx context.Context, c changeSet) (ar.Page, error) {
	gone, err := m.verify(ctx, c)
	if err != nil {
		return ar.Page{}, err
	}
	p, err := m.page(ctx, c.rows)
	if err != nil {
		return ar.Page{}, err
	}
	p.Gone = append(p.Gone, gone...)
	return p, nil
}

// verify reads what is said to be deleted: it has been said of objects that were
// only changed. What is there is added to the rows.
func (m *mapper) verify(ctx context.Context, c changeSet) ([]ar.GoneRecord, error) {
	var gone []ar.GoneRecord
	for _, e := range books {
		for _, id := range c.deleted[e] {
			got, err := m.source.read(ctx, e, id)
			if isGone(err) {
				gone = append(gone, m.goneWith(e, id)...)
				continue
			}
			bad, outage := m.source.unreadable(ctx, e, err)
			switch {
			case outage != nil:
				return nil, outage
			case bad:
				m.passOver(unread{of: e, id: id}, fmt.Sprintf("%s could not be read and is left as it was: %s.", label(e, id, ""), faultText(err)))
			case err != nil:
				return nil, err
			default:
				c.rows.add(got)
			}
		}
	}
	return gone, nil
}

func (m *mapper) goneWith(e entity, id string) []ar.GoneRecord {
	gone := goneRecords(e, id)
	if e == customers {
		gone[0].Into = ar.Key(m.source.mergedInto(id))
	}
	return gone
}

// mergedSomewhere reports whether a customer of a page is gone and nobody knows
// into which one. QuickBooks does not delete customers, it only merges them.
func mergedSomewhere(p ar.Page) bool {
	return slices.ContainsFunc(p.Gone, func(g ar.GoneRecord) bool { return g.Kind == ar.CustomerRecords && g.Into == "" })
}

func byKey(a, b ar.GoneRecord) int {
	return cmp.Or(strings.Compare(string(a.Kind), string(b.Kind)), compareIDs(string(a.Key), string(b.Key)))
}

// compareIDs orders shorter ids first: numbers by their size.
func compareIDs(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) }
