package oauth_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/sync/oauth"
)

func TestALedgerStaysWithItsCompany(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.keeper(t)
	w.connect(t, k)
	token := oauth.Token{Access: "a", Refresh: "r", Issued: w.clock.Now(), Expires: w.clock.Now().Add(time.Hour)}
	for name, tt := range map[string]struct{ ledger, company, says string }{
		"another company":     {"main", "9131", "The ledger main is connected to another company (9130)."},
		"the company's other": {"second", "9130", "This company is connected already, as the ledger main."},
	} {
		_, err := k.Connect(t.Context(), tt.ledger, "quickbooks", tt.company, token)
		if ar.KindOf(err) != ar.Invalid || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := k.Connect(t.Context(), "second", "quickbooks", "9131", token); err != nil {
		t.Errorf("a second ledger: %v", err)
	}
	if _, err := k.Connect(t.Context(), "third", "quickbooks", "9132", oauth.Token{Access: "a"}); err == nil {
		t.Error("tokens without a refresh token were taken")
	}
}

func TestDisconnecting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.keeper(t)
	w.connect(t, k)
	if revoked, err := k.Disconnect(t.Context(), "main"); err != nil || !revoked {
		t.Errorf("revoked %v, %v", revoked, err)
	}
	if diff := cmp.Diff([]string{refreshToken(1)}, w.revoked); diff != "" {
		t.Errorf("revoked (-want +got):\n%s", diff)
	}
	if _, err := k.Holder("main").Access(t.Context()); !errors.Is(err, ar.ErrNoConnection) {
		t.Errorf("after it: %v", err)
	}
	if _, err := k.Disconnect(t.Context(), "main"); !errors.Is(err, ar.ErrNoConnection) {
		t.Errorf("twice: %v", err)
	}
}

func TestDisconnectingForgetsTokensInAnyCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.keeper(t)
	w.connect(t, k)
	w.server.Close()
	if revoked, err := k.Disconnect(t.Context(), "main"); err != nil || revoked {
		t.Errorf("revoked %v, %v", revoked, err)
	}
	if _, err := k.Holder("main").Access(t.Context()); !errors.Is(err, ar.ErrNoConnection) {
		t.Errorf("after it: %v", err)
	}
}

func TestTokensAreSealedAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.connect(t, w.keeper(t))
	changed := w.keeper(t, func(c *oauth.KeeperConfig) { c.Sealer = sealer(t, key(2), key(1)) })
	for want := 1; want >= 0; want-- {
		if n, err := changed.Reseal(t.Context(), "quickbooks"); err != nil || n != want {
			t.Errorf("sealed anew: %d, %v; want %d", n, err, want)
		}
	}
	access(t, w.keeper(t, func(c *oauth.KeeperConfig) { c.Sealer = sealer(t, key(2), "") }), 1)
	_, err := w.keeper(t).Holder("main").Access(t.Context())
	if !errors.Is(err, oauth.ErrOtherKey) {
		t.Errorf("with the old key: %v", err)
	}
}

func TestHardExpiryIsReadAndTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hard = int64((40 * 24 * time.Hour).Seconds())
	k := w.keeper(t)
	w.connect(t, k)
	w.clock.Add(time.Hour)
	access(t, k, 2)
	if got := w.header.Get("X-Hard"); got != "true" {
		t.Errorf("the header that asks for it is %q", got)
	}
	c := w.connection(t)
	if want := w.clock.Now().Add(40 * 24 * time.Hour); !c.HardExpires.Equal(want) {
		t.Errorf("hard expiry %s, want %s", c.HardExpires, want)
	}
	for _, tt := range []struct {
		days int
		tell bool
		left time.Duration
	}{{0, false, 40 * 24 * time.Hour}, {9, false, 31 * 24 * time.Hour}, {10, true, 30 * 24 * time.Hour}, {41, true, 0}} {
		left, tell := oauth.HardExpiry(c, w.clock.Now().AddDate(0, 0, tt.days))
		if left != tt.left || tell != tt.tell {
			t.Errorf("after %d days: %s left, tell %v", tt.days, left, tell)
		}
	}
	if _, tell := oauth.HardExpiry(ar.Connection{}, w.clock.Now()); tell {
		t.Error("told without a date")
	}
}

func TestAStateIsGoodOnceAndForTenMinutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k, replica := w.keeper(t), w.keeper(t)
	grant := oauth.Grant{Ledger: "main", Admin: "U1", Redirect: "https://arbot.example/callback"}
	state := func() string {
		s, err := k.NewState(grant)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first, second, third := state(), state(), state()
	if first == second {
		t.Error("two states are the same")
	}
	want := grant
	want.Expires = w.clock.Now().Add(10 * time.Minute)
	got, err := replica.TakeState(t.Context(), first)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	changed := []byte(second)
	changed[20]++
	stranger := w.keeper(t, func(c *oauth.KeeperConfig) { c.Sealer = sealer(t, key(7), "") })
	foreign, _ := stranger.NewState(grant)
	w.clock.Add(10*time.Minute + time.Second)
	for name, tt := range map[string]struct {
		state string
		want  error
	}{
		"none": {"", oauth.ErrNotOurs}, "a word": {"word", oauth.ErrNotOurs}, "changed": {string(changed), oauth.ErrNotOurs},
		"another's": {foreign, oauth.ErrNotOurs}, "old": {third, oauth.ErrTooOld},
	} {
		if _, err := k.TakeState(t.Context(), tt.state); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	fresh := state()
	for i, want := range []error{nil, oauth.ErrUsed} {
		if _, err := k.TakeState(t.Context(), fresh); !errors.Is(err, want) {
			t.Errorf("use %d: %v, want %v", i+1, err, want)
		}
	}
}

func TestExchangingACode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.endpoint()
	token, err := e.Exchange(t.Context(), "code-"+planted, "https://arbot.example/callback")
	if err != nil || string(token.Refresh) != refreshToken(2) || !token.RefreshExpires.Equal(w.clock.Now().Add(101*24*time.Hour)) {
		t.Errorf("%q until %s, %v", string(token.Refresh), token.RefreshExpires, err)
	}
	_, err = e.Exchange(t.Context(), "bad-"+planted, "https://arbot.example/callback")
	f, ok := errors.AsType[*oauth.EndpointError](err)
	if !ok || !f.Dead() || f.Status != http.StatusBadRequest || f.TID != "1-tid" {
		t.Fatalf("a bad code: %v", err)
	}
	noSecret(t, err)
}
