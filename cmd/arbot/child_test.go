package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// childClock makes the test binary be arbot: it says what time it was when, as two
// instants with a space between.
const childClock = "ARBOT_TEST_CLOCK"

func runChild() int {
	var shown, started string
	if _, err := fmt.Sscan(os.Getenv(childClock), &shown, &started); err != nil {
		panic(err)
	}
	then, err := time.Parse(time.RFC3339Nano, shown)
	if err != nil {
		panic(err)
	}
	at, err := time.Parse(time.RFC3339Nano, started)
	if err != nil {
		panic(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	p := &program{
		getenv: os.Getenv, in: os.Stdin, out: os.Stdout, err: os.Stderr,
		now:  func() time.Time { return then.Add(time.Since(at)) },
		wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, poll: 100 * time.Millisecond,
	}
	return p.run(ctx, os.Args[1:])
}
