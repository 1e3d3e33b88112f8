package fakeqbo

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// out writes JSON in the order of the calls. A page of a thousand documents is
// written in a few milliseconds, which encoding/json over maps is not.
type out struct{ b []byte }

func (o *out) comma() {
	if n := len(o.b); n > 0 {
		if last := o.b[n-1]; last != '{' && last != '[' && last != ':' && last != ',' {
			o.b = append(o.b, ',')
		}
	}
}

func (o *out) key(k string) {
	o.comma()
	o.b = append(o.b, '"')
	o.b = append(o.b, k...)
	o.b = append(o.b, '"', ':')
}

func (o *out) open()         { o.comma(); o.b = append(o.b, '{') }
func (o *out) close()        { o.b = append(o.b, '}') }
func (o *out) list(k string) { o.key(k); o.b = append(o.b, '[') }
func (o *out) end()          { o.b = append(o.b, ']') }

func (o *out) object(k string) { o.key(k); o.b = append(o.b, '{') }

func (o *out) str(k, v string) { o.key(k); o.b = appendQuoted(o.b, v) }

// some writes a member only where there is something.
func (o *out) some(k, v string) {
	if v != "" {
		o.str(k, v)
	}
}

func (o *out) num(k, v string) { o.key(k); o.b = append(o.b, v...) }

func (o *out) int(k string, v int) { o.key(k); o.b = strconv.AppendInt(o.b, int64(v), 10) }

func (o *out) bool(k string, v bool) { o.key(k); o.b = strconv.AppendBool(o.b, v) }

func (o *out) raw(k string, v []byte) { o.key(k); o.b = append(o.b, v...) }

// ref writes {"value":id,"name":name}; nothing for no id.
func (o *out) ref(k, id, name string) {
	if id == "" || id == "0" {
		return
	}
	o.object(k)
	o.str("value", id)
	o.some("name", name)
	o.close()
}

func (o *out) members(ms []member) {
	for _, m := range ms {
		o.raw(m.key, m.value)
	}
}

func appendQuoted(b []byte, s string) []byte {
	for i := range len(s) {
		if ch := s[i]; ch < ' ' || ch == '"' || ch == '\\' || ch >= 0x7f {
			return append(b, quoted(s)...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

func quoted(s string) []byte {
	var w bytes.Buffer
	enc := json.NewEncoder(&w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return []byte(`""`)
	}
	return bytes.TrimRight(w.Bytes(), "\n")
}
