package fakeslack

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// page cuts a list by the call's limit and cursor.
func page[T any](list []T, c *call, fallback, most int) (part []T, next string, err error) {
	start := 0
	if cursor := c.args["cursor"]; cursor != "" {
		if start, err = readCursor(cursor); err != nil || start > len(list) {
			return nil, "", refuse("invalid_cursor")
		}
	}
	limit := c.args.number("limit", fallback)
	if limit > most {
		return nil, "", refuse("invalid_limit")
	}
	end := min(len(list), start+limit)
	if end < len(list) {
		next = base64.StdEncoding.EncodeToString([]byte("offset:" + strconv.Itoa(end)))
	}
	return list[start:end], next, nil
}

func readCursor(cursor string) (int, error) {
	raw, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimPrefix(string(raw), "offset:"))
}

func nextCursor(next string) object { return object{"next_cursor": next} }

// wireTime words an instant as Slack's ts.
func wireTime(t time.Time) string {
	return strconv.FormatInt(t.Unix(), 10) + ".000000"
}
