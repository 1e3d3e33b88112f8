package fakeqbo

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// aging is what a report was asked for.
type aging struct {
	name      string
	date      string // as of
	from      string // from when days past due are counted
	periods   int
	days      int // of a period
	customers []string
	dueFrom   string
	dueTo     string
}

// aged is an open item with the column of the report that it falls into: 0 is current.
type aged struct {
	OpenItem
	bucket int
}

func (c *Company) serveReport(r *request) ([]byte, error) {
	if r.Method != http.MethodGet || len(r.path) != 2 {
		return nil, unsupported(r)
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	a, err := c.aging(r)
	if err != nil {
		return nil, err
	}
	items := c.age(a)
	var o out
	switch a.name {
	case "AgedReceivables":
		c.renderSummary(&o, a, items)
	case "AgedReceivableDetail":
		c.renderDetailReport(&o, a, items)
	default:
		return nil, unsupported(r)
	}
	return o.b, nil
}

func (c *Company) aging(r *request) (aging, error) {
	a := aging{name: r.path[1], date: c.today(), periods: 4, days: 30}
	for name, into := range map[string]*string{"report_date": &a.date, "start_duedate": &a.dueFrom, "end_duedate": &a.dueTo} {
		text := r.param(name)
		if text == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return a, badValue(name, text)
		}
		*into = text
	}
	for name, into := range map[string]*int{"num_periods": &a.periods, "aging_period": &a.days} {
		if text := r.param(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 || n > 100 {
				return a, badValue(name, text)
			}
			*into = n
		}
	}
	a.from = a.date
	if strings.EqualFold(r.param("aging_method"), "Current") {
		a.from = c.today()
	}
	if ids := r.param("customer"); ids != "" {
		a.customers = strings.Split(ids, ",")
	}
	return a, nil
}

// age puts the open items into columns. Due on the day itself is current; credits are
// aged by their own date.
func (c *Company) age(a aging) []aged {
	var list []aged
	for _, it := range c.openItems(a.date) {
		switch {
		case len(a.customers) > 0 && !slices.Contains(a.customers, it.Customer),
			a.dueFrom != "" && it.Due < a.dueFrom, a.dueTo != "" && it.Due > a.dueTo:
			continue
		}
		list = append(list, aged{it, a.bucket(it.Due)})
	}
	return list
}

func (a aging) bucket(due string) int {
	late := daysBetween(due, a.from)
	if late <= 0 {
		return 0
	}
	return min((late-1)/a.days+1, a.periods)
}

func daysBetween(from, to string) int {
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	if errA != nil || errB != nil {
		return 0
	}
	return int(b.Sub(a) / (24 * time.Hour))
}

// renderReport writes what both reports begin with.
func (c *Company) renderReportHead(o *out, a aging, empty bool) {
	o.object("Header")
	o.str("Time", c.stamp(c.now()))
	o.str("ReportName", a.name)
	o.str("DateMacro", "custom")
	o.str("StartPeriod", a.date)
	o.str("EndPeriod", a.date)
	o.str("Currency", c.set.HomeCurrency)
	o.list("Option")
	for _, opt := range [][2]string{{"report_date", a.date}, {"NoReportData", strconv.FormatBool(empty)}} {
		o.open()
		o.str("Name", opt[0])
		o.str("Value", opt[1])
		o.close()
	}
	o.end()
	o.close()
}

// column is a column of a report.
type column struct{ title, kind string }

func renderColumns(o *out, columns []column) {
	o.object("Columns")
	o.list("Column")
	for _, col := range columns {
		o.open()
		o.str("ColTitle", col.title)
		o.str("ColType", col.kind)
		o.close()
	}
	o.end()
	o.close()
}

// cell is a value of a report, with the id of what it names.
type cell struct{ text, id string }

func renderCells(o *out, cells []cell) {
	o.list("ColData")
	for _, x := range cells {
		o.open()
		o.str("value", x.text)
		o.some("id", x.id)
		o.close()
	}
	o.end()
}

// amountText is how a report writes an amount; nothing where it is 0.
func (c *Company) amountText(amount int64) string {
	if amount == 0 {
		return ""
	}
	return fixed(amount, exponent(c.set.HomeCurrency))
}

// ranges are the titles of the columns after Current: "1 - 30" to "91 and over".
func (a aging) ranges(over string) []string {
	var list []string
	for i := 1; i <= a.periods; i++ {
		from := strconv.Itoa((i-1)*a.days + 1)
		if i == a.periods {
			list = append(list, from+" "+over)
			continue
		}
		list = append(list, from+" - "+strconv.Itoa(i*a.days))
	}
	return list
}
