package fakeqbo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"
)

// AckLimit is how long an app may take to answer a webhook (docs).
const AckLimit = 3 * time.Second

// Webhook is where and how the app is told of changes.
type Webhook struct {
	URL   string
	Shape Payload
	// Aggregate is how long changes are collected, from the first one on, before Tick
	// sends them.
	Aggregate time.Duration
	// HoldBack keeps later deliveries until an earlier one is taken (docs: they may be).
	HoldBack bool
	// SayVoided spells the operation "voided" and not "void" in CloudEvents: both have
	// been seen.
	SayVoided bool
}

// Mishap is what may go wrong with a delivery.
type Mishap struct {
	Forged   bool // the signature is that of another key
	Shuffled bool // the changes are in any order
	Repeated bool // each change is told twice
	Lost     bool // it never leaves: the changes aren't told at all
}

// Delivery is one webhook: the same body with each attempt.
type Delivery struct {
	Number    int
	Changes   []Change // in the order of the body
	Body      []byte
	Signature string // the header intuit-signature
	Attempts  []Attempt
}

// Attempt is one request of a delivery.
type Attempt struct {
	At      time.Time
	Took    time.Duration // by the server's clock
	Status  int           // 0 when there was no answer
	Problem string        // why it doesn't count as taken, "" if it does
}

// Taken says whether the app has answered 200 in time.
func (d *Delivery) Taken() bool {
	return slices.ContainsFunc(d.Attempts, func(a Attempt) bool { return a.Problem == "" })
}

// ErrNoWebhook is given when something is to be told and no URL is set.
var ErrNoWebhook = errors.New("fakeqbo: no webhook URL is set")

// teller is what is to be told and what has been. The server's lock guards it.
type teller struct {
	to         Webhook
	pending    []Change
	deliveries []*Delivery
	dropped    map[int]bool // deliveries that are not to be sent again
	events     int          // CloudEvents so far, for their ids
}

// SetWebhook changes where the app is told of changes. Without a URL they are kept.
func (s *Server) SetWebhook(to Webhook) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.teller.to = to
}

// note keeps a change until it is told.
func (s *Server) note(c Change) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.teller.pending = append(s.teller.pending, c)
	s.touch()
}

// TakePending gives the changes that have not been told, oldest first. They won't be,
// unless Tell is called with them: in whichever order, and in how many deliveries.
func (s *Server) TakePending() []Change {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.teller.pending
	s.teller.pending = nil
	return taken
}

// Notify tells the app at once of all changes that it hasn't been told, of all
// companies in one delivery. It gives nil if there are none.
func (s *Server) Notify(ctx context.Context, how Mishap) (*Delivery, error) {
	changes := s.TakePending()
	if len(changes) == 0 {
		return nil, nil //nolint:nilnil // nothing to tell is no error
	}
	return s.Tell(ctx, changes, how)
}

// Tell sends one delivery about changes, whether or not they happened. That the app
// didn't take it is no error: see Delivery.Attempts, and Tick for what follows.
func (s *Server) Tell(ctx context.Context, changes []Change, how Mishap) (*Delivery, error) {
	d, err := s.compose(changes, how)
	if err != nil {
		return nil, err
	}
	if how.Lost {
		return s.show(d), nil
	}
	err = s.attempt(ctx, d)
	return s.show(d), err
}

// Resend sends a delivery once more, whatever came of it before: the same body.
func (s *Server) Resend(ctx context.Context, number int) (*Delivery, error) {
	s.mu.Lock()
	i := slices.IndexFunc(s.teller.deliveries, func(d *Delivery) bool { return d.Number == number })
	if i < 0 {
		s.mu.Unlock()
		return nil, fmt.Errorf("fakeqbo: there is no delivery %d", number)
	}
	d := s.teller.deliveries[i]
	s.mu.Unlock()
	err := s.attempt(ctx, d)
	return s.show(d), err
}

// Deliveries are all webhooks so far, also lost ones.
func (s *Server) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Delivery, 0, len(s.teller.deliveries))
	for _, d := range s.teller.deliveries {
		out = append(out, d.copy())
	}
	return out
}

func (d *Delivery) copy() Delivery {
	out := *d
	out.Attempts = slices.Clone(d.Attempts)
	return out
}

func (s *Server) show(d *Delivery) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	shown := d.copy()
	return &shown
}

// compose writes a delivery without sending it.
func (s *Server) compose(changes []Change, how Mishap) (*Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &s.teller
	if t.to.URL == "" {
		return nil, ErrNoWebhook
	}
	told := slices.Clone(changes)
	if how.Repeated {
		told = append(told, changes...)
	}
	if how.Shuffled {
		s.dice.Shuffle(len(told), func(i, j int) { told[i], told[j] = told[j], told[i] })
	}
	key := s.opt.App.Verifier
	if how.Forged {
		key += " of somebody else"
	}
	body := t.body(told, s.opt.App.ClientID)
	d := &Delivery{Number: len(t.deliveries) + 1, Changes: told, Body: body, Signature: Sign(body, key)}
	t.deliveries = append(t.deliveries, d)
	if how.Lost || how.Forged { // a forger doesn't follow the schedule
		t.drop(d.Number)
	}
	return d, nil
}

func (t *teller) drop(number int) {
	if t.dropped == nil {
		t.dropped = map[int]bool{}
	}
	t.dropped[number] = true
}

// attempt posts a delivery and notes what came of it. The error is that of the
// context.
func (s *Server) attempt(ctx context.Context, d *Delivery) error {
	s.mu.Lock()
	target, number, at := s.teller.to.URL, len(d.Attempts), s.opt.Now()
	s.mu.Unlock()
	a := Attempt{At: at}
	var err error
	a.Status, err = s.post(ctx, target, d, number)
	a.Took = s.opt.Now().Sub(at)
	a.Problem = problem(a, err)
	s.mu.Lock()
	defer s.mu.Unlock()
	d.Attempts = append(d.Attempts, a)
	s.touch()
	if ctx.Err() != nil {
		return fmt.Errorf("fakeqbo: send webhook %d: %w", d.Number, ctx.Err())
	}
	return nil
}

func problem(a Attempt, err error) string {
	switch {
	case err != nil:
		return err.Error()
	case a.Status != http.StatusOK:
		return fmt.Sprintf("status %d", a.Status)
	case a.Took > AckLimit:
		return fmt.Sprintf("took %v", a.Took)
	}
	return ""
}

func (s *Server) post(ctx context.Context, target string, d *Delivery, attempt int) (status int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(d.Body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("User-Agent", "intuit_notification_server/1.0")
	r.Header.Set("Intuit-Signature", d.Signature)
	r.Header.Set("Intuit-T-Id", fmt.Sprintf("fake-webhook-%d-%d", d.Number, attempt))
	resp, err := s.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	// What the app says beyond its status is nothing to Intuit; reading it keeps the
	// connection.
	_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, maxRequest))
	return resp.StatusCode, err
}

// PendingChanges is how many changes have not been told.
func (s *Server) PendingChanges() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.teller.pending)
}
