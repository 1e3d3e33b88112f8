package metric

import "arbot/ar"

// Book is the sums of a slice of the book, with the figures that are made of them.
type Book struct{ ar.Sums }

// Books returns the books of sums that a store has made.
func Books(all []ar.Sums) []Book {
	books := make([]Book, len(all))
	for n, s := range all {
		books[n] = Book{Sums: s}
	}
	return books
}

// Until returns the book as it was after its first periods: for a trend, the same
// figure is taken of each. How earlier periods were paid is as it's known today.
func (b Book) Until(periods int) Book {
	b.Periods = b.Periods[:periods:periods]
	return b
}
