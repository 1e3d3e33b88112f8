package bot_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/blockkit"
	"arbot/bot/card"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// shop is a company with a few accounts that tell readings of a command apart.
func shop(t testing.TB) *bot.Router {
	t.Helper()
	c := desktest.New(t)
	page := ar.Page{}
	for _, a := range []struct{ name, owner, amount, currency string }{
		{"Acme", "dana@example.com", "6000.00", "USD"},
		{"100% Cotton", "dana@example.com", "70.00", "USD"},
		{"50% Wool", "eli@example.com", "80.00", "USD"},
		{"Blue Cup", "eli@example.com", "900.00", "EUR"},
		{"Blue Mug", "eli@example.com", "90.00", "EUR"},
		{"Share", "", "1.00", "USD"},
	} {
		r := desktest.Customer(a.name, a.owner)
		if a.name == "Acme" {
			r.Number = "c2"
		}
		d := storetest.Doc(ar.Invoice, "INV "+a.name, a.name, "2026-08-01", "2026-09-16", "1.00") // 70 days late
		d.Amount = storetest.Amount(a.amount, ar.Currency(a.currency))
		page.Customers, page.Documents = append(page.Customers, r), append(page.Documents, d)
	}
	c.Import(t, page)
	return newRouter(c.Desk)
}

func TestOverdueArguments(t *testing.T) {
	t.Parallel()
	r := shop(t)
	for _, tt := range []struct{ text, title, sums string }{
		{"overdue", "Overdue accounts", "$6,151.00 and €990.00 in 6 accounts"},
		{"overdue all", "Overdue accounts", "$6,151.00 and €990.00 in 6 accounts"},
		{"OVERDUE", "Overdue accounts", "$6,151.00 and €990.00 in 6 accounts"},
		{"/overdue", "Overdue accounts", "$6,151.00 and €990.00 in 6 accounts"},
		{"late", "Overdue accounts", "$6,151.00 and €990.00 in 6 accounts"},
		{"overdue over 5k", "Overdue accounts, over $5,000.00", "$6,000.00 in 1 account"},
		{"overdue over $5,000", "Overdue accounts, over $5,000.00", "$6,000.00 in 1 account"},
		{"overdue more than 5k", "Overdue accounts, over $5,000.00", "$6,000.00 in 1 account"},
		{"overdue over ５ｋ", "Overdue accounts, over $5,000.00", "$6,000.00 in 1 account"},
		{"overdue over 5k 60+ days", "Overdue accounts, over $5,000.00, 60 days or more", "$6,000.00 in 1 account"},
		{"overdue\u00a060+\u00a0days", "Overdue accounts, 60 days or more", "$6,151.00 and €990.00 in 6 accounts"},
		{"overdue 70", "Overdue accounts, 70 days or more", "$6,151.00 and €990.00 in 6 accounts"},
		{"overdue &gt;=70d", "Overdue accounts, 70 days or more", "$6,151.00 and €990.00 in 6 accounts"},
		{"overdue over 69 days", "Overdue accounts, 70 days or more", "$6,151.00 and €990.00 in 6 accounts"},
		{"overdue more than 69d", "Overdue accounts, 70 days or more", "$6,151.00 and €990.00 in 6 accounts"},
		{"overdue over 100", "Overdue accounts, over $100.00", "$6,000.00 in 1 account"},
		{"overdue over 100 EUR", "Overdue accounts, over €100.00, EUR", "€900.00 in 1 account"},
		{"overdue eur over 100", "Overdue accounts, over €100.00, EUR", "€900.00 in 1 account"},
		{"overdue over €100", "Overdue accounts, over €100.00", "€900.00 in 1 account"},
		{"overdue owner dana", "Overdue accounts of Dana Diaz", "$6,070.00 in 2 accounts"},
		{"overdue owner “Dana Diaz” USD", "Overdue accounts of Dana Diaz, USD", "$6,070.00 in 2 accounts"},
		{"overdue owner Eli Stone over 50 EUR", "Overdue accounts of Eli Stone, over €50.00, EUR", "€990.00 in 2 accounts"},
		{"overdue of eli top 1", "Overdue accounts of Eli Stone", "$80.00 and €990.00 in 3 accounts"},
		{"overdue owner none", "Overdue accounts without an owner", "$1.00 in 1 account"},
		{"overdue top 2 and 60+ days", "Overdue accounts, 60 days or more", "$6,151.00 and €990.00 in 6 accounts"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			if got, want := ask(t, r, desktest.Nora, tt.text).Text, tt.title+": "+tt.sums+"."; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// Over is more than, and a list that leaves nothing says so.
func TestOverdueOverIsStrict(t *testing.T) {
	t.Parallel()
	r := shop(t)
	for text, want := range map[string]string{
		"overdue over 6000":    "Overdue accounts, over $6,000.00: nothing is overdue.",
		"overdue over 5999.99": "Overdue accounts, over $5,999.99: $6,000.00 in 1 account.",
		"overdue 71":           "Overdue accounts, 71 days or more: nothing is overdue.",
	} {
		if got := ask(t, r, desktest.Nora, text).Text; got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestAgingArguments(t *testing.T) {
	t.Parallel()
	r := shop(t)
	for _, tt := range []struct{ text, want string }{
		{"aging", "Aging, Wed 25 Nov 2026: $6,151.00 and €990.00 overdue, $6,151.00 and €990.00 net."},
		{"ageing", "Aging, Wed 25 Nov 2026: $6,151.00 and €990.00 overdue, $6,151.00 and €990.00 net."},
		{"aging acme", "Aging of Acme, Wed 25 Nov 2026: $6,000.00 overdue, $6,000.00 net."},
		{"aging “Acme”", "Aging of Acme, Wed 25 Nov 2026: $6,000.00 overdue, $6,000.00 net."},
		{"aging blue cup EUR", "Aging of Blue Cup, Wed 25 Nov 2026: €900.00 overdue, €900.00 net."},
		{"aging Blue CUP", "Aging of Blue Cup, Wed 25 Nov 2026: €900.00 overdue, €900.00 net."}, // CUP is the peso of Cuba, see below
		{"aging EUR", "Aging, Wed 25 Nov 2026: €990.00 overdue, €990.00 net."},
		{"aging owner eli", "Aging of Eli Stone, Wed 25 Nov 2026: $80.00 and €990.00 overdue, $80.00 and €990.00 net."},
		{"aging owner none", "Aging of accounts without an owner, Wed 25 Nov 2026: $1.00 overdue, $1.00 net."},
		{"aging acme by invoice date", "Aging of Acme by invoice date, Wed 25 Nov 2026: $6,000.00 net."},
		{"aging by invoice date acme", "Aging of Acme by invoice date, Wed 25 Nov 2026: $6,000.00 net."},
		{"aging acme by due date", "Aging of Acme, Wed 25 Nov 2026: $6,000.00 overdue, $6,000.00 net."},
		{"aging acme as of 2026-09-16", "Aging of Acme, Wed 16 Sep 2026: $0.00 overdue, $6,000.00 net."},
		{"aging as of 2026-09-16 acme", "Aging of Acme, Wed 16 Sep 2026: $0.00 overdue, $6,000.00 net."},
		{"aging as of 30 sep 2026 by invoice date acme USD", "Aging of Acme by invoice date, Wed 30 Sep 2026: $6,000.00 net."},
		{"aging acme as of end of last month", "Aging of Acme, Sat 31 Oct 2026: $6,000.00 overdue, $6,000.00 net."},
		{"aging acme as of yesterday", "Aging of Acme, Tue 24 Nov 2026: $6,000.00 overdue, $6,000.00 net."},
		{"aging yesterday", "Aging, Tue 24 Nov 2026: $6,151.00 and €990.00 overdue, $6,151.00 and €990.00 net."},
		{"aging acme 2026-09-16", "Aging of Acme, Wed 16 Sep 2026: $0.00 overdue, $6,000.00 net."},
		{"aging acme end of last month", "Aging of Acme, Sat 31 Oct 2026: $6,000.00 overdue, $6,000.00 net."},
		{"aging acme as of 2026-01-31", "Aging of Acme, Sat 31 Jan 2026: nothing was open."},
	} {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			answer, err := r.Handle(t.Context(), desktest.Nora, typed(tt.text))
			if tt.text == "aging Blue CUP" {
				if known := asKnown(err); known == nil || known.Kind != ar.Ambiguous || answer.Again != "aging %s CUP" {
					t.Errorf("capitals name a currency: got %v, again %q", err, answer.Again)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := answer.Card.Text; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func asKnown(err error) *ar.Error {
	known, _ := errors.AsType[*ar.Error](err)
	return known
}

func TestBadArguments(t *testing.T) {
	t.Parallel()
	r := shop(t)
	for _, tt := range []struct{ text, says string }{
		{"overdue over", "Over how much?"},
		{"overdue over than", "Over how much?"},
		{"overdue over bananas", "I cannot read \"bananas\" as an amount"},
		{"overdue over 5k 3.000", "I do not understand “3.000”"},
		{"overdue over $10 EUR", "The amount is in USD, the list in EUR."},
		{"overdue top", "How many?"},
		{"overdue top 0", "How many?"},
		{"overdue top many", "How many?"},
		{"overdue owner", "Whose accounts?"},
		{"overdue owner zoe", "I know no sales owner “zoe”. I know Dana Diaz"},
		{"overdue acme", "For one account type /ar status acme."},
		{"overdue -5 days", "“-5” is below zero, and what is not due yet is not overdue. Type it like /ar overdue 5+ days"},
		{"mine owner eli", "Ask for your own accounts or for those of an owner"},
		{"aging as of", "As of which date?"},
		{"aging as of 2026-02-30", "I cannot read \"2026-02-30\" as a date"},
		{"aging as of 2027-01-01", "Fri 1 Jan 2027 is still ahead."},
		{"aging tomorrow", "Thu 26 Nov 2026 is still ahead."},
		{"aging zzz yesterday", "zzz"},
		{"aging owner", "Whose accounts?"},
		{"status", "Which account?"},
		{"status \"\"", "Which account?"},
		{"status share", "Answers cannot be shared in this channel."},
	} {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			if got := refused(t, r, desktest.Nora, typed(tt.text)); !strings.Contains(got.Say, tt.says) {
				t.Errorf("got %q, want %q", got.Say, tt.says)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	r := shop(t)
	for _, text := range []string{"", "  ", "help", "HELP", "?", "help nonsense"} {
		contains(t, all(t, ask(t, r, desktest.NewHere, text)), "What you can ask", "/ar status <customer or invoice>")
	}
	contains(t, all(t, ask(t, r, desktest.NewHere, "help ageing")), "/ar aging as of 2026-09-30")
	for _, c := range bot.Commands() {
		for _, e := range c.Examples {
			if _, err := r.Handle(t.Context(), desktest.Nora, bot.Call{Kind: bot.Command, Channel: openChannel, Text: e}); ar.KindOf(err) == ar.Invalid {
				t.Errorf("the example %q is refused: %v", e, err)
			}
		}
	}
}

func TestUnknownCommands(t *testing.T) {
	t.Parallel()
	r := shop(t)
	for _, tt := range []struct{ text, button, value string }{
		{"statsu acme", "/ar status acme", "status acme"},
		{"ovredue 60+ days", "/ar overdue 60+ days", "overdue 60+ days"},
		{"acme", "/ar status acme", `status "acme"`},
		{"weekly", "/ar digest weekly", "digest weekly"},
		{"weekly yesterday full", "/ar digest weekly yesterday full", "digest weekly yesterday full"},
		{"sales office", "/ar status sales office", `status "sales office"`},
		{"c2", "/ar status c2", `status "c2"`},
		{"50% wool", "/ar status 50% wool", `status "50% wool"`},
	} {
		c := ask(t, r, desktest.Nora, tt.text)
		contains(t, all(t, c), "[ "+tt.button+" ]", "is not a command")
		var values []string
		for _, p := range c.Parts {
			if buttons, ok := p.(card.Buttons); ok {
				for _, b := range buttons {
					values = append(values, b.Value)
				}
			}
		}
		if len(values) != 1 || values[0] != tt.value {
			t.Errorf("%s: buttons run %q, want %q", tt.text, values, tt.value)
		}
	}
	long := ask(t, r, desktest.Nora, strings.Repeat("a long letter about money ", 200))
	if len(long.Parts) != 0 || len(long.Text) > 200 {
		t.Errorf("a letter is answered with %+v", long)
	}
}

// What is typed is a name, though it may look like an id of ours; what is
// pressed is an id.
func TestIDsComeFromButtonsOnly(t *testing.T) {
	t.Parallel()
	r := shop(t)
	if got := ask(t, r, desktest.Nora, "status c2").Text; !strings.HasPrefix(got, "Acme owes") {
		t.Errorf("typed c2: %s", got)
	}
	answer, err := r.Handle(t.Context(), desktest.Nora, pressed("status c2"))
	if err != nil || !strings.HasPrefix(answer.Card.Text, "100% Cotton owes") || !answer.Replace {
		t.Errorf("pressed c2: %s, replace %v, %v", answer.Card.Text, answer.Replace, err)
	}
	answer, err = r.Handle(t.Context(), desktest.Nora, pressed("aging c2 by invoice date as of 2026-10-31"))
	if err != nil || !strings.HasPrefix(answer.Card.Text, "Aging of 100% Cotton by invoice date, Sat 31 Oct 2026") {
		t.Errorf("pressed an aging: %s, %v", answer.Card.Text, err)
	}
	for _, value := range []string{"status c3", "status d3", "aging c3", "aging c4", "overdue owner eli@example.com", "aging owner eli@example.com"} {
		if e := refused(t, r, desktest.Dana, pressed(value)); e.Kind != ar.Forbidden || strings.Contains(e.Say, "Wool") || strings.Contains(e.Say, "Blue") {
			t.Errorf("Dana presses %s: %s, %s", value, e.Kind, e.Say)
		}
	}
	for _, c := range []bot.Call{
		{Kind: bot.Action, Action: "paid", Value: "d1"}, {Kind: bot.Submission, Action: "promise"}, {Kind: bot.Shortcut, Action: "ask"},
	} {
		if e := refused(t, r, desktest.Nora, c); !strings.Contains(e.Say, "older version") {
			t.Errorf("%s: %s", c.Kind, e.Say)
		}
	}
	if answer, err := r.Handle(t.Context(), desktest.Nora, bot.Call{Kind: bot.HomeOpened}); err != nil || answer.Card.Text != "" {
		t.Errorf("home: %+v, %v", answer, err)
	}
}

// After a question the same command goes on with what was picked.
func TestAgainKeepsTheOtherArguments(t *testing.T) {
	t.Parallel()
	r := shop(t)
	for _, tt := range []struct{ text, again string }{
		{"status blue", "status %s"},
		{"aging blue", "aging %s"},
		{"aging blue as of 30 sep by invoice date EUR", "aging %s by invoice date EUR as of 2026-09-30"},
		{"aging by invoice date “blue”", "aging %s by invoice date"},
		{"aging 50% woll", "aging %s"},
	} {
		answer, err := r.Handle(t.Context(), desktest.Nora, typed(tt.text))
		known := asKnown(err)
		if known == nil || len(known.Choices) == 0 || answer.Again != tt.again {
			t.Fatalf("%s: again %q (want %q), %v", tt.text, answer.Again, tt.again, err)
		}
		value := strings.Replace(answer.Again, "%s", bot.PickID(known.Choices[0]), 1)
		if _, err := r.Handle(t.Context(), desktest.Nora, pressed(value)); err != nil {
			t.Errorf("%s then %s: %v", tt.text, value, err)
		}
	}
}

func TestShare(t *testing.T) {
	t.Parallel()
	r := shop(t)
	in := func(channel, text string) (bot.Answer, error) {
		return r.Handle(t.Context(), desktest.Dana, bot.Call{Kind: bot.Command, Channel: channel, Text: text})
	}
	for _, text := range []string{"status acme share", "overdue share", "mine SHARE", "aging acme share", "aging as of 2026-09-30 share"} {
		answer, err := in(openChannel, text)
		if err != nil || answer.Card.Visibility != card.InChannel {
			t.Errorf("%s: %v, visibility %v", text, err, answer.Card.Visibility)
		}
		for _, channel := range []string{closedChannel, "D0DANA", ""} {
			if answer, err := in(channel, text); ar.KindOf(err) != ar.Invalid || answer.Card.Text != "" {
				t.Errorf("%s in %q: %q, %v", text, channel, answer.Card.Text, err)
			}
		}
	}
	for _, text := range []string{"status acme", "overdue", "help share"} {
		answer, err := in(openChannel, text)
		if err != nil || answer.Card.Visibility != card.Private {
			t.Errorf("%s: %v, visibility %v", text, err, answer.Card.Visibility)
		}
	}
	if answer, err := in(openChannel, "status elixir share"); err == nil || !strings.HasSuffix(answer.Again, " share") {
		t.Errorf("a question after share goes on with %q, %v", answer.Again, err)
	}
	if answer, err := in(openChannel, "status Share share"); err != nil || !strings.HasPrefix(answer.Card.Text, "Share owes") {
		t.Errorf("a customer of that name: %q, %v", answer.Card.Text, err)
	}
}

// Nothing of an account that is not one's own is in any answer.
func TestAnswersDoNotLeak(t *testing.T) {
	t.Parallel()
	r := shop(t)
	for _, text := range []string{
		"status 50% wool", "status wool", "status blue cup", "status blu", "status INV 50% Wool", "aging blue mug", "aging", "overdue", "mine",
		"overdue owner eli", "aging owner eli", "overdue owner el", "wool", "overdue EUR", "overdue top 100",
	} {
		c := answered(t, r, desktest.Dana, text)
		typedWords := strings.ToLower(text)
		for _, secret := range []string{"Wool", "Blue Cup", "Blue Mug", "€", "$80.00", "Eli Stone"} {
			if strings.Contains(all(t, c), secret) && !strings.Contains(typedWords, strings.ToLower(secret)) {
				t.Errorf("%q tells Dana %q:\n%s", text, secret, all(t, c))
			}
		}
	}
}

func TestClosedToOutsiders(t *testing.T) {
	t.Parallel()
	r := shop(t)
	for _, actor := range []ar.Actor{desktest.NewHere, desktest.Outsider} {
		for _, text := range []string{"status acme", "mine", "overdue", "aging", "aging acme", "overdue owner dana", "status zzz"} {
			if e := refused(t, r, actor, typed(text)); e.Kind != ar.Forbidden || len(e.Choices) > 0 {
				t.Errorf("%s asks %s: %v", actor.User, text, e)
			}
		}
	}
}

func TestCommandsAreATable(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range bot.Commands() {
		if c.Name == "" || c.Summary == "" || len(c.Examples) == 0 || seen[c.Name] {
			t.Errorf("command %+v", c)
		}
		seen[c.Name] = true
	}
	for _, name := range []string{"help", "status", "mine", "overdue", "aging"} {
		if !seen[name] {
			t.Errorf("no command %q", name)
		}
	}
}

// NL-01: amounts in a company that writes 1.234,56.
func TestAmountsByLocale(t *testing.T) {
	t.Parallel()
	c := desktest.New(t, func(s *desk.Settings) { s.Locale = ar.Locale{DecimalComma: true, DayFirst: true}; s.Home = "EUR" })
	c.Import(t, ar.Page{})
	contains(t, ask(t, newRouter(c.Desk), desktest.Nora, "overdue over 3.000").Text, "over €3,000.00")
	contains(t, ask(t, newRouter(c.Desk), desktest.Nora, "aging as of 3/4").Text, "Fri 3 Apr 2026")
	contains(t, refused(t, shop(t), desktest.Nora, typed("overdue over 3.000")).Say, "3 or 3000")
}

func FuzzRouter(f *testing.F) {
	for _, c := range bot.Commands() {
		for _, e := range c.Examples {
			f.Add(e)
		}
	}
	for _, s := range []string{
		"", "%s %d", "status %s", "aging as of by invoice date as of", "overdue over over over", "overdue owner <@U123ABC|x> top",
		"aging owner <@U0UNKNOWN>", "status “", "status \"\"\"", "aging by due", "ｏｖｅｒｄｕｅ ５０", "<http://a|b> <mailto:c>", "\x00\xff\u202e",
		"overdue 99999999999999999999", "aging as of 99999-99-99", "status c99999999999999999999", "overdue over 99999999999999999m",
	} {
		f.Add(s)
	}
	r := shop(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, call := range []bot.Call{typed(text), pressed(text), {Kind: bot.Mention, Channel: openChannel, Text: text}} {
			answer, err := r.Handle(t.Context(), desktest.Nora, call)
			if known := asKnown(err); known != nil {
				answer.Card = card.New(known.Say)
			} else if err != nil && !strings.Contains(text, "<@") && !strings.Contains(text, "&lt;") && !strings.Contains(text, "＜") {
				t.Fatalf("%q: %v", text, err) // only a person whom Slack does not know is a fault
			}
			if err == nil && answer.Card.Text == "" {
				t.Fatalf("%q is not answered", text)
			}
			if answer.Card.Text == "" {
				continue
			}
			if !utf8.ValidString(answer.Card.Text) && utf8.ValidString(text) {
				t.Fatalf("%q: answer is not UTF-8", text)
			}
			if _, err := blockkit.Render(answer.Card, blockkit.Options{Tables: true}); err != nil {
				t.Fatalf("%q: %v", text, err)
			}
		}
	})
}
