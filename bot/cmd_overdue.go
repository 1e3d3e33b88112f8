package bot

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// lines of a list in one answer: what a phone shows in two screens.
const listLines = 15

func mineCommand() command {
	return command{
		name: "mine", aliases: []string{"my", "me"}, usage: "[filters]",
		summary:  "your own accounts that are overdue, and how they stand",
		examples: []string{"mine", "mine 60+ days"},
		shares:   true,
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			in, err := r.overdueFilters(ctx, args)
			if err != nil {
				return Answer{}, err
			}
			in.Mine = true
			return r.overdue(ctx, actor, in)
		},
	}
}

func overdueCommand() command {
	return command{
		name: "overdue", aliases: []string{"late", "od"}, usage: "[over <amount>] [<days>+ days] [owner <name>] [<currency>] [top <n>]",
		summary:  "overdue accounts, biggest amount by age first",
		examples: []string{"overdue", "overdue over 5k", "overdue 60+ days owner dana@example.com", "overdue owner none", "overdue EUR top 30"},
		shares:   true,
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			in, err := r.overdueFilters(ctx, args)
			if err != nil {
				return Answer{}, err
			}
			return r.overdue(ctx, actor, in)
		},
	}
}

func (r *Router) overdue(ctx context.Context, actor ar.Actor, in desk.OverdueInput) (Answer, error) {
	list, err := r.Desk.Overdue(ctx, actor, in)
	if err != nil {
		return Answer{}, err
	}
	return Answer{Card: r.overdueCard(list)}, nil
}

var (
	daysFilter = regexp.MustCompile(`^>?=?(\d{1,4})\+?(?:d|days?)?$`)
	belowZero  = regexp.MustCompile(`^[-–−]\d`)
	dayWord    = regexp.MustCompile(`^(?:d|days?)$`)
	topFilter  = regexp.MustCompile(`^[1-9]\d{0,2}$`)
)

// filters are the filters of a list while they are read.
type filters struct {
	desk.OverdueInput
	// over is the amount as it was typed: its currency may be named later.
	over string
}

// overdueFilters reads the filters in any order.
func (r *Router) overdueFilters(ctx context.Context, args arguments) (desk.OverdueInput, error) {
	f := filters{OverdueInput: desk.OverdueInput{Limit: listLines}}
	for words := args.words; len(words) > 0; {
		used, err := r.overdueFilter(ctx, words, &f)
		if err != nil {
			return desk.OverdueInput{}, err
		}
		words = words[used:]
	}
	if f.over == "" {
		return f.OverdueInput, nil
	}
	settings := r.Desk.Settings()
	var err error
	f.Over, err = ar.ReadAmount(f.over, settings.Locale, cmp.Or(f.Currency, settings.Home))
	return f.OverdueInput, err
}

// overdueFilter reads the filter that the words begin with and tells how many
// of them it took.
func (r *Router) overdueFilter(ctx context.Context, words []string, f *filters) (int, error) {
	word := strings.ToLower(words[0])
	switch word {
	case "over", "above", "more", "than":
		return r.overFilter(words, f)
	case "owner", "rep", "of":
		end := ownerEnd(words)
		var err error
		f.Owner, err = r.owner(ctx, words[1:end])
		return end, err
	case "top", "first":
		if len(words) < 2 || !topFilter.MatchString(words[1]) {
			return 0, ar.Refuse("How many? Type it like %s overdue top 20.", r.Slash)
		}
		f.Limit, _ = strconv.Atoi(words[1]) // the expression lets only digits pass
		return 2, nil
	case "all", "days", "day", "late", "overdue", "and":
		return 1, nil
	}
	if m := daysFilter.FindStringSubmatch(word); m != nil {
		f.MinDays, _ = strconv.Atoi(m[1]) // the expression lets only digits pass
		return 1, nil
	}
	if c, err := ar.ParseCurrency(word); err == nil {
		f.Currency = c
		return 1, nil
	}
	if belowZero.MatchString(word) {
		return 0, ar.Refuse("“%s” is below zero, and what is not due yet is not overdue. Type it like %s overdue 5+ days, or %s overdue over 5k.", card.Truncate(words[0], 40), r.Slash, r.Slash)
	}
	return 0, ar.Refuse("I do not understand “%s”. Filters are: over 5k, 60+ days, owner <name>, a currency like EUR, top 20. For one account type %s status %s.",
		card.Truncate(words[0], 40), r.Slash, card.Truncate(strings.Join(words, " "), 40))
}

// overFilter reads "over 5k", "more than 5k" and "over 60 days".
func (r *Router) overFilter(words []string, f *filters) (int, error) {
	n := 1
	for n < len(words) && strings.EqualFold(words[n], "than") {
		n++
	}
	if n == len(words) {
		return 0, ar.Refuse("Over how much? Type it like %s overdue over 5k.", r.Slash)
	}
	m := daysFilter.FindStringSubmatch(strings.ToLower(words[n]))
	apart := n+1 < len(words) && dayWord.MatchString(strings.ToLower(words[n+1]))
	if m == nil || !apart && strings.Trim(words[n], "0123456789") == "" {
		f.over = words[n]
		return n + 1, nil
	}
	days, _ := strconv.Atoi(m[1]) // the expression lets only digits pass
	f.MinDays = days + 1
	return n + 1, nil
}

var mention = regexp.MustCompile(`^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$`)

// owner reads whose accounts are meant: a mention, an e-mail address or a name.
func (r *Router) owner(ctx context.Context, words []string) (string, error) {
	text := unquote(strings.Join(words, " "))
	if text == "" {
		return "", ar.Refuse("Whose accounts? Type it like %s overdue owner dana@example.com, or owner none.", r.Slash)
	}
	m := mention.FindStringSubmatch(text)
	if m == nil {
		return text, nil
	}
	person, err := r.People.Person(ctx, m[1])
	if err != nil {
		return "", fmt.Errorf("owner %s: %w", m[1], err)
	}
	if person.Email == "" {
		return "", ar.Refuse("I do not know the e-mail address of that person. Type the owner's e-mail address instead.")
	}
	return person.Email, nil
}

// ownerEnd finds where an owner's name of several words ends: at the next
// filter.
func ownerEnd(words []string) int {
	for i := 2; i < len(words); i++ {
		switch word := strings.ToLower(words[i]); word {
		case "over", "above", "top", "first", "more", "and":
			return i
		default:
			if daysFilter.MatchString(word) || isCurrency(words[i]) {
				return i
			}
		}
	}
	return len(words)
}

func (r *Router) overdueCard(l desk.OverdueList) card.Card {
	title := overdueTitle(l, r.Desk.PersonName)
	if len(l.Lines) == 0 {
		c := card.New(title+": nothing is overdue.", card.Heading(title), card.Paragraph{card.T("Nothing is overdue here.")})
		c.Add(partialNote(l.Partial)...)
		return aged(c, l.Fresh, r.Desk.Settings().Zone)
	}
	n := len(l.Lines) + l.More
	c := card.New(fmt.Sprintf("%s: %s in %s.", title, amounts(l.Overdue), count(n, "account")),
		card.Heading(title),
		card.Paragraph{card.B(amounts(l.Overdue)), card.T(" overdue in " + count(n, "account"))})
	if l.Mine && !l.Narrowed() {
		for _, m := range l.Money {
			c.Add(bucketFields(m, heldIn(l.HeldSums, m.Currency)))
		}
	}
	c.Add(r.overdueLines(l)...)
	c.Add(coveredNote(l.Covered)...)
	c.Add(waitingNote(l.Waiting, l.Held)...)
	c.Add(partialNote(l.Partial)...)
	if l.Over.Sign() > 0 && l.Currency == "" {
		c.Add(card.Note{card.T("Amounts in " + string(l.Over.Currency()) + " only: others cannot be compared with " + l.Over.String() + ".")})
	}
	return aged(c, l.Fresh, r.Desk.Settings().Zone)
}

func overdueTitle(l desk.OverdueList, name func(string) string) string {
	var title string
	switch {
	case l.Mine:
		title = "Your overdue accounts"
	case ar.NormalOwner(l.Owner) == "none":
		title = "Overdue accounts without an owner"
	case l.Owner != "":
		title = "Overdue accounts of " + name(l.Owner)
	default:
		title = "Overdue accounts"
	}
	var filters []string
	if l.Over.Sign() > 0 {
		filters = append(filters, "over "+l.Over.String())
	}
	if l.MinDays > 0 {
		filters = append(filters, strconv.Itoa(l.MinDays)+" days or more")
	}
	if l.Currency != "" {
		filters = append(filters, string(l.Currency))
	}
	if len(filters) == 0 {
		return title
	}
	return title + ", " + strings.Join(filters, ", ")
}

// coveredNote keeps people from chasing what was paid.
func coveredNote(covered []ar.AccountLine) []card.Part {
	if len(covered) == 0 {
		return nil
	}
	return []card.Part{card.Paragraph{
		card.B("Do not chase "), card.T(lineNames(covered) + ": as much as is overdue came in and is not applied yet."),
	}}
}

// lineNames names the first accounts of a list.
func lineNames(lines []ar.AccountLine) string {
	names := make([]string, len(lines))
	for i, l := range lines {
		names[i] = l.Name
	}
	return firstOf(names)
}

// accountTable lists accounts, each once: name, amounts, days of the oldest.
func (r *Router) accountTable(lines []ar.AccountLine, held map[ar.CustomerID][]desk.Held, more int, owners bool) card.Table {
	t := card.Table{
		Columns: []card.Column{{Title: "Account"}, {Title: "Overdue", Align: card.Right}, {Title: "Oldest", Align: card.Right}},
		More:    more,
	}
	waits := anyHeld(lines, held)
	if waits {
		t.Columns = append(t.Columns, card.Column{Title: "Not chased"})
	}
	if owners {
		t.Columns = append(t.Columns, card.Column{Title: "Owner"})
	}
	for _, l := range lines {
		row := []string{l.Name, plusList(l.Amounts), strconv.Itoa(l.OldestDays) + " d"}
		if waits {
			row = append(row, strings.Join(heldWords(held[l.Customer]), ", "))
		}
		if owners {
			row = append(row, r.ownerName(l.Owner))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// plusList writes amounts of several currencies in a narrow cell.
func plusList(list []ar.Money) string {
	texts := make([]string, len(list))
	for i, m := range list {
		texts[i] = m.String()
	}
	return strings.Join(texts, " + ")
}
