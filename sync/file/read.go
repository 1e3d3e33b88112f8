package file

import (
	"errors"
	"io"
	"io/fs"

	"arbot/sync/file/cells"
)

// readFile reads a CSV file, calls each for every row until it says false, and
// returns the sum of the content. Faults go into f; the error is about the disk,
// or errStop where the file could not be read to its end because of a fault.
func readFile(dir fs.FS, name string, l layout, f *faults, each func(*sheet) bool) (sum string, err error) {
	file, err := openHashed(dir, name)
	if err != nil {
		return "", err
	}
	defer file.done()
	if err := readRows(file, name, l, f, each); err != nil {
		return "", err
	}
	return file.digest()
}

func readRows(r io.Reader, name string, l layout, f *faults, each func(*sheet) bool) error {
	s, err := openSheet(r, name, l, f)
	if err != nil {
		return err
	}
	return s.each(each)
}

// each calls do for every row below the header until it says false.
func (s *sheet) each(do func(*sheet) bool) error {
	for {
		err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if !do(s) {
			return nil
		}
	}
}

// openSheet begins to read CSV text as a table.
func openSheet(r io.Reader, name string, l layout, f *faults) (*sheet, error) {
	text, err := cells.NewBundleRows(r, l.delimiter)
	if bad, ok := errors.AsType[*cells.TextError](err); ok {
		f.add(Fault{File: name, Wrong: bad.Wrong, Mend: bad.Mend})
		return nil, errStop
	}
	if err != nil {
		return nil, err
	}
	return newSheet(name, text, l, f)
}
