package main

import (
	"strings"
	"testing"

	"arbot/internal/fakeslack"
	"arbot/internal/postgrestest"
)

// X03: two replicas on one PostgreSQL that both catch up, and digests that are run by hand
// beside them, post each digest once.
func TestX03TwoReplicasPostOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, wednesday, "")
	dsn := postgrestest.Start(t)
	o.reconfigure(t, func(config string) string { return config + "database: '" + dsn + "'\n" })
	o.mustRun(t, "import")
	one, two := o.serve(t), o.serve(t)
	o.await(t, one, "two connections", func(st *fakeslack.State) bool { return st.Sockets() == 2 })
	o.mustRun(t, "digest", "--now")
	o.await(t, two, "the digests of the day", o.digestsStand)
	for _, s := range []*service{one, two} {
		if got := s.stop(); got.code != 0 || strings.Contains(got.err, `"level":"ERROR"`) {
			t.Errorf("a replica stops with %d and logs\n%s", got.code, got.err)
		}
	}
	o.mustRun(t, "digest", "--now")
	for name, p := range o.places() {
		if len(p.heads) != 1 {
			t.Errorf("%s has %d digests: %q", name, len(p.heads), p.heads)
		}
		seen := map[string]bool{}
		for _, text := range p.replies {
			if seen[text] {
				t.Errorf("%s has a reply twice: %s", name, text)
			}
			seen[text] = true
		}
	}
}
