package desk

import (
	"context"
	"fmt"
	"net/url"

	"arbot/ar"
)

// Linked returns the status of the document that a ledger shows under an address;
// false where no document of the actor's has it, or more than one: two companies of
// one ledger can have the same address.
func (d *Desk) Linked(ctx context.Context, actor ar.Actor, address string) (Account, bool, error) {
	scope, err := d.sees(actor)
	if err != nil {
		return Account{}, false, err
	}
	var found []ar.Document
	err = d.books.View(ctx, func(r ar.Reader) error {
		for _, at := range spellings(address) {
			if found, err = r.DocumentsAt(ctx, at); err != nil || len(found) > 0 {
				break
			}
		}
		if err != nil {
			return fmt.Errorf("what a link shows: %w", err)
		}
		if len(found) != 1 {
			return nil
		}
		customer, err := r.Customer(ctx, found[0].Customer)
		if err == nil && !scope.Covers(customer.Owner) {
			found = nil
		}
		return err
	})
	if err != nil || len(found) != 1 {
		return Account{}, false, err
	}
	account, err := d.Status(ctx, actor, StatusInput{Document: found[0].ID})
	return account, err == nil, err
}

// spellings are an address as it is, and without what a ledger adds to it for whoever
// copies it: QuickBooks names the company, and the page that one came from.
func spellings(address string) []string {
	list := []string{address}
	u, err := url.Parse(address)
	if err != nil {
		return list
	}
	u.Fragment = ""
	if id := u.Query().Get("txnId"); id != "" {
		u.RawQuery = url.Values{"txnId": {id}}.Encode()
	}
	if short := u.String(); short != address {
		list = append(list, short)
	}
	return list
}
