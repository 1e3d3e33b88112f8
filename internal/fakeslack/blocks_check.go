package fakeslack

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"
)

// check looks at one JSON value and notes what is wrong with it.
type check func(c *checker, at string, v any)

// shape is what an object may hold: its fields by name.
type shape map[string]field

type field struct {
	check    check
	required bool
}

func need(k check) field { return field{k, true} }
func may(k check) field  { return field{k, false} }

// fields holds an object to a shape. What the shape does not name is refused,
// as Slack does, except the names that the caller has looked at.
func (c *checker) fields(at string, m object, sh shape, seen ...string) {
	for _, name := range slices.Sorted(maps.Keys(sh)) {
		v, given := m[name]
		switch {
		case given:
			sh[name].check(c, at+"/"+name, v)
		case sh[name].required:
			c.bad(at, "missing required field: %s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if _, named := sh[name]; !named && !slices.Contains(seen, name) {
			c.bad(at, "invalid additional property: %s", name)
		}
	}
}

// pointer is the JSON pointer of a list's item.
func pointer(at string, i int) string { return at + "/" + strconv.Itoa(i) }

// count checks the number of items of a list.
func (c *checker) count(at string, have, least, most int) {
	switch {
	case have < least:
		c.bad(at, "no less than %d items allowed", least)
	case have > most:
		c.bad(at, "no more than %d items allowed", most)
	}
}

// length checks the number of characters of a text.
func (c *checker) length(at, s string, least, most int) {
	switch n := utf8.RuneCountInString(s); {
	case n < least:
		c.bad(at, "must be more than %d characters", least-1)
	case n > most:
		c.bad(at, "must be less than %d characters", most+1)
	}
}

// text is a string with so many characters.
func text(least, most int) check {
	return func(c *checker, at string, v any) {
		s, ok := v.(string)
		if !ok {
			c.bad(at, "must be a string")
			return
		}
		c.length(at, s, least, most)
	}
}

func boolean(c *checker, at string, v any) {
	if _, ok := v.(bool); !ok {
		c.bad(at, "must be a boolean")
	}
}

func number(c *checker, at string, v any) {
	if _, ok := v.(json.Number); !ok {
		c.bad(at, "must be a number")
	}
}

func integer(least, most int64) check {
	return func(c *checker, at string, v any) {
		n, ok := v.(json.Number)
		i, err := n.Int64()
		if !ok || err != nil {
			c.bad(at, "must be an integer")
			return
		}
		if i < least || i > most {
			c.bad(at, "must be between %d and %d", least, most)
		}
	}
}

// enum is one of several words.
func enum(words ...string) check {
	return func(c *checker, at string, v any) {
		if s, ok := v.(string); !ok || !slices.Contains(words, s) {
			c.bad(at, "must be one of %v", words)
		}
	}
}

// list is an array with so many items, each of which passes.
func list(least, most int, item check) check {
	return func(c *checker, at string, v any) {
		items, ok := v.([]any)
		if !ok {
			c.bad(at, "must be an array")
			return
		}
		c.count(at, len(items), least, most)
		for i, one := range items {
			item(c, pointer(at, i), one)
		}
	}
}

// record is an object of a shape.
func record(sh shape) check {
	return func(c *checker, at string, v any) {
		m, ok := v.(object)
		if !ok {
			c.bad(at, "must be an object")
			return
		}
		c.fields(at, m, sh)
	}
}

// plain is a plain_text object of at least one character; anyText may be
// mrkdwn as well (types).
func plain(most int) check { return textObjectOf(most, "plain_text") }

func anyText(most int) check { return textObjectOf(most, "plain_text", "mrkdwn") }

func mrkdwn(most int) check { return textObjectOf(most, "mrkdwn") }

func textObjectOf(most int, kinds ...string) check {
	shapes := map[string]shape{
		"plain_text": {"text": need(text(1, most)), "emoji": may(boolean)},
		"mrkdwn":     {"text": need(text(1, most)), "verbatim": may(boolean)},
	}
	return func(c *checker, at string, v any) {
		m, ok := v.(object)
		if !ok {
			c.bad(at, "must be an object")
			return
		}
		kind, _ := m["type"].(string)
		if !slices.Contains(kinds, kind) {
			c.bad(at+"/type", "must be one of %v", kinds)
			return
		}
		c.fields(at, m, shapes[kind], "type")
	}
}

// typed is an object whose shape depends on its type.
func typed(shapes map[string]shape) check {
	return func(c *checker, at string, v any) {
		m, ok := v.(object)
		if !ok {
			c.bad(at, "must be an object")
			return
		}
		kind, _ := m["type"].(string)
		sh, known := shapes[kind]
		if !known {
			c.bad(at+"/type", "unsupported type: %s", kind)
			return
		}
		c.fields(at, m, sh, "type")
	}
}
