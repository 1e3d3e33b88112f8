package main

import (
	"path/filepath"
	"testing"

	"arbot/ar"
	"arbot/internal/sampleco"
)

func TestForecastBacktest(t *testing.T) {
	t.Parallel()
	s := newShell(t, wednesday)
	s.write(t, "arbot.yaml", valid)
	s.mustRun(t, "migrate")
	golden(t, "backtest_empty.txt", s.mustRun(t, "forecast", "--backtest"))

	day := ar.DateOf(s.clock(), s.clock().Location())
	company := sampleco.New(sampleco.Options{Seed: 1, Today: day})
	if err := company.WriteBundle(filepath.Join(s.dir, "export"), day, s.clock()); err != nil {
		t.Fatal(err)
	}
	s.mustRun(t, "import")
	golden(t, "backtest.txt", s.mustRun(t, "forecast", "--backtest", "--mornings", "8"))

	for _, wrong := range [][]string{{"forecast"}, {"forecast", "--backtest", "--weeks", "52"}, {"forecast", "--backtest", "--mornings", "0"}} {
		if got := s.run(t, wrong...); got.code == 0 || got.out != "" || got.err == "" {
			t.Errorf("%v: exit code %d, it prints %q and says %q", wrong, got.code, got.out, got.err)
		}
	}
}
