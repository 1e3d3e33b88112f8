package store

import (
	"context"
	"fmt"

	"arbot/ar"
	"arbot/ar/metric"
)

// foliosAtOnce is how many numbers of folios are read, or made anew, at a time: some
// 30,000 documents.
const foliosAtOnce = 32

// folioKey says which folio.
type folioKey struct {
	Source ar.SourceID `db:"source_id"`
	No     int64
}

// folioRow is what the table has of a folio.
type folioRow struct {
	folioKey

	// Changed counts how often it was dropped; 0 is that of one that has no row.
	Changed int64
	Content []byte // nil since it was dropped
}

// eachFolio hands on all documents of the books by folio: those that are kept, and the
// others made anew.
func (r *reader) eachFolio(ctx context.Context, f func(folioKey, folio) error) error {
	sources, err := find[ar.SourceID](ctx, r, `SELECT id FROM sources ORDER BY id`)
	if err != nil {
		return fmt.Errorf("list sources: %w", err)
	}
	last, _, err := first[int64](ctx, r, `SELECT COALESCE(max(id), 0) FROM documents`)
	if err != nil {
		return fmt.Errorf("find the last document: %w", err)
	}
	for no := int64(0); no <= folioOf(last); no += foliosAtOnce {
		folios, err := r.folios(ctx, sources, no)
		if err != nil {
			return fmt.Errorf("folios from %d on: %w", no, err)
		}
		for _, made := range folios {
			opened, err := openFolio(made.Source, made.Content)
			if err == nil {
				err = f(made.folioKey, opened)
			}
			if err != nil {
				return fmt.Errorf("folio %d of source %d: %w", made.No, made.Source, err)
			}
		}
	}
	return nil
}

// folios returns those of sources from a number on.
func (r *reader) folios(ctx context.Context, sources []ar.SourceID, from int64) ([]folioRow, error) {
	rows, err := find[folioRow](ctx, r, `
		SELECT source_id, no, changed, content FROM folios WHERE no >= ? AND no < ?`, from, from+foliosAtOnce)
	if err != nil {
		return nil, err
	}
	known := make(map[folioKey]folioRow, len(rows))
	for _, row := range rows {
		known[row.folioKey] = row
	}
	all := make([]folioRow, 0, foliosAtOnce*len(sources))
	var missing []int
	for no := from; no < from+foliosAtOnce; no++ {
		for _, source := range sources {
			key := folioKey{source, no}
			row, found := known[key]
			if row.folioKey = key; !found || len(row.Content) == 0 || row.Content[0] != folioFormat {
				missing = append(missing, len(all))
			}
			all = append(all, row)
		}
	}
	if len(missing) == 0 {
		return all, nil
	}
	return all, r.makeFolios(ctx, all, missing)
}

// makeFolios makes those of all anew that are missing, by places, and notes them to be
// kept.
func (r *reader) makeFolios(ctx context.Context, all []folioRow, missing []int) error {
	documents := map[folioKey][]metric.Row{}
	for _, span := range runs(all, missing) {
		rows, err := r.ledger(ctx, span[0]*folioSize, span[1]*folioSize)
		if err != nil {
			return err
		}
		for _, row := range rows {
			key := folioKey{row.Document.Source, folioOf(int64(row.Document.ID))}
			documents[key] = append(documents[key], row)
		}
	}
	for _, at := range missing {
		row := &all[at]
		row.Content = encodeFolio(documents[row.folioKey])
		if r.made != nil {
			*r.made = append(*r.made, *row)
		}
	}
	return nil
}

// runs are the spans of successive numbers of the folios at places, each from a number up
// to before another.
func runs(all []folioRow, places []int) (spans [][2]int64) {
	for _, at := range places {
		no := all[at].No
		if n := len(spans); n > 0 && spans[n-1][1] >= no {
			spans[n-1][1] = no + 1
			continue
		}
		spans = append(spans, [2]int64{no, no + 1})
	}
	return spans
}

// ledger reads the posted documents with ids from one up to before another, by id, with what
// was applied to and from them.
func (r *reader) ledger(ctx context.Context, from, to int64) ([]metric.Row, error) {
	rows, err := r.conn.QueryContext(ctx, r.dialect.sql(`
		SELECT id, source_id, customer_id, kind, currency, terms, rate, date, due, amount FROM documents
		WHERE id >= ? AND id < ? AND status = 'posted' ORDER BY id`), from, to)
	if err != nil {
		return nil, fmt.Errorf("list documents: %w", err)
	}
	list := make([]metric.Row, 0, to-from)
	at := make([]int32, to-from) // places in the list, from 1 on
	texts := words{}
	var id, source, customer, date, due, amount int64
	var kind, currency, terms, rate string
	err = each(rows, func() error {
		if err := rows.Scan(&id, &source, &customer, &kind, &currency, &terms, &rate, &date, &due, &amount); err != nil {
			return err
		}
		list = append(list, metric.Row{Document: ar.Document{
			ID: ar.DocumentID(id), Source: ar.SourceID(source), Customer: ar.CustomerID(customer),
			Kind: ar.DocumentKind(texts.one(kind)), Amount: money(amount, texts.one(currency)), Terms: texts.one(terms), Rate: ar.Rate(texts.one(rate)),
			Date: ar.DateFromEpochDays(date), Due: ar.DateFromEpochDays(due), Status: ar.Posted,
		}})
		at[id-from] = int32(len(list)) // at most as many as foliosAtOnce folios have
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list documents: %w", err)
	}
	for _, side := range []struct{ column, of string }{
		{"to_id", "CASE WHEN from_id IS NULL THEN 1 ELSE 0 END"}, {"from_id", "2"},
	} {
		if err := r.applied(ctx, side.column, side.of, from, to, func(id int64, a metric.Applied, amount int64) {
			if place := at[id-from]; place > 0 {
				row := &list[place-1]
				a.Amount = ar.NewMoney(amount, row.Document.Amount.Currency())
				row.Applied = append(row.Applied, a)
			}
		}); err != nil {
			return nil, fmt.Errorf("list applications by %s: %w", side.column, err)
		}
	}
	return list, nil
}

// applied hands on one side of the applications that are in effect, of documents in a
// span.
func (r *reader) applied(ctx context.Context, column, side string, from, to int64, add func(id int64, a metric.Applied, amount int64)) error {
	rows, err := r.conn.QueryContext(ctx, r.dialect.sql(`
		SELECT `+column+`, `+side+`, CASE kind WHEN 'payment' THEN 0 WHEN 'credit' THEN 1 WHEN 'write_off' THEN 2 ELSE -1 END, amount, effective FROM applications
		WHERE `+column+` >= ? AND `+column+` < ? AND effective IS NOT NULL`), from, to)
	if err != nil {
		return err
	}
	var id, of, kind, amount, effective int64
	return each(rows, func() error {
		if err := rows.Scan(&id, &of, &kind, &amount, &effective); err != nil {
			return err
		}
		if kind < 0 || of < 0 || of > int64(metric.From) {
			return fmt.Errorf("document %d: an application of no known kind", id)
		}
		add(id, metric.Applied{Kind: applicationKinds[kind], On: ar.DateFromEpochDays(effective), Side: metric.Side(of)}, amount)
		return nil
	})
}

// accounts are the customers as a question needs them, by id.
func (r *reader) accounts(ctx context.Context, s ar.Scope) (map[ar.CustomerID]account, error) {
	rows, err := find[struct {
		ID             ar.CustomerID
		Owner, Segment string
	}](ctx, r, `SELECT id, owner, segment FROM customers`)
	if err != nil {
		return nil, fmt.Errorf("list customers: %w", err)
	}
	texts := words{}
	all := make(map[ar.CustomerID]account, len(rows))
	for _, row := range rows {
		all[row.ID] = account{Out: !s.Covers(row.Owner), Owner: texts.one(row.Owner), Segment: texts.one(row.Segment)}
	}
	return all, nil
}

// of are the accounts of a folio's customers. Without any account in the map nothing is
// known about them, and nothing needs to be.
func (f folio) of(all map[ar.CustomerID]account) []account {
	list := make([]account, len(f.customers))
	if all == nil {
		return list
	}
	for n, id := range f.customers {
		list[n] = all[id]
	}
	return list
}
