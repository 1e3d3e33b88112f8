package oauth_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"arbot/sync/oauth"
)

// key returns a key as the environment holds it.
func key(fill byte) oauth.Secret {
	return oauth.Secret(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{fill}, 32)))
}

func sealer(t testing.TB, newest, older oauth.Secret) *oauth.Sealer {
	t.Helper()
	s, err := oauth.NewSealer(rand.Reader, newest, older)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhatIsSealedOpensForItsPurposeOnly(t *testing.T) {
	t.Parallel()
	s := sealer(t, key(1), "")
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.SliceOf(rapid.Byte()).Draw(r, "text")
		purpose := rapid.String().Draw(r, "purpose")
		sealed, err := s.Seal(text, purpose)
		if err != nil {
			r.Fatal(err)
		}
		if len(text) > 3 && bytes.Contains(sealed, text) {
			r.Fatalf("%x shows in %x", text, sealed)
		}
		opened, err := s.Open(sealed, purpose)
		if err != nil || !bytes.Equal(opened, text) {
			r.Fatalf("opened %x, %v; want %x", opened, err, text)
		}
		if _, err := s.Open(sealed, purpose+"x"); !errors.Is(err, oauth.ErrTampered) {
			r.Fatalf("for another purpose: %v", err)
		}
		sealed[rapid.IntRange(0, len(sealed)-1).Draw(r, "place")] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
		if _, err := s.Open(sealed, purpose); !errors.Is(err, oauth.ErrTampered) && !errors.Is(err, oauth.ErrOtherKey) {
			r.Fatalf("with one bit changed: %v", err)
		}
	})
}

func TestSealedTextIsNeverTheSame(t *testing.T) {
	t.Parallel()
	s := sealer(t, key(1), "")
	one, _ := s.Seal([]byte("text"), "p")
	two, _ := s.Seal([]byte("text"), "p")
	if bytes.Equal(one, two) {
		t.Error("the same text was sealed to the same bytes: the nonce repeats")
	}
}

func TestKeysCanBeChanged(t *testing.T) {
	t.Parallel()
	before := sealer(t, key(1), "")
	between := sealer(t, key(2), key(3)+","+key(1)+",")
	after := sealer(t, key(2), "")
	old, err := before.Seal([]byte("text"), "p")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := between.Open(old, "p"); err != nil || string(text) != "text" {
		t.Errorf("with the old key at hand: %q, %v", text, err)
	}
	if _, err := after.Open(old, "p"); !errors.Is(err, oauth.ErrOtherKey) {
		t.Errorf("without the old key: %v", err)
	}
	fresh, changed, err := between.Reseal(old, "p")
	if err != nil || !changed {
		t.Fatalf("reseal: %v, %v", changed, err)
	}
	if text, err := after.Open(fresh, "p"); err != nil || string(text) != "text" {
		t.Errorf("sealed anew: %q, %v", text, err)
	}
	if same, changed, err := between.Reseal(fresh, "p"); err != nil || changed || !bytes.Equal(same, fresh) {
		t.Errorf("reseal of what is new: %v, %v", changed, err)
	}
	if _, _, err := after.Reseal(old, "p"); !errors.Is(err, oauth.ErrOtherKey) {
		t.Errorf("reseal without the old key: %v", err)
	}
}

func TestKeysThatAreNone(t *testing.T) {
	t.Parallel()
	short := oauth.Secret(base64.StdEncoding.EncodeToString([]byte("a short planted key")))
	for name, tt := range map[string]struct {
		newest, older oauth.Secret
		names         string
	}{
		"no base64":       {"planted key!", "", oauth.KeyName},
		"short":           {short, "", oauth.KeyName},
		"an old one":      {key(1), short, oauth.OldKeysName},
		"an old sentence": {key(1), key(2) + ",planted", oauth.OldKeysName},
	} {
		_, err := oauth.NewSealer(rand.Reader, tt.newest, tt.older)
		if err == nil || !strings.Contains(err.Error(), tt.names) || strings.Contains(err.Error(), "planted") {
			t.Errorf("%s: %v", name, err)
		}
	}
	none := sealer(t, "", "")
	if _, err := none.Seal([]byte("text"), "p"); !errors.Is(err, oauth.ErrNoKey) || !strings.Contains(err.Error(), oauth.KeyName) {
		t.Errorf("seal without a key: %v", err)
	}
	if _, err := none.Open([]byte("sealed"), "p"); !errors.Is(err, oauth.ErrNoKey) {
		t.Errorf("open without a key: %v", err)
	}
	s := sealer(t, key(1), "")
	for _, text := range []string{"", "x", "\x01abcd", "\x02abcdefghijklmnopqrstuvwxyz0123456789"} {
		if _, err := s.Open([]byte(text), "p"); err == nil {
			t.Errorf("%q was opened", text)
		}
	}
	dry, _ := oauth.NewSealer(io.LimitReader(rand.Reader, 3), key(1), "")
	if _, err := dry.Seal([]byte("text"), "p"); err == nil {
		t.Error("sealed without randomness")
	}
}
