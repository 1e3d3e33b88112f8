package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"arbot/ar"
)

// verdictText is how a verdict is kept: what became of the promise, and of each part.
type verdictText struct {
	Whole outcomeText   `json:"whole"`
	Parts []outcomeText `json:"parts"`
}

// outcomeText is an ar.Outcome by names that stay, whatever the fields are called.
type outcomeText struct {
	State     ar.PromiseState `json:"state"`
	Reason    ar.CloseReason  `json:"reason,omitempty"`
	Amount    ar.Money        `json:"amount"`
	Paid      ar.Money        `json:"paid"`
	Inferred  bool            `json:"inferred,omitempty"`
	ByCredit  ar.Money        `json:"by_credit"`
	Missing   ar.Money        `json:"missing"`
	Late      ar.Money        `json:"late"`
	Unapplied ar.Money        `json:"unapplied"`
	Due       ar.Date         `json:"due"`
	Deadline  ar.Date         `json:"deadline"`
	Decided   ar.Date         `json:"decided"`
}

type verdictRow struct {
	ID       ar.PromiseID
	Customer ar.CustomerID
	Verdict  string
	Told     sql.NullInt64
}

func (r verdictRow) verdict() (ar.GivenVerdict, error) {
	var text verdictText
	if err := json.Unmarshal([]byte(r.Verdict), &text); err != nil {
		return ar.GivenVerdict{}, fmt.Errorf("store: verdict on promise %d: %w", r.ID, err)
	}
	v := ar.GivenVerdict{
		Verdict: ar.Verdict{Promise: r.ID, Customer: r.Customer, Outcome: ar.Outcome(text.Whole)}, At: fromMillis(r.Told),
	}
	for _, part := range text.Parts {
		v.Parts = append(v.Parts, ar.Outcome(part))
	}
	return v, nil
}

// Verdicts returns those that were given last, by promise; a promise without one is left
// out.
func (r *reader) Verdicts(ctx context.Context, promises []ar.PromiseID) (map[ar.PromiseID]ar.GivenVerdict, error) {
	w := where{}
	w.in(r.dialect, "p.id", ids(promises))
	w.and("p.verdict IS NOT NULL")
	rows, err := findWhere[verdictRow](ctx, r, `SELECT p.id, p.customer_id AS customer, p.verdict, p.told FROM promises p`, w, "")
	if err != nil {
		return nil, fmt.Errorf("store: list the verdicts on %d promises: %w", len(promises), err)
	}
	verdicts := make(map[ar.PromiseID]ar.GivenVerdict, len(rows))
	for _, row := range rows {
		if verdicts[row.ID], err = row.verdict(); err != nil {
			return nil, err
		}
	}
	return verdicts, nil
}

// PutVerdict keeps the verdict that is told now.
func (t *tx) PutVerdict(ctx context.Context, v ar.Verdict) error {
	text := verdictText{Whole: outcomeText(v.Outcome)}
	for _, part := range v.Parts {
		text.Parts = append(text.Parts, outcomeText(part))
	}
	content, err := json.Marshal(text)
	if err != nil {
		return fmt.Errorf("store: put the verdict on promise %d: %w", v.Promise, err)
	}
	n, err := t.exec(ctx, `UPDATE promises SET verdict = ?, told = ?, decided = ? WHERE id = ?`,
		string(content), t.now.UnixMilli(), toFlag(v.State.Final()), v.Promise)
	if err == nil && n == 0 {
		err = ar.ErrNoPromise
	}
	if err != nil {
		return fmt.Errorf("store: put the verdict on promise %d: %w", v.Promise, err)
	}
	return nil
}
