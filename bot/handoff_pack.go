package bot

import (
	"archive/zip"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
	"arbot/sheet"
)

//go:embed handoff.html
var handoffPage string

var handoffTemplate = template.Must(template.New("handoff").Parse(handoffPage))

// handoffTable is one workbook of a pack.
type handoffTable struct {
	file    string
	columns []string
	rows    [][]any
}

// writeHandoff writes the pack: a page with a summary, and a workbook for each list. The
// same books give the same pack.
func (r *Router) writeHandoff(to io.Writer, h desk.Handoff) error {
	pack := zip.NewWriter(to)
	page, err := pack.Create("summary.html")
	if err == nil {
		err = handoffTemplate.Execute(page, r.handoffSummary(h))
	}
	if err != nil {
		return fmt.Errorf("summary: %w", err)
	}
	for _, t := range r.handoffTables(h) {
		file, err := pack.Create(t.file)
		if err == nil {
			err = t.write(file, r.handoffHead(h))
		}
		if err != nil {
			return fmt.Errorf("%s: %w", t.file, err)
		}
	}
	return pack.Close()
}

// handoffHead stands above each workbook: what it is of, and how old the figures are.
func (r *Router) handoffHead(h desk.Handoff) []string {
	head := []string{h.Account.Name + ", as of " + h.Day.Long()}
	if at := dataAsOf(h.Fresh, r.Desk.Settings().Zone); at != "" {
		head = append(head, "Data as of "+at)
	}
	return head
}

// dataAsOf says when the ledger was last read, with the year: a pack is read long after
// it was made. "" for never.
func dataAsOf(f desk.Fresh, zone *time.Location) string {
	if f.DataAsOf.IsZero() {
		return ""
	}
	return f.DataAsOf.In(zone).Format("2 Jan 2006 15:04 MST")
}

func (t handoffTable) write(to io.Writer, head []string) (err error) {
	book, err := sheet.NewXLSX(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	if err := book.Head(head, t.columns); err != nil {
		return err
	}
	for _, row := range t.rows {
		if err := book.Row(row...); err != nil {
			return err
		}
	}
	return nil
}

func (r *Router) handoffTables(h desk.Handoff) []handoffTable {
	return []handoffTable{
		r.statementTable(h), invoicesTable(h), r.promisesTable(h), r.contactLog(h),
	}
}

func (r *Router) statementTable(h desk.Handoff) handoffTable {
	t := handoffTable{file: "statement.xlsx", columns: []string{"Date", "Kind", "Number", "Due", "Amount", "Open", "Currency"}}
	for _, l := range h.Statement {
		t.rows = append(t.rows, []any{l.Date, string(l.Kind), l.Label(), dueOf(l.Document), l.Effect(), l.Open, string(l.Amount.Currency())})
	}
	return t
}

// dueOf is when a document is due; nothing for one that is owed by nobody.
func dueOf(d ar.Document) ar.Date {
	if d.Effect().Sign() <= 0 {
		return ar.Date{}
	}
	return d.Due
}

func invoicesTable(h desk.Handoff) handoffTable {
	t := handoffTable{file: "overdue-invoices.xlsx", columns: []string{"Number", "Date", "Due", "Days overdue", "Amount", "Open", "Currency", "PO"}}
	for _, i := range h.Invoices {
		t.rows = append(t.rows, []any{i.Label(), i.Date, i.Due, i.DaysOverdue(h.Day), i.Amount, i.Open, string(i.Amount.Currency()), i.PO})
	}
	return t
}

func (r *Router) promisesTable(h desk.Handoff) handoffTable {
	t := handoffTable{file: "promises.xlsx", columns: []string{"Promised on", "By when", "Amount", "Currency", "Invoice", "What became of it"}}
	for _, p := range h.Promises {
		t.rows = append(t.rows, []any{p.Made.On, p.Due, p.Amount, string(p.Amount.Currency()), p.Invoice, p.Became})
	}
	return t
}

func (r *Router) contactLog(h desk.Handoff) handoffTable {
	t := handoffTable{file: "contact-log.xlsx", columns: []string{"Date", "Kind", "What"}}
	for _, e := range h.Log.Events {
		t.rows = append(t.rows, []any{e.On, string(e.Kind), eventSays(e, h.Log)})
	}
	return t
}

// handoffSummary is what the page shows: all of it is text, escaped by the template.
func (r *Router) handoffSummary(h desk.Handoff) map[string]any {
	type fact struct{ Label, Value string }
	facts := []fact{{"Customer", h.Account.Name}, {"Number", h.Account.Number}, {"Terms", h.Account.Terms}}
	for _, f := range contactFields(h.Contact) {
		facts = append(facts, fact{f.Label, f.Value})
	}
	var names []string
	for _, c := range h.Below {
		names = append(names, c.Name)
	}
	if len(names) > 0 {
		facts = append(facts, fact{"Includes", strings.Join(names, ", ")})
	}
	var invoices, log []string
	for _, i := range h.Invoices {
		invoices = append(invoices, fmt.Sprintf("%s · %s · due %s · %s overdue", i.Label(), i.Open, i.Due.Long(), count(i.DaysOverdue(h.Day), "day")))
	}
	for _, e := range h.Log.Events {
		log = append(log, e.On.Long()+": "+eventSays(e, h.Log))
	}
	var disputes []string
	for _, d := range h.Disputes {
		disputes = append(disputes, upperFirst(disputeSays(d))+", "+disputeState(d))
	}
	return map[string]any{
		"Name": h.Account.Name, "Day": h.Day.Long(), "DataAsOf": dataAsOf(h.Fresh, r.Desk.Settings().Zone), "Sums": amounts(h.Sums), "Credits": amounts(h.Credits), "HasCredits": len(h.Credits) > 0,
		"Facts": cleaned(facts, func(f fact) fact { return fact{f.Label, card.Clean(f.Value)} }), "Invoices": invoices, "Disputes": disputes, "Log": log,
	}
}

func cleaned[T any](list []T, clean func(T) T) []T {
	for i := range list {
		list[i] = clean(list[i])
	}
	return list
}
