package quickbooks

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
	arsync "arbot/sync"
)

// missing fetches a record that the books lack, with what it refers to.
func (s *Source) missing(ctx context.Context, kind ar.RecordKind, key ar.Key) (ar.Page, error) {
	f, err := s.frameNow(ctx)
	if err != nil {
		return ar.Page{}, err
	}
	l := &lookup{mapper: s.newMapper(f, false), have: map[ar.Key]bool{}}
	if err := l.record(ctx, kind, key); err != nil {
		return ar.Page{}, err
	}
	l.page.Gone = nil
	return l.page, nil
}

// lookup collects records that are read one by one.
type lookup struct {
	*mapper
	page ar.Page
	have map[ar.Key]bool // customers and documents in the page
}

// record adds a record, and then what it refers to.
func (l *lookup) record(ctx context.Context, kind ar.RecordKind, key ar.Key) error {
	e, id, ok := originOf(kind, key)
	if !ok {
		return fmt.Errorf("quickbooks: %s %s: %w", kind, key, arsync.ErrGone)
	}
	got, err := l.source.read(ctx, e, id)
	switch bad, outage := l.source.unreadable(ctx, e, err); {
	case outage != nil:
		return outage
	case bad:
		return fmt.Errorf("%w: %w", arsync.ErrGone, err) // it is there, and cannot be had
	case err != nil:
		return err
	}
	p, err := l.mapper.page(ctx, got)
	if err != nil {
		return err
	}
	l.take(p)
	if kind != ar.EntryRecords && !l.have[key] {
		return fmt.Errorf("quickbooks: %s: %w", strings.Join(append(l.skipped, string(key)+" is not on A/R"), " "), arsync.ErrGone)
	}
	return l.references(ctx, p)
}

func (l *lookup) take(p ar.Page) {
	l.page.Customers = append(l.page.Customers, p.Customers...)
	l.page.Documents = append(l.page.Documents, p.Documents...)
	l.page.Entries = append(l.page.Entries, p.Entries...)
	for _, c := range p.Customers {
		l.have[ar.Key(c.External)] = true
	}
	for _, d := range documentsOf(p) {
		l.have[d.Key()] = true
	}
}

func documentsOf(p ar.Page) []ar.DocumentRecord {
	list := p.Documents
	for _, e := range p.Entries {
		list = append(slices.Clip(list), e.Documents...)
	}
	return list
}

// references adds what the records of a page refer to.
func (l *lookup) references(ctx context.Context, p ar.Page) error {
	for _, c := range p.Customers {
		if err := l.needCustomer(ctx, c.Parent); err != nil {
			return err
		}
	}
	l.page.Customers = parentsFirst(l.page.Customers)
	for _, d := range documentsOf(p) {
		if err := l.needCustomer(ctx, d.Customer); err != nil {
			return err
		}
	}
	for _, e := range p.Entries {
		for _, a := range e.Applications {
			for _, ref := range []ar.Ref{a.From, a.To} {
				if err := l.needDocument(ctx, ref); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// needCustomer adds a customer that a record names.
func (l *lookup) needCustomer(ctx context.Context, id string) error {
	if id == "" || l.have[ar.Key(id)] {
		return nil
	}
	return l.record(ctx, ar.CustomerRecords, ar.Key(id))
}

// needDocument adds a document that an application names. One that is gone is left
// to the engine, which leaves out what refers to it.
func (l *lookup) needDocument(ctx context.Context, ref ar.Ref) error {
	if ref == (ar.Ref{}) || l.have[ref.Key()] {
		return nil
	}
	err := l.record(ctx, ar.DocumentRecords, ref.Key())
	if errors.Is(err, arsync.ErrGone) {
		return nil
	}
	return err
}

// originOf finds the object that a record came from.
func originOf(kind ar.RecordKind, key ar.Key) (entity, string, bool) {
	if kind == ar.CustomerRecords {
		return customers, string(key), key != ""
	}
	first, id, ok := strings.Cut(string(key), "/")
	if !ok || id == "" || kind == ar.ApplicationRecords {
		return "", "", false
	}
	if kind == ar.DocumentRecords && first == string(ar.Journal) {
		for e, k := range entryKinds {
			if rest, found := strings.CutPrefix(id, k.prefix); found && k.prefix != "" {
				id, _, _ = strings.Cut(rest, "/")
				return e, id, true
			}
		}
		id, _, _ = strings.Cut(id, "/")
	}
	e, ok := origins[first]
	return e, id, ok
}

// origins are entities by the first part of the keys of their records.
var origins = map[string]entity{
	string(ar.Invoice): invoices, "invoice-deposit": invoices, string(ar.CreditMemo): creditMemos, string(ar.Refund): refundReceipts,
	string(ar.Payment): payments, string(ar.Journal): journalEntries, "deposit": deposits, "purchase": purchases,
}

// goneRecords are the records to take away with an object.
func goneRecords(e entity, id string) []ar.GoneRecord {
	document := func(kind ar.DocumentKind) ar.GoneRecord {
		return ar.GoneRecord{Kind: ar.DocumentRecords, Key: ar.Ref{Kind: kind, External: id}.Key()}
	}
	whole := func(key string) ar.GoneRecord { return ar.GoneRecord{Kind: ar.EntryRecords, Key: ar.Key(key)} }
	switch e {
	case customers:
		return []ar.GoneRecord{{Kind: ar.CustomerRecords, Key: ar.Key(id)}}
	case invoices:
		return []ar.GoneRecord{whole(depositKey(id)), document(ar.Invoice)}
	case creditMemos:
		return []ar.GoneRecord{document(ar.CreditMemo)}
	case refundReceipts:
		return []ar.GoneRecord{whole(refundKey(id))}
	case payments:
		return []ar.GoneRecord{whole("payment/" + id)}
	case journalEntries, deposits, purchases:
		return []ar.GoneRecord{whole(entryKinds[e].key + "/" + id)}
	case terms, accounts, preferences:
	}
	return nil
}
