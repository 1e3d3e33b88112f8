package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
	"arbot/sheet"
)

func exportCommand() command {
	return command{
		name: "export", aliases: []string{"download", "xlsx", "csv"},
		usage:    "aging | promises | disputes | timeline [customer | owner <name>] [as of <date>] [csv | xlsx]",
		summary:  "a list as a file for Excel, sent to you alone",
		examples: []string{"export aging", "export aging owner dana@example.com as of 2026-09-30", "export promises csv", "export timeline acme"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, args arguments) (Answer, error) {
			in, format, err := r.exportInput(ctx, args)
			if err != nil {
				return Answer{}, err
			}
			if r.Private == nil {
				return Answer{}, ar.Refuse("Files cannot be sent from here. Type on the server: arbot export %s", in.Of)
			}
			done, err := r.exportFile(ctx, actor, in, format)
			if err != nil {
				return Answer{Again: exportOf(in, format)}, err
			}
			return Answer{Card: r.exportCard(done)}, nil
		},
	}
}

// exportInput reads what is asked for; what is left of the words is a customer or an
// owner.
func (r *Router) exportInput(ctx context.Context, args arguments) (in desk.ExportInput, format SheetFormat, err error) {
	words := args.words
	if len(words) == 0 {
		return in, "", ar.Refuse("What shall I export? Type it like %s export aging, or promises, disputes, timeline acme.", r.Slash)
	}
	in.Of = desk.ExportOf(strings.ToLower(words[0]))
	if in.Of == "ageing" {
		in.Of = desk.ExportAging
	}
	if !slices.Contains(desk.Exports(), in.Of) {
		return in, "", ar.Refuse("I cannot export “%s”. Type %s export aging, promises, disputes or timeline.", card.Truncate(words[0], 40), r.Slash)
	}
	words, format = words[1:], XLSX
	if n := slices.IndexFunc(words, func(w string) bool { return formatOf(w) != "" }); n >= 0 {
		format, words = formatOf(words[n]), slices.Delete(slices.Clone(words), n, n+1)
	}
	if i := indexPhrase(words, "as", "of"); i >= 0 {
		if in.AsOf, words, err = r.cutAsOf(words, i); err != nil {
			return in, "", err
		}
	}
	var aim desk.AgingInput
	err = r.aimAging(ctx, arguments{words: words, picked: args.picked}, &aim)
	in.Account, in.Customer, in.Owner = aim.Account, aim.Customer, aim.Owner
	return in, format, err
}

// exportOf is the command that asks for the same export of an account that takes the place
// of "%s".
func exportOf(in desk.ExportInput, f SheetFormat) string {
	text := "export " + string(in.Of) + " %s"
	if !in.AsOf.IsZero() {
		text += " as of " + in.AsOf.String()
	}
	if f != XLSX {
		text += " " + string(f)
	}
	return text
}

// exportFile makes the file and brings it to who asked.
func (r *Router) exportFile(ctx context.Context, actor ar.Actor, in desk.ExportInput, format SheetFormat) (desk.Export, error) {
	if in.AsOf.IsZero() {
		in.AsOf = r.Desk.Today()
	}
	var content bytes.Buffer
	done, err := WriteExport(ctx, r.Desk, actor, in, format, &content)
	if err != nil || done.Rows == 0 {
		return done, err
	}
	return done, r.Private.Bring(ctx, actor.User, nil, File{Name: done.File, Content: content.Bytes()})
}

func (r *Router) exportCard(e desk.Export) card.Card {
	what := exportTitle(e)
	if e.Rows == 0 {
		c := card.New(what+": there is nothing to export, so I made no file.",
			card.Paragraph{card.B(what), card.T(": there is nothing to export, so I made no file.")})
		c.Add(partialNote(e.Partial)...)
		c.Add(footer(e.Fresh, r.Desk.Settings().Zone)...)
		return c
	}
	rest := fmt.Sprintf(": %s in %s. The file is in our direct message.", count(e.Rows, "row"), e.File)
	c := card.New(what+rest, card.Paragraph{card.B(what), card.T(rest)})
	c.Add(partialNote(e.Partial)...)
	c.Add(hiddenNote(e.Hidden)...)
	c.Add(card.Note{card.T("It is for you alone, and the audit says that you have it. Cells that look like formulas are plain text.")})
	return aged(c, e.Fresh, r.Desk.Settings().Zone)
}

func exportTitle(e desk.Export) string {
	title := strings.ToUpper(string(e.Of[:1])) + string(e.Of[1:])
	if e.Name != "" {
		title += " of " + e.Name
	}
	return title + " as of " + e.AsOf.Long()
}

// SheetFormat is the kind of a file with a table.
type SheetFormat string

// The formats.
const (
	XLSX SheetFormat = "xlsx"
	CSV  SheetFormat = "csv"
)

// formatOf is the format that a word names; "" for none.
func formatOf(word string) SheetFormat {
	switch strings.ToLower(word) {
	case "csv":
		return CSV
	case "xlsx", "excel":
		return XLSX
	}
	return ""
}

// WriteExport writes an export in a format and says how the file is to be called.
func WriteExport(ctx context.Context, d *desk.Desk, actor ar.Actor, in desk.ExportInput, format SheetFormat, to *bytes.Buffer) (desk.Export, error) {
	in.File = fileName(in, format)
	var table closingTable
	done, err := d.Export(ctx, actor, in, func() (desk.Table, error) {
		if table != nil { // the books are read once more
			if err := table.Close(); err != nil {
				return nil, err
			}
		}
		to.Reset()
		var err error
		table, err = newTable(format, to)
		return table, err
	})
	if table != nil {
		err = errors.Join(err, table.Close())
	}
	if known, ok := errors.AsType[*ar.Error](err); ok {
		return done, known
	}
	return done, err
}

// closingTable is a table of package sheet.
type closingTable interface {
	desk.Table
	Close() error
}

func newTable(format SheetFormat, to io.Writer) (closingTable, error) {
	if format == CSV {
		return sheet.NewCSV(to)
	}
	return sheet.NewXLSX(to)
}

// fileName is made of what is in the file, in letters that every system takes.
func fileName(in desk.ExportInput, format SheetFormat) string {
	parts := []string{string(in.Of)}
	for _, of := range []string{in.Account, in.Owner} {
		if of != "" {
			parts = append(parts, of)
		}
	}
	plain := strings.Map(func(c rune) rune {
		if c <= unicode.MaxASCII && (unicode.IsLetter(c) || unicode.IsDigit(c)) {
			return unicode.ToLower(c)
		}
		return '-'
	}, strings.Join(parts, "-"))
	words := strings.FieldsFunc(card.Truncate(plain, 60), func(c rune) bool { return c == '-' || c == '…' })
	return strings.Join(append(words, in.AsOf.String()), "-") + "." + string(format)
}
