package fakeslack

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// surface is where blocks are shown; not every block may stand everywhere.
type surface int

const (
	onMessage surface = 1 << iota
	onModal
	onHome
	everywhere = onMessage | onModal | onHome
)

const (
	maxMessageBlocks  = 50     // docs
	maxViewBlocks     = 100    // docs
	maxTableText      = 10_000 // characters in all tables of a message (docs)
	maxDataTableText  = 20_000 // characters in all data tables of a message (docs, 2026)
	maxTablesPerMsg   = 1      // docs: only_one_table_allowed
	maxNestedBlocks   = 2      // layouts and containers in each other (docs)
	maxProblemsListed = 20
)

// checker walks decoded blocks and notes what is wrong with them.
type checker struct {
	surface  surface
	blocks   map[string]blockRule
	elements map[string]elementRule
	problems []string

	blockIDs                       map[string]bool
	actionIDs                      map[string]bool // within the block that is being looked at
	depth                          int
	tables                         int
	tableText, dataText, markdowns int
	input                          bool // an input block was met
}

func newChecker(on surface) *checker {
	return &checker{surface: on, blocks: blockRules, elements: elementRules, blockIDs: map[string]bool{}}
}

// bad notes a problem in the words and with the pointer that Slack uses.
func (c *checker) bad(at, format string, values ...any) {
	if len(c.problems) < maxProblemsListed {
		c.problems = append(c.problems, fmt.Sprintf("[ERROR] "+format, values...)+" [json-pointer:"+at+"]")
	}
}

// checkMessageBlocks holds the blocks of a message to the rules.
func checkMessageBlocks(raw json.RawMessage) error {
	if raw == nil {
		return nil
	}
	list, ok := decode(raw).([]any)
	if !ok {
		return refuse("invalid_blocks_format")
	}
	c := newChecker(onMessage)
	c.blockList("/blocks", list, 0, maxMessageBlocks)
	c.totals("/blocks")
	if len(c.problems) > 0 {
		return refuse("invalid_blocks", c.problems...)
	}
	return nil
}

// blockList checks a list of blocks and its length.
func (c *checker) blockList(at string, list []any, least, most int) {
	c.count(at, len(list), least, most)
	for i, v := range list {
		c.block(pointer(at, i), v, nil)
	}
}

// block checks one block; allowed limits the types where a block is nested.
func (c *checker) block(at string, v any, allowed map[string]bool) {
	m, ok := v.(object)
	if !ok {
		c.bad(at, "must be an object")
		return
	}
	kind, ok := m["type"].(string)
	if !ok {
		c.bad(at, "missing required field: type")
		return
	}
	rule, known := c.blocks[kind]
	if !known || rule.on&c.surface == 0 || (allowed != nil && !allowed[kind]) {
		c.bad(at+"/type", "unsupported type: %s", kind)
		return
	}
	outer := c.actionIDs
	c.actionIDs = map[string]bool{}
	defer func() { c.actionIDs = outer }()
	c.fields(at, m, rule.shape, "type", "block_id")
	c.blockID(at, m)
	if rule.also != nil {
		rule.also(c, at, m)
	}
}

func (c *checker) blockID(at string, m object) {
	v, given := m["block_id"]
	if !given {
		return
	}
	text(0, 255)(c, at+"/block_id", v)
	id, _ := v.(string)
	if id != "" && c.blockIDs[id] {
		c.bad(at+"/block_id", "block_id %q already exists", id)
	}
	c.blockIDs[id] = true
}

// totals checks what is counted over a whole message.
func (c *checker) totals(at string) {
	if c.tables > maxTablesPerMsg {
		c.bad(at, "only_one_table_allowed")
	}
	c.total(at, "tables", c.tableText, maxTableText)
	c.total(at, "data tables", c.dataText, maxDataTableText)
	c.total(at, "markdown blocks", c.markdowns, maxMarkdown)
}

func (c *checker) total(at, of string, have, most int) {
	if have > most {
		c.bad(at, "must be less than %d characters over all %s", most+1, of)
	}
}

// decode reads JSON with numbers as written; nil stands for text that is no JSON.
func decode(raw json.RawMessage) any {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil || d.More() {
		return nil
	}
	return v
}
