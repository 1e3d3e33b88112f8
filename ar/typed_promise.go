package ar

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// PromiseContext is what a typed promise is read by.
type PromiseContext struct {
	Typing

	// Subject: what it is about is known from where it is typed (a thread, a
	// button), so that the text may begin with the amount or the date.
	Subject bool
	// Items are open items whose numbers may be typed; Names customers' names.
	Items []OpenItem
	Names []string
}

// TypedPart is one part of a typed promise.
type TypedPart struct {
	Amount AmountReading
	Date   DateReading
}

// TypedPromise is what a typed promise can mean. Where nothing is asked in any
// part, and at most one document is meant, it is clear.
type TypedPromise struct {
	// About is what names the invoice or the customer, as typed; "" where
	// nothing does.
	About string
	// Documents are the open items with that number: none where it is a
	// customer's name or a number that is not open, several where the number is
	// there more than once (case SY-09).
	Documents []DocumentID
	Parts     []TypedPart
	Note      string
}

// Ask returns the first question that the text leaves, "" where it is clear.
func (p TypedPromise) Ask() string {
	if len(p.Documents) > 1 {
		return fmt.Sprintf("There are %d open invoices with the number %s. Which one is it?", len(p.Documents), p.About)
	}
	for _, part := range p.Parts {
		if ask := cmp.Or(part.Amount.Ask, part.Date.Ask); ask != "" {
			return ask
		}
	}
	return ""
}

// Readings returns the clear promises that the text can mean, one for each way to
// answer what it asks, so that each can be a button; no more than a number of
// them. A clear promise has one reading, itself.
func (p TypedPromise) Readings(most int) []TypedPromise {
	base := p
	base.Documents, base.Parts = nil, nil
	readings := []TypedPromise{base}
	if len(p.Documents) > 0 {
		readings = nil
		for _, id := range p.Documents {
			one := base
			one.Documents = []DocumentID{id}
			readings = append(readings, one)
		}
	}
	for _, part := range p.Parts {
		var longer []TypedPromise
		for _, r := range readings {
			for _, part := range part.readings() {
				next := r
				next.Parts = append(slices.Clone(r.Parts), part)
				longer = append(longer, next)
			}
		}
		readings = longer[:min(len(longer), most)]
	}
	return readings[:min(len(readings), most)]
}

func (t TypedPart) readings() (all []TypedPart) {
	for _, amount := range t.Amount.Choices {
		for _, date := range t.Date.Dates {
			all = append(all, TypedPart{AmountReading{Choices: []AmountSpec{amount}}, DateReading{Dates: []Date{date}}})
		}
	}
	return all
}

// Instalments returns the parts with their shares of what is open worked out, in
// order of their dates. It refuses what is not clear, with the question.
func (p TypedPromise) Instalments(open Money) ([]Instalment, error) {
	if ask := p.Ask(); ask != "" {
		return nil, &Error{Kind: Ambiguous, Say: ask}
	}
	parts := make([]Instalment, len(p.Parts))
	before := NewMoney(0, open.Currency())
	for _, rest := range []bool{false, true} { // the rest is what all others leave
		for i, part := range p.Parts {
			spec := part.Amount.Choices[0]
			if spec.Rest != rest {
				continue
			}
			amount, err := spec.Of(open, before)
			if err != nil {
				return nil, err
			}
			if before, err = before.Add(amount); err != nil {
				return nil, Refuse("The parts cannot be added up. Give all of them in %s.", open.Currency())
			}
			parts[i] = Instalment{Amount: amount, Due: part.Date.Dates[0]}
		}
	}
	slices.SortStableFunc(parts, func(a, b Instalment) int { return a.Due.Compare(b.Due) })
	return parts, nil
}

// ParsePromise reads "<invoice or customer> <amount> <date> [note]" with several
// amounts and dates in any order: "INV-88 $1,200.50 by 3/4", "Acme half on
// Friday, rest EOM". What can be read two ways has both in its reading; what
// cannot be read is refused with a sentence that says what to type, beside the
// reading of the rest.
func ParsePromise(text string, c PromiseContext) (TypedPromise, error) {
	clean := CleanTyped(text)
	p := &promiseReader{PromiseContext: c, clean: clean, marks: scan(clean, c.Locale)}
	p.index()
	p.dates = dateReader{Typing: c.Typing, marks: p.marks}
	p.amounts = amountReader{Typing: c.Typing, marks: p.marks}
	at := p.about()
	if err := p.oneSubject(at); err != nil {
		return p.typed, err
	}
	return p.typed, p.parts(at)
}

// promiseReader reads one typed promise.
type promiseReader struct {
	PromiseContext

	clean   string
	marks   []mark
	dates   dateReader
	amounts amountReader
	typed   TypedPromise
	// names and numbers are those of the context, folded.
	names   map[string]bool
	numbers map[string][]DocumentID
}

func (p *promiseReader) index() {
	p.names, p.numbers = make(map[string]bool, len(p.Names)), make(map[string][]DocumentID, len(p.Items))
	for _, name := range p.Names {
		p.names[fold(strings.Join(strings.Fields(typedForms.Replace(name)), " "))] = true
	}
	for _, i := range p.Items {
		if i.Number == "" {
			continue
		}
		form := fold(i.Number)
		p.numbers[form] = append(p.numbers[form], i.ID)
		if apart := apartForm.ReplaceAllString(form, "$1 "); apart != form {
			p.numbers[apart] = append(p.numbers[apart], i.ID)
		}
	}
}

// apartForm is the sign after the letters of a number, for which people type a space:
// "INV 7" for INV-7.
var apartForm = regexp.MustCompile(`^([a-z]+)[-_/.]`)

// about reads what the promise is about, and returns the place after it. Where
// the subject is not known the first word is always part of it, whatever it
// means: "May Industries", "1042".
func (p *promiseReader) about() int {
	start := 0
	if len(p.marks) > 1 && slices.Contains([]string{"promise", "promised", "promises"}, p.marks[0].text) {
		start = 1
	}
	if at := p.known(start); at > 0 {
		return at
	}
	switch {
	case start >= len(p.marks), p.Subject, p.amounts.share(start).n > 0:
		return start
	case p.marks[start].quoted:
		p.typed.About = strings.Trim(p.marks[start].raw, `"`)
		return start + 1
	}
	i := start + 1
	for i < len(p.marks) && p.dates.at(i).n == 0 && p.amounts.at(i).n == 0 && !p.marks[i].is(wordNot) {
		i++
	}
	end := i
	for end > start+1 && p.marks[end-1].is(wordLead, wordFill, wordAnd, wordVerb) {
		end-- // "Acme will pay on" ends before its small words
	}
	p.setAbout(start, end)
	return i
}

func (p *promiseReader) setAbout(from, to int) {
	p.typed.About = p.piece(from, to)
	p.typed.Documents = p.numbered(p.typed.About)
}

func (p *promiseReader) piece(from, to int) string {
	return strings.Trim(p.clean[p.marks[from].start:p.marks[to-1].end], `"',;:`)
}

// known finds a customer's name or the number of an open item before the first
// amount or date, the longest there is, and returns the place after it; 0 where
// there is none.
func (p *promiseReader) known(start int) int {
	for i := start; i < len(p.marks); i++ {
		for to := min(len(p.marks), i+8); to > i; to-- {
			piece := p.piece(i, to)
			if documents := p.numbered(piece); p.names[fold(piece)] || len(documents) > 0 && p.isNumber(i, to) {
				p.typed.About, p.typed.Documents = piece, documents
				return to
			}
		}
		if p.marks[i].is(wordNot) || p.Subject && p.amounts.at(i).n > 0 || i > start && (p.dates.at(i).n > 0 || p.amounts.at(i).n > 0) {
			break
		}
	}
	return 0
}

// oneSubject looks at the words before the first amount or date for another
// invoice. One that follows a customer's name says what is meant; two invoices
// are two promises.
func (p *promiseReader) oneSubject(from int) error {
	for i := from; i < len(p.marks) && p.dates.at(i).n == 0 && p.amounts.at(i).n == 0; i++ {
		ids := p.numbered(p.piece(i, i+1))
		switch {
		case len(ids) == 0 || slices.Equal(ids, p.typed.Documents):
			continue
		case len(p.typed.Documents) > 0:
			return Refuse("%s and %s are two invoices. Record a promise for each of them.", p.typed.About, p.piece(i, i+1))
		}
		p.typed.About, p.typed.Documents = p.piece(i, i+1), ids
	}
	return nil
}

// isNumber reports whether an open item's number is surely meant as that. Where
// the subject is known a plain number may be the amount.
func (p *promiseReader) isNumber(from, to int) bool {
	if !p.Subject || p.amounts.at(from).n == 0 {
		return true
	}
	for i := to; i < len(p.marks); i++ {
		if p.dates.at(i).n == 0 && p.amounts.at(i).n > 0 {
			return true // another amount follows
		}
	}
	return false
}

// numbered returns the open items that have a number; "invoice" and "#" before
// it are not part of it. Numbers are text: 123 is not 000123 (case X16).
func (p *promiseReader) numbered(piece string) []DocumentID {
	form := fold(piece)
	for _, prefix := range []string{"invoice ", "inv ", "rechnung ", "facture ", "factura ", "no. ", "nr. ", "#"} {
		if ids := p.numbers[form]; len(ids) > 0 {
			return ids
		}
		form = strings.TrimSpace(strings.TrimPrefix(form, prefix))
	}
	return p.numbers[form]
}

// mostParts is how many parts a promise may have.
const mostParts = 12

// parts reads the amounts and dates from a place on, and the note after them.
func (p *promiseReader) parts(i int) error {
	for i < len(p.marks) {
		if len(p.typed.Parts) > mostParts {
			return Refuse("A promise has at most %d parts. Record the later ones when their time comes.", mostParts)
		}
		whole := slices.Clone(p.typed.Parts)
		if each := p.dates.skip(i, wordFill); p.dates.mark(each).is(wordEach) { // also behind a date: "the 15th of each month"
			_, err := p.part(each)
			return err
		}
		if p.typed.complete() && !p.joined(i) {
			// Another part has to be whole, or it is the note: "2 pallets short".
			next, err := p.wholePart(i)
			if err != nil || next == i {
				p.typed.Parts = whole
				break
			}
			i = next
			continue
		}
		n, err := p.part(i)
		if err != nil {
			return err
		}
		if n == 0 {
			n, err = p.passOver(i)
		}
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		i += n
	}
	if i < len(p.marks) && slices.ContainsFunc(p.marks[i:], func(m mark) bool { return !m.is(wordLead, wordFill, wordDayEnd) }) {
		p.typed.Note = strings.Trim(strings.TrimLeft(p.clean[p.marks[i].start:], "-,;: "), `"`)
	}
	return p.complete()
}

// joined reports whether a comma or an "and" says that another part follows.
func (p *promiseReader) joined(i int) bool {
	before := p.marks[max(i-1, 0)].raw
	return p.marks[i].is(wordOr) || p.marks[i].is(wordAnd) && p.startsPart(i+1) ||
		(strings.HasSuffix(before, ",") || strings.HasSuffix(before, ";") || p.marks[max(i-1, 0)].is(wordAnd)) && p.startsPart(i)
}

func (p *promiseReader) startsPart(i int) bool {
	return i < len(p.marks) && (p.dates.at(i).n > 0 || p.amounts.at(i).n > 0 || p.amounts.at(p.amounts.skip(i)).n > 0)
}

// wholePart reads an amount and a date, in either order, from a place on, and
// returns the place after them; the same place where there are not both.
func (p *promiseReader) wholePart(i int) (next int, err error) {
	next = i
	for range 2 {
		n, err := p.part(next)
		if err != nil || n == 0 {
			return i, err
		}
		next += n
	}
	if !p.typed.complete() {
		return i, nil
	}
	return next, nil
}

// timeOfDay is a time, which a promise has no use for: "by 5pm Friday".
var timeOfDay = regexp.MustCompile(`^\d{1,2}([:.h]\d{2})?(am|pm|h|uhr)?$`)

// passOver returns how many words of no meaning stand before the next amount or
// date, if one follows closely ("half will come on Friday"); else 0. A "not" on
// the way is not passed over, and what has digits but cannot be read is refused:
// it may be the amount, or another invoice.
func (p *promiseReader) passOver(i int) (n int, err error) {
	const most = 4
	if p.typed.complete() {
		return 0, nil
	}
	for j := i; j < len(p.marks) && j-i <= most; j++ {
		m := p.marks[j]
		switch {
		case m.quoted, m.is(wordNot, wordEach), j > i && p.startsPart(j):
			return j - i, nil
		case strings.ContainsAny(m.text, "0123456789") && !timeOfDay.MatchString(m.text) && len(p.numbered(m.text)) == 0 && m.text[0] != '@':
			return 0, Refuse("I cannot read %q. Type the amount and the date, like 500 by Friday.", m.raw)
		}
	}
	return 0, nil
}

func (p TypedPromise) complete() bool {
	return len(p.Parts) > 0 && !slices.ContainsFunc(p.Parts, func(part TypedPart) bool {
		return len(part.Amount.Choices) == 0 || len(part.Date.Dates) == 0
	})
}

// part reads the amount or the date at a place into the last part, or into a new
// one, and returns how many marks it takes.
func (p *promiseReader) part(i int) (n int, err error) {
	if i >= len(p.marks) {
		return 0, nil
	}
	switch m := p.marks[i]; {
	case m.is(wordNot):
		return 0, Refuse("I read a %q there. Type only what is promised, like 500 by Friday.", m.raw)
	case m.is(wordEach):
		return 0, Refuse("I cannot read %q. Type each amount with its date, like 500 on Friday, 500 on 15 Dec.", m.raw)
	case m.is(wordOr):
		if n := p.alternative(i + 1); n > 0 {
			return 1 + n, nil
		}
	case m.is(wordAnd):
		return 1, nil
	}
	date, amount := p.dates.at(i), p.amounts.at(i)
	switch {
	case date.n >= max(amount.n, 1):
		last := p.last(func(part TypedPart) bool { return len(part.Date.Dates) > 0 })
		last.Date = date.reading(p.amounts.text(i, i+date.n))
		return date.n, date.err
	case amount.n > 0:
		last := p.last(func(part TypedPart) bool { return len(part.Amount.Choices) > 0 })
		last.Amount = amount.reading(p.amounts.text(i, i+amount.n))
		return amount.n, amount.err
	}
	return 0, nil
}

// last returns the last part, or a new one where that has what comes already.
func (p *promiseReader) last(has func(TypedPart) bool) *TypedPart {
	if n := len(p.typed.Parts); n == 0 || has(p.typed.Parts[n-1]) {
		p.typed.Parts = append(p.typed.Parts, TypedPart{})
	}
	return &p.typed.Parts[len(p.typed.Parts)-1]
}

// alternative reads what follows an "or": another date or amount for the part
// before it.
func (p *promiseReader) alternative(i int) int {
	if len(p.typed.Parts) == 0 {
		return 0
	}
	last := &p.typed.Parts[len(p.typed.Parts)-1]
	date, amount := p.dates.at(i), p.amounts.at(i)
	switch {
	case date.n > 0 && date.err == nil && len(last.Date.Dates) > 0:
		date.list = append(date.list, last.Date.Dates...)
		slices.SortFunc(date.list, Date.Compare)
		date.list = slices.Compact(date.list)
		last.Date = date.reading(p.amounts.text(i-2, i+date.n))
		return date.n
	case amount.n > 0 && amount.err == nil && len(last.Amount.Choices) > 0 && len(last.Date.Dates) == 0:
		amount.list = append(slices.Clone(last.Amount.Choices), amount.list...)
		last.Amount = amount.reading(p.amounts.text(i-2, i+amount.n))
		return amount.n
	}
	return 0
}

// complete asks for what is missing, and for what may be a number or an amount.
func (p *promiseReader) complete() error {
	switch {
	case len(p.typed.Parts) == 0:
		return Refuse("Say how much is promised and for when, like 500 by Friday.")
	case p.typed.About == "" && !p.Subject:
		return Refuse("Which invoice or customer is it for? Begin with its number or name.")
	}
	for i := range p.typed.Parts {
		part := &p.typed.Parts[i]
		switch {
		case len(part.Date.Dates) == 0:
			return Refuse("When will %s be paid? Add a date, like Friday, EOM or 15 Dec.", part.Amount.Choices[0])
		case len(part.Amount.Choices) == 0 && len(p.typed.Parts) > 1:
			return Refuse("How much will be paid by %s? Add the amount before the date.", part.Date.Dates[0].Long())
		case len(part.Amount.Choices) == 0:
			part.Amount = AmountReading{Choices: []AmountSpec{All()}, Ask: fmt.Sprintf("How much will be paid by %s? All of it?", part.Date.Dates[0].Long())}
		}
	}
	p.mayBeNumber()
	return nil
}

// mayBeNumber asks about a plain amount that is also the number of an open item:
// where the subject is known, and nothing else in the text is the amount.
func (p *promiseReader) mayBeNumber() {
	if !p.Subject || len(p.typed.Documents) > 0 || len(p.typed.Parts) != 1 {
		return
	}
	part := &p.typed.Parts[0]
	at := slices.IndexFunc(p.marks, func(m mark) bool { return len(p.numbered(m.raw)) > 0 && allDigits(m.text) })
	if amount, ok := part.Amount.Clear(); ok && at >= 0 && amount.Den == 0 {
		part.Amount.Choices = append(part.Amount.Choices, All())
		part.Amount.Ask = fmt.Sprintf("Is %q the amount %s, or all of the invoice with that number?", p.marks[at].raw, amount)
	}
}
