package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"arbot/ar"
	"arbot/desk"
)

// joinLedgers shows what it takes to join two ledgers, and does it when it is confirmed.
func (p *program) joinLedgers(ctx context.Context, args []string) error {
	set := p.flags("join")
	path := p.configFlag(set)
	yes := set.Bool("yes", false, "join them, as the list that is printed without this flag says")
	var same []desk.SameCustomers
	set.Func("same", "`THIS=THAT`: customer THIS of the first ledger is customer THAT of the second; may be repeated", func(text string) error {
		from, into, ok := strings.Cut(text, "=")
		if !ok {
			return fmt.Errorf("%q is not two names with = between them", text) //nolint:err113 // printed
		}
		same = append(same, desk.SameCustomers{From: from, Into: into})
		return nil
	})
	if err := p.parse(set, args, 2); err != nil {
		return err
	}
	if set.NArg() != 2 {
		return usageError{"name the ledger that ends, then the one that stays"}
	}
	s, err := readConfig(*path)
	if err != nil {
		return err
	}
	a, err := p.openApp(ctx, s, p.logger())
	if err != nil {
		return err
	}
	return errors.Join(a.join(ctx, p, set.Args(), same, *yes), a.close())
}

func (a *app) join(ctx context.Context, p *program, names []string, same []desk.SameCustomers, yes bool) error {
	in := desk.JoinInput{Same: same}
	for i, to := range []*ar.SourceIdentity{&in.From, &in.Into} {
		found, err := a.named(names[i : i+1])
		if err != nil {
			return err
		}
		source, err := found[0].open(ctx)
		if err != nil {
			return err
		}
		if *to, err = source.Identity(ctx); err != nil {
			return err
		}
	}
	if !yes {
		view, err := a.desk.PlanJoin(ctx, in)
		if err == nil {
			p.tellJoin(view)
			fmt.Fprintf(p.out, "\nNothing was changed. If this is right, run it again with --yes; name customers that are the same with --same \"THIS=THAT\". "+
				"Make a backup before (arbot backup FILE): it cannot be undone.\n")
		}
		return err
	}
	view, err := a.desk.Join(ctx, ar.Actor{User: "cli", From: "arbot join", Roles: []ar.Role{ar.Admin}}, in)
	if err != nil {
		return err
	}
	p.tellJoin(view)
	fmt.Fprintf(p.out, "\nJoined. Take the ledger %s out of the config now: it is read no more.\n", names[0])
	a.judge(ctx)
	return nil
}

// tellJoin prints what is the same in two ledgers, and what is not.
func (p *program) tellJoin(v desk.JoinView) {
	fmt.Fprintf(p.out, "%s goes into %s.\n\nThe same customers: %d\n", v.From.Name, v.Into.Name, len(v.Customers))
	for _, m := range v.Customers {
		fmt.Fprintf(p.out, "  %s = %s (by %s)\n", m.From.Name, m.Into.Name, m.By)
	}
	if len(v.Strangers) > 0 {
		fmt.Fprintf(p.out, "Without a match, or with several, and gone after it: %d\n", len(v.Strangers))
	}
	for _, c := range v.Strangers {
		fmt.Fprintf(p.out, "  %s%s\n", c.Name, openIn(v.Lost[c.ID], ": %s open"))
	}
	fmt.Fprintf(p.out, "The same documents: %d. Only in %s, and gone after it: %d.\n", len(v.Documents), v.From.Name, len(v.Alone))
	for _, m := range v.Documents {
		if m.Differ() {
			fmt.Fprintf(p.out, "  %s: %s of %s here, %s of %s there, which counts\n", m.From.Label(), m.From.Amount, m.From.Date, m.Into.Amount, m.Into.Date)
		}
	}
	for _, m := range v.Customers {
		if lost := v.Lost[m.From.ID]; len(lost) > 0 {
			fmt.Fprintf(p.out, "  %s: %s open in documents that only %s has\n", m.From.Name, openIn(lost, "%s"), v.From.Name)
		}
	}
	if len(v.LostSum) > 0 {
		fmt.Fprintf(p.out, "Open today, net, and gone with all of these: %s\n", openIn(v.LostSum, "%s"))
	}
	if len(v.Left) > 0 {
		fmt.Fprintln(p.out, "Promises and disputes that stand and would be left behind:")
	}
	for _, name := range slices.SortedFunc(maps.Keys(v.Left), func(x, y string) int { return cmp.Or(cmp.Compare(v.Left[y], v.Left[x]), strings.Compare(x, y)) }) {
		fmt.Fprintf(p.out, "  %s: %d\n", name, v.Left[name])
	}
}

// openIn writes sums of several currencies in words, "" for none.
func openIn(sums []ar.Money, words string) string {
	if len(sums) == 0 {
		return ""
	}
	said := make([]string, len(sums))
	for i, m := range sums {
		said[i] = m.String()
	}
	return fmt.Sprintf(words, strings.Join(said, ", "))
}
