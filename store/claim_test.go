package store_test

import (
	"testing"

	"arbot/store/storetest"
)

// X03: two replicas do not deliver one post at the same time. A claim ends with its
// release, or with the process that has it.
func TestX03ClaimPost(t *testing.T) {
	t.Parallel()
	one := storetest.Postgres(t)
	two := storetest.Open(t, one.DSN)
	release, ok, err := one.ClaimPost(t.Context(), 1)
	if err != nil || !ok {
		t.Fatalf("the first claim: %t, %v", ok, err)
	}
	if _, ok, err := two.ClaimPost(t.Context(), 1); err != nil || ok {
		t.Errorf("a second claim: %t, %v; want none", ok, err)
	}
	other, ok, err := two.ClaimPost(t.Context(), 2)
	if err != nil || !ok {
		t.Fatalf("a claim of another post: %t, %v", ok, err)
	}
	other()
	release()
	again, ok, err := two.ClaimPost(t.Context(), 1)
	if err != nil || !ok {
		t.Fatalf("a claim after the release: %t, %v", ok, err)
	}
	again()
}

func TestClaimPostIsFreeOnSQLite(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	for range 2 {
		if _, ok, err := b.ClaimPost(t.Context(), 1); err != nil || !ok {
			t.Errorf("a claim: %t, %v; one process owns the queue", ok, err)
		}
	}
}
