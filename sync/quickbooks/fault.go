package quickbooks

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	arsync "arbot/sync"
)

// Fault is what QuickBooks says when it does not do what it was asked, whatever
// the shape: JSON in two spellings, XML though JSON was asked for, or a page of
// a gateway. It is found with errors.AsType; one that says that an object does
// not exist is also an arsync.ErrGone.
type Fault struct { //nolint:errname // that is QuickBooks' word
	// Status is the HTTP status; a Fault can come with 200.
	Status int
	// Code is QuickBooks' number without leading zeros; "" where there is none.
	Code string
	// Message, Detail and Element are QuickBooks' words: Detail can quote what
	// was sent.
	Message, Detail, Element string
	// Type is the kind of fault ("ValidationFault", "AUTHENTICATION").
	Type string
	// TID is the id of the answer, which Intuit's support asks for.
	TID string
}

// The codes that something depends on (developer.intuit.com, "Error codes", and
// what clients report).
const (
	codeUnauthenticated = "3200" // the access token is not valid
	codeTokenExpired    = "3202"
	codeUnauthorized    = "3100" // the company is not connected to this app
	codeNoAdmin         = "120"  // who connected may not any more
	codeThrottled       = "3001" // with 429 or 403
	codeNoSubscription  = "6190" // the company's subscription ended
	codeNotFound        = "610"
	codeStale           = "5010" // the SyncToken is not the latest
	codeSystem          = "10000"
)

// Error returns code and words, without what Detail may quote of customers'
// data beyond a line.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString("QuickBooks answered ")
	if f.Code != "" {
		fmt.Fprintf(&b, "fault %s", f.Code)
	} else {
		fmt.Fprintf(&b, "status %d", f.Status)
	}
	for _, words := range []string{f.Message, f.Detail} {
		if words = oneLine(words); words != "" {
			b.WriteString(": " + words)
		}
	}
	if f.Element != "" {
		fmt.Fprintf(&b, " (element %s)", oneLine(f.Element))
	}
	if f.TID != "" {
		fmt.Fprintf(&b, " [intuit_tid %s]", oneLine(f.TID))
	}
	return b.String()
}

// Final reports whether asking again as before gives the same answer.
func (f *Fault) Final() bool { return f.remedy() == giveUp && f.Code != codeStale }

// Is makes a Fault about an object that does not exist an arsync.ErrGone.
func (f *Fault) Is(target error) bool { return target == arsync.ErrGone && f.Code == codeNotFound }

// oneLine makes words of others fit into a log line.
func oneLine(words string) string {
	const most = 200
	words = strings.Join(strings.Fields(words), " ")
	if runes := []rune(words); len(runes) > most {
		words = string(runes[:most]) + "…"
	}
	return words
}

// remedy is what to do about a fault.
type remedy int

const (
	giveUp    remedy = iota // asking again gives the same answer
	renew                   // with a new access token
	slowDown                // after a while
	tryAgain                // QuickBooks' trouble, or the network's
	reconnect               // not before an admin gives access anew
	pause                   // not before the company's subscription is paid
)

// remedy looks at the code before the status: a throttle has come as 403, and
// what looks like a refused token can mean that a person lost the right.
func (f *Fault) remedy() remedy {
	switch f.Code {
	case codeThrottled:
		return slowDown
	case codeUnauthorized, codeNoAdmin:
		return reconnect
	case codeUnauthenticated, codeTokenExpired:
		return renew
	case codeNoSubscription:
		return pause
	case codeSystem:
		return tryAgain
	}
	switch {
	case f.Status == http.StatusTooManyRequests:
		return slowDown
	case f.Status == http.StatusUnauthorized:
		return renew
	case f.Status >= http.StatusInternalServerError, f.Status == http.StatusRequestTimeout:
		return tryAgain
	}
	return giveUp
}

// faultBody is a fault in JSON. Its names match without regard to case, so that
// it reads the spelling of the authentication faults ("fault", "error") as well.
type faultBody struct {
	Fault *struct {
		Error []struct {
			Message string `json:"Message"`
			Detail  string `json:"Detail"`
			Code    string `json:"code"`
			Element string `json:"element"`
		} `json:"Error"`
		Type string `json:"type"`
	} `json:"Fault"`
}

// faultXML is a fault in XML, inside its root element or as one.
type faultXML struct {
	XMLName xml.Name     `xml:""`
	Type    string       `xml:"type,attr"`
	Errors  []faultError `xml:"Error"`
	Fault   *struct {
		Type   string       `xml:"type,attr"`
		Errors []faultError `xml:"Error"`
	} `xml:"Fault"`
}

type faultError struct {
	Code    string `xml:"code,attr"`
	Element string `xml:"element,attr"`
	Message string `xml:"Message"`
	Detail  string `xml:"Detail"`
}

// findFault returns the fault that an answer is, or nil.
func findFault(status int, tid string, body []byte) *Fault {
	text := bytes.TrimLeft(body, "\ufeff \t\r\n")
	var f *Fault
	switch {
	case bytes.HasPrefix(text, []byte("<")):
		f = markupFault(text)
	case status >= http.StatusMultipleChoices, mentionsFault(text):
		f = jsonFault(text)
	}
	if f == nil && status >= http.StatusMultipleChoices {
		f = &Fault{}
	}
	if f != nil {
		f.Status, f.TID = status, tid
	}
	return f
}

// mentionsFault looks whether a whole answer can be a fault at all, much faster
// than decoding it: most are not.
func mentionsFault(text []byte) bool {
	return bytes.Contains(text, []byte(`"Fault"`)) || bytes.Contains(text, []byte(`"fault"`))
}

func jsonFault(text []byte) *Fault {
	var b faultBody
	if valid := json.Unmarshal(text, &b) == nil; !valid || b.Fault == nil {
		return nil // what it is to be read into will tell
	}
	f := &Fault{Type: b.Fault.Type}
	if len(b.Fault.Error) > 0 {
		e := b.Fault.Error[0]
		f.Code, f.Message, f.Detail, f.Element = codeOf(e.Code, e.Message), e.Message, e.Detail, e.Element
	}
	return f
}

// markupFault reads XML. A page of a gateway becomes a fault without a code.
func markupFault(text []byte) *Fault {
	page := &Fault{Message: "a page came instead of data"}
	var x faultXML
	if err := xml.Unmarshal(text, &x); err != nil {
		return page
	}
	kind, errors := x.Type, x.Errors
	if x.Fault != nil {
		kind, errors = x.Fault.Type, x.Fault.Errors
	}
	if len(errors) == 0 {
		return page
	}
	e := errors[0]
	return &Fault{Code: codeOf(e.Code, e.Message), Message: strings.TrimSpace(e.Message), Detail: strings.TrimSpace(e.Detail), Element: e.Element, Type: kind}
}

// codeInWords is how the authentication faults repeat their code.
var codeInWords = regexp.MustCompile(`errorCode=0*([0-9]+)`)

func codeOf(code, message string) string {
	if m := codeInWords.FindStringSubmatch(message); m != nil && strings.Trim(code, "0 ") == "" {
		return m[1]
	}
	if short := strings.TrimLeft(strings.TrimSpace(code), "0"); short != "" {
		return short
	}
	return strings.TrimSpace(code)
}
