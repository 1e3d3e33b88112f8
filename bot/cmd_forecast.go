package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

func forecastCommand() command {
	return command{
		name: "forecast", aliases: []string{"cash"}, usage: "[customer | owner <name>] [<weeks> weeks]",
		summary:  "what will come in week by week, and how sure that is",
		examples: []string{"forecast", "forecast 8 weeks", "forecast acme", "forecast owner dana@example.com 13 weeks"},
		shares:   true,
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			in, err := r.forecastInput(ctx, args)
			if err != nil {
				return Answer{}, err
			}
			view, err := r.Desk.Forecast(ctx, actor, in)
			if err != nil {
				return Answer{Again: forecastOf(in)}, err
			}
			return Answer{Card: r.forecastCard(view)}, nil
		},
	}
}

// forecastOf is the command that asks for the same forecast of an account that takes the
// place of "%s".
func forecastOf(in desk.ForecastInput) string {
	if in.Weeks == 0 {
		return "forecast %s"
	}
	return fmt.Sprintf("forecast %%s %d weeks", in.Weeks)
}

// forecastInput takes the weeks from the end of the words: "8 weeks", "8w". A bare number
// counts only where nothing else was typed, for it may be a customer's.
func (r *Router) forecastInput(ctx context.Context, args arguments) (in desk.ForecastInput, err error) {
	words := args.words
	if in.Weeks, words, err = r.cutWeeks(words, "forecast"); err != nil {
		return in, err
	}
	args = arguments{words: words, picked: args.picked}
	switch id, picked := args.id(); {
	case len(words) == 0:
	case strings.EqualFold(words[0], "owner"), strings.EqualFold(words[0], "rep"):
		in.Owner, err = r.owner(ctx, words[1:])
	case mention.MatchString(args.text()):
		in.Owner, err = r.owner(ctx, words)
	case picked && id.Customer != 0:
		in.Customer = id.Customer
	default:
		in.Account = args.text()
	}
	return in, err
}

func bareWeeks(words []string) (int, bool) {
	last := len(words) - 1
	if last < 0 {
		return 0, false
	}
	text, marked := strings.CutSuffix(strings.ToLower(words[last]), "w")
	if n, err := strconv.Atoi(text); err == nil && (marked || last == 0) && len(text) <= 2 {
		return n, true
	}
	return 0, false
}

func (r *Router) forecastCard(v desk.Forecast) card.Card {
	title := forecastTitle(v)
	c := card.New(forecastSentence(v, title), card.Heading(title))
	if len(v.Currencies) == 0 {
		c.Add(card.Paragraph{card.T("Nothing is open, and nothing was invoiced lately.")})
	}
	for _, f := range v.Currencies {
		c.Add(card.Paragraph{card.B(f.Total.Amount.String() + " expected"), card.T(" in " + count(len(f.Weeks), "week") + rangeWords(f.Total))}, forecastTable(f))
		c.Add(forecastNotes(f)...)
	}
	c.Add(learnedNote(v)...)
	c.Add(partialNote(v.Partial)...)
	c.Add(hiddenNote(v.Hidden)...)
	return aged(c, v.Fresh, r.Desk.Settings().Zone)
}

func forecastTitle(v desk.Forecast) string {
	title := "Forecast"
	switch {
	case v.Of != "":
		title += " of " + v.Of
	case v.Partial:
		title = "Your forecast"
	}
	return title + ", " + count(v.Weeks, "week") + " from " + v.Day.Long()
}

func forecastSentence(v desk.Forecast, title string) string {
	if len(v.Currencies) == 0 {
		return title + ": nothing is open, and nothing was invoiced lately."
	}
	var says []string
	for _, f := range v.Currencies {
		says = append(says, f.Total.Amount.String()+" expected"+rangeWords(f.Total))
	}
	return title + ": " + and(says) + "."
}

// learnedNote says that how customers pay was not learned anew today.
func learnedNote(v desk.Forecast) []card.Part {
	if !v.Learned.Before(v.Day) {
		return nil
	}
	return []card.Part{card.Note{card.T("How customers pay was learned last on " + v.Learned.Long() + ": payments since then change what is open, and not yet what is expected of a customer.")}}
}

// rangeWords say how sure an amount is.
func rangeWords(r desk.ForecastRange) string {
	switch {
	case r.Vague:
		return ", not known well enough yet for a range"
	case !r.Calibrated:
		return ", no calibrated range yet"
	}
	return fmt.Sprintf(", 80 %% range %s to %s", r.Low, r.High)
}

// forecastTable has a row per week. The range has a column of its own only where it's
// calibrated.
func forecastTable(f desk.CurrencyForecast) card.Table {
	t := card.Table{Columns: []card.Column{
		{Title: "Week from"},
		{Title: "Expected", Align: card.Right},
		{Title: "80 % range", Align: card.Right},
		{Title: "If paid when due", Align: card.Right},
	}}
	for n, week := range f.Weeks {
		t.Rows = append(t.Rows, []string{week.From.Long(), f.Expected[n].Amount.String(), rangeCell(f.Expected[n]), week.Due.String()})
	}
	t.Total = []string{"All", f.Total.Amount.String(), rangeCell(f.Total), ""}
	return t
}

func rangeCell(r desk.ForecastRange) string {
	switch {
	case r.Vague:
		return "not known well yet"
	case !r.Calibrated:
		return "none yet"
	}
	return r.Low.String() + " to " + r.High.String()
}

// noRangeNote says why there is no range, where there is none.
func noRangeNote(f desk.CurrencyForecast) string {
	vague := func(r desk.ForecastRange) bool { return r.Vague }
	switch {
	case f.Total.Vague, slices.ContainsFunc(f.Expected, vague):
		return " Not known well yet: in more than one of five past weeks the forecast was off by all of its amount, so that a range would begin at 0."
	case !f.Total.Calibrated:
		return " No calibrated range yet: it takes twelve past weeks."
	}
	return ""
}

// forecastNotes say what stands apart, what to compare with, and how it's made.
func forecastNotes(f desk.CurrencyForecast) []card.Part {
	apart := fmt.Sprintf("Expected later, or never: %s.", f.Later)
	if f.Disputed.Sign() > 0 {
		apart += fmt.Sprintf(" Disputed, and not foretold: %s.", f.Disputed)
	}
	naive := "There is no naive line yet: it is the mean of the last four weeks."
	if f.NaiveOK {
		naive = fmt.Sprintf("Naive line: %s a week, the mean of the last four.", f.Naive)
	}
	naive += noRangeNote(f)
	return []card.Part{
		card.Paragraph{card.T(apart)},
		card.Paragraph{card.T(naive)},
		card.Note{card.T("Method: how each customer paid before, shrunk towards the book (discrete hazard), given how old each invoice is; promises by how well they are kept; invoices yet to be issued as in the last eight weeks. The range is calibrated on how wrong such forecasts were in past weeks.")},
	}
}
