package export

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"time"

	"arbot/ar"
	arsync "arbot/sync"
	"arbot/sync/file"
)

// Kind is the kind of source that exports are.
const Kind = "export"

const version = "export-2"

// pageRecords is how many records a page has.
const pageRecords = 1000

// Source is the source of one export: each reading checks the file anew.
type Source struct {
	// Path is the file.
	Path string
	// Ledger is the id of the source, so two companies have two of them.
	Ledger string
	// Company is what people call it; "" is the ledger's id.
	Company  string
	Settings Settings
	// Modified is when the file was written, which is how fresh the data is where the
	// file states no date for it. Zone is the company's, in which that date ends.
	Modified time.Time
	Zone     *time.Location
	// Today, where set, is the last date that balances can be of.
	Today ar.Date
	// Ready, where set, is a check of the file that was made by these settings: the next full
	// reading does not make it once more, if the file is still as it was.
	Ready *Export
	// Checked is called with what a full reading has found, before its first page; nil
	// for nobody.
	Checked func(*Export)
}

var _ arsync.Source = (*Source)(nil)

// NewSource returns the export in a file. loc is the company's zone, in which the file's
// time of modification is a date: that of the balances, where neither file nor settings
// state one.
func NewSource(path, ledger string, s Settings, loc *time.Location) (*Source, error) {
	modified, err := file.ModTime(path)
	if err != nil {
		return nil, err
	}
	s.Written = ar.DateOf(modified, loc)
	return &Source{Path: path, Ledger: ledger, Settings: s, Modified: modified, Zone: loc}, nil
}

// Identity is the ledger's.
func (s *Source) Identity(context.Context) (ar.SourceIdentity, error) {
	return ar.SourceIdentity{Kind: Kind, External: s.Ledger, Name: cmp.Or(s.Company, s.Ledger)}, nil
}

// Full checks the whole file and begins the reading of it.
func (s *Source) Full(ctx context.Context) (*arsync.Reading, error) {
	if s.Path == "" {
		return nil, s.noFile()
	}
	e, err := s.check(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.notAhead(e); err != nil {
		return nil, err
	}
	cursor, err := s.cursor()
	if err != nil {
		return nil, err
	}
	e.Sum = cursor
	if s.Checked != nil {
		s.Checked(e)
	}
	return e.reading(ctx, s.dataAsOf(e), cursor), nil
}

// check returns the check that was made, or makes one.
func (s *Source) check(ctx context.Context) (*Export, error) {
	e := s.Ready
	s.Ready = nil
	if e != nil && e.Path == s.Path && e.changed() == nil {
		return e, nil
	}
	return Check(ctx, s.Path, s.Settings)
}

// notAhead refuses balances of a day that is to come: the next report, of an earlier date,
// would be refused as older. The clock of the disk alone accuses no file.
func (s *Source) notAhead(e *Export) error {
	if s.Today.IsZero() || !e.AsOf.After(s.Today) || !e.Stated && s.Settings.AsOf.IsZero() {
		return nil
	}
	said := "--as-of says"
	if e.Stated {
		said = "it says"
	}
	return ar.Refuse("%s is of %s, as %s, and today is %s: nobody knows yet what is open then. Nothing of it was imported. "+
		"Export it with the date of today or of a day before.", s.Path, e.AsOf, said, s.Today)
}

// dataAsOf is how fresh the data is: as the file itself, but no fresher than the date that
// it states, or that a person gave. A report of last week is not made newer by saving it
// today.
func (s *Source) dataAsOf(e *Export) time.Time {
	end := e.AsOf.AddDays(1).In(s.Zone).Add(-time.Second)
	if end.Before(s.Modified) {
		return end
	}
	return s.Modified.In(s.Zone)
}

// Changes compares the file's fingerprint, and the way in which it is read, with that of
// the last reading.
func (s *Source) Changes(_ context.Context, cursor string) (*arsync.Reading, error) {
	if s.Path == "" {
		return nil, s.noFile()
	}
	now, err := s.cursor()
	if err != nil {
		return nil, err
	}
	if now == cursor {
		return nil, arsync.ErrNothingNew
	}
	return nil, arsync.ErrFullOnly
}

func (s *Source) noFile() error {
	return ar.Refuse("The ledger %s has no file of its own: name the one to read, as in `arbot import FILE`.", s.Ledger)
}

func (s *Source) cursor() (string, error) {
	f, err := os.Open(s.Path)
	if err != nil {
		return "", (&reader{path: s.Path}).explain(err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", fmt.Errorf("read %s: %w", filepath.Base(s.Path), err)
	}
	fmt.Fprintf(sum, "%+v", s.Settings) // a hash never fails
	return version + ":" + hex.EncodeToString(sum.Sum(nil)), nil
}

// reading is the export as the engine takes it.
func (e *Export) reading(ctx context.Context, fresh time.Time, cursor string) *arsync.Reading {
	r := &arsync.Reading{
		Total: len(e.Customers) + e.Documents, Pages: e.pages(ctx), DataAsOf: fresh,
		Cursor: func() string { return cursor }, Warnings: e.Warnings, Balances: e.balances(ctx), Has: e.Has,
	}
	if e.Meaning == Snapshot {
		r.OpenAsOf = e.AsOf
	} else {
		r.Unsaid = e.unsaid(ctx)
	}
	if t, ok := e.Total(); ok && e.Meaning == Snapshot {
		r.Totals = func(context.Context) ([]arsync.Total, error) {
			return []arsync.Total{{AsOf: e.AsOf, Net: t.Stated}}, nil
		}
	}
	return r
}

// pages yields the customers, then the documents.
func (e *Export) pages(ctx context.Context) iter.Seq2[ar.Page, error] {
	return func(yield func(ar.Page, error) bool) {
		for customers := range slices.Chunk(e.Customers, pageRecords) {
			if !yield(ar.Page{Customers: customers}, nil) {
				return
			}
		}
		var page ar.Page
		for row, err := range e.Rows(ctx) {
			if err != nil {
				yield(ar.Page{}, err)
				return
			}
			page.Documents = append(page.Documents, row.Document)
			if page.Len() == pageRecords {
				if !yield(page, nil) {
					return
				}
				page = ar.Page{}
			}
		}
		if page.Len() > 0 {
			yield(page, nil)
		}
	}
}

// unsaid yields the documents of which the file does not say what is open.
func (e *Export) unsaid(ctx context.Context) iter.Seq2[arsync.Unsaid, error] {
	return func(yield func(arsync.Unsaid, error) bool) {
		for row, err := range e.Rows(ctx) {
			d := row.Document
			if err == nil && (row.HasOpen || d.Status != ar.Posted) {
				continue
			}
			if !yield(arsync.Unsaid{Of: d.Ref, Customer: d.Customer, Amount: ar.Effect(d.Kind, d.Amount), Date: d.Date}, err) || err != nil {
				return
			}
		}
	}
}

// balances yields what the file says is open.
func (e *Export) balances(ctx context.Context) iter.Seq2[arsync.Balance, error] {
	return func(yield func(arsync.Balance, error) bool) {
		for row, err := range e.Rows(ctx) {
			if err != nil {
				yield(arsync.Balance{}, err)
				return
			}
			if !row.HasOpen || row.Document.Status != ar.Posted {
				continue
			}
			if !yield(arsync.Balance{Of: row.Document.Ref, Open: row.Open, Date: cmp.Or(row.Settled, e.AsOf)}, nil) {
				return
			}
		}
	}
}
