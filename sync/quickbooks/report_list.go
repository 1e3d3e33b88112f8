package quickbooks

import (
	"bytes"
	"fmt"

	json "github.com/go-json-experiment/json/v1"

	"arbot/ar"
	arsync "arbot/sync"
)

// openList is AgedReceivableDetail, read section by section: of a large company it has
// tens of thousands of lines, and what is kept of a line is a small part of it.
type openList struct {
	home  ar.Currency
	items []arsync.LedgerItem
	// wrong is what cannot be understood of a report that is sound JSON.
	wrong error
}

// UnmarshalJSON reads the report. The columns may stand after the rows, so that its head is
// read first.
func (l *openList) UnmarshalJSON(text []byte) error {
	var head reportHead
	if err := json.Unmarshal(text, &head); err != nil {
		return fmt.Errorf("read the head of a report: %w", err)
	}
	l.items, l.wrong = nil, nil
	rows := 0
	columns, c, wrong := l.columns(&head)
	sum := newReportSum(columns.open, c)
	err := eachSection(text, func(row *reportRow) {
		if rows++; wrong != nil {
			return
		}
		if wrong = sum.add(row); wrong == nil {
			l.items, wrong = detailItems(l.items, row, columns, c)
		}
	})
	if err != nil {
		return fmt.Errorf("read the rows of a report: %w", err)
	}
	if rows == 0 && head.empty() && c != "" {
		return nil
	}
	if wrong == nil {
		_, wrong = sum.checked()
	}
	l.wrong = wrong
	return nil
}

// columns tells where the report has what, and in which currency; that is "" where it is
// not the company's.
func (l *openList) columns(head *reportHead) (detailColumns, ar.Currency, error) {
	c, err := head.currency(l.home)
	if err != nil {
		return detailColumns{}, "", err
	}
	columns, err := head.detailColumns()
	return columns, c, err
}

// list returns what is open, where the rows add up to the total.
func (l *openList) list() ([]arsync.LedgerItem, error) {
	if l.wrong != nil {
		return nil, l.wrong
	}
	return l.items, nil
}

// eachSection calls f for each row at the top of a report.
func eachSection(text []byte, f func(*reportRow)) error {
	d := json.NewDecoder(bytes.NewReader(text))
	return eachMember(d, "Rows", func() error {
		return eachMember(d, "Row", func() error {
			if open, err := d.Token(); err != nil || open != json.Delim('[') {
				return err
			}
			for d.More() {
				var row reportRow
				if err := d.Decode(&row); err != nil {
					return err
				}
				f(&row)
			}
			_, err := d.Token()
			return err
		})
	})
}

// eachMember reads an object, the member of that name by read and nothing of the others.
func eachMember(d *json.Decoder, name string, read func() error) error {
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		if key == name {
			err = read()
		} else {
			err = d.Decode(&json.RawMessage{})
		}
		if err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}
