package ar_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"arbot/ar"
)

func auditRecord(n int) ar.AuditRecord {
	r, err := ar.AuditRecord{
		ID: ar.AuditID(3 * n), // ids have gaps
		At: time.Date(2026, 11, 25, 13, 30, n, 123_456_789, time.UTC), Actor: "U0DANA", From: "/ar promise", Action: "promise.record", Subject: "promise/12",
		After: json.RawMessage(`{"amount": "USD 500.00", "by": {"z": 1, "a": 12345678901234567890.10}}`),
	}.Summed()
	if err != nil {
		panic(err)
	}
	return r
}

// trail makes sealed batches of a number of records.
func trail(t rapid.TB, sizes ...int) (seals []ar.Seal, batches [][]ar.AuditRecord) {
	t.Helper()
	var last ar.Seal
	n := 0
	for _, size := range sizes {
		var batch []ar.AuditRecord
		for range size {
			n++
			batch = append(batch, auditRecord(n))
		}
		seal, err := ar.NewSeal(last, batch)
		if err != nil {
			t.Fatal(err)
		}
		for i := range batch {
			batch[i].No = seal.First + int64(i)
		}
		seals, batches, last = append(seals, seal), append(batches, batch), seal
	}
	return seals, batches
}

func verify(seals []ar.Seal, batches [][]ar.AuditRecord) error {
	var v ar.Verifier
	for i, s := range seals {
		if err := v.Verify(s, batches[i]); err != nil {
			return err
		}
	}
	return nil
}

func TestCanonicalRecord(t *testing.T) {
	t.Parallel()
	r := auditRecord(1)
	want := `{"id":3,"at":"2026-11-25T13:30:01.123456Z","actor":"U0DANA","from":"/ar promise","action":"promise.record","subject":"promise/12",` +
		`"before":null,"after":{"amount":"USD 500.00","by":{"a":12345678901234567890.10,"z":1}}}`
	got, err := r.Canonical()
	if err != nil || string(got) != want {
		t.Errorf("%v\ngot  %s\nwant %s", err, got, want)
	}
	// The same record as another machine and a database give it.
	r.At = r.At.In(time.FixedZone("", -5*60*60)).Truncate(time.Microsecond)
	r.Before, r.After = json.RawMessage("null"), json.RawMessage(`{"by":{"a":12345678901234567890.10,"z":1},"amount":"USD 500.00"}`)
	if again, err := r.Summed(); err != nil || again.Sum != auditRecord(1).Sum {
		t.Errorf("%v: another sum", err)
	}
}

func TestCanonicalJSON(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		``:                                  `null`,
		` null `:                            `null`,
		`{ "b" : [1, 2.50] , "a" : "<&>" }`: `{"a":"<&>","b":[1,2.50]}`,
		`"x"`:                               `"x"`,
	} {
		if got, err := ar.CanonicalJSON([]byte(raw)); err != nil || string(got) != want {
			t.Errorf("%s is %s, %v; want %s", raw, got, err, want)
		}
	}
	for _, raw := range []string{`{`, `{} {}`, `x`} {
		if got, err := ar.CanonicalJSON([]byte(raw)); err == nil {
			t.Errorf("%s is %s", raw, got)
		}
	}
}

func TestTheTrailVerifies(t *testing.T) {
	t.Parallel()
	seals, batches := trail(t, 3, 1, 5)
	if err := verify(seals, batches); err != nil {
		t.Fatal(err)
	}
	// And from a seal that was kept elsewhere.
	v := ar.Verifier{Last: seals[0]}
	if err := v.Verify(seals[1], batches[1]); err != nil {
		t.Error(err)
	}
	if _, err := ar.NewSeal(seals[2], nil); err == nil {
		t.Error("nothing was sealed")
	}
}

// TestWhatBreaksTheTrail: whatever is done to sealed records is found, at the
// first record that is wrong.
func TestWhatBreaksTheTrail(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		spoil func(seals []ar.Seal, batches [][]ar.AuditRecord) ([]ar.Seal, [][]ar.AuditRecord)
		at    int64
	}{
		{"a changed value", func(s []ar.Seal, b [][]ar.AuditRecord) ([]ar.Seal, [][]ar.AuditRecord) {
			b[1][1].After = json.RawMessage(`{"amount": "USD 5.00"}`)
			return s, b
		}, 5},
		{"another actor, with the sum made to fit", func(s []ar.Seal, b [][]ar.AuditRecord) ([]ar.Seal, [][]ar.AuditRecord) {
			no := b[1][1].No
			b[1][1].Actor = "U0ELI"
			b[1][1], _ = b[1][1].Summed()
			b[1][1].No = no
			return s, b
		}, 4}, // only the batch is known
		{"a record taken out of the middle", func(s []ar.Seal, b [][]ar.AuditRecord) ([]ar.Seal, [][]ar.AuditRecord) {
			b[1] = slices.Delete(b[1], 1, 2)
			return s, b
		}, 5},
		{"a record taken off the end", func(s []ar.Seal, b [][]ar.AuditRecord) ([]ar.Seal, [][]ar.AuditRecord) {
			b[1] = b[1][:2]
			return s, b
		}, 6},
		{"a whole batch taken out", func(s []ar.Seal, b [][]ar.AuditRecord) ([]ar.Seal, [][]ar.AuditRecord) {
			return slices.Delete(s, 1, 2), slices.Delete(b, 1, 2)
		}, 4},
		{"two records swapped", func(s []ar.Seal, b [][]ar.AuditRecord) ([]ar.Seal, [][]ar.AuditRecord) {
			b[1][0], b[1][1] = b[1][1], b[1][0]
			return s, b
		}, 4},
		{"two records swapped with their places", func(s []ar.Seal, b [][]ar.AuditRecord) ([]ar.Seal, [][]ar.AuditRecord) {
			b[1][0], b[1][1] = b[1][1], b[1][0]
			b[1][0].No, b[1][1].No = b[1][1].No, b[1][0].No
			return s, b
		}, 4},
		{"a record put in at the end", func(s []ar.Seal, b [][]ar.AuditRecord) ([]ar.Seal, [][]ar.AuditRecord) {
			more := auditRecord(99)
			more.No = 7
			b[1] = append(b[1], more)
			return s, b
		}, 4},
		{"a batch sealed anew", func(s []ar.Seal, b [][]ar.AuditRecord) ([]ar.Seal, [][]ar.AuditRecord) {
			b[1][1].Actor = "U0ELI"
			b[1][1], _ = b[1][1].Summed()
			s[1], _ = ar.NewSeal(s[0], b[1])
			for i := range b[1] {
				b[1][i].No = s[1].First + int64(i)
			}
			return s, b
		}, 7}, // the seal after it does not follow
		{"a changed seal", func(s []ar.Seal, b [][]ar.AuditRecord) ([]ar.Seal, [][]ar.AuditRecord) {
			s[1].Last++
			return s, b
		}, 4},
		{"what is no JSON", func(s []ar.Seal, b [][]ar.AuditRecord) ([]ar.Seal, [][]ar.AuditRecord) {
			b[2][0].Before = json.RawMessage(`{`)
			return s, b
		}, 7},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := verify(tt.spoil(trail(t, 3, 3, 3)))
			broken, ok := errors.AsType[*ar.AuditError](err)
			if !ok || broken.No != tt.at {
				t.Errorf("got %v; want it broken at %d", err, tt.at)
			}
		})
	}
}

// TestAnyChangeIsFound: one byte of one field of one record.
func TestAnyChangeIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.IntRange(1, 4), 1, 4).Draw(t, "sizes")
		seals, batches := trail(t, sizes...)
		b := rapid.IntRange(0, len(sizes)-1).Draw(t, "batch")
		r := &batches[b][rapid.IntRange(0, sizes[b]-1).Draw(t, "record")]
		field := rapid.SampledFrom([]*string{&r.Actor, &r.From, &r.Action, &r.Subject, &r.Sum}).Draw(t, "field")
		at := rapid.IntRange(0, len(*field)-1).Draw(t, "byte")
		*field = (*field)[:at] + "~" + (*field)[at+1:]
		broken, ok := errors.AsType[*ar.AuditError](verify(seals, batches))
		if !ok || broken.No != r.No {
			t.Fatalf("%d was changed, but %v", r.No, broken)
		}
	})
}
