package quickbooks

import (
	"slices"
	"testing"

	"arbot/ar"
	"arbot/store/storetest"
	arsync "arbot/sync"
)

// One record that cannot be read for good does not keep those that are gone in the books,
// and stays in them itself.
func TestFailure16APoisonousRecordKeepsNoOther(t *testing.T) {
	t.Parallel()
	b := many(40)
	books := storetest.SQLite(t)
	engine := &arsync.Engine{Books: books, Now: books.Clock.Now}
	sync := func() arsync.Report {
		report, err := engine.Sync(t.Context(), b.source(), arsync.Options{Full: true})
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	sync()
	b.poison["Invoice/1017"], b.poison["GET Invoice/1017"] = codePoison, codePoison
	b.objects[invoices] = slices.DeleteFunc(b.objects[invoices], func(o obj) bool { return o["Id"] == "1003" || o["Id"] == "1030" })
	if report := sync(); report.Removed != 2 {
		t.Errorf("removed %d, want the two that are gone: %s", report.Removed, report)
	}
	delete(b.poison, "Invoice/1017")
	delete(b.poison, "GET Invoice/1017")
	if report := sync(); report.Added+report.Changed+report.Removed != 0 {
		t.Errorf("the record that could be read again: %s", report)
	}
}

func TestUnread(t *testing.T) {
	t.Parallel()
	m := &mapper{unread: []unread{
		{of: invoices, id: "12"}, {of: payments, after: "99", before: "103"}, {of: journalEntries, id: "9"}, {of: refundReceipts, id: "7"},
	}}
	for _, tt := range []struct {
		kind ar.RecordKind
		key  ar.Key
		want bool
	}{
		{ar.DocumentRecords, "invoice/12", true},
		{ar.DocumentRecords, "invoice/13", false},
		{ar.ApplicationRecords, "invoice-deposit/12", true},
		{ar.DocumentRecords, "payment/100", true},
		{ar.DocumentRecords, "payment/99", false},
		{ar.DocumentRecords, "payment/103", false},
		{ar.ApplicationRecords, "payment/101/payment-101/invoice-3", true},
		{ar.ApplicationRecords, "payment/104/payment-104/invoice-12", false},
		{ar.DocumentRecords, "journal/payment-102/StatementCharge-5-1", true},
		{ar.DocumentRecords, "journal/9/1", true},
		{ar.DocumentRecords, "journal/deposit-9/1", false},
		{ar.DocumentRecords, "journal/refund-7/1", true},
		{ar.DocumentRecords, "refund/7", true},
		{ar.CustomerRecords, "12", false},
		{ar.ApplicationRecords, "who knows", true},
	} {
		if got := m.isUnread(tt.kind, tt.key); got != tt.want {
			t.Errorf("%s %s: %v", tt.kind, tt.key, got)
		}
	}
	if (&mapper{}).isUnread(ar.ApplicationRecords, "who knows") {
		t.Error("all was read")
	}
}
