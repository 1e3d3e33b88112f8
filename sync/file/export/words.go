package export

import (
	"regexp"
	"strconv"
	"strings"

	"arbot/ar"
)

// plain is the form in which texts are compared.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch r {
		case '\u2018', '\u2019':
			return '\''
		case '\u2013', '\u2014', '\u2212':
			return '-'
		case '*':
			return -1
		}
		return r
	}, s)
	return strings.ToLower(strings.Join(strings.Fields(s), " "))
}

// ignored is the kind of a transaction that A/R knows nothing of: an estimate, a bill.
const ignored ar.DocumentKind = "ignored"

// kindWords are what programs call kinds of documents.
var kindWords = words(map[ar.DocumentKind]string{
	ar.Invoice: "invoice|tax invoice|sales invoice|accrec|out_invoice|customer invoice|inv|statement charge|stmt charge|charge|finance charge|late fee|opening balance|" +
		"rechnung|ausgangsrechnung|facture|facture client|factura|factura de cliente|factura de venta",
	ar.CreditMemo: "credit memo|credit note|sales credit note|accreccredit|out_refund|customer credit note|credit|cn|cm|discount|" +
		"gutschrift|rechnungskorrektur|avoir|note de crédit|nota de crédito|nota de credito|abono",
	ar.Payment: "payment|receive payment|customer payment|overpayment|prepayment|sales overpayment|sales prepayment|receive overpayment|receive prepayment|receivable overpayment|receivable prepayment|aroverpayment|arprepayment|receipt|deposit|" +
		"zahlung|zahlungseingang|paiement|règlement|pago|cobro",
	ar.Refund:  "refund|refund receipt|credit card refund|check|cheque|expense|credit card credit|erstattung|remboursement|reembolso",
	ar.Journal: "journal entry|general journal|journal|manual journal|buchung|écriture|asiento",
	ignored: "estimate|quote|proposal|sales receipt|bill|bill payment|bill payment (check)|bill payment (credit card)|accpay|accpaycredit|purchase order|sales order|" +
		"time charge|time activity|billable expense charge|transfer|credit card expense|vendor credit|inventory qty adjust|vendor bill|in_invoice|in_refund|purchases|purchase invoice|purchase credit note|bill credit note|bill overpayment|bill prepayment|purchase overpayment|purchase prepayment|spend overpayment|spend prepayment|vendor credit note|purchase receipt|pledge|delayed charge|delayed credit",
})

// state is what a program's word for the state of a document says.
type state struct {
	status ar.Status
	// paid says that nothing is open, lost that it was given up and not paid, part that
	// something was paid and not how much.
	paid, lost, part bool
}

var stateWords = words(map[state]string{
	{status: ar.Draft}:   "draft|submitted|awaiting approval|pending approval|entwurf|brouillon|borrador",
	{status: ar.Void}:    "void|voided|cancelled|canceled|cancel|deactivated|storniert|annulé|annulée|anulado|anulada|cancelado|cancelada",
	{status: ar.Deleted}: "deleted|gelöscht|supprimé|eliminado",
	{status: ar.Posted, paid: true}: "paid|auto-paid|autopaid|closed|reversed|in_payment|in payment|invoicing_legacy|" +
		"bezahlt|payé|payée|en paiement|pagado|pagada|en proceso de pago|revertido",
	// Stripe marks an invoice so as a bad debt, to be written off: the amount remaining of it
	// stays, and the customer can still pay it, which makes it paid. It is no A/R any more.
	// docs.stripe.com/api/invoices/mark_uncollectible
	{status: ar.Posted, paid: true, lost: true}: "uncollectible|written off|write off|write-off|bad debt",
	{status: ar.Posted, part: true}:             "partial|partially paid|partially_paid|partiallypaid|teilweise bezahlt|partiellement payé|payé partiellement|parcialmente pagado|pagado parcialmente",
})

// words turns lists of words into a table of them.
func words[T comparable](lists map[T]string) map[string]T {
	table := map[string]T{}
	for meaning, list := range lists {
		for word := range strings.SplitSeq(list, "|") {
			table[word] = meaning
		}
	}
	return table
}

// stateOf reads the words of a status; one that is not known is a posted document.
func stateOf(cell string) state {
	if s, ok := stateWords[plain(cell)]; ok {
		return s
	}
	return state{status: ar.Posted}
}

// totalWord begins the label of a total.
var totalWord = regexp.MustCompile(`^(grand total|subtotal|sub-total|total général|total general|total for|total de|total|gesamtsumme|gesamtbetrag|gesamt|zwischensumme|summe|endsumme|insgesamt|totaux|totale|totales|somme totale|somme|sous-total|suma total|suma|importe total|montant total)( |:|$)`)

// totalOf returns what a label is the total of, "" for the whole file.
func totalOf(label string) (of string, ok bool) {
	label = strings.TrimSpace(label)
	if label == "" || !strings.ContainsRune("tgszime", rune(label[0]|0x20)) {
		return "", false // in a list of millions the pattern would cost more than the reading
	}
	m := totalWord.FindString(plain(label))
	if m == "" {
		return "", false
	}
	// The words of a total have no capitals that change their length.
	of = strings.TrimSpace(strings.Join(strings.Fields(label), " ")[min(len(m), len(strings.Join(strings.Fields(label), " "))):])
	for _, end := range []string{" with sub-customers", " including sub-customers"} {
		of = strings.TrimSuffix(of, end)
	}
	return of, true
}

// footer is a line that programs write under a report.
var footer = regexp.MustCompile(`(?i)^((mon|tues|wednes|thurs|fri|satur|sun)day, .*\d{4}.*|(accrual|cash) basis.*|.*\bGMT[-+]\d.*|page \d+( of \d+)?|generated .*|printed .*)$`)

// percentages is the line of a report that says what its totals are parts of.
var percentages = regexp.MustCompile(`(?i)^(percentage|percent|%) of total`)

// older stands for the last bucket, whose first day follows from the one before it.
const older = -1

var (
	agingRange = regexp.MustCompile(`^(\d+) ?(?:-|to|bis|à|a) ?(\d+)$`)
	agingMore  = regexp.MustCompile(`^(\d+) ?(?:and over|or more|and above|\+|und mehr|et plus|y más|o más)$`)
	agingOver  = regexp.MustCompile(`^(?:>|over|older than|more than|über|plus de|más de) ?(\d+)$`)
	agingMonth = regexp.MustCompile(`^(\d) months?$`)
)

// endless is the last day of a bucket that has none.
const endless = 1 << 20

// agesOf reads the name of a bucket as the days past due that are in it. What is current
// begins long before it is due.
func agesOf(label string) (from, to int, ok bool) {
	from, ok = agingOf(label)
	switch {
	case !ok || from == older:
		return 0, 0, false
	case from == 0 && plain(label) != "0 - 30":
		return -endless, 0, true
	}
	for end := range strings.FieldsFuncSeq(plain(label), func(r rune) bool { return r < '0' || r > '9' }) {
		to, _ = strconv.Atoi(end) // digits, at most ten years of them
	}
	if to <= from {
		to = endless
	}
	return from, to, true
}

// agingOf reads the name of a bucket as the first day past due that is in it: 0 for
// what is current.
func agingOf(label string) (from int, ok bool) {
	s := plain(label)
	for _, end := range []string{" past due", " overdue", " days", " tage", " jours", " días", " überfällig"} {
		s = strings.TrimSuffix(s, end)
	}
	switch s {
	case "current", "not due", "not yet due", "aktuell", "nicht fällig", "à échoir", "non échu", "no vencido", "corriente":
		return 0, true
	case "< 1 month", "<1 month":
		return 1, true
	case "older", "älter", "plus ancien", "más antiguo":
		return older, true
	}
	for pattern, first := range map[*regexp.Regexp]func(int) int{
		agingRange: func(n int) int { return n },
		agingMore:  func(n int) int { return n },
		agingOver:  func(n int) int { return n + 1 },
		agingMonth: func(n int) int { return 30*n + 1 },
	} {
		if m := pattern.FindStringSubmatch(s); m != nil {
			n, err := strconv.Atoi(m[1])
			return first(n), err == nil && n <= 3650
		}
	}
	return 0, false
}
