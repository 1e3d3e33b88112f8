package blockkit

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/slack-go/slack"
)

// packer lays blocks into messages one after the other and starts a new message
// when the next block does not fit. The first error stays in err.
type packer struct {
	tables  bool
	actions map[string]int // how often an action id was used

	done []page
	cur  page
	err  error
}

// page is the content of one message.
type page struct {
	items []item
	size  int // see maxMessage
	table bool
}

// item is a block on a page.
type item struct {
	block slack.Block
	size  int
	lead  bool // introduces the next one
}

func (c *page) put(i item) {
	c.items = append(c.items, i)
	c.size += i.size
}

func (c page) blocks() []slack.Block {
	blocks := make([]slack.Block, len(c.items))
	for i, item := range c.items {
		blocks[i] = item.block
	}
	return blocks
}

// room is the size that is left on the current page.
func (p *packer) room() int {
	if len(p.cur.items) >= maxBlocks {
		return 0
	}
	return maxMessage - p.cur.size
}

func (p *packer) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

// measure is the length of v as JSON, in UTF-16 units. Slack counts what it has
// parsed, so the HTML escapes of encoding/json do not count.
func (p *packer) measure(v any) int {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		p.fail(fmt.Errorf("blockkit: measure %T: %w", v, err))
	}
	return units(b.String())
}

// add puts a block on the current page, or on a new one.
func (p *packer) add(b slack.Block) {
	p.place(item{block: b, size: p.measure(b)})
}

// lead adds a block that introduces the next one (a heading, a caption) and goes
// with it to a new page.
func (p *packer) lead(b slack.Block) {
	p.place(item{block: b, size: p.measure(b), lead: true})
}

func (p *packer) place(i item) {
	for i.size > p.room() && len(p.cur.items) > 0 {
		p.turn()
	}
	p.cur.put(i)
}

// turn starts a new page and takes along the leads at the end of the old one. A
// page of nothing but leads stays as it is, so that a second turn always gives
// an empty page.
func (p *packer) turn() {
	items := p.cur.items
	keep := len(items)
	for keep > 0 && items[keep-1].lead {
		keep--
	}
	if keep == 0 {
		keep = len(items)
	}
	p.done = append(p.done, page{items: items[:keep]})
	p.cur = page{}
	for _, i := range items[keep:] {
		p.cur.put(i)
	}
}

// wrapping is more than the JSON of an empty block around its elements.
const wrapping = 150

// fill lays elements of the given sizes into blocks of at most limit elements
// each, as many to a block as the page has room for. build makes the block of
// the elements from..to-1.
func (p *packer) fill(sizes []int, limit int, build func(from, to int) slack.Block) {
	for from := 0; from < len(sizes); {
		to := from + fitting(sizes[from:], p.room()-wrapping, limit)
		if to == from && len(p.cur.items) > 0 {
			p.turn()
			continue
		}
		to = max(to, from+1)
		p.add(build(from, to))
		from = to
	}
}

// fitting is how many of the sizes, and at most limit, go into room; each counts
// one more for the comma.
func fitting(sizes []int, room, limit int) int {
	for i, size := range sizes {
		if room -= size + 1; room < 0 || i == limit {
			return i
		}
	}
	return len(sizes)
}
