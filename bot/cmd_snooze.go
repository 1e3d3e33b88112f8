package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

const (
	snoozeForm = "snooze"
	wakeAction = "snooze_end"
	snoozeUndo = "snooze"
)

func snoozeCommand() command {
	return command{
		name: "snooze", aliases: []string{"later"}, usage: "<customer or invoice> until <date> <reason>",
		summary:  "puts an account or invoice off: it is not on the worklist and not escalated before that day",
		examples: []string{"snooze acme until Friday waits for a copy of the PO", "snooze INV-1042 until 12/4 new AP clerk starts", "snooze list"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			if len(args.words) == 1 && strings.EqualFold(args.words[0], "list") {
				return r.snoozes(ctx, actor)
			}
			return r.typedSnooze(ctx, actor, args)
		},
		form: func(a arguments) (string, string, bool) {
			if len(a.words) == 1 && strings.EqualFold(a.words[0], "list") {
				return "", "", false
			}
			return formWithout(snoozeForm, a)
		},
		routes: func(r *Router) Routes {
			return Routes{
				Forms:   map[string]Form{snoozeForm: {Title: "Snooze", Fill: r.fillSnooze, Sent: r.sentSnooze}},
				Buttons: map[string]Handler{wakeAction: r.wakePressed},
			}
		},
	}
}

// typedSnooze reads "acme until Friday waits for a PO": the words before until name the
// account, the longest beginning of those after it that is a date is the date.
func (r *Router) typedSnooze(ctx context.Context, actor ar.Actor, args arguments) (Answer, error) {
	of, rest, ok := cutWord(args.words, "until")
	if !ok || len(of) == 0 || len(rest) == 0 {
		return Answer{}, ar.Refuse("Type what is put off, until when and why: %s snooze acme until Friday waits for a PO.", r.Slash)
	}
	until, reason, err := r.leadingDay(rest)
	if err != nil {
		return Answer{}, err
	}
	in := desk.SnoozeInput{Of: unquote(strings.Join(of, " ")), Until: until, Reason: spoken(unquote(strings.Join(reason, " "))), Where: r.where(ctx, args.call)}
	if id, ok := (arguments{words: of, picked: args.picked}).id(); ok {
		in.Of, in.Customer, in.Document = "", id.Customer, id.Document
	}
	answer, err := r.snooze(ctx, actor, in)
	return orAgain(answer, err, "snooze %s until "+strings.Join(rest, " "))
}

func cutWord(words []string, at string) (before, after []string, found bool) {
	for i, w := range words {
		if strings.EqualFold(w, at) || strings.EqualFold(w, "till") {
			return words[:i], words[i+1:], true
		}
	}
	return words, nil, false
}

// mostDayWords are the words of the longest date: "the 4th of December 2026".
const mostDayWords = 5

// leadingDay reads the date that words begin with; rest are the others.
func (r *Router) leadingDay(words []string) (day ar.Date, rest []string, err error) {
	settings := r.Desk.Settings()
	for n := min(len(words), mostDayWords); n > 0; n-- {
		if day, err = ar.ReadDate(strings.Join(words[:n], " "), r.Desk.Today(), settings.Locale, ar.Ahead); err == nil {
			return day, words[n:], nil
		}
	}
	return ar.Date{}, nil, ar.Refuse("I do not understand the date in “until %s”. Write it like Friday, 12/4 or 2026-12-04, and the reason behind it.", card.Truncate(strings.Join(words, " "), 40))
}

func (r *Router) snooze(ctx context.Context, actor ar.Actor, in desk.SnoozeInput) (Answer, error) {
	s, err := r.Desk.SnoozeAccount(ctx, actor, in)
	if err != nil {
		return Answer{}, err
	}
	says := fmt.Sprintf("%s is put off until %s.", aboutWhat(s.Account, s.Invoice), s.Until.Long())
	c := card.New(says, card.Paragraph{card.B(says)})
	c.Add(noted(s.Reason)...)
	c.Add(card.Note{card.T("It is not on the worklist and not escalated before. It is still overdue, and in every figure.")})
	return Answer{Card: c, Undo: snoozeUndo + "/" + strconv.FormatInt(int64(s.ID), 10)}, nil
}

func (r *Router) snoozes(ctx context.Context, actor ar.Actor) (Answer, error) {
	list, err := r.Desk.Snoozes(ctx, actor)
	if err != nil {
		return Answer{}, err
	}
	if len(list) == 0 {
		return Answer{Card: card.New("Nothing is put off.")}, nil
	}
	says := "One account or invoice is put off."
	if len(list) > 1 {
		says = fmt.Sprintf("%d accounts and invoices are put off.", len(list))
	}
	c := card.New(says, card.Heading("Put off"))
	var rows card.Rows
	for _, s := range list[:min(len(list), listLines)] {
		rows = append(rows, card.Row{
			Text: fmt.Sprintf("%s · until %s · %s", aboutWhat(s.Account, s.Invoice), s.Until.Long(), card.Truncate(s.Reason, longestLine)),
			Menu: []card.Act{{Label: "End it now", Action: wakeAction, Value: strconv.FormatInt(int64(s.ID), 10)}},
		})
	}
	c.Add(rows)
	if more := len(list) - listLines; more > 0 {
		c.Add(card.Note{card.T("and " + count(more, "more"))})
	}
	return Answer{Card: c}, nil
}

func (r *Router) fillSnooze(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	if err := r.Desk.MayRecord(actor); err != nil {
		return Answer{}, err
	}
	known, err := r.meant(ctx, actor, c)
	if err != nil {
		return orAgain(Answer{}, err, "snooze %s")
	}
	most := r.Desk.SnoozeCap()
	return Answer{Modal: &card.Modal{
		Action: snoozeForm, Value: c.Message.Link, Title: "Snooze", Submit: "Put off",
		Parts: []card.Part{card.Paragraph{card.T("It is not on the worklist and not escalated before that day. It is still overdue, and in every figure.")}},
		Inputs: []card.Input{
			accountInput("Customer or invoice", known),
			{ID: "until", Kind: card.Day, Label: "Until", Hint: fmt.Sprintf("At most %d days ahead.", most), Initial: []string{r.Desk.Settings().Workdays.Add(r.Desk.Today(), ar.ClaimDays).String()}},
			{ID: "reason", Kind: card.Lines, Label: "Why?", Most: ar.LongestNote},
		},
	}}, nil
}

func (r *Router) sentSnooze(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	of, ok := accountOf(c)
	if !ok {
		return Answer{Invalid: map[string]string{"of": "Choose the customer or the invoice."}}, nil
	}
	until, err := ar.ParseDate(c.Fields.One("until"))
	if err != nil {
		return Answer{Invalid: map[string]string{"until": "Choose the day on which it is back."}}, nil //nolint:nilerr // it is said at the field
	}
	answer, err := r.snooze(ctx, actor, desk.SnoozeInput{
		Customer: of.Customer, Document: of.Document, Until: until, Reason: c.Fields.One("reason"), Where: c.Value,
	})
	return wrongIn("until", answer, err)
}

func (r *Router) wakePressed(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	id, err := strconv.ParseInt(c.Value, 10, 64)
	if err != nil {
		return Answer{}, r.outdated()
	}
	return undoSnooze(ctx, r, actor, id, nil)
}

func undoSnooze(ctx context.Context, r *Router, actor ar.Actor, id int64, _ []string) (Answer, error) {
	s, changed, err := r.Desk.Wake(ctx, actor, ar.SnoozeID(id))
	switch {
	case err != nil:
		return Answer{}, err
	case !changed:
		return Answer{Card: card.New(fmt.Sprintf("%s was not put off any more: that ended on %s.", aboutWhat(s.Account, s.Invoice), s.Ended.On.Long()))}, nil
	}
	return Answer{Card: card.New(aboutWhat(s.Account, s.Invoice) + " is not put off any more. What is overdue is on the worklist.")}, nil
}
