package bot

import (
	"context"
	"fmt"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

func assignCommand() command {
	return command{
		name: "assign", usage: "<customer> @person",
		summary:  "gives an account to a person in AR, or to nobody",
		examples: []string{"assign acme nora@example.com", "assign acme nobody"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			return r.assign(ctx, actor, args)
		},
	}
}

// assign reads the account, and behind it the person as the last word.
func (r *Router) assign(ctx context.Context, actor ar.Actor, args arguments) (Answer, error) {
	last := len(args.words) - 1
	if last < 1 {
		return Answer{}, ar.Refuse("Which account, and to whom? Type %s assign acme @nora. With nobody in the place of the person it is taken away.", r.Slash)
	}
	of := args.words[:last]
	if last > 1 && strings.EqualFold(of[last-1], "to") {
		of = of[:last-1]
	}
	in := desk.AssignInput{Of: unquote(strings.Join(of, " "))}
	if id, ok := (arguments{words: of, picked: args.picked}).id(); ok {
		in.Of, in.Customer = "", id.Customer
	}
	var err error
	if in.User, in.Email, err = r.assignee(ctx, args.words[last]); err != nil {
		return Answer{}, err
	}
	assigned, err := r.Desk.Assign(ctx, actor, in)
	if err != nil {
		return orAgain(Answer{}, err, "assign %s "+args.words[last])
	}
	return Answer{Card: r.assignedCard(assigned)}, nil
}

// assignee reads a person: a mention, an e-mail address, or nobody.
func (r *Router) assignee(ctx context.Context, text string) (user, email string, err error) {
	if m := mention.FindStringSubmatch(text); m != nil {
		person, err := r.People.Person(ctx, m[1])
		if err != nil {
			return "", "", fmt.Errorf("assign to %s: %w", m[1], err)
		}
		if person.Bot || person.Deleted || person.Outside {
			return "", "", ar.Refuse("Accounts are assigned to people of this company who are there. Name somebody else.")
		}
		return person.ID, person.Email, nil
	}
	switch {
	case strings.EqualFold(text, "nobody"), strings.EqualFold(text, "none"):
		return "", "", nil
	case strings.Contains(text, "@") && !strings.HasPrefix(text, "@"):
		return "", text, nil
	}
	return "", "", ar.Refuse("I do not know who “%s” is. Mention the person with @, or type the e-mail address.", card.Truncate(text, 40))
}

func (r *Router) assignedCard(a desk.Assigned) card.Card {
	if a.User == "" && a.Email == "" {
		return card.New(a.Account.Name + " is assigned to nobody now.")
	}
	who := r.nameOf(a.User, a.Email)
	says := fmt.Sprintf("%s is assigned to %s.", a.Account.Name, who)
	c := card.New(says, card.Paragraph{card.B(says)})
	if a.Cover != "" && a.Cover != a.Email {
		c.Add(card.Note{card.T(fmt.Sprintf("%s is away. Until they are back it is on the worklist of %s.", who, r.Desk.PersonName(a.Cover)))})
	}
	return c
}

// nameOf is how to call a person known by an address, or by an id alone.
func (r *Router) nameOf(user, email string) string {
	if email != "" {
		return r.Desk.PersonName(email)
	}
	return user
}
