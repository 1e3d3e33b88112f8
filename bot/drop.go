package bot

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
)

// Exports reads files of accounting software that people put into a direct message.
type Exports interface {
	// Ledgers are the names of those that a file can go into.
	Ledgers() []string
	// Check says, in sentences, what a file is and what taking it in would do. It changes
	// nothing. An *ar.Error says why the file cannot be taken in.
	Check(ctx context.Context, ledger string, f SharedFile) ([]string, error)
	// Import begins to take a file in, and returns at once. How it goes is told to the user
	// (by the chat system's id) in a direct message. Anyway takes in what a guard refuses.
	Import(ctx context.Context, user, ledger string, f SharedFile, anyway bool) error
}

const (
	// takeInAction is the action of the button that takes a file in.
	takeInAction = "take in"
	// largestDrop is how large a file may be; the program on the server takes larger ones.
	largestDrop = 50 << 20
	// mostDrops is how many files of one message are looked at.
	mostDrops = 5
)

// exportEndings are those of files that can be exports.
var exportEndings = []string{".csv", ".tsv", ".txt", ".xlsx"}

// dropped looks at files that somebody put into the direct message, and offers to take them
// in.
func (r *Router) dropped(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	if err := r.Desk.MayImport(actor); err != nil {
		return Answer{}, err
	}
	ledgers, err := r.importable()
	if err != nil {
		return Answer{}, err
	}
	var sentences []string
	all := card.New("")
	for _, id := range c.Files[:min(len(c.Files), mostDrops)] {
		text, parts := r.drop(ctx, c.Channel, id, ledgers)
		sentences = append(sentences, text)
		all.Add(parts...)
	}
	if rest := len(c.Files) - mostDrops; rest > 0 {
		say := fmt.Sprintf("I looked at the first %d files. Put the other %s here in another message.", mostDrops, grouped(rest))
		sentences = append(sentences, say)
		all.Add(card.Note{card.T(say)})
	}
	all.Text = strings.Join(sentences, " ")
	return Answer{Card: all}, nil
}

func (r *Router) importable() ([]string, error) {
	if r.Exports == nil || r.SharedFiles == nil {
		return nil, ar.Refuse("Files cannot be read from here. Type on the server: arbot import FILE")
	}
	ledgers := r.Exports.Ledgers()
	if len(ledgers) == 0 {
		return nil, ar.Refuse("There is no ledger for files yet: an admin adds one with exports: under ledgers: in arbot.yaml.")
	}
	return ledgers, nil
}

// drop looks at one file, by itself: what is wrong with it keeps none of the others from
// being read.
func (r *Router) drop(ctx context.Context, channel, id string, ledgers []string) (text string, parts []card.Part) {
	f, err := r.droppedFile(ctx, channel, id)
	if err == nil {
		var lines []string
		if lines, err = r.Exports.Check(ctx, ledgers[0], f); err == nil {
			text = fmt.Sprintf("%s can be imported.", f.Name)
			parts = append(parts, card.Paragraph{card.B(f.Name)})
			list := card.List{}
			for _, line := range lines {
				list = append(list, []card.Span{card.T(line)})
			}
			return text, append(parts, list, r.takeInButtons(f, ledgers))
		}
	}
	say := "It could not be read. Try again, or type on the server: arbot import --check FILE"
	if said := sayOf(err); said != "" {
		say = said
	}
	name := f.Name
	if name == "" {
		name = "The file"
	}
	return name + " cannot be imported: " + say, []card.Part{card.Paragraph{card.B(name), card.T(" cannot be imported: " + say)}}
}

func (r *Router) takeInButtons(f SharedFile, ledgers []string) card.Buttons {
	var buttons card.Buttons
	for _, l := range ledgers {
		label := "Import"
		if len(ledgers) > 1 {
			label = "Import into " + l
		}
		buttons = append(buttons, card.Button{Label: card.Truncate(label, 70), Action: takeInAction, Value: f.ID + " " + l, Style: card.Primary})
	}
	return buttons
}

// droppedFile finds a file that can be one.
func (r *Router) droppedFile(ctx context.Context, channel, id string) (SharedFile, error) {
	f, err := r.SharedFiles.SharedFile(ctx, channel, id)
	switch {
	case err != nil:
		return SharedFile{}, err
	case !slices.Contains(exportEndings, strings.ToLower(path.Ext(f.Name))):
		return f, ar.Refuse("it is no table. Export the report as CSV or Excel (.xlsx), and put that here.")
	case f.Size > largestDrop:
		return f, ar.Refuse("it is larger than %d MB. Type on the server: arbot import FILE", largestDrop>>20)
	case f.Size == 0:
		return f, ar.Refuse("it is empty. Export the report again.")
	}
	return f, nil
}

// takeIn begins to take in a file that was looked at.
func (r *Router) takeIn(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	if err := r.Desk.MayImport(actor); err != nil {
		return Answer{}, err
	}
	ledgers, err := r.importable()
	if err != nil {
		return Answer{}, err
	}
	id, ledger, _ := strings.Cut(c.Value, " ")
	ledger, anyway := strings.CutSuffix(ledger, anywaySuffix)
	if !slices.Contains(ledgers, ledger) {
		return Answer{}, ar.Refuse("The config has no ledger %s any more. Put the file here again.", card.Truncate(ledger, 40))
	}
	f, err := r.droppedFile(ctx, c.Channel, id)
	if err != nil {
		return Answer{}, err
	}
	if err := r.Exports.Import(ctx, actor.User, ledger, f, anyway); err != nil {
		return Answer{}, err
	}
	say := fmt.Sprintf("The import of %s has begun. How it went follows here.", f.Name)
	return Answer{Card: card.New(say, card.Paragraph{card.T(say)}), Replace: true}, nil
}

// anywaySuffix marks the button that takes in what a guard refused. A name of a ledger has
// no line break.
const anywaySuffix = "\nanyway"

// TakeInAnyway is the card that tells of a file that a guard refused, with the button to
// take it in all the same.
func TakeInAnyway(say, file, ledger string) card.Card {
	return card.New(say, card.Paragraph{card.T(say)}, card.Buttons{{
		Label: "Import all the same", Action: takeInAction, Value: file + " " + ledger + anywaySuffix, Style: card.Danger,
		Confirm: "What is not in the file counts as paid or credited then. This cannot be undone here.",
	}})
}
