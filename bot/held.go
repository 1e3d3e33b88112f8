package bot

import (
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// heldIn is what is disputed and promised in a currency, the zero value where nothing is.
func heldIn(list []ar.Breakdown, c ar.Currency) ar.Breakdown {
	i := slices.IndexFunc(list, func(b ar.Breakdown) bool { return b.Currency == c })
	if i < 0 {
		return ar.Breakdown{}
	}
	return list[i]
}

// heldFields are what is disputed and promised, each a line of its own: it is still
// owed, and stands in the buckets all the same (case PP-01).
func heldFields(b ar.Breakdown) card.Fields {
	var fields card.Fields
	for _, f := range []struct {
		label          string
		whole, overdue ar.Money
	}{{"Disputed", b.Disputed, b.OverdueDisputed}, {"Promised", b.Promised, b.OverduePromised}} {
		switch {
		case f.whole.IsZero():
		case f.whole == f.overdue:
			fields = append(fields, card.Field{Label: f.label, Value: f.whole.String()})
		default:
			fields = append(fields, card.Field{Label: f.label, Value: fmt.Sprintf("%s, %s of it overdue", f.whole, f.overdue)})
		}
	}
	return fields
}

func appendOver0(list []ar.Money, m ar.Money) []ar.Money {
	if m.Sign() > 0 {
		list = append(list, m)
	}
	return list
}

// heldClause says in a sentence about what is overdue what of it is not chased.
func heldClause(promised, disputed []ar.Money, nothingLeft bool) string {
	var words []string
	if len(promised) > 0 {
		words = append(words, amounts(promised)+" of it is promised")
	}
	if len(disputed) > 0 {
		words = append(words, amounts(disputed)+" of it is disputed")
	}
	says := "; " + and(words)
	if nothingLeft {
		says += ", and nothing is left to chase"
	}
	return says
}

// heldWords say what of an account's overdue is not chased: "$500.00 promised by Fri 4
// Dec 2026".
func heldWords(list []desk.Held) []string {
	var words []string
	for _, h := range list {
		if h.OverduePromised.Sign() > 0 {
			words = append(words, promisedWords(h))
		}
		if h.OverdueDisputed.Sign() > 0 {
			words = append(words, fmt.Sprintf("%s disputed", h.OverdueDisputed))
		}
	}
	return words
}

func promisedWords(h desk.Held) string {
	if h.Several {
		return fmt.Sprintf("%s promised, the first by %s", h.OverduePromised, h.By.Long())
	}
	return fmt.Sprintf("%s promised by %s", h.OverduePromised, h.By.Long())
}

func anyHeld(lines []ar.AccountLine, held map[ar.CustomerID][]desk.Held) bool {
	return slices.ContainsFunc(lines, func(l ar.AccountLine) bool { return len(heldWords(held[l.Customer])) > 0 })
}

// waitingNote names the accounts of which nothing is chased since it is promised or
// disputed.
func waitingNote(lines []ar.AccountLine, held map[ar.CustomerID][]desk.Held) []card.Part {
	if len(lines) == 0 {
		return nil
	}
	names := make([]string, len(lines))
	for i, l := range lines {
		names[i] = l.Name
		if words := heldWords(held[l.Customer]); len(words) > 0 {
			names[i] += " (" + strings.Join(words, ", ") + ")"
		}
	}
	return []card.Part{card.Paragraph{card.B("Not to chase for now: "), card.T(firstOf(names))}}
}

// accountActs is the menu of a line about an account.
func (r *Router) accountActs(id ar.Choice) []card.Act {
	return accountActs(id, func(form string) bool { return r.Forms[form].Fill != nil })
}

// accountActs are the acts on an account or invoice, those whose forms are there.
func accountActs(id ar.Choice, there func(form string) bool) []card.Act {
	value := PickID(id)
	var acts []card.Act
	for _, act := range []card.Act{
		{Label: "Record a promise…", Action: promiseForm, Value: value},
		{Label: "Dispute…", Action: disputeForm, Value: value},
		{Label: "Note…", Action: noteForm, Value: value},
		{Label: "Log a call…", Action: callForm, Value: value},
	} {
		if there(act.Action) {
			acts = append(acts, act)
		}
	}
	return append(acts, card.Act{Label: "Show the account", Action: pickAction, Value: "status " + value})
}

// overdueLines are the accounts of a list: a table, and one's own with a menu each.
func (r *Router) overdueLines(l desk.OverdueList) []card.Part {
	if !l.Mine {
		return append([]card.Part{r.accountTable(l.Lines, l.Held, l.More, l.Owner == "")}, promiseOf(l)...)
	}
	var rows card.Rows
	for _, line := range l.Lines {
		words := append([]string{line.Name + " " + plusList(line.Amounts), count(line.OldestDays, "day")}, heldWords(l.Held[line.Customer])...)
		rows = append(rows, card.Row{Text: strings.Join(words, " · "), Menu: r.accountActs(ar.Choice{Customer: line.Customer})})
	}
	parts := []card.Part{rows}
	if l.More > 0 {
		parts = append(parts, card.Note{card.T(fmt.Sprintf("and %s more: type top %d", grouped(l.More), len(l.Lines)+l.More))})
	}
	return parts
}

// mostOptions are the options that a menu has room for.
const mostOptions = 100

// promiseOf are menus that open the forms for an account of a table, whose lines have no
// room for one each.
func promiseOf(l desk.OverdueList) []card.Part {
	var parts []card.Part
	if l.MayRecord {
		parts = append(parts, accountMenu("Record a promise of", promiseForm, l.Lines)...)
		parts = append(parts, accountMenu("Claim", claimAction, l.Lines)...)
	}
	if l.MayEscalate {
		parts = append(parts, accountMenu("Escalate", escalateForm, l.Lines)...)
	}
	return parts
}

// accountMenu opens a form for one of some accounts.
func accountMenu(label, form string, lines []ar.AccountLine) []card.Part {
	if len(lines) == 0 {
		return nil
	}
	menu := card.Select{Label: label, Action: form}
	for _, line := range lines[:min(len(lines), mostOptions)] {
		menu.Options = append(menu.Options, card.Option{Value: PickID(ar.Choice{Customer: line.Customer}), Label: line.Name})
	}
	return []card.Part{menu}
}

// accountPromises are the promises of an account that are waited for.
func (r *Router) accountPromises(a desk.Account) []card.Part {
	if len(a.Promises) == 0 {
		return nil
	}
	parts := []card.Part{card.Paragraph{card.B("Promised")}, r.promiseRows(a.Promises, false)}
	if a.MorePromises > 0 {
		parts = append(parts, card.Note{card.T("and " + count(a.MorePromises, "more promise") + ": "), card.Code(r.Slash + " promises " + a.Name)})
	}
	return parts
}

// accountButtons are what can be recorded of an account, or of the invoice that was
// asked for.
func (r *Router) accountButtons(a desk.Account) []card.Part {
	of, owes := ar.Choice{Customer: a.ID}, len(a.Items) > 0
	if a.Invoice != nil {
		of, owes = ar.Choice{Document: a.Asked.ID}, a.Asked.Owed()
	}
	var buttons card.Buttons
	for _, act := range r.accountActs(of) {
		written := act.Action == noteForm || act.Action == callForm // by whoever sees the account
		if act.Action != pickAction && (written || owes && a.MayRecord) {
			buttons = append(buttons, card.Button{Label: act.Label, Action: act.Action, Value: act.Value})
		}
	}
	overdue := slices.ContainsFunc(a.Money, func(m ar.Standing) bool { return !m.Overdue.IsZero() })
	if overdue && a.Claim.ID == 0 {
		buttons = append(buttons, card.Button{Label: "Claim", Action: claimAction, Value: PickID(ar.Choice{Customer: a.ID}), Accessible: "Claim " + a.Name})
	}
	if overdue && a.MayRecord {
		buttons = append(buttons, card.Button{Label: "Snooze…", Action: snoozeForm, Value: PickID(of), Accessible: "Put off " + a.Name})
	}
	if late := a.Invoice == nil && overdue || a.Invoice != nil && owes && a.Asked.Due.Before(a.Day); late && a.MayEscalate {
		buttons = append(buttons, card.Button{Label: "Escalate…", Action: escalateForm, Value: PickID(of), Accessible: "Escalate " + a.Name})
	}
	if len(buttons) == 0 {
		return nil
	}
	return []card.Part{buttons}
}
