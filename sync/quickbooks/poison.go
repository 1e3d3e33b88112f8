package quickbooks

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// codePoison is a query that fails because of one record ("To email address
// entered is invalid"); codeSystem can be one, too (a record that refers to
// something inactive), or an outage.
const codePoison = "4002"

// mostPoison is how many records of an entity are looked for one by one. More
// are no bad records but an outage.
const mostPoison = 25

// mostCandidates is how many ids are tried for the record at a position.
const mostCandidates = 8

// isPoison reports whether one record can be why a query failed.
func isPoison(err error) bool {
	f, ok := errors.AsType[*Fault](err)
	return ok && (f.Code == codePoison || f.Code == codeSystem)
}

// isBadRecord reports whether one record is why it failed, for sure.
func isBadRecord(err error) bool {
	f, ok := errors.AsType[*Fault](err)
	return ok && f.Code == codePoison
}

// unreadable reports whether a read of one object failed because of that object. A system
// fault can be an outage as well: then QuickBooks does not count its kind either, and what was
// to be read is not passed over, but read again later. It is asked for no other record, since
// that can be a bad one, too, and would make an outage without an end.
func (s *Source) unreadable(ctx context.Context, e entity, err error) (bool, error) {
	if !isPoison(err) || isBadRecord(err) {
		return isPoison(err), nil
	}
	_, err = s.count(ctx, e)
	return err == nil, err
}

// poisoned is a row that no query brings.
type poisoned struct {
	position int
	after    int // rows of its page before it
	why      error
	// sure: it is this row and not the one after it, which a query can bring as well.
	sure bool
	// orBefore: it can also be the row before it, or both.
	orBefore bool
}

// span reads n rows of a listing from a position on. Where a record spoils them,
// it halves the span until it has that record alone, and reads the others. It
// counts bad rows as rows, so that a full page stays one. Where queries bring a row more than
// was asked for, a bad record also spoils the span before it.
func (l *listing) span(ctx context.Context, start, n int) (got *rows, count int, err error) {
	got, _, err = l.source.query(ctx, selection(l.of, l.where, start, n))
	switch {
	case isPoison(err):
		return l.halve(ctx, start, n, err)
	case err != nil:
		return nil, 0, err
	}
	l.brought = max(l.brought, start+got.len()-1)
	l.extra = l.extra || got.len() > n
	return got, got.len(), nil
}

func (l *listing) halve(ctx context.Context, start, n int, why error) (got *rows, count int, err error) {
	if n == 1 && start <= l.brought {
		return &rows{}, 1, nil // it came with the row before it: what is bad is the one after it
	}
	if n == 1 {
		if l.poison++; l.poison > mostPoison {
			return nil, 0, fmt.Errorf("quickbooks: more than %d records of %s cannot be read: %w", mostPoison, l.of, why)
		}
		l.bad = append(l.bad, poisoned{position: start, why: why, sure: start > 1 && start-1 == l.brought})
		return &rows{}, 1, nil
	}
	half, bad := n/2, len(l.bad)
	got, count, err = l.span(ctx, start, half)
	if err != nil || count < half {
		return got, count, err
	}
	rest := l.span
	if len(l.bad) == bad && n-half > 1 {
		// The first half is sound, so the second one is not: no need to ask.
		rest = func(ctx context.Context, start, n int) (*rows, int, error) { return l.halve(ctx, start, n, why) }
	}
	bad = len(l.bad)
	second, more, err := rest(ctx, start+half, n-half)
	if err != nil {
		return nil, 0, err
	}
	l.placed(bad, got.len())
	got.add(second)
	return got, half + more, nil // a row more than the first half is among those of the second
}

// placed moves the bad rows of a second half behind those of the first.
func (l *listing) placed(from, rows int) {
	for i := from; i < len(l.bad); i++ {
		l.bad[i].after += rows
	}
}

// recover reads the bad rows of a page one by one, by the ids between those of
// their neighbours: a query that fails does not say which record it was. One
// that cannot be had in any way is reported.
func (l *listing) recover(ctx context.Context, start int, got *rows) error {
	bad := l.bad
	l.bad = nil
	heads := got.heads()[l.of]
	tried := map[string]bool{}
	for i, b := range bad {
		before, after := neighbour(heads, b.after-1), neighbour(heads, b.after)
		low := before
		if low == "" && start == 1 {
			low = "0" // ids begin at 1
		}
		id, found, err := l.candidate(ctx, low, after, tried)
		if err != nil {
			return err
		}
		if found != nil {
			got.add(found)
			if id == "" {
				continue
			}
		}
		if l.extra && !b.sure && i+1 < len(bad) && bad[i+1].position == b.position+1 {
			bad[i+1].orBefore = true
			continue // perhaps only the next one is bad: what is said of that holds for both
		}
		u := unread{of: l.of, id: id}
		if id == "" {
			u.after, u.before = before, after
		}
		if !slices.Contains(l.told, u) {
			l.skip(u, badRow(l.of, b, id, before, after))
		}
	}
	return nil
}

func neighbour(heads []head, i int) string {
	if i < 0 || i >= len(heads) {
		return ""
	}
	return heads[i].ID
}

// candidate looks for a record by the ids between two: it returns it, or the id
// of the one that cannot be read. A list of some of the entity, as of one customer, lacks
// others for good: there it goes through all of these ids, since the first that can be read
// need not be the one of the list.
func (l *listing) candidate(ctx context.Context, before, after string, tried map[string]bool) (id string, found *rows, err error) {
	low, okLow := whole(number(before))
	high, okHigh := whole(number(after))
	if !okLow || !okHigh || high-low-1 > mostCandidates {
		return "", nil, nil
	}
	for n := low + 1; n < high; n++ {
		id := strconv.Itoa(n)
		if tried[id] {
			continue
		}
		tried[id] = true
		got, err := l.source.read(ctx, l.of, id)
		switch {
		case err == nil && l.where == l.of.where():
			return "", got, nil
		case err == nil && found == nil:
			found = got
		case err == nil:
			found.add(got)
		case isPoison(err):
			return id, found, nil
		case !isGone(err):
			return "", nil, err
		}
	}
	return "", found, nil
}

func badRow(of entity, b poisoned, id, before, after string) string {
	which := fmt.Sprintf("at position %d of the list", b.position)
	if b.orBefore {
		which += ", or one before it"
	}
	switch {
	case id != "":
		which = "with the id " + id
	case before != "" && after != "":
		which += fmt.Sprintf(" (its id is between %s and %s)", before, after)
	case before != "":
		which += fmt.Sprintf(" (after the id %s)", before)
	}
	return fmt.Sprintf("The %s %s could not be read and is left as it was: %s. Open it in QuickBooks and save it anew.",
		of.word(), which, faultText(b.why))
}

// faultText is what QuickBooks said, without what stands around it: nor the id of the
// answer, so that the same is said alike each time.
func faultText(err error) string {
	if f, ok := errors.AsType[*Fault](err); ok {
		said := *f
		said.TID = ""
		return said.Error()
	}
	return err.Error()
}
