package bot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// house is a large workspace in memory, for a synctest bubble: the Web API as far as
// deliveries use it, with Slack's limits and, as chance has it, trouble with posts.
type house struct {
	mu       sync.Mutex
	random   *rand.Rand
	channels map[string]*room
	people   map[string]string // user id -> e-mail address
	posts    int               // so far, for time stamps

	buckets map[string]*tokens
	calls   map[string]int
	limited int           // how often a limit was run into that was to be known
	pauses  time.Duration // how long Slack asked to be left alone, by chance
	hits    map[string]int
	trouble map[string]int // what chance did to posts, by its kind
}

// room is a channel or a direct message.
type room struct {
	members          []string
	archived, shared bool
	messages         []said
}

type said struct {
	ts, thread, text, nonce string
	at                      time.Time
}

// tokens is a bucket as Slack describes its limits: so many at once, and as many in a
// minute after that.
type tokens struct {
	left float64
	last time.Time
}

const housePosts = 300 // messages a minute, over all channels

var houseTiers = map[string]float64{
	"conversations.info": 50, "conversations.members": 100, "conversations.open": 50, "conversations.history": 50,
	"conversations.replies": 50, "users.info": 100, "users.list": 20, "users.lookupByEmail": 50, "chat.update": 50,
}

func newHouse(seed uint64) *house {
	return &house{
		random: rand.New(rand.NewPCG(seed, 2)), channels: map[string]*room{}, people: map[string]string{},
		buckets: map[string]*tokens{}, calls: map[string]int{}, hits: map[string]int{}, trouble: map[string]int{},
	}
}

// take uses a token, or says how long until there is one.
func (h *house) take(key string, size, perSecond float64) time.Duration {
	now := time.Now()
	b := h.buckets[key]
	if b == nil {
		b = &tokens{left: size, last: now}
		h.buckets[key] = b
	}
	b.left = min(size, b.left+now.Sub(b.last).Seconds()*perSecond)
	b.last = now
	if b.left >= 1 {
		b.left--
		return 0
	}
	return time.Duration((1 - b.left) / perSecond * float64(time.Second))
}

func tooMany(wait time.Duration) *http.Response {
	seconds := int((wait + time.Second - 1) / time.Second)
	return respond(429, http.Header{"Retry-After": {strconv.Itoa(seconds)}}, frame{"ok": false, "error": "ratelimited"})
}

// RoundTrip answers a call.
func (h *house) RoundTrip(r *http.Request) (*http.Response, error) {
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil && trace.GotConn != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	answer, lost := h.answer(strings.TrimPrefix(r.URL.Path, "/api/"), form)
	if lost {
		<-r.Context().Done()
		return nil, context.Cause(r.Context())
	}
	return answer, nil
}

func (h *house) answer(method string, form url.Values) (res *http.Response, lost bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls[method]++
	if tier := houseTiers[method]; tier > 0 {
		if wait := h.take(method, tier, tier/60); wait > 0 {
			h.limited++
			return tooMany(wait), false
		}
	}
	if method == "chat.postMessage" {
		return h.post(form)
	}
	return respond(200, nil, h.look(method, form)), false
}

// post takes a message, unless chance has it otherwise.
func (h *house) post(form url.Values) (res *http.Response, lost bool) {
	channel := form.Get("channel")
	chance := h.random.IntN(200)
	if chance < 2 {
		pause := time.Duration(1+h.random.IntN(20)) * time.Second
		h.pauses += pause
		h.trouble["a pause"]++
		return tooMany(pause), false
	}
	wait := h.take(channel, 4, 1)
	if wait == 0 {
		wait = h.take("posts", housePosts, housePosts/60)
	}
	if wait > 0 {
		h.limited++
		return tooMany(wait), false
	}
	switch {
	case chance < 5:
		h.trouble["lost before it arrived"]++
		h.hits[channel]++
		return nil, true
	case chance < 8:
		h.trouble["arrived, and its answer was lost"]++
		h.hits[channel]++
		_ = h.say(channel, form) // what becomes of it nobody is told
		return nil, true
	}
	return respond(200, nil, h.say(channel, form)), false
}

func (h *house) say(channel string, form url.Values) frame {
	room := h.channels[channel]
	switch {
	case room == nil:
		return frame{"ok": false, "error": "channel_not_found"}
	case room.archived:
		return frame{"ok": false, "error": "is_archived"}
	}
	var meta struct {
		Payload struct {
			Nonce string `json:"nonce"`
		} `json:"event_payload"`
	}
	if err := json.Unmarshal([]byte(form.Get("metadata")), &meta); err != nil {
		return frame{"ok": false, "error": "invalid_metadata_format"}
	}
	h.posts++
	m := said{ts: fmt.Sprintf("1.%06d", h.posts), thread: form.Get("thread_ts"), text: form.Get("text"), nonce: meta.Payload.Nonce, at: time.Now()}
	room.messages = append(room.messages, m)
	return frame{"ok": true, "channel": channel, "ts": m.ts, "message": frame{"ts": m.ts, "thread_ts": m.thread}}
}

// look answers what does not write.
func (h *house) look(method string, form url.Values) frame {
	here := h.channels[form.Get("channel")]
	switch method {
	case "users.lookupByEmail":
		for id, email := range h.people {
			if email == form.Get("email") {
				return frame{"ok": true, "user": h.user(id)}
			}
		}
		return frame{"ok": false, "error": "users_not_found"}
	case "users.info":
		return frame{"ok": true, "user": h.user(form.Get("user"))}
	case "users.list":
		var all []frame
		for id := range h.people {
			all = append(all, h.user(id))
		}
		return frame{"ok": true, "members": all, "response_metadata": frame{"next_cursor": ""}}
	case "conversations.open":
		id := "D" + form.Get("users")[1:]
		if h.channels[id] == nil {
			h.channels[id] = &room{}
		}
		return frame{"ok": true, "channel": frame{"id": id}}
	}
	if here == nil {
		return frame{"ok": false, "error": "channel_not_found"}
	}
	switch method {
	case "conversations.info":
		return frame{"ok": true, "channel": frame{"id": form.Get("channel"), "is_member": true, "is_archived": here.archived, "is_ext_shared": here.shared}}
	case "conversations.members":
		return frame{"ok": true, "members": here.members, "response_metadata": frame{"next_cursor": ""}}
	case "conversations.history":
		return frame{"ok": true, "messages": here.found("")}
	case "conversations.replies":
		return frame{"ok": true, "messages": here.found(form.Get("ts"))}
	}
	return frame{"ok": false, "error": "unknown_method"}
}

func (h *house) user(id string) frame {
	return frame{"id": id, "team_id": "T0ACME", "profile": frame{"email": h.people[id]}}
}

// found is a channel as its history tells it, or one of its threads.
func (r *room) found(thread string) []frame {
	var list []frame
	for _, m := range r.messages {
		if m.thread == thread {
			list = append(list, frame{"ts": m.ts, "text": m.text, "metadata": frame{"event_type": "arbot_post", "event_payload": frame{"nonce": m.nonce}}})
		}
	}
	return list
}
