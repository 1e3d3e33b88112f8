package desk

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"arbot/ar"
	"arbot/ar/metric"
)

// mostWhatIf is how many invoices can be taken as paid at once.
const mostWhatIf = 20

// WhatIfInput asks how the book would stand if money came in: that which is promised, or
// that of some invoices.
type WhatIfInput struct {
	// Invoices are numbers as a person typed them; none asks for the promises.
	Invoices []string
	// Document is an invoice that was chosen.
	Document ar.DocumentID
}

// WhatIf is how the book stands, and how it would.
type WhatIf struct {
	WhatIfInput
	Day     ar.Date
	Partial bool
	// Items are the invoices that are taken as paid.
	Items []ar.OpenItem
	// Kept is how well promises were kept in the last year.
	Kept       ar.KeptRate
	Currencies []CurrencyWhatIf
	Fresh      Fresh
}

// CurrencyWhatIf is that in one currency.
type CurrencyWhatIf struct {
	Currency ar.Currency
	// Now is how it is; Paid if all of it comes.
	Now, Paid Standpoint
	// Likely is by how well each customer keeps promises; false where invoices are taken as
	// paid.
	Likely   Standpoint
	LikelyOK bool
}

// Standpoint is how a book stands with some money more.
type Standpoint struct {
	// Cash is the money.
	Cash, Net, Overdue ar.Money
	DSO                metric.Figure // by countback, as in Metrics
}

// WhatIf returns how what the actor sees of the book would stand.
func (d *Desk) WhatIf(ctx context.Context, actor ar.Actor, in WhatIfInput) (view WhatIf, err error) {
	if len(in.Invoices) > mostWhatIf {
		return WhatIf{}, ar.Refuse("I take up to %d invoices at a time, not %d.", mostWhatIf, len(in.Invoices))
	}
	sees, err := d.sees(actor)
	if err != nil {
		return WhatIf{}, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		view = WhatIf{WhatIfInput: in, Day: d.Today(), Partial: !sees.All}
		coming := d.promisedMoney
		if len(in.Invoices) > 0 || in.Document != 0 {
			coming = d.invoicedMoney
		}
		money, err := coming(ctx, r, sees, &view)
		if err != nil {
			return err
		}
		if err := d.fillWhatIf(ctx, r, sees, money, &view); err != nil {
			return fmt.Errorf("what if as of %s: %w", view.Day, err)
		}
		view.Fresh, err = d.fresh(ctx, r, sees)
		return err
	})
	return view, err
}

// coming is money that may come in, in one currency, and what of it is overdue; likely is
// what of both is to be believed.
type coming struct {
	all, overdue          ar.Money
	likely, likelyOverdue ar.Money
	estimated             bool
}

func newComing(c ar.Currency) *coming {
	zero := ar.NewMoney(0, c)
	return &coming{all: zero, overdue: zero, likely: zero, likelyOverdue: zero}
}

// add adds an amount; share is what of it is believed.
func (m *coming) add(all, overdue ar.Money, share *big.Rat) (err error) {
	for _, sum := range []struct {
		to  *ar.Money
		add ar.Money
	}{{&m.all, all}, {&m.overdue, overdue}, {&m.likely, portion(all, share)}, {&m.likelyOverdue, portion(overdue, share)}} {
		if *sum.to, err = sum.to.Add(sum.add); err != nil {
			return err
		}
	}
	return nil
}

// portion is a part of an amount, rounded half away from zero.
func portion(m ar.Money, share *big.Rat) ar.Money {
	exact := new(big.Rat).Mul(share, new(big.Rat).SetInt64(m.Minor()))
	whole, _ := new(big.Int).SetString(exact.FloatString(0), 10)
	return ar.NewMoney(whole.Int64(), m.Currency())
}

// promisedMoney is what is promised, to come on a day that isn't past, of the accounts that
// are seen: no more than is open and not disputed.
func (d *Desk) promisedMoney(ctx context.Context, r ar.Reader, sees ar.Scope, view *WhatIf) (map[ar.Currency]*coming, error) {
	rows, err := r.Aging(ctx, ar.AgingQuery{Rule: ar.NewAgingRule(view.Day, ar.ByDueDate), Group: ar.ByCustomer, Scope: sees})
	if err != nil {
		return nil, err
	}
	all, err := d.holding(ctx, r, nil, view.Day)
	if err != nil {
		return nil, err
	}
	if view.Kept, err = d.keptRate(ctx, r, ar.PromiseFilter{Scope: &sees}); err != nil {
		return nil, err
	}
	money := map[ar.Currency]*coming{}
	for id, list := range all.of(rows) {
		share, err := d.keptShare(ctx, r, id)
		if err != nil {
			return nil, err
		}
		for _, one := range list {
			if one.Promised.IsZero() {
				continue
			}
			if money[one.Currency] == nil {
				money[one.Currency] = newComing(one.Currency)
				money[one.Currency].estimated = true
			}
			if err := money[one.Currency].add(one.Promised, one.OverduePromised, new(big.Rat).SetFloat64(share)); err != nil {
				return nil, err
			}
		}
	}
	if len(money) == 0 {
		return nil, &ar.Error{Kind: ar.NotFound, Say: "Nothing is promised of what is open, so nothing would change. Name invoices instead, like pay INV-7."}
	}
	return money, nil
}

// invoicedMoney is what is open of the invoices that were named.
func (d *Desk) invoicedMoney(ctx context.Context, r ar.Reader, sees ar.Scope, view *WhatIf) (map[ar.Currency]*coming, error) {
	ids := []ar.DocumentID{}
	if view.Document != 0 {
		ids = append(ids, view.Document)
	}
	for _, text := range view.Invoices {
		found, err := d.find(ctx, r, sees, text)
		if err != nil {
			return nil, err
		}
		if found.Document == 0 {
			return nil, ar.Refuse("“%s” is an account. Type the numbers of invoices, like pay INV-7, INV-8.", strings.TrimSpace(text))
		}
		if !slices.Contains(ids, found.Document) {
			ids = append(ids, found.Document)
		}
	}
	money := map[ar.Currency]*coming{}
	for _, id := range ids {
		_, item, err := d.invoice(ctx, r, sees, id)
		if err != nil {
			return nil, err
		}
		if !item.Owed() {
			return nil, ar.Refuse("Nothing is owed on %s, so nothing would change.", item.Label())
		}
		view.Items = append(view.Items, item)
		c, overdue := item.Open.Currency(), ar.NewMoney(0, item.Open.Currency())
		if item.Due.Before(view.Day) {
			overdue = item.Open
		}
		if money[c] == nil {
			money[c] = newComing(c)
		}
		if err := money[c].add(item.Open, overdue, big.NewRat(1, 1)); err != nil {
			return nil, err
		}
	}
	return money, nil
}

// fillWhatIf sets the book beside itself with the money that comes.
func (d *Desk) fillWhatIf(ctx context.Context, r ar.Reader, sees ar.Scope, money map[ar.Currency]*coming, view *WhatIf) error {
	sums, err := r.LedgerSums(ctx, ar.SumRule{Cuts: ar.MonthCuts(view.Day, metric.ReportMonths)}, sees)
	if err != nil {
		return err
	}
	for _, book := range metric.Books(sums) {
		m := money[book.Currency]
		if m == nil {
			continue
		}
		one := CurrencyWhatIf{Currency: book.Currency, LikelyOK: m.estimated}
		zero := ar.NewMoney(0, book.Currency)
		for _, at := range []struct {
			to            *Standpoint
			cash, overdue ar.Money
		}{{&one.Now, zero, zero}, {&one.Paid, m.all, m.overdue}, {&one.Likely, m.likely, m.likelyOverdue}} {
			if *at.to, err = standpoint(book, at.cash, at.overdue); err != nil {
				return err
			}
		}
		view.Currencies = append(view.Currencies, one)
	}
	slices.SortFunc(view.Currencies, func(a, b CurrencyWhatIf) int { return cmp.Compare(a.Currency, b.Currency) })
	homeFirst(d, view.Currencies, func(c CurrencyWhatIf) ar.Currency { return c.Currency })
	return nil
}

func standpoint(book metric.Book, cash, overdue ar.Money) (s Standpoint, err error) {
	s.Cash = cash
	net, err := book.Closing().Net()
	if err != nil {
		return s, err
	}
	if s.Net, err = net.Sub(cash); err != nil {
		return s, err
	}
	gross, err := book.Closing().Overdue()
	if err != nil {
		return s, err
	}
	s.Overdue, err = gross.Sub(overdue)
	s.DSO = book.CountbackOf(s.Net)
	return s, err
}
