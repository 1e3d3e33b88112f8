package store

import (
	"strings"
	"unicode/utf8"
)

// leastScore is what a match must reach to be worth showing.
const leastScore = 0.5

// nearlyExact caps the score of everything that is not the same.
const nearlyExact = 0.99

// scoreName tells how well a name fits, 0 to 1: each word typed is held against the
// word of the name that it fits best, long words weigh more, and what the name has
// beside them takes a little away.
func (n needle) scoreName(name string) float64 {
	words := foldWords(name)
	if strings.Join(words, "") == n.key {
		return 1
	}
	var sum, weight, matched float64
	for _, typed := range n.words {
		best, length := 0.0, 0
		for _, word := range words {
			if s := likeness(typed, word); s > best {
				best, length = s, utf8.RuneCountInString(word)
			}
		}
		size := float64(utf8.RuneCountInString(typed))
		sum += best * size
		weight += size
		if best > 0 {
			matched += float64(length)
		}
	}
	total := float64(utf8.RuneCountInString(strings.Join(words, "")))
	byWords := sum / weight * (0.9 + 0.1*min(1, matched/max(total, 1)))
	// Spaces put elsewhere: "north wind" for Northwind.
	joined := likeness(n.key, strings.Join(words, ""))
	return min(nearlyExact, max(byWords, joined))
}

// scoreNumber tells how well the number of an invoice fits: as a whole, or by its last
// digits.
func (n needle) scoreNumber(number string) float64 {
	key := foldKey(number)
	if key == n.key {
		return 1
	}
	score := likeness(n.key, key)
	if tail := lastDigits(number); tail != "" && n.tail != "" {
		// The digits without what stands before them are a good match, but less so
		// where other letters were typed before them.
		part := 0.95 * likeness(n.tail, tail)
		if !strings.HasSuffix(n.key, n.tail) || len(n.key) > len(n.tail) {
			part *= 0.5 + 0.5*likeness(n.key, key)
		}
		score = max(score, part)
	}
	return min(nearlyExact, score)
}

// likeness compares two words, 0 to 1: 1 for the same, less by each slip, 0 for less
// than half in common. A beginning of a word is like it.
func likeness(typed, word string) float64 {
	if typed == word {
		return 1
	}
	a, b := []rune(typed), []rune(word)
	like := 1 - distance(a, b)/float64(max(len(a), len(b)))
	if len(a) >= 2 && strings.HasPrefix(word, typed) {
		like = max(like, 0.8+0.15*float64(len(a))/float64(len(b)))
	}
	if like < 0.5 {
		return 0
	}
	return like
}

// distance counts the slips between two words (optimal string alignment): a letter too
// many, one missing or another one are 1; two letters swapped, the commonest slip, are
// a little less.
func distance(a, b []rune) float64 {
	const swapped = 0.8
	before, last, row := make([]float64, len(b)+1), make([]float64, len(b)+1), make([]float64, len(b)+1)
	for j := range last {
		last[j] = float64(j)
	}
	for i := 1; i <= len(a); i++ {
		row[0] = float64(i)
		for j := 1; j <= len(b); j++ {
			other := 1.0
			if a[i-1] == b[j-1] {
				other = 0
			}
			row[j] = min(row[j-1]+1, last[j]+1, last[j-1]+other)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] && other > 0 {
				row[j] = min(row[j], before[j-2]+swapped)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// typable are the letters and digits that a slip may have left out or replaced.
const typable = "abcdefghijklmnopqrstuvwxyz0123456789"

// slips returns a word and all that are one slip away from it: a letter too many, one
// missing, another one, two swapped. Words over 24 letters come alone, to bound how
// many there are.
func slips(word string) []string {
	all := []string{word}
	r := []rune(word)
	if len(r) > 24 {
		return all
	}
	splice := func(from, to int, put string) {
		all = append(all, string(r[:from])+put+string(r[to:]))
	}
	for i := range r {
		splice(i, i+1, "")
		if i > 0 {
			splice(i-1, i+1, string([]rune{r[i], r[i-1]}))
		}
		for _, c := range typable {
			splice(i, i+1, string(c))
		}
	}
	for i := range len(r) + 1 {
		for _, c := range typable {
			splice(i, i, string(c))
		}
	}
	return all
}
