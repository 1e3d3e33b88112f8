package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/internal/fakeqbo"
	"arbot/internal/fakeslack"
)

// morning brings what happened in the night, if QuickBooks can be reached, and a new
// start of the program on some days. A QuickBooks that is down stays so until lift.
func (m *month) morning(t *testing.T) (lift func()) {
	t.Helper()
	if m.chance(15) {
		lift = m.intuit.Inject(fakeqbo.Fault{Times: -1, Reply: fakeqbo.Gateway(503, fakeqbo.ShapeHTML)})
		if r := m.run(t, "sync"); r.code == 0 {
			t.Error("a QuickBooks that is down was read")
		}
		m.did["QuickBooks down"]++
		return lift
	}
	m.ledger(t, 2+len(m.names)/20)
	if m.chance(45) {
		m.restart(t)
		return func() {}
	}
	m.sync(t)
	if m.works(m.today) && m.chance(30) {
		m.mustRun(t, "digest", "--now")
	}
	m.quiet(t)
	return func() {}
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
	m.known, m.read = m.today, m.clock()
	m.expect(t)
	m.did["restarted"]++
	digested := m.works(m.today) && m.clock().Hour() < 14 // later they are not made up for
	if digested {
		m.awaitPlanned(t)
	}
	m.quiet(t)
	if digested {
		m.awaitState(t, "digest-ar "+m.today.String()+" done")
	}
}

// awaitPlanned waits until the last digest of the day is planned: it may wait for the
// ledger to be read.
func (m *month) awaitPlanned(t *testing.T) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.NewTimer(tooLong)
	defer limit.Stop()
	for {
		if slices.ContainsFunc(m.states(t), func(s string) bool { return strings.HasPrefix(s, "digest-ar "+m.today.String()) }) {
			return
		}
		select {
		case <-tick.C:
		case <-limit.C:
			t.Fatalf("the digest of %s is not planned: %q", m.today, m.states(t))
		}
	}
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
	m.known, m.read = m.today, m.clock()
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
	limit := time.NewTimer(tooLong)
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
	m.worklistIsRight(t)
	m.asksAreRight(t)
	m.budgetIsKept(t)
	m.held(t)
}
