package quickbooks

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ownField returns the value of the field that the config names; of two whose names differ
// only in case, always that of the same one.
func ownField(values map[string]string, field string) string {
	if value, ok := values[field]; ok || field == "" {
		return value
	}
	own := ""
	for name := range values {
		if sameField(name, field) && (own == "" || name < own) {
			own = name
		}
	}
	return values[own]
}

// sameField reports whether two names are of one field, in any case.
func sameField(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

// fieldSearch looks in a full reading for the custom field that the config names for sales
// owners: with a wrong name nobody would have an account, and nothing would be wrong. The
// preferences name only some of the fields, and none of customers, so that the records are
// looked at as well. The zero search looks for nothing.
type fieldSearch struct {
	wanted string
	found  bool
	// others are the names that were met instead.
	others map[string]bool
}

// searchField begins with the names that the preferences hold.
func searchField(wanted string, f *frame) fieldSearch {
	s := fieldSearch{wanted: strings.TrimSpace(wanted), others: map[string]bool{}}
	for _, name := range f.fieldNames {
		s.met(name)
	}
	return s
}

// met takes the name of a field, whether it has a value or not.
func (s *fieldSearch) met(name string) {
	if s.wanted == "" || s.found || s.others[name] {
		return
	}
	if s.found = sameField(name, s.wanted); !s.found {
		s.others[name] = true
	}
}

// failed says that the field was met nowhere; nil where it was.
func (s *fieldSearch) failed() []string {
	if s.wanted == "" || s.found {
		return nil
	}
	if len(s.others) == 0 {
		return []string{fmt.Sprintf("QuickBooks shows no custom fields, so no account gets an owner by “%s” (sales_rep).", s.wanted)}
	}
	names := slices.Sorted(maps.Keys(s.others))
	return []string{fmt.Sprintf("QuickBooks shows no custom field called “%s”, so no account gets an owner by it; it has “%s”. Put one of these under sales_rep.",
		s.wanted, strings.Join(names, "”, “"))}
}
