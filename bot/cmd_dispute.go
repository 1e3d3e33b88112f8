package bot

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

func disputeCommand() command {
	return command{
		name: "dispute", aliases: []string{"contest"}, usage: "<invoice> [amount] [reason] <what the customer said>",
		summary:  "records that a customer does not accept an invoice, or a part of it",
		examples: []string{"dispute INV-1042 two boxes arrived crushed", "dispute INV-1042 $400 pricing agreed price was 9.50", "dispute"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			return r.openDispute(ctx, actor, args)
		},
		form: func(a arguments) (string, string, bool) {
			switch {
			case len(a.words) == 0:
				return disputeForm, "", true
			case len(a.words) > 1:
				return "", "", false
			case a.picked:
				return disputeForm, a.words[0], true
			}
			return disputeForm, typedValue + a.words[0], true
		},
		routes: func(r *Router) Routes {
			return Routes{
				Forms: map[string]Form{
					disputeForm: {Title: "Dispute an invoice", Fill: r.fillDispute, Sent: r.sentDispute},
					changeForm:  {Title: "Change a dispute", Fill: r.fillChange, Sent: r.sentChange},
					resolveForm: {Title: "Resolve a dispute", Fill: r.fillResolve, Sent: r.sentResolve},
				},
				Buttons: map[string]Handler{
					reasonAction: r.chooseReason, reviewAction: r.takeIntoReview, reopenAction: r.reopen, showAction: r.showDispute,
					creditedAction: r.acceptSuggestion, notThisAction: r.declineSuggestion,
				},
				Lookups:   map[string]Handler{accountsSource: r.lookupAccounts},
				Shortcuts: []MenuEntry{{Form: disputeForm, Name: "Dispute", Description: "Record what a customer does not accept of an invoice", OfMessage: true}},
			}
		},
	}
}

// typedValue begins the value of a form that holds what a person typed, and not an id.
const typedValue = "?"

// openDispute reads what was typed: the invoice, which may be called by several
// words, then an amount, a reason, and the note, which is all of what follows the
// invoice and the amount.
func (r *Router) openDispute(ctx context.Context, actor ar.Actor, args arguments) (Answer, error) {
	found, rest, err := r.leadingInvoice(ctx, actor, args)
	if err != nil {
		return orAgain(Answer{}, err, "dispute %s "+strings.Join(rest, " "))
	}
	taken := len(rest)
	in := desk.DisputeInput{Document: found.Document, Where: r.where(ctx, args.call)}
	if len(rest) > 0 && saysMoney(rest[0]) {
		in.Amount, rest = rest[0], rest[1:]
	}
	in.Customer, in.Note, in.Reason = found.Customer, spoken(unquote(strings.Join(rest, " "))), leadingReason(rest)
	d, err := r.Desk.OpenDispute(ctx, actor, in)
	return orAgain(r.opened(d), err, "dispute %s "+strings.Join(args.words[len(args.words)-taken:], " "))
}

// orAgain is an answer, or an error with the command to repeat with a choice.
func orAgain(a Answer, err error, again string) (Answer, error) {
	if err != nil {
		a.Again = forButton(again, 2)
	}
	return a, err
}

// forButton is a command as the value of a button: of one that is too long the first
// words, which open the form.
func forButton(command string, words int) string {
	if len(command) <= longestValue-100 {
		return command
	}
	return strings.Join(strings.Fields(command)[:words], " ")
}

// leadingInvoice finds the account or invoice that the first words name, and returns the
// words after it.
func (r *Router) leadingInvoice(ctx context.Context, actor ar.Actor, args arguments) (found desk.Found, rest []string, err error) {
	words := args.words
	if id, ok := (arguments{words: words[:1], picked: args.picked}).id(); ok {
		return desk.Found{Customer: id.Customer, Document: id.Document}, words[1:], nil
	}
	if name, n := quotedWords(words); n > 0 {
		found, err = r.Desk.Find(ctx, actor, name)
		return found, words[n:], err
	}
	found, n, err := r.Desk.FindLeading(ctx, actor, words)
	return found, words[n:], err
}

// quotedWords are the words in quotes with which a text begins, and how many they
// are; 0 where it does not begin so.
func quotedWords(words []string) (text string, n int) {
	if len(words) == 0 || !strings.HasPrefix(words[0], `"`) {
		return "", 0
	}
	for n = range words {
		if joined := strings.Join(words[:n+1], " "); len(joined) > 1 && strings.HasSuffix(joined, `"`) {
			return unquote(joined), n + 1
		}
	}
	return "", 0
}

// saysMoney: a word is an amount only if nothing else can be meant by it; "2" is
// the beginning of "2 boxes are missing".
func saysMoney(word string) bool {
	hasDigit := strings.ContainsAny(word, "0123456789")
	marked := strings.ContainsAny(word, "$€£¥%") || strings.HasSuffix(strings.ToLower(word), "k") || decimals(word)
	return hasDigit && marked && strings.Trim(word, "0123456789.,'$€£¥%kK") == ""
}

// decimals: the word ends in a point or comma with two digits.
func decimals(word string) bool {
	at := strings.LastIndexAny(word, ".,")
	return at > 0 && len(word)-at == 3
}

// leadingReason reads a reason that is said first, by its name; "" where none is.
func leadingReason(words []string) ar.Reason {
	for n := min(2, len(words)); n > 0; n-- {
		if reason, err := ar.ParseReason(strings.TrimRight(strings.Join(words[:n], " "), ":,.-")); err == nil {
			return reason
		}
	}
	return ""
}

// opened is the answer to a dispute that was recorded.
func (r *Router) opened(d desk.Dispute) Answer {
	if d.ID == 0 {
		return Answer{}
	}
	says := fmt.Sprintf("Disputed: %s. To be resolved by %s.", disputeSays(d), d.Due.Long())
	return Answer{Card: r.disputeCard(d, says), Undo: undoOf(d.ID, desk.DisputeUndo{What: desk.UndoOpening, Now: string(d.State)})}
}

// undoOf names what was done to a dispute.
func undoOf(id ar.DisputeID, u desk.DisputeUndo) string {
	return fmt.Sprintf("dispute/%d/%s/%s/%s", id, u.What, url.PathEscape(u.Was), url.PathEscape(u.Now))
}

// undoDispute takes back what was done to a dispute.
func undoDispute(ctx context.Context, r *Router, actor ar.Actor, id int64, rest []string) (Answer, error) {
	if len(rest) != 3 {
		return Answer{}, r.outdated()
	}
	was, err := url.PathUnescape(rest[1])
	now, err2 := url.PathUnescape(rest[2])
	if err != nil || err2 != nil {
		return Answer{}, r.outdated()
	}
	changed, err := r.Desk.UndoDispute(ctx, actor, ar.DisputeID(id), desk.DisputeUndo{What: rest[0], Was: was, Now: now})
	if err != nil {
		return Answer{}, err
	}
	if rest[0] == desk.UndoOpening {
		return Answer{Card: card.New(fmt.Sprintf("Undone: %s is not disputed. It is chased again when it is due.", disputeSays(changed.Dispute)))}, nil
	}
	return Answer{Card: r.disputeCard(changed.Dispute, "Undone: it is as it was, "+disputeSays(changed.Dispute)+".")}, nil
}

// chooseReason answers the menu: another reason by one tap. The menu knows the reason that
// its card shows, so that a second tap has the answer of the first, undo and all.
func (r *Router) chooseReason(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	of, word, _ := strings.Cut(c.Value, " ")
	number, shown, _ := strings.Cut(of, ":")
	id, err := disputeID(number)
	if err != nil {
		return Answer{}, r.outdated()
	}
	reason := ar.Reason(word)
	answer, err := r.changed(ctx, actor, id, desk.DisputeChange{Reason: &reason})
	if err == nil && answer.Undo == "" && shown != "" && shown != word {
		answer.Undo = undoOf(id, desk.DisputeUndo{What: desk.UndoReason, Was: shown, Now: word})
	}
	return inPlace(c, answer), err
}

// changed changes a dispute and says what it is now, in the place of the card
// with the button.
func (r *Router) changed(ctx context.Context, actor ar.Actor, id ar.DisputeID, change desk.DisputeChange) (Answer, error) {
	d, err := r.Desk.ChangeDispute(ctx, actor, id, change)
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{Card: r.disputeCard(d.Dispute, "Changed: "+disputeSays(d.Dispute)+"."), Replace: true}
	if changes := changesOf(d.Was, d.Dispute.Dispute); len(changes) == 1 {
		answer.Undo = undoOf(id, changes[0])
	}
	return answer, nil
}

// changesOf are the differences of a dispute, as they are undone. Of several at
// once none is: the form is there for that.
func changesOf(was, now ar.Dispute) (changes []desk.DisputeUndo) {
	for _, u := range []desk.DisputeUndo{
		{What: desk.UndoReason, Was: string(was.Reason), Now: string(now.Reason)},
		{What: desk.UndoAmount, Was: was.Amount.Decimal(), Now: now.Amount.Decimal()},
		{What: desk.UndoAssignee, Was: was.Assignee, Now: now.Assignee},
	} {
		if byRoute := u.What == desk.UndoAssignee && was.Reason != now.Reason; u.Was != u.Now && !byRoute {
			changes = append(changes, u)
		}
	}
	return changes
}

// moved brings a dispute to another state and says what it is now.
func (r *Router) moved(ctx context.Context, actor ar.Actor, id ar.DisputeID, m desk.DisputeMove) (Answer, error) {
	d, err := r.Desk.MoveDispute(ctx, actor, id, m)
	if err != nil {
		return Answer{}, err
	}
	says := map[ar.DisputeState]string{
		ar.DisputeOpen: "Opened again: ", ar.DisputeInReview: "In review: ", ar.DisputeResolved: "Resolved, " + string(m.Outcome) + ": ",
	}[m.State] + disputeSays(d.Dispute) + "."
	return Answer{
		Card: r.disputeCard(d.Dispute, says+afterwards(d.Dispute)), Replace: true,
		Undo: undoOf(id, desk.DisputeUndo{What: desk.UndoState, Was: string(d.Was.State), Now: string(d.State)}),
	}, nil
}

// afterwards says what follows from an outcome.
func afterwards(d desk.Dispute) string {
	switch d.Outcome {
	case ar.OutcomeRejected, ar.OutcomeWithdrawn:
		return " What is open of it is chased again."
	case ar.OutcomeCredited, ar.OutcomePartlyCredited:
		if d.Invoice.Owed() {
			return fmt.Sprintf(" The ledger shows %s open, and that is chased: apply the credit if it is not applied yet.", d.Invoice.Open)
		}
	case ar.OutcomePaidInFull:
		if d.Invoice.Owed() {
			return fmt.Sprintf(" The ledger still shows %s open, and that is chased until the payment is applied.", d.Invoice.Open)
		}
	case ar.OutcomeInvoiceGone:
	}
	return ""
}

func (r *Router) takeIntoReview(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	return r.pressed(ctx, actor, c, desk.DisputeMove{State: ar.DisputeInReview})
}

func (r *Router) reopen(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	return r.pressed(ctx, actor, c, desk.DisputeMove{State: ar.DisputeOpen})
}

func (r *Router) pressed(ctx context.Context, actor ar.Actor, c Call, m desk.DisputeMove) (Answer, error) {
	id, err := disputeID(c.Value)
	if err != nil {
		return Answer{}, r.outdated()
	}
	answer, err := r.moved(ctx, actor, id, m)
	return inPlace(c, answer), err
}

func (r *Router) showDispute(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	id, err := disputeID(c.Value)
	if err != nil {
		return Answer{}, r.outdated()
	}
	d, err := r.Desk.Dispute(ctx, actor, id)
	if err != nil {
		return Answer{}, err
	}
	return Answer{Card: r.disputeCard(d, upperFirst(disputeSays(d))+".")}, nil
}

func disputeID(text string) (ar.DisputeID, error) {
	n, err := strconv.ParseInt(strings.TrimPrefix(text, "#"), 10, 64)
	if err == nil && n <= 0 {
		err = strconv.ErrRange
	}
	return ar.DisputeID(n), err
}

// acceptSuggestion answers [Resolve: credited]: the value is the dispute and the
// outcome.
func (r *Router) acceptSuggestion(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	number, outcome, _ := strings.Cut(c.Value, " ")
	id, err := disputeID(number)
	if err != nil {
		return Answer{}, r.outdated()
	}
	answer, err := r.moved(ctx, actor, id, desk.DisputeMove{State: ar.DisputeResolved, Outcome: ar.DisputeOutcome(outcome)})
	return inPlace(c, answer), err
}

// declineSuggestion answers [Not this]: the dispute stays as it is, and the same
// is not asked again.
func (r *Router) declineSuggestion(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	id, err := disputeID(c.Value)
	if err != nil {
		return Answer{}, r.outdated()
	}
	d, err := r.Desk.Dispute(ctx, actor, id)
	if err != nil {
		return Answer{}, err
	}
	return inPlace(c, Answer{Card: card.New(fmt.Sprintf("Left as it is: %s is still disputed. I do not ask about this again.", disputeSays(d))), Replace: true}), nil
}

// inPlace lets an answer take the place of a message that others see as well.
func inPlace(c Call, a Answer) Answer {
	if !c.Ephemeral && a.Card.Text != "" {
		a.Card.Visibility = card.InChannel
	}
	return a
}
