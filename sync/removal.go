package arsync

import (
	"context"
	"fmt"
	"hash/maphash"

	"arbot/ar"
)

// The guard on removals: a full reading that lacks this share of the live
// records of a kind, and not just a few, is more likely a broken export or
// another company's than the truth.
const (
	guardShare = 0.20
	guardFew   = 10
)

// removalOrder takes away what refers before what is referred to.
var removalOrder = []ar.RecordKind{ar.ApplicationRecords, ar.DocumentRecords, ar.CustomerRecords}

// removal is what a full reading leads to for the records that it lacks. For
// any other reading it does nothing.
//
// What was seen is kept as sums of 64 bits, which is a fifth of the keys' own size.
// That two of a million records share one happens once in 40 million readings; then a
// record that is gone stays until the next one.
type removal struct {
	full bool
	// has tells what the reading holds; it is the source's, or looks into seen
	// after the last page.
	has  func(ar.RecordKind, ar.Key) bool
	seen map[ar.RecordKind]map[uint64]struct{}
	seed maphash.Seed
	gone map[ar.RecordKind][]ar.Key
	// departed are customers that a page names as gone, without a winner.
	departed []ar.Key
	// unread tells what can be there though it was not seen; nil where all was read.
	unread func(ar.RecordKind, ar.Key) bool
}

func newRemoval(reading *Reading) *removal {
	m := &removal{full: reading.Full, has: reading.Has}
	if m.full && m.has == nil {
		m.seed = maphash.MakeSeed()
		m.seen = map[ar.RecordKind]map[uint64]struct{}{}
		for _, kind := range removalOrder {
			m.seen[kind] = map[uint64]struct{}{}
		}
	}
	return m
}

// saw notes the records of a page that are there. What is gone is marked as gone with
// the page, and is not asked about any more.
func (m *removal) saw(page ar.Page) {
	for _, g := range page.Gone {
		if g.Kind == ar.CustomerRecords && g.Into == "" {
			m.departed = append(m.departed, g.Key)
		}
	}
	if m.seen == nil {
		return
	}
	for _, c := range page.Customers {
		if !c.Deleted {
			m.note(ar.CustomerRecords, ar.Key(c.External))
		}
	}
	m.sawRecords(page.Documents, page.Applications)
	for _, e := range page.Entries {
		m.sawRecords(e.Documents, e.Applications)
	}
}

func (m *removal) sawRecords(documents []ar.DocumentRecord, applications []ar.ApplicationRecord) {
	for _, d := range documents {
		m.note(ar.DocumentRecords, d.Key())
	}
	for _, a := range applications {
		if !a.Deleted {
			m.note(ar.ApplicationRecords, ar.Key(a.External))
		}
	}
}

func (m *removal) note(kind ar.RecordKind, key ar.Key) {
	m.seen[kind][maphash.String(m.seed, string(key))] = struct{}{}
}

// nothingBefore says that the books had nothing of the source before the reading: then
// nothing can be gone that the reading itself does not name as gone.
func (m *removal) nothingBefore() { m.full, m.has, m.seen = false, nil, nil }

// spare leaves what could not be read as it is.
func (m *removal) spare(unread func(ar.RecordKind, ar.Key) bool) { m.unread = unread }

// giveUp removes nothing: what the reading lacks may be what could not be read. A
// source that knows what it has knows that, too.
func (m *removal) giveUp() (gaveUp bool) {
	gaveUp = m.seen != nil
	m.full = m.full && !gaveUp
	return gaveUp
}

// lookAhead finds what will be gone before anything is written, where the
// source can tell.
func (m *removal) lookAhead(ctx context.Context, r *run) error {
	if !m.full || m.has == nil {
		return nil
	}
	return m.find(ctx, r, true)
}

// carryOut marks what is gone, after the last page.
func (m *removal) carryOut(ctx context.Context, r *run) error {
	if !m.full {
		return nil
	}
	if m.gone == nil {
		m.has = func(kind ar.RecordKind, key ar.Key) bool {
			_, seen := m.seen[kind][maphash.String(m.seed, string(key))]
			return seen || m.unread != nil && m.unread(kind, key)
		}
		if err := m.find(ctx, r, false); err != nil {
			return err
		}
	}
	for _, kind := range removalOrder {
		if err := r.tombstone(ctx, kind, m.gone[kind]); err != nil {
			return err
		}
	}
	return nil
}

// find compares the live records with the reading; untouched says whether
// nothing was written yet.
func (m *removal) find(ctx context.Context, r *run, untouched bool) error {
	m.gone = map[ar.RecordKind][]ar.Key{}
	for _, kind := range removalOrder {
		live, err := m.missing(ctx, r, kind)
		if err != nil {
			return fmt.Errorf("sync: compare the %s of source %d: %w", kind, r.state.ID, err)
		}
		gone := len(m.gone[kind])
		if !r.options.AllowRemovals && tooMany(kind, gone, live) {
			return &RemovalsError{Source: r.report.Source.Name, Kind: kind, Gone: gone, Live: live, Untouched: untouched}
		}
	}
	return nil
}

// missing collects the live records of a kind that the reading lacks, and
// counts the live ones. It reads page by page, so that no view lasts long.
func (m *removal) missing(ctx context.Context, r *run, kind ar.RecordKind) (live int, err error) {
	const page = 10_000
	var after ar.Key
	for {
		var keys []ar.Key
		err := r.Books.Update(ctx, func(tx ar.Tx) (err error) {
			keys, err = tx.Keys(ctx, r.state.ID, kind, after, page)
			return err
		})
		if err != nil {
			return 0, err
		}
		for _, key := range keys {
			if !m.has(kind, key) {
				m.gone[kind] = append(m.gone[kind], key)
			}
		}
		live += len(keys)
		if len(keys) < page {
			return live, nil
		}
		after = keys[len(keys)-1]
	}
}

// tooMany is the guard. A book without a single document is never the truth
// of a company that had some.
func tooMany(kind ar.RecordKind, gone, live int) bool {
	return kind == ar.DocumentRecords && gone > 0 && gone == live ||
		gone >= guardFew && float64(gone) > guardShare*float64(live)
}

func (r *run) tombstone(ctx context.Context, kind ar.RecordKind, keys []ar.Key) error {
	for len(keys) > 0 {
		n := min(r.pace.batch, len(keys))
		batch := keys[:n]
		keys = keys[n:]
		err := r.write(ctx, n, func(tx ar.Tx) (ar.RunCounts, error) { return tx.Tombstone(ctx, r.id, kind, batch) })
		if err != nil {
			return fmt.Errorf("sync: mark %s of source %d as gone: %w", kind, r.state.ID, err)
		}
	}
	return nil
}
