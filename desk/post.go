package desk

import (
	"context"
	"encoding/json"

	"arbot/ar"
)

// Post returns a post with its parts.
func (d *Desk) Post(ctx context.Context, id ar.PostID) (p ar.Post, err error) {
	err = d.books.View(ctx, func(r ar.Reader) error {
		p, err = r.Post(ctx, id)
		return err
	})
	return p, err
}

// OnPost stands in ar.Actor.From, before its id, where somebody acts upon a post: by a
// button or a form of it, or in its thread.
const OnPost = " on post "

// PostAt returns the post of which a message is a part; false where it is of none.
func (d *Desk) PostAt(ctx context.Context, channel, ts string) (id ar.PostID, ok bool, err error) {
	err = d.books.View(ctx, func(r ar.Reader) error {
		var p ar.Post
		p, ok, err = r.PostAt(ctx, channel, ts)
		id = p.ID
		return err
	})
	return id, ok, err
}

// SetPart writes one part of a post.
func (d *Desk) SetPart(ctx context.Context, id ar.PostID, p ar.PostPart) error {
	return d.books.Update(ctx, func(tx ar.Tx) error { return tx.SetPart(ctx, id, p) })
}

// RemovePart drops one part of a post.
func (d *Desk) RemovePart(ctx context.Context, id ar.PostID, no int) error {
	return d.books.Update(ctx, func(tx ar.Tx) error { return tx.RemovePart(ctx, id, no) })
}

// SetPostState writes how far a post has come.
func (d *Desk) SetPostState(ctx context.Context, id ar.PostID, s ar.PostState, fault string) error {
	return d.books.Update(ctx, func(tx ar.Tx) error { return tx.SetPost(ctx, id, s, fault) })
}

// KeepFigures keeps what a digest said, as it was said.
func (d *Desk) KeepFigures(ctx context.Context, id ar.PostID, figures json.RawMessage) error {
	return d.books.Update(ctx, func(tx ar.Tx) error { return tx.SetFigures(ctx, id, figures) })
}

// Seen notes the id of a delivery and reports whether it is new.
func (d *Desk) Seen(ctx context.Context, delivery string) (first bool, err error) {
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		first, err = tx.FirstSeen(ctx, delivery)
		return err
	})
	return first, err
}

// AnswerTopic begins the topic of an alert that is an answer: customers can be in it.
const AnswerTopic = "answer/"

// TellLater tells a person, as soon as Slack takes it, what it did not take before: the
// answer to something that the person did, whose call has the id. Quiet hours do not hold
// it back.
func (d *Desk) TellLater(ctx context.Context, user, id, say string) error {
	return d.books.Update(ctx, func(tx ar.Tx) error {
		key := ar.PostKey{Kind: ar.Alert, Route: "user:" + user + "/" + AnswerTopic + id, Day: d.Today()}
		post, created, err := tx.PlanPost(ctx, key, "Slack did not take this answer when you did it: "+say)
		if err != nil || !created {
			return err
		}
		return tx.Enqueue(ctx, ar.Notice{Post: post.ID, ByHand: true})
	})
}

// Alert tells a person (by the chat system's id) about arbot itself, once a
// day for each topic.
func (d *Desk) Alert(ctx context.Context, user, topic, say string) error {
	return d.AlertOn(ctx, user, topic, say, d.Today())
}

// AlertOn tells a person about arbot itself, once for a day and a topic: with the day on
// which something began, it is told once however long it lasts.
func (d *Desk) AlertOn(ctx context.Context, user, topic, say string, day ar.Date) error {
	return d.books.Update(ctx, func(tx ar.Tx) error {
		key := ar.PostKey{Kind: ar.Alert, Route: "user:" + user + "/" + topic, Day: day}
		post, created, err := tx.PlanPost(ctx, key, say)
		if err != nil || !created {
			return err
		}
		return tx.Enqueue(ctx, ar.Notice{Post: post.ID})
	})
}
