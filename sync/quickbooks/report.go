package quickbooks

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	json "github.com/go-json-experiment/json/v1"

	"arbot/ar"
)

// report is a report as QuickBooks gives all of them: columns, and rows that
// nest.
type report struct {
	reportHead
	Rows reportRows `json:"Rows"`
}

// reportHead is what a report says of itself and of its columns.
type reportHead struct {
	Header struct {
		Currency string `json:"Currency"`
		Option   []struct {
			Name  string `json:"Name"`
			Value string `json:"Value"`
		} `json:"Option"`
	} `json:"Header"`
	Columns struct {
		Column []reportColumn `json:"Column"`
	} `json:"Columns"`
}

type reportColumn struct {
	ColTitle string `json:"ColTitle"`
	ColType  string `json:"ColType"`
	MetaData []struct {
		Name  string `json:"Name"`
		Value string `json:"Value"`
	} `json:"MetaData"`
}

type reportRows struct {
	Row []reportRow `json:"Row"`
}

// reportRow is a line, or a section with rows of its own and their sum. A parent
// customer is a section whose header has figures, too.
type reportRow struct {
	Group   string      `json:"group"`
	ColData reportCells `json:"ColData"`
	Header  *reportLine `json:"Header"`
	Rows    *reportRows `json:"Rows"`
	Summary *reportLine `json:"Summary"`
}

type reportLine struct {
	ColData reportCells `json:"ColData"`
}

// reportCells are those of a line. A list of all that is open has many lines, so that
// no room is left at their ends.
type reportCells []reportCell

// UnmarshalJSON reads the cells.
func (c *reportCells) UnmarshalJSON(text []byte) error {
	var cells []reportCell
	if err := json.Unmarshal(text, &cells); err != nil {
		return fmt.Errorf("read the cells of a report's line: %w", err)
	}
	*c = append(make(reportCells, 0, len(cells)), cells...)
	return nil
}

type reportCell struct {
	Value string `json:"value"`
	ID    string `json:"id"`
}

// errReport is wrapped by what is wrong with a report: then nothing is known,
// which is not the same as nothing being owed.
var errReport = errors.New("QuickBooks' report cannot be understood")

func reportError(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errReport, fmt.Sprintf(format, args...))
}

// currency returns the currency of a report's figures: the home currency.
func (r *reportHead) currency(home ar.Currency) (ar.Currency, error) {
	if c := r.Header.Currency; c != "" && ar.Currency(c) != home {
		return "", reportError("it is in %q and the company's currency is %s", c, home)
	}
	return home, nil
}

// empty reports whether the report says of itself that there is nothing.
func (r *reportHead) empty() bool {
	for _, o := range r.Header.Option {
		if o.Name == "NoReportData" {
			return strings.EqualFold(o.Value, "true")
		}
	}
	return false
}

// grouped is a number as people write it, with commas between thousands.
var grouped = regexp.MustCompile(`^-?\d{1,3}(,\d{3})+(\.\d+)?$`)

// figure reads a cell; an empty one is 0.
func figure(cell reportCell, c ar.Currency) (ar.Money, error) {
	text := strings.TrimSpace(cell.Value)
	if text == "" {
		return ar.NewMoney(0, c), nil
	}
	if grouped.MatchString(text) {
		text = strings.ReplaceAll(text, ",", "")
	}
	amount, err := ar.ParseMoney(text, c)
	if err != nil {
		return ar.Money{}, reportError("%q is not an amount", cell.Value)
	}
	return amount, nil
}

// key is what a column holds, whatever the company calls it and in whatever
// language: "txn_type", "subt_open_bal".
func (c reportColumn) key() string {
	for _, m := range c.MetaData {
		if m.Name == "ColKey" && m.Value != "" {
			return strings.ToLower(m.Value)
		}
	}
	return strings.ToLower(c.ColType)
}

// column finds the first column with one of the keys, best first; -1 for none.
func (r *reportHead) column(keys ...string) int {
	for _, key := range keys {
		for i, c := range r.Columns.Column {
			if c.key() == key {
				return i
			}
		}
	}
	return -1
}

// reportSum adds the rows of a report up, in a column. The grand total is the section that
// says so, else the last one that has a sum and nothing else.
type reportSum struct {
	column   int
	currency ar.Currency
	sum      ar.Money
	grand    *reportLine
}

func newReportSum(column int, c ar.Currency) *reportSum {
	return &reportSum{column: column, currency: c, sum: ar.NewMoney(0, c)}
}

func (s *reportSum) add(row *reportRow) error {
	if row.isGrandTotal() {
		s.grand = row.Summary
		return nil
	}
	part, err := row.sum(s.column, s.currency)
	if err != nil {
		return err
	}
	if s.sum, err = s.sum.Add(part); err != nil {
		return reportError("%v", err)
	}
	return nil
}

// checked returns the grand total if the rows add up to it.
func (s *reportSum) checked() (ar.Money, error) {
	if s.grand == nil {
		return ar.Money{}, reportError("it has no grand total")
	}
	grand, err := cellOf(s.grand.ColData, s.column, s.currency)
	if err == nil && grand != s.sum {
		err = reportError("its total is %s and its rows add up to %s", grand, s.sum)
	}
	return grand, err
}

func (row *reportRow) isGrandTotal() bool {
	if row.Summary == nil {
		return false
	}
	return strings.EqualFold(row.Group, "GrandTotal") || row.Group == "" && row.Header == nil && row.Rows == nil && len(row.ColData) == 0
}

// sum is what a row stands for: its own figure, or the sum of its rows. The header
// of a section can have a figure of its own (a parent's beside its children's);
// the sum that the section states must be that of the rows, with or without it.
func (row *reportRow) sum(column int, c ar.Currency) (ar.Money, error) {
	if len(row.ColData) > 0 {
		return cellOf(row.ColData, column, c)
	}
	below := ar.NewMoney(0, c)
	if row.Rows != nil {
		for i := range row.Rows.Row {
			part, err := row.Rows.Row[i].sum(column, c)
			if err != nil {
				return below, err
			}
			if below, err = below.Add(part); err != nil {
				return below, reportError("%v", err)
			}
		}
	}
	total := below
	if row.Header != nil && column < len(row.Header.ColData) {
		own, err := figure(row.Header.ColData[column], c)
		if err != nil {
			return total, err
		}
		if total, err = below.Add(own); err != nil {
			return total, reportError("%v", err)
		}
	}
	if row.Summary == nil {
		return total, nil
	}
	stated, err := cellOf(row.Summary.ColData, column, c)
	if err == nil && stated != total && stated != below {
		err = reportError("a section states %s and its rows add up to %s", stated, total)
	}
	return stated, err
}

func cellOf(cells []reportCell, column int, c ar.Currency) (ar.Money, error) {
	if column < 0 || column >= len(cells) {
		return ar.Money{}, reportError("a row has %d columns", len(cells))
	}
	return figure(cells[column], c)
}

// netAR reads AgedReceivables: its last column is the total of each customer.
func (r *report) netAR(home ar.Currency) (ar.Money, error) {
	c, err := r.currency(home)
	if err != nil {
		return ar.Money{}, err
	}
	if len(r.Rows.Row) == 0 && r.empty() {
		return ar.NewMoney(0, c), nil
	}
	column := r.column("total")
	if column < 0 {
		column = len(r.Columns.Column) - 1
	}
	if column < 0 {
		return ar.Money{}, reportError("it has no columns")
	}
	sum := newReportSum(column, c)
	for i := range r.Rows.Row {
		if err := sum.add(&r.Rows.Row[i]); err != nil {
			return ar.Money{}, err
		}
	}
	return sum.checked()
}
