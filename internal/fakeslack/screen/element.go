package screen

import "strings"

func buttonLabel(label string) string { return "[ " + clean(label) + " ]" }

// controls lays out buttons and menus in rows; a label is never broken.
func (d drawer) controls(list []object) []line {
	var rows []line
	var row line
	for _, e := range list {
		c := d.control(e)
		switch {
		case len(row) == 0:
			row = c
		case row.width()+2+c.width() <= d.Width:
			row = append(append(row, span{text: "  "}), c...)
		default:
			rows, row = append(rows, row), c
		}
	}
	if len(row) > 0 {
		rows = append(rows, row)
	}
	return rows
}

// control is one button or menu as it looks before it is used.
func (d drawer) control(e object) line {
	kind := str(e["type"])
	label := emoji(str(obj(e["text"])["text"]))
	switch kind {
	case "button", "workflow_button", "icon_button":
		if str(e["url"]) != "" {
			label += " ↗"
		}
		return line{{buttonLabel(label), buttonStyle(str(e["style"]))}}
	case "overflow":
		return line{{text: "[ ⋯ ]"}}
	case "image":
		return line{{"[image: " + clean(str(e["alt_text"])) + "]", dim}}
	case "checkboxes", "radio_buttons":
		return line{{text: choices(e, kind)}}
	case "feedback_buttons":
		up, down := obj(e["positive_button"]), obj(e["negative_button"])
		return line{{text: buttonLabel(str(obj(up["text"])["text"])) + "  " + buttonLabel(str(obj(down["text"])["text"]))}}
	}
	if strings.HasSuffix(kind, "_input") {
		return line{{text: "[ " + orDefault(clean(str(e["initial_value"])), clean(placeholder(e))) + " ]"}}
	}
	return line{{text: "[ " + clean(chosen(e)) + " ▾ ]"}}
}

func buttonStyle(name string) style {
	switch name {
	case "primary":
		return good
	case "danger":
		return bad
	}
	return 0
}

func placeholder(e object) string { return str(obj(e["placeholder"])["text"]) }

// chosen is what a menu shows: its initial choice, or what it asks for.
func chosen(e object) string {
	if o := obj(e["initial_option"]); o != nil {
		return str(obj(o["text"])["text"])
	}
	for _, name := range []string{"initial_date", "initial_time", "initial_user", "initial_channel", "initial_conversation"} {
		if s := str(e[name]); s != "" {
			return s
		}
	}
	return orDefault(placeholder(e), "Choose")
}

func choices(e object, kind string) string {
	empty, full := "☐ ", "☑ "
	if kind == "radio_buttons" {
		empty, full = "○ ", "● "
	}
	picked := map[string]bool{str(obj(e["initial_option"])["value"]): e["initial_option"] != nil}
	for _, o := range objects(e["initial_options"]) {
		picked[str(o["value"])] = true
	}
	var out []string
	for _, o := range objects(e["options"]) {
		sign := empty
		if picked[str(o["value"])] {
			sign = full
		}
		out = append(out, sign+clean(str(obj(o["text"])["text"])))
	}
	return strings.Join(out, "  ")
}

// input is a field of a modal: label, element, hint, and what was wrong with it.
func (d drawer) input(b object) []line {
	out := d.text(b["label"], bold)
	if optional, _ := b["optional"].(bool); optional && len(out) > 0 {
		last := len(out) - 1
		out[last] = append(out[last], span{text: " (optional)", style: dim})
	}
	out = append(out, fill(d.control(obj(b["element"])), d.Width, 2)...)
	out = append(out, d.text(b["hint"], dim)...)
	if wrong := d.errors[str(b["block_id"])]; wrong != "" {
		out = append(out, fill(line{{"! " + clean(wrong), bad}}, d.Width, 2)...)
	}
	return out
}
