package fakeqbo

import (
	"strconv"
	"strings"
	"unicode"
)

// query is a select statement.
type query struct {
	entity string
	count  bool
	only   []string // the properties that were asked for; none for all
	where  []condition
	order  []ordering
	start  int // from 1
	limit  int
}

type condition struct {
	property string
	op       string // = < > <= >= IN LIKE
	values   []string
}

type ordering struct {
	property string
	desc     bool
}

const (
	defaultRows = 100
	maxRows     = 1000
)

// token is a word, a sign or a literal of a query.
type token struct {
	text    string
	literal bool
}

func parseError(detail string) *Refusal {
	return invalid("4000", "Error parsing query", "QueryParserError: "+detail)
}

func queryError(detail string) *Refusal {
	return invalid("4001", "Invalid query", "QueryValidationError: "+detail)
}

// scan splits a query. Literals are in single quotes; a quote within is written \'.
func scan(text string) ([]token, error) {
	var list []token
	for i := 0; i < len(text); {
		switch ch := text[i]; {
		case ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r':
			i++
		case ch == '\'':
			lit, n, err := scanLiteral(text[i:])
			if err != nil {
				return nil, err
			}
			list = append(list, token{text: lit, literal: true})
			i += n
		case strings.IndexByte("=<>,()*;", ch) >= 0:
			n := 1
			if (ch == '<' || ch == '>') && strings.HasPrefix(text[i+1:], "=") {
				n = 2
			}
			list = append(list, token{text: text[i : i+n]})
			i += n
		case isWord(ch):
			n := 1
			for i+n < len(text) && isWord(text[i+n]) {
				n++
			}
			list = append(list, token{text: text[i : i+n]})
			i += n
		default:
			return nil, parseError("Lexical error at column " + strconv.Itoa(i+1) + ". Encountered: " + strconv.QuoteToASCII(text[i:i+1]))
		}
	}
	return list, nil
}

func isWord(ch byte) bool {
	return ch == '.' || ch == '_' || ch == '-' || ch == '+' || ch == ':' || ch < unicode.MaxASCII && (unicode.IsLetter(rune(ch)) || unicode.IsDigit(rune(ch)))
}

// scanLiteral reads a literal at its opening quote and says how many bytes it has.
// Other than ASCII is a lexical error (seen).
func scanLiteral(text string) (literal string, n int, err error) {
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch ch := text[i]; {
		case ch > unicode.MaxASCII:
			return "", 0, parseError("Lexical error. Encountered: " + strconv.QuoteToASCII(text[i:i+1]) + " in a literal")
		case ch == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		case ch == '\'' && strings.HasPrefix(text[i+1:], "'") && b.Len() > 0:
			return "", 0, parseError(`Encountered "''": write \' for a quote in a literal`)
		case ch == '\'':
			return b.String(), i + 1, nil
		default:
			b.WriteByte(ch)
		}
	}
	return "", 0, parseError("a literal has no end")
}

// parser reads the tokens of a query.
type parser struct {
	tokens []token
	at     int
}

func (p *parser) peek() token {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return token{}
}

func (p *parser) next() token { t := p.peek(); p.at++; return t }

// word takes a keyword, if it's next.
func (p *parser) word(w string) bool {
	if t := p.peek(); !t.literal && strings.EqualFold(t.text, w) {
		p.at++
		return true
	}
	return false
}

func (p *parser) unexpected() error {
	if p.at >= len(p.tokens) {
		return parseError(`Encountered "<EOF>"`)
	}
	return parseError("Encountered " + strconv.Quote(p.peek().text))
}

func parseQuery(text string) (query, error) {
	tokens, err := scan(text)
	if err != nil {
		return query{}, err
	}
	p := &parser{tokens: tokens}
	q := query{start: 1, limit: defaultRows}
	for _, step := range []func(*query) error{p.selection, p.conditions, p.orders, p.paging} {
		if err := step(&q); err != nil {
			return query{}, err
		}
	}
	p.word(";")
	if p.at < len(p.tokens) {
		return query{}, p.unexpected()
	}
	return q, nil
}

func (p *parser) selection(q *query) error {
	if !p.word("select") {
		return p.unexpected()
	}
	switch {
	case p.word("count"):
		q.count = true
		if !p.word("(") || !p.word("*") || !p.word(")") {
			return p.unexpected()
		}
	case p.word("*"):
	default:
		for {
			q.only = append(q.only, p.next().text)
			if !p.word(",") {
				break
			}
		}
	}
	if !p.word("from") {
		return p.unexpected()
	}
	t := p.next()
	if t.text == "" || t.literal {
		p.at--
		return p.unexpected()
	}
	q.entity = entityName(t.text)
	if q.entity == "" {
		return queryError("the entity " + t.text + " is not known")
	}
	return nil
}

func (p *parser) conditions(q *query) error {
	if !p.word("where") {
		return nil
	}
	for {
		c, err := p.condition()
		if err != nil {
			return err
		}
		q.where = append(q.where, c)
		if !p.word("and") {
			return nil // "or" is left over, and refused
		}
	}
}

func (p *parser) condition() (condition, error) {
	c := condition{property: p.next().text, op: strings.ToUpper(p.next().text)}
	switch c.op {
	case "=", "<", ">", "<=", ">=", "LIKE":
		v := p.next()
		if !v.literal && !isBool(v.text) && !isNumber(v.text) {
			p.at--
			return c, p.unexpected()
		}
		c.values = []string{v.text}
		return c, nil
	case "IN":
		return c, p.set(&c)
	}
	p.at--
	return c, p.unexpected()
}

func (p *parser) set(c *condition) error {
	if !p.word("(") {
		return p.unexpected()
	}
	for {
		v := p.next()
		if !v.literal && !isBool(v.text) && !isNumber(v.text) {
			p.at--
			return p.unexpected()
		}
		c.values = append(c.values, v.text)
		if !p.word(",") {
			break
		}
	}
	if !p.word(")") {
		return p.unexpected()
	}
	return nil
}

func isBool(text string) bool {
	return strings.EqualFold(text, "true") || strings.EqualFold(text, "false")
}

func isNumber(text string) bool { _, err := minor(text, 6); return err == nil }

// orders reads "orderby" or "order by": clients send both.
func (p *parser) orders(q *query) error {
	if !p.word("orderby") && (!p.word("order") || !p.word("by")) {
		return nil
	}
	for {
		t := p.next()
		if t.text == "" || t.literal {
			p.at--
			return p.unexpected()
		}
		o := ordering{property: t.text}
		if p.word("desc") {
			o.desc = true
		} else {
			p.word("asc")
		}
		q.order = append(q.order, o)
		if !p.word(",") {
			return nil
		}
	}
}

// paging reads startposition and maxresults, in either order.
func (p *parser) paging(q *query) error {
	for {
		switch {
		case p.word("startposition"):
			n, err := strconv.Atoi(p.next().text)
			if err != nil {
				return p.unexpected()
			}
			if n < 1 {
				return queryError("value " + strconv.Itoa(n) + " is too small. Min allowed value is 1")
			}
			q.start = n
		case p.word("maxresults"):
			n, err := strconv.Atoi(p.next().text)
			if err != nil {
				return p.unexpected()
			}
			if n < 1 || n > maxRows {
				return queryError("value " + strconv.Itoa(n) + " is too large. Max allowed value is 1000")
			}
			q.limit = n
		default:
			return nil
		}
	}
}

// entities are those that can be queried, by their names in lower case.
var entities = map[string]string{
	"invoice": Invoice, "creditmemo": CreditMemo, "payment": Payment, "refundreceipt": RefundReceipt,
	"journalentry": JournalEntry, "deposit": Deposit, "purchase": Purchase, "customer": "Customer", "term": "Term", "item": "Item",
	"account": "Account", "class": "Class", "department": "Department", "companyinfo": "CompanyInfo",
	"preferences": "Preferences", "exchangerate": "ExchangeRate", "paymentmethod": "PaymentMethod",
	"companycurrency": "CompanyCurrency",
}

// entityName gives an entity as QuickBooks spells it; "" for none.
func entityName(text string) string { return entities[strings.ToLower(text)] }
