package main

import "testing"

// Processes that find no database, and make it at the same time, do not get in each
// other's way.
func TestProcessesMakeOneDatabase(t *testing.T) {
	t.Parallel()
	for range 3 {
		o := newOffice(t, wednesday, "")
		var all []*child
		for range 4 {
			all = append(all, o.start(t, "migrate"))
		}
		for _, c := range all {
			c.finish(t)
		}
		o.mustRun(t, "import")
	}
}
