package main

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/fakeqbo"
	"arbot/internal/fakeslack"
)

// colleague is somebody of the office.
type colleague struct {
	no            int
	user, channel string
	role          ar.Role
}

// month is an office with a QuickBooks in which people, customers and networks do what
// they like for some weeks, and the test's own record of it.
type month struct {
	*counting

	r       *rand.Rand
	app     *app // beside the one that serves, to look into the books
	service *service
	looks   *sql.DB // reads the books
	people  []*colleague
	names   []*buyer
	buyers  map[string]*buyer // by their ids in QuickBooks
	bills   map[string]*bill
	memos   map[string]ar.Date
	money   []string // ids of payments

	words    []*word
	quarrels []*quarrel
	posts    map[string]string // the posts of verdicts, each with the state that it tells
	today    ar.Date
	known    ar.Date // the day of the data
	holiday  ar.Date
	did      map[string]int
	reach    int  // how many days ahead promises are, at most
	twice    bool // the last button was pressed twice
}

// A month in which 12 people record, change and cancel what 300 customers say, press
// buttons twice, and the customers pay, pay in part, too late, or are credited, voided and
// deleted, while Slack and QuickBooks fail now and then and the program is restarted. At
// every day's end each promise has the verdict, told once, that the test finds by itself;
// and what is disputed, promised, not due and to be chased makes up what is open. At the
// end the audit is proved.
//
// Usually it is a short month; ARBOT_MONTH=1 lets it be a whole one, and ARBOT_MONTH_SEED
// another.
func TestMonth(t *testing.T) {
	t.Parallel()
	days, customers, acts, reach := 6, 40, 18, 4
	if os.Getenv("ARBOT_MONTH") != "" {
		days, customers, acts, reach = 30, 300, 40, 11
	}
	seed, err := strconv.ParseUint(os.Getenv("ARBOT_MONTH_SEED"), 10, 64)
	if err != nil {
		seed = 6
	}
	m := newMonth(t, seed, customers)
	m.reach = reach
	for n := range days {
		m.today = m.day(t, "2026-11-02").AddDays(n)
		m.moveTo(t, m.today.String()+"T09:00:00-05:00")
		m.morning(t)
		if m.works(m.today) {
			lift := m.trouble()
			for range acts {
				m.act(t)
			}
			lift()
		}
		m.moveTo(t, m.today.String()+"T19:00:00-05:00")
		m.evening(t)
		if t.Failed() {
			t.Fatalf("it went wrong on %s, with the seed %d; until then: %v", m.today, seed, m.did)
		}
	}
	m.restart(t) // what is new is sealed at a start
	m.sealed(t)
	t.Logf("seed %d: %d promises, %d disputes, %d posts of verdicts; %v", seed, len(m.words), len(m.quarrels), len(m.posts), m.did)
	for what, least := range map[string]int{"saved": days, "kept": 1, "broken": 1, "disputed": days / 2, "restarted": 1} {
		if m.did[what] < least {
			t.Errorf("%q happened %d times: this month proves little", what, m.did[what])
		}
	}
}

func newMonth(t *testing.T, seed uint64, customers int) *month {
	t.Helper()
	m := &month{
		counting: newCounting(t, ""), r: rand.New(rand.NewPCG(seed, 6)), buyers: map[string]*buyer{}, bills: map[string]*bill{},
		memos: map[string]ar.Date{}, posts: map[string]string{}, did: map[string]int{}, holiday: ar.NewDate(2026, 11, 26),
	}
	m.today = m.day(t, "2026-11-01")
	m.moveTo(t, "2026-11-01T12:00:00-05:00")
	m.hire(t)
	for n := range customers {
		m.addBuyer(t, n)
	}
	for range customers * 2 {
		m.addBill(t, m.names[m.r.IntN(len(m.names))])
	}
	m.configure(t)
	m.paste(t)
	m.sync(t)
	s, err := readConfig(m.env["ARBOT_CONFIG"])
	if err != nil {
		t.Fatal(err)
	}
	p := m.program("", &output{}, &output{})
	if m.app, err = p.openApp(t.Context(), s, p.logger()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.app.close() })
	m.looks = m.raw(t, "mode=ro")
	m.service = m.serving(t)
	m.quiet(t)
	m.recognise(t)
	return m
}

// hire fills the office: 12 people, of whom one came last.
func (m *month) hire(t *testing.T) {
	t.Helper()
	m.slack.PutUser(fakeslack.User{ID: "U0012", Name: "omar", RealName: "Omar Haddad", Email: "omar.haddad@example.com", TZ: demoZone, TeamID: demoTeam})
	if err := m.slack.Join(arChannel, "U0012"); err != nil {
		t.Fatal(err)
	}
	for i, p := range m.company.People() {
		c := &colleague{no: i, user: demoUser(i), role: p.Role}
		switch p.Role {
		case ar.Rep:
			c.channel = salesChannel
		case ar.ARClerk, ar.Manager:
			c.channel = arChannel
		case ar.Admin: // in direct messages only
		}
		m.people = append(m.people, c)
	}
	m.people = append(m.people, &colleague{no: len(m.people), user: "U0012", role: ar.ARClerk, channel: arChannel})
}

func (m *month) configure(t *testing.T) {
	t.Helper()
	var owners strings.Builder
	for _, b := range m.names {
		if b.owner >= 0 {
			fmt.Fprintf(&owners, "  - {customer: %s, owner: %s}\n", b.name, m.company.People()[b.owner].Email)
		}
	}
	m.reconfigure(t, func(config string) string {
		config = strings.Replace(config, "bundle: books", "quickbooks: {}", 1)
		config = strings.Replace(config, "currency: USD", "currency: USD, holidays: ['"+m.holiday.String()+"']", 1)
		config = strings.Replace(config, "  ar: [", "  ar: [omar.haddad@example.com, ", 1)
		reps := `  - {name: reps-daily, kind: reps, at: "08:40"}` + "\n"
		config = strings.Replace(config, reps, "", 1) // the digest that always comes is the last
		config = strings.Replace(config, "digests:\n", "digests:\n"+reps, 1)
		sales := "  - {name: sales-daily, kind: sales, channel: " + salesChannel + `, at: "08:35"}` + "\n"
		config = strings.Replace(config, sales, "", 1)
		config = strings.Replace(config, "digests:\n", "digests:\n"+sales, 1)
		config = strings.Replace(config, "kind: ar,", "kind: ar, post_when_empty: true,", 1)
		return config + "owners:\n" + owners.String()
	})
}

// words of which the names of customers are made.
var (
	firstWords  = strings.Fields("Alder Birch Cedar Dogwood Elm Fir Gorse Hazel Ivy Juniper Kauri Larch Maple Nettle Oak Pine Quince Rowan Spruce Teak")
	secondWords = strings.Fields("Foods Metals Cranes Textiles Paper Tools Glass Motors Farms Dairy Books Marine Optics Plastics Timber")
)

func (m *month) addBuyer(t *testing.T, n int) {
	t.Helper()
	b := &buyer{name: firstWords[n%len(firstWords)] + " " + secondWords[n/len(firstWords)%len(secondWords)], owner: -1}
	if m.r.IntN(3) > 0 {
		b.owner = m.r.IntN(6)
	}
	parent := ""
	if top := m.r.IntN(n + 1); n > 3 && m.r.IntN(10) == 0 && m.names[min(top, n-1)].parent == nil {
		b.parent = m.names[min(top, n-1)]
		parent = b.parent.id
	}
	b.id = must(t)(m.books.AddCustomer(fakeqbo.Person{Name: b.name, Email: "pay@customer.example.com", Parent: parent}))
	m.names = append(m.names, b)
	m.buyers[b.id] = b
}

func (m *month) addBill(t *testing.T, of *buyer) {
	t.Helper()
	b := &bill{number: fmt.Sprintf("INV-%d", 1001+len(m.bills)), of: of, date: m.today.AddDays(-m.r.IntN(70))}
	b.due = b.date.AddDays(30)
	b.id = must(t)(m.books.AddInvoice(fakeqbo.Sale{
		Customer: of.id, Number: b.number, Date: b.date.String(), Due: b.due.String(), Amount: 1000 + m.r.Int64N(900_000), Email: "pay@customer.example.com",
	}))
	m.bills[b.id] = b
}

// recognise finds the customers in the books.
func (m *month) recognise(t *testing.T) {
	t.Helper()
	for _, line := range column(t, m.looks, `SELECT external || ' ' || id FROM customers`) {
		external, id, _ := strings.Cut(line, " ")
		if b := m.buyers[external]; b != nil {
			b.ours = ar.CustomerID(number(id))
		}
	}
}

func (m *month) day(t *testing.T, text string) ar.Date {
	t.Helper()
	day, err := ar.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

func (m *month) works(d ar.Date) bool {
	return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday && d != m.holiday
}

func (m *month) chance(percent int) bool { return m.r.IntN(100) < percent }

// morning brings what happened in the night, if QuickBooks can be reached, and a new
// start of the program on some days.
func (m *month) morning(t *testing.T) {
	t.Helper()
	if m.chance(15) {
		lift := m.intuit.Inject(fakeqbo.Fault{Times: -1, Reply: fakeqbo.Gateway(503, fakeqbo.ShapeHTML)})
		if r := m.run(t, "sync"); r.code == 0 {
			t.Error("a QuickBooks that is down was read")
		}
		lift()
		m.did["QuickBooks down"]++
		return
	}
	m.ledger(t, 2+len(m.names)/20)
	if m.chance(45) {
		m.restart(t)
		return
	}
	m.sync(t)
	if m.works(m.today) && m.chance(30) {
		m.mustRun(t, "digest", "--now")
	}
	m.quiet(t)
}

// restart ends the program and starts it anew, which reads the ledger and posts the
// digests of the day.
func (m *month) restart(t *testing.T) {
	t.Helper()
	if r := m.service.stop(); r.code != 0 {
		t.Fatalf("it stops with %d\n%s", r.code, r.err)
	}
	m.service = m.serving(t)
	m.service.logged(t, `"msg":"sync done"`, 1)
	m.known = m.today
	m.expect(t)
	m.did["restarted"]++
	if m.works(m.today) && m.clock().Hour() < 14 { // later they are not made up for
		m.awaitState(t, "digest-ar "+m.today.String()+" done")
	}
	m.quiet(t)
}

// sync reads the ledger, also where a call fails on the way.
func (m *month) sync(t *testing.T) {
	t.Helper()
	lift := func() {}
	if m.app != nil && m.chance(30) {
		lift = m.intuit.Inject([]fakeqbo.Fault{
			{On: anyRead, Reply: fakeqbo.Gateway(503, fakeqbo.ShapeHTML)}, {On: anyRead, Reply: fakeqbo.SystemFault}, {On: anyRead, Cut: true}, {On: anyRead, Reset: true},
		}[m.r.IntN(4)])
		m.did["QuickBooks fails"]++
	}
	if r := m.run(t, "sync"); r.code != 0 {
		m.did["sync failed"]++
		m.mustRun(t, "sync")
	}
	lift()
	m.known = m.today
	m.expect(t)
}

// expect notes which verdicts are told after the ledger was read.
func (m *month) expect(t *testing.T) {
	t.Helper()
	m.judge(t, m.known)
	for _, w := range m.words {
		if !w.stands() {
			continue
		}
		news := false
		for i, now := range w.now {
			before := result{state: ar.PromiseOpen}
			if w.told != nil {
				before = w.told[i]
			}
			route := fmt.Sprintf("promise:%d:%d", w.no, i+1)
			switch {
			case !before.state.Final() && now.state.Final():
			case before.state.Final() && (before.state != now.state || before.paid != now.paid || before.missing != now.missing):
				route += ":" + string(now.state)
				m.did["corrected"]++
			default:
				continue
			}
			news = true
			m.did[string(now.state)]++
			m.posts[route+" "+m.today.String()] = string(now.state)
		}
		if news {
			w.told = slices.Clone(w.now)
		}
	}
}

// quiet waits until nothing is on its way: the ledger is read and every post that was
// planned is in its place.
func (m *month) quiet(t *testing.T) {
	t.Helper()
	db := m.raw(t, "mode=rw")
	defer db.Close()
	limit := time.NewTimer(60 * time.Second)
	defer limit.Stop()
	tick := time.NewTicker(30 * time.Millisecond)
	defer tick.Stop()
	calm := 0
	for n := 0; calm < 3; n++ {
		under := column(t, db, `SELECT 'a run since ' || started FROM runs WHERE finished IS NULL
			UNION ALL SELECT kind || ' ' || route || ' ' || state FROM posts WHERE state NOT IN ('missed', 'failed', 'empty', 'done')
			UNION ALL SELECT 'job ' || state FROM river_job WHERE state IN ('available', 'running', 'scheduled', 'retryable')`)
		calm++
		if len(under) > 0 {
			calm = 0
		}
		if n%10 == 9 {
			m.hurry(t)
		}
		select {
		case <-tick.C:
		case <-limit.C:
			t.Fatalf("it does not come to rest: %q\n%s", under, m.service.out.String())
		}
	}
}

// trouble lets calls to Slack fail, some days.
func (m *month) trouble() (lift func()) {
	var lifts []func()
	for _, f := range []fakeslack.Fault{
		{Status: 503, Times: 2},
		{RetryAfter: time.Second, Times: 2},
		{LoseAnswer: true, Times: 1},
		{Status: 500, Times: 1, After: 9},
		{Method: "response_url", LoseAnswer: true},
		{Method: "chat.postEphemeral", LoseAnswer: true},
	} {
		if m.chance(30) {
			f.After += m.r.IntN(12)
			lifts = append(lifts, m.slack.Inject(f))
			m.did["Slack fails"]++
		}
	}
	return func() {
		for _, lift := range lifts {
			lift()
		}
	}
}

// evening brings what the day brought, and looks at everything.
func (m *month) evening(t *testing.T) {
	t.Helper()
	m.ledger(t, 4+len(m.names)/12)
	for _, f := range []fakeslack.Fault{
		{Method: "chat.postMessage", LoseAnswer: true, After: m.r.IntN(5)}, {Method: "chat.postMessage", Status: 503, Times: 2, After: m.r.IntN(5)},
	} {
		if m.chance(40) {
			defer m.slack.Inject(f)()
			m.did["Slack fails"]++
		}
	}
	m.sync(t)
	m.quiet(t)
	m.promisesAreRight(t)
	m.postsAreRight(t)
	m.sumsAreRight(t)
}

// promisesAreRight compares the promises and their verdicts with the books.
func (m *month) promisesAreRight(t *testing.T) {
	t.Helper()
	var stored []ar.Promise
	var given map[ar.PromiseID]ar.GivenVerdict
	if err := m.app.books.View(t.Context(), func(r ar.Reader) (err error) {
		if stored, err = r.Promises(t.Context(), ar.PromiseFilter{}); err != nil {
			return err
		}
		ids := make([]ar.PromiseID, len(stored))
		for i, p := range stored {
			ids[i] = p.ID
		}
		given, err = r.Verdicts(t.Context(), ids)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(stored, func(a, b ar.Promise) int { return int(a.ID - b.ID) })
	var got, want []string
	for _, p := range stored {
		line := fmt.Sprintf("%d by %s of %d: ", p.ID, p.Made.By, p.Customer)
		for i, one := range p.Parts {
			line += fmt.Sprintf("%s by %s", one.Amount.Decimal(), one.Due) //nolint:perfsprint // a few parts
			if v := given[p.ID].Verdict; p.End == "" && i < len(v.Parts) && v.Parts[i].State.Final() {
				line += fmt.Sprintf(" (%s, %s paid, %s missing%s)", v.Parts[i].State, v.Parts[i].Paid.Decimal(), v.Parts[i].Missing.Decimal(), v.Parts[i].Reason)
			}
			line += ", "
		}
		got = append(got, line+string(p.End)+fmt.Sprintf(" already %d", p.Already.Minor()))
	}
	for _, w := range m.words {
		line := fmt.Sprintf("%d by %s of %d: ", w.no, w.by.user, w.of.ours)
		for i, one := range w.parts {
			line += fmt.Sprintf("%s by %s", usd(one.amount).Decimal(), one.due) //nolint:perfsprint // a few parts
			if w.stands() && w.now[i].state.Final() {
				line += fmt.Sprintf(" (%s, %s paid, %s missing%s)", w.now[i].state, usd(w.now[i].paid).Decimal(), usd(w.now[i].missing).Decimal(), w.now[i].reason)
			}
			line += ", "
		}
		want = append(want, line+string(w.end)+fmt.Sprintf(" already %d", w.already))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: promises (-right +stored):\n%s", m.today, diff)
	}
}

func usd(cents int64) ar.Money { return ar.NewMoney(cents, "USD") }

// postsAreRight compares the verdicts that stand in Slack with those to be told: one
// message each, in the thread where the promise was recorded or to who recorded it.
func (m *month) postsAreRight(t *testing.T) {
	t.Helper()
	got := map[string]string{}
	for _, line := range column(t, m.looks, `SELECT p.route || '|' || date(p.day * 86400, 'unixepoch') || '|' || COALESCE(x.channel, p.state) || '|' || COALESCE(x.ts, p.fault)
		FROM posts p LEFT JOIN post_parts x ON x.post_id = p.id WHERE p.kind = 'verdict'`) {
		f := strings.Split(line, "|")
		got[f[0]+" "+f[1]] = f[2] + "|" + f[3]
	}
	inSlack := m.verdictMessages()
	for key, state := range m.posts {
		place, told := got[key]
		delete(got, key)
		message, there := inSlack[place]
		delete(inSlack, place)
		if !told || !there {
			t.Errorf("%s: the verdict %s (%s) is planned: %t, in Slack: %t", m.today, key, state, told, there)
			continue
		}
		m.checkMessage(t, key, state, message)
	}
	for key, place := range got {
		t.Errorf("%s: a verdict %s was told, and should not: %q", m.today, key, inSlack[place].Text)
		delete(inSlack, place)
	}
	for place, message := range inSlack {
		t.Errorf("%s: a verdict stands twice, at %s: %s", m.today, place, message.Text)
	}
}

func (m *month) checkMessage(t *testing.T, key, state string, message fakeslack.Message) {
	t.Helper()
	fields := strings.Split(strings.Fields(key)[0], ":")
	w := m.words[number(fields[1])-1]
	text := strings.ToLower(message.Text)
	if corrects := strings.Contains(text, "corrected"); corrects != (len(fields) > 3) || !strings.Contains(text, state) {
		t.Errorf("%s: the verdict %s (%s) says %q", m.today, key, state, message.Text)
	}
	if w.thread != "" && (message.Channel != w.channel || message.ThreadTS != w.thread) {
		t.Errorf("%s: the verdict %s stands in %s %s, want the thread %s %s", m.today, key, message.Channel, message.ThreadTS, w.channel, w.thread)
	}
	if w.thread == "" && !slices.ContainsFunc(m.slack.DMs(w.by.user), func(o fakeslack.Message) bool { return o.Channel == message.Channel && o.TS == message.TS }) {
		t.Errorf("%s: the verdict %s stands in %s and not with %s", m.today, key, message.Channel, w.by.user)
	}
}

// verdictMessages are all messages that tell a verdict, by their place.
func (m *month) verdictMessages() map[string]fakeslack.Message {
	all := slices.Concat(m.slack.Messages(arChannel), m.slack.Messages(salesChannel))
	for _, p := range m.people {
		all = append(all, m.slack.DMs(p.user)...)
	}
	found := map[string]fakeslack.Message{}
	for _, one := range all {
		if strings.HasPrefix(one.Text, "Promise of ") && one.Via == "chat.postMessage" && !one.Deleted {
			found[one.Channel+"|"+one.TS] = one
		}
	}
	return found
}

// sumsAreRight compares each account with the test's own arithmetic.
func (m *month) sumsAreRight(t *testing.T) {
	t.Helper()
	right := m.figure(t)
	admin := ar.Actor{User: "U0011", Roles: []ar.Role{ar.Admin}}
	for _, b := range m.names {
		view, err := m.app.desk.Status(t.Context(), admin, desk.StatusInput{Customer: b.ours})
		if err != nil {
			t.Fatal(err)
		}
		var want figures
		for other, f := range right {
			if other.under(b) {
				want = want.plus(f)
			}
		}
		m.compareSums(t, b, view, want)
	}
	m.did["sums"] += len(m.names)
}

func (m *month) compareSums(t *testing.T, b *buyer, view desk.Account, want figures) {
	t.Helper()
	var got figures
	for _, s := range view.Money {
		for _, bucket := range s.Buckets {
			got.open += bucket.Minor()
		}
		got.overdue, got.toChase, got.unapplied = s.Overdue.Minor(), s.ToChase.Minor(), s.Unapplied.Minor()
	}
	got.notDue = got.open - got.overdue
	for _, h := range view.Held {
		got.disputed, got.promised = h.Disputed.Minor(), h.Promised.Minor()
		got.notDue -= h.Disputed.Minor() - h.OverdueDisputed.Minor() + h.Promised.Minor() - h.OverduePromised.Minor()
		parts := h.Disputed.Minor() + h.Promised.Minor() + h.NotDue.Minor() + h.ToChase.Minor()
		if whole := h.Open.Minor() - (h.Unapplied.Minor() - h.Spare.Minor()); parts != whole || !h.Balanced() {
			t.Errorf("%s: of %s the parts are %d and the whole %d: %+v", m.today, b.name, parts, whole, h)
		}
	}
	if got != want {
		t.Errorf("%s: %s stands at %+v, want %+v", m.today, b.name, got, want)
	}
}

// sealed proves the audit to its end.
func (m *month) sealed(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		out := m.mustRun(t, "audit", "verify")
		if strings.Contains(out, "are as they were written") && !strings.Contains(out, "not sealed yet") {
			m.did["audit records"] = number(strings.TrimSuffix(strings.Fields(out)[3], ","))
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("the audit: %s", out)
		}
	}
}
