package desk

import (
	"context"
	"fmt"
	"math/big"

	"arbot/ar"
	"arbot/ar/metric"
)

// DefaultLossRates are the parts of each aging bucket that are taken to be lost where the
// config says nothing else: 1, 5, 10, 25 and 50 %, as textbooks have them. They are nobody's
// experience.
func DefaultLossRates() []*big.Rat {
	rates := make([]*big.Rat, 0, 5)
	for _, percent := range []int64{1, 5, 10, 25, 50} {
		rates = append(rates, big.NewRat(percent, 100))
	}
	return rates
}

// ProvisionInput asks for the loss that is expected of the book or of a part of it.
type ProvisionInput struct {
	// Owner and Segment are as in MetricsInput; one of them at most.
	Owner, Segment string
	// AsOf is the zero date for today.
	AsOf ar.Date
}

// Provision is the loss that is expected of what is open, by age.
type Provision struct {
	ProvisionInput
	Of      string
	Partial bool
	Edges   ar.Edges
	// Default: the rates are DefaultLossRates.
	Default    bool
	Currencies []CurrencyProvision
	Fresh      Fresh
}

// CurrencyProvision is the provision in one currency.
type CurrencyProvision struct {
	Currency ar.Currency
	// Matrix is by the rates of the config; a line for each bucket.
	Matrix metric.Provision
	// Rolls are what part of each bucket was in the next one a month later, over up to
	// twelve months; one less than there are buckets.
	Rolls []metric.Figure
	// Own is by rates that follow from the rolls, with the config's rate for the last
	// bucket. It is not there where a bucket with money has no such rate.
	Own    metric.Provision
	OwnOK  bool
	OwnWhy metric.Reason
}

// Provision returns the provision of all that the actor sees, or of a part of it.
func (d *Desk) Provision(ctx context.Context, actor ar.Actor, in ProvisionInput) (Provision, error) {
	figures, err := d.Metrics(ctx, actor, MetricsInput{Owner: in.Owner, Segment: in.Segment, AsOf: in.AsOf})
	if err != nil {
		return Provision{}, err
	}
	in.Owner, in.Segment, in.AsOf = figures.Owner, figures.Segment, figures.AsOf
	view := Provision{
		ProvisionInput: in, Of: figures.Of, Partial: figures.Partial, Edges: ar.DefaultEdges(ar.ByDueDate),
		Default: d.settings.LossRates == nil, Fresh: figures.Fresh,
	}
	rates := d.settings.LossRates
	if view.Default {
		rates = DefaultLossRates()
	}
	for _, m := range figures.Currencies {
		one, err := provision(m, rates)
		if err != nil {
			return Provision{}, fmt.Errorf("provision as of %s: %w", in.AsOf, err)
		}
		view.Currencies = append(view.Currencies, one)
	}
	return view, nil
}

func provision(m CurrencyMetrics, rates []*big.Rat) (CurrencyProvision, error) {
	one := CurrencyProvision{Currency: m.Slice.Currency, Rolls: m.Rolls}
	figures := make([]metric.Figure, len(rates))
	for n, rate := range rates {
		figures[n] = metric.Of(rate)
	}
	var err error
	if one.Matrix, err = metric.NewProvision(m.Aging.Buckets, figures); err != nil {
		return one, err
	}
	own := metric.LossRates(m.Rolls, rates[len(rates)-1])
	for n, amount := range m.Aging.Buckets {
		if _, known := own[n].Value(); !known && !amount.IsZero() {
			one.OwnWhy = own[n].Reason()
			return one, nil
		}
	}
	one.Own, err = metric.NewProvision(m.Aging.Buckets, own)
	one.OwnOK = err == nil
	return one, err
}
