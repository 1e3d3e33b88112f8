package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

//go:embed arbot.example.yaml
var exampleConfig string

// zonePlaceholder is the zone in the example, to be replaced by the company's.
const zonePlaceholder = "America/New_York"

// initConfig writes a commented config. The zone is asked for, since it decides
// what day it is and no default is right.
func (p *program) initConfig(ctx context.Context, args []string) error {
	set := p.flags("init")
	zone := set.String("zone", "", "the company's zone, such as Europe/Berlin; asked for where it is left out")
	if err := p.parse(set, args, 1); err != nil {
		return err
	}
	path := "arbot.yaml"
	if set.NArg() > 0 {
		path = set.Arg(0)
	}
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("%s is there already: move it away first", path) //nolint:err113 // a sentence for the terminal
	}
	if *zone == "" {
		asked, err := p.askZone(ctx)
		if err != nil {
			return err
		}
		*zone = asked
	} else if err := checkZone(*zone); err != nil {
		return usageError{err.Error()}
	}
	text := strings.Replace(exampleConfig, zonePlaceholder, *zone, 1)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write the config: %w", err)
	}
	if _, err := f.WriteString(text); err != nil {
		return errors.Join(fmt.Errorf("write the config: %w", err), f.Close())
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write the config: %w", err)
	}
	fmt.Fprintf(p.out, "%s is written, for the zone %s.\nNext: `arbot manifest` prints the Slack app to create; then fill in channels and a ledger.\n", path, *zone)
	return nil
}

func checkZone(zone string) error {
	if _, err := time.LoadLocation(zone); err != nil || zone == "" || zone == "Local" {
		return fmt.Errorf("%q is not a zone such as America/New_York or Europe/Berlin", zone) //nolint:err113 // a sentence for the terminal
	}
	return nil
}

// askZone asks until the answer is a zone.
func (p *program) askZone(ctx context.Context) (string, error) {
	typed := newTyped(ctx, p.in)
	for {
		fmt.Fprint(p.out, "In which zone is the company? It decides what day it is (such as America/New_York or Europe/Berlin): ")
		zone, ok, err := typed.next(ctx)
		if err != nil {
			return "", err
		}
		if !ok {
			fmt.Fprintln(p.out)
			return "", usageError{"no zone was given: say --zone America/New_York"}
		}
		if err = checkZone(zone); err == nil {
			return zone, nil
		}
		fmt.Fprintln(p.out, err)
	}
}
