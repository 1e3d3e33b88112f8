// Package inbox watches a directory into which somebody, or the accounting software at
// night, puts exports.
//
// A file is taken when it has been left alone for a while: the same size and time of
// writing at two looks. It is moved away when it has been read, into done/, or, with its
// reason beside it, into rejected/. A file that was read but not moved, since the program
// was killed in between, is read again: that changes nothing.
package inbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Where files go.
const (
	doneFolder     = "done"
	rejectedFolder = "rejected"
)

// Folder is a watched directory. It is not safe for use by several goroutines.
type Folder struct {
	// Path is the directory. It is not made: one that is not there is more likely a
	// wrong path, or a disk that is not mounted.
	Path string
	// Now is the clock; Rest is how long a file must have been left alone.
	Now  func() time.Time
	Rest time.Duration

	seen map[string]look
}

// look is what a file was at a look, and since when.
type look struct {
	size     int64
	modified time.Time
	since    time.Time
}

// Ready returns the paths of the files that have been written to their end, the oldest
// first. Hidden files, those of programs that are still writing (.tmp, .part,
// .crdownload, ~$…) and directories are none.
func (f *Folder) Ready() ([]string, error) {
	entries, err := os.ReadDir(f.Path)
	if err != nil {
		return nil, fmt.Errorf("look into the folder for exports: %w", err)
	}
	seen := map[string]look{}
	var ready []string
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) { // gone since the directory was read
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("look at %s in the folder for exports: %w", e.Name(), err)
		}
		if !info.Mode().IsRegular() || unfinished(e.Name()) {
			continue
		}
		now := look{size: info.Size(), modified: info.ModTime(), since: f.Now()}
		if before, ok := f.seen[e.Name()]; ok && before.size == now.size && before.modified.Equal(now.modified) {
			now.since = before.since
		}
		seen[e.Name()] = now
		if f.Now().Sub(now.since) >= f.Rest {
			ready = append(ready, e.Name())
		}
	}
	f.seen = seen
	slices.SortFunc(ready, func(a, b string) int {
		if c := seen[a].modified.Compare(seen[b].modified); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	for i, name := range ready {
		ready[i] = filepath.Join(f.Path, name)
	}
	return ready, nil
}

func unfinished(name string) bool {
	lower := strings.ToLower(name)
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || slices.ContainsFunc(
		[]string{".tmp", ".part", ".partial", ".crdownload", ".filepart", ".swp"},
		func(ending string) bool { return strings.HasSuffix(lower, ending) })
}

// Done moves a file that has been read into done/ and returns where it is.
func (f *Folder) Done(path string) (string, error) { return f.move(path, doneFolder) }

// Reject moves a file that cannot be read into rejected/, and writes the reason beside it.
func (f *Folder) Reject(path, reason string) (string, error) {
	to, err := f.move(path, rejectedFolder)
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(to+".reason.txt", []byte(reason+"\n"), 0o600); err != nil {
		return to, fmt.Errorf("write why %s was rejected: %w", filepath.Base(path), err)
	}
	return to, nil
}

// move puts a file into a folder beside it, by a name that is free there: an export is
// often called the same every night.
func (f *Folder) move(path, folder string) (string, error) {
	dir := filepath.Join(f.Path, folder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make %s in the folder for exports: %w", folder, err)
	}
	name := f.Now().UTC().Format("2006-01-02-150405") + " " + filepath.Base(path)
	to := filepath.Join(dir, name)
	for n := 2; ; n++ {
		if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			break
		}
		ending := filepath.Ext(name)
		to = filepath.Join(dir, fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ending), n, ending))
	}
	if err := os.Rename(path, to); err != nil {
		return "", fmt.Errorf("move %s to %s: %w", filepath.Base(path), folder, err)
	}
	delete(f.seen, filepath.Base(path))
	return to, nil
}
