package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"arbot/ar"
	"arbot/internal/fakeqbo"
	"arbot/internal/sampleco"
)

const (
	demoRealm = "9130351234567890"
	demoOwner = "Sales Rep"
)

// demoCompany keeps the books of the made-up company in a QuickBooks of our own on this
// machine, as somebody would who types what happens into it.
type demoCompany struct {
	server    *fakeqbo.Server
	books     *fakeqbo.Company
	owners    map[string]string // of the company's customers, by their external ids
	names     map[string]string
	customers map[string]string // "external/currency" -> id
	documents map[ar.Ref]typedIn
	applied   map[string]bool // by the external id of the application
}

// typedIn is a document as it stands in QuickBooks.
type typedIn struct {
	entity, id string
	amount     int64
	void       bool
}

// newDemoCompany starts a QuickBooks with an empty company.
func newDemoCompany(now func() time.Time, c *sampleco.Company) (*demoCompany, error) {
	server, err := fakeqbo.New(fakeqbo.Options{Now: now})
	if err != nil {
		return nil, fmt.Errorf("start a QuickBooks of our own: %w", err)
	}
	q := &demoCompany{
		server: server, books: server.AddCompany(demoRealm, c.Name()), owners: map[string]string{}, names: map[string]string{},
		customers: map[string]string{}, documents: map[ar.Ref]typedIn{}, applied: map[string]bool{},
	}
	q.books.Configure(func(s *fakeqbo.Settings) {
		s.HomeCurrency, s.MultiCurrency, s.Zone, s.CustomFields = string(c.Home()), true, demoZone, []string{demoOwner}
	})
	q.books.SetRate("EUR", "1.08")
	return q, nil
}

// environment lets the program find this QuickBooks instead of Intuit's.
func (q *demoCompany) environment(getenv func(string) string) (func(string) string, error) {
	key := make([]byte, keyBytes)
	if _, err := io.ReadFull(rand.Reader, key); err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	app := q.server.App()
	own := map[string]string{
		clientIDName: app.ClientID, clientSecretName: app.ClientSecret, "ARBOT_TOKEN_KEY": base64.StdEncoding.EncodeToString(key),
		"ARBOT_QUICKBOOKS_URL": q.server.URL(),
	}
	return func(name string) string { return cmp.Or(own[name], getenv(name)) }, nil
}

// typeIn types in what has happened to the company since the last time.
func (q *demoCompany) typeIn(c *sampleco.Company) error {
	for _, customer := range c.Customers() {
		q.owners[customer.External], q.names[customer.External] = customer.Owner, customer.Name
	}
	parts, changed := q.parts(c.Applications())
	for _, payments := range []bool{false, true} { // what is paid comes before what pays
		for _, d := range c.Documents() {
			if (d.Kind == ar.Payment) != payments || d.Status == ar.Draft {
				continue
			}
			if err := q.document(d, parts[d.Ref], changed[d.Ref]); err != nil {
				return fmt.Errorf("type in %s %s: %w", d.Kind, cmp.Or(d.Number, d.External), err)
			}
		}
	}
	return q.credits(c.Applications())
}

// application is an amount of a payment that is set against a document.
type application struct {
	to     ar.Ref
	amount int64
}

// parts are what each payment pays by now, and which of them pay something else than
// before.
func (q *demoCompany) parts(all []ar.ApplicationRecord) (parts map[ar.Ref][]application, changed map[ar.Ref]bool) {
	parts, changed = map[ar.Ref][]application{}, map[ar.Ref]bool{}
	for _, a := range all {
		if a.From.Kind != ar.Payment {
			continue
		}
		if a.Deleted == q.applied[a.External] {
			q.applied[a.External] = !a.Deleted
			changed[a.From] = true
		}
		if !a.Deleted {
			parts[a.From] = append(parts[a.From], application{a.To, a.Amount.Minor()})
		}
	}
	return parts, changed
}

// document brings one document to what it is now.
func (q *demoCompany) document(d ar.DocumentRecord, pays []application, changed bool) (err error) {
	is, known := q.documents[d.Ref]
	if !known {
		if is, err = q.add(d, pays); err != nil {
			return err
		}
	} else if d.Kind == ar.Payment && changed && !is.void {
		if err := q.books.Reapply(is.id, q.linked(pays)); err != nil {
			return err
		}
	}
	switch {
	case d.Status == ar.Void && !is.void:
		err, is.void = q.books.Void(is.entity, is.id), true
	case is.amount != d.Amount.Abs().Minor() && (d.Kind == ar.Invoice || d.Kind == ar.CreditMemo) && d.Status == ar.Posted:
		is.amount = d.Amount.Abs().Minor()
		err = q.books.EditAmount(is.entity, is.id, is.amount)
	}
	q.documents[d.Ref] = is
	return err
}

func (q *demoCompany) add(d ar.DocumentRecord, pays []application) (typedIn, error) {
	is := typedIn{amount: d.Amount.Abs().Minor()}
	customer, err := q.customer(d.Customer, d.Amount.Currency())
	if err != nil {
		return is, err
	}
	sale := fakeqbo.Sale{
		Customer: customer, Number: d.Number, Date: d.Date.String(), Amount: is.amount, Note: d.Memo,
		Fields: map[string]string{demoOwner: q.owners[d.Customer]}, Email: "billing@customer.example.com",
	}
	switch d.Kind {
	case ar.Invoice:
		sale.Due = d.Due.String()
		is.entity = fakeqbo.Invoice
		is.id, err = q.books.AddInvoice(sale)
	case ar.CreditMemo:
		is.entity = fakeqbo.CreditMemo
		is.id, err = q.books.AddCreditMemo(sale)
	case ar.Payment:
		is.entity = fakeqbo.Payment
		is.id, err = q.books.Pay(fakeqbo.Receipt{Customer: customer, Date: d.Date.String(), Amount: is.amount, Reference: d.Number, On: q.linked(pays)})
	case ar.Refund:
		sale.Item, is.entity = fakeqbo.RefundItem, fakeqbo.RefundReceipt
		is.id, err = q.books.AddRefundReceipt(sale)
	case ar.Journal:
		is.entity = fakeqbo.JournalEntry
		is.id, err = q.journal(d, customer)
	}
	return is, err
}

func (q *demoCompany) journal(d ar.DocumentRecord, customer string) (string, error) {
	raises, amount := d.Amount.Sign() > 0, d.Amount.Abs().Minor()
	return q.books.Journal(fakeqbo.Entry{Date: d.Date.String(), Number: d.Number, Currency: string(d.Amount.Currency()), Lines: []fakeqbo.Posting{
		{Account: fakeqbo.Receivable, Debit: raises, Amount: amount, Customer: customer},
		{Account: fakeqbo.Income, Debit: !raises, Amount: amount},
	}})
}

// customer is who a document is for in QuickBooks, where a customer has one currency and
// a name of the own.
func (q *demoCompany) customer(external string, c ar.Currency) (string, error) {
	key := external + "/" + string(c)
	if id := q.customers[key]; id != "" {
		return id, nil
	}
	name := q.names[external]
	id, err := q.books.AddCustomer(fakeqbo.Person{Name: name, Currency: string(c), Fields: map[string]string{demoOwner: q.owners[external]}})
	for _, other := range []string{string(c), string(c) + " " + external} {
		if taken, ok := errors.AsType[*fakeqbo.Refusal](err); !ok || taken.Code != "6240" {
			break
		}
		id, err = q.books.AddCustomer(fakeqbo.Person{Name: name + " (" + other + ")", Currency: string(c)})
	}
	q.customers[key] = id
	return id, err
}

// linked are the parts of a payment as QuickBooks names them.
func (q *demoCompany) linked(pays []application) []fakeqbo.Part {
	var parts []fakeqbo.Part
	for _, p := range pays {
		to, known := q.documents[p.to]
		if !known || to.entity != fakeqbo.Invoice {
			continue
		}
		if i := slices.IndexFunc(parts, func(x fakeqbo.Part) bool { return x.ID == to.id }); i >= 0 {
			parts[i].Amount += p.amount
			continue
		}
		parts = append(parts, fakeqbo.Part{Entity: to.entity, ID: to.id, Amount: p.amount})
	}
	return parts
}

// credits applies credit memos and writes off, each once: those are done for good.
func (q *demoCompany) credits(all []ar.ApplicationRecord) error {
	for _, a := range all {
		to := q.documents[a.To]
		if a.From.Kind == ar.Payment || a.Deleted || q.applied[a.External] || to.entity != fakeqbo.Invoice || to.void {
			continue
		}
		var err error
		if from, known := q.documents[a.From]; known && from.entity == fakeqbo.CreditMemo {
			_, err = q.books.ApplyCredit(fakeqbo.Part{Entity: from.entity, ID: from.id, Amount: a.Amount.Minor()}, to.id, a.Date.String())
		} else if a.Kind == ar.ByWriteOff {
			_, _, err = q.books.WriteOff(to.id, a.Amount.Minor(), a.Date.String())
		}
		if err != nil {
			return fmt.Errorf("apply %s: %w", a.External, err)
		}
		q.applied[a.External] = true
	}
	return nil
}

// connect connects the company as an admin does: the link that arbot gives is opened, the
// page of consent sends the browser back, and arbot takes the tokens.
func (d *demo) connect(ctx context.Context) error {
	d.quickbooks.server.AllowRedirect("http://localhost" + callbackPath)
	link, err := d.app.intuit.app("main").AuthorizeURL("main", "cli", "http://localhost"+callbackPath)
	if err != nil {
		return err
	}
	back, err := consent(ctx, link)
	if err != nil {
		return err
	}
	o := d.app.intuit.app("main").Finish(ctx, back.Query())
	if !o.Connected() || o.Err != nil {
		return fmt.Errorf("connect the QuickBooks of the demo: %w", o.Err)
	}
	fmt.Fprintf(d.out, "Connected to %s (company %s) in a QuickBooks inside this program, by its page of consent.\n", o.Connection.Title, o.Connection.Company)
	return nil
}

// consent opens a link as a browser does, and returns where the page of consent sends it.
func consent(ctx context.Context, link string) (*url.URL, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return nil, fmt.Errorf("open the page of consent: %w", err)
	}
	wires := &http.Transport{}
	defer wires.CloseIdleConnections()
	browser := &http.Client{Timeout: 30 * time.Second, Transport: wires, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := browser.Do(request)
	if err != nil {
		return nil, fmt.Errorf("open the page of consent: %w", err)
	}
	defer response.Body.Close()
	back, err := response.Location()
	if err != nil {
		return nil, fmt.Errorf("the page of consent answers %s and sends nobody back: %w", response.Status, err)
	}
	return back, nil
}
