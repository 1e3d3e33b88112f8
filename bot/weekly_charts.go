package bot

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"arbot/ar"
	"arbot/ar/metric"
	"arbot/bot/picture"
	"arbot/desk"
)

// Painter draws the pictures of a digest: a picture.Painter.
type Painter interface {
	Draw(c picture.Chart) ([]byte, error)
}

// Picture is a picture of a post, with a text that says what it shows.
type Picture struct {
	Name, Title string
	// Alt has the numbers: it is what a reader without the picture gets.
	Alt     string
	Content []byte
}

// maxAlt is how much of an image's description Slack takes (docs.slack.dev, image block).
const maxAlt = 2000

// weeklyPictures are those of the main currency. What cannot be drawn is left out: the text
// has every figure.
func (d *Digests) weeklyPictures(w desk.Weekly) (list []Picture) {
	if d.Painter == nil || len(w.Currencies) == 0 {
		return nil
	}
	c := w.Currencies[0]
	for _, one := range []struct {
		name string
		draw func(desk.WeeklyCurrency) (picture.Chart, string)
	}{{"dso", dsoChart}, {"aging", agingChart}} {
		chart, alt := one.draw(c)
		content, err := d.Painter.Draw(chart)
		if err != nil {
			continue // a young book has nothing to draw yet
		}
		list = append(list, Picture{
			Name: fmt.Sprintf("%s-%s.png", one.name, w.AsOf), Title: chart.Title, Alt: shortened(alt), Content: content,
		})
	}
	return list
}

func shortened(alt string) string {
	if runes := []rune(alt); len(runes) > maxAlt {
		return string(runes[:maxAlt-1]) + "…"
	}
	return alt
}

// dsoChart is simple DSO against best possible at the month ends.
func dsoChart(c desk.WeeklyCurrency) (picture.Chart, string) {
	chart := picture.Chart{Title: fmt.Sprintf("DSO against best possible, in days (%s, simple)", c.Currency)}
	dso, best := picture.Series{Name: "DSO", Tone: picture.Main}, picture.Series{Name: "Best possible", Tone: picture.Goal}
	var says []string
	for _, r := range c.Trend {
		chart.Labels = append(chart.Labels, monthName(r.AsOf))
		dso.Values, best.Values = append(dso.Values, pointOf(r.Simple)), append(best.Values, pointOf(r.BestPossible))
		says = append(says, fmt.Sprintf("%s %s, best possible %s", r.AsOf.String()[:len("2006-01")], r.Simple.Fixed(1), r.BestPossible.Fixed(1)))
	}
	chart.Series = []picture.Series{dso, best}
	return chart, chart.Title + ", at month ends: " + strings.Join(says, "; ") + "."
}

func monthName(d ar.Date) string {
	_, month, _ := d.Civil()
	return month.String()[:3]
}

func pointOf(f metric.Figure) float64 {
	value, ok := f.Value()
	if !ok {
		return picture.Missing()
	}
	point, _ := value.Float64() // for a picture the nearest is near enough
	return point
}

var agingTones = []picture.Tone{picture.Good, picture.Fair, picture.Poor, picture.Worse, picture.Bad}

// agingChart is what is owed by age at the week ends, unapplied credit below 0.
func agingChart(c desk.WeeklyCurrency) (picture.Chart, string) {
	chart := picture.Chart{Kind: picture.Stack, Title: fmt.Sprintf("A/R by days overdue at week ends (%s)", c.Currency)}
	edges := ar.DefaultEdges(ar.ByDueDate)
	for n := range edges.Count() {
		chart.Series = append(chart.Series, picture.Series{Name: edges.Label(n), Tone: agingTones[n]})
	}
	credit := picture.Series{Name: "Unapplied", Tone: picture.Credit}
	var says []string
	for _, end := range c.Ends {
		chart.Labels = append(chart.Labels, end.AsOf.Short())
		for n, b := range end.Aging.Buckets {
			chart.Series[n].Values = append(chart.Series[n].Values, float(b))
		}
		credit.Values = append(credit.Values, -float(end.Aging.Unapplied))
		says = append(says, agingWords(end))
	}
	if visible(credit, c.Ends) {
		chart.Series = append(chart.Series, credit)
	}
	return chart, fmt.Sprintf("%s, as %s, unapplied credit last: %s.", chart.Title, strings.Join(labels(edges), " / "), strings.Join(says, "; "))
}

func labels(e ar.Edges) (list []string) {
	for n := range e.Count() {
		list = append(list, e.Label(n))
	}
	return list
}

// agingWords are the buckets of a week end in whole units.
func agingWords(end metric.WeekEnd) string {
	var words []string
	for _, m := range append(append([]ar.Money{}, end.Aging.Buckets...), end.Aging.Unapplied.Neg()) {
		words = append(words, fmt.Sprintf("%.0f", float(m)))
	}
	return end.AsOf.Short() + " " + strings.Join(words, " / ")
}

// visible reports whether there is enough unapplied credit to be seen beside what is owed;
// the text has it in any case.
func visible(credit picture.Series, ends []metric.WeekEnd) bool {
	const share = 0.02
	most := 0.0
	for _, end := range ends {
		if gross, err := end.Aging.Gross(); err == nil {
			most = max(most, float(gross))
		}
	}
	return slices.ContainsFunc(credit.Values, func(v float64) bool { return -v > share*most })
}

// float is an amount in its main unit, for a picture.
func float(m ar.Money) float64 {
	return float64(m.Minor()) / math.Pow10(m.Currency().Exponent())
}
