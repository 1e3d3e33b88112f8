package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// Syncs reads ledgers when somebody asks for it.
type Syncs interface {
	// Sync begins to read the ledgers of these names, all for none, and returns at once.
	// How it goes is told to the user (by the chat system's id) in a direct message. An
	// *ar.Error says why it does not begin.
	Sync(ctx context.Context, user string, ledgers []string) error
	// ConnectURL is a link, good for a short time, by which a ledger is connected (anew).
	ConnectURL(ctx context.Context, user, ledger string) (string, error)
}

func syncCommand() command {
	return command{
		name: "sync", aliases: []string{"ledgers", "health"}, usage: "[now [ledger] | status]",
		summary:  "how the ledgers are, and, for admins, to read them now",
		examples: []string{"sync", "sync now"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			word := ""
			if len(args.words) > 0 {
				word = strings.ToLower(args.words[0])
			}
			switch word {
			case "", "status", "state":
				return r.syncStatus(ctx, actor)
			case "now", "start":
				return r.syncNow(ctx, actor, args.words[1:])
			}
			return Answer{}, ar.Refuse("I do not understand “%s”. Type %s sync status, or %s sync now.", card.Truncate(args.words[0], 40), r.Slash, r.Slash)
		},
		routes: func(r *Router) Routes {
			return Routes{Buttons: map[string]Handler{reconnectAction: r.reconnect, takeInAction: r.takeIn}, Files: r.dropped}
		},
	}
}

func (r *Router) syncNow(ctx context.Context, actor ar.Actor, ledgers []string) (Answer, error) {
	if err := r.Desk.MaySync(actor); err != nil {
		return Answer{}, err
	}
	if r.Syncs == nil {
		return Answer{}, ar.Refuse("Ledgers cannot be read from here. Type on the server: arbot sync")
	}
	if err := r.Syncs.Sync(ctx, actor.User, ledgers); err != nil {
		return Answer{}, err
	}
	return Answer{Card: card.New("The sync has begun. How far it is stands in our direct message.")}, nil
}

func (r *Router) syncStatus(ctx context.Context, actor ar.Actor) (Answer, error) {
	ledgers, err := r.Desk.SyncStatus(ctx, actor)
	if err != nil {
		return Answer{}, err
	}
	return Answer{Card: r.syncCard(ledgers, actor.Is(ar.Admin))}, nil
}

func (r *Router) syncCard(ledgers []desk.LedgerState, admin bool) card.Card {
	if len(ledgers) == 0 {
		return card.New("There is no ledger: an admin adds one under ledgers: in arbot.yaml.")
	}
	zone, now := r.Desk.Settings().Zone, r.Desk.Now()
	var sentences []string
	c := card.New("", card.Heading("Ledgers"))
	for _, l := range ledgers {
		says := ledgerSays(l, now)
		sentences = append(sentences, l.Name+": "+says)
		c.Add(card.Paragraph{card.B(l.Name), card.T(ledgerTitle(l) + ": " + says)}, ledgerFields(l, zone))
		c.Add(tieOutLines(l.Source)...)
		c.Add(leftOutLines(l.Source.LeftOut)...)
		if admin && r.Syncs != nil && l.Health.State == ar.NeedsReconnecting {
			c.Add(card.Buttons{{Label: "Reconnect " + l.Name, Action: reconnectAction, Value: l.Name, Style: card.Primary}})
		}
	}
	c.Text = strings.Join(sentences, " ")
	return c
}

func ledgerTitle(l desk.LedgerState) string {
	if title := l.Title(); title != l.Name {
		return " (" + title + ")"
	}
	return ""
}

// ledgerSays is how a ledger is, in a sentence.
func ledgerSays(l desk.LedgerState, now time.Time) string {
	run := l.Source.Run
	switch {
	case !l.Connected():
		return "not connected. On the server type: arbot connect quickbooks " + l.Name
	case l.Health.State != ar.Healthy:
		return strings.TrimSpace(string(l.Health.State) + ": " + l.Health.Why)
	case run.Running():
		return "is being read since " + age(now.Sub(run.Started)) + progress(run) + "."
	case run.Fault != "" && l.Manual:
		return "the last file was not taken in: " + run.Fault
	case run.Fault != "":
		return "the last sync failed: " + run.Fault
	case l.Source.Synced.IsZero():
		return "was never read yet."
	case l.Stale:
		return "the data is " + age(now.Sub(l.Source.DataAsOf)) + " old."
	}
	return "ok."
}

func ledgerFields(l desk.LedgerState, zone *time.Location) card.Fields {
	s, run := l.Source, l.Source.Run
	fields := card.Fields{{Label: "Data as of", Value: instant(s.DataAsOf, zone)}, {Label: "Last good sync", Value: instant(s.Synced, zone)}}
	if run.ID != 0 && !run.Running() {
		kind := "changes"
		if run.Full {
			kind = "everything"
		}
		fields = append(fields, card.Field{Label: "Last read", Value: fmt.Sprintf("%s: %s new, %s changed, %s removed, %s as before",
			kind, grouped(run.Added), grouped(run.Changed), grouped(run.Removed), grouped(run.Unchanged))})
	}
	return append(fields, card.Field{Label: "Next", Value: nextRead(l, zone)})
}

func instant(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return at(t, zone)
}

func nextRead(l desk.LedgerState, zone *time.Location) string {
	switch {
	case !l.Connected():
		return "when it is connected"
	case l.Health.State == ar.NeedsReconnecting:
		return "when it is connected again"
	case l.Every == 0:
		return "before the next digest"
	case l.Next.IsZero():
		return "soon"
	}
	return at(l.Next, zone)
}

func tieOutLines(s ar.Source) []card.Part {
	var parts []card.Part
	for _, t := range s.TieOuts {
		line := fmt.Sprintf("agrees with the ledger to the cent, as of %s: %s.", t.AsOf.Long(), t.Ours)
		if diff, err := t.Difference(); err == nil && !t.Ties() {
			line = fmt.Sprintf("%s off as of %s: %s here, %s in the ledger.", diff.Abs(), t.AsOf.Long(), t.Ours, t.Ledger)
		}
		parts = append(parts, card.Paragraph{card.B("Tie-out: "), card.T(strings.TrimSpace(line + " " + t.Because))})
	}
	return parts
}

// mostLeftOut is how many sentences about what was left out the card shows; `arbot doctor`
// has them all.
const mostLeftOut = 5

// leftOutLines say what could not be read, or looks wrong.
func leftOutLines(said []string) []card.Part {
	if len(said) == 0 {
		return nil
	}
	list := card.List{}
	for _, line := range said[:min(len(said), mostLeftOut)] {
		list = append(list, []card.Span{card.T(line)})
	}
	if more := len(said) - mostLeftOut; more > 0 {
		list = append(list, []card.Span{card.T(fmt.Sprintf("and %s more: arbot doctor lists them.", grouped(more)))})
	}
	return []card.Part{card.Paragraph{card.B("Left out, or looks wrong:")}, list}
}

// reconnectAction is the action of the button that gives a link to connect a ledger.
const reconnectAction = "reconnect"

// The topics of alerts (see desk.Desk.AlertOn) whose cards have that button.
const (
	reconnectTopic = "reconnect/"
	expiryTopic    = "expires/"
)

// ReconnectTopic is the topic of an alert that a ledger has to be connected anew, for one
// time that it became so.
func ReconnectTopic(ledger string, since time.Time) string {
	return fmt.Sprintf("%s%d/%s", reconnectTopic, since.Unix(), ledger)
}

// ExpiryTopic is the topic of an alert that all access to a ledger will end.
func ExpiryTopic(ledger string) string { return expiryTopic + ledger }

// reconnects reads the ledger from such a topic.
func reconnects(topic string) (ledger string, ok bool) {
	if ledger, ok := strings.CutPrefix(topic, expiryTopic); ok {
		return ledger, true
	}
	rest, ok := strings.CutPrefix(topic, reconnectTopic)
	_, ledger, found := strings.Cut(rest, "/")
	return ledger, ok && found
}

// reconnect answers the button with a link. It is made when it is asked for, since it
// holds for ten minutes and for whoever has it.
func (r *Router) reconnect(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	if !actor.Is(ar.Admin) {
		return Answer{}, ar.Forbid("Only an admin can connect a ledger.")
	}
	if r.Syncs == nil {
		return Answer{}, ar.Refuse("Ledgers cannot be connected from here. Type on the server: arbot connect quickbooks %s", c.Value)
	}
	link, err := r.Syncs.ConnectURL(ctx, actor.User, c.Value)
	if err != nil {
		return Answer{}, err
	}
	say := "Open QuickBooks, choose the company and allow the access. The link works once, for ten minutes, and for whoever has it: keep it to yourself."
	return Answer{Card: card.New(say, card.Paragraph{card.T(say)}, card.Buttons{{Label: "Open QuickBooks", URL: link, Style: card.Primary}})}, nil
}
