package bot_test

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
)

const (
	morningChannels = 40
	morningReps     = 200
	archivedNo      = 7  // the channel that is archived
	sharedNo        = 23 // the one that is shared at the last minute
)

// Forty channels and two hundred reps at 08:30, with pauses that Slack asks for,
// messages that are lost on the way there and on the way back, an archived channel and
// one that was just shared: all others get theirs once, in the order of their parts,
// and no later than Slack's own limits make it, give or take a tenth.
//
// ARBOT_MORNINGS is how many such mornings there are.
func TestFortyChannelsAndTwoHundredReps(t *testing.T) {
	t.Parallel()
	for seed := range fromEnv(t, "ARBOT_MORNINGS", 5) {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { newMorning(t, uint64(seed)).run(t) })
		})
	}
}

// morning is the posts of one day.
type morning struct {
	house    *house
	gate     *bot.Gate
	delivery *bot.Delivery
	book     *book
	composed composer
	alerts   *alerts
}

func newMorning(t *testing.T, seed uint64) *morning {
	t.Helper()
	m := &morning{
		house: newHouse(seed), book: &book{posts: map[ar.PostID]*ar.Post{}},
		composed: composer{}, alerts: &alerts{said: map[string]string{}},
	}
	for i := range morningReps {
		m.house.people[rep(i)] = fmt.Sprintf("rep%d@acme.example", i)
		m.plan(ar.PostID(morningChannels+i+1), bot.Destination{Email: m.house.people[rep(i)]}, 3)
	}
	for i := range morningChannels {
		members := []string{botUser}
		for j := range 12 {
			members = append(members, rep((5*i+j)%morningReps))
		}
		m.house.channels[channelNo(i)] = &room{members: members, archived: i == archivedNo}
		m.plan(ar.PostID(i+1), bot.Destination{Channel: channelNo(i)}, 7)
	}
	m.house.people[botUser] = ""
	carrier := &http.Client{Transport: m.house}
	log := slog.New(slog.DiscardHandler)
	client := bot.NewClient(bot.ClientConfig{BotToken: "xoxb-1", URL: "https://slack.example/api/", HTTP: carrier, Now: time.Now})
	m.gate = bot.NewGate(bot.GateConfig{Client: client, HTTP: carrier, Now: time.Now, Logger: log})
	people := bot.NewDirectory(bot.DirectoryConfig{Client: client, Gate: m.gate, Now: time.Now, Team: "T0ACME", Logger: log})
	m.delivery = bot.NewDelivery(bot.DeliveryConfig{
		Gate: m.gate, People: people, Book: m.book, Compose: m.composed, Alert: m.alerts, Logger: log,
	})
	return m
}

func rep(i int) string       { return fmt.Sprintf("U%03d", i) }
func channelNo(i int) string { return fmt.Sprintf("C%03d", i) }

// plan puts a post of several parts into the book.
func (m *morning) plan(id ar.PostID, to bot.Destination, parts int) {
	c := bot.Composed{To: to, Head: card.New(fmt.Sprintf("Post %d.", id))}
	for i := range parts - 1 {
		c.Thread = append(c.Thread, card.New(fmt.Sprintf("Post %d, part %d.", id, i+1)))
	}
	m.composed[id] = c
	m.book.posts[id] = &ar.Post{ID: id, PostKey: ar.PostKey{Kind: ar.ARDigest, Route: fmt.Sprint(id)}, State: ar.PostPlanned, Created: time.Now()}
}

func (m *morning) run(t *testing.T) {
	t.Helper()
	if err := m.gate.Check(t.Context(), channelNo(sharedNo)); err != nil {
		t.Fatal(err)
	}
	m.house.channels[channelNo(sharedNo)].shared = true
	start := time.Now()
	q := &shift{deliver: func(id ar.PostID) error { return m.delivery.Deliver(t.Context(), id) }, ended: map[ar.PostID]time.Time{}}
	for no, i := range m.house.random.Perm(len(m.book.posts)) {
		q.jobs = append(q.jobs, job{id: ar.PostID(i + 1), no: no, due: start})
	}
	if err := q.run(len(q.jobs)); err != nil {
		t.Fatal(err)
	}
	m.judge(t)
	m.judgeTime(t, start, q.ended)
}

// judge looks what stands where.
func (m *morning) judge(t *testing.T) {
	t.Helper()
	for id, c := range m.composed {
		channel := c.To.Channel
		if channel == "" {
			channel = "D" + rep(int(id) - morningChannels - 1)[1:]
		}
		room := m.house.channels[channel]
		if room == nil {
			t.Fatalf("nobody opened %s", channel)
		}
		if channel == channelNo(archivedNo) || channel == channelNo(sharedNo) {
			if len(room.messages) != 0 || m.book.posts[id].State != ar.PostFailed {
				t.Errorf("%s: %d messages, state %s", channel, len(room.messages), m.book.posts[id].State)
			}
			continue
		}
		want := []string{c.Head.Text}
		for _, below := range c.Thread {
			want = append(want, "  "+below.Text)
		}
		if diff := cmp.Diff(want, room.texts()); diff != "" || m.book.posts[id].State != ar.PostDone {
			t.Errorf("%s, state %s (-want +got):\n%s", channel, m.book.posts[id].State, diff)
		}
	}
	if len(m.alerts.said) != 2 {
		t.Errorf("alerts: %v", m.alerts.said)
	}
	if len(m.house.trouble) != 3 {
		t.Errorf("a morning without trouble shows nothing: %v", m.house.trouble)
	}
	if m.house.limited > 0 {
		t.Errorf("ran into a limit %d times that is known beforehand", m.house.limited)
	}
}

// texts are the messages in the order in which they came, replies indented.
func (r *room) texts() []string {
	var list []string
	for _, m := range r.messages {
		switch m.thread {
		case "":
			list = append(list, m.text)
		case r.messages[0].ts:
			list = append(list, "  "+m.text)
		default:
			list = append(list, "in another thread: "+m.text)
		}
	}
	return list
}

const (
	callTime   = 15 * time.Second // until a call without an answer is given up
	settleTime = 30 * time.Second // until it is looked whether a message is there
	queueTime  = 5 * time.Second  // until the queue takes up what is due
)

// judgeTime compares with the least time that Slack's limits leave for the calls that
// were made: the slowest of its tiers, and the pauses that it asked for. A post that
// was hit by a lost message may take longer by what it takes to notice.
func (m *morning) judgeTime(t *testing.T, start time.Time, ended map[ar.PostID]time.Time) {
	t.Helper()
	least := time.Duration(float64(m.house.calls["chat.postMessage"]-housePosts) / housePosts * float64(time.Minute))
	for method, tier := range houseTiers {
		least = max(least, time.Duration((float64(m.house.calls[method])-tier)/tier*float64(time.Minute)))
	}
	allowed := (least + m.house.pauses) * 11 / 10
	var last time.Duration
	for id, at := range ended {
		hits := m.house.hits[m.composed[id].To.Channel]
		if int(id) > morningChannels {
			hits = m.house.hits["D"+rep(int(id) - morningChannels - 1)[1:]]
		}
		took := at.Sub(start)
		last = max(last, took)
		if most := allowed + time.Duration(hits)*(callTime+settleTime+queueTime); took > most {
			t.Errorf("post %d took %s with %d messages lost, want at most %s", id, took, hits, most)
		}
	}
	t.Logf("all was done after %s; Slack's limits make it %s, its pauses %s more: %s with a tenth. Trouble: %v; calls: %v",
		last, least, m.house.pauses, allowed, m.house.trouble, m.house.calls)
}

// job is a post in the queue.
type job struct {
	id      ar.PostID
	no      int // in which order they were planned
	due     time.Time
	attempt int
}

// shift works like the program's queue: eight at a time, a look each second, and what
// is put off taken up within five.
type shift struct {
	deliver func(ar.PostID) error
	mu      sync.Mutex
	jobs    []job
	ended   map[ar.PostID]time.Time
}

func (q *shift) run(jobs int) error {
	var working sync.WaitGroup
	limit := time.Now().Add(2 * time.Hour)
	for range 8 {
		working.Go(func() {
			for time.Now().Before(limit) && !q.done(jobs) {
				if j, ok := q.next(); ok {
					q.settle(j, q.deliver(j.id))
				} else {
					time.Sleep(time.Second)
				}
			}
		})
	}
	working.Wait()
	if !q.done(jobs) {
		return errors.New("the morning does not end")
	}
	return nil
}

func (q *shift) done(jobs int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.ended) == jobs
}

func (q *shift) next() (job, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	slices.SortFunc(q.jobs, func(a, b job) int {
		if c := a.due.Compare(b.due); c != 0 {
			return c
		}
		return a.no - b.no
	})
	if len(q.jobs) == 0 || q.jobs[0].due.After(time.Now()) {
		return job{}, false
	}
	j := q.jobs[0]
	q.jobs = q.jobs[1:]
	return j, true
}

func (q *shift) settle(j job, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	if err == nil {
		q.ended[j.id] = now
		return
	}
	var wait time.Duration
	if later, ok := errors.AsType[*bot.RetryLaterError](err); ok {
		wait = later.After
	} else {
		j.attempt++
		wait = time.Duration(j.attempt*j.attempt*j.attempt*j.attempt) * time.Second
	}
	j.due = now.Add(wait).Truncate(queueTime).Add(queueTime)
	q.jobs = append(q.jobs, j)
}
