package screen

import "strings"

// blocks lays out a list of blocks, one under the other.
func (d drawer) blocks(list []object) []line {
	var out []line
	for _, b := range list {
		out = append(out, d.block(b)...)
	}
	return out
}

func (d drawer) block(b object) []line {
	switch str(b["type"]) {
	case "header":
		return d.text(b["text"], bold)
	case "section":
		return d.section(b)
	case "divider":
		return []line{d.rule()}
	case "context":
		return d.context(b)
	case "actions", "context_actions":
		return d.controls(objects(b["elements"]))
	case "rich_text":
		return d.rich(b)
	case "markdown":
		return d.markup(str(b["text"]), 0)
	case "table":
		return d.table(readTable(d, b))
	case "data_table":
		return d.dataTable(b)
	case "image":
		return []line{{{text: "[image: " + clean(str(b["alt_text"])) + "]", style: dim}}}
	case "input":
		return d.input(b)
	case "alert":
		return indent(d.narrowed(2).text(b["text"], bold), span{text: "! ", style: bad})
	case "card":
		return d.card(b)
	case "carousel":
		return d.blocks(objects(b["elements"]))
	case "container":
		return append(d.text(b["title"], bold), indent(d.narrowed(2).blocks(objects(b["child_blocks"])), span{text: "  "})...)
	case "layout":
		return d.layout(b)
	}
	return []line{{{text: "[" + clean(str(b["type"])) + "]", style: dim}}}
}

// text lays out a text object: mrkdwn with its marks, plain text as it is.
func (d drawer) text(v any, look style) []line {
	o := obj(v)
	s := str(o["text"])
	switch {
	case s == "":
		return nil
	case str(o["type"]) == "mrkdwn":
		return d.markup(s, look)
	}
	var out []line
	for row := range strings.SplitSeq(emoji(clean(s)), "\n") {
		out = append(out, fill(line{{row, look}}, d.Width, hanging(row))...)
	}
	return out
}

func (d drawer) rule() line { return line{{text: strings.Repeat("─", d.Width), style: dim}} }

// wideEnough is where there is room for two things side by side.
const wideEnough = 60

// section is a text, then fields in two columns, with an element at its side.
func (d drawer) section(b object) []line {
	accessory := line{}
	if a := obj(b["accessory"]); a != nil {
		accessory = d.control(a)
	}
	room := accessory.width()
	inner, beside := d, room > 0 && d.Width >= wideEnough && room < d.Width/2
	if beside {
		inner = d.narrowed(room + 2)
	}
	out := append(inner.text(b["text"], 0), inner.fields(objects(b["fields"]))...)
	switch {
	case beside && len(out) > 0:
		out[0] = append(append(pad(out[0], inner.Width, "left"), span{text: "  "}), accessory...)
	case room > 0:
		out = append(out, fill(accessory, d.Width, 0)...)
	}
	return out
}

// fields are laid out in two columns, or in one on a narrow screen.
func (d drawer) fields(list []object) []line {
	const gap = 2
	if d.Width < wideEnough {
		var out []line
		for _, f := range list {
			out = append(out, d.text(f, 0)...)
		}
		return out
	}
	column := d.narrowed(d.Width - (d.Width-gap)/2)
	var out []line
	for i := 0; i < len(list); i += 2 {
		left, right := column.text(list[i], 0), []line(nil)
		if i+1 < len(list) {
			right = column.text(list[i+1], 0)
		}
		out = append(out, sideBySide([][]line{left, right}, column.Width, gap)...)
	}
	return out
}

// sideBySide joins columns of lines, each of the same width.
func sideBySide(columns [][]line, columnWidth, gap int) []line {
	var out []line
	for row := 0; ; row++ {
		var l line
		more := false
		for i, column := range columns {
			cell := line{}
			if row < len(column) {
				cell, more = column[row], true
			}
			if i > 0 {
				l = append(l, span{text: strings.Repeat(" ", gap)})
			}
			l = append(l, pad(cell, columnWidth, "left")...)
		}
		if !more {
			return out
		}
		out = append(out, trim(l))
	}
}

// context is small print: its elements follow each other in dim.
func (d drawer) context(b object) []line {
	var all line
	for i, e := range objects(b["elements"]) {
		if i > 0 {
			all = append(all, span{text: "  "})
		}
		switch str(e["type"]) {
		case "image":
			all = append(all, span{text: "[" + clean(str(e["alt_text"])) + "]"})
		case "mrkdwn":
			all = append(all, d.inline(strings.ReplaceAll(clean(str(e["text"])), "\n", " "), 0)...)
		default:
			all = append(all, span{text: emoji(clean(str(e["text"])))})
		}
	}
	return fill(restyle(all, dim), d.Width, 0)
}

func (d drawer) card(b object) []line {
	out := d.text(b["title"], bold)
	out = append(out, d.text(b["subtitle"], dim)...)
	out = append(out, d.text(b["body"], 0)...)
	out = append(out, d.text(b["subtext"], dim)...)
	return append(out, d.controls(objects(b["actions"]))...)
}

// layout puts the items of a row side by side where there is room.
func (d drawer) layout(b object) []line {
	const gap = 2
	var out []line
	for _, row := range objects(b["rows"]) {
		items := objects(row["items"])
		if len(items) == 0 {
			continue
		}
		if d.Width < wideEnough {
			for _, item := range items {
				out = append(out, d.block(obj(item["block"]))...)
			}
			continue
		}
		each := (d.Width - gap*(len(items)-1)) / len(items)
		columns := make([][]line, len(items))
		for i, item := range items {
			columns[i] = d.narrowed(d.Width - each).block(obj(item["block"]))
		}
		out = append(out, sideBySide(columns, each, gap)...)
	}
	return out
}
