package desk

import (
	"context"
	"encoding/json"
	"fmt"

	"arbot/ar"
)

// byItself is who the audit names where nobody told arbot to.
const byItself = "arbot"

// audit records a change of state in the transaction of the change: who did
// what to what ("dispute.resolve", "dispute/12"), from where (ar.Actor.From),
// and what stood there before and after, nil for nothing. Every change that a
// person or arbot makes goes through it.
func audit(ctx context.Context, tx ar.AuditWriter, actor ar.Actor, action, subject string, before, after any) error {
	r := ar.AuditRecord{Actor: actor.User, From: actor.From, Action: action, Subject: subject}
	if r.Actor == "" {
		r.Actor = byItself
	}
	var err error
	if r.Before, err = auditJSON(before); err != nil {
		return fmt.Errorf("audit %s of %s, before: %w", action, subject, err)
	}
	if r.After, err = auditJSON(after); err != nil {
		return fmt.Errorf("audit %s of %s, after: %w", action, subject, err)
	}
	return tx.Audit(ctx, r)
}

func auditJSON(v any) (json.RawMessage, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return ar.CanonicalJSON(raw)
}
