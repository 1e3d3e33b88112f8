package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"arbot/ar"
)

// mostNameWords is how many words a customer or an invoice is looked for by.
const mostNameWords = 4

// FindLeading finds the account or invoice that a text begins with, as few words as name
// an invoice and as many as name a customer, and how many words that took. Like Find it
// never takes one of several. Nor does it take an account for a part of its name where
// the text may name another one: of "Cedar Metals pays late", typed by somebody who sees
// Cedar Foods alone, it says that it knows no Cedar Metals.
func (d *Desk) FindLeading(ctx context.Context, actor ar.Actor, words []string) (found Found, taken int, err error) {
	scope, err := d.sees(actor)
	if err != nil {
		return Found{}, 1, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		found, taken, err = d.findLeading(ctx, r, scope, words[:min(len(words), mostNameWords)])
		return err
	})
	return found, taken, err
}

func (d *Desk) findLeading(ctx context.Context, r ar.Reader, scope ar.Scope, words []string) (Found, int, error) {
	var best, other lead
	var unknown error
	for n := 1; n <= len(words); n++ {
		text := strings.Join(words[:n], " ")
		found, err := d.find(ctx, r, scope, text)
		switch known, refused := errors.AsType[*ar.Error](err); {
		case err != nil && !refused:
			return Found{}, 1, err
		case n == 1 && refused && known.Kind == ar.Ambiguous && slices.ContainsFunc(known.Choices, func(c ar.Choice) bool { return c.Document != 0 }):
			return Found{}, 1, err // two invoices of one number
		case n == 1:
			unknown = err
		}
		if err == nil && found.Document != 0 {
			return found, n, nil
		}
		all, failed := r.Find(ctx, text, 4*mostChoices)
		if failed != nil {
			return Found{}, 1, fmt.Errorf("find %q: %w", text, failed)
		}
		for _, m := range all {
			switch mine := scope.Covers(m.Owner); {
			case mine && err == nil && m.Customer == found.Customer && (n == 1 || m.Whole):
				best = lead{m, n}
			case !mine && m.Document == 0 && (m.Exact || n > 1 && (m.Whole || !m.Within && m.Score >= anotherName)):
				other = lead{m, n}
			}
		}
	}
	if best.words == 0 {
		return Found{}, 1, unknown
	}
	if other.words > best.words || other.words == best.words && other.Exact && !best.Exact {
		return Found{}, best.words, d.unknownName(ctx, r, scope, strings.Join(words[:other.words], " "), best.Match, errOthers)
	}
	if n := best.properName(words); n > best.words {
		return Found{}, best.words, d.unknownName(ctx, r, scope, strings.Join(words[:n], " "), best.Match, nil)
	}
	return Found{Customer: best.Customer}, best.words, nil
}

// anotherName is how well, from 0 to 1, words must fit an account of others to be taken for its name.
const anotherName = 0.8

// errOthers says that words name an account of others.
var errOthers = errors.New("an account that the actor does not see")

// lead is an account that the first words of a text fit.
type lead struct {
	ar.Match

	words int
}

// properName is how many words the name has that the text seems to give to an account of
// which only a part was found: "Cedar Metals" where Cedar Foods is.
func (l lead) properName(words []string) int {
	if l.Exact || len(words) == l.words || !slices.ContainsFunc(words[:l.words], capital) {
		return 0
	}
	if next := words[l.words]; !capital(next) || strings.ToUpper(next) == next || utf8.RuneCountInString(next) < shortestName {
		return 0 // a PO, or ACH
	}
	return l.words + 1
}

// shortestName keeps words like Per and Mr from being taken for the second word of a name.
const shortestName = 4

func capital(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(first)
}

// unknownName offers an account to who named another one.
func (d *Desk) unknownName(ctx context.Context, r ar.Reader, scope ar.Scope, text string, near ar.Match, why error) error {
	choices, err := d.choices(ctx, r, scope, []ar.Match{near})
	if err != nil {
		return err
	}
	return &ar.Error{Kind: ar.NotFound, Say: fmt.Sprintf("I know no “%s”. Did you mean:", text), Choices: choices, Err: why}
}
