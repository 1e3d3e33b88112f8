package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
	"arbot/ar/metric"
)

// MetricsInput asks for the figures of the book, or of a part of it, as of a date.
type MetricsInput struct {
	// Owner is a sales owner. Segment, Company and Terms name a part as the ledger does;
	// one of them at most, and not with an owner.
	Owner, Segment, Company, Terms string
	// By lists the parts of what was asked for beside the whole: companies, owners, segments
	// or terms.
	By ar.Dimension
	// Rates converts everything into the home currency; "" leaves each currency on its own.
	Rates ar.RateMode
	// AsOf is the zero date for today.
	AsOf ar.Date
	// Months is over how many whole months up to the date what was collected and granted is
	// looked at: 1, 3 or 12; 0 is 3.
	Months int
}

// part is the dimension and the name of the part that was asked for.
func (in MetricsInput) part() (of ar.Dimension, name string, parts int) {
	for _, p := range []struct {
		of   ar.Dimension
		name string
	}{{ar.PerSegment, in.Segment}, {ar.PerCompany, in.Company}, {ar.PerTerms, in.Terms}} {
		if p.name != "" {
			of, name, parts = p.of, p.name, parts+1
		}
	}
	return of, name, parts
}

// Validate names what is wrong with the input.
func (in MetricsInput) Validate(today ar.Date) error {
	_, _, parts := in.part()
	switch {
	case in.Owner != "" && in.Segment != "":
		return ar.Refuse("Ask for an owner or for a segment, not for both.")
	case parts > 1 || parts > 0 && in.Owner != "":
		return ar.Refuse("Ask for one part of the book at a time: an owner, a segment, a company or terms.")
	case parts > 0 && in.By != ar.PerBook:
		return ar.Refuse("Ask for a part of the book, or for all parts side by side, not for both.")
	case in.AsOf.After(today):
		return ar.Refuse("%s is still ahead. These figures look back: type today or an earlier date.", in.AsOf.Long())
	}
	return nil
}

// trendMonths is how many month ends a trend has; the first has half a year of history.
const trendMonths = 6

// Metrics are the figures by which receivables are judged, as of a date.
type Metrics struct {
	MetricsInput
	// Of is whose figures these are; "" for the whole book (or all that the actor
	// sees of it). Partial: the actor sees a part of the book only.
	Of      string
	Partial bool
	// Currencies have a report each, in amounts of the documents: nothing is converted,
	// unless Rates says so.
	Currencies []CurrencyMetrics
	// Parts are those of By, of each currency the one with most A/R first.
	Parts []CurrencyMetrics
	// Closing are the rates of ar.ClosingRates.
	Closing map[ar.Currency]ar.Rate
	Fresh   Fresh
}

// CurrencyMetrics are the figures of what is in one currency.
type CurrencyMetrics struct {
	metric.Report
	Net ar.Money
	// Aging is that of the as-of date.
	Aging ar.Aging
	// Trend are the reports as of the last month ends, oldest first, as far as the
	// books know today.
	Trend []metric.Report
}

// Metrics returns the figures of all that the actor sees, or of a part of it.
func (d *Desk) Metrics(ctx context.Context, actor ar.Actor, in MetricsInput) (view Metrics, err error) {
	if err := in.Validate(d.Today()); err != nil {
		return Metrics{}, err
	}
	sees, err := d.sees(actor)
	if err != nil {
		return Metrics{}, err
	}
	if in.AsOf.IsZero() {
		in.AsOf = d.Today()
	}
	in.Months = cmp.Or(in.Months, 3)
	err = d.books.View(ctx, func(r ar.Reader) error {
		view = Metrics{MetricsInput: in}
		scope, of, err := d.aimOwner(ctx, r, sees, &view.Owner)
		if err != nil {
			return err
		}
		view.Of, view.Partial = of, in.Owner == "" && !sees.All
		if err := d.measure(ctx, r, scope, &view); err != nil {
			return fmt.Errorf("figures as of %s: %w", in.AsOf, err)
		}
		view.Fresh, err = d.fresh(ctx, r, sees)
		return err
	})
	return view, err
}

// aimOwner narrows a scope to an owner, whose known spelling it puts in place of the
// typed one, and returns how to call the owner.
func (d *Desk) aimOwner(ctx context.Context, r ar.Reader, sees ar.Scope, owner *string) (ar.Scope, string, error) {
	scope, known, err := d.scopeOf(ctx, r, sees, *owner)
	*owner = known
	switch known {
	case "":
		return scope, "", err
	case "none":
		return scope, "accounts without an owner", err
	}
	return scope, d.PersonName(known), err
}

// measure makes the reports.
func (d *Desk) measure(ctx context.Context, r ar.Reader, scope ar.Scope, view *Metrics) error {
	of, name, _ := view.part()
	rule := ar.SumRule{Cuts: ar.MonthCuts(view.AsOf, metric.ReportMonths), By: []ar.Dimension{of}}
	if view.By != ar.PerBook {
		rule.By = append(rule.By, view.By)
	}
	var err error
	if rule.Home, view.Closing, err = d.homeOf(ctx, r, view.Rates, view.AsOf); err != nil {
		return err
	}
	sums, err := r.LedgerSums(ctx, rule, scope)
	if missing, ok := errors.AsType[*ar.NoRateError](err); ok {
		return unconverted(missing)
	}
	if err != nil {
		return err
	}
	if name != "" {
		if sums, view.Of, err = part(sums, of, name); err != nil {
			return err
		}
	}
	return d.report(sums, view)
}

func (d *Desk) report(sums []ar.Sums, view *Metrics) error {
	for _, book := range metric.Books(sums) {
		net, err := book.Closing().Net()
		if err != nil {
			return err
		}
		m := CurrencyMetrics{Report: book.ReportOver(view.Months), Net: net, Aging: book.Closing()}
		if view.By != ar.PerBook && book.By == view.By {
			view.Parts = append(view.Parts, m)
			continue
		}
		m.Trend = trend(book)
		view.Currencies = append(view.Currencies, m)
	}
	inCurrency := func(m CurrencyMetrics) ar.Currency { return m.Slice.Currency }
	slices.SortStableFunc(view.Parts, func(a, b CurrencyMetrics) int { return cmp.Compare(b.Net.Minor(), a.Net.Minor()) })
	homeFirst(d, view.Parts, inCurrency)
	homeFirst(d, view.Currencies, inCurrency)
	return nil
}

// homeOf returns how amounts are converted: nil for not at all. The rates of the ledgers
// lead into their own home currency, so there must be no other.
func (d *Desk) homeOf(ctx context.Context, r ar.Reader, mode ar.RateMode, asOf ar.Date) (*ar.Home, map[ar.Currency]ar.Rate, error) {
	if mode == "" {
		return nil, nil, nil
	}
	home := d.settings.Home
	sources, err := r.Sources(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range sources {
		if s.Home != "" && s.Home != home {
			return nil, nil, ar.Refuse("%s is kept in %s, so its rates do not lead into %s. Ask without home, for each currency on its own.", s.Name, s.Home, home)
		}
	}
	if mode != ar.ClosingRates {
		return ar.AtDocumentRates(home), nil, nil
	}
	rates, err := r.LatestRates(ctx, asOf)
	return ar.AtClosingRates(home, rates), rates, err
}

func unconverted(e *ar.NoRateError) error {
	return &ar.Error{
		Kind: ar.Invalid, Err: e,
		Say: fmt.Sprintf("The ledger gives no exchange rate for some of the %s, so I cannot convert it into %s. Ask without home, for each currency on its own.", e.From, e.To),
	}
}

// part picks the sums of the one part that a text names; upper and lower case are
// the same.
func part(sums []ar.Sums, by ar.Dimension, text string) (of []ar.Sums, name string, err error) {
	var known []string
	for _, s := range sums {
		if strings.EqualFold(s.Name, text) {
			of, name = append(of, s), s.Name
		}
		if s.Name != "" && !slices.Contains(known, s.Name) {
			known = append(known, s.Name)
		}
	}
	switch {
	case len(of) > 0:
		return of, name, nil
	case len(known) == 0:
		return nil, "", &ar.Error{Kind: ar.NotFound, Say: fmt.Sprintf("The ledger names no %s on any account of yours. Ask for an owner, or for the whole book.", by)}
	}
	more := ""
	if left := len(known) - mostNames; left > 0 {
		known, more = known[:mostNames], fmt.Sprintf(" and %d more", left)
	}
	return nil, "", &ar.Error{
		Kind: ar.NotFound, Say: fmt.Sprintf("I know no %s “%s”. I know %s%s.", by, text, strings.Join(known, ", "), more),
	}
}

// trend are the reports of the last whole months.
func trend(b metric.Book) (list []metric.Report) {
	for n := range b.Periods {
		if b.Periods[n].WholeMonth() {
			list = append(list, b.Until(n+1).Report())
		}
	}
	return list[max(0, len(list)-trendMonths):]
}
