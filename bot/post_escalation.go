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

// escalation is the message of an escalation.
func (d *Digests) escalation(ctx context.Context, p ar.Post) (Composed, error) {
	e, err := d.Desk.EscalationOf(ctx, p)
	if err != nil {
		return Composed{}, err
	}
	return Composed{To: d.escalationTo(e), Head: d.router().escalationCard(e), Empty: e.State.Over()}, nil
}

func (d *Digests) escalationTo(e desk.Escalation) Destination {
	if e.Channel != "" {
		return Destination{Channel: e.Channel}
	}
	to := d.personTo(e.To, e.Opened.On)
	to.Instead = d.Fallback
	return to
}

// headWait is how long what belongs into a thread waits for its head.
const headWait = 30 * time.Second

// escalationNews is what is said in the thread of an escalation.
func (d *Digests) escalationNews(ctx context.Context, p ar.Post) (Composed, error) {
	news, means, err := d.Desk.EscalationNewsOf(ctx, p)
	if err != nil {
		return Composed{}, err
	}
	if over := news.State.Over() && news.TS == ""; over || !means { // over before it was posted: nobody knows of it
		return Composed{Empty: true, Head: card.New("This is settled meanwhile.")}, nil
	}
	if news.TS == "" {
		return Composed{}, &RetryLaterError{After: headWait, Err: fmt.Errorf("the message of escalation %d is not there yet", news.ID)} //nolint:err113 // nobody decides on it
	}
	return Composed{To: Destination{Channel: news.Channel, Thread: news.TS, User: news.Opened.By}, Head: d.newsCard(news)}, nil
}

func (d *Digests) newsCard(n desk.EscalationNews) card.Card {
	zone := d.Desk.Settings().Zone
	id := escalationValue(n.ID)
	mine := card.Buttons{{Label: "Mine", Action: mineAction, Value: id, Style: card.Primary, Accessible: "I take " + n.About() + " on"}}
	switch n.Topic {
	case desk.ToldAsked:
		says := fmt.Sprintf("Nobody has taken %s yet. It was to be taken by %s; %s", n.About(), n.Due.Long(), owedSince(n.EscalationFacts, n.Owed))
		return aged(card.New(says, card.Paragraph{card.B(says)}, mine), n.Fresh, zone)
	case desk.ToldReopened:
		says := fmt.Sprintf("%s is open again: who had it gave it back, or did nothing about it. To be taken by %s.", n.About(), n.Due.Long())
		return card.New(says, card.Paragraph{card.B(says)}, mine)
	case desk.ToldApproved:
		says := fmt.Sprintf("%s is on credit hold: two people agreed. For whoever keeps the ledger: nothing more on credit until %s is paid. arbot changes nothing in the ledger.", n.Account.Name, amounts(n.Overdue))
		return aged(card.New(says, card.Paragraph{card.B(says)}), n.Fresh, zone)
	}
	says := n.About() + ": " + settledWords(n.Escalation)
	if n.Kind == ar.ProposeHold {
		says += " The credit hold can be lifted in the ledger."
	}
	line := card.Paragraph{card.B(says)}
	if by := tookIt(n); by != "" {
		line = append(line, card.T(" It was with "), card.User(by), card.T("."))
	}
	return aged(card.New(says, line), n.Fresh, zone)
}

// tookIt is who had it last; "" for nobody.
func tookIt(n desk.EscalationNews) (user string) {
	for _, s := range n.Steps {
		if s.State == ar.EscalationTaken {
			user = s.By
		}
	}
	return user
}

// ladderReport tells AR what the ladder would post.
func (d *Digests) ladderReport(ctx context.Context, p ar.Post) (Composed, error) {
	view, err := d.Desk.ShadowReport(ctx, p)
	if err != nil {
		return Composed{}, err
	}
	return Composed{
		To:    Destination{Channel: d.Desk.Settings().Ladder.Channel},
		Head:  aged(d.router().shadowCard(ctx, view), view.Fresh, d.Desk.Settings().Zone),
		Empty: len(view.Lines) == 0,
	}, nil
}

// mostSteps are the steps that a report names.
const mostSteps = 15

func (r *Router) shadowCard(ctx context.Context, s desk.ShadowReport) card.Card {
	if len(s.Lines) == 0 {
		return card.New("The ladder would post nothing on " + s.Day.Long() + ".")
	}
	why := "it is not turned on"
	if s.Live {
		why = "their ledger is new"
	}
	says := fmt.Sprintf("The ladder would post %s on %s. Nothing is posted: %s.", count(len(s.Lines), "escalation"), s.Day.Long(), why)
	c := card.New(says, card.Paragraph{card.B(says)})
	list := card.List{}
	for _, l := range s.Lines[:min(len(s.Lines), mostSteps)] {
		list = append(list, r.stepSpans(ctx, l))
	}
	if more := len(s.Lines) - mostSteps; more > 0 {
		list = append(list, []card.Span{card.T("and " + count(more, "more escalation"))})
	}
	c.Add(list)
	if s.Live {
		c.Add(card.Note{card.T(strings.TrimSpace(newLedgersWords(s.New)))})
		return c
	}
	if !s.From.IsZero() && !s.Day.Before(s.From) {
		c.Add(card.Buttons{{Label: "Turn the ladder on", Action: ladderOnAction, Value: "on", Style: card.Primary, Confirm: "From the next business day on, rungs are posted to the people and channels of the config."}})
		return c
	}
	c.Add(card.Note{card.T(fmt.Sprintf("In its first %d business days the ladder only shows this. AR can turn it on from %s: ", r.Desk.Settings().Ladder.ShadowDays, s.From.Long())), card.Code(r.Slash + " ladder on")})
	return c
}

// stepSpans is one step: who, how far, where it goes, and why.
func (r *Router) stepSpans(ctx context.Context, l desk.LadderLine) []card.Span {
	return []card.Span{card.B(l.Account.Name), card.T(fmt.Sprintf(", to %s: %s", r.goesTo(ctx, l), l.Why))}
}

// goesTo is where a step goes.
func (r *Router) goesTo(ctx context.Context, l desk.LadderLine) string {
	if l.Channel != "" {
		return r.channelName(ctx, l.Channel)
	}
	return r.Desk.PersonName(l.To)
}
