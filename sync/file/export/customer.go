package export

import (
	"slices"
	"strings"

	"arbot/ar"
	"arbot/sync/file"
)

// below stands between the names of a customer and those below it.
const below = ":"

// customers are those of a file, by their external ids.
type customers struct {
	list  []ar.CustomerRecord
	index map[string]int
}

// add takes a customer in: its first row counts, what that lacks comes from later ones.
func (c *customers) add(record ar.CustomerRecord, warn func(string, ...any)) {
	if c.index == nil {
		c.index = map[string]int{}
	}
	i, known := c.index[record.External]
	if !known {
		record = cloned(record)
		c.index[record.External] = len(c.list)
		c.list = append(c.list, record)
		return
	}
	file.FillCustomer(&c.list[i], record, func(what, first, later string) {
		warn("the %s of customer %s is %q here and %q further up; the first one was taken.", what, record.External, later, first)
	})
}

// cloned keeps a customer without the row that it came in.
func cloned(c ar.CustomerRecord) ar.CustomerRecord {
	for _, s := range []*string{&c.External, &c.Name, &c.Parent, &c.Owner, &c.Class, &c.Region} {
		*s = strings.Clone(*s)
	}
	return c
}

// sorted are the customers, those above others first.
func (c *customers) sorted() []ar.CustomerRecord {
	depth := func(r ar.CustomerRecord) int {
		if r.Parent == "" {
			return 0
		}
		return strings.Count(r.External, below)
	}
	list := slices.Clone(c.list)
	slices.SortStableFunc(list, func(a, b ar.CustomerRecord) int { return depth(a) - depth(b) })
	return list
}

// customer reads the customer of a row, with all above it, the highest first.
func (r *reader) customer(l *line) (external string, chain []ar.CustomerRecord) {
	m := r.match
	name := m.nameOf(l)
	path := l.groups[min(l.blocks, len(l.groups)):]
	if m.shape == byBucket || m.has(roleCustomer) && m.shape == byCustomer && name != "" {
		path = nil
	}
	if n := len(path); n > 0 && name == path[n-1]+" - Other" { // what QuickBooks calls a customer's own among its jobs
		name = ""
	}
	if name != "" {
		path = append(slices.Clone(path), name)
	}
	if len(path) == 0 {
		return r.customerID(l)
	}
	if m.colons {
		path = strings.Split(strings.Join(path, below), below)
	}
	own := ar.CustomerRecord{Owner: l.cell(m.at[roleOwner]), Class: l.cell(m.at[roleClass]), Region: l.cell(m.at[roleRegion])}
	if id := l.cell(m.at[roleCustomerID]); id != "" {
		own.External, own.Name = id, name
		return id, []ar.CustomerRecord{own}
	}
	for i, part := range path {
		record := ar.CustomerRecord{Name: strings.TrimSpace(part)}
		if i == len(path)-1 {
			own.Name = record.Name
			record = own
		}
		record.Parent, record.External = external, record.Name
		if external != "" {
			record.External = external + below + record.Name
		}
		external = record.External
		chain = append(chain, record)
	}
	return external, chain
}

// customerID is the customer of a row that has no name.
func (r *reader) customerID(l *line) (string, []ar.CustomerRecord) {
	id := l.cell(r.match.at[roleCustomerID])
	if id == "" {
		place := max(r.match.at[roleCustomer], r.match.at[roleCustomerID])
		mend := "Every row needs a customer"
		if r.format.Workbook {
			mend += "; where cells are merged, take that back and repeat the name in each row"
		}
		r.wrong(l, place, "nothing says whose it is", mend)
		return "", nil
	}
	return id, []ar.CustomerRecord{{External: id, Name: id, Owner: l.cell(r.match.at[roleOwner])}}
}
