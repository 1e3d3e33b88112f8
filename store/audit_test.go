package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"arbot/ar"
	"arbot/store/storetest"
)

// audit writes records with the given subjects, in one transaction.
func audit(t *testing.T, b *storetest.Books, subjects ...string) {
	t.Helper()
	b.Write(t, func(tx ar.Tx) error {
		for _, s := range subjects {
			if err := tx.Audit(t.Context(), ar.AuditRecord{Actor: "U1", From: "/ar note", Action: "note.add", Subject: s}); err != nil {
				return err
			}
		}
		return nil
	})
}

// seal seals up to most records, as arbot does, and returns how many there were.
func seal(t *testing.T, b *storetest.Books, most int) (sealed int, err error) {
	t.Helper()
	err = b.Update(t.Context(), func(tx ar.Tx) error {
		records, err := tx.Unsealed(t.Context(), most)
		if sealed = len(records); err != nil || sealed == 0 {
			return err
		}
		last, err := tx.LastSeal(t.Context())
		if err != nil {
			return err
		}
		s, err := ar.NewSeal(last, records)
		if err != nil {
			return err
		}
		return tx.PutSeal(t.Context(), s, idsOf(records))
	})
	return sealed, err
}

func idsOf(records []ar.AuditRecord) []ar.AuditID {
	ids := make([]ar.AuditID, len(records))
	for i, r := range records {
		ids[i] = r.ID
	}
	return ids
}

// trail proves the whole audit and lists the subjects of its records.
func trail(t *testing.T, b *storetest.Books) (subjects []string, err error) {
	t.Helper()
	err = b.View(t.Context(), func(r ar.Reader) error {
		seals, err := r.Seals(t.Context(), 1, 0)
		if err != nil {
			return err
		}
		v := ar.Verifier{}
		for _, s := range seals {
			records, err := r.AuditRecords(t.Context(), s.First, s.Last)
			if err != nil {
				return err
			}
			if err := v.Verify(s, records); err != nil {
				return err
			}
			for _, r := range records {
				subjects = append(subjects, r.Subject)
			}
		}
		return nil
	})
	return subjects, err
}

func TestAuditRecordAsItIsRead(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		b.Clock.Add(1234567 * time.Nanosecond)
		at := time.Date(2026, time.November, 25, 3, 4, 5, 678901234, time.FixedZone("New York", -5*3600))
		b.Write(t, func(tx ar.Tx) error {
			return errors.Join(
				tx.Audit(t.Context(), ar.AuditRecord{
					At: at, Actor: "U1", From: "modal", Action: "promise.record", Subject: "promise/1",
					Before: nil, After: json.RawMessage(`{ "note": "a <b> & ü", "amount": 12345678901234567890.10 }`),
				}),
				tx.Audit(t.Context(), ar.AuditRecord{Actor: "arbot", Action: "promise.judge", Subject: "promise/1"}),
			)
		})
		undo := errors.New("undo")
		if err := b.Update(t.Context(), func(tx ar.Tx) error {
			return errors.Join(tx.Audit(t.Context(), ar.AuditRecord{Action: "never"}), undo)
		}); !errors.Is(err, undo) {
			t.Fatal(err)
		}
		audit(t, b, "note/1")
		var got []ar.AuditRecord
		b.Read(t, func(r ar.Reader) (err error) {
			got, err = r.Unsealed(t.Context(), 2)
			return err
		})
		null := json.RawMessage("null")
		want := []ar.AuditRecord{
			{
				At: time.Date(2026, time.November, 25, 8, 4, 5, 678901000, time.UTC), Actor: "U1", From: "modal",
				Action: "promise.record", Subject: "promise/1", Before: null,
				After: json.RawMessage(`{"amount":12345678901234567890.10,"note":"a <b> & ü"}`),
			},
			{
				At: time.Date(2026, time.November, 25, 8, 0, 0, 1234000, time.UTC), Actor: "arbot",
				Action: "promise.judge", Subject: "promise/1", Before: null, After: null,
			},
		}
		for i := range want {
			if i < len(got) {
				want[i].ID = got[i].ID
			}
			var err error
			if want[i], err = want[i].Summed(); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("audit (-want +got):\n%s", diff)
		}
		if err := b.Update(t.Context(), func(tx ar.Tx) error {
			return tx.Audit(t.Context(), ar.AuditRecord{After: json.RawMessage(`{`)})
		}); err == nil {
			t.Error("a record that is no JSON was written")
		}
	})
}

func TestSeals(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		audit(t, b, "a", "b", "c", "d", "e")
		for _, want := range []int{2, 2, 1, 0} {
			if n, err := seal(t, b, 2); n != want || err != nil {
				t.Fatalf("sealed %d, %v; want %d", n, err, want)
			}
		}
		subjects, err := trail(t, b)
		if diff := cmp.Diff([]string{"a", "b", "c", "d", "e"}, subjects); diff != "" || err != nil {
			t.Errorf("the trail: %v (-want +got):\n%s", err, diff)
		}
		b.Read(t, func(r ar.Reader) error {
			last, err := r.LastSeal(t.Context())
			if last.First != 5 || last.Last != 5 {
				t.Errorf("the last seal is %+v", last)
			}
			seals, err2 := r.Seals(t.Context(), 4, 1)
			if len(seals) != 1 || seals[0].First != 3 {
				t.Errorf("the seals from the fourth record on: %+v", seals)
			}
			return errors.Join(err, err2)
		})
	})
}

func TestSealThatDoesNotFit(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		audit(t, b, "a", "b")
		var records []ar.AuditRecord
		b.Read(t, func(r ar.Reader) (err error) {
			records, err = r.Unsealed(t.Context(), 0)
			return err
		})
		early, err := ar.NewSeal(ar.Seal{}, records)
		if err != nil {
			t.Fatal(err)
		}
		put := func(s ar.Seal, ids ...ar.AuditID) error {
			return b.Update(t.Context(), func(tx ar.Tx) error { return tx.PutSeal(t.Context(), s, ids) })
		}
		if err := put(early, records[0].ID); err == nil || errors.Is(err, ar.ErrSealed) {
			t.Errorf("a seal over two records with one: %v", err)
		}
		if n, err := seal(t, b, 1); n != 1 || err != nil {
			t.Fatalf("sealed %d, %v", n, err)
		}
		if err := put(early, idsOf(records)...); !errors.Is(err, ar.ErrSealed) {
			t.Errorf("a seal that was made before another: %v, want ErrSealed", err)
		}
		b.Read(t, func(r ar.Reader) error {
			last, err := r.LastSeal(t.Context())
			if err == nil {
				early, err = ar.NewSeal(last, records)
			}
			return err
		})
		if err := put(early, idsOf(records)...); !errors.Is(err, ar.ErrSealed) {
			t.Errorf("a seal over a record that has one: %v, want ErrSealed", err)
		}
		if subjects, err := trail(t, b); len(subjects) != 1 || err != nil {
			t.Errorf("the trail is %v, %v; want the first record", subjects, err)
		}
	})
}

// Two replicas write and seal at once: every record is sealed once, and the chain holds.
func TestReplicasSealAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		const workers, rounds = 4, 6
		faults := atOnce(t, b, workers, func(n int, b *storetest.Books) error {
			for round := range rounds {
				err := b.Update(t.Context(), func(tx ar.Tx) error {
					return tx.Audit(t.Context(), ar.AuditRecord{Action: "note.add", Subject: fmt.Sprintf("%d/%d", n, round)})
				})
				if err == nil {
					_, err = seal(t, b, 3)
				}
				if err != nil && !errors.Is(err, ar.ErrSealed) {
					return err
				}
			}
			return nil
		})
		if err := errors.Join(faults...); err != nil {
			t.Fatal(err)
		}
		for n := 1; n > 0; {
			var err error
			if n, err = seal(t, b, 100); err != nil {
				t.Fatal(err)
			}
		}
		subjects, err := trail(t, b)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, s := range subjects {
			seen[s] = true
		}
		if len(subjects) != workers*rounds || len(seen) != workers*rounds {
			t.Errorf("%d records in the trail, %d of them different; want %d", len(subjects), len(seen), workers*rounds)
		}
	})
}

// A seal that was made outside of the transaction that writes it: the slower one is told.
func TestSlowerSealIsTold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		audit(t, b, "a", "b")
		var records []ar.AuditRecord
		b.Read(t, func(r ar.Reader) (err error) {
			records, err = r.Unsealed(t.Context(), 0)
			return err
		})
		s, err := ar.NewSeal(ar.Seal{}, records)
		if err != nil {
			t.Fatal(err)
		}
		faults := atOnce(t, b, 4, func(_ int, b *storetest.Books) error {
			return b.Update(t.Context(), func(tx ar.Tx) error { return tx.PutSeal(t.Context(), s, idsOf(records)) })
		})
		won := 0
		for _, err := range faults {
			switch {
			case err == nil:
				won++
			case !errors.Is(err, ar.ErrSealed):
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d wrote the seal, want 1", won)
		}
		if subjects, err := trail(t, b); len(subjects) != 2 || err != nil {
			t.Errorf("the trail is %v, %v", subjects, err)
		}
	})
}

// The database refuses to change or remove what the audit holds; where somebody makes it,
// the seals show it.
func TestAuditIsKept(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		audit(t, b, "a", "b", "c")
		if _, err := seal(t, b, 2); err != nil {
			t.Fatal(err)
		}
		driver := map[string]string{"sqlite": "sqlite3", "postgres": "pgx"}[b.Dialect()]
		db, err := sqlx.ConnectContext(t.Context(), driver, b.DSN)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		refused := []string{
			`DELETE FROM audit_records`, `DELETE FROM audit_records WHERE subject = 'c'`, `DELETE FROM audit_seals`,
			`UPDATE audit_records SET no = 9 WHERE no = 1`, `UPDATE audit_records SET no = NULL WHERE no = 1`,
			`UPDATE audit_seals SET hash = 'x'`, `UPDATE audit_seals SET last_no = 3`,
			`INSERT INTO audit_records (id, at, actor, origin, action, subject, before, after, sum, no)
				VALUES (90, 1, '', '', '', '', 'null', 'null', '', 90)`,
		}
		for _, column := range []string{"id", "at"} {
			refused = append(refused, `UPDATE audit_records SET `+column+` = `+column+` + 10`)
		}
		for _, column := range []string{"actor", "origin", "action", "subject", "before", "after", "sum"} {
			refused = append(refused, `UPDATE audit_records SET `+column+` = 'x' WHERE subject = 'c'`,
				`UPDATE audit_records SET no = 3, `+column+` = 'x' WHERE subject = 'c'`)
		}
		if b.Dialect() == "postgres" {
			refused = append(refused, `TRUNCATE audit_records`, `TRUNCATE audit_seals`)
		} else {
			refused = append(refused,
				`REPLACE INTO audit_records (id, at, actor, origin, action, subject, before, after, sum)
					SELECT id, at, 'x', origin, action, subject, before, after, sum FROM audit_records`,
				`REPLACE INTO audit_seals (first_no, last_no, previous, root, hash) VALUES (1, 2, '', '', '')`)
		}
		for _, statement := range refused {
			if _, err := db.ExecContext(t.Context(), statement); err == nil {
				t.Errorf("%s: done", statement)
			}
		}
		if _, err := seal(t, b, 2); err != nil {
			t.Fatal(err)
		}
		if subjects, err := trail(t, b); strings.Join(subjects, " ") != "a b c" || err != nil {
			t.Fatalf("the trail is %v, %v", subjects, err)
		}

		drop := `DROP TRIGGER audit_records_changed`
		if b.Dialect() == "postgres" {
			drop += ` ON audit_records`
		}
		for _, statement := range []string{drop, `UPDATE audit_records SET actor = 'U2' WHERE subject = 'b'`} {
			if _, err := db.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		_, err = trail(t, b)
		if broken, ok := errors.AsType[*ar.AuditError](err); !ok || broken.No != 2 {
			t.Errorf("a record was changed on purpose: %v, want an AuditError at 2", err)
		}
	})
}
