package fakeqbo

import (
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Company is one QuickBooks company and its books, served over HTTP. Its methods
// may be called from several goroutines.
type Company struct {
	// OnChange is called after each change, outside the lock. Set it before the
	// company is served.
	OnChange func(Change)

	// BeforePage is called before each page of a query is read, outside the lock:
	// it may change the books. Set it before the company is served.
	BeforePage func()

	realm, name string
	now         func() time.Time

	writing sync.Mutex // one write over HTTP at a time, so that a request id is served once
	mu      sync.RWMutex
	set     Settings
	zone    *time.Location
	tables  map[string]*table
	lastTxn int64            // transactions share one sequence of ids
	lastID  map[string]int64 // each name list has its own
	lastNum int              // the last document number given out
	pending []*txn           // loaded payments, some of whose documents are not there yet
	replies map[string]reply // by request id
	falsely map[string]bool  // what change data capture says is deleted though it is not
	rates   map[string]string
	version int // counts changes of the books
	sorted  sortedRows
	names   map[string]int64 // of customers, as they were given
}

// Settings are a company's preferences, and which quirks of QuickBooks it shows.
type Settings struct {
	HomeCurrency  string // ISO 4217; "USD"
	MultiCurrency bool
	Zone          string   // of the company: "America/Los_Angeles"
	CustomFields  []string // names of the sales forms' custom fields, three at most
	Locations     bool     // documents have a DepartmentRef, the report a column for it
	Classes       bool
	Locale        string // of report titles: "en", "de", "fr"
	UniqueNumbers bool   // refuse a document number that is taken (6140)

	UnnamedFields    bool // sales forms give their custom fields by number alone
	ExtraRow         bool // pages have one row more than was asked for
	FalseDeleteEvery int  // each record whose id divides by it is shown as deleted by CDC; 0 for none
	QuietMerge       bool // a merge leaves LastUpdatedTime of the documents alone
}

// Change is one change of one record, as a webhook tells it.
type Change struct {
	Realm     string
	Entity    string // "Invoice"
	ID        string
	Operation string // Create, Update, Delete, Void, Merge, Emailed
	Into      string // of Merge: the customer that took in the one with ID
	At        time.Time
}

// NewCompany makes a company with its accounts, terms and items, and no documents.
// The realm is the company's id; now gives every time stamp and the date of today.
func NewCompany(realm, name string, now func() time.Time) *Company {
	c := &Company{
		realm: realm, name: name, now: now,
		set:    Settings{HomeCurrency: "USD", Zone: "America/Los_Angeles", Locale: "en"},
		tables: map[string]*table{}, lastID: map[string]int64{}, lastNum: 1000,
		replies: map[string]reply{}, falsely: map[string]bool{}, rates: map[string]string{},
		names: map[string]int64{},
	}
	c.zone = location(c.set.Zone)
	c.addLists()
	return c
}

// Realm is the company's id.
func (c *Company) Realm() string { return c.realm }

// Configure changes the settings.
func (c *Company) Configure(change func(*Settings)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.set)
	c.zone = location(c.set.Zone)
}

func location(zone string) *time.Location {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// SetRate sets the exchange rate of a currency into the home currency, as decimal
// text, for documents made from now on.
func (c *Company) SetRate(currency, rate string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rates[currency] = rate
}

// WritePoison makes each query page and each answer of change data capture that would
// contain the record fail with 400 and code 4002, as one with an e-mail address that has
// become invalid does. A read by its id brings it.
func (c *Company) WritePoison(entity, id string) { c.poison(entity, id, true) }

// CurePoison undoes WritePoison.
func (c *Company) CurePoison(entity, id string) { c.poison(entity, id, false) }

func (c *Company) poison(entity, id string, bad bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if o := c.table(entity).byID[number(id)]; o != nil {
		o.base().poison = bad
	}
}

// FalselyDelete makes change data capture show a record as deleted that is not,
// once it has changed (or changes again).
func (c *Company) FalselyDelete(entity, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.falsely[entity+"/"+id] = true
}

// clock is the time now, in seconds: QuickBooks' stamps have no more.
func (c *Company) clock() time.Time { return c.now().Truncate(time.Second) }

// Today is the date on the wall in the company's zone.
func (c *Company) Today() string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.today()
}

func (c *Company) today() string { return c.now().In(c.zone).Format(time.DateOnly) }

func (c *Company) stamp(t time.Time) string {
	return t.In(c.zone).Format("2006-01-02T15:04:05-07:00")
}

// tx is one change of the books and all that it touches.
type tx struct {
	c       *Company
	at      time.Time
	touched map[object]string // the operation that a webhook names; "" tells nobody
	order   []object
	more    []Change // of records that are gone
}

// change runs one change under the lock, stamps what it touched, and tells of it.
// A change that returns an error must not have changed anything.
func (c *Company) change(do func(*tx) error) error {
	c.mu.Lock()
	t := &tx{c: c, at: c.clock(), touched: map[object]string{}}
	err := do(t)
	changes := t.commit()
	c.mu.Unlock()
	if c.OnChange != nil {
		for _, ch := range changes {
			c.OnChange(ch)
		}
	}
	return err
}

// touch marks an object as changed. The first operation named stays: a new record
// that is linked in the same breath is still "Create".
func (t *tx) touch(o object, operation string) {
	was, known := t.touched[o]
	if !known {
		t.order = append(t.order, o)
	}
	if was == "" || operation == "Void" {
		t.touched[o] = operation
	}
}

func (t *tx) commit() []Change {
	t.c.version++
	var changes []Change
	for _, o := range t.order {
		op := t.touched[o]
		h := o.base()
		h.updated = t.at
		if op != "Create" && op != "" {
			h.token++
		}
		if op != "" {
			changes = append(changes, t.changed(o, op))
		}
	}
	return append(changes, t.more...)
}

func (t *tx) changed(o object, op string) Change {
	return Change{
		Realm: t.c.realm, Entity: o.kind(), ID: strconv.FormatInt(o.base().id, 10), Operation: op, At: t.at,
	}
}

// forget takes an object out of the books.
func (t *tx) forget(o object, op, into string) {
	t.c.table(o.kind()).remove(o.base().id, t.at)
	delete(t.touched, o)
	t.order = slices.DeleteFunc(t.order, func(other object) bool { return other == o })
	gone := t.changed(o, op)
	gone.Into = into
	t.more = append(t.more, gone)
}

// nextTxn is a new id of a transaction, nextID of a record of a name list.
func (c *Company) nextTxn() int64 { c.lastTxn++; return c.lastTxn }

func (c *Company) nextID(entity string) int64 { c.lastID[entity]++; return c.lastID[entity] }

// currencies are those that the company has rates for, and its own.
func (c *Company) currencies() []string {
	list := append(slices.Collect(maps.Keys(c.rates)), c.set.HomeCurrency)
	slices.Sort(list)
	return slices.Compact(list)
}
