package quickbooks

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"arbot/ar"
	arsync "arbot/sync"
)

// Fetch reads the objects that hints name, 30 in one call. A hint says only that
// something may be different: what an object is, and whether it is there, is
// read. Of a merged customer the winner's documents are read, too.
func (s *Source) Fetch(ctx context.Context, hints []arsync.Hint) (*arsync.Reading, error) {
	n := s.sortHints(hints)
	f, err := s.frameNow(ctx)
	if err != nil {
		return nil, err
	}
	m := s.newMapper(f, false)
	got, gone, err := m.fetch(ctx, n.objects)
	if err != nil {
		return nil, err
	}
	p, err := m.page(ctx, got)
	if err != nil {
		return nil, err
	}
	p.Gone = append(p.Gone, gone...)
	reading := s.reading(m, func() string { return "" })
	reading.Pages = m.withMerges(ctx, p, n.merges)
	return reading, nil
}

// named are the objects that hints name, each once.
type named struct {
	objects []objectID
	merges  []merge
}

// objectID names an object.
type objectID struct {
	of entity
	id string
}

// merge is a customer that went into another.
type merge struct{ loser, winner string }

// sortHints drops what has nothing to do with A/R.
func (s *Source) sortHints(hints []arsync.Hint) named {
	var n named
	for _, h := range hints {
		e, ok := entityNamed(h.Entity)
		switch {
		case !ok || h.ID == "":
		case e == accounts || e == terms || e == preferences:
			s.forgetFrame()
		case e == customers && h.Into != "" && h.Into != h.ID:
			s.noteMerge(h.ID, h.Into)
			n.merges = appendOnce(n.merges, merge{h.ID, h.Into})
			n.objects = appendOnce(n.objects, objectID{e, h.Into})
		default:
			n.objects = appendOnce(n.objects, objectID{e, h.ID})
		}
	}
	return n
}

func appendOnce[T comparable](list []T, v T) []T {
	if slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}

func entityNamed(name string) (entity, bool) {
	for _, e := range append(slices.Clone(books), accounts, terms, preferences) {
		if strings.EqualFold(string(e), name) {
			return e, true
		}
	}
	return "", false
}

// mostBatched is how many queries Intuit advises to put into one batch.
const mostBatched = 30

// fetch reads objects by their ids, and tells which are gone.
func (m *mapper) fetch(ctx context.Context, objects []objectID) (*rows, []ar.GoneRecord, error) {
	all := &rows{}
	for batch := range slices.Chunk(objects, mostBatched) {
		got, err := m.source.batch(ctx, batch)
		if err != nil {
			return nil, nil, err
		}
		all.add(got)
	}
	have := map[objectID]bool{}
	for e, heads := range all.heads() {
		for _, h := range heads {
			have[objectID{e, h.ID}] = true
		}
	}
	absent := changeSet{rows: all, deleted: map[entity][]string{}}
	for _, o := range objects {
		if !have[o] {
			absent.deleted[o.of] = append(absent.deleted[o.of], o.id)
		}
	}
	// What a query did not bring is read by its id: that answer is clear.
	gone, err := m.verify(ctx, absent)
	return all, gone, err
}

type batchItem struct {
	ID    string `json:"bId"`
	Query string `json:"Query"`
}

// batch asks for objects in one call. What one of its queries does not bring,
// or only a fault, is not in the result.
func (s *Source) batch(ctx context.Context, objects []objectID) (*rows, error) {
	items := make([]batchItem, len(objects))
	for i, o := range objects {
		items[i] = batchItem{strconv.Itoa(i + 1), selection(o.of, and("Id = "+literal(o.id), o.of.where()), 0, 0)}
	}
	var answer struct {
		Items []struct {
			QueryResponse rows `json:"QueryResponse"`
		} `json:"BatchItemResponse"`
	}
	body := map[string][]batchItem{"BatchItemRequest": items}
	if err := tolerant(s.api.post(ctx, "batch", nil, body, &answer)); err != nil {
		return nil, fmt.Errorf("quickbooks: read %d objects: %w", len(objects), err)
	}
	all := &rows{}
	for i := range answer.Items {
		all.add(&answer.Items[i].QueryResponse)
	}
	return all, nil
}

// withMerges yields a page, then what belongs to the winners of merges, and at
// last takes away the losers. Entries can't be asked for by customer: theirs go
// along with the loser (GoneRecord.Into).
func (m *mapper) withMerges(ctx context.Context, p ar.Page, merges []merge) iter.Seq2[ar.Page, error] {
	return func(yield func(ar.Page, error) bool) {
		if p.Len() > 0 && !yield(p, nil) {
			return
		}
		for _, one := range merges {
			merged, err := m.hasMerged(ctx, one)
			if err != nil {
				yield(ar.Page{}, err)
				return
			}
			if !merged {
				continue
			}
			if !m.documentsOf(ctx, one.winner, yield) {
				return
			}
			gone := ar.GoneRecord{Kind: ar.CustomerRecords, Key: ar.Key(one.loser), Into: ar.Key(one.winner)}
			if !yield(ar.Page{Gone: []ar.GoneRecord{gone}}, nil) {
				return
			}
		}
	}
}

// hasMerged reports whether the loser of a merge is gone, or inactive.
func (m *mapper) hasMerged(ctx context.Context, of merge) (bool, error) {
	got, err := m.source.read(ctx, customers, of.loser)
	if isGone(err) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	active := len(got.Customer) > 0 && (got.Customer[0].Active == nil || *got.Customer[0].Active)
	return !active, nil
}

// documentsOf yields the documents of a customer.
func (m *mapper) documentsOf(ctx context.Context, customer string, yield sink) bool {
	for _, e := range []entity{invoices, creditMemos, refundReceipts, payments} {
		for got, err := range m.list(ctx, e, "CustomerRef = "+literal(customer)) {
			var p ar.Page
			if err == nil {
				p, err = m.page(ctx, got)
			}
			if err != nil {
				yield(ar.Page{}, err)
				return false
			}
			if p.Len() > 0 && !yield(p, nil) {
				return false
			}
		}
	}
	return true
}
