package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"arbot/ar"
)

// AuditProof is how much of the audit was proved.
type AuditProof struct {
	// Records and Seals are those that were proved; Last is the last seal.
	Records, Seals int64
	Last           ar.Seal
	// Unsealed are the records that no seal covers yet, counted up to 10,000.
	Unsealed int
}

// mostUnsealed are counted.
const mostUnsealed = 10_000

// sealsAtOnce are read at once.
const sealsAtOnce = 100

// VerifyAudit proves the audit from its first record on, seal by seal. An
// *ar.AuditError names the first record that is not as it was written; what was
// proved before it stands in the proof. Each of kept, the hashes of seals that somebody
// keeps elsewhere, has to be in the trail: so nobody who can write into the database can
// seal another past, or cut off its end.
func (d *Desk) VerifyAudit(ctx context.Context, kept ...string) (proof AuditProof, err error) {
	var verifier ar.Verifier
	missing := slices.Clone(kept)
	for {
		var seals []ar.Seal
		err := d.books.View(ctx, func(r ar.Reader) (err error) {
			seals, err = r.Seals(ctx, verifier.Last.Last+1, sealsAtOnce)
			return err
		})
		if err != nil {
			return proof, fmt.Errorf("read the seals of the audit: %w", err)
		}
		for _, seal := range seals {
			if err := d.verifySeal(ctx, &verifier, seal); err != nil {
				return proof, err
			}
			proof.Records, proof.Seals, proof.Last = seal.Last, proof.Seals+1, seal
			missing = slices.DeleteFunc(missing, func(hash string) bool { return hash == seal.Hash })
		}
		if len(seals) < sealsAtOnce {
			break
		}
	}
	if err := d.auditEnd(ctx, &proof); err != nil || len(missing) == 0 {
		return proof, err
	}
	return proof, &MissingSealError{Hash: missing[0]}
}

// MissingSealError says that a seal which was kept elsewhere is not in the trail: what it
// covered was changed and sealed anew, or is gone.
type MissingSealError struct{ Hash string }

// Error names the seal.
func (e *MissingSealError) Error() string {
	return fmt.Sprintf("no seal of the audit is %s: what it covered was changed and sealed anew, or was cut off", e.Hash)
}

func (d *Desk) verifySeal(ctx context.Context, v *ar.Verifier, seal ar.Seal) error {
	var records []ar.AuditRecord
	err := d.books.View(ctx, func(r ar.Reader) (err error) {
		records, err = r.AuditRecords(ctx, seal.First, seal.Last)
		return err
	})
	if err != nil {
		return fmt.Errorf("read the audit: %w", err)
	}
	return v.Verify(seal, records)
}

// auditEnd looks at what comes after the last seal: records with a place there
// are records whose seal is gone.
func (d *Desk) auditEnd(ctx context.Context, proof *AuditProof) error {
	err := d.books.View(ctx, func(r ar.Reader) error {
		beyond, err := r.AuditRecords(ctx, proof.Last.Last+1, proof.Last.Last+1)
		if err != nil {
			return err
		}
		if len(beyond) > 0 {
			last, err := r.LastSeal(ctx)
			if err != nil || last.Last > proof.Last.Last { // sealed while this was read
				return err
			}
			return &ar.AuditError{No: beyond[0].No, Problem: "has a place in the trail, and its seal is missing"}
		}
		unsealed, err := r.Unsealed(ctx, mostUnsealed)
		proof.Unsealed = len(unsealed)
		return err
	})
	if err != nil {
		return fmt.Errorf("look at the end of the audit: %w", err)
	}
	return nil
}

// AuditSpan is a span of time; a zero bound is none.
type AuditSpan struct{ From, Before time.Time }

func (s AuditSpan) covers(t time.Time) bool {
	return (s.From.IsZero() || !t.Before(s.From)) && (s.Before.IsZero() || t.Before(s.Before))
}

// EachAudit gives the records of a span one by one: the sealed ones in the order of
// their places, then those that are not sealed yet, whose place is 0. An error of do
// ends it.
func (d *Desk) EachAudit(ctx context.Context, span AuditSpan, do func(ar.AuditRecord) error) error {
	pass := func(records []ar.AuditRecord) error {
		for _, r := range records {
			if !span.covers(r.At) {
				continue
			}
			if err := do(r); err != nil {
				return err
			}
		}
		return nil
	}
	for first := int64(1); ; first += sealBatch {
		var records, unsealed []ar.AuditRecord
		err := d.books.View(ctx, func(r ar.Reader) (err error) {
			if records, err = r.AuditRecords(ctx, first, first+sealBatch-1); err == nil && len(records) < sealBatch {
				unsealed, err = r.Unsealed(ctx, mostUnsealed)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("read the audit: %w", err)
		}
		if err := pass(records); err != nil {
			return err
		}
		if len(records) < sealBatch {
			return pass(unsealed)
		}
	}
}
