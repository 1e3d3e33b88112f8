package fakeqbo

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Shape is the form of an answer.
type Shape int

// The forms in which refusals were seen.
const (
	ShapeJSON  Shape = iota // a fault; of sign-in and throttling in lower case
	ShapeXML                // a fault in XML, though JSON was asked for
	ShapeHTML               // a gateway's page
	ShapeEmpty              // a status and nothing else
)

// Reply is a refusal as it goes over the wire. Its Shape says what of it shows.
type Reply struct {
	Refusal    Refusal
	Shape      Shape
	RetryAfter time.Duration // 0 sends no header
}

// Gateway is the refusal of what stands before QuickBooks: 500, 502, 503, 504.
func Gateway(status int, shape Shape) Reply {
	return Reply{Shape: shape, Refusal: Refusal{
		Status: status, Type: "SystemFault", Code: "10000",
		Message: "An application error has occurred while processing your request",
		Detail:  "System Failure Error: " + http.StatusText(status),
	}}
}

// Refusals of QuickBooks itself, by their code, for a Fault.
var (
	// SubscriptionEnded is 6190: the company doesn't pay Intuit any more.
	SubscriptionEnded = Reply{Refusal: *invalid("6190", "Invalid Company Status",
		"Subscription period has ended or canceled or there was a billing problem : You can't add data to QuickBooks Online because the trial or subscription period has ended")}
	// ObjectNotFound is 610: deleted, or never there.
	ObjectNotFound = Reply{Refusal: *invalid("610", "Object Not Found",
		"Object Not Found : Something you're trying to use has been made inactive")}
	// PoisonedPage is 4002: one bad record spoils the whole page of a query (seen).
	PoisonedPage = Reply{Refusal: *invalid("4002", "Error processing query",
		"QueryProcessingError: To email address entered is invalid")}
	// SystemFault is 10000: something broke on Intuit's side.
	SystemFault = Gateway(http.StatusInternalServerError, ShapeJSON)
)

// write sends the refusal.
func (p Reply) write(w http.ResponseWriter, now time.Time) {
	h := w.Header()
	if p.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int((p.RetryAfter+time.Second-1)/time.Second)))
	}
	body, kind := p.body(now)
	if kind != "" {
		h.Set("Content-Type", kind)
	}
	w.WriteHeader(p.Refusal.Status)
	_, _ = w.Write(body) // a client that has gone has no one left to tell
}

func (p Reply) body(now time.Time) (body []byte, kind string) {
	switch p.Shape {
	case ShapeXML:
		return p.xml(now), "application/xml"
	case ShapeHTML:
		return fmt.Appendf(nil, "<html>\r\n<head><title>%d %s</title></head>\r\n<body>\r\n<center><h1>%[1]d %[2]s</h1></center>\r\n</body>\r\n</html>\r\n",
			p.Refusal.Status, http.StatusText(p.Refusal.Status)), "text/html"
	case ShapeEmpty:
		return nil, ""
	case ShapeJSON:
	}
	if kind := p.Refusal.Type; kind == "SERVICE" || kind == "AUTHENTICATION" || kind == "AUTHORIZATION" {
		return p.lowerJSON(now), "application/json;charset=UTF-8"
	}
	return p.upperJSON(now), "application/json;charset=UTF-8"
}

type jsonObject = map[string]any

// upperJSON is how QuickBooks itself words a fault.
func (p Reply) upperJSON(now time.Time) []byte {
	var o out
	o.open()
	p.Refusal.render(&o)
	o.str("time", stamp(now))
	o.close()
	return o.b
}

// lowerJSON is how the platform before QuickBooks words one (seen).
func (p Reply) lowerJSON(now time.Time) []byte {
	r := p.Refusal
	return mustJSON(jsonObject{
		"warnings": nil, "intuitObject": nil,
		"fault": jsonObject{
			"error": []jsonObject{{"message": r.Message, "detail": r.Detail, "code": r.Code, "element": nil}},
			"type":  r.Type,
		},
		"report": nil, "queryResponse": nil, "batchItemResponse": []any{}, "attachableResponse": []any{},
		"syncErrorResponse": nil, "requestId": nil, "time": now.UnixMilli(), "status": nil, "cdcresponse": []any{},
	})
}

type xmlFault struct {
	XMLName xml.Name `xml:"http://schema.intuit.com/finance/v3 IntuitResponse"`
	Time    string   `xml:"time,attr"`
	Fault   struct {
		Type  string `xml:"type,attr"`
		Error struct {
			Code    string `xml:"code,attr"`
			Message string `xml:"Message"`
			Detail  string `xml:"Detail"`
		} `xml:"Error"`
	} `xml:"Fault"`
}

func (p Reply) xml(now time.Time) []byte {
	answer := xmlFault{Time: stamp(now)}
	answer.Fault.Type = p.Refusal.Type
	fault := &answer.Fault.Error
	fault.Code, fault.Message, fault.Detail = p.Refusal.Code, p.Refusal.Message, p.Refusal.Detail
	text, err := xml.Marshal(answer)
	if err != nil {
		panic("fakeqbo: a fault that has no XML: " + err.Error()) // strings only: it cannot fail
	}
	return append([]byte(xml.Header), text...)
}

// mustJSON encodes values that are made of text and numbers, which cannot fail.
func mustJSON(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic("fakeqbo: a value that has no JSON: " + err.Error())
	}
	return text
}

// stamp is an instant as QuickBooks writes it, in the zone of the clock.
func stamp(at time.Time) string { return at.Format("2006-01-02T15:04:05.000-07:00") }
