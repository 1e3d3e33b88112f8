package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// audited is a shell over books in which ten notes were written and sealed, in three
// batches, and two more are not sealed.
func audited(t *testing.T) (s *shell, database string) {
	t.Helper()
	s = newShell(t, wednesday)
	s.write(t, "arbot.yaml", valid)
	database = filepath.Join(s.dir, "arbot.db")
	b := storetest.Open(t, database)
	b.Ledger(t, "realm-a").Import(t, ar.Page{Customers: []ar.CustomerRecord{desktest.Customer("Danaway", "")}})
	d := desk.New(b, b.Clock.Now, desk.Settings{Zone: time.UTC})
	for i := range 12 {
		if _, err := d.WriteNote(t.Context(), desktest.Nora, desk.NoteInput{Of: "Danaway", Text: fmt.Sprintf("note <%d>", i)}); err != nil {
			t.Fatal(err)
		}
		if i == 2 || i == 6 || i == 9 {
			if _, err := d.SealAudit(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	return s, database
}

func TestAuditVerify(t *testing.T) {
	t.Parallel()
	s, _ := audited(t)
	out := s.mustRun(t, "audit", "verify")
	for _, want := range []string{"Records 1 to 10, in 3 seals, are as they were written.\nThe last seal is ", "2 newer records are not sealed yet"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q lacks %q", out, want)
		}
	}
}

// Whoever changes the trail in the database is found out, and told where it begins.
func TestAuditVerifyFindsWhatWasChanged(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, change, says string }{
		{"a text", `UPDATE audit_records SET after = '{"Text":"never said"}' WHERE no = 5`, "audit record 5 was changed after it was written. 3 records before it are as they were written"},
		{"who did it", `UPDATE audit_records SET actor = 'U0ELI' WHERE no = 1`, "audit record 1 was changed after it was written. 0 records"},
		{"a record left out", `DELETE FROM audit_records WHERE no = 6`, "audit record 6 is missing"},
		{"two that change places", `UPDATE audit_records SET no = CASE no WHEN 4 THEN -5 ELSE -4 END WHERE no IN (4, 5); UPDATE audit_records SET no = -no WHERE no < 0`, "audit record 4 "},
		{"the last one left out", `DELETE FROM audit_records WHERE no = 10`, "audit record 10 is missing"},
		{"a seal", `UPDATE audit_seals SET root = previous WHERE first_no = 4`, "audit record 4 begins a batch whose seal was changed"},
		{"a seal left out", `DELETE FROM audit_seals WHERE first_no = 4`, "audit record 4 is not sealed: the next seal begins with 8"},
		{"the last seal left out", `DELETE FROM audit_seals WHERE first_no = 8`, "audit record 8 has a place in the trail, and its seal is missing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, database := audited(t)
			tamper(t, database, tt.change)
			got := s.run(t, "audit", "verify")
			if got.code != 1 || !strings.Contains(got.err, "arbot audit: the audit is broken: "+tt.says) {
				t.Errorf("exit code %d, %q, want %q", got.code, got.err, tt.says)
			}
		})
	}
}

// tamper changes a database as somebody does who can: without the triggers that stop a
// slip.
func tamper(t *testing.T, database, change string) {
	t.Helper()
	db, err := sql.Open("sqlite3", database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var triggers []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		triggers = append(triggers, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, name := range triggers {
		change = "DROP TRIGGER " + name + "; " + change
	}
	if _, err := db.ExecContext(t.Context(), change); err != nil {
		t.Fatal(err)
	}
}

// An export is one record a line, in order, into a file that only its owner reads and
// that was not there before.
func TestAuditExport(t *testing.T) {
	t.Parallel()
	s, _ := audited(t)
	path := filepath.Join(s.dir, "audit.jsonl")
	if out := s.mustRun(t, "audit", "export", path); out != "12 records are in "+path+".\n" {
		t.Errorf("it prints %q", out)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v: %v", info.Mode(), err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if out := s.mustRun(t, "audit", "export"); out != string(text) {
		t.Error("the terminal gets something else than the file")
	}
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		var r exportedRecord
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		no := int64(i + 1)
		if i >= 10 {
			no = 0 // not sealed
		}
		if r.No != no || r.Action != "note.write" || r.Actor != "U0NORA" || r.Sum == "" || !strings.Contains(string(r.After), fmt.Sprintf("note <%d>", i)) {
			t.Errorf("line %d is %s", i, line)
		}
	}
	if got := s.run(t, "audit", "export", path); got.code != 1 || !strings.Contains(got.err, "is there already, and is not written over") {
		t.Errorf("a second time: %+v", got)
	}
	if out := s.mustRun(t, "audit", "export", "--to", "2020-01-01"); out != "" {
		t.Errorf("of a time before: %q", out)
	}
	left, err := filepath.Glob(filepath.Join(s.dir, ".audit-*"))
	if err != nil || len(left) != 0 {
		t.Errorf("it leaves %v, %v", left, err)
	}
}

func TestAuditIsCalledWrongly(t *testing.T) {
	t.Parallel()
	s := newShell(t, wednesday)
	s.write(t, "arbot.yaml", valid)
	for args, want := range map[string]string{
		"audit":                    "say verify, or export",
		"audit prove":              `"prove" is neither verify nor export`,
		"audit verify now":         `"now" is one argument too many`,
		"audit export --from soon": `"soon" is not a day such as 2026-11-25`,
		"audit export --from 2026-02-02 --to 2026-01-01": "--from is after --to",
	} {
		if got := s.run(t, strings.Fields(args)...); got.code != 2 || !strings.Contains(got.err, want) {
			t.Errorf("%s: exit code %d, %q", args, got.code, got.err)
		}
	}
}
