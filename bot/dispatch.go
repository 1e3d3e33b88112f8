package bot

import (
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"arbot/ar"
	"arbot/bot/card"
)

// What is said to those who come at a bad moment.
var (
	restarting = Answer{Card: card.New("I am restarting. Try again in a minute.")}
	crowded    = Answer{Card: card.New("Too many people are asking at once. Try again in a minute.")}
)

// receive takes a call in and returns at once. The call is acknowledged once,
// with its answer or when the guard's time is up; the rest comes after.
func (b *Bot) receive(c Call, ack acknowledge) {
	c.ID = b.newID()
	r := &replier{bot: b, call: c, ack: ack}
	if why, ok := b.enter(r); !ok {
		b.turnAway(r, why)
	}
}

// enter starts the work on a call, or says why not.
func (b *Bot) enter(r *replier) (why Answer, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.draining:
		return restarting, false
	case b.pending >= queue:
		return crowded, false
	}
	b.pending++
	b.running.Go(func() {
		defer b.leave(r)
		b.serve(r)
	})
	return Answer{}, true
}

func (b *Bot) leave(r *replier) {
	if p := recover(); p != nil {
		b.Logger.Error("answer failed", "id", r.call.ID, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pending--
}

// turnAway acknowledges with a stock sentence, which only a command shows, and
// makes no other work where there is too much of it.
func (b *Bot) turnAway(r *replier, a Answer) {
	b.Logger.Warn("call turned away", "id", r.call.ID, "kind", r.call.Kind)
	pages, err := Pages(a.Card, b.Render)
	if err != nil || r.call.Kind != Command || !r.withAck(b.ctx, pages[0].Message, false) {
		r.settle(b.ctx)
	}
}

// serve answers one call.
func (b *Bot) serve(r *replier) {
	if r.call.Kind.happens() {
		b.happened(r)
		return
	}
	if title, opens := b.opens(r.call); opens {
		b.serveModal(r, title)
		return
	}
	if !r.call.Kind.waits() {
		r.settle(b.ctx)
	}
	guard := time.NewTimer(b.Guard - b.Now().Sub(r.call.Received))
	defer guard.Stop()
	answer := make(chan Answer, 1)
	b.running.Go(func() { answer <- b.answer(b.ctx, r.call, b.Handle) })
	select {
	case a := <-answer:
		b.reply(r, a)
	case <-guard.C:
		switch r.call.Kind {
		case HomeOpened, LinkShared:
		case Submission, Lookup: // the modal closes, and what there is to say comes by itself; the menu stays empty
			r.settle(b.ctx)
		default:
			b.reply(r, working)
		}
		b.reply(r, <-answer)
	}
}

// waits: what answers it goes with the acknowledgement.
func (k Kind) waits() bool { return k == Command || k == Submission || k == Lookup }

// opens asks whether a call opens a modal, and with what title.
func (b *Bot) opens(c Call) (title string, ok bool) {
	if b.Opens == nil || c.Trigger == "" || c.Kind == Submission {
		return "", false
	}
	return b.Opens(c)
}

// reply sends an answer within a time of its own, for it has to go out also
// when the handler used up all of its time. Near the end an acknowledgement may
// be cut off with its connection, so that it carries no answer.
func (b *Bot) reply(r *replier, a Answer) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.ctx), replyLimit)
	defer cancel()
	if b.stopping() {
		r.settle(ctx)
	}
	r.send(ctx, a)
}

func (b *Bot) stopping() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.draining
}

// answer lets the call in and the handler answer it. It always returns.
func (b *Bot) answer(ctx context.Context, c Call, handle Handler) (a Answer) {
	ctx, cancel := context.WithTimeout(ctx, handlerLimit)
	defer cancel()
	start, outcome := b.Now(), "answered"
	defer func() {
		if p := recover(); p != nil {
			outcome = "panic"
			a = b.explain(ctx, c, fmt.Errorf("bot: panic: %v\n%s", p, debug.Stack()), "")
		}
		b.Logger.InfoContext(ctx, "call", "id", c.ID, "kind", c.Kind, "user", c.User, "channel", c.Channel,
			"outcome", outcome, "took", b.Now().Sub(start))
	}()
	select {
	case b.slots <- struct{}{}:
		defer func() { <-b.slots }()
	case <-ctx.Done():
		outcome = "no worker"
		return b.explain(ctx, c, fmt.Errorf("bot: wait for a worker: %w", ctx.Err()), "")
	}
	actor, err := b.admit(ctx, c)
	switch {
	case errors.Is(err, errAgain):
		outcome = "delivered before"
		return Answer{}
	case err == nil:
		a, err = handle(ctx, actor, c)
	}
	if err != nil {
		outcome = "failed"
		if kind := ar.KindOf(err); kind != "" {
			outcome = string(kind)
		}
		return b.explain(ctx, c, err, a.Again)
	}
	return a
}

// idBytes make ids of four characters: enough to find a line of a day's log.
const idBytes = 3

// newID is a short id for a call: letters and digits that are not mixed up when
// read aloud (Crockford's base 32).
func (b *Bot) newID() string {
	raw := make([]byte, idBytes)
	if _, err := io.ReadFull(b.Random, raw); err != nil {
		return "0000" // an id that is not unique is better than no answer
	}
	return crockford.EncodeToString(raw)[:4]
}

var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)
