package metric

import (
	"slices"

	"arbot/ar"
)

// The spans that a report's figures are taken over, in whole months.
const (
	quarter = 3
	year    = 12
	// ReportMonths is how many whole months a book needs for each figure of its report
	// to have a value.
	ReportMonths = year
)

// Report is all figures of a slice as of a date.
type Report struct {
	Slice ar.Slice `json:"slice"`
	AsOf  ar.Date  `json:"as_of"`
	// Countback is the DSO to show: from A/R of the as-of date back through the month
	// to date and the calendar months before.
	Countback Figure `json:"countback"`
	// Quarter is the last day of the three whole months over which these are taken.
	Quarter      ar.Date `json:"quarter"`
	Simple       Figure  `json:"simple"`
	BestPossible Figure  `json:"best_possible"`
	Delinquent   Figure  `json:"delinquent"` // ADD
	// Months is over how many whole months up to Quarter the figures from CEI on are taken:
	// three, unless another period was asked for.
	Months          int    `json:"months,omitempty"`
	CEI             Figure `json:"cei"` // percent, period sales
	DaysToPay       Figure `json:"days_to_pay"`
	WeightedTerms   Figure `json:"weighted_terms"`
	DaysBeyondTerms Figure `json:"days_beyond_terms"` // signed
	AverageLateness Figure `json:"average_lateness"`  // clamped at 0
	GrantedTerms    Figure `json:"granted_terms"`
	// PercentCurrent is that of the as-of date.
	PercentCurrent Figure `json:"percent_current"`
	// Turnover and BadDebt (percent) are taken over twelve whole months.
	Turnover Figure `json:"turnover"`
	BadDebt  Figure `json:"bad_debt"`
	// Rolls are the roll rates of the buckets, over the whole months that there are, up
	// to twelve.
	Rolls []Figure `json:"rolls"`
}

// Report returns the figures. The book has monthly cuts: see ar.MonthCuts.
func (b Book) Report() Report { return b.ReportOver(quarter) }

// ReportOver is Report with what was collected and granted taken over so many whole
// months: a month's CEI is that of its own sales.
func (b Book) ReportOver(months int) Report {
	r := Report{Slice: b.Slice, AsOf: b.AsOf(), Months: months, Countback: b.Countback(), PercentCurrent: None(TooLarge), Rolls: b.rolls()}
	if gross, err := b.Closing().Gross(); err == nil {
		r.PercentCurrent = PercentCurrent(b.Closing().Current(), gross)
	}
	r.addQuarter(b)
	r.addPeriod(b)
	r.Turnover, r.BadDebt = None(NoHistory), None(NoHistory)
	if w, err := b.WholeMonths(year); err == nil {
		r.Turnover, r.BadDebt = w.Turnover(), w.BadDebtRatio()
	}
	return r
}

func (r *Report) addQuarter(b Book) {
	w, err := b.WholeMonths(quarter)
	if err != nil {
		r.Simple, r.BestPossible, r.Delinquent = None(NoHistory), None(NoHistory), None(NoHistory)
		return
	}
	r.Quarter = w.To
	r.Simple, r.BestPossible, r.Delinquent = w.SimpleDSO(), w.BestPossibleDSO(), w.DelinquentDays()
}

func (r *Report) addPeriod(b Book) {
	w, err := b.WholeMonths(r.Months)
	if err != nil {
		for _, f := range []*Figure{&r.CEI, &r.DaysToPay, &r.WeightedTerms, &r.DaysBeyondTerms, &r.AverageLateness, &r.GrantedTerms} {
			*f = None(NoHistory)
		}
		return
	}
	r.CEI, r.GrantedTerms = w.CEI(), w.GrantedTerms()
	r.DaysToPay, r.WeightedTerms = DaysToPay(w.Paid), WeightedTerms(w.Paid)
	r.DaysBeyondTerms, r.AverageLateness = DaysBeyondTerms(w.Paid), AverageLateness(w.Paid)
}

// Countback is countback DSO as of the book's last date, by calendar months. The month
// to date is the first span; as long as it has no sales it's one span with the month
// before, since a month that has just begun says nothing.
func (b Book) Countback() Figure {
	receivable, err := b.Closing().Net()
	if err != nil {
		return None(TooLarge)
	}
	return b.CountbackOf(receivable)
}

// CountbackOf is what Countback would be with another A/R: the same sales, and something
// more or less of them paid.
func (b Book) CountbackOf(receivable ar.Money) Figure {
	sales, why := b.newestFirst()
	if why != "" {
		return None(why)
	}
	return CountbackDSO(receivable, sales)
}

// newestFirst returns the sales of the calendar months, or why they can't be had.
func (b Book) newestFirst() ([]Sales, Reason) {
	var spans []Sales
	var begun Sales // the month to date, while it has no sales
	for n, p := range slices.Backward(b.Periods) {
		net, err := p.Sales()
		if err != nil {
			return nil, TooLarge
		}
		toDate := n == len(b.Periods)-1 && !p.WholeMonth() && p.After == p.To.MonthStart().AddDays(-1)
		if !p.WholeMonth() && !toDate {
			return nil, NoHistory
		}
		if toDate && net.Sign() <= 0 {
			begun = Sales{Net: net, Days: p.Days()}
			continue
		}
		if net, err = net.Add(begun.Net); err != nil {
			return nil, TooLarge
		}
		spans = append(spans, Sales{Net: net, Days: p.Days() + begun.Days})
		begun = Sales{}
	}
	if begun.Days > 0 {
		spans = append(spans, begun)
	}
	return spans, ""
}

// rolls are the roll rates over the whole months, oldest first.
func (b Book) rolls() []Figure {
	var ends []ar.Aging
	if b.Periods[0].WholeMonth() {
		ends = append(ends, b.Opening)
	}
	for _, p := range b.Periods {
		if p.WholeMonth() {
			ends = append(ends, p.Closing)
		}
	}
	return RollRates(ends[max(0, len(ends)-year-1):])
}
