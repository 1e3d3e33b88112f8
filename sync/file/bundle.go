package file

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"time"

	"arbot/ar"
	arsync "arbot/sync"
)

// BundleKind is the kind of source that bundles are.
const BundleKind = "bundle"

// mainBooks is the id of a company where nothing names it. It is not the name
// of the directory: one export a day into a directory of that day's name would
// make a company a day.
const mainBooks = "main"

// bundleVersion is part of every cursor.
const bundleVersion = "bundle-1"

// Bundle is the source of an arbot bundle: a directory, or a zip file of one.
// It always holds everything: what is not in it is gone from the ledger.
type Bundle struct {
	// Path is the directory or the zip file.
	Path string
	// External and Name stand for those of bundle.csv where it is missing.
	External, Name string
}

var _ arsync.Source = (*Bundle)(nil)

// NewBundle returns the bundle at a path. It opens nothing yet.
func NewBundle(path string) *Bundle { return &Bundle{Path: path} }

// Identity reads bundle.csv.
func (b *Bundle) Identity(context.Context) (ar.SourceIdentity, error) {
	dir, err := openFolder(b.Path)
	if err != nil {
		return ar.SourceIdentity{}, err
	}
	defer dir.done()
	about, err := b.about(dir)
	return about.identity, err
}

// about is what a bundle says of itself.
type about struct {
	identity ar.SourceIdentity
	exported time.Time
	sum      string
}

func (b *Bundle) about(dir fs.FS) (about, error) {
	a := about{identity: ar.SourceIdentity{Kind: BundleKind, External: b.External, Name: b.Name}}
	var f faults
	rows := 0
	sum, err := readFile(dir, aboutFile, bundleLayout(aboutColumns), &f, func(s *sheet) bool {
		if rows++; rows > 1 {
			s.wrong(aboutExternal, "it is a second row", "A bundle is of one company")
			return false
		}
		a.identity.External = s.needed(aboutExternal)
		if name := s.text(aboutName); name != "" {
			a.identity.Name = name
		}
		if s.text(aboutHome) != "" {
			a.identity.Home = s.currency(aboutHome)
		}
		a.exported = s.instant(aboutExported)
		return true
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errStop) {
		return about{}, err
	}
	a.sum = sum
	if a.identity.External == "" {
		a.identity.External = mainBooks
	}
	if a.identity.Name == "" {
		a.identity.Name = a.identity.External
		if a.identity.External == mainBooks {
			a.identity.Name = filepath.Base(b.Path)
		}
	}
	return a, f.err(b.Path)
}

// instant reads a time with its zone (RFC 3339), the zero time where the cell
// is empty.
func (s *sheet) instant(c int) time.Time {
	v := s.text(c)
	if v == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, v)
	if err != nil {
		s.wrong(c, "it is not a time with a zone", "Write it as 2026-11-25T18:00:00Z or 2026-11-25T18:00:00-05:00")
	}
	return t
}

// Full checks the whole bundle and begins the reading of it.
func (b *Bundle) Full(ctx context.Context) (*arsync.Reading, error) {
	dir, err := openFolder(b.Path)
	if err != nil {
		return nil, err
	}
	defer dir.done()
	c, err := b.check(ctx, dir)
	if err != nil {
		return nil, err
	}
	return &arsync.Reading{
		Full: true, Total: c.records(), Pages: b.pages(ctx, c), Has: c.has,
		Cursor:   func() string { return c.cursor },
		DataAsOf: c.dataAsOf,
		Totals:   c.statedTotals(),
		Warnings: c.warnings.list(),
	}, nil
}

// Changes compares the bundle's fingerprint with that of the last reading.
func (b *Bundle) Changes(ctx context.Context, cursor string) (*arsync.Reading, error) {
	dir, err := openFolder(b.Path)
	if err != nil {
		return nil, err
	}
	defer dir.done()
	var sums []string
	for _, name := range []string{aboutFile, customersFile, documentsFile, applicationsFile, totalsFile} {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		sum, err := digestOf(dir, name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		sums = append(sums, sum)
	}
	if fingerprint(bundleVersion, sums...) == cursor {
		return nil, arsync.ErrNothingNew
	}
	return nil, arsync.ErrFullOnly
}
