package file

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"slices"

	"arbot/ar"
)

// pageRecords is how many records a page has: what the engine writes at most in
// one transaction. It makes smaller pieces of it where these take too long.
const pageRecords = 5000

// errChanged says that a file was written between the check and the reading.
var errChanged = errors.New("it is not what was checked")

// changed is errChanged for people.
func changed(what string) error {
	return &ar.Error{
		Kind: ar.Unavailable, Err: errChanged,
		Say: what + " changed while it was being read. Import it again when it is complete.",
	}
}

// pages is the second pass: customers from memory, the rest from the files
// again, so that a large bundle needs little memory. Each file's sum must be
// that of the first pass.
func (b *Bundle) pages(ctx context.Context, c *checked) iter.Seq2[ar.Page, error] {
	return func(yield func(ar.Page, error) bool) {
		dir, err := openFolder(b.Path)
		if err != nil {
			yield(ar.Page{}, err)
			return
		}
		defer dir.done()
		e := &emitter{path: b.Path, alive: ctx.Err, yield: yield}
		for customers := range slices.Chunk(c.customers, pageRecords) {
			e.page.Customers = customers
			if e.flush(); e.stopped {
				return
			}
		}
		e.file(dir, c, documentsFile, documentColumns, func(s *sheet, p *ar.Page) { p.Documents = append(p.Documents, s.document()) })
		e.file(dir, c, applicationsFile, applicationColumns, func(s *sheet, p *ar.Page) { p.Applications = append(p.Applications, s.application()) })
	}
}

// emitter yields the records of files in pages until something stops it.
type emitter struct {
	path    string
	alive   func() error
	yield   func(ar.Page, error) bool
	stopped bool
	page    ar.Page
}

// file yields one file. A fault here is one that the check has not seen.
func (e *emitter) file(dir fs.FS, c *checked, name string, columns []column, add func(*sheet, *ar.Page)) {
	if e.stopped {
		return
	}
	var f faults
	sum, err := readFile(dir, name, bundleLayout(columns), &f, func(s *sheet) bool {
		add(s, &e.page)
		if f.count() == 0 && e.page.Len() == pageRecords {
			e.flush()
		}
		return f.count() == 0 && !e.stopped
	})
	switch {
	case e.stopped:
	case f.count() > 0 || err == nil && sum != c.sums[name]:
		e.fail(changed(name + " in " + e.path))
	case err != nil:
		e.fail(err)
	default:
		e.flush()
	}
}

// flush yields what was collected.
func (e *emitter) flush() {
	if err := e.alive(); err != nil {
		e.fail(err)
		return
	}
	if e.page.Len() > 0 && !e.yield(e.page, nil) {
		e.stopped = true
	}
	e.page = ar.Page{}
}

func (e *emitter) fail(err error) {
	e.stopped = true
	e.yield(ar.Page{}, err)
}
