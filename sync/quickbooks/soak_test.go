package quickbooks

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"arbot/ar"
	"arbot/internal/fakeqbo"
	"arbot/store/storetest"
	arsync "arbot/sync"
	"arbot/sync/oauth"
)

// soakSize says how much there is to go through.
type soakSize struct{ invoices, changes, kills int }

// A company that lives while it is read, over a line that breaks, by a process
// that is killed: in the end the books are QuickBooks' to the cent, document by
// document, and no limit was passed. ARBOT_SOAK=1 runs it at full length, with
// five seeds.
func TestSoak(t *testing.T) { //nolint:tparallel // one seed after the other: they keep two cores busy
	t.Parallel()
	size, seeds := soakSize{invoices: 600, changes: 150, kills: 4}, uint64(1)
	if os.Getenv("ARBOT_SOAK") == "1" {
		size, seeds = soakSize{invoices: 20_000, changes: 2_000, kills: 25}, 5
	}
	for seed := range seeds { //nolint:paralleltest // as above
		t.Run(fmt.Sprint("seed ", seed+1), func(t *testing.T) {
			s := newSoak(t, seed+1, size)
			s.run(t)
			s.check(t)
			s.tell(t)
		})
	}
}

// soak is what the process under test lives in.
type soak struct {
	*fakeqbo.Server
	company *fakeqbo.Company
	clock   *fakeqbo.Clock
	size    soakSize
	setting soakSetting
	hook    *Webhook
	control string

	mu     sync.Mutex // of all below
	dice   *mathrand.Rand
	lift   []func()
	live   bool           // changes are made while the process works
	made   map[string]int // changes by their kind
	hints  []arsync.Hint
	asks   int // of this process, of the clock
	killAt int
	kill   func()
	orders int
	needs  bool // to be connected
	ending int  // the last orders
	last   []soakOutcome
	counts soakCounts
}

type soakCounts struct{ kills, syncs, full, named, failed, resumed, reconnected, skipped int }

func newSoak(t *testing.T, seed uint64, size soakSize) *soak {
	t.Helper()
	s := &soak{
		clock: fakeqbo.NewClock(time.Date(2026, time.November, 25, 8, 0, 0, 0, time.UTC)), size: size, needs: true,
		dice: mathrand.New(mathrand.NewPCG(seed, 11)), made: map[string]int{},
	}
	var err error
	// Rotating at each refresh is the stricter of what Intuit may do.
	if s.Server, err = fakeqbo.New(fakeqbo.Options{Now: s.clock.Now, RotateAfter: -1, Seed: seed}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	s.company = s.AddCompany(soakRealm, "Larkspur Supply")
	s.company.Configure(func(set *fakeqbo.Settings) {
		set.MultiCurrency, set.CustomFields, set.Classes = true, []string{"Sales Rep"}, true
		set.ExtraRow, set.FalseDeleteEvery, set.QuietMerge = true, 7, true
	})
	s.company.SetRate("EUR", "1.1427")
	s.company.Grow(s.dice, size.invoices)
	s.company.BeforePage = func() { s.step(max(0, s.roll(12)-8)) }
	s.setting = soakSetting{
		DSN: filepath.Join(t.TempDir(), "arbot.db"), API: s.URL(), Authorize: s.AuthorizeURL(), Token: s.TokenURL(), Revoke: s.RevokeURL(),
		ClientID: s.App().ClientID, ClientSecret: s.App().ClientSecret,
	}
	s.serve(t)
	return s
}

// serve listens to the process and to the webhooks.
func (s *soak) serve(t *testing.T) {
	t.Helper()
	answers := map[string]func(*http.Request) (any, error){
		"/clock": s.time, "/next": s.next, "/done": s.done,
		"/setting": func(*http.Request) (any, error) { return s.setting, nil },
	}
	control := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, err := answers[r.URL.Path](r)
		if err == nil {
			err = json.NewEncoder(w).Encode(answer)
		}
		if err != nil && r.Context().Err() == nil {
			t.Error(err)
		}
	}))
	t.Cleanup(control.Close)
	s.control = control.URL
	s.hook = NewWebhook(nil, oauth.Secret(s.App().Verifier))
	receiver := httptest.NewServer(s.hook)
	t.Cleanup(receiver.Close)
	s.SetWebhook(fakeqbo.Webhook{URL: receiver.URL})
}

// roll is a number below n.
func (s *soak) roll(n int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dice.IntN(n)
}

// step changes the books a few times, as long as there are changes to be made.
func (s *soak) step(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		if !s.live || s.changes() >= s.size.changes {
			return
		}
		s.clock.Advance(time.Duration(1+s.dice.IntN(30)) * time.Second)
		s.made[s.company.Step(s.dice)]++
	}
}

func (s *soak) changes() (n int) {
	for _, times := range s.made {
		n += times
	}
	return n
}

// time tells the clock, and moves it. Here the process is also killed, and the
// books change between its calls.
func (s *soak) time(r *http.Request) (any, error) {
	by, err := strconv.ParseInt(r.URL.Query().Get("by"), 10, 64)
	if err != nil {
		return nil, err
	}
	s.clock.Advance(time.Duration(by))
	if s.roll(200) == 0 {
		s.step(1)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asks++; s.asks == s.killAt {
		time.AfterFunc(time.Duration(s.dice.IntN(30_000))*time.Microsecond, s.kill)
	}
	return s.clock.Now().UnixNano(), nil
}

// run has processes work until all changes are made and the last orders are
// carried out.
func (s *soak) run(t *testing.T) {
	t.Helper()
	s.weather()
	for !s.work(t) {
		s.mu.Lock()
		s.counts.kills++
		s.mu.Unlock()
		s.clock.Advance(time.Duration(s.roll(300)) * time.Millisecond)
	}
}

// weather changes how bad the line is.
func (s *soak) weather() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fair()
	for _, f := range fakeqbo.Storm([]float64{0.002, 0.01, 0.03}[s.dice.IntN(3)]) {
		s.lift = append(s.lift, s.Inject(f))
	}
}

func (s *soak) fair() {
	for _, lift := range s.lift {
		lift()
	}
	s.lift = nil
}

// work starts a process; false says that it was killed.
func (s *soak) work(t *testing.T) (ended bool) {
	t.Helper()
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), soakControl+"="+s.control)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	s.mu.Lock()
	s.asks, s.killAt, s.kill = 0, 0, kill
	if s.counts.kills < s.size.kills {
		// Some soon after the start, some after much was done.
		s.killAt = int(20 * math.Pow(5+float64(s.size.invoices)/300, s.dice.Float64()))
	}
	s.mu.Unlock()
	err := cmd.Run() // the context's end is SIGKILL
	if t.Context().Err() != nil || err != nil && ctx.Err() == nil {
		t.Fatalf("the process ended by itself: %v: %s", err, complaints.String())
	}
	return err == nil
}

// next gives the process an order.
func (s *soak) next(r *http.Request) (any, error) {
	if s.roll(5) == 0 {
		s.weather()
	}
	s.mu.Lock()
	s.live = true
	s.orders++
	over := s.changes() >= s.size.changes && s.counts.kills >= s.size.kills
	needs := s.needs
	if over && !needs {
		s.fair()
		s.ending++
	}
	ending := s.ending
	s.mu.Unlock()
	switch {
	case needs:
		return soakOrder{Do: orderConnect, Refresh: s.Grant(soakRealm).Refresh}, nil
	case ending > 2:
		return soakOrder{Do: orderStop}, nil
	case ending > 0:
		return soakOrder{Do: orderSync, Options: arsync.Options{Full: ending == 2, TieOut: true}}, nil
	}
	s.pass()
	return s.order(r.Context())
}

// pass lets time go by, and people work.
func (s *soak) pass() {
	s.clock.Advance(time.Duration(s.roll(900)) * time.Second)
	switch s.roll(60) {
	case 0:
		s.clock.Advance(31 * 24 * time.Hour) // nothing was read for longer than changes are kept
	case 1:
		s.step(s.size.changes / 5) // more at once than change data capture tells
	default:
		s.step(s.roll(10))
	}
}

// order is a usual one: by a timetable, or since a webhook came.
func (s *soak) order(ctx context.Context) (soakOrder, error) {
	if err := s.tellChanges(ctx); err != nil {
		return soakOrder{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o := arsync.Options{TieOut: s.dice.IntN(4) == 0, Full: s.dice.IntN(12) == 0}
	if n := len(s.hints); n > 0 && s.dice.IntN(2) == 0 {
		o = arsync.Options{Named: s.hints}
		s.hints = nil
		s.counts.named++
	}
	return soakOrder{Do: orderSync, Options: o}, nil
}

// tellChanges sends what webhooks tell: forged, twice, in any order, or not at
// all.
func (s *soak) tellChanges(ctx context.Context) error {
	changes := s.TakePending()
	s.mu.Lock()
	how := fakeqbo.Mishap{
		Forged: s.dice.IntN(8) == 0, Lost: s.dice.IntN(8) == 0, Shuffled: s.dice.IntN(2) == 0, Repeated: s.dice.IntN(3) == 0,
	}
	if s.dice.IntN(5) == 0 { // what a webhook says need not be so
		changes = append(changes, fakeqbo.Change{Realm: soakRealm, Entity: "Invoice", ID: strconv.Itoa(1 + s.dice.IntN(2*s.size.invoices)), Operation: "Delete", At: s.clock.Now()})
	}
	s.mu.Unlock()
	slices.SortStableFunc(changes, func(a, b fakeqbo.Change) int { return cmp.Compare(a.ID, b.ID) })
	for part := range slices.Chunk(changes, 40) {
		if _, err := s.Tell(ctx, part, how); err != nil {
			return err
		}
	}
	for _, e := range received(s.hook) {
		s.mu.Lock()
		s.hints = append(s.hints, e.Hint)
		s.mu.Unlock()
	}
	return nil
}

// done takes what came of an order.
func (s *soak) done(r *http.Request) (any, error) {
	var out soakOutcome
	if err := json.NewDecoder(r.Body).Decode(&out); err != nil { //nolint:musttag // both ends are ours
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	count := func(n *int, is bool) {
		if is {
			*n++
		}
	}
	s.counts.syncs++
	count(&s.counts.full, out.Full)
	count(&s.counts.resumed, out.Resumed)
	count(&s.counts.failed, out.Err != "")
	count(&s.counts.skipped, len(out.Warnings) > 0)
	count(&s.counts.reconnected, s.needs && out.Err == "")
	s.needs = s.needs && out.Err != "" || out.Health == ar.NeedsReconnecting
	s.live = false
	if s.ending > 0 {
		s.last = append(s.last, out)
	}
	return nil, nil //nolint:nilnil // there is nothing to say
}

// check holds what there is against QuickBooks' own.
func (s *soak) check(t *testing.T) {
	t.Helper()
	if len(s.last) != 2 {
		t.Fatalf("the last orders: %v", s.last)
	}
	for _, out := range s.last {
		if out.Err != "" || !out.Ties || out.Because != "" || len(out.Warnings) > 0 {
			t.Errorf("in fair weather: %v", out)
		}
	}
	books := storetest.Open(t, s.setting.DSN)
	compareBooks(t, s.company, books)
	if over := s.Exceeded(); len(over) > 0 {
		t.Errorf("%d calls over the limits: %+v", len(over), over[:min(5, len(over))])
	}
	s.checkTokens(t)
}

// checkTokens: a dead refresh token is used where the answer that replaced it was
// lost, with the line or with the process; and never two at a time.
func (s *soak) checkTokens(t *testing.T) {
	t.Helper()
	lost, dead := s.counts.kills, 0
	for _, c := range s.Calls(nil) {
		if c.Kind == fakeqbo.KindToken && c.Hit {
			lost++
		}
	}
	for _, r := range s.Refreshes() {
		if r.Alongside > 0 {
			t.Errorf("two renewals at a time: %+v", r)
		}
		if r.Dead != "" {
			dead++
		}
	}
	if dead > lost {
		t.Errorf("%d uses of dead refresh tokens, but only %d answers can have been lost", dead, lost)
	}
}

func (s *soak) tell(t *testing.T) {
	t.Helper()
	calls, hit := s.Calls(nil), 0
	for _, c := range calls {
		if c.Hit {
			hit++
		}
	}
	refreshes, dead := s.Refreshes(), 0
	for _, r := range refreshes {
		if r.Dead != "" {
			dead++
		}
	}
	t.Logf("%d changes (%v); %+v; %d calls, %d of them hit by faults; %d refreshes, %d with a dead token; webhooks %+v; %s by the clock",
		s.changes(), s.made, s.counts, len(calls), hit, len(refreshes), dead, s.hook.Counts(),
		s.clock.Now().Sub(time.Date(2026, time.November, 25, 8, 0, 0, 0, time.UTC)).Round(time.Minute))
}
