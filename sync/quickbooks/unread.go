package quickbooks

import (
	"slices"
	"strings"

	"arbot/ar"
)

// unread is an object that could not be read, or one of which only the place is known: its
// id is between two others, which are "" where there are none.
type unread struct {
	of            entity
	id            string
	after, before string
}

func (u unread) canBe(id string) bool {
	if u.id != "" {
		return id == u.id
	}
	return (u.after == "" || compareIDs(id, u.after) > 0) && (u.before == "" || compareIDs(id, u.before) < 0)
}

// isUnread reports whether a record can have come from an object that could not be read:
// then that it was not seen does not say that it is gone. A record of which nobody knows
// what it came from can.
func (m *mapper) isUnread(kind ar.RecordKind, key ar.Key) bool {
	if len(m.unread) == 0 {
		return false
	}
	of, id, ok := ownerOf(kind, key)
	return !ok || slices.ContainsFunc(m.unread, func(u unread) bool { return u.of == of && u.canBe(id) })
}

// ownerOf finds the object that a record comes and goes with: that of its entry, where it
// is in one.
func ownerOf(kind ar.RecordKind, key ar.Key) (entity, string, bool) {
	first, rest, _ := strings.Cut(string(key), "/")
	id, _, _ := strings.Cut(rest, "/")
	switch {
	case kind == ar.ApplicationRecords: // "payment/55/credit_memo-7/invoice-9"
		e, ok := origins[first]
		return e, id, ok && id != ""
	case kind == ar.DocumentRecords && first == string(ar.Journal):
		for prefix, e := range map[string]entity{"payment-": payments, "refund-": refundReceipts} {
			if own, found := strings.CutPrefix(id, prefix); found {
				return e, own, true
			}
		}
	}
	return originOf(kind, key)
}
