package quickbooks

import (
	"context"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain lets the test binary run as the process of a soak that is killed.
func TestMain(m *testing.M) {
	if address := os.Getenv(soakControl); address != "" {
		if err := soakChild(context.Background(), control(address)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}
