package fakeqbo

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"
)

// head is what every object of QuickBooks has.
type head struct {
	id               int64
	token            int
	created, updated time.Time
	poison           bool
	// extra are members that the books don't interpret, as they came.
	extra []member
}

func (h *head) base() *head { return h }

// member is a member of a JSON object.
type member struct {
	key   string
	value json.RawMessage
}

// object is a record of any entity.
type object interface {
	base() *head
	kind() string // "Invoice"
	render(c *Company, o *out)
}

// namedObject is a record of a name list: it is made inactive, not deleted.
type namedObject interface {
	object
	isActive() bool
	label() string
}

// table holds the records of one entity in the order of their ids, and the stubs
// of those that are deleted.
type table struct {
	byID map[int64]object
	rows []object
	gone []stub
}

// stub is what change data capture keeps of a deleted record.
type stub struct {
	id int64
	at time.Time
}

func byID(o object, id int64) int {
	switch at := o.base().id; {
	case at < id:
		return -1
	case at > id:
		return 1
	}
	return 0
}

func (t *table) put(o object) {
	id := o.base().id
	i, found := slices.BinarySearchFunc(t.rows, id, byID)
	if found {
		t.rows[i] = o
	} else {
		t.rows = slices.Insert(t.rows, i, o)
	}
	t.byID[id] = o
}

func (t *table) remove(id int64, at time.Time) {
	i, found := slices.BinarySearchFunc(t.rows, id, byID)
	if !found {
		return
	}
	t.rows = slices.Delete(t.rows, i, i+1)
	delete(t.byID, id)
	t.gone = append(t.gone, stub{id: id, at: at})
}

func newTable() *table { return &table{byID: map[int64]object{}} }

// table gives the records of an entity; one is made where there is none.
func (c *Company) table(entity string) *table {
	t := c.tables[entity]
	if t == nil {
		t = newTable()
		c.tables[entity] = t
	}
	return t
}

// renderHead writes the members that every object begins with.
func (h *head) renderHead(c *Company, o *out) {
	o.str("domain", "QBO")
	o.bool("sparse", false)
	o.str("Id", strconv.FormatInt(h.id, 10))
	o.str("SyncToken", strconv.Itoa(h.token))
	o.object("MetaData")
	o.str("CreateTime", c.stamp(h.created))
	o.str("LastUpdatedTime", c.stamp(h.updated))
	o.close()
}

// fields is a JSON object being read: what is taken out of it is interpreted, the
// rest is kept.
type fields map[string]json.RawMessage

func (f fields) take(key string) json.RawMessage {
	v := f[key]
	delete(f, key)
	return v
}

// text takes a string or a number as text; "" for absent and null.
func (f fields) text(key string) string { return scalar(f.take(key)) }

func scalar(v json.RawMessage) string {
	if len(v) == 0 || string(v) == "null" {
		return ""
	}
	var s string
	if v[0] == '"' && json.Unmarshal(v, &s) == nil {
		return s
	}
	return string(v)
}

// ref takes the value of a reference.
func (f fields) ref(key string) string { return nested(f.take(key), "value") }

func (f fields) refID(key string) int64 {
	return number(f.ref(key))
}

func (f fields) flag(key string) bool { return string(f.take(key)) == "true" }

// rest gives what was not taken, in a fixed order.
func (f fields) rest() []member {
	var ms []member
	for _, k := range slices.Sorted(maps.Keys(f)) {
		ms = append(ms, member{key: k, value: f[k]})
	}
	return ms
}

// head takes the members that every object has. An id is 0 where there is none.
func (f fields) head(c *Company) head {
	var h head
	h.id = number(f.text("Id"))
	h.token = int(number(f.text("SyncToken")))
	var meta struct {
		CreateTime      time.Time `json:"CreateTime"`
		LastUpdatedTime time.Time `json:"LastUpdatedTime"`
	}
	if json.Unmarshal(f.take("MetaData"), &meta) != nil || meta.CreateTime.IsZero() {
		meta.CreateTime, meta.LastUpdatedTime = c.clock(), c.clock()
	}
	h.created, h.updated = meta.CreateTime, meta.LastUpdatedTime
	for _, known := range []string{"domain", "sparse", "status"} {
		delete(f, known)
	}
	return h
}

// number reads an id; 0 for what is none.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func idText(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}
