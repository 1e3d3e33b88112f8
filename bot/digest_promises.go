package bot

import (
	"fmt"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// promiseParts say which promises are due today, and which were broken since the digest
// before.
func (d *Digests) promiseParts(g desk.Digest) []card.Part {
	var parts []card.Part
	if due := g.Promises.Due; len(due) > 0 {
		parts = append(parts, card.Paragraph{card.B("Promises due today")}, d.promiseList(due, func(p desk.PromisePart) string {
			if p.Paid.Sign() > 0 {
				return fmt.Sprintf("%s, %s of it paid", p.Amount, p.Paid)
			}
			return p.Amount.String()
		}))
	}
	if broken := g.Promises.Broken; len(broken) > 0 {
		parts = append(parts, card.Paragraph{card.B("Broken since " + g.Since.Short())}, d.promiseList(broken, func(p desk.PromisePart) string {
			return lowerFirst(p.Sentence())
		}))
	}
	return parts
}

// promiseList names promises, with what is to be said of each.
func (d *Digests) promiseList(list []desk.PromisePart, says func(desk.PromisePart) string) card.List {
	var items card.List
	for _, p := range list[:min(len(list), digestTop)] {
		items = append(items, []card.Span{card.B(p.About()), card.T(" " + says(p))})
	}
	if more := len(list) - digestTop; more > 0 {
		items = append(items, []card.Span{card.T("and " + count(more, "more promise") + ", see "), card.Code(d.Slash + " promises late")})
	}
	return items
}

// keptLine says how well promises on a rep's accounts were kept.
func keptLine(g desk.Digest) []card.Part {
	if g.Promises.Kept.Judged == 0 {
		return nil
	}
	return []card.Part{card.Paragraph{card.B("Promises kept on your accounts: "), card.T(keptWords(g.Promises.Kept))}}
}

// accountRows are the first accounts of a rep, with a menu each.
func (d *Digests) accountRows(g desk.Digest) []card.Part {
	credit := map[ar.CustomerID][]ar.Money{}
	for _, l := range g.Unapplied.Lines {
		credit[l.Customer] = l.Amounts
	}
	var rows card.Rows
	lines := g.Chase.Lines
	for _, l := range lines[:min(len(lines), digestTop)] {
		words := append([]string{l.Name + " " + plusList(l.Amounts), count(l.OldestDays, "day")}, heldWords(g.Held[l.Customer])...)
		if c := credit[l.Customer]; len(c) > 0 {
			words = append(words, plusList(c)+" received, not applied")
		}
		rows = append(rows, card.Row{Text: strings.Join(words, " · "), Menu: accountActs(ar.Choice{Customer: l.Customer}, d.opens)})
	}
	parts := []card.Part{rows}
	if more := len(lines) - digestTop; more > 0 {
		parts = append(parts, card.Note{card.T("and " + count(more, "account") + " more, in the thread")})
	}
	return parts
}

// opens reports whether a form is there: those of the commands are.
func (d *Digests) opens(form string) bool {
	for _, c := range commands() {
		if c.name == form {
			return true
		}
	}
	return false
}
