package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"arbot/ar"
	arsync "arbot/sync"
	"arbot/sync/file/export"
)

// checkAll says of each ledger what reading it would do. Nothing is written.
func (a *app) checkAll(ctx context.Context, p *program, ledgers []ledger, asOf ar.Date, o arsync.Options) error {
	var faults []error
	for _, l := range ledgers {
		if err := a.checkLedger(ctx, p.out, l, asOf, o); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", l.name, err))
		}
	}
	fmt.Fprintln(p.out, "Nothing was written.")
	return errors.Join(faults...)
}

func (a *app) checkLedger(ctx context.Context, out io.Writer, l ledger, asOf ar.Date, o arsync.Options) error {
	source, err := openAsOf(ctx, l, asOf)
	if err != nil {
		return err
	}
	s, ok := source.(*export.Source)
	if !ok {
		return a.checkSource(ctx, out, l, source, o)
	}
	e, objections, err := a.checkExport(ctx, s, o)
	if err != nil {
		return err
	}
	printExport(out, e)
	change, err := a.compare(ctx, source, e)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "  would change  %s\n", change)
	printObjections(out, objections)
	return nil
}

// checkExport begins to read an export, and says what is in it and which guards would
// refuse it.
func (a *app) checkExport(ctx context.Context, s *export.Source, o arsync.Options) (e *export.Export, objections []error, err error) {
	id, err := s.Identity(ctx)
	if err != nil {
		return nil, nil, err
	}
	s.Checked = func(checked *export.Export) { e = checked }
	reading, err := s.Full(ctx)
	if err != nil {
		return nil, nil, err
	}
	objections, err = a.engine.Objections(ctx, id, reading, a.guarded(s.Ledger, o))
	return e, objections, err
}

// printObjections says what `arbot import` would refuse, and the flag that allows it.
func printObjections(out io.Writer, objections []error) {
	for _, o := range objections {
		fmt.Fprintf(out, "  REFUSED       it would be refused without %s: %s.\n", allows(o), why(o))
	}
}

// why says without advice what a guard objects to.
func why(objection error) string {
	if o, ok := objection.(interface{ Why() string }); ok {
		return o.Why()
	}
	return objection.Error()
}

// allows is the flag that takes a guard away.
func allows(objection error) string {
	if _, older := errors.AsType[*arsync.OlderError](objection); older {
		return "--allow-older"
	}
	return "--allow-removals"
}

// checkSource checks a bundle or a table, whose layout the config says.
func (a *app) checkSource(ctx context.Context, out io.Writer, l ledger, source arsync.Source, o arsync.Options) error {
	id, err := source.Identity(ctx)
	if err != nil {
		return err
	}
	reading, err := source.Full(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %s, nothing is wrong.\n", l.name, several(reading.Total, "record"))
	for _, w := range reading.Warnings {
		fmt.Fprintf(out, "  Warning: %s\n", w)
	}
	objections, err := a.engine.Objections(ctx, id, reading, a.guarded(l.name, o))
	printObjections(out, objections)
	return err
}

// printExport says what a file is and what is in it.
func printExport(out io.Writer, e *export.Export) {
	stated := "the file states no date"
	if e.Stated {
		stated = "the file says so"
	}
	fmt.Fprintf(out, "%s\n  layout        %s\n  written as    %s\n  as of         %s (%s)\n  meaning       %s\n",
		e.Path, e.Layout, e.Format, e.AsOf, stated, e.Meaning)
	if e.Company != "" {
		fmt.Fprintf(out, "  company       %s\n", e.Company)
	}
	what := "columns"
	for _, c := range e.Columns {
		header := strings.TrimSpace(c.Header)
		if header == "" {
			header = "(no name)"
		}
		fmt.Fprintf(out, "  %-13s %s: %s, %s\n", what, header, c.As, c.How)
		what = ""
	}
	fmt.Fprintf(out, "  rows          %s of %s\n", several(e.Documents, "document"), several(len(e.Customers), "customer"))
	for _, s := range e.Sums {
		fmt.Fprintf(out, "  open          %s net in %s: %s\n", s.Net, several(s.Documents, "document"), aged(s))
	}
	printTotals(out, e)
	for _, f := range e.Skipped {
		fmt.Fprintf(out, "  left out      %s\n", f)
	}
	for _, w := range e.Warnings {
		fmt.Fprintf(out, "  Warning: %s\n", w)
	}
}

// several counts things.
func several(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// aged names what is in each bucket.
func aged(s export.Sum) string {
	edges := ar.DefaultEdges(ar.ByDueDate)
	var parts []string
	for i, m := range s.Owed {
		parts = append(parts, fmt.Sprintf("%s %s", edges.Label(i), m))
	}
	if !s.Unapplied.IsZero() {
		parts = append(parts, "unapplied credit "+s.Unapplied.String())
	}
	return strings.Join(parts, "; ")
}

func printTotals(out io.Writer, e *export.Export) {
	if len(e.Totals) == 0 {
		fmt.Fprintln(out, "  totals        the file has none")
		return
	}
	ties := 0
	for _, t := range e.Totals {
		if t.Ties() {
			ties++
		}
	}
	line := fmt.Sprintf("%d of the file's %d agree with its rows", ties, len(e.Totals))
	if t, ok := e.Total(); ok {
		line += fmt.Sprintf("; its grand total is %s, its rows add up to %s", t.Stated, t.Read)
	}
	fmt.Fprintf(out, "  totals        %s\n", line)
}

// compare holds what a file says against what the books have open, and says what would
// change.
func (a *app) compare(ctx context.Context, source arsync.Source, e *export.Export) (string, error) {
	id, err := source.Identity(ctx)
	if err != nil {
		return "", err
	}
	open, known, err := a.openOf(ctx, id, e.AsOf)
	if err != nil {
		return "", err
	}
	if !known {
		return fmt.Sprintf("everything is new: %s, %s", several(len(e.Customers), "customer"), several(e.Documents, "document")), nil
	}
	added, moved, same := 0, 0, 0
	for row, err := range e.Rows(ctx) {
		if err != nil {
			return "", err
		}
		before, was := open[row.Document.Ref]
		delete(open, row.Document.Ref)
		switch {
		case !row.HasOpen:
		case !was && !row.Open.IsZero():
			added++
		case was && before != row.Open:
			moved++
		case was:
			same++
		}
	}
	change := fmt.Sprintf("open now and not before: %d; another amount open: %d; as before: %d", added, moved, same)
	if e.Meaning == export.Snapshot {
		change += fmt.Sprintf("; closed, since the file does not have them: %d", len(open))
	}
	return change, nil
}

// openOf is what the books have open of a source at the end of a date; known is false for
// a source that they have not read yet.
func (a *app) openOf(ctx context.Context, id ar.SourceIdentity, asOf ar.Date) (open map[ar.Ref]ar.Money, known bool, err error) {
	open = map[ar.Ref]ar.Money{}
	err = a.books.View(ctx, func(books ar.Reader) error {
		sources, err := books.Sources(ctx)
		if err != nil {
			return err
		}
		for _, s := range sources {
			if s.Kind != id.Kind || s.External != id.External || s.FirstSynced.IsZero() {
				continue
			}
			known = true
			query := ar.ItemQuery{AsOf: asOf, Scope: ar.Everything(), Source: s.ID}
			err := books.EachOpenItem(ctx, query, func(i ar.OpenItem) { open[ar.Ref{Kind: i.Kind, External: i.External}] = i.Open })
			if err != nil {
				return err
			}
		}
		return nil
	})
	return open, known, err
}
