package ar

import (
	"errors"
	"fmt"
)

// ErrorKind says what is wrong, for the code that decides on it.
type ErrorKind string

// The kinds of error that people read.
const (
	// Invalid input: the text says what to type instead.
	Invalid ErrorKind = "invalid"
	// NotFound: nothing matches; Choices may hold near misses.
	NotFound ErrorKind = "not found"
	// Ambiguous: several match; Choices holds them.
	Ambiguous ErrorKind = "ambiguous"
	// Forbidden: the person may not.
	Forbidden ErrorKind = "forbidden"
	// Unavailable: not now; the text says when or what to do.
	Unavailable ErrorKind = "unavailable"
)

// Choice is one of several readings of what a person typed.
type Choice struct {
	Label    string
	Customer CustomerID
	Document DocumentID // 0 where the choice is a customer
}

// Error is an error that people read. Say is a plain sentence that says what
// to do next; everything that is not an Error is shown as an internal fault
// with an id, and read in the log.
type Error struct {
	Kind    ErrorKind
	Say     string
	Choices []Choice
	// Err is what lies behind it, for the log only.
	Err error
}

// Error returns the sentence and what lies behind it.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %v", e.Say, e.Err)
	}
	return e.Say
}

// Unwrap returns what lies behind the error.
func (e *Error) Unwrap() error { return e.Err }

// Refuse returns an Invalid error with a sentence that says what to do.
func Refuse(format string, args ...any) error {
	return &Error{Kind: Invalid, Say: fmt.Sprintf(format, args...)}
}

// Forbid returns a Forbidden error.
func Forbid(say string) error { return &Error{Kind: Forbidden, Say: say} }

// KindOf returns the kind of an Error anywhere in the chain, "" otherwise.
func KindOf(err error) ErrorKind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}

// Errors of the ports, to be compared with errors.Is.
var (
	ErrNoCustomer = errors.New("no such customer")
	ErrNoDocument = errors.New("no such document")
	ErrNoPost     = errors.New("no such post")
)

// MissingRefError says that a record refers to one that the books do not have.
type MissingRefError struct {
	Record RecordKind
	Key    Key
	// Field is what refers, Ref what it refers to.
	Field string
	Ref   Key
}

// Error names the record, the field and what is missing.
func (e *MissingRefError) Error() string {
	return fmt.Sprintf("%s %s: %s %s is not in the books", e.Record, e.Key, e.Field, e.Ref)
}
