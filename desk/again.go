package desk

import (
	"context"
	"fmt"

	"arbot/ar"
)

// Unseen is the Sum of a part of a post of which a person says that it is in its place:
// nobody knows its name there, so that it is neither sent again nor edited.
const Unseen = "unseen"

// PostAgain has a post that may be in its place or not sent again: an admin has looked,
// and it is not there. Of several who say so only the first does something; changed is
// false for the others, and also after IsThere. It returns the post as it is now.
func (d *Desk) PostAgain(ctx context.Context, a ar.Actor, id ar.PostID) (post ar.Post, changed bool, err error) {
	return d.settleDoubt(ctx, a, id, "post.again", func(tx ar.Tx, post ar.Post) error {
		if post.Kind.Digest() && post.Day.Before(d.Today()) {
			return ar.Refuse("The day of this digest is over, and its figures are old. Leave it: the next digest starts from what it said, if it is there.")
		}
		if err := markDoubtful(ctx, tx, post, ""); err != nil {
			return err
		}
		return resume(ctx, tx, id)
	})
}

// IsThere ends the doubt about a post the other way: an admin has looked, and it is
// there. What comes after it in a thread follows, unless it is the head of the thread
// that was in doubt: nobody knows then where the thread is.
func (d *Desk) IsThere(ctx context.Context, a ar.Actor, id ar.PostID) (post ar.Post, changed bool, err error) {
	return d.settleDoubt(ctx, a, id, "post.there", func(tx ar.Tx, post ar.Post) error {
		if err := markDoubtful(ctx, tx, post, Unseen); err != nil {
			return err
		}
		for _, part := range post.Parts {
			if part.No == 0 && part.TS != "" {
				return resume(ctx, tx, id)
			}
		}
		return tx.SetPost(ctx, id, ar.PostDone, "")
	})
}

// settleDoubt does something with a post that is in doubt, if it still is.
func (d *Desk) settleDoubt(ctx context.Context, a ar.Actor, id ar.PostID, action string, do func(ar.Tx, ar.Post) error) (post ar.Post, changed bool, err error) {
	if a.Outside || !a.Is(ar.Admin) {
		return ar.Post{}, false, ar.Forbid("Only an arbot admin can say what becomes of this.")
	}
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		changed = false
		if post, err = tx.Post(ctx, id); err != nil || post.State != ar.PostUnconfirmed {
			return err
		}
		if err := do(tx, post); err != nil {
			return err
		}
		changed = true
		before := post
		if post, err = tx.Post(ctx, id); err != nil {
			return err
		}
		return audit(ctx, tx, a, action, fmt.Sprintf("post/%d", id), doubtOf(before), doubtOf(post))
	})
	if err != nil {
		return ar.Post{}, false, fmt.Errorf("settle post %d: %w", id, err)
	}
	return post, changed, nil
}

// doubtOf is what the audit keeps of a post.
func doubtOf(p ar.Post) any {
	return map[string]any{"kind": p.Kind, "route": p.Route, "day": p.Day.String(), "state": p.State}
}

// markDoubtful takes the parts whose sending never ended for not sent, or marks them.
func markDoubtful(ctx context.Context, tx ar.Tx, post ar.Post, sum string) error {
	for _, part := range post.Parts {
		if !part.Sending {
			continue
		}
		if err := tx.SetPart(ctx, post.ID, ar.PostPart{No: part.No, Channel: part.Channel, Sum: sum}); err != nil {
			return err
		}
	}
	return nil
}

// resume has a post carried on. Somebody waits for it.
func resume(ctx context.Context, tx ar.Tx, id ar.PostID) error {
	if err := tx.SetPost(ctx, id, ar.PostPlanned, ""); err != nil {
		return err
	}
	return tx.Enqueue(ctx, ar.Notice{Post: id, ByHand: true})
}
