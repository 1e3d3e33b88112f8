package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// The forms and buttons of escalations and credit holds.
const (
	escalateForm         = "escalate"
	escalationChangeForm = "escalation_change"
	holdForm             = "hold"
	mineAction           = "escalation_mine"
	whyAction            = "escalation_why"
	withdrawAction       = "escalation_withdraw"
	agreeAction          = "hold_agree"
	rejectAction         = "hold_reject"
)

// escalationID reads the value of a button of an escalation.
func escalationID(text string) (ar.EscalationID, error) {
	n, err := strconv.ParseInt(strings.TrimPrefix(text, "#"), 10, 64)
	if err == nil && n <= 0 {
		err = strconv.ErrRange
	}
	return ar.EscalationID(n), err
}

func escalationValue(id ar.EscalationID) string { return strconv.FormatInt(int64(id), 10) }

// escalationCard is the message of an escalation, or of the proposal of a credit hold, as
// it stands now.
func (r *Router) escalationCard(e desk.Escalation) card.Card {
	c := card.New(escalationSentence(e), card.Heading(escalationTitle(e)))
	c.Add(card.Paragraph{card.B(owedSince(e.EscalationFacts, e.Owed))})
	c.Add(escalationState(e)...)
	if !e.Stands() {
		c.Add(escalationNote(e)...)
		return aged(c, e.Fresh, r.Desk.Settings().Zone)
	}
	c.Add(askLines(e.Ask)...)
	c.Add(r.escalationFields(e))
	c.Add(r.factParts(e.EscalationFacts)...)
	c.Add(r.escalationButtons(e))
	c.Add(escalationNote(e)...)
	return aged(c, e.Fresh, r.Desk.Settings().Zone)
}

func escalationTitle(e desk.Escalation) string {
	switch {
	case e.Kind == ar.ProposeHold && e.State == ar.EscalationApproved:
		return "Credit hold: " + e.About()
	case e.Kind == ar.ProposeHold:
		return "Credit hold proposed: " + e.About()
	}
	return "Escalated: " + e.About()
}

// escalationSentence stands alone: it is the notification.
func escalationSentence(e desk.Escalation) string {
	switch {
	case e.State == ar.EscalationPaid:
		return fmt.Sprintf("%s: what was escalated is settled. Thank you.", e.About())
	case !e.Stands():
		return fmt.Sprintf("%s: the escalation was %s.", e.About(), e.State)
	case e.Kind == ar.ProposeHold && e.State == ar.EscalationApproved:
		return fmt.Sprintf("Credit hold of %s approved: %s overdue.", e.About(), amounts(e.Overdue))
	case e.Kind == ar.ProposeHold:
		return fmt.Sprintf("A credit hold of %s is proposed: %s overdue. Two people must agree.", e.About(), amounts(e.Overdue))
	case e.State == ar.EscalationTaken:
		return fmt.Sprintf("%s: %s Somebody has taken it.", e.About(), owedSince(e.EscalationFacts, e.Owed))
	}
	return fmt.Sprintf("%s: %s To be taken by %s.", e.About(), owedSince(e.EscalationFacts, e.Owed), e.Due.Long())
}

// owedSince says what is owed and since when; was is what was overdue when it was told.
func owedSince(f desk.EscalationFacts, was []ar.Money) string {
	if len(f.Overdue) == 0 {
		return fmt.Sprintf("%s was overdue; nothing is any more.", amounts(was))
	}
	return fmt.Sprintf("%s overdue, the oldest since %s (%s).", amounts(f.Overdue), f.OldestDue.Long(), count(f.Day.Sub(f.OldestDue), "day"))
}

// askLines is what is asked, in the words of who asks.
func askLines(ask string) []card.Part {
	var parts []card.Part
	for line := range strings.SplitSeq(ask, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			parts = append(parts, card.Paragraph(withPeople(line)))
		}
	}
	return parts
}

// escalationState says who has it, or how it ended.
func escalationState(e desk.Escalation) []card.Part {
	by := func(says string, s ar.EscalationState) []card.Part {
		for _, step := range slices.Backward(e.Steps) {
			if step.State == s {
				line := card.Paragraph{card.B(says)}
				if step.By != "" {
					line = append(line, card.T(" "), card.User(step.By))
				}
				return []card.Part{append(line, card.T(" on "+step.On.Long()+"."))}
			}
		}
		return []card.Part{card.Paragraph{card.B(says + ".")}}
	}
	switch e.State {
	case ar.EscalationTaken:
		return by("Taken by", e.State)
	case ar.EscalationPaid:
		return []card.Part{card.Paragraph{card.B(settledWords(e))}}
	case ar.EscalationWithdrawn:
		return by("Withdrawn by", e.State)
	case ar.EscalationReplaced:
		return by("Another escalation of it took its place", e.State)
	case ar.EscalationSeconded:
		return by("Seconded by", e.State)
	case ar.EscalationApproved:
		return by("Approved by", e.State)
	case ar.EscalationRejected:
		return by("Rejected by", e.State)
	case ar.EscalationOpen:
	}
	return nil
}

// settledWords say how an escalation ended, with a word of thanks.
func settledWords(e desk.Escalation) string {
	if len(e.Settled.Paid) > 0 {
		return "Paid: " + amounts(e.Settled.Paid) + ". Thank you!"
	}
	return "Nothing of it is owed any more. Thank you!"
}

func (r *Router) escalationFields(e desk.Escalation) card.Fields {
	if e.Kind == ar.ProposeHold && e.State != ar.EscalationApproved {
		return card.Fields{{Label: "Needed", Value: holdNeeds(e)}, {Label: "Sales owner", Value: r.ownerName(e.Account.Owner)}}
	}
	fields := card.Fields{{Label: "Sales owner", Value: r.ownerName(e.Account.Owner)}}
	if e.State == ar.EscalationOpen {
		fields = append(card.Fields{{Label: "To be taken by", Value: e.Due.Long()}}, fields...)
	}
	return fields
}

// holdNeeds says whose agreement a credit hold waits for.
func holdNeeds(e desk.Escalation) string {
	if e.Proposer() == "" {
		return "one person to second it, another to approve it"
	}
	return "another person to approve it"
}

// factParts are what a reader needs to act: invoices, promises, disputes, who did what.
func (r *Router) factParts(f desk.EscalationFacts) []card.Part {
	var parts []card.Part
	if f.Item == nil && len(f.Items) > 0 {
		list := card.List{}
		for _, i := range f.Items {
			list = append(list, []card.Span{card.B(i.Label()), card.T(" " + i.Open.String() + " · " + dueWords(i, f.Day))})
		}
		if f.More > 0 {
			list = append(list, []card.Span{card.T("and " + count(f.More, "more invoice"))})
		}
		parts = append(parts, list)
	}
	list := card.List{}
	for _, o := range f.Broken {
		list = append(list, []card.Span{card.T(o.Sentence())})
	}
	for _, p := range f.Promises {
		list = append(list, []card.Span{card.T(upperFirst(promiseSays(p)) + ", waited for")})
	}
	if len(list) > 0 {
		parts = append(parts, card.Paragraph{card.B("Promised")}, list)
	}
	if len(f.Disputes) > 0 {
		list := card.List{}
		for _, d := range f.Disputes {
			list = append(list, []card.Span{card.T(r.disputeLine(d, f.Day))})
		}
		parts = append(parts, card.Paragraph{card.B("Disputed")}, list)
	}
	return append(parts, latelyDone(f)...)
}

// latelyDone says who did what last, and who has the account.
func latelyDone(f desk.EscalationFacts) []card.Part {
	list := card.List{}
	for _, e := range f.Lately.Events {
		list = append(list, eventLine(e, f.Lately))
	}
	if f.Claim != nil {
		list = append(list, []card.Span{card.T("Claimed by "), card.User(f.Claim.Holder()), card.T(" since " + f.Claim.Made.On.Long())})
	}
	if len(list) == 0 {
		return []card.Part{card.Paragraph{card.T("Nobody has written anything down about it.")}}
	}
	return []card.Part{card.Paragraph{card.B("Who did what")}, list}
}

func (r *Router) escalationButtons(e desk.Escalation) card.Buttons {
	id, of := escalationValue(e.ID), PickID(ar.Choice{Customer: e.Customer, Document: e.Document})
	why := card.Button{Label: "Why did I get this?", Action: whyAction, Value: id}
	if e.Kind == ar.ProposeHold {
		if e.State == ar.EscalationApproved {
			return card.Buttons{{Label: "Lift the hold", Action: withdrawAction, Value: id, Confirm: "Lift the credit hold of " + e.Account.Name + "? Tell whoever keeps the ledger, too."}, why}
		}
		agree := card.Button{Label: "Approve", Action: agreeAction, Value: id, Style: card.Primary}
		if e.Proposer() == "" {
			agree.Label = "Second it"
		}
		return card.Buttons{agree, {Label: "Reject", Action: rejectAction, Value: id, Confirm: "Reject the credit hold of " + e.Account.Name + "?"}, why}
	}
	buttons := card.Buttons{}
	if e.State == ar.EscalationOpen {
		buttons = append(buttons, card.Button{Label: "Mine", Action: mineAction, Value: id, Style: card.Primary, Accessible: "I take " + e.About() + " on"})
	}
	return append(buttons,
		card.Button{Label: "Record a promise…", Action: promiseForm, Value: of},
		card.Button{Label: "Note…", Action: noteForm, Value: of},
		why,
		card.Button{Label: "Change…", Action: escalationChangeForm, Value: id, Accessible: "Change the words of the escalation of " + e.About()},
	)
}

// escalationNote says where it comes from and what happens next.
func escalationNote(e desk.Escalation) []card.Part {
	what := "Escalation"
	if e.Kind == ar.ProposeHold {
		what = "Proposal"
	}
	from := []card.Span{card.T(fmt.Sprintf("%s #%d, by the ladder on %s. ", what, e.ID, e.Opened.On.Long()))}
	if e.Opened.By != "" {
		from = []card.Span{card.T(fmt.Sprintf("%s #%d, by ", what, e.ID)), card.User(e.Opened.By), card.T(" on " + e.Opened.On.Long() + ". ")}
	}
	next := ""
	switch {
	case !e.Stands():
	case e.State == ar.EscalationApproved:
		next = "Whoever keeps the ledger enforces it: arbot changes nothing there. I say here when all is paid."
	case e.Kind == ar.ProposeHold:
		next = "Two people must agree: who proposed it cannot approve it. arbot announces it, and changes nothing in the ledger."
	case e.State == ar.EscalationOpen:
		next = "If nobody takes it by then I ask again here. Answers in this thread are kept by the message's menu, Note."
	default:
		next = "I ask nobody else while they do something about it. Answers in this thread are kept by the message's menu, Note."
	}
	return []card.Part{card.Note(append(from, card.T(next)))}
}
