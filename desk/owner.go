package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

// most names that an error lists.
const mostNames = 6

// scopeOf narrows what somebody sees to the accounts of one owner, as a person
// names the owner: by e-mail address, by name or by the beginning of a word of
// one. It returns the owner's known spelling too. "" leaves the scope as it is;
// "none" is the accounts that nobody owns. An owner that is not known is an
// error: an empty list would read as "nothing is overdue".
func (d *Desk) scopeOf(ctx context.Context, r ar.Reader, sees ar.Scope, owner string) (ar.Scope, string, error) {
	switch ar.NormalOwner(owner) {
	case "":
		return sees, "", nil
	case "none", "nobody":
		if !sees.Covers("") {
			return ar.Scope{}, "", ar.Forbid("Accounts without an owner are not shown to you.")
		}
		return ar.Scope{Unowned: true}, "none", nil
	}
	known, err := d.owners(ctx, r)
	if err != nil {
		return ar.Scope{}, "", err
	}
	// What somebody may not see is not there to be guessed at either.
	known = slices.DeleteFunc(known, func(p Person) bool { return !slices.ContainsFunc(p.scope().Owners, sees.Covers) })
	p, err := choosePerson(known, owner)
	if ar.KindOf(err) == ar.NotFound && !sees.All {
		err = ar.Forbid("These are not your accounts. Ask AR, or a manager.")
	}
	if err != nil {
		return ar.Scope{}, "", err
	}
	return p.scope(), p.id(), nil
}

// scope is the accounts that the person owns, under all the spellings that the
// ledger may use.
func (p Person) scope() ar.Scope { return ar.OwnedBy(p.spellings()...) }

func (p Person) spellings() []string { return append([]string{p.Email, p.Name}, p.Names...) }

// id is what the person is known by: the e-mail address if there is one.
func (p Person) id() string {
	if p.Email != "" {
		return ar.NormalOwner(p.Email)
	}
	return p.called()
}

// called is how to call the person.
func (p Person) called() string {
	if p.Name != "" {
		return p.Name
	}
	return p.Email
}

// owners lists the sales owners: the people of the config, and those that only
// the ledger knows.
func (d *Desk) owners(ctx context.Context, r ar.Reader) ([]Person, error) {
	list := slices.Clone(d.settings.People)
	ledger, err := r.Owners(ctx)
	if err != nil {
		return nil, fmt.Errorf("sales owners: %w", err)
	}
	for _, owner := range ledger {
		if _, ok := d.person(owner); ok {
			continue
		}
		p := Person{Name: owner}
		if strings.Contains(owner, "@") {
			p = Person{Email: owner}
		}
		list = append(list, p)
	}
	return list, nil
}

var errNoOwner = errors.New("no such owner")

// choosePerson finds the one person that a text names. The whole name wins over
// a part of one.
func choosePerson(known []Person, text string) (Person, error) {
	for _, fits := range []func(spelling, text string) bool{
		func(spelling, text string) bool { return spelling == text },
		startsWord,
	} {
		var hits []Person
		for _, p := range known {
			if slices.ContainsFunc(p.spellings(), func(s string) bool { return fits(ar.NormalOwner(s), ar.NormalOwner(text)) }) {
				hits = append(hits, p)
			}
		}
		switch len(hits) {
		case 0:
		case 1:
			return hits[0], nil
		default:
			return Person{}, ar.Refuse("“%s” fits %s. Type the e-mail address.", text, names(hits))
		}
	}
	say := fmt.Sprintf("I know no sales owner “%s”.", text)
	if len(known) > 0 {
		say += " I know " + names(known) + "."
	}
	return Person{}, &ar.Error{Kind: ar.NotFound, Say: say, Err: errNoOwner}
}

// startsWord reports whether a word of a name, or what stands before the at
// sign, begins with the text.
func startsWord(spelling, text string) bool {
	before, _, _ := strings.Cut(spelling, "@")
	for i := range before {
		if (i == 0 || strings.ContainsAny(before[i-1:i], " .-_'")) && strings.HasPrefix(before[i:], text) {
			return true
		}
	}
	return false
}

// names lists people for a sentence, the first of them only.
func names(people []Person) string {
	list := make([]string, 0, mostNames)
	for _, p := range people[:min(len(people), mostNames)] {
		list = append(list, p.called())
	}
	if more := len(people) - len(list); more > 0 {
		return strings.Join(list, ", ") + fmt.Sprintf(" and %d more", more)
	}
	if last := len(list) - 1; last > 0 {
		return strings.Join(list[:last], ", ") + " and " + list[last]
	}
	return strings.Join(list, "")
}
