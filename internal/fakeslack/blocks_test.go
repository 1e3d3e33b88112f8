package fakeslack

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

// The texts of these tests use characters of two bytes: limits count
// characters, not bytes.
func chars(n int) string { return strings.Repeat("é", n) }

func plainText(n int) object { return object{"type": "plain_text", "text": chars(n)} }

func mrkdwnText(n int) object { return object{"type": "mrkdwn", "text": chars(n)} }

func times[T any](n int, build func(i int) T) []T {
	out := []T{}
	for i := range n {
		out = append(out, build(i))
	}
	return out
}

func button(changes ...object) object {
	b := object{"type": "button", "action_id": "b", "text": plainText(3)}
	for _, change := range changes {
		maps.Copy(b, change)
	}
	return b
}

func buttons(n int) []object {
	return times(n, func(i int) object { return button(object{"action_id": fmt.Sprint("b", i)}) })
}

func options(n int) []object {
	return times(n, func(i int) object { return object{"text": plainText(2), "value": strconv.Itoa(i)} })
}

func accessory(e object) object {
	return object{"type": "section", "text": mrkdwnText(1), "accessory": e}
}

func actions(elements ...object) object { return object{"type": "actions", "elements": elements} }

func menuOf(changes object) object {
	m := object{"type": "static_select", "action_id": "m", "options": options(2)}
	maps.Copy(m, changes)
	return actions(m)
}

func rawCell(n int) object { return object{"type": "raw_text", "text": chars(n)} }

func tableOf(rows, columns, size int) object {
	return object{"type": "table", "rows": times(rows, func(int) []object {
		return times(columns, func(int) object { return rawCell(size) })
	})}
}

func dataTableOf(rows, columns, size int) object {
	t := tableOf(rows, columns, size)
	t["type"], t["caption"] = "data_table", "Aging"
	return t
}

func richOf(parts ...object) object { return object{"type": "rich_text", "elements": parts} }

func inputOf(element object) object {
	return object{"type": "input", "label": plainText(2), "element": element}
}

// TestBlockLimits takes each limit from below, at and above it: least is the
// smallest size that passes, most the largest.
func TestBlockLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		least, most int
		build       func(n int) []object
		at          string // the pointer of the refusal above most
	}{
		{"blocks in a message", 0, 50, func(n int) []object {
			return times(n, func(int) object { return object{"type": "divider"} })
		}, "/blocks"},
		{"section text", 1, 3000, one(func(n int) object { return object{"type": "section", "text": mrkdwnText(n)} }), "/blocks/0/text/text"},
		{"section fields", 1, 10, one(func(n int) object {
			return object{"type": "section", "fields": times(n, func(int) object { return mrkdwnText(1) })}
		}), "/blocks/0/fields"},
		{"field text", 1, 2000, one(func(n int) object { return object{"type": "section", "fields": []object{plainText(n)}} }), "/blocks/0/fields/0/text"},
		{"header", 1, 150, one(func(n int) object { return object{"type": "header", "text": plainText(n)} }), "/blocks/0/text/text"},
		{"header level", 1, 4, one(func(n int) object { return object{"type": "header", "text": plainText(1), "level": n} }), "/blocks/0/level"},
		{"context elements", 1, 10, one(func(n int) object {
			return object{"type": "context", "elements": times(n, func(int) object { return mrkdwnText(1) })}
		}), "/blocks/0/elements"},
		{"actions", 1, 25, one(func(n int) object { return actions(buttons(n)...) }), "/blocks/0/elements"},
		{"block_id", 0, 255, one(func(n int) object { return object{"type": "divider", "block_id": chars(n)} }), "/blocks/0/block_id"},
		{"button text", 1, 75, one(func(n int) object { return actions(button(object{"text": plainText(n)})) }), "/blocks/0/elements/0/text/text"},
		{"button value", 0, 2000, one(func(n int) object { return actions(button(object{"value": chars(n)})) }), "/blocks/0/elements/0/value"},
		{"button url", 1, 3000, one(func(n int) object { return actions(button(object{"url": chars(n)})) }), "/blocks/0/elements/0/url"},
		{"button label for screen readers", 1, 75, one(func(n int) object { return actions(button(object{"accessibility_label": chars(n)})) }), "/blocks/0/elements/0/accessibility_label"},
		{"action_id", 1, 255, one(func(n int) object { return actions(button(object{"action_id": chars(n)})) }), "/blocks/0/elements/0/action_id"},
		{"nested button text", 1, 75, one(func(n int) object { return accessory(button(object{"text": plainText(n)})) }), "/blocks/0/accessory/text/text"},
		{"confirm title", 1, 100, one(confirmWith("title")), "/blocks/0/elements/0/confirm/title/text"},
		{"confirm text", 1, 300, one(confirmWith("text")), "/blocks/0/elements/0/confirm/text/text"},
		{"confirm yes", 1, 30, one(confirmWith("confirm")), "/blocks/0/elements/0/confirm/confirm/text"},
		{"confirm no", 1, 30, one(confirmWith("deny")), "/blocks/0/elements/0/confirm/deny/text"},
		{"options", 1, 100, one(func(n int) object { return menuOf(object{"options": options(n)}) }), "/blocks/0/elements/0/options"},
		{"option text", 1, 75, one(func(n int) object {
			return menuOf(object{"options": []object{{"text": plainText(n), "value": "v"}}})
		}), "/blocks/0/elements/0/options/0/text/text"},
		{"option value", 0, 75, one(func(n int) object {
			return menuOf(object{"options": []object{{"text": plainText(1), "value": chars(n)}}})
		}), "/blocks/0/elements/0/options/0/value"},
		{"option description", 1, 75, one(func(n int) object {
			return menuOf(object{"options": []object{{"text": plainText(1), "value": "v", "description": plainText(n)}}})
		}), "/blocks/0/elements/0/options/0/description/text"},
		{"option groups", 1, 100, one(func(n int) object {
			groups := times(n, func(int) object { return object{"label": plainText(1), "options": options(1)} })
			return actions(object{"type": "static_select", "action_id": "m", "option_groups": groups})
		}), "/blocks/0/elements/0/option_groups"},
		{"placeholder", 1, 150, one(func(n int) object { return menuOf(object{"placeholder": plainText(n)}) }), "/blocks/0/elements/0/placeholder/text"},
		{"overflow", 1, 5, one(func(n int) object {
			return accessory(object{"type": "overflow", "action_id": "o", "options": options(n)})
		}), "/blocks/0/accessory/options"},
		{"radio buttons", 1, 10, one(func(n int) object {
			return accessory(object{"type": "radio_buttons", "action_id": "r", "options": options(n)})
		}), "/blocks/0/accessory/options"},
		{"image alt text", 1, 2000, one(func(n int) object {
			return object{"type": "image", "image_url": "https://x.example", "alt_text": chars(n)}
		}), "/blocks/0/alt_text"},
		{"image url", 1, 3000, one(func(n int) object { return object{"type": "image", "image_url": chars(n), "alt_text": "x"} }), "/blocks/0/image_url"},
		{"table rows", 1, 100, one(func(n int) object { return tableOf(n, 2, 1) }), "/blocks/0/rows"},
		{"table columns", 1, 20, one(func(n int) object { return tableOf(2, n, 1) }), "/blocks/0/rows/0"},
		{"table text", 1, 10_000, one(func(n int) object { return tableOf(1, 1, n) }), "/blocks"},
		{"table column settings", 0, 20, one(func(n int) object {
			table := tableOf(1, 1, 1)
			table["column_settings"] = times(n, func(int) object { return object{"align": "right"} })
			return table
		}), "/blocks/0/column_settings"},
		{"tables in a message", 0, 1, func(n int) []object { return times(n, func(int) object { return tableOf(1, 1, 1) }) }, "/blocks"},
		{"data table rows", 2, 201, one(func(n int) object { return dataTableOf(n, 1, 1) }), "/blocks/0/rows"},
		{"data table columns", 1, 20, one(func(n int) object { return dataTableOf(2, n, 1) }), "/blocks/0/rows/0"},
		{"data table text", 1, 10_000, one(func(n int) object { return dataTableOf(2, 1, n) }), "/blocks"},
		{"data table page", 1, 100, one(func(n int) object {
			table := dataTableOf(2, 1, 1)
			table["page_size"] = n
			return table
		}), "/blocks/0/page_size"},
		{"rich text without text", 1, 40_000, one(func(n int) object {
			return richOf(object{"type": "rich_text_section", "elements": []object{{"type": "text", "text": chars(n)}}})
		}), "/blocks/0/elements/0/elements/0/text"},
		{"markdown over all blocks", 2, 12_000, func(n int) []object {
			return []object{{"type": "markdown", "text": chars(n / 2)}, {"type": "markdown", "text": chars(n - n/2)}}
		}, "/blocks"},
		{"input label", 1, 2000, one(func(n int) object {
			return object{"type": "input", "label": plainText(n), "element": object{"type": "datepicker", "action_id": "d"}}
		}), "/blocks/0/label/text"},
		{"input hint", 1, 2000, one(func(n int) object {
			return object{"type": "input", "label": plainText(1), "hint": plainText(n), "element": object{"type": "datepicker", "action_id": "d"}}
		}), "/blocks/0/hint/text"},
		{"typed text", 1, 3000, one(func(n int) object {
			return inputOf(object{"type": "plain_text_input", "action_id": "t", "max_length": n})
		}), "/blocks/0/element/max_length"},
		{"card title", 1, 150, one(func(n int) object { return object{"type": "card", "title": mrkdwnText(n)} }), "/blocks/0/title/text"},
		{"card body", 1, 200, one(func(n int) object { return object{"type": "card", "body": mrkdwnText(n)} }), "/blocks/0/body/text"},
		{"card buttons", 1, 3, one(func(n int) object { return object{"type": "card", "actions": buttons(n)} }), "/blocks/0/actions"},
		{"carousel", 1, 10, one(func(n int) object {
			return object{"type": "carousel", "elements": times(n, func(int) object { return object{"type": "card", "body": mrkdwnText(1)} })}
		}), "/blocks/0/elements"},
		{"container children", 1, 10, one(func(n int) object {
			return object{"type": "container", "title": plainText(1), "child_blocks": times(n, func(int) object { return object{"type": "divider"} })}
		}), "/blocks/0/child_blocks"},
		{"layout rows", 1, 5, one(func(n int) object {
			row := object{"items": []object{{"block": object{"type": "divider"}}}}
			return object{"type": "layout", "label": "l", "rows": times(n, func(int) object { return row })}
		}), "/blocks/0/rows"},
		{"chart points", 1, 12, one(func(n int) object {
			points := times(n, func(i int) object { return object{"label": strconv.Itoa(i), "value": i} })
			return object{"type": "data_visualization", "title": "t", "chart": object{"type": "pie", "segments": points}}
		}), "/blocks/0/chart/segments"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, n := range []int{c.least, c.most - 1, c.most} {
				if n < c.least {
					continue
				}
				if err := checkMessageBlocks(encode(t, c.build(n))); err != nil {
					t.Errorf("%d: %v", n, err)
				}
			}
			if c.least > 0 && checkMessageBlocks(encode(t, c.build(c.least-1))) == nil {
				t.Errorf("%d passed", c.least-1)
			}
			err := checkMessageBlocks(encode(t, c.build(c.most+1)))
			if !strings.Contains(fmt.Sprint(err), "[json-pointer:"+c.at+"]") {
				t.Errorf("%d: got %v, want a refusal at %s", c.most+1, err, c.at)
			}
		})
	}
}

func one(build func(n int) object) func(n int) []object {
	return func(n int) []object { return []object{build(n)} }
}

func confirmWith(name string) func(n int) object {
	return func(n int) object {
		dialog := object{"text": plainText(1)}
		dialog[name] = plainText(n)
		return actions(button(object{"confirm": dialog}))
	}
}

func encode(t *testing.T, v any) json.RawMessage {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestBlockRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, blocks, want string
	}{
		{"an object", `{"type":"divider"}`, "invalid_blocks_format"},
		{"no JSON", `[{"type":`, "invalid_blocks_format"},
		{"unknown type", `[{"type":"banner"}]`, "unsupported type: banner [json-pointer:/blocks/0/type]"},
		{"no type", `[{"text":"x"}]`, "missing required field: type [json-pointer:/blocks/0]"},
		{"a text for a block", `["x"]`, "must be an object [json-pointer:/blocks/0]"},
		{"unknown field", `[{"type":"divider","text":"x"}]`, "invalid additional property: text [json-pointer:/blocks/0]"},
		{"mrkdwn in a header", `[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]`, "[json-pointer:/blocks/0/text/type]"},
		{"text as a string", `[{"type":"section","text":"x"}]`, "must be an object [json-pointer:/blocks/0/text]"},
		{"number as text", `[{"type":"section","text":{"type":"mrkdwn","text":7}}]`, "must be a string [json-pointer:/blocks/0/text/text]"},
		{"empty section", `[{"type":"section"}]`, "must have one of [text fields] [json-pointer:/blocks/0]"},
		{"null", `[{"type":"section","text":{"type":"mrkdwn","text":"x"},"accessory":null}]`, "must be an object [json-pointer:/blocks/0/accessory]"},
		{"same block_id", `[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]`, `block_id "a" already exists`},
		{"same action_id", `[{"type":"actions","elements":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"x"}},{"type":"button","action_id":"a","text":{"type":"plain_text","text":"y"}}]}]`, `action_id "a" already exists`},
		{"input element among actions", `[{"type":"actions","elements":[{"type":"plain_text_input","action_id":"a"}]}]`, "unsupported type: plain_text_input"},
		{"options and groups", `[{"type":"actions","elements":[{"type":"static_select","action_id":"a"}]}]`, "exactly one of options and option_groups"},
		{"style of a button", `[{"type":"actions","elements":[{"type":"button","style":"default","text":{"type":"plain_text","text":"x"}}]}]`, "must be one of [primary danger]"},
		{"empty alignment", `[{"type":"table","column_settings":[{"align":"","is_wrapped":false}],"rows":[[{"type":"raw_text","text":"x"}]]}]`, "must be one of [left center right] [json-pointer:/blocks/0/column_settings/0/align]"},
		{"cell of mrkdwn", `[{"type":"table","rows":[[{"type":"mrkdwn","text":"x"}]]}]`, "unsupported type: mrkdwn"},
		{"data table without caption", `[{"type":"data_table","rows":[[{"type":"raw_text","text":"x"}],[{"type":"raw_text","text":"y"}]]}]`, "missing required field: caption"},
		{"ragged data table", `[{"type":"data_table","caption":"c","rows":[[{"type":"raw_text","text":"x"}],[{"type":"raw_text","text":"y"},{"type":"raw_text","text":"z"}]]}]`, "all rows must have 1 cells [json-pointer:/blocks/0/rows/1]"},
		{"number in a data table's header", `[{"type":"data_table","caption":"c","rows":[[{"type":"raw_number","value":1}],[{"type":"raw_number","value":1}]]}]`, "header cells must be raw_text"},
		{"list of lists", `[{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_list","style":"bullet","elements":[]}]}]}]`, "unsupported type: rich_text_list"},
		{"unknown inline", `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"bold","text":"x"}]}]}]`, "unsupported type: bold"},
		{"alert in a message", `[{"type":"alert","text":{"type":"plain_text","text":"x"}}]`, "unsupported type: alert"},
		{"file", `[{"type":"file","source":"remote","external_id":"x"}]`, "unsupported type: file"},
		{"markdown within a layout", `[{"type":"layout","label":"l","rows":[{"items":[{"block":{"type":"markdown","text":"x"}}]}]}]`, "unsupported type: markdown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := checkMessageBlocks(json.RawMessage(c.blocks))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestBlocksOfAnotherMaker: what slack-go builds passes, so that the tables
// do not refuse what is right.
func TestBlocksOfAnotherMaker(t *testing.T) {
	t.Parallel()
	text := slack.NewTextBlockObject(slack.PlainTextType, "text", true, false)
	press := slack.NewButtonBlockElement("go", "v", text).WithStyle(slack.StylePrimary).
		WithConfirm(slack.NewConfirmationBlockObject(text, text, text, text))
	choice := slack.NewOptionBlockObject("v", text, text)
	table := slack.NewTableBlock("t").AddRow(slack.NewTableRawTextCell("Customer"), slack.NewTableRawTextCell("Open")).
		AddRow(slack.NewTableRawTextCell("Acme"), slack.NewTableRawNumberCell(12.5).WithText("12.50")).
		WithColumnSettings(slack.ColumnSetting{Align: slack.ColumnAlignmentLeft}, slack.ColumnSetting{Align: slack.ColumnAlignmentRight})
	blocks := []slack.Block{
		slack.NewHeaderBlock(text),
		slack.NewSectionBlock(text, []*slack.TextBlockObject{text}, slack.NewAccessory(press)),
		slack.NewDividerBlock(),
		slack.NewContextBlock("c", text, slack.NewImageBlockElement("https://x.example/i.png", "alt")),
		slack.NewActionBlock("a", slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, text, "s", choice),
			slack.NewDatePickerBlockElement("d"), slack.NewOverflowBlockElement("o", choice), slack.NewCheckboxGroupsBlockElement("cb", choice)),
		slack.NewRichTextBlock("r", slack.NewRichTextSection(
			slack.NewRichTextSectionTextElement("bold", &slack.RichTextSectionTextStyle{Bold: true}),
			slack.NewRichTextSectionUserElement("U0ANA", nil), slack.NewRichTextSectionLinkElement("https://x.example", "x", nil))),
		slack.NewImageBlock("https://x.example/i.png", "alt", "i", text),
		slack.NewMarkdownBlock("m", "*md*"),
		table,
		slack.NewInputBlock("in", text, text, slack.NewPlainTextInputBlockElement(text, "p")),
	}
	if err := checkMessageBlocks(encode(t, blocks)); err != nil {
		t.Error(err)
	}
}

func TestViewLimits(t *testing.T) {
	t.Parallel()
	modal := func(changes object) object {
		v := object{"type": "modal", "title": plainText(1), "blocks": []object{}}
		maps.Copy(v, changes)
		return v
	}
	for _, c := range []struct {
		name  string
		most  int
		build func(n int) object
	}{
		{"title", 24, func(n int) object { return modal(object{"title": plainText(n)}) }},
		{"submit", 24, func(n int) object { return modal(object{"submit": plainText(n)}) }},
		{"close", 24, func(n int) object { return modal(object{"close": plainText(n)}) }},
		{"private_metadata", 3000, func(n int) object { return modal(object{"private_metadata": chars(n)}) }},
		{"callback_id", 255, func(n int) object { return modal(object{"callback_id": chars(n)}) }},
		{"external_id", 255, func(n int) object { return modal(object{"external_id": chars(n)}) }},
		{"blocks", 100, func(n int) object {
			return modal(object{"blocks": times(n, func(int) object { return object{"type": "divider"} })})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, n := range []int{c.most - 1, c.most} {
				if _, err := readView(encode(t, c.build(n)), "modal"); err != nil {
					t.Errorf("%d: %v", n, err)
				}
			}
			_, err := readView(encode(t, c.build(c.most+1)), "modal")
			if !strings.Contains(fmt.Sprint(err), "invalid_arguments") || !strings.Contains(fmt.Sprint(err), "/view/"+c.name) {
				t.Errorf("%d: %v", c.most+1, err)
			}
		})
	}
}

func TestViewRefusals(t *testing.T) {
	t.Parallel()
	input := `{"type":"input","label":{"type":"plain_text","text":"l"},"element":{"type":"plain_text_input","action_id":"a"}}`
	for _, c := range []struct{ name, kind, view, want string }{
		{"null blocks", "modal", `{"type":"modal","title":{"type":"plain_text","text":"t"},"blocks":null}`, "must be an array [json-pointer:/view/blocks]"},
		{"no title", "modal", `{"type":"modal","blocks":[]}`, "missing required field: title"},
		{"input without submit", "modal", `{"type":"modal","title":{"type":"plain_text","text":"t"},"blocks":[` + input + `]}`, "must define `submit`"},
		{"home as modal", "modal", `{"type":"home","blocks":[]}`, "must be modal"},
		{"title on the home tab", "home", `{"type":"home","title":{"type":"plain_text","text":"t"},"blocks":[]}`, "invalid additional property: title"},
		{"table in a modal", "modal", `{"type":"modal","title":{"type":"plain_text","text":"t"},"blocks":[{"type":"table","rows":[[{"type":"raw_text","text":"x"}]]}]}`, "unsupported type: table"},
		{"too large", "modal", `{"type":"modal","title":{"type":"plain_text","text":"` + strings.Repeat("x", 250_001) + `"},"blocks":[]}`, "view_too_large"},
		{"nothing", "modal", ``, "invalid_arguments"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := readView(json.RawMessage(c.view), c.kind)
			var refusal *apiError
			if !errors.As(err, &refusal) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func FuzzBlocks(f *testing.F) {
	f.Add([]byte(`[{"type":"section","text":{"type":"mrkdwn","text":"x"}}]`))
	f.Add([]byte(`[{"type":"container","title":{"type":"plain_text","text":"x"},"child_blocks":[{"type":"layout"}]}]`))
	f.Fuzz(func(_ *testing.T, raw []byte) {
		_ = checkMessageBlocks(raw)
		_, _ = readView(raw, "modal")
	})
}
