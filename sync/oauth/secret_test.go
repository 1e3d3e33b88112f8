package oauth_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"arbot/sync/oauth"
)

func TestSecretIsNeverShown(t *testing.T) {
	t.Parallel()
	const planted = "planted-token-4711"
	s := oauth.Secret(planted)
	token := oauth.Token{Access: s, Refresh: s}
	var log bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(h).Info("shown", "secret", s, "token", token, "pointer", &token, "list", []oauth.Secret{s})
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		fmt.Fprintf(&log, verb+verb+verb, s, token, &token)
	}
	fmt.Fprintln(&log, s, fmt.Errorf("wrapped: %v", token))
	text, err := json.Marshal(map[string]any{"secret": s, "token": token})
	if err != nil {
		t.Fatal(err)
	}
	log.Write(text)
	if strings.Contains(log.String(), planted) || strings.Contains(log.String(), fmt.Sprintf("%x", planted)) {
		t.Errorf("a secret shows:\n%s", log.String())
	}
	if string(s) != planted {
		t.Errorf("the secret itself is %q", string(s))
	}
}
