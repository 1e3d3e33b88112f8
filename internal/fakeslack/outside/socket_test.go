package outside_test

import (
	"testing"
	"time"

	"arbot/internal/fakeslack"
)

// TestBoltComesBack: whatever becomes of its connection, Bolt opens another one and
// answers over it.
func TestBoltComesBack(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]func(*testing.T, *fakeslack.Server, *clock){
		"asked to refresh": func(_ *testing.T, s *fakeslack.Server, _ *clock) { s.Disconnect(fakeslack.ReasonRefresh) },
		"warned and retired": func(t *testing.T, s *fakeslack.Server, clk *clock) {
			t.Helper()
			s.Rotate()
			clk.advance(20 * time.Second)
			if _, err := s.Tick(within(t)); err != nil {
				t.Error(err)
			}
		},
		"cut":       func(_ *testing.T, s *fakeslack.Server, _ *clock) { s.CutSockets() },
		"half-open": func(_ *testing.T, s *fakeslack.Server, _ *clock) { s.FreezeSockets() },
		"switched off for a while": func(_ *testing.T, s *fakeslack.Server, _ *clock) {
			s.Disconnect(fakeslack.ReasonLinkDisabled)
			s.EnableSocketMode()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, clk := startBolt(t, "socket", "PING_TIMEOUT=1500") // milliseconds; also how long Bolt waits before it comes back
			trouble(t, s, clk)
			if err := s.Await(within(t), func(st *fakeslack.State) bool { return st.Connections() > 1 && st.Sockets() == 1 }); err != nil {
				t.Fatal(err)
			}
			(&boltApp{s}).command(t)
		})
	}
}

// TestBoltIsUninstalled: it takes the last events though its token is dead.
func TestBoltIsUninstalled(t *testing.T) {
	t.Parallel()
	s, _ := startBolt(t, "socket")
	sent, err := s.Uninstall(within(t), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range sent {
		if ack, ok := d.Ack(); !ok || !ack.InTime {
			t.Errorf("%s: acknowledged %t: %+v", d.Payload, ok, ack)
		}
	}
}
