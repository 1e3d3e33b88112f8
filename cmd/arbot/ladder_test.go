package main

import (
	"path/filepath"
	"testing"

	"arbot/ar"
	"arbot/internal/sampleco"
)

// aLadder is the example of the documentation.
const aLadder = `ladder:
  report_channel: C0AR
  segments:
    - segment: everybody
      rungs:
        - {days: 10, at_least: 1000, to: owner}
        - {days: 30, at_least: 5000, channel: C0SALES}
        - {days: 60, at_least: 10000, channel: C0AR, hold: true}
`

func TestLadderBacktest(t *testing.T) {
	t.Parallel()
	s := newShell(t, wednesday)
	s.write(t, "arbot.yaml", valid+aLadder)
	day := ar.DateOf(s.clock(), s.clock().Location())
	company := sampleco.New(sampleco.Options{Seed: 1, Today: day})
	if err := company.WriteBundle(filepath.Join(s.dir, "export"), day, s.clock()); err != nil {
		t.Fatal(err)
	}
	s.mustRun(t, "import")
	golden(t, "ladder.txt", s.mustRun(t, "ladder", "--backtest", "30d"))
	golden(t, "ladder_none.txt", s.mustRun(t, "ladder", "--backtest", "1"))
	for _, wrong := range [][]string{{"ladder"}, {"ladder", "--backtest", "soon"}, {"ladder", "--backtest", "0"}} {
		if got := s.run(t, wrong...); got.code != 2 || got.out != "" || got.err == "" {
			t.Errorf("%v: exit code %d, it prints %q and says %q", wrong, got.code, got.out, got.err)
		}
	}
	s.write(t, "arbot.yaml", valid)
	if got := s.run(t, "ladder", "--backtest", "30d"); got.code != 1 {
		t.Errorf("without a ladder: exit code %d, it says %q", got.code, got.err)
	}
}
