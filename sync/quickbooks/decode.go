package quickbooks

import (
	"errors"
	"fmt"

	// What will be encoding/json, by those who keep that, with its meaning: it decodes a
	// page of a thousand objects in little more than half of the time.
	json "github.com/go-json-experiment/json/v1"
)

// decode reads an answer. One that is no JSON was cut on its way.
func decode(body []byte, into any) error {
	if into == nil {
		return nil
	}
	err := json.Unmarshal(body, into)
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return &brokenError{fmt.Errorf("the answer is not whole: %w", err)}
	}
	if err != nil {
		return fmt.Errorf("understand the answer: %w", err)
	}
	return nil
}

// tolerant takes an answer in which a value is of another kind than expected:
// everything else of it was decoded, and a record that lacks what it must have
// is reported by name.
func tolerant(err error) error {
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return nil
	}
	return err
}
