package quickbooks

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/internal/fakeqbo"
	"arbot/store/storetest"
	"arbot/sync/oauth"
)

// site is our app beside a QuickBooks that keeps its own rules, on one clock.
type site struct {
	*fakeqbo.Server
	books   *storetest.Books
	app     *App
	company *fakeqbo.Company
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{books: storetest.SQLite(t)}
	var err error
	// Rotating at each refresh is the stricter of what Intuit may do.
	if s.Server, err = fakeqbo.New(fakeqbo.Options{Now: s.books.Clock.Now, RotateAfter: -1}); err != nil {
		t.Fatal(err)
	}
	wires := &http.Transport{}
	t.Cleanup(func() {
		wires.CloseIdleConnections()
		s.Close()
	})
	s.company = s.AddCompany("9130", "Harbour Supply")
	sealer, err := oauth.NewSealer(rand.Reader, oauth.Secret(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{1}, 32))), "")
	if err != nil {
		t.Fatal(err)
	}
	s.app, err = NewApp(AppConfig{
		Endpoints: Endpoints{Authorize: s.AuthorizeURL(), Token: s.TokenURL(), Revoke: s.RevokeURL(), API: s.URL()},
		ClientID:  s.App().ClientID, ClientSecret: oauth.Secret(s.App().ClientSecret),
		Books: s.books, Sealer: sealer, HTTP: &http.Client{Transport: wires}, Now: s.books.Clock.Now, Rand: rand.Reader,
		Wait: func(ctx context.Context, d time.Duration) error {
			s.books.Clock.Add(d)
			return ctx.Err()
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// connected is a site with the company connected by pasted tokens.
func connected(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	if out := s.app.Paste(t.Context(), "main", oauth.Secret(s.Grant("9130").Refresh), "9130"); out.Err != nil {
		t.Fatal(out.Err)
	}
	return s
}

func (s *site) client() *Client { return s.app.Client("main", "9130") }

// clean fails where a dead token was used, two renewals ran at once, or a limit
// was passed.
func (s *site) clean(t *testing.T) {
	t.Helper()
	for _, r := range s.Refreshes() {
		if r.Dead != "" || r.Alongside > 0 {
			t.Errorf("refresh %+v", r)
		}
	}
	if over := s.Exceeded(); len(over) > 0 {
		t.Errorf("over the limits: %+v", over)
	}
}

// A person connects in the browser: link, consent, callback, page.
func TestConnectingInTheBrowser(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ours := httptest.NewServer(s.app.Callback(nil))
	t.Cleanup(func() {
		ours.Client().CloseIdleConnections()
		ours.Close()
	})
	redirect := ours.URL + "/quickbooks/callback"
	s.AllowRedirect(redirect)
	visit := func() (int, string) {
		link, err := s.app.AuthorizeURL("main", "U1", redirect)
		if err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := ours.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		page, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(page)
	}
	s.SetConsent(false)
	if status, page := visit(); status != http.StatusBadRequest || !strings.Contains(page, "was not granted") {
		t.Errorf("denied: %d %s", status, page)
	}
	s.SetConsent(true)
	if status, page := visit(); status != http.StatusOK || !strings.Contains(page, "Harbour Supply") {
		t.Errorf("agreed: %d %s", status, page)
	}
	var c ar.Connection
	s.books.Read(t, func(r ar.Reader) (err error) {
		c, err = r.Connection(t.Context(), "main")
		return err
	})
	if c.Company != "9130" || c.Home != "USD" || c.Zone == "" || !c.HardExpires.Equal(s.books.Clock.Now().Add(5*365*24*time.Hour)) {
		t.Errorf("connection %+v", c)
	}
	s.clean(t)
}

// Many ask for days, over the ends of tokens and through trouble of the token
// endpoint: no dead token is used, and none is lost.
func TestFailure03Failure06TokensOverDays(t *testing.T) {
	t.Parallel()
	s := connected(t)
	for day := range 5 {
		s.books.Clock.Add(24 * time.Hour)
		if day == 3 {
			s.ExpireAccess("9130")
		}
		var group sync.WaitGroup
		for range 6 {
			group.Go(func() {
				if _, err := s.client().company(t.Context()); err != nil {
					t.Errorf("day %d: %v", day, err)
				}
			})
		}
		group.Wait()
	}
	s.ExpireAccess("9130") // before its time: the API refuses what the books think good
	if _, err := s.client().company(t.Context()); err != nil {
		t.Error(err)
	}
	if got := len(s.Refreshes()); got != 7 {
		t.Errorf("%d refreshes, want 7: one to paste, one a day, one when refused", got)
	}
	s.clean(t)
}

func TestAnAccessThatIsTakenAway(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*site){
		"by an admin of the company": func(s *site) { s.RevokeAll("9130") },
		"with the person's rights":   func(s *site) { s.SetAdmin("9130", false) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := connected(t)
			end(s)
			_, err := s.client().company(t.Context())
			if got := healthIn(t, err); got.State != ar.NeedsReconnecting {
				t.Errorf("%+v: %v", got, err)
			}
			before := len(s.Calls(nil))
			if _, err := s.client().company(t.Context()); healthIn(t, err).State != ar.NeedsReconnecting || len(s.Calls(nil)) != before {
				t.Errorf("%d calls after that: %v", len(s.Calls(nil))-before, err)
			}
			s.SetAdmin("9130", true)
			if out := s.app.Paste(t.Context(), "main", oauth.Secret(s.Grant("9130").Refresh), "9130"); out.Err != nil {
				t.Errorf("connected again: %v", out.Err)
			}
		})
	}
}

func TestWritingToAnInvoice(t *testing.T) {
	t.Parallel()
	s := connected(t)
	customer, err := s.company.AddCustomer(fakeqbo.Person{Name: "Quay & Sons"})
	if err != nil {
		t.Fatal(err)
	}
	id, err := s.company.AddInvoice(fakeqbo.Sale{Customer: customer, Amount: 12500, Email: "ap@quay.example", Note: "Call on Mondays"})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.client().Annotate(t.Context(), id, "Promised 125.00 for 2026-12-01"); err != nil {
			t.Fatal(err)
		}
		if sent, err := s.client().SendInvoice(t.Context(), id, "", "reminder-1"); err != nil || sent.Status != "EmailSent" || sent.To != "ap@quay.example" {
			t.Fatalf("%+v, %v", sent, err)
		}
	}
	var got struct {
		PrivateNote string      `json:"PrivateNote"`
		EmailStatus string      `json:"EmailStatus"`
		TotalAmt    json.Number `json:"TotalAmt"`
	}
	if err := json.Unmarshal(s.company.Document(fakeqbo.Invoice, id), &got); err != nil {
		t.Fatal(err)
	}
	if got.PrivateNote != "Call on Mondays\nPromised 125.00 for 2026-12-01" || got.EmailStatus != "EmailSent" || got.TotalAmt != "125" {
		t.Errorf("the invoice is %+v", got)
	}
	if _, err := s.client().PayLink(t.Context(), id); err != nil {
		t.Error(err)
	}
	s.clean(t)
}

func TestWebhooksOfBothShapes(t *testing.T) {
	t.Parallel()
	s := connected(t)
	h := NewWebhook(nil, oauth.Secret(s.App().Verifier))
	ours := httptest.NewServer(h)
	t.Cleanup(ours.Close)
	for name, shape := range map[string]fakeqbo.Payload{"Quay": fakeqbo.EventNotifications, "Mole": fakeqbo.CloudEvents} {
		s.SetWebhook(fakeqbo.Webhook{URL: ours.URL, Shape: shape})
		id, err := s.company.AddCustomer(fakeqbo.Person{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		d, err := s.Notify(t.Context(), fakeqbo.Mishap{Repeated: true})
		if err != nil || !d.Taken() {
			t.Fatalf("delivery %+v, %v", d, err)
		}
		if diff := cmp.Diff([]Event{hint("9130", "Customer", id, HintCreate)}, received(h)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	}
	if _, err := s.company.AddCustomer(fakeqbo.Person{Name: "Forge"}); err != nil {
		t.Fatal(err)
	}
	if d, err := s.Notify(t.Context(), fakeqbo.Mishap{Forged: true}); err != nil || d.Taken() || received(h) != nil {
		t.Errorf("a forged delivery was taken: %+v, %v", d, err)
	}
}

// net/http repeats by itself what was lost with a kept connection. These calls
// count, too.
func TestRepeatsByTheTransportKeepTheLimits(t *testing.T) {
	t.Parallel()
	s := connected(t)
	s.SetLimits(fakeqbo.Limits{Second: callsPerSecond, Minute: callsPerMinute})
	s.Inject(fakeqbo.Fault{Reset: true, Chance: 0.3, Times: 40, On: regexp.MustCompile("^GET /query")})
	for range 100 {
		if _, err := s.client().company(t.Context()); err != nil {
			t.Logf("given up: %v", err)
		}
	}
	s.clean(t)
}
