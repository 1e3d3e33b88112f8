package fakeqbo

import (
	"encoding/json"
	"maps"
	"strings"
)

// serveWrite creates, changes, voids or deletes a record.
func (c *Company) serveWrite(entity, operation, include string, body []byte) (answer []byte, err error) {
	var f fields
	if json.Unmarshal(body, &f) != nil || f == nil {
		return nil, invalid("2010", "Request has invalid or unsupported property", "the body is not a JSON object")
	}
	err = c.change(func(t *tx) error {
		answer, err = t.write(entity, strings.ToLower(operation), strings.ToLower(include), f)
		return err
	})
	if err != nil || answer != nil {
		return answer, err
	}
	// The record is written now that it has its stamps.
	c.mu.RLock()
	defer c.mu.RUnlock()
	o := c.lookup(entity, number(scalar(f["Id"])))
	if o == nil {
		return nil, notFound(entity, scalar(f["Id"]))
	}
	return c.member(o, false), nil
}

// write does it. It leaves the id of the record in f; an answer of its own is for a
// record that's gone.
func (t *tx) write(entity, operation, include string, f fields) ([]byte, error) {
	id := scalar(f["Id"])
	if id == "" {
		return nil, t.create(entity, f)
	}
	o := t.c.table(entity).byID[number(id)]
	switch {
	case o == nil:
		return nil, notFound(entity, id)
	case f["SyncToken"] == nil:
		return nil, missing("SyncToken")
	case number(scalar(f["SyncToken"])) != int64(o.base().token):
		return nil, stale()
	}
	doc, isDoc := o.(*txn)
	switch {
	case operation == "delete" && isDoc:
		t.remove(doc)
		return deletedAnswer(entity, id), nil
	case isDoc && (operation == "void" || include == "void"):
		t.void(doc)
		return nil, nil
	case operation == "" || operation == "update":
		return nil, t.update(o, f)
	}
	return nil, invalid("500", "Unsupported Operation", "Operation "+operation+" is not supported for "+entity)
}

func deletedAnswer(entity, id string) []byte {
	var o out
	o.object(entity)
	o.str("domain", "QBO")
	o.str("status", "Deleted")
	o.str("Id", id)
	o.close()
	return o.b
}

func (t *tx) create(entity string, f fields) error {
	given := maps.Clone(f)
	switch {
	case isTxn(entity):
		doc, err := t.c.decodeTxn(entity, given)
		if err != nil {
			return err
		}
		t.c.total(doc)
		if err := t.insert(doc); err != nil {
			return err
		}
		f["Id"] = quoted(idText(doc.id))
	case entity == "Customer":
		cu := t.c.decodeCustomer(given)
		if err := t.insertCustomer(cu, cu.takeParent()); err != nil {
			return err
		}
		f["Id"] = quoted(idText(cu.id))
	default:
		l := t.c.decodeListing(entity, given)
		if l.name == "" {
			return missing("Name")
		}
		l.id = 0
		f["Id"] = quoted(idText(t.c.addListing(l).id))
	}
	return nil
}

func (cu *customer) takeParent() int64 {
	p := cu.parent
	cu.parent = 0
	return p
}

// total is what QuickBooks computes itself: of all but payments, from the lines and
// the tax.
func (c *Company) total(doc *txn) {
	if doc.entity == Payment {
		return
	}
	doc.total = doc.sumLines()
	tax := nested(json.RawMessage(doc.extraRaw("TxnTaxDetail")), "TotalTax")
	if n, err := minor(tax, exponent(doc.currency)); err == nil && doc.isSale() {
		doc.total += n
	}
}

func (h *head) extraRaw(key string) []byte {
	for _, m := range h.extra {
		if m.key == key {
			return m.value
		}
	}
	return nil
}

// update changes a record: a sparse one keeps what isn't named, another loses it.
func (t *tx) update(o object, f fields) error {
	sparse := string(f["sparse"]) == "true"
	var now out
	o.render(t.c, &now)
	var merged fields
	if err := json.Unmarshal(now.b, &merged); err != nil {
		return err
	}
	if !sparse {
		merged = keepDerived(merged)
	}
	maps.Copy(merged, f)
	switch rec := o.(type) {
	case *txn:
		return t.updateTxn(rec, merged, f["Line"] != nil)
	case *customer:
		return t.updateCustomer(rec, merged)
	case *listing:
		next := t.c.decodeListing(rec.entity, merged)
		next.head = rec.head
		*rec = *next
		t.touch(rec, "Update")
	}
	return nil
}

// keepDerived keeps what a full update can't take away.
func keepDerived(f fields) fields {
	kept := fields{}
	for _, k := range []string{
		"Id", "SyncToken", "MetaData", "CurrencyRef", "ExchangeRate", "LinkedTxn", "EmailStatus", "DocNumber", "TxnDate",
		"Balance", "Active",
	} {
		if v, ok := f[k]; ok {
			kept[k] = v
		}
	}
	return kept
}

// updateTxn puts a changed transaction in the place of one. What it settles, and what
// settles it, stays as far as it goes.
func (t *tx) updateTxn(doc *txn, merged fields, withLines bool) error {
	next, err := t.c.decodeTxn(doc.entity, merged)
	if err != nil {
		return err
	}
	switch {
	case withLines:
		t.c.total(next)
	case doc.entity == Payment:
		next.lines = doc.lines
	default:
		next.lines, next.total = doc.lines, doc.total
	}
	t.c.complete(next)
	if err := t.c.check(next); err != nil {
		return err
	}
	if next.customer != doc.customer && len(doc.settlers())+len(doc.settles) > 0 {
		return ruleBroken("the customer can't be changed while payments are linked")
	}
	if doc.entity == Payment {
		if err := t.relink(doc, next.total, next.lines); err != nil {
			return err
		}
	} else if err := t.replaceLines(doc, next); err != nil {
		return err
	}
	doc.copyPlain(next)
	for _, p := range doc.pieces {
		if p.line == "" && p.customer != doc.customer {
			open := p.open
			t.shift(p, -open)
			p.customer = doc.customer
			t.shift(p, open)
		}
	}
	t.touch(doc, "Update")
	return nil
}

// replaceLines takes the lines and the total of the changed transaction.
func (t *tx) replaceLines(doc, next *txn) error {
	if doc.entity == Invoice || doc.entity == CreditMemo {
		doc.lines = next.lines
		if next.total != doc.total || next.paidDown != doc.paidDown {
			doc.paidDown = next.paidDown
			t.resize(doc, next.total)
		}
		return nil
	}
	if !t.c.sameEffect(doc, next) {
		t.release(doc)
	}
	if len(doc.settlers()) == 0 {
		t.unpost(doc)
		doc.lines, doc.total, doc.account, doc.credit = next.lines, next.total, next.account, next.credit
		t.post(doc)
		return nil
	}
	doc.lines, doc.total = next.lines, next.total
	return nil
}

// sameEffect reports whether two states of a transaction do the same to A/R.
func (c *Company) sameEffect(a, b *txn) bool {
	was, is := a.pieces, c.split(b)
	if len(was) != len(is) {
		return false
	}
	for i := range was {
		if w, n := was[i], is[i]; w.line != n.line || w.amount != n.amount || w.sign != n.sign || w.customer != n.customer {
			return false
		}
	}
	return true
}

// copyPlain takes over what has no effect on A/R.
func (t *txn) copyPlain(next *txn) {
	t.number, t.date, t.due, t.note = next.number, next.date, next.due, next.note
	t.customer, t.rate, t.term, t.class, t.location = next.customer, next.rate, next.term, next.class, next.location
	t.email, t.custom, t.account, t.reference = next.email, next.custom, next.account, next.reference
	t.extra, t.payType, t.credit = next.extra, next.payType, next.credit
}

func (t *tx) updateCustomer(cu *customer, merged fields) error {
	shown := cu.shown()
	next := t.c.decodeCustomer(merged)
	if next.name == shown {
		next.name = cu.name
	}
	up := t.c.customer(next.parent)
	switch {
	case next.name == "":
		return missing("DisplayName")
	case next.parent != 0 && up == nil:
		return notFound("Customer", idText(next.parent))
	case up != nil && t.c.above(up, cu.id):
		return ruleBroken("a customer can't be below itself")
	case next.currency != cu.currency:
		return ruleBroken("the currency of a customer can't be changed")
	}
	if err := t.renameTo(cu, next.name); err != nil {
		return err
	}
	t.c.adopt(cu, next.parent)
	cu.company, cu.email, cu.phone, cu.notes = next.company, next.email, next.phone, next.notes
	cu.active, cu.project, cu.billWithParent = next.active, next.project, next.billWithParent
	cu.term, cu.custom, cu.extra = next.term, next.custom, next.extra
	t.touch(cu, "Update")
	return nil
}

func (t *tx) renameTo(cu *customer, name string) error {
	if name == cu.name {
		return nil
	}
	return t.rename(cu, name)
}
