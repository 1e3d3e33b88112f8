package file

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"arbot/ar"
	arsync "arbot/sync"
)

// Contents are what a bundle holds.
type Contents struct {
	Company ar.SourceIdentity
	// Exported is when the records were true; zero leaves it to the files'
	// times.
	Exported     time.Time
	Customers    []ar.CustomerRecord
	Documents    []ar.DocumentRecord
	Applications []ar.ApplicationRecord
	Totals       []arsync.Total
}

// WriteBundle writes a bundle into a directory, which it makes where it is
// missing. The files of an older bundle there are replaced. Records marked as
// deleted are left out: what is not in a bundle is gone.
func WriteBundle(dir string, c Contents) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("write a bundle: %w", err)
	}
	about := [][]string{{c.Company.External, c.Company.Name, string(c.Company.Home), exported(c.Exported)}}
	customers, fields := customerRows(c.Customers)
	tables := []struct {
		file    string
		columns []column
		fields  []string
		rows    [][]string
	}{
		{aboutFile, aboutColumns, nil, about},
		{customersFile, customerColumns, fields, customers},
		{documentsFile, documentColumns, nil, documentRows(c.Documents)},
		{applicationsFile, applicationColumns, nil, applicationRows(c.Applications)},
		{totalsFile, totalColumns, nil, totalRows(c.Totals)},
	}
	for _, t := range tables {
		header := make([]string, 0, len(t.columns)+len(t.fields))
		for _, column := range t.columns {
			header = append(header, column.name)
		}
		for _, field := range t.fields {
			header = append(header, fieldPrefix+field)
		}
		if err := writeCSV(filepath.Join(dir, t.file), header, t.rows); err != nil {
			return fmt.Errorf("write a bundle: %w", err)
		}
	}
	return nil
}

func writeCSV(path string, header []string, rows [][]string) (err error) {
	f, err := os.Create(path) //nolint:gosec // the caller chooses where the bundle goes
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return writeRows(f, header, rows)
}

func writeRows(w io.Writer, header []string, rows [][]string) error {
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return err
	}
	if err := out.WriteAll(rows); err != nil { // it flushes
		return err
	}
	return nil
}

// customerRows also returns the names of the custom fields, which are columns.
func customerRows(records []ar.CustomerRecord) (rows [][]string, fields []string) {
	names := map[string]bool{}
	for _, c := range records {
		for name := range c.Fields {
			names[name] = true
		}
	}
	fields = slices.Sorted(maps.Keys(names))
	for _, c := range records {
		if c.Deleted {
			continue
		}
		row := []string{
			customerExternal: c.External, customerName: c.Name, customerNumber: c.Number, customerParent: c.Parent,
			customerAliases: strings.Join(c.Aliases, aliasMark), customerTerms: c.Terms, customerClass: c.Class,
			customerRegion: c.Region, customerSegment: c.Segment, customerOwner: c.Owner,
			customerCollector: c.Collector, customerInactive: strconv.FormatBool(c.Inactive),
		}
		for _, name := range fields {
			row = append(row, c.Fields[name])
		}
		rows = append(rows, row)
	}
	return rows, fields
}

func documentRows(records []ar.DocumentRecord) (rows [][]string) {
	for _, d := range records {
		rows = append(rows, []string{
			documentKind: string(d.Kind), documentExternal: d.External, documentNumber: d.Number,
			documentCustomer: d.Customer, documentAmount: d.Amount.Decimal(), documentCurrency: string(d.Amount.Currency()),
			documentDate: d.Date.String(), documentDue: d.Due.String(), documentTerms: d.Terms,
			documentStatus: string(d.Status), documentPO: d.PO, documentMemo: d.Memo, documentURL: d.URL,
		})
	}
	return rows
}

func applicationRows(records []ar.ApplicationRecord) (rows [][]string) {
	for _, a := range records {
		if a.Deleted {
			continue
		}
		rows = append(rows, []string{
			applicationExternal: a.External, applicationFromKind: string(a.From.Kind), applicationFrom: a.From.External,
			applicationToKind: string(a.To.Kind), applicationTo: a.To.External, applicationKind: string(a.Kind),
			applicationAmount: a.Amount.Decimal(), applicationCurrency: string(a.Amount.Currency()),
			applicationDate: a.Date.String(), applicationInferred: strconv.FormatBool(a.Inferred),
		})
	}
	return rows
}

func totalRows(totals []arsync.Total) (rows [][]string) {
	for _, t := range totals {
		rows = append(rows, []string{totalAsOf: t.AsOf.String(), totalCurrency: string(t.Net.Currency()), totalTotal: t.Net.Decimal()})
	}
	return rows
}

func exported(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
