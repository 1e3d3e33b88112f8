package bot

import (
	"context"
	"encoding/json"
	"time"

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
	// used counts the answers that went by the call's response URL.
	used int
	// opened is the modal that the call opened, and title what stands above it.
	opened View
	title  string
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
	var nothing json.RawMessage
	if r.call.Kind == Lookup {
		nothing = blockkit.Choices(nil) // anything else is an error in the person's menu
	}
	if err := r.acknowledge(nothing); err != nil {
		r.bot.Logger.WarnContext(ctx, "acknowledgement lost", "id", r.call.ID, "error", err)
	}
}

// send brings an answer home. What cannot be brought by the way that the call
// opened goes into a direct message: nothing is lost.
func (r *replier) send(ctx context.Context, a Answer) {
	defer r.settle(ctx)
	switch {
	case r.call.Kind == Lookup:
		r.options(ctx, a.Options)
		return
	case r.call.Kind == LinkShared: // nobody has asked
		r.unfurl(ctx, a.Unfurls)
		return
	case r.call.Kind == Submission:
		a.Card = r.submitted(ctx, a)
		a = r.toOrigin(a)
	case r.call.Kind == HomeOpened && a.Home == nil && a.Card.Text != "": // what went wrong stands where it was asked
		said := a.Card
		a.Home, a.Card = &said, card.Card{}
	case r.inModal(ctx, a):
		return
	}
	if a.Home != nil {
		r.home(ctx, *a.Home)
	}
	if a.Card.Text == "" {
		return
	}
	r.say(ctx, a)
}

// options answers a lookup.
func (r *replier) options(ctx context.Context, options []card.Option) {
	if err := r.acknowledge(blockkit.Choices(options)); err != nil {
		r.bot.Logger.WarnContext(ctx, "a lookup did not get its answer", "id", r.call.ID, "error", err)
	}
}

// home shows the home tab of who called.
func (r *replier) home(ctx context.Context, c card.Card) {
	hash := ""
	if r.call.View.Home {
		hash = r.call.View.Hash
	}
	_, err := r.bot.Gate.PublishHome(ctx, r.call.User, hash, c, r.bot.Render)
	switch {
	case err == nil:
	case refused(err, "hash_conflict"): // a later look has been answered already
		r.bot.Logger.InfoContext(ctx, "home tab not updated", "id", r.call.ID, "error", err)
	default:
		r.bot.Logger.ErrorContext(ctx, "answer lost", "id", r.call.ID, "kind", r.call.Kind, "user", r.call.User, "error", err)
	}
}

// say sends a card.
func (r *replier) say(ctx context.Context, a Answer) {
	a.Card = r.among(ctx, a.Card)
	pages, err := Pages(a.Card, r.bot.Render)
	if err != nil {
		pages, err = Pages(r.bot.explain(ctx, r.call, err, "").Card, r.bot.Render)
	}
	if len(pages) > 1 { // one in the acknowledgement and one by another way could change places
		r.settle(ctx)
	}
	here, rest := r.fits(pages)
	for i, p := range here {
		if err = r.page(ctx, a, p, i == 0); err != nil {
			break
		}
	}
	if err == nil && len(rest) > 0 {
		err = r.rest(ctx, a, rest)
	}
	if err != nil {
		r.lost(ctx, a, err)
	}
}

// responseUses is how many answers a response URL takes, see
// https://docs.slack.dev/interactivity/handling-user-interaction.
const responseUses = 5

// fits splits an answer into the pages that its response URL still takes, beside the one
// that says where the others are, and those others.
func (r *replier) fits(pages []Page) (here, rest []Page) {
	left := max(responseUses-r.used, 1)
	if r.call.ResponseURL == "" || len(pages) <= left {
		return pages, nil
	}
	return pages[:left-1], pages[left-1:]
}

// rest sends the end of a long answer as direct messages to who asked, after it was said
// where they are: in the direct message itself they come below the others.
func (r *replier) rest(ctx context.Context, a Answer, rest []Page) error {
	channel, err := r.bot.Gate.OpenDM(ctx, r.call.User)
	if err != nil {
		return err
	}
	if channel != r.call.Channel {
		says := "The rest is in our direct message."
		if a.Card.Visibility == card.InChannel {
			says = "The rest is long, and in a direct message to who asked."
		}
		pointer, err := Pages(card.New(says), r.bot.Render)
		if err != nil {
			return err
		}
		if err := r.page(ctx, a, pointer[0], false); err != nil {
			return err
		}
	}
	r.bot.Logger.InfoContext(ctx, "the rest of an answer goes by direct message", "id", r.call.ID, "kind", r.call.Kind, "pages", len(rest))
	for _, p := range rest {
		if _, err := r.bot.Gate.Post(ctx, channel, "", p, ""); err != nil {
			return err
		}
	}
	return nil
}

// keepLimit ends the keeping of an answer that could not be brought home.
const keepLimit = 5 * time.Second

// lost notes that an answer could not be brought home. Whoever has done something must not
// be left without knowing that it was done: that is kept, and told later.
func (r *replier) lost(ctx context.Context, a Answer, cause error) {
	r.bot.Logger.ErrorContext(ctx, "answer lost", "id", r.call.ID, "kind", r.call.Kind, "user", r.call.User, "error", cause)
	if r.bot.Keep == nil || a.Undo == "" && r.call.Kind != Action && r.call.Kind != Submission {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepLimit)
	defer cancel()
	if err := r.bot.Keep(ctx, r.call.User, r.call.ID, a.Card.Text); err != nil {
		r.bot.Logger.ErrorContext(ctx, "answer not kept", "id", r.call.ID, "error", err)
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
	err := r.back(ctx, p, inChannel, a.Replace && first && r.replaceable(inChannel))
	if err == nil {
		return nil
	}
	r.bot.Logger.WarnContext(ctx, "answering by direct message", "id", r.call.ID, "kind", r.call.Kind, "error", err)
	return r.direct(ctx, p)
}

// replaceable: a message that all in a channel see never becomes what one person may
// see, and what is meant for all does not stay with one.
func (r *replier) replaceable(inChannel bool) bool {
	return r.call.Direct() || r.call.Ephemeral != inChannel
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
		err := r.bot.Gate.Respond(ctx, c.ResponseURL, p, inChannel, replace && (c.Kind == Action || c.Kind == Submission))
		if err == nil {
			r.used++
		}
		return err
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
