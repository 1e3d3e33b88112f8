package fakeqbo

import "encoding/json"

// Edit changes members of a record as they are spelled in QuickBooks' JSON, as a
// person would who has just read it.
func (c *Company) Edit(entity, id string, changes map[string]any) error {
	f := fields{"Id": quoted(id), "sparse": json.RawMessage("true")}
	for key, v := range changes {
		raw, err := json.Marshal(v)
		if err != nil {
			return badValue(key, err.Error())
		}
		f[key] = raw
	}
	return c.change(func(t *tx) error {
		o := t.c.table(entity).byID[number(id)]
		if o == nil {
			return notFound(entity, id)
		}
		return t.update(o, f)
	})
}

// Void voids a transaction: it stays, with amounts of 0.
func (c *Company) Void(entity, id string) error {
	return c.change(func(t *tx) error {
		doc, err := c.find(entity, id)
		if err == nil {
			t.void(doc)
		}
		return err
	})
}

// Delete deletes a transaction. What it had settled is open again.
func (c *Company) Delete(entity, id string) error {
	return c.change(func(t *tx) error {
		doc, err := c.find(entity, id)
		if err == nil {
			t.remove(doc)
		}
		return err
	})
}

// EditAmount sets the amount of an invoice or credit memo, on its first line. What is
// applied beyond it is taken off the payments.
func (c *Company) EditAmount(entity, id string, amount int64) error {
	return c.change(func(t *tx) error {
		doc, err := c.find(entity, id)
		if err != nil {
			return err
		}
		if !doc.isSale() || len(doc.lines) == 0 {
			return ruleBroken(entity + " has no amount to edit")
		}
		first := &doc.lines[0]
		first.raw, first.qty = nil, 100
		first.amount += amount - doc.total
		t.resize(doc, amount)
		return nil
	})
}

// resize gives a transaction of one piece another total.
func (t *tx) resize(doc *txn, total int64) {
	doc.total, doc.paidDown = total, min(doc.paidDown, total)
	t.touch(doc, "Update")
	if doc.entity == RefundReceipt {
		t.release(doc)
		t.unpost(doc)
		t.post(doc)
		return
	}
	p := doc.pieces[0]
	owed := total - doc.paidDown
	t.shrink(p, owed)
	t.shift(p, owed-p.amount)
	p.amount = owed
}

// EditDue sets the due date of an invoice (YYYY-MM-DD).
func (c *Company) EditDue(id, due string) error {
	return c.change(func(t *tx) error {
		doc, err := c.find(Invoice, id)
		if err == nil {
			doc.due = due
			t.touch(doc, "Update")
		}
		return err
	})
}

// EditNumber sets the number of a transaction, "" for none.
func (c *Company) EditNumber(entity, id, number string) error {
	return c.change(func(t *tx) error {
		doc, err := c.find(entity, id)
		if err == nil {
			doc.number = number
			t.touch(doc, "Update")
		}
		return err
	})
}

// Reapply gives a payment other lines.
func (c *Company) Reapply(payment string, on []Part) error {
	return c.change(func(t *tx) error {
		pay, err := c.find(Payment, payment)
		if err != nil {
			return err
		}
		return t.relink(pay, pay.total, c.receipt(Receipt{On: on}).lines)
	})
}

// relink gives a payment another total and other lines, or leaves it as it is and says
// why.
func (t *tx) relink(pay *txn, total int64, lines []line) error {
	oldLines, oldTotal := pay.lines, pay.total
	t.unsettle(pay)
	t.repay(pay, total, lines)
	err := t.c.checkPayment(pay)
	if err != nil {
		t.repay(pay, oldTotal, oldLines)
	}
	t.settle(pay)
	if err != nil {
		return err
	}
	t.touch(pay, "Update")
	return nil
}

func (t *tx) repay(pay *txn, total int64, lines []line) {
	p := pay.pieces[0]
	t.shift(p, total-p.amount)
	p.amount, pay.total, pay.lines = total, total, lines
}

// Send e-mails an invoice: EmailStatus becomes EmailSent. to is "" for the invoice's
// own address.
func (c *Company) Send(id, to string) error {
	return c.change(func(t *tx) error {
		doc, err := c.find(Invoice, id)
		if err != nil {
			return err
		}
		return t.send(doc, to)
	})
}

func (t *tx) send(doc *txn, to string) error {
	if to != "" {
		doc.email = to
	}
	if doc.email == "" {
		return missing("BillEmail")
	}
	doc.mailed, doc.mailedAt = "EmailSent", t.at
	t.touch(doc, "Emailed")
	return nil
}

// Rename gives a customer another name.
func (c *Company) Rename(id, name string) error {
	return c.change(func(t *tx) error {
		cu, err := c.findCustomer(id)
		if err != nil {
			return err
		}
		return t.rename(cu, name)
	})
}

func (t *tx) rename(cu *customer, name string) error {
	if t.c.nameTaken(name, cu.id) {
		return duplicateName()
	}
	delete(t.c.names, cu.name)
	t.c.names[name] = cu.id
	cu.name = name
	t.touch(cu, "Update")
	return nil
}

// Deactivate makes a customer inactive: its documents stay, its name is shown with
// "(deleted)".
func (c *Company) Deactivate(id string) error { return c.setActive(id, false) }

// Reactivate undoes Deactivate.
func (c *Company) Reactivate(id string) error { return c.setActive(id, true) }

func (c *Company) setActive(id string, active bool) error {
	return c.change(func(t *tx) error {
		cu, err := c.findCustomer(id)
		if err == nil {
			cu.active = active
			t.touch(cu, "Update")
		}
		return err
	})
}

// Merge puts a customer into another: its documents and sub-customers become the
// other's, and it is gone.
func (c *Company) Merge(loser, winner string) error {
	return c.change(func(t *tx) error {
		from, err := c.findCustomer(loser)
		if err != nil {
			return err
		}
		into, err := c.findCustomer(winner)
		if err != nil {
			return err
		}
		switch {
		case c.above(into, from.id):
			return ruleBroken("a customer can't be merged into itself or one below it")
		case from.currency != into.currency:
			return ruleBroken("customers of two currencies can't be merged")
		}
		t.merge(from, into)
		return nil
	})
}

func (t *tx) merge(from, into *customer) {
	for _, entity := range ledgerEntities {
		for _, o := range t.c.table(entity).rows {
			if doc, ok := o.(*txn); ok && doc.repoint(from.id, into.id) && !t.c.set.QuietMerge {
				t.touch(doc, "Update")
			}
		}
	}
	for _, k := range append([]*customer(nil), from.kids...) {
		t.c.adopt(k, into.id)
		t.touch(k, "Update")
	}
	into.balance += from.balance
	t.c.adopt(from, 0)
	delete(t.c.names, from.name)
	t.touch(into, "Update")
	t.forget(from, "Merge", idText(into.id))
}

// repoint puts another customer in the place of one, and reports whether it was there.
func (t *txn) repoint(from, into int64) bool {
	found := t.customer == from
	if found {
		t.customer = into
	}
	for i := range t.lines {
		if l := &t.lines[i]; l.customer == from {
			l.customer, l.raw, found = into, nil, true
		}
	}
	for _, p := range t.pieces {
		if p.customer == from {
			p.customer = into
		}
	}
	return found
}
