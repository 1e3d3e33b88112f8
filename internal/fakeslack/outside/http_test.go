package outside_test

import (
	"net/http"
	"testing"
	"time"

	"arbot/internal/fakeslack"
)

// TestBoltTakesRetries: Bolt reads the number and the reason of a repeated event.
func TestBoltTakesRetries(t *testing.T) {
	t.Parallel()
	s, clk := startBolt(t, "http", "FAILURES=2")
	m, d, err := s.Say(within(t), fakeslack.Words{User: ana, Channel: arChannel, Text: "<@U0ARBOT> status acme"})
	if err != nil {
		t.Fatal(err)
	}
	if ack, _ := d.Ack(); ack.Status != http.StatusInternalServerError {
		t.Fatalf("the first try was answered with %+v", ack)
	}
	for i, wait := range []time.Duration{0, time.Minute, 5 * time.Minute} {
		clk.advance(wait)
		sent, err := s.Tick(within(t))
		if err != nil {
			t.Fatal(err)
		}
		if want := 1 - i/2; len(sent) != want {
			t.Fatalf("tick %d sent %d events, want %d", i+1, len(sent), want)
		}
	}
	(&boltApp{s}).awaitReply(t, m.TS, d.EventID+" try 2 http_error")
}

func TestBoltVerifies(t *testing.T) {
	t.Parallel()
	s, _ := startBolt(t, "http")
	if err := s.VerifyURL(within(t)); err != nil {
		t.Errorf("url_verification: %v", err)
	}
	d, err := s.Slash(within(t), fakeslack.Command{User: ana, Channel: arChannel, Command: "/ar", Text: "in the ack"})
	if err != nil {
		t.Fatal(err)
	}
	if ack, _ := d.Ack(); ack.Status != http.StatusOK {
		t.Errorf("a signed command got %+v", ack)
	}
	endpoint := s.Endpoints()
	stranger, _ := start(t, func(o *fakeslack.Options) {
		o.Workspace.SigningSecret, o.Endpoints = "another secret", endpoint
	})
	d, err = stranger.Slash(within(t), fakeslack.Command{User: ana, Channel: arChannel, Command: "/ar"})
	if err != nil {
		t.Fatal(err)
	}
	if ack, _ := d.Ack(); ack.Status != http.StatusUnauthorized {
		t.Errorf("a command with a wrong signature got %+v", ack)
	}
	late, _ := start(t, func(o *fakeslack.Options) {
		o.Endpoints, o.Now = endpoint, func() time.Time { return time.Now().Add(-6 * time.Minute) }
	})
	d, err = late.Slash(within(t), fakeslack.Command{User: ana, Channel: arChannel, Command: "/ar"})
	if err != nil {
		t.Fatal(err)
	}
	if ack, _ := d.Ack(); ack.Status != http.StatusUnauthorized {
		t.Errorf("a command signed six minutes ago got %+v", ack)
	}
}
