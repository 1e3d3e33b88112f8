package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

// most hits that are offered as choices; more are told by their number.
const mostChoices = 8

// most near misses that are offered where nothing matches.
const mostGuesses = 3

// Found is the one account, or the one document of it, that a text means.
type Found struct {
	Customer ar.CustomerID
	Document ar.DocumentID // 0 where the account itself is meant
}

// Find returns the account or document that the text means to this actor, or
// an *ar.Error: Ambiguous with the choices where several fit, NotFound with
// near misses where none does. It never takes the first of several.
func (d *Desk) Find(ctx context.Context, actor ar.Actor, text string) (Found, error) {
	scope, err := d.sees(actor)
	if err != nil {
		return Found{}, err
	}
	var found Found
	err = d.books.View(ctx, func(r ar.Reader) error {
		found, err = d.find(ctx, r, scope, text)
		return err
	})
	return found, err
}

func (d *Desk) find(ctx context.Context, r ar.Reader, scope ar.Scope, text string) (Found, error) {
	if strings.TrimSpace(text) == "" {
		return Found{}, ar.Refuse("Which account? Type a customer or an invoice number.")
	}
	matches, err := covered(ctx, r, scope, text)
	if err != nil {
		return Found{}, fmt.Errorf("find %q: %w", text, err)
	}
	found, hits, err := choose(text, matches)
	if known, ok := errors.AsType[*ar.Error](err); ok && len(hits) > 0 {
		if known.Choices, err = d.choices(ctx, r, scope, hits); err != nil {
			return Found{}, err
		}
		return Found{}, known
	}
	return found, err
}

// covered searches until it has enough matches within the scope, or all: the
// accounts of others must not crowd out one's own.
func covered(ctx context.Context, r ar.Reader, scope ar.Scope, text string) ([]ar.Match, error) {
	for limit := 4 * mostChoices; ; limit *= 4 {
		all, err := r.Find(ctx, text, limit)
		if err != nil {
			return nil, err
		}
		more := len(all) == limit
		mine := slices.DeleteFunc(all, func(m ar.Match) bool { return !scope.Covers(m.Owner) })
		if !more || len(mine) > mostChoices {
			return mine, nil
		}
	}
}

// choose decides between the matches: an exact one wins over parts of names,
// those win over typos, and within a rank there must be only one. With an error
// come the matches to offer.
func choose(text string, matches []ar.Match) (Found, []ar.Match, error) {
	for _, rank := range []func(ar.Match) bool{
		func(m ar.Match) bool { return m.Exact },
		func(m ar.Match) bool { return m.Within },
	} {
		switch hits := distinct(matches, rank); len(hits) {
		case 0:
		case 1:
			return Found{Customer: hits[0].Customer, Document: hits[0].Document}, nil, nil
		default:
			hits, err := ambiguous(text, hits)
			return Found{}, hits, err
		}
	}
	near := distinct(matches, func(ar.Match) bool { return true })
	if len(near) == 0 {
		return Found{}, nil, &ar.Error{
			Kind: ar.NotFound,
			Say:  fmt.Sprintf("No account of yours matches “%s”. Try a part of the name, or an invoice number.", text),
		}
	}
	return Found{}, near[:min(len(near), mostGuesses)], &ar.Error{
		Kind: ar.NotFound, Say: fmt.Sprintf("I know no “%s”. Did you mean:", text),
	}
}

// distinct keeps one match for each account, and for each document apart; an
// account that matched by its name is not offered again by its alias.
func distinct(matches []ar.Match, keep func(ar.Match) bool) []ar.Match {
	var hits []ar.Match
	seen := map[Found]bool{}
	for _, m := range matches {
		key := Found{Customer: m.Customer, Document: m.Document}
		if keep(m) && !seen[key] {
			seen[key] = true
			hits = append(hits, m)
		}
	}
	return hits
}

func ambiguous(text string, hits []ar.Match) ([]ar.Match, error) {
	say := fmt.Sprintf("“%s” fits %s. Which one?", text, counted(hits))
	if len(hits) > mostChoices {
		say = fmt.Sprintf("“%s” fits more than %d accounts. Here are the best; type more of the name for others.", text, mostChoices)
		hits = hits[:mostChoices]
	}
	return hits, &ar.Error{Kind: ar.Ambiguous, Say: say}
}

// counted says how many of what there are: accounts, invoices or both.
func counted(hits []ar.Match) string {
	documents := 0
	for _, m := range hits {
		if m.Document != 0 {
			documents++
		}
	}
	switch documents {
	case 0:
		return fmt.Sprintf("%d accounts", len(hits))
	case len(hits):
		return fmt.Sprintf("%d invoices", len(hits))
	}
	return fmt.Sprintf("%d accounts and invoices", len(hits))
}

// choices labels the matches. Where two would read the same, each says what it
// owes: people know their accounts by that, not by our ids.
func (d *Desk) choices(ctx context.Context, r ar.Reader, scope ar.Scope, hits []ar.Match) ([]ar.Choice, error) {
	list := make([]ar.Choice, len(hits))
	same := map[string]int{}
	for i, m := range hits {
		list[i] = ar.Choice{Label: m.Name, Customer: m.Customer, Document: m.Document}
		if m.Document != 0 {
			list[i].Label = m.Label + " · " + m.Name
		}
		same[list[i].Label]++
	}
	for i, m := range hits {
		if same[list[i].Label] == 1 {
			continue
		}
		owes, err := d.owes(ctx, r, scope, m)
		if err != nil {
			return nil, err
		}
		list[i].Label += " · " + owes
		if m.Number != "" && m.Document == 0 {
			list[i].Label += " (no. " + m.Number + ")"
		}
	}
	return list, nil
}

// owes says what the account of a match, or its document, owes.
func (d *Desk) owes(ctx context.Context, r ar.Reader, scope ar.Scope, m ar.Match) (string, error) {
	if m.Document != 0 {
		doc, err := r.Document(ctx, m.Document)
		return doc.Amount.String() + " of " + doc.Date.Long(), err
	}
	rows, err := r.Aging(ctx, ar.AgingQuery{
		Rule: ar.NewAgingRule(d.Today(), ar.ByDueDate), Group: ar.ByCustomer, Customers: []ar.CustomerID{m.Customer}, Scope: scope,
	})
	if err != nil {
		return "", fmt.Errorf("what customer %d owes: %w", m.Customer, err)
	}
	var owed []string
	for _, row := range rows {
		net, err := row.Net()
		if err != nil {
			return "", fmt.Errorf("what customer %d owes: %w", m.Customer, err)
		}
		owed = append(owed, net.String())
	}
	if len(owed) == 0 {
		return "owes nothing", nil
	}
	return "owes " + strings.Join(owed, " + "), nil
}
