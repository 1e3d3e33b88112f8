package bot

import (
	"fmt"
	"strconv"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// digestPromises are the promises of a kind that a digest names; the command lists more.
const digestPromises = 5

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
		}, promiseWaits))
		parts = append(parts, d.morePromises(due, "today")...)
	}
	if broken := g.Promises.Broken; len(broken) > 0 {
		parts = append(parts, card.Paragraph{card.B("Broken since " + g.Since.Short())}, d.promiseList(broken, func(p desk.PromisePart) string {
			return lowerFirst(p.Sentence())
		}, promiseFailed))
		parts = append(parts, d.morePromises(broken, "late")...)
	}
	return parts
}

// promiseList names promises, with what is to be said of each and what can be done.
func (d *Digests) promiseList(list []desk.PromisePart, says func(desk.PromisePart) string, acts func(desk.PromisePart) []card.Act) card.Rows {
	var rows card.Rows
	for _, p := range list[:min(len(list), digestPromises)] {
		show := card.Act{Label: "Show the account", Action: pickAction, Value: "status " + PickID(ar.Choice{Customer: p.Customer})}
		rows = append(rows, card.Row{Text: p.About() + " · " + says(p), Menu: append(acts(p), show)})
	}
	return rows
}

// morePromises say how many promises a digest does not name, and where they stand.
func (d *Digests) morePromises(list []desk.PromisePart, of string) []card.Part {
	more := len(list) - digestPromises
	if more <= 0 {
		return nil
	}
	return []card.Part{card.Note{card.T("and " + count(more, "more promise") + ", see "), card.Code(d.Slash + " promises " + of)}}
}

// promiseWaits is what can be done with a promise that is due.
func promiseWaits(p desk.PromisePart) []card.Act {
	id := strconv.FormatInt(int64(p.ID), 10)
	return []card.Act{
		{Label: "Change the promise…", Action: promiseChangeForm, Value: id}, {Label: "Cancel the promise…", Action: promiseAskAction, Value: id},
	}
}

// promiseFailed is what can be done where a promise was broken.
func promiseFailed(p desk.PromisePart) []card.Act {
	about := PickID(ar.Choice{Customer: p.Customer, Document: p.Document})
	return []card.Act{
		{Label: "Record a new promise…", Action: promiseForm, Value: about}, {Label: "Log a call…", Action: callForm, Value: about},
	}
}

// keptLine says how well promises on a rep's accounts were kept.
func keptLine(g desk.Digest) []card.Part {
	if g.Promises.Kept.Judged == 0 {
		return nil
	}
	return []card.Part{card.Paragraph{card.B("Promises kept on your accounts: "), card.T(keptWords(g.Promises.Kept))}}
}

// accountRows are the first accounts to chase, with a menu each.
func (d *Digests) accountRows(g desk.Digest, owners bool) []card.Part {
	credit := map[ar.CustomerID][]ar.Money{}
	for _, l := range g.Unapplied.Lines {
		credit[l.Customer] = l.Amounts
	}
	var rows card.Rows
	lines := g.Chase.Lines
	for _, l := range lines[:min(len(lines), digestTop)] {
		words := []string{l.Name + " " + plusList(l.Amounts), count(l.OldestDays, "day")}
		if owners {
			words = append(words, d.ownerName(l.Owner))
		}
		words = append(words, heldWords(g.Held[l.Customer])...)
		words = append(words, d.hasWords(g, l.Customer)...)
		if c := credit[l.Customer]; len(c) > 0 {
			words = append(words, plusList(c)+" received, not applied")
		}
		rows = append(rows, card.Row{Text: strings.Join(words, " · "), Menu: accountActs(ar.Choice{Customer: l.Customer}, d.opens)})
	}
	parts := []card.Part{rows}
	if more := len(lines) - digestTop; more > 0 {
		parts = append(parts, card.Note{card.T("and " + count(more, "account") + " more, in the thread")})
	}
	taps := ownTaps
	if owners { // many read it, most of them on their way
		taps = 0
	}
	return append(parts, claimParts(g, taps)...)
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
