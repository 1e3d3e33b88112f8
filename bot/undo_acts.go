package bot

import (
	"context"
	"strconv"
	"strings"

	"arbot/ar"
)

// undoer takes back something that was written into the books: id is its number,
// rest what else the name of what was done holds.
type undoer func(ctx context.Context, r *Router, actor ar.Actor, id int64, rest []string) (Answer, error)

// undoers are by the first word of Answer.Undo: "note/12", "dispute/12/reason/tax/other".
func undoers() map[string]undoer {
	return map[string]undoer{
		"dispute": undoDispute, "note": undoNote, "contact": undoContact,
		promiseUndo: undoPromise, promiseCancelUndo: undoPromiseCancel, claimUndo: undoClaim, snoozeUndo: undoSnooze, subscribeUndo: undoSubscribe,
	}
}

// undoAct takes back what an Answer.Undo of a command names. What it names comes
// from the person's client: whether it may be taken back is the desk's to say.
func (r *Router) undoAct(ctx context.Context, actor ar.Actor, id string) (Answer, error) {
	words := strings.Split(id, "/")
	if len(words) < 2 {
		return Answer{}, r.outdated()
	}
	undo := undoers()[words[0]]
	number, err := strconv.ParseInt(words[1], 10, 64)
	if undo == nil || err != nil {
		return Answer{}, r.outdated()
	}
	return undo(ctx, r, actor, number, words[2:])
}
