package main

import (
	"database/sql"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"arbot/ar"
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
	reach    int       // how many days ahead promises are, at most
	twice    bool      // the last button was pressed twice
	read     time.Time // when the ledger was read last
	zone     *time.Location
	asked    []string // the posts by which it was asked again
}

// A month in which 12 people record, change and cancel what 300 customers say, press
// buttons twice, and the customers pay, pay in part, too late, or are credited, voided and
// deleted, while Slack and QuickBooks fail now and then and the program is restarted. At
// every day's end each promise has the verdict, told once, that the test finds by itself;
// and what is disputed, promised, not due and to be chased makes up what is open. All that
// is to be chased is on the worklist, with somebody's name or as unclaimed; of two who
// claim at once one wins; nothing is escalated, or asked again, that is paid, promised,
// disputed, put off, held by somebody or known by old data; no channel has more messages
// than it may. At the end the audit is proved.
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
		lift := m.morning(t)
		if m.works(m.today) {
			m.climb(t)
		}
		lift()
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
	for what, least := range map[string]int{"saved": days, "kept": 1, "broken": 1, "disputed": days / 2, "restarted": 1, "escalated": 1, "asked again": 1, "claimed": 1} {
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
	m.zone = s.zone
	p := m.program("", &output{}, &output{})
	if m.app, err = p.openApp(t.Context(), s, p.logger()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.app.close() })
	m.looks = m.raw(t, "mode=ro")
	m.service = m.serving(t)
	m.quiet(t)
	m.recognise(t)
	if _, err := m.app.desk.TurnLadder(t.Context(), monthAdmin, true); err != nil {
		t.Fatal(err)
	}
	return m
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
