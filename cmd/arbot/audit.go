package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"arbot/ar"
	"arbot/desk"
)

// audit proves the record of what was changed, or writes it out.
func (p *program) audit(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return usageError{"say verify, or export"}
	}
	set := p.flags("audit")
	path := p.configFlag(set)
	from := set.String("from", "", "export: the first day, YYYY-MM-DD, in the company's zone")
	to := set.String("to", "", "export: the last day")
	seal := set.String("seal", "", "verify: the `hash` of a seal that was kept elsewhere, which has to be in the trail")
	most := 0
	if args[0] == "export" {
		most = 1
	}
	verb := args[0]
	if verb == "--help" || verb == "-h" || verb == "-help" {
		p.helpOn(set)
		return flag.ErrHelp
	}
	if err := p.parse(set, args[1:], most); err != nil {
		return err
	}
	if verb != "verify" && verb != "export" {
		return usageError{fmt.Sprintf("%q is neither verify nor export", verb)}
	}
	s, err := readConfig(*path)
	if err != nil {
		return err
	}
	span, err := auditSpan(*from, *to, s.zone)
	if err != nil {
		return err
	}
	a, err := p.openApp(ctx, s, p.logger())
	if err != nil {
		return err
	}
	if verb == "verify" {
		err = p.verifyAudit(ctx, a.desk, *seal)
	} else {
		err = p.exportAudit(ctx, a.desk, span, set.Arg(0))
	}
	return errors.Join(err, a.close())
}

// auditSpan reads the days of an export; "" is no bound.
func auditSpan(from, to string, zone *time.Location) (span desk.AuditSpan, err error) {
	for _, bound := range []struct {
		text string
		to   *time.Time
		days int // after the day that is named
	}{{from, &span.From, 0}, {to, &span.Before, 1}} {
		if bound.text == "" {
			continue
		}
		day, err := ar.ParseDate(bound.text)
		if err != nil {
			return span, usageError{fmt.Sprintf("%q is not a day such as 2026-11-25", bound.text)}
		}
		*bound.to = day.AddDays(bound.days).In(zone)
	}
	if !span.From.IsZero() && !span.Before.IsZero() && !span.From.Before(span.Before) {
		return span, usageError{"--from is after --to"}
	}
	return span, nil
}

func (p *program) verifyAudit(ctx context.Context, d *desk.Desk, seal string) error {
	var kept []string
	if seal != "" {
		kept = append(kept, seal)
	}
	proved, err := d.VerifyAudit(ctx, kept...)
	if broken, ok := errors.AsType[*ar.AuditError](err); ok {
		return fmt.Errorf("the audit is broken: %w. %d records before it are as they were written", broken, proved.Records)
	}
	if err != nil {
		return err
	}
	if proved.Records == 0 {
		fmt.Fprintln(p.out, "Nothing is sealed yet.")
	} else {
		fmt.Fprintf(p.out, "Records 1 to %d, in %d seals, are as they were written.\nThe last seal is %s. Keep it elsewhere: it proves all before it.\n",
			proved.Records, proved.Seals, proved.Last.Hash)
	}
	switch {
	case proved.Unsealed > 0 && proved.Records == 0:
		fmt.Fprintf(p.out, "`arbot serve` seals the %d records that there are within minutes.\n", proved.Unsealed)
	case proved.Unsealed > 0:
		fmt.Fprintf(p.out, "%d newer records are not sealed yet; `arbot serve` seals them within minutes.\n", proved.Unsealed)
	}
	return nil
}

// exportedRecord is one line of an export: the record with its place and sum.
type exportedRecord struct {
	No int64 `json:"no"`
	ar.AuditRecord

	Sum string `json:"sum"`
}

// exportAudit writes the records of a span as JSON lines: to a file that is not
// there yet, which only its owner may read, or to the terminal.
func (p *program) exportAudit(ctx context.Context, d *desk.Desk, span desk.AuditSpan, path string) error {
	if path == "" {
		_, err := writeAudit(ctx, d, span, p.out)
		return err
	}
	n, err := intoNewFile(path, func(w io.Writer) (int, error) { return writeAudit(ctx, d, span, w) })
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%d records are in %s.\n", n, path)
	return nil
}

func writeAudit(ctx context.Context, d *desk.Desk, span desk.AuditSpan, w io.Writer) (n int, err error) {
	buffered := bufio.NewWriter(w)
	encoder := json.NewEncoder(buffered)
	encoder.SetEscapeHTML(false)
	err = d.EachAudit(ctx, span, func(r ar.AuditRecord) error {
		n++
		return encoder.Encode(exportedRecord{No: r.No, AuditRecord: r, Sum: r.Sum})
	})
	if err := errors.Join(err, buffered.Flush()); err != nil {
		return n, fmt.Errorf("write the audit: %w", err)
	}
	return n, nil
}

// intoNewFile writes a file that is whole or not there. What is there already is
// not written over.
func intoNewFile(path string, write func(io.Writer) (int, error)) (n int, err error) {
	if _, err := os.Stat(path); err == nil {
		return 0, fmt.Errorf("%s is there already, and is not written over: name another file", path) //nolint:err113 // a sentence for the terminal
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".audit-*") // readable by its owner alone
	if err != nil {
		return 0, fmt.Errorf("write %s: %w", path, err)
	}
	n, err = write(file)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Link(file.Name(), path) // fails where another was faster
	}
	return n, errors.Join(err, os.Remove(file.Name()))
}
