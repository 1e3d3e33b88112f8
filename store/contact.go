package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"arbot/ar"
)

type contactRow struct {
	CustomerID ar.CustomerID `db:"customer_id"`
	Known      string
	Made       actRow
}

// ContactFacts returns what is known of who pays; the zero facts where nothing is.
func (r *reader) ContactFacts(ctx context.Context, id ar.CustomerID) (ar.ContactFacts, error) {
	row, ok, err := first[contactRow](ctx, r,
		`SELECT f.customer_id, f.known`+actColumns("f", "made")+` FROM contact_facts f WHERE f.customer_id = ?`, id)
	if err != nil {
		return ar.ContactFacts{}, fmt.Errorf("store: read the contact facts of customer %d: %w", id, err)
	}
	facts := ar.ContactFacts{Customer: id}
	if !ok {
		return facts, nil
	}
	facts.Made = row.Made.act()
	if err := json.Unmarshal([]byte(row.Known), &facts.Known); err != nil {
		return ar.ContactFacts{}, fmt.Errorf("store: contact facts of customer %d: %w", id, err)
	}
	return facts, nil
}

// PutContactFacts writes all that is known of who pays for a customer.
func (t *tx) PutContactFacts(ctx context.Context, f ar.ContactFacts) error {
	id, err := t.account(ctx, f.Customer, 0)
	if err != nil {
		return fmt.Errorf("store: put contact facts: %w", err)
	}
	known, err := json.Marshal(f.Known)
	if err != nil {
		return fmt.Errorf("store: put the contact facts of customer %d: %w", id, err)
	}
	if _, err := t.exec(ctx, `
		INSERT INTO contact_facts (customer_id, known, made_by, made_at, made_on, made_where) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (customer_id) DO UPDATE SET known = excluded.known, made_by = excluded.made_by,
			made_at = excluded.made_at, made_on = excluded.made_on, made_where = excluded.made_where`,
		append([]any{int64(id), string(known)}, actValues(f.Made)...)...); err != nil {
		return fmt.Errorf("store: put the contact facts of customer %d: %w", id, err)
	}
	return nil
}

// mergeContacts gives what is known of one customer to another that took it in, and has
// the last word where both are known.
func (t *tx) mergeContacts(ctx context.Context, from, to ar.CustomerID) error {
	lost, err := t.ContactFacts(ctx, from)
	if err != nil || len(lost.Known) == 0 {
		return err
	}
	kept, err := t.ContactFacts(ctx, to)
	if err != nil {
		return err
	}
	if kept.Known == nil {
		kept.Known = map[ar.ContactFact]string{}
	}
	for fact, said := range lost.Known {
		if strings.TrimSpace(kept.Known[fact]) == "" {
			kept.Known[fact] = said
		}
	}
	if lost.Made.At.After(kept.Made.At) {
		kept.Made = lost.Made
	}
	if err := t.PutContactFacts(ctx, kept); err != nil {
		return err
	}
	_, err = t.exec(ctx, `DELETE FROM contact_facts WHERE customer_id = ?`, from)
	return err
}
