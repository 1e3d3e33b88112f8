package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rickar/cal/v2"

	"arbot/ar"
)

// calendar is the days on which the company does not work though they are days of
// its week: those of a country, and its own.
type calendar struct {
	country []*cal.Holiday
	own     []ar.Date
}

// off reports whether a date is a holiday.
func (c calendar) off(day ar.Date) bool {
	return slices.Contains(c.own, day) || c.holiday(day) != ""
}

// holiday is the name of the country's holiday that is kept on a date, be it the
// day itself or the one that is free in its stead; "" for none. What is kept can
// lie in the year before (New Year's Day on a Saturday) or after.
func (c calendar) holiday(day ar.Date) string {
	year, _, _ := day.Civil()
	for _, h := range c.country {
		for y := year - 1; y <= year+1; y++ {
			actual, observed := h.Calc(y)
			if !actual.IsZero() && (ar.NewDate(actual.Date()) == day || ar.NewDate(observed.Date()) == day) {
				return h.Name
			}
		}
	}
	return ""
}

// newCalendar is the calendar of a country or region, without the holidays on which
// the company works.
func newCalendar(name string, worked []string) (calendar, error) {
	list, ok := holidayLists[strings.ToLower(name)]
	if !ok && name != "" {
		known := strings.Join(slices.Sorted(maps.Keys(holidayLists)), ", ")
		return calendar{}, fmt.Errorf("%q is no calendar that arbot knows: write one of %s, or list your own under holidays", name, known)
	}
	c := calendar{country: slices.Clone(list)}
	for _, w := range worked {
		n := len(c.country)
		c.country = slices.DeleteFunc(c.country, func(h *cal.Holiday) bool { return strings.EqualFold(h.Name, w) })
		if len(c.country) == n {
			return calendar{}, fmt.Errorf("%q is no holiday of the calendar %q, which has %s", w, name, holidayNames(list))
		}
	}
	return c, nil
}

func holidayNames(list []*cal.Holiday) string {
	var names []string
	for _, h := range list {
		if !slices.Contains(names, h.Name) {
			names = append(names, h.Name)
		}
	}
	return strings.Join(names, ", ")
}
