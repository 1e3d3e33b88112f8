package fakeqbo

import (
	"slices"
	"strconv"
	"time"
)

// single is a record that a company has one of, or that is not kept as one:
// its info, its preferences, an exchange rate.
type single struct {
	head
	entity string
	write  func(o *out)
}

func (s *single) kind() string { return s.entity }

func (s *single) render(c *Company, o *out) {
	o.open()
	s.write(o)
	s.renderHead(c, o)
	o.close()
}

// founded is when the books begin.
func (c *Company) founded() head {
	at := time.Date(2020, time.January, 1, 9, 0, 0, 0, c.zone)
	return head{id: 1, created: at, updated: at}
}

func (c *Company) companyInfo() object {
	return &single{head: c.founded(), entity: "CompanyInfo", write: func(o *out) {
		o.str("CompanyName", c.name)
		o.str("LegalName", c.name)
		o.str("FiscalYearStartMonth", "January")
		o.str("Country", "US")
		o.str("SupportedLanguages", c.set.Locale)
		o.str("DefaultTimeZone", c.set.Zone)
		o.list("NameValue")
		o.open()
		o.str("Name", "OfferingSku")
		o.str("Value", "QuickBooks Online Plus")
		o.close()
		o.end()
	}}
}

func (c *Company) preferences() object {
	return &single{head: c.founded(), entity: "Preferences", write: func(o *out) {
		o.object("AccountingInfoPrefs")
		o.bool("TrackDepartments", c.set.Locations)
		o.bool("ClassTrackingPerTxn", c.set.Classes)
		o.bool("ClassTrackingPerTxnLine", false)
		o.str("CustomerTerminology", "Customers")
		o.close()
		o.object("SalesFormsPrefs")
		c.renderFieldNames(o)
		o.bool("CustomTxnNumbers", c.set.UniqueNumbers)
		o.close()
		o.object("CurrencyPrefs")
		o.bool("MultiCurrencyEnabled", c.set.MultiCurrency)
		o.ref("HomeCurrency", c.set.HomeCurrency, "")
		o.close()
		o.object("ReportPrefs")
		o.str("ReportBasis", "Accrual")
		o.bool("CalcAgingReportFromTxnDate", false)
		o.close()
	}}
}

// renderFieldNames writes the custom fields of sales forms as preferences hold them:
// which of them are in use, and their names, each within a list of its own.
func (c *Company) renderFieldNames(o *out) {
	o.list("CustomField")
	o.open()
	o.list("CustomField")
	for i := range c.set.CustomFields {
		o.open()
		o.str("Name", "SalesFormsPrefs.UseSalesCustom"+strconv.Itoa(i+1))
		o.str("Type", "BooleanType")
		o.bool("BooleanValue", true)
		o.close()
	}
	o.end()
	o.close()
	o.open()
	o.list("CustomField")
	for i, name := range c.set.CustomFields {
		o.open()
		o.str("Name", "SalesFormsPrefs.SalesCustomName"+strconv.Itoa(i+1))
		o.str("Type", "StringType")
		o.str("StringValue", name)
		o.close()
	}
	o.end()
	o.close()
	o.end()
}

func (c *Company) exchangeRates() []object {
	var list []object
	for i, currency := range c.currencies() {
		r := c.exchangeRate(currency, c.today())
		r.id = int64(i + 1)
		list = append(list, r)
	}
	return list
}

func (c *Company) exchangeRate(currency, asOf string) *single {
	h := c.founded()
	rate := c.rates[currency]
	if rate == "" {
		rate = "1"
	}
	return &single{head: h, entity: "ExchangeRate", write: func(o *out) {
		o.str("SourceCurrencyCode", currency)
		o.str("TargetCurrencyCode", c.set.HomeCurrency)
		o.num("Rate", rate)
		o.str("AsOfDate", asOf)
	}}
}

// lookup finds a record of any entity; nil for none.
func (c *Company) lookup(entity string, id int64) object {
	if t := c.tables[entity]; t != nil {
		if o := t.byID[id]; o != nil {
			return o
		}
		return nil
	}
	rows := c.rows(entity)
	if i := slices.IndexFunc(rows, func(o object) bool { return o.base().id == id }); i >= 0 {
		return rows[i]
	}
	return nil
}
