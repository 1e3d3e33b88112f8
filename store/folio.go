package store

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"

	"arbot/ar"
	"arbot/ar/metric"
)

// A folio is a leaf of the ledger: the posted documents of a source whose ids are
// within a span, with what was applied to and from each of them. It's kept in few bytes
// beside the documents, since sums over the whole book read them all: folios are read in
// a hundredth of the time that rows of tables take.
//
// What a folio holds follows from its documents and their applications alone, so that
// whoever writes one of these drops the folio (see folio_keep.go), and any sum can be made of it:
// as of any date, in any buckets, at any rates, by what a customer is today. (Totals
// by month would be about as many as there are documents, once they're kept by owner, segment,
// terms, currency, bucket and day; each late change would have to find all those that it moves.)
//
// In bytes: the format, the customers, the classes, and the documents by id. A class is
// what few documents differ in: kind, currency, terms and rate. Numbers are varints (as of
// encoding/binary), what is close to something else is stored as the difference.

const (
	// folioSize is how many ids of documents a folio spans.
	folioSize = 1024
	// folioFormat is the first byte: a folio of another format is made anew.
	folioFormat = 1
)

// errFolio says that bytes are no folio of this format.
var errFolio = errors.New("not a folio of this version")

// folioOf is the number of the folio that a document is in.
func folioOf(document int64) int64 { return document / folioSize }

var (
	documentKinds    = []ar.DocumentKind{ar.Invoice, ar.CreditMemo, ar.Payment, ar.Refund, ar.Journal}
	applicationKinds = []ar.ApplicationKind{ar.ByPayment, ar.ByCredit, ar.ByWriteOff}
)

// What the first number of an application says: its kind, its side, and whether it takes
// all that is open at that point, which most do; then there's no amount.
const (
	appliedKinds = 4
	appliedSides = 4
	appliedWhole = appliedKinds * appliedSides
)

// encodeFolio writes documents, all of one source, by id.
func encodeFolio(rows []metric.Row) []byte {
	customers, classes := dictionaries(rows)
	b := append(make([]byte, 0, 64+12*len(rows)), folioFormat)
	b = binary.AppendUvarint(b, uint64(len(customers)))
	last := int64(0)
	for _, id := range customers {
		b = binary.AppendVarint(b, id-last)
		last = id
	}
	b = binary.AppendUvarint(b, uint64(len(classes)))
	at := make(map[ar.Document]int, len(classes))
	for n, c := range classes {
		at[c] = n
		b = binary.AppendUvarint(b, uint64(slices.Index(documentKinds, c.Kind)))
		for _, text := range []string{string(c.Amount.Currency()), c.Terms, string(c.Rate)} {
			b = binary.AppendUvarint(b, uint64(len(text)))
			b = append(b, text...)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(rows)))
	var id, date int64
	for _, row := range rows {
		d := row.Document
		customer, _ := slices.BinarySearch(customers, int64(d.Customer))
		b = binary.AppendUvarint(b, uint64(int64(d.ID)-id))
		b = binary.AppendUvarint(b, uint64(customer))
		b = binary.AppendUvarint(b, uint64(at[classOf(d)]))
		b = binary.AppendVarint(b, d.Date.EpochDays()-date)
		b = binary.AppendVarint(b, int64(d.Due.Sub(d.Date)))
		b = binary.AppendVarint(b, d.Amount.Minor())
		b = appendApplied(b, row)
		id, date = int64(d.ID), d.Date.EpochDays()
	}
	return b
}

// appendApplied writes what was applied to and from a document, by date.
func appendApplied(b []byte, row metric.Row) []byte {
	slices.SortFunc(row.Applied, func(a, b metric.Applied) int {
		return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.Side, b.Side), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Amount.Minor(), b.Amount.Minor()))
	})
	b = binary.AppendUvarint(b, uint64(len(row.Applied)))
	open := row.Document.Effect().Minor()
	for _, a := range row.Applied {
		head := slices.Index(applicationKinds, a.Kind) + appliedKinds*int(a.Side)
		if a.Amount.Minor() == wholeOf(open, a.Side) {
			head += appliedWhole
		}
		b = binary.AppendUvarint(b, uint64(head))
		b = binary.AppendVarint(b, int64(a.On.Sub(row.Document.Date)))
		if head < appliedWhole {
			b = binary.AppendVarint(b, a.Amount.Minor())
		}
		open = afterwards(open, a.Amount.Minor(), a.Side)
	}
	return b
}

// wholeOf is the amount of an application that leaves nothing open.
func wholeOf(open int64, side metric.Side) int64 {
	if side == metric.From {
		return -open
	}
	return open
}

// afterwards is what is open after an amount was applied.
func afterwards(open, amount int64, side metric.Side) int64 {
	if side == metric.From {
		return open + amount
	}
	return open - amount
}

// classOf is a document with nothing but what its class says.
func classOf(d ar.Document) ar.Document {
	return ar.Document{Kind: d.Kind, Amount: ar.NewMoney(0, d.Amount.Currency()), Terms: d.Terms, Rate: d.Rate}
}

// dictionaries are the customers of documents, by id, and their classes.
func dictionaries(rows []metric.Row) (customers []int64, classes []ar.Document) {
	customers = make([]int64, len(rows))
	known := map[ar.Document]bool{}
	for n, row := range rows {
		customers[n] = int64(row.Document.Customer)
		if class := classOf(row.Document); !known[class] {
			known[class] = true
			classes = append(classes, class)
		}
	}
	slices.Sort(customers)
	return slices.Compact(customers), classes
}
