// Command arbot is the accounts-receivable bot: one binary that syncs ledgers,
// answers in Slack and posts digests. Each verb has a file of its own; this
// one finds the verb.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	spareMemory()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	p := &program{getenv: os.Getenv, in: os.Stdin, out: os.Stdout, err: os.Stderr, now: time.Now}
	code := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// program is what a verb may use of the world outside.
type program struct {
	getenv   func(string) string
	in       io.Reader
	out, err io.Writer
	now      func() time.Time

	// wait is how the outgoing gate keeps Slack's pace, poll how often the queue
	// looks for jobs; nil and 0 are those of production. The demo and tests hurry.
	wait func(context.Context, time.Duration) error
	poll time.Duration
}

// verb is one thing that the program does.
type verb struct {
	name, usage, summary string
	run                  func(*program, context.Context, []string) error
}

func verbs() []verb {
	return []verb{
		{"demo", "[--web [--listen ADDRESS]] [--quickbooks] [--days N] [--seed N] [--width N]", "try everything, in the terminal or a browser, without an account", (*program).demo},
		{"init", "[--zone ZONE] [FILE]", "write a commented config", (*program).initConfig},
		{"manifest", "[--http URL] [--no-history]", "print the Slack app manifest that fits the config", (*program).manifest},
		{"import", "[--check] [--ledger LEDGER] [--full] [--as-of DATE] [--dates ORDER] [--decimal MARK] [--currency CODE] [--skip-bad] [--allow-removals] [--allow-older] [LEDGER | FILE ...]", "read the ledgers that are files now, or a report of an accounting program", (*program).importLedgers},
		{"sync", "[--full] [--allow-removals] [LEDGER ...]", "read the ledgers now, online ones and files, and tie them out", (*program).syncLedgers},
		{"connect", "quickbooks [LEDGER] [--paste | --local ADDRESS] | --new-key", "give arbot access to a company of QuickBooks Online", (*program).connectLedger},
		{"disconnect", "LEDGER", "give the access back, and forget its tokens", (*program).disconnectLedger},
		{"digest", "--now [--post-again] | --print [DIGEST ...]", "post today's digests now, or edit those that stand", (*program).digest},
		{"serve", "", "run the bot: answer in Slack, sync, post digests", (*program).serve},
		{"doctor", "[--json]", "check everything live, and say what to do where something is wrong", (*program).doctor},
		{"forecast", "--backtest [--weeks N] [--mornings N]", "try the cash forecast on the past, and print how right it was", (*program).forecast},
		{"export", "aging | promises | disputes | timeline [--customer NAME | --owner NAME] [--as-of DATE] FILE", "write a list of the books into a file for Excel (.xlsx) or a .csv", (*program).export},
		{"join", "[--same THIS=THAT] [--yes] LEDGER INTO", "make the books of a file those of a connected ledger; promises and disputes move along", (*program).joinLedgers},
		{"ladder", "--backtest DAYS", "show what the ladder of escalations would have posted to whom", (*program).ladder},
		{"audit", "verify [--seal HASH] | export [--from DATE] [--to DATE] [FILE]", "prove the record of what was changed, or write it out", (*program).audit},
		{"backup", "FILE", "write a verified copy of the books while the bot runs", (*program).backup},
		{"migrate", "", "bring the database to this version's schema", (*program).migrate},
		{"healthcheck", "[URL]", "ask a running bot whether it is well", (*program).healthcheck},
		{"version", "", "print the version", (*program).version},
	}
}

// usageError is a fault in how the program was called: exit code 2.
type usageError struct{ say string }

// Error returns the sentence.
func (e usageError) Error() string { return e.say }

// run runs the verb that the arguments begin with and returns the exit code: 0
// if it went well, 2 if it was called wrongly, 3 if Slack does not want its token,
// so that starting again is of no use, and 1 otherwise.
func (p *program) run(ctx context.Context, args []string) int {
	if len(args) == 0 {
		args = []string{"help"}
	}
	name, rest := args[0], args[1:]
	if name == "help" && len(rest) == 1 {
		name, rest = rest[0], []string{"--help"}
	}
	if name == "help" || name == "--help" || name == "-h" {
		p.help()
		return 0
	}
	for _, v := range verbs() {
		if v.name != name {
			continue
		}
		err := v.run(p, ctx, rest)
		usage, wrong := errors.AsType[usageError](err)
		switch {
		case err == nil || errors.Is(err, flag.ErrHelp):
			return 0
		case wrong:
			fmt.Fprintf(p.err, "arbot %s: %s\nUsage: arbot %s %s\n", v.name, usage.say, v.name, v.usage)
			return 2
		}
		fmt.Fprintf(p.err, "arbot %s: %s\n", v.name, sentence(err))
		if _, out := errors.AsType[*lockedOutError](err); out {
			return 3
		}
		return 1
	}
	fmt.Fprintf(p.err, "arbot: there is no %q. `arbot help` lists what there is.\n", name)
	return 2
}

func (p *program) help() {
	fmt.Fprint(p.out, "arbot brings accounts receivable and sales together in Slack.\n\nUsage: arbot VERB [flags]\n\n")
	for _, v := range verbs() {
		fmt.Fprintf(p.out, "  %-12s %s\n", v.name, v.summary)
	}
	fmt.Fprint(p.out, "\nEvery verb takes --help. Those that need it take --config FILE (default arbot.yaml,\nor $ARBOT_CONFIG). Secrets come from the environment: see docs/configuration.md.\n")
}

// flags returns a flag set for a verb that reports faults as usageError.
func (p *program) flags(name string) *flag.FlagSet {
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Usage = func() {}
	return set
}

// parse reads the flags of a verb, which takes at most so many arguments beside
// them; --help prints them.
func (p *program) parse(set *flag.FlagSet, args []string, most int) error {
	err := set.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		p.helpOn(set)
		return err
	}
	if err != nil {
		return usageError{err.Error()}
	}
	if set.NArg() > most {
		if late := set.Arg(most); most > 0 && strings.HasPrefix(late, "-") {
			return usageError{fmt.Sprintf("flags go before the file: write %s before %s", late, set.Arg(0))}
		}
		return usageError{fmt.Sprintf("%q is one argument too many", set.Arg(most))}
	}
	return nil
}

// anyNumber of arguments.
const anyNumber = math.MaxInt

func (p *program) helpOn(set *flag.FlagSet) {
	for _, v := range verbs() {
		if v.name == set.Name() {
			fmt.Fprintf(p.out, "arbot %s: %s\n\nUsage: arbot %s %s\n", v.name, v.summary, v.name, v.usage)
		}
	}
	set.SetOutput(p.out)
	set.PrintDefaults()
}

// configFlag adds --config.
func (p *program) configFlag(set *flag.FlagSet) *string {
	path := p.getenv("ARBOT_CONFIG")
	if path == "" {
		path = "arbot.yaml"
	}
	return set.String("config", path, "the config file")
}
