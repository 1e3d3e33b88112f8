package main

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/internal/fakeqbo"
	"arbot/internal/fakeslack"
)

// counting is an office whose books are in a QuickBooks.
type counting struct {
	*office

	intuit *fakeqbo.Server
	books  *fakeqbo.Company
}

const testRealm = "123145725812345"

// newCounting makes an office with an empty company in QuickBooks, connected by nobody
// yet. The settings go into the block quickbooks: of the config.
func newCounting(t *testing.T, settings string) *counting {
	t.Helper()
	c := &counting{office: newOffice(t, wednesday, "")}
	c.found(t, 0)
	c.reconfigure(t, func(config string) string {
		return strings.Replace(config, "bundle: books", "quickbooks: {"+settings+"}", 1) + "limits: {stale_after: 26h}\n"
	})
	return c
}

// found founds the company in a QuickBooks where each refresh gives another token, and the
// one before lives on for a while.
func (c *counting) found(t *testing.T, grace time.Duration) {
	t.Helper()
	c.foundWith(t, fakeqbo.Options{RotateAfter: -1, Grace: grace})
}

func (c *counting) foundWith(t *testing.T, o fakeqbo.Options) {
	t.Helper()
	o.Now, o.Limits = c.clock, fakeqbo.Unlimited()
	var err error
	c.intuit, err = fakeqbo.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.intuit.Close)
	c.books = c.intuit.AddCompany(testRealm, "Cedar Books")
	c.books.Configure(func(s *fakeqbo.Settings) { s.Zone = demoZone })
	c.connectable()
}

var (
	anyRead    = regexp.MustCompile(`^GET /(query|cdc)`)
	anyRefresh = regexp.MustCompile(`tokens/bearer refresh_token`)
)

// awaitCalls waits until the calls to QuickBooks are as they should.
func (c *counting) awaitCalls(t *testing.T, enough func([]fakeqbo.Call) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), tooLong)
	defer cancel()
	if err := c.intuit.Await(ctx, enough); err != nil {
		t.Fatal(err)
	}
}

// connectable gives the program the keys of the app.
func (c *counting) connectable() {
	app := c.intuit.App()
	c.env[clientIDName], c.env[clientSecretName] = app.ClientID, app.ClientSecret
	c.env[verifierName] = app.Verifier
	c.env["ARBOT_TOKEN_KEY"] = base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32)))
	c.env["ARBOT_QUICKBOOKS_URL"] = c.intuit.URL()
}

// paste connects the company by pasted tokens.
func (c *counting) paste(t *testing.T) {
	t.Helper()
	r := c.typed(t, c.intuit.Grant(testRealm).Refresh+"\n"+testRealm+"\n", "connect", "quickbooks", "--paste")
	if r.code != 0 || !strings.Contains(r.out, "main is connected to Cedar Books (company "+testRealm+", in USD).") {
		t.Fatalf("exit code %d\n%s%s", r.code, r.out, r.err)
	}
}

// serving runs `arbot serve` until it is connected to Slack.
func (c *counting) serving(t *testing.T) *service {
	t.Helper()
	s := c.serve(t)
	c.await(t, s, "the socket", func(st *fakeslack.State) bool { return st.Sockets() > 0 })
	return s
}

// invoice adds a customer's invoice, the amount in cents.
func (c *counting) invoice(t *testing.T, customer, number, due string, cents int64) string {
	t.Helper()
	return must(t)(c.books.AddInvoice(fakeqbo.Sale{Customer: customer, Number: number, Date: "2026-09-15", Due: due, Amount: cents, Email: "pay@customer.example.com"}))
}

func (c *counting) customer(t *testing.T, name string) string {
	t.Helper()
	return must(t)(c.books.AddCustomer(fakeqbo.Person{Name: name, Email: "pay@customer.example.com"}))
}

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

// said fails the test unless a text holds all of the others.
func said(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %q:\n%s", want, text)
		}
	}
}

// unsaid fails the test if a text holds one of the others.
func unsaid(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if strings.Contains(text, want) {
			t.Errorf("it says %q:\n%s", want, text)
		}
	}
}

var anyLink = regexp.MustCompile(`http://127\.0\.0\.1:\d+/connect/oauth2\?\S+`)

// visit opens a link as a browser does, and returns the page on which it ends.
func visit(t *testing.T, link string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
	if err != nil {
		t.Fatal(err)
	}
	wires := &http.Transport{}
	defer wires.CloseIdleConnections()
	response, err := (&http.Client{Transport: wires}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// An admin connects by the browser on the machine itself, syncs, and the digest ties out.
func TestConnectSyncDigest(t *testing.T) {
	t.Parallel()
	c := newCounting(t, "")
	cedar := c.customer(t, "Cedar Foods")
	c.invoice(t, cedar, "INV-60", "2026-10-15", 31000)
	if r := c.run(t, "sync"); r.code != 1 || !strings.Contains(r.err, "The ledger main is not connected yet: type `arbot connect quickbooks main` on the server.") {
		t.Errorf("before it is connected: exit code %d, %s", r.code, r.err)
	}

	out := &output{}
	ended := make(chan int, 1)
	p := c.program("", out, out)
	go func() { ended <- p.run(t.Context(), []string{"connect", "quickbooks", "--local", "127.0.0.1:0"}) }()
	link := awaitText(t, out, anyLink)
	c.intuit.AllowRedirect(awaitText(t, out, regexp.MustCompile(`http://127\.0\.0\.1:\d+/quickbooks/callback`)))
	page := visit(t, link)
	said(t, page, "QuickBooks is connected", "arbot now reads the company Cedar Books as the ledger main")
	if code := <-ended; code != 0 {
		t.Fatalf("exit code %d\n%s", code, out.String())
	}
	said(t, out.String(), "main is connected to Cedar Books", "It has to be connected anew by ", "`arbot sync` reads it")
	unsaid(t, out.String()+page, c.env[clientSecretName], c.env["ARBOT_TOKEN_KEY"])

	said(t, c.mustRun(t, "sync"), "Cedar Books: ", "Ties with the ledger as of 2026-11-25: $310.00.")
	said(t, c.mustRun(t, "digest", "--print", "ar-daily"), "$310.00 overdue in 1 account", "This is a first look", "agrees with the ledger to the cent (USD on 25 Nov)",
		"Sales owners: 0 of 1 account with something open has one, 1 has none and owes $310.00.")
	if r := c.run(t, "import"); r.code != 2 || !strings.Contains(r.err, "`arbot sync` reads it") {
		t.Errorf("import: exit code %d, %s", r.code, r.err)
	}
	doctor := c.run(t, "doctor")
	said(t, doctor.out, "ok    company    main is connected to Cedar Books (company "+testRealm+")", "main has to be connected anew by",
		"ok    tie-out    main agrees with the ledger to the cent in USD", "warn  owners     No sales owner: 1 of 1")

	said(t, c.mustRun(t, "disconnect", "main"), "main is disconnected, and its tokens are forgotten.")
	if _, alive := c.intuit.LiveRefresh(testRealm); alive {
		t.Error("QuickBooks did not hear of it")
	}
	if r := c.run(t, "disconnect", "main"); r.code != 1 || !strings.Contains(r.err, "The ledger main is not connected.") {
		t.Errorf("again: exit code %d, %s", r.code, r.err)
	}
}

// awaitText waits until an output holds what an expression fits, and returns that.
func awaitText(t *testing.T, out *output, pattern *regexp.Regexp) string {
	t.Helper()
	limit := time.NewTimer(tooLong)
	defer limit.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if found := pattern.FindString(out.String()); found != "" {
			return found
		}
		select {
		case <-tick.C:
		case <-limit.C:
			t.Fatalf("nothing like %s came:\n%s", pattern, out.String())
		}
	}
}

// The config names the company, and another one is chosen: nothing stays connected.
func TestConnectTheWrongCompany(t *testing.T) {
	t.Parallel()
	c := newCounting(t, "company: '42'")
	r := c.typed(t, c.intuit.Grant(testRealm).Refresh+"\n"+testRealm+"\n", "connect", "quickbooks", "main", "--paste")
	if r.code != 1 || !strings.Contains(r.err, "The company "+testRealm+" (Cedar Books) was chosen, and the config says company: 42 for the ledger main. Nothing is connected") {
		t.Errorf("exit code %d, %s", r.code, r.err)
	}
	if r := c.run(t, "sync"); !strings.Contains(r.err, "is not connected yet") {
		t.Errorf("it is connected: %s", r.err)
	}
}

func TestConnectCallsThatAreWrong(t *testing.T) {
	t.Parallel()
	c := newCounting(t, "")
	bare := newShell(t, wednesday)
	bare.write(t, "arbot.yaml", valid)
	if r := bare.run(t, "connect", "quickbooks"); r.code != 2 || !strings.Contains(r.err, "the config has no ledger of QuickBooks: add one under ledgers:") {
		t.Errorf("without one: exit code %d, %s", r.code, r.err)
	}
	for _, test := range []struct {
		args string
		code int
		want string
	}{
		{"connect", 2, "say what to connect: arbot connect quickbooks"},
		{"connect xero", 2, "say what to connect: arbot connect quickbooks"},
		{"connect quickbooks east", 2, `the config has no ledger of QuickBooks called "east": there is main`},
		{"connect quickbooks --local 0.0.0.0:80", 2, "--local takes an address of this machine"},
		{"connect quickbooks --paste", 2, "nothing was typed, and nothing is connected"},
		{"disconnect", 2, "say which ledger: arbot disconnect LEDGER"},
		{"sync east", 2, `the config has no ledger called "east"`},
	} {
		if r := c.run(t, strings.Fields(test.args)...); r.code != test.code || !strings.Contains(r.err, test.want) {
			t.Errorf("%s: exit code %d, %s", test.args, r.code, r.err)
		}
	}
	delete(c.env, "ARBOT_TOKEN_KEY")
	if r := c.run(t, "connect", "quickbooks"); r.code != 1 || !strings.Contains(r.err, "The environment lacks ARBOT_TOKEN_KEY. See docs/quickbooks.md. `arbot connect --new-key` prints a key.") {
		t.Errorf("without a key: exit code %d, %s", r.code, r.err)
	}
	key := c.run(t, "connect", "--new-key")
	if raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(key.out)); err != nil || len(raw) != 32 {
		t.Errorf("the key is %q: %v", key.out, err)
	}
	c.env["ARBOT_TOKEN_KEY"] = "short"
	if r := c.run(t, "sync"); r.code != 1 || !strings.Contains(r.err, "ARBOT_TOKEN_KEY") || strings.Contains(r.err, "short") {
		t.Errorf("with half a key: exit code %d, %s", r.code, r.err)
	}
}

// SY-01: what change data capture says is deleted is gone, and what it had paid is open
// again.
func TestSY01DeletionsAreSeen(t *testing.T) {
	t.Parallel()
	c := newCounting(t, "")
	cedar := c.customer(t, "Cedar Foods")
	inv50 := c.invoice(t, cedar, "INV-50", "2026-10-15", 40000)
	inv39 := c.invoice(t, cedar, "INV-39", "2026-10-15", 22000)
	paid := must(t)(c.books.Pay(fakeqbo.Receipt{Customer: cedar, Date: "2026-10-20", Amount: 40000, On: []fakeqbo.Part{{Entity: fakeqbo.Invoice, ID: inv50, Amount: 40000}}}))
	c.paste(t)
	said(t, c.mustRun(t, "sync"), "Ties with the ledger as of 2026-11-25: $220.00.")
	for entity, id := range map[string]string{fakeqbo.Payment: paid, fakeqbo.Invoice: inv39} {
		if err := c.books.Delete(entity, id); err != nil {
			t.Fatal(err)
		}
	}
	said(t, c.mustRun(t, "sync"), "Ties with the ledger as of 2026-11-25: $400.00.")
	c.serving(t)
	nora := c.user(t, ar.ARClerk)
	answer := c.typeIn(t, nora, arChannel, "status INV-50")
	said(t, answer, "$400.00 open of $400.00, 41 days overdue")
	unsaid(t, answer, "INV-39")
	said(t, c.typeIn(t, nora, arChannel, "status INV-39"), "No account of yours matches “INV-39”.")
}

// SY-04: an inactive customer is found, still owes, and says that it is inactive. X08: any
// quote finds a name, which is never part of a remote query.
func TestSY04X08InactiveAndQuotes(t *testing.T) {
	t.Parallel()
	c := newCounting(t, "")
	cedar := c.customer(t, "Cedar Foods")
	c.invoice(t, cedar, "INV-60", "2026-10-15", 31000)
	c.invoice(t, c.customer(t, "O'Brien & Sons"), "INV-61", "2026-10-25", 5000)
	c.paste(t)
	c.mustRun(t, "sync")
	if err := c.books.Deactivate(cedar); err != nil {
		t.Fatal(err)
	}
	said(t, c.mustRun(t, "sync"), "Ties with the ledger as of 2026-11-25: $360.00.")
	c.serving(t)
	nora := c.user(t, ar.ARClerk)
	said(t, c.typeIn(t, nora, arChannel, "status Cedar Foods"), "inactive", "$310.00", "41 days")
	said(t, c.typeIn(t, nora, arChannel, "status O’Brien & Sons"), "owes $50.00 net")
	said(t, c.typeIn(t, nora, arChannel, "status o`brien"), "Brien")
	for _, call := range c.intuit.Calls(nil) {
		unsaid(t, call.What, "Brien", "brien")
	}
}

// SY-09: two invoices of one number are a choice.
func TestSY09OneNumberTwice(t *testing.T) {
	t.Parallel()
	c := newCounting(t, "")
	cedar := c.customer(t, "Cedar Foods")
	c.invoice(t, cedar, "2021011355", "2026-10-15", 5565000)
	c.invoice(t, cedar, "2021011355", "2026-10-15", 6250750)
	c.invoice(t, cedar, "", "2026-10-15", 100)
	c.paste(t)
	said(t, c.mustRun(t, "sync"), "$118,158.50")
	c.serving(t)
	said(t, c.typeIn(t, c.user(t, ar.ARClerk), arChannel, "status 2021011355"), "fits 2 invoices. Which one?", "$55,650.00 of ", "$62,507.50 of ")
}

// SY-05 (a): a refresh token that is refused stays as it is; there is one notice with a
// button, no call is made any more, answers say it, and by the button all goes on.
func TestSY05ReconnectFromSlack(t *testing.T) {
	t.Parallel()
	c := newCounting(t, "")
	cedar := c.customer(t, "Cedar Foods")
	c.invoice(t, cedar, "INV-60", "2026-10-15", 31000)
	c.paste(t)
	c.mustRun(t, "sync")
	c.reconfigure(t, func(config string) string {
		return strings.Replace(config, "bundle: books", "quickbooks: {}, every: 1m", 1) + "public_url: https://arbot.example.com\n"
	})
	c.intuit.RevokeAll(testRealm)
	s := c.serving(t)
	admin := c.user(t, ar.Admin)
	var notice fakeslack.Message
	c.await(t, s, "the notice", func(st *fakeslack.State) bool {
		for _, m := range st.DMs(admin) {
			if strings.Contains(m.Text, "I cannot read Cedar Books any more") {
				notice = m
				return true
			}
		}
		return false
	})
	said(t, string(notice.Blocks), "Reconnect main")
	said(t, c.typeIn(t, c.user(t, ar.ARClerk), arChannel, "overdue"), "$310.00", "Cedar Books needs reconnecting: ", "Data as of")
	said(t, c.typeIn(t, admin, "", "sync status"), "needs reconnecting", "when it is connected again")
	metrics := visit(t, "http://"+s.address(t)+"/metrics")
	said(t, metrics, `arbot_ledger_health{ledger="main",state="needs_reconnecting"} 1`, `arbot_ledger_tieout_difference{ledger="main",currency="USD"} 0.00`)
	unsaid(t, metrics, "Cedar")
	calls := len(c.intuit.Calls(nil))
	for range 3 { // ticks, and a wish, that find it so
		c.typeIn(t, admin, "", "sync now")
	}
	c.await(t, s, "the end of the syncs", func(st *fakeslack.State) bool {
		n := 0
		for _, m := range st.DMs(admin) {
			if strings.Contains(m.Text, "could not be read: ") {
				n++
			}
		}
		return n == 3
	})
	if now := len(c.intuit.Calls(nil)); now != calls {
		t.Errorf("%d calls were made to a company that is lost", now-calls)
	}
	if n := count(c.slack.DMs(admin), "I cannot read Cedar Books any more"); n != 1 {
		t.Errorf("%d notices", n)
	}

	// Back again: by the button, the page of consent and the public address, which leads here.
	c.intuit.AllowRedirect("https://arbot.example.com" + callbackPath)
	link := c.press(t, admin, notice, "Reconnect main")
	back, err := consent(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	said(t, visit(t, "http://"+s.address(t)+back.Path+"?"+back.RawQuery), "QuickBooks is connected")
	c.await(t, s, "the report", func(st *fakeslack.State) bool {
		return count(st.DMs(admin), "Ties with the ledger as of 2026-11-25: $310.00.") == 1
	})
	unsaid(t, c.typeIn(t, c.user(t, ar.ARClerk), arChannel, "overdue"), "reconnecting")
	unsaid(t, s.stop().err, c.env[clientSecretName], c.env["ARBOT_TOKEN_KEY"])
}

// withoutDigests takes the digests out of a config: before each, the ledgers are read.
func withoutDigests(config string) string {
	before, _, _ := strings.Cut(config, "\ndigests:")
	return before + "\n"
}

// count counts the messages with a text.
func count(list []fakeslack.Message, text string) (n int) {
	for _, m := range list {
		if strings.Contains(m.Text, text) {
			n++
		}
	}
	return n
}

// press presses a button, and returns the link in the answer.
func (c *counting) press(t *testing.T, user string, m fakeslack.Message, label string) string {
	t.Helper()
	answer := c.pressed(t, user, m, label)
	link := regexp.MustCompile(`http://127\.0\.0\.1:\d+/connect/oauth2\?[^"]+`).FindString(answer)
	if link == "" {
		t.Fatalf("there is no link in %s", answer)
	}
	return strings.ReplaceAll(link, `\u0026`, "&")
}

func (c *counting) pressed(t *testing.T, user string, m fakeslack.Message, label string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), tooLong)
	defer cancel()
	d, err := c.slack.Click(ctx, fakeslack.Click{User: user, Channel: m.Channel, TS: m.TS, Element: label})
	if err != nil {
		t.Fatal(err)
	}
	var answers []fakeslack.Message
	if err := c.slack.Await(ctx, func(st *fakeslack.State) bool {
		answers = st.Answers(d)
		return len(answers) > 0
	}); err != nil {
		t.Fatal(err)
	}
	return answers[0].Text + string(answers[0].Blocks)
}

// A webhook brings a new invoice into the answers, though nothing else would for an hour.
func TestWebhookBringsAnInvoice(t *testing.T) {
	t.Parallel()
	c := newCounting(t, "")
	cedar := c.customer(t, "Cedar Foods")
	c.invoice(t, cedar, "INV-60", "2026-10-15", 31000)
	c.paste(t)
	c.mustRun(t, "sync")
	c.reconfigure(t, func(config string) string {
		return withoutDigests(strings.Replace(config, "bundle: books", "quickbooks: {}, every: 1h", 1)) + "public_url: https://arbot.example.com\n"
	})
	s := c.serving(t)
	c.intuit.SetWebhook(fakeqbo.Webhook{URL: "http://" + s.address(t) + webhookPath})
	c.intuit.TakePending() // what was done before anybody listened
	s.logged(t, `"msg":"sync done"`, 1)
	for _, how := range []fakeqbo.Mishap{{Forged: true}, {Repeated: true}} {
		c.invoice(t, cedar, "INV-78", "2026-11-02", 7800)
		d, err := c.intuit.Notify(t.Context(), how)
		if err != nil || d.Taken() == how.Forged {
			t.Fatalf("%+v: taken %v, %v", how, d.Taken(), err)
		}
	}
	s.logged(t, `"msg":"sync done"`, 2)
	said(t, c.typeIn(t, c.user(t, ar.ARClerk), arChannel, "status INV-78"), "$78.00 open of $78.00, 23 days overdue")
	if n := len(c.intuit.Calls(regexp.MustCompile(`^POST /batch`))); n != 1 {
		t.Errorf("%d readings by name for what was told twice", n)
	}
}

// The progress of a sync that an admin asks for is one message, edited in its place; who is
// no admin is refused, and AR may see how the ledgers are.
func TestSyncNowTellsHowFarItIs(t *testing.T) {
	t.Parallel()
	c := newCounting(t, "")
	cedar := c.customer(t, "Cedar Foods")
	c.invoice(t, cedar, "INV-60", "2026-10-15", 31000)
	c.paste(t)
	hold := make(chan struct{})
	c.intuit.Inject(fakeqbo.Fault{On: regexp.MustCompile(`reports/AgedReceivables|AgedReceivables`), Hold: hold})
	c.reconfigure(t, func(config string) string {
		return withoutDigests(strings.Replace(config, "bundle: books", "quickbooks: {}, every: 24h", 1))
	})
	s := c.serving(t)
	admin, nora, ben := c.user(t, ar.Admin), c.user(t, ar.ARClerk), c.user(t, ar.Rep)
	said(t, c.typeIn(t, nora, arChannel, "sync now"), "Only an admin can have the ledgers read now.")
	said(t, c.typeIn(t, ben, salesChannel, "sync"), "is shown to AR, managers and admins")
	close(hold)
	s.logged(t, `"msg":"sync done"`, 1) // the one at the start
	again := make(chan struct{})
	c.intuit.Inject(fakeqbo.Fault{On: regexp.MustCompile(`AgedReceivables`), Hold: again})
	c.typeIn(t, admin, "", "sync now")
	c.await(t, s, "how far it is", func(st *fakeslack.State) bool { return count(st.DMs(admin), "Reading main: ") == 1 })
	said(t, c.typeIn(t, nora, arChannel, "sync status"), "is being read since")
	close(again)
	c.await(t, s, "the report", func(st *fakeslack.State) bool { return count(st.DMs(admin), "Ties with the ledger") == 1 })
	if n := count(c.slack.DMs(admin), "Reading main"); n != 0 {
		t.Errorf("%d messages beside the one that was edited", n)
	}
	said(t, c.typeIn(t, nora, arChannel, "sync"), "ok.", "agrees with the ledger to the cent", "Data as of")
	said(t, c.typeIn(t, admin, "", "sync now east"), "the config has no ledger called")
}

// The card of an invoice has the link to pay by, and, where the config allows it and for
// AR alone, a button that has QuickBooks mail it: once for each press.
func TestInvoiceCardAndReminder(t *testing.T) {
	t.Parallel()
	c := newCounting(t, "remind: true")
	cedar := c.customer(t, "Cedar Foods")
	id := c.invoice(t, cedar, "INV-60", "2026-10-15", 31000)
	must(t)(c.books.Pay(fakeqbo.Receipt{Customer: cedar, Date: "2026-10-20", Amount: 1000, Reference: "CHK-9", On: []fakeqbo.Part{{Entity: fakeqbo.Invoice, ID: id, Amount: 1000}}}))
	c.paste(t)
	c.mustRun(t, "sync")
	s := c.serving(t)
	nora, boss := c.user(t, ar.ARClerk), c.user(t, ar.Manager)
	unsaid(t, c.typeIn(t, boss, arChannel, "status INV-60"), "Remind customer")
	answer := c.typeIn(t, nora, arChannel, "status INV-60")
	said(t, answer, "$300.00 open of $310.00, 41 days overdue", "$10.00 paid on Tue 20 Oct 2026 by CHK-9", "Remind customer", "The ledger sends invoice INV-60 ($300.00 open) to Cedar Foods by e-mail, now.")
	sends := regexp.MustCompile(`^POST /invoice/\d+/send`)
	ctx, cancel := context.WithTimeout(t.Context(), tooLong)
	defer cancel()
	d, err := c.slack.Slash(ctx, fakeslack.Command{User: nora, Channel: arChannel, Command: "/ar", Text: "status INV-60"})
	if err != nil {
		t.Fatal(err)
	}
	var shown []fakeslack.Message
	if err := c.slack.Await(ctx, func(st *fakeslack.State) bool { shown = st.Answers(d); return len(shown) > 0 }); err != nil {
		t.Fatal(err)
	}
	said(t, c.pressed(t, nora, shown[0], "Remind customer"), "Invoice INV-60 was sent to pay@customer.example.com (Cedar Foods).")
	if n := len(c.intuit.Calls(sends)); n != 1 {
		t.Errorf("%d mails", n)
	}
	if got := s.stop(); got.code != 0 {
		t.Errorf("serve ends with %d", got.code)
	}
	audited := column(t, c.raw(t, "mode=ro"), `SELECT actor || ' ' || action || ' ' || (after LIKE '%pay@customer.example.com%') FROM audit_records ORDER BY id`)
	if diff := cmp.Diff([]string{nora + " reminder.order 0", nora + " reminder.sent 1"}, audited); diff != "" {
		t.Errorf("the audit (-want +got):\n%s", diff)
	}
}

// A month before all access ends the admins are told, once in a week.
func TestTheEndOfAllAccessIsTold(t *testing.T) {
	t.Parallel()
	c := newCounting(t, "")
	c.foundWith(t, fakeqbo.Options{HardLife: 20 * 24 * time.Hour})
	c.paste(t)
	admin := c.user(t, ar.Admin)
	told := func(st *fakeslack.State) int {
		return count(st.DMs(admin), "arbot's access to Cedar Books ends for good, on Tue 15 Dec 2026")
	}
	for _, week := range []struct {
		day   string
		times int
	}{{"2026-11-25T10:00:00-05:00", 1}, {"2026-11-27T10:00:00-05:00", 1}, {"2026-11-30T10:00:00-05:00", 2}} {
		c.moveTo(t, week.day)
		s := c.serving(t)
		c.await(t, s, "the warning of "+week.day, func(st *fakeslack.State) bool { return told(st) >= week.times })
		s.stop()
		c.slack.Look(func(st *fakeslack.State) {
			if n := told(st); n != week.times {
				t.Errorf("%s: told %d times, want %d", week.day, n, week.times)
			}
		})
	}
}

// Old data says so in the first line of what lists it, and in the digest's.
func TestOldDataSaysSoFirst(t *testing.T) {
	t.Parallel()
	c := newCounting(t, "")
	c.invoice(t, c.customer(t, "Cedar Foods"), "INV-60", "2026-10-15", 31000)
	c.paste(t)
	c.mustRun(t, "sync")
	c.intuit.Inject(fakeqbo.Fault{Times: -1, Reply: fakeqbo.Gateway(503, fakeqbo.ShapeHTML)})
	c.moveTo(t, "2026-11-28T09:40:00-05:00")
	c.serving(t)
	for _, asked := range []string{"overdue", "status Cedar Foods", "aging"} {
		answer := c.typeIn(t, c.user(t, ar.ARClerk), arChannel, asked)
		if !strings.HasPrefix(answer, "The data is 3 days old, of 25 Nov 09:30 EST: payments since then are not in it.") {
			t.Errorf("%s begins otherwise:\n%s", asked, answer)
		}
	}
	digest := c.mustRun(t, "digest", "--print", "ar-daily")
	said(t, digest, "Careful: the data is 3 days old, of 25 Nov 09:30 EST: payments since then are not in it.\n\nOverdue on Sat 28 Nov 2026")
}

// One of the QuickBooks in the demo: connected by its page of consent, synced and tied out.
func TestDemoWithQuickBooks(t *testing.T) {
	t.Parallel()
	s := newShell(t, wednesday)
	r := s.typed(t, "/ar sync status\nquit\n", "demo", "--quickbooks")
	if r.code != 0 {
		t.Fatalf("exit code %d\n%s%s", r.code, r.out, r.err)
	}
	said(t, r.out, "Connected to Harbor & Pine Supply Co. (company "+demoRealm+") in a QuickBooks inside this program, by its page of consent.",
		"Ties with the ledger as of 2026-11-24", "Overdue on Wed 25 Nov 2026", "agrees with the ledger to the cent")
}

// What could not be read is told to the admins, without saying what, and stands where they
// look, until everything can be read.
func TestLeftOutIsTold(t *testing.T) {
	t.Parallel()
	c := newCounting(t, "")
	cedar := c.customer(t, "Cedar Foods")
	c.invoice(t, cedar, "INV-60", "2026-10-15", 31000)
	bad := c.invoice(t, cedar, "INV-61", "2026-10-15", 100)
	c.books.WritePoison("Invoice", bad)
	c.paste(t)
	c.mustRun(t, "sync")
	s := c.serving(t)
	admin := c.user(t, ar.Admin)
	const notice = "Something in Cedar Books could not be read, or looked wrong when it was. /ar sync says what, and what to do."
	c.await(t, s, "the notice", func(st *fakeslack.State) bool { return count(st.DMs(admin), notice) == 1 })
	const where = "The invoice at position 2 of the list (after the id 1) could not be read and is left as it was: "
	said(t, c.typeIn(t, admin, "", "sync status"), "Left out, or looks wrong:", where, "Open it in QuickBooks and save it anew.")
	said(t, visit(t, "http://"+s.address(t)+"/metrics"), `arbot_ledger_left_out{ledger="main"} 1`, `arbot_ledger_calls_total{ledger="main"} `)
	s.stop()
	said(t, c.run(t, "doctor").out, "left out", where, "`arbot sync --full main` reads everything again")

	c.books.CurePoison("Invoice", bad)
	c.mustRun(t, "sync", "--full", "main")
	unsaid(t, c.run(t, "doctor").out, "left out")
	c.slack.Look(func(st *fakeslack.State) {
		if n := count(st.DMs(admin), notice); n != 1 {
			t.Errorf("told %d times, want once", n)
		}
	})
}

// A night without a comparison is made up for by the next reading. Where that cannot be
// made either, the figures say so after the second night.
func TestMissedComparison(t *testing.T) {
	t.Parallel()
	c := newCounting(t, "")
	c.invoice(t, c.customer(t, "Cedar Foods"), "INV-60", "2026-10-15", 31000)
	c.paste(t)
	c.mustRun(t, "sync")
	c.reconfigure(t, func(config string) string {
		return withoutDigests(strings.Replace(config, "bundle: books", "quickbooks: {}, every: 1h", 1))
	})
	serve := func(at string) (overdue string) {
		t.Helper()
		c.moveTo(t, at)
		s := c.serving(t)
		s.logged(t, `"msg":"sync done"`, 1)
		overdue = c.typeIn(t, c.user(t, ar.ARClerk), arChannel, "overdue")
		s.stop()
		return overdue
	}
	said(t, serve("2026-11-26T10:00:00-05:00"), "agrees with the ledger to the cent (USD on 26 Nov)")

	lift := c.intuit.Inject(fakeqbo.Fault{On: regexp.MustCompile(`^GET /reports`), Times: -1, Reply: fakeqbo.Gateway(503, fakeqbo.ShapeHTML)})
	unsaid(t, serve("2026-11-27T10:00:00-05:00"), "held against")
	said(t, serve("2026-11-28T10:00:00-05:00"), "A/R of Cedar Books was last held against the ledger's own total on 26 Nov")
	said(t, c.run(t, "doctor").out, "main was last held against the ledger's own total on Thu 26 Nov 2026 10:00. `arbot sync main` does it, or says why it cannot.")
	lift()
	said(t, serve("2026-11-28T10:30:00-05:00"), "agrees with the ledger to the cent (USD on 28 Nov)")
}
