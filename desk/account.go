package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"arbot/ar"
)

// oldest items that a status lists.
const statusItems = 5

// StatusInput asks for the status of one account: by what a person typed, or
// by an id that was chosen from a list.
type StatusInput struct {
	Text     string
	Customer ar.CustomerID
	Document ar.DocumentID
}

// Account is the status of one account with the accounts below it.
type Account struct {
	Family
	Day ar.Date
	// ParentName is the account above; "" for none, and where the actor may
	// not see it.
	ParentName string
	// Money is one entry per currency in which something is open.
	Money []ar.Standing
	// Held is what of it is disputed or promised, by currency; none where nothing is.
	Held []ar.Breakdown
	// Items are the oldest open invoices; MoreItems how many there are besides.
	Items     []ar.OpenItem
	MoreItems int
	// Promises are those that are waited for, MorePromises how many there are besides;
	// Kept is how well promises were kept in the last year.
	Promises     []Promise
	MorePromises int
	Kept         ar.KeptRate
	// MayRecord: the actor may record promises and disputes of it.
	MayRecord bool
	// MayEscalate: the actor may tell more people of it.
	MayEscalate bool
	// LastPayment is nil where there was none.
	LastPayment *ar.Document
	// Pays is how fast paid invoices of the last year were paid, by currency.
	Pays []CurrencySpeed
	Acts
	// Asked is the document that was asked for by its number, with what is
	// open of it: below 0 for a credit, 0 where it is settled or does not
	// count. It is nil where the account was asked for.
	Asked *ar.OpenItem
	// Invoice is more of it, where it is an invoice; else nil.
	Invoice *Invoice
	Fresh   Fresh

	source ar.SourceIdentity // of the invoice, where its ledger may know more
}

// CurrencySpeed is the pay speed in one currency.
type CurrencySpeed struct {
	Currency ar.Currency
	ar.PaySpeed
}

// Status returns how an account stands today.
func (d *Desk) Status(ctx context.Context, actor ar.Actor, in StatusInput) (Account, error) {
	scope, err := d.sees(actor)
	if err != nil {
		return Account{}, err
	}
	var view Account
	err = d.books.View(ctx, func(r ar.Reader) error {
		found := Found{Customer: in.Customer, Document: in.Document}
		if found == (Found{}) {
			if found, err = d.find(ctx, r, scope, in.Text); err != nil {
				return err
			}
		}
		if view, err = d.account(ctx, r, scope, found); err != nil {
			return err
		}
		if err := d.loadAccountPromises(ctx, r, actor, &view); err != nil {
			return fmt.Errorf("status of customer %d: %w", view.ID, err)
		}
		if err := d.loadActs(ctx, r, actor, &view); err != nil {
			return fmt.Errorf("status of customer %d: %w", view.ID, err)
		}
		view.MayEscalate = d.escalates(actor) == nil
		return d.openInvoice(ctx, r, actor, &view)
	})
	if err == nil {
		d.findPayLink(ctx, &view)
	}
	return view, err
}

func (d *Desk) account(ctx context.Context, r ar.Reader, scope ar.Scope, found Found) (Account, error) {
	view := Account{Day: d.Today()}
	asked, err := askedDocument(ctx, r, found)
	if err != nil {
		return Account{}, err
	}
	if asked != nil {
		found.Customer = asked.Customer
		view.Asked = &ar.OpenItem{Document: *asked, Open: ar.NewMoney(0, asked.Amount.Currency())}
	}
	if view.Family, err = family(ctx, r, scope, found.Customer); err != nil {
		return Account{}, err
	}
	for _, load := range []func(context.Context, ar.Reader, ar.Scope, *Account) error{
		loadParent, d.loadMoney, d.loadItems, d.loadPayments,
	} {
		if err := load(ctx, r, scope, &view); err != nil {
			return Account{}, fmt.Errorf("status of customer %d: %w", found.Customer, err)
		}
	}
	view.Fresh, err = d.fresh(ctx, r, scope)
	return view, err
}

func askedDocument(ctx context.Context, r ar.Reader, found Found) (*ar.Document, error) {
	if found.Document == 0 {
		return nil, nil //nolint:nilnil // no document was asked for, and that is fine
	}
	doc, err := r.Document(ctx, found.Document)
	if errors.Is(err, ar.ErrNoDocument) {
		return nil, gone(err)
	}
	if err != nil {
		return nil, fmt.Errorf("status of document %d: %w", found.Document, err)
	}
	return &doc, nil
}

func loadParent(ctx context.Context, r ar.Reader, scope ar.Scope, view *Account) error {
	if view.Parent == 0 {
		return nil
	}
	parent, err := r.Customer(ctx, view.Parent)
	if err != nil {
		return fmt.Errorf("parent %d: %w", view.Parent, err)
	}
	if scope.Covers(parent.Owner) {
		view.ParentName = parent.Name
	}
	return nil
}

func (d *Desk) loadMoney(ctx context.Context, r ar.Reader, scope ar.Scope, view *Account) error {
	rows, err := r.Aging(ctx, ar.AgingQuery{
		Rule: ar.NewAgingRule(view.Day, ar.ByDueDate), Group: ar.ByCustomer, Customers: view.ids(), Scope: scope,
	})
	if err != nil {
		return err
	}
	all, err := d.holding(ctx, r, view.ids(), view.Day)
	if err != nil {
		return err
	}
	holding := all.of(rows)
	if view.Held, err = holding.sums(); err != nil {
		return err
	}
	view.Money, err = ar.StandingsLess(rows, holding.overdue)
	d.arrangeStandings(view.Money)
	return err
}

func (d *Desk) loadItems(ctx context.Context, r ar.Reader, scope ar.Scope, view *Account) error {
	items, err := r.OpenItems(ctx, ar.ItemQuery{AsOf: view.Day, Customers: view.ids(), Scope: scope})
	if err != nil {
		return err
	}
	for _, i := range items {
		if view.Asked != nil && i.ID == view.Asked.ID {
			view.Asked.Open = i.Open
		}
	}
	owed := slices.DeleteFunc(items, func(i ar.OpenItem) bool { return !i.Owed() })
	view.Items, view.MoreItems = cut(owed, statusItems)
	return nil
}

func (d *Desk) loadPayments(ctx context.Context, r ar.Reader, _ ar.Scope, view *Account) error {
	last, ok, err := r.LastPayment(ctx, view.ids(), view.Day)
	if err != nil {
		return err
	}
	if ok {
		view.LastPayment = &last
	}
	from, to := ar.PayWindow(view.Day)
	paid, err := r.PaidInvoices(ctx, view.ids(), from, to)
	if err != nil {
		return err
	}
	view.Pays = d.speeds(paid)
	return nil
}

func (d *Desk) speeds(paid []ar.PaidInvoice) []CurrencySpeed {
	byCurrency := map[ar.Currency][]ar.PaidInvoice{}
	for _, p := range paid {
		c := p.Amount.Currency()
		byCurrency[c] = append(byCurrency[c], p)
	}
	var list []CurrencySpeed
	for c, paid := range byCurrency {
		if s := ar.NewPaySpeed(paid); s.Invoices > 0 {
			list = append(list, CurrencySpeed{c, s})
		}
	}
	homeFirst(d, list, func(s CurrencySpeed) ar.Currency { return s.Currency })
	return list
}

func cut[T any](list []T, most int) (head []T, more int) {
	if len(list) <= most {
		return list, 0
	}
	return list[:most], len(list) - most
}
