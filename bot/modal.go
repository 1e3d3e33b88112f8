package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"arbot/ar"
	"arbot/bot/blockkit"
	"arbot/bot/card"
)

// openLimit is what is left of a trigger's three seconds for opening a modal with it.
const openLimit = ackGuard

// skeleton is what stands in a modal until it is filled.
func skeleton(title string) card.Modal {
	return card.Modal{Title: title, Parts: []card.Part{card.Paragraph{card.T("One moment…")}}}
}

// reading is a modal that says what a card says.
func reading(title string, c card.Card) card.Modal {
	m := card.Modal{Title: title, Parts: c.Parts}
	if len(m.Parts) == 0 {
		m.Parts = []card.Part{card.Paragraph{card.T(c.Text)}}
	}
	return m
}

// serveModal answers a call that opens a modal. Whoever may not ask gets no modal, if
// that is known in time. Then it is opened, and empty: what is asked of the books or of
// Slack may take longer than the trigger lives.
func (b *Bot) serveModal(r *replier, title string) {
	r.settle(b.ctx)
	admitted, opened, answer := make(chan struct{}), make(chan error, 1), make(chan Answer, 1)
	b.running.Go(func() {
		answer <- b.answer(b.ctx, r.call, func(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
			close(admitted)
			select {
			case err := <-opened:
				if err != nil {
					return Answer{}, err
				}
			case <-ctx.Done():
				return Answer{}, fmt.Errorf("bot: wait for the modal: %w", ctx.Err())
			}
			return b.Handle(ctx, actor, b.withLink(ctx, c))
		})
	})
	enough := time.NewTimer(b.Guard*2/5 - b.Now().Sub(r.call.Received))
	defer enough.Stop()
	select {
	case a := <-answer: // refused, or delivered before
		b.reply(r, a)
		return
	case <-admitted:
	case <-enough.C: // the modal cannot wait; who may see what comes before it is filled
	}
	opened <- b.open(r, title)
	b.reply(r, <-answer)
}

// withLink adds the address of the message on which a shortcut was used.
func (b *Bot) withLink(ctx context.Context, c Call) Call {
	if c.Kind != Shortcut || c.MessageTS == "" {
		return c
	}
	link, err := b.Gate.Permalink(ctx, c.Channel, c.MessageTS)
	if err != nil { // such as in a private channel without the bot: then there is none
		b.Logger.InfoContext(ctx, "a message has no address", "id", c.ID, "channel", c.Channel, "error", err)
	}
	c.Message.Link = link
	return c
}

// open opens an empty modal for a call.
func (b *Bot) open(r *replier, title string) error {
	ctx, cancel := context.WithTimeout(b.ctx, openLimit)
	defer cancel()
	onTop := r.call.View.ID != "" && !r.call.View.Home
	view, err := b.Gate.OpenModal(ctx, r.call.Trigger, skeleton(title), b.Render, onTop)
	if err != nil {
		return unchecked(err, "Slack did not open the form in time. Try again.")
	}
	r.opened, r.title = view, title
	return nil
}

// inModal shows an answer in the modal that the call opened, or in which it was made. It
// reports false for an answer that belongs elsewhere.
func (r *replier) inModal(ctx context.Context, a Answer) bool {
	view, m := r.opened, a.Modal
	switch {
	case view.ID == "" && m != nil:
		view = r.call.View
	case view.ID != "" && m == nil:
		if a.Card.Text == "" { // nobody is left waiting
			a.Card = card.New("There is nothing to fill in. Close this and try again.")
		}
		said := reading(r.title, a.Card)
		m = &said
	}
	if m == nil || view.ID == "" || view.Home {
		return false
	}
	_, err := r.bot.Gate.UpdateModal(ctx, view, withOrigin(*m, r.call), r.bot.Render)
	switch {
	case err == nil:
	case refused(err, "not_found", "hash_conflict"): // it was closed, or has moved on
		r.bot.Logger.InfoContext(ctx, "modal not updated", "id", r.call.ID, "kind", r.call.Kind, "error", err)
	default:
		r.bot.Logger.ErrorContext(ctx, "answer lost", "id", r.call.ID, "kind", r.call.Kind, "user", r.call.User, "error", err)
	}
	return true
}

// submitted answers a modal that was sent: with what is wrong with it, with another
// modal, or by closing them all. It returns what is to be said otherwise; if the modal
// is gone by now, or did not get its answer, that too.
func (r *replier) submitted(ctx context.Context, a Answer) card.Card {
	answer, err := r.viewAnswer(a)
	if answer == nil && err == nil {
		return a.Card
	}
	if err == nil {
		err = r.answerView(answer)
	}
	if err == nil {
		return a.Card
	}
	r.bot.Logger.WarnContext(ctx, "a modal did not get its answer", "id", r.call.ID, "error", err)
	switch {
	case len(a.Invalid) > 0:
		return invalid(a.Invalid)
	case a.Modal != nil && len(a.Modal.Inputs) == 0:
		return card.New(a.Modal.Title+".", a.Modal.Parts...)
	case a.Modal != nil:
		return card.New("That took longer than the form stays open. Open it again to go on.")
	}
	return a.Card
}

// answerView acknowledges with the answer to a modal.
func (r *replier) answerView(answer *slack.ViewSubmissionResponse) error {
	if r.acked {
		return errors.New("bot: the modal was acknowledged before its answer was there")
	}
	payload, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("bot: encode the answer to a modal: %w", err)
	}
	if len(payload) > maxAck {
		return fmt.Errorf("bot: the answer to a modal has %d bytes, Slack takes %d", len(payload), maxAck)
	}
	return r.acknowledge(payload)
}

// viewAnswer is what Slack takes for a modal that was sent; nil closes it.
func (r *replier) viewAnswer(a Answer) (*slack.ViewSubmissionResponse, error) {
	switch {
	case len(a.Invalid) > 0:
		return slack.NewErrorsViewSubmissionResponse(a.Invalid), nil
	case a.Modal != nil:
		view, err := blockkit.Modal(withOrigin(*a.Modal, r.call), r.bot.Render)
		if err != nil {
			return nil, err
		}
		if a.OnTop {
			return slack.NewPushViewSubmissionResponse(&view), nil
		}
		return slack.NewUpdateViewSubmissionResponse(&view), nil
	case a.CloseAll:
		return slack.NewClearViewSubmissionResponse(), nil
	}
	return nil, nil //nolint:nilnil // no answer is an answer: the modal closes
}

// invalid says what is wrong with a form that is not there any more.
func invalid(wrong map[string]string) card.Card {
	list := card.List{}
	for _, input := range slices.Sorted(maps.Keys(wrong)) {
		list = append(list, []card.Span{card.T(wrong[input])})
	}
	const say = "That was not saved. Open the form again and mend this:"
	return card.New(say, card.Paragraph{card.T(say)}, list)
}
