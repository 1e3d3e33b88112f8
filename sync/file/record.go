package file

import (
	"maps"
	"slices"
	"strings"

	"arbot/ar"
)

// aliasMark stands between the aliases of a customer in one cell.
const aliasMark = ";"

// customer reads a row of customers.csv.
func (s *sheet) customer() ar.CustomerRecord {
	return ar.CustomerRecord{
		External: s.needed(customerExternal), Name: s.needed(customerName), Number: s.text(customerNumber),
		Parent: s.text(customerParent), Aliases: s.list(customerAliases), Terms: s.text(customerTerms),
		Class: s.text(customerClass), Region: s.text(customerRegion), Segment: s.text(customerSegment),
		Fields: s.customFields(), Owner: s.text(customerOwner), Collector: s.text(customerCollector),
		Inactive: s.flag(customerInactive),
	}
}

func (s *sheet) list(c int) (items []string) {
	for item := range strings.SplitSeq(s.text(c), aliasMark) {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// customFields reads the columns "field:NAME"; an empty cell is no field.
func (s *sheet) customFields() map[string]string {
	var values map[string]string
	for _, name := range slices.Sorted(maps.Keys(s.fields)) {
		if v := strings.TrimSpace(s.cells[s.fields[name]]); v != "" {
			if values == nil {
				values = map[string]string{}
			}
			values[name] = v
		}
	}
	return values
}

// document reads a row of documents.csv.
func (s *sheet) document() ar.DocumentRecord {
	currency := s.currency(documentCurrency)
	d := ar.DocumentRecord{
		Ref:    ar.Ref{Kind: s.documentKind(documentKind, ""), External: s.needed(documentExternal)},
		Number: s.text(documentNumber), Customer: s.needed(documentCustomer),
		Amount: s.money(documentAmount, currency), Date: s.date(documentDate), Due: s.date(documentDue),
		Terms: s.text(documentTerms), PO: s.text(documentPO), Memo: s.text(documentMemo), URL: s.text(documentURL),
	}
	s.needed(documentDate)
	status, err := ar.ParseStatus(strings.ToLower(s.text(documentStatus)))
	if err != nil {
		s.wrong(documentStatus, reason(err, strings.ToLower(s.text(documentStatus))), "Write one of these, or nothing for posted")
	}
	d.Status = status
	return d
}

// documentKind reads a kind of document; empty is the one to assume, where
// there is one.
func (s *sheet) documentKind(c int, assumed ar.DocumentKind) ar.DocumentKind {
	v := strings.ToLower(s.text(c))
	if v == "" && assumed != "" {
		return assumed
	}
	if known, ok := s.kinds[v]; ok {
		return known
	}
	kind, err := ar.ParseDocumentKind(strings.Clone(v))
	if err != nil {
		s.wrong(c, reason(err, v), "Write one of these")
		return ""
	}
	s.kinds[string(kind)] = kind
	return kind
}

// application reads a row of applications.csv.
func (s *sheet) application() ar.ApplicationRecord {
	currency := s.currency(applicationCurrency)
	a := ar.ApplicationRecord{
		External: s.needed(applicationExternal), Amount: s.money(applicationAmount, currency),
		Date: s.date(applicationDate), Inferred: s.flag(applicationInferred),
		To: ar.Ref{Kind: s.documentKind(applicationToKind, ar.Invoice), External: s.needed(applicationTo)},
	}
	s.needed(applicationDate)
	kind, err := ar.ParseApplicationKind(strings.ToLower(s.text(applicationKind)))
	if err != nil {
		s.wrong(applicationKind, reason(err, strings.ToLower(s.text(applicationKind))), "Write one of these")
	}
	a.Kind = kind
	if from := s.text(applicationFrom); from != "" && kind != "" {
		a.From = ar.Ref{Kind: s.documentKind(applicationFromKind, settles[kind]), External: from}
	}
	return a
}

// settles is the kind of document that an application comes from where the row
// does not say it.
var settles = map[ar.ApplicationKind]ar.DocumentKind{ar.ByPayment: ar.Payment, ar.ByCredit: ar.CreditMemo}
