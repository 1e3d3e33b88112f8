package desk

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"arbot/ar"
)

// Contact is what is known of who really pays for a customer.
type Contact struct {
	ar.ContactFacts
	Account ar.Customer
	// Invoice is the one that falls due soon, where that is why it is asked.
	Invoice *ar.OpenItem
	Day     ar.Date
	// Fresh is of a question, which says what is open.
	Fresh Fresh
}

// Contact returns what is known of who pays for a customer of the actor's.
func (d *Desk) Contact(ctx context.Context, actor ar.Actor, id ar.CustomerID) (view Contact, err error) {
	scope, err := d.sees(actor)
	if err != nil {
		return Contact{}, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		f, err := family(ctx, r, scope, id)
		if err != nil {
			return err
		}
		view = Contact{Account: f.Customer, Day: d.Today()}
		view.ContactFacts, err = r.ContactFacts(ctx, id)
		view.Customer = id
		return err
	})
	return view, err
}

// longestFact is how many characters a fact may have.
const longestFact = 300

// SetContact keeps what somebody knows of who pays; facts that are not in known
// stay, and an empty one is forgotten. It returns what was known before as well.
func (d *Desk) SetContact(ctx context.Context, actor ar.Actor, id ar.CustomerID, known map[ar.ContactFact]string) (view Contact, was ar.ContactFacts, err error) {
	scope, err := d.sees(actor)
	if err != nil {
		return Contact{}, ar.ContactFacts{}, err
	}
	for fact, text := range known {
		if len([]rune(text)) > longestFact {
			return Contact{}, ar.ContactFacts{}, ar.Refuse("What you wrote about the %s has more than %d characters. Shorten it.", fact, longestFact)
		}
	}
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		f, err := family(ctx, tx, scope, id)
		if err != nil {
			return err
		}
		view = Contact{Account: f.Customer, Day: d.Today()}
		if was, err = tx.ContactFacts(ctx, id); err != nil {
			return fmt.Errorf("who pays for customer %d: %w", id, err)
		}
		view.ContactFacts = mergedFacts(was, known)
		view.Customer, view.Made = id, d.act(actor, "")
		if err := tx.PutContactFacts(ctx, view.ContactFacts); err != nil {
			return fmt.Errorf("who pays for customer %d: %w", id, err)
		}
		return audit(ctx, tx, actor, "contact.set", fmt.Sprintf("customer/%d", id), was, view.ContactFacts)
	})
	return view, was, err
}

func mergedFacts(was ar.ContactFacts, known map[ar.ContactFact]string) ar.ContactFacts {
	all := map[ar.ContactFact]string{}
	maps.Copy(all, was.Known)
	for fact, text := range known {
		if all[fact] = strings.TrimSpace(text); all[fact] == "" {
			delete(all, fact)
		}
	}
	return ar.ContactFacts{Known: all}
}

// mostAsks is how many customers a sales owner is asked about on a day: the
// others are asked about on the days after.
const mostAsks = 3

// PlanContactQuestions asks sales owners who really pays for their customers,
// where an invoice falls due within some days and nobody has said: one direct
// message a customer, and no second one in the same quarter. A new company is left
// in peace for Settings.AskAfter business days.
func (d *Desk) PlanContactQuestions(ctx context.Context, day ar.Date) error {
	err := d.books.Update(ctx, func(tx ar.Tx) error {
		if early, err := d.stillNew(ctx, tx, day); err != nil || early {
			return err
		}
		customers, items, err := d.soonDue(ctx, tx, day)
		if err != nil {
			return err
		}
		asked := map[string]int{}
		for _, c := range customers {
			email := d.emailOf(c.Owner)
			if email == "" || asked[email] >= mostAsks {
				continue
			}
			facts, err := tx.ContactFacts(ctx, c.ID)
			if err != nil {
				return err
			}
			facts.Customer = c.ID
			if _, _, ask := facts.Ask(items[c.ID], day, d.settings.Workdays); !ask {
				continue
			}
			post, created, err := tx.PlanPost(ctx, ar.PostKey{Kind: ar.ContactQuestion, Route: fmt.Sprintf("%s%d", customerRoute, c.ID), Day: quarter(day)}, "")
			if err != nil {
				return err
			}
			if created || ar.DateOf(post.Created, d.settings.Zone) == day { // also where this runs a second time
				asked[email]++
			}
			if created {
				if err := tx.Enqueue(ctx, ar.Notice{Post: post.ID}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("plan the questions of who pays for %s: %w", day, err)
	}
	return nil
}

// stillNew reports whether the books were first read only some days ago.
func (d *Desk) stillNew(ctx context.Context, r ar.Reader, day ar.Date) (bool, error) {
	sources, err := r.Sources(ctx)
	if err != nil {
		return false, err
	}
	first := ar.NewFreshness(sources).FirstSynced
	return first.IsZero() || d.settings.Workdays.Between(ar.DateOf(first, d.settings.Zone), day) < d.settings.AskAfter, nil
}

// quarter is the first day of a date's quarter.
func quarter(d ar.Date) ar.Date {
	year, month, _ := d.Civil()
	return ar.NewDate(year, month-(month-1)%3, 1)
}

// soonDue lists the customers with invoices that fall due soon, the earliest
// first, with their open items.
func (d *Desk) soonDue(ctx context.Context, r ar.Reader, day ar.Date) ([]ar.Customer, map[ar.CustomerID][]ar.OpenItem, error) {
	items, err := r.OpenItems(ctx, ar.ItemQuery{
		AsOf: day, Scope: ar.Everything(), Owed: true, DueFrom: day, DueTo: d.settings.Workdays.Add(day, ar.AskBefore),
	})
	if err != nil {
		return nil, nil, err
	}
	slices.SortStableFunc(items, func(a, b ar.OpenItem) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) })
	byCustomer := map[ar.CustomerID][]ar.OpenItem{}
	var customers []ar.Customer
	for _, i := range items {
		if byCustomer[i.Customer] == nil {
			c, err := r.Customer(ctx, i.Customer)
			if err != nil {
				return nil, nil, err
			}
			customers = append(customers, c)
		}
		byCustomer[i.Customer] = append(byCustomer[i.Customer], i)
	}
	return customers, byCustomer, nil
}

// ContactQuestion returns what a question says now, and the address of who is
// asked; false where nothing is left to ask.
func (d *Desk) ContactQuestion(ctx context.Context, p ar.Post) (view Contact, email string, ask bool, err error) {
	number, err := strconv.ParseInt(strings.TrimPrefix(p.Route, customerRoute), 10, 64)
	if err != nil {
		return Contact{}, "", false, fmt.Errorf("question for %q: %w", p.Route, err)
	}
	id := ar.CustomerID(number)
	err = d.books.View(ctx, func(r ar.Reader) error {
		view = Contact{Day: d.Today()}
		if view.Account, err = r.Customer(ctx, id); err != nil {
			return err
		}
		if view.ContactFacts, err = r.ContactFacts(ctx, id); err != nil {
			return err
		}
		view.Customer = id
		if view.Fresh, err = d.fresh(ctx, r, ar.Scope{}); err != nil { // who is asked may not know all customers
			return err
		}
		items, err := r.OpenItems(ctx, ar.ItemQuery{AsOf: view.Day, Customers: []ar.CustomerID{id}, Scope: ar.Everything(), Owed: true})
		if err != nil {
			return err
		}
		item, _, due := view.Ask(items, view.Day, d.settings.Workdays)
		if email, ask = d.emailOf(view.Account.Owner), due; due {
			view.Invoice = &item
		}
		return nil
	})
	if err != nil {
		return Contact{}, "", false, fmt.Errorf("question of who pays for customer %d: %w", id, err)
	}
	return view, email, ask && email != "", nil
}
