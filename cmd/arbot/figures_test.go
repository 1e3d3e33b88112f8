package main

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arbot/ar"
	"arbot/internal/sampleco"
)

// A list goes into a file from the command line, by the code that answers in Slack.
func TestExport(t *testing.T) {
	t.Parallel()
	s := newShell(t, wednesday)
	s.write(t, "arbot.yaml", valid)
	s.mustRun(t, "migrate")
	target := filepath.Join(s.dir, "aging.csv")
	if got := s.mustRun(t, "export", "aging", target); got != "There is nothing to export, so no file was written.\n" {
		t.Errorf("without books it prints %q", got)
	}
	if _, err := os.Stat(target); err == nil {
		t.Error("without books a file was written")
	}
	day := ar.DateOf(s.clock(), s.clock().Location())
	company := sampleco.New(sampleco.Options{Seed: 1, Today: day})
	if err := company.WriteBundle(filepath.Join(s.dir, "export"), day, s.clock()); err != nil {
		t.Fatal(err)
	}
	s.mustRun(t, "import")
	said := s.mustRun(t, "export", "aging", "--as-of", "2026-03-02", target)
	content, err := os.ReadFile(target)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil || len(lines) < 50 || !strings.Contains(said, "as of 2026-03-02 are in "+target) {
		t.Errorf("%d lines (%v); it prints %q", len(lines), err, said)
	}
	workbook := filepath.Join(s.dir, "timeline.xlsx")
	s.mustRun(t, "export", "timeline", "--customer", "Acme Corporation", workbook)
	if content, err := os.ReadFile(workbook); err != nil || !bytes.HasPrefix(content, []byte("PK")) {
		t.Errorf("the workbook is no workbook: %v", err)
	}
	for args, want := range map[string]string{
		"export":                                       "say aging, promises, disputes or timeline",
		"export payroll x.csv":                         "say aging, promises, disputes or timeline",
		"export aging":                                 "name the file to write, ending in .xlsx or .csv",
		"export aging x.pdf":                           "name the file to write, ending in .xlsx or .csv",
		"export aging --as-of yesterday x.csv":         "is not a day such as 2026-11-25",
		"export aging " + target:                       "is there already",
		"export timeline x.csv":                        "Whose timeline? Name a customer.",
		"export aging --customer zzyzx x.csv":          "zzyzx",
		"export aging --customer acme --owner b x.csv": "not for both",
	} {
		if got := s.run(t, strings.Fields(args)...); got.code == 0 || !strings.Contains(got.err, want) {
			t.Errorf("%s: exit code %d, it says %q, want %q", args, got.code, got.err, want)
		}
	}
}

func TestLossRates(t *testing.T) {
	t.Parallel()
	s := newShell(t, wednesday)
	for rates, want := range map[string]string{
		"[0.5, 1, 2.5, 10, 100]": "",
		"[1, 5, 10, 25]":         "write five",
		"[1, 5, 10, 25, 101]":    "is not a number of percent",
		"[1, 5, 10, 25, -5]":     "is not a number of percent",
		"[1, 5, ten, 25, 50]":    "is not a number of percent",
	} {
		s.write(t, "arbot.yaml", valid+"\nloss_rates: "+rates+"\n")
		got := s.run(t, "migrate")
		if want == "" && got.code != 0 || !strings.Contains(got.err, want) {
			t.Errorf("%s: exit code %d, it says %q, want %q", rates, got.code, got.err, want)
		}
	}
}
