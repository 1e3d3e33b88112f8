package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"arbot/internal/fakeslack"
)

// seat is who types in the demo's prompt and where; last is the answer whose
// buttons can be pressed.
type seat struct {
	user    fakeslack.User
	channel string // "" is the direct message with the bot
	place   string
	last    *fakeslack.Message
}

const demoHelp = `Type a command as in Slack:   /ar status acme    /ar overdue 60+ days    /ar aging    /ar help
Press a button of an answer:  press LABEL
Be somebody else:             as ben (a rep)    as nora (AR)    as grace (manager)    as jonas (admin)
Read what was posted:         show thread (of the digest above)    show sales    show me (direct messages)
Leave:                        quit
`

// prompt reads lines until the end of input and does what they say.
func (d *demo) prompt(ctx context.Context) error {
	s := &seat{}
	fmt.Fprintf(d.out, "\n%s\n", demoHelp)
	d.sit(s, "nora")
	interactive := isTerminal(d.in) && isTerminal(d.out)
	typed := newTyped(ctx, d.in)
	for {
		fmt.Fprintf(d.out, "%s in %s> ", s.user.Name, s.place)
		line, ok, err := typed.next(ctx)
		if err != nil || !ok {
			fmt.Fprintln(d.out)
			return err
		}
		if !interactive {
			fmt.Fprintln(d.out, line)
		}
		if line == "quit" || line == "exit" {
			return nil
		}
		d.typed(ctx, s, line)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

func (d *demo) typed(ctx context.Context, s *seat, line string) {
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch strings.ToLower(word) {
	case "":
	case "help", "?":
		fmt.Fprint(d.out, demoHelp)
	case "as":
		d.sit(s, rest)
	case "show":
		d.showPlace(s, strings.ToLower(rest))
	case "press":
		d.press(ctx, s, rest)
	case "/ar", "ar":
		d.slash(ctx, s, rest)
	default:
		d.slash(ctx, s, line)
	}
}

// sit changes who types, by first name, and goes to a channel that the person is in.
func (d *demo) sit(s *seat, name string) {
	name = strings.ToLower(strings.TrimPrefix(name, "@"))
	var names []string
	for i, p := range d.company.People() {
		first := firstName(p.Name)
		names = append(names, first)
		if first != name {
			continue
		}
		d.slack.Look(func(st *fakeslack.State) {
			s.user, _ = st.User(demoUser(i))
			s.channel, s.place = seatOf(st, s.user.ID)
		})
		s.last = nil
		fmt.Fprintf(d.out, "You are %s (%s), in %s.\n", p.Name, p.Role, s.place)
		return
	}
	fmt.Fprintf(d.out, "There is nobody called %q. There are: %s.\n", name, strings.Join(names, ", "))
}

func seatOf(st *fakeslack.State, user string) (channel, place string) {
	for _, id := range []string{arChannel, salesChannel} {
		if c, ok := st.Channel(id); ok && slices.Contains(c.Members, user) {
			return id, "#" + c.Name
		}
	}
	return "", "a direct message to arbot"
}

func (d *demo) slash(ctx context.Context, s *seat, text string) {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	delivery, err := d.slack.Slash(ctx, fakeslack.Command{User: s.user.ID, Channel: s.channel, Command: "/ar", Text: text})
	d.answer(ctx, s, delivery, err)
}

// press presses a button of the last answer.
func (d *demo) press(ctx context.Context, s *seat, label string) {
	if s.last == nil {
		fmt.Fprintln(d.out, "There is no answer with buttons yet.")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	delivery, err := d.slack.Click(ctx, fakeslack.Click{User: s.user.ID, Channel: s.last.Channel, TS: s.last.TS, Element: label})
	if delivery == nil {
		fmt.Fprintf(d.out, "The last answer has no button %q.\n", label)
		return
	}
	d.answer(ctx, s, delivery, err)
}

const (
	// answerLimit ends the wait for an answer.
	answerLimit = 30 * time.Second
	// answerPause is how long to wait for another part of an answer.
	answerPause = 60 * time.Millisecond
)

// answer waits for what the bot says and draws it.
func (d *demo) answer(ctx context.Context, s *seat, delivery *fakeslack.Delivery, err error) {
	if err != nil {
		fmt.Fprintf(d.out, "That did not reach the bot: %v\n", err)
		return
	}
	var drawn int
	var answers []fakeslack.Message
	for limit := answerLimit; ; limit = answerPause {
		waiting, cancel := context.WithTimeout(ctx, limit)
		err = d.slack.Await(waiting, func(st *fakeslack.State) bool {
			answers = st.Answers(delivery)
			return len(answers) > drawn || len(st.Modals(s.user.ID)) > 0
		})
		cancel()
		if err != nil {
			break
		}
		for _, m := range answers[drawn:] {
			d.draw(m)
		}
		drawn = len(answers)
		if d.closeForm(ctx, s) {
			break
		}
	}
	switch {
	case drawn > 0:
		s.last = &answers[drawn-1]
	case err != nil:
		fmt.Fprintln(d.out, "No answer came.")
	}
}

// closeForm says that a form was opened, and closes it: forms are filled in on the page.
func (d *demo) closeForm(ctx context.Context, s *seat) bool {
	open := d.slack.Modals(s.user.ID)
	if len(open) == 0 {
		return false
	}
	for i := range open {
		if i == 0 {
			fmt.Fprintf(d.out, "The form “%s” opened. A terminal has no forms: fill it in with `arbot demo --web`.\n", open[len(open)-1].Title)
		}
		if _, err := d.slack.CloseView(ctx, s.user.ID); err != nil {
			d.app.log.Error("close a form", "error", err)
			break
		}
	}
	return true
}
