package store_test

import (
	"testing"

	"arbot/ar"
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

// Two replicas do not read one ledger at the same time, nor do a program that serves from
// a file and an import by hand; posts have numbers of their own.
func TestClaimSource(t *testing.T) {
	t.Parallel()
	eachDSN(t, func(t *testing.T, _, dsn string) { claimsSources(t, storetest.Open(t, dsn), storetest.Open(t, dsn)) })
}

func claimsSources(t *testing.T, one, two *storetest.Books) {
	t.Helper()
	acme := ar.SourceIdentity{Kind: "quickbooks", External: "9130", Name: "Acme"}
	release, ok, err := one.ClaimSource(t.Context(), acme)
	if err != nil || !ok {
		t.Fatalf("the first claim: %t, %v", ok, err)
	}
	acme.Name = "Acme Corporation" // names change
	if _, ok, err := two.ClaimSource(t.Context(), acme); err != nil || ok {
		t.Errorf("a second claim: %t, %v; want none", ok, err)
	}
	for _, other := range []ar.SourceIdentity{{Kind: "quickbooks", External: "9131"}, {Kind: "bundle", External: "9130"}} {
		free, ok, err := two.ClaimSource(t.Context(), other)
		if err != nil || !ok {
			t.Fatalf("a claim of %+v: %t, %v", other, ok, err)
		}
		free()
	}
	release()
	again, ok, err := two.ClaimSource(t.Context(), acme)
	if err != nil || !ok {
		t.Fatalf("a claim after the release: %t, %v", ok, err)
	}
	again()
}

// Who works under a claim still gets a connection, however many claims there are.
func TestClaimsLeaveConnections(t *testing.T) {
	t.Parallel()
	b := storetest.Postgres(t)
	for id := range ar.PostID(30) {
		release, ok, err := b.ClaimPost(t.Context(), id)
		if err != nil || !ok {
			t.Fatalf("claim %d: %t, %v", id, ok, err)
		}
		defer release()
	}
	b.Read(t, func(r ar.Reader) error {
		_, err := r.Sources(t.Context())
		return err
	})
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
