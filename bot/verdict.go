package bot

import (
	"context"
	"fmt"
	"net/url"
	"regexp"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// verdict is the post that says what became of a promise: in the thread where it was
// made, or, where nobody can answer there any more, to who made it.
func (d *Digests) verdict(ctx context.Context, p ar.Post) (Composed, error) {
	v, err := d.Desk.Verdict(ctx, p)
	if err != nil {
		return Composed{}, err
	}
	to := Destination{User: v.Made.By}
	if channel, ts, ok := messageOf(v.Made.Where); ok {
		to.Channel, to.Thread = channel, ts
	}
	return Composed{To: to, Head: d.verdictCard(v), Empty: v.End != ""}, nil
}

func (d *Digests) verdictCard(v desk.ToldVerdict) card.Card {
	of := v.About()
	if len(v.Parts) > 1 {
		of += fmt.Sprintf(" (part %d of %d)", v.No, len(v.Parts))
	}
	says := fmt.Sprintf("Promise of %s: %s", of, lowerFirst(v.Sentence()))
	c := card.New(says, card.Paragraph{card.B("Promise of " + of + ": "), card.T(lowerFirst(v.Sentence()))})
	c.Add(noted(v.Note)...)
	c.Add(card.Buttons(verdictButtons(v)), card.Note{card.T(fmt.Sprintf("Recorded on %s by ", v.Made.On.Long())), card.User(v.Made.By), card.T(". " + verdictNext(v))})
	return aged(c, v.Fresh, d.Desk.Settings().Zone)
}

// verdictNext says what happens next.
func verdictNext(v desk.ToldVerdict) string {
	switch {
	case v.State.Failed():
		return "What is overdue is chased again."
	case v.State == ar.PromiseOpen:
		return "I keep watching it."
	}
	return "Nothing is left to do."
}

func verdictButtons(v desk.ToldVerdict) []card.Button {
	about := ar.Choice{Customer: v.Customer, Document: v.Document}
	var buttons []card.Button
	if v.State.Failed() {
		buttons = append(buttons, card.Button{Label: "Record a new promise…", Action: promiseForm, Value: PickID(about), Style: card.Primary})
	}
	return append(buttons, card.Button{Label: "Show the account", Action: pickAction, Value: "status " + PickID(about)})
}

var (
	archivePath = regexp.MustCompile(`^/archives/([CDG][A-Z0-9]+)/p(\d{10})(\d{6})$`)
	threadStamp = regexp.MustCompile(`^\d{10}\.\d{6}$`)
)

// messageOf reads the address of a message as Slack gives it: its channel, and the
// message that heads its thread, or could.
func messageOf(link string) (channel, ts string, ok bool) {
	address, err := url.Parse(link)
	if err != nil || address.Scheme != "https" {
		return "", "", false
	}
	m := archivePath.FindStringSubmatch(address.Path)
	if m == nil {
		return "", "", false
	}
	if thread := address.Query().Get("thread_ts"); threadStamp.MatchString(thread) {
		return m[1], thread, true
	}
	return m[1], m[2] + "." + m[3], true
}
