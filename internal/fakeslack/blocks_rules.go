package fakeslack

import "unicode/utf8"

// blockRule is one kind of block: where it may stand, its fields, and what no
// field alone can tell.
type blockRule struct {
	on    surface
	shape shape
	also  func(c *checker, at string, m object)
}

// blockRules are the blocks of Block Kit with their limits (docs, types). The
// file block is missing on purpose: apps cannot send it.
var blockRules = map[string]blockRule{
	"section": {on: everywhere, shape: shape{
		"text": may(anyText(3000)), "fields": may(list(1, 10, anyText(2000))),
		"accessory": may(element(inSection)), "expand": may(boolean),
	}, also: oneOf("text", "fields")},
	"header":          {on: everywhere, shape: shape{"text": need(plain(150)), "level": may(integer(1, 4))}},
	"divider":         {on: everywhere},
	"context":         {on: everywhere, shape: shape{"elements": need(list(1, 10, contextElement))}},
	"actions":         {on: everywhere, shape: shape{"elements": need(list(1, 25, element(inActions)))}},
	"context_actions": {on: onMessage, shape: shape{"elements": need(list(1, 5, element(inContextActions)))}},
	"image": {on: everywhere, shape: shape{
		"image_url": may(text(1, 3000)), "slack_file": may(slackFile), "alt_text": need(text(1, 2000)), "title": may(plain(2000)),
	}, also: oneOf("image_url", "slack_file")},
	"input": {on: everywhere, shape: shape{
		"label": need(plain(2000)), "hint": may(plain(2000)), "optional": may(boolean),
		"dispatch_action": may(boolean), "element": need(element(inInput)),
	}, also: func(c *checker, _ string, _ object) { c.input = true }},
	"markdown": {on: onMessage, shape: shape{"text": need(text(1, maxMarkdown))}, also: func(c *checker, _ string, m object) {
		s, _ := m["text"].(string)
		c.markdowns += utf8.RuneCountInString(s)
	}},
	"rich_text": {on: everywhere, shape: shape{"elements": need(list(1, 1000, richTextPart))}},
	"video": {on: everywhere, shape: shape{
		"video_url": need(text(1, 3000)), "thumbnail_url": need(text(1, 3000)), "alt_text": need(text(1, 2000)),
		"title": need(plain(199)), "title_url": may(text(1, 3000)), "author_name": may(text(1, 49)),
		"provider_name": may(text(1, 49)), "provider_icon_url": may(text(1, 3000)), "description": may(plain(200)),
	}},
	"table":      {on: onMessage, shape: tableShape, also: checkTable},
	"data_table": {on: onMessage | onHome, shape: dataTableShape, also: checkDataTable},
	"alert": {on: onModal, shape: shape{
		"text": need(anyText(200)), "level": may(enum("default", "info", "warning", "error", "success")),
	}},
	"card":     {on: onMessage, shape: cardShape, also: oneOf("hero_image", "title", "actions", "body")},
	"carousel": {on: onMessage, shape: shape{"elements": need(list(1, 10, nested("card")))}},
	"container": {on: onMessage, shape: shape{
		"title": may(plain(150)), "rich_text_title": may(nested("rich_text")), "subtitle": may(anyText(150)),
		"icon": may(element(justImage)), "width": may(enum("narrow", "standard", "wide", "full")),
		"child_blocks": need(list(1, 10, nested(containerChildren...))), "is_collapsible": may(boolean),
		"default_collapsed": may(boolean), "has_header_divider": may(boolean),
	}, also: oneOf("title", "rich_text_title")},
	"layout": {on: everywhere, shape: shape{
		"label": need(text(1, 150)), "rows": need(list(1, 5, record(shape{"items": need(list(1, 3, layoutItem))}))),
		"is_label_visible": may(boolean), "grid_lines": may(enum("none", "rows", "outer")),
		"fallback": may(list(0, maxMessageBlocks, nested())),
	}},
	"data_visualization": {on: onMessage, shape: shape{"title": need(text(1, 50)), "chart": need(chart)}},
	"task_card":          {on: onMessage, shape: taskShape},
	"plan":               {on: onMessage, shape: shape{"title": need(text(1, 3000)), "tasks": may(list(0, 50, nested("task_card")))}},
}

var cardShape = shape{
	"hero_image": may(element(justImage)), "icon": may(element(justImage)), "title": may(mrkdwn(150)),
	"subtitle": may(mrkdwn(150)), "body": may(mrkdwn(200)), "subtext": may(mrkdwn(200)),
	"actions": may(list(1, 3, element(justButton))),
}

var taskShape = shape{
	"task_id": need(text(1, 255)), "title": need(text(1, 3000)), "details": may(nested("rich_text")),
	"output": may(nested("rich_text")), "hide_title": may(boolean),
	"status":  need(enum("pending", "in_progress", "complete", "error")),
	"sources": may(list(0, 50, typed(map[string]shape{"url": {"url": need(text(1, 3000)), "text": need(text(1, 3000))}}))),
}

var containerChildren = []string{
	"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "table", "video", "layout", "container",
}

// layoutItem wraps one block within a row of a layout; markdown cannot be one.
func layoutItem(c *checker, at string, v any) {
	record(shape{
		"block": need(nested(append([]string{"card", "data_table", "data_visualization"}, containerChildren...)...)),
		"width": may(enum("narrow", "standard", "wide")), "horizontal_alignment": may(enum("start", "center", "end")),
	})(c, at, v)
}

// nested is a block inside another: of the named types, or of any.
func nested(kinds ...string) check {
	var allowed map[string]bool
	if len(kinds) > 0 {
		allowed = map[string]bool{}
		for _, kind := range kinds {
			allowed[kind] = true
		}
	}
	return func(c *checker, at string, v any) {
		if c.depth > maxNestedBlocks {
			c.bad(at, "blocks are nested too deeply")
			return
		}
		c.depth++
		c.block(at, v, allowed)
		c.depth--
	}
}

// oneOf asks for at least one of several fields.
func oneOf(names ...string) func(*checker, string, object) {
	return func(c *checker, at string, m object) {
		for _, name := range names {
			if _, given := m[name]; given {
				return
			}
		}
		c.bad(at, "must have one of %v", names)
	}
}

// chart holds a data_visualization to its sizes: up to 12 series (docs) of 1
// to 20 points, labels of 20 characters.
func chart(c *checker, at string, v any) {
	point := record(shape{"label": need(text(1, 20)), "value": need(number)})
	series := shape{
		"series": need(list(1, 12, record(shape{"name": need(text(1, 20)), "data": need(list(1, 20, point))}))),
		"axis_config": need(record(shape{
			"categories": need(list(1, 20, text(1, 20))), "x_label": may(text(1, 50)), "y_label": may(text(1, 50)),
		})),
	}
	typed(map[string]shape{"pie": {"segments": need(list(1, 12, point))}, "bar": series, "line": series, "area": series})(c, at, v)
}
