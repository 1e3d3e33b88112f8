package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// WelcomeConfig is what Welcome needs. All fields but Share and Fallback are
// required.
type WelcomeConfig struct {
	Desk *desk.Desk
	Gate *Gate
	// Ledgers are the names of the config's.
	Ledgers []string
	Routes  []desk.Route
	// When says of each route, by its name, when it comes: "at 08:30, Monday to
	// Friday".
	When map[string]string
	// Slash is the slash command's name with its slash.
	Slash string
	// Share are the channels in which an answer may be shown to all.
	Share []string
	// Fallback is the channel for the digests of reps who cannot be reached.
	Fallback string
}

// Welcome says what an admin, and a channel that arbot is new in, are told at
// first. It composes posts of the kinds Checklist and Greeting.
type Welcome struct{ WelcomeConfig }

// NewWelcome returns a composer.
func NewWelcome(c WelcomeConfig) *Welcome { return &Welcome{c} }

// Step is something that has to be done before arbot is of use.
type Step struct {
	Name string
	Done bool
	// Say is how it stands or what to do, Type what to type for it; "" for
	// nothing.
	Say, Type string
}

// Compose returns a checklist or a greeting as it should be now.
func (w *Welcome) Compose(ctx context.Context, p ar.Post) (Composed, error) {
	if p.Kind == ar.Greeting {
		channel := strings.TrimPrefix(p.Route, "channel:")
		head, err := w.greeting(ctx, channel)
		return Composed{To: Destination{Channel: channel}, Head: head, Open: true}, err
	}
	steps, err := w.Steps(ctx)
	if err != nil {
		return Composed{}, err
	}
	return Composed{To: Destination{User: strings.TrimPrefix(p.Route, "user:")}, Head: checklist(steps), Open: true}, nil
}

// Steps are what has to be done, in this order, and what of it is.
func (w *Welcome) Steps(ctx context.Context) ([]Step, error) {
	setup, err := w.Desk.Setup(ctx, w.Routes)
	if err != nil {
		return nil, err
	}
	arRoute, err := w.routeStep(ctx, "AR channel", ar.ARDigest, "ar")
	if err != nil {
		return nil, err
	}
	salesRoute, err := w.routeStep(ctx, "Sales channel", ar.SalesDigest, "sales")
	if err != nil {
		return nil, err
	}
	return []Step{w.ledgerStep(setup), w.importStep(setup), arRoute, salesRoute, w.ownerStep(setup), w.digestStep(setup)}, nil
}

func (w *Welcome) ledgerStep(s desk.Setup) Step {
	step := Step{Name: "Ledger connected", Done: len(w.Ledgers) > 0 || len(s.Connected) > 0, Say: "Name one under ledgers: in arbot.yaml."}
	if step.Done {
		step.Say = "It is " + firstOf(w.Ledgers) + "."
		if len(w.Ledgers) == 0 {
			step.Say = ""
		}
	}
	return step
}

func (w *Welcome) importStep(s desk.Setup) Step {
	if !s.Imported {
		return Step{Name: "First import", Say: "On the server type", Type: "arbot import"}
	}
	return Step{Name: "First import", Done: true, Say: "It brought " + count(s.Accounts, "account") + "."}
}

func (w *Welcome) ownerStep(s desk.Setup) Step {
	step := Step{Name: "Sales owners assigned", Done: s.Owned > 0}
	switch {
	case !s.Imported:
		step.Say = "They come with the ledger, or by rules under owners: in arbot.yaml."
	case !step.Done:
		step.Say = "The ledger names none: write rules under owners: in arbot.yaml, and import again."
	case s.Owned == s.Accounts:
		step.Say = "Every account has one."
	default:
		step.Say = fmt.Sprintf("%s of %s have one. Those without are listed by", grouped(s.Owned), count(s.Accounts, "account"))
		step.Type = w.Slash + " overdue owner none"
	}
	return step
}

func (w *Welcome) digestStep(s desk.Setup) Step {
	if s.Posted {
		return Step{Name: "First digest posted", Done: true}
	}
	return Step{Name: "First digest posted", Say: "It comes at its time. To see it first, type on the server", Type: "arbot digest --print"}
}

// routeStep looks whether a digest of a kind has a channel, and arbot is in it.
func (w *Welcome) routeStep(ctx context.Context, name string, kind ar.PostKind, word string) (Step, error) {
	step := Step{Name: name}
	i := slices.IndexFunc(w.Routes, func(r desk.Route) bool { return r.Kind == kind })
	if i < 0 {
		step.Say = "Invite me into it with /invite: I say there what to write into arbot.yaml. It is a digest of kind: " + word + "."
		return step, nil
	}
	route := w.Routes[i]
	err := w.Gate.Check(ctx, route.Channel)
	if refusal, ok := errors.AsType[*RefusedError](err); ok {
		step.Say = refusal.Say
		return step, nil
	}
	if err != nil {
		return Step{}, err
	}
	channel, err := w.Gate.Channel(ctx, route.Channel)
	if err != nil {
		return Step{}, err
	}
	step.Done, step.Say = channel.Member, fmt.Sprintf("%s comes to #%s %s.", route.Name, channel.Name, w.When[route.Name])
	if !step.Done {
		step.Say = fmt.Sprintf("Invite me into #%s. There type", channel.Name)
		step.Type = "/invite @arbot"
	}
	return step, nil
}

// checklist draws the steps.
func checklist(steps []Step) card.Card {
	done := 0
	next := ""
	list := card.List{}
	for _, s := range steps {
		mark, state := "☐ ", card.B(s.Name)
		if s.Done {
			mark, state = "☑ ", card.T(s.Name+", done")
			done++
		} else if next == "" {
			next = s.Name
		}
		line := []card.Span{card.T(mark), state}
		if s.Say != "" {
			line = append(line, card.T(" · "+s.Say))
		}
		if s.Type != "" {
			line = append(line, card.T(" "), card.Code(s.Type))
		}
		list = append(list, line)
	}
	text := fmt.Sprintf("arbot is being set up: %d of %d steps are done. The next one: %s.", done, len(steps), next)
	title := "Setting up arbot"
	if done == len(steps) {
		text, title = fmt.Sprintf("arbot is set up: all %d steps are done.", done), "arbot is set up"
	}
	return card.New(text, card.Heading(title), card.Paragraph{card.T(text)}, list,
		card.Note{card.T("This list ticks itself. "), card.Code("arbot doctor"), card.T(" on the server checks everything, and says what to do where something is wrong.")})
}

// greeting says what arbot will do in a channel, or how to give it something to do.
// Before people from outside it says only that nothing comes.
func (w *Welcome) greeting(ctx context.Context, channel string) (card.Card, error) {
	err := w.Gate.admit(ctx, channel)
	switch {
	case refused(err, codeShared, codeGuests):
		return card.New("Hello, I am arbot. People from outside the company read this channel, so I say nothing here about customers. " +
			"If it is meant to be so, an admin adds it to slack.allow_shared_channels in arbot.yaml."), nil
	case err != nil && !refused(err):
		return card.Card{}, err
	}
	return w.hello(channel), nil
}

func (w *Welcome) hello(channel string) card.Card {
	var here []string
	list := card.List{}
	for _, r := range w.Routes {
		if r.Channel == channel {
			here = append(here, r.Name)
			list = append(list, []card.Span{card.B(r.Name), card.T(" · " + kindWords(r.Kind) + " · " + w.When[r.Name])})
		}
	}
	if channel == w.Fallback {
		here = append(here, "the digests of reps who cannot be reached")
		list = append(list, []card.Span{card.T("the digests of reps who cannot be reached")})
	}
	c := card.New(fmt.Sprintf("Hello, I am arbot. I will post %s here.", and(here)),
		card.Paragraph{card.T("Hello, I am arbot. What I will post here:")}, list)
	if len(here) == 0 {
		c = card.New("Hello, I am arbot. No digest comes to this channel yet: an admin writes it into arbot.yaml.",
			card.Paragraph{card.T("Hello, I am arbot. No digest comes to this channel yet. To have one, write one of these lines into arbot.yaml under "), card.Code("digests:"), card.T(", and start me anew:")},
			card.List{
				{card.Code(snippet("ar", channel)), card.T(" · " + kindWords(ar.ARDigest))},
				{card.Code(snippet("sales", channel)), card.T(" · " + kindWords(ar.SalesDigest))},
			})
	}
	ask := card.Note{card.T("Ask me with "), card.Code(w.Slash + " status <customer>"), card.T(". The answer is seen by the asker alone")}
	if slices.Contains(w.Share, channel) {
		ask = append(ask, card.T(", or by all here with the word "), card.Code("share"))
	}
	c.Add(append(ask, card.T(".")))
	return c
}

// snippet is the line of the config that sends a digest to a channel.
func snippet(kind, channel string) string {
	return fmt.Sprintf(`- {name: %s-%s, kind: %s, channel: %s, at: "08:30"}`, kind, strings.ToLower(channel), kind, channel)
}

func kindWords(k ar.PostKind) string {
	if k == ar.SalesDigest {
		return "overdue by sales owner"
	}
	return "totals, what changed, biggest accounts"
}
