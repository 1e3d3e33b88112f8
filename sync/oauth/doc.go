// Package oauth keeps the OAuth 2 tokens of ledgers whose refresh tokens
// rotate: each use of one gives the next, and the one before is dead. It seals
// tokens, has one process renew them at a time, and stores the new before the
// access token is used.
//
// A map of its files:
//
//	secret.go      Secret, which cannot be printed
//	seal.go        Sealer: encryption by keys that can be changed
//	token.go       Token, and how it is sealed for a ledger
//	endpoint.go    Endpoint: a ledger's authorization server
//	keeper.go      Keeper: an access token that is valid, or why there is none
//	connection.go  connecting, disconnecting, the end of all renewing
//	state.go       the state that a callback brings back, once
package oauth
