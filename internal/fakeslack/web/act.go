package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"arbot/internal/fakeslack"
)

// actLimit bounds one act: Slack itself gives up on the app after three seconds.
const actLimit = 10 * time.Second

// act is what the browser sends, each act its own part of it.
type act struct {
	Me       string            `json:"me"`
	Channel  string            `json:"channel"`
	TS       string            `json:"ts"`
	Thread   string            `json:"thread"`
	View     string            `json:"view"`
	Block    string            `json:"block"`
	Element  string            `json:"element"`
	Value    string            `json:"value"`
	Text     string            `json:"text"`
	Shortcut string            `json:"shortcut"`
	Values   map[string]string `json:"values"`
	direct   bool
}

// outcome tells the person what Slack would tell: nothing, or that it failed.
type outcome struct {
	Problem string   `json:"problem,omitempty"`
	Options []string `json:"options,omitempty"`
}

func (p *Page) acts() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"slash": p.doing(p.slash), "say": p.doing(p.say), "click": p.doing(p.click), "submit": p.doing(p.submit),
		"close": p.doing(p.close), "home": p.doing(p.home), "shortcut": p.doing(p.shortcut), "suggest": p.suggest, "day": p.nextDay,
	}
}

// doing reads an act, does it and says how Slack would show a failure.
func (p *Page) doing(do func(context.Context, act) (*fakeslack.Delivery, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a, ok := readAct(w, r)
		if !ok {
			return
		}
		// The act goes on where the browser leaves: the app has it already.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), actLimit)
		defer cancel()
		d, err := do(ctx, a)
		answer(w, outcome{Problem: problem(d, err)})
	}
}

func readAct(w http.ResponseWriter, r *http.Request) (act, bool) {
	var a act
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<18)).Decode(&a); err != nil {
		http.Error(w, "the act cannot be read: "+err.Error(), http.StatusBadRequest)
		return act{}, false
	}
	a.direct = a.Channel == "dm"
	if a.direct {
		a.Channel = ""
	}
	return a, true
}

func problem(d *fakeslack.Delivery, err error) string {
	switch {
	case errors.Is(err, fakeslack.ErrNotConnected):
		return "The app is not there."
	case err != nil:
		return err.Error()
	case d == nil:
		return ""
	}
	ack, ok := d.Ack()
	switch {
	case !ok:
		return "The app did not answer in time."
	case ack.Problem != "":
		return "Slack could not use the app's answer: " + ack.Problem
	}
	return ""
}

func (p *Page) slash(ctx context.Context, a act) (*fakeslack.Delivery, error) {
	name, text, _ := strings.Cut(a.Text, " ")
	return p.options.Slack.Slash(ctx, fakeslack.Command{User: a.Me, Channel: a.Channel, Command: name, Text: strings.TrimSpace(text)})
}

func (p *Page) say(ctx context.Context, a act) (*fakeslack.Delivery, error) {
	_, d, err := p.options.Slack.Say(ctx, fakeslack.Words{User: a.Me, Channel: a.Channel, ThreadTS: a.Thread, Text: p.mentions(a.Text)})
	return d, err
}

// mentions turns @names into what Slack sends for them.
func (p *Page) mentions(text string) string {
	var names []string
	p.options.Slack.Look(func(s *fakeslack.State) {
		for _, u := range s.Users() {
			names = append(names, "@"+u.Name, "<@"+u.ID+">")
		}
	})
	return strings.NewReplacer(append([]string{"&", "&amp;", "<", "&lt;", ">", "&gt;"}, names...)...).Replace(text)
}

func (p *Page) click(ctx context.Context, a act) (*fakeslack.Delivery, error) {
	c := fakeslack.Click{User: a.Me, Channel: a.Channel, TS: a.TS, ViewID: a.View, Block: a.Block, Element: a.Element, Value: a.Value}
	return p.options.Slack.Click(ctx, c)
}

func (p *Page) submit(ctx context.Context, a act) (*fakeslack.Delivery, error) {
	return p.options.Slack.SubmitView(ctx, fakeslack.Submission{User: a.Me, ViewID: a.View, Values: a.Values})
}

func (p *Page) close(ctx context.Context, a act) (*fakeslack.Delivery, error) {
	return p.options.Slack.CloseView(ctx, a.Me)
}

func (p *Page) home(ctx context.Context, a act) (*fakeslack.Delivery, error) {
	return p.options.Slack.OpenHome(ctx, a.Me)
}

func (p *Page) shortcut(ctx context.Context, a act) (*fakeslack.Delivery, error) {
	return p.options.Slack.Shortcut(ctx, fakeslack.Shortcut{User: a.Me, CallbackID: a.Shortcut, Channel: a.Channel, TS: a.TS})
}

// suggest asks the app for the options of a menu.
func (p *Page) suggest(w http.ResponseWriter, r *http.Request) {
	a, ok := readAct(w, r)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), actLimit)
	defer cancel()
	_, options, err := p.options.Slack.Suggest(ctx, fakeslack.Typing{User: a.Me, ViewID: a.View, Element: a.Element, Text: a.Text})
	if err != nil {
		answer(w, outcome{Problem: err.Error()})
		return
	}
	answer(w, outcome{Options: options})
}

func (p *Page) nextDay(w http.ResponseWriter, r *http.Request) {
	if p.options.NextDay == nil {
		http.NotFound(w, r)
		return
	}
	p.day.Lock()
	defer p.day.Unlock()
	if err := p.options.NextDay(context.WithoutCancel(r.Context())); err != nil {
		answer(w, outcome{Problem: fmt.Sprintf("The day did not pass: %v", err)})
		return
	}
	answer(w, outcome{})
}
