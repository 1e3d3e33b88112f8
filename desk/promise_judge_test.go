package desk_test

import (
	"testing"
	"time"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
)

// What was cancelled today stands no more, also while the ledger is known up to
// yesterday only: the same can be promised anew, nothing of it is held back, and the
// cancelling can be taken back.
func TestCancelledOnOldData(t *testing.T) {
	t.Parallel()
	c := promising(t)
	c.Clock.Add(24 * time.Hour) // the ledger was not read today
	old := promise(t, c, desktest.Dana, "INV-7 500 2026-12-04")
	if _, changed, err := c.Desk.CancelPromise(t.Context(), desktest.Dana, old.ID); err != nil || !changed {
		t.Fatalf("cancel: %t, %v", changed, err)
	}
	list, err := c.Desk.Overdue(t.Context(), desktest.Nora, desk.OverdueInput{})
	if err != nil || len(list.HeldSums) != 0 {
		t.Errorf("held back: %+v, %v", list.HeldSums, err)
	}
	again := promise(t, c, desktest.Dana, "INV-7 500 2026-12-04")
	if !again.Created || again.ID == old.ID {
		t.Errorf("promised anew: %+v", again)
	}
	if _, _, err := c.Desk.UndoCancel(t.Context(), desktest.Dana, old.ID); ar.KindOf(err) != ar.Invalid {
		t.Errorf("both stand: %v", err)
	}
	if _, _, err := c.Desk.CancelPromise(t.Context(), desktest.Dana, again.ID); err != nil {
		t.Fatal(err)
	}
	if p, changed, err := c.Desk.UndoCancel(t.Context(), desktest.Dana, old.ID); err != nil || !changed || !p.Stands() {
		t.Errorf("undo of cancel: %t, %v", changed, err)
	}
}
