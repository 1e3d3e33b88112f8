package forecast

import (
	"errors"
	"fmt"

	"arbot/ar"
)

// warmUp is how many weeks of history there must be before a morning is rehearsed.
const warmUp = trailing

// morning is a forecast that was made for the past, and what came.
type morning struct{ open, receipts outlook }

// outlook is the money of some weeks, in minor units.
type outlook struct {
	foretold map[Method][]int64
	came     []int64
}

func openBook(m *morning) *outlook { return &m.open }

func receipts(m *morning) *outlook { return &m.receipts }

func newOutlook(weeks int, methods ...Method) outlook {
	o := outlook{foretold: map[Method][]int64{}, came: make([]int64, weeks)}
	for _, m := range methods {
		o.foretold[m] = make([]int64, weeks)
	}
	return o
}

// rehearsals returns the mornings before a date that calibrate its ranges, oldest
// first: as many as count, or as the history allows.
func rehearsals(history []Invoice, before ar.Date, weeks int) []ar.Date {
	start := firstSettled(history)
	if start.IsZero() {
		return nil
	}
	start = start.AddDays(7 * warmUp)
	var mornings []ar.Date
	for n := MostPast + weeks; n >= 1; n-- {
		if d := before.AddDays(-7 * n); !d.Before(start) {
			mornings = append(mornings, d)
		}
	}
	return mornings
}

func firstSettled(history []Invoice) ar.Date {
	var first ar.Date
	for _, i := range history {
		if !i.Settled.IsZero() && (first.IsZero() || i.Settled.Before(first)) {
			first = i.Settled
		}
	}
	return first
}

// rehearse makes the forecast of a morning from what was known then, by each method.
func rehearse(history []Invoice, asOf ar.Date, weeks int, kappa float64) (morning, *Model, error) {
	m := morning{
		open:     newOutlook(weeks, Hazard, DueDate, MeanLag),
		receipts: newOutlook(weeks, Hazard, DueDate, MeanLag, Last4),
	}
	model, lags := Train(history, asOf, kappa), newLags(history, asOf)
	sum, err := model.NewCashSum(weeks)
	if err != nil {
		return morning{}, nil, err
	}
	for _, i := range history {
		m.came(i, asOf)
		if i.OpenOn(asOf) {
			err = errors.Join(err, sum.Open(Item{Invoice: i}))
			m.byLag(i, asOf, lags)
		}
		if i.KnownOn(asOf) && !i.Issued.Before(RecentFrom(asOf)) {
			sum.Recent(i)
			m.byLagYet(i, asOf, lags)
		}
	}
	return m, model, errors.Join(err, m.byModel(sum))
}

// came adds what an invoice brought in the weeks after a morning and in those before.
func (m *morning) came(i Invoice, asOf ar.Date) {
	if i.Settled.IsZero() {
		return
	}
	day := i.Settled.Sub(asOf)
	if day < 0 && day >= -7*naiveWeeks {
		for week := range m.receipts.foretold[Last4] {
			m.receipts.foretold[Last4][week] += i.Amount.Minor() / naiveWeeks
		}
	}
	if week := day / 7; day >= 0 && week < len(m.open.came) {
		m.receipts.came[week] += i.Amount.Minor()
		if i.OpenOn(asOf) {
			m.open.came[week] += i.Amount.Minor()
		}
	}
}

// byLag adds an open invoice to what due date and mean lag would say.
func (m *morning) byLag(i Invoice, asOf ar.Date, l lags) {
	for _, o := range []outlook{m.open, m.receipts} {
		o.add(MeanLag, l.daysTo(i, asOf), i.Amount.Minor())
	}
}

// byLagYet adds the invoices that stand behind a recent one: see Model.yet.
func (m *morning) byLagYet(i Invoice, asOf ar.Date, l lags) {
	since := i.Issued.Sub(RecentFrom(asOf))
	for issued := since % 7; issued < 7*len(m.receipts.came); issued += 7 {
		next := i
		next.Issued = asOf.AddDays(issued)
		next.Due = next.Issued.AddDays(i.TermDays())
		m.receipts.add(MeanLag, l.daysTo(next, asOf), i.Amount.Minor()/trailing)
	}
}

func (o outlook) add(method Method, day int, minor int64) {
	if week := day / 7; week < len(o.came) {
		o.foretold[method][week] += minor
	}
}

// byModel takes what the model says. The book is of one currency.
func (m *morning) byModel(sum *CashSum) error {
	cash, err := sum.Cash()
	if err != nil || len(cash) == 0 {
		return err
	}
	if len(cash) > 1 {
		return fmt.Errorf("forecast: a backtest in %s and %s: take one currency", cash[0].Currency, cash[1].Currency)
	}
	for n, week := range cash[0].Weeks {
		open, due := week.Open.Minor(), week.Due.Minor()
		m.open.foretold[Hazard][n], m.open.foretold[DueDate][n] = open, due
		m.receipts.foretold[Hazard][n], m.receipts.foretold[DueDate][n] = open+week.Yet.Minor(), due
	}
	return nil
}

// Widths are the calibrated ranges of a forecast by week.
type Widths struct {
	Weeks []Width `json:"weeks"` // by horizon
	Total Width   `json:"total"` // of the sum of the weeks
}

// at returns the width of a week.
func (w Widths) at(week int) Width {
	if week >= len(w.Weeks) {
		return Width{}
	}
	return w.Weeks[week]
}

// Calibration holds the ranges of a forecast: of the open book, and of all receipts.
type Calibration struct {
	Open     Widths `json:"open"`
	Receipts Widths `json:"receipts"`
}

// Calibrate finds the ranges of a forecast of some weeks that is made on the morning
// of a date: the same forecast is made for each of the mornings a week apart before
// it, and compared with what came. History is of one currency, settled and open
// invoices.
func Calibrate(history []Invoice, asOf ar.Date, weeks int, kappa float64) (Calibration, error) {
	r, err := rehearseFor(history, asOf, weeks, kappa)
	return r.Calibration(weeks), err
}

// Rehearsed holds what the forecasts of past mornings were worth, so that ranges can be
// had for any number of weeks without making them again.
type Rehearsed struct{ mornings []morning }

// Rehearse makes the forecasts that calibrate the ranges on the morning of a date, for as
// many weeks as there can be. It takes what Calibrate takes.
func Rehearse(history []Invoice, asOf ar.Date, kappa float64) (Rehearsed, error) {
	return rehearseFor(history, asOf, MostWeeks, kappa)
}

func rehearseFor(history []Invoice, asOf ar.Date, weeks int, kappa float64) (r Rehearsed, err error) {
	for _, d := range rehearsals(history, asOf, weeks) {
		m, _, err := rehearse(history, d, weeks, kappa)
		if err != nil {
			return Rehearsed{}, err
		}
		r.mornings = append(r.mornings, m)
	}
	return r, nil
}

// Calibration returns the ranges of a forecast of some weeks: what Calibrate returns.
func (r Rehearsed) Calibration(weeks int) Calibration {
	cut := make([]morning, len(r.mornings))
	for n, m := range r.mornings {
		cut[n] = morning{open: m.open.first(weeks), receipts: m.receipts.first(weeks)}
	}
	return Calibration{Open: widths(cut, openBook), Receipts: widths(cut, receipts)}
}

// first is the outlook over fewer weeks.
func (o outlook) first(weeks int) outlook {
	less := outlook{foretold: map[Method][]int64{}, came: o.came[:min(weeks, len(o.came))]}
	for method, foretold := range o.foretold {
		less.foretold[method] = foretold[:min(weeks, len(foretold))]
	}
	return less
}

// widths calibrates the ranges of the morning that follows the given ones. Only weeks
// that have passed by then count.
func widths(mornings []morning, of func(*morning) *outlook) Widths {
	var w Widths
	if len(mornings) == 0 {
		return w
	}
	weeks := len(of(&mornings[0]).came)
	for week := range weeks {
		w.Weeks = append(w.Weeks, NewWidth(past(mornings, week, func(m *morning) (int64, int64) {
			o := of(m)
			return o.foretold[Hazard][week], o.came[week]
		})))
	}
	w.Total = NewWidth(past(mornings, weeks-1, func(m *morning) (int64, int64) {
		o := of(m)
		return total(o.foretold[Hazard]), total(o.came)
	}))
	return w
}

// past lists forecasts and what came, of the mornings whose week has passed.
func past(mornings []morning, week int, figures func(*morning) (forecast, came int64)) []Past {
	var list []Past
	for n := range max(0, len(mornings)-week) {
		forecast, came := figures(&mornings[n])
		list = append(list, Past{Forecast: ar.NewMoney(forecast, ""), Came: ar.NewMoney(came, "")})
	}
	return list
}

func total(minor []int64) (sum int64) {
	for _, m := range minor {
		sum += m
	}
	return sum
}
