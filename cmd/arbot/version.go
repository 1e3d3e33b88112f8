package main

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
)

// version prints the module's version and the commit that it was built from.
func (p *program) version(_ context.Context, args []string) error {
	if err := p.parse(p.flags("version"), args, 0); err != nil {
		return err
	}
	fmt.Fprintln(p.out, "arbot "+buildVersion())
	return nil
}

func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	words := []string{info.Main.Version}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			words = append(words, s.Value[:12])
		}
	}
	return strings.Join(append(words, info.GoVersion), " ")
}
