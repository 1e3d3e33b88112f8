package arsync

import (
	"cmp"
	"context"
	"fmt"

	"arbot/ar"
)

// ownerBatch is how many customers are read or written at once.
const ownerBatch = 500

// assignOwners gives the source's customers their sales owners. It runs also
// where nothing is new, since the rules may have changed. Only what differs is
// written.
func (r *run) assignOwners(ctx context.Context) error {
	customers, err := r.labelled(ctx)
	if err != nil {
		return fmt.Errorf("sync: read the customers of source %d: %w", r.state.ID, err)
	}
	r.report.Unowned = 0
	byID := make(map[ar.CustomerID]*ar.Customer, len(customers))
	for i := range customers {
		byID[customers[i].ID] = &customers[i]
	}
	var changed []ar.OwnerAssignment
	for _, c := range customers {
		owner, why := r.Rules.Resolve(c, byID[c.Parent])
		owner = ar.NormalOwner(owner)
		if owner == "" {
			r.report.Unowned++
		}
		if c.Owner != "" && owner != c.Owner {
			r.report.OwnersChanged++
		}
		if owner != c.Owner || why != c.OwnerWhy {
			changed = append(changed, ar.OwnerAssignment{Customer: c.ID, Owner: owner, Why: why})
		}
	}
	return r.setOwners(ctx, changed)
}

// labelled are the customers with what their latest documents say about who sold them,
// where the ledger says nothing of the customer itself.
func (r *run) labelled(ctx context.Context) ([]ar.Customer, error) {
	customers, err := r.customers(ctx)
	if err != nil {
		return nil, err
	}
	var labels map[ar.CustomerID]map[string]string
	err = r.Books.View(ctx, func(books ar.Reader) (err error) {
		labels, err = books.LatestLabels(ctx, r.state.ID)
		return err
	})
	if err != nil || len(labels) == 0 {
		return customers, err
	}
	for i := range customers {
		fill(&customers[i], labels[customers[i].ID])
	}
	return customers, nil
}

// fill takes labels over where a customer has no value of its own.
func fill(c *ar.Customer, labels map[string]string) {
	c.LedgerOwner = cmp.Or(c.LedgerOwner, labels[ar.LabelOwner])
	c.Class = cmp.Or(c.Class, labels[ar.LabelClass])
	c.Region = cmp.Or(c.Region, labels[ar.LabelLocation])
	for name, value := range labels {
		switch name {
		case ar.LabelOwner, ar.LabelClass, ar.LabelLocation:
			continue
		}
		if c.Fields == nil {
			c.Fields = map[string]string{}
		}
		c.Fields[name] = cmp.Or(c.Fields[name], value)
	}
}

func (r *run) setOwners(ctx context.Context, changed []ar.OwnerAssignment) error {
	for len(changed) > 0 {
		batch := changed[:min(ownerBatch, len(changed))]
		changed = changed[len(batch):]
		err := r.Books.Update(ctx, func(tx ar.Tx) error { return tx.SetOwners(ctx, batch) })
		if err != nil {
			return fmt.Errorf("sync: set owners of source %d: %w", r.state.ID, err)
		}
		if err := r.rest(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) customers(ctx context.Context) (all []ar.Customer, err error) {
	err = r.eachCustomer(ctx, func(c ar.Customer) { all = append(all, c) })
	return all, err
}

// eachCustomer hands on the customers of the source, by id.
func (r *run) eachCustomer(ctx context.Context, f func(ar.Customer)) error {
	filter := ar.CustomerFilter{Source: r.state.ID, Limit: ownerBatch}
	for {
		var page []ar.Customer
		err := r.Books.View(ctx, func(books ar.Reader) (err error) {
			page, err = books.Customers(ctx, filter)
			return err
		})
		if err != nil {
			return err
		}
		for _, c := range page {
			f(c)
		}
		if len(page) < ownerBatch {
			return nil
		}
		filter.After = page[len(page)-1].ID
	}
}
