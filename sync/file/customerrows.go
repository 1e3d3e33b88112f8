package file

import (
	"strings"

	"arbot/ar"
)

// FillCustomer takes over from a later row of a customer what the first one lacks: the name,
// the owner, the class and the region. Where they differ the first one stays, and differs is
// told what of them it is, and both.
func FillCustomer(first *ar.CustomerRecord, later ar.CustomerRecord, differs func(what, first, later string)) {
	for _, word := range []struct {
		what  string
		have  *string
		later string
	}{
		{"name", &first.Name, later.Name},
		{"owner", &first.Owner, later.Owner},
		{"class", &first.Class, later.Class},
		{"region", &first.Region, later.Region},
	} {
		switch {
		case *word.have == "":
			*word.have = strings.Clone(word.later) // the customer outlives the row
		case word.later != "" && word.later != *word.have:
			differs(word.what, *word.have, word.later)
		}
	}
}
