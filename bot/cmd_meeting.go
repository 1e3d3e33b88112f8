package bot

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

func meetingCommand() command {
	return command{
		name: "meeting", aliases: []string{"pack", "agenda"}, usage: "[owner <name>] [file]",
		summary:  "a pack for the meeting of AR and sales: per sales owner what is overdue, promised and disputed, and what to decide",
		examples: []string{"meeting", "meeting owner dana@example.com", "meeting file"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			words, file := args.words, false
			if n := slices.IndexFunc(words, func(w string) bool { return strings.EqualFold(w, "file") }); n >= 0 {
				words, file = slices.Delete(slices.Clone(words), n, n+1), true
			}
			owner, segment, err := r.ownerOrSegment(ctx, words, "meeting")
			if err != nil {
				return Answer{}, err
			}
			if segment != "" {
				return Answer{}, ar.Refuse("A pack goes by sales owner. Type it like %s meeting owner dana@example.com.", r.Slash)
			}
			return r.meeting(ctx, actor, desk.MeetingInput{Owner: owner}, file)
		},
	}
}

// meeting brings the pack into the direct message of who asked: from there it is forwarded
// to whom it concerns.
func (r *Router) meeting(ctx context.Context, actor ar.Actor, in desk.MeetingInput, file bool) (Answer, error) {
	m, err := r.Desk.Meeting(ctx, actor, in)
	if err != nil {
		return Answer{}, err
	}
	cards := r.meetingCards(m)
	if len(m.Owners) == 0 {
		return Answer{Card: cards[0]}, nil
	}
	if r.Private == nil {
		return Answer{}, ar.Refuse("A pack has a thread, and cannot be sent from here. Ask in Slack.")
	}
	var files []File
	if file {
		var content bytes.Buffer
		done, err := WriteExport(ctx, r.Desk, actor, desk.ExportInput{Of: desk.ExportAging, Owner: in.Owner, AsOf: m.Day}, XLSX, &content)
		if err != nil {
			return Answer{}, err
		}
		files = append(files, File{Name: done.File, Content: content.Bytes()})
	}
	if err := r.Private.Bring(ctx, actor.User, cards, files...); err != nil {
		return Answer{}, err
	}
	says := fmt.Sprintf("%s The pack is in our direct message, %s in its thread.", meetingSentence(m), count(len(m.Owners), "sales owner"))
	return Answer{Card: aged(card.New(says, card.Paragraph{card.T(says)}), m.Fresh, r.Desk.Settings().Zone)}, nil
}

func meetingTitle(m desk.Meeting) string {
	return ofWhat("Meeting of AR and sales", m.Of, false, false) + ", " + m.Day.Long()
}

func meetingSentence(m desk.Meeting) string {
	decisions := 0
	for _, o := range m.Owners {
		decisions += o.Decisions()
	}
	return fmt.Sprintf("%s: %s overdue, %s to chase, %s.", meetingTitle(m), amounts(m.Overdue), amounts(m.ToChase), toDecide(decisions))
}

func toDecide(n int) string {
	if n == 0 {
		return "nothing to decide"
	}
	return count(n, "question") + " to decide"
}

// meetingCards are the pack: what there is by owner, and a card of the thread for each.
func (r *Router) meetingCards(m desk.Meeting) []card.Card {
	if len(m.Owners) == 0 {
		title := meetingTitle(m)
		c := card.New(title+": nothing is overdue, and nothing is in dispute.", card.Heading(title), card.Paragraph{card.T("Nothing is overdue, and nothing is in dispute.")})
		c.Add(partialNote(m.Partial)...)
		return []card.Card{aged(c, m.Fresh, r.Desk.Settings().Zone)}
	}
	head := card.New(meetingSentence(m), card.Heading(meetingTitle(m)),
		card.Paragraph{card.B(amounts(m.Overdue)), card.T(" overdue, " + amounts(m.ToChase) + " to chase")})
	t := card.Table{Columns: []card.Column{
		{Title: "Sales owner"},
		{Title: "Overdue", Align: card.Right},
		{Title: "To chase", Align: card.Right},
		{Title: "Due", Align: card.Right},
		{Title: "Broken", Align: card.Right},
		{Title: "Disputes", Align: card.Right},
		{Title: "Decide", Align: card.Right},
	}}
	thread := make([]card.Card, 0, len(m.Owners))
	for _, o := range m.Owners {
		t.Rows = append(t.Rows, []string{
			r.ownerName(o.Owner), plusList(o.Overdue), plusList(o.ToChase), strconv.Itoa(len(o.Due)), strconv.Itoa(len(o.Broken)),
			strconv.Itoa(len(o.Disputes)), strconv.Itoa(o.Decisions()),
		})
		thread = append(thread, r.meetingOwnerCard(o))
	}
	head.Add(t, card.Note{card.T("Due are promises for the coming seven days, broken those of the last year of which money is still missing. What is disputed, promised or covered by credit is overdue, and not to chase.")})
	head.Add(partialNote(m.Partial)...)
	return append([]card.Card{aged(head, m.Fresh, r.Desk.Settings().Zone)}, thread...)
}

// mostInMeeting is how many lines of a kind an owner's card has: more is not talked about.
const mostInMeeting = 10

func (r *Router) meetingOwnerCard(o desk.MeetingOwner) card.Card {
	name := "Without an owner"
	if o.Owner != "" {
		name = r.ownerName(o.Owner)
	}
	says := fmt.Sprintf("%s: %s overdue, %s", name, amounts(o.Overdue), toDecide(o.Decisions()))
	c := card.New(says+".", card.Paragraph{card.B(says)})
	decide := card.List{}
	t := card.Table{Columns: []card.Column{{Title: "Account"}, {Title: "Overdue", Align: card.Right}, {Title: "To chase", Align: card.Right}, {Title: "Oldest", Align: card.Right}}}
	for _, a := range o.Accounts {
		for _, d := range a.Decide {
			decide = append(decide, []card.Span{card.B(a.Name), card.T(": " + string(d))})
		}
		switch {
		case len(a.Amounts) == 0:
		case len(t.Rows) == mostInMeeting:
			t.More++
		default:
			t.Rows = append(t.Rows, []string{a.Name, plusList(a.Amounts), plusList(a.Chase), strconv.Itoa(a.OldestDays) + " d"})
		}
	}
	if len(t.Rows) > 0 {
		c.Add(t)
	}
	c.Add(agenda("To decide", decide)...)
	c.Add(agenda("Promised for the coming days", promiseLines(o.Due))...)
	c.Add(agenda("Promises that were broken", promiseLines(o.Broken))...)
	c.Add(agenda("Disputes", r.disputeLines(o.Disputes))...)
	return c
}

// agenda is a list under a line, its first entries; nothing for none.
func agenda(title string, list card.List) []card.Part {
	if len(list) == 0 {
		return nil
	}
	if more := len(list) - mostInMeeting; more > 0 {
		list = append(list[:mostInMeeting:mostInMeeting], []card.Span{card.T("and " + grouped(more) + " more")})
	}
	return []card.Part{card.Paragraph{card.B(title)}, list}
}

func promiseLines(list []desk.Promise) card.List {
	lines := make(card.List, len(list))
	for n, p := range list {
		lines[n] = []card.Span{card.T(promiseSays(p) + ".")}
		if p.Verdict.State.Final() {
			lines[n] = append(lines[n], card.T(" "+p.Verdict.Sentence()))
		}
	}
	return lines
}

// disputeLines say of each dispute with whom it is, and what its clock shows.
func (r *Router) disputeLines(list []desk.Dispute) card.List {
	lines := make(card.List, len(list))
	for n, d := range list {
		lines[n] = []card.Span{card.T(fmt.Sprintf("%s: with %s, to be resolved by %s%s.", disputeSays(d), r.withWhom(d), d.Due.Long(), lateWords(d)))}
	}
	return lines
}
