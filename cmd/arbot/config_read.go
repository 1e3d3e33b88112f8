package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	_ "time/tzdata" // a zone must be known on a machine without zone files too

	"go.yaml.in/yaml/v3"
)

// readConfig reads and checks a config file. All faults are told at once, each
// with its line and what to do.
func readConfig(path string) (settings, error) {
	text, err := os.ReadFile(path) //nolint:gosec // whoever starts the program says where its config is
	if errors.Is(err, os.ErrNotExist) {
		return settings{}, fmt.Errorf("there is no config file %s: make one with `arbot init`, or name another with --config", path)
	}
	if err != nil {
		return settings{}, fmt.Errorf("read the config: %w", err)
	}
	s, err := parseConfig(text)
	if err != nil {
		return settings{}, fmt.Errorf("%s:\n%w", path, err)
	}
	s.anchor(filepath.Dir(path))
	return s, nil
}

// anchor makes relative paths of files relative to the config, wherever the
// program was started.
func (s *settings) anchor(dir string) {
	for i := range s.ledgers {
		paths := []*string{&s.ledgers[i].Bundle, &s.ledgers[i].Table}
		if e := s.ledgers[i].Export; e != nil {
			paths = append(paths, &e.File, &e.Folder)
		}
		for _, path := range paths {
			if *path != "" && !filepath.IsAbs(*path) {
				*path = filepath.Join(dir, *path)
			}
		}
	}
	file := bookFile(s.Database)
	if !isPostgres(s.Database) && !filepath.IsAbs(file) {
		s.Database = filepath.Join(dir, file)
	}
}

func parseConfig(text []byte) (settings, error) {
	s := settings{config: defaults()}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return settings{}, fmt.Errorf("  %w", err)
	}
	c := checker{root: &root}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	err := decoder.Decode(&s.config)
	if misfits, ok := errors.AsType[*yaml.TypeError](err); ok {
		c.misfits(misfits.Errors)
	} else if err != nil && !errors.Is(err, io.EOF) {
		return settings{}, fmt.Errorf("  %w", err)
	}
	s.check(&c)
	return s, c.err()
}
