package main

import (
	"os"
	"runtime/debug"
)

// gcPercent is how much the heap may grow between two collections: the program waits most
// of the day, and has most to do when a large ledger is read for the first time. Half of
// Go's own setting takes a fifth off the most memory that this needs, for a few percent of
// its time (docs/performance.md, "First sync of a QuickBooks company").
const gcPercent = 50

// spareMemory sets it, unless the environment has a setting of its own.
func spareMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}
