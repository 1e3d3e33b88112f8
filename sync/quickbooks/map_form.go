package quickbooks

import "arbot/ar"

// addInvoice adds an invoice, with the deposit that was paid with it.
func (m *mapper) addInvoice(p *ar.Page, f *form) {
	record, err := m.form(ar.Invoice, f)
	var deposit ar.EntryRecord
	if err == nil {
		deposit, err = m.deposit(record, f)
	}
	if err != nil {
		m.skip(invoices, f.head, f.DocNumber, err)
		return
	}
	p.Documents = append(p.Documents, record)
	m.addOrDrop(p, deposit, m.deposits)
}

// deposit is the entry of the deposit that an invoice states: money without a
// payment of its own.
func (m *mapper) deposit(invoice ar.DocumentRecord, f *form) (ar.EntryRecord, error) {
	e := ar.EntryRecord{External: depositKey(f.ID)}
	if f.Deposit == "" || invoice.Status != ar.Posted {
		return e, nil
	}
	amount, err := m.amount("Deposit", f.Deposit, &f.txn)
	if err != nil || amount.Sign() <= 0 {
		return e, err
	}
	e.Applications = []ar.ApplicationRecord{{
		External: e.External, To: invoice.Ref, Kind: ar.ByPayment, Amount: amount, Date: invoice.Date,
	}}
	return e, nil
}

func depositKey(invoice string) string { return "invoice-deposit/" + invoice }

// addOrDrop adds an entry that has something; an empty one was perhaps not
// always so, which a complete reading finds out by itself.
func (m *mapper) addOrDrop(p *ar.Page, e ar.EntryRecord, maybeBefore bool) {
	switch {
	case len(e.Documents)+len(e.Applications) > 0:
		p.Entries = append(p.Entries, e)
	case maybeBefore && !m.complete:
		p.Gone = append(p.Gone, ar.GoneRecord{Kind: ar.EntryRecords, Key: ar.Key(e.External)})
	}
}

func (m *mapper) addCreditMemo(p *ar.Page, f *form) {
	record, err := m.form(ar.CreditMemo, f)
	if err != nil {
		m.skip(creditMemos, f.head, f.DocNumber, err)
		return
	}
	m.noteWriteOff(f)
	p.Documents = append(p.Documents, record)
}

// noteWriteOff remembers whether a credit memo writes off: all that it credits
// is on bad-debt items.
func (m *mapper) noteWriteOff(f *form) {
	if !m.source.settings.writesOff() {
		return
	}
	bad := false
	for _, line := range f.Line {
		if line.Item == nil {
			continue
		}
		if bad = m.source.settings.badDebtItem(m.frame, line.Item); !bad {
			break
		}
	}
	if bad || !m.complete {
		m.writeOffs[f.ID] = bad
	}
}

// addRefund adds a refund receipt that touches A/R, as an entry. Most only move
// money of a bank account and say nothing about what anybody owes.
func (m *mapper) addRefund(p *ar.Page, f *form) {
	record, lines, err := m.refund(f)
	if err != nil {
		m.skip(refundReceipts, f.head, f.DocNumber, err)
		return
	}
	if len(lines) > 0 || !m.complete {
		m.lines[record.External] = lines
	}
	m.addOrDrop(p, record, true)
}

// refund maps a refund receipt: lines of items that post to A/R raise it, for the
// credit is used up; one that is paid out of A/R lowers it.
func (m *mapper) refund(f *form) (ar.EntryRecord, []arLine, error) {
	record := ar.EntryRecord{External: refundKey(f.ID)}
	if f.ID == "" {
		return record, nil, &fieldError{field: "Id"}
	}
	net, err := m.refundNet(f)
	if err != nil || net.IsZero() {
		return record, nil, err
	}
	document, err := m.form(ar.Refund, f)
	if err != nil {
		return record, nil, err
	}
	document.Amount, document.Due = net, document.Date
	if net.Sign() < 0 {
		document.Ref = ar.Ref{Kind: ar.Journal, External: "refund-" + f.ID + "/1"}
	}
	record.Documents = []ar.DocumentRecord{document}
	return record, []arLine{{Ref: document.Ref, customer: document.Customer, amount: net}}, nil
}

func (m *mapper) refundNet(f *form) (net ar.Money, err error) {
	for i := range f.Line {
		if l := &f.Line[i]; l.Item == nil || !m.receivable[l.Item.ItemAccountRef.Value] {
			continue
		}
		amount, err := m.amount("Line.Amount", f.Line[i].Amount, &f.txn)
		if err == nil {
			net, err = net.Add(amount)
		}
		if err != nil {
			return net, err
		}
	}
	if !m.receivable[f.DepositToAccountRef.Value] {
		return net, nil
	}
	total, err := m.amount("TotalAmt", f.TotalAmt, &f.txn)
	if err != nil {
		return net, err
	}
	return net.Sub(total)
}

func refundKey(id string) string { return "refund/" + id }

// form maps an invoice, a credit memo or a refund receipt.
func (m *mapper) form(kind ar.DocumentKind, f *form) (ar.DocumentRecord, error) {
	record, err := m.document(kind, &f.txn, f.CustomerRef.Value)
	if err != nil {
		return record, err
	}
	record.PO = f.PONumber
	if f.DueDate != "" {
		if record.Due, err = date("DueDate", f.DueDate); err != nil {
			return record, err
		}
	}
	if f.SalesTermRef.Value != "" {
		record.Terms = m.termsName(f.SalesTermRef)
		if record.Due.IsZero() {
			record.Due = m.terms[f.SalesTermRef.Value].stated(record.Date)
		}
	}
	if kind == ar.Invoice && m.source.settings.AppURL != "" {
		record.URL = m.source.settings.AppURL + "/invoice?txnId=" + f.ID
	}
	record.Labels = m.labels(f, record.Labels)
	return record, nil
}

// labels are the custom fields, the class and the location of a form.
func (m *mapper) labels(f *form, labels map[string]string) map[string]string {
	custom := m.fields(f.CustomField, m.fieldNames)
	for name, value := range custom {
		labels = labelled(labels, name, value)
	}
	labels = labelled(labels, ar.LabelOwner, ownField(custom, m.source.settings.OwnerField))
	return labelled(labels, ar.LabelClass, class(f))
}

// labelled adds a label that has a value. A custom field that is called like a
// label of ours gives way to it.
func labelled(labels map[string]string, name, value string) map[string]string {
	if value == "" {
		return labels
	}
	if labels == nil {
		labels = map[string]string{}
	}
	labels[name] = value
	return labels
}

// class is that of the form, else of the first line that has one: companies
// track classes by either.
func class(f *form) string {
	if f.ClassRef.Name != "" {
		return f.ClassRef.Name
	}
	for _, line := range f.Line {
		if line.Item != nil && line.Item.ClassRef.Name != "" {
			return line.Item.ClassRef.Name
		}
	}
	return ""
}
