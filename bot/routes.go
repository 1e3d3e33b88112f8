package bot

import (
	"context"
	"slices"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
)

// Routes say what a Router does with what is pressed, sent, looked up and opened,
// beside what is typed.
//
//   - a button, or a menu, is a card.Button or card.Input whose Action (or Source) is a
//     key of Buttons; with Button.Confirm Slack asks before it counts
//   - a form is opened by a button or shortcut that Forms names, or by a typed command
//     whose form func names it
//   - what somebody types into a card.Lookup input is answered by Lookups
type Routes struct {
	// Buttons answer presses and choices in messages, modals and the home tab, by action.
	Buttons map[string]Handler
	// Forms are the modals, by the action that opens them and that their card.Modal has.
	Forms map[string]Form
	// Lookups find the options of a menu, by its source: Answer.Options. Call.Text is what
	// was typed so far.
	Lookups map[string]Handler
	// Shortcuts open forms from the menu of a message, or from everywhere.
	Shortcuts []MenuEntry
	// Home fills the home tab when it is looked at: Answer.Home.
	Home Handler
	// Links is told of messages with addresses of ours, where their answers may be read:
	// Answer.Unfurls. Nothing is said of what goes wrong.
	Links Handler
	// Files answers files that are put into a direct message: Call.Files.
	Files Handler
	// Undo takes back what an Answer.Undo named. It decides itself whether the actor may
	// and whether it is too late, and says so when it was done already. Its card stands in
	// the place of the one that had the button, before the same readers.
	Undo func(ctx context.Context, actor ar.Actor, id string) (Answer, error)
}

// Form is a modal from its opening to its being sent.
type Form struct {
	// Title is shown at once, before Fill is asked.
	Title string
	// Fill answers with the modal: Answer.Modal. An error is shown in its place. Call.Value
	// is the value of the button or of the typed command, and Call.Message, with its
	// address, what a shortcut was used on; what of these Sent needs goes into
	// card.Modal.Value.
	Fill Handler
	// Sent answers what was sent: by Answer.Invalid, Modal, CloseAll or, when it has
	// closed, by Card. Nil where the modal is only read.
	Sent Handler
}

// MenuEntry is a shortcut, an entry of Slack's menus.
type MenuEntry struct {
	// Form is its callback id, and the form that it opens.
	Form string
	// Name and Description are shown in the menu; Slack takes 24 and 150 characters.
	Name, Description string
	// OfMessage: it is used on a message, Call.Message.
	OfMessage bool
}

// Opens reports whether a call opens a modal of the routes: it is a Bot's Config.Opens.
func (r *Router) Opens(c Call) (title string, ok bool) {
	name, _, ok := r.asked(c)
	return r.Forms[name].Title, ok
}

// asked finds the form that a call asks for, and its value: by a typed command, by a
// button that stands for one, or by its own button or shortcut.
func (r *Router) asked(c Call) (name, value string, ok bool) {
	switch c.Kind {
	case Command, Mention, Message:
		return r.formOf(c, clean(c.Text))
	case Action:
		if c.Action == pickAction {
			return r.formOf(c, clean(c.Value))
		}
	case Shortcut:
	default:
		return "", "", false
	}
	_, ok = r.Forms[c.Action]
	return c.Action, c.Value, ok
}

// formOf finds the form that a text asks for.
func (r *Router) formOf(c Call, text string) (name, value string, ok bool) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return "", "", false
	}
	found, ok := r.command(words[0])
	if !ok || found.form == nil {
		return "", "", false
	}
	name, value, ok = found.form(arguments{words: words[1:], picked: c.Kind == Action, call: c})
	_, there := r.Forms[name]
	return name, value, ok && there
}

// Handle answers a call: what was typed, or what the routes say.
func (r *Router) Handle(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	answer, err := r.handle(ctx, actor, c)
	if err == nil {
		answer = r.homeAfter(ctx, actor, c, answer)
	}
	return undoable(c, answer), err
}

func (r *Router) handle(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	actor.From = r.whence(ctx, c)
	if name, value, ok := r.asked(c); ok {
		return r.open(ctx, actor, c, name, value)
	}
	switch c.Kind {
	case Command, Mention, Message:
		return r.answer(ctx, actor, c, clean(c.Text))
	default:
		return r.routed(ctx, actor, c)
	}
}

// longestValue is the longest value of a form: a button takes 2,000 characters of two
// bytes each, and text has at most as many of these as bytes.
const longestValue = 2000

// open fills the form that a call asks for. Words in a thread or a direct message open
// nothing in Slack: they get a button that does.
func (r *Router) open(ctx context.Context, actor ar.Actor, c Call, name, value string) (Answer, error) {
	form := r.Forms[name]
	switch {
	case len(value) > longestValue:
		return Answer{}, ar.Refuse("That is too long to go into a form. Type less, and fill in the rest there.")
	case c.Trigger == "":
		const say = "That is done in a form. Press the button to open it."
		open := card.Button{Label: form.Title, Action: name, Value: value, Style: card.Primary}
		return Answer{Card: card.New(say, card.Paragraph{card.T(say)}, card.Buttons{open})}, nil
	}
	c.Action, c.Value = name, value
	return form.Fill(ctx, actor, c)
}

// routed answers what is not typed.
func (r *Router) routed(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	handle := r.route(c)
	switch {
	case handle != nil:
		return handle(ctx, actor, c)
	case c.Kind == HomeOpened, c.Kind == LinkShared, c.Kind == Lookup: // nobody waits for an answer
		return Answer{}, nil
	}
	return Answer{}, r.outdated()
}

func (r *Router) outdated() error {
	return ar.Refuse("This button is from an older version. Type %s help to see what works now.", r.Slash)
}

func (r *Router) route(c Call) Handler {
	switch c.Kind {
	case Action:
		return r.Buttons[c.Action]
	case Submission:
		return r.Forms[c.Action].Sent
	case Lookup:
		return r.Lookups[c.Action]
	case HomeOpened:
		return r.Home
	case FileShared:
		return r.Files
	case LinkShared:
		if r.maySee(c) {
			return r.Links
		}
	case Command, Mention, Message, Shortcut, Joined, Removed:
	}
	return nil
}

// maySee: links are shown where answers may be: in a direct message, and in the channels
// of which the company has said so. Where somebody is still typing, nobody can tell.
func (r *Router) maySee(c Call) bool {
	return c.Unfurl.Source != "composer" && (c.Direct() || slices.Contains(r.Share, c.Channel))
}

// linkAction is the action that blockkit gives a button which only opens a page.
const linkAction = "link"

// linkButton answers the press of a button that only opens a page: Slack has opened it.
func linkButton(context.Context, ar.Actor, Call) (Answer, error) { return Answer{}, nil }

// pick answers a button that says what was meant: it runs the command in its value.
func (r *Router) pick(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	answer, err := r.answer(ctx, actor, c, clean(c.Value))
	answer.Replace = true
	return answer, err
}

// gather adds to the routes of the config those of the commands, and the buttons of the
// Router itself.
func (r *Router) gather() {
	all := Routes{Buttons: map[string]Handler{
		pickAction: r.pick, linkAction: linkButton, undoAction: r.undo, againAction: r.postAgain, thereAction: r.isThere,
	}}
	all.add(r.Routes)
	for _, c := range r.commands {
		if c.routes == nil {
			continue
		}
		routes := c.routes(r)
		if all.Links != nil { // the config shows links in a way of its own
			routes.Links = nil
		}
		all.add(routes)
	}
	if r.Routes = all; r.Undo == nil {
		r.Undo = r.undoAct
	}
	if r.Home == nil {
		r.Home, r.homes.ours = r.home, true
	}
}

// add puts other routes beside these. Two of one name are a fault of the program.
func (r *Routes) add(more Routes) {
	addAll(&r.Buttons, more.Buttons, "buttons")
	addAll(&r.Forms, more.Forms, "forms")
	addAll(&r.Lookups, more.Lookups, "lookups")
	r.Shortcuts = append(r.Shortcuts, more.Shortcuts...)
	for _, single := range []struct {
		name    string
		to      *Handler
		handler Handler
	}{{"Home", &r.Home, more.Home}, {"Links", &r.Links, more.Links}, {"Files", &r.Files, more.Files}} {
		if single.handler != nil && *single.to != nil {
			panic("bot: two routes for " + single.name)
		}
		if single.handler != nil {
			*single.to = single.handler
		}
	}
	if more.Undo != nil && r.Undo != nil {
		panic("bot: two routes for Undo")
	}
	if more.Undo != nil {
		r.Undo = more.Undo
	}
}

func addAll[T any](to *map[string]T, more map[string]T, what string) {
	if *to == nil {
		*to = map[string]T{}
	}
	for name, v := range more {
		if _, double := (*to)[name]; double {
			panic("bot: two " + what + " are called " + name)
		}
		(*to)[name] = v
	}
}

// check panics on routes that cannot work, which are faults of the program.
func (r Routes) check() {
	for name, form := range r.Forms {
		if name == "" || form.Title == "" || form.Fill == nil {
			panic("bot: the form " + name + " lacks a title or a handler")
		}
		if r.Buttons[name] != nil {
			panic("bot: " + name + " is a button and a form")
		}
	}
	seen := map[string]bool{}
	for _, s := range r.Shortcuts {
		if r.Forms[s.Form].Fill == nil || seen[s.Form] {
			panic("bot: the shortcut " + s.Name + " opens no form of its own")
		}
		seen[s.Form] = true
	}
}
