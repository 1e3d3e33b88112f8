package fakeqbo

import (
	"errors"
	"io"
	"net/http"
	"strings"
)

// reply is an answer to a write, kept by its request id.
type reply struct {
	status int
	body   []byte
}

// maxBody bounds what a client may send.
const maxBody = 4 << 20

// request is a call below /v3/company/{realm}/.
type request struct {
	*http.Request
	path []string // ["invoice", "130", "send"]
	body []byte
}

func (r *request) param(name string) string { return r.URL.Query().Get(name) }

// ServeHTTP answers everything below /v3/company/{realm}/, for a caller that may ask.
func (c *Company) ServeHTTP(w http.ResponseWriter, hr *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, hr.Body, maxBody))
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	_, rest, _ := strings.Cut(strings.TrimPrefix(hr.URL.Path, "/v3/company/"), "/")
	r := &request{Request: hr, path: strings.Split(strings.Trim(rest, "/"), "/"), body: body}
	answer := c.answer(r)
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(answer.status)
	_, _ = w.Write(answer.body) // who has hung up has no one to tell
}

func (c *Company) answer(r *request) reply {
	write := r.Method == http.MethodPost && r.path[0] != "query"
	id := r.param("requestid")
	if write {
		c.writing.Lock()
		defer c.writing.Unlock()
		if known, ok := c.replies[id]; ok && id != "" {
			return known // docs: the same request id gets the first answer again
		}
	}
	body, err := c.route(r)
	answer := c.wrap(body, err)
	if write && id != "" && answer.status < http.StatusInternalServerError {
		c.replies[id] = answer
	}
	return answer
}

// wrap makes the answer: the members, or the Fault, and the time.
func (c *Company) wrap(members []byte, err error) reply {
	var o out
	answer := reply{status: http.StatusOK}
	o.open()
	var refused *Refusal
	switch {
	case errors.As(err, &refused):
		answer.status = refused.Status
		refused.render(&o)
	case err != nil:
		answer.status = http.StatusInternalServerError
		systemFault(err).render(&o)
	default:
		o.b = append(o.b, members...)
	}
	c.mu.RLock()
	zone := c.zone
	c.mu.RUnlock()
	o.str("time", c.now().In(zone).Format("2006-01-02T15:04:05.000-07:00"))
	o.close()
	answer.body = o.b
	return answer
}

func systemFault(err error) *Refusal {
	return &Refusal{
		Status: http.StatusInternalServerError, Type: "SystemFault", Code: "10000",
		Message: "An application error has occurred while processing your request", Detail: "System Failure Error: " + err.Error(),
	}
}

func unsupported(r *request) error {
	return &Refusal{
		Status: http.StatusBadRequest, Type: "ValidationFault", Code: "500", Message: "Unsupported Operation",
		Detail: "Operation " + r.Method + " " + strings.Join(r.path, "/") + " is not supported.",
	}
}

// route gives the members of the answer, without braces.
func (c *Company) route(r *request) ([]byte, error) {
	switch r.path[0] {
	case "query":
		return c.serveQuery(r)
	case "cdc":
		return c.serveCDC(r)
	case "batch":
		return c.serveBatch(r)
	case "reports":
		return c.serveReport(r)
	case "exchangerate":
		return c.serveRate(r)
	}
	entity := entityName(r.path[0])
	switch {
	case entity == "":
		return nil, unsupported(r)
	case r.Method == http.MethodGet && (len(r.path) == 2 || entity == "Preferences"):
		return c.serveRead(entity, r)
	case r.Method == http.MethodPost && len(r.path) == 3 && r.path[2] == "send":
		return c.serveSend(entity, r)
	case r.Method == http.MethodPost && len(r.path) == 1:
		return c.serveWrite(entity, r.param("operation"), r.param("include"), r.body)
	}
	return nil, unsupported(r)
}

// serveQuery takes the query from the address or, of a POST, from the body.
func (c *Company) serveQuery(r *request) ([]byte, error) {
	text := r.param("query")
	if text == "" && r.Method == http.MethodPost {
		text = string(r.body)
	}
	body, err := c.Query(text)
	if err != nil {
		return nil, err
	}
	var o out
	o.raw("QueryResponse", body)
	return o.b, nil
}

func (c *Company) serveRead(entity string, r *request) ([]byte, error) {
	id := "1"
	if len(r.path) == 2 {
		id = r.path[1]
	}
	if entity == "CompanyInfo" && id == c.realm {
		id = "1"
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	o := c.lookup(entity, number(id))
	if o == nil {
		return nil, notFound(entity, id)
	}
	return c.member(o, strings.Contains(strings.ToLower(r.param("include")), "invoicelink")), nil
}

// member writes {"Invoice":{...}} without the braces.
func (c *Company) member(obj object, withLink bool) []byte {
	var o out
	o.key(obj.kind())
	obj.render(c, &o)
	if doc, ok := obj.(*txn); ok && withLink && doc.entity == Invoice {
		if pay := c.payPage(doc); pay != "" {
			o.b = o.b[:len(o.b)-1]
			o.str("InvoiceLink", pay)
			o.close()
		}
	}
	return o.b
}

// payPage is the address where a customer pays an invoice online. docs: it needs an
// e-mail address; of what is paid there is none.
func (c *Company) payPage(doc *txn) string {
	switch {
	case doc.payLink != "":
		return doc.payLink
	case doc.email == "" || doc.open() == 0:
		return ""
	}
	return "https://connect.intuit.example/t/scs-v1-" + c.realm + "-" + idText(doc.id) + "?locale=en_US&cta=v3invoicelink"
}

func (c *Company) serveRate(r *request) ([]byte, error) {
	currency, asOf := strings.ToUpper(r.param("sourcecurrencycode")), r.param("asofdate")
	c.mu.RLock()
	defer c.mu.RUnlock()
	if asOf == "" {
		asOf = c.today()
	}
	if c.rates[currency] == "" && currency != c.set.HomeCurrency {
		return nil, notFound("ExchangeRate", currency)
	}
	return c.member(c.exchangeRate(currency, asOf), false), nil
}

func (c *Company) serveSend(entity string, r *request) ([]byte, error) {
	if entity != Invoice {
		return nil, unsupported(r)
	}
	if err := c.Send(r.path[1], r.param("sendTo")); err != nil {
		return nil, err
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	doc, err := c.find(Invoice, r.path[1])
	if err != nil {
		return nil, err
	}
	return c.member(doc, false), nil
}
