package bot

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"arbot/ar"
	"arbot/bot/blockkit"
	"arbot/bot/card"
	"arbot/desk"
)

// PostBook is where posts are kept. Each method is a transaction of its own, so
// that what was done is known whenever the program dies.
type PostBook interface {
	Post(ctx context.Context, id ar.PostID) (ar.Post, error)
	SetPart(ctx context.Context, id ar.PostID, p ar.PostPart) error
	RemovePart(ctx context.Context, id ar.PostID, no int) error
	SetPostState(ctx context.Context, id ar.PostID, s ar.PostState, fault string) error
	KeepFigures(ctx context.Context, id ar.PostID, figures json.RawMessage) error
}

// Composer says what a post says and where it goes.
type Composer interface {
	Compose(ctx context.Context, p ar.Post) (Composed, error)
}

// Composed is a post as it should be now.
type Composed struct {
	To Destination
	// Head stands in the channel, Thread under it.
	Head   card.Card
	Thread []card.Card
	// Pictures go into the thread, right under the head. Without them the post is right as
	// well: one that Slack does not take is left out.
	Pictures []Picture
	// Figures are kept with the post once the head is in its place.
	Figures json.RawMessage
	// Bare is the head, and what goes under it, for a channel that people from
	// outside read: accounts, amounts and owners. With none such a channel gets
	// nothing.
	Bare []card.Card
	// Open: nothing in it is about customers, and it may stand before anybody.
	Open bool
	// Empty: there is nothing to say. Nothing is posted; what stands there from
	// earlier on is edited to say Head, or that there is nothing any more.
	Empty bool
	// now: somebody waits for it, and no quiet hours of a person hold it back.
	now bool
}

// Destination is where a post goes: one of Channel, User and Email is set.
type Destination struct {
	Channel string
	// Thread is a message of Channel, under which the post goes as a whole. Where it
	// cannot be answered any more, User gets the post as a direct message.
	Thread string
	// User is a user id, Email an address that Slack knows somebody by; both
	// stand for the direct message with the person.
	User, Email string
	// Deputies are the addresses of those who get it, with a note, when the person
	// has left or is not known to Slack: the first of them who is there.
	Deputies []string
	// Instead is the channel that gets it when there is no such deputy either. With
	// none the post fails.
	Instead string
}

// Alerter tells the admins about trouble with arbot itself.
type Alerter interface {
	// Alert says a sentence to the admins, once for a key.
	Alert(ctx context.Context, key, say string) error
}

// DeliveryConfig is what a Delivery needs. All fields but Render, Told, Gather, Hold
// and Random are required.
type DeliveryConfig struct {
	Gate    *Gate
	People  *Directory
	Book    PostBook
	Compose Composer
	Alert   Alerter
	Logger  *slog.Logger
	Render  blockkit.Options
	// Told reports whether the admins know of a fault already: the post before this one,
	// of the same kind and route, failed of it as well. Nil is no.
	Told func(ctx context.Context, post ar.Post, fault string) (bool, error)
	// Gather says under which message of a channel a post goes, since the channel has had
	// enough on the day; "" is none. Not ok means that it's too early to say. A post that is
	// in its place is told where that is. Nil is no bound.
	Gather func(ctx context.Context, post ar.Post, channel string) (thread string, ok bool, err error)
	// Hold is for how long a new direct message to a person waits, since the person wants
	// it so; 0 is not at all. Nil holds nothing.
	Hold func(ctx context.Context, post ar.Post, reader Person) (time.Duration, error)
	// Random gives the nonces of messages; nil is crypto/rand.
	Random io.Reader
}

// Delivery brings posts to their places.
type Delivery struct {
	DeliveryConfig
	mu   sync.Mutex
	busy map[ar.PostID]bool
	// turns are the channels to which a new post is on its way. The store counts them; by
	// turns those of one process do not get into each other's way.
	turns map[string]chan struct{}
}

// NewDelivery returns a delivery.
func NewDelivery(c DeliveryConfig) *Delivery {
	if c.Random == nil {
		c.Random = rand.Reader
	}
	return &Delivery{DeliveryConfig: c, busy: map[ar.PostID]bool{}, turns: map[string]chan struct{}{}}
}

const (
	// settleTime is the pause before Slack is asked whether a message is there
	// whose answer was lost: Slack may still be at it.
	settleTime = 30 * time.Second
	// busyTime is the pause while the same post is being delivered already.
	busyTime = 10 * time.Second
)

// Deliver brings a post to its place, or edits it there. It may be called any
// number of times, also after a crash at any point: each message stands there
// once. Nil means that there is nothing left to do, be it that the post failed
// for good and the admins were told. A *RetryLaterError says when to call again;
// any other error is to be tried again with growing pauses.
func (d *Delivery) Deliver(ctx context.Context, id ar.PostID) error {
	return d.carry(ctx, id, false)
}

// DeliverNow is Deliver for what somebody waits for: Hold is not asked.
func (d *Delivery) DeliverNow(ctx context.Context, id ar.PostID) error {
	return d.carry(ctx, id, true)
}

func (d *Delivery) carry(ctx context.Context, id ar.PostID, now bool) error {
	if !d.begin(id) {
		return &RetryLaterError{After: busyTime, Err: fmt.Errorf("bot: post %d is being delivered", id)}
	}
	defer d.end(id)
	post, err := d.Book.Post(ctx, id)
	if err != nil {
		return fmt.Errorf("bot: deliver post %d: %w", id, err)
	}
	if post.State == ar.PostUnconfirmed || headUnseen(post) {
		return nil // only a person can decide to send it again, or has said where it is
	}
	if err := d.settle(ctx, post, d.deliver(ctx, post, now)); err != nil {
		return fmt.Errorf("bot: deliver post %d: %w", id, err)
	}
	return nil
}

func (d *Delivery) begin(id ar.PostID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.busy[id] {
		return false
	}
	d.busy[id] = true
	return true
}

func (d *Delivery) end(id ar.PostID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.busy, id)
}

func (d *Delivery) deliver(ctx context.Context, post ar.Post, now bool) error {
	composed, err := d.Compose.Compose(ctx, post)
	if err != nil {
		return fmt.Errorf("compose: %w", err)
	}
	composed.now = now
	if err := d.ask(ctx, post, &composed.Head); err != nil {
		return fmt.Errorf("look at the post in doubt: %w", err)
	}
	if composed.Empty {
		if !placed(post) {
			return d.Book.SetPostState(ctx, post.ID, ar.PostEmpty, "")
		}
		if composed.Thread, composed.Pictures = nil, nil; composed.Head.Text == "" {
			composed.Head = card.New("There is nothing to report any more.")
		}
	}
	if composed.To.Thread == "" {
		return d.place(ctx, post, composed)
	}
	elsewhere := placed(post) && standsIn(post) != composed.To.Channel
	if !elsewhere {
		if err := d.place(ctx, post, composed); !refused(err) {
			return err
		}
	}
	composed.To = Destination{User: composed.To.User}
	return d.place(ctx, post, composed)
}

// place brings what was composed to where it goes.
func (d *Delivery) place(ctx context.Context, post ar.Post, composed Composed) error {
	channel, err := d.channel(ctx, post, &composed)
	if err != nil {
		return err
	}
	if standsIn(post) == "" {
		d.Gate.Forget(channel) // as it is now, and not as it was a minute ago
	}
	if err := d.hold(ctx, post, channel, composed.now); err != nil {
		return err
	}
	if err := d.fit(ctx, channel, &composed); err != nil {
		return err
	}
	wanted, err := d.wanted(composed)
	if err != nil {
		return err
	}
	if post.Kind.Digest() {
		if composed.Figures, err = withSaid(composed.Figures, composed.Head, composed.Thread); err != nil {
			return err
		}
	}
	done, err := d.gather(ctx, post, channel, &composed)
	if err != nil {
		return err
	}
	defer done()
	p := &placing{Delivery: d, post: post, channel: channel, root: composed.To.Thread, pictures: composed.Pictures}
	if err := p.all(ctx, wanted, composed.Figures); err != nil {
		return err
	}
	if p.plain != nil {
		return p.plain
	}
	return d.Book.SetPostState(ctx, post.ID, ar.PostDone, "")
}

// gather puts a post into the thread of another where its channel has had enough. No other
// new post of the channel is counted here until this one is in its place: done ends that.
func (d *Delivery) gather(ctx context.Context, post ar.Post, channel string, c *Composed) (done func(), err error) {
	done = func() {}
	if d.Gather == nil || c.To.Thread != "" || isDirect(channel) {
		return done, nil
	}
	if !placed(post) {
		if done, err = d.turn(ctx, channel); err != nil {
			return nil, err
		}
	}
	thread, ok, err := d.Gather(ctx, post, channel)
	if err == nil && !ok {
		err = &RetryLaterError{After: busyTime, Err: fmt.Errorf("the posts of %s are on their way", channel)} //nolint:err113 // nobody decides on it
	}
	if err != nil {
		done()
		return nil, err
	}
	c.To.Thread = thread
	return done, nil
}

// turn waits until no other new post is on its way to a channel.
func (d *Delivery) turn(ctx context.Context, channel string) (done func(), err error) {
	d.mu.Lock()
	if d.turns[channel] == nil {
		d.turns[channel] = make(chan struct{}, 1)
	}
	turn := d.turns[channel]
	d.mu.Unlock()
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for other posts to %s: %w", channel, ctx.Err())
	}
}

// errHeld says that a post waits since its reader wants it so.
var errHeld = errors.New("its reader wants no message now")

// hold puts a new direct message off while its reader wants none. What stands there already
// is edited at any time: that tells nobody.
func (d *Delivery) hold(ctx context.Context, post ar.Post, channel string, now bool) error {
	if d.Hold == nil || now || !isDirect(channel) || placed(post) {
		return nil
	}
	user, err := d.Gate.ReaderOf(ctx, channel)
	if err != nil || user == "" {
		return ifNotRefused(err)
	}
	reader, err := d.People.Person(ctx, user)
	if err != nil {
		return ifNotRefused(err)
	}
	wait, err := d.Hold(ctx, post, reader)
	if err != nil || wait <= 0 {
		return err
	}
	return &RetryLaterError{After: wait, Err: errHeld}
}

// ifNotRefused drops a refusal: who cannot be looked up has no wishes, and whether a message
// can be sent shows when it is.
func ifNotRefused(err error) error {
	if refused(err) {
		return nil
	}
	return err
}

// placed reports whether anything of a post may stand in its place.
func placed(post ar.Post) bool {
	return standsIn(post) != ""
}

// channel is where the post goes. Once it stands somewhere it stays there,
// whatever the config says since.
func (d *Delivery) channel(ctx context.Context, post ar.Post, composed *Composed) (string, error) {
	to, stands := composed.To, standsIn(post)
	if to.Channel != "" {
		return cmp.Or(stands, to.Channel), nil
	}
	person, err := d.reader(ctx, to)
	switch {
	case refused(err) && stands != "":
		note(composed, forWhom(to))
		return stands, nil
	case stands != "" && err == nil:
		return stands, nil
	case err == nil:
		return d.Gate.OpenDM(ctx, person.ID)
	}
	if !refused(err) {
		return "", err
	}
	deputy, found, fault := d.deputy(ctx, to.Deputies)
	switch {
	case fault != nil:
		return "", fault
	case !found && to.Instead == "":
		return "", err
	}
	note(composed, forWhom(to))
	if found {
		d.Logger.WarnContext(ctx, "post goes to a deputy", "post", post.ID, "deputy", deputy.ID, "error", err)
		return d.Gate.OpenDM(ctx, deputy.ID)
	}
	d.Logger.WarnContext(ctx, "post goes to its fallback", "post", post.ID, "channel", to.Instead, "error", err)
	return to.Instead, nil
}

// standsIn is the channel in which something of a post is, or may be; "" for none.
func standsIn(post ar.Post) string {
	for _, p := range post.Parts {
		if (p.TS != "" || p.Sending) && p.Channel != "" {
			return p.Channel
		}
	}
	return ""
}

func forWhom(to Destination) string {
	return "For " + cmp.Or(to.Email, to.User) + ", who cannot be reached in Slack."
}

// deputy is the first of some people who is there.
func (d *Delivery) deputy(ctx context.Context, emails []string) (p Person, found bool, err error) {
	for _, email := range emails {
		p, err := d.reader(ctx, Destination{Email: email})
		if err == nil {
			return p, true, nil
		}
		if !refused(err) {
			return Person{}, false, err
		}
	}
	return Person{}, false, nil
}

// note puts a line at the top of a post.
func note(c *Composed, text string) {
	line := []card.Part{card.Note{card.T(text)}}
	c.Head.Parts = append(line, c.Head.Parts...)
	if len(c.Bare) > 0 {
		c.Bare = slices.Clone(c.Bare)
		c.Bare[0].Parts = append(line, c.Bare[0].Parts...)
	}
}

// fit looks at the channel as it is now, and leaves of a post what may stand there.
func (d *Delivery) fit(ctx context.Context, channel string, c *Composed) error {
	if c.Open || isDirect(channel) {
		return nil
	}
	if err := d.Gate.admit(ctx, channel); err != nil {
		return err
	}
	outsiders, err := d.Gate.Outsiders(ctx, channel)
	switch {
	case err != nil || !outsiders:
		return err
	case len(c.Bare) == 0:
		return refusal("conversations.info", channel, codeShared, nil)
	}
	c.Head, c.Thread, c.Pictures = c.Bare[0], c.Bare[1:], nil
	return nil
}

// reader is the person for whom a post is. Somebody who has left is a refusal:
// Slack would take the message, and nobody would read it.
func (d *Delivery) reader(ctx context.Context, to Destination) (p Person, err error) {
	if to.User != "" {
		p, err = d.People.Person(ctx, to.User)
	} else {
		p, err = d.People.ByEmail(ctx, to.Email)
	}
	switch {
	case err != nil:
		return Person{}, err
	case p.Deleted:
		return Person{}, refusal("users.info", "", codeUserGone, nil)
	case p.Bot:
		return Person{}, refusal("users.info", "", "cannot_dm_bot", nil)
	case p.Outside:
		return Person{}, refusal("users.info", "", codeOutside, nil)
	}
	return p, nil
}

// settle ends a delivery: failures for good are written down and told to the
// admins, and others go back to the queue.
func (d *Delivery) settle(ctx context.Context, post ar.Post, err error) error {
	lost, isLost := errors.AsType[*unconfirmedError](err)
	refusal, isRefused := errors.AsType[*RefusedError](err)
	later, isLater := errors.AsType[*RetryLaterError](err)
	_, isAmbiguous := errors.AsType[*AmbiguousError](err)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errHeld):
		return err
	case isLost:
		return d.fail(ctx, post, ar.PostUnconfirmed, codeMissingScope, lost.Error())
	case isAmbiguous:
		return &RetryLaterError{After: settleTime, Err: err}
	case isLater: // a little early: a queue takes seconds to notice, and the gate waits out the rest
		return &RetryLaterError{After: max(later.After-patience, min(later.After, time.Second)), Err: later.Err}
	case Lost(err): // nothing is wrong with the post: it waits for a token that is good
		return &RetryLaterError{After: busyTime, Err: err}
	case isRefused:
		return d.fail(ctx, post, ar.PostFailed, refusal.Code, refusal.Say)
	}
	return err
}

// fail writes down why a post is not in its place and tells the admins. An
// alert that fails is only logged, for its own alert would fail as well.
func (d *Delivery) fail(ctx context.Context, post ar.Post, state ar.PostState, code, say string) error {
	d.Logger.ErrorContext(ctx, "post failed", "post", post.ID, "kind", post.Kind, "route", post.Route, "state", state, "code", code)
	if err := d.Book.SetPostState(ctx, post.ID, state, say); err != nil {
		return err
	}
	if post.Kind == ar.Alert {
		return nil
	}
	if told, err := d.told(ctx, post, state, say); err != nil || told {
		return err
	}
	topic := fmt.Sprintf("post:%s:%s:%s", post.Kind, post.Route, code)
	if state == ar.PostUnconfirmed {
		topic = topicOfDoubt(post)
	}
	return d.Alert.Alert(ctx, topic, upperFirst(postName(post))+": "+say)
}

// digestName is how people know a digest: by its name in the config, or by its reader.
func digestName(key ar.PostKey) string {
	if key.Kind == ar.RepDigest {
		return "for " + desk.RepOf(key)
	}
	return key.Route
}

// told reports whether a fault is the one of the digest before: whom it concerns was told
// then, and need not be told each day.
func (d *Delivery) told(ctx context.Context, post ar.Post, state ar.PostState, fault string) (bool, error) {
	if d.Told == nil || state != ar.PostFailed || !post.Kind.Digest() {
		return false, nil
	}
	return d.Told(ctx, post, fault)
}
