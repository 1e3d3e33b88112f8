package desk

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"arbot/ar"
)

// ExportOf says what an export lists.
type ExportOf string

// What can be exported.
const (
	ExportAging    ExportOf = "aging"
	ExportPromises ExportOf = "promises"
	ExportDisputes ExportOf = "disputes"
	ExportTimeline ExportOf = "timeline"
)

// Exports lists what can be exported.
func Exports() []ExportOf {
	return []ExportOf{ExportAging, ExportPromises, ExportDisputes, ExportTimeline}
}

// MostExported is how many rows an export has at most: a file of them can still be sent
// and opened on an office computer.
const MostExported = 200_000

// ExportInput asks for a list as a file: of all that the actor sees, of an account or of a
// sales owner's accounts. A timeline is that of an account.
type ExportInput struct {
	Of ExportOf
	// Account is a customer as a person typed it; Customer one that was chosen.
	Account  string
	Customer ar.CustomerID
	// Owner is a sales owner; it and an account exclude each other.
	Owner string
	// AsOf is the zero date for today.
	AsOf ar.Date
	// File is how the file is called, for the audit.
	File string
	// Most is how many rows it may have; 0 is MostExported.
	Most int
}

// Validate names what is wrong with the input.
func (in ExportInput) Validate(today ar.Date) error {
	account := in.Customer != 0 || strings.TrimSpace(in.Account) != ""
	switch {
	case account && in.Owner != "":
		return ar.Refuse("Ask for an account or for an owner, not for both.")
	case in.Of == ExportTimeline && !account:
		return ar.Refuse("Whose timeline? Name a customer.")
	case in.AsOf.After(today):
		return ar.Refuse("%s is still ahead. An export looks back: type today or an earlier date.", in.AsOf.Long())
	}
	return nil
}

// Table takes an export row by row: texts, amounts, dates and whole numbers.
type Table interface {
	// Head comes first: what the table is about, a line each, and the titles of its
	// columns.
	Head(about, columns []string) error
	Row(cells ...any) error
}

// Export says what was exported.
type Export struct {
	ExportInput
	// Name is the account or the owner that was asked for; "" for all that the actor sees.
	Name string
	// Partial and Hidden are as in AgingReport.
	Partial bool
	Hidden  int
	Rows    int
	Fresh   Fresh
}

// Export writes a list into a table, and into the audit that it did. Without a row
// nothing is written, not even the head. The table is begun anew where the books are read
// again after a conflict: table makes it.
func (d *Desk) Export(ctx context.Context, actor ar.Actor, in ExportInput, table func() (Table, error)) (view Export, err error) {
	if in.AsOf.IsZero() {
		in.AsOf = d.Today()
	}
	if err := in.Validate(d.Today()); err != nil {
		return Export{}, err
	}
	sees, err := d.sees(actor)
	if err != nil {
		return Export{}, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		to, err := table()
		if err != nil {
			return fmt.Errorf("make a table: %w", err)
		}
		e := &exporter{Desk: d, Export: Export{ExportInput: in}, actor: actor, to: to}
		if err := e.run(ctx, r, sees); err != nil {
			return err
		}
		view = e.Export
		return nil
	})
	if err != nil || view.Rows == 0 {
		return view, err
	}
	return view, d.books.Update(ctx, func(tx ar.Tx) error { return auditExport(ctx, tx, actor, view) })
}

// auditExport records who took what out of the books.
func auditExport(ctx context.Context, tx ar.Tx, actor ar.Actor, e Export) error {
	subject := "book"
	switch {
	case e.Customer != 0:
		subject = fmt.Sprintf("customer/%d", e.Customer)
	case e.Owner != "":
		subject = "owner/" + e.Owner
	}
	return audit(ctx, tx, actor, "export."+string(e.Of), subject, nil, struct {
		AsOf ar.Date `json:"as_of"`
		Rows int     `json:"rows"`
		File string  `json:"file,omitempty"`
	}{e.AsOf, e.Rows, e.File})
}

// exporter makes one export.
type exporter struct {
	*Desk
	Export

	actor ar.Actor
	to    Table
	// scope and customers are what it's of; nil customers are all in the scope.
	scope     ar.Scope
	customers []ar.CustomerID
	columns   []string
}

func (e *exporter) run(ctx context.Context, r ar.Reader, sees ar.Scope) (err error) {
	if err := e.aim(ctx, r, sees); err != nil {
		return err
	}
	if e.Fresh, err = e.fresh(ctx, r, sees); err != nil {
		return err
	}
	list := map[ExportOf]func(context.Context, ar.Reader) error{
		ExportAging: e.aging, ExportPromises: e.promises, ExportDisputes: e.disputes, ExportTimeline: e.timeline,
	}[e.Of]
	if list == nil {
		return ar.Refuse("“%s” cannot be exported. Type aging, promises, disputes or timeline.", e.Of)
	}
	if err := list(ctx, r); err != nil {
		return fmt.Errorf("export %s as of %s: %w", e.Of, e.AsOf, err)
	}
	return nil
}

// aim points the export at what was asked for.
func (e *exporter) aim(ctx context.Context, r ar.Reader, sees ar.Scope) (err error) {
	e.scope = sees
	switch {
	case e.Owner != "":
		e.scope, e.Name, err = e.aimOwner(ctx, r, sees, &e.Owner)
		return err
	case e.Customer == 0 && strings.TrimSpace(e.Account) == "":
		e.Partial = !sees.All
		return nil
	case e.Customer == 0:
		found, err := e.find(ctx, r, sees, e.Account)
		if err != nil {
			return err
		}
		e.Customer = found.Customer
	}
	f, err := family(ctx, r, sees, e.Customer)
	e.Name, e.Hidden, e.customers = f.Name, f.Hidden, f.ids()
	return err
}

// row writes one, after the head where it is the first. Each row ends with the date that
// it's as of and the time of the data, so that rows of several files can be put together.
func (e *exporter) row(cells ...any) error {
	if most := cmp.Or(e.Most, MostExported); e.Rows == most {
		return ar.Refuse("That would be more than %d rows. Ask for an account or for an owner, or have an admin type on the server: arbot export %s", most, e.Of)
	}
	data := ""
	if at := e.Fresh.DataAsOf; !at.IsZero() {
		data = at.In(e.settings.Zone).Format("2006-01-02 15:04 MST")
	}
	if e.Rows == 0 {
		if err := e.to.Head(e.about(data), append(e.columns, "As of", "Data as of")); err != nil {
			return err
		}
	}
	e.Rows++
	return e.to.Row(append(cells, e.AsOf, data)...)
}

// about are the lines on top of a file.
func (e *exporter) about(data string) []string {
	title := strings.ToUpper(string(e.Of[:1])) + string(e.Of[1:])
	if e.Name != "" {
		title += " of " + e.Name
	}
	lines := []string{title + " as of " + e.AsOf.String(), "Amounts in the currency of each document, nothing is converted"}
	if data != "" {
		lines = append(lines, "Data as of "+data)
	}
	if e.Partial {
		lines = append(lines, "Own accounts and those without an owner only")
	}
	return lines
}

// companies are the names of the ledgers.
func companies(ctx context.Context, r ar.Reader) (map[ar.SourceID]string, error) {
	sources, err := r.Sources(ctx)
	if err != nil {
		return nil, err
	}
	names := map[ar.SourceID]string{}
	for _, s := range sources {
		names[s.ID] = s.Name
	}
	return names, nil
}
