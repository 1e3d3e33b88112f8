package bot

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// The forms and buttons of promises.
const (
	promiseForm       = "promise"
	promiseChangeForm = "promise_change"

	promiseSaveAction   = "promise_save"
	promiseDropAction   = "promise_drop"
	promiseAskAction    = "promise_cancel"
	promiseCancelAction = "promise_cancel_now"
	promiseKeepAction   = "promise_keep"
)

func promiseCommand() command {
	return command{
		name: "promise", aliases: []string{"promised", "ptp"}, usage: "<invoice or customer> <amount> <date> [note]",
		summary:  "records what a customer promised to pay, and watches whether it comes",
		examples: []string{"promise INV-1042 12k next Tue", "promise acme half on Friday, rest EOM", "promise 1042 all by the 15th, said Kim", "promise"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			return r.typedPromise(ctx, actor, args)
		},
		form: func(a arguments) (string, string, bool) {
			switch {
			case len(a.words) == 0:
				return promiseForm, "", true
			case len(a.words) > 1:
				return "", "", false
			case a.picked:
				return promiseForm, a.words[0], true
			}
			return promiseForm, typedValue + a.words[0], true
		},
		routes: func(r *Router) Routes {
			return Routes{
				Forms: map[string]Form{
					promiseForm:       {Title: "Record a promise", Fill: r.fillPromise, Sent: r.sentPromise},
					promiseChangeForm: {Title: "Change a promise", Fill: r.fillPromiseChange, Sent: r.sentPromise},
				},
				Buttons: map[string]Handler{
					promiseSaveAction: r.savePromise, promiseDropAction: r.dropPromise, promiseAskAction: r.askCancelPromise,
					promiseCancelAction: r.cancelPromise, promiseKeepAction: r.keepPromise,
				},
				Shortcuts: []MenuEntry{{Form: promiseForm, Name: "Log promise", Description: "Record that a customer promised to pay", OfMessage: true}},
			}
		},
	}
}

// slackLabel is what Slack puts beside the id of a person or channel: it changes, and
// the id does not (case SL-03).
var slackLabel = regexp.MustCompile(`<([@#][A-Z0-9]+)\|[^<>]*>`)

// typedPromise reads what was typed and asks whether it is meant so. Nothing is saved
// before somebody has seen the weekday and the amount.
func (r *Router) typedPromise(ctx context.Context, actor ar.Actor, args arguments) (Answer, error) {
	in := desk.PromiseText{Where: r.promisedWhere(ctx, args.call), Text: asTyped(args)}
	if id, ok := (arguments{words: args.words[:1], picked: args.picked}).id(); ok {
		in.About, in.Text = desk.Found{Customer: id.Customer, Document: id.Document}, escaped.Replace(strings.Join(args.words[1:], " "))
	}
	in.Text = slackLabel.ReplaceAllString(in.Text, "<$1>")
	reading, rest, err := r.Desk.ReadPromise(ctx, actor, in)
	if err != nil {
		return Answer{Again: "promise %s " + rest}, err
	}
	c, err := r.readingCard(reading)
	return Answer{Card: c}, err
}

// escaped is a text with the escapes that Slack puts in.
var escaped = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// asTyped is what was typed behind the command's name, as it came: whoever reads it
// undoes Slack's escapes once, and no more (case SL-09).
func asTyped(args arguments) string {
	text := strings.TrimSpace(args.call.Text)
	space := strings.IndexFunc(text, unicode.IsSpace)
	if args.picked || space < 0 {
		return escaped.Replace(strings.Join(args.words, " "))
	}
	return text[space:]
}

// promisedWhere is the address of the message with which, or on which, a promise was
// recorded: its verdict is told there. "" where only the person sees the message.
func (r *Router) promisedWhere(ctx context.Context, c Call) string {
	if link := r.where(ctx, c); link != "" {
		return link
	}
	ts := c.ThreadTS
	if ts == "" && c.Kind == Action && !c.Ephemeral {
		ts = c.MessageTS
	}
	if r.Permalinks == nil || c.Channel == "" || ts == "" {
		return ""
	}
	link, err := r.Permalinks.Permalink(ctx, c.Channel, ts)
	if err != nil { // the verdict comes as a direct message then
		return ""
	}
	return link
}

// readingCard shows how a promise was read: with one button to save it, or with one for
// each way to read it.
func (r *Router) readingCard(reading desk.PromiseReading) (card.Card, error) {
	if same := reading.Same; same != nil {
		return r.promiseCard(*same, "This is recorded already: "+promiseSays(*same)+"."), nil
	}
	first := reading.Drafts[0]
	says := promisedFor(reading.Account, reading.Invoice, first.Parts) + ". Save it?"
	if len(reading.Drafts) > 1 {
		says = fmt.Sprintf("%s: %s", reading.About(), reading.Ask)
	}
	c := card.New(says, card.Paragraph{card.B(says)})
	c.Add(noted(first.Note)...)
	buttons, err := draftButtons(reading)
	if err != nil {
		return card.Card{}, err
	}
	c.Add(buttons, card.Note{card.T("Nothing is saved yet. " + openWords(reading))})
	return aged(c, reading.Fresh, r.Desk.Settings().Zone), nil
}

// openWords say what is owed, and what of that is promised already.
func openWords(reading desk.PromiseReading) string {
	says := fmt.Sprintf("%s is open", reading.Open)
	if !reading.Taken.IsZero() {
		says += fmt.Sprintf(", %s of it promised already", reading.Taken)
	}
	if reading.Hidden > 0 {
		says += fmt.Sprintf(", without %s below it that you do not see. What is paid there counts for the promise, too", count(reading.Hidden, "account"))
	}
	return says + "."
}

func draftButtons(reading desk.PromiseReading) (card.Buttons, error) {
	var buttons card.Buttons
	for _, draft := range reading.Drafts {
		value, err := encodeDraft(draft)
		if err != nil {
			return nil, err
		}
		save := card.Button{Label: "Save", Action: promiseSaveAction, Value: value, Style: card.Primary, Accessible: "Save the promise of " + reading.Account.Name}
		if len(reading.Drafts) > 1 {
			save.Label, save.Style, save.Accessible = shortInstalments(draft.Parts), card.Default, ""
		}
		buttons = append(buttons, save)
	}
	return append(buttons,
		card.Button{Label: "Change…", Action: promiseForm, Value: buttons[0].Value},
		card.Button{Label: "Cancel", Action: promiseDropAction},
	), nil
}

// savePromise answers [Save]: the button's value is what was read and shown. Who
// presses it, and what is owed by now, is looked at again.
func (r *Router) savePromise(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	draft, ok := decodeDraft(c.Value)
	if !ok {
		return Answer{}, r.outdated()
	}
	answer, err := r.recorded(ctx, actor, draft)
	answer.Replace = true
	return inPlace(c, answer), err
}

// recorded records a promise and says what happens next. A press that comes twice, since
// somebody clicked twice or Slack did not hear the first answer, is answered as the first.
func (r *Router) recorded(ctx context.Context, actor ar.Actor, draft desk.PromiseDraft) (Answer, error) {
	p, err := r.Desk.RecordPromise(ctx, actor, draft)
	if err != nil {
		return Answer{}, err
	}
	if !p.Created && !p.MayUndo {
		return Answer{Card: r.promiseCard(p.Promise, "This is recorded already: "+promiseSays(p.Promise)+".")}, nil
	}
	says, undo := promiseSays(p.Promise)+".", fmt.Sprintf("%s/%d", promiseUndo, p.ID)
	if p.Instead != nil {
		says, undo = fmt.Sprintf("%s This takes the place of %s.", says, instalments(p.Instead.Parts)), fmt.Sprintf("%s/%d", undo, p.Instead.ID)
	}
	return Answer{Card: r.promiseCard(p.Promise, says), Undo: undo}, nil
}

// dropPromise answers [Cancel] where nothing is saved yet.
func (r *Router) dropPromise(_ context.Context, _ ar.Actor, c Call) (Answer, error) {
	return inPlace(c, Answer{Card: card.New("Nothing was saved."), Replace: true}), nil
}

// askCancelPromise answers an entry of a menu: nothing is cancelled by one tap.
func (r *Router) askCancelPromise(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	p, err := r.promiseOf(ctx, actor, c.Value)
	if err != nil {
		return Answer{}, err
	}
	says := fmt.Sprintf("Cancel the promise? %s.", promiseSays(p))
	return Answer{Card: card.New(says, card.Paragraph{card.B(says)}, card.Buttons{
		{Label: "Cancel the promise", Action: promiseCancelAction, Value: c.Value, Style: card.Danger},
		{Label: "Keep it", Action: promiseKeepAction, Value: c.Value},
	})}, nil
}

func (r *Router) keepPromise(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	p, err := r.promiseOf(ctx, actor, c.Value)
	if err != nil {
		return Answer{}, err
	}
	return inPlace(c, Answer{Card: r.promiseCard(p, "Kept as it is: "+promiseSays(p)+"."), Replace: true}), nil
}

func (r *Router) cancelPromise(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	id, err := strconv.ParseInt(c.Value, 10, 64)
	if err != nil {
		return Answer{}, r.outdated()
	}
	p, done, err := r.Desk.CancelPromise(ctx, actor, ar.PromiseID(id))
	if err != nil {
		return Answer{}, err
	}
	if !done {
		return inPlace(c, Answer{Card: card.New("This is cancelled already: " + promiseSays(p) + "."), Replace: true}), nil
	}
	says := fmt.Sprintf("Cancelled: %s. What is overdue of it is chased again.", promiseSays(p))
	return inPlace(c, Answer{Card: card.New(says), Replace: true, Undo: promiseCancelUndo + "/" + c.Value}), nil
}

func (r *Router) promiseOf(ctx context.Context, actor ar.Actor, value string) (desk.Promise, error) {
	id, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return desk.Promise{}, r.outdated()
	}
	return r.Desk.Promise(ctx, actor, ar.PromiseID(id))
}

// What an Answer.Undo of a promise begins with.
const (
	promiseUndo       = "promise"
	promiseCancelUndo = "promise-cancel"
)

// undoPromise takes back that a promise was recorded; rest is the one whose place it took.
func undoPromise(ctx context.Context, r *Router, actor ar.Actor, id int64, rest []string) (Answer, error) {
	var instead int64
	if len(rest) > 0 {
		var err error
		if instead, err = strconv.ParseInt(rest[0], 10, 64); err != nil {
			return Answer{}, r.outdated()
		}
	}
	p, restored, done, err := r.Desk.UndoPromise(ctx, actor, ar.PromiseID(id), ar.PromiseID(instead))
	switch {
	case err != nil:
		return Answer{}, err
	case !done:
		return Answer{Card: card.New(fmt.Sprintf("This is %s already: %s.", p.End, promiseSays(p)))}, nil
	case restored != nil:
		return Answer{Card: r.promiseCard(*restored, "Undone. The promise before it stands again: "+promiseSays(*restored)+".")}, nil
	}
	return Answer{Card: card.New("Undone: it is not recorded that " + promiseSays(p) + ". What is overdue is chased.")}, nil
}

func undoPromiseCancel(ctx context.Context, r *Router, actor ar.Actor, id int64, _ []string) (Answer, error) {
	p, _, err := r.Desk.UndoCancel(ctx, actor, ar.PromiseID(id))
	if err != nil {
		return Answer{}, err
	}
	return Answer{Card: r.promiseCard(p, "It stands again: "+promiseSays(p)+".")}, nil
}
