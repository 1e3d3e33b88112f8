package screen

import (
	"strconv"
	"strings"
	"time"
)

// rich lays out a rich_text block.
func (d drawer) rich(block object) []line {
	var out []line
	for _, part := range objects(block["elements"]) {
		switch str(part["type"]) {
		case "rich_text_list":
			out = append(out, d.richList(part)...)
		case "rich_text_quote":
			out = append(out, indent(d.narrowed(2).richSection(part, 0), span{text: "▌ ", style: dim})...)
		case "rich_text_preformatted":
			out = append(out, d.richSection(part, code)...)
		default:
			out = append(out, d.richSection(part, 0)...)
		}
	}
	return out
}

func (d drawer) richList(list object) []line {
	var out []line
	in := strings.Repeat("  ", int(num(list["indent"])))
	for i, item := range objects(list["elements"]) {
		sign := in + "• "
		if str(list["style"]) == "ordered" {
			sign = in + strconv.Itoa(i+1+int(num(list["offset"]))) + ". "
		}
		lines := d.narrowed(width(sign)).richSection(item, 0)
		for j, l := range lines {
			if j > 0 {
				sign = strings.Repeat(" ", width(sign))
			}
			out = append(out, append(line{{text: sign}}, l...))
		}
	}
	return out
}

// richSection lays out the inline elements; a newline in a text ends a row.
func (d drawer) richSection(section object, look style) []line {
	rows := []line{{}}
	for _, e := range objects(section["elements"]) {
		piece := d.richInline(e, look)
		for i, text := range strings.Split(piece.text, "\n") {
			if i > 0 {
				rows = append(rows, line{})
			}
			last := len(rows) - 1
			rows[last] = append(rows[last], span{text, piece.style})
		}
	}
	if last := len(rows) - 1; last > 0 && rows[last].width() == 0 {
		rows = rows[:last]
	}
	var out []line
	for _, row := range rows {
		out = append(out, fill(row, d.Width, 0)...)
	}
	return out
}

func (d drawer) richInline(e object, look style) span {
	for name, add := range map[string]style{"bold": bold, "italic": italic, "strike": strike, "code": code} {
		if on, _ := obj(e["style"])[name].(bool); on {
			look |= add
		}
	}
	switch str(e["type"]) {
	case "user":
		return span{d.named(str(e["user_id"])), look | mention}
	case "channel":
		return span{d.named(str(e["channel_id"])), look | mention}
	case "usergroup":
		return span{d.named(str(e["usergroup_id"])), look | mention}
	case "broadcast":
		return span{"@" + clean(str(e["range"])), look | mention}
	case "emoji":
		return span{emoji(":" + clean(str(e["name"])) + ":"), look}
	case "link":
		return span{clean(orDefault(str(e["text"]), str(e["url"]))), look | link}
	case "date":
		at := time.Unix(int64(num(e["timestamp"])), 0).In(d.Location)
		return span{stamp(at, str(e["format"])), look}
	}
	text := clean(str(e["text"]))
	if look&code != 0 && !d.Color && obj(e["style"])["code"] == true {
		text = "`" + text + "`"
	}
	return span{text, look}
}

func num(v any) float64 {
	n, _ := v.(float64)
	return n
}
