package needs

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// oldestNode is the major version that Slack's libraries ask for.
const oldestNode = 20

const (
	lostWithoutNode = "checks with Slack's JavaScript libraries: "
	notInstalled    = lostWithoutNode + "npm ci could not install them; is there a network?"
)

// hopeless holds the directories whose installation failed in this process: without a
// network each try would take npm a minute.
var hopeless sync.Map

// Node returns the path of node, which runs the JavaScript clients and schemas that
// our Slack messages are checked with. A node that is too old counts as missing.
func Node(t testing.TB) (path string) {
	t.Helper()
	path = Program(t, "node", lostWithoutNode+"apt-get install nodejs npm")
	out, err := exec.CommandContext(t.Context(), path, "--version").Output()
	if err != nil {
		t.Fatalf("needs: ask %s for its version: %v", path, err)
	}
	version := strings.TrimSpace(string(out))
	if !recentNode(version) {
		fromEnvironment().missing(t, fmt.Sprintf("%snode %d or newer is needed, %s is installed", lostWithoutNode, oldestNode, version))
	}
	return path
}

// recentNode judges what `node --version` prints ("v20.18.1").
func recentNode(version string) bool {
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	n, err := strconv.Atoi(major)
	return err == nil && n >= oldestNode
}

// NodePackages installs what the package-lock.json in dir names into
// dir/node_modules, unless that has been done, and returns the path of node. Where
// the packages can't be had (no npm, no network), it ends the test as a missing
// program does.
func NodePackages(t testing.TB, dir string) (node string) {
	t.Helper()
	node = Node(t)
	npm := Program(t, "npm", lostWithoutNode+"apt-get install npm")
	unlock, err := lockDir(dir)
	if err != nil {
		t.Fatalf("needs: lock %s: %v", dir, err)
	}
	defer unlock()
	want, err := lockSum(dir)
	if err != nil {
		t.Fatalf("needs: read the lock file: %v", err)
	}
	// npm ci empties node_modules first, so that half an installation has no stamp.
	stamp := filepath.Join(dir, "node_modules", ".installed")
	if have, err := os.ReadFile(stamp); err == nil && string(have) == want { //nolint:gosec // G304: dir is the caller's own
		return node
	}
	if _, tried := hopeless.LoadOrStore(dir, true); tried {
		fromEnvironment().missing(t, notInstalled)
	}
	ci := exec.CommandContext(t.Context(), npm, "ci") //nolint:gosec // G204: npm as it is found in PATH
	ci.Dir = dir
	if out, err := ci.CombinedOutput(); err != nil {
		t.Logf("npm ci in %s said:\n%s", dir, out)
		fromEnvironment().missing(t, notInstalled)
	}
	hopeless.Delete(dir)
	if err := os.WriteFile(stamp, []byte(want), 0o600); err != nil {
		t.Fatalf("needs: stamp the installed packages: %v", err)
	}
	return node
}

func lockSum(dir string) (string, error) {
	data, err := os.ReadFile(filepath.Join(dir, "package-lock.json")) //nolint:gosec // G304: dir is the caller's own
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

// lockDir keeps the test processes of several packages, or of several runs, from
// installing into the same directory at once.
func lockDir(dir string) (unlock func(), err error) {
	f, err := os.Open(dir) //nolint:gosec // G304: dir is the caller's own
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		_ = f.Close() // the first error is the one to tell
		return nil, err
	}
	return func() { _ = f.Close() }, nil // closing lets go of the lock
}
