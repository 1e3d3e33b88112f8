package file

import (
	"archive/zip"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"arbot/ar"
)

// largestFile is how large a file inside a zip may become: a hundred times what
// a large company has.
const largestFile = 4 << 30

// folder is an open directory or zip file.
type folder struct {
	fs.FS
	closer io.Closer
}

// done closes it. After reading, a failed close loses nothing.
func (f *folder) done() { _ = f.closer.Close() }

// openFolder opens a directory, or a zip file as if it were one.
func openFolder(path string) (*folder, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, noSuchFile(path, err)
	}
	if info.IsDir() {
		return &folder{FS: os.DirFS(path), closer: io.NopCloser(nil)}, nil
	}
	archive, err := zip.OpenReader(path)
	if err != nil {
		return nil, &ar.Error{
			Kind: ar.Invalid, Err: err,
			Say: fmt.Sprintf("%s is neither a directory nor a zip file. A bundle is a directory with %s, %s and %s, or a zip file of it.",
				path, customersFile, documentsFile, applicationsFile),
		}
	}
	inside, err := insideZip(archive, path)
	if err != nil {
		return nil, errors.Join(err, archive.Close())
	}
	return &folder{FS: inside, closer: archive}, nil
}

// insideZip finds the bundle: at the top, or in the one directory there.
func insideZip(archive *zip.ReadCloser, path string) (fs.FS, error) {
	for _, f := range archive.File {
		if f.UncompressedSize64 > largestFile {
			return nil, ar.Refuse("%s: %s would unpack to more than %d bytes, so it was not opened.", path, f.Name, int64(largestFile))
		}
	}
	entries, err := fs.ReadDir(archive, ".")
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), "__MACOSX") })
	if len(entries) == 1 && entries[0].IsDir() {
		return fs.Sub(archive, entries[0].Name())
	}
	return archive, nil
}

func noSuchFile(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return &ar.Error{Kind: ar.NotFound, Say: fmt.Sprintf("There is no %s. Look at the path.", path), Err: err}
	}
	return fmt.Errorf("open %s: %w", path, err)
}

// hashed is an open file whose content is summed while it is read.
type hashed struct {
	fs.File
	sum hash.Hash
}

func openHashed(fsys fs.FS, name string) (*hashed, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	return &hashed{File: f, sum: sha256.New()}, nil
}

// done closes it. After reading, a failed close loses nothing.
func (h *hashed) done() { _ = h.Close() }

func (h *hashed) Read(p []byte) (int, error) {
	n, err := h.File.Read(p)
	h.sum.Write(p[:n]) // a hash never fails
	return n, err
}

// digest reads what is left and returns the sum of the whole file.
func (h *hashed) digest() (string, error) {
	if _, err := io.Copy(io.Discard, h); err != nil {
		return "", err
	}
	return string(h.sum.Sum(nil)), nil
}

// digestOf sums a file.
func digestOf(fsys fs.FS, name string) (string, error) {
	f, err := openHashed(fsys, name)
	if err != nil {
		return "", err
	}
	defer f.done()
	return f.digest()
}

// fingerprint makes a cursor of what was read. Version counts the ways in which
// this package has understood it: after a change the same file is read again.
func fingerprint(version string, parts ...string) string {
	sum := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(sum, "%d:%s", len(p), p)
	}
	return fmt.Sprintf("%s:%x", version, sum.Sum(nil))
}

// ModTime returns when a file was last written, or the latest file in a
// directory: for a zone in which it becomes a date, see ar.DateOf.
func ModTime(path string) (time.Time, error) {
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}, noSuchFile(path, err)
	}
	if !info.IsDir() {
		return info.ModTime(), nil
	}
	var latest time.Time
	for _, name := range []string{customersFile, documentsFile, applicationsFile} {
		info, err := os.Stat(filepath.Join(path, name))
		if err == nil && info.ModTime().After(latest) {
			latest = info.ModTime()
		}
	}
	return latest, nil
}
