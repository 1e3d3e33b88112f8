package quickbooks

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"arbot/ar"
)

// frame is what of a company's settings its records are read by.
type frame struct {
	home  ar.Currency
	multi bool // documents can be in other currencies
	// deposits: invoices can state a deposit that was paid with them.
	deposits bool
	// fieldNames are the custom fields of sales forms, by their numbers.
	fieldNames map[string]string
	terms      map[string]termRule
	// receivable and badDebt are the ids of accounts.
	receivable, badDebt map[string]bool
	// time is the server's, before anything else was read.
	time string
}

// arAccount is QuickBooks' type of the accounts that receivables are booked to;
// there can be several.
const arAccount = "Accounts Receivable"

// loadFrame reads the settings anew.
func (s *Source) loadFrame(ctx context.Context) (*frame, error) {
	got, at, err := s.query(ctx, selection(preferences, "", 0, 0))
	if err != nil {
		return nil, err
	}
	f := &frame{home: s.connection.Home, terms: map[string]termRule{}, receivable: map[string]bool{}, badDebt: map[string]bool{}, time: at}
	if len(got.Preferences) > 0 {
		p := got.Preferences[0]
		f.multi, f.deposits = p.CurrencyPrefs.MultiCurrencyEnabled, p.SalesFormsPrefs.AllowDeposit
		f.fieldNames = p.fieldNames()
		if code := p.CurrencyPrefs.HomeCurrency.Value; code != "" {
			f.home = ar.Currency(code)
		}
	}
	if !f.home.Known() {
		return nil, fmt.Errorf("quickbooks: the company's home currency %q: %w", string(f.home), ar.ErrUnknownCurrency)
	}
	names, err := s.list(ctx, terms)
	if err != nil {
		return nil, err
	}
	for i := range names.Term {
		t := newTermRule(names.Term[i])
		f.terms[names.Term[i].ID] = t
	}
	if names, err = s.list(ctx, accounts); err != nil {
		return nil, err
	}
	for _, a := range names.Account {
		f.receivable[a.ID] = a.AccountType == arAccount
		f.badDebt[a.ID] = namedIn(s.settings.BadDebtAccounts, a.ID, a.Name, a.FullyQualifiedName, a.AcctNum)
	}
	return f, nil
}

// fieldNames are the names of the sales forms' custom fields, by the numbers that end the
// names of the preferences ("SalesFormsPrefs.SalesCustomName1").
func (p companyPreferences) fieldNames() map[string]string {
	names := map[string]string{}
	for _, group := range p.SalesFormsPrefs.CustomField {
		for _, f := range group.CustomField {
			number, isName := strings.CutPrefix(f.Name, "SalesFormsPrefs.SalesCustomName")
			if name := strings.TrimSpace(f.StringValue); isName && name != "" {
				names[number] = name
			}
		}
	}
	return names
}

// list reads all of a short list.
func (s *Source) list(ctx context.Context, e entity) (*rows, error) {
	all := &rows{}
	for start := 1; ; start += pageSize {
		got, _, err := s.query(ctx, selection(e, e.where(), start, pageSize))
		if err != nil {
			return nil, err
		}
		all.add(got)
		if got.len() < pageSize {
			return all, nil
		}
	}
}

// namedIn reports whether one of the config's names (or ids) is among those of
// an object, in any case.
func namedIn(config []string, names ...string) bool {
	for _, wanted := range config {
		for _, name := range names {
			if name != "" && strings.EqualFold(strings.TrimSpace(wanted), strings.TrimSpace(name)) {
				return true
			}
		}
	}
	return false
}

// badDebtItem reports whether a sales line books to bad debt: by its item, or
// by the account that the item books to. Items can be in categories, which are
// part of the name: "Adjustments:Bad debt".
func (s Settings) badDebtItem(f *frame, line *itemLine) bool {
	name := line.ItemRef.Name
	last := name[strings.LastIndexByte(name, ':')+1:]
	return namedIn(s.BadDebtItems, line.ItemRef.Value, name, last) || f.badDebt[line.ItemAccountRef.Value]
}

// writesOff reports whether the config names anything that writes off.
func (s Settings) writesOff() bool { return len(s.BadDebtItems)+len(s.BadDebtAccounts) > 0 }

// termRule is when an invoice is due by the terms of the ledger.
type termRule struct {
	name string
	// days after the invoice, where day is 0.
	days int
	// day of the month; of the month after if the invoice is dated fewer than
	// within days before it.
	day, within int
	known       bool
}

func newTermRule(t term) termRule {
	const most = 3650
	days, isDays := whole(t.DueDays)
	day, isDay := whole(t.DayOfMonthDue)
	within, _ := whole(t.DueNextMonthDays)
	isDays, within = isDays && days <= most, min(within, most)
	r := termRule{name: t.Name, days: days, within: within, known: isDays || isDay}
	if isDay && day > 0 && !isDays {
		r.day = min(day, 31)
	}
	return r
}

// whole reads a number of things.
func whole(n number) (int, bool) {
	v, err := strconv.Atoi(string(n))
	return v, err == nil && v >= 0
}

// due returns the due date of an invoice that states none.
func (r termRule) due(invoice ar.Date) ar.Date {
	if r.day == 0 {
		return invoice.AddDays(r.days)
	}
	due := dayOfMonth(invoice.MonthStart(), r.day)
	for due.Sub(invoice) < r.within || due.Before(invoice) {
		due = dayOfMonth(due.MonthEnd().AddDays(1), r.day)
	}
	return due
}

// dayOfMonth returns a day of a month, or the last one of a short month.
func dayOfMonth(first ar.Date, day int) ar.Date {
	due := first.AddDays(day - 1)
	if due.After(first.MonthEnd()) {
		return first.MonthEnd()
	}
	return due
}

// stated returns the due date that the ledger's terms give to an invoice, where
// their name alone would not say the same.
func (r termRule) stated(invoice ar.Date) ar.Date {
	if !r.known {
		return ar.Date{}
	}
	due := r.due(invoice)
	if byName, ok := ar.ParseTerms(r.name); ok && byName.Due(invoice) == due {
		return ar.Date{}
	}
	return due
}
