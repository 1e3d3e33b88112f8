package sampleco_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"arbot/ar"
	"arbot/internal/sampleco"
	arsync "arbot/sync"
	"arbot/sync/file"
)

// TestBundleIsReadBack writes bundles of a company as days go by and has them
// checked and read by the source of the product: every record comes back as it
// was, without a warning, and the totals are the control account.
func TestBundleIsReadBack(t *testing.T) {
	t.Parallel()
	c, dir := sampleco.New(sampleco.Options{Seed: 5}), t.TempDir()
	for range 3 {
		exported := c.Today().In(time.UTC).Add(18 * time.Hour)
		if err := c.WriteBundle(dir, c.Today(), exported); err != nil {
			t.Fatal(err)
		}
		bundle := file.NewBundle(dir)
		identity, err := bundle.Identity(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := ar.SourceIdentity{Kind: file.BundleKind, External: "harbor-and-pine", Name: c.Name(), Home: c.Home()}
		if diff := cmp.Diff(want, identity); diff != "" {
			t.Errorf("identity (-want +got):\n%s", diff)
		}
		reading, err := bundle.Full(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		checkReading(t, c, reading)
		if !reading.DataAsOf.Equal(exported) {
			t.Errorf("data as of %s, want %s", reading.DataAsOf, exported)
		}
		c.Advance(2)
	}
}

func checkReading(t *testing.T, c *sampleco.Company, reading *arsync.Reading) {
	t.Helper()
	if len(reading.Warnings) > 0 {
		t.Errorf("on %s the bundle is warned about: %q", c.Today(), reading.Warnings)
	}
	var got ar.Page
	for page, err := range reading.Pages {
		if err != nil {
			t.Fatal(err)
		}
		got.Customers = append(got.Customers, page.Customers...)
		got.Documents = append(got.Documents, page.Documents...)
		got.Applications = append(got.Applications, page.Applications...)
	}
	applications := slices.DeleteFunc(c.Applications(), func(a ar.ApplicationRecord) bool { return a.Deleted })
	byExternal := cmpopts.SortSlices(func(a, b ar.CustomerRecord) bool { return a.External < b.External })
	for _, diff := range []string{
		cmp.Diff(c.Customers(), got.Customers, byExternal, cmpopts.EquateEmpty()),
		cmp.Diff(c.Documents(), got.Documents, money, dates),
		cmp.Diff(applications, got.Applications, money, dates),
	} {
		if diff != "" {
			t.Errorf("on %s (-company +bundle):\n%s", c.Today(), diff)
		}
	}
	totals, err := reading.Totals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var net []ar.Money
	for _, total := range totals {
		if total.AsOf != c.Today() {
			t.Errorf("a total is as of %s, want %s", total.AsOf, c.Today())
		}
		net = append(net, total.Net)
	}
	if diff := cmp.Diff(c.Receivables(c.Today()), net, money); diff != "" {
		t.Errorf("totals (-control account +bundle):\n%s", diff)
	}
}
