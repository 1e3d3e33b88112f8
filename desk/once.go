package desk

import (
	"context"
	"slices"

	"arbot/ar"
)

// sentBefore reports whether what a person sends was sent before: two presses of a form's
// button are one act. Of two at once one is the first, whatever the replicas, and what it
// does is there when the other is told. The name "" is of what is new each time.
func sentBefore(ctx context.Context, tx ar.Tx, form string) (bool, error) {
	if form == "" {
		return false, nil
	}
	first, err := tx.FirstSeen(ctx, "sent/"+form)
	return !first, err
}

// errTakenBack says that what was sent before is not there any more.
func errTakenBack() error {
	return &ar.Error{Kind: ar.NotFound, Say: "You sent this before, and it was taken back since. Open the form again to write it anew."}
}

// sentNote finds the note that the actor made of a form before.
func sentNote(ctx context.Context, r ar.Reader, actor ar.Actor, note ar.Note) (ar.Note, error) {
	of := ar.NoteFilter{Customers: []ar.CustomerID{note.Customer}, By: actor.User}
	if note.Document != 0 {
		of = ar.NoteFilter{Documents: []ar.DocumentID{note.Document}, By: actor.User}
	}
	notes, err := r.Notes(ctx, of)
	if err != nil {
		return ar.Note{}, err
	}
	i := slices.IndexFunc(notes, func(n ar.Note) bool { return n.Document == note.Document && n.Text == note.Text && n.Call == note.Call })
	if i < 0 {
		return ar.Note{}, errTakenBack()
	}
	return notes[i], nil
}

// sentDispute finds the dispute that the actor opened by a form before.
func sentDispute(ctx context.Context, r ar.Reader, actor ar.Actor, id ar.DocumentID, note string) (ar.Dispute, error) {
	all, err := r.Disputes(ctx, ar.DisputeFilter{Documents: []ar.DocumentID{id}})
	if err != nil {
		return ar.Dispute{}, err
	}
	found := ar.Dispute{}
	for _, d := range all {
		if d.Opened.By == actor.User && d.Note == note && d.ID > found.ID && !Undone(d) {
			found = d
		}
	}
	if found.ID == 0 {
		return found, errTakenBack()
	}
	return found, nil
}
