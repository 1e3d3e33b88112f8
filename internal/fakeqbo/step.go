package fakeqbo

import (
	"errors"
	"math/rand/v2"
	"strconv"
)

// picked is a transaction as it was when it was picked.
type picked struct {
	id, customer string
	entity       string
	total, open  int64
	date, due    string
}

var errNothing = errors.New("there is nothing of that kind")

// stepper makes random changes by the methods that people's changes go through.
type stepper struct {
	*Company
	r *rand.Rand
}

// steps are the kinds of change with how often they come.
var steps = []struct {
	weight int
	name   string
	do     func(*stepper) error
}{
	{20, "bill", (*stepper).bill},
	{14, "pay", (*stepper).payAll},
	{8, "pay in part", (*stepper).payPart},
	{5, "pay ahead", (*stepper).payAhead},
	{5, "credit", (*stepper).creditSome},
	{5, "apply a credit", (*stepper).applySome},
	{3, "write off", (*stepper).writeOff},
	{4, "void", (*stepper).voidSome},
	{6, "delete", (*stepper).deleteSome},
	{6, "edit an amount", (*stepper).editAmount},
	{6, "edit a due date", (*stepper).editDue},
	{4, "rename", (*stepper).renameSome},
	{1, "merge", (*stepper).mergeSome},
	{2, "deactivate", (*stepper).deactivate},
	{5, "journal", (*stepper).journalSome},
	{3, "deposit", (*stepper).depositSome},
	{2, "refund", (*stepper).refundSome},
	{5, "undo a payment", (*stepper).undo},
}

// Step makes one random change and says what kind it was. The same seed on the same
// books makes the same change.
func (c *Company) Step(r *rand.Rand) string {
	s := &stepper{c, r}
	sum := 0
	for _, st := range steps {
		sum += st.weight
	}
	for {
		dice := r.IntN(sum)
		for _, st := range steps {
			if dice -= st.weight; dice >= 0 {
				continue
			}
			if st.do(s) == nil {
				return st.name
			}
			break // refused, or there is nothing: something else then
		}
	}
}

// pick finds a random transaction that will do.
func (s *stepper) pick(entity string, want func(*txn) bool) (picked, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	rows := s.rows(entity)
	for range min(60, 4*len(rows)) {
		doc, ok := rows[s.r.IntN(len(rows))].(*txn)
		if ok && want(doc) {
			return picked{
				id: idText(doc.id), customer: idText(doc.customer), entity: entity,
				total: doc.total, open: doc.open(), date: doc.date, due: doc.due,
			}, nil
		}
	}
	return picked{}, errNothing
}

func isOpen(t *txn) bool { return t.open() > 0 && !t.isVoid() }

func isLive(t *txn) bool { return !t.isVoid() }

func (s *stepper) customerAt(want func(*customer) bool) (string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	rows := s.rows("Customer")
	for range min(60, 4*len(rows)) {
		cu, ok := rows[s.r.IntN(len(rows))].(*customer)
		if ok && want(cu) {
			return idText(cu.id), nil
		}
	}
	return "", errNothing
}

func isActive(cu *customer) bool { return cu.active }

func (s *stepper) amount() int64 { return 100 + s.r.Int64N(500_000) }

// day is a date of the last three weeks.
func (s *stepper) day() string { return addDays(s.Today(), -s.r.IntN(21)) }

func (s *stepper) sale(item int64) (Sale, error) {
	id, err := s.customerAt(isActive)
	return Sale{Customer: id, Date: s.day(), Amount: s.amount(), Item: item}, err
}

func (s *stepper) bill() error {
	sale, err := s.sale(ServiceItem)
	if err == nil {
		_, err = s.AddInvoice(sale)
	}
	return err
}

func (s *stepper) payAll() error {
	return s.payShare(func(open int64) (applied, paid int64) { return open, open })
}

func (s *stepper) payPart() error {
	return s.payShare(func(open int64) (applied, paid int64) {
		n := 1 + s.r.Int64N(open)
		return n, n + s.r.Int64N(2)*s.r.Int64N(10_000)
	})
}

func (s *stepper) payShare(share func(open int64) (applied, paid int64)) error {
	doc, err := s.pick(Invoice, isOpen)
	if err != nil {
		return err
	}
	applied, paid := share(doc.open)
	_, err = s.Pay(Receipt{
		Customer: doc.customer, Date: s.day(), Amount: paid, On: []Part{{Entity: Invoice, ID: doc.id, Amount: applied}},
	})
	return err
}

func (s *stepper) payAhead() error {
	id, err := s.customerAt(isActive)
	if err == nil {
		_, err = s.Pay(Receipt{Customer: id, Date: s.day(), Amount: s.amount()})
	}
	return err
}

func (s *stepper) creditSome() error {
	sale, err := s.sale(ServiceItem)
	if err == nil {
		_, err = s.AddCreditMemo(sale)
	}
	return err
}

// applySome sets a credit of any kind against an invoice of the same customer.
func (s *stepper) applySome() error {
	credit, err := s.pick(CreditMemo, isOpen)
	if err != nil {
		return err
	}
	doc, err := s.pick(Invoice, func(t *txn) bool { return isOpen(t) && idText(t.customer) == credit.customer })
	if err != nil {
		return err
	}
	part := Part{Entity: CreditMemo, ID: credit.id, Amount: min(credit.open, doc.open)}
	_, err = s.ApplyCredit(part, doc.id, s.day())
	return err
}

func (s *stepper) writeOff() error {
	doc, err := s.pick(Invoice, isOpen)
	if err == nil {
		_, _, err = s.WriteOff(doc.id, doc.open, s.day())
	}
	return err
}

func (s *stepper) voidSome() error {
	doc, err := s.pick([]string{Invoice, Payment, CreditMemo}[s.r.IntN(3)], isLive)
	if err != nil {
		return err
	}
	return s.Void(doc.entity, doc.id)
}

func (s *stepper) deleteSome() error {
	doc, err := s.pick(ledgerEntities[s.r.IntN(len(ledgerEntities))], func(*txn) bool { return true })
	if err != nil {
		return err
	}
	return s.Delete(doc.entity, doc.id)
}

func (s *stepper) editAmount() error {
	doc, err := s.pick([]string{Invoice, CreditMemo}[s.r.IntN(2)], isLive)
	if err != nil {
		return err
	}
	return s.EditAmount(doc.entity, doc.id, s.amount())
}

func (s *stepper) editDue() error {
	doc, err := s.pick(Invoice, isOpen)
	if err != nil {
		return err
	}
	return s.EditDue(doc.id, addDays(doc.date, s.r.IntN(90)))
}

func (s *stepper) renameSome() error {
	id, err := s.customerAt(isActive)
	if err != nil {
		return err
	}
	return s.Rename(id, "Renamed "+id+" "+strconv.Itoa(s.r.IntN(1_000_000)))
}

func (s *stepper) mergeSome() error {
	from, err := s.customerAt(isActive)
	if err != nil {
		return err
	}
	into, err := s.customerAt(func(cu *customer) bool { return cu.active && idText(cu.id) != from })
	if err != nil {
		return err
	}
	return s.Merge(from, into)
}

// deactivate makes a customer inactive, or active again.
func (s *stepper) deactivate() error {
	if id, err := s.customerAt(func(cu *customer) bool { return !cu.active }); err == nil && s.r.IntN(2) == 0 {
		return s.Reactivate(id)
	}
	id, err := s.customerAt(isActive)
	if err != nil {
		return err
	}
	return s.Deactivate(id)
}

// journalSome charges or credits a customer by hand; half of the credits are set
// against an invoice.
func (s *stepper) journalSome() error {
	doc, err := s.pick(Invoice, isOpen)
	if err != nil {
		return err
	}
	debit := s.r.IntN(2) == 0
	amount := 1 + s.r.Int64N(doc.open)
	entry := Entry{Date: s.day(), Currency: s.currencyOf(doc.customer), Note: "Correction", Lines: []Posting{
		{Account: Receivable, Debit: debit, Amount: amount, Customer: doc.customer},
		{Account: BadDebt, Debit: !debit, Amount: amount},
	}}
	id, err := s.Journal(entry)
	if err == nil && !debit && s.r.IntN(2) == 0 {
		_, err = s.ApplyCredit(Part{Entity: JournalEntry, ID: id, Line: "0", Amount: amount}, doc.id, s.day())
	}
	return err
}

func (s *stepper) currencyOf(customer string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if cu := s.customer(number(customer)); cu != nil {
		return cu.currency
	}
	return ""
}

func (s *stepper) depositSome() error {
	id, err := s.customerAt(isActive)
	if err != nil {
		return err
	}
	_, err = s.AddDeposit(Slip{Date: s.day(), Currency: s.currencyOf(id), Lines: []SlipLine{
		{Amount: s.amount(), Account: Receivable, Customer: id},
		{Amount: s.amount(), Account: Income},
	}})
	return err
}

func (s *stepper) refundSome() error {
	sale, err := s.sale(RefundItem)
	if err == nil {
		_, err = s.AddRefundReceipt(sale)
	}
	return err
}

// undo takes a payment off what it paid: it becomes unapplied money.
func (s *stepper) undo() error {
	pay, err := s.pick(Payment, func(t *txn) bool { return t.total > 0 && len(t.lines) > 0 })
	if err != nil {
		return err
	}
	return s.Reapply(pay.id, nil)
}
