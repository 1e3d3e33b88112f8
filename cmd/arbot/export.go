package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"arbot/ar"
	"arbot/bot"
	"arbot/desk"
)

// mostInSheet is how many rows of an export one sheet of Excel has room for, below those on
// top.
const mostInSheet = 1_048_000

// export writes a list of the books into a file, by the code that answers in Slack.
func (p *program) export(ctx context.Context, args []string) error {
	set := p.flags("export")
	path := p.configFlag(set)
	in := desk.ExportInput{Most: mostInSheet}
	set.StringVar(&in.Account, "customer", "", "only this account, by name or number, with those below it")
	set.StringVar(&in.Owner, "owner", "", "only the accounts of this sales owner")
	asOf := set.String("as-of", "", "the date, YYYY-MM-DD; today if it is not named")
	if len(args) > 0 && strings.HasPrefix(args[0], "-") {
		if slices.Contains([]string{"--help", "-help", "-h"}, args[0]) {
			p.helpOn(set)
			return flag.ErrHelp
		}
	}
	if len(args) == 0 || !slices.Contains(desk.Exports(), desk.ExportOf(args[0])) {
		return usageError{"say aging, promises, disputes or timeline"}
	}
	in.Of = desk.ExportOf(args[0])
	if err := p.parse(set, args[1:], 1); err != nil {
		return err
	}
	file := set.Arg(0)
	format := bot.SheetFormat(strings.TrimPrefix(strings.ToLower(filepath.Ext(file)), "."))
	if format != bot.XLSX && format != bot.CSV {
		return usageError{"name the file to write, ending in .xlsx or .csv"}
	}
	if *asOf != "" {
		date, err := ar.ParseDate(*asOf)
		if err != nil {
			return usageError{fmt.Sprintf("%q is not a day such as 2026-11-25", *asOf)}
		}
		in.AsOf = date
	}
	s, err := readConfig(*path)
	if err != nil {
		return err
	}
	a, err := p.openApp(ctx, s, p.logger())
	if err != nil {
		return err
	}
	return errors.Join(p.exportInto(ctx, a.desk, in, format, file), a.close())
}

// exportInto writes an export into a file that is not there yet.
func (p *program) exportInto(ctx context.Context, d *desk.Desk, in desk.ExportInput, format bot.SheetFormat, file string) error {
	if in.AsOf.IsZero() {
		in.AsOf = d.Today()
	}
	who := ar.Actor{User: "cli", From: "arbot export", Roles: []ar.Role{ar.Admin}}
	var content bytes.Buffer
	done, err := bot.WriteExport(ctx, d, who, in, format, &content)
	if err != nil {
		return err
	}
	if done.Rows == 0 {
		fmt.Fprintln(p.out, "There is nothing to export, so no file was written.")
		return nil
	}
	if _, err := intoNewFile(file, func(w io.Writer) (int, error) { return w.Write(content.Bytes()) }); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%d rows as of %s are in %s.\n", done.Rows, done.AsOf, file)
	return nil
}
