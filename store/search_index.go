package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"arbot/ar"
)

// term is something that a customer is searched by.
type term struct {
	matched ar.MatchBy
	label   string
	words   []string
}

// indexCustomers writes the search terms of new customers, and of those whose terms
// may have changed, anew; with them those of customers that were merged into them.
func (w *pageWriter) indexCustomers(ctx context.Context, news []*ar.CustomerRecord, idsOf map[string]int64, before map[string]knownCustomer) error {
	var changed []int64
	for _, c := range news {
		if _, found := before[c.External]; found {
			changed = append(changed, idsOf[c.External])
		}
	}
	merged, err := w.mergedTerms(ctx, changed)
	if err != nil {
		return err
	}
	values := make([]any, 0, len(news)*insertTerm.columns)
	words := map[string][]string{} // by label
	for _, c := range news {
		id := idsOf[c.External]
		for _, t := range append(termsOf(c), merged[id]...) {
			words[t.label] = t.words
			values = append(values, id, string(t.matched), t.label, foldKey(t.label))
		}
	}
	if err := w.dropTerms(ctx, changed); err != nil {
		return err
	}
	var index []gram
	err = insertTerm.run(ctx, w.tx, values, func(rows *sql.Rows) error {
		var id int64
		var label string
		err := rows.Scan(&id, &label)
		for _, g := range grams(words[label]) {
			index = append(index, gram{g, id})
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("write search terms: %w", err)
	}
	return w.insertGrams(ctx, index)
}

// termsOf lists what a customer is searched by: its name, aliases and number.
func termsOf(c *ar.CustomerRecord) []term {
	terms := []term{{matched: ar.MatchedName, label: c.Name}}
	for _, alias := range c.Aliases {
		terms = append(terms, term{matched: ar.MatchedAlias, label: alias})
	}
	terms = append(terms, term{matched: ar.MatchedNumber, label: c.Number})
	for i := range terms {
		terms[i].words = foldWords(terms[i].label)
	}
	return slices.DeleteFunc(terms, func(t term) bool { return len(t.words) == 0 })
}

var insertTerm = newBulk(`INSERT INTO search_terms (customer_id, matched, label, term) VALUES`,
	make([]string, 4), `RETURNING id, label`)

type gram struct {
	text string
	term int64
}

// insertGrams writes in the order of the table, which is the cheap one.
func (w *pageWriter) insertGrams(ctx context.Context, index []gram) error {
	slices.SortFunc(index, func(a, b gram) int { return cmp.Or(cmp.Compare(a.text, b.text), cmp.Compare(a.term, b.term)) })
	values := make([]any, 0, 2*len(index))
	for _, g := range index {
		values = append(values, g.text, g.term)
	}
	if err := insertGram.run(ctx, w.tx, values, nil); err != nil {
		return fmt.Errorf("write the search index: %w", err)
	}
	return nil
}

var insertGram = newBulk(`INSERT INTO search_grams (gram, term_id) VALUES`, make([]string, 2), ``)

func (w *pageWriter) dropTerms(ctx context.Context, customers []int64) error {
	if len(customers) == 0 {
		return nil
	}
	list, err := w.dialect.list(customers)
	if err != nil {
		return err
	}
	terms, err := find[termRow](ctx, &w.reader,
		`SELECT id, label FROM search_terms WHERE customer_id {in}`, list)
	if err != nil {
		return fmt.Errorf("list search terms: %w", err)
	}
	drop := make([]any, 0, len(terms))
	for _, t := range terms {
		for _, g := range grams(foldWords(t.Label)) {
			drop = append(drop, g, t.ID)
		}
	}
	if err := deleteGram.run(ctx, w.tx, drop, nil); err != nil {
		return fmt.Errorf("drop from the search index: %w", err)
	}
	if _, err := w.exec(ctx, `DELETE FROM search_terms WHERE customer_id {in}`, list); err != nil {
		return fmt.Errorf("drop search terms: %w", err)
	}
	return nil
}

type termRow struct {
	ID    int64
	Label string
}

var deleteGram = newBulk(`DELETE FROM search_grams WHERE (gram, term_id) IN (VALUES`, []string{"TEXT", "BIGINT"}, `)`)
