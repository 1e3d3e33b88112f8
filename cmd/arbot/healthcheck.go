package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// healthcheck asks a running bot whether it can work, for a container's health
// check, where no curl is.
func (p *program) healthcheck(ctx context.Context, args []string) error {
	set := p.flags("healthcheck")
	path := p.configFlag(set)
	if err := p.parse(set, args, 1); err != nil {
		return err
	}
	url := set.Arg(0)
	if url == "" {
		s, err := readConfig(*path)
		if err != nil {
			return err
		}
		host, port, err := net.SplitHostPort(s.Slack.Listen)
		if err != nil {
			return fmt.Errorf("slack.listen %q: %w", s.Slack.Listen, err)
		}
		if host == "" || host == "0.0.0.0" || host == "::" {
			host = "127.0.0.1"
		}
		url = "http://" + net.JoinHostPort(host, port) + "/readyz"
	}
	//nolint:gosec // G704: the address is the admin's own, from the flag or the config
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return usageError{err.Error()}
	}
	//nolint:gosec // G704: the same
	answer, err := (&http.Client{Timeout: 3 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
	if err != nil {
		return fmt.Errorf("no answer: %w", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("not well: %s", text) //nolint:err113 // a sentence for the terminal
	}
	fmt.Fprintf(p.out, "%s", text)
	return nil
}
