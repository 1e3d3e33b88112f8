package export

// The header texts below are those that the programs write; they are compared without
// case, without asterisks and with single spaces.
var layouts = []*layout{
	{
		name: "QuickBooks Online A/R Aging Detail", titles: []string{"a/r aging detail", "a/r ageing detail", "accounts receivable aging detail"},
		shape: byBucket, meaning: Snapshot, report: true, colons: true,
		columns: []column{
			need(roleDate, "date"), need(roleKind, "transaction type"), may(roleNumber, "num", "no."),
			need(roleCustomer, "customer full name", "customer", "name"), need(roleDue, "due date"),
			may(roleAmount, "amount"), need(roleOpen, "open balance"),
			may(roleRegion, "location full name", "location", "department"), may(roleClass, "class full name", "class"),
			may(roleOwner, "sales rep"), may(roleTerms, "terms"), may(roleMemo, "memo/description"), may(rolePO, "p.o. number"),
			may(roleCurrency, "currency"),
		},
	},
	{
		name: "QuickBooks Online Invoice List", titles: []string{"invoice list", "invoices list"},
		shape: flat, meaning: List, report: true, titled: true, colons: true,
		columns: []column{
			need(roleDate, "date"), may(roleKind, "transaction type"), need(roleNumber, "num", "no."),
			need(roleCustomer, "name", "customer full name", "customer"), need(roleDue, "due date"),
			need(roleAmount, "amount"), need(roleOpen, "open balance"),
			may(roleTerms, "terms"), may(roleMemo, "memo/description"), may(roleOwner, "sales rep"),
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
			may(roleClass, "class full name", "class"), may(roleCurrency, "currency"),
		},
	},
	{
		name: "QuickBooks Online Transaction List by Customer", titles: []string{"transaction list by customer"},
		shape: byCustomer, meaning: List, report: true, colons: true, transactions: true,
		columns: []column{
			need(roleDate, "date"), need(roleKind, "transaction type"), need(roleNumber, "num", "no."),
			need(rolePosting, "posting (y/n)", "posting"), need(roleAmount, "amount"),
			may(roleMemo, "memo/description"), may(roleDue, "due date"), may(roleTerms, "terms"), may(roleCurrency, "currency"),
		},
	},
	{
		name: "QuickBooks A/R Aging Summary", titles: []string{"a/r aging summary", "a/r ageing summary", "accounts receivable aging summary"},
		shape: summary, meaning: Snapshot, report: true, colons: true, aged: true,
		columns: []column{may(roleCustomer, "customer", "customer full name", "name"), need(roleOpen, "total")},
	},
	{
		name:  "QuickBooks Desktop A/R Aging Detail",
		shape: byBucket, meaning: Snapshot, report: true, colons: true,
		columns: []column{
			need(roleKind, "type"), need(roleDate, "date"), need(roleNumber, "num"), need(roleCustomer, "name"),
			need(roleDue, "due date"), need(roleOpen, "open balance"),
			may(rolePO, "p. o. #", "p.o. #", "po #"), may(roleTerms, "terms"), may(roleClass, "class"), may(roleOwner, "rep"), may(roleMemo, "memo"),
			may(roleAmount, "amount"),
		},
	},
	{
		name:  "QuickBooks Desktop Open Invoices",
		shape: byCustomer, meaning: Snapshot, report: true, colons: true,
		columns: []column{
			need(roleKind, "type"), need(roleDate, "date"), need(roleNumber, "num"), need(roleDue, "due date"), need(roleOpen, "open balance"),
			may(rolePO, "p. o. #", "p.o. #", "po #"), may(roleTerms, "terms"), may(roleClass, "class"), may(roleOwner, "rep"), may(roleAmount, "amount"),
		},
	},
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
	{
		name: "FreshBooks Invoice Details", titles: []string{"invoice details"}, shape: flat, meaning: List, lines: true,
		columns: []column{
			need(roleCustomer, "client name"), need(roleNumber, "invoice #"), need(roleDate, "date issued"), may(roleDue, "date due"),
			need(roleStatus, "invoice status"), may(rolePaid, "date paid"), need(roleLine, "line total"), may(roleCurrency, "currency"),
		},
	},
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
	{
		name: "Stripe invoices", shape: flat, meaning: List,
		columns: []column{
			need(roleID, "id"), need(roleNumber, "number"), need(roleCustomerID, "customer"), may(roleCustomer, "customer name", "customer email"),
			need(roleDate, "date (utc)", "created (utc)", "created date (utc)", "finalized at (utc)"), need(roleDue, "due date (utc)"),
			need(roleAmount, "total", "amount due"), may(roleOpen, "amount remaining"), may(roleSettled, "amount paid"),
			need(roleCurrency, "currency"), need(roleStatus, "status"), may(rolePaid, "paid at (utc)"), may(roleMemo, "description"),
		},
	},
	{
		name: "Invoice Ninja invoices", shape: flat, meaning: List,
		columns: []column{
			need(roleNumber, "invoice number", "invoice invoice number"), need(roleCustomer, "client", "client name"),
			need(roleAmount, "amount", "invoice amount"), need(roleOpen, "balance", "invoice balance"),
			need(roleDate, "date", "invoice date"), may(roleDue, "due date", "invoice due date"), need(roleStatus, "status", "invoice status"),
			may(rolePO, "po number", "invoice po number"), may(roleCurrency, "currency", "client currency", "currency code"),
			may(roleCustomerID, "client id", "client id number", "client number"), may(roleMemo, "public notes", "invoice public notes"),
		},
	},
	{
		name: "Odoo customer invoices", shape: flat, meaning: List,
		columns: []column{
			need(roleNumber, "number"), need(roleCustomer, "invoice partner display name", "partner", "customer", "partner/display name"),
			need(roleDate, "invoice/bill date", "invoice date"), may(roleDue, "due date", "invoice due date"),
			need(roleAmount, "total in currency signed", "total in currency", "total signed", "total"),
			need(roleOpen, "amount due", "amount due signed", "amount due in currency signed"),
			need(rolePayment, "payment status", "payment state"), may(roleStatus, "status", "state"),
			may(roleOwner, "salesperson", "invoice user"), may(roleCurrency, "currency", "invoice currency"),
			may(roleKind, "type", "move type"), may(roleMemo, "reference", "payment reference"), may(roleTerms, "payment terms"),
		},
	},
	listOfDocuments,
}

// listOfDocuments is any table whose columns have the usual names, each of them once.
var listOfDocuments = &layout{
	name: "list of documents", shape: flat, meaning: List, generic: true,
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
		may(roleOpen, "balance", "open balance", "open amount", "outstanding", "amount due", "balance due", "amount outstanding", "remaining",
			"offen", "offener betrag", "offen betrag", "restbetrag", "saldo", "solde", "solde dû", "reste à payer", "montant dû", "pendiente", "saldo pendiente", "importe pendiente"),
		may(rolePaid, "paid date", "date paid", "payment date", "bezahlt am", "date de paiement", "fecha de pago"),
		may(roleCurrency, "currency", "currency code", "währung", "devise", "moneda", "divisa"),
		may(roleStatus, "status", "invoice status", "état", "statut", "estado"),
		may(roleTerms, "terms", "payment terms", "zahlungsziel", "conditions de paiement", "condiciones de pago"),
		may(rolePO, "po number", "po", "purchase order", "bestellnummer", "bon de commande", "pedido"),
		may(roleOwner, "sales rep", "salesperson", "sales person", "sales owner", "vertreter", "commercial", "comercial"),
	},
}
