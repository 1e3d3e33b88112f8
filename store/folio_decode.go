package store

import (
	"encoding/binary"

	"arbot/ar"
	"arbot/ar/metric"
)

// folio is one that can be read.
type folio struct {
	customers []ar.CustomerID
	classes   []ar.Document
	items     int
	rest      cursor // from the first document on
}

// openFolio reads what stands before the documents.
func openFolio(source ar.SourceID, content []byte) (folio, error) {
	if len(content) == 0 || content[0] != folioFormat {
		return folio{}, errFolio
	}
	c := cursor{bytes: content[1:]}
	f := folio{customers: make([]ar.CustomerID, c.count())}
	last := int64(0)
	for n := range f.customers {
		last += c.int()
		f.customers[n] = ar.CustomerID(last)
	}
	f.classes = make([]ar.Document, c.count())
	for n := range f.classes {
		kind := c.among(len(documentKinds))
		currency, terms, rate := c.text(), c.text(), c.text()
		f.classes[n] = ar.Document{
			Source: source, Kind: documentKinds[kind], Amount: ar.NewMoney(0, ar.Currency(currency)),
			Terms: terms, Rate: ar.Rate(rate), Status: ar.Posted,
		}
	}
	f.items = c.count()
	if f.rest = c; c.bad {
		return folio{}, errFolio
	}
	return f, nil
}

// account is what a document's customer is to a question.
type account struct {
	// Out says that the question isn't about the account.
	Out            bool
	Owner, Segment string
}

// each hands on the documents of accounts, of which there's one for each customer of the
// folio, that weren't settled for good up to the end of a day. The row is the same each
// time.
func (f folio) each(accounts []account, settled ar.Date, row *metric.Row, yield func(*metric.Row) error) error {
	c, d := f.rest, &row.Document
	id, date := ar.DocumentID(0), ar.DateFromEpochDays(0)
	for range f.items {
		id += ar.DocumentID(c.uint())
		customer, class := c.among(len(accounts)), c.among(len(f.classes))
		date = date.AddDays(int(c.int()))
		due, minor := date.AddDays(int(c.int())), c.int()
		if c.bad {
			return errFolio
		}
		*d = f.classes[class]
		d.ID, d.Customer, d.Date, d.Due, d.Amount = id, f.customers[customer], date, due, ar.NewMoney(minor, d.Amount.Currency())
		closed := c.applied(row)
		if c.bad {
			return errFolio
		}
		a := &accounts[customer]
		if a.Out || !closed.IsZero() && !closed.After(settled) {
			continue
		}
		row.Owner, row.Segment = a.Owner, a.Segment
		if err := yield(row); err != nil {
			return err
		}
	}
	return nil
}

// applied reads what was applied to and from a document, and returns the day from which
// nothing is open; no date where something is.
func (c *cursor) applied(row *metric.Row) (closed ar.Date) {
	row.Applied = row.Applied[:0]
	d := &row.Document
	open, currency, last := d.Effect().Minor(), d.Amount.Currency(), d.Date
	for range c.count() {
		head := c.among(2 * appliedWhole)
		side := metric.Side(head / appliedKinds % appliedSides)
		on, amount := d.Date.AddDays(int(c.int())), wholeOf(open, side)
		if head < appliedWhole {
			amount = c.int()
		}
		if head%appliedKinds >= len(applicationKinds) {
			c.bad = true
			return ar.Date{}
		}
		row.Applied = append(row.Applied, metric.Applied{
			Kind: applicationKinds[head%appliedKinds], Amount: ar.NewMoney(amount, currency), On: on, Side: side,
		})
		open = afterwards(open, amount, side)
		if on.After(last) {
			last = on
		}
	}
	if open != 0 {
		return ar.Date{}
	}
	return last
}

// cursor reads numbers and texts one after the other. What doesn't fit makes it bad.
type cursor struct {
	bytes []byte
	bad   bool
}

func (c *cursor) uint() uint64 {
	if len(c.bytes) > 0 && c.bytes[0] < 0x80 { // most are that small
		v := c.bytes[0]
		c.bytes = c.bytes[1:]
		return uint64(v)
	}
	return c.long()
}

func (c *cursor) long() uint64 {
	v, n := binary.Uvarint(c.bytes)
	if n <= 0 {
		c.bad, c.bytes = true, nil
		return 0
	}
	c.bytes = c.bytes[n:]
	return v
}

func (c *cursor) int() int64 {
	v := c.uint()
	return int64(v>>1) ^ -int64(v&1)
}

// count reads how many things follow, each of a byte or more.
func (c *cursor) count() int { return c.among(len(c.bytes) + 1) }

// among reads a number below another.
func (c *cursor) among(most int) int {
	v := c.uint()
	if v >= uint64(most) {
		c.bad = true
		return 0
	}
	return int(v)
}

func (c *cursor) text() string {
	n := c.count()
	text := string(c.bytes[:n])
	c.bytes = c.bytes[n:]
	return text
}
