package fakeslack

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// maxBody is the largest request taken, in bytes.
const maxBody = 8 << 20

// args are the arguments of a call. Slack takes them as a form, as a JSON body
// or in the query; nested values of a JSON body are kept as their JSON text,
// which is how a form carries them.
type args map[string]string

func (a args) flag(name string) bool { return a[name] == "true" || a[name] == "1" }

// number reads a positive count; anything else gives the default.
func (a args) number(name string, fallback int) int {
	n, err := strconv.Atoi(a[name])
	if err != nil || n <= 0 {
		return fallback
	}
	return n
}

func (a args) list(name string) []string {
	return strings.FieldsFunc(a[name], func(r rune) bool { return r == ',' || r == ' ' })
}

// raw gives an argument that holds JSON; null and "" are the same as absent.
func (a args) raw(name string) json.RawMessage {
	if v := strings.TrimSpace(a[name]); v != "" && v != "null" {
		return json.RawMessage(v)
	}
	return nil
}

// readArgs reads the arguments and the token. In a JSON body Slack does not
// look for the token: there it must be in the Authorization header (docs).
func readArgs(r *http.Request) (args, string, error) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		kind = "application/x-www-form-urlencoded"
	}
	out := args{}
	out.merge(r.URL.Query())
	switch kind {
	case "application/json":
		if err := out.readJSON(r.Body); err != nil {
			return nil, "", refuse("json_not_object", err.Error())
		}
	case "multipart/form-data":
		if err := r.ParseMultipartForm(maxBody); err != nil { //nolint:gosec // G120: Server.routes has put a MaxBytesReader around the body
			return nil, "", refuse("invalid_form_data", err.Error())
		}
		out.merge(r.PostForm)
	default:
		if err := r.ParseForm(); err != nil {
			return nil, "", refuse("invalid_form_data", err.Error())
		}
		out.merge(r.PostForm)
	}
	if kind != "application/json" && token == "" {
		token = out["token"]
	}
	delete(out, "token")
	return out, token, nil
}

func (a args) merge(values url.Values) {
	for name, v := range values {
		a[name] = v[0]
	}
}

func (a args) readJSON(body io.Reader) error {
	data, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("read the body: %w", err)
	}
	if len(data) == 0 || string(data) == "null" {
		return nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return fmt.Errorf("the body is not a JSON object: %w", err)
	}
	for name, v := range fields {
		var s string
		if json.Unmarshal(v, &s) == nil {
			a[name] = s
			continue
		}
		a[name] = string(v)
	}
	return nil
}
