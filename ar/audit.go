package ar

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// AuditID is the id of an audit record.
type AuditID int64

// AuditRecord is one change of state: who, when, from where, what, before and
// after. It is written in the transaction of the change and never changed.
type AuditRecord struct {
	ID AuditID `json:"id"`
	// At is in UTC, to the microsecond, which is what every database keeps.
	At time.Time `json:"at"`
	// Actor is the user in the chat system, "cli" or "arbot" itself.
	Actor string `json:"actor"`
	// From is where it was done: a command, a button, a modal, a job.
	From string `json:"from"`
	// Action is what was done ("promise.record"), Subject to what ("promise/12").
	Action  string `json:"action"`
	Subject string `json:"subject"`
	// Before and After are canonical JSON; null for what was not there.
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
	// Sum is the SHA-256 of Canonical in hex, taken when the record is written:
	// see Summed. It tells which record of a batch was changed.
	Sum string `json:"-"`
	// No is its place in the trail, from 1 on without a gap, given when it is
	// sealed; 0 before. Ids have gaps, and come late: a transaction takes its
	// ids before it is known to commit.
	No int64 `json:"-"`
}

// Summed returns the record with its sum.
func (r AuditRecord) Summed() (AuditRecord, error) {
	canonical, err := r.Canonical()
	if err != nil {
		return AuditRecord{}, err
	}
	sum := sha256.Sum256(canonical)
	r.Sum = hex.EncodeToString(sum[:])
	return r, nil
}

// Canonical returns the bytes that are hashed: JSON with the keys in a fixed
// order, values of Before and After canonical, the time in UTC to the
// microsecond. The same record gives the same bytes on every machine.
func (r AuditRecord) Canonical() ([]byte, error) {
	r.At = r.At.UTC().Truncate(time.Microsecond)
	for _, raw := range []*json.RawMessage{&r.Before, &r.After} {
		canonical, err := CanonicalJSON(*raw)
		if err != nil {
			return nil, fmt.Errorf("audit record %d: %w", r.ID, err)
		}
		*raw = canonical
	}
	return encodeJSON(r)
}

// CanonicalJSON returns JSON in one form: no spaces, the keys of objects sorted,
// numbers digit for digit as they came. Nothing is null.
func CanonicalJSON(raw []byte) ([]byte, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return []byte("null"), nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber() // a float would lose cents
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("canonical JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("canonical JSON: more than one value")
	}
	return encodeJSON(value)
}

// encodeJSON writes JSON without escaping what only HTML minds.
func encodeJSON(value any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, fmt.Errorf("canonical JSON: %w", err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// Seal closes a batch of audit records: its hash covers each of them and the
// seal before, so that nothing can be changed, left out, put in or moved without
// breaking every seal from there on.
type Seal struct {
	// First and Last are the places of its records in the trail, both included.
	First int64 `json:"first"`
	Last  int64 `json:"last"`
	// Previous is the Hash of the seal before; "" for the first one.
	Previous string `json:"previous"`
	// Root is the chain over the sums of the records, Hash over all of the seal;
	// both are SHA-256 in hex.
	Root string `json:"root"`
	Hash string `json:"hash"`
}

// NewSeal seals records that are not sealed yet: they get the places after the
// last seal's, First plus their index, in the order in which they are given. The
// zero Seal comes before the first. No records are an error.
func NewSeal(last Seal, records []AuditRecord) (Seal, error) {
	if len(records) == 0 {
		return Seal{}, errors.New("seal audit records: there are none")
	}
	seal := Seal{First: last.Last + 1, Last: last.Last + int64(len(records)), Previous: last.Hash}
	chain := sha256.Sum256([]byte(last.Hash))
	for i, r := range records {
		r, err := r.Summed()
		if err != nil {
			return Seal{}, err
		}
		chain = sha256.Sum256(fmt.Appendf(chain[:], "%d %s", seal.First+int64(i), r.Sum))
	}
	seal.Root = hex.EncodeToString(chain[:])
	seal.Hash = seal.hash()
	return seal, nil
}

func (s Seal) hash() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "arbot seal v1\n%d\n%d\n%s\n%s\n", s.First, s.Last, s.Previous, s.Root))
	return hex.EncodeToString(sum[:])
}

// AuditError says where the audit trail is broken.
type AuditError struct {
	// No is the place of the first record that is wrong.
	No      int64
	Problem string
}

// Error names the record and the problem.
func (e *AuditError) Error() string { return fmt.Sprintf("audit record %d %s", e.No, e.Problem) }

// Verifier proves an audit trail seal by seal, so that no more than one batch is
// in memory. Its zero value begins at the first record; one with a seal that was
// kept elsewhere begins after it.
type Verifier struct {
	// Last is the seal that was proved last.
	Last Seal
}

// Verify proves the next seal by the records that it covers, in the order of
// their places. Where the trail is broken the error is an *AuditError with the
// first record that is wrong; where a record was changed together with its sum,
// only the batch is known, and it is named by its first record.
func (v *Verifier) Verify(s Seal, records []AuditRecord) error {
	switch {
	case s.First != v.Last.Last+1:
		return &AuditError{No: v.Last.Last + 1, Problem: fmt.Sprintf("is not sealed: the next seal begins with %d", s.First)}
	case s.Previous != v.Last.Hash:
		return &AuditError{No: s.First, Problem: "begins a batch whose seal does not follow the one before"}
	case s.Hash != s.hash():
		return &AuditError{No: s.First, Problem: "begins a batch whose seal was changed"}
	}
	for i, r := range records {
		if err := r.verify(s.First + int64(i)); err != nil {
			return err
		}
	}
	if missing := s.First + int64(len(records)); missing <= s.Last {
		return &AuditError{No: missing, Problem: fmt.Sprintf("is missing, as is what follows it up to %d", s.Last)}
	}
	again, err := NewSeal(v.Last, records)
	if err != nil {
		return err
	}
	if again != s {
		return &AuditError{No: s.First, Problem: fmt.Sprintf("to %d: one of them was changed after they were sealed", s.Last)}
	}
	v.Last = s
	return nil
}

// verify proves that a record stands in its place and is what was written.
func (r AuditRecord) verify(no int64) error {
	if r.No != no {
		return &AuditError{No: no, Problem: fmt.Sprintf("is missing: %d comes in its place", r.No)}
	}
	again, err := r.Summed()
	if err != nil {
		return &AuditError{No: no, Problem: "cannot be read: " + err.Error()}
	}
	if again.Sum != r.Sum {
		return &AuditError{No: no, Problem: "was changed after it was written"}
	}
	return nil
}
