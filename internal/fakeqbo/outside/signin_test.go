package outside_test

import (
	"net/http"
	"regexp"
	"testing"

	"arbot/internal/fakeqbo"
)

// TestIntuitOAuth runs signin.test.mjs, and then looks at what the server has seen.
func TestIntuitOAuth(t *testing.T) {
	t.Parallel()
	s, c := start(t)
	fill(t, c)
	s.Inject(fakeqbo.Fault{
		On: regexp.MustCompile("tokens/bearer authorization_code"), Reply: fakeqbo.Gateway(http.StatusServiceUnavailable, fakeqbo.ShapeEmpty),
	})
	s.Inject(fakeqbo.Fault{On: regexp.MustCompile("GET /invoice/1001"), Reply: fakeqbo.Throttled(fakeqbo.ThrottleXML)})
	s.Inject(fakeqbo.Fault{On: regexp.MustCompile("GET /invoice/1002"), Reply: fakeqbo.Throttled(fakeqbo.ThrottleXML403)})
	s.Inject(fakeqbo.Fault{On: regexp.MustCompile("GET /invoice/1003"), Reply: fakeqbo.SystemFault})
	s.Inject(fakeqbo.Fault{On: regexp.MustCompile("GET /invoice/1004"), Reply: fakeqbo.SubscriptionEnded})
	s.Inject(fakeqbo.Fault{On: regexp.MustCompile("GET /invoice/1005"), Hang: true})
	t.Logf("%s", run(t, s, "signin.test.mjs", "--test"))

	var dead []string
	for _, use := range s.Refreshes() {
		if use.Dead != "" {
			dead = append(dead, use.Dead)
		} else if !use.Rotated {
			t.Errorf("%+v: the value stayed", use)
		}
	}
	if len(dead) != 2 || dead[0] != "replaced" || dead[1] != "revoked" {
		t.Errorf("dead refreshes %q", dead)
	}
	if tries := s.Calls(regexp.MustCompile("tokens/bearer authorization_code")); len(tries) < 2 || !tries[0].Hit || tries[1].Status != http.StatusOK {
		t.Errorf("the exchange that met a 503 was not repeated: %+v", tries)
	}
}
