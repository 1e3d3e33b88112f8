package fakeqbo

import (
	"cmp"
	"slices"
	"strings"
)

// renderDetailReport writes AgedReceivableDetail: a section for each column of the
// summary that has something, the oldest first, and a last one without a header that
// holds the grand total.
func (c *Company) renderDetailReport(o *out, a aging, items []aged) {
	w := words(c.set.Locale)
	columns := c.detailColumns(w)
	c.renderReportHead(o, a, len(items) == 0)
	renderColumns(o, columns)
	o.object("Rows")
	if len(items) > 0 {
		o.list("Row")
		titles := append([]string{w.current}, a.ranges(w.orMore)...)
		for i, title := range slices.Backward(titles) {
			if i > 0 {
				title += " " + w.pastDue
			}
			c.renderSection(o, title, columns, inBucket(items, i))
		}
		o.open()
		c.renderSectionSum(o, w.grandTotal, columns, items)
		o.str("type", "Section")
		o.str("group", "GrandTotal")
		o.close()
		o.end()
	}
	o.close()
}

func (c *Company) detailColumns(w wording) []column {
	columns := []column{
		{w.date, "tx_date"}, {w.kind, "txn_type"}, {w.number, "doc_num"}, {w.customer, "cust_name"},
	}
	if c.set.Locations {
		columns = append(columns, column{w.location, "dept_name"})
	}
	return append(columns, column{w.due, "due_date"}, column{w.amount, "subt_amount"}, column{w.open, "subt_open_bal"})
}

func inBucket(items []aged, bucket int) []aged {
	var list []aged
	for _, it := range items {
		if it.bucket == bucket {
			list = append(list, it)
		}
	}
	slices.SortFunc(list, func(a, b aged) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(number(a.ID), number(b.ID)), cmp.Compare(a.Line, b.Line))
	})
	return list
}

func (c *Company) renderSection(o *out, title string, columns []column, items []aged) {
	if len(items) == 0 {
		return
	}
	o.open()
	o.object("Header")
	head := make([]cell, len(columns))
	head[0].text = title
	renderCells(o, head)
	o.close()
	o.object("Rows")
	o.list("Row")
	for _, it := range items {
		o.open()
		renderCells(o, c.detailCells(columns, it))
		o.str("type", "Data")
		o.close()
	}
	o.end()
	o.close()
	c.renderSectionSum(o, words(c.set.Locale).totalFor+title, columns, items)
	o.str("type", "Section")
	o.close()
}

func (c *Company) renderSectionSum(o *out, title string, columns []column, items []aged) {
	var sum int64
	for _, it := range items {
		sum += it.HomeOpen
	}
	cells := make([]cell, len(columns))
	cells[0].text = title
	cells[len(cells)-1].text = fixed(sum, exponent(c.set.HomeCurrency))
	o.object("Summary")
	renderCells(o, cells)
	o.close()
}

func (c *Company) detailCells(columns []column, it aged) []cell {
	doc := c.txn(it.Entity, number(it.ID))
	cells := make([]cell, len(columns))
	for i, col := range columns {
		switch col.kind {
		case "tx_date":
			cells[i].text = it.Date
		case "txn_type":
			cells[i] = cell{words(c.set.Locale).entity(doc.species()), it.ID}
		case "doc_num":
			cells[i].text = doc.number + doc.reference
		case "cust_name":
			cells[i] = cell{c.fullNameOf(it.Customer), it.Customer}
		case "dept_name":
			cells[i].text = c.nameOf("Department", doc.location)
		case "due_date":
			cells[i].text = it.Due
		case "subt_amount":
			cells[i].text = c.amountText(c.home(it.Amount, it.Currency, it.Rate))
		case "subt_open_bal":
			cells[i].text = c.amountText(it.HomeOpen)
		}
	}
	return cells
}

func (c *Company) fullNameOf(id string) string {
	if cu := c.customer(number(id)); cu != nil {
		return c.fullName(cu)
	}
	return ""
}

// wording are the words of the reports in one language.
type wording struct {
	current, andOver, orMore, pastDue, total, grandTotal, totalFor string
	date, kind, number, customer, location, due, amount, open      string
	entities                                                       map[string]string
}

func (w wording) entity(name string) string { return w.entities[name] }

// words gives the language of a locale; English for others.
func words(locale string) wording {
	language, _, _ := strings.Cut(strings.ToLower(locale), "_")
	if w, ok := languages[language]; ok {
		return w
	}
	return languages["en"]
}

var languages = map[string]wording{
	"en": {
		current: "Current", andOver: "and over", orMore: "or more", pastDue: "days past due", total: "Total", grandTotal: "TOTAL",
		totalFor: "Total for ", date: "Date", kind: "Transaction Type", number: "No.", customer: "Customer", location: "Location",
		due: "Due Date", amount: "Amount", open: "Open Balance",
		entities: map[string]string{
			Invoice: "Invoice", CreditMemo: "Credit Memo", Payment: "Payment", RefundReceipt: "Refund",
			JournalEntry: "Journal Entry", Deposit: "Deposit", check: "Check", expense: "Expense",
		},
	},
	"de": {
		current: "Aktuell", andOver: "und mehr", orMore: "oder mehr", pastDue: "Tage überfällig", total: "Gesamt", grandTotal: "GESAMT",
		totalFor: "Gesamt für ", date: "Datum", kind: "Art der Transaktion", number: "Nr.", customer: "Kunde", location: "Standort",
		due: "Fällig am", amount: "Betrag", open: "Offener Saldo",
		entities: map[string]string{
			Invoice: "Rechnung", CreditMemo: "Gutschrift", Payment: "Zahlung", RefundReceipt: "Rückerstattung",
			JournalEntry: "Journalbuchung", Deposit: "Einzahlung", check: "Scheck", expense: "Ausgabe",
		},
	},
	"fr": {
		current: "À échoir", andOver: "et plus", orMore: "ou plus", pastDue: "jours de retard", total: "Total", grandTotal: "TOTAL",
		totalFor: "Total pour ", date: "Date", kind: "Type d'opération", number: "N°", customer: "Client", location: "Emplacement",
		due: "Échéance", amount: "Montant", open: "Solde à payer",
		entities: map[string]string{
			Invoice: "Facture", CreditMemo: "Avoir", Payment: "Paiement", RefundReceipt: "Remboursement",
			JournalEntry: "Écriture de journal", Deposit: "Dépôt", check: "Chèque", expense: "Dépense",
		},
	},
}
