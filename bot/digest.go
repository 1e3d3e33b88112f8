package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// how long a digest that waits for an import sleeps before it looks again.
const importWait = time.Minute

// Digests makes cards of the posts that the books plan: the daily digests and
// the alerts. It is the Composer of a Delivery.
type Digests struct{ DigestConfig }

// DigestConfig is what Digests need.
type DigestConfig struct {
	Desk   *desk.Desk
	Routes []desk.Route
	// Slash is the slash command's name with its slash.
	Slash string
	// Fallback is the channel that gets a rep's digest when the rep cannot be
	// reached; "" for none.
	Fallback string
	// Painter draws the pictures of the weekly digest; nil leaves them out.
	Painter Painter
	// Places tells how channels are called; nil calls them by their ids.
	Places Places
	// Reconnect: a ledger can be connected anew from a button (see RouterConfig.Syncs).
	Reconnect bool
	// Known tells which of some addresses belong to nobody who can be told
	// something: a *Directory. Nil leaves that out.
	Known interface {
		Strangers(ctx context.Context, emails []string) ([]string, error)
	}
	// Readers tells what somebody may see now, who asked to be told news: a *Directory. Nil
	// shows all.
	Readers interface {
		Actor(ctx context.Context, user string) (ar.Actor, error)
	}
}

// NewDigests returns a composer for the routes.
func NewDigests(c DigestConfig) *Digests { return &Digests{c} }

// Compose returns what a post says now and where it goes.
func (d *Digests) Compose(ctx context.Context, p ar.Post) (Composed, error) {
	switch p.Kind {
	case ar.Alert:
		return d.alert(p), nil
	case ar.VerdictPost:
		return d.verdict(ctx, p)
	case ar.DisputeReminder:
		return d.disputeReminder(ctx, p)
	case ar.DisputeQuestion:
		return d.disputeQuestion(ctx, p)
	case ar.ContactQuestion:
		return d.contactQuestion(ctx, p)
	case ar.ClaimEnded:
		return d.claimEnded(ctx, p)
	case ar.PaymentNews:
		return d.paymentNews(ctx, p)
	case ar.NoiseReport:
		return d.noiseReport(ctx, p)
	case ar.EscalationPost:
		return d.escalation(ctx, p)
	case ar.EscalationNews:
		return d.escalationNews(ctx, p)
	case ar.LadderReport:
		return d.ladderReport(ctx, p)
	case ar.WeeklyDigest:
		return d.weekly(ctx, p)
	default:
	}
	to, evenEmpty, err := d.destination(p)
	if err != nil {
		return Composed{}, err
	}
	digest, figures, err := d.Desk.ComposeDigest(ctx, p)
	if ar.KindOf(err) == ar.Unavailable {
		return Composed{}, &RetryLaterError{After: importWait, Err: err}
	}
	if err != nil {
		return Composed{}, err
	}
	composed := Composed{To: to, Figures: figures, Empty: digest.Empty() && !evenEmpty}
	switch p.Kind {
	case ar.RepDigest:
		composed.Head, composed.Thread = d.repCards(digest)
		composed.Bare = d.bareCards(digest, chaseSentence(digest), digest.Chase)
	case ar.SalesDigest:
		composed.Head, composed.Thread = d.salesCards(digest, d.route(p).Shows)
		composed.Bare = d.bareCards(digest, chaseSentence(digest), digest.Chase)
	case ar.ARDigest:
		composed.Head, composed.Thread = d.arCards(ctx, digest)
		composed.Bare = d.bareCards(digest, overdueSentence(digest), digest.Overdue)
	default:
	}
	composed.Head = d.old(composed.Head, digest)
	composed.Bare[0] = d.old(composed.Bare[0], digest)
	return d.standIn(p, composed), nil
}

// alert is a sentence for an admin; one about a ledger that has to be connected anew has
// the button for it.
func (d *Digests) alert(p ar.Post) Composed {
	user, topic, _ := strings.Cut(strings.TrimPrefix(p.Route, "user:"), "/")
	head := card.New(p.Body, card.Paragraph{card.T(p.Body)})
	if ledger, ok := reconnects(topic); ok && d.Reconnect {
		head.Add(card.Buttons{{Label: "Reconnect " + ledger, Action: reconnectAction, Value: ledger, Style: card.Primary}})
	}
	return Composed{To: Destination{User: user}, Head: head, Open: !strings.HasPrefix(topic, desk.AnswerTopic)}
}

// destination returns where a digest goes, and whether it goes there also with
// nothing to say.
func (d *Digests) destination(p ar.Post) (to Destination, evenEmpty bool, err error) {
	if p.Kind == ar.RepDigest {
		evenEmpty = slices.ContainsFunc(d.Routes, func(r desk.Route) bool { return r.Kind == ar.RepDigest && r.EvenEmpty })
		rep := desk.RepOf(p.PostKey)
		return Destination{Email: rep, Deputies: d.Desk.Deputies(rep, p.Day), Instead: d.Fallback}, evenEmpty, nil
	}
	route := d.route(p)
	if route.Name == "" {
		return Destination{}, false, &RefusedError{Say: fmt.Sprintf("The route %q is not in the config any more.", p.Route), Code: "no_route"}
	}
	return Destination{Channel: route.Channel}, route.EvenEmpty, nil
}

// route is the route of a post to a channel, the zero value where the config has none.
func (d *Digests) route(p ar.Post) desk.Route {
	i := slices.IndexFunc(d.Routes, func(r desk.Route) bool { return r.Name == p.Route && r.Kind == p.Kind })
	if i < 0 {
		return desk.Route{}
	}
	return d.Routes[i]
}

// top accounts that the head of a digest names; the thread has them all.
const digestTop = 8

func (d *Digests) arCards(ctx context.Context, g desk.Digest) (card.Card, []card.Card) {
	head := card.New(overdueSentence(g), card.Heading("Overdue on "+g.Day.Long()), overdueLine(g))
	head.Add(firstLook(g)...)
	head.Add(bridgeLines(g)...)
	if len(g.Totals) > 0 {
		head.Add(totalsTable(g))
	}
	if len(g.Chase.Lines) > 0 {
		head.Add(card.Paragraph{card.B("Biggest, by amount and age")})
		head.Add(d.accountRows(g, true)...)
	}
	head.Add(coveredNote(g.Covered.Lines)...)
	head.Add(waitingNote(g.Waiting.Lines, g.Held)...)
	head.Add(d.promiseParts(g)...)
	if orphans := len(g.Orphans.Lines); orphans > 0 {
		head.Add(card.Paragraph{
			card.B(count(orphans, "overdue account") + " without a sales owner"), card.T(": " + lineNames(g.Orphans.Lines) + ". See "),
			card.Code(d.Slash + " overdue owner none"),
		})
	}
	head.Add(d.coverageNote(ctx, g.Coverage)...)
	head.Add(d.footer(g)...)
	return head, slices.Concat(
		bridgeCard(g),
		d.newsCards(g, newsColumns{owners: true, dates: true}),
		d.listCard(listing{
			title: "Received but not applied", list: g.Unapplied, owners: true,
			why: "These credits are set against no invoice yet. Apply them, so that nobody chases what was paid.",
		}),
		d.dueCard(g, true),
		d.listCard(listing{title: "All overdue accounts", list: g.Overdue, days: true, owners: true}),
		d.orphanCard(g),
	)
}

func (d *Digests) repCards(g desk.Digest) (card.Card, []card.Card) {
	head := card.New("Your accounts: "+lowerFirst(chaseSentence(g)), card.Heading("Your accounts, "+g.Day.Long()), chaseLine(g))
	head.Add(firstLook(g)...)
	if len(g.Chase.Lines) > 0 {
		head.Add(d.accountRows(g, false)...)
	}
	head.Add(coveredNote(g.Covered.Lines)...)
	head.Add(waitingNote(g.Waiting.Lines, g.Held)...)
	head.Add(d.promiseParts(g)...)
	head.Add(keptLine(g)...)
	if len(g.Newly.Lines) > 0 {
		head.Add(card.Paragraph{card.B("Newly overdue since " + g.Since.Short() + ": "), card.T(lineNames(g.Newly.Lines))})
	}
	head.Add(paidLine(g)...)
	if len(g.Chase.Lines) > 0 {
		head.Add(card.Note{card.T("Before a call: "), card.Code(d.Slash + " status " + g.Chase.Lines[0].Name)})
	}
	head.Add(d.footer(g)...)
	thread := slices.Concat(d.newsCards(g, newsColumns{dates: true}), d.dueCard(g, false))
	if len(g.Chase.Lines) > digestTop {
		thread = append(thread, d.listCard(listing{title: "All your overdue accounts", list: g.Overdue, days: true})...)
	}
	return head, thread
}

func firstLook(g desk.Digest) []card.Part {
	if !g.First {
		return nil
	}
	return []card.Part{card.Paragraph{card.I("This is a first look: how things stand today. From the next digest on you see what changed.")}}
}

// overdueSentence stands alone: it is the notification.
func overdueSentence(g desk.Digest) string {
	if len(g.Overdue.Lines) == 0 {
		return fmt.Sprintf("Nothing is overdue on %s.", g.Day.Long())
	}
	return fmt.Sprintf("%s overdue in %s on %s.", amounts(g.Overdue.Sums), count(len(g.Overdue.Lines), "account"), g.Day.Long())
}

// overdueLine is the answer, first and in bold.
func overdueLine(g desk.Digest) card.Paragraph {
	if len(g.Overdue.Lines) == 0 {
		return card.Paragraph{card.B("Nothing is overdue.")}
	}
	return card.Paragraph{card.B(amounts(g.Overdue.Sums) + " overdue"), card.T(" in " + count(len(g.Overdue.Lines), "account"))}
}

// chaseLine is the answer for those who make the calls: what is left to ask for.
func chaseLine(g desk.Digest) card.Paragraph {
	left := toChase(g)
	if len(left) == 0 {
		return card.Paragraph{card.B("Nothing to chase.")}
	}
	in := " in " + count(len(g.Chase.Lines), "account")
	if !slices.Equal(left, g.Overdue.Sums) {
		in += ", of " + amounts(g.Overdue.Sums) + " overdue"
	}
	return card.Paragraph{card.B(amounts(left) + " to chase"), card.T(in)}
}

// chaseSentence is the notification for those who make the calls.
func chaseSentence(g desk.Digest) string {
	left := toChase(g)
	if len(left) == 0 {
		return fmt.Sprintf("Nothing to chase on %s.", g.Day.Long())
	}
	return fmt.Sprintf("%s to chase in %s on %s.", amounts(left), count(len(g.Chase.Lines), "account"), g.Day.Long())
}

// toChase is what is left to ask for, by currency.
func toChase(g desk.Digest) []ar.Money {
	var left []ar.Money
	for _, t := range g.Totals {
		if !t.ToChase.IsZero() {
			left = append(left, t.ToChase)
		}
	}
	return left
}

// paidLine says what came in since the digest before.
func paidLine(g desk.Digest) []card.Part {
	if len(g.Received) == 0 {
		return nil
	}
	return []card.Part{card.Paragraph{card.B("Paid since " + g.Since.Short() + ": "), card.T(receivedWords(g))}}
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// totalsTable has a row per bucket and a column per currency.
func totalsTable(g desk.Digest) card.Table {
	report := desk.AgingReport{AgingInput: desk.AgingInput{AsOf: g.Day, Basis: ar.ByDueDate, Edges: ar.DefaultEdges(ar.ByDueDate)}}
	report.Money = g.Totals
	return agingTable(report)
}

// bridgeLines say in one line per currency how the overdue moved.
func bridgeLines(g desk.Digest) []card.Part {
	var parts []card.Part
	for _, b := range g.Bridges {
		if moved := moves(b); len(moved) > 0 {
			parts = append(parts, card.Paragraph{
				card.T("It was "), card.B(b.Opening.String()), card.T(" on " + b.From.Short() + "; since then " + and(moved) + "."),
			})
		}
	}
	return parts
}

// moves puts the lines of a bridge into words; what is zero is left out.
func moves(b ar.Bridge) []string {
	var words []string
	for _, m := range []struct {
		amount      ar.Money
		did, undone string // undone where a payment bounced or a credit was taken back
	}{
		{b.Newly, "newly overdue", ""},
		{b.Paid, came(b.Inferred), "of payments taken back"},
		{b.Credited, "credited", "of credits taken back"},
		{b.WrittenOff, "written off", "of write-offs taken back"},
		{b.Earlier, "more by changes dated earlier", "less by changes dated earlier"},
	} {
		switch m.amount.Sign() {
		case 1:
			words = append(words, m.amount.String()+" "+m.did)
		case -1:
			words = append(words, m.amount.Abs().String()+" "+m.undone)
		}
	}
	return words
}

// came says how money came in, as far as the ledger tells.
func came(inferred bool) string {
	if inferred {
		return "paid or credited"
	}
	return "paid"
}

// bridgeCard leads from the last digest's overdue to today's, to the cent.
func bridgeCard(g desk.Digest) []card.Card {
	if len(g.Bridges) == 0 {
		return nil
	}
	paid := "Paid"
	if slices.ContainsFunc(g.Bridges, func(b ar.Bridge) bool { return b.Inferred }) {
		paid = "Paid or credited"
	}
	rows := [][]string{
		{"Overdue on " + g.Since.Short()}, {"Changes dated earlier"}, {"Newly overdue"}, {paid}, {"Credited"}, {"Written off"},
	}
	total := []string{"Overdue on " + g.Day.Short()}
	t := card.Table{Columns: []card.Column{{Title: "Overdue"}}}
	for _, b := range g.Bridges {
		t.Columns = append(t.Columns, card.Column{Title: string(b.Currency), Align: card.Right})
		for i, m := range []ar.Money{b.Opening, b.Earlier, b.Newly, b.Paid.Neg(), b.Credited.Neg(), b.WrittenOff.Neg()} {
			rows[i] = append(rows[i], m.String())
		}
		total = append(total, b.Closing.String())
	}
	t.Rows, t.Total = rows, total
	title := fmt.Sprintf("How the overdue moved from %s to %s", g.Since.Short(), g.Day.Short())
	return []card.Card{card.New(title+".", card.Paragraph{card.B(title)}, t)}
}

// newsColumns are what the lists of news show beside account and amount.
type newsColumns struct{ owners, dates bool }

func (d *Digests) newsCards(g desk.Digest, show newsColumns) []card.Card {
	cards := d.listCard(listing{title: "Newly overdue since " + g.Since.Short(), list: g.Newly, owners: show.owners})
	if len(g.Received) == 0 {
		return cards
	}
	t := card.Table{Columns: []card.Column{{Title: "Account"}, {Title: "Received", Align: card.Right}}}
	if show.dates {
		t.Columns = append(t.Columns, card.Column{Title: "Dated", Align: card.Right})
	}
	for _, r := range g.Received {
		row := []string{r.Name, r.Amount.String()}
		if show.dates {
			row = append(row, r.Latest.Short())
		}
		t.Rows = append(t.Rows, row)
	}
	title := "Paid since " + g.Since.Short()
	return append(cards, card.New(title+": "+receivedWords(g)+".", card.Paragraph{card.B(title), card.T(" · " + receivedWords(g))}, t))
}

// receivedWords names each account once, also one that paid in two currencies.
func receivedWords(g desk.Digest) string {
	var names []string
	seen := map[ar.CustomerID]bool{}
	for _, r := range g.Received {
		if !seen[r.Customer] {
			seen[r.Customer] = true
			names = append(names, r.Name)
		}
	}
	return amounts(g.ReceivedSums) + " from " + firstOf(names)
}

func (d *Digests) dueCard(g desk.Digest, owners bool) []card.Card {
	return d.listCard(listing{
		title: "Due this week", why: "Due from today to " + g.Day.AddDays(6).Long() + ".", list: g.DueSoon, owners: owners,
	})
}

// orphanCard lists the overdue accounts without a sales owner, unless the head
// has named them all.
func (d *Digests) orphanCard(g desk.Digest) []card.Card {
	if len(g.Orphans.Lines) <= namedAtOnce {
		return nil
	}
	return d.listCard(listing{title: "Overdue accounts without a sales owner", list: g.Orphans, days: true})
}

// listing is a list of accounts that gets a card of its own.
type listing struct {
	title, why   string
	list         ar.AccountList
	days, owners bool
	// names: the accounts alone, without an amount.
	names bool
	// acts: what can be done with an account is offered with it.
	acts bool
}

// listCard is a list of accounts under a title; no card for an empty list.
func (d *Digests) listCard(l listing) []card.Card {
	if len(l.list.Lines) == 0 {
		return nil
	}
	sums := count(len(l.list.Lines), "account")
	if !l.names {
		sums = amounts(l.list.Sums) + " in " + sums
	}
	c := card.New(l.title+": "+sums+".", card.Paragraph{card.B(l.title), card.T(" · " + sums)})
	if l.why != "" {
		c.Add(card.Note{card.T(l.why)})
	}
	if l.acts && len(l.list.Lines) <= digestTop {
		c.Add(d.listRows(l))
		return []card.Card{c}
	}
	c.Add(d.listTable(l))
	if l.acts {
		c.Add(accountMenu("Record a promise of", promiseForm, l.list.Lines)...)
	}
	return []card.Card{c}
}

// listRows are the accounts of a list with a menu each.
func (d *Digests) listRows(l listing) (rows card.Rows) {
	for _, a := range l.list.Lines {
		rows = append(rows, card.Row{Text: strings.Join(d.listWords(l, a), " · "), Menu: accountActs(ar.Choice{Customer: a.Customer}, d.opens)})
	}
	return rows
}

// listWords are what a list says of an account, in the order of its columns.
func (d *Digests) listWords(l listing, a ar.AccountLine) []string {
	words := []string{a.Name}
	if !l.names {
		words = append(words, plusList(a.Amounts))
	}
	if l.days {
		words = append(words, fmt.Sprintf("%d d", a.OldestDays))
	}
	if l.owners {
		words = append(words, d.ownerName(a.Owner))
	}
	return words
}

func (d *Digests) listTable(l listing) card.Table {
	t := card.Table{Columns: []card.Column{{Title: "Account"}}}
	if !l.names {
		t.Columns = append(t.Columns, card.Column{Title: "Amount", Align: card.Right})
	}
	if l.days {
		t.Columns = append(t.Columns, card.Column{Title: "Oldest", Align: card.Right})
	}
	if l.owners {
		t.Columns = append(t.Columns, card.Column{Title: "Owner"})
	}
	for _, a := range l.list.Lines {
		t.Rows = append(t.Rows, d.listWords(l, a))
	}
	return t
}

func (d *Digests) ownerName(owner string) string { return ownerName(d.Desk, owner) }

func (d *Digests) old(c card.Card, g desk.Digest) card.Card {
	return old(c, d.Desk.FreshAt(g.Fresh), d.Desk.Settings().Zone)
}

func (d *Digests) footer(g desk.Digest) []card.Part {
	return footer(d.Desk.FreshAt(g.Fresh), d.Desk.Settings().Zone)
}
