package main

import (
	"maps"
	"os"
	"reflect"
	"regexp"
	"testing"

	"arbot/sync/file"
)

// settingsIn are the names of all settings of a part of the config, with the path to each.
func settingsIn(part reflect.Type, path string) map[string]string {
	found := map[string]string{}
	for part.Kind() == reflect.Slice || part.Kind() == reflect.Pointer {
		part = part.Elem()
	}
	if part.Kind() != reflect.Struct {
		return found
	}
	for field := range part.Fields() {
		name := field.Tag.Get("yaml")
		if name == "" {
			continue
		}
		found[path+name] = name
		maps.Copy(found, settingsIn(field.Type, path+name+"."))
	}
	return found
}

// Every setting that can be written is described in the documentation and shown in the
// example; those of a mapping stand in a page of their own.
func TestEverySettingIsDocumented(t *testing.T) {
	t.Parallel()
	page := func(name string) string {
		text, err := os.ReadFile("../../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	configuration, table := page("configuration.md"), page("table.md")
	all := settingsIn(reflect.TypeFor[config](), "")
	if len(all) < 60 {
		t.Fatalf("only %d settings found", len(all))
	}
	mapping := settingsIn(reflect.TypeFor[file.Mapping](), "ledgers.mapping.")
	for path, name := range all {
		text, shown := configuration, exampleConfig
		if _, ok := mapping[path]; ok {
			text, shown = table, ""
		}
		// A setting is named alone between backquotes, or with its value.
		if !regexp.MustCompile("(?m)`" + name + "`|[`{ ]" + name + ":|^## .*\\b" + name + "\\b").MatchString(text) {
			t.Errorf("%s is not documented", path)
		}
		if shown != "" && !regexp.MustCompile(`(?m)[ {-]`+name+`:|^`+name+`:`).MatchString(shown) {
			t.Errorf("%s is not in the example", path)
		}
	}
}
