package fakeqbo

import "net/http"

// Refusal is a Fault as QuickBooks answers it, and an error of the methods that
// change the books.
type Refusal struct { //nolint:errname // a fault of the wire first, which faults on demand hold too
	Status  int // of HTTP
	Type    string
	Code    string
	Message string
	Detail  string
	Element string
}

// Error gives the code and the detail.
func (r *Refusal) Error() string {
	return "fakeqbo: " + r.Code + ": " + r.Message + ": " + r.Detail
}

func invalid(code, message, detail string) *Refusal {
	return &Refusal{Status: http.StatusBadRequest, Type: "ValidationFault", Code: code, Message: message, Detail: detail}
}

func notFound(entity, id string) *Refusal {
	return invalid("610", "Object Not Found",
		"Object Not Found : "+entity+" "+id+": something you are trying to use is not there, or is inactive")
}

func stale() *Refusal {
	return invalid("5010", "Stale Object Error",
		"Stale Object Error : the record was changed by another user since it was read")
}

func missing(what string) *Refusal {
	r := invalid("2020", "Required param missing, need to supply the required value for the API",
		"Required parameter "+what+" is missing in the request")
	r.Element = what
	return r
}

func badValue(what, value string) *Refusal {
	r := invalid("2010", "Request has invalid or unsupported property", what+": "+value)
	r.Element = what
	return r
}

func ruleBroken(detail string) *Refusal {
	return invalid("6000", "A business validation error has occurred while processing your request",
		"Business Validation Error: "+detail)
}

func (r *Refusal) render(o *out) {
	o.object("Fault")
	o.list("Error")
	o.open()
	o.str("Message", r.Message)
	o.str("Detail", r.Detail)
	o.str("code", r.Code)
	o.str("element", r.Element)
	o.close()
	o.end()
	o.str("type", r.Type)
	o.close()
}
