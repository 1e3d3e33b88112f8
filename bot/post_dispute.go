package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// disputeReminder is the direct message that lists what a person has to resolve.
func (d *Digests) disputeReminder(ctx context.Context, p ar.Post) (Composed, error) {
	view, err := d.Desk.DisputeReminders(ctx, p)
	if err != nil {
		return Composed{}, err
	}
	if len(view.Lines) == 0 {
		return Composed{Empty: true, Head: card.New("All of these disputes are resolved by now.")}, nil
	}
	to := Destination{User: view.User}
	if view.Email != "" {
		to = d.personTo(view.Email, p.Day)
	}
	return Composed{To: to, Head: d.reminderCard(view)}, nil
}

func (d *Digests) reminderCard(view desk.Reminders) card.Card {
	r := d.router()
	says := fmt.Sprintf("%s to be resolved.", count(len(view.Lines), "dispute"))
	if late := lateOnes(view.Lines); late > 0 {
		says = fmt.Sprintf("%s to be resolved, %d late.", count(len(view.Lines), "dispute"), late)
	}
	c := card.New(says, card.Paragraph{card.B(says)})
	for _, line := range view.Lines {
		id := strconv.FormatInt(int64(line.ID), 10)
		c.Add(card.Paragraph{card.B(r.disputeLine(line, view.Day))})
		c.Add(noted(card.Truncate(line.Note, longestLine))...)
		c.Add(card.Buttons{
			{Label: "Resolve…", Action: resolveForm, Value: id + amongOthers, Accessible: "Resolve the dispute of " + line.Invoice.Label()},
			{Label: "Show", Action: showAction, Value: id, Accessible: "Show the dispute of " + line.Invoice.Label()},
		})
	}
	c.Add(card.Note{card.T("I say it again every second business day while a dispute is late.")})
	return aged(c, view.Fresh, r.Desk.Settings().Zone)
}

func lateOnes(lines []desk.Dispute) (n int) {
	for _, d := range lines {
		if d.Late() {
			n++
		}
	}
	return n
}

// router lends the wording of answers to posts.
func (d *Digests) router() *Router {
	return &Router{RouterConfig: RouterConfig{Desk: d.Desk, Slash: d.Slash, Places: d.Places}}
}

// disputeQuestion asks whether what the ledger brought resolved a dispute: in the
// thread where it was recorded, else of who has to resolve it.
func (d *Digests) disputeQuestion(ctx context.Context, p ar.Post) (Composed, error) {
	view, ask, err := d.Desk.SuggestedResolution(ctx, p)
	if err != nil || !ask {
		return Composed{Empty: true, Head: card.New("This dispute is resolved by now, or what spoke for it is gone.")}, err
	}
	return Composed{To: d.whereAsked(view, p.Day), Head: d.questionCard(view)}, nil
}

func (d *Digests) whereAsked(view desk.SuggestedResolution, day ar.Date) Destination {
	to := Destination{User: view.To}
	if strings.Contains(view.To, "@") {
		to = d.personTo(view.To, day)
	}
	to.Channel, to.Thread, _ = messageOf(view.Opened.Where)
	return to
}

func (d *Digests) questionCard(view desk.SuggestedResolution) card.Card {
	s := view.Suggestion
	says := fmt.Sprintf("Was the dispute of %s resolved? %s", view.Invoice.Label(), s.Why)
	id := strconv.FormatInt(int64(view.ID), 10)
	c := card.New(says, card.Paragraph{card.B(says)}, card.Paragraph{card.T("Disputed: " + disputeSays(view.Dispute) + ".")})
	c.Add(noted(view.Note)...)
	c.Add(card.Buttons{
		{Label: "Resolve: " + string(s.Outcome), Action: creditedAction, Value: id + " " + string(s.Outcome), Style: card.Primary},
		{Label: "Not this", Action: notThisAction, Value: id},
		{Label: "Resolve otherwise…", Action: resolveForm, Value: id},
	}, card.Note{
		card.T("Until somebody says so, the amount stays disputed. Recorded on " + view.Opened.On.Long() + " by "), card.User(view.Opened.By),
	})
	return aged(c, view.Fresh, d.Desk.Settings().Zone)
}
