package ar

import (
	"errors"
	"time"
)

// Errors of connections, to be compared with errors.Is.
var (
	ErrNoConnection = errors.New("no such connection")
	// ErrConnectionMoved says that somebody else wrote the connection since it
	// was read: read it again.
	ErrConnectionMoved = errors.New("the connection was changed meanwhile")
)

// Connection is the access to one company in a ledger that is read through an
// API. The ledger's name in the config is its key.
type Connection struct {
	Name string
	// Kind is the kind of ledger ("quickbooks").
	Kind string
	// Company is the ledger's id of the company, Title what people call it.
	Company, Title string
	// Home is the company's home currency, Zone the zone that it states; both ""
	// until they were read.
	Home Currency
	Zone string
	// Sealed are the tokens, encrypted: nothing but the source opens them.
	Sealed []byte
	// Expires is when the access token ends, HardExpires when no refresh helps
	// any more; zero where the ledger does not say.
	Expires, HardExpires time.Time
	// Health of the connection: a refused token is known here, before any run.
	Health Health
	// Version counts the writes: see PutConnection.
	Version int64
}
