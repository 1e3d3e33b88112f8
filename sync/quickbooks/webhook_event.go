package quickbooks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	arsync "arbot/sync"
)

// The operations of a hint. A word that we do not know becomes HintUpdate: what
// it names is read again.
const (
	HintCreate  = "create"
	HintUpdate  = "update"
	HintDelete  = "delete"
	HintVoid    = "void"
	HintMerge   = "merge" // a customer went into Hint.Into, where that is known
	HintEmailed = "emailed"
)

// operations knows both tenses: Intuit's list says "void", others have seen
// "voided".
var operations = map[string]string{
	"create": HintCreate, "created": HintCreate,
	"update": HintUpdate, "updated": HintUpdate,
	"delete": HintDelete, "deleted": HintDelete,
	"void": HintVoid, "voided": HintVoid,
	"merge": HintMerge, "merged": HintMerge,
	"email": HintEmailed, "emailed": HintEmailed,
}

func operation(word string) string {
	if known := operations[strings.ToLower(word)]; known != "" {
		return known
	}
	return HintUpdate
}

// entityNames are what notifications can name and we read, spelled as in the
// API: CloudEvents write them in small letters.
var entityNames = []string{
	"Customer", "Invoice", "CreditMemo", "Payment", "JournalEntry", "Deposit", "RefundReceipt",
	"Purchase", "Term", "Account", "Preferences", "CompanyInfo",
}

// entityName returns the API's spelling, or the word as it came.
func entityName(word string) string {
	i := slices.IndexFunc(entityNames, func(name string) bool { return strings.EqualFold(name, word) })
	if i < 0 {
		return word
	}
	return entityNames[i]
}

// legacy is the shape of notifications until 2026.
type legacy struct {
	EventNotifications []struct {
		RealmID         string `json:"realmId"`
		DataChangeEvent struct {
			Entities []struct {
				Name      string `json:"name"`
				ID        string `json:"id"`
				Operation string `json:"operation"`
				DeletedID string `json:"deletedId"`
			} `json:"entities"`
		} `json:"dataChangeEvent"`
	} `json:"eventNotifications"`
}

// cloudEvent is one of a list, the shape since 2026. What is in Data is not
// documented; a merge may name the customer that is gone there.
type cloudEvent struct {
	Type      string `json:"type"`
	EntityID  string `json:"intuitentityid"`
	AccountID string `json:"intuitaccountid"`
	Data      struct {
		DeletedID string `json:"deletedId"`
	} `json:"data"`
}

// parseEvents reads a delivery of either shape. The events come without
// duplicates, and unknown says what was not understood.
func parseEvents(body []byte) (events []Event, unknown []string) {
	var p eventParser
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		p.cloud(body)
	} else {
		p.legacy(body)
	}
	return p.events, p.unknown
}

type eventParser struct {
	events  []Event
	unknown []string
}

func (p *eventParser) lost(format string, args ...any) {
	p.unknown = append(p.unknown, fmt.Sprintf(format, args...))
}

func (p *eventParser) legacy(body []byte) {
	var l legacy
	switch err := json.Unmarshal(body, &l); {
	case err != nil:
		p.lost("it is no JSON of a known shape")
	case len(l.EventNotifications) == 0:
		p.lost("it is neither a list of events nor has it eventNotifications")
	}
	for _, n := range l.EventNotifications {
		for _, e := range n.DataChangeEvent.Entities {
			p.add(n.RealmID, e.Name, e.ID, e.Operation, e.DeletedID)
		}
	}
}

// cloud reads the events one by one: one of an unknown shape does not hide the
// others.
func (p *eventParser) cloud(body []byte) {
	var list []json.RawMessage
	if err := json.Unmarshal(body, &list); err != nil {
		p.lost("it is no JSON of a known shape")
	}
	for _, text := range list {
		e, ok := readCloudEvent(text)
		// qbo.invoice.created.v1
		word := strings.Split(e.Type, ".")
		if !ok || len(word) < 3 || word[0] != "qbo" {
			p.lost("event of the type %q", oneLine(e.Type))
			continue
		}
		p.add(e.AccountID, word[1], e.EntityID, word[2], e.Data.DeletedID)
	}
}

// readCloudEvent takes what it can of an event whose data has another shape.
func readCloudEvent(text []byte) (e cloudEvent, ok bool) {
	if json.Unmarshal(text, &e) == nil {
		return e, true
	}
	return e, e.Type != "" && e.EntityID != "" && e.AccountID != ""
}

// add notes an event. In a merge the object that is named lives on, and the
// deleted one went into it.
func (p *eventParser) add(realm, name, id, word, deleted string) {
	if realm == "" || name == "" || id == "" {
		p.lost("event without a company, an object or its id (%s)", oneLine(name))
		return
	}
	e := Event{Realm: realm, Hint: arsync.Hint{Entity: entityName(name), ID: id, Operation: operation(word)}}
	if e.Hint.Operation == HintMerge && deleted != "" {
		e.Hint.ID, e.Hint.Into = deleted, id
	}
	if !slices.Contains(p.events, e) {
		p.events = append(p.events, e)
	}
}
