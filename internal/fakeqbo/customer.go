package fakeqbo

import (
	"encoding/json"
	"slices"
	"strings"
)

// customer is a customer, sub-customer or project.
type customer struct {
	head
	name, company  string
	email, phone   string
	notes          string
	active         bool
	parent         int64
	kids           []*customer
	project        bool
	billWithParent bool
	currency       string
	term           int64
	balance        int64 // in minor units of the customer's currency, less what is unapplied
	custom         []customField
}

// customField is a custom field with its value.
type customField struct{ id, name, value string }

func (cu *customer) kind() string   { return "Customer" }
func (cu *customer) isActive() bool { return cu.active }
func (cu *customer) label() string  { return cu.shown() }

// deletedMark is what QuickBooks adds to the name of an inactive customer.
const deletedMark = " (deleted)"

func (cu *customer) shown() string {
	if cu.active || strings.HasSuffix(cu.name, deletedMark) {
		return cu.name
	}
	return cu.name + deletedMark
}

func (c *Company) fullName(cu *customer) string {
	name := cu.shown()
	for up := c.customer(cu.parent); up != nil; up = c.customer(up.parent) {
		name = up.shown() + ":" + name
	}
	return name
}

func (c *Company) level(cu *customer) int {
	n := 0
	for up := c.customer(cu.parent); up != nil; up = c.customer(up.parent) {
		n++
	}
	return n
}

func (c *Company) customer(id int64) *customer {
	cu, _ := c.table("Customer").byID[id].(*customer)
	return cu
}

// withJobs is the balance with those of the sub-customers. (All of a family have
// one currency.)
func (cu *customer) withJobs() int64 {
	sum := cu.balance
	for _, k := range cu.kids {
		sum += k.withJobs()
	}
	return sum
}

// adopt puts a customer below a parent, 0 for none.
func (c *Company) adopt(cu *customer, parent int64) {
	if up := c.customer(cu.parent); up != nil {
		up.kids = slices.DeleteFunc(up.kids, func(k *customer) bool { return k == cu })
	}
	cu.parent = parent
	if up := c.customer(parent); up != nil && !slices.Contains(up.kids, cu) {
		up.kids = append(up.kids, cu)
	}
}

// above reports whether id is the customer or stands above it.
func (c *Company) above(cu *customer, id int64) bool {
	for up := cu; up != nil; up = c.customer(up.parent) {
		if up.id == id {
			return true
		}
	}
	return false
}

func (cu *customer) render(c *Company, o *out) {
	exp := exponent(cu.currency)
	o.open()
	o.bool("Taxable", false)
	o.some("Notes", cu.notes)
	o.bool("Job", cu.parent != 0)
	o.bool("BillWithParent", cu.billWithParent)
	if cu.parent != 0 {
		o.ref("ParentRef", idText(cu.parent), "")
		o.int("Level", c.level(cu))
	}
	o.ref("SalesTermRef", idText(cu.term), c.nameOf("Term", cu.term))
	o.num("Balance", decimal(cu.balance, exp))
	o.num("BalanceWithJobs", decimal(cu.withJobs(), exp))
	o.ref("CurrencyRef", cu.currency, currencyName(cu.currency))
	o.bool("IsProject", cu.project)
	if len(cu.custom) > 0 {
		o.list("CustomField")
		for _, f := range cu.custom {
			f.render(o, true)
		}
		o.end()
	}
	o.members(cu.extra)
	cu.renderHead(c, o)
	o.str("FullyQualifiedName", c.fullName(cu))
	o.some("CompanyName", cu.company)
	o.str("DisplayName", cu.shown())
	o.bool("Active", cu.active)
	if cu.phone != "" {
		o.object("PrimaryPhone")
		o.str("FreeFormNumber", cu.phone)
		o.close()
	}
	if cu.email != "" {
		o.object("PrimaryEmailAddr")
		o.str("Address", cu.email)
		o.close()
	}
	o.close()
}

func (f customField) render(o *out, named bool) {
	o.open()
	o.str("DefinitionId", f.id)
	if named {
		o.str("Name", f.name)
	}
	o.str("Type", "StringType")
	o.some("StringValue", f.value)
	o.close()
}

func (f fields) custom() []customField {
	var list []struct {
		ID    string `json:"DefinitionId"`
		Name  string `json:"Name"`
		Value string `json:"StringValue"`
	}
	if json.Unmarshal(f.take("CustomField"), &list) != nil {
		return nil
	}
	var out []customField
	for _, l := range list {
		out = append(out, customField{l.ID, l.Name, l.Value})
	}
	return out
}

var currencyNames = map[string]string{
	"USD": "United States Dollar", "EUR": "Euro", "GBP": "British Pound Sterling", "CAD": "Canadian Dollar",
	"JPY": "Japanese Yen", "AUD": "Australian Dollar", "KWD": "Kuwaiti Dinar", "CHF": "Swiss Franc",
}

func currencyName(code string) string {
	if n := currencyNames[code]; n != "" {
		return n
	}
	return code
}

// decodeCustomer reads a customer as it came. Its balance is believed.
func (c *Company) decodeCustomer(f fields) *customer {
	cu := &customer{head: f.head(c)}
	cu.name, cu.company = f.text("DisplayName"), f.text("CompanyName")
	cu.active = string(f.take("Active")) != "false"
	cu.parent = f.refID("ParentRef")
	cu.term = f.refID("SalesTermRef")
	cu.project, cu.billWithParent = f.flag("IsProject"), f.flag("BillWithParent")
	if cu.currency = f.ref("CurrencyRef"); cu.currency == "" {
		cu.currency = c.set.HomeCurrency
	}
	cu.notes = f.text("Notes")
	cu.email, cu.phone = nested(f.take("PrimaryEmailAddr"), "Address"), nested(f.take("PrimaryPhone"), "FreeFormNumber")
	cu.balance, _ = minor(f.text("Balance"), exponent(cu.currency)) // absent is 0
	cu.custom = f.custom()
	for _, derived := range []string{"Job", "Level", "BalanceWithJobs", "FullyQualifiedName", "Taxable"} {
		delete(f, derived)
	}
	cu.extra = f.rest()
	return cu
}

// nested reads one text member of an object.
func nested(v json.RawMessage, key string) string {
	var f fields
	if json.Unmarshal(v, &f) != nil {
		return ""
	}
	return scalar(f[key])
}
