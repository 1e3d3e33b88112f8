package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"arbot/ar"
	"arbot/bot/blockkit"
)

// unconfirmedError says that a message may stand in its place or not, and that
// there is no way to look.
type unconfirmedError struct{ err error }

func (e *unconfirmedError) Error() string {
	return "Slack's answer to a message was lost, and without a history permission arbot cannot look whether the message is there. " +
		"Look in the channel; it is not sent again by itself. If it is not there, `arbot digest --now --post-again` posts it."
}

func (e *unconfirmedError) Unwrap() error { return e.err }

// errHeadGone says that the message above the thread is not there any more.
var errHeadGone = errors.New("the head of the thread is gone")

// wantedPart is a message as it should be.
type wantedPart struct {
	Page
	sum string
}

// wanted renders the parts of a post: the head, what it could not hold, and the
// thread.
func (d *Delivery) wanted(c Composed) ([]wantedPart, error) {
	pages, err := Pages(c.Head, d.Render)
	if err != nil {
		return nil, err
	}
	for _, below := range c.Thread {
		more, err := Pages(below, d.Render)
		if err != nil {
			return nil, err
		}
		pages = append(pages, more...)
	}
	parts := make([]wantedPart, len(pages))
	for i, p := range pages {
		p.Open = c.Open
		sum, err := sumOf(p.Message)
		if err != nil {
			return nil, err
		}
		parts[i] = wantedPart{Page: p, sum: sum}
	}
	return parts, nil
}

// sumOf tells messages apart.
func sumOf(m blockkit.Message) (string, error) {
	raw, err := json.Marshal(newReply(m, false, false))
	if err != nil {
		return "", fmt.Errorf("bot: encode a message: %w", err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:16]), nil
}

// placing is the work on one post.
type placing struct {
	*Delivery
	post    ar.Post
	channel string
	root    string // the thread in which all of it goes; "" for none
	head    string // the ts of the first part
	// plain is why a part stands there without its blocks; nil if all are whole.
	plain *RefusedError
	// pictures go into the thread; unshown is why one of them is to be tried again.
	pictures []Picture
	unshown  error
}

// all brings every part to its place, the head first, and takes away those that
// are too many.
func (p *placing) all(ctx context.Context, wanted []wantedPart, figures json.RawMessage) error {
	err := p.parts(ctx, wanted, figures)
	if errors.Is(err, errHeadGone) { // noticed by a reply: the head itself had not changed
		if err = p.headAnew(ctx, wanted[0]); err == nil {
			err = p.parts(ctx, wanted, figures)
		}
	}
	if err != nil {
		return err
	}
	for _, old := range p.post.Parts {
		if old.No >= len(wanted) && !isPicture(old) {
			if err := p.remove(ctx, old); err != nil {
				return err
			}
		}
	}
	return p.unshown
}

func (p *placing) parts(ctx context.Context, wanted []wantedPart, figures json.RawMessage) error {
	for no, w := range wanted {
		err := p.part(ctx, no, w)
		_, lost := errors.AsType[*AmbiguousError](err)
		if no == 0 && len(figures) > 0 && (err == nil || lost) { // what may have been said counts once it is known to be there
			if kept := p.Book.KeepFigures(ctx, p.post.ID, figures); kept != nil {
				return errors.Join(kept, err)
			}
		}
		if err != nil {
			return err
		}
		if no == 0 {
			p.unshown = p.showPictures(ctx)
		}
	}
	return nil
}

// old is what is known of a part.
func (p *placing) old(no int) ar.PostPart {
	for _, part := range p.post.Parts {
		if part.No != no {
			continue
		}
		if part.TS == "" && !part.Sending { // it was not sent, and goes where the post goes now
			part.Channel = p.channel
		}
		return part
	}
	return ar.PostPart{No: no, Channel: p.channel}
}

// keep writes a part down, here and in the book.
func (p *placing) keep(ctx context.Context, part ar.PostPart) error {
	if err := p.Book.SetPart(ctx, p.post.ID, part); err != nil {
		return err
	}
	for i := range p.post.Parts {
		if p.post.Parts[i].No == part.No {
			p.post.Parts[i] = part
			return nil
		}
	}
	p.post.Parts = append(p.post.Parts, part)
	return nil
}

// part brings one part to its place.
func (p *placing) part(ctx context.Context, no int, w wantedPart) error {
	part, err := p.found(ctx, p.old(no))
	if err != nil {
		return err
	}
	switch {
	case unseen(part):
		return nil
	case part.TS == "":
		return p.send(ctx, part, w)
	case part.Sum != w.sum:
		return p.edit(ctx, part, w)
	}
	if no == 0 {
		p.head = part.TS
	}
	return nil
}

// found clears up a part whose sending was begun and never ended: it is looked
// for in the channel.
func (p *placing) found(ctx context.Context, part ar.PostPart) (ar.PostPart, error) {
	if part.TS != "" || !part.Sending {
		return part, nil
	}
	ts, there, err := p.Gate.FindNonce(ctx, part.Channel, p.thread(part), part.Nonce, p.post.Created)
	switch {
	case refused(err, codeMissingScope):
		return part, &unconfirmedError{err}
	case refused(err, "thread_not_found") && p.root == "":
		return part, errHeadGone
	case err != nil:
		return part, err
	case !there:
		return part, nil // it is sent with the same nonce
	}
	part.TS, part.Sending = ts, false
	return part, p.keep(ctx, part)
}

// thread is the thread of a part: none for the head, unless all of it goes into one.
func (p *placing) thread(part ar.PostPart) string {
	if part.No == 0 || p.root != "" {
		return p.root
	}
	return p.head
}

// send posts a part. That it is being sent is written down before, and where it
// is after; a death in between is cleared up by found.
func (p *placing) send(ctx context.Context, part ar.PostPart, w wantedPart) error {
	if part.Nonce == "" {
		nonce, err := p.nonce()
		if err != nil {
			return err
		}
		part.Nonce = nonce
	}
	part.Sending, part.Sum = true, w.sum
	if err := p.keep(ctx, part); err != nil {
		return err
	}
	at, err := p.Gate.Post(ctx, part.Channel, p.thread(part), w.Page, part.Nonce)
	if err != nil {
		return p.unsent(ctx, part, err)
	}
	part.TS, part.Sending = at.TS, false
	return p.there(ctx, part, at)
}

// unsent notes that a part is certainly not there. If not even that can be
// written, or the part may be there, it is looked for the next time.
func (p *placing) unsent(ctx context.Context, part ar.PostPart, err error) error {
	if _, ok := errors.AsType[*AmbiguousError](err); ok {
		return err
	}
	part.Sending = false
	if kept := p.keep(context.WithoutCancel(ctx), part); kept != nil {
		return fmt.Errorf("bot: note that a part was not sent (%s): %w", err.Error(), kept)
	}
	if part.No > 0 && p.root == "" && refused(err, "thread_not_found", "cannot_reply_to_message") {
		return errHeadGone
	}
	return err
}

// there notes where a part is now. A part without its blocks keeps a sum that
// no message has, so that a next delivery tries again.
func (p *placing) there(ctx context.Context, part ar.PostPart, at Placed) error {
	if at.Plain != nil {
		part.Sum, p.plain = "plain", at.Plain
	}
	if part.No == 0 {
		p.head = part.TS
	}
	return p.keep(ctx, part)
}

// edit changes a part in its place. One that is gone, or that Slack lets nobody
// edit any more, is posted anew; if it is the head, its thread goes with it.
func (p *placing) edit(ctx context.Context, part ar.PostPart, w wantedPart) error {
	at, err := p.Gate.Update(ctx, part.Channel, part.TS, w.Page)
	switch {
	case err == nil:
		part.Sum = w.sum
		return p.there(ctx, part, at)
	case !refused(err, "message_not_found", "edit_window_closed", "cant_update_message"):
		return err
	case part.No == 0:
		return p.headAnew(ctx, w)
	}
	return p.send(ctx, ar.PostPart{No: part.No, Channel: part.Channel}, w)
}

// headAnew posts the head again and forgets the places of what stood under it,
// taking away what can be taken away. The head comes last, so that after a death
// on the way it is found to be gone again.
func (p *placing) headAnew(ctx context.Context, w wantedPart) error {
	parts := slices.Clone(p.post.Parts)
	slices.SortFunc(parts, func(a, b ar.PostPart) int { return b.No - a.No })
	for _, old := range parts {
		if err := p.takeAway(ctx, old); err != nil {
			return err
		}
		if err := p.keep(ctx, ar.PostPart{No: old.No, Channel: old.Channel}); err != nil {
			return err
		}
	}
	return p.send(ctx, p.old(0), w)
}

// takeAway deletes the message, or the file, that a part stands for.
func (p *placing) takeAway(ctx context.Context, part ar.PostPart) (err error) {
	switch {
	case part.TS == "":
		return nil
	case isPicture(part):
		err = p.Gate.DeleteFile(ctx, part.Channel, part.TS)
	default:
		err = p.Gate.Delete(ctx, part.Channel, part.TS)
	}
	if refused(err) {
		return nil
	}
	return err
}

// remove takes a part away that is one too many.
func (p *placing) remove(ctx context.Context, part ar.PostPart) error {
	part, err := p.found(ctx, part)
	if err != nil && !errors.Is(err, errHeadGone) {
		return err
	}
	if err := p.takeAway(ctx, part); err != nil {
		return err
	}
	return p.Book.RemovePart(ctx, p.post.ID, part.No)
}

// nonceBytes make a nonce that nobody else's message has.
const nonceBytes = 12

func (p *placing) nonce() (string, error) {
	raw := make([]byte, nonceBytes)
	if _, err := io.ReadFull(p.Random, raw); err != nil {
		return "", fmt.Errorf("bot: make a nonce: %w", err)
	}
	return hex.EncodeToString(raw), nil
}
