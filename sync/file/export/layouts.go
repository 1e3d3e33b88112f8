package export

import "slices"

// The header texts below are those that the programs write; they are compared without
// case, without asterisks and with single spaces. Where they come from stands above each.
var layouts = slices.Concat(quickbooksLayouts, xeroLayouts, listLayouts, []*layout{listOfDocuments})

// The reports of QuickBooks Online have been renamed and recapitalised; what is listed
// here is in the recorded files of both interfaces. Of the Transaction List by Customer
// and of Invoices and Received Payments the columns are those that public readers of these
// reports expect: "Memo/Description" and "Posting" in the older ones, "Memo" and "Posting
// (Y/N)" in those of 2026.
//
// QuickBooks Desktop writes the same names in every version since they can be exported
// ("Type", "Num", "P. O. #", "Aging", "Open Balance": as public importers of its reports
// have it); it puts the names of groups into columns of their own, on the left, by their
// depth, leaves columns blank between others, and repeats the header on each page of a
// report that was printed to a file.
var quickbooksLayouts = []*layout{
	{
		name: "QuickBooks Online A/R Aging Detail", titles: []string{"a/r aging detail", "a/r ageing detail", "accounts receivable aging detail", "accounts receivable ageing detail"},
		shape: byBucket, meaning: Snapshot, report: true, colons: true,
		columns: []column{
			need(roleDate, "date"), need(roleKind, "transaction type"), may(roleNumber, "num", "no."),
			need(roleCustomer, "customer full name", "customer", "client full name", "client", "name"), need(roleDue, "due date"),
			may(roleAmount, "amount"), need(roleOpen, "open balance"),
			may(roleRegion, "location full name", "location", "department"), may(roleClass, "class full name", "class"),
			may(roleOwner, "sales rep"), may(roleTerms, "terms"), may(roleMemo, "memo/description", "memo"), may(rolePO, "p.o. number"),
			may(roleCurrency, "currency"),
		},
	},
	{
		name: "QuickBooks Online Invoice List", titles: []string{"invoice list", "invoices list"},
		shape: flat, meaning: List, report: true, titled: true, colons: true,
		columns: []column{
			need(roleDate, "date"), may(roleKind, "transaction type"), need(roleNumber, "num", "no."),
			need(roleCustomer, "name", "customer full name", "customer", "client full name", "client"), need(roleDue, "due date"),
			need(roleAmount, "amount"), need(roleOpen, "open balance"),
			may(roleTerms, "terms"), may(roleMemo, "memo/description", "memo"), may(roleOwner, "sales rep"),
			may(roleRegion, "location full name", "location"), may(roleClass, "class full name", "class"), may(roleCurrency, "currency"),
		},
	},
	{
		name: "QuickBooks Online Open Invoices", titles: []string{"open invoices"},
		shape: byCustomer, meaning: Snapshot, report: true, colons: true,
		columns: []column{
			need(roleDate, "date"), need(roleKind, "transaction type"), need(roleNumber, "num", "no."),
			need(roleDue, "due date"), need(roleOpen, "open balance"),
			may(roleTerms, "terms"), may(roleAmount, "amount"), may(roleRegion, "location full name", "location"),
			may(roleClass, "class full name", "class"), may(roleMemo, "memo/description", "memo"), may(roleCurrency, "currency"),
		},
	},
	{
		name: "QuickBooks Online Transaction List by Customer", titles: []string{"transaction list by customer", "transaction list by client"},
		shape: byCustomer, meaning: List, report: true, colons: true, transactions: true,
		columns: []column{
			need(roleDate, "date"), need(roleKind, "transaction type"), need(roleNumber, "num", "no."),
			need(rolePosting, "posting (y/n)", "posting"), need(roleAmount, "amount"),
			may(roleMemo, "memo/description", "memo"), may(roleDue, "due date"), may(roleTerms, "terms"), may(roleCurrency, "currency"),
		},
	},
	{
		name: "QuickBooks Online Invoices and Received Payments", titles: []string{"invoices and received payments"},
		shape: byCustomer, meaning: List, report: true, titled: true, colons: true, transactions: true,
		columns: []column{
			need(roleDate, "date"), need(roleKind, "transaction type"), need(roleNumber, "transaction number", "num", "no."), need(roleAmount, "amount"),
			may(roleMemo, "memo/description", "memo"), may(roleCurrency, "currency"),
		},
	},
	{
		name: "QuickBooks A/R Aging Summary", titles: []string{"a/r aging summary", "a/r ageing summary", "accounts receivable aging summary", "accounts receivable ageing summary"},
		shape: summary, meaning: Snapshot, report: true, colons: true, aged: true,
		columns: []column{may(roleCustomer, "customer", "customer full name", "client", "client full name", "name"), need(roleOpen, "total")},
	},
	{
		name:  "QuickBooks Desktop A/R Aging Detail",
		shape: byBucket, meaning: Snapshot, report: true, colons: true,
		columns: []column{
			need(roleKind, "type"), need(roleDate, "date"), need(roleNumber, "num"), need(roleCustomer, "name"),
			need(roleDue, "due date"), need(roleOpen, "open balance"),
			may(rolePO, "p. o. #", "p.o. #", "po #"), may(roleTerms, "terms"), may(roleClass, "class"), may(roleOwner, "rep"), may(roleMemo, "memo"),
			may(roleAmount, "amount", "original amount"),
		},
	},
	{
		name:  "QuickBooks Desktop Open Invoices",
		shape: byCustomer, meaning: Snapshot, report: true, colons: true,
		columns: []column{
			need(roleKind, "type"), need(roleDate, "date"), need(roleNumber, "num"), need(roleDue, "due date"), need(roleOpen, "open balance"),
			may(rolePO, "p. o. #", "p.o. #", "po #"), may(roleTerms, "terms"), may(roleClass, "class"), may(roleOwner, "rep"), may(roleMemo, "memo"),
			may(roleAmount, "amount", "original amount"),
		},
	},
}

// The reports of Xero are as in recorded files. The header of its invoice export
// (ContactName to Status, by way of InvoiceAmountPaid and InvoiceAmountDue) is that which
// programs that read and write the file have, without the asterisks of its import
// template; its types are "Sales invoice", "Sales credit note", "Sales overpayment" and
// their counterparts of bills.
var xeroLayouts = []*layout{
	{
		name: "Xero Aged Receivables Detail", titles: []string{"aged receivables detail"},
		shape: byCustomer, meaning: Snapshot, report: true, aged: true, months: true,
		columns: []column{
			need(roleNumber, "invoice number", "number"), need(roleDate, "invoice date", "date"), may(roleDue, "due date"),
			may(roleMemo, "invoice reference", "reference"), may(roleCustomer, "contact", "contact name"), need(roleOpen, "total"),
			may(roleKind, "type", "transaction type"), may(roleCurrency, "currency", "invoice currency"),
		},
	},
	{
		name: "Xero Aged Receivables Summary", titles: []string{"aged receivables summary"},
		shape: summary, meaning: Snapshot, report: true, aged: true, months: true,
		columns: []column{may(roleCustomer, "contact", "contact name"), need(roleOpen, "total")},
	},
	{
		name: "Xero sales invoices", shape: flat, meaning: List, lines: true,
		columns: []column{
			need(roleCustomer, "contactname"), need(roleNumber, "invoicenumber"), need(roleDate, "invoicedate"), may(roleDue, "duedate"),
			need(roleAmount, "total"), may(roleOpen, "invoiceamountdue"), may(roleSettled, "invoiceamountpaid"), may(roleCurrency, "currency"),
			may(roleStatus, "status"), may(roleKind, "type"), may(roleMemo, "reference"),
		},
	},
}

const odoo = "Odoo customer invoices"

// The remedies say how to export what is open.
const (
	freshBooksRemedy = "Add a column Balance to the file with what is still open of each of them (the same in all lines of an invoice), and import it again."
	odooRemedy       = "Export it with the column Amount Due."
	listRemedy       = "Export it with a column for what is open, such as Balance."
)

// listLayouts are lists of programs that have no aging report to export.
var listLayouts = append([]*layout{
	// As public importers of the export recognise it (Client Name, Invoice #, Date Issued,
	// Date Due, Invoice Status, Date Paid ... Line Total, Currency). It has no column for
	// what was paid in part; Balance is one that a person can add.
	{
		name: "FreshBooks Invoice Details", titles: []string{"invoice details"}, shape: flat, meaning: List, lines: true, silent: true, remedy: freshBooksRemedy,
		columns: []column{
			need(roleCustomer, "client name"), need(roleNumber, "invoice #"), need(roleDate, "date issued"), may(roleDue, "date due"),
			need(roleStatus, "invoice status"), may(rolePaid, "date paid"), need(roleLine, "line total"), may(roleCurrency, "currency"),
			may(roleOpen, "balance", "amount outstanding", "outstanding", "balance due"),
		},
	},
	// As in a recorded file.
	{
		name: "Zoho Invoice or Zoho Books invoices", shape: flat, meaning: List, lines: true,
		columns: []column{
			need(roleNumber, "invoice number"), may(roleID, "invoice id"), need(roleDate, "invoice date"), need(roleStatus, "invoice status"),
			need(roleCustomer, "customer name"), may(roleCustomerID, "customer id"), may(roleDue, "due date"),
			may(roleCurrency, "currency code"), need(roleAmount, "total"), need(roleOpen, "balance"),
			may(rolePO, "purchaseorder", "purchase order"), may(roleOwner, "sales person"), may(roleTerms, "payment terms label"),
			may(rolePaid, "last payment date"),
		},
	},
	// As public readers of the dashboard's export name its columns, old ("Date (UTC)",
	// "Customer") and new ("Created (UTC)", "Customer ID"). What they mean is in
	// docs.stripe.com/api/invoices/object: the amount due is the total less credit that the
	// customer had, before payments; the amount remaining, which not every export has, is
	// the amount due less the amount paid.
	{
		name: "Stripe invoices", shape: flat, meaning: List,
		columns: []column{
			need(roleID, "id", "invoice id"), need(roleNumber, "number", "invoice number"),
			need(roleCustomerID, "customer", "customer id"), may(roleCustomer, "customer name", "customer description", "customer email"),
			need(roleDate, "date (utc)", "finalized at (utc)", "created (utc)", "created date (utc)", "invoice date (utc)"),
			need(roleDue, "due date (utc)"),
			need(roleAmount, "total", "amount due"), may(roleOwed, "amount due"), may(roleOpen, "amount remaining"), may(roleSettled, "amount paid"),
			need(roleCurrency, "currency"), need(roleStatus, "status"), may(rolePaid, "paid at (utc)"),
			may(roleLost, "marked uncollectible at (utc)"), may(roleMemo, "description", "memo"),
		},
	},
	// As its source composes the header (buildHeader of app/Export/CSV): of the word for
	// the record and that for the field, in the company's language, so that a number is
	// "Invoice Invoice Number" or "Rechnung Rechnungsnummer".
	{
		name: "Invoice Ninja invoices", shape: flat, meaning: List,
		columns: []column{
			need(roleNumber, "invoice invoice number", "rechnung rechnungsnummer"),
			need(roleCustomer, "client name", "kunde name"), need(roleAmount, "invoice amount", "rechnung betrag"),
			need(roleOpen, "invoice balance", "rechnung saldo"), need(roleDate, "invoice date", "rechnung datum"),
			may(roleDue, "invoice due date", "rechnung fälligkeitsdatum"), need(roleStatus, "invoice status", "rechnung status"),
			may(rolePO, "invoice po number", "rechnung bestellnummer"), may(roleCurrency, "client currency", "kunde währung"),
			may(roleCustomerID, "client number", "client id number"), may(roleMemo, "invoice public notes"),
		},
	},
	// The same by the fields alone, as the first releases of version 5 composed it: they
	// export all of them, if nobody chooses.
	{
		name: "Invoice Ninja invoices", shape: flat, meaning: List,
		columns: []column{
			need(roleNumber, "number", "invoice number", "nummer"), need(roleCustomer, "client", "kunde"),
			need(roleAmount, "amount", "betrag"), need(roleOpen, "balance", "saldo"), need(roleSettled, "paid to date", "bereits gezahlt"),
			need(roleDate, "date", "datum"), may(roleDue, "due date", "fälligkeitsdatum"), need(roleStatus, "status"),
			may(rolePO, "po number", "bestellnummer"), may(roleCurrency, "currency", "währung"), may(roleMemo, "public notes"),
		},
	},
}, odooLayouts...)

// odooNames are the columns that all exports of Odoo have, by the labels of account.move in
// its source (addons/account/models/account_move.py) and, in French and Spanish, as public
// readers of its exports have them. Versions from 18 on have "Status In Payment" in the
// place of the payment status.
func odooNames(more ...column) []column {
	return append([]column{
		need(roleNumber, "number", "numéro", "número"),
		need(roleCustomer, "invoice partner display name", "nom d'affichage du partenaire de la facture", "nombre del socio a mostrar en la factura",
			"nombre del socio a mostrar en la factura.", "partner", "customer", "partner/display name"),
		need(roleDate, "invoice/bill date", "invoice date", "date de facturation", "fecha de factura/recibo"),
		may(roleDue, "due date", "invoice due date", "date d'échéance", "fecha de vencimiento"),
		need(rolePayment, "payment status", "status in payment", "payment state", "statut du paiement", "estado de pago"),
		may(roleStatus, "status", "state", "statut", "estado"), may(roleOwner, "salesperson", "invoice user"),
		may(roleKind, "type", "move type"), may(roleMemo, "reference", "payment reference", "référence", "referencia"), may(roleTerms, "payment terms"),
	}, more...)
}

// Odoo has each amount twice: in the currency of the invoice ("Total", "Total in Currency
// Signed", "Amount Due") and in that of the company ("Total Signed", "Amount Due Signed").
// The two must not be mixed, and the currency column is that of the invoice alone. "Total"
// and "Amount Due" have no minus in a credit note.
var (
	odooTotal    = need(roleAmount, "total in currency signed", "total in currency", "total signé en devises", "total en divisa con signo", "total en divisa firmado", "total")
	odooOpen     = need(roleOpen, "amount due", "amount due in currency signed", "montant dû", "importe adeudado")
	odooCurrency = need(roleCurrency, "currency", "invoice currency", "devise", "moneda", "divisa")
	odooCompany  = need(roleAmount, "total signed", "total signé", "total con signo")
)

var odooLayouts = []*layout{
	{name: odoo, shape: flat, meaning: List, rank: 4, unsigned: "total", columns: odooNames(odooTotal, odooOpen, odooCurrency)},
	{name: odoo, shape: flat, meaning: List, rank: 3, columns: odooNames(odooCompany, need(roleOpen, "amount due signed", "montant dû signé", "importe adeudado con signo"))},
	{name: odoo, shape: flat, meaning: List, rank: 2, unsigned: "total", columns: odooNames(odooTotal, odooOpen)},
	{name: odoo, shape: flat, meaning: List, rank: 1, unsigned: "total", remedy: odooRemedy, columns: odooNames(odooTotal, odooCurrency)},
	{name: odoo, shape: flat, meaning: List, remedy: odooRemedy, columns: odooNames(odooCompany)},
	{name: odoo, shape: flat, meaning: List, unsigned: "total", remedy: odooRemedy, columns: odooNames(need(roleAmount, "total"))},
}

// listOfDocuments is any table whose columns have the usual names, each of them once.
var listOfDocuments = &layout{
	name: "list of documents", shape: flat, meaning: List, generic: true, remedy: listRemedy,
	columns: []column{
		may(roleID, "id", "document id", "invoice id"),
		need(roleNumber, "invoice number", "invoice no", "invoice no.", "invoice #", "invoice", "document number", "doc no", "number", "num", "no.",
			"rechnungsnummer", "rechnungsnr", "rechnungsnr.", "rechnung", "belegnummer", "belegnr", "belegnr.", "nummer",
			"numéro de facture", "n° facture", "n° de facture", "facture", "numéro",
			"número de factura", "nº factura", "n.º de factura", "factura", "número"),
		may(roleKind, "type", "document type", "transaction type", "kind", "art", "belegart", "typ", "type de document", "tipo", "tipo de documento"),
		need(roleCustomer, "customer", "customer name", "client", "client name", "account name", "contact", "contact name", "debtor",
			"kunde", "kundenname", "debitor", "nom du client", "cliente", "nombre del cliente"),
		may(roleCustomerID, "customer id", "customer no", "customer no.", "customer number", "client id", "account number", "account no",
			"kundennummer", "kundennr", "kundennr.", "debitorennummer", "numéro client", "code client", "código de cliente", "nº cliente"),
		may(roleDate, "invoice date", "document date", "date", "issue date", "date issued", "rechnungsdatum", "belegdatum", "datum",
			"date de facture", "date facture", "date d'émission", "fecha de factura", "fecha factura", "fecha"),
		may(roleDue, "due date", "due", "date due", "fällig", "fällig am", "fälligkeit", "fälligkeitsdatum",
			"échéance", "date d'échéance", "date échéance", "vencimiento", "fecha de vencimiento"),
		may(roleAmount, "amount", "total", "invoice amount", "original amount", "gross", "betrag", "bruttobetrag", "rechnungsbetrag", "gesamtbetrag",
			"montant", "montant ttc", "total ttc", "importe", "importe total"),
		may(roleOpen, "balance", "open balance", "open amount", "outstanding", "amount due", "balance due", "amount outstanding", "remaining", "open",
			"offen", "offener betrag", "offen betrag", "restbetrag", "saldo", "solde", "solde dû", "reste à payer", "montant dû", "pendiente", "saldo pendiente", "importe pendiente"),
		may(rolePaid, "paid date", "date paid", "payment date", "bezahlt am", "date de paiement", "fecha de pago"),
		may(roleCurrency, "currency", "currency code", "währung", "devise", "moneda", "divisa"),
		may(roleStatus, "status", "invoice status", "état", "statut", "estado"),
		may(roleTerms, "terms", "payment terms", "zahlungsziel", "conditions de paiement", "condiciones de pago"),
		may(rolePO, "po number", "po", "purchase order", "bestellnummer", "bon de commande", "pedido"),
		may(roleOwner, "sales rep", "salesperson", "sales person", "sales owner", "vertreter", "commercial", "comercial"),
	},
}
