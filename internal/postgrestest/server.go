package postgrestest

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
	"syscall"
)

//go:embed watchdog.sh
var watchdogScript string

// server is a running throw-away PostgreSQL.
type server struct {
	url string // of its administrative database
	dir string // its data, log and socket

	// life is the write end of a pipe to the watchdog. Nothing is written to it: the
	// kernel closes it when this process ends, by whatever signal, and the watchdog
	// then ends the server. It's a field so that it isn't garbage-collected, and
	// closed, before.
	life io.Closer
}

// startServer makes a server on a Unix socket, so that no port has to be found free.
func startServer(bindir string) (server, error) {
	// Not TMPDIR: a socket's path is limited to about 100 bytes, and the server's
	// user must be able to enter the folder.
	dir, err := os.MkdirTemp("/tmp", "arbot-postgres-")
	if err != nil {
		return server{}, err
	}
	s := server{dir: dir, url: socketURL(dir)}
	if err := s.run(bindir); err != nil {
		return server{}, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

func socketURL(dir string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.User("arbot"),
		Path:     "/postgres",
		RawQuery: url.Values{"host": {dir}, "sslmode": {"disable"}}.Encode(),
	}
	return u.String()
}

// run starts the watchdog and waits until it reports that the server is up.
func (s *server) run(bindir string) error {
	//nolint:gosec,noctx // the script is ours, and it outlives the test that starts it
	cmd := exec.Command("/bin/sh", "-c", watchdogScript, "postgres-watchdog", s.dir, bindir)
	cmd.Dir = s.dir
	// A group of its own: Ctrl-C must reach the test, not its watchdog.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if os.Geteuid() == 0 {
		var err error
		if cmd.SysProcAttr.Credential, err = giveToPostgres(s.dir); err != nil {
			return err
		}
	}

	life, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	report, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the watchdog: %w", err)
	}
	if err := awaitReady(report); err != nil {
		return errors.Join(err, life.Close(), cmd.Wait())
	}
	s.life = life
	return nil
}

// giveToPostgres hands the folder to the user postgres and returns who that is: the
// server refuses to run as root.
func giveToPostgres(dir string) (*syscall.Credential, error) {
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("root can't run PostgreSQL and there is no user postgres: %w", err)
	}
	uid, err := strconv.ParseUint(account.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user postgres: %w", err)
	}
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("group of user postgres: %w", err)
	}
	if err := os.Chown(dir, int(uid), int(gid)); err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// awaitReady reads the watchdog's report: the line "ready", or else what went wrong.
func awaitReady(report io.Reader) error {
	lines := bufio.NewReader(report)
	first, err := lines.ReadString('\n')
	if err == nil && first == "ready\n" {
		return nil
	}
	rest, err := io.ReadAll(lines)
	return errors.Join(errors.New(strings.TrimSpace(first+string(rest))), err)
}
