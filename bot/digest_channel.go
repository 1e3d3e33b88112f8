package bot

import (
	"context"
	"fmt"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// salesCards are the digest for the channel of sales, with the columns that the
// config allows there.
func (d *Digests) salesCards(g desk.Digest, shows func(desk.Column) bool) (card.Card, []card.Card) {
	money, owners, days := shows(desk.ShowAmount), shows(desk.ShowOwner), shows(desk.ShowDays)
	head := card.New(chaseSentence(g), card.Heading("Overdue by sales owner, "+g.Day.Long()), chaseLine(g))
	if !money {
		n := count(len(g.Chase.Lines), "account") + " to chase"
		head = card.New(n+" on "+g.Day.Long()+".", card.Heading("Overdue by sales owner, "+g.Day.Long()), card.Paragraph{card.B(n)})
	}
	head.Add(firstLook(g)...)
	var thread []card.Card
	if owners {
		list := card.List{}
		for _, o := range g.Owners {
			list = append(list, d.ownerLine(o, money))
			thread = append(thread, d.listCard(listing{
				title: d.salesOwner(o.Owner), list: ar.AccountList{Lines: o.Accounts, Sums: o.Amounts}, days: days, names: !money, acts: true,
			})...)
		}
		if len(list) > 0 {
			head.Add(list)
		}
	} else {
		head.Parts[0] = card.Heading("Overdue, " + g.Day.Long())
		thread = d.listCard(listing{title: "Accounts to chase", list: g.Chase, days: days, names: !money, acts: true})
	}
	head.Add(coveredNote(g.Covered.Lines)...)
	held := g.Held
	if !money {
		held = nil
	}
	head.Add(waitingNote(g.Waiting.Lines, held)...)
	if money {
		head.Add(paidLine(g)...)
		thread = append(thread, d.newsCards(g, newsColumns{owners: owners, dates: shows(desk.ShowDates)})...)
	}
	head.Add(d.footer(g)...)
	return head, thread
}

// ownerLine is what a sales owner has to chase, in a line.
func (d *Digests) ownerLine(o ar.OwnerLine, money bool) []card.Span {
	facts := []string{count(len(o.Accounts), "account"), "first " + o.Accounts[0].Name}
	if money {
		facts = append([]string{plusList(o.Amounts)}, facts...)
	}
	return []card.Span{card.B(d.salesOwner(o.Owner)), card.T(" " + strings.Join(facts, " · "))}
}

func (d *Digests) salesOwner(owner string) string {
	if owner == "" {
		return "Without an owner"
	}
	return d.ownerName(owner)
}

// bareCards are a digest for a channel that people from outside read: accounts,
// amounts and owners, and how old the figures are.
func (d *Digests) bareCards(g desk.Digest, sentence string, list ar.AccountList) []card.Card {
	head := card.New(sentence, card.Heading("Overdue on "+g.Day.Long()), card.Paragraph{card.B(sentence)})
	if !g.Fresh.DataAsOf.IsZero() {
		at := g.Fresh.DataAsOf
		head.Add(card.Note{card.T("Data as of "), card.When(at, at.In(d.Desk.Settings().Zone).Format("2 Jan 15:04 MST"))})
	}
	return append([]card.Card{head}, d.listCard(listing{title: "Accounts", list: list, owners: true})...)
}

// coverageNote says how many accounts have a sales owner, and whom nobody knows.
func (d *Digests) coverageNote(ctx context.Context, c desk.Coverage) []card.Part {
	if c.Accounts == 0 {
		return nil
	}
	unknown := d.unknownOwners(ctx, c)
	lost := 0
	names := make([]string, len(unknown))
	for i, o := range unknown {
		names[i], lost = o.Owner, lost+o.Accounts
	}
	owned := c.Accounts - c.None - lost
	verb := have(owned)
	if c.Accounts == 1 {
		verb = have(1) // none of one account has
	}
	says := fmt.Sprintf("Sales owners: %s of %s with something open %s one", grouped(owned), count(c.Accounts, "account"), verb)
	if c.None > 0 {
		says += fmt.Sprintf(", %s %s none", grouped(c.None), have(c.None))
		if len(c.Unowned) > 0 { // else they have unapplied credit alone
			says += fmt.Sprintf(" and %s %s", owe(c.None), amounts(c.Unowned))
		}
	}
	if lost > 0 {
		says += fmt.Sprintf(", %s %s one who cannot be reached in Slack (%s)", grouped(lost), have(lost), firstOf(names))
	}
	return []card.Part{card.Note{card.T(says + ".")}}
}

// have is the verb for so many accounts.
func have(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}

// owe is the verb for so many accounts.
func owe(n int) string {
	if n == 1 {
		return "owes"
	}
	return "owe"
}

// unknownOwners are the owners who cannot be told anything. While Slack does not say
// who is there, only those without an address are certain.
func (d *Digests) unknownOwners(ctx context.Context, c desk.Coverage) []desk.OwnerCount {
	var strangers []string
	if d.Known != nil {
		if found, err := d.Known.Strangers(ctx, c.Emails()); err == nil {
			strangers = found
		}
	}
	return c.Unknown(strangers)
}
