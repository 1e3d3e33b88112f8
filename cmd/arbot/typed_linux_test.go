package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/term"
)

// terminal opens a pair: what is typed into one end, the program reads from the other.
func terminal(t *testing.T) (typing, program *os.File) {
	t.Helper()
	typing, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = typing.Close() })
	var unlocked, number uint32
	for what, value := range map[uintptr]*uint32{syscall.TIOCSPTLCK: &unlocked, syscall.TIOCGPTN: &number} {
		if _, _, fault := syscall.Syscall(syscall.SYS_IOCTL, typing.Fd(), what, uintptr(unsafe.Pointer(value))); fault != 0 { //nolint:gosec // G103: Linux has no other way
			t.Fatal(fault)
		}
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Close() })
	return typing, program
}

// A secret is not shown while it is typed; what comes after it is.
func TestASecretIsNotShown(t *testing.T) {
	t.Parallel()
	typing, program := terminal(t)
	fd := int(program.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		t.Fatal(err)
	}
	type answer struct {
		secret, next string
		err          error
	}
	answers := make(chan answer, 1)
	go func() {
		var a answer
		var rest *typed
		a.secret, rest, a.err = typedSecret(t.Context(), program)
		if a.err == nil {
			fmt.Fprint(program, "Company: ")
			a.next, _, a.err = rest.next(t.Context())
		}
		answers <- a
	}()
	hidden(t, fd, before)
	if _, err := typing.WriteString("hush-hush\n"); err != nil {
		t.Fatal(err)
	}
	seen := make([]byte, 1000)
	n, err := typing.Read(seen) // the question comes when the secret was read
	if err != nil {
		t.Fatal(err)
	}
	shown := string(seen[:n])
	if _, err := typing.WriteString("9130\n"); err != nil {
		t.Fatal(err)
	}
	got := <-answers
	if got.err != nil || got.secret != "hush-hush" || got.next != "9130" {
		t.Errorf("read %+v", got)
	}
	if strings.Contains(shown, "hush") {
		t.Errorf("the terminal shows %q", shown)
	}
}

// hidden waits until a terminal shows nothing of what is typed.
func hidden(t *testing.T, terminal int, before *term.State) {
	t.Helper()
	for {
		now, err := term.GetState(terminal)
		if err = errors.Join(err, t.Context().Err()); err != nil {
			t.Fatal(err)
		}
		if *now != *before {
			return
		}
	}
}

// Who gives up gets a terminal that shows what is typed.
func TestASecretThatIsGivenUp(t *testing.T) {
	t.Parallel()
	_, program := terminal(t)
	fd := int(program.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	answers := make(chan error, 1)
	go func() {
		_, _, err := typedSecret(ctx, program)
		answers <- err
	}()
	hidden(t, fd, before)
	stop()
	if err := <-answers; !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	if after, err := term.GetState(fd); err != nil || *after != *before {
		t.Errorf("the terminal is set %+v (%v), before %+v", after, err, before)
	}
}
