package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// verdict is how a check ended.
type verdict string

const (
	ok   verdict = "ok"
	warn verdict = "warn" // it works, and somebody ought to know
	fail verdict = "fail" // it does not work
)

// finding is what a check found, with what to do where something is wrong.
type finding struct {
	Verdict verdict `json:"verdict"`
	Check   string  `json:"check"`
	Say     string  `json:"say"`
}

// examination is the findings so far.
type examination struct {
	*program
	app      *app // without its books where they cannot be opened
	findings []finding
}

func (e *examination) note(v verdict, check, format string, args ...any) {
	e.findings = append(e.findings, finding{v, check, fmt.Sprintf(format, args...)})
}

// count is how many checks ended so.
func (e *examination) count(v verdict) (n int) {
	for _, f := range e.findings {
		if f.Verdict == v {
			n++
		}
	}
	return n
}

var errUnwell = errors.New("not well")

// doctor checks everything live and changes nothing. It needs no running bot, and
// disturbs none.
func (p *program) doctor(ctx context.Context, args []string) error {
	set := p.flags("doctor")
	path := p.configFlag(set)
	asJSON := set.Bool("json", false, "print JSON")
	if err := p.parse(set, args, 0); err != nil {
		return err
	}
	e := &examination{program: p}
	err := e.examine(ctx, *path)
	if err != nil {
		return err
	}
	if err := e.print(*asJSON); err != nil {
		return fmt.Errorf("print the findings: %w", err)
	}
	if n := e.count(fail); n > 0 {
		return fmt.Errorf("%w: %d of %d checks failed", errUnwell, n, len(e.findings))
	}
	return nil
}

// examine runs the checks: what a later one needs and an earlier one found missing
// leaves it out.
func (e *examination) examine(ctx context.Context, path string) error {
	s, err := readConfig(path)
	if err != nil {
		e.note(fail, "config", "%s", strings.TrimSpace(err.Error()))
		return nil
	}
	e.note(ok, "config", "%s is read, and has no faults.", path)
	e.app = &app{settings: s, now: e.now, log: e.logger(), wait: e.wait, lost: make(chan error, 1), life: ctx}
	e.checkClock()
	e.checkBooks(ctx)
	defer func() {
		if e.app.books != nil {
			e.app.intuit.close()
			err = errors.Join(err, e.app.books.Close())
		}
	}()
	e.checkSlack(ctx)
	return err
}

// print writes a line for each finding, or JSON.
func (e *examination) print(asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(e.out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(struct {
			Version  string    `json:"version"`
			Healthy  bool      `json:"healthy"`
			Findings []finding `json:"findings"`
		}{buildVersion(), e.count(fail) == 0, e.findings})
	}
	for _, f := range e.findings {
		if err := printFinding(e.out, f); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(e.out, "%d ok, %d to look at, %d failed.\n", e.count(ok), e.count(warn), e.count(fail))
	return err
}

// printFinding writes one line, and more only where a config has several faults.
func printFinding(w io.Writer, f finding) error {
	_, err := fmt.Fprintf(w, "%-4s  %-9s  %s\n", f.Verdict, f.Check, strings.ReplaceAll(f.Say, "\n", "\n"+strings.Repeat(" ", 17)))
	return err
}
