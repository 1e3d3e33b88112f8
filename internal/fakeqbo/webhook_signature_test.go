package fakeqbo_test

import (
	"os"
	"testing"

	"arbot/internal/fakeqbo"
	"arbot/internal/needs"
)

// TestSignPublishedPayloads signs what Intuit and others have published, byte for
// byte, against signatures that were computed apart.
func TestSignPublishedPayloads(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"qbo-legacy-doc":        "hpvdSCzlhHf3S0ErAM954szHPw1iL/MXoZyib3qJQm8=",
		"qbo-cloudevents-blog":  "zO2yGjGEOzt6ORLBWKNn2pjk+3ckz+6STCywVkO0rZk=",
		"qbo-cloudevents-multi": "V9pNR7feLP/0t0ksHQS18EGgij1n/otwctTfI1/e23A=",
	} {
		body, err := os.ReadFile(needs.SharedData(t, "fixtures/webhooks/"+name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if got := fakeqbo.Sign(body, "test-verifier-token"); got != want {
			t.Errorf("%s: signature %q, want %q", name, got, want)
		}
	}
}
