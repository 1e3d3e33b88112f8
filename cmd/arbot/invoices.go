package main

import (
	"context"
	"errors"

	"arbot/ar"
	"arbot/desk"
	"arbot/sync/quickbooks"
)

// client is the API of a connected company; the config's ledger comes with it.
func (c *companies) client(ctx context.Context, source ar.SourceIdentity) (*quickbooks.Client, string, error) {
	name, err := c.byRealm(ctx, source.External)
	switch {
	case err != nil:
		return nil, "", err
	case name == "" || source.Kind != quickbooks.Kind || c.keys.missing() != nil:
		return nil, "", &ar.Error{Kind: ar.Unavailable, Say: "The company of this invoice is not connected. Ask an admin."}
	}
	return c.app(name).Client(name, source.External), name, nil
}

// PayLink is where the customer can pay an invoice; "" where that is not offered.
func (c *companies) PayLink(ctx context.Context, source ar.SourceIdentity, external string) (string, error) {
	client, _, err := c.client(ctx, source)
	if err != nil {
		return "", err
	}
	return client.PayLink(ctx, external)
}

// CanRemind reports whether the config lets customers of a company be reminded.
func (c *companies) CanRemind(ctx context.Context, source ar.SourceIdentity) bool {
	name, err := c.byRealm(ctx, source.External)
	return err == nil && source.Kind == quickbooks.Kind && c.settings[name].Remind
}

// writesNotes reports whether the config lets arbot write into the invoices of a ledger.
func (c *companies) writesNotes(ledger string) bool { return c != nil && c.settings[ledger].WriteNotes }

// Remind has QuickBooks mail an invoice.
func (c *companies) Remind(ctx context.Context, o desk.ReminderOrder) (string, error) {
	client, name, err := c.client(ctx, o.Source)
	if err != nil {
		return "", err
	}
	sent, err := client.SendInvoice(ctx, o.External, "", o.Once)
	if err == nil {
		return sent.To, nil
	}
	c.app(name).Logger.WarnContext(ctx, "reminder not sent", "ledger", name, "invoice", o.External, "error", err)
	if f, ok := errors.AsType[*quickbooks.Fault](err); ok && f.Status < 500 && f.Message != "" {
		return "", &ar.Error{Kind: ar.Invalid, Say: "QuickBooks did not send it: " + f.Message + ". Look whether the invoice has an e-mail address.", Err: err}
	}
	return "", &ar.Error{Kind: ar.Unavailable, Say: "QuickBooks did not say that it was sent. Look there before you press again.", Err: err}
}

// tryNow lets a company be asked although it seemed that the month's calls were used up:
// a person wants to know.
func (c *companies) tryNow(ctx context.Context, ledger string) {
	if conn, err := c.connection(ctx, ledger); err == nil {
		c.app(ledger).Client(ledger, conn.Company).TryNow()
	}
}
