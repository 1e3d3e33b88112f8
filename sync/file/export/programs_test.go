package export

import (
	"strings"
	"testing"

	"arbot/ar"
)

// list is a file of a program's list, with what must be read of it.
type list struct {
	name, layout, text string
	settings           Settings
	want               facts
	warns              string // words of a warning, "" for none
}

func (l list) run(t *testing.T) {
	t.Parallel()
	e, rows := read(t, write(t, "x.csv", l.text), l.settings)
	if e.Layout != l.layout {
		t.Errorf("it was taken for %q", e.Layout)
	}
	l.want.check(t, e, rows)
	if said := strings.Join(e.Warnings, "\n"); (said != "") != (l.warns != "") || !strings.Contains(said, l.warns) {
		t.Errorf("it warns %q, want %q", said, l.warns)
	}
}

func runLists(t *testing.T, lists []list) {
	t.Helper()
	for _, l := range lists {
		t.Run(l.name, l.run)
	}
}

// TestStripeInvoices: what is open is the amount due less what was paid, not the total less
// it, since credit that the customer had is not in the amount due.
func TestStripeInvoices(t *testing.T) {
	t.Parallel()
	const stripe = "Stripe invoices"
	const old = "id,Amount Due,Billing,Closed,Currency,Customer,Date (UTC),Due Date (UTC),Number,Paid,Subtotal,Total,Amount Paid,Status,Customer Name,Finalized At (UTC),Marked Uncollectible At (UTC)\n"
	runLists(t, []list{
		{
			name: "without the amount remaining", layout: stripe, want: facts{Rows: 3, Total: "60.00"},
			text: old + "in_1,100.00,send_invoice,FALSE,usd,cus_1,2026-09-01 10:00,2026-10-01 10:00,A-1,FALSE,100.00,100.00,40.00,open,Elm,2026-09-01 11:00,\n" +
				"in_2,10.00,send_invoice,TRUE,usd,cus_1,2026-09-01 10:00,,A-2,TRUE,10.00,10.00,10.00,paid,Elm,,\n" +
				"in_3,10.00,send_invoice,FALSE,usd,cus_2,2026-09-01 10:00,2026-10-01 10:00,,FALSE,10.00,10.00,0.00,draft,Fir,,\n",
		},
		{
			name: "credit of the customer is off the amount due", layout: stripe, want: facts{Rows: 1, Total: "75.00"},
			text: old + "in_1,80.00,send_invoice,FALSE,usd,cus_1,2026-09-01 10:00,2026-10-01 10:00,A-1,FALSE,100.00,100.00,5.00,open,Elm,,\n",
		},
		{
			name: "with the amount remaining, and the names of newer exports", layout: stripe, want: facts{Rows: 2, Total: "33.50"},
			text: "id,Number,Customer ID,Customer Email,Currency,Created (UTC),Due Date (UTC),Total,Amount Due,Amount Paid,Amount Remaining,Status\n" +
				"in_1,A-1,cus_1,a@example.com,usd,2026-09-01 10:00,2026-10-01 10:00,50.00,40.00,10.00,30.00,open\nin_2,A-2,cus_2,b@example.com,usd,2026-09-01 10:00,,3.50,3.50,0.00,3.50,open\n",
		},
		{
			name: "a bad debt is no A/R", layout: stripe, want: facts{Rows: 2, Total: "7.00"}, warns: "1 document is given up as bad debts: nothing of them counts as open.",
			text: old + "in_1,100.00,send_invoice,FALSE,usd,cus_1,2026-09-01 10:00,2026-10-01 10:00,A-1,FALSE,100.00,100.00,40.00,uncollectible,Elm,,2026-11-05 08:00\n" +
				"in_2,7.00,send_invoice,FALSE,usd,cus_1,2026-09-01 10:00,2026-10-01 10:00,A-2,FALSE,7.00,7.00,0.00,open,Elm,,\n",
		},
		{
			name: "yen, and an invoice that is void", layout: stripe, want: facts{Rows: 2, Totals: map[string]string{"JPY": "1200"}},
			text: old + "in_1,1200,send_invoice,FALSE,jpy,cus_1,2026-09-01 10:00,2026-10-01 10:00,A-1,FALSE,1200,1200,0,open,Elm,,\nin_2,7,send_invoice,FALSE,jpy,cus_1,2026-09-01 10:00,2026-10-01 10:00,A-2,FALSE,7,7,0,void,Elm,,\n",
		},
	})
	_, rows := read(t, write(t, "x.csv", old+"in_1,100.00,send_invoice,FALSE,usd,cus_1,2026-09-01 10:00,2026-10-01 10:00,A-1,FALSE,100.00,100.00,40.00,uncollectible,Elm,,2026-11-05 08:00\n"), Settings{})
	if want := ar.NewDate(2026, 11, 5); rows[0].Settled != want || !rows[0].Open.IsZero() {
		t.Errorf("it was settled on %s with %s open, want %s", rows[0].Settled, rows[0].Open, want)
	}
}

func TestInvoiceNinjaInvoices(t *testing.T) {
	t.Parallel()
	const ninja = "Invoice Ninja invoices"
	runLists(t, []list{
		{
			name: "with the word for the record", layout: ninja, want: facts{Rows: 2, Totals: map[string]string{"EUR": "40.00"}, First: map[string]string{"invoice": "0001"}},
			text: "Client Name,Client Currency,Invoice Invoice Number,Invoice Amount,Invoice Balance,Invoice Paid to Date,Invoice PO Number,Invoice Date,Invoice Due Date,Invoice Status\n" +
				"Elm,EUR,0001,100.00,40.00,60.00,PO7,2026-09-01,2026-10-01,Partial\nFir,EUR,0002,10.00,0.00,10.00,,2026-09-01,2026-10-01,Paid\n",
		},
		{
			name: "in German", layout: ninja, want: facts{Rows: 2, Totals: map[string]string{"EUR": "1034.50"}}, settings: Settings{Currency: "EUR"},
			text: "Kunde Name;Kunde Währung;Rechnung Rechnungsnummer;Rechnung Betrag;Rechnung Saldo;Rechnung Datum;Rechnung Fälligkeitsdatum;Rechnung Status\n" +
				"Elm;EUR;0001;1.034,50;1.034,50;01.09.2026;31.10.2026;Versendet\nFir;EUR;0002;10,00;0,00;01.09.2026;31.10.2026;Bezahlt\n",
		},
		{
			name: "by the fields alone", layout: ninja, want: facts{Rows: 2, Total: "40.00"},
			text: "Amount,Balance,Client,Date,Discount,Due Date,Number,Paid to Date,PO Number,Status,Currency\n100.00,40.00,Elm,2026-09-01,0,2026-10-01,0001,60.00,,Partial,USD\n10.00,10.00,Fir,2026-09-01,0,2026-10-01,0002,0.00,,Draft,USD\n",
		},
		{
			name: "names that any program has are no program's", layout: "list of documents", want: facts{Rows: 2, Total: "35.00", Credit: "-5.00"},
			text: "Invoice Number,Type,Client Name,Amount,Balance,Invoice Date,Due Date,Status\n0001,Invoice,Elm,100.00,40.00,2026-09-01,2026-10-01,Open\n0002,Credit Note,Elm,5.00,5.00,2026-09-01,2026-10-01,Open\n",
		},
	})
}

// TestOdooInvoices: amounts in the currency of the invoice and in that of the company are not
// mixed.
func TestOdooInvoices(t *testing.T) {
	t.Parallel()
	const doc = "Number,Invoice Partner Display Name,Invoice/Bill Date,Due Date,Salesperson,Total in Currency Signed,Amount Due,Payment Status,Status,Currency\n"
	runLists(t, []list{
		{
			name: "in the currency of the invoice", layout: odoo, want: facts{Rows: 3, Total: "35.00", Credit: "-5.00"},
			text: doc + "INV/2026/1,Elm,2026-09-01,2026-10-01,dana@example.com,100.00,40.00,Partially Paid,Posted,USD\nRINV/2026/1,Elm,2026-09-01,2026-09-01,,-5.00,5.00,Not Paid,Posted,USD\nINV/2026/2,Fir,2026-09-01,2026-10-01,,10.00,10.00,Not Paid,Draft,USD\n",
		},
		{
			name: "two currencies", layout: odoo, want: facts{Rows: 2, Totals: map[string]string{"USD": "10.00", "EUR": "40.00"}},
			text: doc + "INV/2026/1,Elm,2026-09-01,2026-10-01,,100.00,40.00,Partially Paid,Posted,EUR\nINV/2026/2,Fir,2026-09-01,2026-10-01,,10.00,10.00,Not Paid,Posted,USD\n",
		},
		{
			name: "in the company's currency, whatever that of the invoice", layout: odoo, want: facts{Rows: 2, Total: "54.00"},
			text: "Number,Invoice Partner Display Name,Invoice/Bill Date,Due Date,Untaxed Amount Signed,Total Signed,Amount Due Signed,Status In Payment,Currency\n" +
				"INV/2026/1,Elm,2026-09-01,2026-10-01,92.00,110.00,44.00,Partially Paid,EUR\nINV/2026/2,Fir,2026-09-01,2026-10-01,8.00,10.00,10.00,Not Paid,USD\n",
		},
		{
			name: "the list as it is by default", layout: odoo, want: facts{Rows: 4, Total: "105.00", Credit: "-5.00"}, warns: "1 document is paid in part and the file does not say how much: they count as open in full. Export it with the column Amount Due.",
			text: "Number,Invoice Partner Display Name,Invoice/Bill Date,Due Date,Untaxed Amount Signed,Total Signed,Total in Currency Signed,Payment Status,Status\n" +
				"INV/2026/1,Elm,2026-09-01,2026-10-01,92.00,110.00,110.00,Partially Paid,Posted\nINV/2026/2,Fir,2026-09-01,2026-10-01,8.00,10.00,10.00,In Payment,Posted\nRINV/2026/3,Fir,2026-09-01,2026-10-01,-5.00,-5.00,-5.00,Not Paid,Posted\nINV/2026/4,Fir,2026-09-01,2026-10-01,8.00,10.00,10.00,Not Paid,Cancelled\n",
		},
		{
			name: "in French", layout: odoo, settings: Settings{Currency: "EUR"}, want: facts{Rows: 2, Totals: map[string]string{"EUR": "40.00"}},
			text: "Numéro;Nom d'affichage du partenaire de la facture;Date de facturation;Date d'échéance;Total signé;Montant dû signé;Statut du paiement;Statut\nFAC/2026/1;Elm;2026-09-01;2026-10-01;100,00;40,00;Partiellement payé;Comptabilisé\nFAC/2026/2;Fir;2026-09-01;2026-10-01;10,00;10,00;Non payé;Brouillon\n",
		},
		{
			name: "in Spanish", layout: odoo, settings: Settings{Currency: "EUR"}, want: facts{Rows: 2, Totals: map[string]string{"USD": "40.00"}},
			text: "Número;Nombre del socio a mostrar en la factura.;Fecha de Factura/Recibo;Fecha de vencimiento;Total en divisa con signo;Importe adeudado;Moneda;Estado de pago;Estado\nFAC/1;Elm;2026-09-01;2026-10-01;100,00;40,00;USD;Pagado parcialmente;Publicado\nFAC/2;Fir;2026-09-01;2026-10-01;10,00;10,00;USD;No pagadas;Cancelado\n",
		},
	})
	const unsigned = "Number,Partner,Invoice Date,Due Date,Total,Amount Due,Payment Status\nINV/2026/1,Elm,2026-09-01,2026-10-01,100.00,40.00,Partially Paid\nRINV/2026/1,Elm,2026-09-01,2026-10-01,5.00,5.00,Not Paid\n"
	_, err := Check(t.Context(), write(t, "x.csv", unsigned), Settings{Currency: "USD", AsOf: today})
	if err == nil || !strings.Contains(err.Error(), "row 3") || !strings.Contains(err.Error(), "RINV/2026/1 looks like a credit note") {
		t.Errorf("a credit note without a minus ends with %v", err)
	}
	e, rows := read(t, write(t, "x.csv", strings.NewReplacer("Payment Status\n", "Payment Status,Type\n", "Partially Paid\n", "Partially Paid,Customer Invoice\n", "Not Paid\n", "Not Paid,Customer Credit Note\n").Replace(unsigned)), Settings{})
	facts{Rows: 2, Total: "35.00", Credit: "-5.00"}.check(t, e, rows)
}

// TestXeroInvoicesWithoutAsterisks: the export has the names of the import template without
// its asterisks, and overpayments, which have no number.
func TestXeroInvoicesWithoutAsterisks(t *testing.T) {
	t.Parallel()
	const xero = "ContactName,EmailAddress,POAddressLine1,POCountry,SACountry,InvoiceNumber,Reference,InvoiceDate,DueDate,PlannedDate,Total,TaxTotal,InvoiceAmountPaid,InvoiceAmountDue,InventoryItemCode,Description,Quantity,UnitAmount,Discount,LineAmount,AccountCode,TaxType,TaxAmount,TrackingName1,TrackingOption1,Currency,Type,Sent,Status\n"
	row := func(number, total, due, kind, state string) string {
		return "Elm,,,,," + number + ",,13/10/2026,12/11/2026,," + total + ",0.00,0.00," + due + ",,a,1,1,,1.00,200,,0.00,,,USD," + kind + ",Sent," + state + "\n"
	}
	runLists(t, []list{
		{
			name: "invoices and credit notes", layout: "Xero sales invoices", want: facts{Rows: 3, Total: "50.00", Credit: "-10.00"},
			text: xero + row("INV-1", "100.00", "60.00", "Sales invoice", "Awaiting Payment") + row("INV-1", "100.00", "60.00", "Sales invoice", "Awaiting Payment") +
				row("CN-1", "10.00", "10.00", "Sales credit note", "Awaiting Payment") + row("INV-2", "5.00", "5.00", "Sales invoice", "Voided"),
		},
		{
			name: "overpayments have no number", layout: "Xero sales invoices", want: facts{Rows: 3, Total: "-18.00", Credit: "-18.00"},
			text: xero + row("", "10.00", "10.00", "Sales overpayment", "Awaiting Payment") + row("", "10.00", "4.00", "Sales overpayment", "Awaiting Payment") + row("", "5.00", "4.00", "Sales prepayment", "Awaiting Payment"),
		},
		{
			name: "bills are none of A/R", layout: "Xero sales invoices", want: facts{Rows: 1, Total: "60.00"}, warns: `2 rows of the kind "Bill overpayment" are not part of A/R`,
			text: xero + row("INV-1", "100.00", "60.00", "Sales invoice", "Awaiting Payment") + row("", "1.00", "1.00", "Bill overpayment", "Awaiting Payment") + row("", "1.00", "1.00", "Bill overpayment", "Awaiting Payment"),
		},
	})
	_, err := Check(t.Context(), write(t, "x.csv", xero+row("", "10.00", "10.00", "Sales invoice", "Awaiting Payment")), Settings{Currency: "USD", AsOf: today})
	if err == nil || !strings.Contains(err.Error(), "Every line needs the number of its invoice") {
		t.Errorf("an invoice without a number ends with %v", err)
	}
}

// TestFreshBooksSaysWhatItDoesNotKnow: its export has no balance, so it is said what counts
// as open in full and how to say better.
func TestFreshBooksSaysWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	const layout = "FreshBooks Invoice Details"
	const head = "Client Name,Invoice #,Date Issued,Date Due,Invoice Status,Date Paid,Item Name,Item Description,Rate,Quantity,Discount Percentage,Line Subtotal,Tax 1 Type,Tax 1 Amount,Tax 2 Type,Tax 2 Amount,Line Total,Currency"
	row := func(number, state, total string) string {
		return "Elm," + number + ",2026-08-01,2026-09-01," + state + ",,Dues,,1,1,0,1,,0,,0," + total + ",USD"
	}
	runLists(t, []list{
		{
			name: "no balance", layout: layout, want: facts{Invoices: 3, TotalDue: "500.00"},
			warns: "2 documents are not called paid count as open in full, also where something was paid of them (1 are called partly paid). Add a column Balance",
			text:  head + "\n" + row("1", "partial", "400.00") + "\n" + row("1", "partial", "30.00") + "\n" + row("2", "overdue", "70.00") + "\n" + row("3", "paid", "9.00") + "\n",
		},
		{
			name: "a balance that was added", layout: layout, want: facts{Invoices: 3, TotalDue: "220.00"},
			text: head + ",Balance\n" + row("1", "partial", "400.00") + ",150.00\n" + row("1", "partial", "30.00") + ",150.00\n" + row("2", "overdue", "70.00") + ",70.00\n" + row("3", "paid", "9.00") + ",\n",
		},
		{
			name: "nothing is open", layout: layout, want: facts{Invoices: 1},
			text: head + "\n" + row("3", "paid", "9.00") + "\n",
		},
	})
	_, err := Check(t.Context(), write(t, "x.csv", head+",Balance\n"+row("1", "partial", "400.00")+",150.00\n"+row("1", "partial", "30.00")+",15.00\n"), Settings{Currency: "USD", AsOf: today})
	if err == nil || !strings.Contains(err.Error(), "row 3") {
		t.Errorf("two balances of one invoice end with %v", err)
	}
}

// TestListsOfQuickBooksOnline: the newer interface writes Memo, and no blank first column.
func TestListsOfQuickBooksOnline(t *testing.T) {
	t.Parallel()
	runLists(t, []list{
		{
			name: "Invoice List by Date", layout: "QuickBooks Online Invoice List", want: facts{Rows: 2, Total: "40.00"},
			text: "Birch LLC,,,,,,,\r\nInvoice List by Date,,,,,,,\r\n\"January 1-November 25, 2026\",,,,,,,\r\n\r\nDate,Transaction type,Num,Name,Memo,Due date,Amount,Open balance\r\n9/30/2026,Invoice,1,Elm,,10/30/2026,100.00,40.00\r\n10/1/2026,Invoice,2,Fir:Job,,10/31/2026,50.00,0.00\r\nTOTAL,,,,,,$150.00,$40.00\r\n\r\n\r\n\r\n\" Wednesday, November 25, 2026 09:30 PM GMT-05:00\",,,,,,,\r\n",
		},
		{
			name: "Transaction List by Customer of the older interface", layout: "QuickBooks Online Transaction List by Customer", want: facts{Rows: 2, Total: "40.00"},
			text: "Birch LLC\nTransaction List by Customer\nJanuary - November 2026\n\n,Date,Transaction Type,Num,Posting,Memo/Description,Account,Amount\nElm,,,,,,,\n,09/30/2026,Invoice,1,Yes,,Accounts Receivable,100.00\n,10/15/2026,Payment,77,Yes,,Undeposited Funds,60.00\nTotal for Elm,,,,,,,\"$160.00\"\n",
		},
		{
			name: "Transaction List by Customer of the newer one", layout: "QuickBooks Online Transaction List by Customer", want: facts{Rows: 2, Total: "40.00"},
			text: "Transaction List by Customer\nBirch LLC\n\"January 1-November 25, 2026\"\n\n,Date,Transaction type,Num,Posting (Y/N),Memo,Account full name,Amount\nElm,,,,,,,\n,09/30/2026,Invoice,1,Yes,,Accounts Receivable,100.00\n,10/15/2026,Payment,77,Yes,,Undeposited Funds,-60.00\nTotal for Elm,,,,,,,$40.00\nTOTAL,,,,,,,$40.00\n",
		},
		{
			name: "Invoices and Received Payments", layout: "QuickBooks Online Invoices and Received Payments", want: facts{Rows: 3, Total: "40.00"},
			text: "Birch LLC,,,,,\nInvoices and Received Payments,,,,,\n\"January 1-November 25, 2026\",,,,,\n\n,Date,Transaction type,Memo/Description,Transaction number,Amount\nElm,,,,,\n,09/30/2026,Invoice,,1,100.00\n,10/15/2026,Payment,,,60.00\nFir,,,,,\n,10/15/2026,Payment,,,0.00\n\n\n\n\" Wednesday, November 25, 2026 09:30 PM GMT-05:00\",,,,,\n",
		},
	})
}
