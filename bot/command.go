package bot

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// command is one thing that can be typed after the slash command's name. Help,
// the manifest's usage hint, the README's list and "did you mean" come from the
// table of commands.
type command struct {
	name    string
	aliases []string
	// usage is the grammar of the arguments, summary what it is for, in one
	// line each; examples can be typed as they are.
	usage, summary string
	examples       []string
	// shares: the answer can be shown to a whole channel by the word "share".
	shares bool
	run    func(context.Context, *Router, ar.Actor, arguments) (Answer, error)
	// form names the form that the arguments ask for, and the value that it gets
	// (Call.Value of Form.Fill); false runs the command. It looks at the words alone:
	// Slack leaves no time for more. Nil asks for none.
	form func(arguments) (name, value string, ok bool)
	// routes are the forms, buttons, lookups and shortcuts that go with the command;
	// nil for none.
	routes func(*Router) Routes
}

// commands returns the table. The order is that of the help.
func commands() []command {
	return []command{
		statusCommand(), mineCommand(), overdueCommand(), agingCommand(), promiseCommand(), promisesCommand(),
		nextCommand(), claimCommand(), releaseCommand(), snoozeCommand(), assignCommand(),
		subscribeCommand(), unsubscribeCommand(), preferencesCommand(), noiseCommand(),
		disputeCommand(), disputesCommand(), resolveCommand(), escalateCommand(), escalationsCommand(), holdCommand(), handoffCommand(), ladderCommand(), noteCommand(), callCommand(), historyCommand(),
		dsoCommand(), trendCommand(), forecastCommand(), whatIfCommand(), provisionCommand(), meetingCommand(), exportCommand(), digestCommand(), syncCommand(), helpCommand(),
	}
}

// Router understands what people type and press, asks the desk and answers
// with cards. Its Handle is the Handler of a Bot.
type Router struct {
	RouterConfig
	commands []command
	homes    homes
}

// RouterConfig is what a Router needs.
type RouterConfig struct {
	Desk *desk.Desk
	// Slash is the slash command's name with its slash; it can be configured
	// since another app may have taken /ar.
	Slash string
	// Share holds the ids of channels to which answers may be shown.
	Share []string
	// People finds who is mentioned.
	People interface {
		Person(ctx context.Context, user string) (Person, error)
	}
	// Permalinks gives the address of a message, a *Gate; nil knows none.
	Permalinks interface {
		Permalink(ctx context.Context, channel, ts string) (string, error)
	}
	// Digests are the routes of the config, whose posts can be shown again.
	Digests []desk.Route
	// Syncs reads and connects ledgers; nil where that cannot be done from here.
	Syncs Syncs
	// Exports reads files that people bring; nil where that cannot be done from here.
	Exports Exports
	// SharedFiles finds those files, a *Gate.
	SharedFiles interface {
		SharedFile(ctx context.Context, channel, id string) (SharedFile, error)
	}
	// Private brings files and threads to one person; nil where that cannot be done from
	// here.
	Private Private
	// Places knows the channels to which something may be posted: a *Gate; nil knows none.
	Places Places
	// Setup says how far the set-up has come, for the home tab of admins, a *Welcome; nil
	// shows nothing of it.
	Setup interface {
		Steps(ctx context.Context) ([]Step, error)
	}
	Routes
}

// NewRouter returns a router. Two commands of one name, and routes that cannot work,
// are faults of the program and panic at start.
func NewRouter(c RouterConfig) *Router {
	r := &Router{RouterConfig: c, commands: commands()}
	r.gather()
	r.check()
	seen := map[string]bool{}
	for _, c := range r.commands {
		for _, name := range c.names() {
			if seen[name] {
				panic("bot: two commands are called " + name)
			}
			seen[name] = true
		}
	}
	return r
}

func (c command) names() []string { return append([]string{c.name}, c.aliases...) }

// arguments are what was typed behind the command's name, cleaned.
type arguments struct {
	words []string
	// picked: a button was pressed, so that a word may be an id. In what a
	// person types, c1042 is a customer's number like any other.
	picked bool
	// call is what was done, of which the words are a part.
	call Call
}

func (a arguments) text() string { return unquote(strings.Join(a.words, " ")) }

// id reads the arguments as the one id that was picked.
func (a arguments) id() (ar.Choice, bool) {
	if !a.picked || len(a.words) != 1 {
		return ar.Choice{}, false
	}
	return parseID(a.words[0])
}

// pickAction is the action of a button that says what was meant; its value is
// the command to run instead.
const pickAction = "pick"

func (r *Router) answer(ctx context.Context, actor ar.Actor, c Call, text string) (Answer, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		words = []string{"help"}
	}
	found, ok := r.command(words[0])
	if !ok {
		return r.unknown(words), nil
	}
	args, share := arguments{words: words[1:], picked: c.Kind == Action, call: c}, false
	if last := len(args.words) - 1; found.shares && last >= 0 && strings.EqualFold(args.words[last], "share") {
		args.words, share = args.words[:last], true
		if !slices.Contains(r.Share, c.Channel) {
			return Answer{}, ar.Refuse("Answers cannot be shared in this channel. Ask without the word share, or have an admin add the channel to share_channels in the config.")
		}
	}
	answer, err := found.run(ctx, r, actor, args)
	if share {
		answer.Card.Visibility = card.InChannel
		answer.Again += " share"
	}
	return answer, err
}

func (r *Router) command(name string) (command, bool) {
	name = strings.ToLower(strings.TrimPrefix(name, "/"))
	for _, c := range r.commands {
		if slices.Contains(c.names(), name) {
			return c, true
		}
	}
	return command{}, false
}

// longestGuess is the longest text that is offered as a command; a button
// cannot hold more, and nobody calls a customer that.
const longestGuess = 200

// unknown answers a word that is no command: with the digest of that name, the nearest
// one, or the guess that somebody typed just the name of a customer.
func (r *Router) unknown(words []string) Answer {
	say := fmt.Sprintf("“%s” is not a command. %s help lists what is.", card.Truncate(words[0], 40), r.Slash)
	text := strings.Join(words, " ")
	if len(text) > longestGuess {
		return Answer{Card: card.New(say)}
	}
	guess := r.runButton("status " + text)
	guess.Value = `status "` + text + `"` // in quotes, so that c12 is a name here and not an id
	if r.asksForDigest(words) {
		guess = r.runButton("digest " + text)
	} else if best := r.nearest(words[0]); best != "" {
		guess = r.runButton(strings.Join(append([]string{best}, words[1:]...), " "))
	}
	say += " Did you mean:"
	return Answer{Card: card.New(say, card.Paragraph{card.T(say)}, card.Buttons{guess})}
}

// runButton runs a command when it is pressed.
func (r *Router) runButton(command string) card.Button {
	return card.Button{Label: r.Slash + " " + command, Action: pickAction, Value: command}
}

// nearest returns the command whose name or alias is at most two slips away;
// one for short words, or else "acme" would be "age".
func (r *Router) nearest(word string) string {
	best, least := "", 3
	if len(word) < 5 {
		least = 2
	}
	for _, c := range r.commands {
		for _, name := range c.names() {
			if abs(len(word)-len(name)) > 2 {
				continue
			}
			if slips := editDistance(strings.ToLower(word), name); slips < min(least, len(name)) {
				best, least = c.name, slips
			}
		}
	}
	return best
}

// editDistance is the Levenshtein distance of two short words, in runes, with
// a swap of neighbours counted once.
func editDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}

// clean takes out what keyboards and Slack put in: curly quotes, full-width
// forms, spaces of all kinds, control characters, Slack's escapes and the links
// that it makes of addresses. Dashes stay: they are part of what people write.
func clean(text string) string {
	text = typing.Replace(slackLink.ReplaceAllStringFunc(text, linkText))
	text = strings.Map(func(c rune) rune {
		if c >= '\uff01' && c <= '\uff5e' { // full-width forms of ASCII
			return c - '\uff01' + '!'
		}
		return c
	}, text)
	return strings.Join(strings.Fields(card.Clean(text)), " ")
}

var typing = strings.NewReplacer(
	"\u201c", `"`, "\u201d", `"`, "\u201e", `"`, "\u2018", "'", "\u2019", "'", "\u201a", "'",
	"&amp;", "&", "&lt;", "<", "&gt;", ">",
)

// slackLink is what Slack makes of an address or a URL in a message:
// <mailto:dana@example.com|dana@example.com>. Mentions are not of this form.
var slackLink = regexp.MustCompile(`<((?:https?|mailto|tel):[^<>|]*)(?:\|([^<>]*))?>`)

func linkText(link string) string {
	m := slackLink.FindStringSubmatch(link)
	if m[2] != "" {
		return m[2]
	}
	return strings.TrimPrefix(strings.TrimPrefix(m[1], "mailto:"), "tel:")
}

// unquote takes one pair of straight quotes off.
func unquote(s string) string {
	if len(s) > 1 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}

// helpCommand says what can be typed.
func helpCommand() command {
	return command{
		name: "help", aliases: []string{"?", "commands"}, usage: "[command]",
		summary:  "what can be typed, with examples",
		examples: []string{"help", "help overdue"},
		run: func(_ context.Context, r *Router, _ ar.Actor, args arguments) (Answer, error) {
			if found, ok := r.command(args.text()); ok {
				return Answer{Card: r.helpOn(found)}, nil
			}
			return Answer{Card: r.help()}, nil
		},
	}
}

func (r *Router) help() card.Card {
	var names []string
	list := card.List{}
	for _, c := range r.commands {
		names = append(names, c.name)
		list = append(list, []card.Span{card.Code(r.typed(c)), card.T(" – " + c.summary)})
	}
	return card.New(
		fmt.Sprintf("What you can ask with %s: %s.", r.Slash, and(names)),
		card.Heading("What you can ask"), list,
		card.Paragraph{card.T("For example: "), card.Code(r.Slash + " status acme"), card.T(" or "), card.Code(r.Slash + " overdue over 5k 60+ days"), card.T(".")},
		card.Note{card.T("In a thread, mention me instead: slash commands do not work there. Answers are seen by you alone, unless you add the word share in a channel that allows it.")},
	)
}

func (r *Router) helpOn(c command) card.Card {
	examples := card.List{}
	for _, e := range c.examples {
		examples = append(examples, []card.Span{card.Code(r.Slash + " " + e)})
	}
	return card.New(fmt.Sprintf("%s: %s.", r.typed(c), c.summary),
		card.Paragraph{card.Code(r.typed(c)), card.T(" – " + c.summary)}, examples)
}

func (r *Router) typed(c command) string {
	return strings.TrimSpace(r.Slash + " " + c.name + " " + c.usage)
}

// CommandHelp is one row of the table of commands, for the README, the
// manifest and the command line.
type CommandHelp struct {
	Name, Usage, Summary string
	Examples             []string
}

// Commands lists what can be typed, in the order of the help.
func Commands() []CommandHelp {
	var list []CommandHelp
	for _, c := range commands() {
		list = append(list, CommandHelp{c.name, c.usage, c.summary, c.examples})
	}
	return list
}
