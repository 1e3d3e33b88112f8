package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
)

func TestDisputeRoutes(t *testing.T) {
	t.Parallel()
	s, err := parseConfig([]byte(valid + `disputes:
  at: "07:15"
  routes:
    - {reason: Pricing, department: sales, assignee: Dana@Example.com, days: 5}
    - {reason: short shipment, assignee: eli@example.com}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := ar.DisputeRoutes{
		{Reason: ar.ReasonPricing, Department: "sales", Assignee: "dana@example.com", Days: 5},
		{Reason: ar.ReasonShortShipment, Department: ar.DepartmentLogistics, Assignee: "eli@example.com", Days: 5},
	}
	if diff := cmp.Diff(want, s.disputeRoutes); diff != "" || s.disputesAt != (ar.Clock{Hour: 7, Minute: 15}) {
		t.Errorf("at %v, routes (-want +got):\n%s", s.disputesAt, diff)
	}
}

func TestDisputeRoutesThatAreWrong(t *testing.T) {
	t.Parallel()
	for route, want := range map[string]string{
		"{reason: weather}":            `disputes.routes.1.reason: "weather" is not a reason for a dispute.`,
		"{reason: tax}, {reason: Tax}": "disputes.routes.2.reason: there are two routes for tax: take one out",
		"{reason: tax, days: -2}":      `disputes.routes.1.days: disputes of the reason "tax": -2 days are too few, give 1 or more`,
		"{reason: tax, assignee: Kim}": `disputes.routes.1.assignee: "Kim" is not an e-mail address`,
	} {
		_, err := parseConfig([]byte(valid + "disputes: {routes: [" + route + "]}\n"))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", route, err, want)
		}
	}
}
