package fakeqbo

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// test is a condition made ready for many records.
type test func(object) bool

// Query answers a query of QuickBooks' language: the QueryResponse object, as JSON.
// Its errors are *Refusal.
func (c *Company) Query(text string) ([]byte, error) {
	q, err := parseQuery(text)
	if err != nil {
		return nil, err
	}
	if c.BeforePage != nil && !q.count {
		c.BeforePage()
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.run(q)
}

func (c *Company) run(q query) ([]byte, error) {
	rows, err := c.matching(q)
	if err != nil {
		return nil, err
	}
	var o out
	if q.count {
		o.open()
		o.int("totalCount", len(rows))
		o.close()
		return o.b, nil
	}
	from := min(q.start-1, len(rows))
	limit := q.limit
	if c.set.ExtraRow {
		limit++ // seen: 101 rows for a limit of 100
	}
	page := rows[from:min(from+limit, len(rows))]
	for _, r := range page {
		if r.base().poison {
			return nil, poisoned()
		}
	}
	c.renderPage(&o, q, page)
	return o.b, nil
}

// poisoned is the refusal for a record that cannot be listed.
func poisoned() *Refusal {
	return invalid("4002", "Error processing query", "QueryProcessingError: To email address entered is invalid")
}

// renderPage writes the page; one without rows is an empty object (seen).
func (c *Company) renderPage(o *out, q query, page []object) {
	o.open()
	if len(page) > 0 {
		o.list(q.entity)
		for _, r := range page {
			o.comma()
			c.renderRow(o, q, r)
		}
		o.end()
		o.int("startPosition", q.start)
		o.int("maxResults", len(page))
		if q.start == 1 && len(page) < q.limit && q.entity != Payment && q.entity != CreditMemo {
			o.int("totalCount", len(page))
		}
	}
	o.close()
}

func (c *Company) renderRow(o *out, q query, r object) {
	if len(q.only) == 0 {
		r.render(c, o)
		return
	}
	o.open()
	o.str("domain", "QBO")
	o.bool("sparse", true)
	if len(q.only) == 1 && strings.EqualFold(q.only[0], "Id") {
		o.str("Id", idText(r.base().id))
		o.close()
		return
	}
	var whole out
	r.render(c, &whole)
	var f fields
	if json.Unmarshal(whole.b, &f) == nil {
		for _, name := range q.only {
			key, _, _ := strings.Cut(name, ".")
			if v := f.take(key); v != nil {
				o.raw(key, v)
			}
		}
	}
	o.close()
}

// matching gives the records of a query in its order.
func (c *Company) matching(q query) ([]object, error) {
	tests, err := c.tests(q)
	if err != nil {
		return nil, err
	}
	order, err := c.ordering(q)
	if err != nil {
		return nil, err
	}
	rows := c.rows(q.entity)
	byNumber := len(q.order) == 1 && strings.EqualFold(q.order[0].property, "Id") && !q.order[0].desc
	if len(tests) == 0 && (byNumber || q.count) {
		return rows, nil
	}
	keep := func() []object {
		var kept []object
		for _, r := range rows {
			if all(tests, r) {
				kept = append(kept, r)
			}
		}
		if !byNumber && !q.count {
			sortRows(kept, order)
		}
		return kept
	}
	if len(q.where) > 0 || q.count {
		return keep(), nil
	}
	return c.sorted.get(c.version, fmt.Sprint(q.entity, q.order), keep), nil
}

// sortedRows remembers whole lists in an order, until the books change: a client that
// pages asks for the same again and again.
type sortedRows struct {
	mu      sync.Mutex
	version int
	rows    map[string][]object
}

func (s *sortedRows) get(version int, key string, sorted func() []object) []object {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rows == nil || s.version != version {
		s.version, s.rows = version, map[string][]object{}
	}
	rows, known := s.rows[key]
	if !known {
		rows = sorted()
		s.rows[key] = rows
	}
	return rows
}

func all(tests []test, r object) bool {
	for _, t := range tests {
		if !t(r) {
			return false
		}
	}
	return true
}

// rows are the records of an entity in the order of their ids. The slice is not to be
// changed.
func (c *Company) rows(entity string) []object {
	switch entity {
	case "CompanyInfo":
		return []object{c.companyInfo()}
	case "Preferences":
		return []object{c.preferences()}
	case "ExchangeRate":
		return c.exchangeRates()
	}
	if t := c.tables[entity]; t != nil {
		return t.rows
	}
	return nil
}

// tests makes the conditions ready. Of name lists only active records are given,
// unless the query speaks of Active.
func (c *Company) tests(q query) ([]test, error) {
	var tests []test
	active := false
	for _, cond := range q.where {
		t, err := c.test(q.entity, cond)
		if err != nil {
			return nil, err
		}
		active = active || strings.EqualFold(cond.property, "Active")
		tests = append(tests, t)
	}
	if !active && !isTxn(q.entity) {
		tests = append(tests, func(o object) bool {
			n, ok := o.(namedObject)
			return !ok || n.isActive()
		})
	}
	return tests, nil
}

func unknownProperty(entity, name string) error {
	return queryError("Property " + name + " not found for Entity " + entity)
}

func (c *Company) test(entity string, cond condition) (test, error) {
	p, ok := c.property(entity, cond.property)
	if !ok {
		return nil, unknownProperty(entity, cond.property)
	}
	if cond.op == "LIKE" {
		pattern := strings.ToLower(cond.values[0])
		return func(o object) bool { return like(strings.ToLower(p.get(o).s), pattern) }, nil
	}
	var values []value
	for _, text := range cond.values {
		v, err := c.literal(p, text)
		if err != nil {
			return nil, queryError("value " + text + " is not valid for property " + cond.property)
		}
		values = append(values, v)
	}
	if cond.op == "IN" {
		return func(o object) bool { return slices.Contains(values, p.get(o)) }, nil
	}
	return func(o object) bool { return holds(cond.op, compare(p.get(o), values[0])) }, nil
}

func compare(a, b value) int { return cmp.Or(cmp.Compare(a.n, b.n), cmp.Compare(a.s, b.s)) }

func holds(op string, c int) bool {
	switch op {
	case "=":
		return c == 0
	case "<":
		return c < 0
	case ">":
		return c > 0
	case "<=":
		return c <= 0
	}
	return c >= 0
}

// like matches a text with a pattern in which % stands for anything.
func like(text, pattern string) bool {
	parts := strings.Split(pattern, "%")
	if !strings.HasPrefix(text, parts[0]) {
		return false
	}
	text = text[len(parts[0]):]
	for i, part := range parts[1:] {
		if i == len(parts)-2 {
			return strings.HasSuffix(text, part)
		}
		at := strings.Index(text, part)
		if at < 0 {
			return false
		}
		text = text[at+len(part):]
	}
	return text == ""
}

// sorting is one key of an order.
type sorting struct {
	property
	desc, isID bool
}

// ordering reads the orderby. Without one QuickBooks lists transactions by their last
// change, the newest first (seen): what changes meanwhile moves to the front. Names
// come by the alphabet.
func (c *Company) ordering(q query) ([]sorting, error) {
	asked := q.order
	if len(asked) == 0 {
		switch {
		case isTxn(q.entity):
			asked = []ordering{{property: "MetaData.LastUpdatedTime", desc: true}, {property: "Id", desc: true}}
		case q.entity == "Customer":
			asked = []ordering{{property: "DisplayName"}}
		default:
			asked = []ordering{{property: "Id"}}
		}
	}
	var keys []sorting
	for _, a := range asked {
		p, ok := c.property(q.entity, a.property)
		if !ok {
			return nil, unknownProperty(q.entity, a.property)
		}
		keys = append(keys, sorting{p, a.desc, strings.EqualFold(a.property, "Id")})
	}
	return keys, nil
}

// sortRows sorts by the keys; equal rows stay in the order of their ids.
func sortRows(rows []object, keys []sorting) {
	if sortByNumber(rows, keys) {
		return
	}
	type keyed struct {
		row  object
		keys []value
	}
	list := make([]keyed, len(rows))
	flat := make([]value, len(rows)*len(keys))
	for i, r := range rows {
		list[i] = keyed{r, flat[i*len(keys) : (i+1)*len(keys)]}
		for j, k := range keys {
			list[i].keys[j] = k.get(r)
		}
	}
	slices.SortStableFunc(list, func(a, b keyed) int {
		for j, k := range keys {
			if d := compare(a.keys[j], b.keys[j]); d != 0 {
				if k.desc {
					return -d
				}
				return d
			}
		}
		return 0
	})
	for i := range list {
		rows[i] = list[i].row
	}
}

// sortByNumber sorts by one number, alone or with the id after it in the same
// direction, as almost all clients do: large books would take too long otherwise. The
// rows come in the order of their ids.
func sortByNumber(rows []object, keys []sorting) bool {
	first := keys[0]
	if first.sort != numeric && first.sort != timed {
		return false
	}
	if len(keys) > 2 || len(keys) == 2 && (!keys[1].isID || keys[1].desc != first.desc) {
		return false
	}
	type ranked struct {
		n, tie int64
		row    object
	}
	sign := int64(1)
	if first.desc {
		sign = -1
	}
	list := make([]ranked, len(rows))
	tie := int64(1)
	if len(keys) == 2 {
		tie = sign
	}
	for i, r := range rows {
		list[i] = ranked{sign * first.get(r).n, tie * int64(i), r}
	}
	slices.SortFunc(list, func(a, b ranked) int {
		if a.n != b.n {
			return cmp.Compare(a.n, b.n)
		}
		return cmp.Compare(a.tie, b.tie)
	})
	for i := range list {
		rows[i] = list[i].row
	}
	return true
}
