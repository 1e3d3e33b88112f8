package oauth

import (
	"fmt"
	"log/slog"
)

// Secret is a token, a password or a key. However it is printed, logged or
// encoded, it shows nothing; a conversion to string gives what it is, so that
// each place which does that can be found.
type Secret string

// hidden stands where a secret would.
const hidden = "(hidden)"

// String hides it.
func (Secret) String() string { return hidden }

// GoString hides it from %#v.
func (Secret) GoString() string { return hidden }

// Format hides it from all verbs, %x and %q among them.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// LogValue hides it in logs.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides it in JSON and YAML.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }
