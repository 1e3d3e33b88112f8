package ar

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// NoteID names a note.
type NoteID int64

// CallOutcome is how a call to a customer ended.
type CallOutcome string

// The outcomes of a call; a note that is no call has none.
const (
	CallReached      CallOutcome = "reached"
	CallLeftMessage  CallOutcome = "left message"
	CallNoAnswer     CallOutcome = "no answer"
	CallWrongContact CallOutcome = "wrong contact"
	CallPromised     CallOutcome = "promised"
	CallDisputed     CallOutcome = "disputed"
	CallRefused      CallOutcome = "refused to pay"
)

// CallOutcomes lists the outcomes in the order in which they are offered.
func CallOutcomes() []CallOutcome {
	return []CallOutcome{CallReached, CallPromised, CallLeftMessage, CallNoAnswer, CallWrongContact, CallDisputed, CallRefused}
}

// ParseCallOutcome reads one of the outcomes.
func ParseCallOutcome(s string) (CallOutcome, error) {
	folded := fold(CleanTyped(s))
	list := make([]string, 0, len(CallOutcomes()))
	for _, o := range CallOutcomes() {
		if folded == string(o) {
			return o, nil
		}
		list = append(list, string(o))
	}
	return "", Refuse("%q is not how a call ends. Choose one of %s.", s, strings.Join(list, ", "))
}

// LongestNote is how many characters a note may have.
const LongestNote = 3000

// Note is what somebody wrote down about an account, or a call that was made.
type Note struct {
	ID       NoteID
	Customer CustomerID
	Document DocumentID // 0 for the customer as a whole
	Text     string
	// Call is how the call ended; "" where there was none.
	Call CallOutcome
	Made Act
}

// Check refuses a note that says nothing, or too much.
func (n Note) Check() error {
	length := utf8.RuneCountInString(n.Text)
	switch {
	case n.Call == "" && strings.TrimSpace(n.Text) == "":
		return Refuse("The note is empty. Write what the customer said.")
	case length > LongestNote:
		return Refuse("The note has %d characters, %d are the most. Shorten it.", length, LongestNote)
	}
	return nil
}

// ContactFact is something that one must know to get paid.
type ContactFact string

// The facts about who really pays.
const (
	// FactContact is who pays bills over there: a name and how to reach them.
	FactContact ContactFact = "AP contact"
	// FactPO is whether invoices need an order number, and which.
	FactPO ContactFact = "PO"
	// FactPortal is where invoices must be handed in, or that there is none.
	FactPortal ContactFact = "portal"
)

// ContactFacts are what is known about who pays for a customer.
type ContactFacts struct {
	Customer CustomerID
	// Known holds what was said, by fact; "none" is an answer, too.
	Known map[ContactFact]string
	Made  Act // of the latest change
}

// Missing lists the facts that nobody has told yet, in the order in which they
// are asked.
func (c ContactFacts) Missing() []ContactFact {
	var missing []ContactFact
	for _, f := range []ContactFact{FactContact, FactPO, FactPortal} {
		if strings.TrimSpace(c.Known[f]) == "" {
			missing = append(missing, f)
		}
	}
	return missing
}

// AskBefore is how many business days before an invoice falls due its sales
// owner is asked who really pays.
const AskBefore = 5

// Ask returns the first open item, by due date, for which it is time to ask who
// pays: it falls due within AskBefore business days and facts are missing.
func (c ContactFacts) Ask(items []OpenItem, today Date, w Workdays) (OpenItem, []ContactFact, bool) {
	missing := c.Missing()
	if len(missing) == 0 {
		return OpenItem{}, nil, false
	}
	var first OpenItem
	for _, i := range items {
		if !i.Owed() || i.Customer != c.Customer || i.Due.Before(today) || i.Due.After(w.Add(today, AskBefore)) {
			continue
		}
		if i.PO != "" && len(missing) == 1 && missing[0] == FactPO {
			continue // the invoice itself answers it
		}
		if first.ID == 0 || i.Due.Before(first.Due) {
			first = i
		}
	}
	return first, missing, first.ID != 0
}

// String names the fact as a question asks for it.
func (f ContactFact) String() string {
	switch f {
	case FactContact:
		return "who pays the bills there, and how to reach them"
	case FactPO:
		return "whether they need an order number on the invoice"
	case FactPortal:
		return "whether invoices must go through a portal"
	}
	return fmt.Sprintf("the %s", string(f))
}
