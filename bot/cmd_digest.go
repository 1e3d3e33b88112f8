package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

func digestCommand() command {
	return command{
		name: "digest", aliases: []string{"digests"}, usage: "[<name> | weekly | mine] [<date>] [full]",
		summary:  "a digest as it was posted, from what was kept of it; full with its thread",
		examples: []string{"digest", "digest 2026-11-23 full", "digest weekly last monday", "digest mine yesterday"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			words, full := cutFull(args.words)
			in, err := r.pastInput(words)
			if err != nil {
				return Answer{}, err
			}
			post, err := r.Desk.PastDigest(ctx, actor, r.Digests, in)
			if err != nil {
				return Answer{}, err
			}
			c, err := r.pastCard(post, full)
			return Answer{Card: c}, err
		},
	}
}

// cutFull takes "full" off the end of the words.
func cutFull(words []string) ([]string, bool) {
	last := len(words) - 1
	if last >= 0 && strings.EqualFold(words[last], "full") {
		return words[:last], true
	}
	return words, false
}

// digestWords are the names of digests that need not be in the config: the own one, and
// the kinds.
var digestWords = []string{"mine", "ar", "sales", "weekly"}

// pastInput takes the name of a route off the words, if the first is one; what is left is
// a date.
func (r *Router) pastInput(words []string) (in desk.PastDigestInput, err error) {
	if len(words) == 0 {
		return in, nil
	}
	if r.isDigest(words[0]) {
		in.Name, words = words[0], words[1:]
	}
	if len(words) > 0 && strings.EqualFold(words[0], "of") || len(words) > 0 && strings.EqualFold(words[0], "on") {
		words = words[1:]
	}
	if len(words) == 0 {
		return in, nil
	}
	if in.On, err = r.Desk.ReadAsOf(strings.Join(words, " ")); err != nil && in.Name == "" {
		names := make([]string, len(r.Digests))
		for i, route := range r.Digests {
			names[i] = route.Name
		}
		return in, ar.Refuse("“%s” is neither a digest nor a date. Type it like %s digest 2026-11-23. I know %s.", strings.Join(words, " "), r.Slash, strings.Join(names, ", "))
	}
	return in, err
}

// isDigest reports whether a word names a digest.
func (r *Router) isDigest(word string) bool {
	return slices.Contains(digestWords, strings.ToLower(word)) || slices.ContainsFunc(r.Digests, func(route desk.Route) bool {
		return strings.EqualFold(route.Name, word)
	})
}

// asksForDigest reports whether the words are what stands behind "digest": the name of
// one, and a date.
func (r *Router) asksForDigest(words []string) bool {
	words, _ = cutFull(words)
	if len(words) == 0 || !r.isDigest(words[0]) {
		return false
	}
	_, err := r.pastInput(words)
	return err == nil
}

// pastCard is a digest as it was posted, if wanted with what stood in its thread below it.
func (r *Router) pastCard(p ar.Post, full bool) (card.Card, error) {
	cards, err := saidCards(p)
	if err != nil {
		return card.Card{}, err
	}
	when := at(p.Posted, r.Desk.Settings().Zone)
	if len(cards) == 0 {
		return figuresCard(p, when)
	}
	say := fmt.Sprintf("%s, as it was posted on %s", upperFirst(postName(p)), when)
	c := card.New(say+": "+cards[0].Text, card.Note{card.T(say + ". Nothing in it was computed anew.")})
	cut := len(cards) > 1 && !full
	if cut {
		cards = cards[:1]
	}
	for n, one := range cards {
		if n > 0 {
			c.Add(card.Divider{})
		}
		if len(one.Parts) == 0 {
			c.Add(card.Paragraph{card.T(one.Text)})
		}
		c.Add(one.Parts...)
	}
	if cut {
		c.Add(card.Note{card.T("There is more in its thread. With "), card.Code("full"), card.T(" at the end of the command that is shown, too.")})
	}
	return c, nil
}

// figuresCard is what is left of a digest whose messages were not kept: its figures.
func figuresCard(p ar.Post, when string) (card.Card, error) {
	var said ar.DigestFigures
	if err := json.Unmarshal(p.Figures, &said); err != nil || said.AsOf.IsZero() {
		return card.Card{}, ar.Refuse("Nothing was kept of %s.", postName(p))
	}
	say := fmt.Sprintf("%s, posted on %s", upperFirst(postName(p)), when)
	c := card.New(say+": "+amounts(said.Overdue)+" overdue.", card.Heading("Overdue on "+said.AsOf.Long()), card.Paragraph{card.B(amounts(said.Overdue) + " overdue")})
	edges := ar.DefaultEdges(ar.ByDueDate)
	t := card.Table{Columns: []card.Column{{Title: "Days overdue"}}}
	rows := make([][]string, edges.Count())
	for n := range rows {
		rows[n] = []string{edges.Label(n)}
	}
	for _, a := range said.Totals {
		if len(a.Buckets) != len(rows) {
			continue
		}
		t.Columns = append(t.Columns, card.Column{Title: string(a.Currency), Align: card.Right})
		for n, b := range a.Buckets {
			rows[n] = append(rows[n], b.String())
		}
	}
	t.Rows = rows
	c.Add(t, card.Note{card.T(say + ". Its messages were not kept then; these are the figures that it said.")})
	return c, nil
}
