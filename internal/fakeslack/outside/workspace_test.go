package outside_test

import (
	"sync"
	"testing"
	"time"

	"arbot/internal/fakeslack"
)

const (
	bot       = "U0ARBOT"
	ana       = "U0ANA"
	ben       = "U0BEN"
	arChannel = "C0AR"
)

// clock is the workspace's time. It begins at the real time, since Bolt refuses
// requests that were signed long ago, and stands until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func workspace() fakeslack.Workspace {
	return fakeslack.Workspace{
		Users: []fakeslack.User{
			{ID: ana, Name: "ana", RealName: "Ana Alvarez", Email: "ana@acme.example", TZ: "America/New_York"},
			{ID: ben, Name: "ben", RealName: "Ben Brown", Email: "ben@acme.example", Deleted: true},
			{ID: "U0GUEST", Name: "guest", IsUltraRestricted: true},
		},
		Channels: []fakeslack.Channel{
			{ID: arChannel, Name: "ar", Members: []string{ana, bot}},
			{ID: "C0SALES", Name: "sales", Members: []string{ana, bot}},
			{ID: "C0RANDOM", Name: "random", Members: []string{ana}},
			{ID: "C0OLD", Name: "old", Archived: true, Members: []string{bot}},
			{ID: "C0SHARED", Name: "shared", ExtShared: true, SharedTeamIDs: []string{"T0OTHER"}, Members: []string{bot}},
			{ID: "G0BOARD", Name: "board", Private: true, Members: []string{ana}},
		},
		UserGroups: []fakeslack.UserGroup{
			{ID: "S0AR", Handle: "ar-team", Name: "AR", Members: []string{ana}},
			{ID: "S0OFF", Handle: "off", Disabled: true},
		},
	}
}

func start(t *testing.T, change ...func(*fakeslack.Options)) (*fakeslack.Server, *clock) {
	t.Helper()
	clk := &clock{now: time.Now()}
	opt := fakeslack.Options{Now: clk.Now, Workspace: workspace(), PostBurst: -1}
	for _, fn := range change {
		fn(&opt)
	}
	s, err := fakeslack.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, clk
}
