package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

func agingCommand() command {
	return command{
		name: "aging", aliases: []string{"ageing", "age", "buckets"}, usage: "[customer | owner <name>] [as of <date>] [by invoice date] [<currency>]",
		summary:  "what is owed by age, for the book, an account or an owner, as of any date",
		examples: []string{"aging", "aging acme", "aging owner dana@example.com", "aging as of 2026-09-30", "aging acme by invoice date"},
		shares:   true,
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			in, err := r.agingInput(ctx, args)
			if err != nil {
				return Answer{}, err
			}
			report, err := r.Desk.Aging(ctx, actor, in)
			if ar.KindOf(err) == ar.NotFound && r.datedAging(&in) {
				report, err = r.Desk.Aging(ctx, actor, in)
			}
			if err != nil {
				return Answer{Again: agingOf(in)}, err
			}
			return Answer{Card: r.agingCard(report)}, nil
		},
	}
}

// agingOf is the command that asks for the same aging of an account that takes
// the place of "%s".
func agingOf(in desk.AgingInput) string {
	text := "aging %s"
	if in.Basis == ar.ByInvoiceDate {
		text += " by invoice date"
	}
	if in.Currency != "" {
		text += " " + string(in.Currency)
	}
	if !in.AsOf.IsZero() {
		text += " as of " + in.AsOf.String()
	}
	return text
}

// agingInput takes what it knows out of the words: by invoice date, as of a
// date, a currency in capitals. What is left is a customer or an owner.
func (r *Router) agingInput(ctx context.Context, args arguments) (in desk.AgingInput, err error) {
	words := args.words
	if i := indexPhrase(words, "by", "invoice"); i >= 0 {
		in.Basis = ar.ByInvoiceDate
		words = cutPhrase(words, i, "date")
	}
	if i := indexPhrase(words, "by", "due"); i >= 0 {
		words = cutPhrase(words, i, "date")
	}
	if i := indexPhrase(words, "as", "of"); i >= 0 {
		if in.AsOf, words, err = r.cutAsOf(words, i); err != nil {
			return in, err
		}
	}
	if last := len(words) - 1; last >= 0 && isCurrency(words[last]) {
		in.Currency, words = ar.Currency(words[last]), words[:last]
	}
	return in, r.aimAging(ctx, arguments{words: words, picked: args.picked}, &in)
}

// longestDate is the most words that a date has: "end of the last month".
const longestDate = 5

// cutAsOf takes "as of" at i and the date behind it out of the words. The
// longest reading counts, so that "25 Nov 2025" is not 25 Nov.
func (r *Router) cutAsOf(words []string, i int) (ar.Date, []string, error) {
	behind := words[i+2:]
	if len(behind) == 0 {
		return ar.Date{}, nil, ar.Refuse("As of which date? Type it like %s aging as of 2026-09-30.", r.Slash)
	}
	for n := min(len(behind), longestDate); n > 0; n-- {
		if date, err := r.Desk.ReadAsOf(strings.Join(behind[:n], " ")); err == nil {
			return date, slices.Concat(words[:i], behind[n:]), nil
		}
	}
	_, err := r.Desk.ReadAsOf(strings.Join(behind, " "))
	return ar.Date{}, nil, err
}

// datedAging reads the end of what is no account's name as a date, typed without "as of":
// "yesterday", "acme 2026-09-30". It reports whether it is one.
func (r *Router) datedAging(in *desk.AgingInput) bool {
	words := strings.Fields(in.Account)
	if !in.AsOf.IsZero() {
		return false
	}
	for i := max(0, len(words)-longestDate); i < len(words); i++ {
		if date, err := r.Desk.ReadAsOf(strings.Join(words[i:], " ")); err == nil {
			in.Account, in.AsOf = strings.Join(words[:i], " "), date
			return true
		}
	}
	return false
}

// isCurrency reports whether a word is a currency's code in capitals; in other
// letters it may be a part of a name.
func isCurrency(word string) bool { return ar.Currency(word).Known() }

func (r *Router) aimAging(ctx context.Context, args arguments, in *desk.AgingInput) (err error) {
	words, text := args.words, args.text()
	if len(words) > 0 && (strings.EqualFold(words[0], "owner") || strings.EqualFold(words[0], "rep")) {
		in.Owner, err = r.owner(ctx, words[1:])
		return err
	}
	if mention.MatchString(text) {
		in.Owner, err = r.owner(ctx, words)
		return err
	}
	if id, ok := args.id(); ok && id.Customer != 0 {
		in.Customer = id.Customer
		return nil
	}
	in.Account = text
	return nil
}

func indexPhrase(words []string, first, second string) int {
	for i := 0; i+1 < len(words); i++ {
		if strings.EqualFold(words[i], first) && strings.EqualFold(words[i+1], second) {
			return i
		}
	}
	return -1
}

// cutPhrase takes two words at i out, and the word behind them if it is last.
func cutPhrase(words []string, i int, last string) []string {
	end := i + 2
	if end < len(words) && strings.EqualFold(words[end], last) {
		end++
	}
	return slices.Concat(words[:i], words[end:])
}

func (r *Router) agingCard(a desk.AgingReport) card.Card {
	title := agingTitle(a)
	c := card.New(agingSentence(a, title), card.Heading(title))
	if len(a.Money) == 0 {
		c.Add(card.Paragraph{card.T("Nothing was open.")})
	} else {
		c.Add(agingLine(a), agingTable(a))
	}
	c.Add(heldNote(a.Held)...)
	c.Add(partialNote(a.Partial)...)
	c.Add(hiddenNote(a.Hidden)...)
	return aged(c, a.Fresh, r.Desk.Settings().Zone)
}

func agingTitle(a desk.AgingReport) string {
	title := "Aging"
	switch {
	case a.Of != "":
		title += " of " + a.Of
	case a.Owner == "none":
		title += " of accounts without an owner"
	case a.Partial:
		title = "Your aging"
	}
	if a.Basis == ar.ByInvoiceDate {
		title += " by invoice date"
	}
	return title + ", " + a.AsOf.Long()
}

func agingSentence(a desk.AgingReport, title string) string {
	if len(a.Money) == 0 {
		return title + ": nothing was open."
	}
	net, overdue := netAndOverdue(a)
	if a.Basis == ar.ByInvoiceDate {
		return fmt.Sprintf("%s: %s net.", title, net)
	}
	return fmt.Sprintf("%s: %s overdue, %s net.", title, overdue, net)
}

// agingLine is the answer in a line. By invoice date nothing is overdue.
func agingLine(a desk.AgingReport) card.Paragraph {
	net, overdue := netAndOverdue(a)
	if a.Basis == ar.ByInvoiceDate {
		return card.Paragraph{card.B(net + " net")}
	}
	return card.Paragraph{card.B(overdue + " overdue"), card.T(" · " + net + " net")}
}

func netAndOverdue(a desk.AgingReport) (net, overdue string) {
	var nets, overdues []ar.Money
	for _, m := range a.Money {
		nets, overdues = append(nets, m.Net), append(overdues, m.Overdue)
	}
	return amounts(nets), amounts(overdues)
}

// agingTable has a row per bucket and a column per currency, so that it stays
// narrow on a phone.
func agingTable(a desk.AgingReport) card.Table {
	t := card.Table{Columns: []card.Column{{Title: "Days"}}}
	rows := make([][]string, a.Edges.Count()+1)
	for i := range a.Edges.Count() {
		rows[i] = []string{bucketCell(a.Edges, i)}
	}
	last := len(rows) - 1
	rows[last] = []string{"Unapplied"}
	total := []string{"Net A/R"}
	for _, m := range a.Money {
		t.Columns = append(t.Columns, card.Column{Title: string(m.Currency), Align: card.Right})
		for i, b := range m.Buckets {
			rows[i] = append(rows[i], b.String())
		}
		rows[last] = append(rows[last], m.Unapplied.Neg().String())
		total = append(total, m.Net.String())
	}
	t.Rows, t.Total = rows, total
	return t
}

func bucketCell(e ar.Edges, bucket int) string {
	if label := e.Label(bucket); label != "Current" {
		return label
	}
	return "Not due"
}

// heldNote says what of an aging is not chased: it is owed, and stands in the buckets.
func heldNote(held []ar.Breakdown) []card.Part {
	var words []string
	for _, b := range held {
		if b.Disputed.Sign() > 0 {
			words = append(words, b.Disputed.String()+" disputed")
		}
		if b.Promised.Sign() > 0 {
			words = append(words, b.Promised.String()+" promised")
		}
	}
	if len(words) == 0 {
		return nil
	}
	return []card.Part{card.Note{card.T("Of this, " + and(words) + ": it is owed, and not chased for now.")}}
}
