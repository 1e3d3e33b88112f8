package store

import (
	"context"
	"fmt"

	"arbot/ar"
)

type claimRow struct {
	ID         ar.ClaimID
	CustomerID ar.CustomerID `db:"customer_id"`
	Email      string
	Made       actRow
	End        ar.ClaimEnd `db:"end_state"`
	Ended      actRow
}

var claimColumns = `k.id, k.customer_id, k.email, k.ended AS end_state` + actColumns("k", "made") + actColumns("k", "ended")

func (r claimRow) claim() ar.Claim {
	return ar.Claim{ID: r.ID, Customer: r.CustomerID, Email: r.Email, Made: r.Made.act(), End: r.End, Ended: r.Ended.act()}
}

// Claim returns one, or ar.ErrNoClaim.
func (r *reader) Claim(ctx context.Context, id ar.ClaimID) (ar.Claim, error) {
	row, ok, err := first[claimRow](ctx, r, `SELECT `+claimColumns+` FROM claims k WHERE k.id = ?`, id)
	if err == nil && !ok {
		err = ar.ErrNoClaim
	}
	if err != nil {
		return ar.Claim{}, fmt.Errorf("store: read claim %d: %w", id, err)
	}
	return row.claim(), nil
}

// Claims lists claims that fit, the latest first.
func (r *reader) Claims(ctx context.Context, f ar.ClaimFilter) ([]ar.Claim, error) {
	w := where{}
	w.about(r.dialect, "k", f.Customers, nil, f.Scope)
	if f.Holder != "" {
		w.and("k.made_by = ?", f.Holder)
	}
	if f.Standing {
		w.and("k.ended = ''")
	}
	rows, err := findWhere[claimRow](ctx, r, `SELECT `+claimColumns+` FROM claims k`, w, `ORDER BY k.made_at DESC NULLS LAST, k.id DESC`+limit(f.Limit))
	if err != nil {
		return nil, fmt.Errorf("store: list claims: %w", err)
	}
	claims := make([]ar.Claim, len(rows))
	for i, row := range rows {
		claims[i] = row.claim()
	}
	return claims, nil
}

// AddClaim writes a claim where none stands on the account, or returns the one that
// stands. Two that come at once follow each other by the account's row, see account; the
// index over what stands is what makes a second one impossible.
func (t *tx) AddClaim(ctx context.Context, c ar.Claim) (standing ar.Claim, won bool, err error) {
	if c.Customer, err = t.account(ctx, c.Customer, 0); err != nil {
		return ar.Claim{}, false, fmt.Errorf("store: add claim: %w", err)
	}
	c.ID, won, err = first[ar.ClaimID](ctx, &t.reader, `
		INSERT INTO claims (customer_id, email, made_by, made_at, made_on, made_where) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (customer_id) WHERE ended = '' DO NOTHING
		RETURNING id`, append([]any{int64(c.Customer), c.Email}, actValues(c.Made)...)...)
	if err != nil {
		return ar.Claim{}, false, fmt.Errorf("store: add claim of customer %d: %w", c.Customer, err)
	}
	if won {
		return c, true, nil
	}
	found, err := t.Claims(ctx, ar.ClaimFilter{Customers: []ar.CustomerID{c.Customer}, Standing: true})
	if err == nil && len(found) == 0 {
		err = ar.ErrNoClaim
	}
	if err != nil {
		return ar.Claim{}, false, fmt.Errorf("store: read the claim that stands: %w", err)
	}
	return found[0], false, nil
}

// PutClaim writes how one ended. What has ended stays so.
func (t *tx) PutClaim(ctx context.Context, c ar.Claim) error {
	n, err := t.exec(ctx, `
		UPDATE claims SET ended = ?, ended_by = ?, ended_at = ?, ended_on = ?, ended_where = ? WHERE id = ? AND ended = ''`,
		append(append([]any{string(c.End)}, actValues(c.Ended)...), int64(c.ID))...)
	if err == nil && n == 0 {
		err = ar.ErrNoClaim
	}
	if err != nil {
		return fmt.Errorf("store: put claim %d: %w", c.ID, err)
	}
	return nil
}

// moveClaims gives the claims of a customer to another that took it in. Where both have
// one that stands, the other's goes on.
func (t *tx) moveClaims(ctx context.Context, from, to ar.CustomerID) error {
	now := toMillis(t.now)
	if _, err := t.exec(ctx, `
		UPDATE claims SET ended = ?, ended_by = '', ended_at = ?
		WHERE customer_id = ? AND ended = '' AND EXISTS (SELECT 1 FROM claims o WHERE o.customer_id = ? AND o.ended = '')`,
		string(ar.ClaimMerged), now, from, to); err != nil {
		return err
	}
	_, err := t.exec(ctx, `UPDATE claims SET customer_id = ? WHERE customer_id = ?`, to, from)
	return err
}

type accountActRow struct {
	CustomerID ar.CustomerID `db:"customer_id"`
	Made       actRow
}

// actTables are where acts about accounts are kept: the table, and the name of the act
// in it. A step of a dispute is read beside them.
var actTables = [][2]string{{"promises", "made"}, {"promises", "ended"}, {"disputes", "opened"}, {"notes", "made"}, {"snoozes", "made"}, {"escalations", "opened"}}

// AccountActs lists what people did about customers, nil for all, from a civil date on,
// by time.
func (r *reader) AccountActs(ctx context.Context, customers []ar.CustomerID, from ar.Date) ([]ar.AccountAct, error) {
	var all []accountActRow
	ask := func(of, table, name, join string) error {
		w := where{}
		if customers != nil {
			w.in(r.dialect, of+".customer_id", ids(customers))
		}
		w.and(table+"."+name+"_on >= ?", from.EpochDays())
		w.and(table + "." + name + "_by <> ''")
		columns := actAs(table, name)
		rows, err := findWhere[accountActRow](ctx, r, `SELECT `+of+`.customer_id`+columns+` FROM `+join, w, "")
		all = append(all, rows...)
		return err
	}
	for _, t := range actTables {
		if err := ask(t[0], t[0], t[1], t[0]); err != nil {
			return nil, fmt.Errorf("store: list acts in %s: %w", t[0], err)
		}
	}
	if err := ask("disputes", "s", "made", "dispute_steps s JOIN disputes ON disputes.id = s.dispute_id"); err != nil {
		return nil, fmt.Errorf("store: list steps of disputes: %w", err)
	}
	return sortedActs(all), nil
}
