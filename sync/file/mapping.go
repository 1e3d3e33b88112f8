package file

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"arbot/ar"
	"arbot/sync/file/cells"
)

// Mapping says how to read one table: which column is what, and how the columns
// write dates and amounts. Nothing of it is guessed from the cells.
type Mapping struct {
	// Name is the id of the source, so two companies have two names; "" is
	// "main".
	Name string `yaml:"name"`
	// Company is what people call it; "" is Name.
	Company string `yaml:"company"`
	// Delimiter is a comma (""), a semicolon or "tab".
	Delimiter string `yaml:"delimiter"`
	// Dates is the layout of all date columns: YYYY-MM-DD (""), MM/DD/YYYY,
	// DD.MM.YYYY, D MMM YYYY ...
	Dates string `yaml:"dates"`
	// Decimal is the decimal mark of all amount columns: a point ("") or a
	// comma.
	Decimal string `yaml:"decimal"`
	// MinorUnits says that amounts are whole cents, fils or yen.
	MinorUnits bool `yaml:"minor_units"`
	// Currency is the currency of all rows where no column holds it.
	Currency string `yaml:"currency"`
	// Kinds translates the cells of the kind column into kinds of document;
	// without it the cells must hold these.
	Kinds map[string]string `yaml:"kinds"`
	// Statuses translates the cells of the status column into posted, draft, void and
	// deleted; without it the cells must hold these.
	Statuses map[string]string `yaml:"statuses"`
	// Skip names columns, and cells of them whose rows are left out: bills among
	// invoices, rows that are marked as deleted.
	Skip    map[string][]string `yaml:"skip"`
	Columns Columns             `yaml:"columns"`
}

// Columns are the header texts of a table's columns; "" for one that it has
// not.
type Columns struct {
	// ID is the ledger's own id of a document. Without it a document is known
	// by its number, which must then not repeat within a customer.
	ID     string `yaml:"id"`
	Number string `yaml:"number"`
	// Kind is what the document is; without it all are invoices.
	Kind string `yaml:"kind"`
	// CustomerID is the ledger's own id of a customer. Without it customers
	// are known by name, so that two spellings are two customers.
	CustomerID string `yaml:"customer_id"`
	Customer   string `yaml:"customer"`
	Date       string `yaml:"date"`
	Due        string `yaml:"due"`
	Amount     string `yaml:"amount"`
	// Balance is what is open.
	Balance string `yaml:"balance"`
	// Paid is when it was paid.
	Paid     string `yaml:"paid"`
	Currency string `yaml:"currency"`
	Status   string `yaml:"status"`
	Terms    string `yaml:"terms"`
	PO       string `yaml:"po"`
	Memo     string `yaml:"memo"`
	// Owner, Class and Region belong to the customer of the row.
	Owner  string `yaml:"owner"`
	Class  string `yaml:"class"`
	Region string `yaml:"region"`
}

// The columns of a table, as places in what list returns.
const (
	tableID = iota
	tableNumber
	tableKind
	tableCustomerID
	tableCustomer
	tableDate
	tableDue
	tableAmount
	tableBalance
	tablePaid
	tableCurrency
	tableStatus
	tableTerms
	tablePO
	tableMemo
	tableOwner
	tableClass
	tableRegion
)

// list returns the columns; each that is named must be there.
func (c Columns) list() []column {
	names := []string{
		tableID: c.ID, tableNumber: c.Number, tableKind: c.Kind, tableCustomerID: c.CustomerID, tableCustomer: c.Customer,
		tableDate: c.Date, tableDue: c.Due, tableAmount: c.Amount, tableBalance: c.Balance, tablePaid: c.Paid,
		tableCurrency: c.Currency, tableStatus: c.Status, tableTerms: c.Terms, tablePO: c.PO, tableMemo: c.Memo,
		tableOwner: c.Owner, tableClass: c.Class, tableRegion: c.Region,
	}
	columns := make([]column, len(names))
	for i, name := range names {
		columns[i] = column{name: name, required: name != ""}
	}
	return columns
}

// MappingError says everything that is wrong with a mapping.
type MappingError struct{ Faults []string }

// Error lists the faults, a line for each.
func (e *MappingError) Error() string {
	return "The column mapping cannot be used:\n  " + strings.Join(e.Faults, "\n  ")
}

// Unwrap lets ar.KindOf see that the input is refused.
func (e *MappingError) Unwrap() error { return &ar.Error{Kind: ar.Invalid, Say: e.Error()} }

// Validate reports all that is wrong with the mapping as a *MappingError.
func (m Mapping) Validate() error {
	_, err := m.rules()
	return err
}

// rules are a mapping in the form in which rows are read.
type rules struct {
	delimiter rune
	dates     cells.Layout
	numbers   cells.Numbers
	currency  ar.Currency
	kinds     map[string]ar.DocumentKind
	statuses  map[string]ar.Status
	skip      []skipped
	// columns are those of the mapping, and behind them those that only skip names.
	columns []column
}

// skipped are the cells of a column whose rows are left out.
type skipped struct {
	column int
	cells  map[string]bool
}

// leftOut reports whether the mapping says to skip a row.
func (r rules) leftOut(s *sheet) bool {
	return slices.ContainsFunc(r.skip, func(k skipped) bool { return k.cells[sameHeader(s.text(k.column))] })
}

// skipping adds the cells of a column whose rows are left out.
func (r *rules) skipping(header string, texts []string) {
	skip := skipped{cells: map[string]bool{}}
	skip.column = slices.IndexFunc(r.columns, func(c column) bool { return c.name != "" && sameHeader(c.name) == sameHeader(header) })
	if skip.column < 0 {
		skip.column = len(r.columns)
		r.columns = append(r.columns, column{name: header, required: true})
	}
	for _, text := range texts {
		skip.cells[sameHeader(text)] = true
	}
	r.skip = append(r.skip, skip)
}

func (m Mapping) rules() (rules, error) {
	var r rules
	faults := m.missingColumns()
	note := func(err error) {
		if err != nil {
			faults = append(faults, err.Error())
		}
	}
	var err error
	r.delimiter, err = m.delimiter()
	note(err)
	r.dates, err = cells.ParseLayout(cmp.Or(m.Dates, "YYYY-MM-DD"))
	if err != nil {
		note(fmt.Errorf("dates: %w", err))
	}
	r.numbers, err = m.numbers()
	note(err)
	if m.Currency != "" {
		if r.currency, err = ar.ParseCurrency(m.Currency); err != nil {
			note(fmt.Errorf("currency: %w", err))
		}
	}
	r.kinds = map[string]ar.DocumentKind{}
	for _, cell := range slices.Sorted(maps.Keys(m.Kinds)) {
		kind, err := ar.ParseDocumentKind(m.Kinds[cell])
		if err != nil {
			note(fmt.Errorf("kinds: %s: %w", cell, err))
		}
		r.kinds[sameHeader(cell)] = kind
	}
	r.columns = m.Columns.list()
	r.statuses = map[string]ar.Status{}
	for _, cell := range slices.Sorted(maps.Keys(m.Statuses)) {
		status, err := ar.ParseStatus(m.Statuses[cell])
		if err != nil {
			note(fmt.Errorf("statuses: %s: %w", cell, err))
		}
		r.statuses[sameHeader(cell)] = status
	}
	for _, header := range slices.Sorted(maps.Keys(m.Skip)) {
		r.skipping(header, m.Skip[header])
	}
	if len(faults) > 0 {
		return rules{}, &MappingError{Faults: faults}
	}
	return r, nil
}

func (m Mapping) missingColumns() (faults []string) {
	c := m.Columns
	needs := []struct {
		there bool
		fault string
	}{
		{c.ID != "" || c.Number != "", "columns: name the column of the invoice number (number), or of the ledger's id (id)"},
		{c.Customer != "" || c.CustomerID != "", "columns: name the column of the customer (customer), or of its id (customer_id)"},
		{c.Date != "" || c.Due != "", "columns: name the column of the invoice date (date), or at least of the due date (due)"},
		{c.Amount != "" || c.Balance != "", "columns: name the column of the amount (amount), or at least of what is open (balance)"},
		{c.Currency != "" || m.Currency != "", "currency: name the currency of all rows (currency: USD), or the column that holds it (columns: currency)"},
		{c.Currency == "" || m.Currency == "", "currency: there is a column for it, so take the fixed currency out"},
		{c.Status != "" || len(m.Statuses) == 0, "statuses: there is no column whose cells they could translate (columns: status)"},
		{c.Kind != "" || len(m.Kinds) == 0, "kinds: there is no column whose cells they could translate (columns: kind)"},
	}
	for _, n := range needs {
		if !n.there {
			faults = append(faults, n.fault)
		}
	}
	return faults
}

func (m Mapping) delimiter() (rune, error) {
	switch strings.ToLower(m.Delimiter) {
	case "", ",", "comma":
		return ',', nil
	case ";", "semicolon":
		return ';', nil
	case "\t", "tab":
		return '\t', nil
	}
	return 0, fmt.Errorf("delimiter: %q is not a comma, a semicolon or tab", m.Delimiter)
}

func (m Mapping) numbers() (cells.Numbers, error) {
	switch strings.ToLower(m.Decimal) {
	case "", ".", "point":
		return cells.Numbers{Decimal: '.', Minor: m.MinorUnits}, nil
	case ",", "comma":
		return cells.Numbers{Decimal: ',', Minor: m.MinorUnits}, nil
	}
	return cells.Numbers{}, fmt.Errorf("decimal: %q is not a point or a comma", m.Decimal)
}
