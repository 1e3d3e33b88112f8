package bot

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/slack-go/slack"

	"arbot/bot/blockkit"
	"arbot/bot/card"
)

// acknowledge tells Slack that a delivery came in, with the message that
// answers a command, or nil. An error means that the message went astray.
type acknowledge func(payload json.RawMessage) error

// maxAck is the size of an acknowledgement that Slack takes: in Socket Mode it
// drops 20 KiB and more without a word (see slack-go's socketmode.SendCtx), and
// the envelope around the payload needs room, too.
const maxAck = 20*1024 - 256

// working is said where the answer takes longer than Slack waits.
var working = Answer{Card: card.New("Working on it…")}

// replier carries answers to where a call came from.
type replier struct {
	bot   *Bot
	call  Call
	ack   acknowledge
	acked bool
}

// acknowledge acknowledges the call unless that was done.
func (r *replier) acknowledge(payload json.RawMessage) error {
	if r.acked {
		return nil
	}
	r.acked = true
	return r.ack(payload)
}

// settle acknowledges without a message.
func (r *replier) settle(ctx context.Context) {
	if err := r.acknowledge(nil); err != nil {
		r.bot.Logger.WarnContext(ctx, "acknowledgement lost", "id", r.call.ID, "error", err)
	}
}

// send brings an answer home. What cannot be brought by the way that the call
// opened goes into a direct message: nothing is lost.
func (r *replier) send(ctx context.Context, a Answer) {
	defer r.settle(ctx)
	if len(a.Invalid) > 0 && r.call.Kind == Submission {
		a.Card = r.invalid(ctx, a)
	}
	if a.Card.Text == "" {
		return
	}
	a.Card = r.among(ctx, a.Card)
	pages, err := Pages(a.Card, r.bot.Render)
	if err != nil {
		pages, err = Pages(r.bot.explain(ctx, r.call, err, "").Card, r.bot.Render)
	}
	if len(pages) > 1 { // one in the acknowledgement and one by another way could change places
		r.settle(ctx)
	}
	for i, p := range pages {
		if err = r.page(ctx, a, p, i == 0); err != nil {
			break
		}
	}
	if err != nil {
		r.bot.Logger.ErrorContext(ctx, "answer lost", "id", r.call.ID, "kind", r.call.Kind, "user", r.call.User, "error", err)
	}
}

// among has an answer that was meant for all in a channel seen by the asker alone
// where people from outside read along, or where that cannot be known.
func (r *replier) among(ctx context.Context, c card.Card) card.Card {
	if c.Visibility != card.InChannel || r.call.Direct() {
		return c
	}
	outsiders, err := r.bot.Gate.Outsiders(ctx, r.call.Channel)
	why := "people from outside the company read this channel."
	switch {
	case err != nil:
		r.bot.Logger.WarnContext(ctx, "an answer is not shared", "id", r.call.ID, "channel", r.call.Channel, "error", err)
		why = "I could not check who reads this channel just now."
	case !outsiders:
		return c
	}
	private := card.New(c.Text, c.Parts...)
	if len(c.Parts) == 0 {
		private.Add(card.Paragraph{card.T(c.Text)})
	}
	private.Add(card.Note{card.T("Only you see this: " + why)})
	return private
}

func (r *replier) page(ctx context.Context, a Answer, p Page, first bool) error {
	inChannel := a.Card.Visibility == card.InChannel && !r.call.Direct()
	if r.call.Kind == Command && !r.acked && r.withAck(ctx, p.Message, inChannel) {
		return nil
	}
	r.settle(ctx)
	err := r.back(ctx, p, inChannel, a.Replace && first)
	if err == nil {
		return nil
	}
	r.bot.Logger.WarnContext(ctx, "answering by direct message", "id", r.call.ID, "kind", r.call.Kind, "error", err)
	return r.direct(ctx, p)
}

// invalid keeps the modal open with what is wrong with its inputs. Where it is too
// late for that, the card says it.
func (r *replier) invalid(ctx context.Context, a Answer) card.Card {
	if !r.acked {
		payload, err := json.Marshal(slack.NewErrorsViewSubmissionResponse(a.Invalid))
		if err == nil {
			err = r.acknowledge(payload)
		}
		if err == nil {
			return card.Card{}
		}
		r.bot.Logger.WarnContext(ctx, "a modal did not get its answer", "id", r.call.ID, "error", err)
	}
	list := card.List{}
	for _, block := range slices.Sorted(maps.Keys(a.Invalid)) {
		list = append(list, []card.Span{card.T(a.Invalid[block])})
	}
	const say = "That was not saved. Open the form again and mend this:"
	return card.New(say, card.Paragraph{card.T(say)}, list)
}

// withAck puts the message into the acknowledgement, if it fits.
func (r *replier) withAck(ctx context.Context, m blockkit.Message, inChannel bool) bool {
	payload, err := json.Marshal(newReply(m, inChannel, false))
	if err != nil || len(payload) > maxAck {
		return false
	}
	if err := r.acknowledge(payload); err != nil {
		r.bot.Logger.WarnContext(ctx, "answer did not go with the acknowledgement", "id", r.call.ID, "error", err)
		return false
	}
	return true
}

// back answers by the way that the call opened.
func (r *replier) back(ctx context.Context, p Page, inChannel, replace bool) error {
	c := r.call
	switch {
	case c.ResponseURL != "":
		return r.bot.Gate.Respond(ctx, c.ResponseURL, p, inChannel, replace && c.Kind == Action)
	case c.Kind == Mention && !inChannel:
		return r.bot.Gate.Ephemeral(ctx, c.Channel, c.ThreadTS, c.User, p)
	case c.Kind == Mention:
		thread := c.ThreadTS
		if thread == "" {
			thread = c.MessageTS
		}
		_, err := r.bot.Gate.Post(ctx, c.Channel, thread, p, "")
		return err
	case c.Kind == Message:
		_, err := r.bot.Gate.Post(ctx, c.Channel, c.ThreadTS, p, "")
		return err
	}
	return r.direct(ctx, p)
}

// direct sends a direct message.
func (r *replier) direct(ctx context.Context, p Page) error {
	channel, err := r.bot.Gate.OpenDM(ctx, r.call.User)
	if err != nil {
		return err
	}
	_, err = r.bot.Gate.Post(ctx, channel, "", p, "")
	return err
}
