package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"arbot/ar"
	"arbot/bot/card"
)

const (
	undoAction = "undo"
	// undoTime is how long an Undo button works.
	undoTime = 10 * time.Minute
)

// undoable gives an answer its Undo button. The button says who acted and when, which is
// there for a sentence that fits: whether something may be taken back is decided by
// Routes.Undo, from what the books have of it.
func undoable(c Call, a Answer) Answer {
	if a.Undo == "" || a.Card.Text == "" {
		return a
	}
	if len(a.Card.Parts) == 0 {
		a.Card.Add(card.Paragraph{card.T(a.Card.Text)})
	}
	a.Card.Add(card.Buttons{{
		Label: "Undo", Action: undoAction, Value: fmt.Sprintf("%s %d %s", c.User, c.Received.Unix(), a.Undo),
		Accessible: "Undo: " + card.Truncate(a.Card.Text, 60),
	}})
	return a
}

// undo answers the press of an Undo button: by who acted, or by an admin, and not too
// late. What was undone stands in the place of the message, without the button.
func (r *Router) undo(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	who, rest, _ := strings.Cut(c.Value, " ")
	seconds, id, ok := strings.Cut(rest, " ")
	at, err := strconv.ParseInt(seconds, 10, 64)
	switch {
	case !ok || err != nil || id == "" || r.Undo == nil:
		return Answer{}, r.outdated()
	case who != actor.User && !actor.Is(ar.Admin):
		return Answer{}, ar.Forbid("Only who did this can undo it, or an admin.")
	case c.Received.Sub(time.Unix(at, 0)) > undoTime:
		return Answer{}, ar.Refuse("It is too late to undo this: the button works for %d minutes.", int(undoTime.Minutes()))
	}
	answer, err := r.Undo(ctx, actor, id)
	if err != nil {
		return answer, err
	}
	answer.Replace = true
	if !c.Ephemeral {
		answer.Card.Visibility = card.InChannel
	}
	return answer, nil
}
