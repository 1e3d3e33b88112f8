package fakeqbo

import (
	"encoding/json"
	"errors"
	"strconv"
)

const batchItems = 30

// serveBatch answers up to 30 queries and writes, each with its own Fault.
func (c *Company) serveBatch(r *request) ([]byte, error) {
	var call struct {
		BatchItemRequest []map[string]json.RawMessage `json:"BatchItemRequest"`
	}
	if json.Unmarshal(r.body, &call) != nil {
		return nil, invalid("2010", "Request has invalid or unsupported property", "the body is not a batch")
	}
	if n := len(call.BatchItemRequest); n > batchItems {
		return nil, invalid("1040", "Batch size exceeded",
			"Maximum number of operations in a batch is "+strconv.Itoa(batchItems)+", got "+strconv.Itoa(n))
	}
	var o out
	o.list("BatchItemResponse")
	for _, item := range call.BatchItemRequest {
		c.batchItem(&o, item)
	}
	o.end()
	return o.b, nil
}

func (c *Company) batchItem(o *out, item fields) {
	o.open()
	members, err := c.runItem(item)
	var refused *Refusal
	switch {
	case errors.As(err, &refused):
		refused.render(o)
	case err != nil:
		systemFault(err).render(o)
	default:
		o.b = append(o.b, members...)
	}
	o.str("bId", scalar(item["bId"]))
	o.close()
}

func (c *Company) runItem(item fields) ([]byte, error) {
	if text := scalar(item["Query"]); text != "" {
		body, err := c.Query(text)
		if err != nil {
			return nil, err
		}
		var o out
		o.raw("QueryResponse", body)
		return o.b, nil
	}
	for key, body := range item {
		if entity := entityName(key); entity != "" {
			operation := scalar(item["operation"])
			if operation == "create" {
				operation = ""
			}
			return c.serveWrite(entity, operation, scalar(item["optionsData"]), body)
		}
	}
	return nil, missing("Query")
}
