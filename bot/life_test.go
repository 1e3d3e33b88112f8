package bot_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
)

// fromEnv is a number from the environment, for runs longer than those of every day.
func fromEnv(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// Ten thousand hours of Socket Mode, with connections that are renewed, cut, turned
// away or lead nowhere, and deliveries that come twice, late and out of order. Every
// event is answered once, and so is every command that reached the bot; of one that
// went astray, or whose acknowledgement did, the person is told by Slack, and it is
// answered once at most.
//
// ARBOT_LIFE_HOURS and ARBOT_LIFE_SEED make other lives of it, and ARBOT_LIFE_PING
// the seconds between pings: Slack's are 10, and cost as much as all the rest.
func TestTenThousandHoursOfSocketMode(t *testing.T) {
	t.Parallel()
	hours, seed := fromEnv(t, "ARBOT_LIFE_HOURS", 10_000), fromEnv(t, "ARBOT_LIFE_SEED", 1)
	ping := time.Duration(fromEnv(t, "ARBOT_LIFE_PING", 600)) * time.Second
	synctest.Test(t, func(t *testing.T) {
		l := newLine(uint64(seed), ping)
		handled := &tally{seen: map[string]int{}}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		b := lifeBot(t, l, handled)
		go func() { ended <- b.RunSocket(ctx) }()

		asked := live(l, time.Duration(hours)*time.Hour)
		l.calm()
		time.Sleep(12 * time.Hour) // the last are sent again
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the socket ended: %v", err)
		}
		l.running.Wait()
		l.judge(t, asked, handled)
		handled.judge(t)
		l.judgeOpens(t, hours)
	})
}

// lifeBot is a bot on the line.
func lifeBot(t *testing.T, l *line, handled *tally) *bot.Bot {
	t.Helper()
	carrier := &http.Client{Transport: l}
	log := slog.New(slog.DiscardHandler)
	client := bot.NewClient(bot.ClientConfig{BotToken: "xoxb-1", AppToken: "xapp-1", HTTP: carrier, Now: time.Now})
	gate := bot.NewGate(bot.GateConfig{Client: client, HTTP: carrier, Now: time.Now, Logger: log})
	people := bot.NewDirectory(bot.DirectoryConfig{
		Client: client, Gate: gate, Now: time.Now, Team: "T0ACME", Logger: log, Roles: bot.Roles{AR: []string{ana}},
	})
	b, err := bot.New(bot.Config{
		Client: client, Gate: gate, People: people, Seen: &deliveries{known: map[string]bool{}}, Handle: handled.answer,
		Logger: log, Now: time.Now, BotUser: botUser, Dialer: l.dialer(), Silence: 3 * l.ping,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// live lets people ask and trouble happen, for a time.
func live(l *line, long time.Duration) (asked int) {
	for end := time.Now().Add(long); time.Now().Before(end); {
		l.mu.Lock()
		pause := time.Duration(l.random.ExpFloat64() * float64(35*time.Minute))
		what := l.random.IntN(10)
		l.mu.Unlock()
		time.Sleep(pause)
		switch no := asked; {
		case what < 3:
			l.running.Go(func() { l.command(no) })
			asked++
		case what < 7:
			l.running.Go(func() { l.mention(no) })
			asked++
		case what < 8: // in the middle of it
			l.running.Go(func() { l.command(no) })
			asked++
			time.Sleep(pause % (4 * time.Second))
			l.trouble()
		default:
			l.trouble()
		}
	}
	return asked
}

// tally answers, some of it slowly, and counts.
type tally struct {
	mu   sync.Mutex
	seen map[string]int
}

func (y *tally) answer(ctx context.Context, _ ar.Actor, c bot.Call) (bot.Answer, error) {
	y.mu.Lock()
	y.seen[c.Text]++
	n := len(y.seen)
	y.mu.Unlock()
	_, no, _ := strings.Cut(c.Text, " ")
	if n%5 == 0 {
		select {
		case <-time.After(time.Duration(n%7) * time.Second):
		case <-ctx.Done():
			return bot.Answer{}, ctx.Err()
		}
	}
	return bot.Answer{Card: card.New(fmt.Sprintf("re %s.", no))}, nil
}

func (y *tally) judge(t *testing.T) {
	t.Helper()
	for text, n := range y.seen {
		if n != 1 {
			t.Errorf("%q was handled %d times", text, n)
		}
	}
}

// judge looks whether everybody got an answer.
func (l *line) judge(t *testing.T, asked int, handled *tally) {
	t.Helper()
	var commands, events, failed int
	for no, q := range l.asked {
		reached := handled.seen[fmt.Sprintf("ask %d", no)] > 0
		switch {
		case q.event && (!q.acked || q.answers != 1):
			t.Errorf("event %d: acknowledged %t, %d answers", no, q.acked, q.answers)
		case !q.event && (q.acked || reached && !q.astray) && q.answers != 1, q.answers > 1:
			t.Errorf("command %d: acknowledged %t, astray %t, %d answers", no, q.acked, q.astray, q.answers)
		case q.event:
			events++
		case q.acked:
			commands++
		default:
			failed++
		}
	}
	t.Logf("%d commands and %d events were answered once each; of %d commands people were told that they failed", commands, events, failed)
	if len(l.asked) != asked || commands < asked/4 || failed > asked/10 {
		t.Errorf("asked %d times", asked)
	}
}

// judgeOpens looks for a busy loop: at most so many connections are asked for in an
// hour.
func (l *line) judgeOpens(t *testing.T, hours int) {
	t.Helper()
	const most = 150
	from, worst := 0, 0
	for to, at := range l.opened {
		for at.Sub(l.opened[from]) > time.Hour {
			from++
		}
		worst = max(worst, to-from+1)
	}
	t.Logf("%d connections in %d hours, at most %d in one", len(l.opened), hours, worst)
	if worst > most {
		t.Errorf("%d connections were asked for in an hour, want at most %d", worst, most)
	}
}
