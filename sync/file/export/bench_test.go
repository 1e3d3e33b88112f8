package export

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkCheck checks a list of 100,000 documents and reads it.
func BenchmarkCheck(b *testing.B) {
	const rows = 100_000
	var text strings.Builder
	text.WriteString("Invoice,Customer,Invoice Date,Due Date,Amount,Balance\n")
	for n := range rows {
		fmt.Fprintf(&text, "INV-%08d,\"Customer, number %d\",%02d/%02d/2026,12/31/2026,\"%d,%03d.50\",\"%d,%03d.50\"\n", n, n%5000, 1+n%12, 1+n%28, 1+n%9, n%1000, 1+n%9, n%1000)
	}
	path := write(b, "large.csv", text.String())
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		e, err := Check(b.Context(), path, Settings{Currency: "USD", AsOf: today})
		if err != nil {
			b.Fatal(err)
		}
		if n := len(rowsOf(b, e)); n != rows {
			b.Fatalf("%d rows", n)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
}
