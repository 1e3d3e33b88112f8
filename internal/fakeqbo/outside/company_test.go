package outside_test

import (
	"strconv"
	"testing"
	"time"

	"go.uber.org/goleak"

	"arbot/internal/fakeqbo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	realm    = "4620816365000000001"
	redirect = "http://localhost:8080/callback"
)

// start opens a server on the real time, which the clients go by.
func start(t *testing.T, change ...func(*fakeqbo.Options)) (*fakeqbo.Server, *fakeqbo.Company) {
	t.Helper()
	opt := fakeqbo.Options{
		Now: time.Now, RotateAfter: -1, Limits: fakeqbo.Unlimited(),
		App: fakeqbo.App{RedirectURIs: []string{redirect}},
	}
	for _, fn := range change {
		fn(&opt)
	}
	s, err := fakeqbo.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, s.AddCompany(realm, "Bright Ideas")
}

// fill gives the company two customers with 37 invoices, 11 of which are paid. The
// open ones come to 2,928.25.
func fill(t *testing.T, c *fakeqbo.Company) {
	t.Helper()
	var customers []string
	for _, name := range []string{"Amy's Bird Sanctuary", "O'Keefe & Sons"} {
		customers = append(customers, must(t)(c.AddCustomer(fakeqbo.Person{Name: name, Email: "ap@customer.example"})))
	}
	for i := range 37 {
		sale := fakeqbo.Sale{
			Customer: customers[i%2], Number: strconv.Itoa(2001 + i), Date: "2026-09-01", Due: "2026-10-01",
			Amount: 100_00 + int64(i)*1_01, Email: "ap@customer.example",
		}
		id := must(t)(c.AddInvoice(sale))
		if i >= 26 {
			paid := fakeqbo.Part{Entity: fakeqbo.Invoice, ID: id, Amount: sale.Amount}
			must(t)(c.Pay(fakeqbo.Receipt{Customer: sale.Customer, Amount: sale.Amount, On: []fakeqbo.Part{paid}}))
		}
	}
}

// must is for what the company isn't expected to refuse.
func must(t *testing.T) func(id string, err error) string {
	t.Helper()
	return func(id string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
}
