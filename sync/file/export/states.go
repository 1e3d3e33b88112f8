package export

import (
	"fmt"
	"strings"

	"arbot/ar"
)

// states counts what follows from the states of documents alone.
type states struct {
	open  int // open in full, since they are not called paid
	parts int // of these, those of which something was paid, nobody knows how much
	lost  int // given up as bad debts
}

// see counts a document.
func (s *states) see(row *Row) {
	d := row.Document
	switch {
	case d.Status != ar.Posted:
	case row.lost:
		s.lost++
	case row.part:
		s.parts++
		s.open++
	case row.open && row.HasOpen && !row.paid:
		s.open++
	}
}

// warnings say what a person should know of it.
func (s *states) warnings(m *match) (say []string) {
	switch {
	case m.silent && s.open > 0 && !m.has(roleOpen):
		say = append(say, fmt.Sprintf("The file does not say what is open. %s not called paid count as open in full, also where something was paid of them (%d are called partly paid). %s",
			several(s.open, "document"), s.parts, m.remedy))
	case s.parts > 0:
		say = append(say, strings.TrimSpace(fmt.Sprintf("%s paid in part and the file does not say how much: they count as open in full. %s", several(s.parts, "document"), m.remedy)))
	}
	if s.lost > 0 {
		say = append(say, fmt.Sprintf("%s given up as bad debts: nothing of them counts as open.", several(s.lost, "document")))
	}
	return say
}

// several counts things that are.
func several(n int, what string) string {
	if n == 1 {
		return "1 " + what + " is"
	}
	return fmt.Sprintf("%d %ss are", n, what)
}
