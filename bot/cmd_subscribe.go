package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

const (
	unsubscribeAction = "unsubscribe"
	preferencesForm   = "preferences"
	// subscribeUndo is what an Answer.Undo of a subscription begins with.
	subscribeUndo = "subscription"
)

func subscribeCommand() command {
	return command{
		name: "subscribe", aliases: []string{"watch", "follow"}, usage: "<customer, mine or all> [over <amount>]",
		summary:  "tells you by direct message when a payment comes in",
		examples: []string{"subscribe acme", "subscribe mine", "subscribe all over 5k", "subscribe"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			if len(args.words) == 0 || len(args.words) == 1 && strings.EqualFold(args.words[0], "list") {
				return r.subscriptions(ctx, actor)
			}
			return r.subscribe(ctx, actor, args)
		},
		routes: func(r *Router) Routes {
			return Routes{
				Buttons: map[string]Handler{unsubscribeAction: r.unsubscribePressed},
				Forms:   map[string]Form{preferencesForm: {Title: "Preferences", Fill: r.fillPreferences, Sent: r.sentPreferences}},
			}
		},
	}
}

func unsubscribeCommand() command {
	return command{
		name: "unsubscribe", aliases: []string{"unwatch", "unfollow"}, usage: "[customer, mine or all]",
		summary:  "ends what you subscribed to",
		examples: []string{"unsubscribe acme", "unsubscribe"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			list, err := r.Desk.Subscriptions(ctx, actor)
			if err != nil {
				return Answer{}, err
			}
			word := strings.ToLower(args.text())
			named := func(s desk.Subscription) bool {
				return strings.EqualFold(s.Account, word) || s.Filter != ar.SubscribedAccount && string(s.Filter) == word
			}
			if i := slices.IndexFunc(list, named); word != "" && i >= 0 {
				return r.unsubscribe(ctx, actor, list[i].ID)
			}
			return Answer{Card: subscriptionsCard(list, r.Slash)}, nil
		},
	}
}

func preferencesCommand() command {
	return command{
		name: "preferences", aliases: []string{"prefs", "settings"},
		summary:  "when your digest comes, your quiet hours, and whether you get news",
		examples: []string{"preferences"},
		run: func(_ context.Context, r *Router, _ ar.Actor, _ arguments) (Answer, error) {
			return Answer{}, ar.Refuse("Preferences are set in a form: type %s preferences alone.", r.Slash)
		},
		form: func(a arguments) (string, string, bool) { return preferencesForm, "", len(a.words) == 0 },
	}
}

// subscribe reads "acme over 5k": the amount stands at the end.
func (r *Router) subscribe(ctx context.Context, actor ar.Actor, args arguments) (Answer, error) {
	of, over, narrowed := cutLast(args.words, "over")
	in := desk.SubscribeInput{Of: unquote(strings.Join(of, " "))}
	settings := r.Desk.Settings()
	if narrowed {
		var err error
		if in.Above, err = ar.ReadAmount(strings.Join(over, " "), settings.Locale, settings.Home); err != nil {
			return Answer{}, err
		}
	}
	switch filter := ar.SubscriptionFilter(strings.ToLower(in.Of)); filter {
	case ar.SubscribedMine, ar.SubscribedAll:
		in.Of, in.Filter = "", filter
	case ar.SubscribedAccount:
		return Answer{}, ar.Refuse("To what? Type %s subscribe acme, %s subscribe mine, or %s subscribe all over 5k.", r.Slash, r.Slash, r.Slash)
	}
	if id, ok := (arguments{words: of, picked: args.picked}).id(); ok {
		in.Of, in.Customer = "", id.Customer
	}
	s, err := r.Desk.Subscribe(ctx, actor, in)
	if err != nil {
		again := "subscribe %s"
		if narrowed {
			again += " over " + strings.Join(over, " ")
		}
		return orAgain(Answer{}, err, again)
	}
	says := fmt.Sprintf("I tell you of %s.", subscribed(s))
	return Answer{
		Card: card.New(says, card.Paragraph{card.B(says)}, card.Note{card.T("By direct message, when the ledger brings it. "), card.Code(r.Slash + " unsubscribe"), card.T(" ends it.")}),
		Undo: fmt.Sprintf("%s/%d", subscribeUndo, s.ID),
	}, nil
}

// cutLast cuts words at the last one that is at.
func cutLast(words []string, at string) (before, after []string, found bool) {
	for i := len(words) - 2; i > 0; i-- {
		if strings.EqualFold(words[i], at) {
			return words[:i], words[i+1:], true
		}
	}
	return words, nil, false
}

// subscribed says what a subscription is of.
func subscribed(s desk.Subscription) string {
	says := "payments from " + s.Account
	switch s.Filter {
	case ar.SubscribedMine:
		says = "payments from your accounts"
	case ar.SubscribedAll:
		says = "all payments that you may see"
	case ar.SubscribedAccount:
	}
	if s.Above.Sign() > 0 {
		says += " over " + s.Above.String()
	}
	return says
}

func (r *Router) subscriptions(ctx context.Context, actor ar.Actor) (Answer, error) {
	list, err := r.Desk.Subscriptions(ctx, actor)
	return Answer{Card: subscriptionsCard(list, r.Slash)}, err
}

func subscriptionsCard(list []desk.Subscription, slash string) card.Card {
	if len(list) == 0 {
		says := fmt.Sprintf("You subscribe to nothing. Type %s subscribe acme, %s subscribe mine, or %s subscribe all over 5k.", slash, slash, slash)
		return card.New(says)
	}
	c := card.New(fmt.Sprintf("You are told of %s.", subscribed(list[0])), card.Heading("What you are told of"))
	if len(list) > 1 {
		c.Text = fmt.Sprintf("You have %d subscriptions.", len(list))
	}
	var rows card.Rows
	for _, s := range list[:min(len(list), listLines)] {
		rows = append(rows, card.Row{
			Text: upperFirst(subscribed(s)),
			Menu: []card.Act{{Label: "End it", Action: unsubscribeAction, Value: strconv.FormatInt(int64(s.ID), 10)}},
		})
	}
	c.Add(rows)
	return c
}

func (r *Router) unsubscribePressed(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	id, err := strconv.ParseInt(c.Value, 10, 64)
	if err != nil {
		return Answer{}, r.outdated()
	}
	return r.unsubscribe(ctx, actor, ar.SubscriptionID(id))
}

func (r *Router) unsubscribe(ctx context.Context, actor ar.Actor, id ar.SubscriptionID) (Answer, error) {
	ended, err := r.Desk.Unsubscribe(ctx, actor, id)
	if err != nil {
		return Answer{}, err
	}
	if !ended {
		return Answer{Card: card.New("This subscription ended already.")}, nil
	}
	return Answer{Card: card.New("You are not told of that any more.")}, nil
}

func undoSubscribe(ctx context.Context, r *Router, actor ar.Actor, id int64, _ []string) (Answer, error) {
	return r.unsubscribe(ctx, actor, ar.SubscriptionID(id))
}

// The choices about news.
const (
	newsOn  = "on"
	newsOff = "off"
)

func (r *Router) fillPreferences(ctx context.Context, actor ar.Actor, _ Call) (Answer, error) {
	p, err := r.Desk.Preferences(ctx, actor)
	if err != nil {
		return Answer{}, err
	}
	news := newsOn
	if p.NoNews {
		news = newsOff
	}
	time := func(id, label, hint, now string) card.Input {
		in := card.Input{ID: id, Kind: card.Line, Label: label, Hint: hint, Placeholder: "09:30", Optional: true, Most: 5}
		if now != "" {
			in.Initial = []string{now}
		}
		return in
	}
	return Answer{Modal: &card.Modal{
		Action: preferencesForm, Title: "Preferences", Submit: "Save",
		Parts: []card.Part{card.Paragraph{card.T("They are for you alone. The times are of your zone in the config, else of the company's (" + r.Desk.ZoneOf(actor.Email).String() + ").")}},
		Inputs: []card.Input{
			time("digest", "My digest not before", "It only delays: nothing comes before the time of the config. Empty: at that time.", p.DigestFrom),
			time("from", "Quiet from", "Direct messages of mine wait until they end. Answers to what you do come at once.", p.QuietFrom),
			time("to", "Quiet until", "", p.QuietTo),
			{ID: "news", Kind: card.Radio, Label: "News of payments", Initial: []string{news}, Options: []card.Option{
				{Value: newsOn, Label: "On", Description: "In the thread of what you claimed, and what you subscribe to"},
				{Value: newsOff, Label: "Off"},
			}},
		},
	}}, nil
}

func (r *Router) sentPreferences(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	p := ar.Preferences{
		DigestFrom: strings.TrimSpace(c.Fields.One("digest")), QuietFrom: strings.TrimSpace(c.Fields.One("from")),
		QuietTo: strings.TrimSpace(c.Fields.One("to")), NoNews: c.Fields.One("news") == newsOff,
	}
	err := r.Desk.SetPreferences(ctx, actor, p)
	field := "digest"
	if p.Check() != nil && (ar.Preferences{DigestFrom: p.DigestFrom}).Check() == nil {
		field = "from"
	}
	return wrongIn(field, Answer{Card: card.New("Saved: " + preferencesSay(p))}, err)
}

func preferencesSay(p ar.Preferences) string {
	var says []string
	if p.DigestFrom != "" {
		says = append(says, "your digest does not come before "+p.DigestFrom)
	} else {
		says = append(says, "your digest comes when the config has it")
	}
	if p.QuietFrom != "" {
		says = append(says, fmt.Sprintf("it is quiet from %s until %s", p.QuietFrom, p.QuietTo))
	}
	if p.NoNews {
		says = append(says, "you get no news of payments")
	}
	return and(says) + "."
}
