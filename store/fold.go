package store

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// letters that Unicode doesn't take apart into a base and a mark.
var letters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i")

// foldWords takes text apart into words of small letters and digits: no case, no
// accents, no punctuation. An apostrophe, straight or curly, joins; everything else
// that is no letter and no digit parts. A ledger's mark "(deleted)" is no part of a
// name.
func foldWords(text string) []string {
	text = strings.ToLower(norm.NFKD.String(text))
	text = strings.TrimSuffix(strings.TrimSpace(text), "(deleted)")
	folded := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return r
		case unicode.Is(unicode.Mn, r), strings.ContainsRune("'’‘ʼ`´", r):
			return -1
		}
		return ' '
	}, text)
	return strings.Fields(letters.Replace(folded))
}

// foldKey is text without anything that two spellings of one name differ in.
func foldKey(text string) string { return strings.Join(foldWords(text), "") }

// grams returns the different runs of three letters of words, each padded so that its
// beginning weighs more, in order.
func grams(words []string) []string {
	var all []string
	for _, word := range words {
		runes := []rune("  " + word + " ")
		for i := range len(runes) - 2 {
			all = append(all, string(runes[i:i+3]))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// numberKeys returns what the number of an invoice is searched by: its letters and
// digits, and its last run of digits without zeros in front, which is what people
// type of INV-000123. nil is nothing to search by; the tail is nil where it is the
// whole key.
func numberKeys(number string) (key, tail any) {
	k := foldKey(number)
	if k == "" {
		return nil, nil
	}
	if t := lastDigits(number); t != "" && t != k {
		return k, t
	}
	return k, nil
}

// lastDigits returns the last run of digits without zeros in front.
func lastDigits(text string) string {
	end := strings.LastIndexFunc(text, isDigit) + 1
	start := strings.LastIndexFunc(text[:end], func(r rune) bool { return !isDigit(r) }) + 1
	return strings.TrimLeft(text[start:end], "0")
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }
