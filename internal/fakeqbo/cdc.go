package fakeqbo

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

const (
	cdcDays    = 30
	cdcObjects = 1000
)

// changed is one line of an answer of change data capture.
type changed struct {
	at     time.Time
	id     int64
	record object // nil for a deleted one
}

// serveCDC answers what has changed since a time, by entity in the order that was
// asked: first what is there, by its last change, then stubs of what is deleted. There
// are at most a thousand, no way to get the rest, and paging is ignored (docs, seen). One
// poisoned record spoils all of it.
func (c *Company) serveCDC(r *request) ([]byte, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	since, err := parseTime(r.param("changedSince"), c.zone)
	if err != nil {
		return nil, badValue("changedSince", r.param("changedSince"))
	}
	if since.Before(c.now().AddDate(0, 0, -cdcDays)) {
		return nil, badValue("changedSince", "the time must be within the last 30 days")
	}
	var o out
	o.list("CDCResponse")
	o.open()
	o.list("QueryResponse")
	room := cdcObjects
	for name := range strings.SplitSeq(r.param("entities"), ",") {
		entity := entityName(strings.TrimSpace(name))
		if entity == "" {
			return nil, badValue("entities", name)
		}
		list := c.changedSince(entity, since)
		list = list[:min(room, len(list))]
		if slices.ContainsFunc(list, func(ch changed) bool { return ch.record != nil && ch.record.base().poison }) {
			return nil, poisoned()
		}
		room -= len(list)
		c.renderChanged(&o, entity, list)
	}
	o.end()
	o.close()
	o.end()
	return o.b, nil
}

func (c *Company) changedSince(entity string, since time.Time) []changed {
	var live, gone []changed
	for _, rec := range c.rows(entity) {
		h := rec.base()
		if h.updated.Before(since) {
			continue
		}
		if ch := (changed{at: h.updated, id: h.id, record: rec}); c.isFalselyDeleted(entity, h.id) {
			ch.record = nil
			gone = append(gone, ch)
		} else {
			live = append(live, ch)
		}
	}
	if t := c.tables[entity]; t != nil {
		for _, s := range t.gone {
			if !s.at.Before(since) {
				gone = append(gone, changed{at: s.at, id: s.id})
			}
		}
	}
	byTime := func(a, b changed) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id, b.id)) }
	slices.SortFunc(live, byTime)
	slices.SortFunc(gone, byTime)
	return append(live, gone...)
}

// isFalselyDeleted: seen, an updated record shown as deleted.
func (c *Company) isFalselyDeleted(entity string, id int64) bool {
	if n := c.set.FalseDeleteEvery; n > 0 && id%int64(n) == 0 {
		return true
	}
	return len(c.falsely) > 0 && c.falsely[entity+"/"+idText(id)]
}

func (c *Company) renderChanged(o *out, entity string, list []changed) {
	o.open()
	if len(list) > 0 {
		o.list(entity)
		for _, ch := range list {
			if ch.record != nil {
				o.comma()
				ch.record.render(c, o)
				continue
			}
			o.open()
			o.str("domain", "QBO")
			o.str("status", "Deleted")
			o.str("Id", idText(ch.id))
			o.object("MetaData")
			o.str("LastUpdatedTime", c.stamp(ch.at))
			o.close()
			o.close()
		}
		o.end()
		o.int("startPosition", 1)
		o.int("maxResults", len(list))
		o.int("totalCount", len(list))
	}
	o.close()
}
