package quickbooks

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"arbot/ar"
	arsync "arbot/sync"
)

// Full reads the whole company, page by page: nothing is kept of it but ids. At
// its end it reads what was written meanwhile, so that it is right as of its
// end.
func (s *Source) Full(ctx context.Context) (*arsync.Reading, error) {
	f, err := s.renewFrame(ctx)
	if err != nil {
		return nil, err
	}
	began, ok := serverTime(f.time)
	if !ok {
		began = s.settings.Now()
	}
	r := &fullReading{mapper: s.newMapper(f, true), since: began.Add(-overlap), seen: map[entity]*versions{}, pages: map[entity]int{}}
	r.owner = searchField(s.settings.OwnerField, f)
	reading := s.reading(r.mapper, func() string { return r.cursor })
	reading.Full, reading.Pages = true, r.all(ctx)
	// Only who has seen all knows that a field is not there.
	reading.Skipped = func() []string { return slices.Concat(r.skipped, r.owner.failed()) }
	reading.Total, reading.Estimated = s.estimate(ctx), true
	return reading, nil
}

// perObject is about how many records come of an object. A payment is an entry with its
// document and what it applies, mostly to one invoice; of journal entries, deposits and the
// like few touch A/R, and nothing comes of the others.
var perObject = map[entity]int{customers: 1, invoices: 1, creditMemos: 1, payments: 3}

// estimate is about how many records a full reading will bring: one cheap call for each
// entity. Without an answer to each it is 0, and the reading goes on without an end in
// sight.
func (s *Source) estimate(ctx context.Context) (total int) {
	for _, e := range s.ledger() {
		if perObject[e] == 0 {
			continue
		}
		n, err := s.count(ctx, e)
		if err != nil {
			return 0
		}
		total += n * perObject[e]
	}
	return total
}

// reading is what all readings have in common.
func (s *Source) reading(m *mapper, cursor func() string) *arsync.Reading {
	return &arsync.Reading{
		Cursor:  cursor,
		Missing: s.missing,
		Skipped: func() []string { return m.skipped },
		Unread:  m.isUnread,
		Merges:  true,
		Totals:  func(ctx context.Context) ([]arsync.Total, error) { return s.totals(ctx, m.frame) },
	}
}

// fullReading is a full reading under way.
type fullReading struct {
	*mapper
	since time.Time
	// seen are the versions of the objects by their ids.
	seen   map[entity]*versions
	pages  map[entity]int
	merged bool // a customer is gone, and nobody knows into which one
	cursor string
}

// sink takes a page; false says that no more is wanted.
type sink func(ar.Page, error) bool

// all yields the pages of everything. The lists are read ahead of what is written; what
// closes the reading is not, since it must be later than all that was looked up meanwhile.
func (r *fullReading) all(ctx context.Context) iter.Seq2[ar.Page, error] {
	return func(yield func(ar.Page, error) bool) {
		for p, err := range ahead(ctx, r.listed) {
			if !yield(p, err) || err != nil {
				return
			}
		}
		if ctx.Err() != nil {
			yield(ar.Page{}, context.Cause(ctx))
			return
		}
		// What was written while we read can be anything.
		r.complete = false
		r.closing(ctx, yield)
		r.seen = nil // what follows needs the memory
	}
}

// listed yields the pages of all lists.
func (r *fullReading) listed(ctx context.Context) iter.Seq2[ar.Page, error] {
	return func(yield func(ar.Page, error) bool) {
		for _, e := range r.source.ledger() {
			if !r.entity(ctx, e, yield) {
				return
			}
		}
	}
}

// entity yields the pages of one entity.
func (r *fullReading) entity(ctx context.Context, e entity, yield sink) bool {
	waiting := newWaitingRoom()
	for got, err := range r.list(ctx, e, e.where()) {
		if err != nil {
			yield(ar.Page{}, err)
			return false
		}
		r.pages[e]++
		if !r.give(ctx, r.unseen(got), waiting, yield) {
			return false
		}
	}
	if rest := waiting.rest(); len(rest) > 0 {
		return yield(ar.Page{Customers: rest}, nil)
	}
	return true
}

// give maps objects and yields them; waiting may be nil.
func (r *fullReading) give(ctx context.Context, got *rows, waiting *waitingRoom, yield sink) bool {
	p, err := r.page(ctx, got)
	if err != nil {
		yield(ar.Page{}, err)
		return false
	}
	if waiting != nil {
		p.Customers = waiting.through(p.Customers)
	}
	if p.Len() == 0 {
		return true
	}
	return yield(p, nil)
}

// unseen drops what the reading has brought: pages can overlap, and what was
// written shortly before it began is also among what was written since.
func (r *fullReading) unseen(got *rows) *rows {
	got.keep(func(e entity, h head) bool {
		if r.seen[e] == nil {
			r.seen[e] = newVersions()
		}
		if h.ID == "" {
			return true // it is reported when it is mapped
		}
		return !r.seen[e].note(h.ID, h.SyncToken)
	})
	return got
}

// listing is a query that is read in pages.
type listing struct {
	source *Source
	of     entity
	where  string
	skip   func(unread, string)
	told   []unread // what the reading could not read before it: a list can be read twice
	poison int
	bad    []poisoned
	// brought is the last position of which a row came; extra says that pages have a row
	// more than is asked for.
	brought int
	extra   bool
	// passed: its bad rows are those of another listing, which has just read or named them.
	passed bool
}

func (m *mapper) listing(e entity, where string) *listing {
	return &listing{source: m.source, of: e, where: where, skip: m.passOver, told: slices.Clip(m.unread)}
}

// page reads the rows from a position on, and how many there are: fewer than a
// page is the end.
func (l *listing) page(ctx context.Context, start int) (*rows, int, error) {
	if start < l.brought { // it looks again, at rows that may be others by now
		l.brought = start - 1
	}
	got, count, err := l.span(ctx, start, pageSize)
	if err != nil {
		return nil, 0, err
	}
	if len(l.bad) > 1 && got.len() == 0 && !isBadRecord(l.bad[0].why) {
		return nil, 0, fmt.Errorf("quickbooks: nothing of a page of %s can be read: %w", l.of, l.bad[0].why)
	}
	if l.passed {
		l.bad = nil
		return got, count, nil
	}
	return got, count, l.recover(ctx, start, got)
}

// list reads a query in pages.
func (m *mapper) list(ctx context.Context, e entity, where string) iter.Seq2[*rows, error] {
	return m.listing(e, where).all(ctx)
}

// all yields the pages, up to one that is not full. A page can have a row more than was
// asked for.
func (l *listing) all(ctx context.Context) iter.Seq2[*rows, error] {
	return func(yield func(*rows, error) bool) {
		for start := 1; ; start += pageSize {
			got, count, err := l.page(ctx, start)
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(got, nil) || count < pageSize {
				return
			}
		}
	}
}

// closing yields what was written since the reading began, and then what the
// reading missed: the later an object is read, the later it must come.
func (r *fullReading) closing(ctx context.Context, yield sink) {
	c, err := r.source.changes(ctx, r.since)
	var p ar.Page
	if err == nil {
		c.rows = r.unseen(c.rows)
		p, err = r.changed(ctx, c)
	}
	if err != nil {
		yield(ar.Page{}, err)
		return
	}
	if c.settings {
		r.source.forgetFrame()
	}
	r.merged = mergedSomewhere(p)
	if p.Len() > 0 && !yield(p, nil) {
		return
	}
	for _, e := range r.source.ledger() {
		cut := slices.Contains(c.cut, e)
		if !cut && (r.pages[e] < 2 || len(c.deleted[e]) == 0) {
			continue
		}
		if !r.sweep(ctx, e, cut, yield) {
			return
		}
	}
	if !r.merged { // else documents of it may have been read too soon: once more
		r.cursor = r.source.cursorAt(c.time)
	}
}

// sweep finds the records that a deletion moved from one page into the one
// before, which had been read: it lists the entity again, in pages that begin
// with the last row of the page before. Where change data capture was cut, it
// also finds what is gone and reads what was written since.
func (r *fullReading) sweep(ctx context.Context, e entity, cut bool, yield sink) bool {
	listed, ok := r.again(ctx, e, yield)
	if !ok || !cut {
		return ok
	}
	var gone ar.Page
	if seen := r.seen[e]; seen != nil {
		for id := range seen.ids() {
			if !listed[id] {
				gone.Gone = append(gone.Gone, r.goneWith(e, id)...)
			}
		}
	}
	r.merged = r.merged || mergedSomewhere(gone)
	slices.SortFunc(gone.Gone, byKey)
	where := and(e.where(), fmt.Sprintf("MetaData.LastUpdatedTime > %s", literal(stamp(r.since))))
	written := r.listing(e, where)
	written.passed = true
	for got, err := range written.all(ctx) {
		if err != nil {
			yield(ar.Page{}, err)
			return false
		}
		if !r.give(ctx, r.unseen(got), nil, yield) {
			return false
		}
	}
	return gone.Len() == 0 || yield(gone, nil)
}

// again lists an entity without gaps and yields what the reading lacks. It
// returns the ids that it met.
func (r *fullReading) again(ctx context.Context, e entity, yield sink) (listed map[string]bool, ok bool) {
	l := r.listing(e, e.where())
	listed = map[string]bool{}
	for start, back := 1, 1; ; {
		got, count, err := l.page(ctx, start)
		if err != nil {
			yield(ar.Page{}, err)
			return nil, false
		}
		heads := got.heads()[e]
		if start > 1 && (len(heads) == 0 || !listed[heads[0].ID]) {
			back *= 10 // something was deleted before it: look further up
			start = max(1, start-back)
			continue
		}
		for _, h := range heads {
			listed[h.ID] = true
		}
		if !r.give(ctx, r.unseen(got), nil, yield) {
			return nil, false
		}
		if count < pageSize {
			return listed, true
		}
		start, back = start+count-1, 1
	}
}

// waitingRoom holds back customers whose parent has not come. The list is in the
// order of ids, and a parent can be younger than its child.
type waitingRoom struct {
	came   map[string]bool
	behind map[string][]ar.CustomerRecord // by the parent that they wait for
}

func newWaitingRoom() *waitingRoom {
	return &waitingRoom{came: map[string]bool{}, behind: map[string][]ar.CustomerRecord{}}
}

// through returns who may go on.
func (w *waitingRoom) through(list []ar.CustomerRecord) []ar.CustomerRecord {
	var free []ar.CustomerRecord
	for _, c := range list {
		if c.Parent != "" && !w.came[c.Parent] {
			w.behind[c.Parent] = append(w.behind[c.Parent], c)
			continue
		}
		free = w.release(free, c)
	}
	return free
}

// release lets a customer go on, with who waited for it.
func (w *waitingRoom) release(free []ar.CustomerRecord, c ar.CustomerRecord) []ar.CustomerRecord {
	free = append(free, c)
	w.came[c.External] = true
	behind := w.behind[c.External]
	delete(w.behind, c.External)
	for _, child := range behind {
		free = w.release(free, child)
	}
	return free
}

// rest returns who is left: their parents are not in the list.
func (w *waitingRoom) rest() []ar.CustomerRecord {
	var left []ar.CustomerRecord
	for _, list := range w.behind {
		left = append(left, list...)
	}
	slices.SortFunc(left, func(a, b ar.CustomerRecord) int { return compareIDs(a.External, b.External) })
	return parentsFirst(left)
}
