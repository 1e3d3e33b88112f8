package bot

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// promiseSays is a promise in a sentence, without its full stop: "Acme promised $500.00 by
// Fri 4 Dec 2026 for INV-7".
func promiseSays(p desk.Promise) string {
	return promisedFor(p.Account, p.Invoice, p.Parts)
}

func promisedFor(account ar.Customer, invoice *ar.Document, parts []ar.Instalment) string {
	says := account.Name + " promised " + instalments(parts)
	if invoice != nil {
		says += " for " + invoice.Label()
	}
	return says
}

// instalments say how much is to come by when, with the weekdays.
func instalments(parts []ar.Instalment) string {
	texts := make([]string, len(parts))
	for i, part := range parts {
		texts[i] = fmt.Sprintf("%s by %s", part.Amount, part.Due.Long())
	}
	return and(texts)
}

// shortInstalments are instalments on a button.
func shortInstalments(parts []ar.Instalment) string {
	texts := make([]string, len(parts))
	for i, part := range parts {
		texts[i] = fmt.Sprintf("%s by %s", part.Amount, part.Due.Long())
	}
	return card.Truncate(strings.Join(texts, ", "), 75)
}

// promiseCard shows a promise under a sentence, with what can be done with it and what
// happens next.
func (r *Router) promiseCard(p desk.Promise, says string) card.Card {
	c := card.New(says, card.Paragraph{card.B(says)})
	c.Add(noted(p.Note)...)
	if p.End == "" && p.Verdict.State.Final() {
		c.Add(card.Paragraph{card.T(p.Verdict.Sentence())})
	}
	if p.MayChange {
		id := strconv.FormatInt(int64(p.ID), 10)
		c.Add(card.Buttons{
			{Label: "Change…", Action: promiseChangeForm, Value: id, Accessible: "Change the promise of " + p.About()},
			{
				Label: "Cancel the promise", Action: promiseCancelAction, Value: id, Style: card.Danger,
				Confirm: fmt.Sprintf("%s. It is not waited for any more, and what is overdue is chased again.", promiseSays(p)),
			},
		})
	}
	if p.Stands() {
		c.Add(card.Note{card.T(whatNext(p))})
	}
	return c
}

// whatNext says what becomes of a promise that stands.
func whatNext(p desk.Promise) string {
	tell := "tell the verdict by direct message to who recorded it"
	if p.Mine {
		tell = "tell you the verdict by direct message"
	}
	if _, _, ok := messageOf(p.Made.Where); ok {
		tell = "tell the verdict in the thread where it was recorded"
	}
	says := "It is not chased until then. I watch the payments and " + tell
	if late := p.Verdict.Deadline; late.After(p.Verdict.Due) {
		return says + "; a payment counts until " + late.Long() + "."
	}
	return says + "."
}

// aPerson is a mention in a note: the id, which says who is meant whatever the person is
// called (case SL-03).
var aPerson = regexp.MustCompile(`@([UW][A-Z0-9]{5,})\b`)

// noted is a note as somebody wrote it, with the people in it by name.
func noted(text string) []card.Part {
	if card.Clean(text) == "" {
		return nil
	}
	spans := card.Paragraph{card.I("“")}
	for {
		at := aPerson.FindStringSubmatchIndex(text)
		if at == nil {
			break
		}
		spans = append(spans, card.I(text[:at[0]]), card.User(text[at[2]:at[3]]))
		text = text[at[1]:]
	}
	return []card.Part{append(spans, card.I(text+"”"))}
}

// draftValue is a draft in the value of a button. It is what was shown when the button
// was drawn: data, and never a right.
type draftValue struct {
	Customer ar.CustomerID `json:"c,omitempty"`
	Document ar.DocumentID `json:"d,omitempty"`
	Parts    []draftPart   `json:"p,omitempty"`
	Note     string        `json:"n,omitempty"`
	Where    string        `json:"w,omitempty"`
	Instead  ar.PromiseID  `json:"i,omitempty"`
}

type draftPart struct {
	Amount ar.Money `json:"a"`
	Due    ar.Date  `json:"t"`
}

// encodeDraft writes a draft as a value of a button or a form.
func encodeDraft(d desk.PromiseDraft) (string, error) {
	v := draftValue{Customer: d.Customer, Document: d.Document, Note: d.Note, Where: d.Where, Instead: d.Instead}
	for _, part := range d.Parts {
		v.Parts = append(v.Parts, draftPart(part))
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", fmt.Errorf("bot: write a promise into a button: %w", err)
	}
	value := strings.TrimSpace(b.String())
	if len(value) > longestValue {
		return "", ar.Refuse("The note is too long to be typed behind a command. Make it shorter, or use the form: type only the invoice.")
	}
	return value, nil
}

// decodeDraft reads what encodeDraft wrote.
func decodeDraft(value string) (desk.PromiseDraft, bool) {
	var v draftValue
	if !strings.HasPrefix(value, "{") || json.Unmarshal([]byte(value), &v) != nil || v.Customer == 0 {
		return desk.PromiseDraft{}, false
	}
	d := desk.PromiseDraft{Customer: v.Customer, Document: v.Document, Note: v.Note, Where: v.Where, Instead: v.Instead}
	for _, part := range v.Parts {
		d.Parts = append(d.Parts, ar.Instalment(part))
	}
	return d, true
}
