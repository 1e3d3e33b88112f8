package export

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// unknown says what is nearest, with a mapping for the row that looks most like a header.
func unknown(path string, near *match, above [][]string) *UnknownError {
	e := &UnknownError{Path: path}
	if near == nil {
		return e
	}
	e.Row, e.Header = near.row, near.header
	e.Nearest, e.Missing = near.name, near.missing
	if near.twice != "" {
		e.Missing = append(e.Missing, fmt.Sprintf("only one column %q, not two", near.twice))
	}
	if best := bestList(above); best != nil {
		e.Mapping = best.mapping(path)
	}
	return e
}

// bestList is the row with the most columns of a list of documents, nil where no row has
// two.
func bestList(rows [][]string) *match {
	var best *match
	for i, header := range rows {
		names := make([]string, len(header))
		for j, h := range header {
			names[j] = plain(h)
		}
		m := listOfDocuments.match(i+1, header, names, preamble{})
		if m.hits > 1 && (best == nil || m.hits > best.hits) {
			best = m
		}
	}
	return best
}

// mapped are the roles that a mapping has, with their names there.
var mapped = []struct {
	role role
	name string
	must bool
}{
	{roleNumber, "number", true},
	{roleID, "id", false},
	{roleKind, "kind", false},
	{roleCustomer, "customer", true},
	{roleCustomerID, "customer_id", false},
	{roleDate, "date", true},
	{roleDue, "due", false},
	{roleAmount, "amount", true},
	{roleOpen, "balance", false},
	{rolePaid, "paid", false},
	{roleCurrency, "currency", false},
	{roleTerms, "terms", false},
	{rolePO, "po", false},
	{roleOwner, "owner", false},
}

// mapping writes a ledger of the config with what is known of its columns.
func (m *match) mapping(path string) string {
	var b strings.Builder
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	fmt.Fprintf(&b, "ledgers:\n  - name: %q\n    table: %q\n    mapping:\n", name, path)
	if !m.has(roleCurrency) {
		b.WriteString("      currency: ???\n")
	}
	b.WriteString("      dates: ???     # YYYY-MM-DD, MM/DD/YYYY, DD.MM.YYYY ...\n      decimal: ???   # \".\" or \",\"\n      columns:\n")
	for _, c := range mapped {
		switch {
		case m.has(c.role):
			fmt.Fprintf(&b, "        %s: %q\n", c.name, strings.TrimSpace(m.header[m.at[c.role]]))
		case c.must:
			fmt.Fprintf(&b, "        %s: ???\n", c.name)
		}
	}
	var left []string
	for i, h := range m.header {
		if h = strings.TrimSpace(h); h != "" && !slices.Contains(m.at[:], i) {
			left = append(left, h)
		}
	}
	if len(left) > 0 {
		fmt.Fprintf(&b, "      # other columns of the file: %s\n", strings.ReplaceAll(strings.Join(left, ", "), "\n", " "))
	}
	return b.String()
}
