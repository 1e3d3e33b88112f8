package fakeqbo

import (
	"strconv"
	"strings"
	"time"
)

// sort of a property: how its values are compared.
type sortOf int

const (
	textual sortOf = iota
	numeric        // n holds millionths
	dated          // s holds YYYY-MM-DD
	timed          // n holds seconds since 1970
	boolean
)

// value is what a property of a record holds, in the form that its sort needs.
type value struct {
	n int64
	s string
}

// property is something that can stand in a where or an orderby.
type property struct {
	sort sortOf
	get  func(object) value
}

const million = 1_000_000

func whole(n int64) value { return value{n: n * million} }

func money(amount int64, currency string) value {
	for range 6 - exponent(currency) {
		amount *= 10
	}
	return value{n: amount}
}

func truth(b bool) value { return value{s: strconv.FormatBool(b)} }

// property finds a property of an entity; ok is false where QuickBooks has none of
// that name, or doesn't let it be queried.
func (c *Company) property(entity, name string) (property, bool) {
	name = strings.ToLower(name)
	switch name {
	case "id":
		return property{numeric, func(o object) value { return whole(o.base().id) }}, true
	case "metadata.createtime":
		return property{timed, func(o object) value { return value{n: o.base().created.Unix()} }}, true
	case "metadata.lastupdatedtime":
		return property{timed, func(o object) value { return value{n: o.base().updated.Unix()} }}, true
	}
	switch {
	case isTxn(entity):
		return txnProperty(entity, name)
	case entity == "Customer":
		return c.customerProperty(name)
	}
	return listProperty(name)
}

func ofTxn(sort sortOf, get func(*txn) value) (property, bool) {
	return property{sort, func(o object) value {
		if t, ok := o.(*txn); ok {
			return get(t)
		}
		return value{}
	}}, true
}

func txnProperty(entity, name string) (property, bool) {
	switch name {
	case "docnumber":
		return ofTxn(textual, func(t *txn) value { return value{s: t.number} })
	case "txndate":
		return ofTxn(dated, func(t *txn) value { return value{s: t.date} })
	case "totalamt":
		return ofTxn(numeric, func(t *txn) value { return money(t.total, t.currency) })
	case "currencyref":
		return ofTxn(textual, func(t *txn) value { return value{s: t.currency} })
	case "departmentref":
		return ofTxn(textual, func(t *txn) value { return value{s: idText(t.location)} })
	}
	if entity == JournalEntry || entity == Deposit || entity == Purchase {
		return property{}, false
	}
	switch {
	case name == "customerref":
		return ofTxn(textual, func(t *txn) value { return value{s: idText(t.customer)} })
	case name == "paymentrefnum" && entity == Payment:
		return ofTxn(textual, func(t *txn) value { return value{s: t.reference} })
	case name == "balance" && (entity == Invoice || entity == CreditMemo):
		return ofTxn(numeric, func(t *txn) value { return money(t.open(), t.currency) })
	case name == "duedate" && entity == Invoice:
		return ofTxn(dated, func(t *txn) value { return value{s: t.due} })
	case name == "emailstatus" && entity == Invoice:
		return ofTxn(textual, func(t *txn) value { return value{s: t.mailedText()} })
	case name == "salestermref" && entity == Invoice:
		return ofTxn(textual, func(t *txn) value { return value{s: idText(t.term)} })
	}
	return property{}, false
}

func (c *Company) customerProperty(name string) (property, bool) {
	of := func(sort sortOf, get func(*customer) value) (property, bool) {
		return property{sort, func(o object) value {
			if cu, ok := o.(*customer); ok {
				return get(cu)
			}
			return value{}
		}}, true
	}
	switch name {
	case "displayname":
		return of(textual, func(cu *customer) value { return value{s: cu.shown()} })
	case "fullyqualifiedname":
		return of(textual, func(cu *customer) value { return value{s: c.fullName(cu)} })
	case "companyname":
		return of(textual, func(cu *customer) value { return value{s: cu.company} })
	case "primaryemailaddr":
		return of(textual, func(cu *customer) value { return value{s: cu.email} })
	case "active":
		return of(boolean, func(cu *customer) value { return truth(cu.active) })
	case "job":
		return of(boolean, func(cu *customer) value { return truth(cu.parent != 0) })
	case "balance":
		return of(numeric, func(cu *customer) value { return money(cu.balance, cu.currency) })
	}
	return property{}, false
}

func listProperty(name string) (property, bool) {
	of := func(sort sortOf, get func(*listing) value) (property, bool) {
		return property{sort, func(o object) value {
			if l, ok := o.(*listing); ok {
				return get(l)
			}
			return value{}
		}}, true
	}
	switch name {
	case "name":
		return of(textual, func(l *listing) value { return value{s: l.name} })
	case "active":
		return of(boolean, func(l *listing) value { return truth(l.active) })
	case "accounttype":
		return of(textual, func(l *listing) value { return value{s: l.accountOf} })
	case "type":
		return of(textual, func(l *listing) value { return value{s: l.extraText("Type")} })
	}
	return property{}, false
}

func (h *head) extraText(key string) string {
	for _, m := range h.extra {
		if m.key == key {
			return scalar(m.value)
		}
	}
	return ""
}

// literal reads the literal of a condition for a property.
func (c *Company) literal(p property, text string) (value, error) {
	switch p.sort {
	case numeric:
		n, err := minor(text, 6)
		return value{n: n}, err
	case dated:
		if len(text) > len(time.DateOnly) {
			text = text[:len(time.DateOnly)]
		}
		_, err := time.Parse(time.DateOnly, text)
		return value{s: text}, err
	case timed:
		at, err := parseTime(text, c.zone)
		return value{n: at.Unix()}, err
	case boolean:
		return value{s: strings.ToLower(text)}, nil
	case textual:
	}
	return value{s: text}, nil
}

// parseTime reads a time stamp with its offset; without one it's of the company's
// zone.
func parseTime(text string, zone *time.Location) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, text)
	for _, layout := range []string{"2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", time.DateOnly} {
		if err == nil {
			return at, nil
		}
		at, err = time.ParseInLocation(layout, text, zone)
	}
	return at, err
}
