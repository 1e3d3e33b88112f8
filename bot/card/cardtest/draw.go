package cardtest

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"pgregory.net/rapid"

	"arbot/bot/card"
)

// Drawn is a random card and what must be seen of it.
type Drawn struct {
	Card card.Card
	// Marks stand at the start of each text of the card, and at the end of those
	// that must never be cut. Each is to be seen exactly once.
	Marks []string
}

var marks = regexp.MustCompile(`⟦\d+⟧`)

// Check fails unless each mark is in the text exactly once.
func (d Drawn) Check(t rapid.TB, text string) {
	t.Helper()
	seen := map[string]int{}
	for _, m := range marks.FindAllString(text, -1) {
		seen[m]++
	}
	for _, m := range d.Marks {
		if seen[m] != 1 {
			t.Errorf("%s is shown %d times", m, seen[m])
		}
	}
}

// Draw makes a random card whose texts are long, empty or full of what Slack or
// a terminal would parse.
func Draw(t *rapid.T) Drawn {
	d := &drawer{t: t}
	n := rapid.IntRange(0, 25).Draw(t, "parts")
	for range n {
		d.card.Add(d.part())
	}
	d.card.Text = "Sentence " + d.text(6000)
	return Drawn{Card: d.card, Marks: d.marks}
}

type drawer struct {
	t     *rapid.T
	card  card.Card
	marks []string
}

// mark is a short text that no other text of the card contains.
func (d *drawer) mark() string {
	m := fmt.Sprintf("⟦%d⟧", len(d.marks))
	d.marks = append(d.marks, m)
	return m
}

// hostile is text that something somewhere parses or miscounts.
var hostile = []string{
	"<!channel>", "<!here|x>", "<@U123ABC>", "<https://evil.example|Pay>", "&amp;", "&", "<", ">",
	"*bold*", "_it_", "~no~", "`code`", ":tada:", "@here", "#general", "https://evil.example", "\\", `"`,
	"\u202e", "\x1b[31m", "\x00", "\n", "\t", "\u2028", "\u200b", "\xff", "👩‍👩‍👧", "🇳🇱", "大阪", "é", " ", "  ", "x", "10.00",
}

// text is outside text: now and then most times some filler long.
func (d *drawer) text(most int) string {
	var b strings.Builder
	for _, s := range rapid.SliceOfN(rapid.SampledFrom(hostile), 0, min(most, 12)).Draw(d.t, "text") {
		b.WriteString(s)
	}
	if rapid.IntRange(0, 9).Draw(d.t, "long") == 0 { // long, with or without spaces
		filler := rapid.SampledFrom([]string{"word ", "x", "\"", "&", "🙂"}).Draw(d.t, "filler")
		b.WriteString(strings.Repeat(filler, rapid.IntRange(0, most).Draw(d.t, "times")))
	}
	return b.String()
}

// whole is text that must be seen from its first to its last letter.
func (d *drawer) whole(most int) string { return d.mark() + d.text(most) + d.mark() }

func (d *drawer) part() card.Part {
	switch rapid.IntRange(0, 8).Draw(d.t, "kind") {
	case 0:
		return card.Heading(d.whole(200))
	case 1:
		return card.Paragraph(d.spans())
	case 2:
		return d.fields()
	case 3:
		return d.table()
	case 4:
		return d.list()
	case 5:
		return card.Note(d.spans())
	case 6:
		return d.buttons()
	case 7:
		return d.rows()
	}
	return card.Divider{}
}

func (d *drawer) spans() []card.Span {
	spans := make([]card.Span, rapid.IntRange(0, 8).Draw(d.t, "spans"))
	for i := range spans {
		spans[i] = d.span()
	}
	return spans
}

func (d *drawer) span() card.Span {
	switch rapid.IntRange(0, 9).Draw(d.t, "span") {
	case 0:
		return card.Link(d.whole(3000), rapid.SampledFrom([]string{"https://ledger.example/1?a=b&c=d", "javascript:alert(1)", "|<>", ""}).Draw(d.t, "href"))
	case 1:
		return card.User(rapid.SampledFrom([]string{"U123ABC", "!channel", "", "u1|<"}).Draw(d.t, "user"))
	case 2:
		return card.When(time.Unix(rapid.Int64Range(-1e9, 4e9).Draw(d.t, "instant"), 0), d.mark()+rapid.SampledFrom(hostile).Draw(d.t, "fallback"))
	}
	return card.Span{Text: d.whole(7000), Style: card.Style(rapid.IntRange(0, 15).Draw(d.t, "style"))}
}

func (d *drawer) fields() card.Fields {
	fields := make(card.Fields, rapid.IntRange(0, 14).Draw(d.t, "fields"))
	for i := range fields {
		fields[i] = card.Field{Label: d.whole(100), Value: d.whole(3000)}
	}
	return fields
}

func (d *drawer) list() card.List {
	items := make(card.List, rapid.IntRange(0, 40).Draw(d.t, "items"))
	for i := range items {
		items[i] = d.spans()
	}
	return items
}

func (d *drawer) table() card.Table {
	t := card.Table{Caption: rapid.SampledFrom([]string{"", "Caption", "<!here>"}).Draw(d.t, "caption")}
	columns := rapid.SampledFrom([]int{1, 2, 5, 20, 21}).Draw(d.t, "columns")
	for range columns {
		t.Columns = append(t.Columns, card.Column{
			Title: d.text(90),
			Align: card.Align(rapid.IntRange(0, 1).Draw(d.t, "align")),
		})
	}
	cell := rapid.StringMatching(`[a-z<>&*]{0,20}`)
	if rapid.IntRange(0, 4).Draw(d.t, "wide") == 0 {
		cell = rapid.Just(strings.Repeat("w", 450))
	}
	for range rapid.SampledFrom([]int{0, 1, 3, 99, 100, 230}).Draw(d.t, "rows") {
		row := make([]string, rapid.IntRange(1, columns).Draw(d.t, "cells"))
		fill := cell.Draw(d.t, "cell")
		for i := range row {
			row[i] = fill
		}
		row[0] = d.mark() + fill
		t.Rows = append(t.Rows, row)
	}
	if rapid.Bool().Draw(d.t, "total") {
		t.Total = []string{d.mark()}
	}
	t.More = rapid.IntRange(0, 3).Draw(d.t, "more")
	return t
}

func (d *drawer) rows() card.Rows {
	rows := make(card.Rows, rapid.IntRange(0, 60).Draw(d.t, "rows"))
	for i := range rows {
		rows[i].Text = d.whole(100)
		for range rapid.IntRange(0, 5).Draw(d.t, "acts") {
			rows[i].Menu = append(rows[i].Menu, card.Act{Label: "Act " + rapid.SampledFrom(hostile).Draw(d.t, "act"), Action: "status", Value: "c12"})
		}
	}
	return rows
}

func (d *drawer) buttons() card.Buttons {
	buttons := make(card.Buttons, rapid.IntRange(0, 30).Draw(d.t, "buttons"))
	for i := range buttons {
		buttons[i] = card.Button{
			Label:      d.mark() + d.text(90),
			Action:     rapid.SampledFrom([]string{"pick", "open", strings.Repeat("a", 249)}).Draw(d.t, "action"),
			Value:      strings.Repeat(`"`, rapid.SampledFrom([]int{0, 10, 2000}).Draw(d.t, "value")),
			URL:        rapid.SampledFrom([]string{"", "https://ledger.example/" + strings.Repeat("p", 2000)}).Draw(d.t, "url"),
			Style:      card.ButtonStyle(rapid.IntRange(0, 2).Draw(d.t, "style")),
			Confirm:    d.text(400),
			Accessible: d.text(100),
		}
	}
	return buttons
}
