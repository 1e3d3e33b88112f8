package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// amounts writes sums of several currencies beside each other, never added:
// "$1,200.00 and €300.00".
func amounts(list []ar.Money) string {
	texts := make([]string, len(list))
	for i, m := range list {
		texts[i] = m.String()
	}
	return and(texts)
}

func and(texts []string) string {
	switch n := len(texts); n {
	case 0:
		return "nothing"
	case 1:
		return texts[0]
	default:
		return strings.Join(texts[:n-1], ", ") + " and " + texts[n-1]
	}
}

// namedAtOnce is how many names a sentence holds.
const namedAtOnce = 3

// firstOf names the first of a list: "A, B, C and 4 more".
func firstOf(names []string) string {
	if more := len(names) - namedAtOnce; more > 0 {
		return strings.Join(names[:namedAtOnce], ", ") + " and " + grouped(more) + " more"
	}
	return and(names)
}

// partialNote says that the asker does not see the whole book.
func partialNote(partial bool) []card.Part {
	if !partial {
		return nil
	}
	return []card.Part{card.Note{card.T("Your accounts and those without an owner only.")}}
}

// hiddenNote says that accounts of others are left out.
func hiddenNote(n int) []card.Part {
	if n == 0 {
		return nil
	}
	return []card.Part{card.Note{card.T("Without " + count(n, "account") + " below it of other owners.")}}
}

// count writes a number with its noun: "1 invoice", "1,204 invoices".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if before, isY := strings.CutSuffix(noun, "y"); isY && !strings.HasSuffix(noun, "ay") {
		noun = before + "ie"
	}
	return grouped(n) + " " + noun + "s"
}

func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// tenths writes days that were computed to a tenth: "26.4 days".
func tenths(n int) string {
	text := fmt.Sprintf("%d.%d", abs(n)/10, abs(n)%10)
	if n < 0 {
		text = "-" + text
	}
	return strings.TrimSuffix(text, ".0") + " days"
}

func abs(n int) int { return max(n, -n) }

// footer says how far the figures can be trusted: the age of the data, the
// tie-out, and in plain sight whatever is wrong.
func footer(f desk.Fresh, zone *time.Location) []card.Part {
	parts := make([]card.Part, 0, 3)
	for _, warning := range warnings(f, zone) {
		parts = append(parts, card.Paragraph{card.B("Careful: "), card.T(warning)})
	}
	if f.DataAsOf.IsZero() {
		return parts
	}
	note := card.Note{card.T("Data as of "), card.When(f.DataAsOf, at(f.DataAsOf, zone))}
	if ties := agreed(f.TieOuts); ties != "" {
		note = append(note, card.T(" · agrees with the ledger to the cent ("+ties+")"))
	}
	return append(parts, note)
}

// agreed names what ties out, by date: "EUR, USD on 25 Nov". What does not is
// a warning.
func agreed(list []ar.TieOut) string {
	var dates []ar.Date
	byDate := map[ar.Date][]string{}
	for _, t := range list {
		c := string(t.Ledger.Currency())
		if !t.Ties() || slices.Contains(byDate[t.AsOf], c) {
			continue
		}
		if byDate[t.AsOf] == nil {
			dates = append(dates, t.AsOf)
		}
		byDate[t.AsOf] = append(byDate[t.AsOf], c)
	}
	texts := make([]string, len(dates))
	for i, d := range dates {
		texts[i] = strings.Join(byDate[d], ", ") + " on " + d.Short()
	}
	return strings.Join(texts, "; ")
}

func warnings(f desk.Fresh, zone *time.Location) []string {
	var list []string
	for _, s := range f.Running {
		list = append(list, fmt.Sprintf("an import from %s is under way%s; figures may be incomplete.", s.Name, progress(s.Run)))
	}
	for _, s := range f.Troubled {
		list = append(list, healthWords(s.Name, s.Health))
	}
	for _, s := range f.Failed {
		if s.Health.State == ar.Healthy { // of the others it is said already
			list = append(list, fmt.Sprintf("the last import from %s failed; these are the figures before it.", s.Name))
		}
	}
	for _, t := range f.TieOuts {
		if diff, err := t.Difference(); err == nil && !t.Ties() {
			text := fmt.Sprintf("on %s A/R is %s here and %s in the ledger, %s off.", t.AsOf.Short(), t.Ours, t.Ledger, diff.Abs())
			if t.Because != "" {
				text += " " + t.Because
			}
			list = append(list, text)
		} else if t.Because != "" {
			list = append(list, "on "+t.AsOf.Short()+": "+t.Because)
		}
	}
	for _, s := range f.Uncompared {
		list = append(list, fmt.Sprintf("A/R of %s %s, so nobody knows whether it agrees. An admin finds out why by: arbot doctor", s.Name, comparedWords(s.Compared(), zone)))
	}
	if f.DataAsOf.IsZero() && len(f.Running) == 0 {
		list = append(list, "nothing was imported yet. An admin can run: arbot sync")
	}
	return list
}

// comparedWords say when A/R was held against the ledger's own total; zero for never.
func comparedWords(last time.Time, zone *time.Location) string {
	if last.IsZero() {
		return "was not held against the ledger's own total yet"
	}
	return "was last held against the ledger's own total on " + ar.DateOf(last, zone).Short()
}

// old puts it before everything else of a card, also in a notification, that the data is
// older than the company tolerates.
func old(c card.Card, f desk.Fresh, zone *time.Location) card.Card {
	if !f.Stale || f.DataAsOf.IsZero() {
		return c
	}
	say := fmt.Sprintf("The data is %s old, of %s: payments since then are not in it.", age(f.Now.Sub(f.DataAsOf)), at(f.DataAsOf, zone))
	c.Text = say + " " + c.Text
	c.Parts = append([]card.Part{card.Paragraph{card.B("Careful: "), card.T(lowerFirst(say))}}, c.Parts...)
	return c
}

// at writes an instant by the company's clock.
func at(t time.Time, zone *time.Location) string { return t.In(zone).Format("2 Jan 15:04 MST") }

// healthWords say how a ledger can be read, where it cannot as it should.
func healthWords(name string, h ar.Health) string {
	var says string
	switch h.State {
	case ar.Delayed:
		says = name + " is delayed"
	case ar.Paused:
		says = "reading " + name + " is paused"
	case ar.NeedsReconnecting:
		says = name + " needs reconnecting"
	case ar.Healthy:
		return name + " can be read"
	}
	if h.Why != "" {
		return says + ": " + h.Why
	}
	return says + "."
}

func progress(r ar.Run) string {
	percent, known := r.Percent()
	if !known {
		return ""
	}
	return fmt.Sprintf(" (%d %%)", percent)
}

func age(d time.Duration) string {
	switch hours := int(d.Hours()); {
	case hours < 1:
		return count(int(d.Minutes()), "minute")
	case hours < 48:
		return count(hours, "hour")
	}
	return count(int(d.Hours())/24, "day")
}
