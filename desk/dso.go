package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
	"arbot/ar/metric"
)

// MetricsInput asks for the figures of the book, of a sales owner's accounts or of a
// segment, as of a date. Owner and Segment exclude each other.
type MetricsInput struct {
	Owner, Segment string
	// AsOf is the zero date for today.
	AsOf ar.Date
}

// Validate names what is wrong with the input.
func (in MetricsInput) Validate(today ar.Date) error {
	switch {
	case in.Owner != "" && in.Segment != "":
		return ar.Refuse("Ask for an owner or for a segment, not for both.")
	case in.AsOf.After(today):
		return ar.Refuse("%s is still ahead. These figures look back: type today or an earlier date.", in.AsOf.Long())
	}
	return nil
}

// trendMonths is how many month ends a trend has.
const trendMonths = 6

// Metrics are the figures by which receivables are judged, as of a date.
type Metrics struct {
	MetricsInput
	// Of is whose figures these are; "" for the whole book (or all that the actor
	// sees of it). Partial: the actor sees a part of the book only.
	Of      string
	Partial bool
	// Currencies have a report each, in amounts of the documents: nothing is converted.
	Currencies []CurrencyMetrics
	Fresh      Fresh
}

// CurrencyMetrics are the figures of what is in one currency.
type CurrencyMetrics struct {
	metric.Report
	Net ar.Money
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
	err = d.books.View(ctx, func(r ar.Reader) error {
		view = Metrics{MetricsInput: in}
		scope, of, err := d.aimOwner(ctx, r, sees, &view.Owner)
		if err != nil {
			return err
		}
		view.Of, view.Partial = of, in.Owner == "" && !sees.All
		if view.Currencies, err = d.currencyMetrics(ctx, r, scope, &view); err != nil {
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

func (d *Desk) currencyMetrics(ctx context.Context, r ar.Reader, scope ar.Scope, view *Metrics) ([]CurrencyMetrics, error) {
	rule := ar.SumRule{Cuts: ar.MonthCuts(view.AsOf, metric.ReportMonths+trendMonths)}
	if view.Segment != "" {
		rule.By = []ar.Dimension{ar.PerSegment}
	}
	sums, err := r.LedgerSums(ctx, rule, scope)
	if err != nil {
		return nil, err
	}
	if view.Segment != "" {
		if sums, view.Of, err = segment(sums, view.Segment); err != nil {
			return nil, err
		}
	}
	list := make([]CurrencyMetrics, 0, len(sums))
	for _, book := range metric.Books(sums) {
		net, err := book.Closing().Net()
		if err != nil {
			return nil, err
		}
		list = append(list, CurrencyMetrics{Report: book.Report(), Net: net, Trend: trend(book)})
	}
	homeFirst(d, list, func(m CurrencyMetrics) ar.Currency { return m.Slice.Currency })
	return list, nil
}

// segment picks the sums of the one segment that a text names; upper and lower case are
// the same.
func segment(sums []ar.Sums, text string) (of []ar.Sums, name string, err error) {
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
		return nil, "", &ar.Error{Kind: ar.NotFound, Say: "No account of yours has a segment in the ledger. Ask for an owner, or for the whole book."}
	}
	more := ""
	if left := len(known) - mostNames; left > 0 {
		known, more = known[:mostNames], fmt.Sprintf(" and %d more", left)
	}
	return nil, "", &ar.Error{
		Kind: ar.NotFound, Say: fmt.Sprintf("I know no segment “%s”. I know %s%s.", text, strings.Join(known, ", "), more),
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
