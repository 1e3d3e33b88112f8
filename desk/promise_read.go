package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

// PromiseText asks how a typed promise is to be read.
type PromiseText struct {
	// Text is what was typed: "INV-88 half on Friday, rest EOM".
	Text string
	// About is what it is about, where the place says that already: a button, or a
	// choice. The text then begins with the amount or the date.
	About Found
	// Where and Instead go into the drafts.
	Where   string
	Instead ar.PromiseID
}

// PromiseReading is how a typed promise can be read.
type PromiseReading struct {
	Account ar.Customer
	Invoice *ar.Document
	// Open is what is owed of it, Taken what of that other promises take.
	Open, Taken ar.Money
	// Hidden counts the branches that the actor may not see, where the account as a whole is
	// meant: what is owed there is not in Open, and what is paid there keeps the promise.
	Hidden int
	// Ask is the question that the text leaves, "" where it is clear.
	Ask string
	// Drafts are the readings that can be meant, one for each answer; one where the
	// text is clear.
	Drafts []PromiseDraft
	// Same is set where the promise stands already; there are no drafts then.
	Same  *Promise
	Day   ar.Date
	Fresh Fresh
}

// About names what it is about.
func (r PromiseReading) About() string {
	return Promise{Account: r.Account, Invoice: r.Invoice}.About()
}

// mostReadings is how many readings of a text are offered.
const mostReadings = 4

// ReadPromise reads a typed promise, and records nothing. What can be meant in
// several ways has a draft for each; what names several accounts or invoices is an
// Ambiguous error with the choices, beside which rest is the text without the name, with
// Slack's escapes.
func (d *Desk) ReadPromise(ctx context.Context, actor ar.Actor, in PromiseText) (reading PromiseReading, rest string, err error) {
	scope, err := d.writes(actor)
	if err != nil {
		return PromiseReading{}, "", err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		found := in.About
		if rest = in.Text; found == (Found{}) {
			if found, rest, err = d.readAbout(ctx, r, scope, in.Text); err != nil {
				return err
			}
		}
		if reading, err = d.readPromise(ctx, r, actor, scope, found, rest, in); err != nil {
			return err
		}
		reading.Fresh, err = d.fresh(ctx, r, scope)
		return err
	})
	return reading, rest, err
}

// typing is what typed dates and amounts are read by.
func (d *Desk) typing(c ar.Currency) ar.Typing {
	return ar.Typing{Today: d.Today(), Locale: d.settings.Locale, Workdays: d.settings.Workdays, Currency: c}
}

// Typing is what the dates and amounts that people type are read by. An amount
// without a currency is in the company's own.
func (d *Desk) Typing() ar.Typing { return d.typing(d.settings.Home) }

// readAbout reads what a typed promise is about and finds it; rest is what is left of
// the text. Names and numbers that begin like the text are known beforehand, since
// they can hold words that look like amounts and dates: "Studio 54 500 by Friday".
func (d *Desk) readAbout(ctx context.Context, r ar.Reader, scope ar.Scope, text string) (found Found, rest string, err error) {
	known, err := d.knownNames(ctx, r, scope, text)
	if err != nil {
		return Found{}, "", err
	}
	typed, unread := ar.ParsePromise(text, known)
	if typed.About == "" {
		return Found{}, "", unread
	}
	clean := ar.CleanTyped(text)
	if _, after, ok := strings.Cut(clean, typed.About); ok {
		rest = asSlackWrites.Replace(strings.TrimLeft(after, `"',;: `)) // it is cleaned again
	}
	found, err = d.find(ctx, r, scope, typed.About)
	if ar.KindOf(err) == ar.NotFound && unread != nil { // what could not be read may be why
		return Found{}, rest, unread
	}
	if err != nil || found.Document != 0 {
		return found, rest, err
	}
	words := strings.Fields(clean)
	if _, _, err := d.findLeading(ctx, r, scope, words[:min(len(words), mostNameWords)]); errors.Is(err, errOthers) {
		return Found{}, rest, err
	}
	return found, rest, nil
}

// asSlackWrites escapes what CleanTyped takes for a mark of Slack's: a text that was
// cleaned once has none.
var asSlackWrites = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// knownNames are the accounts and invoices whose names and numbers hold the first word
// of a text.
func (d *Desk) knownNames(ctx context.Context, r ar.Reader, scope ar.Scope, text string) (ar.PromiseContext, error) {
	c := ar.PromiseContext{Typing: d.Typing()}
	words := strings.Fields(strings.Trim(ar.CleanTyped(text), `"'`))
	if len(words) == 0 {
		return c, nil
	}
	matches, err := covered(ctx, r, scope, strings.Trim(words[0], `"',;:`))
	if err == nil && len(words) > 1 { // "INV 7" for INV-7
		var more []ar.Match
		more, err = covered(ctx, r, scope, words[0]+" "+words[1])
		matches = append(matches, slices.DeleteFunc(more, func(m ar.Match) bool { return m.Document == 0 || !m.Exact })...)
	}
	if err != nil {
		return c, fmt.Errorf("find %q: %w", words[0], err)
	}
	for _, m := range matches {
		switch {
		case m.Document != 0:
			c.Items = append(c.Items, ar.OpenItem{Document: ar.Document{ID: m.Document, Number: m.Label}})
		case m.By == ar.MatchedAlias:
			c.Names = append(c.Names, m.Label)
		}
		c.Names = append(c.Names, m.Name)
	}
	return c, nil
}

// readPromise reads the amounts and dates of a promise whose subject is known.
func (d *Desk) readPromise(ctx context.Context, r ar.Reader, actor ar.Actor, scope ar.Scope, found Found, text string, in PromiseText) (PromiseReading, error) {
	subject, err := d.promised(ctx, r, scope, found, typedCurrency(text, d.Typing()))
	if err != nil {
		return PromiseReading{}, err
	}
	typed, err := ar.ParsePromise(text, ar.PromiseContext{
		Typing: d.typing(subject.open.Currency()), Subject: true, Items: subject.items,
	})
	if err != nil {
		return PromiseReading{}, err
	}
	if len(typed.Documents) == 1 && found.Document == 0 { // "Acme 500 Friday for INV-7"
		if subject, err = d.promised(ctx, r, scope, Found{Document: typed.Documents[0]}, ""); err != nil {
			return PromiseReading{}, err
		}
	}
	reading := PromiseReading{Account: subject.account, Invoice: subject.invoice, Open: subject.open, Taken: subject.taken(in.Instead), Day: d.Today()}
	in.About = Found{Customer: subject.account.ID}
	if subject.invoice != nil {
		in.About.Document = subject.invoice.ID
	} else {
		reading.Hidden = subject.hidden
	}
	return d.draft(ctx, r, actor, subject, typed, in, reading)
}

// typedCurrency is the one that the amounts of a text name; "" where none does.
func typedCurrency(text string, t ar.Typing) ar.Currency {
	t.Currency = ""
	typed, _ := ar.ParsePromise(text, ar.PromiseContext{Typing: t, Subject: true}) // what is wrong with it is found when it is read in full
	for _, part := range typed.Parts {
		for _, c := range part.Amount.Choices {
			if c.Money.Currency() != "" {
				return c.Money.Currency()
			}
		}
	}
	return ""
}

// draft makes a draft of each reading that can be meant.
func (d *Desk) draft(ctx context.Context, r ar.Reader, actor ar.Actor, s promised, typed ar.TypedPromise, in PromiseText, reading PromiseReading) (PromiseReading, error) {
	var wrong error
	for _, one := range typed.Readings(mostReadings) {
		parts, err := one.Instalments(s.open)
		if err != nil {
			wrong = firstOf(wrong, err)
			continue
		}
		draft := PromiseDraft{Customer: in.About.Customer, Document: in.About.Document, Parts: parts, Note: typed.Note, Where: in.Where, Instead: in.Instead}
		p := s.promise(draft, d.act(actor, in.Where), d.settings.GraceDays)
		if same, ok := s.same(p); ok && same.ID != in.Instead {
			view, err := d.seenPromise(ctx, r, actor, same)
			reading.Same, reading.Drafts = &view, nil
			return reading, err
		}
		if err := s.check(p, in.Instead); err != nil {
			wrong = firstOf(wrong, err)
			continue
		}
		if !slices.ContainsFunc(reading.Drafts, func(o PromiseDraft) bool { return slices.Equal(o.Parts, parts) }) {
			reading.Drafts = append(reading.Drafts, draft)
		}
	}
	if len(reading.Drafts) == 0 {
		return PromiseReading{}, wrong
	}
	if len(reading.Drafts) > 1 {
		reading.Ask = typed.Ask()
	}
	return reading, nil
}

func firstOf(before, err error) error {
	if before != nil {
		return before
	}
	return err
}
