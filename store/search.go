package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

// Find searches customers by name, alias and number, and invoices by number, also with
// typos; exact matches come first, then the best. A customer and an invoice appear
// once. Tombstones are left out, inactive customers are not.
//
// Names are found by the runs of three letters that they share with what was typed.
// The numbers of invoices share long beginnings, which makes such runs useless there:
// all spellings that are one slip away are looked up instead.
func (r *reader) Find(ctx context.Context, text string, most int) ([]ar.Match, error) {
	q := newNeedle(text)
	if q.key == "" {
		return nil, nil
	}
	customers, err := r.findCustomers(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("store: find customers: %w", err)
	}
	invoices, err := r.findInvoices(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("store: find invoices: %w", err)
	}
	matches := slices.Concat(customers, invoices)
	slices.SortStableFunc(matches, func(a, b ar.Match) int {
		return cmp.Or(-cmp.Compare(a.Score, b.Score), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Label, b.Label),
			cmp.Compare(a.Customer, b.Customer))
	})
	if most > 0 && len(matches) > most {
		matches = matches[:most]
	}
	return matches, nil
}

// needle is what a person typed.
type needle struct {
	key   string
	words []string
	tail  string // the last digits
}

func newNeedle(text string) needle {
	n := needle{words: foldWords(text), tail: lastDigits(text)}
	for _, word := range n.words {
		n.key += word
	}
	return n
}

// begins reports whether a label begins with the words that were typed.
func (n needle) begins(label string) bool {
	words := foldWords(label)
	return len(n.words) <= len(words) && slices.Equal(n.words, words[:len(n.words)]) || foldKey(label) == n.key
}

// candidates bounds how many terms are looked at closely.
const candidates = 200

type candidateRow struct {
	CustomerID ar.CustomerID `db:"customer_id"`
	Matched    ar.MatchBy
	Label      string
	Name       string
	Number     string
	Owner      string
}

func (r *reader) findCustomers(ctx context.Context, q needle) ([]ar.Match, error) {
	list, err := r.dialect.list(grams(q.words))
	if err != nil {
		return nil, err
	}
	rows, err := find[candidateRow](ctx, r, `
		SELECT t.customer_id, t.matched, t.label, c.name, c.number, c.owner
		FROM (
			SELECT id, 1000 AS shared FROM search_terms WHERE term = ?
			UNION ALL
			SELECT term_id, shared FROM (
				SELECT term_id, count(*) AS shared FROM search_grams WHERE gram {in}
				GROUP BY term_id ORDER BY count(*) DESC, term_id LIMIT ?
			) AS g
		) AS f
		JOIN search_terms t ON t.id = f.id
		JOIN customers c ON c.id = t.customer_id
		WHERE c.deleted = 0
		ORDER BY f.shared DESC, t.id`, q.key, list, candidates)
	if err != nil {
		return nil, err
	}
	best := map[ar.CustomerID]ar.Match{}
	for _, row := range rows {
		m := ar.Match{
			Customer: row.CustomerID, Name: row.Name, Number: row.Number, Owner: row.Owner,
			By: row.Matched, Label: row.Label, Score: q.scoreName(row.Label),
		}
		m.Exact = m.Score == 1
		m.Within, m.Whole = strings.Contains(foldKey(row.Label), q.key), q.begins(row.Label)
		if m.Score >= leastScore && m.Score > best[m.Customer].Score {
			best[m.Customer] = m
		}
	}
	matches := make([]ar.Match, 0, len(best))
	for _, m := range best {
		matches = append(matches, m)
	}
	return matches, nil
}

type numberRow struct {
	ID         ar.DocumentID
	Label      string
	CustomerID ar.CustomerID `db:"customer_id"`
	Name       string
	Number     string
	Owner      string
}

// findInvoices looks up what was typed and, where it has digits, all that is one slip
// away from it, as a whole number and as the last digits of one.
func (r *reader) findInvoices(ctx context.Context, q needle) ([]ar.Match, error) {
	keys, tails := []string{q.key}, []string{}
	if q.tail != "" {
		keys, tails = append(slips(q.key), q.tail), append(slips(q.tail), q.key)
	}
	keyList, err := r.dialect.list(keys)
	if err != nil {
		return nil, err
	}
	tailList, err := r.dialect.list(tails)
	if err != nil {
		return nil, err
	}
	rows, err := find[numberRow](ctx, r, `
		SELECT d.id, d.number AS label, d.customer_id, c.name, c.number, c.owner
		FROM (
			SELECT id FROM documents WHERE number_key {in}
			UNION
			SELECT id FROM documents WHERE number_tail {in}
		) AS f
		JOIN documents d ON d.id = f.id
		JOIN customers c ON c.id = d.customer_id
		WHERE d.status NOT IN ('draft', 'deleted')
		ORDER BY d.date DESC, d.id DESC`, keyList, tailList)
	if err != nil {
		return nil, err
	}
	matches := make([]ar.Match, 0, len(rows))
	for _, row := range rows {
		m := ar.Match{
			Customer: row.CustomerID, Name: row.Name, Number: row.Number, Owner: row.Owner,
			By: ar.MatchedInvoice, Document: row.ID, Label: row.Label, Score: q.scoreNumber(row.Label),
		}
		m.Exact = m.Score == 1
		m.Within, m.Whole = strings.Contains(foldKey(row.Label), q.key), q.begins(row.Label)
		if m.Score >= leastScore {
			matches = append(matches, m)
		}
	}
	return matches, nil
}
