package quickbooks

import (
	"context"
	"fmt"
	"net/url"

	"arbot/ar"
	arsync "arbot/sync"
)

// totals returns the net A/R of QuickBooks' own aging report, as of today in the
// company's zone, in the home currency. A report that cannot be had or
// understood is an error, so that nothing is compared.
func (s *Source) totals(ctx context.Context, f *frame) ([]arsync.Total, error) {
	today := ar.DateOf(s.settings.Now(), s.settings.Zone)
	var r report
	if err := s.report(ctx, "AgedReceivables", today, &r); err != nil {
		return nil, err
	}
	net, err := r.netAR(f.home)
	if err != nil {
		return nil, fmt.Errorf("quickbooks: AgedReceivables as of %s: %w", today, err)
	}
	items := func(ctx context.Context) ([]arsync.LedgerItem, error) {
		open := openList{home: f.home}
		if err := s.report(ctx, "AgedReceivableDetail", today, &open); err != nil {
			return nil, err
		}
		list, err := open.list()
		if err != nil {
			return nil, fmt.Errorf("quickbooks: AgedReceivableDetail as of %s: %w", today, err)
		}
		return list, nil
	}
	return []arsync.Total{{AsOf: today, Net: net, Converted: f.multi, Items: items}}, nil
}

func (s *Source) report(ctx context.Context, name string, asOf ar.Date, into any) error {
	// Report_Date ages as of that date. Companies can have the other method, as
	// of the real day, as their setting.
	query := url.Values{"report_date": {asOf.String()}, "aging_method": {"Report_Date"}}
	if err := s.api.get(ctx, "reports/"+name, query, into); err != nil {
		return fmt.Errorf("quickbooks: report %s as of %s: %w", name, asOf, err)
	}
	return nil
}

// detailColumns are where AgedReceivableDetail has what we need. Which columns a
// report has depends on the company's settings.
type detailColumns struct{ kind, number, customer, open int }

func (r *reportHead) detailColumns() (detailColumns, error) {
	d := detailColumns{
		kind: r.column("txn_type"), number: r.column("doc_num"), customer: r.column("cust_name", "name", "customer"),
		open: r.column("subt_open_bal", "nat_open_bal", "open_bal"),
	}
	if d.kind < 0 || d.open < 0 {
		return d, reportError("it has no column of the kind or of the open balance")
	}
	return d, nil
}

// detailItems adds the lines of a row and of what is below it.
func detailItems(list []arsync.LedgerItem, row *reportRow, columns detailColumns, c ar.Currency) ([]arsync.LedgerItem, error) {
	if len(row.ColData) > 0 {
		item, err := columns.item(row.ColData, c)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	if row.Rows == nil {
		return list, nil
	}
	for i := range row.Rows.Row {
		var err error
		if list, err = detailItems(list, &row.Rows.Row[i], columns, c); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// item reads a line. Its id stands with the kind; what the kind is called
// depends on the user's language.
func (d detailColumns) item(cells []reportCell, c ar.Currency) (arsync.LedgerItem, error) {
	open, err := cellOf(cells, d.open, c)
	if err != nil {
		return arsync.LedgerItem{}, err
	}
	word, number, customer := at(cells, d.kind), at(cells, d.number), at(cells, d.customer)
	item := arsync.LedgerItem{Entry: word.ID, Label: word.Value, Customer: customer.ID, Open: open}
	switch named, ok := reportKinds[word.Value]; {
	case word.ID == "":
	case ok:
		item.Kind, item.Entry = named.kind, named.prefix+word.ID
	default: // in another language
		item.Else = []string{"deposit-" + word.ID, "purchase-" + word.ID, "refund-" + word.ID}
	}
	if number.Value != "" {
		item.Label += " " + number.Value
	} else if word.ID != "" {
		item.Label += " with the id " + word.ID
	}
	return item, nil
}

// reportKinds are the kinds of document by the reports' words for them, with
// what stands before the id in ours.
var reportKinds = map[string]struct {
	kind   ar.DocumentKind
	prefix string
}{
	"Invoice": {ar.Invoice, ""}, "Credit Memo": {ar.CreditMemo, ""}, "Payment": {ar.Payment, ""}, "Journal Entry": {ar.Journal, ""},
	"Refund": {ar.Refund, ""}, "Refund Receipt": {ar.Refund, ""}, "Deposit": {ar.Journal, "deposit-"},
	"Check": {ar.Journal, "purchase-"}, "Cheque": {ar.Journal, "purchase-"}, "Expense": {ar.Journal, "purchase-"},
	"Cash Expense": {ar.Journal, "purchase-"}, "Credit Card Expense": {ar.Journal, "purchase-"}, "Credit Card Credit": {ar.Journal, "purchase-"},
}

func at(cells []reportCell, column int) reportCell {
	if column < 0 || column >= len(cells) {
		return reportCell{}
	}
	return cells[column]
}
