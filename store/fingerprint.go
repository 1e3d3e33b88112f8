package store

import (
	"maps"
	"slices"

	"arbot/ar"
)

// fingerprint sums up a record as its source brought it (FNV-1a, 64 bits), so that an
// equal record is known by one number. It is only ever compared with the one of the
// same record before. A change of what goes in makes the next whole read write all
// rows anew, and does no other harm.
type fingerprint uint64

const (
	fnvOffset fingerprint = 14695981039346656037
	fnvPrime  fingerprint = 1099511628211
)

func (f fingerprint) text(s string) fingerprint {
	for i := range len(s) {
		f = (f ^ fingerprint(s[i])) * fnvPrime
	}
	return (f ^ 0xff) * fnvPrime // no UTF-8 text has this byte: fields stay apart
}

func (f fingerprint) number(n int64) fingerprint {
	for range 8 {
		f = (f ^ fingerprint(n&0xff)) * fnvPrime
		n >>= 8
	}
	return f
}

func (f fingerprint) money(m ar.Money) fingerprint {
	return f.number(m.Minor()).text(string(m.Currency()))
}

func (f fingerprint) date(d ar.Date) fingerprint {
	return f.number(d.EpochDays()).flag(d.IsZero())
}

func (f fingerprint) flag(b bool) fingerprint { return f.number(toFlag(b)) }

// stored is the form of the column. 0 is kept for tombstones, whose record counts as
// news if it comes back.
func (f fingerprint) stored() int64 {
	if f == 0 {
		return 1
	}
	return int64(f)
}

func customerFingerprint(c ar.CustomerRecord) int64 {
	f := fnvOffset.text(c.Name).text(c.Number).text(c.Parent).text(c.Terms).
		text(c.Class).text(c.Region).text(c.Segment).text(c.Owner).text(c.Collector).flag(c.Inactive)
	for _, alias := range c.Aliases {
		f = f.text(alias)
	}
	f = f.number(int64(len(c.Aliases)))
	for _, key := range slices.Sorted(maps.Keys(c.Fields)) {
		f = f.text(key).text(c.Fields[key])
	}
	return f.stored()
}

// documentFingerprint takes entry, rate and labels in only where there are any: rows
// from before these were known keep their fingerprints.
func documentFingerprint(d *ar.DocumentRecord, entry string) int64 {
	f := fnvOffset.text(d.Number).text(d.Customer).money(d.Amount).date(d.Date).date(d.Due).
		text(d.Terms).text(string(d.Status)).text(d.PO).text(d.Memo).text(d.URL)
	if entry == "" && d.Rate == "" && len(d.Labels) == 0 {
		return f.stored()
	}
	f = f.text(entry).text(string(d.Rate))
	for _, key := range slices.Sorted(maps.Keys(d.Labels)) {
		f = f.text(key).text(d.Labels[key])
	}
	return f.stored()
}

// applicationFingerprint takes the entry in only where there is one.
func applicationFingerprint(a *ar.ApplicationRecord, entry string) int64 {
	f := fnvOffset.text(string(a.From.Kind)).text(a.From.External).
		text(string(a.To.Kind)).text(a.To.External).text(string(a.Kind)).
		money(a.Amount).date(a.Date).flag(a.Inferred)
	if entry != "" {
		f = f.text(entry)
	}
	return f.stored()
}
