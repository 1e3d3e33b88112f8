package forecast

import (
	"errors"
	"fmt"
	"math"

	"arbot/ar"
)

// Backtest tries the forecast on the past: on each of a row of mornings, a week
// apart, it's made from what was known then and compared with what came.
type Backtest struct {
	// History are the invoices of one currency, settled and open ones.
	History []Invoice
	// First is the first morning that is scored, Origins how many there are. The
	// weeks after the last must have passed. Mornings before First, as far as the
	// history goes back, calibrate the ranges.
	First   ar.Date
	Origins int
	// Weeks is how far each forecast goes; 0 is FewestWeeks.
	Weeks int
	// Kappa is the weight of the book; 0 is DefaultKappa.
	Kappa float64
}

// Report is what a backtest found.
type Report struct {
	First, Last ar.Date // the mornings that were scored
	// Rows are all invoices that were open on the mornings, Overdue those of them
	// that were past due.
	Rows, Overdue Rows
	// Tested counts the invoices among them, each once, whatever on how many mornings it
	// was open. Below FewestTested an error says nothing of how right the forecast is.
	Tested int
	// Open scores the money of the invoices that were open, Receipts all that came
	// in, of invoices issued later, too.
	Open, Receipts Scores
}

// FewestTested is how many paid invoices a backtest is worth something with: of fewer the mean
// error is that of some single customers.
const FewestTested = 20

// Scores are those of the money of weeks.
type Scores struct {
	// Lines are the methods' scores, the hazard's first.
	Lines []Line
	// Held is how often the calibrated 80 % ranges of the hazard held, by horizon,
	// HeldTotal how often that of the weeks' total did.
	Held      []Share
	HeldTotal Share
}

// HeldAll is how often the ranges held over all horizons.
func (s Scores) HeldAll() Share {
	var all Share
	for _, h := range s.Held {
		all.add(h.Part, h.Whole)
	}
	return all
}

// ErrNoHistory is wrapped where there's nothing to try the forecast on.
var ErrNoHistory = errors.New("too little history to try the forecast on")

// Run runs the backtest.
func (b Backtest) Run() (Report, error) {
	if b.Weeks == 0 {
		b.Weeks = FewestWeeks
	}
	if b.Origins < 1 || len(b.History) == 0 {
		return Report{}, fmt.Errorf("forecast: %w: %d invoices, %d mornings", ErrNoHistory, len(b.History), b.Origins)
	}
	r := Report{First: b.First, Last: b.First.AddDays(7 * (b.Origins - 1))}
	mornings := make([]morning, 0, MostPast+b.Weeks+b.Origins)
	for _, asOf := range rehearsals(b.History, b.First, b.Weeks) {
		m, _, err := rehearse(b.History, asOf, b.Weeks, b.Kappa)
		if err != nil {
			return Report{}, err
		}
		mornings = append(mornings, m)
	}
	calibrating, tested := len(mornings), map[ar.DocumentID]bool{}
	for n := range b.Origins {
		m, model, err := rehearse(b.History, b.First.AddDays(7*n), b.Weeks, b.Kappa)
		if err != nil {
			return Report{}, err
		}
		mornings = append(mornings, m)
		r.scoreRows(b.History, model, tested)
	}
	r.Tested = len(tested)
	r.Open = score(mornings, calibrating, openBook)
	r.Receipts = score(mornings, calibrating, receipts)
	return r, nil
}

// scoreRows adds the invoices that were open on the model's morning, as far as it's
// known when they were settled, and notes them in tested.
func (r *Report) scoreRows(history []Invoice, m *Model, tested map[ar.DocumentID]bool) {
	lags := newLags(history, m.asOf)
	for _, i := range history {
		if !i.OpenOn(m.asOf) || i.Settled.IsZero() {
			continue
		}
		tested[i.ID] = true
		r.Rows.add(m, lags, i)
		if i.Due.Before(m.asOf) {
			r.Overdue.add(m, lags, i)
		}
	}
}

func (r *Rows) add(m *Model, l lags, i Invoice) {
	came := float64(i.Settled.Sub(m.asOf))
	r.DueDate.add(math.Abs(float64(daysToDue(i, m.asOf)) - came))
	r.MeanLag.add(math.Abs(float64(l.daysTo(i, m.asOf)) - came))
	e := m.Expect(Item{Invoice: i})
	days := func(d ar.Date) float64 {
		if d.IsZero() {
			return farthest
		}
		return float64(d.Sub(m.asOf))
	}
	r.Hazard.add(math.Abs(days(e.Likely) - came))
	r.Pinball.add((pinball(early, days(e.Early), came) + pinball(likely, days(e.Likely), came) + pinball(late, days(e.Late), came)) / 3)
	held := 0.0
	if came >= days(e.Early) && came <= days(e.Late) {
		held = 1
	}
	r.Held.add(held, 1)
}

// score scores the mornings from the first on; those before only calibrate.
func score(mornings []morning, first int, of func(*morning) *outlook) Scores {
	var s Scores
	for _, method := range []Method{Hazard, DueDate, MeanLag, Last4} {
		line := Line{Method: method}
		for n := first; n < len(mornings); n++ {
			if foretold := of(&mornings[n]).foretold[method]; foretold != nil {
				line.add(foretold, of(&mornings[n]).came)
			}
		}
		if line.Weeks != nil {
			s.Lines = append(s.Lines, line)
		}
	}
	for n := first; n < len(mornings); n++ {
		s.addRanges(of(&mornings[n]), widths(mornings[:n], of))
	}
	return s
}

func (s *Scores) addRanges(o *outlook, w Widths) {
	if s.Held == nil {
		s.Held = make([]Share, len(o.came))
	}
	foretold := o.foretold[Hazard]
	for week := range o.came {
		addRange(&s.Held[week], w.at(week), foretold[week], o.came[week])
	}
	addRange(&s.HeldTotal, w.Total, total(foretold), total(o.came))
}

// addRange counts a week that has a range.
func addRange(held *Share, w Width, forecast, came int64) {
	low, high, ok := w.Range(ar.NewMoney(forecast, ""))
	if !ok {
		return
	}
	n, of := Held([]Said{{Low: low, High: high, Came: ar.NewMoney(came, "")}})
	held.add(float64(n), float64(of))
}
