package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	"arbot/ar"
)

// firstPicture is the number of the first part that is a picture, above those of all
// messages. The nonce of such a part is the id of its file, by which it is found again; its
// TS is the same id, once it is shown.
const firstPicture = 1000

func isPicture(p ar.PostPart) bool { return p.No >= firstPicture }

// showPictures brings the pictures into the thread, each once, and takes away those that
// are too many. What Slack refuses is left out, since the text has every figure; an error is
// of what is to be tried again.
func (p *placing) showPictures(ctx context.Context) error {
	var later error
	for i, pic := range p.pictures {
		later = errors.Join(later, p.picture(ctx, firstPicture+i, pic))
	}
	for _, old := range p.post.Parts {
		if old.No >= firstPicture+len(p.pictures) {
			if err := p.takeAway(ctx, old); err != nil {
				return errors.Join(later, err)
			}
			if err := p.Book.RemovePart(ctx, p.post.ID, old.No); err != nil {
				return errors.Join(later, err)
			}
		}
	}
	return later
}

// picture brings one picture to its place. That it is being shown is written down before,
// with the id of its file.
func (p *placing) picture(ctx context.Context, no int, pic Picture) error {
	part, settled, err := p.pictureFound(ctx, p.old(no))
	sum := pic.sum()
	switch {
	case err != nil:
		return err
	case unseen(part), !settled, part.TS != "" && part.Sum == sum:
		return nil
	}
	if err := p.takeAway(ctx, part); err != nil {
		return err
	}
	file := File(pic)
	id, err := p.Gate.SendFile(ctx, part.Channel, file)
	if err != nil {
		return p.leftOut(ctx, no, err)
	}
	part = ar.PostPart{No: no, Channel: part.Channel, Nonce: id, Sending: true, Sum: sum}
	if err := p.keep(ctx, part); err != nil {
		return err
	}
	err = p.Gate.ShowFile(ctx, part.Channel, p.thread(part), id, file)
	if _, lost := errors.AsType[*AmbiguousError](err); lost {
		return err
	}
	if part.Sending = false; err == nil {
		part.TS = id
	}
	if kept := p.keep(context.WithoutCancel(ctx), part); kept != nil {
		return errors.Join(kept, err)
	}
	return p.leftOut(ctx, no, err)
}

// pictureFound clears up whether a picture is there whose showing was begun and never
// ended. Where nobody can look, it is not settled: the picture is not sent again, for it
// would be there twice.
func (p *placing) pictureFound(ctx context.Context, part ar.PostPart) (found ar.PostPart, settled bool, err error) {
	if part.TS != "" || !part.Sending {
		return part, true, nil
	}
	there, err := p.Gate.FindFile(ctx, part.Channel, p.thread(part), part.Nonce, p.post.Created)
	switch {
	case refused(err):
		return part, false, nil
	case err != nil:
		return part, false, err
	}
	if part.Sending = false; there {
		part.TS = part.Nonce
	}
	return part, true, p.keep(ctx, part)
}

// leftOut goes on without a picture where Slack refused it or did not take it; what Slack
// asks to be tried later is.
func (p *placing) leftOut(ctx context.Context, no int, err error) error {
	if err == nil {
		return nil
	}
	if _, later := errors.AsType[*RetryLaterError](err); later || ctx.Err() != nil || Lost(err) {
		return err
	}
	p.Logger.WarnContext(ctx, "a picture of a post was left out", "post", p.post.ID, "part", no, "error", err)
	return nil
}

// sum tells pictures apart.
func (p Picture) sum() string {
	hash := sha256.New()
	for _, text := range []string{p.Name, p.Title, p.Alt} {
		_, _ = io.WriteString(hash, text+"\x00") // a hash takes everything
	}
	_, _ = hash.Write(p.Content)
	return hex.EncodeToString(hash.Sum(nil)[:16])
}
