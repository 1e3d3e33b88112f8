package desk

import (
	"slices"
	"strings"

	"arbot/ar"
)

// Column is a fact about an account that a digest may show to a channel.
type Column string

// The columns. What somebody noted about an account is none of them.
const (
	ShowAccount Column = "account"
	ShowAmount  Column = "amount"
	ShowOwner   Column = "owner"
	// ShowDays is how late the oldest amount is.
	ShowDays Column = "days"
	// ShowDates is when a payment is dated.
	ShowDates Column = "dates"
)

var (
	columns      = []Column{ShowAccount, ShowAmount, ShowOwner, ShowDays, ShowDates}
	salesColumns = []Column{ShowAccount, ShowAmount, ShowOwner}
)

// ReadColumns reads the columns of a route as the config names them. The account is
// always among them. Nothing is nil: see Route.Shows.
func ReadColumns(names []string) ([]Column, error) {
	if len(names) == 0 {
		return nil, nil
	}
	list := []Column{ShowAccount}
	for _, name := range names {
		c := Column(strings.ToLower(strings.TrimSpace(name)))
		if !slices.Contains(columns, c) {
			return nil, ar.Refuse("A digest cannot show %q. It can show account, amount, owner, days and dates.", name)
		}
		if !slices.Contains(list, c) {
			list = append(list, c)
		}
	}
	return list, nil
}

// Shows reports whether the route's channel gets to read a column. By default sales
// reads account, amount and owner, and AR everything.
func (r Route) Shows(c Column) bool {
	switch {
	case r.Show != nil:
		return slices.Contains(r.Show, c)
	case r.Kind == ar.SalesDigest:
		return slices.Contains(salesColumns, c)
	}
	return true
}
