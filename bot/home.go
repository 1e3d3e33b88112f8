package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// HomePart is a section of the home tab: a few parts, or none where there is nothing to
// show. Together they must leave room within Slack's 100 blocks: at most 12 blocks each.
type HomePart func(ctx context.Context, r *Router, actor ar.Actor) ([]card.Part, error)

// homeParts are the sections of the home tab, from top to bottom, beside the person's
// work: another command's section is put in here.
func homeParts() []HomePart {
	return []HomePart{homeClaims, homePromises, homeDisputes}
}

// homes are the people whose home tab was opened since the program started: theirs are
// brought up to date after what they do.
type homes struct {
	ours bool // the tab is the router's own

	mu   sync.Mutex
	seen map[string]bool
}

func (h *homes) open(user string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.seen == nil {
		h.seen = map[string]bool{}
	}
	h.seen[user] = true
}

func (h *homes) opened(user string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.seen[user]
}

// home answers a look at the home tab.
func (r *Router) home(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	r.homes.open(c.User)
	page, err := r.homeCard(ctx, actor)
	return Answer{Home: &page}, err
}

// homeAfter brings the home tab up to date after something was done: what was done in the
// tab itself is said at its top, and not in a message. A fault in it hides no answer.
func (r *Router) homeAfter(ctx context.Context, actor ar.Actor, c Call, a Answer) Answer {
	inHome := c.Kind == Action && c.View.Home
	changed := a.Undo != "" || inHome && a.Replace
	if !r.homes.ours || a.Home != nil || !changed || !inHome && !r.homes.opened(c.User) {
		return a
	}
	page, err := r.homeCard(ctx, actor)
	if err != nil {
		return a
	}
	if inHome {
		said := undoable(c, a).Card
		top := []card.Part{card.Paragraph{card.B(said.Text)}}
		if n := len(said.Parts); n > 0 && a.Undo != "" {
			top = append(top, said.Parts[n-1])
		}
		page.Parts = append(append(top, card.Divider{}), page.Parts...)
		a.Card, a.Undo = card.Card{}, ""
	}
	a.Home = &page
	return a
}

// homeCard draws the home tab of a person: what to do, what was promised and disputed,
// how old the data is, and for an admin how far the set-up has come.
func (r *Router) homeCard(ctx context.Context, actor ar.Actor) (card.Card, error) {
	work, err := r.Desk.Next(ctx, actor, homeWork(actor))
	if err != nil {
		return card.Card{}, err
	}
	page := card.New("What to do now, what is promised and what is disputed.")
	if actor.Is(ar.Admin) {
		setup, err := r.homeSetup(ctx)
		if err != nil {
			return card.Card{}, err
		}
		page.Add(setup...)
	}
	page.Add(r.homeWorkParts(work, actor)...)
	for _, part := range homeParts() {
		parts, err := part(ctx, r, actor)
		if err != nil {
			return card.Card{}, err
		}
		page.Add(parts...)
	}
	page.Add(r.homeFoot(work)...)
	return old(page, work.Fresh, r.Desk.Settings().Zone), nil
}

// inOffice: AR, managers and admins have no accounts of their own, and see everybody's.
func inOffice(actor ar.Actor) bool { return actor.Is(ar.ARClerk, ar.Manager, ar.Admin) }

func homeWork(actor ar.Actor) desk.WorkInput {
	return desk.WorkInput{Mine: !inOffice(actor), Limit: desk.HomeLimit}
}

func (r *Router) homeWorkParts(w desk.Work, actor ar.Actor) []card.Part {
	parts := []card.Part{card.Heading("What to do next")}
	if len(w.Lines) == 0 {
		parts = append(parts, card.Paragraph{card.T("Nothing is left for you to do: " + nothingToDo(w))})
	}
	for _, line := range w.Lines {
		parts = append(parts, r.workLine(line, w, actor)...)
	}
	if w.More > 0 {
		parts = append(parts, card.Note{card.T("and " + count(w.More, "account") + " after these: "), card.Code(r.Slash + " next")})
	}
	parts = append(parts, r.unclaimedLine(w)...)
	if len(w.Lines) > 0 {
		parts = append(parts, card.Note{card.T("Order: " + ar.Formula())})
	}
	return parts
}

func homeClaims(ctx context.Context, r *Router, actor ar.Actor) ([]card.Part, error) {
	claims, more, err := r.Desk.OwnClaims(ctx, actor, desk.HomeLimit)
	if err != nil || len(claims) == 0 {
		return nil, err
	}
	var rows card.Rows
	for _, c := range claims {
		rows = append(rows, card.Row{
			Text: fmt.Sprintf("%s %s · yours since %s, free again on %s", c.Account.Name, plusList(c.Overdue), c.Made.On.Short(), c.Lapses.Long()),
			Menu: []card.Act{
				{Label: "Record a promise…", Action: promiseForm, Value: PickID(ar.Choice{Customer: c.Customer})},
				{Label: "Log a call…", Action: callForm, Value: PickID(ar.Choice{Customer: c.Customer})},
				{Label: "Snooze…", Action: snoozeForm, Value: PickID(ar.Choice{Customer: c.Customer})},
				{Label: "Give it back", Action: releaseAction, Value: strconv.FormatInt(int64(c.ID), 10)},
				{Label: "Show the account", Action: pickAction, Value: "status " + PickID(ar.Choice{Customer: c.Customer})},
			},
		})
	}
	parts := []card.Part{card.Heading("Yours"), rows}
	if more > 0 {
		parts = append(parts, card.Note{card.T("and " + count(more, "account") + " more")})
	}
	return parts, nil
}

func homePromises(ctx context.Context, r *Router, actor ar.Actor) ([]card.Part, error) {
	list, err := r.Desk.Promises(ctx, actor, desk.PromisesInput{Of: desk.PromisesThisWeek, Mine: !inOffice(actor), Limit: desk.HomeLimit})
	if err != nil || len(list.Lines) == 0 {
		return nil, err
	}
	parts := []card.Part{card.Heading("Promised for this week"), card.Paragraph{card.B(amounts(list.Missing)), card.T(" is still to come")}, r.promiseRows(list.Lines, false)}
	if list.More > 0 {
		parts = append(parts, card.Note{card.T("and " + count(list.More, "more promise") + ": "), card.Code(r.Slash + " promises this week")})
	}
	return parts, nil
}

func homeDisputes(ctx context.Context, r *Router, actor ar.Actor) ([]card.Part, error) {
	list, err := r.Desk.Disputes(ctx, actor, desk.DisputesInput{Mine: true, Limit: desk.HomeLimit})
	if err != nil || len(list.Lines) == 0 {
		return nil, err
	}
	parts := []card.Part{card.Heading("Disputes for you to resolve")}
	for _, d := range list.Lines {
		id := strconv.FormatInt(int64(d.ID), 10)
		parts = append(parts, card.Paragraph{card.T(r.disputeLine(d, list.Day))}, card.Buttons{
			{Label: "Resolve…", Action: resolveForm, Value: id, Accessible: "Resolve the dispute of " + d.Invoice.Label()},
			{Label: "Show", Action: showAction, Value: id, Accessible: "Show the dispute of " + d.Invoice.Label()},
		})
	}
	if list.More > 0 {
		parts = append(parts, card.Note{card.T("and " + count(list.More, "more dispute") + ": "), card.Code(r.Slash + " disputes mine")})
	}
	return parts, nil
}

// homeSetup is the checklist of the set-up, while something of it is left.
func (r *Router) homeSetup(ctx context.Context) ([]card.Part, error) {
	if r.Setup == nil {
		return nil, nil
	}
	steps, err := r.Setup.Steps(ctx)
	if err != nil || !slices.ContainsFunc(steps, func(s Step) bool { return !s.Done }) {
		return nil, err
	}
	return append(checklist(steps).Parts, card.Divider{}), nil
}

// homeFoot says how old the data is and where help is.
func (r *Router) homeFoot(w desk.Work) []card.Part {
	parts := []card.Part{card.Divider{}, card.Buttons{
		{Label: "Preferences…", Action: preferencesForm},
		{Label: "What I can ask", Action: pickAction, Value: "help"},
	}}
	parts = append(parts, partialNote(w.Partial)...)
	foot := footer(w.Fresh, r.Desk.Settings().Zone)
	if len(foot) == 0 {
		foot = []card.Part{card.Note{card.T("Ask me with " + strings.TrimSpace(r.Slash+" help") + ".")}}
	}
	return append(parts, foot...)
}
