// Package web shows a fakeslack in a browser, so that a person can be anybody in
// it: read channels and direct messages, type commands, press buttons, fill in
// modals. It looks and behaves like Slack as far as arbot uses it. What is drawn
// is what the workspace holds; what is pressed goes to the app as Slack would send
// it.
//
// A map of its files:
//
//	web.go     the page's server: who may ask, what is sent out
//	look.go    what one person sees, as JSON
//	act.go     what a person does
//	page/      the page itself: no build step, no library
//
// The page is for one machine: it answers only to a local address and takes acts
// only from itself.
package web

import (
	"context"
	"embed"
	"encoding/json"
	"io/fs"
	"net"
	"net/http"
	"sync"
	"time"

	"arbot/internal/fakeslack"
)

//go:embed page
var files embed.FS

// Person is somebody whom the page's user can be.
type Person struct {
	ID string
	// Role is shown beside the name: "rep", "AR", "manager", "admin".
	Role string
}

// Command is what can be completed after a slash command's name.
type Command struct {
	Text string `json:"Text"` // "/ar status "
	Hint string `json:"Hint"` // what it does
}

// Shortcut is an entry of a message's menu.
type Shortcut struct {
	CallbackID string `json:"CallbackID"`
	Name       string `json:"Name"`
}

// Options describe a page.
type Options struct {
	Slack     *fakeslack.Server
	People    []Person
	Commands  []Command
	Shortcuts []Shortcut
	// Zone is the company's: times are shown in it. nil is UTC.
	Zone *time.Location
	// Today labels the day that is shown, by the company's calendar.
	Today func() string
	// NextDay lets a day pass and returns when it has; nil leaves the button out.
	NextDay func(context.Context) error
}

// Page serves the workspace to a browser.
type Page struct {
	options Options
	mux     *http.ServeMux

	mu   sync.Mutex
	read map[[2]string]string // by person and channel: the newest ts that was looked at
	day  sync.Mutex           // one day at a time
}

// New returns a page.
func New(o Options) *Page {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	p := &Page{options: o, mux: http.NewServeMux(), read: map[[2]string]string{}}
	static, err := fs.Sub(files, "page")
	if err != nil {
		panic("web: the page is embedded: " + err.Error())
	}
	p.mux.Handle("GET /", http.FileServerFS(static))
	p.mux.HandleFunc("GET /look", p.look)
	p.mux.HandleFunc("GET /files/{id}", p.file)
	for name, act := range p.acts() {
		p.mux.HandleFunc("POST /act/"+name, act)
	}
	return p
}

// ServeHTTP answers local requests only: another name for this machine would let a
// web page elsewhere read along (DNS rebinding), and a form elsewhere cannot set the
// header that acts need.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !local(r.Host) {
		http.Error(w, "this page is for the machine that it runs on", http.StatusForbidden)
		return
	}
	if r.Method == http.MethodPost && r.Header.Get("X-Arbot-Demo") == "" {
		http.Error(w, "acts come from the page itself", http.StatusForbidden)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	p.mux.ServeHTTP(w, r)
}

func local(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	ip := net.ParseIP(name)
	return name == "localhost" || ip != nil && ip.IsLoopback()
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the browser went away: nobody is left to tell
}
