package ar

import (
	"math/big"
	"time"
)

// PaidInvoice is an invoice that was paid in full.
type PaidInvoice struct {
	// Settled is the date of the last application that is not a write-off.
	Date, Due, Settled Date
	// Amount is what was not written off.
	Amount Money
}

// PaySpeed is how fast a customer pays, weighted by amount, over invoices of
// one currency. Only invoices paid in full count, by the date of their last
// payment: see PaidSums.
type PaySpeed struct {
	// Invoices is how many there were. Without any, the days mean nothing.
	Invoices int
	// DaysToPayTenths is sum(amount x (settled - invoice date)) / sum(amount),
	// in tenths of a day, rounded half away from zero.
	DaysToPayTenths int
	// DaysLateTenths is the same from the due date, signed: early is below 0
	// ("days beyond terms").
	DaysLateTenths int
}

// NewPaySpeed weighs the paid invoices.
func NewPaySpeed(paid []PaidInvoice) PaySpeed {
	var amount, toPay, late big.Int
	for _, p := range paid {
		addWeighted(&toPay, p.Amount, p.Settled.Sub(p.Date))
		addWeighted(&late, p.Amount, p.Settled.Sub(p.Due))
		amount.Add(&amount, big.NewInt(p.Amount.Minor()))
	}
	if amount.Sign() <= 0 {
		return PaySpeed{}
	}
	return PaySpeed{
		Invoices:        len(paid),
		DaysToPayTenths: tenths(&toPay, &amount),
		DaysLateTenths:  tenths(&late, &amount),
	}
}

func addWeighted(total *big.Int, m Money, days int) {
	total.Add(total, new(big.Int).Mul(big.NewInt(m.Minor()), big.NewInt(int64(days))))
}

func tenths(sum, amount *big.Int) int {
	twenty := new(big.Int).Mul(sum, big.NewInt(20))
	half := new(big.Int).Set(amount)
	if sum.Sign() < 0 {
		half.Neg(half)
	}
	twenty.Add(twenty, half)
	return int(twenty.Quo(twenty, new(big.Int).Lsh(amount, 1)).Int64())
}

// PayWindow returns the dates between which paid invoices count for a
// customer's pay speed: the last twelve months, after from and up to to, as
// LedgerReader.PaidInvoices takes them.
func PayWindow(asOf Date) (from, to Date) {
	y, m, d := asOf.Civil()
	return NewDate(y-1, m, min(d, daysIn(y-1, m))), asOf
}

func daysIn(year int, month time.Month) int {
	_, _, d := NewDate(year, month+1, 0).Civil()
	return d
}
