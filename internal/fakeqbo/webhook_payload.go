package fakeqbo

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// Payload is a shape of webhooks.
type Payload int

// The shapes.
const (
	// CloudEvents is a list of events, the only shape since 31 July 2026 (docs).
	CloudEvents Payload = iota
	// EventNotifications is the shape before that: an object, by company.
	EventNotifications
)

// Sign is the header intuit-signature of a body (docs): base64 of its HMAC-SHA256.
func Sign(body []byte, verifier string) string {
	mac := hmac.New(sha256.New, []byte(verifier))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// body words changes; the caller holds the lock.
func (t *teller) body(changes []Change, client string) []byte {
	if t.to.Shape == EventNotifications {
		return mustJSON(jsonObject{"eventNotifications": byCompany(changes)})
	}
	events := make([]jsonObject, 0, len(changes))
	sum := sha256.Sum256([]byte(client))
	source := "intuit." + base64.StdEncoding.EncodeToString(sum[:])
	for _, c := range changes {
		t.events++
		events = append(events, t.event(c, source))
	}
	return mustJSON(events)
}

// event is one change as a CloudEvent. A merge names the customer that is left; what
// went into it isn't told: Intuit's samples have nothing in "data".
func (t *teller) event(c Change, source string) jsonObject {
	id := c.ID
	if c.Into != "" {
		id = c.Into
	}
	return jsonObject{
		"specversion": "1.0", "id": fmt.Sprintf("00000000-0000-4000-8000-%012x", t.events), "source": source,
		"type":            "qbo." + strings.ToLower(c.Entity) + "." + t.verb(c.Operation) + ".v1",
		"datacontenttype": "application/json", "time": c.At.UTC().Format(time.RFC3339Nano),
		"intuitentityid": id, "intuitaccountid": c.Realm, "data": jsonObject{},
	}
}

func (t *teller) verb(operation string) string {
	switch operation {
	case "Void":
		if t.to.SayVoided {
			return "voided"
		}
		return "void"
	case "Emailed":
		return "emailed"
	}
	return strings.ToLower(strings.TrimSuffix(operation, "e")) + "ed" // created, updated, deleted, merged
}

// byCompany words changes in the older shape, the companies in the order in which
// they come up.
func byCompany(changes []Change) []jsonObject {
	entities := map[string][]jsonObject{}
	var realms []string
	for _, c := range changes {
		if entities[c.Realm] == nil {
			realms = append(realms, c.Realm)
		}
		entities[c.Realm] = append(entities[c.Realm], entity(c))
	}
	out := make([]jsonObject, 0, len(realms))
	for _, realm := range realms {
		out = append(out, jsonObject{"realmId": realm, "dataChangeEvent": jsonObject{"entities": entities[realm]}})
	}
	return out
}

// entity is one change in the older shape: of a merge the id that is left, and the
// one that is gone (docs).
func entity(c Change) jsonObject {
	out := jsonObject{
		"name": c.Entity, "id": c.ID, "operation": c.Operation,
		"lastUpdated": c.At.UTC().Format("2006-01-02T15:04:05.000Z"),
	}
	if c.Into != "" {
		out["id"], out["deletedId"] = c.Into, c.ID
	}
	return out
}
