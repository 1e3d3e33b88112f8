package main

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// checker collects faults with the line of the setting that each is about.
type checker struct {
	root   *yaml.Node
	faults []fault
}

// fault is a sentence about a line; 0 is no line.
type fault struct {
	line int
	say  string
}

// fault notes what is wrong with the setting at a path and how to mend it.
func (c *checker) fault(path, format string, args ...any) {
	say := path + ": " + fmt.Sprintf(format, args...)
	c.faults = append(c.faults, fault{lineOf(c.root, strings.Split(path, ".")), say})
}

// note notes an error about the setting at a path, if there is one.
func (c *checker) note(path string, err error) {
	if err != nil {
		c.fault(path, "%s", err)
	}
}

// err lists the faults in the order of their lines; nil if there are none.
func (c *checker) err() error {
	slices.SortStableFunc(c.faults, func(a, b fault) int { return cmp.Compare(a.line, b.line) })
	list := make([]error, len(c.faults))
	for i, f := range c.faults {
		where := ""
		if f.line > 0 {
			where = fmt.Sprintf("line %d: ", f.line)
		}
		list[i] = errors.New("  " + where + f.say)
	}
	return errors.Join(list...)
}

// What the YAML reader says of settings that do not fit, and in our words.
var (
	misfitLine = regexp.MustCompile(`^line (\d+): (.*)$`)
	noField    = regexp.MustCompile(`^field (\S+) not found in type (\S+)$`)
	wrongType  = regexp.MustCompile("^cannot unmarshal (\\S+) ?(?:`(.*)` )?into (\\S+)$")
)

func (c *checker) misfits(said []string) {
	for _, s := range said {
		f := fault{say: s}
		if m := misfitLine.FindStringSubmatch(s); m != nil {
			f.line, _ = strconv.Atoi(m[1]) // digits
			f.say = m[2]
		}
		if m := noField.FindStringSubmatch(f.say); m != nil {
			f.say = fmt.Sprintf("%q is not a setting%s. `arbot init` writes a file with all settings", m[1], blockName(m[2]))
		} else if m := wrongType.FindStringSubmatch(f.say); m != nil {
			f.say = wanted(m[2], m[3])
		}
		c.faults = append(c.faults, f)
	}
}

// blockName says which block of the config a type is.
func blockName(goType string) string {
	name := goType[strings.LastIndex(goType, ".")+1:]
	name = strings.ToLower(strings.TrimSuffix(name, "Config"))
	if name == "config" || name == "" {
		return ""
	}
	return " of " + name
}

// wanted says what stands in a setting and what ought to.
func wanted(found, goType string) string {
	if found == "" {
		found = "this"
	} else {
		found = strconv.Quote(found)
	}
	switch {
	case goType == "bool":
		return found + " is neither true nor false"
	case goType == "string":
		return found + " is not a text: write one value, in quotes if it holds : or #"
	case strings.HasPrefix(goType, "[]"):
		return found + " is not a list: write [one, two], or a line beginning with - for each"
	}
	return found + " is not a block of settings: write them below, indented"
}

// lineOf finds the line of the setting at a path, or of the nearest setting
// above it that is there; 0 for none.
func lineOf(node *yaml.Node, path []string) int {
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		return lineOf(node.Content[0], path)
	}
	if len(path) == 0 {
		return node.Line
	}
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == path[0] {
				if len(path) == 1 {
					return node.Content[i].Line
				}
				return max(node.Content[i].Line, lineOf(node.Content[i+1], path[1:]))
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(path[0]); err == nil && i >= 1 && i <= len(node.Content) {
			return max(node.Content[i-1].Line, lineOf(node.Content[i-1], path[1:]))
		}
	case yaml.DocumentNode, yaml.ScalarNode, yaml.AliasNode:
	}
	return 0
}
