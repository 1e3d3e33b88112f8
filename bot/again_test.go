package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/internal/desktest"
	"arbot/internal/fakeslack"
)

// doubt is a company whose bot may not read channels, with a post whose answer was lost.
// Ana and Cleo are its admins.
type doubt struct {
	*world
	company *desktest.Company
	post    ar.PostID
	says    bot.Composed
	asked   map[string]ar.PostID // the alert of each admin, by key
}

// Compose says what the test wants of digests, and of alerts what is usual.
func (d *doubt) Compose(ctx context.Context, p ar.Post) (bot.Composed, error) {
	if p.Kind == ar.Alert {
		return bot.NewDigests(bot.DigestConfig{Desk: d.company.Desk}).Compose(ctx, p)
	}
	return d.says, nil
}

// Alert tells both admins, as the program does, and notes which posts these are.
func (d *doubt) Alert(ctx context.Context, key, say string) error {
	for _, admin := range []string{ana, cleo} {
		if err := d.company.Desk.Alert(ctx, admin, key, say); err != nil {
			return err
		}
		err := d.company.Update(ctx, func(tx ar.Tx) error {
			p, _, err := tx.PlanPost(ctx, ar.PostKey{Kind: ar.Alert, Route: "user:" + admin + "/" + key, Day: d.company.Desk.Today()}, say)
			d.asked[admin+" "+key] = p.ID
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *doubt) deliver(t *testing.T, id ar.PostID) {
	t.Helper()
	delivery := bot.NewDelivery(bot.DeliveryConfig{Gate: d.gate, People: d.people, Book: d.company.Desk, Compose: d, Alert: d, Logger: d.log})
	for {
		err := delivery.Deliver(t.Context(), id)
		later, ok := errors.AsType[*bot.RetryLaterError](err)
		if !ok {
			if err != nil {
				t.Fatal(err)
			}
			return
		}
		d.clock.advance(later.After)
	}
}

func (d *doubt) state(t *testing.T) ar.Post {
	t.Helper()
	p, err := d.company.Desk.Post(t.Context(), d.post)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// newDoubt loses the answer to one message of a post, and asks the admins.
func newDoubt(t *testing.T, via string, lost int) *doubt {
	t.Helper()
	d := &doubt{
		company: desktest.New(t), asked: map[string]ar.PostID{}, says: saying(arChannel, "Head.", "One.", "Two."),
		world: newWorld(t, change{
			slack: func(s *fakeslack.Options) {
				s.Scopes = slices.DeleteFunc(fakeslack.DefaultScopes(), func(scope string) bool { return strings.HasSuffix(scope, ":history") })
			},
			roles: func(c *bot.DirectoryConfig) { c.Roles.Admins = []string{ana, cleo} },
		}),
	}
	d.listen(t, via, bot.NewRouter(bot.RouterConfig{Desk: d.company.Desk, Slash: "/ar", People: d.people}).Handle)
	d.post = d.company.Plan(t, ar.ARDigest, "ar").ID
	d.lose(t, lost)
	return d
}

// lose delivers the post, and the answer to one of its messages is lost.
func (d *doubt) lose(t *testing.T, lost int) {
	t.Helper()
	before := len(d.asked)
	lift := d.Inject(fakeslack.Fault{Method: "chat.postMessage", Channel: arChannel, After: lost, LoseAnswer: true})
	defer lift()
	d.deliver(t, d.post)
	if got := d.state(t).State; got != ar.PostUnconfirmed || len(d.asked) != before+2 {
		t.Fatalf("the post is %s, and the admins were asked %d times", got, len(d.asked))
	}
	for _, id := range d.asked {
		d.deliver(t, id)
	}
}

// question is the latest alert that an admin has got.
func (d *doubt) question(t *testing.T, admin string) fakeslack.Message {
	t.Helper()
	all := d.DMs(admin)
	if len(all) == 0 {
		t.Fatalf("%s was not asked", admin)
	}
	return all[len(all)-1]
}

// press has an admin answer, and returns what stands in the place of the question.
func (d *doubt) press(t *testing.T, admin, button string) fakeslack.Message {
	t.Helper()
	q := d.question(t, admin)
	c, err := d.Click(t.Context(), fakeslack.Click{User: admin, Channel: q.Channel, TS: q.TS, Element: button})
	if err != nil {
		t.Fatal(err)
	}
	return d.await(t, c, 1)[0]
}

// texts are the messages in the channel, replies indented.
func (d *doubt) texts() []string { return (&office{world: d.world}).texts(arChannel) }

// asWire is a message as it was sent.
func asWire(t *testing.T, m fakeslack.Message) []byte {
	t.Helper()
	return indented(t, struct {
		Text   string          `json:"text"`
		Blocks json.RawMessage `json:"blocks"`
	}{m.Text, m.Blocks})
}

func TestQuestionAboutAPostGolden(t *testing.T) {
	t.Parallel()
	d := newDoubt(t, viaHTTP, 0)
	compare(t, "alert_in_doubt.json", asWire(t, d.question(t, ana)))
}

// What is not there is posted again, once, whoever presses and how often.
func TestPostAgain(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		d := newDoubt(t, via, 0)
		q := d.question(t, ana)
		if !strings.Contains(string(q.Blocks), "it will then be there twice") {
			t.Errorf("the question is %s", q.Blocks)
		}
		if err := d.RemoveMessage(arChannel, d.Messages(arChannel)[0].TS); err != nil { // it has not arrived after all
			t.Fatal(err)
		}
		said := map[string]string{}
		var mu sync.Mutex
		var both sync.WaitGroup
		for _, admin := range []string{ana, cleo} {
			both.Go(func() {
				got := d.press(t, admin, "Post again")
				mu.Lock()
				defer mu.Unlock()
				said[admin] = got.Text
				if got.TS == "" || strings.Contains(string(got.Blocks), "Post again") {
					t.Errorf("%s still sees the buttons: %+v", admin, got)
				}
			})
		}
		both.Wait()
		second := 0
		for _, text := range said {
			if !strings.Contains(text, "is on its way.") {
				t.Errorf("said %q", text)
			}
			if strings.HasPrefix(text, "Somebody has answered this already.") {
				second++
			}
		}
		if second != 1 {
			t.Errorf("said %q", said)
		}
		d.deliver(t, d.post)
		d.deliver(t, d.post) // a second job finds it done
		if got := d.texts(); !slices.Equal(got, []string{"Head.", "  One.", "  Two."}) || d.state(t).State != ar.PostDone {
			t.Errorf("in the channel: %q, %s", got, d.state(t).State)
		}
	})
}

// A second doubt about the same post is asked about as well.
func TestPostAgainIsLostAgain(t *testing.T) {
	t.Parallel()
	d := newDoubt(t, viaHTTP, 0)
	d.press(t, ana, "Post again")
	d.lose(t, 0)
	if got := d.press(t, cleo, "It is there"); !strings.Contains(got.Text, "counts as posted") {
		t.Errorf("said %q", got.Text)
	}
}

// What is there counts as posted, with the figures that it said, and is neither sent nor
// edited again.
func TestItIsThere(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		d := newDoubt(t, via, 0)
		if got := d.press(t, cleo, "It is there"); got.Text != "The digest ar of Wed 25 Nov 2026 counts as posted. I cannot edit it, and nothing goes into its thread." {
			t.Errorf("said %q", got.Text)
		}
		if got := d.press(t, ana, "Post again"); !strings.HasPrefix(got.Text, "Somebody has answered this already.") {
			t.Errorf("the other admin is told %q", got.Text)
		}
		d.says = saying(arChannel, "New head.", "One.")
		d.deliver(t, d.post)
		post := d.state(t)
		if got := d.texts(); !slices.Equal(got, []string{"Head."}) || post.State != ar.PostDone || post.Posted.IsZero() || !strings.HasPrefix(string(post.Figures), `{"of":"Head.",`) {
			t.Errorf("in the channel: %q; %+v", got, post)
		}
	})
}

// Of a reply that is there the rest of the thread follows.
func TestReplyIsThere(t *testing.T) {
	t.Parallel()
	d := newDoubt(t, viaSocket, 1)
	if got := d.press(t, cleo, "It is there"); !strings.HasSuffix(got.Text, "is on its way.") {
		t.Errorf("said %q", got.Text)
	}
	d.deliver(t, d.post)
	if got := d.texts(); !slices.Equal(got, []string{"Head.", "  One.", "  Two."}) || d.state(t).State != ar.PostDone {
		t.Errorf("in the channel: %q, %s", got, d.state(t).State)
	}
}

// The role counts at the click, and a digest is not posted when its day is over.
func TestPostAgainIsRefused(t *testing.T) {
	t.Parallel()
	d := newDoubt(t, viaHTTP, 0)
	for _, a := range []ar.Actor{desktest.Nora, desktest.Boss, desktest.Dana, {User: "U0", Roles: []ar.Role{ar.Admin}, Outside: true}} {
		for _, end := range []func(context.Context, ar.Actor, ar.PostID) (ar.Post, bool, error){d.company.Desk.PostAgain, d.company.Desk.IsThere} {
			if _, changed, err := end(t.Context(), a, d.post); ar.KindOf(err) != ar.Forbidden || changed {
				t.Errorf("%v may settle it: %v", a.Roles, err)
			}
		}
	}
	d.company.Clock.Add(24 * time.Hour)
	if got := d.press(t, ana, "Post again"); !strings.Contains(got.Text, "The day of this digest is over") {
		t.Errorf("said %q", got.Text)
	}
	if d.state(t).State != ar.PostUnconfirmed {
		t.Errorf("the post is %s", d.state(t).State)
	}
}
