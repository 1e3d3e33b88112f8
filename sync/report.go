package arsync

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"arbot/ar"
)

// Report says what a run did.
type Report struct {
	Source  ar.SourceIdentity
	Started time.Time
	Took    time.Duration
	// Full: what was not in the reading was taken as gone.
	Full bool
	// Resumed: the run before this one was killed.
	Resumed bool
	// NothingNew: the source was what it was at the last run.
	NothingNew bool
	// Records were read and written or found unchanged.
	Records int
	ar.RunCounts
	// Inferred counts the applications concluded from balances.
	Inferred int
	TieOuts  []ar.TieOut
	// Unowned counts the customers without a sales owner.
	Unowned int
	// OwnersChanged counts the customers that had an owner and have another now.
	OwnersChanged int
	Warnings      []string
}

// String says it in plain sentences, one on each line.
func (r Report) String() string {
	lines := []string{r.summary()}
	if r.Resumed {
		lines = append(lines, "The run before this one was cut off; everything was read again.")
	}
	if r.Inferred > 0 {
		lines = append(lines, plural(r.Inferred, "settlement")+" concluded from balances, since the file holds no payments.")
	}
	for _, t := range r.TieOuts {
		lines = append(lines, tieOutLine(t))
	}
	if r.OwnersChanged > 0 {
		lines = append(lines, fmt.Sprintf("%s got another sales owner.", plural(r.OwnersChanged, "customer")))
	}
	if r.Unowned > 0 {
		lines = append(lines, fmt.Sprintf("%s without a sales owner: add an owner rule to the config.", plural(r.Unowned, "customer")))
	}
	for _, w := range r.Warnings {
		lines = append(lines, "Warning: "+w)
	}
	return strings.Join(lines, "\n")
}

func (r Report) summary() string {
	name := r.Source.Name
	switch {
	case r.NothingNew:
		return fmt.Sprintf("%s: nothing new since the last import.", name)
	case r.RunCounts == (ar.RunCounts{Unchanged: r.Unchanged}):
		return fmt.Sprintf("%s: %s read in %s, nothing changed.", name, plural(r.Records, "record"), seconds(r.Took))
	}
	return fmt.Sprintf("%s: %s read in %s: %s added, %s changed, %s removed, %s unchanged.", name,
		plural(r.Records, "record"), seconds(r.Took), count(r.Added), count(r.Changed), count(r.Removed), count(r.Unchanged))
}

func tieOutLine(t ar.TieOut) string {
	if t.Ties() {
		return strings.TrimSpace(fmt.Sprintf("Ties with the ledger as of %s: %s. %s", t.AsOf, t.Ours, t.Because))
	}
	diff, err := t.Difference()
	if err != nil {
		return fmt.Sprintf("As of %s the ledger says %s and we say %s.", t.AsOf, t.Ledger, t.Ours)
	}
	line := fmt.Sprintf("Does not tie as of %s: the ledger says %s, we say %s, a difference of %s.", t.AsOf, t.Ledger, t.Ours, diff)
	if t.Because != "" {
		line += " " + t.Because
	}
	return line
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return count(n) + " " + what + "s"
}

// count groups digits by thousands.
func count(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s" }
