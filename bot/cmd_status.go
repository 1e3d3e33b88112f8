package bot

import (
	"context"
	"fmt"
	"strconv"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

func statusCommand() command {
	return command{
		name: "status", aliases: []string{"account", "show", "s"}, usage: "<customer or invoice>",
		summary:  "what an account owes, since when, and how it pays",
		examples: []string{"status acme", "status INV-1042", "status acme share"},
		shares:   true,
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			if args.text() == "" {
				return Answer{}, ar.Refuse("Which account? Type a customer or an invoice number, like %s status acme.", r.Slash)
			}
			in := desk.StatusInput{Text: args.text()}
			if id, ok := args.id(); ok {
				in = desk.StatusInput{Customer: id.Customer, Document: id.Document}
			}
			account, err := r.Desk.Status(ctx, actor, in)
			if err != nil {
				return Answer{Again: "status %s"}, err
			}
			return Answer{Card: r.statusCard(account)}, nil
		},
		routes: func(r *Router) Routes {
			return Routes{Buttons: map[string]Handler{remindAction: r.remind}, Links: r.links}
		},
	}
}

// parseID reads an id as it stands in a button's value: c12 for a customer,
// d345 for a document. It is a name, never a right.
func parseID(s string) (ar.Choice, bool) {
	if len(s) < 2 {
		return ar.Choice{}, false
	}
	n, err := strconv.ParseInt(s[1:], 10, 64)
	switch {
	case err != nil || n <= 0:
		return ar.Choice{}, false
	case s[0] == 'c':
		return ar.Choice{Customer: ar.CustomerID(n)}, true
	case s[0] == 'd':
		return ar.Choice{Document: ar.DocumentID(n)}, true
	}
	return ar.Choice{}, false
}

func (r *Router) statusCard(a desk.Account) card.Card {
	c := card.New(statusSentence(a), card.Heading(accountTitle(a)))
	if a.Asked != nil {
		c.Add(card.Paragraph{card.B(a.Asked.Label()), card.T(documentSays(*a.Asked, a.Day))})
		c.Add(invoiceParts(a)...)
	}
	for _, m := range a.Money {
		c.Add(moneyParts(m, heldIn(a.Held, m.Currency), len(a.Money) > 1)...)
	}
	if len(a.Money) == 0 {
		c.Add(card.Paragraph{card.T("Nothing is open.")})
	}
	c.Add(r.accountFacts(a))
	if len(a.Items) > 0 {
		c.Add(itemList(a))
	}
	c.Add(r.accountPromises(a)...)
	c.Add(r.accountWritten(a)...)
	c.Add(r.accountButtons(a)...)
	c.Add(hiddenNote(a.Hidden)...)
	return aged(c, a.Fresh, r.Desk.Settings().Zone)
}

func accountTitle(a desk.Account) string {
	title := a.Name
	if a.ParentName != "" {
		title += " (part of " + a.ParentName + ")"
	}
	switch {
	case a.Deleted:
		title += " – deleted in the ledger"
	case a.Inactive:
		title += " – inactive"
	}
	return title
}

// statusSentence is what a phone shows on its lock screen and a screen reader
// says: it stands alone.
func statusSentence(a desk.Account) string {
	var owed, credit, overdue []ar.Money
	oldest, covered := 0, true
	var promised, disputed []ar.Money
	for _, h := range a.Held {
		promised, disputed = appendOver0(promised, h.OverduePromised), appendOver0(disputed, h.OverdueDisputed)
	}
	for _, m := range a.Money {
		switch m.Net.Sign() {
		case 1:
			owed = append(owed, m.Net)
		case -1:
			credit = append(credit, m.Net.Abs())
		}
		if !m.Overdue.IsZero() {
			overdue = append(overdue, m.Overdue)
			oldest = max(oldest, a.Day.Sub(m.OldestDue))
		}
		covered = covered && m.ToChase.IsZero()
	}
	says := a.Name + " owes " + amounts(owed)
	if len(owed) > 0 {
		says += " net"
	}
	if len(credit) > 0 {
		says += " and has " + amounts(credit) + " of credit"
	}
	switch {
	case len(overdue) == 0 && len(owed) > 0:
		says += "; nothing is overdue"
	case len(overdue) > 0:
		says += "; " + amounts(overdue) + " is overdue, the oldest by " + count(oldest, "day")
		switch {
		case len(promised)+len(disputed) > 0:
			says += heldClause(promised, disputed, covered)
		case covered:
			says += ", but as much came in and is not applied yet: do not chase it"
		}
	}
	return asked(a) + says + "."
}

// asked is the sentence about the document that was asked for, "" where none
// was.
func asked(a desk.Account) string {
	if a.Asked == nil {
		return ""
	}
	return a.Asked.Label() + documentSays(*a.Asked, a.Day) + " "
}

// documentSays is what goes behind a document's label.
func documentSays(i ar.OpenItem, day ar.Date) string {
	var says string
	switch {
	case i.Status != ar.Posted, i.Open.IsZero() && !i.Date.After(day):
		says = fmt.Sprintf("%s, %s", i.Amount.Abs(), settledWord(i.Document))
	case i.Date.After(day):
		says = fmt.Sprintf("%s, dated ahead and not counted yet", i.Amount.Abs())
	case i.Owed():
		says = fmt.Sprintf("%s open of %s, %s", i.Open, i.Amount, dueWords(i, day))
	default:
		says = fmt.Sprintf("%s of %s is credit, not applied yet", i.Open.Abs(), i.Amount.Abs())
	}
	return fmt.Sprintf(" of %s: %s.", i.Date.Long(), says)
}

func settledWord(d ar.Document) string {
	switch d.Status {
	case ar.Void:
		return "void"
	case ar.Deleted:
		return "deleted in the ledger"
	case ar.Draft:
		return "a draft"
	case ar.Posted:
	}
	return "settled, nothing open"
}

func dueWords(i ar.OpenItem, day ar.Date) string {
	late := i.DaysOverdue(day)
	words := "due " + i.Due.Short()
	switch {
	case late > 0:
		words = count(late, "day") + " overdue"
	case i.Due == day:
		words = "due today"
	}
	if i.DueBasis == ar.DueMissing {
		words += " (no due date)"
	}
	return words
}

func moneyParts(m ar.Standing, held ar.Breakdown, several bool) []card.Part {
	line := card.Paragraph{card.B(m.Overdue.String() + " overdue"), card.T(" · " + m.Net.String() + " net")}
	if m.Overdue.IsZero() {
		line = card.Paragraph{card.B(m.Net.String() + " net"), card.T(" · nothing overdue")}
	}
	if several {
		line = append(card.Paragraph{card.T(string(m.Currency) + ": ")}, line...)
	}
	parts := []card.Part{line, bucketFields(m, held)}
	if !m.Overdue.IsZero() && m.ToChase.IsZero() && held.OverduePromised.IsZero() && held.OverdueDisputed.IsZero() {
		parts = append(parts, card.Paragraph{card.B("Do not chase it: "), card.T("as much as is overdue came in and is not applied yet.")})
	}
	return parts
}

// bucketFields are the buckets, the unapplied credit as a line of its own, and
// what is left to chase.
func bucketFields(m ar.Standing, held ar.Breakdown) card.Fields {
	edges := ar.DefaultEdges(ar.ByDueDate)
	fields := card.Fields{}
	for i, b := range m.Buckets {
		if i == 0 || !b.IsZero() {
			fields = append(fields, card.Field{Label: bucketName(edges, i), Value: b.String()})
		}
	}
	if !m.Unapplied.IsZero() {
		fields = append(fields, card.Field{Label: "Unapplied credit", Value: m.Unapplied.Neg().String()})
	}
	fields = append(fields, heldFields(held)...)
	return append(fields, card.Field{Label: "To chase", Value: m.ToChase.String()})
}

func bucketName(e ar.Edges, bucket int) string {
	label := e.Label(bucket)
	if label == "Current" {
		return "Not due yet"
	}
	return label + " days"
}

func (r *Router) accountFacts(a desk.Account) card.Fields {
	facts := card.Fields{}
	if a.LastPayment != nil {
		facts = append(facts, card.Field{
			Label: "Last payment", Value: a.LastPayment.Amount.Abs().String() + " on " + a.LastPayment.Date.Short(),
		})
	}
	for _, p := range a.Pays {
		label := "Pays in"
		if len(a.Pays) > 1 {
			label += " (" + string(p.Currency) + ")"
		}
		facts = append(facts, card.Field{Label: label, Value: paysIn(p.PaySpeed)})
	}
	if a.Kept.Judged > 0 {
		facts = append(facts, card.Field{Label: "Promises kept", Value: keptWords(a.Kept)})
	}
	facts = append(facts,
		card.Field{Label: "Terms", Value: a.Terms},
		card.Field{Label: "Sales owner", Value: r.ownerName(a.Owner)})
	if a.Collector != "" {
		facts = append(facts, card.Field{Label: "Collector", Value: r.Desk.PersonName(a.Collector)})
	}
	facts = append(facts, r.holderFacts(a)...)
	if len(a.Children) > 0 {
		facts = append(facts, card.Field{Label: "Includes", Value: childNames(a.Children)})
	}
	return facts
}

func paysIn(p ar.PaySpeed) string {
	text := tenths(p.DaysToPayTenths)
	switch {
	case p.DaysLateTenths > 0:
		text += ", " + tenths(p.DaysLateTenths) + " late"
	case p.DaysLateTenths < 0:
		text += ", " + tenths(-p.DaysLateTenths) + " early"
	default:
		text += ", on time"
	}
	return text + " on average (" + count(p.Invoices, "invoice") + ")"
}

func (r *Router) ownerName(owner string) string { return ownerName(r.Desk, owner) }

func ownerName(d *desk.Desk, owner string) string {
	if owner == "" {
		return "nobody yet"
	}
	return d.PersonName(owner)
}

func childNames(children []ar.Customer) string {
	names := make([]string, len(children))
	for i, c := range children {
		names[i] = c.Name
	}
	return firstOf(names)
}

func itemList(a desk.Account) card.List {
	list := card.List{}
	below := map[ar.CustomerID]string{}
	for _, c := range a.Children {
		below[c.ID] = " · " + c.Name
	}
	for _, i := range a.Items {
		list = append(list, []card.Span{card.B(i.Label()), card.T(" " + i.Open.String() + " · " + dueWords(i, a.Day) + below[i.Customer])})
	}
	if a.MoreItems > 0 {
		list = append(list, []card.Span{card.T("and " + count(a.MoreItems, "more open invoice"))})
	}
	return list
}
