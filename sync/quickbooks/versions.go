package quickbooks

import (
	"iter"
	"math"
	"strconv"
)

// versions are those of the objects of one entity, by their ids: a full reading
// keeps them to its end. QuickBooks' ids and versions are numbers, of which a
// hundred thousand take 3 MB; as text they took ten.
type versions struct {
	numbers map[uint64]uint32
	// others are those of objects whose id or version is no such number.
	others map[string]string
}

func newVersions() *versions {
	return &versions{numbers: map[uint64]uint32{}, others: map[string]string{}}
}

// note keeps the version of an object, and reports whether it was kept before.
func (v *versions) note(id, version string) (same bool) {
	n, ok := decimal(id)
	token, small := decimal(version)
	if !ok || !small || token > math.MaxUint32 {
		before, seen := v.others[id]
		v.others[id] = version
		if ok { // only this version is no number
			delete(v.numbers, n)
		}
		return seen && before == version
	}
	delete(v.others, id)
	before, seen := v.numbers[n]
	v.numbers[n] = uint32(token)
	return seen && uint64(before) == token
}

// ids yields the ids, in any order.
func (v *versions) ids() iter.Seq[string] {
	return func(yield func(string) bool) {
		for n := range v.numbers {
			if !yield(strconv.FormatUint(n, 10)) {
				return
			}
		}
		for id := range v.others {
			if !yield(id) {
				return
			}
		}
	}
}

// decimal reads a number that is written as we would write it.
func decimal(text string) (uint64, bool) {
	n, err := strconv.ParseUint(text, 10, 64)
	return n, err == nil && (text == "0" || text[0] != '0' && text[0] != '+')
}
